"""Which open orders to release to the warehouse today: the most worth within the stock and the hours of picking, and nobody forgotten."""

import time
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.sparse import coo_array, csr_array

from models import solver

Vector = np.ndarray
GAP, SECONDS, NODES = 4e-3, 60.0, 200
SMALL, SETTLED = 500, 1e-6  # orders that are searched at once; how near to nought or one an order must be to be settled


@dataclass(frozen=True)
class Backlog:
    """Open lines and their orders; places in the other lists count from nought.

    Attributes:
        order, sku: of each line, the order and the SKU (at the site that picks).
        wanted: units of each line; worth: of one unit that leaves today rather than tomorrow, penalties and margin included.
        line_hours: of picking a line, whatever its quantity; unit_hours: of picking a unit.
        is_complete: of each order, whether it ships whole or not at all.
        age_days, tier: of each order; tier 0 is the best.
        order_hours: of packing an order that ships.
        stock: of each SKU; hours: of picking and packing that there are.
    """

    order: Vector
    sku: Vector
    wanted: Vector
    worth: Vector
    line_hours: Vector
    unit_hours: Vector
    is_complete: Vector
    age_days: Vector
    tier: Vector
    order_hours: Vector
    stock: Vector
    hours: float


@dataclass(frozen=True)
class Released:
    """What leaves: units of each line (whole), which orders, what it is worth, and what no release is worth more than.

    Attributes:
        worth, bound: with the weight of orders that have waited too long, `weighed`; in money alone, `worth`.
        waiting: orders that have waited too long and still do not leave, each with a reason to be looked at by a person.
    """

    qty: Vector
    is_released: Vector
    worth: float
    weighed: float
    bound: float
    status: str
    seconds: float
    waiting: Vector

    @property
    def gap(self) -> float:
        """How far the release may lie below the best one, as a share of it."""
        return max(self.bound - self.weighed, 0.0) / max(abs(self.bound), 1e-9)


def released(backlog: Backlog, *, oldest_days: float, gap: float = GAP, seconds: float = SECONDS) -> Released:
    """The release that is worth most; an order older than `oldest_days` weighs more than any younger one, so nobody is starved.

    Where the search finds nothing in time, orders are taken by worth an hour, old ones first.

    >>> one = np.zeros(1)
    >>> two = Backlog(np.array([0, 1]), np.array([0, 0]), np.array([5.0, 5.0]), np.array([1.0, 3.0]), np.zeros(2), np.zeros(2),
    ...     np.array([True, True]), np.array([9.0, 1.0]), np.zeros(2), np.zeros(2), np.array([5.0]), 1.0)
    >>> released(two, oldest_days=30).qty.tolist(), released(two, oldest_days=7).qty.tolist()
    ([0.0, 5.0], [5.0, 0.0])
    """  # fmt: skip
    begun = time.perf_counter()
    lines, orders = backlog.order.size, backlog.age_days.size
    bonus = _bonus(backlog, oldest_days)
    greedy = in_turn(backlog, -bonus, -_worth_an_hour(backlog))
    plans, bound, status = [greedy], float("inf"), solver.STOPPED
    if lines:
        found = _searched(backlog, bonus, gap, seconds)
        bound = -found.bound
        if found.values.size:
            is_out = found.values[lines : lines + orders] > 0.5
            qty = np.floor(found.values[:lines] * is_out[backlog.order] + 1e-6)
            plans.append(_fitted(backlog, qty, is_out))
            status = found.status
    best = max(plans, key=lambda qty: _weighed(backlog, qty, bonus))
    is_out = np.bincount(backlog.order, best, orders) > 0
    weighed = _weighed(backlog, best, bonus)
    return Released(
        qty=best,
        is_released=is_out,
        worth=float((best * backlog.worth).sum()),
        weighed=weighed,
        bound=max(bound, weighed) if np.isfinite(bound) else weighed if not lines else bound,
        status=status if lines else solver.OPTIMAL,
        seconds=time.perf_counter() - begun,
        waiting=np.flatnonzero((backlog.age_days > oldest_days) & ~is_out),
    )


def in_turn(backlog: Backlog, *keys: Vector) -> Vector:
    """Units of each line when orders are served in the order of the keys (the first counts most), as far as stock and hours go.

    With `tier` and the negative of `age_days` it is what most warehouses do.

    >>> two = Backlog(np.array([0, 1]), np.array([0, 0]), np.array([5.0, 5.0]), np.ones(2), np.zeros(2), np.zeros(2),
    ...     np.array([False, True]), np.array([1.0, 2.0]), np.array([0, 1]), np.zeros(2), np.array([7.0]), 1.0)
    >>> in_turn(two, two.tier).tolist()
    [5.0, 0.0]
    """  # fmt: skip
    stock, hours, qty = np.floor(backlog.stock + 1e-9), backlog.hours, np.zeros(backlog.order.size)
    by_order = np.argsort(backlog.order, kind="stable")
    edges = np.searchsorted(backlog.order[by_order], np.arange(backlog.age_days.size + 1))
    for order in np.lexsort((np.arange(backlog.age_days.size), *reversed(keys))):
        mine = by_order[edges[order] : edges[order + 1]]
        left, needed, got = stock.copy() if backlog.is_complete[order] else stock, backlog.order_hours[order], []
        for line in mine:
            units = min(backlog.wanted[line], left[backlog.sku[line]])
            spent = backlog.line_hours[line] + units * backlog.unit_hours[line]
            if units <= 0 or needed + spent > hours + 1e-9:
                got.append(0.0)
                continue
            left[backlog.sku[line]] -= units
            needed += spent
            got.append(units)
        if backlog.is_complete[order]:
            if np.any(np.array(got) < backlog.wanted[mine] - 1e-9):
                continue
            stock = left
        if any(got):
            qty[mine] = got
            hours -= needed
    return qty


