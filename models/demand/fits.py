"""What each forecast rests on, and how the one before it did: of whoever spoke."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from models.demand.backtest import Outcome
    from models.demand.history import History

COLUMNS: tuple[str, ...] = ("sku_id", "site_id", "origin_date", "demand_class_name", "method_name", "history_day_count")
COLUMNS += ("censored_day_count", "lifted_qty", "mean_day_qty", "forecast_28_qty", "looked_back_qty")
COLUMNS += ("came_28_qty", "error_28_qty", "naive_error_28_qty", "rmsse_number", "naive_rmsse_number")
LOOKED_BACK = COLUMNS[COLUMNS.index("looked_back_qty") :]
DAYS, QUARTER, RIVAL = 28, 91, "seasonal naive"


def fits(
    past: "History",
    series: list[np.ndarray],
    points: np.ndarray,
    *,
    methods: list[str],
    classes: list[str],
    latest: "Outcome | None",
    speaker: str,
) -> pl.DataFrame:
    """One row per SKU and site: what its forecast rests on, and how the last one did.

    Args:
        past, series: the history, and the demand that was forecast from.
        points: what is forecast, series × day.
        methods, classes: the method that weighs most, and the class of demand, of each series.
        latest: the look back that tells how the last forecast did.
        speaker: whose words in it are shown: `model` or the rival, whoever speaks in the tables.
    """
    lift = [float(a.sum() - np.minimum(a, b).sum()) for a, b in zip(series, past.recorded, strict=True)]
    frame = past.cells.select("sku_id", "site_id").with_columns(
        origin_date=pl.lit(past.end),
        demand_class_name=pl.Series(classes, dtype=pl.String),
        method_name=pl.Series(methods, dtype=pl.String),
        history_day_count=pl.Series([one.size for one in series], dtype=pl.Int64),
        censored_day_count=pl.Series([int(one.sum()) for one in past.censored], dtype=pl.Int64),
        lifted_qty=pl.Series(np.round(lift, 3), dtype=pl.Float64),
        mean_day_qty=pl.Series([round(float(one[-QUARTER:].mean()), 3) for one in past.recorded], dtype=pl.Float64),
        forecast_28_qty=pl.Series(points[:, :DAYS].sum(axis=1).round(3), dtype=pl.Float64),
    )
    if latest is None:
        return frame.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in LOOKED_BACK).select(COLUMNS)
    told = _misses(latest, speaker)
    back = latest.history.cells.select("sku_id", "site_id").with_columns(
        **{name: pl.Series(np.round(column, 4)).fill_nan(None) for name, column in told.items()}
    )
    return frame.join(back, on=["sku_id", "site_id"], how="left", maintain_order="left").select(COLUMNS)


def _misses(latest: "Outcome", speaker: str) -> dict[str, np.ndarray]:
    """What was said and what came in 28 days with stock, and how far off the speaker and the rival were."""
    known = ~np.isnan(latest.came)
    squared = np.array([(np.diff(one) ** 2).mean() for one in latest.history.recorded])
    told = {"came_28_qty": np.nansum(latest.came, axis=1)}
    told["looked_back_qty"] = np.where(known, latest.said[speaker], 0.0).sum(axis=1)
    for prefix, variant in (("", speaker), ("naive_", RIVAL)):
        error = np.where(known, latest.said[variant] - np.nan_to_num(latest.came), 0.0)
        told[f"{prefix}error_28_qty"] = error.sum(axis=1)
        mean = (error**2).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        told[f"{prefix}rmsse_number"] = np.sqrt(
            np.divide(mean, squared, out=np.full_like(mean, np.nan), where=squared > 0)
        )
    return told
