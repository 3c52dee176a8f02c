"""What somebody wants done: the action, what it is worth against doing nothing, what it rests on, and a hash over all of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from errors import Refusal

HASH_DIGITS = 16
CENT = Decimal("0.01")
# What tables and pages can hold: a larger number would stop every page that shows proposals.
MOST = Decimal(10) ** 14
MOST_DAYS = 3650
NOTHING: Mapping[str, Any] = MappingProxyType({})
QUANTITIES = ("_qty", "qty", "_amount", "_cost", "_price")


@dataclass(frozen=True)
class Evidence:
    """A copy of one row that a proposal rests on, so that the build which it was read from may be deleted.

    Args:
        table: where it was read.
        key: column → value, what tells the row from others.
        row: column → value, as it was seen.
        holds_on: columns that must still be the same when the proposal is approved.
    """

    table: str
    key: Mapping[str, str]
    row: Mapping[str, Any]
    holds_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of how a quantity came about; the quantities of all steps add up to it exactly."""

    name: str
    qty: Decimal
    text: str = ""


@dataclass(frozen=True)
class Option:
    """Another thing that could be done instead, nothing at all among them."""

    text: str
    gain_amount: Decimal | None
    is_do_nothing: bool = False


@dataclass(frozen=True)
class Proposal:
    """One action that somebody wants done, immutable: a change makes another version with another hash.

    Args:
        kind: the kind of action, which is the name of the policy that judges it.
        subject: what it is about (`sku_id`, `site_id`, `po_id` …); the same subject on the same day is the same proposal.
        action: what is to be done, with quantities and money as decimals.
        as_of: the day of the build that it was made on.
        build_id: that build.
        moved_amount: money that the action moves or commits.
        gain_amount, gain_low_amount, gain_high_amount: expected benefit against doing nothing, with P10 and P90; None where unknown.
        do_nothing_amount: what is lost in expectation if nobody does anything.
        confidence_share: 0–1.
        data_grade: A–D of the worst table that it rests on.
        horizon_days: days after which what came of it can be judged.
        suggested: the action as the product had suggested it, where a person changed it before proposing.
        segment: the part of the business whose autonomy is earned together, such as an ABC class.

    >>> wish = Proposal("purchase", {"sku_id": "A1", "site_id": "X"}, {"qty": Decimal(240)}, date(2026, 11, 14), "b1")
    >>> wish.content_hash == replace(wish, action={"qty": Decimal(180)}).content_hash
    False
    """

    kind: str
    subject: Mapping[str, str]
    action: Mapping[str, Any]
    as_of: date
    build_id: str
    title: str = ""
    case_id: str = ""
    moved_amount: Decimal = Decimal(0)
    gain_amount: Decimal | None = None
    gain_low_amount: Decimal | None = None
    gain_high_amount: Decimal | None = None
    do_nothing_amount: Decimal | None = None
    confidence_share: float | None = None
    data_grade: str = ""
    tier_code: str = ""
    segment: str = ""
    because: str = ""
    does_not_know: str = ""
    drivers: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Option, ...] = ()
    suggested: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    model_code: str = ""
    horizon_days: int = 28
    act_by_date: date | None = None

    @property
    def content_hash(self) -> str:
        """What an approval is bound to: a hash over every field."""
        return _hash(payload(self))

    def proposal_id(self, attempt: int = 1) -> str:
        """The identity of this wish: kind, subject and day; a wish that was closed is tried again as the next attempt."""
        said = [self.kind, dict(sorted(self.subject.items())), self.as_of.isoformat(), attempt]
        return f"{self.kind}-{_hash(said)[:HASH_DIGITS]}"

    @property
    def qty(self) -> Decimal | None:
        """The quantity that is moved, where the action has one."""
        found = self.action.get("qty")
        return None if found is None else Decimal(str(found))

    @property
    def committed_amount(self) -> Decimal:
        """The money that limits count: what it says that it moves, but no less than its quantity times its unit cost.

        Whoever changes the cost to less is counted at the one that was suggested: a limit is not passed by another price.

        >>> order = {"qty": Decimal(240), "unit_cost": Decimal("2.50")}
        >>> Proposal("purchase", {"sku_id": "A1"}, order, date(2026, 11, 14), "b1").committed_amount
        Decimal('600.00')
        """
        costs = [held["unit_cost"] for held in (self.action, self.suggested) if held.get("unit_cost") is not None]
        counted = [abs((self.qty or Decimal(0)) * Decimal(str(cost))) for cost in costs]
        found = [abs(self.moved_amount), *counted]
        # A number that is none goes through, and no limit lets it pass.
        return next((amount for amount in found if not amount.is_finite()), None) or max(found)

    @property
    def changed_share(self) -> float:
        """By how much the quantity lies off the suggested one, as a share of it; 0 where nothing was changed."""
        before = self.suggested.get("qty")
        if before is None or self.qty is None or Decimal(str(before)) == self.qty:
            return 0.0
        return float(abs(self.qty - Decimal(str(before))) / abs(Decimal(str(before)))) if Decimal(str(before)) else 1.0

    def held_together(self) -> "Proposal":
        """The proposal itself, if its parts agree and the ledger can give it back; else a Refusal that names what does not."""
        if why := _unsound(self):
            raise Refusal("The proposal was not recorded.", why, "Open it again from its page and propose it anew.")
        if self.steps and self.qty is not None and sum(step.qty for step in self.steps) != self.qty:
            total = sum(step.qty for step in self.steps)
            raise Refusal(
                "The proposal was not recorded.",
                f"Its derivation adds up to {total} and its quantity is {self.qty}.",
                "Propose the quantity that the derivation gives, or change it as an override with a reason.",
            )
        if not self.subject or any(not str(value) for value in self.subject.values()):
            raise Refusal(
                "The proposal was not recorded.",
                "It does not say what it is about.",
                "Name the SKU, order or supplier.",
            )
        return self


