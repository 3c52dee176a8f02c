"""Decisions: what waits for a yes, what was decided by whom on what grounds, what left the house, and what it earned."""

import streamlit as st

from pages.parts import acting, address, approving, at_desk, earned, exporting, ledger_view, proposals, tables, undo
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Decisions",
    question="What waits for a decision, who decided what on what grounds, and what did it earn?",
    audience="approver, planner, executive, auditor",
    icon=":material/gavel:",
    order=20,
)
TABS = {
    "waiting": "Waiting",
    "all": "All proposals",
    "export": "Export",
    "earned": "What they earned",
    "acts": "Every act",
}


def render(visit: Visit) -> None:
    """One question a tab; the tab lives in the address."""
    desk = at_desk.desk(visit)
    acting.said(desk)
    tab = address.tabs("tab", TABS)
    if tab == "waiting":
        approving.queue(visit, desk)
    elif tab == "all":
        _every(visit, desk)
    elif tab == "export":
        exporting.board(visit, desk)
    elif tab == "earned":
        earned.board(visit)
    else:
        ledger_view.acts(visit, desk)


def _every(visit: Visit, desk: at_desk.Desk) -> None:
    """Every proposal with where it stands; one that is picked is shown in full."""
    found = proposals.newest_first(desk.book)
    picked = tables.show(
        visit,
        proposals.rows(desk.book, found[:2000]),
        name="proposals",
        title="Every proposal, the latest first",
        labels=proposals.LABELS,
        pick=True,
    )
    if picked:
        standing = desk.book.standing(picked["proposal_id"])
        with st.container(key="panel_proposal"):
            proposals.full(
                visit, standing, lambda: approving.buttons(visit, desk, standing) if standing.is_open else None
            )
        undo.offer(visit, desk, standing)
