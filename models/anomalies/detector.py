"""Alerts for any numeric series: how unlike everything remembered are the last few values, ranked among all such moments before.

Two steps, both causal. *Novelty*: the recent path (the last value most, each one before it half as much) is laid beside every
place of the memory; the squared distance to the most similar one is the novelty. A season, a level that was there before or a
usual burst has a twin in the memory, so nothing need be said about periods. *Conformal rank* (Vovk, Gammerman and Shafer,
2005): the score is the share of earlier novelties that were smaller, which means the same for every series and every unit; so
one threshold serves all.

Not for a series that drifts for ever, where nothing recent has a twin (give it differences), and not for one whose values are
hardly ever twice the same order of size (give it logarithms).
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

Vector = np.ndarray

THRESHOLD = 0.996  # an alert is a moment stranger than 249 of 250 before it, in every series
FADING = 0.5  # what a step back weighs in the path, to the step after it
MEMORY = 8192  # places of the past that a path is compared with
RANKED = 16384  # earlier novelties that the rank is taken among
TWINS = 5  # most similar places whose next values make the expectation
MUTED = 150  # points for which an alert keeps quiet those that do not exceed it
MUTED_SHARE = 10  # but never longer than a tenth of the points before it
MEASURED = 30  # points after which the size of a record counts, not only that it is one
LIMIT = 4.0  # a record counts as no more than so many times the squared novelty before it, lest it hide what follows
SAME = 1e-12  # differences below this share of the largest value are rounding
LARGEST = 1e150  # whose square is a number still


class Found(NamedTuple):
    """The score of each point (nan where no value was), and the indices of the points to alert at."""

    scores: np.ndarray
    alerts: np.ndarray


def scores(values: ArrayLike) -> np.ndarray:
    """How strange each value was when it came, 0 to 1: the share of earlier moments that were less strange.

    With m earlier novelties, c of them as large: 1 − (c + 1) / (m + 1). When none is as large, and 30 points are known, what
    is left to 1 is shrunk by how many times the record was exceeded, so that something enormous can be told in a short
    series too; without that, 249 points must be known before any alert.

    Args:
        values: one series, oldest first, any unit; the times between are taken as equal. Whatever is not finite (nan, ±inf)
            is missing: its score is nan, and all others are as if it had not been there.

    Returns: as many scores; that of index t depends on `values[: t + 1]` alone. The first is 0, those of a constant are 0.

    Raises: ValueError when the values are not one series of numbers.

    >>> scores([5.0] * 40 + [9.0])[[0, 39, 40]].tolist()
    [0.0, 0.0, 1.0]
    """
    y = _series(values)
    known = np.isfinite(y)
    said = np.full(y.size, np.nan)
    said[known] = _scores(*_in_own_unit(y[known]))
    return said


def rarity(score: float, place: int) -> float:
    """How rarely something so strange is seen: what the score leaves to 1, and no less than the rank can tell.

    Among m moments before, the strangest is one of m + 1, however enormous it is.

    Args:
        score: of the point, as `scores` gives it.
        place: how many known values came before it.

    >>> rarity(1.0, 119), rarity(0.75, 119)
    (0.008333333333333333, 0.25)
    """
    return max(1.0 - score, 1.0 / (min(place, RANKED) + 1.0))


def expected(values: ArrayLike) -> np.ndarray:
    """What each value could have been expected to be: the middle one of what followed the five most similar moments before.

    That of index t depends on `values[:t]` alone, and is given where the value itself is missing too; nan before the first.

    >>> expected([1.0, 5.0] * 20)[-2:].tolist()
    [1.0, 5.0]
    """
    y = _series(values)
    known = np.isfinite(y)
    before = np.cumsum(known) - known  # how many values were known when each came
    return _expected(y[known], _in_own_unit(y[known])[0])[before]


def alerts(values: ArrayLike) -> np.ndarray:
    """Indices at which to alert: the score reaches the threshold, and no alert just before was as high.

    An alert mutes the next 150 points (a tenth of the points before it, if that is less), unless its score is exceeded.
    """
    return _unmuted(scores(values))


def many(series: list[np.ndarray], *, threads: int | None = None) -> list[Found]:
    """Scores and alerts of each series, which know nothing of each other, by as many threads as there are processors."""
    with ThreadPoolExecutor(threads or os.cpu_count()) as hands:
        every = list(hands.map(scores, series))
    return [Found(one, _unmuted(one)) for one in every]


def _series(values: ArrayLike) -> np.ndarray:
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 1:
        raise ValueError(f"one series is wanted, but these values have {y.ndim} dimensions")
    return y


def _in_own_unit(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values from the first, in the power of two of their first move, and for each the square of what is rounding."""
    if not y.size:
        return y, y
    with np.errstate(over="ignore"):
        moved = y - y[0]
        moves = np.abs(moved[moved != 0])
        unit = np.exp2(np.floor(np.log2(moves[0]))) if moves.size and np.isfinite(moves[0]) else 1.0
        largest = np.minimum(np.maximum.accumulate(np.abs(y)) / unit, LARGEST)
        return np.clip(moved / unit, -LARGEST, LARGEST), (SAME * largest) ** 2


