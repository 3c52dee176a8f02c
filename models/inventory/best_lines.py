"""Lines of transfers chosen one after another, the one that gains most first: what a line costs once is seen whole, not spread."""

import numpy as np
from numba import njit

Vector = np.ndarray
EPS = 1e-9


@njit(nogil=True, cache=True)
def best_lines(  # noqa: PLR0917  compiled code is called by place
    giver: Vector,
    taker: Vector,
    unit_cost: Vector,
    line_cost: float,
    is_open: Vector,
    group: Vector,
    give_from: Vector,
    give_width: Vector,
    give_cost: Vector,
    take_from: Vector,
    take_width: Vector,
    take_worth: Vector,
) -> Vector:
    """Units on each lane. Lanes of a group (a SKU) stand together; those of other groups do not touch them.

    Args:
        giver, taker, unit_cost, line_cost: as in `moves.Moves`.
        is_open: whether a lane may be used.
        group: of each lane, rising.
        give_from, take_from: where the steps of each giver and taker begin; one more entry than there are.
        give_width, give_cost, take_width, take_worth: steps, in the order of their owners, cheapest and dearest first.
    """
    qty = np.zeros(giver.size)
    given, taken = np.zeros(give_from.size - 1), np.zeros(take_from.size - 1)
    first = 0
    while first < giver.size:
        last = first
        while last < giver.size and group[last] == group[first]:
            last += 1
        while True:
            most, best, units = EPS, -1, 0.0
            for lane in range(first, last):
                if not is_open[lane]:
                    continue
                gain, moved = _worth_moving(
                    given[giver[lane]], taken[taker[lane]], unit_cost[lane],
                    give_width[give_from[giver[lane]] : give_from[giver[lane] + 1]],
                    give_cost[give_from[giver[lane]] : give_from[giver[lane] + 1]],
                    take_width[take_from[taker[lane]] : take_from[taker[lane] + 1]],
                    take_worth[take_from[taker[lane]] : take_from[taker[lane] + 1]],
                )  # fmt: skip
                gain -= 0.0 if qty[lane] > 0 else line_cost
                if gain > most and moved > 0:
                    most, best, units = gain, lane, moved
            if best < 0:
                break
            qty[best] += units
            given[giver[best]] += units
            taken[taker[best]] += units
        first = last
    return qty


@njit(nogil=True, cache=True)
def _worth_moving(  # noqa: PLR0917
    given: float,
    taken: float,
    unit_cost: float,
    give_width: Vector,
    give_cost: Vector,
    take_width: Vector,
    take_worth: Vector,
) -> tuple[float, float]:
    """What the units that gain anything on a lane gain in all, and how many they are, after what has already gone and come."""
    gain, moved = 0.0, 0.0
    g, t, left_g, left_t = 0, 0, 0.0, 0.0
    while g < give_width.size and given >= give_width[g]:
        given -= give_width[g]
        g += 1
    while t < take_width.size and taken >= take_width[t]:
        taken -= take_width[t]
        t += 1
    left_g = give_width[g] - given if g < give_width.size else 0.0
    left_t = take_width[t] - taken if t < take_width.size else 0.0
    while g < give_width.size and t < take_width.size and take_worth[t] > give_cost[g] + unit_cost + EPS:
        step = min(left_g, left_t)
        gain += step * (take_worth[t] - give_cost[g] - unit_cost)
        moved += step
        left_g -= step
        left_t -= step
        if left_g <= EPS:
            g += 1
            left_g = give_width[g] if g < give_width.size else 0.0
        if left_t <= EPS:
            t += 1
            left_t = take_width[t] if t < take_width.size else 0.0
    return gain, moved
