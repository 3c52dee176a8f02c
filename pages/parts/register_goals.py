"""What each initiative is for: the number that it shall move, from where to where by when, and where it stands."""

import datetime as dt
from decimal import Decimal

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.targets import DAYS, standing
from metrics.definition import definition
from pages.parts import look, tables
from pages.parts.ask import ask, has_rows, mart
from pages.parts.figures import figure
from pages.parts.outcome_targets import NO_TARGET, SIGNS, lately
from pages.parts.page import Visit

SOURCE = "marts.registers"
RUNNING_SQL = """
    select cases.use_case_id, cases.use_case_name, cases.stage_code, cases.owner_name, cases.started_date, bounds.metric_name
    from raw.use_cases as cases
    inner join raw.use_case_bounds as bounds on bounds.use_case_id = cases.use_case_id
    where bounds.stage_code in ('pilot', 'production')
    order by cases.use_case_id
"""


def board(visit: Visit, desk: Desk) -> None:
    """Draws the goals, and each running use case, with baseline, target and the number of now."""
    if visit.build is None or visit.as_of is None or not has_rows(visit, SOURCE):
        return
    with st.container(key="panel_goals"):
        look.title("Initiatives and their numbers", f"the {DAYS} days to {visit.words.day(visit.as_of)}")
        tables.small(visit, goals(visit, desk))
        look.note(
            "Targets are set on the page AI value, tab Targets; the baseline is the number on the day of that act."
        )
    found = use_cases(visit, desk)
    if found.height:
        with st.container(key="panel_goals_of_use_cases"):
            look.title("Running use cases and their numbers", f"the {DAYS} days to {visit.words.day(visit.as_of)}")
            tables.small(visit, found)
            look.note(
                f"Before: the same number over the {DAYS} days before the use case began. It moves with much else, too; "
                "what the use case itself changes is measured on the page AI value."
            )


def goals(visit: Visit, desk: Desk) -> pl.DataFrame:
    """One row an initiative, in words."""
    found = mart(visit, SOURCE, where={"register_code": "goals"}, order_by=("row_code",))
    return pl.DataFrame(
        [
            {"Goal": row["row_name"], **_numbers(visit, desk, row["metric_name"])} for row in found.iter_rows(named=True)
        ]
    )  # fmt: skip


def use_cases(visit: Visit, desk: Desk) -> pl.DataFrame:
    """One row a use case that runs, in words: the number by which it is judged, and what that was before the use case began."""
    found = ask(visit, RUNNING_SQL)
    return pl.DataFrame(
        [
            {
                "Use case": f"{row['use_case_id']} {row['use_case_name']}",
                "Runs as": row["stage_code"],
                "Answers for it": row["owner_name"],
                **_numbers(visit, desk, row["metric_name"], row["started_date"]),
            }
            for row in found.iter_rows(named=True)
        ]
    )


def _numbers(visit: Visit, desk: Desk, name: str, started: dt.date | None = None) -> dict[str, str]:
    """A number in words: what it was, is and shall be by when, and how it stands to that."""
    assert visit.as_of is not None
    metric, act, words = definition(name), desk.book.targets.get(name), visit.words
    now = figure(visit, name, lately(visit.as_of)).value
    if started is not None:
        before = figure(visit, name, lately(started - dt.timedelta(days=1))).value
        began = {"Before": words.value(before, metric.unit)}
    else:
        said = None if act is None else act.payload["baseline"]
        began = {"Baseline": "–" if said is None else words.value(Decimal(str(said)), metric.unit)}
    stands = NO_TARGET
    if act is not None:
        stands = standing(
            act,
            None if now is None else float(now),
            is_higher_better=metric.better == "higher",
            today=desk.now().date(),
        )
    return {
        "Measured by": metric.title,
        **began,
        "Now": words.value(now, metric.unit),
        "Target": words.value(Decimal(act.payload["number"]), metric.unit) if act else "–",
        "By": words.date(dt.date.fromisoformat(act.payload["by"])) if act else "–",
        "Stands": f"{SIGNS.get(stands, '')} {stands}".strip(),
    }