@njit(nogil=True, cache=True, fastmath={"contract"})
def _walk(apart: Vector, past: Vector, value: float) -> None:
    """One step on: the distance of each pair of paths fades, and takes in that of the newest pair of values."""
    for i in range(apart.size):
        step = value - past[i]
        apart[i] = FADING * apart[i] + step * step


@njit(nogil=True, cache=True)
def _least(bits: Vector) -> int:
    """The least of all; floats that are not negative are in the order of their bits, and integers are compared side by side."""
    least = bits[0]
    for i in range(bits.size):
        least = bits[i] if bits[i] < least else least  # noqa: FURB136  so it is done many at a time, min() one by one
    return least


@njit(nogil=True, cache=True)
def _as_large(earlier: Vector, one: float) -> int:
    count = 0
    for i in range(earlier.size):
        count += 1 if earlier[i] >= one else 0
    return count


@njit(nogil=True, cache=True)
def _scores(y: Vector, rounding: Vector) -> Vector:
    """The rank of the novelty of each value among those of the values before."""
    n = y.size
    newest_first = y[::-1].copy()
    apart, novelty, said = np.zeros(min(n, MEMORY)), np.zeros(n), np.zeros(n)
    apart_bits, novelty_bits = apart.view(np.int64), novelty.view(np.int64)
    for t in range(1, n):
        places = min(t, MEMORY)
        _walk(apart[:places], newest_first[n - t : n - t + places], y[t])
        novelty_bits[t] = _least(apart_bits[:places])
        now = novelty[t] if novelty[t] > rounding[t] else 0.0
        earlier = novelty[max(0, t - RANKED) : t]
        count = _as_large(earlier, now)
        left = (count + 1) / (earlier.size + 1)
        novelty[t] = now
        if count == 0:
            record = earlier.max()
            if t >= MEASURED:
                left *= np.sqrt(record / now)
            if record > 0 and now > LIMIT * record:
                novelty[t] = LIMIT * record
                for i in range(places):
                    apart[i] = min(apart[i], novelty[t])
        said[t] = 1 - left
    return said


@njit(nogil=True, cache=True)
def _expected(values: Vector, y: Vector) -> Vector:
    """What follows each number of known values, from none to all of them."""
    n = y.size
    newest_first = y[::-1].copy()
    apart, said = np.zeros(min(n, MEMORY)), np.full(n + 1, np.nan)
    nearest, followed = np.empty(TWINS), np.empty(TWINS)
    for t in range(n):
        places = min(t, MEMORY)
        _walk(apart[:places], newest_first[n - t : n - t + places], y[t])
        found = 0
        for i in range(places):
            if found == TWINS and apart[i] >= nearest[TWINS - 1]:
                continue
            k = min(found, TWINS - 1)
            while k > 0 and nearest[k - 1] > apart[i]:
                nearest[k], followed[k] = nearest[k - 1], followed[k - 1]
                k -= 1
            nearest[k], followed[k] = apart[i], values[t - i]
            found = min(found + 1, TWINS)
        said[t + 1] = np.sort(followed[:found])[(found - 1) // 2] if found else values[t]
    return said


@njit(nogil=True, cache=True)
def _unmuted(said: Vector) -> Vector:
    """Indices of the scores at the threshold, without those that an alert before them mutes."""
    kept, until, top = np.empty(said.size, dtype=np.int64), 0, 0.0
    count = 0
    for t in range(said.size):
        if said[t] >= THRESHOLD and (t >= until or said[t] > top):
            kept[count] = t
            count += 1
            until, top = t + min(MUTED, t // MUTED_SHARE), said[t]
    return kept[:count].copy()
