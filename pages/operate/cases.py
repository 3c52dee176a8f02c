"""Cases: what goes wrong, why, what is it worth, what can be done, and who decides it?"""

import streamlit as st

from pages.parts import acting, at_desk, autopsy, case_detail, case_life, filters, inbox, kpi, way_back
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Cases",
    question="What goes wrong and why, what is it worth, what can be done about it, and by when?",
    audience="planner",
    needs=("order_lines",),
    icon=":material/inbox:",
    order=15,
)
NUMBERS = [
    "cases_count",
    "money_at_risk",
    "expected_loss",
    "alerts_per_case",
    "inbox_precision",
    "inbox_recall",
    "saved_per_minute",
]


def render(visit: Visit) -> None:
    """The inbox beside the case that is looked at; what a case rests on lies below."""
    chosen = filters.bar(visit, "site_id", "category_name", "supplier_id", dates=False)
    desk = at_desk.desk(visit)
    acting.said(desk)
    way_back.draw(desk)
    which = inbox.shelf()
    if which == "came":
        case_life.came(visit, desk)
        return
    if which == "missed":
        autopsy.board(visit, chosen)
        return
    if not inbox.known(visit):
        return
    kpi.strip(visit, chosen, NUMBERS)
    found = inbox.rows(visit, chosen, desk.book, which)
    left, right = st.columns([8, 5], gap="small")
    with left:
        case = inbox.table(visit, found, chosen, which)
        if case is not None:
            case_detail.follows(visit, case)
            case_life.show(visit, desk, case["case_id"])
    if case is None:
        return
    with right:
        case_detail.show(visit, desk, case)
    case_detail.more(visit, case)
