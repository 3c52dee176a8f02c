"""How far a figure must move until the best way changes: by assigning again for money, by scoring again for weights.

A flip point is only given where both sides of it have been worked out anew and differ.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from models.ai_economics import weighing
from models.ai_economics.assignment import Assignment, Estate, assign
from models.ai_economics.number import need

# Steps to either side of today, how near a flip is found, and how near at last where two lie close together.
STEPS, NEAR, NEAREST = 6, 2e-3, 1e-9
LEAST = 2.0**-10  # of today's figure, the last step before nought, where nought itself is asked for
WEIGHT_STEP = 1e-6  # to either side of a weight at which two draw
ROBUST_SHARE = 0.8  # of all possible weights; method section 5.3

Ways = dict[str, str] | None
WaysAt = Callable[[float], Ways]


@dataclass(frozen=True)
class Flip:
    """The nearest multiplier at which a workflow is best served another way.

    Attributes:
        way_now, way_then: before and beyond it; None where beyond it nothing is possible.
        at: the multiplier. below, above: the way just below and just above it, each assigned anew.
    """

    way_now: str
    way_then: str | None
    at: float
    below: str | None
    above: str | None


def flip(
    estate_at: Callable[[float], Estate], workflow: str, *, now: float = 1.0, low: float, high: float
) -> Flip | None:
    """The nearest multiplier of a figure at which the way of one workflow changes; None where none does, or now has no assignment.

    >>> from models.ai_economics.assignment import Choice
    >>> def at(times):
    ...     ways = (
    ...         Choice("pick", "central api", 10.0, 50.0 * times, 0.0),
    ...         Choice("pick", "hybrid", 10.0, 0.0, 0.0, sites=("a",)),
    ...     )
    ...     return Estate(choices=ways, fixed={"edge": 200.0}, per_site={})
    >>> found = flip(at, "pick", low=0.0, high=20.0)
    >>> found.way_then, round(found.at, 2), found.below, found.above
    ('hybrid', 4.0, 'central api', 'hybrid')
    """
    return flips(estate_at, now=now, low=low, high=high, workflows=[workflow]).get(workflow)


def flips(
    estate_at: Callable[[float], Estate],
    *,
    now: float = 1.0,
    low: float,
    high: float,
    workflows: Sequence[str] | None = None,
) -> dict[str, Flip | None]:
    """The same for many workflows, for which each multiplier is assigned once; empty where now has no assignment.

    Outwards from now in equal ratios, then halving between the last point that agrees with now and the first that does not. A change
    that comes and goes between two points of the scan is not seen.

    Args:
        estate_at: the estate with the figure multiplied.
        now, low, high: multipliers, 0 <= low <= now <= high and 0 < now.
        workflows: those asked for; all where none are named.
    """
    need(
        0 <= low <= now <= high < math.inf and now > 0,
        "multipliers go from no less than nought up, and now lies among them",
    )

    @cache
    def ways_at(times: float) -> Ways:
        found = assign(estate_at(times))
        return found.ways if isinstance(found, Assignment) else None

    today = ways_at(now)
    if today is None:
        return {}
    sides = [side for end in (high, low) if len(side := _steps(now, end)) > 1]
    return {name: _nearest(ways_at, name, sides, now) for name in (today if workflows is None else workflows)}


def _steps(now: float, end: float) -> list[float]:
    """Multipliers from now to an end, in equal ratios, nought last where it is the end."""
    if now == end:
        return [now]
    if end > 0:
        return [float(times) for times in np.geomspace(now, end, STEPS + 1)]
    return [*(float(times) for times in np.geomspace(now, now * LEAST, STEPS)), 0.0]


def _nearest(ways_at: WaysAt, workflow: str, sides: list[list[float]], now: float) -> Flip | None:
    """Of the first flip to either side, the one that is fewer times away from now."""
    best, away = None, math.inf
    for side in sides:
        for near, far in pairwise(side):
            if abs(math.log(near / now)) >= away:
                break
            found = _between(ways_at, workflow, near, far, (min(side), max(side)))
            if found is not None:
                if abs(math.log(found.at / now)) < away:
                    best, away = found, abs(math.log(found.at / now))
                break
    return best


def _between(ways_at: WaysAt, workflow: str, near: float, far: float, ends: tuple[float, float]) -> Flip | None:
    """The flip between two points of the scan, the nearer of which agrees with now and the farther does not; None without one.

    A change at one point alone, which cannot be seen on both sides of it, is no flip: it is looked for more closely, then passed over.
    """

    def way(times: float) -> str | None:
        return (ways_at(times) or {}).get(workflow)

    now, grain = way(near), NEAR
    if now is None or way(far) == now:
        return None
    while grain > NEAREST and max(near, far) > NEAREST:
        if abs(far - near) > grain * max(near, far):
            middle = math.sqrt(near * far) if near * far > 0 else (near + far) / 2
            near, far = (middle, far) if way(middle) == now else (near, middle)
            continue
        at = (near + far) / 2
        below, above = way(max(at * (1 - grain), ends[0])), way(min(at * (1 + grain), ends[1]))
        inner, then = (below, above) if far > near else (above, below)
        if inner == now and then != now:
            return Flip(now, then, at, below, above)
        grain /= 8
    return None


@dataclass(frozen=True)
class WeightFlip:
    """How far one weight must move until another alternative is best.

    Attributes:
        criterion: its number. then: number of the alternative that is best beyond it.
        weight_now, weight_then: of the criterion, all weights summing to 1.
        share: how far it moves, as a share of what it is now, before all are made to sum to 1; None where it is nought now.
    """

    criterion: int
    then: int
    weight_now: float
    weight_then: float
    share: float | None


@dataclass(frozen=True)
class Standing:
    """What weighted criteria say of alternatives, and how little or much it takes to turn that.

    Attributes:
        best: number of the alternative preferred. preferences: of each alternative.
        flips: the nearest first. win_shares: of all possible weights in which each is best. is_robust: whether the best holds in
            most of them (ROBUST_SHARE).
    """

    best: int
    preferences: tuple[float, ...]
    flips: tuple[WeightFlip, ...]
    win_shares: tuple[float, ...]
    is_robust: bool


def standing(weights: np.ndarray, scores: np.ndarray, *, seed: int) -> Standing:
    """The best alternative, every change of one weight that unseats it, and its share of all possible weights.

    Args:
        weights: by criterion, summing to 1.
        scores: alternative × criterion.

    >>> found = standing([0.6, 0.4], [[100, 0], [50, 80]], seed=1)
    >>> found.best, [(flip.criterion, flip.then, round(flip.weight_then, 3)) for flip in found.flips], found.is_robust
    (1, [(1, 0, 0.385), (0, 0, 0.615)], False)
    """
    w, liked = np.asarray(weights, dtype=float), weighing.weighted_sums(weights, scores)
    best = int(liked.argmax())
    shares = weighing.win_shares(scores, seed=seed)
    found = sorted(
        _weight_flips(w, np.asarray(scores, dtype=float), best), key=lambda flip: abs(flip.share or math.inf)
    )
    return Standing(
        best, tuple(liked.tolist()), tuple(found), tuple(shares.tolist()), bool(shares[best] >= ROBUST_SHARE)
    )


def _weight_flips(weights: np.ndarray, scores: np.ndarray, best: int) -> Iterator[WeightFlip]:
    """Those that hold when scored anew: just before, the best is still best; just beyond, another is."""
    rivals = (rival for rival in range(len(scores)) if rival != best)
    for drawn in (one for rival in rivals for one in weighing.flips(weights, scores, best, rival)):
        j = drawn.criterion
        outward = -np.sign(scores[drawn.second, j] - scores[best, j]) * WEIGHT_STEP
        before, beyond = (_best(weights, scores, j, drawn.delta + step) for step in (-outward, outward))
        if drawn.weight is not None and before == best and beyond not in {best, None}:
            yield WeightFlip(j, beyond, float(weights[j] / weights.sum()), drawn.weight, drawn.share)


def _best(weights: np.ndarray, scores: np.ndarray, criterion: int, less: float) -> int | None:
    """The best alternative when a weight is made less; None where it would fall below nought or no weight is left."""
    moved = weights.copy()
    moved[criterion] -= less
    if moved[criterion] < 0 or moved.sum() <= 0:
        return None
    return int(weighing.weighted_sums(moved / moved.sum(), scores).argmax())
