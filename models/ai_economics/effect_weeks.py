"""The effect by weeks since the start, and what it was before there could be one: what a chart of pre-trends is drawn from."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtri

from models.ai_economics.adjusted import queue_split
from models.ai_economics.case_rows import MEASURES, Units, panel
from models.ai_economics.designs import Design, comparable
from models.ai_economics.permutation import assignments
from models.ai_economics.staggered import Weights, cohort_of, permuted, weights

BLOCK_WEEKS = 4
BASE_WEEKS = 12
COLUMNS = ("use_case_id", "measure_name", "week_no", "effect_number", "low_number", "high_number", "is_before")


def effect_weeks(
    rows: pl.DataFrame, how: Design, units: Units, *, use_case_id: str, seed: int
) -> Iterator[dict[str, Any]]:
    """Rows of scores.ai_effect_weeks: four weeks a point, those before the start too where units are compared.

    Each point's interval is for itself; that one of many lies off is to be expected.
    """
    for measure, column in MEASURES.items():
        found: list[tuple[int, float, float | None, float | None]] = []
        if how.by == "cases":
            found = list(_of_cases(comparable(rows, how).filter(pl.col(column).is_not_null()), column))
        elif how.by == "units":
            seen = panel(rows, units, column)
            found = list(_of_units(seen, units.starts, seed)) if seen is not None else []
        for week, effect, low, high in found:
            yield {
                "use_case_id": use_case_id,
                "measure_name": measure,
                "week_no": week,
                "effect_number": _rounded(effect),
                "low_number": _rounded(low),
                "high_number": _rounded(high),
                "is_before": week < 0,
            }


def _of_cases(rows: pl.DataFrame, column: str) -> Iterator[tuple[int, float, float | None, float | None]]:
    """Lots within sites and weeks, four weeks at a time from the first week with both arms."""
    if not rows.height:
        return
    since = ((pl.col("week_date") - pl.col("week_date").min()).dt.total_days() // 7 // BLOCK_WEEKS).alias("block")
    cells = pl.struct("unit_name", "week_date").rank("dense").cast(pl.Int64).alias("cell")
    told = rows.with_columns(since, cells).sort("block", "cell", "work_id")
    for (block,), mine in told.group_by("block", maintain_order=True):
        one = queue_split(
            mine[column].to_numpy().astype(float), mine["is_assisted"].to_numpy(), mine["cell"].to_numpy()
        )
        if np.isfinite(one.effect):
            yield int(block) * BLOCK_WEEKS, one.effect, one.low, one.high


def _of_units(
    seen: np.ndarray, starts: np.ndarray, seed: int
) -> Iterator[tuple[int, float, float | None, float | None]]:
    """Group-time effects by weeks since the start, four at a time, with what other assignments scatter around them."""
    weekly = weights(starts, seen.shape[1], aggregate="dynamic", base_weeks=BASE_WEEKS)
    block = np.array([int(figure[0]) // BLOCK_WEEKS for figure in weekly.figures])
    names = np.unique(block)
    per_week = np.array([weekly.per_week[block == name].mean(axis=0) for name in names])
    how = Weights(tuple((int(name) * BLOCK_WEEKS,) for name in names), weekly.cohorts, per_week)
    drawn = assignments(cohort_of(starts, how.cohorts).tolist(), seed=seed)
    figures = permuted(how.parts(seen), drawn)
    pattern = permuted(how.parts((np.arange(seen.shape[1]) >= starts[:, None]).astype(float)), drawn)
    errors = (figures - np.where(names >= 0, figures[0], 0.0) * pattern).std(axis=0)
    wide = float(ndtri(0.975))
    for place, name in enumerate(names):
        effect, error = float(figures[0, place]), float(errors[place])
        yield int(name) * BLOCK_WEEKS, effect, effect - wide * error, effect + wide * error


def _rounded(number: float | None) -> float | None:
    return None if number is None or not np.isfinite(number) else round(float(number), 6) + 0.0
