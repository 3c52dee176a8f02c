"""How much stock to aim at: order-up-to levels out of samples of the demand that an order must last for, item by item.

Samples are possible demands over the protection interval (review and lead time), `item × draw`, all of equal chance. No shape is
assumed; sums over a random lead time come in by drawing it. Every rule takes all items at once and gives a level in base units
that stock on hand and on order is raised to. The textbook formula stands beside them to be shown, not to be followed.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.optimize import brentq
from scipy.stats import norm

Vector = np.ndarray
YEAR_DAYS = 365.0


def economic(
    samples: Vector,
    margin: Vector,
    unit_cost: Vector,
    *,
    holding_share: float,
    days: Vector | float,
    rate: Vector | float = 1.0,
    earlier: Vector | None = None,
    chances: Vector | None = None,
) -> Vector:
    """The level that earns most: a unit more is kept as long as what it saves is worth more than keeping it.

    A unit saves its margin where demand reaches it, and is kept for a cycle where demand does not. Without `earlier` that is
    the newsvendor's level: demand stays within it with the chance margin / (margin + cost of keeping). With `earlier`, what
    was short already before the order comes is not counted as saved by it (see there); lead times much longer than a review
    need it, or the same missing unit is paid for at every review.

    Args:
        samples: item × draw, demand from now until the next order after this one would come.
        margin: of each item, lost with every unit that is asked for and not there.
        unit_cost: of each item, what a unit costs.
        holding_share: cost of keeping stock, share of its cost a year.
        days: length of a cycle: the review interval, or the days that one order lasts where that is longer.
        rate: the price of capital and space: one figure for the whole company; 2 keeps stock as if it cost twice as much.
            Raising it never raises a level. Several at once give a level for each.
        earlier: item × draw, the same draws' demand until this order comes.
        chances: item × draw, of each draw; all the same unless given.

    Returns:
        one level an item (`rate × item` of several rates), one of its own samples or 0; the lowest of those that earn the same.

    >>> demand = np.arange(1.0, 101.0).reshape(1, 100)
    >>> economic(demand, np.array([9.0]), np.array([10.0]), holding_share=0.25, days=146.0).tolist()
    [90.0]
    """
    kept = holding_share * np.asarray(unit_cost, dtype=float) * np.asarray(days, dtype=float) / YEAR_DAYS
    kept = np.broadcast_to(kept, samples.shape[:1]).astype(float)
    saved = np.broadcast_to(np.asarray(margin, dtype=float), samples.shape[:1]).astype(float)
    before = np.zeros((samples.shape[0], 0)) if earlier is None else np.asarray(earlier, dtype=float)
    likely = np.full(samples.shape, 1.0 / samples.shape[1]) if chances is None else np.asarray(chances, dtype=float)
    rates = np.atleast_1d(np.asarray(rate, dtype=float))
    out = np.empty((rates.size, samples.shape[0]))
    _economic(np.asarray(samples, dtype=float), before, likely, saved, kept, rates, out)
    return out if np.ndim(rate) else out[0]


@njit(nogil=True, cache=True)
def _economic(  # noqa: PLR0917  compiled code is called by place
    samples: Vector, earlier: Vector, chances: Vector, margin: Vector, kept: Vector, rates: Vector, out: Vector
) -> None:
    for i in range(samples.shape[0]):
        order, order_before = np.argsort(samples[i]), np.argsort(earlier[i])
        wanted, likely = samples[i][order], chances[i][order]
        before = earlier[i][order_before]
        likely_before = chances[i][order_before] if before.size > 0 else before
        for r in range(rates.size):
            out[r, i] = _top(wanted, likely, before, likely_before, margin[i], kept[i] * rates[r])


@njit(nogil=True, cache=True)
def _top(wanted: Vector, likely: Vector, before: Vector, likely_before: Vector, margin: float, kept: float) -> float:
    """Where the gain is highest; it is made of straight lines between samples, so its top is at one of them."""
    gain, best, level, best_level, passed = 0.0, 0.0, 0.0, 0.0, 0
    # Chances that demand is within the level, and that it is beyond it before the order comes.
    within, hidden = 0.0, 1.0 if before.size > 0 else 0.0
    for place in range(wanted.size):
        while passed < before.size and before[passed] <= wanted[place]:
            # What is short already before the order comes is not saved by it; the slope changes at each of these.
            gain += max(before[passed] - level, 0.0) * (margin * (1 - within - hidden) - kept * within)
            level = max(level, before[passed])
            if gain > best + 1e-12:
                best, best_level = gain, level
            hidden -= likely_before[passed]
            passed += 1
        gain += max(wanted[place] - level, 0.0) * (margin * (1 - within - hidden) - kept * within)
        level = max(level, wanted[place])
        within += likely[place]
        if gain > best + 1e-12:
            best, best_level = gain, level
    return best_level


def cycle_service(samples: Vector, target: Vector | float) -> Vector:
    """The lowest level that lasts a cycle in the wanted share of samples.

    >>> cycle_service(np.array([[4.0, 1.0, 3.0, 2.0]]), 0.75).tolist()
    [3.0]
    """
    ordered = np.sort(samples, axis=1)
    wanted = np.broadcast_to(np.asarray(target, dtype=float), samples.shape[:1])
    places = np.clip(np.ceil(wanted * samples.shape[1] - 1e-9).astype(int) - 1, 0, samples.shape[1] - 1)
    return np.maximum(ordered[np.arange(samples.shape[0]), places], 0.0)


def fill_rate(
    samples: Vector, order_qty: Vector, target: Vector | float, *, is_lost: bool = False, earlier: Vector | None = None
) -> Vector:
    """The lowest level at which so large a share of units is there when asked for.

    Args:
        samples: item × draw.
        order_qty: what is ordered at once, on average: a cycle's demand where there is no larger lot.
        target: 0–1, of units.
        is_lost: whether what is not there is lost; it waits otherwise.
        earlier: item × draw, demand until the order comes, of a periodic review; what is short then was counted a cycle
            before. Without it, that is what is short beyond a whole order: E(X − s)+ − E(X − s − Q)+ ≤ (1 − target) Q.

    Returns:
        one level an item, at least 0, in parts of units where the target lies between two.

    >>> fill_rate(np.array([[0.0, 10.0]]), np.array([5.0]), 0.9).round(6).tolist()
    [9.0]
    """
    count = samples.shape[0]
    wanted = np.broadcast_to(np.asarray(target, dtype=float), (count,))
    lots = np.broadcast_to(np.asarray(order_qty, dtype=float), (count,)).astype(float)
    # Lost sales: short / (Q + short) ≤ 1 − target, so the same search with a little more allowed.
    allowed = (1 - wanted) * lots / np.where(is_lost, np.maximum(wanted, 1e-9), 1.0)
    before = np.zeros((count, 0)) if earlier is None else np.asarray(earlier, dtype=float)
    out = np.empty(count)
    _fill_rate(np.asarray(samples, dtype=float), before, lots, allowed, is_lost, out)
    return out


@njit(nogil=True, cache=True)
def _short(wanted: Vector, level: float) -> float:
    """Mean of what is asked for beyond the level."""
    total = 0.0
    for one in wanted:
        if one > level:
            total += one - level
    return total / wanted.size


@njit(nogil=True, cache=True)
def _fill_rate(samples: Vector, earlier: Vector, lots: Vector, allowed: Vector, is_lost: bool, out: Vector) -> None:
    for i in range(samples.shape[0]):
        low, high = 0.0, max(samples[i].max(), 0.0)
        for _ in range(60):
            level = low if _ == 0 else 0.5 * (low + high)
            short = _short(samples[i], level)
            if earlier.shape[1] > 0:
                short -= _short(earlier[i], level)
            elif not is_lost:
                short -= _short(samples[i], level + lots[i])
            if short <= allowed[i] + 1e-12:
                high = level
            else:
                low = level
            if high - low <= 1e-9 * max(high, 1.0):
                break
        out[i] = high


@dataclass(frozen=True)
class Textbook:
    """The formula every textbook prints: demand of a day and lead time both normal and independent. A baseline to show.

    It is wrong both ways where lead times are not bell-shaped (Eppen and Martin, 1988).

    Attributes:
        mean, sd: of demand over the protection interval.
    """

    mean: Vector
    sd: Vector

    def for_cycles(self, target: float) -> Vector:
        """The level that lasts a cycle with that chance, were demand normal.

        >>> textbook(np.array([2500.0]), np.array([500.0]), 7.0, 7.0).for_cycles(0.9).round().tolist()
        [39991.0]
        """
        return self.mean + norm.ppf(target) * self.sd

    def for_fill(self, target: float, order_qty: Vector) -> Vector:
        """The level with that share of units filled, were demand normal and short units backordered.

        >>> textbook(np.array([2500.0]), np.array([500.0]), 2.0, 0.0).for_fill(0.975, np.array([10000.0])).round(
        ...     1
        ... ).tolist()
        [5066.7]
        """
        lots = np.broadcast_to(np.asarray(order_qty, dtype=float), self.mean.shape)
        return np.array([self._one(*row, target) for row in zip(self.mean, self.sd, lots, strict=True)])

    @staticmethod
    def _one(mean: float, sd: float, lot: float, target: float) -> float:
        if sd <= 0 or lot <= 0:
            return float(mean)

        def missed(z: float) -> float:
            return sd * (_loss(z) - _loss(z + lot / sd)) - (1 - target) * lot

        return mean + sd * (brentq(missed, -40.0 - lot / sd, 40.0) if missed(40.0) < 0 else 40.0)


def _loss(z: float) -> float:
    """The standard normal loss: mean of what lies beyond z."""
    return float(norm.pdf(z) - z * norm.sf(z))


def textbook(daily_mean: Vector, daily_sd: Vector, lead_mean: Vector | float, lead_sd: Vector | float) -> Textbook:
    """The formula's two figures from those of a day and of the lead time (with the review interval added to it), in days."""
    mean = np.asarray(daily_mean, dtype=float)
    return Textbook(
        mean * lead_mean, np.sqrt(np.asarray(daily_sd) ** 2 * lead_mean + mean**2 * np.asarray(lead_sd) ** 2)
    )


