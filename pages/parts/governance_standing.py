"""What the governance council reads of registers, placement and roadmap, and what it is asked to decide."""

import datetime as dt
from collections import Counter
from typing import Any

import polars as pl

from decisions.desk import Desk
from models.ai_economics.register_verdict import VERDICTS
from pages.parts import (
    ai_board,
    ai_head,
    ai_worth,
    governance_autonomy,
    governance_roadmap,
    governance_technical,
    registers,
)
from pages.parts.ask import has_rows, mart
from pages.parts.figures import figure
from pages.parts.governance_business import BOUNDS, RUNNING
from pages.parts.governance_pack import Line, Section, listed
from pages.parts.page import Visit
from pages.parts.placement_map import PLACED, TITLES

NO_REGISTER = "No register was built yet: refresh once on the Upload page."
ROWS, NUMBER = "marts.registers", "register_rows_in_place"
WORST = {"contradicted": "Settle", "missing": "Fill, or say why not,", "overdue": "Look again at"}


def standing(visit: Visit, desk: Desk) -> list[dict[str, Any]]:
    """The rows of all registers as they stand now, with what people have said since the build."""
    return registers.rows(visit, desk).to_dicts()


def section(visit: Visit, rows: list[dict[str, Any]]) -> Section:
    """How many rows stand how, in all and by register, and what they cost a month."""
    title = "Registers"
    if not rows:
        return Section("registers", title, (Line("Registers", NO_REGISTER, "risks"),))
    frame, words = pl.DataFrame(rows, infer_schema_length=None), visit.words
    counts = ", ".join(f"{count} {code}" for code, count in registers.counts(frame).items())
    every, bad = (
        Counter(row["register_name"] for row in rows),
        Counter(row["register_name"] for row in rows if row["is_red"]),
    )
    by_register = ", ".join(f"{name} {bad[name]} of {count}" for name, count in sorted(every.items()))
    share = figure(visit, NUMBER)
    in_place = f"in the build {words.value(share.value, share.unit, share.because)} of those that apply are in place"
    never = sum(not row["has_act"] for row in rows)
    cost = f"{registers.cost_said(visit, frame)}; {words.plural(never, 'row')} nobody has ever kept"
    return Section(
        "registers", title,
        (
            Line("All rows", f"{words.plural(len(rows), 'row')}: {counts}; {in_place}.", "risks", {}, (share,)),
            Line("Red, by register", f"{by_register}.", "risks"),
            Line("Cost a month", f"{cost}.", "risks"),
        ),
    )  # fmt: skip


def red(visit: Visit, rows: list[dict[str, Any]], most: int | None = None) -> Section:
    """The red rows by who answers for them, those of one verdict and day together; only the most important where not all fit.

    Args:
        most: how many rows are named at most; the rest are counted.
    """
    ranked = sorted((row for row in rows if row["is_red"]), key=importance)
    named, left = ranked[:most], ranked[len(ranked[:most]) :]
    owned: dict[str, dict[str, list[str]]] = {}
    for row in named:
        stands = f"{row['verdict_code']}, {visit.words.date(row['look_again_date'], 'no day')}"
        owned.setdefault(row["owner_name"] or "nobody", {}).setdefault(stands, []).append(row["row_name"])
    lines = [
        Line(f"{owner[0].upper()}{owner[1:]}", f"{'; '.join(_together(owned[owner]))}.", "risks")
        for owner in sorted(owned)
    ]
    if left:
        lines.append(Line("Beside these", f"and {len(left)} more, on the page Risks and controls.", "risks"))
    note = "The day is the one by which to look again."
    return Section("red", "Red rows, by who answers for them", tuple(lines), note, True)


def importance(row: dict[str, Any]) -> tuple[int, dt.date, str]:
    """What orders red rows: contradicted first, then missing, then overdue; of those the one that waits longest.

    >>> importance({"verdict_code": "missing", "look_again_date": None, "row_name": "Backup"})
    (1, datetime.date(9999, 12, 31), 'Backup')
    """
    return VERDICTS.index(row["verdict_code"]), row["look_again_date"] or dt.date.max, row["row_name"]


