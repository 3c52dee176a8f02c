"""Compiles every kernel once, so that nobody waits for it later: run after installing, and again when the models change."""

import datetime as dt
from pathlib import Path

import numpy as np

from models import change, paths
from models.anomalies import detector
from models.demand import history
from models.demand.blend import blended
from models.demand.intervals import quantiles
from models.inventory.simulate import futures
from models.quantile_grid import LEVELS

MODELS = Path(__file__).parent.parent / "models"


def warm() -> None:
    """All compiled functions called with the types that they are called with at work; their code stays on disk.

    What an older version left goes first: compiled code is made anew when its own file changes, not when one that it calls does.
    """
    for stale in MODELS.rglob("*.nb[ci]"):
        stale.unlink()
    dice = np.random.default_rng(1)
    steady = [10 + dice.random(60), dice.integers(0, 3, 60).astype(float)]
    for only in (None, "seasonal naive"):
        quantiles(steady, blended(steady, season_length=7, horizon=3, only=only))
    empty = np.arange(60) % 9 > 6
    history.lifted(steady[0], empty, 0.5)
    history.while_empty(steady[0], empty)
    levels, bands = np.array(LEVELS), np.sort(dice.random((1, 14, len(LEVELS))), axis=2)
    means, shapes, seeds = bands.mean(axis=2), np.zeros((1, 2)), np.ones(1, dtype=np.int64)
    paths.sample_paths(bands[0], means[0], levels, common_share=0.1, serial=0.1, seed=1, count=2)
    paths.summed_quantiles(bands, means, levels, levels, span=7, shapes=shapes, seeds=seeds, count=2)
    for count in (0, 1):
        futures(bands[0], means[0], levels, (0.1, 0.1), 3.0, np.ones(count), np.ones(count), np.ones((count, 5)), 1, 2)
    detector.many([dice.random(80)])
    detector.expected(dice.random(80))
    change.change(dice.random(40), [dt.date(2026, 1, 1) + dt.timedelta(days=day) for day in range(40)])


if __name__ == "__main__":
    warm()
