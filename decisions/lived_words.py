"""A decision of the demo world's past as the proposal that its author made: the action, what it was worth, and the words for it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from decisions.policy_text import packaged
from decisions.proposal import Option, Proposal
from decisions.wish import SUBJECTS

Row = Mapping[str, Any]
ZONE = ZoneInfo("Europe/Berlin")
LOW, HIGH = Decimal("0.3"), Decimal("1.7")
BUILD_ID = "lived"


def wish_of(row: Row) -> Proposal:
    """The proposal as it was first made: with the suggested quantity, where a person changed it only afterwards.

    What nobody had suggested is proposed as what it is, beside no suggestion.
    """
    kind = row["kind"]
    action = _action(row)
    suggested = {**action}
    if kind == "purchase":
        is_unasked = row["suggested_qty"] <= 0
        action["qty"] = Decimal(row["qty"] if is_unasked else row["suggested_qty"])
        suggested = {} if is_unasked else {**action}
    moved = Decimal(str(row["moved_amount"]))
    if kind == "purchase":
        moved = (action["qty"] * action["unit_cost"]).quantize(Decimal("0.01"))
    gain = Decimal(str(row["gain_amount"]))
    is_counted = kind != "supplier_message"
    subjects = {name: str(action.get(name) or row.get(name) or "*") for name in SUBJECTS[kind]}
    if kind == "supplier_message":
        subjects["line_key"] = str(row["line_key"])  # one message a line, several a day to one supplier
    return Proposal(
        kind=kind,
        subject=subjects,
        action=action,
        as_of=row["decided_at"].astimezone(ZONE).date(),
        build_id=BUILD_ID,
        title=_title(row, action),
        moved_amount=moved,
        gain_amount=gain if is_counted else None,
        gain_low_amount=gain * (LOW if gain > 0 else HIGH) if is_counted else None,
        gain_high_amount=gain * (HIGH if gain > 0 else LOW) if is_counted else None,
        do_nothing_amount=max(gain, Decimal(0)) if is_counted else None,
        confidence_share=row["confidence_share"],
        data_grade="B",
        segment=row["segment"] or "",
        because=_because(row),
        alternatives=(Option("Do nothing", Decimal(0), is_do_nothing=True),),
        suggested=suggested,
        model_code="reorder_rule" if kind == "purchase" else "",
        horizon_days=packaged()[kind].horizon_days,
    )


def about(row: Row) -> dict[str, str]:
    """The documents of the ERP that a decision became: purchase order and line, or the order that was let go."""
    names = ("po_id", "line_key") if row["kind"] == "purchase" else ("order_id",)
    return {name: str(row[name]) for name in names if row[name]}


def _action(row: Row) -> dict[str, Any]:
    """The fields of the action as the policies and the ERP know them."""
    match row["kind"]:
        case "purchase":
            cost = Decimal(str(row["unit_cost"]))
            return {**_only(row, "sku_id", "site_id", "supplier_id"), "unit_cost": cost}
        case "transfer":
            sites = {"from_site_id": row["from_site_id"], "to_site_id": row["site_id"]}
            return {"sku_id": row["sku_id"], **sites, "qty": Decimal(row["qty"])}
        case "expedite":
            return {**_only(row, "po_id", "line_key", "sku_id", "site_id", "supplier_id"), "days": row["qty"]}
        case "release_order":
            return _only(row, "order_id", "customer_id")
        case _:
            text = f"Please tell us on which day line {row['line_key']} of our order {row['po_id']} will arrive. It is overdue."
            return {**_only(row, "supplier_id", "po_id", "line_key"), "text": text}


def _only(row: Row, *names: str) -> dict[str, Any]:
    return {name: str(row[name]) for name in names if row[name] is not None}


def _title(row: Row, action: Mapping[str, Any]) -> str:
    match row["kind"]:
        case "purchase":
            return f"Order {action['qty']} of {row['sku_id']} for {row['site_id']} from {row['supplier_id']}"
        case "transfer":
            return f"Move {row['qty']} of {row['sku_id']} from {row['from_site_id']} to {row['site_id']}"
        case "expedite":
            return f"Hurry line {row['line_key']} of {row['po_id']}"
        case "release_order":
            return f"Release order {row['order_id']} of customer {row['customer_id']}"
        case _:
            return f"Ask {row['supplier_id']} about line {row['line_key']} of {row['po_id']}"


def _because(row: Row) -> str:
    match row["kind"]:
        case "purchase" if row["suggested_qty"] > 0:
            return f"Stock and what is on order have fallen to the reorder point; {row['suggested_qty']} fill it up."
        case "purchase":
            return "The reorder rule suggests nothing; the buyer expects that it runs out before the next order could come."
        case "transfer":
            return f"{row['site_id']} is expected to need it before the next delivery, and {row['from_site_id']} has more than it needs."
        case "expedite":
            return "The shelf is expected to be empty before the line comes."
        case "release_order":
            return "What they owe with this order is above their limit; they have paid so far."
        case _:
            return "The confirmed day has passed and nothing has come."
