"""One forecast out of many: each method counts as much as it earned at earlier origins of the same series.

What a short history cannot tell is filled in from a prior: how methods rank in general. It is a constant of this file and
not worked out over the series at hand, so adding or taking away a series changes no other one's forecast.

A history of one to three seasons is short: only origins with a whole season behind them can tell whether it returns, and few
of those there are. They alone are asked then, they count at most as much as the prior, and no origin has a say in its own
residuals.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from models.demand import pool

ORIGINS = 6
INTERMITTENT_FROM = 0.1
# What all methods say at all origins is large: for so many series it stays in the fast memory of the processor.
SERIES_AT_ONCE = 128
# Log of a method's error over that of plain smoothing, damped trend and theta, as they did on the training parts of the M3,
# M4 weekly, MAN, AUTO and UCI series (last horizon held out); 0.3 where a method does not apply.
PRIOR_CONTINUOUS = np.array([0.27, 0.55, 0.30, 0.06, -0.03, -0.03, 0.09, 0.12, 0.30, 0.30, 0.30, 0.30])
PRIOR_INTERMITTENT = np.array([0.05, 0.20, -0.04, 0.0, 0.0, 0.0, 0.0, 0.05, -0.02, -0.02, 0.0, -0.01])
# How sharply weights fall with the error, how many origins the prior is worth, and the share of the best method's weight
# below which a method has no say; picked on the same held-out training parts, never on a test part.
SHARPNESS, PRIOR_ORIGINS, LEAST_WEIGHT = 8.0, 12.0, 0.5
# Of a short history: how many origins judge (the others lie before the first season and only tell of spreads), how many
# values beyond a season it takes at least, and after how many judged steps they count half as much as they ever will; picked
# on the M3 monthly and M4 weekly training parts, cut short.
SHORT_JUDGES, SHORT_LEAST, SHORT_STEPS = 4, 4, 6


@dataclass(frozen=True)
class Blend:
    """Point forecasts and how they came about.

    Attributes:
        points: series × step, in the unit of the series; not below zero where the series never was.
        weights: series × method of `pool.METHODS`, each row summing to 1.
        residuals: series × origin × step: what came less what the same weights would have said then; nan where unknown.
        origins: series × origin: how many values were known at each earlier origin, 0 where there is none.
    """

    points: np.ndarray
    weights: np.ndarray
    residuals: np.ndarray
    origins: np.ndarray


def blended(
    series: list[np.ndarray], *, season_length: int, horizon: int, only: str | None = None, trend_kept: float = 1.0
) -> Blend:
    """Forecasts of many series at once.

    Args:
        series: values of each, oldest first, at least one, no gaps, finite.
        season_length: steps in a season; 1 for none.
        horizon: steps ahead.
        only: the one method of `pool.METHODS` that may speak; None for the blend of all.
        trend_kept: share of a drift without end that is left after a step; below 1 where the horizon is long against the history.

    Raises:
        ValueError: a series is empty or holds a value that is not finite, or horizon or season length is below 1.

    >>> import numpy as np
    >>> blended([np.full(20, 7.0)], season_length=1, horizon=2).points.tolist()
    [[7.0, 7.0]]
    """
    if horizon < 1 or season_length < 1:
        raise ValueError("horizon and season_length must be at least 1")
    for place, one in enumerate(series):
        if one.size == 0 or not np.isfinite(one).all():
            raise ValueError(f"series {place} is empty or holds a value that is not finite")
    if not series:
        nothing = np.empty((0, ORIGINS, horizon))
        return Blend(nothing[:, 0], np.empty((0, len(pool.METHODS))), nothing, np.empty((0, ORIGINS), dtype=np.int64))
    some = [series[first : first + SERIES_AT_ONCE] for first in range(0, len(series), SERIES_AT_ONCE)]
    with ThreadPoolExecutor(os.cpu_count()) as hands:
        parts = list(hands.map(lambda few: _some_blended(few, season_length, horizon, only, trend_kept), some))
    return Blend(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _some_blended(
    series: list[np.ndarray], season_length: int, horizon: int, only: str | None, trend_kept: float
) -> tuple[np.ndarray, ...]:
    values, starts = _matrix(series)
    known = np.array([[one.size, *_earlier(one.size, season_length, horizon)] for one in series], dtype=np.int64)
    origins = np.where(known > 0, known + starts[:, None], 0)
    is_naive = only == pool.METHODS[0]
    said = pool.forecasts(values, starts, origins, season_length, horizon, trend_kept=trend_kept, is_naive=is_naive)
    never_below = np.array([one.min() >= 0 for one in series])
    np.maximum(said, 0.0, out=said, where=never_below[:, None, None, None])
    came = _came(values, origins[:, 1:], horizon)
    if only is not None:
        weights = np.tile(np.array(pool.METHODS) == only, (len(series), 1)).astype(float)
        return _mixed(said[:, :1], weights)[:, 0], weights, came - _mixed(said[:, 1:], weights), known[:, 1:]
    is_short = np.array([_is_short(one.size, season_length, horizon) for one in series])
    is_judge = (known[:, 1:] > 0) & (~is_short[:, None] | (known[:, 1:] > season_length))
    case = _Case(said, came, intermittent(series), is_short)
    weights = _weights(case, is_judge)
    residuals = came - _mixed(said[:, 1:], weights)
    if is_short.any():
        some = case.of(is_short)
        residuals[is_short] = _unseen_residuals(some, is_judge[is_short])
    return _mixed(said[:, :1], weights)[:, 0], weights, residuals, known[:, 1:]


@dataclass(frozen=True)
class _Case:
    """What every method said (series × end and origins × method × step), what came after each origin, and what they are."""

    said: np.ndarray
    came: np.ndarray
    is_intermittent: np.ndarray
    is_short: np.ndarray

    def of(self, rows: np.ndarray) -> "_Case":
        """Of some series."""
        return _Case(self.said[rows], self.came[rows], self.is_intermittent[rows], self.is_short[rows])


def _unseen_residuals(case: _Case, is_judge: np.ndarray) -> np.ndarray:
    """What came at each origin less what weights would have said that this origin had no say in: series × origin × step."""
    out = np.empty_like(case.came)
    for k in range(out.shape[1]):
        others = is_judge.copy()
        others[:, k] = False
        out[:, k] = (case.came - _mixed(case.said[:, 1:], _weights(case, others)))[:, k]
    return out


def _matrix(series: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The series as rows that end in the same column, and where each begins."""
    width = max(one.size for one in series)
    values = np.zeros((len(series), width))
    for row, one in zip(values, series, strict=True):
        row[width - one.size :] = one
    return values, np.array([width - one.size for one in series], dtype=np.int64)


