"""The phases of the roadmap: which are done, which is now, which are locked, and what each asks for beside what the data show."""

from typing import Any

import polars as pl
import streamlit as st

from pages.parts import address, empty, look, receipt, register_row, tables
from pages.parts.ask import has_rows, mart
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.words import Words

PHASES, CRITERIA = "marts.roadmap_phases", "marts.roadmap_criteria"
COLUMNS = {
    "met_code": 90, "criterion_name": 300, "found_said": 110, "asked_said": 130, "because_text": 420, "owner_name": 190,
}  # fmt: skip
REGISTERS = "marts.registers"
# Criterion → the registers whose rows it counts; all of them where none are named.
OF_REGISTERS: dict[str, tuple[str, ...]] = {
    "roadmap_ownership_gaps": ("ownership",),
    "roadmap_security_gaps": ("security_baseline", "residency"),
    "roadmap_red_rows": (),
}
BEHIND = {
    "owner_name": "Answers for it", "row_name": "What", "register_name": "Register", "verdict_code": "Stands",
    "look_again_date": "Look again",
}  # fmt: skip
LABELS = {
    "met_code": "Stands",
    "criterion_name": "What is asked",
    "found_said": "Found",
    "asked_said": "Asked for",
    "because_text": "Where it was read",
    "owner_name": "Answers for it",
}
NOTE = (
    "A phase is done when all its criteria are met and those before it are done. What it asks for stands on the page Assumptions and is "
    "changed there. What nothing shows counts as not met. Locked phases are counted all the same."
)


def board(visit: Visit) -> None:
    """Draws the strip of phases, the criteria of the picked phase, and one criterion in full."""
    if visit.build is None or not has_rows(visit, PHASES):
        empty.nothing("No roadmap was built yet.", key="roadmap", fix="Refresh once on the Upload page.")
        return
    phases = mart(visit, PHASES, order_by=("phase_no",))
    codes = phases["phase_code"].to_list()
    now = current(phases)
    _strip(visit, phases)
    look.note(NOTE)
    picked = address.value("phase", codes, now)
    st.session_state["roadmap_phase"] = picked
    st.segmented_control(
        "Phase", codes, format_func=dict(phases.select("phase_code", "phase_name").iter_rows()).__getitem__, key="roadmap_phase",
        on_change=lambda: address.write("phase", [st.session_state["roadmap_phase"] or picked]),
    )  # fmt: skip
    _criteria(visit, phases.row(codes.index(picked), named=True))


def current(phases: pl.DataFrame) -> str:
    """The phase to begin with: the one that is now, or the last where all are done."""
    open_ones = phases.filter(pl.col("phase_stands_code") == "now")["phase_code"].to_list()
    return open_ones[0] if open_ones else phases["phase_code"].to_list()[-1]


def said(words: Words, number: float | None, unit: str) -> str:
    """A figure of a criterion in words.

    >>> from pages.parts.words import Words
    >>> w = Words("en_GB", "EUR", "Europe/Berlin")
    >>> said(w, 0.875, "share"), said(w, 12.0, "count"), said(w, 1.0, "met"), said(w, None, "money")
    ('87.5%', '12', 'yes', 'no data')
    """
    if unit == "met" and number is not None:
        return "yes" if number else "no"
    return words.value(number, {"money": "money", "share": "share"}.get(unit, "count"))


def criteria(visit: Visit, phase_code: str) -> pl.DataFrame:
    """The criteria of a phase, with what was found and what is asked in words."""
    found = mart(visit, CRITERIA, where={"phase_code": phase_code}, order_by=("criterion_no",))
    told, words = found.to_dicts(), visit.words
    return found.with_columns(
        found_said=pl.Series(
            [said(words, row["found_number"], row["counted_in_code"]) for row in told], dtype=pl.String
        ),
        asked_said=pl.Series([asked(words, row) for row in told], dtype=pl.String),
    )


def asked(words: Words, row: dict[str, Any]) -> str:
    """What a criterion asks for: at least so much, at most so much."""
    told = said(words, row["asked_number"], row["counted_in_code"])
    return told if row["counted_in_code"] == "met" else f"{row['compared_code']} {told}"


def _strip(visit: Visit, phases: pl.DataFrame) -> None:
    with st.container(key="panel_roadmap"):
        for place, row in zip(st.columns(phases.height), phases.iter_rows(named=True), strict=True):
            with place, st.container(gap="xsmall", key=f"phase_{row['phase_code']}"):
                look.title(f"{row['phase_no']} {row['phase_name']}")
                register_row.badge(row["phase_stands_code"])
                st.markdown(plain(row["because_text"]))
                look.note(row["aim_text"])
        receipt.table_button(visit, phases, title="Phases", source=PHASES, chosen=None, key="receipt_roadmap")


def _criteria(visit: Visit, phase: dict[str, Any]) -> None:
    rows = criteria(visit, phase["phase_code"])
    picked = tables.show(
        visit, rows, name="roadmap_criteria", title=f"What {phase['phase_name'].lower()} asks for", columns=COLUMNS, labels=LABELS,
        units={"met_code": "verdict"}, source=CRITERIA, pick=True, note=phase["focus_text"],
    )  # fmt: skip
    if rows.is_empty():
        return
    unmet = rows.filter(~pl.col("is_met"))
    _one(visit, picked or (unmet if unmet.height else rows).row(0, named=True))


def _one(visit: Visit, row: dict[str, Any]) -> None:
    """One criterion in full, with the way to the page where its figure can be looked at."""
    with st.container(key="panel_roadmap_one"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            look.title(row["criterion_name"])
            register_row.badge(row["met_code"])
        st.markdown(plain(row["because_text"]))
        look.pairs(
            {
                "Found": row["found_said"],
                "Asked for": row["asked_said"],
                "Answers for it": row["owner_name"],
                "Read in": row["seen_in_name"],
                # Where nothing is known, the sentence above says it already.
                **({"What shows it": row["tells_text"]} if row["met_code"] == "not met" else {}),
            }
        )
        if row["criterion_code"] in OF_REGISTERS:
            _behind(visit, row["criterion_code"])
        with st.container(horizontal=True, gap="medium"):
            door(visit, row["page_name"], "Look at the figure", {})
            door(visit, "assumptions", "Change what is asked for", {"assumption": row["criterion_code"]})


def behind(visit: Visit, criterion_code: str) -> pl.DataFrame:
    """The rows of registers that keep a criterion from being met: what, who answers for it, and how it stands."""
    rows = mart(visit, REGISTERS, order_by=("owner_name", "register_code", "row_code"))
    wanted = OF_REGISTERS[criterion_code]
    mine = rows.filter(pl.col("register_code").is_in(wanted)) if wanted else rows
    red = pl.col("is_red")
    if criterion_code == "roadmap_ownership_gaps":
        red = ~pl.col("verdict_code").is_in(["in place", "not applicable"])
    return mine.filter(red).select("owner_name", "row_name", "register_name", "verdict_code", "look_again_date")


def _behind(visit: Visit, criterion_code: str) -> None:
    found = behind(visit, criterion_code)
    if found.height:
        tables.show(visit, found, name="roadmap_behind", title="Who must do what", columns=list(BEHIND), labels=BEHIND,
                    units={"verdict_code": "verdict"}, source=REGISTERS)  # fmt: skip


def door(visit: Visit, to: str, label: str, query: dict[str, str]) -> None:
    """Draws a link to another page of the same company; nothing where there is no such page."""
    found = visit.door(to)
    if found is not None:
        words = {"company": visit.company.name} | query
        st.page_link(found, label=label, icon=":material/arrow_forward:", query_params=words)
