"""One start date: treated sites before and after against untreated ones, and what speaks for or against believing it.

Each site counts as one change, its mean after less its mean before, so that weeks of one site that hang together are not
taken for many independent facts (Bertrand, Duflo and Mullainathan, How much should we trust differences-in-differences estimates?,
Quarterly Journal of Economics 119(1), 2004, section IV.C).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from models.ai_economics.estimate import Estimate, by_t
from models.ai_economics.permutation import assignments, p_both_ways
from models.ai_economics.staggered import cohort_of, measured, permuted, weights

BLOCK_WEEKS = 4  # weeks before the start are looked at four at a time: single weeks are mostly noise
ODD_P = 0.05
# Six measures are looked at: at 0.05 each, one of them would look broken in every fourth sound roll-out.
BROKEN_P = 0.01
CHANCE = 0.8  # a trend counts as detectable where it would be found four times in five


@dataclass(frozen=True)
class Group:
    """The changes of one group of sites: how many, their mean and their sample standard deviation (n − 1)."""

    count: int
    mean: float
    deviation: float


@dataclass(frozen=True)
class Before:
    """Whether treated and untreated sites moved alike before the start.

    Attributes:
        p: of the joint test that every block of weeks before the start shows no difference; None without two blocks.
        detectable: the drift in the measure's unit over the whole time before that would have been found four times in five.
        says: both in a sentence.
    """

    p: float | None
    detectable: float | None
    says: str


def difference(treated: Group, comparison: Group, *, pooled: bool = False, sure: float = 0.95) -> Estimate:
    """The difference in differences of two groups of changes, with its error by Welch or from one pooled variance.

    effect = Δ̄₁ − Δ̄₀;  Welch: √(s₁²/n₁ + s₀²/n₀) with Satterthwaite's degrees of freedom;  pooled: s·√(1/n₁ + 1/n₀) with n₁ + n₀ − 2.
    Welch holds when the groups spread differently; pooled holds with as few as one site in a group.

    Source: Card and Krueger, American Economic Review 84(4), 1994, tables 3 and 4.

    >>> one = difference(Group(309, 0.4667, 8.4522), Group(75, -2.2833, 10.8536))
    >>> round(one.effect, 2), round(one.error, 2)
    (2.75, 1.34)
    """
    effect, (n, m) = treated.mean - comparison.mean, (treated.count, comparison.count)
    if pooled or min(n, m) < 2:
        df = n + m - 2
        if df < 1:
            return by_t(effect, 0.0, 0, n, m)
        squares = (n - 1) * _square(treated) + (m - 1) * _square(comparison)
        return by_t(effect, float(np.sqrt(squares / df * (1 / n + 1 / m))), df, n, m, sure=sure)
    one, other = _square(treated) / n, _square(comparison) / m
    if one + other == 0:
        return by_t(effect, 0.0, 0, n, m)
    welch = (one + other) ** 2 / (one**2 / (n - 1) + other**2 / (m - 1))
    return by_t(effect, float(np.sqrt(one + other)), welch, n, m, sure=sure)


def two_by_two(seen: np.ndarray, is_treated: np.ndarray, start: int, *, pooled: bool = True) -> Estimate:
    """The effect of one start week on the treated sites of a panel (sites × weeks), by the t with G − 2 degrees of freedom.

    >>> seen = np.array([[5.0, 5, 3, 3], [6, 6, 4, 4.2], [5, 5, 5, 5], [7, 7, 7, 7.2]])
    >>> round(two_by_two(seen, np.array([True, True, False, False]), 2).effect, 2)
    -2.0
    """
    changes = seen[:, start:].mean(axis=1) - seen[:, :start].mean(axis=1)
    return difference(group_of(changes[is_treated]), group_of(changes[~is_treated]), pooled=pooled)


def group_of(changes: np.ndarray) -> Group:
    """Count, mean and standard deviation of the changes of some sites."""
    return Group(len(changes), float(changes.mean()), float(changes.std(ddof=1)) if len(changes) > 1 else 0.0)


def event_study(seen: np.ndarray, starts: np.ndarray, *, base_weeks: int = BLOCK_WEEKS) -> list[tuple[int, float]]:
    """The effect by weeks since the start, those before it too: (weeks since, effect); for drawing, not for a verdict.

    >>> starts = np.array([2.0, 2.0, np.inf, np.inf])
    >>> event_study(np.array([[5.0, 5, 3, 3], [6, 6, 4, 4], [5, 5, 5, 5], [7, 7, 7, 7]]), starts, base_weeks=1)
    [(-2, 0.0), (0, -2.0), (1, -2.0)]
    """
    how = weights(starts, seen.shape[1], aggregate="dynamic", base_weeks=base_weeks)
    return [
        (int(figure[0]), float(effect)) for figure, effect in zip(how.figures, how.estimates(seen, starts), strict=True)
    ]


def before(seen: np.ndarray, starts: np.ndarray, *, seed: int) -> Before:
    """Whether treated sites drifted away from the others before they started: a joint test, and how little it can see.

    The weeks before each start are compared in blocks of four with those just before it; the sum of squared differences is set
    against other assignments of the start weeks. That it finds nothing is weak evidence with few sites, and `says` tells how weak.
    """
    first = int(starts.min()) if np.isfinite(starts.min()) else 0
    blocks = first // BLOCK_WEEKS
    if blocks < 2:
        return Before(None, None, f"Fewer than {2 * BLOCK_WEEKS} weeks before the first start: no trend can be tested.")
    cut = seen[:, first - blocks * BLOCK_WEEKS : first]
    means = cut.reshape(len(seen), blocks, BLOCK_WEEKS).mean(axis=2)
    cohorts = np.unique(starts)
    place = cohort_of(starts, cohorts)
    parts = _against_last(means, cohorts, starts)
    figures = permuted(parts, assignments(place.tolist(), seed=seed))
    scale = figures.std(axis=0)
    if not (scale > 0).all():
        return Before(None, None, "Before the first start nothing varied that a trend could be told from.")
    p = p_both_ways(((figures / scale) ** 2).sum(axis=1))
    df = len(starts) - 2
    found = float(stdtrit(df, 0.975) + stdtrit(df, CHANCE)) * float(scale[0]) if df >= 1 else None
    weak = "" if found is None else f" It would notice a drift of {found:.3g} over that time only four times in five."
    alike = "moved alike" if p >= ODD_P else "may not have moved alike" if p >= BROKEN_P else "did not move alike"
    return Before(p, found, f"Before the start treated and untreated sites {alike} (p {p:.2f}).{weak}")


def placebo(seen: np.ndarray, starts: np.ndarray, *, seed: int) -> Estimate | None:
    """The effect of a start that never was, half-way through the weeks before the first real one; None with fewer than eight of them.

    It should be nought: where it is not, the sites drift apart by themselves.
    """
    first = int(starts.min()) if np.isfinite(starts.min()) else 0
    if first < 2 * BLOCK_WEEKS:
        return None
    moved = np.where(np.isfinite(starts), first // 2, np.inf)
    early = seen[:, :first]
    if len(np.unique(starts)) == 2 and not np.isfinite(starts.max()):
        return two_by_two(early, np.isfinite(starts), first // 2)
    if np.isfinite(moved).all():
        moved = np.where(starts == starts.max(), np.inf, moved)
    return measured(early, moved, seed=seed, base_weeks=first)


def left_out(seen: np.ndarray, starts: np.ndarray, *, base_weeks: int = 12) -> list[float]:
    """The effect without each site in turn; one that changes the picture by its absence is a reason to look at that site.

    >>> starts = np.array([1.0, 1.0, np.inf, np.inf])
    >>> left_out(np.array([[5.0, 3], [5, 1], [5, 5], [5, 5]]), starts)
    [-4.0, -2.0, -3.0, -3.0]
    """
    found = []
    for site in range(len(starts)):
        rest = np.delete(starts, site)
        try:
            how = weights(rest, seen.shape[1], base_weeks=base_weeks)
        except ValueError:
            continue
        found.append(float(how.estimates(np.delete(seen, site, axis=0), rest)[0]))
    return found


def _against_last(means: np.ndarray, cohorts: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Each block before the start less the last, ever-treated less the rest: sites × blocks × cohorts.

    Where everybody starts in the end, those who start last stand for the rest.
    """
    is_rest = cohorts == cohorts.max()
    rest = int((starts == cohorts.max()).sum())
    shares = np.where(is_rest, -1 / rest, 1 / (len(starts) - rest))
    return (means[:, :-1] - means[:, -1:])[:, :, None] * shares[None, None, :]


def _square(group: Group) -> float:
    return group.deviation**2
