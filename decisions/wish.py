"""A proposal made from what the product suggests: one row of a case and one of its options, with copies of what they rest on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from decisions.proposal import Evidence, Option, Proposal, Step

Row = Mapping[str, Any]
# What each kind of action is about: the same subject on the same day is the same wish.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "purchase": ("sku_id", "site_id", "supplier_id"),
    "re_source": ("sku_id", "site_id", "supplier_id"),
    "transfer": ("sku_id", "from_site_id", "to_site_id"),
    "expedite": ("po_id", "line_key"),
    "cancel_purchase": ("po_id", "line_key"),
    "substitute": ("order_id", "line_key"),
    "allocate": ("sku_id", "site_id"),
    "release_order": ("order_id",),
    "hold_order": ("order_id",),
    "correct_price": ("order_id", "line_key"),
    "credit_review": ("customer_id",),
    "stock_parameter": ("sku_id", "site_id"),
    "fix_data": ("table", "key"),
    "supplier_message": ("supplier_id", "po_id"),
    "carrier_message": ("shipment_id",),
    "customer_message": ("order_id",),
    "policy_change": ("policy",),
}
# Of which rows an action is only right while they stay as they are: table, key columns by field of the action, columns that must hold.
RESTS_ON: Mapping[str, tuple[tuple[str, Mapping[str, str], tuple[str, ...]], ...]] = {
    "purchase": (("marts.stock_now", {"sku_id": "sku_id", "site_id": "site_id"}, ("on_hand_qty", "on_order_qty")),),
    "re_source": (("marts.stock_now", {"sku_id": "sku_id", "site_id": "site_id"}, ("on_hand_qty", "on_order_qty")),),
    "transfer": (
        ("marts.stock_now", {"sku_id": "sku_id", "site_id": "from_site_id"}, ("on_hand_qty", "allocated_qty")),
        ("marts.stock_now", {"sku_id": "sku_id", "site_id": "to_site_id"}, ("on_hand_qty", "on_order_qty")),
    ),
    "expedite": (
        ("core.purchase_lines", {"po_id": "po_id", "line_key": "line_key"}, ("received_qty", "confirmed_date")),
    ),
    "cancel_purchase": (
        ("core.purchase_lines", {"po_id": "po_id", "line_key": "line_key"}, ("received_qty", "ordered_qty")),
    ),
    "substitute": (
        ("core.order_lines", {"order_id": "order_id", "line_key": "line_key"}, ("shipped_qty", "is_cancelled")),
    ),
    "allocate": (("marts.stock_now", {"sku_id": "sku_id", "site_id": "site_id"}, ("on_hand_qty",)),),
    "release_order": (("core.orders", {"order_id": "order_id"}, ("hold_code", "status_code")),),
    "hold_order": (("core.orders", {"order_id": "order_id"}, ("hold_code", "status_code")),),
    "correct_price": (
        ("core.order_lines", {"order_id": "order_id", "line_key": "line_key"}, ("unit_price", "shipped_qty")),
    ),
}


def wish(
    case: Row,
    option: Row,
    others: Sequence[Row],
    *,
    build_id: str,
    as_of: date,
    evidence: Sequence[Evidence] = (),
    steps: Sequence[Step] = (),
) -> Proposal:
    """The proposal to do what an option of a case says.

    Args:
        case: a row of `marts.cases`.
        option: the chosen row of `marts.case_options`.
        others: the case's other options, which are kept as alternatives.
        build_id, as_of: the build that they were read from.
        evidence: copies of the rows that it rests on (see `rests_on`).
        steps: how the quantity came about; left out where they do not add up to it.
    """
    figures = {**case, **{name: value for name, value in option.items() if value is not None}}
    made = planned(
        option["action_kind_code"],
        action_of(option),
        figures,
        title=option["option_text"],
        build_id=build_id,
        as_of=as_of,
        evidence=evidence,
        steps=steps,
    )
    rest = tuple(
        Option(other["option_text"], _money(other.get("gain_amount")), bool(other.get("is_do_nothing")))
        for other in others
        if other["option_no"] != option["option_no"]
    )
    return replace(
        made,
        case_id=case["case_id"],
        do_nothing_amount=_money(case.get("expected_loss_amount")),
        alternatives=rest,
        model_code="cases",
    )


def planned(
    kind: str,
    action: Row,
    figures: Row,
    *,
    title: str,
    build_id: str,
    as_of: date,
    case_id: str = "",
    evidence: Sequence[Evidence] = (),
    steps: Sequence[Step] = (),
) -> Proposal:
    """The proposal to do an action with the figures of a row: gain with its range, confidence, grade and words.

    Args:
        kind, action: what is to be done.
        figures: a row with `moved_amount`, `gain_amount` … where it has them.
        title: the action in a few words.
        build_id, as_of: the build that the row was read from.
        case_id: the case that it settles, if there is one.
        evidence, steps: as in `wish`.
    """
    qty = action.get("qty")
    fits = bool(steps) and qty is not None and sum(step.qty for step in steps) == Decimal(str(qty))
    return Proposal(
        kind=kind,
        subject={name: str(action.get(name) or figures.get(name) or "*") for name in SUBJECTS[kind]},
        action=dict(action),
        as_of=as_of,
        build_id=build_id,
        title=title,
        case_id=case_id,
        moved_amount=_money(figures.get("moved_amount")) or Decimal(0),
        gain_amount=_money(figures.get("gain_amount")),
        gain_low_amount=_money(figures.get("gain_low_amount")),
        gain_high_amount=_money(figures.get("gain_high_amount")),
        do_nothing_amount=_money(figures.get("do_nothing_amount")),
        confidence_share=figures.get("confidence_share"),
        data_grade=figures.get("data_grade_code") or "",
        tier_code=str(figures.get("tier_code") or ""),
        segment=str(figures.get("abc_class") or ""),
        because=figures.get("because_text") or "",
        does_not_know=figures.get("does_not_know_text") or "",
        evidence=tuple(evidence),
        steps=tuple(steps) if fits else (),
        suggested=dict(action),
        horizon_days=int(figures.get("horizon_days") or 28),
        act_by_date=figures.get("act_by_date"),
    )


def action_of(option: Row) -> dict[str, Any]:
    """What an option would do, its quantities and money as decimals.

    >>> action_of({"action_text": '{"sku_id": "A1", "qty": "240"}'})
    {'sku_id': 'A1', 'qty': Decimal('240')}
    """
    said: dict[str, Any] = json.loads(option["action_text"] or "{}")
    return {
        name: Decimal(str(value)) if value is not None and _is_number(name) else value for name, value in said.items()
    }


def rests_on(kind: str, action: Row) -> list[tuple[str, dict[str, str], tuple[str, ...]]]:
    """Which rows must stay as they are for an action to be right: table, key and columns.

    >>> rests_on("release_order", {"order_id": "O1"})
    [('core.orders', {'order_id': 'O1'}, ('hold_code', 'status_code'))]
    """
    return [
        (table, {column: str(action[name]) for column, name in key.items()}, columns)
        for table, key, columns in RESTS_ON.get(kind, ())
        if all(action.get(name) for name in key.values())
    ]


def _is_number(name: str) -> bool:
    return name == "qty" or name.endswith(("_qty", "_amount", "_cost", "_price"))


def _money(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
