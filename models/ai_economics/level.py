"""At what level a ratio of months stands by now, how far it may wander from there, and how months differ by chance: from few months."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter
from scipy.special import ndtri

from models.ai_economics.draws import dice_of, strata

# Standard deviations of a month's logarithm that are weighed against each other, and what is thought of them before a month was seen.
TRIED = np.array([0.02, 0.04, 0.08, 0.16, 0.32, 0.64])
USUAL_DRIFT, USUAL_NOISE, UNSURE = 0.05, 0.15, 0.7
# What a level has wandered fades by a tenth a month, so that three years do not spread it without end (assumption).
KEPT = 0.9
# Price of a model over that of the one before it, at 8,000 tokens read and 800 written: 52 successions of twelve lines of models in the
# price list genai-prices 0.2.3.
SUCCESSIONS = np.array([
    0.09, 0.10, 0.13, 0.27, 0.32, 0.33, 0.36, 0.38, 0.38, 0.64, 0.67, 0.71, *[0.80] * 5, *[1.0] * 18,
    1.25, 1.27, 1.29, 1.33, 1.33, 1.40, 1.42, 1.45, 1.50, 2.00, 2.67, 2.67, 3.20, 3.33, 3.61, 3.93, 4.92,
])  # fmt: skip


@dataclass(frozen=True)
class Level:
    """What months say of a ratio, for each pair of a drift and a noise that they leave possible.

    Attributes:
        weights: how likely each pair is; they sum to one.
        levels: the ratio as of the last month seen, in its own unit.
        errors: relative variance of that level.
        drifts: standard deviation by which the level moves from month to month, relative.
        noises: standard deviation by which a month lies off its level, relative, beyond what counting explains.
        chance: relative variance of a month from counting alone.
    """

    weights: np.ndarray
    levels: np.ndarray
    errors: np.ndarray
    drifts: np.ndarray
    noises: np.ndarray
    chance: float

    @property
    def mean(self) -> float:
        """The expected value of a month to come, in the unit of the ratio."""
        return float(self.weights @ self.levels)


def level(seen: np.ndarray, chance: np.ndarray) -> Level:
    """The level by now of a ratio seen in some months, the oldest first.

    A level wanders and months lie off it by chance (local level model): the Kalman filter gives late months the weight that both deserve.
    How large both are is weighed over a grid, from what is usual on: few months move that little, many decide it.
    Source: Harvey, Forecasting, Structural Time Series Models and the Kalman Filter (1989), chapter 4.

    Args:
        seen: the ratio of each month, above nought.
        chance: relative variance of each month from counting alone, such as 1 ÷ cases.

    Raises:
        IndexError: no month was seen.

    >>> round(level(np.full(6, 3.0), np.full(6, 0.01)).mean, 6)
    3.0
    >>> risen = level(np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0]), np.full(6, 0.001))
    >>> 1.7 < risen.mean < 2.0
    True
    """
    drifts, noises = (grid.ravel() for grid in np.meshgrid(TRIED, TRIED))
    likely = -0.5 * (np.log([drifts / USUAL_DRIFT, noises / USUAL_NOISE]) ** 2).sum(axis=0) / UNSURE**2
    logs = np.log(seen)
    middle, here, error = np.full(drifts.size, logs[0]), np.full(drifts.size, seen[0]), noises**2 + chance[0]
    for month in range(1, seen.size):
        error = error + drifts**2
        spread = error + noises**2 + chance[month]
        off = logs[month] - middle
        likely = likely - 0.5 * (np.log(spread) + off**2 / spread)
        gain = error / spread
        # The mean of ratios, not of their logarithms, is what a budget needs.
        middle, here, error = middle + gain * off, here + gain * (seen[month] - here), error * (1 - gain)
    weights = np.exp(likely - likely.max())
    return Level(weights / weights.sum(), here, error, drifts, noises, float(np.mean(chance[-3:])))


def futures(known: Level, name: str, *, months: int, count: int, seed: int) -> np.ndarray:
    """Possible values of the ratio in the months to come, (paths × months), their expected value that of `known`; one path: (1 × 1).

    The draws depend on the name and the seed alone.

    >>> known = level(np.array([2.0, 2.2, 1.9, 2.1]), np.full(4, 0.02))
    >>> drawn = futures(known, "a", months=12, count=4000, seed=1)
    >>> drawn.shape, bool(abs(drawn.mean() / known.mean - 1) < 0.02), bool(drawn[:, -1].std() > drawn[:, 0].std())
    ((4000, 12), True, True)
    """
    if count == 1:
        return np.full((1, 1), known.mean)
    dice = dice_of(f"{name} by month", seed)
    pair = np.searchsorted(known.weights.cumsum(), strata(f"{name} pair", count, seed)).clip(max=known.weights.size - 1)
    drift, noise, error = (one[pair, None] for one in (known.drifts, known.noises**2 + known.chance, known.errors))
    start = np.sqrt(error) * ndtri(strata(name, count, seed))[:, None]
    wandered = lfilter([1.0], [1.0, -KEPT], dice.standard_normal((count, months)), axis=1)
    off = np.sqrt(noise) * dice.standard_normal((count, months))
    variance = error + noise + drift**2 * np.cumsum(KEPT ** (2 * np.arange(months)))
    return known.levels[pair, None] * np.exp(start + drift * wandered + off - variance / 2)


def other_models(rate: np.ndarray, name: str, *, months: int, seed: int) -> np.ndarray:
    """Factors on what a token costs in the months to come where calls move to other models, (paths × months).

    Each move draws its price anew against today's, as successors were priced: as often dearer as cheaper. So the spread does not grow
    with the number of moves.

    Args:
        rate: moves a year, (paths × 1).
        name: of the use case; with the seed it decides the draws.

    >>> drawn = other_models(np.full((4000, 1), 1.0), "UC3", months=12, seed=1)
    >>> float((drawn[:, 0] == 1).mean().round(1)), float(np.median(drawn)), float((drawn[:, -1] > 1).mean().round(1))
    (0.9, 1.0, 0.2)
    """
    count = rate.shape[0]
    dice = dice_of(f"{name} moves", seed)
    moves = dice.random((count, months)) < rate / 12
    prices = dice.choice(SUCCESSIONS, (count, months))
    last = np.maximum.accumulate(np.where(moves, np.arange(months), -1), axis=1)
    return np.where(last >= 0, np.take_along_axis(prices, np.maximum(last, 0), axis=1), 1.0)
