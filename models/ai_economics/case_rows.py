"""The work log as measurements: cases with their unit, week and month, what each took and cost, and when each unit began."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

MEASURES = {
    "minutes per case": "hands_on_minutes",
    "review minutes per case": "review_minutes",
    "rework minutes per case": "rework_minutes",
    "error share": "error_number",
    "wrong commitment share": "commitment_number",
    "cost per case": "cost_number",
}
READS = (
    "work_id", "use_case_name", "site_id", "team_name", "opened_at", "arm_code", "assignment_code", "hands_on_minutes",
    "review_minutes", "rework_minutes", "is_error", "error_cost_amount", "is_wrong_commitment", "commitment_cost_amount",
)  # fmt: skip
# Names of assumptions, and what is taken where a company's table lacks them.
ASSUMED = {
    "labour_cost_per_hour": 42.0,
    "ai_error_cost": 120.0,
    "ai_commitment_cost": 180.0,
    "ai_realisation_share": 0.5,
    "ai_growth_absorbed_share": 0.3,
}
STARTED_SHARE = 0.1  # a unit has started in the first week in which AI worked on a tenth of its cases
SEEN_SHARE = 0.7  # a unit with cases in fewer of the weeks is left out of comparisons of units
LEAST_PRICED = 5  # errors whose cost was recorded, before their mean replaces the assumption


@dataclass(frozen=True)
class Prices:
    """What an hour, an error and a wrong promise cost, what freed time becomes, and where these come from.

    Attributes:
        cash_share: of freed time, what is paid less.
        absorbed_share: of the rest, what more volume takes up.
    """

    hour: float
    error: float
    commitment: float
    cash_share: float
    absorbed_share: float
    says: str


@dataclass(frozen=True)
class Units:
    """Weekly means of one measure by unit, and when each unit began.

    Attributes:
        names: the units that have cases in most weeks.
        weeks: the Mondays.
        starts: place of each unit's first week with AI among the weeks; infinity where it has none.
    """

    names: list[str]
    weeks: list[dt.date]
    starts: np.ndarray


def prices(rows: pl.DataFrame, assumed: dict[str, float]) -> Prices:
    """The unit values for one use case: mean recorded costs where five were recorded, assumptions elsewhere."""
    held = ASSUMED | assumed
    found, told = {}, []
    for name, flag, cost, kind in (
        ("ai_error_cost", "is_error", "error_cost_amount", "an error"),
        ("ai_commitment_cost", "is_wrong_commitment", "commitment_cost_amount", "a wrong promise"),
    ):
        paid = rows.filter(pl.col(flag) & pl.col(cost).is_not_null())[cost].cast(pl.Float64)
        is_known = paid.len() >= LEAST_PRICED
        found[name] = round(float(paid.mean() or 0.0), 4) if is_known else held[name]  # type: ignore[arg-type]
        told.append(f"{kind} at {found[name]:,.2f} ({f'mean of {paid.len()}' if is_known else 'assumed'})")
    hour = held["labour_cost_per_hour"]
    says = f"An hour is valued at {hour:,.2f} (assumed), {told[0]}, {told[1]}."
    shares = held["ai_realisation_share"], held["ai_growth_absorbed_share"]
    return Prices(hour, found["ai_error_cost"], found["ai_commitment_cost"], *shares, says)


def unit_values(at: Prices) -> dict[str, float]:
    """What one unit of each measure is worth in money."""
    minute = at.hour / 60
    return {
        "minutes per case": minute,
        "review minutes per case": minute,
        "rework minutes per case": minute,
        "error share": at.error,
        "wrong commitment share": at.commitment,
    }


def rows_of(cases: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """Cases up to a day that name their arm, with unit, week, month and the measures that need no price."""
    day = pl.col("opened_at").dt.date()
    return (
        cases.filter(day <= as_of, pl.col("arm_code").is_in(["assisted", "alone"]))
        .with_columns(
            is_assisted=pl.col("arm_code") == "assisted",
            site_name=pl.col("site_id").fill_null("all sites"),
            week_date=day.dt.truncate("1w"),
            month_date=day.dt.truncate("1mo"),
            error_number=pl.col("is_error").cast(pl.Float64),
            commitment_number=pl.col("is_wrong_commitment").cast(pl.Float64),
            # Without AI there is nothing of AI to check.
            review_minutes=pl.when((pl.col("arm_code") == "alone") & pl.col("review_minutes").is_null())
            .then(0.0)
            .otherwise(pl.col("review_minutes")),
        )
        .sort("use_case_name", "opened_at", "work_id")
    )


def with_units(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of one use case with `unit_name`: the site, or the team at its site where teams of one site began in different weeks."""
    both = pl.concat_str("site_name", pl.col("team_name").fill_null("no team"), separator=" / ")
    by_team = rows.with_columns(unit_name=both)
    begun = first_weeks(by_team).join(by_team.select("unit_name", "site_name").unique(), on="unit_name")
    parted = begun.group_by("site_name").agg(pl.col("start_date").fill_null(dt.date.max).n_unique())["start_date"]
    if begun.height and (parted.max() or 1) > 1:  # type: ignore[operator]
        return by_team
    return rows.with_columns(unit_name=pl.col("site_name"))


