"""What an item may be asked for: own history made into a distribution, and summed over the periods that an order must last for.

Two views of the same past, weighed by how often anything is asked for. One is a chance that anything is, and sizes like those
that were really bought, blurred, beside a few as others are bought, for the next purchase is seldom exactly one of the past
ones. The other is a negative binomial. The chance follows time (half of its weight lies in the last year), sizes do not: large
ones are too rare to be forgotten. No item's figures depend on others.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

Vector = np.ndarray

# Chosen on training parts of MAN (weeks 61-105) and AUTO (months 9-13 and 11-17), never on a test part: docs/why/models.md.
# The negative binomial's share: a quarter, and as much again of an item that is asked for in every period.
BINOMIAL_SHARE, BINOMIAL_RISE = 0.25, 0.25
# Dispersion is drawn towards that of others by a quarter of its log.
USUAL_DISPERSION, LEAST_DISPERSION, USUAL_SHARE = 0.3, 0.01, 0.25
# Sizes of purchases over the item's mean, twenty quantiles of rare items (MAN, weeks 1-60); they weigh as many purchases.
USUAL_SIZES = np.array([
    0.05, 0.11, 0.17, 0.23, 0.30, 0.37, 0.44, 0.51, 0.60, 0.69, 0.77, 0.88, 0.99, 1.06, 1.20, 1.38, 1.59, 1.89, 2.38, 3.67
])  # fmt: skip
USUAL_PURCHASES = 3.0
# How far the next purchase lies from a past one (standard deviation of the log), in seven equally likely steps.
BLUR = 0.6 * np.array([-1.6, -1.0, -0.45, 0.0, 0.45, 1.0, 1.6])
MOST_SIZES = 60  # of more purchases, so many quantiles stand for all
GRID = np.concatenate([np.linspace(0.0, 0.95, 96), 1 - np.logspace(np.log10(0.045), -6, 50), [1.0]])
# Nothing is heard of a forecast's level where no more than the first share of all weeks brings demand, all from the second on.
HEARD_FROM, HEARD_WHOLLY = 0.4, 0.6


@dataclass(frozen=True)
class Possible:
    """Demand of one period.

    Attributes:
        values: item × point, what may be asked for.
        chances: item × point, summing to 1 for each item; 0 fills up items with fewer points.
        often: of each item, the share of past periods with demand.
    """

    values: Vector
    chances: Vector
    often: Vector

    def mean(self) -> Vector:
        """Of each item.

        >>> Possible(np.array([[0.0, 4.0]]), np.array([[0.75, 0.25]]), np.array([0.25])).mean().tolist()
        [1.0]
        """
        return (self.values * self.chances).sum(axis=1)


def possible(history: list[Vector], *, half_life: float) -> Possible:
    """Demand of one period to come, of each item.

    Args:
        history: demand of past periods of each item, oldest first, none below nought; periods of empty shelves left out or
            lifted by the caller.
        half_life: periods in a year.

    >>> rare = possible([np.array([0.0, 0.0, 0.0, 40.0] * 9)], half_life=1e9)
    >>> rare.often.tolist(), rare.mean().round(1).tolist(), round(float(rare.chances.sum()), 6)
    ([0.25], [10.0], 1.0)
    """
    most = max((min(int(np.count_nonzero(one)), MOST_SIZES) for one in history), default=0)
    own = most * BLUR.size + USUAL_SIZES.size + 1
    shape = (len(history), own + GRID.size - 1)
    values, chances, often = np.zeros(shape), np.zeros(shape), np.zeros(len(history))
    for i, one in enumerate(history):
        often[i] = _one(np.asarray(one, dtype=float), half_life, values[i], chances[i], own)
    return Possible(values, chances, often)


def heard(often: Vector, own: Vector, level: Vector) -> Vector:
    """By what demand is multiplied so that it follows a forecast where the past alone would miss a change of level.

    Rare demand is not moved: what forecasts say of it from month to month is noise, and where nothing came for long they end
    at nothing. What is asked for in most weeks is moved wholly; between the two in proportion.

    Args:
        often: share of past weeks with demand.
        own: mean of a week out of its own past.
        level: forecast of a week.

    >>> heard(np.array([0.3, 0.5, 1.0]), np.full(3, 10.0), np.full(3, 14.0)).tolist()
    [1.0, 1.2, 1.4]
    """
    share = np.clip((np.asarray(often) - HEARD_FROM) / (HEARD_WHOLLY - HEARD_FROM), 0.0, 1.0)
    safe = np.where(own > 0, own, 1.0)
    return np.where(own > 0, 1 + share * (np.maximum(level, 0.0) / safe - 1), 1.0)


@njit(nogil=True, cache=True)
def _one(y: Vector, half_life: float, values: Vector, chances: Vector, own: int) -> float:
    """Both views of one item written into its row, `own` points of the first, the rest for the second; how often it is asked for."""
    n, asked, count, total, weight = y.size, 0.0, 0, 0.0, 0.0
    for t in range(n):
        w = 2.0 ** (-(n - 1 - t) / half_life)
        weight += w
        total += w * y[t]
        asked += w * (y[t] > 0)
        count += y[t] > 0
    if count == 0:
        chances[0] = 1.0
        return 0.0
    share = BINOMIAL_SHARE + BINOMIAL_RISE * count / n
    _own_sizes(y, asked / weight, values[:own], chances[:own])
    mean, level = y.mean(), total / weight
    over = (y.var() * n / max(n - 1, 1) - mean) / mean**2
    spread = np.exp(USUAL_SHARE * np.log(USUAL_DISPERSION) + (1 - USUAL_SHARE) * np.log(max(over, LEAST_DISPERSION)))
    # How little a short history knows of its own level widens what may come.
    variance = level + spread * level**2 + (level + spread * mean**2) / n
    _negative_binomial(level, variance, GRID, values[own:], chances[own:])
    chances[:own] *= 1 - share
    chances[own:] *= share
    return count / n


@njit(nogil=True, cache=True)
def _own_sizes(y: Vector, chance: float, values: Vector, chances: Vector) -> None:
    sizes, steps = np.sort(y[y > 0]), BLUR.size
    count, bought = sizes.size, sizes.mean()
    held = min(count, MOST_SIZES)
    for j in range(held):
        size = sizes[j] if held == count else sizes[int((j + 0.5) / held * count)]
        for k in range(steps):
            # The blur keeps the mean.
            values[j * steps + k] = max(np.rint(size * np.exp(BLUR[k] - 0.18)), 1.0)
    last = held * steps
    chances[:last] = chance * count / (count + USUAL_PURCHASES) / last
    for k in range(USUAL_SIZES.size):
        values[last + k] = max(np.rint(USUAL_SIZES[k] * bought), 1.0)
        chances[last + k] = chance * USUAL_PURCHASES / (count + USUAL_PURCHASES) / USUAL_SIZES.size
    chances[last + USUAL_SIZES.size] = 1 - chance


@njit(nogil=True, cache=True)
def _negative_binomial(mean: float, variance: float, grid: Vector, values: Vector, chances: Vector) -> None:
    """Quantiles in the middle of each piece of the grid, with the piece's chance."""
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

    >>> steady = Possible(np.full((1, 1), 3.0), np.ones((1, 1)), np.ones(1))
    >>> sums(steady, np.array([[2, 5]]), seeds=np.ones(1, int)).tolist()
    [[6.0, 15.0]]
    """
    lengths = np.asarray(periods, dtype=np.int64)
    out = np.zeros(lengths.shape)
    for i in range(lengths.shape[0]):
        each = np.ones(max(int(lengths[i].max()), 1))
        drawn = running(
            demand.values[i], demand.chances[i], each, seed=int(seeds[i]), count=lengths.shape[1], doubt=doubt
        )
        reached = np.concatenate([np.zeros((lengths.shape[1], 1)), drawn], axis=1)
        out[i] = reached[np.arange(lengths.shape[1]), lengths[i]]
    return out


def running(
    values: Vector, chances: Vector, factors: Vector, *, seed: int, count: int, doubt: float = 0.0, days: int = 1
) -> Vector:
    """Demand so far, `path × day`, of so many paths of one item: period by period, each on one of its days.

    Args:
        values, chances: what a period may bring, as a row of `Possible`.
        factors: of each period ahead, by what it is multiplied.
        seed: the same gives the same.
        count: paths.
        doubt: as of `sums`.
        days: in a period.

    >>> running(np.array([3.0]), np.array([1.0]), np.array([1.0, 2.0]), seed=1, count=1).tolist()
    [[3.0, 9.0]]
    """
    out = np.zeros((count, len(factors) * days))
    can = chances > 0
    reached = np.cumsum(chances[can])
    if reached.size:
        _running(values[can], reached, np.asarray(factors, dtype=float), seed, doubt, days, out)
    return out


@njit(nogil=True, cache=True)
def _running(  # noqa: PLR0917  compiled code is called by place
    values: Vector, reached: Vector, factors: Vector, seed: int, doubt: float, days: int, out: Vector
) -> None:
    np.random.seed(seed)
    last = values.size - 1
    for p in range(out.shape[0]):
        off = np.exp(doubt * np.random.standard_normal() - doubt * doubt / 2) if doubt > 0 else 1.0
        so_far = 0.0
        for k in range(factors.size):
            place = min(int(np.searchsorted(reached, np.random.random())), last)
            came = values[place] * factors[k] * off
            on = np.random.randint(days) if days > 1 else 0
            for day in range(days):
                out[p, k * days + day] = so_far + (came if day >= on else 0.0)
            so_far += came
