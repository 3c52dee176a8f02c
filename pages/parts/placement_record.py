"""The records of placement decisions: who decided what, when, why, on which figures; each as a page that an auditor can follow."""

import datetime as dt
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
from pages.parts.board import BOLD, PLAIN, Paper, height_of
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.placement_map import TITLES

LABELS = {
    "use_case_id": "Use case", "decided_at": "Decided", "who_name": "By", "way_name": "Runs at", "advised_name": "Advised then",
    "reason_text": "Why",
}  # fmt: skip
LEVERS = 6
SMALL = 7.5
AFTER = 30  # a heading never stands alone at the foot of a side
# Size, font and room above of each kind of line.
STYLES = {
    "title": (13.0, BOLD, 0), "under": (8.0, PLAIN, 2), "head": (9.5, BOLD, 9), "line": (8.0, PLAIN, 2.5), "assumed": (SMALL, PLAIN, 1),
}  # fmt: skip


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
            if kind != "assumed":
                st.markdown(f"**{plain(said)}**" if kind == "head" else plain(said))
        if behind := [said for kind, said in lines if kind == "assumed"]:
            with st.expander(f"All {len(behind)} of them"):
                st.markdown("\n".join(f"- {plain(said)}" for said in behind))
        st.download_button(
            "Record (PDF)", data=partial(printed, lines), file_name=export.file_name(visit, f"placement_{act.subject}", "pdf"),
            mime="application/pdf", key="placement_pdf", icon=":material/picture_as_pdf:", on_click="ignore",
        )  # fmt: skip


def advised(act: Acted) -> str:
    """What was advised when it was decided."""
    return next((TITLES[row["way_code"]] for row in act.payload["record"]["ways"] if row["is_way_advised"]), "nothing")


def record(visit: Visit, act: Acted, name: str) -> list[tuple[str, str]]:
    """The record in lines, from the act alone: what was frozen in it, however the figures have moved since.

    Each line is a kind ("title", "under", "head", "line", "assumed") and its text.
    """
    said, words = act.payload, visit.words
    known = said["record"]
    roles = f" ({', '.join(said['roles'])})" if said.get("roles") else ""
    lines = [
        ("title", f"Decision: where {act.subject} {name} runs".replace("  ", " ")),
        ("under", f"{visit.company.company_title} · decided on {words.instant(act.at)} by {act.who}{roles}"),
        ("line", f"Decided: {TITLES[said['way']]}. Why: {said['reason']}"),
        ("line", f"Advised then: {advised(act)}. {_figures(visit, known)}"),
        ("line", seal(act)),
        ("head", "The ways, money a year"),
    ]
    lines += [("line", _way(visit, row, known)) for row in known["ways"]]
    lines += _points(known)
    lines.append(("head", "What the seven steps said against a way, for the one decided and for the one advised"))
    told = {said["way"], *(row["way_code"] for row in known["ways"] if row["is_way_advised"])}
    lines += [
        ("line", f"{TITLES[row['way_code']]}, step {row['gate_no']} {row['gate_name']}: {row['gate_code']}. {row['because_text']}")
        for row in known["gates"]
        if row["gate_code"] == "forbids" or row["way_code"] in told
    ]  # fmt: skip
    lines.append(("head", f"Where the advice would turn away from {advised(act)}"))
    lines += [("line", row["because_text"]) for row in nearest(known["flips"])]
    lines.append(("head", "What it rests on"))
    lines += [("line", _part(visit, row, known)) for row in known.get("estate", ())]
    lines += [("line", f"{name}: {text}") for name, text in known.get("basis", {}).items()]
    if known.get("assumptions"):
        lines.append(("head", "The assumptions that placement reads, those that move its figures most first"))
        lines += [("assumed", _assumed(visit, row)) for row in known["assumptions"]]
    return lines


def seal(act: Acted) -> str:
    """The act as the ledger holds it, by which an auditor finds it and sees whether it was changed."""
    number, sealed, before = (getattr(act, name, "") for name in ("act_no", "act_hash", "previous_hash"))
    if not sealed:
        return "The ledger gives this act no seal here."
    return (
        f"Act {number:,} of the ledger, id {act_id(act)}. Seal {sealed}, over the act before it with seal {before}. "
        "Decisions, tab Every act, Verify every seal, works out the whole chain again."
    )


def _figures(visit: Visit, known: Mapping[str, Any]) -> str:
    """The build that stood before whoever decided, and whose clock the dates are of."""
    built = known.get("built_at")
    made = f", made on {visit.words.instant(dt.datetime.fromisoformat(built))}" if built else ""
    own_time = (
        " A demo company decides in the time of its own world, so the decision is dated into the morning after its data."
        if visit.company.is_demo
        else ""
    )
    return f"Figures of build {known['build_id']}{made}, data to {known['as_of']}.{own_time}"


