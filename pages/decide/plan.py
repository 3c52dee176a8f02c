"""Plan: what to order, what to move and how to share out what is too little, with the gain of each and why so much."""

from pages.parts import (
    acting,
    address,
    at_desk,
    filters,
    plan_allocation,
    plan_orders,
    plan_promises,
    plan_transfers,
    way_back,
)
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Plan",
    question="What should be ordered, moved or shared out, what does each gain, and why so much?",
    audience="planner",
    needs=("order_lines", "stock_days"),
    icon=":material/edit_calendar:",
    order=10,
)
TABS = {
    "orders": "Orders to suppliers",
    "transfers": "Moves between sites",
    "allocation": "Sharing out",
    "promises": "Promises and priorities",
}
BOARDS = {
    "orders": plan_orders.board,
    "transfers": plan_transfers.board,
    "allocation": plan_allocation.board,
    "promises": plan_promises.board,
}


def render(visit: Visit) -> None:
    """One kind of plan a tab; the tab lives in the address."""
    chosen = filters.bar(visit, "site_id", "category_name", "supplier_id", "sku_id", dates=False)
    desk = at_desk.desk(visit)
    acting.said(desk)
    way_back.draw(desk)
    BOARDS[address.tabs("tab", TABS)](visit, desk, chosen)
