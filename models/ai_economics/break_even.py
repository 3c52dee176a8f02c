"""From which volume on it pays to own the machines, and what each way of serving costs at a volume (method section 5.5).

Volumes are million tokens (Mtok) by year, prices by Mtok.
"""

from dataclasses import dataclass

import numpy as np

from models.ai_economics.number import Number, need, plain, ratio


@dataclass(frozen=True)
class BreakEven:
    """The volume in Mtok by year from which on owning is cheaper, infinite for never, and whether the machines can serve it."""

    volume: Number
    is_within_capacity: bool | np.ndarray


def break_even_volume(
    fixed_cost: Number,
    api_price: Number,
    marginal_cost: Number = 0.0,
    *,
    capacity: Number = np.inf,
    most_utilisation: Number = 1.0,
) -> BreakEven:
    """V* = F/(p_api − c_marg), worth something only where V* ≤ capacity·utilisation; infinite where a token of one's own costs no less.

    A price that is not known (NaN) leaves the volume unknown, and not within any capacity.

    Args:
        fixed_cost: F, by year (or once, and the volume is then that of the whole life).
        api_price, marginal_cost: by Mtok.
        capacity: Mtok by year; most_utilisation: the share of it that can be used.

    Source of the example: sageseek.net, I spent 8,500 dollars on a GPU.

    >>> found = break_even_volume(8_500, 0.512, 0.21)
    >>> round(found.volume), found.is_within_capacity
    (28146, True)
    """
    margin = np.subtract(api_price, marginal_cost) + np.zeros(np.shape(fixed_cost))
    volume = np.divide(fixed_cost, margin, out=np.where(np.isnan(margin), np.nan, np.inf), where=margin > 0)
    fits = np.isfinite(volume) & (volume <= np.multiply(capacity, most_utilisation))
    return BreakEven(plain(volume), bool(fits) if np.ndim(fits) == 0 else fits)


@dataclass(frozen=True)
class Way:
    """A way to serve: fixed cost by year and unit, cost by Mtok, and what a unit serves; more volume takes more whole units."""

    fixed_cost: Number
    marginal_cost: Number
    capacity: Number = np.inf
    most_utilisation: Number = 1.0


@dataclass(frozen=True)
class Served:
    """A volume served one way: units, cost by year, cost by Mtok (None without volume) and utilisation (None without a bound)."""

    units: Number
    yearly_cost: Number
    cost_per_mtok: Number | None
    utilisation: Number | None


def served(way: Way, volume: Number) -> Served:
    """What a volume of Mtok by year costs one way: F·⌈V/(capacity·utilisation)⌉ + c·V, with at least one unit.

    >>> found = served(Way(100_000.0, 0.02, capacity=47_000, most_utilisation=0.5), 30_000)
    >>> found.units, found.yearly_cost, round(found.cost_per_mtok, 3), round(found.utilisation, 3)
    (2.0, 200600.0, 6.687, 0.319)
    """
    asked, usable = np.asarray(volume, dtype=float), np.multiply(way.capacity, way.most_utilisation)
    need((asked >= 0) & (usable > 0), "a volume is not below nought, and a unit serves something")
    units = np.maximum(np.ceil(asked / usable - 1e-9), 1.0)
    cost = units * way.fixed_cost + np.asarray(way.marginal_cost) * asked
    used = None if np.isinf(way.capacity).any() else ratio(asked, units * way.capacity)
    return Served(plain(units), plain(cost), ratio(cost, asked), used)


def compared(ways: dict[str, Way], volume: Number) -> tuple[dict[str, Served], np.ndarray]:
    """Each way at a volume, and the name of the cheapest, one a path; the first named where two cost the same.

    Errors:
        ValueError: a cost that is not known, for then none can be called the cheapest.

    >>> ways = {"central api": Way(0.0, 2.554), "private": Way(101_000.0, 0.02, 47_000), "edge": Way(102_000.0, 0.0)}
    >>> compared(ways, np.array([4_000.0, 39_000.0, 45_000.0]))[1].tolist()
    ['central api', 'central api', 'private']
    """
    found = {name: served(way, volume) for name, way in ways.items()}
    costs = np.stack(np.broadcast_arrays(*(np.asarray(one.yearly_cost) for one in found.values())))
    need(np.isfinite(costs), "every way has a known cost, or none can be called the cheapest")
    return found, np.array(list(found))[costs.argmin(axis=0)]
