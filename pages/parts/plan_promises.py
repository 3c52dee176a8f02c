"""What can be promised to customers, and which purchases come first: by the money that waits for them."""

import streamlit as st

from decisions.desk import Desk
from pages.parts import empty, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

PROMISES, PRIORITIES = "scores.order_promises", "marts.purchase_priorities"
LABELS = {
    "promise_share": "Wish holds",
    "promise_p50_date": "As likely as not by",
    "promise_p80_date": "8 in 10 by",
    "promise_p90_date": "9 in 10 by",
    "because_text": "Because",
}


def board(visit: Visit, desk: Desk, chosen: Chosen) -> None:
    """Draws the open order lines with the earliest day that can be promised, and the purchase lines by what waits for them."""
    if has_rows(visit, PROMISES):
        found = mart(visit, PROMISES, chosen=chosen, order_by=("promise_share", "order_id", "line_key"), limit=2000)
        tables.show(visit, found, name="promises", title="What can be promised for open order lines, the shakiest first",
                    labels=LABELS, source=PROMISES)  # fmt: skip
    else:
        empty.nothing("No open order line waits for a promise.", key="promises")
    if has_rows(visit, PRIORITIES):
        found = mart(visit, PRIORITIES, chosen=chosen, limit=500)
        tables.show(visit, found, name="priorities", title="Purchases that come first, by the money that waits for them",
                    labels=LABELS, source=PRIORITIES)  # fmt: skip
    if desk.book.frozen_because:
        with st.container(key="panel_frozen"):
            look.note(f"The calendar is frozen: {desk.book.frozen_because}")
