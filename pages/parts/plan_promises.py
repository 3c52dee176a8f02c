"""What can be promised to customers, and which purchases come first: by the money that waits for them."""

import polars as pl
import streamlit as st

from decisions.desk import Desk
from pages.parts import empty, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

PROMISES, PRIORITIES = "scores.order_promises", "marts.purchase_priorities"
PROMISED = ["order_id", "line_key", "sku_id", "site_id", "customer_id", "wanted_qty", "due_date", "promise_share", "promise_p50_date",
            "promise_p80_date", "promise_p90_date", "supply_name", "is_held", "because_text"]  # fmt: skip
FIRST = ["priority_no", "wish_name", "sku_id", "sku_name", "site_name", "expected_lost_amount", "supplier_name", "po_id", "line_key",
         "due_date", "late_share", "arrival_p90_date", "on_hand_qty", "open_amount", "stockout_share", "because_text"]  # fmt: skip
WISHES = {"transfer": "move", "expedite": "hurry", "buy": "order"}
LABELS = {
    "line_key": "Line",
    "wanted_qty": "Wanted",
    "due_date": "Due",
    "supply_name": "From",
    "is_held": "Held",
    "priority_no": "No.",
    "wish_name": "Do",
    "sku_name": "Article",
    "site_name": "For",
    "supplier_name": "Supplier",
    "expected_lost_amount": "Lost without it",
    "late_share": "Late",
    "arrival_p90_date": "Comes by (9 in 10)",
    "on_hand_qty": "On hand",
    "open_amount": "Its cost",
    "stockout_share": "Runs out",
    "promise_share": "Due day holds",
    "promise_p50_date": "1 in 2 by",
    "promise_p80_date": "8 in 10 by",
    "promise_p90_date": "9 in 10 by",
    "because_text": "Because",
}


def board(visit: Visit, desk: Desk, chosen: Chosen) -> None:
    """Draws the open order lines with the earliest day that can be promised, and the purchase lines by what waits for them."""
    if has_rows(visit, PROMISES):
        found = mart(visit, PROMISES, chosen=chosen, order_by=("promise_share", "order_id", "line_key"), limit=2000)
        tables.show(visit, found, name="promises", title="What can be promised for open order lines, the shakiest first",
                    columns=PROMISED, labels=LABELS, source=PROMISES)  # fmt: skip
    else:
        empty.nothing("No open order line waits for a promise.", key="promises")
    if has_rows(visit, PRIORITIES):
        found = mart(visit, PRIORITIES, chosen=chosen, order_by=("priority_no",), limit=500)
        title = f"Purchases that come first, by the money that waits for them, in {visit.company.reporting_currency}"
        found = found.with_columns(pl.col("wish_name").replace(WISHES))
        tables.show(visit, found, name="priorities", title=title,
                    columns=FIRST, labels=LABELS, source=PRIORITIES)  # fmt: skip
    if desk.book.frozen_because:
        with st.container(key="panel_frozen"):
            look.note(f"The calendar is frozen: {desk.book.frozen_because}")
