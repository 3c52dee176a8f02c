"""Since when a series is no longer what it was: a change point with its date, its size, and how often it cries wolf.

It looks at ranks only, so neither the unit nor a wild value matters, and one threshold serves every series.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numba import njit
from scipy.special import ndtri

Vector = np.ndarray

FEWEST = 12  # observations below which nothing is said
FEWEST_SINCE = 5  # observations before and since a change, at least
MOST_TRUSTED_ECHO = 0.8
# The strength that counts as a change, by observations per year, and the false alarms per supplier-year, one direction,
# that `simulated_false_alarms` then gave: the worst of no ties, 60 % and 85 % noughts; and with an echo of 0.3 instead.
RATES_PER_YEAR = (12.0, 26.0, 52.0, 104.0, 260.0)
THRESHOLDS = (2.8, 3.2, 3.5, 3.8, 4.2)
FALSE_ALARMS_PER_YEAR = (0.030, 0.028, 0.033, 0.029, 0.028)
FALSE_ALARMS_WITH_ECHO = (0.083, 0.111, 0.123, 0.123, 0.094)

_GRID = 8192
_SCORES = ndtri(np.arange(1, _GRID) / _GRID)


@dataclass(frozen=True)
class Change:
    """The latest change of a series.

    `verdict` is "too few", "steady", "higher" or "lower"; without a change all the rest but `count` is None. `before` and
    `after` are the trimmed means of the stretch that the change ended and of all since, in the series' unit; `strength`
    is in standard deviations of chance; `changed_index` is the first observation since the change.
    """

    verdict: str
    count: int
    changed_index: int | None = None
    changed_date: date | None = None
    before: float | None = None
    after: float | None = None
    strength: float | None = None


def change(values: Sequence[float] | Vector, dates: Sequence[date], *, threshold: float | None = None) -> Change:
    """The latest change of level, up or down, or the verdict that there is none or that there are too few observations.

    Values are replaced by normal scores of their mid-ranks. For every split that leaves `FEWEST_SINCE` on either side,
    the sum of the scores since is set against all orders of the same scores: less its mean, over its standard
    deviation, freed of skewness (ties make it skew) by inverting the first term of Cornish and Fisher's expansion, and
    over `sqrt((1 + r) / (1 - r))` where r is the echo: the autocorrelation of the longer side, or the lesser of both sides
    where both have `FEWEST` observations (a side may hold another change), if positive. The split of largest strength
    is a change if it reaches the threshold; then only what came since is looked at again, so that the change returned
    is the latest one. Its date is right to within a few observations.

    Not for a series with a season or with a steady slope: the first looks like two changes, the second like one in its
    middle. A change of spread alone is not seen.

    Args:
        values: observations, oldest first, finite.
        dates: as many dates, of the observations, in order.
        threshold: strength that counts as a change; without it, the one for the rate at which the dates follow each
            other, for which the false alarms are stated.

    >>> from datetime import timedelta
    >>> days = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(24)]
    >>> found = change([7, 9, 8, 7] * 4 + [15, 14, 60, 15] * 2, days)
    >>> found.verdict, found.changed_date.isoformat(), found.before, found.after
    ('higher', '2026-04-27', 7.714285714285714, 26.0)
    >>> change([7, 8], days[:2]).verdict
    'too few'
    """
    series = np.asarray(values, dtype=np.float64)
    if series.size != len(dates):
        raise ValueError(f"{series.size} values and {len(dates)} dates")
    if series.size < FEWEST:
        return Change("too few", series.size)
    least = threshold_of(observations_per_year(dates)) if threshold is None else threshold
    prior, since, strength = _latest(series, least)
    if strength == 0.0:
        return Change("steady", series.size)
    before, after = trimmed_mean(series[prior:since]), trimmed_mean(series[since:])
    verdict = "higher" if strength > 0 else "lower"
    return Change(verdict, series.size, int(since), dates[since], before, after, abs(float(strength)))


def chance(strength: float, count: int) -> float:
    """At most how often so many observations that never change show a change so strong, up or down, in one look.

    The strength is the greatest over all splits, so it is not judged by the normal tail of one of them but by the tail of
    that maximum: `φ(b) (2 (b − 1/b) log((1 − e) / e) + 4 / b)`, where b is the strength and e = `FEWEST_SINCE` over the
    count (the Brownian bridge over its own spread, both ends cut off by e; Miller and Siegmund 1982, Biometrics 38,
    1011-1016). Observations that echo each other are not covered beyond what the strength takes off for it.

    Args:
        strength: of a `Change`, in standard deviations of chance.
        count: observations among which it was sought.

    Returns: a share, 1 where the strength is none or the observations are too few to be split.

    >>> round(chance(3.5, 80), 3), chance(0.5, 80)
    (0.016, 1.0)
    """
    cut = FEWEST_SINCE / max(count, 1)
    if strength <= 1.0 or cut >= 0.5:
        return 1.0
    density = np.exp(-0.5 * strength**2) / np.sqrt(2.0 * np.pi)
    return float(min(density * (2.0 * (strength - 1.0 / strength) * np.log((1.0 - cut) / cut) + 4.0 / strength), 1.0))


def observations_per_year(dates: Sequence[date]) -> float:
    """How many observations a year the dates amount to, from the first to the last; at least one.

    >>> round(observations_per_year([date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 15)]), 1)
    52.2
    """
    if len(dates) < 2:
        return 1.0
    span = max((dates[-1] - dates[0]).days, 1)
    return max((len(dates) - 1) * 365.25 / span, 1.0)


def threshold_of(per_year: float) -> float:
    """The strength that counts as a change in a series of so many observations a year.

    >>> threshold_of(52), threshold_of(1000)
    (3.5, 4.2)
    """
    return _at(per_year, THRESHOLDS)


def trimmed_mean(values: Vector) -> float:
    """The mean without the lowest and the highest tenth (of fewer than ten values, the mean of all).

    >>> trimmed_mean(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 1000]))
    5.5
    """
    cut = values.size // 10
    return float(np.sort(values)[cut : values.size - cut].mean())


def false_alarms_per_year(per_year: float) -> float:
    """How many changes for the worse a supplier that never changes is charged with in a year, by one measure.

    Read off the simulated figures for so many observations a year, independent of each other, with a look after each of
    them and one to two years kept. Where a slow delivery makes the next one slow too, there are more: up to
    `FALSE_ALARMS_WITH_ECHO` for a correlation of 0.3.

    >>> 0 < false_alarms_per_year(52) <= 1 / 30
    True
    """
    return _at(per_year, FALSE_ALARMS_PER_YEAR)


def _at(per_year: float, figures: tuple[float, ...]) -> float:
    return float(np.interp(np.log(per_year), np.log(RATES_PER_YEAR), figures))


def simulated_false_alarms(
    *,
    threshold: float,
    deliveries_per_year: int,
    supplier_count: int,
    seed: int,
    zero_share: float = 0.0,
    echo: float = 0.0,
) -> float:
    """False alarms per supplier-year of suppliers that never change: how the threshold was calibrated.

    Each supplier has a year of deliveries behind it and is looked at after each one of the next year; an alarm is a
    look that says "higher" after one that did not. Upward alarms are counted, downward ones are as many.

    Args:
        zero_share: share of the values that are nought, the others being whole days; 0 gives values without ties.
        echo: correlation of a value with the one before it (before ties are made).

    >>> simulated_false_alarms(threshold=2.0, deliveries_per_year=26, supplier_count=50, seed=1) > 0.3
    True
    """
    dice = np.random.default_rng(seed)
    total = 0
    for _ in range(supplier_count):
        shocks = dice.standard_normal(2 * deliveries_per_year)
        series = _echoing(shocks, echo)
        if zero_share > 0:
            series = np.maximum(np.ceil(4.0 * (series - ndtri(zero_share))), 0.0)
        total += onsets(series, deliveries_per_year, threshold)
    return total / supplier_count


@njit(nogil=True, cache=True)
def onsets(series: Vector, first: int, threshold: float) -> int:
    """How often "higher" begins to be said, in looks after each observation from place `first` on."""
    count, was = 0, False
    for end in range(first, series.size + 1):
        is_higher = end >= FEWEST and _latest(series[:end], threshold)[2] > 0
        if is_higher and not was and end > first:
            count += 1
        was = is_higher
    return count


@njit(nogil=True, cache=True)
def _echoing(shocks: Vector, echo: float) -> Vector:
    series = shocks.copy()
    for t in range(1, series.size):
        series[t] = echo * series[t - 1] + np.sqrt(1.0 - echo * echo) * shocks[t]
    return series


@njit(nogil=True, cache=True)
def _latest(series: Vector, threshold: float) -> tuple[int, int, float]:
    """Where the stretch before the latest change began, where the change is, and its signed strength (0: no change)."""
    prior, since, strength = 0, 0, 0.0
    while series.size - since >= FEWEST:
        split, found = _strongest(series[since:])
        if abs(found) < threshold:
            break
        prior, since, strength = since, since + split, found
    return prior, since, strength


@njit(nogil=True, cache=True)
def _strongest(series: Vector) -> tuple[int, float]:
    """The split of greatest strength and that strength, positive when values are higher since."""
    n = series.size
    scores = _scores(series)
    squares, cubes = (scores**2).sum(), (scores**3).sum()
    if squares <= 1e-12:
        return 0, 0.0
    spread = squares / (n - 1)
    skew = cubes / n / (squares / n) ** 1.5
    best, split, earlier = 0.0, 0, 0.0
    for k in range(1, n - FEWEST_SINCE + 1):
        earlier += scores[k - 1]
        if k < FEWEST_SINCE:
            continue
        since = n - k
        z = -earlier / np.sqrt(spread * k * since / n)
        tilt = skew * (k - since) / np.sqrt(k * since) * np.sqrt(n - 1.0) / (n - 2.0)
        fair = _unskewed(z, tilt) if z > 0 else -_unskewed(-z, -tilt)
        if abs(fair) > abs(best):
            best, split = fair, k
    return split, best / _echo_factor(scores, split)


@njit(nogil=True, cache=True)
def _unskewed(z: float, skew: float) -> float:
    """The normal value with the same upper tail as z of a variable with that skewness; z itself where it is not positive."""
    if skew <= 1e-9:
        return z
    return (np.sqrt(1.0 + (2.0 * skew / 3.0) * (z + skew / 6.0)) - 1.0) / (skew / 3.0)


@njit(nogil=True, cache=True)
def _echo_factor(scores: Vector, split: int) -> float:
    since = scores.size - split
    echo = _echo(scores[:split] if split >= since else scores[split:])
    if min(split, since) >= FEWEST:
        echo = min(echo, _echo(scores[split:] if split >= since else scores[:split]))
    return np.sqrt((1.0 + echo) / (1.0 - echo))


@njit(nogil=True, cache=True)
def _echo(stretch: Vector) -> float:
    """The autocorrelation of a stretch at lag one, if positive."""
    left = stretch - stretch.mean()
    power, cross = (left * left).sum(), (left[1:] * left[:-1]).sum()
    return min(cross / power, MOST_TRUSTED_ECHO) if power > 1e-12 and cross > 0 else 0.0


@njit(nogil=True, cache=True)
def _scores(series: Vector) -> Vector:
    """Normal scores of the mid-ranks, with mean nought."""
    n = series.size
    order = np.argsort(series)
    scores = np.empty(n)
    start = 0
    while start < n:
        end = start + 1
        while end < n and series[order[end]] == series[order[start]]:
            end += 1
        place = (start + end + 1) / 2.0 / (n + 1.0)
        for t in range(start, end):
            scores[order[t]] = _SCORES[int(np.round(place * _GRID)) - 1]
        start = end
    return scores - scores.mean()
