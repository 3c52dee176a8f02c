"""How each kind of action is undone, and until when: the opposite action where there still is one, else the reasons why not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

WITHDRAW, CALL_BACK = "withdraw", "export_cancelled"


@dataclass(frozen=True)
class Compensation:
    """The action that undoes another; it is proposed, judged and approved like any other.

    Args:
        kind: a kind of action; `withdraw` where nothing left the house, `export_cancelled` where it lies in the outbox.
        until: what ends the time in which this is possible, in words.
        closes_at: when that is expected; None where it is not known.
    """

    kind: str
    action: Mapping[str, Any]
    because: str
    until: str
    closes_at: datetime | None = None


@dataclass(frozen=True)
class Irreversible:
    """That an action cannot be undone any more, or never could; each reason is a sentence."""

    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    """What is known about an action's fate. What is not known counts against undoing it."""

    action: Mapping[str, Any]
    facts: Mapping[str, Any]
    now: datetime

    def happened(self, name: str, what: str) -> list[str]:
        """Why an event (a field that holds its instant, None as long as it has not happened) stands in the way."""
        if name not in self.facts:
            return [f"It is not known whether {what}."]
        at = self.facts[name]
        return [f"It is too late: {what} on {at:%Y-%m-%d %H:%M} UTC."] if at is not None and at <= self.now else []

    def needs(self, *names: str) -> list[str]:
        """What has to be known to write the opposite action, and is not."""
        missing = [name for name in names if self.facts.get(name) in (None, "")]
        return [f"It is not known what {' and '.join(missing).replace('_', ' ')} was."] if missing else []

    def still(self, pairs: Mapping[str, str]) -> list[str]:
        """Where what the action set (field of the action → field of the facts) has been changed again since."""
        found = []
        for field, seen in pairs.items():
            if seen not in self.facts:
                found.append(f"It is not known whether {field.replace('_', ' ')} is still as it was set.")
            elif _differ(self.facts[seen], self.action.get(field)):
                found.append(
                    f"{field.replace('_', ' ').capitalize()} was changed again since; undoing would undo that as well."
                )
        return found

    def of_action(self, *names: str) -> dict[str, Any]:
        """Fields of the action."""
        return {name: self.action.get(name) for name in names}

    def of_facts(self, *names: str) -> dict[str, Any]:
        """Fields of the facts, under the names that they have there without `former_` or `current_`."""
        return {name.removeprefix("former_").removeprefix("current_"): self.facts.get(name) for name in names}


Way = tuple[list[str], str, dict[str, Any], str, str]


def compensation(
    kind: str, action: Mapping[str, Any], now: datetime, facts: Mapping[str, Any]
) -> Compensation | Irreversible:
    """What undoes an approved action at this moment, given what became of it; it decides nothing and records nothing.

    `facts` may hold: `is_sent` (False while its export lies in the outbox) with `batch_id`; instants or None for
    `confirmed_at`, `shipped_at`, `picked_at`, `invoiced_at`, `answered_at`, `fixed_at`, `cancelled_at`; `received_qty`;
    what was before (`former_…`) and is now (`current_…`); and the ids that the other system gave (`po_id`, `line_key`).
    A fact that is missing counts as a reason not to.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> found = compensation(
    ...     "transfer",
    ...     {"sku_id": "A1", "from_site_id": "N", "to_site_id": "S", "qty": Decimal(5)},
    ...     noon,
    ...     {"shipped_at": None},
    ... )
    >>> found.action["from_site_id"], found.action["to_site_id"]
    ('S', 'N')
    >>> compensation("expedite", {"po_id": "4711"}, noon, {}).reasons
    ('The surcharge is spent and the supplier has begun to hurry.',)

    Errors: KeyError for a kind that there is not.
    """
    way = WAYS[kind]
    if kind in EXPORTED and facts.get("is_sent") is False and facts.get("batch_id"):
        why = "It lies in the outbox and nobody has it yet."
        return Compensation(CALL_BACK, {"batch_id": facts["batch_id"]}, why, "the file is fetched or sent")
    if kind in NEVER:
        return Irreversible((NEVER[kind],))
    reasons, opposite, fields, because, until = way(_Seen(action, facts, now))
    if reasons:
        return Irreversible(tuple(reasons))
    return Compensation(opposite, fields, because, until, facts.get("closes_at"))


def _purchase(seen: _Seen) -> Way:
    reasons = seen.happened("confirmed_at", "the supplier confirmed it")
    reasons += seen.happened("shipped_at", "the supplier shipped it") if "shipped_at" in seen.facts else []
    received = seen.facts.get("received_qty")
    if received is not None and Decimal(str(received)) > 0:
        reasons.append(f"{Decimal(str(received)).normalize():f} units of it were received.")
    reasons += seen.needs("po_id", "line_key")
    fields = {**seen.of_facts("po_id", "line_key"), "qty": seen.action.get("qty")}
    return (
        reasons,
        "cancel_purchase",
        fields,
        "The line is cancelled before the supplier has confirmed it.",
        "the supplier confirms",
    )