def first_weeks(rows: pl.DataFrame) -> pl.DataFrame:
    """Each unit's first week with AI (`start_date`), null where there is none."""
    weekly = rows.group_by("unit_name", "week_date").agg(pl.col("is_assisted").mean())
    begun = (
        weekly.filter(pl.col("is_assisted") >= STARTED_SHARE)
        .group_by("unit_name")
        .agg(start_date=pl.col("week_date").min())
    )
    return rows.select("unit_name").unique().join(begun, on="unit_name", how="left").sort("unit_name")


def with_costs(rows: pl.DataFrame, values: dict[str, float]) -> pl.DataFrame:
    """The rows with `cost_number`: work, checking, putting right, errors and wrong promises of a case, in money; parts that nobody
    ever recorded are left out.

    Args:
        values: what a unit of each measure is worth, as `unit_values` gives it.
    """
    parts = {MEASURES[measure]: worth for measure, worth in values.items()}
    recorded = [pl.col(name) * worth for name, worth in parts.items() if is_recorded(rows, name)]
    if not is_recorded(rows, "hands_on_minutes"):
        return rows.with_columns(cost_number=pl.lit(None, dtype=pl.Float64))
    return rows.with_columns(cost_number=pl.sum_horizontal(*recorded, ignore_nulls=False))


def is_recorded(rows: pl.DataFrame, column: str) -> bool:
    """Whether the measure was recorded with AI and without it."""
    return all(rows.filter(pl.col("is_assisted") == arm)[column].count() > 0 for arm in (True, False))


def units_of(rows: pl.DataFrame, as_of: dt.date) -> Units:
    """The units with cases in most whole weeks up to a day, and when they began."""
    whole = rows.filter(pl.col("week_date") <= as_of - dt.timedelta(days=6))
    if not whole.height:
        return Units([], [], np.array([]))
    first: dt.date = whole["week_date"].min()  # type: ignore[assignment]  # dates have an earliest date
    last: dt.date = whole["week_date"].max()  # type: ignore[assignment]
    weeks = [first + dt.timedelta(days=7 * n) for n in range((last - first).days // 7 + 1)]
    seen = whole.group_by("unit_name").agg(pl.col("week_date").n_unique())
    kept = seen.filter(pl.col("week_date") >= SEEN_SHARE * len(weeks))["unit_name"].sort().to_list()
    begun = dict(first_weeks(whole).iter_rows())
    places = {week: place for place, week in enumerate(weeks)}
    starts = np.array([places.get(begun[name], np.inf) for name in kept], dtype=float)
    return Units(kept, weeks, starts)


def panel(rows: pl.DataFrame, units: Units, column: str) -> np.ndarray | None:
    """Units × weeks of a measure's weekly means; single gaps are bridged from the weeks around, and None where a unit has no value."""
    means = (
        rows.filter(pl.col("unit_name").is_in(units.names))
        .group_by("unit_name", "week_date")
        .agg(pl.col(column).mean())
    )
    seen = np.full((len(units.names), len(units.weeks)), np.nan)
    row_of, week_of = ({name: n for n, name in enumerate(those)} for those in (units.names, units.weeks))
    for name, week, mean in means.iter_rows():
        if week in week_of and mean is not None:
            seen[row_of[name], week_of[week]] = mean
    for one, start in zip(seen, units.starts, strict=True):
        # What lies before the start is never filled from what came after it.
        edge = int(start) if np.isfinite(start) else len(one)
        for part in (one[:edge], one[edge:]):
            known = np.flatnonzero(~np.isnan(part))
            if len(part) and not len(known):
                return None
            part[:] = np.interp(np.arange(len(part)), known, part[known]) if len(part) else part
    return seen


def fingerprint(rows: pl.DataFrame) -> str | None:
    """A short hash of the cases before the start; None where there are none. It changes when the past is changed afterwards.

    >>> fingerprint(pl.DataFrame({"work_id": [], "opened_at": [], "hands_on_minutes": []})) is None
    True
    """
    if not rows.height:
        return None
    told = rows.select(
        sorted({"work_id", "opened_at", "hands_on_minutes", "error_number", "commitment_number"} & {*rows.columns})
    )
    return hashlib.sha256(told.sort(told.columns).write_csv(float_precision=6).encode()).hexdigest()[:16]


def mean_of(rows: pl.DataFrame, column: str) -> float | None:
    """The mean of a measure, None where nothing was recorded."""
    found: Any = rows[column].mean()
    return None if found is None else float(found)