def _points(known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What each possible way scored on each criterion and why; the weights stand among the assumptions."""
    scored = [row for row in known["ways"] if row.get("points_text")]
    return [
        ("head", "How the possible ways score, 0 to 100; scores explain and never override a step"),
        *(("line", f"{TITLES[row['way_code']]}: {_criteria(row)}. {row['points_text']}.") for row in scored),
    ] if scored else []  # fmt: skip


def _criteria(row: Mapping[str, Any]) -> str:
    ending = "_points_number"
    named = {name.removesuffix(ending): row[name] for name in row if name.endswith(ending) and name != f"way{ending}"}
    return ", ".join(f"{name.replace('_', ' ')} {points:.1f}" for name, points in named.items() if points is not None)


def _part(visit: Visit, row: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """One part of the estate: a site's line, a figure of readiness, or what something would cost a year."""
    cost = "" if row.get("part_cost") is None else visit.words.money_exact(Decimal(row["part_cost"]))
    if row["place_name"] != "*":
        second = f" A second line there costs {cost} a year." if cost else ""
        unsaid = "" if row["place_name"] in known.get("lines", {}) else " Nobody has said which line it has."
        return f"{row['place_name']}: {row['because_text']}{second}{unsaid}"
    if cost:
        return f"{row['estate_part_name'].capitalize()}: {cost} a year. {row['because_text']}"
    return f"{row['estate_part_name'].capitalize()}: {row['part_number']:.2g} of 5. {row['because_text']}"


def _assumed(visit: Visit, row: Mapping[str, Any]) -> str:
    """One assumption: its name, value, range, unit and grade."""
    value, low, high = (f"{row[name]:,.6g}" for name in ("assumed_number", "low_number", "high_number"))
    unit = row["unit_name"].replace("reporting currency", visit.words.currency)
    grade = row["source_grade"] if row["source_grade"] == "assumption" else f"grade {row['source_grade']}"
    words = row["assumption_name"].removeprefix("ai_").split("_")
    name = " ".join(word.upper() if word in ("api", "lte") else word for word in words)
    return f"{name[:1].upper()}{name[1:]}: {value} ({low} to {high}) {unit}; {grade}"


def nearest(flips: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The flip points that are fewest times away; figures that turn nothing, and weights, which move points alone, left out."""
    known = [row for row in flips if row["factor_number"] and not row["lever_code"].startswith(WEIGHT)]
    return sorted(known, key=lambda row: max(row["factor_number"], 1 / row["factor_number"]))[:LEVERS]


def act_id(act: Acted) -> str:
    """The id of the act in the ledger, by which an auditor finds it."""
    return str(getattr(act, "act_id", ""))


def printed(lines: Sequence[tuple[str, str]]) -> bytes:
    """The record as a file to be printed."""
    return paper(lines).done()


def paper(lines: Sequence[tuple[str, str]], *, is_compressed: bool = True) -> Paper:
    """Every line drawn, on as many sides as it takes."""
    page = Paper(is_compressed=is_compressed)
    page.canvas.setTitle(lines[0][1])
    for kind, said in lines:
        size, font, above = STYLES.get(kind, STYLES["line"])
        below = AFTER if kind == "head" else 0
        page.room(above + height_of(said, size=size, font=font) + below, lines[0][1], size=SMALL)
        page.at -= above
        page.block(said, size=size, font=font, colour=page.ink.muted if kind == "under" else "")
    return page


def _way(visit: Visit, row: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """A way with its cost in parts, what an hour without it costs, its points; of a forbidden one, why, and what it would cost."""
    words, title = visit.words, TITLES[row["way_code"]]
    if not row["is_way_possible"]:
        would = "" if row.get("way_cost") is None else f" It would cost {words.money_exact(Decimal(row['way_cost']))}."
        return f"{title}: forbidden. {row['because_text']}{would}"
    if row["way_cost"] is None:
        return f"{title}: possible; no price is known."
    parts = ", ".join(
        f"{name} {words.money_exact(Decimal(row[column]))}"
        for name, column in (
            ("calls", "model_cost"), ("upkeep", "upkeep_cost"), ("control", "control_cost"), ("to be bought", "shared_cost"),
            ("lost by outages", "outage_cost"),
        )
    )  # fmt: skip
    advised = " Advised." if row["is_way_advised"] else ""
    return (
        f"{title}: {words.money_exact(Decimal(row['way_cost']))} ({parts}); {_hours(visit, row, known)}{words.share(row['served_share'])} "
        f"of what is asked is served in time; {row['way_points_number']:.1f} points; best with {words.share(row['win_share'])} of all "
        f"weights.{advised}"
    )


def _hours(visit: Visit, row: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """The business hours of a year without it, and what one of them costs here before what people carry on by hand."""
    if row.get("down_hours") is None:
        return ""
    an_hour = next((flip["now_number"] for flip in known["flips"] if flip["lever_code"] == "outage"), None)
    priced = (
        ""
        if an_hour is None
        else f", each {visit.words.money_exact(Decimal(str(an_hour)))} before what is done by hand"
    )
    return f"{row['down_hours']:.1f} business hours a year without it{priced}; "
