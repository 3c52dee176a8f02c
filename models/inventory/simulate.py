"""What stock does over many possible futures: demand takes from it, purchase lines add to it when they come."""

import numpy as np
from numba import njit

from models import paths

Vector = np.ndarray


@njit(nogil=True, cache=True)
def arrivals(open_qty: Vector, due: Vector, late: Vector, days: int) -> Vector:
    """What comes on each of so many days in one future, each purchase line late by a draw out of its own samples (`shelves`).

    The caller seeds the dice, in compiled code.

    >>> arrivals(np.array([5.0, 2.0]), np.array([1.0, -4.0]), np.array([[1.0], [0.0]]), 3).tolist()
    [2.0, 0.0, 5.0]
    """
    coming = np.zeros(days)
    for line in range(open_qty.size):
        day = max(due[line] + late[line, np.random.randint(late.shape[1])], 0.0)
        if day < days:
            coming[int(day)] += open_qty[line]
    return coming


@njit(nogil=True, cache=True)
def shelves(  # noqa: PLR0917  compiled code is called by place
    on_hand: float, wanted: Vector, open_qty: Vector, due: Vector, late: Vector, seed: int, out: Vector, lost: Vector
) -> None:
    """Adds up, over all paths, when the shelf is empty and what is lost.

    A purchase line comes so many days after it was due as one of the past ones did, and not before tomorrow; what is
    wanted and not there is lost, it does not wait.

    Args:
        on_hand: stock at the start, in base units; below nothing counts as none.
        wanted: path × day, demand.
        open_qty, due: of each open purchase line its quantity and due day (0 is the first day ahead; may be past).
        late: line × sample, equally likely days late of each line, those that have already passed left out.
        seed: for the draws of lateness.
        out: day × 2, added to: share of paths that end the day empty; share that have been empty by then.
        lost: day, added to: mean quantity lost.
    """
    count, days = wanted.shape
    np.random.seed(seed)
    for p in range(count):
        coming = arrivals(open_qty, due, late, days)
        stock, has_run_out = max(on_hand, 0.0), False
        for day in range(days):
            stock += coming[day]
            missed = max(wanted[p, day] - stock, 0.0)
            stock = max(stock - wanted[p, day], 0.0)
            is_empty = stock <= 0.0
            has_run_out = has_run_out or is_empty
            out[day, 0] += is_empty / count
            out[day, 1] += has_run_out / count
            lost[day] += missed / count


@njit(nogil=True, cache=True)
def futures(  # noqa: PLR0917  compiled code is called by place
    quantiles: Vector,
    means: Vector,
    levels: Vector,
    shape: tuple[float, float],
    on_hand: float,
    open_qty: Vector,
    due: Vector,
    late: Vector,
    seed: int,
    count: int,
) -> tuple[Vector, Vector]:
    """The same for one SKU at one site from its forecast: `day × (empty, has been empty)` and the mean quantity lost by day."""
    days = means.size
    wanted = np.empty((count, days))
    paths.draw(quantiles, paths.curves(quantiles, means, levels), levels, shape, seed, wanted)
    out, lost = np.zeros((days, 2)), np.zeros(days)
    shelves(on_hand, wanted, open_qty, due, late, seed + 1, out, lost)
    return out, lost
