"""The records of placement decisions: who decided what, when, why, on which figures; each as a page that an auditor can follow."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from decisions.acts import Acted
from decisions.desk import Desk
from models.ai_economics.placement_tables import WEIGHT
from pages.parts import empty, export, look, tables
from pages.parts.ai_registry import Held
from pages.parts.board import BOLD, Paper
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.placement_map import TITLES

LABELS = {
    "use_case_id": "Use case", "decided_at": "Decided", "who_name": "By", "way_name": "Runs at", "advised_name": "Advised then",
    "reason_text": "Why",
}  # fmt: skip
LEVERS = 6


def board(visit: Visit, desk: Desk, held: Sequence[Held]) -> None:
    """Draws the decisions and the one that is picked, with its printed page."""
    placed = desk.book.ai.placed
    if not placed:
        empty.nothing(
            "Nobody has decided where a use case runs.", key="placement_records", fix="Decide under One use case."
        )
        return
    acts = sorted(placed.values(), key=lambda act: act.at, reverse=True)
    frame = pl.DataFrame(
        [
            {
                "use_case_id": act.subject, "decided_at": act.at, "who_name": act.who, "way_name": TITLES[act.payload["way"]],
                "advised_name": advised(act), "reason_text": act.payload["reason"],
            }
            for act in acts
        ]
    )  # fmt: skip
    picked = tables.show(
        visit,
        frame,
        name="placement_records",
        title="Decisions in force",
        columns=list(LABELS),
        labels=LABELS,
        pick=True,
    )
    act = placed[picked["use_case_id"]] if picked is not None else acts[0]
    named = {one.case.use_case_id: one.case.name for one in held}
    lines = record(visit, act, named.get(act.subject, ""))
    with st.container(key="panel_placement_record"):
        look.title(lines[0][1], lines[1][1])
        for kind, said in lines[2:]:
            st.markdown(f"**{plain(said)}**" if kind == "head" else plain(said))
        st.download_button(
            "Record (PDF)", data=partial(printed, lines), file_name=export.file_name(visit, f"placement_{act.subject}", "pdf"),
            mime="application/pdf", key="placement_pdf", icon=":material/picture_as_pdf:", on_click="ignore",
        )  # fmt: skip


def advised(act: Acted) -> str:
    """What was advised when it was decided."""
    return next((TITLES[row["way_code"]] for row in act.payload["record"]["ways"] if row["is_way_advised"]), "nothing")


def record(visit: Visit, act: Acted, name: str) -> list[tuple[str, str]]:
    """The record in lines, from the act alone: what was frozen in it, however the figures have moved since.

    Each line is a kind ("title", "under", "head", "line") and its text.
    """
    said, words = act.payload, visit.words
    known = said["record"]
    lines = [
        ("title", f"Decision: where {act.subject} {name} runs".replace("  ", " ")),
        (
            "under",
            f"{visit.company.company_title} · act {act_id(act)} · decided on {words.instant(act.at)} by {act.who}",
        ),
        ("line", f"Decided: {TITLES[said['way']]}. Why: {said['reason']}"),
        ("line", f"Advised then: {advised(act)}. Figures of build {known['build_id']}, data to {known['as_of']}."),
        ("head", "The ways, money a year"),
    ]
    lines += [("line", _way(visit, row)) for row in known["ways"]]
    lines.append(("head", "What the seven steps said against a way or for the one decided"))
    lines += [
        ("line", f"{TITLES[row['way_code']]}, step {row['gate_no']} {row['gate_name']}: {row['gate_code']}. {row['because_text']}")
        for row in known["gates"]
        if row["gate_code"] == "forbids" or row["way_code"] == said["way"]
    ]  # fmt: skip
    lines.append(("head", "Where the choice would turn"))
    lines += [("line", row["because_text"]) for row in nearest(known["flips"])]
    lines.append(("head", "What it rests on"))
    lines += [
        (
            "line",
            f"{row['place_name']}: {row['because_text']}"
            if row["place_name"] != "*"
            else f"{row['estate_part_name']}: {row['part_number']:.2g} of 5. {row['because_text']}",
        )
        for row in known.get("estate", ())
    ]
    lines += [("line", f"{name}: {text}") for name, text in known.get("basis", {}).items()]
    return lines


def nearest(flips: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The flip points that are fewest times away; figures that turn nothing, and weights, which move points alone, left out."""
    known = [row for row in flips if row["factor_number"] and not row["lever_code"].startswith(WEIGHT)]
    return sorted(known, key=lambda row: max(row["factor_number"], 1 / row["factor_number"]))[:LEVERS]


def act_id(act: Acted) -> str:
    """The id of the act in the ledger, by which an auditor finds it."""
    return str(getattr(act, "act_id", ""))


def printed(lines: Sequence[tuple[str, str]]) -> bytes:
    """The record as one page."""
    return paper(lines).done()


def paper(lines: Sequence[tuple[str, str]], *, is_compressed: bool = True) -> Paper:
    """The page with every line drawn on it, smaller where there is much to say."""
    page = Paper(is_compressed=is_compressed)
    page.canvas.setTitle(lines[0][1])
    size = 8.5 if len(lines) < 35 else 7.0
    for kind, said in lines:
        if kind == "head":
            page.at -= 8
        style = {"title": (13.0, BOLD), "head": (9.5, BOLD)}.get(kind)
        if style:
            page.block(said, size=style[0], font=style[1])
        else:
            page.block(said, size=size, colour=page.ink.muted if kind == "under" else "")
        page.at -= 2
    return page


def _way(visit: Visit, row: Mapping[str, Any]) -> str:
    words = visit.words
    title = TITLES[row["way_code"]]
    if not row["is_way_possible"]:
        return f"{title}: forbidden. {row['because_text']}"
    if row["way_cost"] is None:
        return f"{title}: possible; no price is known."
    parts = ", ".join(
        f"{name} {words.money_exact(Decimal(row[column]))}"
        for name, column in (
            ("calls", "model_cost"), ("upkeep", "upkeep_cost"), ("control", "control_cost"), ("to be bought", "shared_cost"),
            ("hours without it", "outage_cost"),
        )
    )  # fmt: skip
    advised = " Advised." if row["is_way_advised"] else ""
    return (
        f"{title}: {words.money_exact(Decimal(row['way_cost']))} ({parts}); {words.share(row['served_share'])} of what is asked is served "
        f"in time; {row['way_points_number']:.1f} points; best with {words.share(row['win_share'])} of all weights.{advised}"
    )
