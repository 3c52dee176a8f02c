"""What each initiative is for: the number that it shall move, from where to where by when, and where it stands."""

import datetime as dt
from decimal import Decimal

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.targets import DAYS, standing
from metrics.definition import definition
from pages.parts import look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.figures import figure
from pages.parts.outcome_targets import NO_TARGET, SIGNS, lately
from pages.parts.page import Visit

SOURCE = "marts.registers"


def board(visit: Visit, desk: Desk) -> None:
    """Draws the goals with baseline, target and the number of now."""
    if visit.build is None or visit.as_of is None or not has_rows(visit, SOURCE):
        return
    with st.container(key="panel_goals"):
        look.title("Initiatives and their numbers", f"the {DAYS} days to {visit.words.day(visit.as_of)}")
        tables.small(visit, goals(visit, desk))
        look.note(
            "Targets are set on the page AI value, tab Targets; the baseline is the number on the day of that act."
        )


def goals(visit: Visit, desk: Desk) -> pl.DataFrame:
    """One row an initiative, in words."""
    assert visit.as_of is not None
    found = mart(visit, SOURCE, where={"register_code": "goals"}, order_by=("row_code",))
    told, words = [], visit.words
    for row in found.iter_rows(named=True):
        metric, act = definition(row["metric_name"]), desk.book.targets.get(row["metric_name"])
        now = figure(visit, row["metric_name"], lately(visit.as_of)).value
        began = None if act is None else act.payload["baseline"]
        said = NO_TARGET
        if act is not None:
            said = standing(
                act,
                None if now is None else float(now),
                is_higher_better=metric.better == "higher",
                today=desk.now().date(),
            )
        told.append(
            {
                "Goal": row["row_name"],
                "Measured by": metric.title,
                "Baseline": "–" if began is None else words.value(Decimal(str(began)), metric.unit),
                "Now": words.value(now, metric.unit),
                "Target": words.value(Decimal(act.payload["number"]), metric.unit) if act else "–",
                "By": words.date(dt.date.fromisoformat(act.payload["by"])) if act else "–",
                "Stands": f"{SIGNS.get(said, '')} {said}".strip(),
            }
        )
    return pl.DataFrame(told)
