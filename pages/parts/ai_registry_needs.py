"""The fields of what a use case needs of the place where its model runs, and from what was typed the part of its definition."""

from functools import cache
from typing import Any

import streamlit as st

from models.ai_economics.placement_needs import (
    CHOICES,
    FLAGS,
    LISTS,
    MAY_BE_EMPTY,
    NUMBERS,
    TEXTS,
    Needs,
    needs,
    usual_needs,
)
from pages.parts import look
from pipelines.contract import contracts
from pipelines.use_cases import templates

TITLE = "What it needs of the place where it runs"
NOTE = (
    "Placement reads these: where the use case may run, what an outage loses, what would lie at a site. What the "
    "definition does not say is taken as of a use case of its kind: the careful answer, that leaves it with the centre."
)
NUMBER_SAID = {
    "longest_seconds": ("An answer is too late after, seconds", ""),
    "answer_tokens": ("Tokens of one answer", "For how long an answer takes to write."),
    "data_dependency": ("Enterprise context that it needs, 0 to 1", "1: all of orders, stock, suppliers and finance; 0: what is at hand."),
    "offline_share": ("Work done while the line may be missing, share", "Of its work, what is done where or when the line may be down."),
    "manual_share": ("Carried on by hand in an outage, share", "The part of an outage's loss that people prevent by hand."),
}  # fmt: skip
FLAG_SAID = {
    "must_work_offline": "It must go on without the line",
    "must_stay": "Its data may not leave machines of our own",
}
CHOICE_SAID = {
    "data_class": "Class of its data",
    "tier": "Smallest model that does the work",
    "task": "What the model does",
    "on_incomplete": "When ERP or WMS data are missing",
}
NOBODY = "nobody has said"
INCOMPLETE_SAID = {
    "": NOBODY,
    "degrade": "degrade: it answers without them, and says so",
    "hold": "hold: the case waits until they are there",
    "escalate": "escalate: the case goes to a person",
}
TEXT_SAID = {
    "edge_does": "What the site does, where both work together",
    "centre_does": "What the centre does",
    "sync_rule": "What is brought to a site when, and what happens when it is old",
}
CHECK_SAID = "What checks its action before it happens (none: it only advises)"
LIST_SAID = {
    "minimum_data": ("Fields that must lie at a site, and nothing else", "Without any it cannot work at a site."),
    "hand_over": ("Fields that go from the site to the centre", ""),
}
OUTAGE = "Cost of an hour without it"
OUTAGE_SAID = "Of business, over the whole network, in a company of 200,000 orders a year; counted here by our orders."
ENDS = ("lowest", "likeliest", "highest")


def fields(held: dict[str, Any], *, key: str) -> dict[str, Any]:
    """Draws the fields in an expander and gives what differs from what would be taken anyway, with all that was said before.

    Args:
        held: the definition as it stands, with the kind of work filled in.
        key: of the form.
    """
    said = dict(held.get("needs") or {})
    shown = needs(said, usual_needs(held["domain"], held["pattern"], bool(held["writes"]), held["action_risk"]))
    with st.expander(TITLE):
        look.note(NOTE)
        typed = {**_numbers(shown, key), **_kinds(shown, key), **_words(shown, key)}
    changed = {name: one for name, one in typed.items() if one != _plain(getattr(shown, name))}
    return said | changed


def _numbers(shown: Needs, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for name in NUMBERS:
            label, more = NUMBER_SAID[name]
            found[name] = _number(label, getattr(shown, name), f"uc_{key}_need_{name}", more)
    with st.container(horizontal=True, gap="small"):
        found["outage_cost_per_hour"] = [
            _number(f"{OUTAGE}, {end}", part, f"uc_{key}_need_outage_{end}", OUTAGE_SAID)
            for end, part in zip(ENDS, shown.outage_cost_per_hour, strict=True)
        ]
    return found


def _kinds(shown: Needs, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with st.container(horizontal=True, gap="small"):
        for name in FLAGS:
            found[name] = st.checkbox(FLAG_SAID[name], value=getattr(shown, name), key=f"uc_{key}_need_{name}")
    with st.container(horizontal=True, gap="small"):
        for name, known in CHOICES.items():
            options = ("", *known) if name in MAY_BE_EMPTY else known
            now = getattr(shown, name)
            found[name] = st.selectbox(
                CHOICE_SAID[name], options, index=options.index(now) if now in options else 0, key=f"uc_{key}_need_{name}",
                format_func=lambda one: INCOMPLETE_SAID.get(one, one),
            )  # fmt: skip
    return found


def _words(shown: Needs, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "validation": st.text_input(CHECK_SAID, value=shown.validation, key=f"uc_{key}_need_validation").strip()
    }
    for name in TEXTS:
        found[name] = st.text_area(
            TEXT_SAID[name], value=getattr(shown, name), key=f"uc_{key}_need_{name}", height=80
        ).strip()
    for name in LISTS:
        label, more = LIST_SAID[name]
        now = list(getattr(shown, name))
        found[name] = st.multiselect(
            label,
            sorted({*columns(), *now}),
            default=now,
            key=f"uc_{key}_need_{name}",
            help=more or None,
            placeholder="none",
        )
    return found


@cache
def columns() -> frozenset[str]:
    """What may lie at a site or be handed over: the columns of extracts, and what the catalogue names besides."""
    extracts = {one.name for contract in contracts().values() for one in contract.columns}
    told = [said.get("needs", {}) for said in templates().values()]
    return frozenset(extracts | {name for one in told for part in LISTS for name in one.get(part, ())})


def _number(label: str, value: float, key: str, said: str = "") -> float:
    return float(
        st.number_input(label, min_value=0.0, value=float(value), step=None, format="%g", key=key, help=said or None)
    )


def _plain(told: Any) -> Any:
    """A part as a form gives it: lists, not tuples."""
    return list(told) if isinstance(told, tuple) else told
