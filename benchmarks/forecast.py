"""How good are the forecasts on a panel of series and their quantiles, beside seasonal naive and Naive 2 on the same panel?

    .venv/bin/python -m benchmarks.forecast PANEL.parquet --season-length M --horizon H [--out FILE]

The panel holds `unique_id, t, y, split` (train/test), one row an observation. One configuration serves every panel; only
season length and horizon may differ. Prints one JSON line; `--out` keeps the forecasts as Parquet. `left_out` counts the series
whose test part is shorter than the horizon or not wholly known.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np
import polars as pl

from errors import Refusal
from models.demand import kernels
from models.demand.blend import blended
from models.demand.intervals import quantiles
from models.quantile_grid import LEVELS

Figures = dict[str, float | None]


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("panel", type=Path)
    parser.add_argument("--season-length", type=int, required=True)
    parser.add_argument("--horizon", type=int, required=True)
    parser.add_argument("--out", type=Path, help="keep the forecasts here")
    wishes = parser.parse_args()
    rows = pl.read_parquet(wishes.panel)
    try:
        names, train, test = panel(rows, wishes.horizon)
    except Refusal as refusal:
        parser.error(str(refusal))
    m, horizon = wishes.season_length, wishes.horizon
    few = train[:: max(len(train) // 20, 1)]
    quantiles(
        few, blended(few, season_length=m, horizon=horizon)
    )  # compiled, or fetched from the cache of a run before
    begun = time.perf_counter()
    blend = blended(train, season_length=m, horizon=horizon)
    bands, points = quantiles(train, blend), blend.points
    seconds = time.perf_counter() - begun
    naive = np.array([one[np.resize(np.arange(-min(m, one.size), 0), horizon)] for one in train])
    ours, rival, ruler = (judged(train, test, said, m) for said in (points, naive, naive_2(train, m, horizon)))
    if wishes.out:
        steps = pl.DataFrame({"unique_id": np.repeat(names, horizon), "step": list(range(1, horizon + 1)) * len(names)})
        said = {f"q{level:g}": bands[:, :, place].ravel() for place, level in enumerate(LEVELS)}
        steps.with_columns(forecast=points.ravel(), **said).write_parquet(wishes.out)
    said = {
        "benchmark": "forecast",
        "panel": wishes.panel.name,
        "series": len(names),
        "left_out": rows["unique_id"].n_unique() - len(names),
        **ours,
        "owa": owa(ours, ruler),
        **spread(train, test, bands, m),
        **{f"seasonal_naive_{name}": rival[name] for name in ("mase", "rmsse", "smape")},
        "series_per_second": round(len(names) / seconds),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(said))


def panel(rows: pl.DataFrame, horizon: int) -> tuple[list[str], list[np.ndarray], np.ndarray]:
    """Names, training series and test values (series × step) of all series whose test part is known for that long.

    Rows may come in any order. A value that is missing (null, nan) at the start of a series is as if it began later; one
    within or at the end of the training part is drawn between its neighbours, or is as the last, so that seasons stay
    where they are; a series with one among the first test steps is left out. Values below nought and series of one value
    are taken as they are.

    Raises:
        Refusal: a period stands twice or not at all, a value is infinite, or no series is left; joined in silence, each
            would shift the season and be judged against the wrong step.
    """
    ordered = rows.with_columns(pl.col("y").cast(pl.Float64).fill_nan(None)).sort("unique_id", "t")
    _refuse_twice(ordered)
    _refuse_gaps(ordered)
    _refuse_infinite(ordered)
    grouped = (
        ordered.group_by("unique_id", maintain_order=True)
        .agg(
            train=pl.col("y").filter(pl.col("split") == "train").interpolate().forward_fill().drop_nulls(),
            test=pl.col("y").filter(pl.col("split") == "test").head(horizon),
        )
        .filter((pl.col("train").list.len() > 0) & (pl.col("test").list.drop_nulls().list.len() >= horizon))
    )
    if grouped.is_empty():
        fix = f"Give rows of split `train`, and at least {horizon} known values of split `test` after them."
        raise Refusal(
            "The panel was not forecast.", "No series has a training part and a test part of that length.", fix
        )
    test = np.array([one.to_numpy() for one in grouped["test"]])
    return grouped["unique_id"].to_list(), [one.to_numpy() for one in grouped["train"]], test


def _refuse_twice(ordered: pl.DataFrame) -> None:
    twice = ordered.filter(pl.struct("unique_id", "t").is_duplicated())
    if twice.height:
        name, t = twice.select("unique_id", "t").row(0)
        why = f"Series {name} has more than one row at t = {t} ({twice.height} such rows in all)."
        raise Refusal("The panel was not forecast.", why, "Add up or drop the rows of the same period.")


def _refuse_gaps(ordered: pl.DataFrame) -> None:
    """Periods are whole numbers, one apart; or days or instants, no step half as long again as the shortest of the panel.

    Where no weekend day is in a daily panel, Monday follows Friday.
    """
    steps = ordered.with_columns(before=pl.col("t").shift().over("unique_id")).drop_nulls("before")
    if steps.is_empty():
        return
    apart = pl.col("t") - pl.col("before")
    if ordered.schema["t"].is_temporal():
        shortest = steps.select(apart.min()).item()
        if shortest.days == 1 and not ordered["t"].dt.weekday().is_in([6, 7]).any():
            apart = pl.business_day_count(pl.col("before").cast(pl.Date), pl.col("t").cast(pl.Date))
            shortest = 1
        gaps = steps.filter(apart > 1.5 * shortest)
    else:
        gaps = steps.filter(apart > 1)
    if gaps.height:
        name, before, t = gaps.select("unique_id", "before", "t").row(0)
        why = f"Series {name} goes from t = {before} to t = {t}: periods between are missing ({gaps.height} such gaps in all)."
        fix = "Add the missing rows: with y = 0 where nothing was sold, with y empty where it is not known."
        raise Refusal("The panel was not forecast.", why, fix)


def _refuse_infinite(ordered: pl.DataFrame) -> None:
    infinite = ordered.filter(pl.col("y").is_infinite())
    if infinite.height:
        name, t = infinite.select("unique_id", "t").row(0)
        why = f"Series {name} is infinite at t = {t} ({infinite.height} such rows in all)."
        raise Refusal("The panel was not forecast.", why, "Leave y empty where it is not known.")


def _mean(values: np.ndarray) -> float | None:
    """The mean to four digits; None of no values, as where no series ever moves."""
    return round(float(values.mean()), 4) if values.size else None


def judged(train: list[np.ndarray], test: np.ndarray, said: np.ndarray, m: int) -> Figures:
    """Symmetric MAPE in per cent; MASE and RMSSE by the seasonal steps of the training part, series that never move left out; bias."""
    lag = [m if one.size > m else 1 for one in train]
    moves = [one[k:] - one[:-k] if one.size > k else np.zeros(1) for one, k in zip(train, lag, strict=True)]
    steady, squared = np.array([np.abs(d).mean() for d in moves]), np.array([(d**2).mean() for d in moves])
    error, moving = said - test, np.array([np.ptp(one) > 0 for one in train]) & (steady > 0)
    size = np.abs(said) + np.abs(test)
    smape = 200 * np.divide(np.abs(error), size, out=np.zeros_like(size), where=size > 0).mean()
    return {
        "smape": round(float(smape), 4),
        "mase": _mean(np.abs(error).mean(axis=1)[moving] / steady[moving]),
        "rmsse": _mean(np.sqrt((error**2).mean(axis=1)[moving] / squared[moving])),
        "bias": round(float(error.sum() / np.abs(test).sum()), 4) if test.any() else None,
    }


def owa(ours: Figures, ruler: Figures) -> float | None:
    """The mean of both errors over those of Naive 2; None where it made no error or where none can be measured."""
    ratios = [ours[name] / ruler[name] for name in ("smape", "mase") if ours[name] is not None and ruler[name]]
    return round(sum(ratios) / 2, 4) if len(ratios) == 2 else None


def spread(train: list[np.ndarray], test: np.ndarray, bands: np.ndarray, m: int) -> Figures:
    """How good the quantiles are.

    `pinball` is the mean pinball loss over the levels and `msis_95` the interval score of the M4 competition, both in units
    of the mean seasonal step of the training part (series that never move left out). `pit_error` is the largest distance
    over the levels between a level and how often the truth lay below its quantile; where counts make that a range (below,
    or not above), it is the distance to the range.
    """
    lag = [m if one.size > m else 1 for one in train]
    steady = np.array(
        [np.abs(one[k:] - one[:-k]).mean() if one.size > k else 0.0 for one, k in zip(train, lag, strict=True)]
    )
    moving = steady > 0
    levels, came = np.array(LEVELS), test[:, :, None]
    losses = np.maximum(levels * (came - bands), (levels - 1) * (came - bands)).mean(axis=(1, 2))
    low, high = bands[:, :, LEVELS.index(0.025)], bands[:, :, LEVELS.index(0.975)]
    score = high - low + 40 * (np.maximum(low - test, 0) + np.maximum(test - high, 0))
    below, not_above = (came < bands).mean(axis=(0, 1)), (came <= bands).mean(axis=(0, 1))
    wrong = np.maximum(np.maximum(below - levels, levels - not_above), 0.0)
    within = {
        f"coverage_{share}": round(
            float(((test >= at(bands, 50 - share / 2)) & (test <= at(bands, 50 + share / 2))).mean()), 4
        )
        for share in (80, 90, 95)
    }
    return {
        "pinball": _mean(losses[moving] / steady[moving]),
        **within,
        "pit_error": round(float(wrong.max()), 4),
        "msis_95": _mean(score.mean(axis=1)[moving] / steady[moving]),
    }


def at(bands: np.ndarray, per_cent: float) -> np.ndarray:
    """The quantile of that level, series × step."""
    return bands[:, :, LEVELS.index(round(per_cent / 100, 3))]


def naive_2(train: list[np.ndarray], m: int, horizon: int) -> np.ndarray:
    """The last value, seasonally adjusted where a season shows: the ruler of the M4 competition."""
    said = np.empty((len(train), horizon))
    for row, one in zip(said, train, strict=True):
        season = np.ones(m)
        if one.min() > 0 and kernels.is_seasonal(one, m):
            kernels.indices(one, m, True, season)
        row[:] = one[-1] / season[(one.size - 1) % m] * season[(one.size + np.arange(horizon)) % m]
    return said


if __name__ == "__main__":
    main()
