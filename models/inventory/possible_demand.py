"""What an item may be asked for: own history made into a distribution, and summed over a lead time that is not certain.

Two kinds of item. One that is asked for now and then, or unevenly: a chance that anything is asked for, and sizes like
those that were really bought, blurred, beside a few as others are bought, for the next purchase is seldom exactly one of the
past ones. One that is asked for more often and evenly: a negative binomial whose level leans on the forecast. The chance follows time (half
of its weight lies in the last year), sizes do not: large ones are too rare to be forgotten. No item's figures depend on others.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

Vector = np.ndarray

# Chosen on training parts of MAN (weeks 61-105) and AUTO (months 11-17), never on a test part.
# The negative binomial speaks for items with demand in so many of all periods, in sizes that vary no more than so (squared
# coefficient of variation, the bound of Syntetos, Boylan and Croston).
OFTEN, EVEN = 0.5, 0.49
FORECAST_SHARE = 0.25  # of the level, the rest is the weighted mean of the item's own past
# Dispersion is drawn towards that of others by a quarter of its log.
USUAL_DISPERSION, LEAST_DISPERSION, USUAL_SHARE = 0.3, 0.01, 0.25
# Sizes of purchases over the item's mean, twenty quantiles of rare items (MAN, weeks 1-60); they weigh as many purchases.
USUAL_SIZES = np.array([
    0.05, 0.11, 0.17, 0.23, 0.30, 0.37, 0.44, 0.51, 0.60, 0.69, 0.77, 0.88, 0.99, 1.06, 1.20, 1.38, 1.59, 1.89, 2.38, 3.67
])  # fmt: skip
USUAL_PURCHASES = 3.0
# How far the next purchase lies from a past one (standard deviation of the log), in seven equally likely steps.
BLUR = 0.6 * np.array([-1.6, -1.0, -0.45, 0.0, 0.45, 1.0, 1.6])
GRID = np.concatenate([np.linspace(0.0, 0.95, 96), 1 - np.logspace(np.log10(0.045), -6, 50), [1.0]])


@dataclass(frozen=True)
class Possible:
    """Demand of one period.

    Attributes:
        values: item × point, what may be asked for.
        chances: item × point, summing to 1 for each item; 0 fills up items with fewer points.
    """

    values: Vector
    chances: Vector

    def mean(self) -> Vector:
        """Of each item.

        >>> Possible(np.array([[0.0, 4.0]]), np.array([[0.75, 0.25]])).mean().tolist()
        [1.0]
        """
        return (self.values * self.chances).sum(axis=1)


def possible(history: list[Vector], *, half_life: float, level: Vector | None = None) -> Possible:
    """Demand of one period to come, of each item.

    Args:
        history: demand of past periods of each item, oldest first, none below nought; periods of empty shelves left out or
            lifted by the caller.
        half_life: periods in a year.
        level: forecast of demand a period of each item; the own past alone is heard where not given or nan.

    >>> rare = possible([np.array([0.0, 0.0, 0.0, 40.0] * 9)], half_life=1e9)
    >>> (
    ...     round(float(rare.chances[0, rare.values[0] == 0].sum()), 3),
    ...     float(rare.values.max()),
    ...     rare.mean().round(1).tolist(),
    ... )
    (0.75, 147.0, [10.0])
    """
    told = np.full(len(history), np.nan) if level is None else np.asarray(level, dtype=float)
    figures = np.array([_figures(one, half_life) for one in history]).reshape(-1, 5)
    weighted, share, means, dispersions, unevenness = figures.T
    is_often = (share >= OFTEN) & (unevenness < EVEN)
    own = np.log(np.maximum(dispersions, LEAST_DISPERSION))
    dispersion = np.exp(USUAL_SHARE * np.log(USUAL_DISPERSION) + (1 - USUAL_SHARE) * own)
    leant = np.where(np.isnan(told), weighted, FORECAST_SHARE * np.nan_to_num(told) + (1 - FORECAST_SHARE) * weighted)
    few = [np.count_nonzero(one) for one, often in zip(history, is_often, strict=True) if not often]
    most = max(GRID.size - 1, max(few, default=0) * BLUR.size + USUAL_SIZES.size + 1)
    values, chances = np.zeros((len(history), most)), np.zeros((len(history), most))
    for i, one in enumerate(history):
        if is_often[i]:
            # How little a short history knows of its own level widens what may come.
            mean, seen = leant[i], max(one.size, 1)
            variance = mean + dispersion[i] * mean**2 + (mean + dispersion[i] * means[i] ** 2) / seen
            _negative_binomial(mean, variance, GRID, values[i], chances[i])
        else:
            _own_sizes(one, half_life, values[i], chances[i])
    return Possible(values, chances)


@njit(nogil=True, cache=True)
def _figures(y: Vector, half_life: float) -> tuple[float, float, float, float, float]:
    """Weighted mean, share of periods with demand, mean, dispersion beyond the mean, and how uneven sizes are."""
    n, total, weight, asked = y.size, 0.0, 0.0, 0
    if n == 0 or y.max() <= 0:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(n):
        w = 2.0 ** (-(n - 1 - t) / half_life)
        total += w * y[t]
        weight += w
        asked += y[t] > 0
    mean = y.mean()
    over = y.var() * n / max(n - 1, 1) - mean
    sizes = y[y > 0]
    return total / weight, asked / n, mean, over / mean**2, sizes.var() / sizes.mean() ** 2


@njit(nogil=True, cache=True)
def _own_sizes(y: Vector, half_life: float, values: Vector, chances: Vector) -> None:
    n, asked, all_weight, bought, count, steps = y.size, 0.0, 0.0, 0.0, 0, BLUR.size
    for t in range(n):
        w = 2.0 ** (-(n - 1 - t) / half_life)
        all_weight += w
        if y[t] > 0:
            asked += w
            bought += y[t]
            for k in range(steps):
                # The blur keeps the mean.
                values[count * steps + k] = max(np.rint(y[t] * np.exp(BLUR[k] - 0.18)), 1.0)
            count += 1
    if count == 0:
        chances[0] = 1.0
        return
    chance, last = asked / all_weight, count * steps
    chances[:last] = chance / (count + USUAL_PURCHASES) / steps
    for k in range(USUAL_SIZES.size):
        values[last + k] = max(np.rint(USUAL_SIZES[k] * bought / count), 1.0)
        chances[last + k] = chance * USUAL_PURCHASES / (count + USUAL_PURCHASES) / USUAL_SIZES.size
    chances[last + USUAL_SIZES.size] = 1 - chance


@njit(nogil=True, cache=True)
def _negative_binomial(mean: float, variance: float, grid: Vector, values: Vector, chances: Vector) -> None:
    """Quantiles in the middle of each piece of the grid, with the piece's chance."""
    if mean <= 0:
        chances[0] = 1.0
        return
    spread = max(variance, 1.02 * mean)
    size, lower = mean * mean / (spread - mean), mean / spread
    mass = np.exp(size * np.log(lower))
    reached, k = mass, 0
    if mass < 1e-12:  # far from nought: a gamma's shape is near enough, by Wilson and Hilferty's cube
        cv2 = spread / (9 * mean * mean)
        for g in range(grid.size - 1):
            z = _normal((grid[g] + grid[g + 1]) / 2)
            values[g] = np.rint(max(mean * max(1 - cv2 + z * np.sqrt(cv2), 0.0) ** 3, 0.0))
            chances[g] = grid[g + 1] - grid[g]
        return
    for g in range(grid.size - 1):
        middle = (grid[g] + grid[g + 1]) / 2
        while reached < middle and (mass > 1e-15 or k < mean):
            mass *= (size + k) / (k + 1) * (1 - lower)
            k += 1
            reached += mass
        values[g] = k
        chances[g] = grid[g + 1] - grid[g]


