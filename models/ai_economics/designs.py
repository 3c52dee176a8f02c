"""How a use case came to be used, read off its cases: by lot, site by site, at one date, by choice, or with nothing to compare."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.ai_economics.case_rows import Units

LEAST_CASES = 30  # on each side, before anything is said
BASELINE_WEEKS, LEAST_WEEKS = 12, 4
GRADES = {"randomised": "A", "staggered": "A", "before_after": "B", "observed": "C", "assumed": "D"}


@dataclass(frozen=True)
class Design:
    """How the effect of a use case can be told.

    Attributes:
        code: randomised, staggered, before_after, observed or assumed.
        by: what is compared: "cases" of one site and week, "units" over time, each unit with its own past ("past"), or "nothing".
        grade: A, B, C or D.
        baseline_weeks: whole weeks without AI before the first start.
        says: why it is of this kind and grade, in sentences.
    """

    code: str
    by: str
    grade: str
    baseline_weeks: int
    says: str


def design(rows: pl.DataFrame, units: Units) -> Design:
    """The design of one use case, out of what happened and not out of what was planned.

    Args:
        rows: its cases with unit_name, week_date, is_assisted and assignment_code.
    """
    assisted = int(rows["is_assisted"].sum())
    weeks = baseline_weeks(rows)
    if not assisted:
        return _made("assumed", "nothing", weeks, "AI has not worked on any case yet.")
    drawn = _both_arms(rows.filter(pl.col("assignment_code") == "random"))
    if _is_enough(drawn):
        return _made("randomised", "cases", weeks, "Cases of the same site and week got AI or not by lot.")
    over_time = _over_time(rows, units, weeks)
    if over_time:
        return over_time
    chosen = _both_arms(rows)
    past = _before_or_with(rows)
    if _is_enough(chosen):
        said = "People chose which cases got AI; easier cases may have, so a difference is observed and not caused for certain."
        return _made("observed", "cases", weeks, said)
    if weeks >= LEAST_WEEKS and _is_enough(past):
        said = "Every site began at once, so each is only compared with its own past; whatever else changed then is counted too."
        return _made("observed", "past", weeks, said)
    said = "No case without AI was recorded, neither before nor beside it: without a baseline nothing is claimed."
    if rows.height > assisted:
        said = f"Fewer than {LEAST_CASES} comparable cases, or fewer than {LEAST_WEEKS} weeks before the start: too little to compare with."
    return _made("assumed", "nothing", weeks, said)


def baseline_weeks(rows: pl.DataFrame) -> int:
    """Whole weeks with cases before the first week in which AI worked on any."""
    begun = rows.filter("is_assisted")["week_date"].min()
    before = rows.filter(pl.col("week_date") < begun) if begun is not None else rows
    return before["week_date"].n_unique()


def comparable(rows: pl.DataFrame, how: Design) -> pl.DataFrame:
    """The rows that a comparison rests on: of cases, cells with both arms, by lot where lots were drawn; of a unit's own past, what
    had no AI before it began and what had AI since; of units, all.
    """
    if how.by == "cases":
        return _both_arms(rows.filter(pl.col("assignment_code") == "random") if how.code == "randomised" else rows)
    return _before_or_with(rows) if how.by == "past" else rows


def drawn(rows: pl.DataFrame) -> pl.Series:
    """Whether each case was drawn by lot, with AI or without.

    The log must say so of the case itself, and its unit must have a lot that goes on: from the first week in which it gave both arms
    to the last in which it left a case without AI. What the log calls random outside of that has nothing to be compared with.
    """
    lot = rows.filter(pl.col("assignment_code") == "random")
    first = _both_arms(lot).group_by("unit_name").agg(first_date=pl.col("week_date").min())
    last = lot.filter(~pl.col("is_assisted")).group_by("unit_name").agg(last_date=pl.col("week_date").max())
    spans = rows.join(first.join(last, on="unit_name"), on="unit_name", how="left", maintain_order="left")
    is_within = pl.col("week_date").is_between("first_date", "last_date")
    is_drawn = ((pl.col("assignment_code") == "random") & is_within).fill_null(value=False)
    return spans.select(is_drawn=is_drawn).to_series()


def _over_time(rows: pl.DataFrame, units: Units, weeks: int) -> Design | None:
    """The design by units over time, None where units do not differ in when they began or nothing was seen before."""
    starts = units.starts
    begun = np.unique(starts[np.isfinite(starts)])
    if (
        not len(begun)
        or len(np.unique(starts)) < 2
        or len(starts) < 3
        or begun[0] < LEAST_WEEKS
        or not _is_enough(rows)
    ):
        return None
    told = set(rows["assignment_code"].drop_nulls().unique())
    if len(begun) > 1:
        # Whoever had not begun by a week stands beside those that had, as staggered.measured compares them.
        never = "" if np.isfinite(starts.max()) else ", those that never began among them"
        said = f"Sites began in {len(begun)} different weeks; each is compared with sites that had not begun yet by then{never}."
        made = _made("staggered", "units", weeks, said)
        if told & {"chosen"}:
            made = _lowered(made, "B", "Somebody chose which site began when.")
    else:
        by_lot = told == {"random"}
        said = f"{int(np.isfinite(starts).sum())} sites began in the same week and are compared with sites that never began"
        made = _made(
            "randomised" if by_lot else "before_after", "units", weeks, f"{said}{', drawn by lot' if by_lot else ''}."
        )
    if weeks < BASELINE_WEEKS:
        return _lowered(
            made, "C", f"Only {weeks} weeks before the first start are known, and {BASELINE_WEEKS} are asked for."
        )
    return made


def _both_arms(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("is_assisted").n_unique().over("unit_name", "week_date") == 2)


def _before_or_with(rows: pl.DataFrame) -> pl.DataFrame:
    """Cases with AI, and those of the same unit from the weeks before it had any: what AI leaves out afterwards it leaves for a reason."""
    begun = pl.col("week_date").filter(pl.col("is_assisted")).min().over("unit_name")
    return rows.filter(pl.col("is_assisted") | (pl.col("week_date") < begun))


def _is_enough(rows: pl.DataFrame) -> bool:
    assisted = int(rows["is_assisted"].sum())
    return min(assisted, rows.height - assisted) >= LEAST_CASES


def _made(code: str, by: str, weeks: int, says: str) -> Design:
    return Design(code, by, GRADES[code], weeks, says)


def _lowered(made: Design, grade: str, why: str) -> Design:
    return Design(made.code, made.by, max(made.grade, grade), made.baseline_weeks, f"{made.says} {why}")
