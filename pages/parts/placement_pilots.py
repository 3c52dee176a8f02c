"""Pilots by family of workflows: what runs in each, and whether hours, settled cases, adoption and overrides are better than before."""

from typing import Any

import polars as pl

from models.ai_economics.pilots import FAMILIES, OUTCOMES
from pages.parts import empty, tables
from pages.parts.ai_registry import Held
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit
from pages.parts.roadmap_workflows import MARKS, measured

COLUMNS = {
    "family_said": 85, "verdict_said": 95, "outcome_name": 290, "before_said": 80, "now_said": 80, "runs_said": 225,
    "before_case_count": 105, "now_case_count": 95,
}  # fmt: skip
LABELS = {
    "family_said": "Family", "runs_said": "Runs in it", "outcome_name": "Outcome", "verdict_said": "Verdict", "before_said": "Before",
    "now_said": "Now", "before_case_count": "Cases before", "now_case_count": "Cases now",
}  # fmt: skip
NOTE = (
    "Hours and settled cases: those done with AI since each use case began, against those before it began. Adoption and overrides: its "
    "last 90 days against its first 90, once half a year has passed. Each use case is compared with itself, and weighed by the cases of "
    "now. Better or worse is said where the interval of the difference leaves out nought and both sides have cases enough. The sixth "
    "and the seventh step of Placement read this."
)


def board(visit: Visit, held: list[Held]) -> None:
    """Draws every family with what runs in it and what came of it."""
    if visit.build is None or not has_rows(visit, OUTCOMES):
        empty.nothing("Nothing was compared yet.", key="pilots", fix="Refresh once on the Upload page.")
        return
    rows = told(visit, mart(visit, OUTCOMES, order_by=("pilot_family_name", "outcome_no")), held)
    tables.show(
        visit,
        rows,
        name="placement_pilots",
        title=headline(rows),
        columns=COLUMNS,
        labels=LABELS,
        source=OUTCOMES,
        note=NOTE,
    )


def told(visit: Visit, found: pl.DataFrame, held: list[Held]) -> pl.DataFrame:
    """The outcomes in words, with the ids of the use cases that run in each family."""
    rows, words = found.to_dicts(), visit.words

    def said(make: Any) -> pl.Series:
        return pl.Series([make(row) for row in rows], dtype=pl.String)

    return found.with_columns(
        family_said=said(lambda row: row["pilot_family_name"].capitalize()),
        runs_said=said(lambda row: runs(held, row["pilot_family_name"])),
        before_said=said(lambda row: measured(words, row["before_number"], row["counted_in_code"])),
        now_said=said(lambda row: measured(words, row["now_number"], row["counted_in_code"])),
        verdict_said=said(lambda row: MARKS.get(row["outcome_verdict_code"], row["outcome_verdict_code"])),
    )


def runs(held: list[Held], family: str) -> str:
    """The use cases that run in a family, each with its stage."""
    mine = [one.case for one in held if one.case.is_running and FAMILIES[one.case.domain] == family]
    return ", ".join(f"{case.use_case_id} ({case.stage})" for case in mine) or "none"


def headline(rows: pl.DataFrame) -> str:
    """How many families have something that runs, and how many outcomes are surely better or worse."""
    tried = rows.filter(pl.col("running_count") > 0)["pilot_family_name"].n_unique()
    better, worse = (rows.filter(pl.col("outcome_verdict_code") == verdict).height for verdict in ("better", "worse"))
    return f"Pilots: {tried} of {rows['pilot_family_name'].n_unique()} families tried; {better} outcomes better, {worse} worse"
