"""How good are the point forecasts on a panel of series, beside seasonal naive and Naive 2 on the same panel?

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
    blended(train[:2], season_length=m, horizon=horizon)  # compiled, or fetched from the cache of a run before
    begun = time.perf_counter()
    points = blended(train, season_length=m, horizon=horizon).points
    seconds = time.perf_counter() - begun
    naive = np.array([one[np.resize(np.arange(-min(m, one.size), 0), horizon)] for one in train])
    ours, rival, ruler = (judged(train, test, said, m) for said in (points, naive, naive_2(train, m, horizon)))
    if wishes.out:
        steps = pl.DataFrame({"unique_id": np.repeat(names, horizon), "step": list(range(1, horizon + 1)) * len(names)})
        steps.with_columns(forecast=points.ravel()).write_parquet(wishes.out)
    said = {
        "benchmark": "forecast",
        "panel": wishes.panel.name,
        "series": len(names),
        **ours,
        "owa": round((ours["smape"] / ruler["smape"] + ours["mase"] / ruler["mase"]) / 2, 4),
        **{f"seasonal_naive_{name}": rival[name] for name in ("mase", "rmsse", "smape")},
        "series_per_second": round(len(names) / seconds),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(said))


def panel(rows: pl.DataFrame, horizon: int) -> tuple[list[str], list[np.ndarray], np.ndarray]:
    """Names, training series and test values (series × step) of all series whose test part is that long."""
    grouped = (
        rows.drop_nulls("y")
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
