"""What a stock rule would have done on demand that really came: a simulator, item by item and day by day, that judges all rules alike.

Each day has the same order of events: stock is reviewed and ordered on the eve, what was ordered comes in, demand takes what it
can, and what is left is counted. Lead times are drawn beforehand for every item and day, so that every rule meets the same luck. A rule
sees demand up to the evening of its review and nothing later. A period may be a day, a week or a minute; `day` stands for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit

Vector = np.ndarray
Rule = Callable[[int, Vector], tuple[Vector, Vector]]


@dataclass(frozen=True)
class Terms:
    """How stock is reviewed and ordered.

    Attributes:
        review_days: days between two reviews; ordered in the evening, with a lead time of 0 it is there in the morning.
        is_lost: whether demand that is not met goes elsewhere; it waits otherwise and is served first.
        minimum_qty, pack_qty: of an order, item by item or for all; 0 and 0 where anything goes.
    """

    review_days: int = 1
    is_lost: bool = False
    minimum_qty: Vector | float = 0.0
    pack_qty: Vector | float = 0.0


@dataclass(frozen=True)
class Replay:
    """What came of it, one figure an item, over the days that were measured; quantities in base units.

    Attributes:
        days: that were measured.
        wanted_qty, filled_qty: asked for, and there on the day that it was asked for.
        line_count, filled_line_count: days with demand, and those on which all of it was there.
        cycle_count, filled_cycle_count: review intervals, and those in which nothing was short.
        before_qty, after_qty: stock on hand on an average day before demand took from it, and in the evening.
        short_qty: backorders on an average evening.
        order_count, ordered_qty, received_qty, lost_qty: in all.
        start_qty, end_qty: stock on hand less backorders before the first and after the last measured day.
        daily_qty: item × measured day, stock on hand in the evening, where it was asked for.
    """

    days: int
    wanted_qty: Vector
    filled_qty: Vector
    line_count: Vector
    filled_line_count: Vector
    cycle_count: Vector
    filled_cycle_count: Vector
    before_qty: Vector
    after_qty: Vector
    short_qty: Vector
    order_count: Vector
    ordered_qty: Vector
    received_qty: Vector
    lost_qty: Vector
    start_qty: Vector
    end_qty: Vector
    daily_qty: Vector | None = None


def decided(demand: Vector, days: Vector, rule: Rule) -> tuple[Vector, Vector]:
    """Reorder points and order-up-to levels, `decision × item`: on each day the rule is shown what had come by then, no more.

    Args:
        demand: item × day.
        days: at which levels are set; a rule told `day` sees `demand[:, :day]`, which cannot be written to.
        rule: gives reorder points and order-up-to levels of all items.
    """
    told = []
    for day in days:
        seen = demand[:, :day]
        seen.flags.writeable = False
        told.append(rule(int(day), seen))
    return np.array([low for low, _ in told], dtype=float), np.array([high for _, high in told], dtype=float)


def replay(
    demand: Vector,
    lead_days: Vector,
    days: Vector,
    levels: tuple[Vector, Vector],
    *,
    terms: Terms,
    start_qty: Vector | None = None,
    measured_from: int | None = None,
    is_daily: bool = False,
) -> Replay:
    """Stock under levels that were set on some days, from the first of those days to the last day of demand.

    An order is placed in the evening before each review day where stock on hand and on order, less backorders, is at or below
    the reorder point and below the order-up-to level. An order with a lead time of n days comes in n mornings after the next:
    an order-up-to level meets review interval plus lead time.

    Args:
        demand: item × day, none below nought.
        lead_days: item × day, whole days that an order placed in the evening before that day takes beyond it.
        days: on whose eve levels were set, rising; the first is the first day of the replay.
        levels: reorder points and order-up-to levels, each `decision × item`, as from `decided`.
        terms: of ordering.
        start_qty: stock on hand at the start; as much as the first order-up-to level unless given.
        measured_from: the day from which the outcome counts; the first unless given.
        is_daily: whether to keep stock of every evening.

    >>> steady = np.full((1, 6), 2.0)
    >>> days, two = np.array([0]), np.array([[2.0]])
    >>> said = replay(steady, np.zeros((1, 6), dtype=np.int64), days, (two, two), terms=Terms())
    >>> said.filled_qty.tolist(), said.before_qty.tolist(), said.order_count.tolist()
    ([12.0], [2.0], [5.0])
    """
    count, end = demand.shape
    first = int(days[0])
    since = first if measured_from is None else measured_from
    onhand = levels[1][0] if start_qty is None else start_qty
    sums = np.zeros((count, len(_SUMS)))
    daily = np.zeros((count, end - since) if is_daily else (0, 0))
    lots = np.array([np.broadcast_to(one, (count,)) for one in (terms.minimum_qty, terms.pack_qty)], dtype=float)
    _run(
        np.ascontiguousarray(demand, dtype=float), np.ascontiguousarray(lead_days, dtype=np.int64),
        np.asarray(days, dtype=np.int64), levels[0], levels[1], np.asarray(onhand, dtype=float).copy(), lots,
        terms.review_days, terms.is_lost, since, sums, daily,
    )  # fmt: skip
    for name in ("before_qty", "after_qty", "short_qty"):
        sums[:, _SUMS.index(name)] /= max(end - since, 1)
    found = dict(zip(_SUMS, sums.T, strict=True))
    return Replay(end - since, **found, daily_qty=daily if is_daily else None)


_SUMS = (
    "wanted_qty", "filled_qty", "line_count", "filled_line_count", "cycle_count", "filled_cycle_count", "before_qty",
    "after_qty", "short_qty", "order_count", "ordered_qty", "received_qty", "lost_qty", "start_qty", "end_qty",
)  # fmt: skip


@njit(nogil=True, cache=True)
def _wanted(there: float, reorder: float, up_to: float, minimum: float, pack: float) -> float:
    """What is ordered at a review where so much is on hand and on order."""
    if there > reorder or there >= up_to:
        return 0.0
    wanted = max(up_to - there, minimum)
    return np.ceil(wanted / pack - 1e-9) * pack if pack > 0 else wanted


@njit(nogil=True, cache=True)
def _add(  # noqa: PLR0917  compiled code is called by place
    sums: Vector, asked: float, given: float, before: float, stock: float, waiting: float, came: float
) -> None:
    sums[0] += asked
    sums[1] += given
    sums[2] += asked > 0
    sums[3] += (asked > 0) and (given >= asked)
    sums[6] += before
    sums[7] += stock
    sums[8] += waiting
    sums[11] += came


@njit(nogil=True, cache=True)
def _run(  # noqa: PLR0917  compiled code is called by place
    demand: Vector,
    lead_days: Vector,
    days: Vector,
    reorder: Vector,
    up_to: Vector,
    start: Vector,
    lots: Vector,
    review: int,
    is_lost: bool,
    since: int,
    sums: Vector,
    daily: Vector,
) -> None:
    """One item after the other; every day receipts, review, demand, count."""
    first, end = days[0], demand.shape[1]
    for i in range(demand.shape[0]):
        coming = np.zeros(end + 1)
        stock, waiting, on_order, turn, is_filled = start[i], 0.0, 0.0, 0, True
        for t in range(first, end):
            turn += turn + 1 < days.size and days[turn + 1] <= t
            is_counted = t >= since
            if (t - first) % review == 0:
                sums[i, 4] += t > since
                sums[i, 5] += t > since and is_filled
                is_filled = True
                wanted = _wanted(stock - waiting + on_order, reorder[turn, i], up_to[turn, i], lots[0, i], lots[1, i])
                coming[min(t + lead_days[i, t], end)] += wanted
                on_order += wanted
                sums[i, 9] += is_counted and wanted > 0
                sums[i, 10] += is_counted * wanted
            if t == since:
                sums[i, 13] = stock - waiting
            came = coming[t]
            on_order -= came
            served = min(waiting, came)
            waiting -= served
            stock += came - served
            before = stock
            given = min(stock, demand[i, t])
            missed = demand[i, t] - given
            stock -= given
            is_filled = is_filled and missed <= 0
            if is_lost:
                sums[i, 12] += is_counted * missed
            else:
                waiting += missed
            if is_counted:
                _add(sums[i], demand[i, t], given, before, stock, waiting, came)
                if daily.size > 0:
                    daily[i, t - since] = stock
        sums[i, 4] += end > since
        sums[i, 5] += end > since and is_filled
        sums[i, 14] = stock - waiting
