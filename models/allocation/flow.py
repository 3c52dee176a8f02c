"""The cheapest way to serve regions from sites with one SKU: a min-cost flow with a soft floor, compiled, integral and exact."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

Vector = np.ndarray
SKUS_A_TASK = 50
EPS = 1e-9


def flows(
    cost: Vector, stock: Vector, demand: Vector, floor: Vector, worth: Vector, floor_worth: Vector
) -> tuple[Vector, Vector, Vector]:
    """For each SKU by itself the least of shipping plus what is missed: quantities, least costs, and the price of stock.

    Args:
        cost: `sku × site × region`, of a unit; infinite where there is no lane.
        stock: `sku × site`; demand, floor: `sku × region`, the part of it that a contract wants at least.
        demand: as above.
        floor: as above.
        worth: `sku × region`, what a missed unit costs beyond the floor.
        floor_worth: the same below the floor; not less than `worth`.

    Returns:
        Quantities `sku × site × region` (whole where stock, demand and floor are whole), the objective of each SKU, and what one
        unit more of stock would save, `sku × site`.

    >>> moved, spent, price = flows(
    ...     np.array([[[1.0, 2.0]]]),
    ...     np.array([[3.0]]),
    ...     np.array([[2.0, 2.0]]),
    ...     np.zeros((1, 2)),
    ...     np.array([[5.0, 9.0]]),
    ...     np.array([[5.0, 9.0]]),
    ... )
    >>> moved[0, 0].tolist(), float(spent[0]), price.tolist()
    ([1.0, 2.0], 10.0, [[4.0]])
    """
    moved, spent, price = np.zeros(cost.shape), np.zeros(cost.shape[0]), np.zeros(stock.shape)
    tasks = [(first, min(first + SKUS_A_TASK, cost.shape[0])) for first in range(0, cost.shape[0], SKUS_A_TASK)]
    even = np.ascontiguousarray
    work = (
        even(cost, float),
        even(stock, float),
        even(demand, float),
        even(floor, float),
        even(worth, float),
        even(floor_worth, float),
    )
    with ThreadPoolExecutor(os.cpu_count()) as hands:
        list(hands.map(lambda rows: _some(*work, rows, moved, spent, price), tasks))
    return moved, spent, price


@njit(nogil=True, cache=True)
def _some(  # noqa: PLR0917  compiled code is called by place
    cost: Vector,
    stock: Vector,
    demand: Vector,
    floor: Vector,
    worth: Vector,
    floor_worth: Vector,
    rows: tuple[int, int],
    moved: Vector,
    spent: Vector,
    price: Vector,
) -> None:
    for s in range(rows[0], rows[1]):
        spent[s] = _one(cost[s], stock[s], demand[s], floor[s], worth[s], floor_worth[s], moved[s], price[s])


@njit(nogil=True, cache=True)
def _one(  # noqa: PLR0917
    cost: Vector,
    stock: Vector,
    demand: Vector,
    floor: Vector,
    worth: Vector,
    floor_worth: Vector,
    x: Vector,
    price: Vector,
) -> float:
    """Regions come in one after another; each unit takes the cheapest residual path, so no cycle ever becomes cheaper than nought.

    A path leads from the region to a site, through regions that move from one site to the next, and ends where stock is free or
    where a region gives a unit up. Sites are few, so distances are kept between sites alone.
    """
    sites, regions = cost.shape
    free, missed = stock.copy(), np.zeros(regions)
    hop, via = np.full((sites, sites), np.inf), np.full((sites, sites), -1)
    there, end, then = np.empty(sites), np.empty(sites, np.int64), np.empty(sites, np.int64)
    for r in range(regions):
        left = demand[r]
        while left > EPS:
            _distances(cost, free, missed, demand, floor, worth, floor_worth, x, hop, there, end, then)
            best, site = np.inf, -1
            for d in range(sites):
                if cost[d, r] + there[d] < best:
                    best, site = cost[d, r] + there[d], d
            soft = demand[r] - floor[r] - missed[r]  # units that may still be missed before the floor breaks
            if best >= (worth[r] if soft > EPS else floor_worth[r]) - EPS:
                gone = min(left, soft) if soft > EPS else left
                missed[r] += gone
                left -= gone
            else:
                left -= _pushed(cost, free, missed, demand, floor, x, hop, via, end, then, (r, site), left)
    _prices(cost, missed, demand, floor, worth, floor_worth, hop, price)
    soft_part = np.minimum(missed, demand - floor)
    spent = (soft_part * worth + (missed - soft_part) * floor_worth).sum()
    for d in range(sites):
        for r in range(regions):
            if x[d, r] > 0:
                spent += x[d, r] * cost[d, r]
    return spent


@njit(nogil=True, cache=True)
def _pushed(  # noqa: PLR0917
    cost: Vector,
    free: Vector,
    missed: Vector,
    demand: Vector,
    floor: Vector,
    x: Vector,
    hop: Vector,
    via: Vector,
    end: Vector,
    then: Vector,
    way: tuple[int, int],
    left: float,
) -> float:
    """How much of a region went along the cheapest path from a site on; quantities, free stock and what is missed follow."""
    mover, site = way
    step, d = left, site
    while then[d] >= 0:
        step = min(step, x[d, via[d, then[d]]])
        d = then[d]
    q = end[d]
    if q < 0:
        step = min(step, free[d])
        free[d] -= step
    else:
        soft = demand[q] - floor[q] - missed[q]
        step = min(step, x[d, q], soft if soft > EPS else step)
        missed[q] += step
    d = site
    while True:
        onward = then[d]
        out = via[d, onward] if onward >= 0 else end[d]
        _put(cost, x, hop, via, d, mover, step)
        if out >= 0:
            _put(cost, x, hop, via, d, out, -step)
        if onward < 0:
            return step
        mover, d = out, onward


@njit(nogil=True, cache=True)
def _distances(  # noqa: PLR0917
    cost: Vector,
    free: Vector,
    missed: Vector,
    demand: Vector,
    floor: Vector,
    worth: Vector,
    floor_worth: Vector,
    x: Vector,
    hop: Vector,
    there: Vector,
    end: Vector,
    then: Vector,
) -> None:
    """From each site the least cost of making room for a unit: how it ends (free stock: -1, or a region), or the next site."""
    sites, regions = cost.shape
    for d in range(sites):
        then[d], end[d], there[d] = -1, -1, 0.0
        if free[d] > EPS:
            continue
        there[d] = np.inf
        for q in range(regions):
            if x[d, q] > EPS:
                lost = worth[q] if missed[q] < demand[q] - floor[q] - EPS else floor_worth[q]
                if lost - cost[d, q] < there[d]:
                    there[d], end[d] = lost - cost[d, q], q
    changed = True
    while changed:
        changed = False
        for d in range(sites):
            for other in range(sites):
                if hop[d, other] + there[other] < there[d] - EPS:
                    there[d], then[d] = hop[d, other] + there[other], other
                    changed = True


@njit(nogil=True, cache=True)
def _put(cost: Vector, x: Vector, hop: Vector, via: Vector, d: int, q: int, step: float) -> None:  # noqa: PLR0917
    """A quantity more, or less, of a region at a site, and what it then costs to move some region from there to each other site."""
    was = x[d, q]
    x[d, q] = was + step if was + step > EPS else 0.0
    for other in range(cost.shape[0]):
        if other == d:
            continue
        if x[d, q] > 0:
            if cost[other, q] - cost[d, q] < hop[d, other]:
                hop[d, other], via[d, other] = cost[other, q] - cost[d, q], q
        elif via[d, other] == q:
            hop[d, other], via[d, other] = np.inf, -1
            for p in range(cost.shape[1]):
                if x[d, p] > 0 and cost[other, p] - cost[d, p] < hop[d, other]:
                    hop[d, other], via[d, other] = cost[other, p] - cost[d, p], p


@njit(nogil=True, cache=True)
def _prices(  # noqa: PLR0917
    cost: Vector,
    missed: Vector,
    demand: Vector,
    floor: Vector,
    worth: Vector,
    floor_worth: Vector,
    hop: Vector,
    price: Vector,
) -> None:
    """What one unit more at each site would save: it serves a missed unit, or lets others move to it and frees one elsewhere."""
    sites, regions = cost.shape
    saved = np.zeros(sites)
    for d in range(sites):
        for r in range(regions):
            if missed[r] > EPS:
                regained = floor_worth[r] if missed[r] > demand[r] - floor[r] + EPS else worth[r]
                saved[d] = max(saved[d], regained - cost[d, r])
    changed = True
    while changed:
        changed = False
        for other in range(sites):
            for d in range(sites):
                if saved[other] - hop[other, d] > saved[d] + EPS:
                    saved[d] = saved[other] - hop[other, d]
                    changed = True
    price[:] = saved
