"""The technique chooser: seven answers about a need, and the plainest technique that does it, with what it must beat for ever."""

from collections.abc import Sequence

import streamlit as st

from decisions.desk import Desk
from models.ai_economics.technique import TECHNIQUES, WANTED, Need, advice
from pages.parts import ai_registry, look, technique_choices
from pages.parts.ai_registry import Held
from pages.parts.page import Visit

MEANT = {
    "rule": "Written rules: they cost nothing a case and never vary.",
    "forecast": "A forecast, a score or an alert: judged on the past, without a language model.",
    "retrieval": "Passages found and quoted from documents, and 'not found' as an answer.",
    "copilot": "Help inside the work of a person, who decides.",
    "agent": "Several steps over systems within limits, with checkpoints and somebody to ask.",
}


def board(visit: Visit, desk: Desk, held: Sequence[Held]) -> None:
    """Draws the questions, the answer at once, the form that keeps a choice, and the choices that were kept."""
    need = _asked()
    found = advice(need)
    with st.container(key="panel_technique_advice"):
        look.title(found.technique.capitalize(), "the plainest that does it")
        st.markdown(found.because)
        look.pairs(
            {
                "It must beat, as long as it runs": found.beats,
                "Before it may begin": "; ".join(found.missing) or "nothing is missing",
                "Language model": "takes part" if found.has_language_model else "none is needed",
            }
        )
    technique_choices.form(visit, desk, held, need, found)
    technique_choices.board(visit, desk)
    with st.expander("The five techniques, and the six recurring workloads"):
        look.pairs({name.capitalize(): MEANT[name] for name in TECHNIQUES})
        look.note(
            "In the registry: " + ", ".join(f"{work} ({name})" for work, name in ai_registry.WORKLOADS.items()) + "."
        )


def _asked() -> Need:
    """The seven answers, as they stand on the page."""
    with st.container(key="panel_technique"):
        look.title("What do you need?", "seven answers; the advice stands below at once")
        wanted = st.radio("What comes out of it", WANTED, horizontal=True, key="technique_wanted")
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            cases = st.number_input("Cases a month", 0, 1_000_000, 400, step=10, key="technique_cases")
            ruled = st.slider("Cases that a page of rules settles (%)", 0, 100, 30, key="technique_ruled")
            steps = st.number_input("Steps before a person looks again", 1, 50, 1, key="technique_steps")
        with st.container(horizontal=True, gap="medium"):
            history = st.toggle("A year of cases with outcomes is on record", key="technique_history")
            sources = st.toggle("Current documents say it, each with an owner", key="technique_sources")
            bounded = st.toggle("Limits, approvals and a way back are fixed", key="technique_bounded")
    return Need(
        wanted=wanted,
        ruled_share=ruled / 100,
        has_history=history,
        has_sources=sources,
        steps=int(steps),
        is_bounded=bounded,
        cases_per_month=float(cases),
    )
