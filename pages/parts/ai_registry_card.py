"""The card of a use case: its four sentences beside what evidence says of it, and the fields in which people say them."""

from typing import Any

import streamlit as st

from models.ai_economics.card import SENTENCES
from models.ai_economics.maturity import STEPS
from models.ai_economics.use_case import UseCase
from pages.parts import look
from pages.parts.ai_registry import Held
from pages.parts.notice import plain

UNSAID = "not said"
LABELS = {
    "does": "What it does",
    "does_not": "What it does not do",
    "trust_when": "When to trust it",
    "escalate_when": "When a person takes over",
}
HELP = "One sentence. What nobody says is shown as a gap on the card."
# How far trust goes by evidence, as a badge: its words, colour and icon.
UNKNOWN = ("trust known after the next refresh", "gray", ":material/schedule:")
NO_TRUST = ("no evidence yet", "gray", ":material/help:")
LESS = ("trusted less far than it works", "orange", ":material/warning:")
AS_FAR = ("trusted as far as it works", "green", ":material/verified:")
FURTHER = ("trusted further than it works", "green", ":material/verified:")


def draw(held: Held) -> None:
    """Draws the card: what people say of the use case on the left, what evidence says on the right, and what is not said."""
    left, right = st.columns(2)
    with left:
        look.pairs(sentences(held.case))
    with right:
        look.pairs(earned(held))
    if gap := unsaid(held.case):
        st.markdown(f":material/edit_note: {plain(gap)}")


def badge(held: Held) -> None:
    """Draws how far trust in it goes by evidence."""
    word, colour, icon = trust(held)
    st.badge(word, color=colour, icon=icon)  # type: ignore[arg-type]  # one of the colours that a badge knows


def trust(held: Held) -> tuple[str, str, str]:
    """How far trust goes now against the step on which it works: words, colour and icon of a badge."""
    told = held.ranked
    if not told:
        return UNKNOWN
    if not held.case.is_running:
        return NO_TRUST
    if not told["is_step_earned"]:
        return LESS
    is_further = STEPS.index(told["earned_step_name"]) > STEPS.index(told["works_on_step_name"])
    return FURTHER if is_further else AS_FAR


def sentences(case: UseCase) -> dict[str, str]:
    """The four sentences by their labels; what nobody has said reads so."""
    return {LABELS[name]: getattr(case.card, name).strip() or UNSAID for name in SENTENCES}


def unsaid(case: UseCase) -> str:
    """What the card leaves open, in a sentence; empty where it says all."""
    if not case.card.unsaid:
        return ""
    what = ", ".join(LABELS[name][:1].lower() + LABELS[name][1:] for name in case.card.unsaid)
    return f"A gap: nobody has said {what}. Say it below, under Change the numbers and words of {case.use_case_id}."


def earned(held: Held) -> dict[str, str]:
    """The step of trust on which it works and the evidence that it was earned."""
    told = held.ranked
    if not told:
        return {"Trust": "Known after the next refresh."}
    stands = "earned" if told["is_step_earned"] else "NOT earned: do not scale"
    return {
        "Works on": f"{told['works_on_step_name']} ({stands})" if held.case.is_running else "not begun",
        "Has earned": f"{told['earned_step_name']}. {told['step_because_text']}",
        "Rank": f"{told['rank_no']}, {told['total_score_number']:.0f} of 100 points. {told['because_text']}",
    }


def fields(held: dict[str, Any], *, key: str) -> dict[str, str]:
    """Draws the four sentences as fields and gives those that are said, or were; empty where nobody has said anything.

    Args:
        held: the definition as it stands. key: of the form.
    """
    said = held.get("card") or {}
    st.markdown("**Its card, for whoever works with it**")
    found: dict[str, str] = {}
    for name in SENTENCES:
        before = str(said.get(name, ""))
        typed = st.text_area(LABELS[name], value=before, key=f"uc_{key}_card_{name}", height=80, help=HELP).strip()
        if typed or before:
            found[name] = typed
    return found