def _earlier(length: int, season_length: int, horizon: int) -> list[int]:
    """How many values were known at each earlier origin, the latest first, 0 where there is none."""
    if _is_short(length, season_length, horizon):
        last = length - min(horizon, (length - season_length) // 2)
        found = _back(last, season_length + 1, horizon, SHORT_JUDGES)
        found += _back(min(found[-1] - horizon, season_length), 4, horizon, ORIGINS)[: ORIGINS - len(found)]
    else:
        least = 2 * season_length + 2 if length >= 3 * season_length + horizon else 4
        found = _back(length - horizon, least, horizon, ORIGINS) or ([least] if length > least else [])
    return found + [0] * (ORIGINS - len(found))


def _is_short(length: int, season_length: int, horizon: int) -> bool:
    """Whether there is more than one season, and not enough of them to judge methods that need two."""
    beyond = max(SHORT_LEAST, season_length // 4)
    return season_length > 1 and season_length + beyond <= length < 3 * season_length + horizon


def _back(last: int, least: int, horizon: int, count: int) -> list[int]:
    """At most so many origins from the last one back to the least, a horizon apart where there is room."""
    step = max(1, min(horizon, (last - least) // (count - 1)))
    return list(range(last, least - 1, -step))[:count]


def _came(values: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """What came after each origin: series × origin × step, nan beyond the end."""
    at = origins[:, :, None] + np.arange(horizon)
    is_there = (origins[:, :, None] > 0) & (at < values.shape[1])
    rows = np.arange(values.shape[0])[:, None, None]
    return np.where(is_there, values[rows, np.minimum(at, values.shape[1] - 1)], np.nan)


def intermittent(series: list[np.ndarray]) -> np.ndarray:
    """Whether more than a tenth of each series is nothing at all.

    >>> intermittent([np.array([0.0, 3.0]), np.array([1.0, 3.0])]).tolist()
    [True, False]
    """
    return np.array([(one.size - np.count_nonzero(one)) / one.size > INTERMITTENT_FROM for one in series])


def _relative(errors: np.ndarray, is_intermittent: np.ndarray) -> np.ndarray:
    """Log of each method's error over the reference's: squared errors on intermittent series, absolute ones elsewhere."""
    with np.errstate(all="ignore"):
        known = ~np.isnan(errors)
        count = known.sum(axis=(1, 3))
        filled = np.where(known, errors, 0.0)
        squared = np.sqrt((filled**2).sum(axis=(1, 3)) / count)
        size = np.where(is_intermittent[:, None], squared, np.abs(filled).sum(axis=(1, 3)) / count)
        size = np.where(count > 0, size, np.nan)
        reference = np.sort(size[:, 3:6], axis=1)[:, 1:2]
        return np.clip(np.log(np.maximum(size, 1e-12) / np.maximum(reference, 1e-12)), -1.5, 1.5)


def _weights(case: _Case, is_judge: np.ndarray) -> np.ndarray:
    """How much each method counts: series × method, by its errors at the origins that judge and by the prior."""
    judged = np.where(is_judge[:, :, None], case.came, np.nan)
    errors = _relative(judged[:, :, None, :] - case.said[:, 1:], case.is_intermittent)
    prior = np.where(case.is_intermittent[:, None], PRIOR_INTERMITTENT, PRIOR_CONTINUOUS)
    count = np.count_nonzero(is_judge, axis=1)
    steps = np.count_nonzero(~np.isnan(judged), axis=(1, 2))
    is_telling = case.is_short & ~case.is_intermittent  # rare demand tells nothing of a season in so few steps
    trust = np.where(is_telling, 0.5 * steps / (steps + SHORT_STEPS), count / (count + PRIOR_ORIGINS))[:, None]
    expected = np.where(np.isnan(errors), prior, trust * np.nan_to_num(errors) + (1 - trust) * prior)
    expected = np.where(~np.isnan(case.said[:, 0, :, 0]), expected, np.inf)
    weights = np.exp(-SHARPNESS * (expected - expected.min(axis=1, keepdims=True)))
    weights[weights < LEAST_WEIGHT] = 0.0
    return weights / weights.sum(axis=1, keepdims=True)


def _mixed(said: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighted mean over methods; a method that could not be used at an origin leaves its weight to the others."""
    usable = ~np.isnan(said)
    share = np.where(usable, weights[:, None, :, None], 0.0)
    total = share.sum(axis=2)
    with np.errstate(all="ignore"):
        return np.where(total > 0, (np.where(usable, said, 0.0) * share).sum(axis=2) / total, np.nan)