def _worth_an_hour(backlog: Backlog) -> Vector:
    orders = backlog.age_days.size
    worth = np.bincount(backlog.order, backlog.worth * backlog.wanted, orders)
    hours = (
        np.bincount(backlog.order, backlog.line_hours + backlog.unit_hours * backlog.wanted, orders)
        + backlog.order_hours
    )
    return worth / np.maximum(hours, 1e-9)


def _bonus(backlog: Backlog, oldest_days: float) -> Vector:
    """What an order that has waited too long weighs beyond its worth: as much as the dearest order, more the longer it waits."""
    orders = backlog.age_days.size
    dearest = np.bincount(backlog.order, backlog.worth * backlog.wanted, orders).max(initial=0.0)
    late = np.maximum(backlog.age_days - oldest_days, 0.0)
    return np.where(late > 0, dearest * (1 + late / max(oldest_days, 1.0)), 0.0)


def _weighed(backlog: Backlog, qty: Vector, bonus: Vector) -> float:
    is_out = np.bincount(backlog.order, qty, bonus.size) > 0
    return float((qty * backlog.worth).sum() + (bonus * is_out).sum())


def _fitted(backlog: Backlog, qty: Vector, is_out: Vector) -> Vector:
    """A searched release in whole units, with what rounding leaves given to lines of the same orders."""
    left = np.floor(backlog.stock + 1e-9) - np.bincount(backlog.sku, qty, backlog.stock.size)
    hours = backlog.hours - _hours(backlog, qty)
    room = np.where(is_out[backlog.order], backlog.wanted - qty, 0.0)
    for line in np.lexsort((np.arange(qty.size), -backlog.worth)):
        if room[line] >= 1 and left[backlog.sku[line]] >= 1 and qty[line] > 0:
            fits = np.floor(hours / backlog.unit_hours[line] + 1e-9) if backlog.unit_hours[line] > 0 else np.inf
            more = np.floor(min(room[line], left[backlog.sku[line]], max(fits, 0.0)))
            qty[line] += more
            left[backlog.sku[line]] -= more
            hours -= more * backlog.unit_hours[line]
    return qty


def _hours(backlog: Backlog, qty: Vector) -> float:
    is_out = np.bincount(backlog.order, qty, backlog.age_days.size) > 0
    picked = (qty > 0) * backlog.line_hours + qty * backlog.unit_hours
    return float(picked.sum() + backlog.order_hours[is_out].sum())


def _searched(backlog: Backlog, bonus: Vector, gap: float, seconds: float) -> solver.Solved:
    """The program: units of each line, then whether each order leaves. A line's hours are charged with its order."""
    lines, orders = backlog.order.size, backlog.age_days.size
    line, order = np.arange(lines), lines + np.arange(orders)
    per_order = np.bincount(backlog.order, backlog.line_hours, orders) + backlog.order_hours
    whole = backlog.is_complete[backlog.order]
    linked = (np.tile(line, 2), np.concatenate([line, lines + backlog.order]))
    row = np.concatenate([linked[0], lines + backlog.sku, np.full(lines + orders, lines + backlog.stock.size)])
    column = np.concatenate([linked[1], line, line, order])
    within = np.minimum(backlog.wanted, np.where(whole, np.inf, np.floor(backlog.stock + 1e-9)[backlog.sku]))
    value = np.concatenate([np.ones(lines), -within, np.ones(lines), backlog.unit_hours, per_order])
    rows = csr_array(coo_array((value, (row, column)), shape=(lines + backlog.stock.size + 1, lines + orders)))
    least = np.concatenate([np.where(whole, 0.0, -np.inf), np.full(backlog.stock.size + 1, -np.inf)])
    most = np.concatenate([np.zeros(lines), np.floor(backlog.stock + 1e-9), [backlog.hours]])
    cost = np.concatenate([-backlog.worth, -bonus])
    is_whole = np.concatenate([np.zeros(lines), np.ones(orders)])
    lacks = whole & (backlog.wanted > np.floor(backlog.stock + 1e-9)[backlog.sku])
    can_leave = np.bincount(backlog.order, lacks, orders) == 0  # a whole order that lacks a line leaves in no release
    top = np.concatenate([backlog.wanted, can_leave])
    bottom = np.zeros(lines + orders)
    searched = partial(
        solver.integer, cost, rows, least=least, most=most, is_whole=is_whole, bottom=bottom, top=top, gap=gap, seconds=seconds, nodes=NODES
    )  # fmt: skip
    if orders <= SMALL:
        return searched()
    # Of a large backlog, what the program with parts of orders leaves out or takes whole is settled; the rest is searched.
    one = whole.nonzero()[0]
    relaxed = solver.linear(
        cost, upper=(rows, most), equal=(rows[one], np.zeros(one.size)) if one.size else None, most=top, seconds=seconds
    )
    if relaxed.status != solver.OPTIMAL:
        return relaxed
    part = relaxed.values[lines:]
    bottom[lines:], top[lines:] = part > 1 - SETTLED, can_leave & (part > SETTLED)
    found = searched()
    near = found.objective - relaxed.objective <= gap * abs(relaxed.objective)
    return replace(found, bound=relaxed.objective, status=solver.OPTIMAL if near else solver.STOPPED)
