"""Histories of one to three seasons: a season that returns is believed, and one that does not is not made up."""

import numpy as np
import pytest

from models.demand.blend import blended
from models.demand.intervals import quantiles
from models.quantile_grid import LEVELS

NAIVE = "seasonal naive"


def panel(length, horizon, m, *, swing, noise, walk, count=120):
    """Series × time around 100, each with its own phase; what comes after `length` is what is to be forecast."""
    dice = np.random.default_rng((length, horizon, m))
    t = np.arange(length + horizon) + dice.random((count, 1)) * m
    drift = np.cumsum(dice.normal(0, walk, t.shape), axis=1)
    return np.maximum(100 * (1 + swing * np.sin(2 * np.pi * t / m)) + drift + noise * dice.standard_normal(t.shape), 0)


def error(whole, length, m, only=None):
    horizon = whole.shape[1] - length
    points = blended(list(whole[:, :length]), season_length=m, horizon=horizon, only=only).points
    steps = (np.diff(whole[:, :length], axis=1) ** 2).mean(axis=1)
    return np.sqrt(((points - whole[:, length:]) ** 2).mean(axis=1) / steps).mean()


@pytest.mark.parametrize(
    ("length", "horizon", "m"),
    [
        (78, 13, 52),
        (104, 13, 52),
        (104, 26, 52),
        (117, 26, 52),
        (24, 12, 12),
        (30, 12, 12),
        (48, 24, 24),
        (14, 7, 7),
        (28, 28, 7),
    ],
)
@pytest.mark.parametrize(("swing", "noise"), [(0.6, 5), (0.2, 10)], ids=["strong", "mild"])
def test_a_season_that_returns_is_forecast_as_well_as_by_the_season_before(length, horizon, m, swing, noise):
    whole = panel(length, horizon, m, swing=swing, noise=noise, walk=1)
    assert error(whole, length, m) <= 1.02 * error(whole, length, m, only=NAIVE)


@pytest.mark.parametrize(("length", "horizon", "m"), [(78, 13, 52), (104, 26, 52), (24, 12, 12), (14, 7, 7)])
def test_without_a_season_none_is_made_up(length, horizon, m):
    whole = panel(length, horizon, m, swing=0, noise=10, walk=1)
    assert error(whole, length, m) <= 1.05 * error(whole, length, 1)


def test_bands_hold_although_few_origins_judge():
    """Wider than need be rather than too narrow: at the origins that judge, half as much of the season was known as now."""
    whole = panel(104, 13, 52, swing=0.3, noise=8, walk=1, count=300)
    known, came = list(whole[:, :104]), whole[:, 104:]
    bands = quantiles(known, blended(known, season_length=52, horizon=13))
    inside = (came >= bands[:, :, LEVELS.index(0.1)]) & (came <= bands[:, :, LEVELS.index(0.9)])
    assert 0.78 < inside.mean() < 0.92