def _unsound(proposal: Proposal) -> str:
    """Why a proposal cannot be kept: what cannot be read back would make the whole ledger unreadable; empty where it can."""
    try:
        again = proposal_of(payload(proposal))
    except (ArithmeticError, ValueError, TypeError, KeyError) as error:
        return f"One of its fields is no number or day ({type(error).__name__})."
    if again.content_hash != proposal.content_hash:
        return "Read back it would say something else."
    numbers = [value for value in (*again.action.values(), *vars(again).values()) if isinstance(value, Decimal)]
    is_held = all(number.is_finite() and abs(number) < MOST for number in numbers)
    if not is_held or (again.qty is not None and again.qty <= 0):
        return "Its quantity or money is no number, or none that can be."
    days: Any = again.horizon_days
    if not isinstance(days, int) or not 0 < days <= MOST_DAYS:
        return f"Its outcome is to be judged after {again.horizon_days} days."
    # The subject is its identity, the action is what is done: one wish must not go out as another.
    other = [
        name for name, value in again.subject.items() if again.action.get(name) and str(again.action[name]) != value
    ]
    return f"It is about another {other[0].replace('_', ' ')} than what it would do." if other else ""


def payload(proposal: Proposal) -> dict[str, Any]:
    """The proposal as JSON knows it: decimals and dates as text."""
    return json.loads(json.dumps(_plain(proposal)))


def _plain(value: Any) -> Any:
    match value:
        case Proposal():
            # Evidence and steps are dataclasses inside: asdict cannot copy a mapping proxy.
            return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        case Evidence() | Step() | Option():
            return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        case Mapping():
            return {str(key): _plain(part) for key, part in sorted(value.items())}
        case list() | tuple():
            return [_plain(part) for part in value]
        case Decimal():
            return f"{value.normalize():f}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


def proposal_of(said: Mapping[str, Any]) -> Proposal:
    """The proposal that a payload of the ledger holds.

    >>> wish = Proposal("purchase", {"sku_id": "A1"}, {"qty": Decimal(240)}, date(2026, 11, 14), "b1")
    >>> proposal_of(payload(wish)).content_hash == wish.content_hash
    True
    """
    money = ("moved_amount", "gain_amount", "gain_low_amount", "gain_high_amount", "do_nothing_amount")
    known = {item.name for item in fields(Proposal)}
    found: dict[str, Any] = {name: value for name, value in said.items() if name in known}
    found |= {name: Decimal(found[name]) for name in money if found.get(name) is not None}
    found |= {name: date.fromisoformat(found[name]) for name in ("as_of", "act_by_date") if found.get(name)}
    found["action"], found["suggested"] = _decimals(found["action"]), _decimals(found.get("suggested", {}))
    found["drivers"] = tuple(found.get("drivers", ()))
    found["steps"] = tuple(Step(one["name"], Decimal(one["qty"]), one["text"]) for one in found.get("steps", ()))
    found["evidence"] = tuple(
        Evidence(one["table"], one["key"], one["row"], tuple(one["holds_on"])) for one in found.get("evidence", ())
    )
    found["alternatives"] = tuple(
        Option(one["text"], None if one["gain_amount"] is None else Decimal(one["gain_amount"]), one["is_do_nothing"])
        for one in found.get("alternatives", ())
    )
    return Proposal(**found)


def changed(proposal: Proposal, action: Mapping[str, Any], *, moved_amount: Decimal) -> Proposal:
    """The proposal with another action: an override, which keeps what was suggested and what that rested on.

    Its derivation gets one more step, so that it still adds up to the quantity. More units never move less money than their
    share of what was to be moved, whatever `moved_amount` says.
    """
    suggested = proposal.suggested or proposal.action
    steps = proposal.steps
    before, after = proposal.qty, _number(action.get("qty"))
    if before is not None and after is not None:
        steps = (*steps, Step("override", after - before, "Changed by a person.")) if steps else steps
        if before > 0 and after > before:
            moved_amount = max(moved_amount, (proposal.moved_amount * after / before).quantize(CENT))
    return replace(proposal, action=dict(action), suggested=dict(suggested), steps=steps, moved_amount=moved_amount)


def _number(said: Any) -> Decimal | None:
    """A quantity that was typed, as a number; None where it is none, which `held_together` then says."""
    try:
        number = Decimal(str(said))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _decimals(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an action, quantities and money as decimals again."""
    return {
        name: Decimal(value) if name.endswith(QUANTITIES) and isinstance(value, str) and value else value
        for name, value in said.items()
    }


def _hash(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
