"""The refresh as a person sees it: whether one is due, the button, and its progress table by table."""

import streamlit as st

from errors import Refusal
from pages.parts import look, notice, rights
from pages.parts.page import Visit
from pipelines import flow


def bar(visit: Visit) -> None:
    """Draws whether loads and build agree, and the button that makes them agree."""
    with st.container(key="panel_refresh"):
        look.title("Refresh")
        due = flow.is_refresh_due(visit.company)
        look.note(
            "Loads in force and the current build differ: refresh to see the change."
            if due
            else "The build holds every load in force."
        )
        if rights.need(visit, "refresh") and st.button(
            "Refresh now", key="refresh_now", type="primary" if due else "secondary"
        ):
            _run(visit)


def _run(visit: Visit) -> None:
    with st.status("Refreshing", expanded=False) as shown:
        progress = st.progress(0.0)

        def say(fraction: float, text: str) -> None:
            progress.progress(min(max(fraction, 0.0), 1.0), text=text)
            shown.update(label=text)

        try:
            result = flow.refresh(visit.company, who=visit.viewer.who, progress=say)
        except Refusal as refused:
            shown.update(label="The refresh was stopped; the last build stays in use", state="error")
            notice.refusal(refused)
            return
        shown.update(label="Published", state="complete")
    words = (
        "nothing had changed"
        if result.is_unchanged
        else f"published in {visit.words.number(round(result.seconds, 1))} seconds"
    )
    st.session_state["refreshed"] = f"Build {result.build_id}: {words}."
    st.rerun()
