"""Stock levels as the textbooks print them, demand uncertain and reviewed by period: newsvendor, base stock, (s, S).

Numbers in the sources are those of L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain Theory, 2nd ed., Wiley 2019.
They are baselines to compare with and to explain by; recommendations follow sample paths (`lead_time_demand`).
"""

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from scipy.stats import norm, poisson


@dataclass(frozen=True)
class Level:
    """A level that stock is raised to, and what it costs by period."""

    level: float
    cost: float


def normal_loss(z: float) -> float:
    """Mean of what lies beyond z, standard normal: n(z) = φ(z) - z·(1 - Φ(z)).

    Source: equation (C.22).

    >>> round(normal_loss(0.0), 6)
    0.398942
    """
    return float(norm.pdf(z) - z * norm.sf(z))


def poisson_loss(x: int, mean: float) -> float:
    """Mean of demand beyond x, Poisson: n(x) = -(x - m)·(1 - F(x)) + m·f(x).

    Source: equation (C.41).

    >>> round(poisson_loss(0, 6.0), 6)
    6.0
    """
    return float(-(x - mean) * poisson.sf(x, mean) + mean * poisson.pmf(x, mean))


def newsvendor_normal(holding_cost: float, stockout_cost: float, mean: float, sd: float) -> Level:
    """The level for one period with normal demand: S* = μ + σ·Φ⁻¹(p/(p+h)), cost (p+h)·φ(z)·σ.

    Args:
        holding_cost: h, of a unit left.
        stockout_cost: p, of a unit short.
        mean, sd: of demand.

    Source: section 4.3.2, example 4.3.

    >>> found = newsvendor_normal(0.18, 0.70, 50, 8)
    >>> round(found.level, 4), round(found.cost, 4)
    (56.604, 1.9976)
    """
    z = float(norm.ppf(stockout_cost / (stockout_cost + holding_cost)))
    return Level(mean + sd * z, (stockout_cost + holding_cost) * float(norm.pdf(z)) * sd)


def newsvendor_normal_cost(level: float, holding_cost: float, stockout_cost: float, mean: float, sd: float) -> float:
    """What a level costs: h·E[(S - D)⁺] + p·E[(D - S)⁺], normal demand.

    Source: equation (4.6).

    >>> round(newsvendor_normal_cost(40, 0.18, 0.70, 50, 8), 4)
    7.3561
    """
    z = (level - mean) / sd
    return holding_cost * (level - mean) + (holding_cost + stockout_cost) * sd * normal_loss(z)


def newsvendor_poisson(holding_cost: float, stockout_cost: float, mean: float) -> Level:
    """The level for one period with Poisson demand: the smallest S with F(S) ≥ p/(p+h).

    Source: section 4.3.2.7, example 4.7 (p. 103).

    >>> found = newsvendor_poisson(1, 4, 6)
    >>> int(found.level), round(found.cost, 6)
    (8, 3.570107)
    """
    level = int(poisson.ppf(stockout_cost / (stockout_cost + holding_cost), mean))
    return Level(level, newsvendor_poisson_cost(level, holding_cost, stockout_cost, mean))


def newsvendor_poisson_cost(level: int, holding_cost: float, stockout_cost: float, mean: float) -> float:
    """What a level costs with Poisson demand.

    >>> round(newsvendor_poisson_cost(5, 1, 4, 6), 6)
    6.590296
    """
    return holding_cost * (level - mean) + (holding_cost + stockout_cost) * poisson_loss(level, mean)


def base_stock_normal(holding_cost: float, stockout_cost: float, mean: float, sd: float, lead_time: float) -> Level:
    """The order-up-to level with a review each period and a lead time: the newsvendor over L + 1 periods.

    Source: section 4.3.4.2, example 4.4.

    >>> found = base_stock_normal(0.18, 0.70, 50, 8, 4)
    >>> round(found.level, 4), round(found.cost, 4)
    (264.7669, 4.4668)
    """
    return newsvendor_normal(holding_cost, stockout_cost, mean * (lead_time + 1), sd * sqrt(lead_time + 1))


@dataclass(frozen=True)
class MinMax:
    """Order up to `order_up_to` when stock is at `reorder_point` or below; and what that costs by period."""

    reorder_point: int
    order_up_to: int
    cost: float


def s_s_poisson(holding_cost: float, stockout_cost: float, fixed_cost: float, mean: float) -> MinMax:
    """The exact best (s, S) with Poisson demand by period and no lead time.

    Zheng and Federgruen: with G(y) the one-period cost, m(j) the renewal masses and M(j) their sums, an (s, S) costs
    (K + Σ_{j<S-s} m(j)·G(S - j)) / M(S - s); s and S are improved in turn until none helps.

    Args:
        holding_cost: of a unit left at the end of a period.
        stockout_cost: of a unit short, by period; it waits.
        fixed_cost: K, of an order.
        mean: of a period's demand.

    Source: Y.-S. Zheng and A. Federgruen, Finding Optimal (s, S) Policies Is About as Simple as Evaluating a Single Policy,
    Operations Research 39 (1991); example 4.7.

    >>> found = s_s_poisson(1, 4, 5, 6)
    >>> found.reorder_point, found.order_up_to, round(found.cost, 6)
    (4, 10, 8.034112)
    """
    both = holding_cost + stockout_cost
    widest = sqrt(2 * fixed_cost * mean * both / (holding_cost * stockout_cost))
    masses = _renewal(mean, ceil(12 * mean + 60 + 4 * widest))
    sums = np.concatenate([[0.0], np.cumsum(masses)])
    best_level = int(poisson.ppf(stockout_cost / both, mean))

    def one_period(y: int) -> float:
        return newsvendor_poisson_cost(y, holding_cost, stockout_cost, mean)

    def cost(s: int, big_s: int) -> float:
        held = np.array([one_period(y) for y in range(big_s, s, -1)])
        return float((fixed_cost + masses[: held.size] @ held) / sums[held.size])

    s = best_level - 1
    while cost(s, best_level) > one_period(s):
        s -= 1
    big_s, least, upper = best_level, cost(s, best_level), best_level + 1
    while one_period(upper) <= least:
        if cost(s, upper) < least:
            big_s = upper
            while cost(s, big_s) <= one_period(s + 1):
                s += 1
            least = cost(s, big_s)
        upper += 1
    return MinMax(s, big_s, least)


def _renewal(mean: float, span: int) -> np.ndarray:
    """m(0) = 1/(1 - f(0)), m(j) = Σ_{l≤j} f(l)·m(j - l): periods that the stock stays at S - j, on average."""
    chance = poisson.pmf(np.arange(span), mean)
    masses = np.zeros(span)
    masses[0] = 1 / (1 - chance[0])
    for j in range(1, span):
        masses[j] = masses[0] * float(chance[1 : j + 1] @ masses[j - 1 :: -1])
    return masses
