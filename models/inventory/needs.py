"""How many units more a shelf would have needed, and how many it could have spared, in each of many possible futures.

What is lost by a day is the furthest that demand ever ran ahead of supply. So units that come on some day save, in one future,
as many as demand runs further ahead after that day than before it, and no more; units that are taken away cost what
goes beyond the least that was ever left over. Both are straight lines with one bend, so the k-th unit is worth the chance
that so many are needed, and no future has to be played again for another quantity.
"""

import numpy as np
from numba import njit

from models import paths
from models.inventory.simulate import arrivals

Vector = np.ndarray
COMMON = 0.98


@njit(nogil=True, cache=True)
def needs(  # noqa: PLR0917  compiled code is called by place
    free: float,
    wanted: Vector,
    open_qty: Vector,
    due: Vector,
    late: Vector,
    arrives: int,
    seed: int,
    need: Vector,
    spare: Vector,
) -> None:
    """Writes for each future what would have been needed from a day on, and what could have been spared throughout.

    Args:
        free: stock less what customers have been promised; below nought they wait for it.
        wanted: path × day, demand.
        open_qty, due, late: open purchase lines, as in `simulate.shelves`.
        arrives: day (0 is the first ahead) on which moved goods would be there.
        seed: for the draws of lateness.
        need, spare: path, written.
    """
    count, days = wanted.shape
    np.random.seed(seed)
    for p in range(count):
        coming = arrivals(open_qty, due, late, days)
        ahead, before, after = -free, 0.0, -np.inf
        most = max(-free, -max(free, 0.0))
        backlog = max(-free, 0.0)
        for day in range(days):
            ahead += wanted[p, day] - coming[day]
            most = max(most, ahead)
            if day < arrives:
                before = max(before, ahead - backlog)  # what waits is not lost before the goods could come
            else:
                after = max(after, ahead)
        need[p] = max(after - before, 0.0)
        spare[p] = max(-most, 0.0)


@njit(nogil=True, cache=True)
def played(  # noqa: PLR0917
    quantiles: Vector,
    means: Vector,
    levels: Vector,
    shape: tuple[float, float],
    free: float,
    open_qty: Vector,
    due: Vector,
    late: Vector,
    arrives: int,
    seed: int,
    count: int,
) -> tuple[Vector, Vector]:
    """Needs and spares of one SKU at one site from its forecast, one of each a future."""
    wanted = np.empty((count, means.size))
    paths.draw(quantiles, paths.curves(quantiles, means, levels), levels, shape, seed, wanted)
    need, spare = np.empty(count), np.empty(count)
    needs(free, wanted, open_qty, due, late, arrives, seed + 1, need, spare)
    return need, spare


def steps(units: Vector, worth: float, most: float, *, is_need: bool, count: int = 24) -> tuple[Vector, Vector]:
    """Widths in whole units and what each unit of them is worth: the curve of the k-th unit in at most `count` level steps.

    Args:
        units: needs or spares, one a future.
        worth: of a unit that is missed.
        most: units at most.
        is_need: whether more units help (worth falls), or taking units away hurts (cost rises).
        count: of steps.

    >>> steps(np.array([0.0, 1, 2, 2]), 8.0, 5, is_need=True)
    (array([1., 1.]), array([6., 4.]))
    >>> steps(np.array([0.0, 1, 2, 2]), 8.0, 3, is_need=False)
    (array([1., 1., 1.]), array([2., 4., 8.]))
    """
    ordered = np.sort(np.floor(units + 1e-9))
    # What only the rarest futures want rests on too few of them to be sent anywhere.
    top = int(min(np.quantile(ordered, COMMON, method="lower"), most)) if is_need else int(most)
    if top < 1:
        return np.zeros(0), np.zeros(0)
    # The curve bends where futures differ, so that is where steps end.
    bends = np.quantile(ordered, np.linspace(0, 1, count), method="lower")
    ends = np.unique(np.concatenate([np.clip(bends, 0, top), [top]]))
    ends = ends[ends > 0]
    starts = np.concatenate([[0.0], ends[:-1]])
    reach = (units.size - np.searchsorted(ordered, np.arange(1, top + 1))) / units.size  # chance that k or more
    summed = np.concatenate([[0.0], np.cumsum(reach)])
    mean = (summed[ends.astype(int)] - summed[starts.astype(int)]) / (ends - starts)
    return ends - starts, worth * (mean if is_need else 1 - mean)