def _cancel_purchase(seen: _Seen) -> Way:
    reasons = seen.happened("confirmed_at", "the supplier confirmed the cancellation")
    reasons += seen.needs("sku_id", "site_id", "supplier_id", "current_unit_cost")
    fields = {**seen.of_facts("sku_id", "site_id", "supplier_id", "current_unit_cost"), "qty": seen.action.get("qty")}
    return (
        reasons,
        "purchase",
        fields,
        "The quantity is ordered anew, at today's price.",
        "the supplier confirms the cancellation",
    )


def _transfer(seen: _Seen) -> Way:
    reasons = seen.happened("shipped_at", "it was shipped")
    fields = {
        "sku_id": seen.action.get("sku_id"),
        "from_site_id": seen.action.get("to_site_id"),
        "to_site_id": seen.action.get("from_site_id"),
        "qty": seen.action.get("qty"),
    }
    return (
        reasons,
        "transfer",
        fields,
        "The same quantity goes the other way, before anything is loaded.",
        "it is shipped",
    )


def _substitute(seen: _Seen) -> Way:
    reasons = seen.happened("picked_at", "the line was picked") + seen.needs("former_sku_id")
    fields = {**seen.of_action("order_id", "line_key"), **seen.of_facts("former_sku_id")}
    return reasons, "substitute", fields, "The line gets its first SKU again.", "the line is picked"


def _allocate(seen: _Seen) -> Way:
    reasons = seen.happened("picked_at", "what was allocated was picked") + seen.needs("former_rule", "former_lines")
    fields = {**seen.of_action("sku_id", "site_id"), **seen.of_facts("former_rule", "former_lines")}
    return reasons, "allocate", fields, "The stock is divided as it was before.", "the goods are picked"


def _release(seen: _Seen) -> Way:
    reasons = seen.happened("picked_at", "the order was picked")
    return reasons, "hold_order", seen.of_action("order_id"), "The order is held again.", "the order is picked"


def _hold(seen: _Seen) -> Way:
    reasons = seen.happened("cancelled_at", "the customer cancelled the order")
    return (
        reasons,
        "release_order",
        seen.of_action("order_id"),
        "The order is released.",
        "the customer cancels the order",
    )


def _price(seen: _Seen) -> Way:
    reasons = seen.happened("invoiced_at", "the line was invoiced") + seen.needs("former_unit_price")
    reasons += seen.still({"unit_price": "current_unit_price"})
    fields = {**seen.of_action("order_id", "line_key"), **seen.of_facts("former_unit_price")}
    return reasons, "correct_price", fields, "The former price is set again.", "the line is invoiced"


def _parameter(seen: _Seen) -> Way:
    names = ("reorder_point_qty", "order_up_to_qty")
    reasons = seen.needs(*(f"former_{name}" for name in names)) + seen.still(
        {name: f"current_{name}" for name in names}
    )
    fields = {**seen.of_action("sku_id", "site_id"), **seen.of_facts(*(f"former_{name}" for name in names))}
    return reasons, "stock_parameter", fields, "The former parameters are set again.", "they are changed again"


def _policy(seen: _Seen) -> Way:
    reasons = seen.needs("former_yaml") + seen.still({"yaml": "current_yaml"})
    fields = {**seen.of_action("policy"), **seen.of_facts("former_yaml")}
    return reasons, "policy_change", fields, "The former version is put in force again.", "the policy is changed again"


def _request(name: str, what: str) -> Callable[[_Seen], Way]:
    def way(seen: _Seen) -> Way:
        return seen.happened(name, what), WITHDRAW, {}, "The request is withdrawn.", "somebody has acted on it"

    return way


def _never(_: _Seen) -> Way:
    return [], "", {}, "", ""


def _differ(one: Any, other: Any) -> bool:
    if isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal):
        return Decimal(str(one)) != Decimal(str(other))
    return one != other


_MESSAGE = "What was said cannot be unsaid; a second message corrects the first."
NEVER: Mapping[str, str] = {
    "expedite": "The surcharge is spent and the supplier has begun to hurry.",
    **dict.fromkeys(("supplier_message", "carrier_message", "customer_message"), _MESSAGE),
}
WAYS: Mapping[str, Callable[[_Seen], Way]] = {
    "purchase": _purchase,
    "re_source": _purchase,
    "cancel_purchase": _cancel_purchase,
    "transfer": _transfer,
    "substitute": _substitute,
    "allocate": _allocate,
    "release_order": _release,
    "hold_order": _hold,
    "correct_price": _price,
    "stock_parameter": _parameter,
    "policy_change": _policy,
    "credit_review": _request("answered_at", "the review was answered"),
    "fix_data": _request("fixed_at", "the data were corrected"),
    **dict.fromkeys(NEVER, _never),
}
# Kinds that leave the house as a file, and so can be called back while they wait for it.
EXPORTED = frozenset(WAYS) - {"policy_change", "credit_review", "fix_data"}
