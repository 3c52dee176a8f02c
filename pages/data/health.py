"""Data health: what came in, what was set aside, what the tables promise, and which file feeds which number."""

import streamlit as st

from pages.parts import lineage, loading, setaside, unlocks
from pages.parts.page import Page, Visit

PAGE = Page(
    title="Data health",
    question="Can the figures be trusted: what came in, what was set aside, and what feeds what?",
    audience="analyst",
    icon=":material/health_and_safety:",
    order=20,
)

TABS = {
    "Loads": loading.board,
    "Set aside": setaside.board,
    "Masters": setaside.masters,
    "Tables and guarantees": lineage.guarantees,
    "Lineage": lineage.board,
    "Unlocks": unlocks.board,
}


def render(visit: Visit) -> None:
    """Loads with undo, rows set aside with reasons, the promises that every build keeps, and the way of each number."""
    tabs = st.tabs(list(TABS), on_change="rerun", key="health_tab")
    for tab, draw in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                draw(visit)
