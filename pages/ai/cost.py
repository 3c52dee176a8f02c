"""AI cost: what AI costs and will cost, what drives it, what if, from pilot to production, plan against actual, own machines, usage."""

from pages.parts import (
    address,
    ai_cost_actual,
    ai_cost_book,
    ai_cost_drivers,
    ai_cost_head,
    ai_cost_production,
    ai_cost_serving,
    ai_cost_table,
    ai_cost_usage,
    ai_cost_what_if,
)
from pages.parts.page import Page, Visit

PAGE = Page(
    title="AI cost",
    question="What does AI cost, all of it, what drives that, and is it within plan?",
    audience="executive",
    needs=("order_lines",),
    icon=":material/payments:",
    order=20,
)
TABS = {
    "all": "What it costs",
    "drivers": "What drives it",
    "whatif": "What if",
    "production": "Pilot to production",
    "actual": "Plan and actual",
    "serving": "Own machines",
    "usage": "Usage",
    "book": "Workbook",
}
BOARDS = {
    "all": ai_cost_table.board,
    "drivers": ai_cost_drivers.board,
    "whatif": ai_cost_what_if.board,
    "production": ai_cost_production.board,
    "actual": ai_cost_actual.board,
    "serving": ai_cost_serving.board,
    "usage": ai_cost_usage.board,
    "book": ai_cost_book.board,
}


def render(visit: Visit) -> None:
    """The head with its numbers, then one question a tab; the tab lives in the address."""
    ai_cost_head.draw(visit)
    BOARDS[address.tabs("tab", TABS)](visit)
