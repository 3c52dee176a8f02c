"""The calendar that holds everything back: whoever may put policies in force freezes it with a reason, and lets it go again."""

import streamlit as st

from decisions.desk import Desk
from pages.parts import acting, look, rights
from pages.parts.page import Visit


def board(visit: Visit, desk: Desk) -> None:
    """Draws whether decisions go through now, and the button that holds them back or lets them go."""
    because = desk.book.frozen_because
    may = rights.allowed(visit, "approve_policy")
    with st.container(key="panel_calendar"):
        look.title("Calendar", "frozen" if because else "open")
        if because:
            look.note(f"Nothing is approved, exported or done by agents: {because}.")
            st.button("Let decisions through again", key="thaw", disabled=not may, on_click=acting.act,
                      args=("Decisions go through again.", "", desk.thaw))  # fmt: skip
            return
        look.note(
            "Decisions go through. A freeze holds back approvals, exports and agents, for a stock count or a change of systems."
        )
        if not may:
            return
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="freeze_calendar"):
            why = st.text_input("Why?", key="freeze_reason", placeholder="stock count until Friday")
            st.button("Hold everything back", key="freeze", disabled=not why.strip(), on_click=acting.act,
                      args=("Everything is held back until it is let through again.", "", desk.freeze, why))  # fmt: skip
