"""The follow-up copilot: asks suppliers and carriers for a day, and tells customers of one, in words made of facts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from decisions.policy import GoodDecision
from decisions.proposers import words
from decisions.proposers.agent import MESSAGES, Agent
from decisions.proposers.toolbox import Found, Row, Tool
from decisions.proposers.words import Letter

ANSWER_DAYS = 2
MOST_ORDERS = 3
SURE_OF_DAY = 0.8


def compose(kind: str, case: Row, action: Row, found: Mapping[str, Found]) -> Letter:
    """The letter for a case: a supplier chase, a carrier check or a customer notice.

    Its `missing` names what would be needed and is not known; such a letter has no text.
    """
    as_of = case.get("as_of_date")
    known: dict[str, Any] = {"answer_by_date": words.day(working_days_after(as_of, ANSWER_DAYS)) if as_of else None}
    ours = words.safe_name(
        case.get("our_name"), "Your customer service" if kind == "customer_message" else "Your customer"
    )
    if kind == "supplier_message":
        return _to_supplier(case, action, found, known, ours)
    if kind == "carrier_message":
        return _to_carrier(action, found, known, ours)
    return _to_customer(case, action, found, known, ours)


def working_days_after(day: date, count: int) -> date:
    """The day that lies so many working days (Monday to Friday) later.

    >>> working_days_after(date(2026, 11, 13), 2)
    datetime.date(2026, 11, 17)
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _to_supplier(case: Row, action: Row, found: Mapping[str, Found], known: dict[str, Any], ours: str) -> Letter:
    po_id = action.get("po_id") or case.get("po_id")
    if not po_id or case.get("case_kind_code") == "supplier_worse":
        return _about_all_orders(action, found, known, ours)
    rows, wanted = _rows(found, "line"), action.get("line_key")
    lines = [row for row in rows if not wanted or row["line_key"] == wanted]
    line: Row = lines[0] if lines else {}
    names = {
        "supplier_name": words.safe_name(
            line.get("supplier_name"), str(line.get("supplier_id") or action.get("supplier_id"))
        ),
        "our_name": ours,
    }
    # Where nobody says which of several lines it is about, the letter asks for all of them rather than for the wrong one.
    if len(lines) != 1 or found["line"].row_count > len(rows):
        whole = {**known, "po_id": po_id}
        return words.letter(
            "supplier_message", words.SUPPLIER_PO, whole, names=names, must_have=("po_id", "answer_by_date")
        )
    known |= {"po_id": po_id, "line_key": line.get("line_key"), "sku_id": line.get("sku_id")}
    known |= {"open_qty": _qty(line.get("open_qty")), "due_date": _day(line.get("due_date"))}
    is_late = bool(line.get("due_date")) and str(line["due_date"]) < str(case.get("as_of_date"))
    template = words.SUPPLIER_LATE if is_late else words.SUPPLIER_COMING
    must = ("po_id", "due_date", "answer_by_date")
    return words.letter("supplier_message", template, known, names=names, must_have=must)


def _about_all_orders(action: Row, found: Mapping[str, Found], known: dict[str, Any], ours: str) -> Letter:
    """One letter about the orders that a supplier still has to deliver, the first few by name."""
    rows = _rows(found, "orders")
    orders = list(dict.fromkeys(str(row["po_id"]) for row in rows))[:MOST_ORDERS]
    known |= {f"po_{no}": po_id for no, po_id in enumerate(orders, 1)}
    listed = ", ".join(f"{{po_{no}}}" for no in range(1, len(orders) + 1)) or "{po_1}"
    template = words.SUPPLIER_ORDERS.replace("ORDERS", listed)
    supplier = rows[0].get("supplier_name") if rows else None
    names = {"supplier_name": words.safe_name(supplier, str(action.get("supplier_id"))), "our_name": ours}
    must = (*(f"po_{no}" for no in range(1, len(orders) + 1)), "answer_by_date")
    return words.letter("supplier_message", template, known, names=names, must_have=must)


