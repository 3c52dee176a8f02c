"""Lot sizes as the textbooks print them, demand known: economic order quantity, discounts, lots over time, joint orders.

Numbers in the sources are those of L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain Theory, 2nd ed., Wiley 2019.
Demand and holding cost are by the same unit of time. With uncertain demand see `textbook_levels`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt


@dataclass(frozen=True)
class Lot:
    """A lot size, what it costs by unit of time, and in which price tier it falls (from 0)."""

    quantity: float
    cost: float
    tier: int = 0


def eoq(fixed_cost: float, holding_cost: float, demand_rate: float) -> Lot:
    """The lot that balances orders against stock: Q* = √(2KD/h), cost √(2KDh) without the purchase itself.

    Args:
        fixed_cost: K, of an order.
        holding_cost: h, of a unit by unit of time.
        demand_rate: D, units by unit of time.

    Source: section 3.2, example 3.1.

    >>> found = eoq(8, 0.225, 1300)
    >>> round(found.quantity, 4), round(found.cost, 4), lot_cost(250, 8, 0.225, 1300)
    (304.0468, 68.4105, 69.725)
    """
    quantity = sqrt(2 * fixed_cost * demand_rate / holding_cost)
    return Lot(quantity, lot_cost(quantity, fixed_cost, holding_cost, demand_rate))


def lot_cost(quantity: float, fixed_cost: float, holding_cost: float, demand_rate: float) -> float:
    """What a lot size costs by unit of time: K·D/Q + h·Q/2.

    Source: equation (3.3).

    >>> lot_cost(100, 8, 0.5, 50)
    29.0
    """
    return fixed_cost * demand_rate / quantity + holding_cost * quantity / 2


@dataclass(frozen=True)
class BackorderLot:
    """A lot size where customers wait at a price: the lot, the share of demand that waits, and the cost by unit of time."""

    quantity: float
    waiting_share: float
    cost: float


def eoq_backorders(fixed_cost: float, holding_cost: float, stockout_cost: float, demand_rate: float) -> BackorderLot:
    """The lot where running out is allowed: Q* = √(2KD(h+p)/(hp)), of which the share h/(h+p) has been waited for.

    Args:
        fixed_cost, holding_cost, demand_rate: as in `eoq`.
        stockout_cost: p, of a unit that waits, by unit of time.

    Source: section 3.5, example 3.8.

    >>> found = eoq_backorders(8, 0.225, 5, 1300)
    >>> round(found.quantity, 4), round(found.waiting_share, 6), round(found.cost, 4)
    (310.8126, 0.043062, 66.9214)
    """
    both = holding_cost + stockout_cost
    quantity = sqrt(2 * fixed_cost * demand_rate * both / (holding_cost * stockout_cost))
    cost = sqrt(2 * fixed_cost * demand_rate * holding_cost * stockout_cost / both)
    return BackorderLot(quantity, holding_cost / both, cost)


def all_units_discount(
    fixed_cost: float,
    holding_share: float,
    demand_rate: float,
    breakpoints: Sequence[float],
    unit_costs: Sequence[float],
) -> Lot:
    """The cheapest lot where the price of a tier holds for all units; cost with the purchase, g(Q) = cD + KD/Q + i·c·Q/2.

    Args:
        fixed_cost, demand_rate: as in `eoq`.
        holding_share: i, by unit of time, of the price.
        breakpoints: least quantity of each tier, rising, the first 0.
        unit_costs: of each tier.

    Source: section 3.4.1, example 3.6.

    >>> found = all_units_discount(8, 0.3, 1300, [0, 400, 800], [0.75, 0.72, 0.68])
    >>> found.quantity, round(found.cost, 4), found.tier
    (800, 978.6, 2)
    """
    best = Lot(0.0, inf)
    for tier, (least, unit_cost) in enumerate(zip(breakpoints, unit_costs, strict=True)):
        keep = holding_share * unit_cost
        wanted = max(eoq(fixed_cost, keep, demand_rate).quantity, least)
        next_break = breakpoints[tier + 1] if tier + 1 < len(breakpoints) else inf
        if wanted >= next_break:
            continue
        cost = unit_cost * demand_rate + lot_cost(wanted, fixed_cost, keep, demand_rate)
        if cost < best.cost:
            best = Lot(wanted, cost, tier)
    return best


def incremental_discount(
    fixed_cost: float,
    holding_share: float,
    demand_rate: float,
    breakpoints: Sequence[float],
    unit_costs: Sequence[float],
) -> Lot:
    """The cheapest lot where a lower price holds only for the units beyond its break.

    What the units before a break cost more is a fixed cost of the tier: c̄_j = Σ_{i<j} (c_i - c_{i+1})·b_{i+1};
    g_j(Q) = c_j·D + i·c̄_j/2 + (K + c̄_j)·D/Q + i·c_j·Q/2.

    Source: section 3.4.2, example 3.7.

    >>> found = incremental_discount(8, 0.3, 1300, [0, 400, 800], [0.75, 0.72, 0.68])
    >>> round(found.quantity, 4), round(found.cost, 4), found.tier
    (304.0468, 1043.4105, 0)
    """
    best, extra = Lot(0.0, inf), 0.0
    for tier, (least, unit_cost) in enumerate(zip(breakpoints, unit_costs, strict=True)):
        if tier:
            extra += (unit_costs[tier - 1] - unit_cost) * least
        keep = holding_share * unit_cost
        wanted = eoq(fixed_cost + extra, keep, demand_rate).quantity
        next_break = breakpoints[tier + 1] if tier + 1 < len(breakpoints) else inf
        if not least <= wanted < next_break:
            continue
        cost = unit_cost * demand_rate + holding_share * extra / 2
        cost += lot_cost(wanted, fixed_cost + extra, keep, demand_rate)
        if cost < best.cost:
            best = Lot(wanted, cost, tier)
    return best


def lots_over_time(fixed_cost: float, holding_cost: float, demand: Sequence[float]) -> tuple[list[float], float]:
    """What to order in each period, and what that costs, where demand differs from period to period and is known.

    Wagner and Whitin: θ_t = min over s > t of K + h·Σ_{i=t}^{s-1} (i - t)·d_i + θ_s, with θ after the last period 0.

    Args:
        fixed_cost: of an order.
        holding_cost: of a unit by period.
        demand: of each period.

    Source: H. M. Wagner and T. M. Whitin, Dynamic Version of the Economic Lot Size Model, Management Science 5 (1958); section
    3.7, example 3.9.

    >>> lots_over_time(500, 2, [90, 120, 80, 70])
    ([210.0, 0.0, 150.0, 0.0], 1380.0)
    """
    count = len(demand)
    least, reach = [inf] * count + [0.0], [0] * count
    for start in range(count - 1, -1, -1):
        kept = 0.0
        for end in range(start + 1, count + 1):
            kept += holding_cost * (end - 1 - start) * demand[end - 1]
            cost = (fixed_cost if any(demand[start:end]) else 0.0) + kept + least[end]
            if cost < least[start]:
                least[start], reach[start] = cost, end
    orders, at = [0.0] * count, 0
    while at < count:
        orders[at] = float(sum(demand[at : reach[at]]))
        at = reach[at]
    return orders, least[0]


@dataclass(frozen=True)
class JointCycle:
    """Orders together: the time between them, every how many of them each item is on, and what that costs by unit of time."""

    cycle_time: float
    multiples: tuple[int, ...]
    cost: float


def joint_replenishment(
    shared_cost: float, own_costs: Sequence[float], holding_costs: Sequence[float], demand_rates: Sequence[float]
) -> JointCycle:
    """Items ordered together every T, item i every m_i-th time: (K + Σ k_i/m_i)/T + T/2·Σ h_i·d_i·m_i.

    The item with the least k/(h·d) is on every order (m = 1); the others take m_i = √(k_i/(h_i·d_i) · h_1·d_1/(K + k_1)),
    rounded; then T* = √(2(K + Σ k_i/m_i)/Σ h_i·d_i·m_i). A heuristic, near the best.

    Args:
        shared_cost: K, of an order whatever is on it.
        own_costs: k, of each item on it.
        holding_costs: h, of a unit of each item by unit of time.
        demand_rates: d, of each item by unit of time.

    Source: E. A. Silver, A Simple Method of Determining Order Quantities in Joint Replenishments under Deterministic Demand,
    Management Science 22 (1976).

    >>> found = joint_replenishment(10, [1.87, 5.27, 7.94, 8.19, 8.87], [0.2] * 5, [1736, 656, 558, 170, 142])
    >>> found.multiples, round(found.cycle_time, 6), round(found.cost, 4)
    ((1, 1, 1, 3, 3), 0.281377, 218.6863)
    """
    items = list(zip(own_costs, holding_costs, demand_rates, strict=True))
    ratios = [own / (keep * rate) for own, keep, rate in items]
    first = min(range(len(items)), key=ratios.__getitem__)
    base = items[first][1] * items[first][2] / (shared_cost + items[first][0])
    wanted = [1.0 if place == first else ratio * base for place, ratio in enumerate(ratios)]
    multiples = tuple(max(1, round(sqrt(square))) for square in wanted)
    fixed = shared_cost + sum(own / many for (own, _, _), many in zip(items, multiples, strict=True))
    kept = sum(keep * rate * many for (_, keep, rate), many in zip(items, multiples, strict=True))
    return JointCycle(sqrt(2 * fixed / kept), multiples, sqrt(2 * fixed * kept))
