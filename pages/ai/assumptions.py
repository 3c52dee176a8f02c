"""Assumptions: everything that is assumed rather than known, how far it can be trusted, what rests on it, and an own value in its place."""

from pages.parts import acting, address, ai_assumption_one, ai_assumption_prices, ai_assumption_table, at_desk
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Assumptions",
    question="What is assumed rather than known, how far can it be trusted, what rests on it, and which of it moves the answer most?",
    audience="executive",
    needs=("order_lines",),
    icon=":material/tune:",
    order=40,
)
TABS = {"assumptions": "Assumptions", "prices": "Prices of models"}


def render(visit: Visit) -> None:
    """All assumptions and one of them in full; or the prices of models."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    tab = address.tabs("tab", TABS)
    if tab == "assumptions":
        ai_assumption_table.head(visit)
        picked = ai_assumption_table.table(visit, desk)
        if picked is not None:
            ai_assumption_one.panel(visit, desk, picked)
    else:
        ai_assumption_prices.board(visit, desk)