def _to_carrier(action: Row, found: Mapping[str, Found], known: dict[str, Any], ours: str) -> Letter:
    row = found["shipment"].first if "shipment" in found else {}
    known |= {"shipment_id": action.get("shipment_id") or row.get("shipment_id")}
    known |= {"sent_date": _day(row.get("sent_date")), "due_date": _day(row.get("due_date"))}
    names = {"carrier_name": words.safe_name(row.get("carrier_name"), str(row.get("carrier_id"))), "our_name": ours}
    must = ("shipment_id", "due_date", "answer_by_date")
    return words.letter("carrier_message", words.CARRIER_CHECK, known, names=names, must_have=must)


def _to_customer(case: Row, action: Row, found: Mapping[str, Found], known: dict[str, Any], ours: str) -> Letter:
    """The notice of the line that comes last; told only where it really comes later than it was due."""
    late = [
        row
        for row in _rows(found, "lateness")
        if str(row.get("arrival_p80_date") or "") > str(row.get("due_date") or "~")
    ]
    row: Row = max(late, key=lambda one: (str(one["arrival_p80_date"]), str(one["line_key"])), default={})
    known |= {"order_id": action.get("order_id") or case.get("order_id"), "line_key": row.get("line_key")}
    known |= {"sku_id": row.get("sku_id"), "ordered_qty": _qty(row.get("ordered_qty"))}
    known |= {"due_date": _day(row.get("due_date")), "expected_date": _day(row.get("arrival_p80_date"))}
    # The day by which the line is there in eight of ten cases is, by its making, a day that we are so sure of.
    known |= {"sure_share": words.share_of(SURE_OF_DAY) if row else None}
    names = {"customer_name": words.safe_name(row.get("customer_name"), "customer"), "our_name": ours}
    must = ("order_id", "expected_date", "sure_share")
    notice = words.letter("customer_message", words.CUSTOMER_NOTICE, known, names=names, must_have=must)
    return replace(notice, sure_share=SURE_OF_DAY)


def _rows(found: Mapping[str, Found], tool: str) -> list[Row]:
    return list(found[tool].rows) if tool in found else []


def _day(value: Any) -> str | None:
    return words.day(value) if value else None


def _qty(value: Any) -> str | None:
    return None if value is None else words.amount_of(value)


LINE = ("line_key", "supplier_id", "supplier_name", "sku_id", "due_date", "open_qty")

FOLLOW_UP = Agent(
    code="follow_up",
    title="Follow-up with suppliers, carriers and customers",
    mode="copilot",
    queue=("late_inbound", "supplier_worse", "late_outbound", "order_short", "stocked_out", "stockout_ahead"),
    permitted=tuple(sorted(MESSAGES)),
    tools=(
        Tool(
            "line",
            "marts.inbound_risks",
            {"po_id": "po_id"},
            LINE,
            "Which line do we wait for?",
        ),
        Tool(
            "orders",
            "marts.inbound_risks",
            {"supplier_id": "supplier_id"},
            ("po_id", "supplier_name", "due_date"),
            "What does the supplier still owe us?",
            cases=("supplier_worse",),
        ),
        Tool(
            "shipment",
            "marts.late_risks",
            {"shipment_id": "shipment_id"},
            ("carrier_id", "carrier_name", "sent_date", "due_date", "arrival_p80_date"),
            "Where is the shipment?",
            cases=("late_outbound",),
        ),
        Tool(
            "lateness",
            "marts.order_late_risks",
            {"order_id": "order_id"},
            ("line_key", "sku_id", "customer_name", "due_date", "arrival_p80_date", "ordered_qty"),
            "When will the customer have the goods?",
            cases=("late_inbound", "late_outbound", "order_short", "stocked_out", "stockout_ahead"),
        ),
    ),
    models={
        "supplier_message": ("inbound",),
        "carrier_message": ("late_shipments",),
        "customer_message": ("late_orders",),
    },
    needs={"supplier_message": (), "carrier_message": ("shipment_id",), "customer_message": ("order_id",)},
    escalation="Hands over to the case's owner when a fact of the letter is missing, and when nobody has answered in time.",
    good_decision=GoodDecision(
        "The other side knows what we know, and we learn the day on which the goods come.",
        "Facts only: no price, no promise, nothing about other parties; a person reads every letter before it goes out.",
        "A day was confirmed and kept; answers within two working days.",
    ),
    does_not="It never sends anything by itself, never promises, never speaks of money, and issues no credit of any amount.",
    is_alongside=True,
    compose=compose,
)