@njit(nogil=True, cache=True)
def _normal(p: float) -> float:
    """The standard normal quantile to within 4.5e-4 (Abramowitz and Stegun, 26.2.23)."""
    tail = min(p, 1 - p)
    t = np.sqrt(-2 * np.log(tail))
    z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t**3)
    return z if p > 0.5 else -z


def sums(demand: Possible, periods: Vector, *, seeds: Vector, doubt: float = 0.0) -> Vector:
    """Possible demand over so many periods: `item × draw`, periods drawn one by one.

    Args:
        demand: of one period.
        periods: item × draw, whole periods of each draw: a lead time that was drawn, and the review interval.
        seeds: of each item, as from `models.paths.seed_of`; the same gives the same, whatever other items there are.
        doubt: how far the level of all periods together may be off, as a share (standard deviation of its log).

    >>> steady = Possible(np.full((1, 1), 3.0), np.ones((1, 1)))
    >>> sums(steady, np.array([[2, 5]]), seeds=np.ones(1, int)).tolist()
    [[6.0, 15.0]]
    """
    out = np.zeros(periods.shape)
    reached = np.cumsum(demand.chances, axis=1)
    _sums(demand.values, reached, np.asarray(periods, dtype=np.int64), seeds, doubt, out)
    return out


@njit(nogil=True, cache=True)
def _sums(values: Vector, reached: Vector, periods: Vector, seeds: Vector, doubt: float, out: Vector) -> None:
    last = values.shape[1] - 1
    for i in range(values.shape[0]):
        np.random.seed(seeds[i])
        for p in range(periods.shape[1]):
            off = np.exp(doubt * np.random.standard_normal() - doubt * doubt / 2) if doubt > 0 else 1.0
            for _ in range(periods[i, p]):
                out[i, p] += values[i, min(np.searchsorted(reached[i], np.random.random()), last)]
            out[i, p] *= off
