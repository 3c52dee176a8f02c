"""Quantiles of demand that comes now and then: how likely any comes, times what has really been bought at once.

Whether those chances hold is read off the rolling origins (probability integral transform, in its expected form for
counts: Czado, Gneiting and Held, 2009), and the levels are bent until they do.
"""

import numpy as np
from numba import njit

from models.demand.blend import Blend
from models.demand.kernels import Vector

GRID = np.linspace(0.0, 1.0, 201)
PRIOR_DAYS = 200.0  # for so many days the chances are believed as they are
BEYOND = 1.5  # one more purchase than ever seen, of this times the largest


def quantiles(series: list[np.ndarray], blend: Blend, levels: tuple[float, ...]) -> np.ndarray:
    """Quantiles `series × step × level` of intermittent series.

    >>> from models.demand.blend import blended
    >>> rare = [np.tile([0.0, 0.0, 0.0, 0.0, 5.0], 40)]
    >>> quantiles(rare, blended(rare, season_length=1, horizon=1), (0.5, 0.95)).tolist()
    [[[0.0, 5.0]]]
    """
    below, number = np.zeros(GRID.size), 0.0
    for row, one in enumerate(series):
        came = _came(one, blend.origins[row], blend.points.shape[1])
        number += _judge(one, blend.origins[row], came, blend.residuals[row], below)
    chances = (below + PRIOR_DAYS * GRID) / (number + PRIOR_DAYS)
    bent = np.interp(levels, np.maximum.accumulate(chances), GRID)
    out = np.empty((*blend.points.shape, len(levels)))
    for row, one in enumerate(series):
        _draw(_sizes(one), blend.points[row], bent, out[row])
    return out


def _came(one: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    at = origins[:, None] + np.arange(horizon)
    return np.where((origins[:, None] > 0) & (at < one.size), one[np.minimum(at, one.size - 1)], np.nan)


@njit(nogil=True, cache=True)
def _sizes(y: Vector) -> Vector:
    """What was bought at once, in rising order, and one more than ever seen."""
    bought = np.sort(y[y > 0])
    out = np.zeros(bought.size + 1)
    out[: bought.size] = bought
    if bought.size:
        out[bought.size] = BEYOND * bought[-1]
    return out


@njit(nogil=True, cache=True)
def _chance(sizes: Vector, mean: float) -> tuple[float, float]:
    """How likely anything comes on a day with that mean, and by how much sizes are stretched where more comes than fits."""
    usual = sizes[:-1].mean() if sizes.size > 1 else 0.0
    if usual <= 0 or mean <= 0:
        return 0.0, 1.0
    return min(mean / usual, 1.0), max(mean / usual, 1.0)


@njit(nogil=True, cache=True)
def _judge(y: Vector, origins: Vector, came: Vector, missed: Vector, below: Vector) -> float:
    """Adds to `below`, for each level of the grid, how many of the days that came lay below it; back come the days."""
    days = 0.0
    for k in range(origins.size):
        if origins[k] <= 0:
            continue
        sizes = _sizes(y[: origins[k]])
        for h in range(came.shape[1]):
            if np.isnan(came[k, h]) or np.isnan(missed[k, h]):
                continue
            chance, stretch = _chance(sizes, came[k, h] - missed[k, h])
            low, high = 0.0, 1.0 - chance
            if came[k, h] > 0:
                reached = came[k, h] / stretch
                low = 1 - chance + chance * np.searchsorted(sizes, reached, side="left") / sizes.size
                high = 1 - chance + chance * np.searchsorted(sizes, reached, side="right") / sizes.size
            for g in range(GRID.size):
                if GRID[g] >= high:
                    below[g] += 1.0
                elif GRID[g] > low:
                    below[g] += (GRID[g] - low) / (high - low)
            days += 1.0
    return days


@njit(nogil=True, cache=True)
def _draw(sizes: Vector, points: Vector, levels: Vector, out: Vector) -> None:
    for h in range(points.size):
        chance, stretch = _chance(sizes, points[h])
        for q in range(levels.size):
            out[h, q] = 0.0
            if levels[q] > 1 - chance and chance > 0:
                place = int(np.ceil((levels[q] - 1 + chance) / chance * sizes.size)) - 1
                out[h, q] = sizes[min(max(place, 0), sizes.size - 1)] * stretch
