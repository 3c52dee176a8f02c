"""Seven ways to share out stock that is not enough, all at once for any number of shelves, in whole steps and never above stock.

Claims on one shelf do not touch another's, so every rule has a closed form: no solver is asked, and nothing can be infeasible.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from errors import Refusal

Vector = np.ndarray
# What a unit below a contract's floor weighs beyond its worth: enough that a floor gives way only where it cannot be held.
FLOOR_WEIGHT = 3.0
TINY = 1e-9
FIRST_COME, OPTIMUM, CONTRACT = "first come", "optimum", "contract floor"
TIER, MARGIN, PROPORTIONAL, FAIR = "tier", "margin", "proportional", "fair share"


@dataclass(frozen=True)
class Claims:
    """Who wants how much of what; every array but `supply` and `step` has one entry a claim.

    Attributes:
        supply: what each shelf can give.
        step: smallest quantity that can be handed out, by shelf (1 where goods come in pieces).
        shelf: index into `supply`.
        wanted, floor: what is asked for, and what a contract says must at least be given of it.
        margin, worth: of one unit: what it earns, and what not giving it costs in all. Below nought counts as nought.
        tier: 0 is the best.
        since: who came first; no two alike.
        locked: what somebody has fixed; NaN where nobody has.
    """

    supply: Vector
    step: Vector
    shelf: Vector
    wanted: Vector
    floor: Vector
    margin: Vector
    worth: Vector
    tier: Vector
    since: Vector
    locked: Vector

    @property
    def steps(self) -> Vector:
        """The step of each claim's shelf."""
        return self.step[self.shelf]

    @property
    def floors(self) -> Vector:
        """Contract floors in whole steps, rounded up, and never above what is wanted."""
        low = np.ceil(np.maximum(self.floor, 0) / self.steps - TINY).clip(min=0) * self.steps + 0.0
        return np.minimum(low, _whole_steps(self.wanted, self.steps))


def given(claims: Claims, rule: str) -> Vector:
    """What each claim gets by a rule: whole steps, no more than is wanted, no more in all than there is, locked cells kept.

    Raises:
        Refusal: somebody has locked more than is wanted or than is there.

    >>> two = Claims(
    ...     supply=np.array([5.0]), step=np.ones(1), shelf=np.zeros(2, int), wanted=np.array([4.0, 4.0]),
    ...     floor=np.array([0.0, 2.0]), margin=np.array([9.0, 1.0]), worth=np.array([9.0, 4.0]), tier=np.array([1, 0]),
    ...     since=np.array([0, 1]), locked=np.full(2, np.nan))
    >>> {rule: given(two, rule).tolist() for rule in RULES if rule != PROPORTIONAL}  # doctest: +NORMALIZE_WHITESPACE
    {'first come': [4.0, 1.0], 'tier': [1.0, 4.0], 'margin': [4.0, 1.0], 'contract floor': [3.0, 2.0],
     'fair share': [3.0, 2.0], 'optimum': [3.0, 2.0]}
    """  # fmt: skip
    held = _held(claims)
    is_free = np.isnan(claims.locked)
    taken = np.bincount(claims.shelf, held, claims.supply.size)
    whole = np.floor((np.maximum(claims.supply, 0) - taken) / claims.step + TINY) * claims.step
    left = replace(
        claims,
        supply=np.maximum(whole, 0.0),
        wanted=np.where(is_free, _whole_steps(claims.wanted, claims.steps), 0.0),
        floor=np.where(is_free, claims.floors, 0.0),
    )
    return RULES[rule](left) + held


def worth_of(claims: Claims, got: Vector) -> Vector:
    """What a way of sharing is worth, by shelf: each unit's worth, and more for units that a contract's floor wants.

    This is what the optimum makes largest; no rule can reach more.
    """
    worth = np.maximum(claims.worth, 0.0)
    return np.bincount(claims.shelf, worth * (got + FLOOR_WEIGHT * np.minimum(got, claims.floors)), claims.supply.size)


def one_more(claims: Claims, rule: str) -> Vector:
    """The shadow price by shelf: what one unit more in stock would be worth under a rule, by sharing once more with it.

    For the optimum this is the dual of the stock row, but for the weight of a contract's floor, which is not money and left out.
    """
    more = given(replace(claims, supply=np.maximum(claims.supply, 0) + claims.step), rule) - given(claims, rule)
    return np.bincount(claims.shelf, np.maximum(claims.worth, 0) * more, claims.supply.size) / claims.step


def greedy(supply: Vector, shelf: Vector, wanted: Vector, *keys: Vector) -> Vector:
    """What each gets when they are served in the order of the keys (the first key counts most) until nothing is left.

    >>> greedy(np.array([5.0]), np.zeros(2, int), np.array([4.0, 4.0]), np.array([1, 0])).tolist()
    [1.0, 4.0]
    """
    order = np.lexsort((*reversed(keys), shelf))
    lined = wanted[order]
    before = np.cumsum(lined) - lined
    starts = np.searchsorted(shelf[order], shelf[order])  # first place of the same shelf
    got = np.empty(wanted.size)
    got[order] = np.clip(supply[shelf[order]] - (before - before[starts] if order.size else before), 0.0, lined)
    return got


