"""What a roll-out did that reached sites week by week: each group of starters against sites that had not started yet.

After Callaway and Sant'Anna, Difference-in-Differences with multiple time periods, Journal of Econometrics 225(2), 2021, equations
2.4 to 2.6 and section 3 (outcome without covariates). An ordinary two-way regression would compare late starters with early ones that
are treated already, and can turn the sign of an effect that grows. Every figure here is a weighted sum of what was seen in which
all sites of one start week share their weights, which is what lets permutation go through thousands of assignments at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.ai_economics.estimate import Estimate, by_t
from models.ai_economics.permutation import MOST, assignments, interval, p_both_ways

NEVER = float("inf")
AGGREGATES = ("simple", "dynamic", "group", "cells")


@dataclass(frozen=True)
class Weights:
    """How what was seen adds up to each figure: `per_week` holds one weight a figure, start week and week.

    Attributes:
        figures: what each figure is of: ("all",), (weeks since the start,), (start week,) or (start week, week).
        cohorts: the start weeks in their order, infinity (never) last.
        per_week: figures × cohorts × weeks; a site's weights are those of its cohort.
    """

    figures: tuple[tuple[float | str, ...], ...]
    cohorts: np.ndarray
    per_week: np.ndarray

    def estimates(self, seen: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """The figures of one panel (sites × weeks)."""
        return self.parts(seen)[np.arange(len(starts)), :, cohort_of(starts, self.cohorts)].sum(axis=0)

    def parts(self, seen: np.ndarray) -> np.ndarray:
        """What each site would add to each figure if it were of each cohort: sites × figures × cohorts."""
        return np.einsum("ut,kct->ukc", seen, self.per_week, optimize=True)


def weights(
    starts: np.ndarray, weeks: int, *, aggregate: str = "simple", controls: str = "not yet", base_weeks: int = 1
) -> Weights:
    """The weights that make group-time effects, or their aggregate, out of a panel.

    ATT(g, t) = what cohort g changed from before its start to week t, less what those changed that have not started by t.

    Args:
        starts: first treated week of each site, counted from 0; infinity where it never starts.
        weeks: weeks in the panel.
        aggregate: "simple" (over all treated site-weeks), "dynamic" (by weeks since the start), "group" (by start week) or "cells".
        controls: "not yet" (everybody who has not started by that week) or "never" (only those who never start).
        base_weeks: weeks before the start whose mean is compared with; 1 is the original's.

    Raises:
        ValueError: where no cohort has both a week before its start and somebody to compare with.
    """
    return _weights(tuple(starts.tolist()), weeks, aggregate, controls, base_weeks)


def measured(
    seen: np.ndarray,
    starts: np.ndarray,
    *,
    seed: int,
    controls: str = "not yet",
    base_weeks: int = 12,
    most: int = MOST,
) -> Estimate:
    """The mean effect over all treated site-weeks, with p and interval from other assignments of the same start weeks.

    With few sites the usual standard errors are far too small; these ends hold the true effect as often as they say for any number of
    sites, as long as any site could have had any start week. Ends are None where there are too few assignments for them.

    >>> dice = np.random.default_rng(1)
    >>> starts = np.array([4, 4, 6, 6, 8, NEVER, NEVER])
    >>> seen = dice.normal(size=(7, 12)) * 0.1 + 5 - 2.0 * (np.arange(12) >= starts[:, None])
    >>> one = measured(seen, starts, seed=1, base_weeks=4)
    >>> round(one.effect, 1), bool(one.low < -2 < one.high)
    (-2.0, True)
    """
    starts = _within(starts, seen.shape[1])
    how = weights(starts, seen.shape[1], controls=controls, base_weeks=base_weeks)
    place = cohort_of(starts, how.cohorts)
    drawn = assignments(place.tolist(), seed=seed, most=most)
    figures = permuted(how.parts(seen), drawn)[:, 0]
    pattern = (np.arange(seen.shape[1]) >= starts[:, None]).astype(float)
    patterns = permuted(how.parts(pattern), drawn)[:, 0]
    low, high = interval(figures, patterns)
    error = float((figures - figures[0] * patterns).std())  # what chance does once the effect itself is taken off
    treated = int(np.isfinite(starts).sum())
    return Estimate(float(figures[0]), error, np.inf, low, high, p_both_ways(figures), treated, len(starts) - treated)


def by_influence(seen: np.ndarray, starts: np.ndarray, how: Weights) -> list[Estimate]:
    """Each figure with the standard error of its influence function, as the original and its packages give it.

    Sound for many sites a start week; with few it is too small (`measured` holds there). A start week with one site has no spread of its
    own and gives no error. How many sites start when is taken as decided, not as drawn: errors of aggregates are a little below those of
    packages that count the cohorts' shares as estimates too.
    """
    parts = how.parts(seen)[np.arange(len(starts)), :, cohort_of(starts, how.cohorts)]
    squares, df, known = np.zeros(parts.shape[1]), 0, np.ones(parts.shape[1], dtype=bool)
    for place, g in enumerate(how.cohorts):
        mine = parts[starts == g]
        used = np.abs(how.per_week[:, place]).sum(axis=1) > 0
        known &= ~used | (len(mine) > 1)
        squares += ((mine - mine.mean(axis=0)) ** 2).sum(axis=0)
        df += len(mine) - 1
    treated = int(np.isfinite(starts).sum())
    errors = np.where(known, np.sqrt(squares), 0.0)
    return [
        by_t(float(effect), float(error), df, treated, len(starts) - treated)
        for effect, error in zip(parts.sum(axis=0), errors, strict=True)
    ]


def permuted(parts: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Every figure under every assignment: assignments × figures."""
    sites = np.arange(parts.shape[0])
    return np.column_stack([parts[:, figure][sites, drawn].sum(axis=1) for figure in range(parts.shape[1])])


