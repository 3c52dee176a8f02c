"""How much of a SKU will be on the shelf on each day to come: stock played against demand paths and late deliveries."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from models import paths
from models.inventory.shelves import LEVELS, Shelf
from models.inventory.simulate import arrivals

Vector = np.ndarray
SHOWN = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Projection:
    """Stock at the close of each day to come: a low, a middle and a high course, and the chance that the shelf is empty."""

    p10: Vector
    p50: Vector
    p90: Vector
    empty_share: Vector


def projection(
    means: Vector,
    bands: Vector,
    shape: tuple[float, float],
    shelf: Shelf,
    *,
    gone_days: int = 0,
    demand_factor: float = 1.0,
    lead_days_more: float = 0.0,
    ordered_qty: float = 0.0,
    ordered_due: float = 0.0,
    seed: int,
    count: int = 300,
) -> Projection:
    """The stock of one SKU at one site over the days that are forecast.

    Args:
        means, bands: forecast by day: expected demand, and day × its quantiles at the product's levels.
        shape: common share and serial correlation of demand (see `models.paths`).
        shelf: stock, what is on its way, and how late it may be.
        gone_days: days between the as-of day and the first forecast day that have gone already.
        demand_factor: what if demand were so many times as high?
        lead_days_more: what if everything on its way came so many days later?
        ordered_qty, ordered_due: what if so much were ordered, due on that day (0 is the first)?
        seed, count: of the paths.

    >>> one = Shelf("A", "X", 10.0, 7, np.zeros(0), np.zeros(0), np.zeros((0, 1)))
    >>> flat = np.full((3, LEVELS.size), 4.0)
    >>> projection(np.full(3, 4.0), flat, (0.0, 0.0), one, seed=1, count=10).p50.tolist()
    [6.0, 2.0, 0.0]
    """
    wanted = np.empty((count, means.size))
    paths.draw(bands, paths.curves(bands, means, LEVELS), LEVELS, shape, seed, wanted)
    coming = np.concatenate([shelf.open_qty, [ordered_qty]])
    due = np.concatenate([shelf.due + gone_days + lead_days_more, [ordered_due]])
    late = np.vstack([shelf.late, np.zeros((1, shelf.late.shape[1]))])
    stock = np.empty_like(wanted)
    _play(max(shelf.on_hand, 0.0), wanted * demand_factor, coming, due, late, seed + 1, stock)
    low, middle, high = np.quantile(stock, SHOWN, axis=0)
    return Projection(low, middle, high, (stock <= 0).mean(axis=0))


@njit(nogil=True, cache=True)
def _play(  # noqa: PLR0917  compiled code is called by place
    on_hand: float, wanted: Vector, open_qty: Vector, due: Vector, late: Vector, seed: int, out: Vector
) -> None:
    """Writes the stock at the close of each day, `path × day`; what is wanted and not there is lost."""
    np.random.seed(seed)
    for p in range(wanted.shape[0]):
        coming = arrivals(open_qty, due, late, wanted.shape[1])
        stock = on_hand
        for day in range(coming.size):
            stock = max(stock + coming[day] - wanted[p, day], 0.0)
            out[p, day] = stock
