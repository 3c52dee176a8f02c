"""Which units to buy first when money, space or a truck does not reach for all: every unit priced, listed by what it earns."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from models.inventory.stock_levels import YEAR_DAYS, Vector


@dataclass(frozen=True)
class Priority:
    """Units worth buying, best first, one entry a unit (or pack) of an item.

    Attributes:
        item: row of the item.
        unit_no: which of its units, 1 is the first beyond what is there.
        gain: what it is expected to earn.
        cost: what it costs.
        bought: item, how many packs the budget reaches, taken from the top of the list.
    """

    item: Vector
    unit_no: Vector
    gain: Vector
    cost: Vector
    bought: Vector


def priority(
    samples: Vector,
    position: Vector,
    margin: Vector,
    unit_cost: Vector,
    *,
    holding_share: float,
    days: Vector | float,
    pack: Vector | float = 1.0,
    budget: float = np.inf,
    most: int = 10_000,
) -> Priority:
    """All units that earn more than they cost to keep, by gain per euro spent, cut where the budget is used up.

    A pack's gain never exceeds that of the pack before it of the same item, so a cut never leaves a hole. One that is too dear
    for what is left of the budget stops its item; cheaper ones further down still come in.

    Args:
        samples: item × draw, demand over the protection interval.
        position: of each item, stock on hand and on order less what is promised.
        margin, unit_cost, holding_share, days: as in `economic`.
        pack: units that can only be bought together.
        budget: euros.
        most: packs of one item that are looked at.

    >>> list_ = priority(
    ...     np.array([[1.0, 2.0], [2.0, 2.0]]), np.zeros(2), np.array([4.0, 3.0]), np.array([2.0, 1.0]),
    ...     holding_share=0.1, days=30.0, budget=3.0,
    ... )
    >>> list_.item.tolist(), list_.bought.tolist()
    ([1, 1, 0, 0], [0, 2])
    """  # fmt: skip
    count = samples.shape[0]
    packs = np.broadcast_to(np.asarray(pack, dtype=float), (count,)).astype(float)
    costs = np.asarray(unit_cost, dtype=float)
    kept = np.broadcast_to(holding_share * costs * np.asarray(days, dtype=float) / YEAR_DAYS, (count,)).astype(float)
    found = [
        _gains(np.sort(samples[i]), float(position[i]), float(margin[i]), kept[i], packs[i], most) for i in range(count)
    ]
    item = np.repeat(np.arange(count), [one.size for one in found])
    unit_no = np.concatenate([np.arange(1, one.size + 1) for one in found]) if count else np.empty(0, dtype=int)
    gain = np.concatenate(found) if count else np.empty(0)
    cost = (packs * costs)[item]
    order = np.lexsort((unit_no, item, -gain / np.maximum(cost, 1e-12)))
    listed = (item[order], unit_no[order], gain[order], cost[order])
    return Priority(*listed, bought=_bought(item[order], unit_no[order], cost[order], count, budget))


@njit(nogil=True, cache=True)
def _gains(wanted: Vector, position: float, margin: float, kept: float, pack: float, most: int) -> Vector:
    """Of each pack beyond the position, as long as it earns."""
    out = np.empty(most)
    for k in range(most):
        low, high = position + k * pack, position + (k + 1) * pack
        used = 0.0
        for one in wanted:
            used += min(max(one - low, 0.0), high - low)
        used /= wanted.size
        gain = margin * used - kept * (pack - used)
        if gain <= 0:
            return out[:k]
        out[k] = gain
    return out


@njit(nogil=True, cache=True)
def _bought(item: Vector, unit_no: Vector, cost: Vector, count: int, budget: float) -> Vector:
    out, left = np.zeros(count, dtype=np.int64), budget
    for place in range(item.size):
        if unit_no[place] == out[item[place]] + 1 and cost[place] <= left:
            out[item[place]] += 1
            left -= cost[place]
    return out