def cohort_of(starts: np.ndarray, cohorts: np.ndarray) -> np.ndarray:
    """The place of each site's start week among the cohorts."""
    return np.searchsorted(cohorts, starts)


def _figure(aggregate: str, g: float, t: int) -> tuple[float | str, ...]:
    """What a group-time effect adds to."""
    known: dict[str, tuple[float | str, ...]] = {"simple": ("all",), "dynamic": (t - g,), "group": (g,)}
    return known.get(aggregate, (g, t))


def _within(starts: np.ndarray, weeks: int) -> np.ndarray:
    """Starts after the panel's end count as never: nothing of them was seen."""
    return np.where(starts >= weeks, NEVER, starts.astype(float))


@lru_cache(maxsize=256)
def _weights(starts: tuple[float, ...], weeks: int, aggregate: str, controls: str, base_weeks: int) -> Weights:
    """The same for starts that can be looked up: every measure of a use case has the same ones."""
    cohorts, sizes = np.unique(np.array(starts), return_counts=True)
    sums: dict[tuple[float | str, ...], np.ndarray] = {}
    shares: dict[tuple[float | str, ...], float] = {}
    for place, t, base, against in _cells(cohorts, weeks, controls, base_weeks):
        g = float(cohorts[place])
        if aggregate in ("simple", "group") and t < g:
            continue
        figure = _figure(aggregate, g, t)
        if figure not in sums:
            sums[figure], shares[figure] = np.zeros((len(cohorts), weeks)), 0.0
        share = 1.0 if aggregate == "group" else float(sizes[place])
        each, whole = share / float(sizes[place]), share / float(sizes[against].sum())
        held = sums[figure]
        held[place, t] += each
        held[place, base] -= each / len(base)
        held[against, t] -= whole
        held[np.ix_(against, base)] += whole / len(base)
        shares[figure] += share
    if not sums:
        raise ValueError("No start week has both a week before it and a site that had not started then.")
    figures = tuple(sorted(sums))
    per_week = np.array([sums[figure] / shares[figure] for figure in figures])
    per_week.flags.writeable = False
    return Weights(figures, cohorts, per_week)


def _cells(
    cohorts: np.ndarray, weeks: int, controls: str, base_weeks: int
) -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
    """Each group-time effect: place of its cohort, week, weeks that it is compared with, places of the cohorts not begun then."""
    for place, g in enumerate(cohorts):
        if not np.isfinite(g) or g < 1:
            continue
        before = np.arange(max(0, int(g) - base_weeks), int(g))
        for t in range(weeks):
            if t in before and len(before) == 1:
                continue
            edge = np.finfo(float).max if controls == "never" else max(t, int(g) - 1)
            against = np.arange(np.searchsorted(cohorts, edge, side="right"), len(cohorts))
            against = against[against != place]
            if len(against):
                yield place, t, before[before != t], against
