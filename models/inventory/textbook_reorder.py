"""Reorder points and lots as the textbooks print them, stock watched all the time: (r, Q), service against fill, lead times that vary.

Numbers in the sources are those of L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain Theory, 2nd ed., Wiley 2019.
They are baselines to compare with and to explain by; recommendations follow sample paths (`lead_time_demand`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from scipy.optimize import brentq
from scipy.stats import norm, poisson

from models.inventory.textbook_levels import normal_loss, poisson_loss


@dataclass(frozen=True)
class PointLot:
    """Order `lot` when the position falls to `reorder_point`; `cost` by unit of time where it was worked out."""

    reorder_point: float
    lot: float
    cost: float | None = None


@dataclass(frozen=True)
class Reviewed:
    """What a continuously reviewed item is: costs by unit of time, demand of a unit of time, lead time in the same unit."""

    holding_cost: float
    stockout_cost: float
    fixed_cost: float
    mean: float
    sd: float
    lead_time: float

    @property
    def lead_mean(self) -> float:
        """Of demand over the lead time."""
        return self.mean * self.lead_time

    @property
    def lead_sd(self) -> float:
        """Of demand over the lead time."""
        return self.sd * sqrt(self.lead_time)

    def short(self, reorder_point: float) -> float:
        """Units short in a cycle, on average."""
        return self.lead_sd * normal_loss((reorder_point - self.lead_mean) / self.lead_sd)

    def short_squared(self, reorder_point: float) -> float:
        """Half the mean square of what is short: σ²/2·((z² + 1)(1 - Φ(z)) - zφ(z)), equation (C.30)."""
        z = (reorder_point - self.lead_mean) / self.lead_sd
        return self.lead_sd**2 / 2 * float((z * z + 1) * norm.sf(z) - z * norm.pdf(z))


def point_lot_cost(item: Reviewed, reorder_point: float, lot: float) -> float:
    """What an (r, Q) costs, exactly: (Kλ + ∫ g(y) dy from r to r + Q)/Q, g(y) = h(y - λL) + (h + p)·n(y).

    Here p is by unit and unit of time waited. Source: equation (5.7), section 5.2.

    >>> round(point_lot_cost(Reviewed(0.225, 7.5, 8, 1300, 150, 1 / 12), 126.8, 328.5), 6)
    78.071163
    """
    kept = item.holding_cost * (reorder_point - item.lead_mean + lot / 2)
    waited = item.short_squared(reorder_point) - item.short_squared(reorder_point + lot)
    return kept + (item.fixed_cost * item.mean + (item.holding_cost + item.stockout_cost) * waited) / lot


def point_lot_expected_level(item: Reviewed) -> PointLot:
    """The best (r, Q) by the expected-inventory-level approximation; p is by unit short, whatever it waits.

    In turn: Q = √(2λ(K + p·n(r))/h) and F(r) = 1 - Q·h/(p·λ), until neither moves; it costs
    h(r - λL + Q/2) + Kλ/Q + pλ·n(r)/Q.

    Source: section 5.3.1, example 5.2.

    >>> found = point_lot_expected_level(Reviewed(0.225, 7.5, 8, 1300, 150, 1 / 12))
    >>> round(found.reorder_point, 3), round(found.lot, 3), round(found.cost, 3)
    (213.97, 318.59, 95.451)
    """
    lot, point = sqrt(2 * item.fixed_cost * item.mean / item.holding_cost), 0.0
    for _ in range(1000):
        chance = 1 - lot * item.holding_cost / (item.stockout_cost * item.mean)
        before, point = (point, lot), item.lead_mean + item.lead_sd * float(norm.ppf(chance))
        lot = sqrt(2 * item.mean * (item.fixed_cost + item.stockout_cost * item.short(point)) / item.holding_cost)
        if abs(before[0] - point) + abs(before[1] - lot) < 1e-10:
            break
    orders = item.mean / lot
    kept = item.holding_cost * (point - item.lead_mean + lot / 2)
    return PointLot(point, lot, kept + orders * (item.fixed_cost + item.stockout_cost * item.short(point)))


def point_lot_loss(item: Reviewed) -> PointLot:
    """The best (r, Q) where the whole lot covers what is short: in turn n(r) = hQ/(h + p), Q = √(2(Kλ + (h + p)·n₂(r))/h).

    Source: section 5.3.4, example 5.6.

    >>> found = point_lot_loss(Reviewed(0.225, 7.5, 8, 1300, 150, 1 / 12))
    >>> round(found.reorder_point, 4), round(found.lot, 4)
    (126.8671, 328.4491)
    """
    both = item.holding_cost + item.stockout_cost
    lot, point = sqrt(2 * item.fixed_cost * item.mean / item.holding_cost), 0.0
    for _ in range(1000):
        aim, before = item.holding_cost * lot / both, (point, lot)
        low, high = item.lead_mean - 40 * item.lead_sd - aim, item.lead_mean + 40 * item.lead_sd
        point = float(brentq(lambda r, aim=aim: item.short(r) - aim, low, high, xtol=1e-12))
        lot = sqrt(2 * (item.fixed_cost * item.mean + both * item.short_squared(point)) / item.holding_cost)
        if abs(before[0] - point) + abs(before[1] - lot) < 1e-10:
            break
    return PointLot(point, lot, point_lot_cost(item, point, lot))


def point_lot_poisson(
    holding_cost: float, stockout_cost: float, fixed_cost: float, mean: float, lead_time: float
) -> PointLot:
    """The exact best (r, Q) with Poisson demand: C(r, Q) = (Kλ + Σ g(y) over y = r + 1 … r + Q)/Q.

    Federgruen and Zheng: from the y with the least g on, the cheaper neighbour joins as long as it is below the average.

    Source: A. Federgruen and Y.-S. Zheng, An Efficient Algorithm for Computing an Optimal (r, Q) Policy, Operations Research 40
    (1992); section 5.4, example 5.8.

    >>> found = point_lot_poisson(20, 150, 100, 1.5, 2)
    >>> int(found.reorder_point), int(found.lot), round(found.cost, 6)
    (3, 5, 107.923581)
    """
    lead_mean = mean * lead_time

    def one(y: int) -> float:
        return holding_cost * (y - lead_mean) + (holding_cost + stockout_cost) * poisson_loss(y, lead_mean)

    start = int(poisson.ppf(stockout_cost / (stockout_cost + holding_cost), lead_mean))
    low = high = start
    total = fixed_cost * mean + one(start)
    while min(one(low - 1), one(high + 1)) < total / (high - low + 1):
        if one(low - 1) <= one(high + 1):
            low -= 1
            total += one(low)
        else:
            high += 1
            total += one(high)
    return PointLot(low - 1, high - low + 1, total / (high - low + 1))


def safety_stock(service: float, lead_time: float, sd: float, mean: float = 0.0, lead_time_sd: float = 0.0) -> float:
    """Safety stock by the normal formula: z·√(L·σ² + μ²·σ_L²).

    A baseline only: with lead times that are not bell-shaped it is wrong both ways (see `mixture_level`).

    Args:
        service: chance of a cycle without stockout.
        lead_time, lead_time_sd: in units of time (with the review interval, if there is one).
        sd, mean: of the demand of a unit of time.

    Source: S. Chopra and P. Meindl, Supply Chain Management, chapter 12, equations (12.5) and (12.12).

    >>> round(safety_stock(0.9, 7, 500, 2500, 7))
    22491
    """
    return float(norm.ppf(service)) * sqrt(lead_time * sd**2 + (mean * lead_time_sd) ** 2)


def cycle_service(reorder_point: float, mean: float, sd: float) -> float:
    """Chance that a cycle has no stockout: F(r). Not the share of units that are there (see `fill_rate`).

    Args:
        reorder_point: r.
        mean, sd: of demand over the lead time.

    Source: Chopra and Meindl, equation (12.4).

    >>> round(cycle_service(6000, 5000, 500 * 2**0.5), 4)
    0.9214
    """
    return float(norm.cdf((reorder_point - mean) / sd))


def fill_rate(reorder_point: float, lot: float, mean: float, sd: float) -> float:
    """Share of units that are there when asked for: 1 - σ·n(z)/Q.

    Source: Chopra and Meindl, equations (12.6) and (12.8).

    >>> round(fill_rate(6000, 10000, 5000, 500 * 2**0.5), 4)
    0.9975
    """
    return 1 - sd * normal_loss((reorder_point - mean) / sd) / lot


def safety_stock_for_fill(target: float, lot: float, sd: float) -> float:
    """Safety stock that reaches a fill rate: σ·n(ss/σ) = (1 - target)·Q. May be below nought: a large lot fills by itself.

    >>> round(safety_stock_for_fill(0.975, 10000, 500 * 2**0.5), 1)
    66.7
    """
    aim = (1 - target) * lot
    return float(brentq(lambda stock: sd * normal_loss(stock / sd) - aim, -lot - 40 * sd, 40 * sd))


def mixture_service(level: float, lead_times: Mapping[float, float], mean: float, sd: float) -> float:
    """Chance that demand over a random lead time stays within a level: Σ P(L = l)·Φ((x - l·μ)/(σ·√l)).

    Source: G. D. Eppen and R. K. Martin, Determining Safety Stock in the Presence of Stochastic Lead Time and Demand,
    Management Science 34 (1988).

    >>> round(mixture_service(794.278, {2: 0.9, 12: 0.1}, 100, 10), 4)
    0.9
    """
    return sum(share * float(norm.cdf((level - days * mean) / (sd * sqrt(days)))) for days, share in lead_times.items())


def mixture_level(service: float, lead_times: Mapping[float, float], mean: float, sd: float) -> float:
    """The level that covers demand over a random lead time with a chance: what the normal formula misses.

    >>> round(mixture_level(0.95, {2: 0.5, 4: 0.5}, 100, 10), 3)
    425.631
    >>> round(mixture_level(0.95, {2: 0.9, 12: 0.1}, 100, 10), 3)
    1200.0
    """
    low = min(lead_times) * mean - 40 * sd * sqrt(max(lead_times))
    high = max(lead_times) * mean + 40 * sd * sqrt(max(lead_times))
    return float(brentq(lambda x: mixture_service(x, lead_times, mean, sd) - service, low, high, xtol=1e-9))
