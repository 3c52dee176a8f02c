"""How good are the forecasts on a panel of series and their quantiles, beside seasonal naive and Naive 2 on the same panel?

    .venv/bin/python -m benchmarks.forecast PANEL.parquet --season-length M --horizon H [--out FILE]

The panel holds `unique_id, t, y, split` (train/test), one row an observation. One configuration serves every panel; only
season length and horizon may differ. Prints one JSON line; `--out` keeps the forecasts as Parquet.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np
import polars as pl

from models.demand import kernels
from models.demand.blend import blended
from models.demand.intervals import LEVELS, quantiles


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("panel", type=Path)
    parser.add_argument("--season-length", type=int, required=True)
    parser.add_argument("--horizon", type=int, required=True)
    parser.add_argument("--out", type=Path, help="keep the forecasts here")
    wishes = parser.parse_args()
    names, train, test = panel(pl.read_parquet(wishes.panel), wishes.horizon)
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
        **ours,
        "owa": round((ours["smape"] / ruler["smape"] + ours["mase"] / ruler["mase"]) / 2, 4),
        **spread(train, test, bands, m),
        **{f"seasonal_naive_{name}": rival[name] for name in ("mase", "rmsse", "smape")},
        "series_per_second": round(len(names) / seconds),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(said))


def panel(rows: pl.DataFrame, horizon: int) -> tuple[list[str], list[np.ndarray], np.ndarray]:
    """Names, training series and test values (series × step) of all series whose test part is that long."""
    grouped = (
        rows.with_columns(pl.col("y").cast(pl.Float64).fill_nan(None))
        .drop_nulls("y")
        .sort("unique_id", "t")
        .group_by("unique_id", maintain_order=True)
        .agg(
            train=pl.col("y").filter(pl.col("split") == "train").cast(pl.Float64),
            test=pl.col("y").filter(pl.col("split") == "test").cast(pl.Float64),
        )
        .filter((pl.col("train").list.len() > 0) & (pl.col("test").list.len() >= horizon))
    )
    test = np.array([one.to_numpy()[:horizon] for one in grouped["test"]])
    return grouped["unique_id"].to_list(), [one.to_numpy() for one in grouped["train"]], test


def judged(train: list[np.ndarray], test: np.ndarray, said: np.ndarray, m: int) -> dict[str, float]:
    """Symmetric MAPE in per cent; MASE and RMSSE by the seasonal steps of the training part, series that never move left out; bias."""
    lag = [m if one.size > m else 1 for one in train]
    moves = [one[k:] - one[:-k] if one.size > k else np.zeros(1) for one, k in zip(train, lag, strict=True)]
    steady, squared = np.array([np.abs(d).mean() for d in moves]), np.array([(d**2).mean() for d in moves])
    error, moving = said - test, np.array([np.ptp(one) > 0 for one in train]) & (steady > 0)
    size = np.abs(said) + np.abs(test)
    smape = 200 * np.divide(np.abs(error), size, out=np.zeros_like(size), where=size > 0).mean()
    return {
        "smape": round(float(smape), 4),
        "mase": round(float((np.abs(error).mean(axis=1)[moving] / steady[moving]).mean()), 4),
        "rmsse": round(float(np.sqrt((error**2).mean(axis=1)[moving] / squared[moving]).mean()), 4),
        "bias": round(float(error.sum() / np.abs(test).sum()), 4),
    }


def spread(train: list[np.ndarray], test: np.ndarray, bands: np.ndarray, m: int) -> dict[str, float]:
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
        "pinball": round(float((losses[moving] / steady[moving]).mean()), 4),
        **within,
        "pit_error": round(float(wrong.max()), 4),
        "msis_95": round(float((score.mean(axis=1)[moving] / steady[moving]).mean()), 4),
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
