"""How often chance alone does as much: the same figures worked out again under other assignments of the same sites."""

import itertools
import math
from collections.abc import Sequence

import numpy as np

MOST = 1999  # assignments that are all gone through; of more, as many are drawn
SLACK = 1e-9  # figures that differ by less, relative to their size, are the same figure


def assignment_count(labels: Sequence[int]) -> int:
    """How many different assignments there are with as many units under each label.

    >>> assignment_count([0, 0, 0, 1, 1, 1]), assignment_count([0, 1, 2])
    (20, 6)
    """
    left, count = len(labels), 1
    for label in sorted(set(labels)):
        own = list(labels).count(label)
        count, left = count * math.comb(left, own), left - own
    return count


def smallest_p(units: int, treated: int) -> float:
    """The smallest p that any result could reach when `treated` of `units` were drawn: 1 ÷ C(G, k).

    Asked both ways, a design with as many treated as untreated units can only reach twice that, because its mirror image is as
    far out; `smallest_p_both_ways` says so.

    >>> [round(smallest_p(g, k), 3) for g, k in ((6, 3), (8, 4), (4, 2), (5, 1))]
    [0.05, 0.014, 0.167, 0.2]
    """
    return 1 / math.comb(units, treated)


def smallest_p_both_ways(labels: Sequence[int]) -> float:
    """The smallest p of a question asked both ways; twice 1 ÷ the count where exchanging two labels mirrors the design.

    >>> smallest_p_both_ways([0, 0, 0, 1, 1, 1]), smallest_p_both_ways([0, 0, 1, 1, 1, 1]) == 1 / 15
    (0.1, True)
    """
    sizes = [list(labels).count(label) for label in sorted(set(labels))]
    mirrored = len(sizes) == 2 and sizes[0] == sizes[1]
    return min(1.0, (2 if mirrored else 1) / assignment_count(labels))


def assignments(labels: Sequence[int], *, seed: int, most: int = MOST) -> np.ndarray:
    """Other assignments of the labels to the units, one a row, the real one first: all there are, or `most` drawn ones.

    >>> assignments([0, 1, 1], seed=1).tolist()
    [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    """
    real = np.asarray(labels, dtype=np.int64)
    if assignment_count(labels) <= most:
        every = _every(real)
        is_real = (every == real).all(axis=1)
        return np.concatenate([every[is_real], every[~is_real]])
    dice = np.random.default_rng(seed)
    drawn = dice.permuted(np.tile(np.sort(real), (most, 1)), axis=1)
    return np.concatenate([real[None, :], drawn])


def p_both_ways(figures: np.ndarray) -> float:
    """The share of assignments that bring a figure as far from nought as the first, which is the real one.

    >>> p_both_ways(np.array([3.0, 1.0, -3.0, 0.5]))
    0.5
    """
    return float((np.abs(figures) >= abs(figures[0]) - _slack(figures)).mean())


def p_below(figures: np.ndarray) -> float:
    """The share of assignments that bring a figure as low as the first: the p of "it fell", asked before the trial.

    >>> p_below(np.array([-3.0, 1.0, 3.0, 0.5]))
    0.25
    """
    return float((figures <= figures[0] + _slack(figures)).mean())


def interval(figures: np.ndarray, patterns: np.ndarray, *, sure: float = 0.95) -> tuple[float | None, float | None]:
    """Effects that the assignments do not speak against: those whose p both ways is above 1 − `sure`; None for an end that is nowhere.

    The estimator must be linear in what was seen. Taking an effect τ off the treated cells turns the figure of assignment s into
    a_s − τ·b_s, so each assignment is as far out as the real one on one stretch of τ, whose ends are the roots of a quadratic.

    Args:
        figures: a_s, the estimate under each assignment, the real one first.
        patterns: b_s, the same estimate of the pattern "1 in treated cells, else 0"; 1 for the real one.

    Source: Rosenbaum, Observational Studies, 2nd edition, section 2.6 (intervals by inverting randomisation tests).

    >>> a = np.array([5.0, 1.0, -1.0, -5.0])
    >>> interval(a, np.array([1.0, 0.0, 0.0, -1.0]), sure=0.5)
    (4.0, 6.0)
    """
    middle = float(figures[0])
    a, b = figures - middle * patterns, patterns  # measured from the estimate itself, where the real one is nought
    square = b * b - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        lows, highs = (-np.abs(a) - a * b) / -square, (np.abs(a) - a * b) / -square
    always = square >= -SLACK
    lows, highs = np.where(always, -np.inf, lows), np.where(always, np.inf, highs)
    place = math.floor((1 - sure) * len(figures) + SLACK)
    low, high = float(np.sort(lows)[place]), float(np.sort(highs)[::-1][place])
    return (middle + low if math.isfinite(low) else None, middle + high if math.isfinite(high) else None)


def _every(labels: np.ndarray) -> np.ndarray:
    """All different orders of the labels, in the order of the units that carry them."""
    rows = [np.full(labels.size, -1)]
    for label in np.unique(labels):
        count, grown = int((labels == label).sum()), []
        for row in rows:
            free = np.flatnonzero(row < 0)
            for chosen in itertools.combinations(free, count):
                filled = row.copy()
                filled[list(chosen)] = label
                grown.append(filled)
        rows = grown
    return np.array(rows)


def _slack(figures: np.ndarray) -> float:
    return SLACK * float(np.abs(figures).max(initial=0.0))