@dataclass(frozen=True)
class Outlook:
    """What is to be expected of a level: one figure an item, over a cycle.

    Attributes:
        stockout_share: chance that not all of the cycle's demand is there.
        short_qty: units asked for and not there, on average.
        fill_share: share of the cycle's demand that is there; 1 where nothing is asked for.
        left_qty: units left at the end of the cycle, on average.
    """

    stockout_share: Vector
    short_qty: Vector
    fill_share: Vector
    left_qty: Vector


def outlook(samples: Vector, level: Vector, *, earlier: Vector | None = None) -> Outlook:
    """What is to be expected if stock on hand and on order is at that level.

    >>> outlook(np.array([[0.0, 10.0]]), np.array([6.0])).fill_share.tolist()
    [0.6]
    """
    to = np.asarray(level, dtype=float)[:, None]
    before = np.zeros_like(samples) if earlier is None else earlier
    short = np.maximum(samples - to, 0.0).mean(axis=1) - np.maximum(before - to, 0.0).mean(axis=1)
    cycle = (samples - before).mean(axis=1)
    filled = np.where(cycle > 0, 1 - short / np.where(cycle > 0, cycle, 1.0), 1.0)
    return Outlook((samples > to).mean(axis=1), short, filled, np.maximum(to - samples, 0.0).mean(axis=1))
