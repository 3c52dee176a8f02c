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
        number += _judge(one, blend.origins[row], blend.residuals[row], below)
    chances = (below + PRIOR_DAYS * GRID) / (number + PRIOR_DAYS)
    bent = np.interp(levels, np.maximum.accumulate(chances), GRID)
    out = np.empty((*blend.points.shape, len(levels)))
    for row, one in enumerate(series):
        _draw(_sizes(one), blend.points[row], bent, out[row])
    return out


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
def _usual(sizes: Vector) -> float:
    """What was bought at once, on average."""
    return sizes[:-1].mean() if sizes.size > 1 else 0.0


@njit(nogil=True, cache=True)
def _chance(usual: float, mean: float) -> tuple[float, float]:
    """How likely anything comes on a day with that mean, and by how much sizes are stretched where more comes than fits."""
    if usual <= 0 or mean <= 0:
        return 0.0, 1.0
    return min(mean / usual, 1.0), max(mean / usual, 1.0)


@njit(nogil=True, cache=True)
def _judge(y: Vector, origins: Vector, missed: Vector, below: Vector) -> float:
    """Adds to `below`, for each level of the grid, how many of the days that came lay below it; back come the days."""
    days = 0.0
    for k in range(origins.size):
        if origins[k] <= 0:
            continue
        sizes = _sizes(y[: origins[k]])
        usual = _usual(sizes)
        for h in range(min(missed.shape[1], y.size - origins[k])):
            if np.isnan(missed[k, h]):
                continue
            came = y[origins[k] + h]
            chance, stretch = _chance(usual, came - missed[k, h])
            low, high = 0.0, 1.0 - chance
            if came > 0:
                reached = came / stretch
                low = 1 - chance + chance * np.searchsorted(sizes, reached, side="left") / sizes.size
                high = 1 - chance + chance * np.searchsorted(sizes, reached, side="right") / sizes.size
            above = np.searchsorted(GRID, high, side="left")
            for g in range(np.searchsorted(GRID, low, side="right"), above):
                below[g] += (GRID[g] - low) / (high - low)
            for g in range(above, GRID.size):
                below[g] += 1.0
            days += 1.0
    return days


@njit(nogil=True, cache=True)
def _draw(sizes: Vector, points: Vector, levels: Vector, out: Vector) -> None:
    usual = _usual(sizes)
    for h in range(points.size):
        chance, stretch = _chance(usual, points[h])
        for q in range(levels.size):
            out[h, q] = 0.0
            if levels[q] > 1 - chance and chance > 0:
                place = int(np.ceil((levels[q] - 1 + chance) / chance * sizes.size)) - 1
                out[h, q] = sizes[min(max(place, 0), sizes.size - 1)] * stretch
