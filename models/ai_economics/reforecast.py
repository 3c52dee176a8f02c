"""Realised ÷ planned: what came of plans that were frozen before their months began, and what the rest would be at that rate."""

from typing import Any

import polars as pl

# So many months weigh as much as the plan: credibility months ÷ (months + 3), as insurers weigh a short record against a tariff (Bühlmann).
# One month may be luck and is believed a quarter, three are believed half. Only the months held against one plan count, the newest that
# has any behind it: a newer plan has learned from the months before it, and taking their misses once more would count them twice.
BELIEF_MONTHS = 3
MEASURES = ("cases", "benefit", "logged cost")
MEASURED = "measured"
KEY = ("use_case_id", "measure_name")
BELOW, INSIDE, ABOVE, NO_BAND = "below the band", "inside the band", "above the band", "no band"


def believed(share: float, months: int) -> float:
    """A realised share drawn towards 1: the fewer months it was seen in, the nearer.

    >>> believed(0.4, 3), believed(0.4, 0), round(believed(0.4, 27), 2)
    (0.7, 1.0, 0.46)
    """
    return 1.0 + (share - 1.0) * months / (months + BELIEF_MONTHS)


def realised(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a use case and measure: planned and seen over the months that have a frozen plan and are over, and the rest at that rate.

    Args:
        rows: of `marts.ai_plan_actuals`.

    Returns:
        `month_count`, `planned_number`, `actual_number`, `realised_share` (null where nothing above nought was planned) and
        `first_share` (by the first plan, `first_planned_number`) of all those months; `latest_share`, `believed_share`, `low_number`,
        `high_number` and `band_name` of the months held against the newest plan that has any behind it; `left_number` (planned for
        months that are not over, null where none is) and `forecast_number` (that at the believed share). The band is the sum of the
        months' P10 and P90: what moves one month, such as how many use it, moves them all. Cost is of those layers that logs and bills
        measure.
    """
    wanted = rows.filter(pl.col("measure_name").is_in(MEASURES))
    done = wanted.filter(pl.col("plan_actual_standing_name") == MEASURED)
    ahead = wanted.filter(~pl.col("is_over") & pl.col("planned_number").is_not_null())
    left = ahead.join(done.select(*KEY, "layer_code").unique(), on=[*KEY, "layer_code"], how="semi")
    sums = done.group_by(KEY).agg(
        pl.col("month_date").n_unique().alias("month_count"),
        pl.col("planned_number", "actual_number", "first_planned_number").sum(),
    )
    late = done.filter(pl.col("plan_frozen_at") == pl.col("plan_frozen_at").max().over(KEY))
    last = late.group_by(KEY).agg(
        recent_count=pl.col("month_date").n_unique(),
        recent_planned=pl.col("planned_number").sum(),
        recent_actual=pl.col("actual_number").sum(),
        low_number=_whole("low_number"),
        high_number=_whole("high_number"),
    )
    rest = left.group_by(KEY).agg(left_number=pl.col("planned_number").sum())
    both = sums.join(last, on=list(KEY)).join(rest, on=list(KEY), how="left")
    told = [_told(row) for row in both.sort(KEY).iter_rows(named=True)]
    return pl.DataFrame(told, schema=SHAPE, orient="row")


SHAPE = {
    "use_case_id": pl.String, "measure_name": pl.String, "month_count": pl.Int64,
    **dict.fromkeys(("planned_number", "first_planned_number", "low_number", "high_number", "actual_number", "realised_share",
                     "first_share", "latest_share", "believed_share", "left_number", "forecast_number"), pl.Float64),
    "band_name": pl.String,
}  # fmt: skip


def _told(row: dict[str, Any]) -> dict[str, Any]:
    share = _share(row["actual_number"], row["planned_number"])
    recent, left = _share(row["recent_actual"], row["recent_planned"]), row["left_number"]
    trusted = None if recent is None else believed(recent, row["recent_count"])
    return {
        **{name: row[name] for name in SHAPE if name in row},
        "realised_share": share,
        "first_share": _share(row["actual_number"], row["first_planned_number"]),
        "latest_share": recent,
        "believed_share": trusted,
        "forecast_number": None if left is None or trusted is None else left * trusted,
        "band_name": band(row["recent_actual"], row["low_number"], row["high_number"]),
    }


def _whole(name: str) -> pl.Expr:
    """The sum of a column; null where one of its values is unknown."""
    return pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum())


def _share(seen: float, planned: float | None) -> float | None:
    return seen / planned if planned is not None and planned > 0 else None


def band(seen: float, low: float | None, high: float | None) -> str:
    """Where what was seen lies by a frozen P10 and P90.

    >>> band(4.0, 5.0, 9.0), band(5.0, 5.0, 9.0), band(1.0, None, None)
    ('below the band', 'inside the band', 'no band')
    """
    if low is None or high is None:
        return NO_BAND
    return BELOW if seen < low else ABOVE if seen > high else INSIDE