def _together(mine: dict[str, list[str]]) -> list[str]:
    """Rows that stand alike in one go.

    >>> _together({"missing, 1 May 2026": ["Backup", "Network"]})
    ['Backup, Network (missing, 1 May 2026)']
    """
    return [f"{', '.join(names)} ({stands})" for stands, names in mine.items()]


def placement(visit: Visit, desk: Desk) -> Section:
    """Where use cases run by decision and by advice, and how far the roadmap has come."""
    return Section("placement", "Placement and roadmap", (_placed(visit, desk), *governance_roadmap.lines(visit)))


def _placed(visit: Visit, desk: Desk) -> Line:
    if not has_rows(visit, PLACED):
        return Line("Placement", "Nothing has been worked out yet; it needs a month of orders.", "placement")
    advised = _advised(visit)
    decided = {name: act.payload["way"] for name, act in desk.book.ai.placed.items()}
    apart = [
        f"{name} decided {TITLES[way]}, advised {TITLES[advised[name]]}"
        for name, way in decided.items()
        if advised.get(name, way) != way
    ]
    counts = ", ".join(f"{count} {TITLES[way]}" for way, count in Counter(advised.values()).items())
    said = (
        f"Advised: {counts}. Decided: {len(decided)} of {len(advised)} use cases; otherwise than advised: {listed(apart)}. "
        f"Running without a decision: {listed(undecided(visit, desk))}."
    )
    return Line("Placement", said, "placement")


def _advised(visit: Visit) -> dict[str, str]:
    rows = mart(visit, PLACED, where={"is_way_advised": True}, columns=("use_case_id", "way_code"))
    return dict(rows.iter_rows())


def undecided(visit: Visit, desk: Desk) -> list[str]:
    """The use cases that run and of which nobody has decided where."""
    if not has_rows(visit, BOUNDS):
        return []
    rows = mart(visit, BOUNDS, where={"stage_code": list(RUNNING)}, columns=("use_case_id",), order_by=("use_case_id",))
    named = dict(mart(visit, "raw.use_cases", columns=("use_case_id", "use_case_name")).iter_rows())
    return [named.get(name, name) for name in rows["use_case_id"].to_list() if name not in desk.book.ai.placed]


def asked(visit: Visit, desk: Desk, rows: list[dict[str, Any]]) -> Section:
    """What the council is asked to decide: money, red rows, reviews, controls, levels and places."""
    found = [Line("Use cases", " ".join(wished), "value")] if (wished := _money(visit)) else []
    for code, wish in WORST.items():
        mine = [f"{row['row_name']} ({row['owner_name']})" for row in rows if row["verdict_code"] == code]
        if mine:
            names = f": {listed(mine)}" if code == "contradicted" else ", by owner and day below"
            found.append(Line(f"Rows {code}", f"{wish} {visit.words.plural(len(mine), 'row')}{names}.", "risks"))
    if off := governance_technical.broken(governance_technical.running(visit)):
        said = f"Mend or change {visit.words.plural(len(off), 'control')} of running use cases, named under Technical."
        found.append(Line("Controls", said, "use_cases"))
    if due := _reviews(visit):
        found.append(Line("Reviews of models", f"Overdue: {listed(due)}.", "models"))
    found += governance_autonomy.wishes(visit, desk, rows)
    found += governance_roadmap.wishes(visit)
    if has_rows(visit, PLACED) and (open_ones := undecided(visit, desk)):
        found.append(
            Line(
                "Placement",
                f"Decide where {visit.words.plural(len(open_ones), 'use case')} run that nobody has decided on, named below.",
                "placement",
            )
        )
    return Section(
        "asked",
        "Decisions asked of the council",
        tuple(found) or (Line("Nothing", "Nothing waits for the council.", ""),),
    )


def _money(visit: Visit) -> list[str]:
    """Use cases to stop, fund, measure or leave, and the month to close, as the board page asks."""
    cases = list(ai_worth.rows(visit).iter_rows(named=True)) if has_rows(visit, ai_worth.WORTH) else []
    head = ai_head.head(visit)
    return ai_board.decisions(cases, "" if head is None else ai_board.unclosed(visit, head))


def _reviews(visit: Visit) -> list[str]:
    if not has_rows(visit, governance_technical.HEALTH):
        return []
    return mart(visit, governance_technical.HEALTH, where={"is_review_due": True})["model_name"].to_list()
