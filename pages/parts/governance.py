"""The governance pack on the screen: the verdict, the figures with their receipts, each section with the pages behind it, and the sheet."""

from bisect import bisect_left
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from decisions.desk import Desk
from pages.parts import (
    ai_head,
    empty,
    export,
    governance_autonomy,
    governance_business,
    governance_roadmap,
    governance_sheet,
    governance_standing,
    governance_technical,
    kpi,
    look,
)
from pages.parts.ask import has_rows
from pages.parts.chosen import Chosen
from pages.parts.figures import Figure, figure
from pages.parts.governance_pack import Pack, Section
from pages.parts.notice import plain
from pages.parts.page import Visit

SHOWN = 7
NOTE = (
    "The sheet prints what stands here, word for word: one sheet of A4 for the council, on both sides where one is too small to read. "
    "Each figure opens its receipt, and each section the pages where its rows can be looked at. Registers and decisions are as people "
    "have said by now; the rest is of the build."
)


def board(visit: Visit, desk: Desk) -> None:
    """Draws the pack, its download, and every section."""
    if visit.build is None or visit.as_of is None:
        empty.nothing("There is nothing to govern yet.", key="governance", fix="Upload extracts and refresh once.")
        return
    held = pack(visit, desk)
    with st.container(key="panel_governance_head"):
        look.title("One sheet for the council", held.under)
        st.subheader(plain(held.verdict), anchor=False)
        look.note(NOTE)
        st.download_button(
            "Governance pack (PDF)", data=partial(governance_sheet.drawn, held), mime="application/pdf", key="governance_pdf",
            file_name=export.file_name(visit, "governance_pack", "pdf"), icon=":material/picture_as_pdf:", on_click="ignore",
        )  # fmt: skip
    if held.figures:
        kpi.strip(visit, Chosen(visit.as_of, visit.as_of, "none"), held.figures)
    for section in held.sections:
        _section(visit, section)


def pack(visit: Visit, desk: Desk) -> Pack:
    """The pack of the build that is looked at, with what people have said since it was made."""
    rows = governance_standing.standing(visit, desk)
    sections = (
        governance_standing.asked(visit, desk, rows),
        governance_business.section(visit),
        governance_roadmap.success(visit),
        governance_technical.section(visit, desk),
        governance_standing.section(visit, rows),
        governance_standing.red(visit, rows),
        governance_autonomy.section(visit, desk, rows),
        governance_autonomy.kinds(visit, desk),
        governance_standing.placement(visit, desk),
        governance_technical.versions(visit, desk),
    )
    held = Pack(
        title=f"Governance pack: {visit.company.company_title}",
        under=f"data to {visit.words.date(visit.as_of)} · build {visit.build.build_id} · registers and decisions as of act "
        f"{desk.book.last_no:,} · money in {visit.company.reporting_currency}",
        verdict=governance_business.verdict(visit),
        figures=_leading(visit),
        sections=tuple(one for one in sections if one.lines),
    )
    return _on_one_sheet(visit, held, rows)


def _on_one_sheet(visit: Visit, held: Pack, rows: list[dict[str, Any]]) -> Pack:
    """The pack with as many of the red rows by name as stand on both sides of one sheet, the most important first."""

    def naming(most: int) -> Pack:
        shorter = governance_standing.red(visit, rows, most)
        return replace(held, sections=tuple(shorter if one.key == "red" else one for one in held.sections))

    if governance_sheet.fits(held):
        return held
    counts = range(1, sum(row["is_red"] for row in rows) + 1)
    return naming(bisect_left(counts, True, key=lambda most: not governance_sheet.fits(naming(most))))


def _leading(visit: Visit) -> tuple[Figure, ...]:
    """The figures that stand first: value, cost and decisions of business, and how the registers stand."""
    head = ai_head.head(visit)
    found: list[Figure] = [] if head is None else [head.last]
    business = (one for line in governance_business.section(visit).lines for one in line.figures)
    found += [one for one in business if one.title not in [other.title for other in found]]
    if has_rows(visit, governance_standing.ROWS):
        found = [*found[: SHOWN - 1], figure(visit, governance_standing.NUMBER)]
    return tuple(found[:SHOWN])


def _section(visit: Visit, section: Section) -> None:
    """One section: its lines, then the receipts and pages behind them."""
    with st.container(key=f"panel_governance_{section.key}"):
        look.title(section.title, section.note)
        look.pairs({line.name: line.said for line in section.lines})
        with st.container(
            horizontal=True, gap="small", vertical_alignment="center", key=f"governance_behind_{section.key}"
        ):
            told = {one.title: one for line in section.lines for one in line.figures}
            for nth, one in enumerate(told.values()):
                kpi.number(visit, one, key=f"governance_{section.key}_{nth}", label=f"Receipt: {one.title}")
            _doors(visit, section)


def _doors(visit: Visit, section: Section) -> None:
    """A way to each page that the lines name, once."""
    seen: dict[str, dict[str, str]] = {}
    for line in section.lines:
        seen.setdefault(line.door, dict(line.query))
    for address, query in seen.items():
        door = visit.door(address)
        if door is not None:
            st.page_link(
                door, label=door.title, icon=":material/arrow_forward:", query_params={"company": visit.company.name, **query}
            )  # fmt: skip
