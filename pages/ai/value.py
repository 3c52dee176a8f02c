"""AI value: what AI and decisions net, how sure that is, how it was measured, and which use case deserves money."""

from pages.parts import (
    acting,
    address,
    ai_board,
    ai_bridge,
    ai_closed,
    ai_head,
    ai_measured,
    ai_pilot,
    ai_trace,
    ai_worth,
    at_desk,
    outcome_targets,
)
from pages.parts.page import Page, Visit

PAGE = Page(
    title="AI value",
    question="What do AI and decisions net after everything that they cost, how sure is that, and what should be funded?",
    audience="executive",
    needs=("order_lines",),
    icon=":material/savings:",
    order=10,
)
TABS = {
    "value": "Value",
    "measured": "How it was measured",
    "pilot": "Plan a pilot",
    "targets": "Targets",
    "closed": "Closed months",
}


def render(visit: Visit) -> None:
    """The verdict first; then one question a tab, and the tab lives in the address."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    head = ai_head.head(visit)
    ai_head.verdict(visit, head)
    ai_board.button(visit, head)
    tab = address.tabs("tab", TABS)
    if tab == "value":
        ai_head.numbers(visit, head)
        ai_bridge.pictures(visit, head)
        ai_worth.board(visit)
        ai_trace.rows(visit, head)
    elif tab == "measured":
        ai_measured.board(visit)
    elif tab == "pilot":
        ai_pilot.board(visit)
    elif tab == "targets":
        outcome_targets.board(visit, desk)
    else:
        ai_closed.board(visit, desk)