def water_filled(supply: Vector, shelf: Vector, wanted: Vector, weight: Vector | None = None) -> Vector:
    """Max-min fair shares: nobody gets more while somebody who wants it has less (by weight, where weights are given).

    Keshav (1997), An Engineering Approach to Computer Networking, pages 215 to 217.

    >>> water_filled(np.array([10.0]), np.zeros(4, int), np.array([2, 2.6, 4, 5])).round(6).tolist()
    [2.0, 2.6, 2.7, 2.7]
    """
    weight = np.ones(wanted.size) if weight is None else weight
    asked = wanted / weight
    order = np.lexsort((asked, shelf))
    place, lined, heavy = shelf[order], wanted[order], weight[order]
    starts = np.searchsorted(place, place)
    before, ahead = np.cumsum(lined) - lined, np.cumsum(heavy) - heavy
    total = np.bincount(place, heavy, supply.size)
    if order.size:
        before, ahead = before - before[starts], ahead - ahead[starts]
    share = (supply[place] - before) / (total[place] - ahead)
    short = np.flatnonzero(asked[order] > share)
    level = np.full(supply.size, np.inf)
    first = np.unique(place[short], return_index=True)
    level[first[0]] = np.maximum(share[short[first[1]]], 0.0)
    return np.minimum(wanted, level[shelf] * weight)


def whole(claims: Claims, got: Vector) -> Vector:
    """Shares rounded down to whole steps, and what that leaves given to the largest remainders; who came first goes first."""
    steps = claims.steps
    low = np.floor(got / steps + TINY) * steps
    wants_all = np.bincount(claims.shelf, claims.wanted, claims.supply.size)
    left = np.minimum(claims.supply, wants_all) - np.bincount(claims.shelf, low, claims.supply.size)
    room = np.minimum(claims.wanted - low, steps).clip(min=0.0)
    rest = np.round((got - low) / steps, 9)
    return low + greedy(np.round(left / claims.step) * claims.step, claims.shelf, room, -rest, claims.since)


def _held(claims: Claims) -> Vector:
    """What is locked, nought elsewhere."""
    held = np.nan_to_num(claims.locked, nan=0.0)
    above = (held > claims.wanted + TINY) | (held < 0)
    if above.any():
        raise Refusal(
            "The locked quantities were not taken.",
            f"{int(above.sum())} of them are below nought or above what the line wants.",
            "Lock at most what a line still wants.",
        )
    too_much = np.bincount(claims.shelf, held, claims.supply.size) > np.maximum(claims.supply, 0) + TINY
    if too_much.any():
        raise Refusal(
            "The locked quantities were not taken.",
            f"On {int(too_much.sum())} shelves they add up to more than there is.",
            "Lower or unlock a line until the sum fits the stock.",
        )
    return held


def _whole_steps(wanted: Vector, steps: Vector) -> Vector:
    return np.floor(np.maximum(wanted, 0) / steps + TINY) * steps


def _in_order(*names: str) -> Callable[[Claims], Vector]:
    """A rule that serves claims one after another; a name with a minus serves the largest first."""

    def share(claims: Claims) -> Vector:
        keys = [-getattr(claims, name[1:]) if name.startswith("-") else getattr(claims, name) for name in names]
        return greedy(claims.supply, claims.shelf, claims.wanted, *keys)

    return share


def _in_two(claims: Claims, first: Vector, then: Vector) -> Vector:
    """Each claim in two pieces, up to its floor and beyond, served in the order of what a unit of the piece counts."""
    low = claims.floors
    pieces = np.concatenate([low, claims.wanted - low])
    shelf = np.concatenate([claims.shelf, claims.shelf])
    since = np.concatenate([claims.since, claims.since])
    got = greedy(claims.supply, shelf, pieces, -np.concatenate([first, then]), since)
    return got[: low.size] + got[low.size :]


def _contract(claims: Claims) -> Vector:
    """Floors first, those whose breach costs most before others; then by margin."""
    ahead = 1.0 + np.ptp(np.concatenate([claims.margin, claims.worth, [0.0]]))
    return _in_two(claims, claims.worth + ahead * 2, claims.margin)


def _optimum(claims: Claims) -> Vector:
    """The linear program's answer: on one shelf worth is a concave sum, so serving the steepest piece first is exact."""
    worth = np.maximum(claims.worth, 0.0)
    return _in_two(claims, worth * (1 + FLOOR_WEIGHT), worth)


def _proportional(claims: Claims) -> Vector:
    wants_all = np.bincount(claims.shelf, claims.wanted, claims.supply.size)
    part = np.divide(claims.supply, wants_all, out=np.zeros(claims.supply.size), where=wants_all > 0)
    return whole(claims, claims.wanted * np.minimum(part, 1.0)[claims.shelf])


def _fair(claims: Claims) -> Vector:
    return whole(claims, water_filled(claims.supply, claims.shelf, claims.wanted))


RULES: dict[str, Callable[[Claims], Vector]] = {
    FIRST_COME: _in_order("since"),
    TIER: _in_order("tier", "since"),
    MARGIN: _in_order("-margin", "since"),
    CONTRACT: _contract,
    PROPORTIONAL: _proportional,
    FAIR: _fair,
    OPTIMUM: _optimum,
}
