"""The techniques that people chose for needs: the form that keeps a choice, the choices kept, and each with the answers behind it."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from decisions.acts import Acted
from decisions.desk import Desk
from errors import Refusal
from models.ai_economics.technique import TECHNIQUES, Advice, Need, to_beat
from pages.parts import acting, at_desk, look, notice, rights, tables
from pages.parts.ai_registry import Held
from pages.parts.page import Visit
from pages.parts.placement_record import seal
from pages.parts.words import Words

# The answers by the columns of the mart; they stand in the download and in the detail.
ANSWERS = {
    "wanted_text": "wanted", "ruled_share": "ruled_share", "has_history": "has_history", "has_sources": "has_sources",
    "step_count": "steps", "is_bounded": "is_bounded", "monthly_case_number": "cases_per_month",
}  # fmt: skip
NOWHERE = "none"
NOTHING = "Nothing changed: the choice is kept so already."
LABELS = {
    "need_name": "Need", "decided_at": "Chosen", "author_name": "By", "advised_technique_code": "Advised then",
    "technique_code": "Chosen technique", "is_off_advice": "Leaves the advice", "use_case_id": "Use case", "beaten_text": "It must beat",
    "reason_text": "Why",
}  # fmt: skip
NOTE = "As the ledger says now; the latest choice of each need. Rows for programs are in marts.technique_choices from the next refresh on."


def form(visit: Visit, desk: Desk, held: Sequence[Held], need: Need, found: Advice) -> None:
    """Draws the form that keeps a choice for the need that is described above it, for whoever may; `held` is the registry."""
    with st.container(key="panel_technique_keep"):
        look.title("Keep the choice", "with the answers and the advice of now")
        if not rights.need(visit, "choose_technique"):
            return
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            name = st.text_input(
                "The need, in a few words", key="technique_name", placeholder="late lines of suppliers"
            )
            place = TECHNIQUES.index(found.technique)
            technique = st.selectbox("Technique", TECHNIQUES, index=place, key=f"technique_of_{found.technique}")
            cases = {one.case.use_case_id: one.case.name for one in held}
            use_case_id = st.selectbox(
                "Use case", [NOWHERE, *cases], key="technique_case",
                format_func=lambda one: f"{one} · {cases[one]}" if one in cases else NOWHERE,
            )  # fmt: skip
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            beats = st.text_input("It must beat", key="technique_beats", placeholder=to_beat(found, technique))
            hint = (
                "may stay empty: it is what is advised"
                if technique == found.technique
                else "a sentence: it leaves the advice"
            )
            reason = st.text_input("Why", key="technique_why", placeholder=hint)
        if st.button("Keep the choice", type="primary", key="technique_keep"):
            case = "" if use_case_id == NOWHERE else use_case_id
            try:
                made = desk.choose_technique(name, need, technique, reason, beats=beats, use_case_id=case)
            except Refusal as refused:
                notice.refusal(refused)
                return
            acting.tell(
                NOTHING if made is None else f"{made.subject}: {technique}. The choice is kept, with what was advised."
            )
            st.rerun()


def board(visit: Visit, desk: Desk) -> None:
    """Draws the choices in force, the latest first, and the one that is picked with its answers; nothing where there are none."""
    acts = list(reversed(desk.book.ai.techniques.values()))
    if not acts:
        look.note("No choice is kept yet.")
        return
    picked = tables.show(
        visit, frame(acts), name="technique_choices", title="Choices kept", columns=list(LABELS), labels=LABELS, note=NOTE, pick=True
    )  # fmt: skip
    if picked is not None:
        act = desk.book.ai.techniques[picked["need_name"]]
        with st.container(key="panel_technique_choice"):
            look.title(act.subject, f"act of {visit.words.instant(act.at)} by {act.who}")
            look.pairs(described(act, visit.words))


def frame(acts: list[Acted]) -> pl.DataFrame:
    """The choices as rows, in the columns of the mart."""
    return pl.DataFrame([_row(act) for act in acts])


def described(act: Acted, words: Words) -> dict[str, str]:
    """One choice in full: the seven answers as they were given, the advice of then, and what was chosen."""
    said = act.payload
    need = Need(**said["need"])
    is_off = said["technique"] != said["advised"]
    return {
        "What comes out of it": need.wanted,
        "Cases a month": words.number(need.cases_per_month),
        "Settled by a page of rules": words.share(need.ruled_share),
        "Steps before a person looks again": words.count(need.steps),
        "A year of cases on record": _yes(need.has_history),
        "Current documents with an owner": _yes(need.has_sources),
        "Limits, approvals and a way back": "fixed" if need.is_bounded else "not fixed",
        "Advised then": f"{said['advised']}. {said['because']}",
        "Missing then": "; ".join(said["missing"]) or "nothing",
        "Chosen": f"{said['technique']}{', which leaves the advice' if is_off else ', as advised'}",
        "Why": said["reason"] or "as advised",
        "It must beat, as long as it runs": said["beats"],
        "Use case": said["use_case_id"] or NOWHERE,
        "In the ledger": seal(act),
    }


def of_use_case(visit: Visit, use_case_id: str) -> dict[str, str]:
    """The line of a use case that says which technique was chosen for its needs; none where nobody has chosen."""
    acts = at_desk.desk(visit).book.ai.techniques_of(use_case_id)
    return {"Technique chosen": "; ".join(_told(act, visit.words) for act in acts)} if acts else {}


def _told(act: Acted, words: Words) -> str:
    said = act.payload
    advised = "as advised" if said["technique"] == said["advised"] else f"advised was {said['advised']}"
    return f"{said['technique']} for {act.subject} ({advised}), by {act.who}, {words.instant(act.at)}; must beat {said['beats']}"


def _row(act: Acted) -> dict[str, Any]:
    said = act.payload
    return {
        "need_name": act.subject, "decided_at": act.at, "author_name": act.who, "advised_technique_code": said["advised"],
        "technique_code": said["technique"], "is_off_advice": said["technique"] != said["advised"],
        "use_case_id": said["use_case_id"] or None, "beaten_text": said["beats"], "reason_text": said["reason"],
        **{column: said["need"][answer] for column, answer in ANSWERS.items()},
    }  # fmt: skip


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
