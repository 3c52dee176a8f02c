"""Possible values of what is assumed: Latin hypercube draws of ranges, some of which go together, the same for the same seed."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

Draws = dict[str, np.ndarray]
SHAPE = 4.0  # of the PERT distribution: how much the likeliest value weighs against the ends
GRID = 1025
# Pairs that rise and fall together, each with its correlation (assumption of the method, section 4.6).
TOGETHER = (
    ("ai_adoption_share", "ai_realisation_share", 0.3),
    ("ai_orchestration_days", "ai_go_live_months", 0.6),
)


@dataclass(frozen=True)
class Spread:
    """What is known of a number: lowest, likeliest and highest value, and which law draws between them.

    `fixed` never moves; `pert`, `triangular` and `beta` stay within; `lognormal` has the likeliest value as its median and the
    ends as its 5th and 95th percentile; `normal` has the value as its mean and the ends as its 2.5th and 97.5th percentile.
    """

    low: float
    value: float
    high: float
    law: str = "pert"


def quantiles(spread: Spread, levels: np.ndarray) -> np.ndarray:
    """The values at these levels (0 to 1), of the same shape.

    The PERT law is a beta law on [low, high] with α = 1 + 4 (value − low)/(high − low) and β = 1 + 4 (high − value)/(high − low).

    >>> (
    ...     quantiles(Spread(0, 5, 10), np.array([0.5])).round(6).tolist(),
    ...     quantiles(Spread(3, 3, 3), np.array([0.9])).tolist(),
    ... )
    ([5.0], [3.0])
    >>> quantiles(Spread(1, 2, 4, "lognormal"), np.array([0.5])).round(6).tolist()
    [2.0]
    """
    low, value, high = spread.low, spread.value, spread.high
    if spread.law == "fixed" or high <= low:
        return np.full(levels.shape, float(value))
    if spread.law == "normal":
        return value + (high - low) / (2 * ndtri(0.975)) * ndtri(levels)
    if spread.law == "lognormal":
        wide = np.log(max(high, 1e-12) / max(low, 1e-12)) / (2 * ndtri(0.95))
        return value * np.exp(wide * ndtri(levels))
    peak = (value - low) / (high - low)
    if spread.law == "triangular":
        rising = np.sqrt(levels * peak)
        falling = 1 - np.sqrt((1 - levels) * (1 - peak))
        return low + (high - low) * np.where(levels <= peak, rising, falling)
    return low + (high - low) * np.interp(levels, _levels(), _pert(round(peak, 6)))


def mean(spread: Spread) -> float:
    """The expected value of a spread.

    >>> mean(Spread(0, 3, 12)), mean(Spread(0, 3, 12, "triangular"))
    (4.0, 5.0)
    """
    low, value, high = spread.low, spread.value, spread.high
    if spread.law == "triangular":
        return (low + value + high) / 3
    if spread.law in ("pert", "beta"):
        return (low + SHAPE * value + high) / (SHAPE + 2)
    if spread.law == "lognormal" and high > low:
        wide = np.log(max(high, 1e-12) / max(low, 1e-12)) / (2 * ndtri(0.95))
        return float(value * np.exp(wide**2 / 2))
    return value


def drawn(
    spreads: Mapping[str, Spread], *, count: int, seed: int, together: Sequence[tuple[str, str, float]] = TOGETHER
) -> Draws:
    """So many possible values of each number, name → (count × 1): each even part of its law is drawn from once.

    The draws of one name depend on its name and the seed alone, so that one more number changes no other's.

    >>> some = drawn({"a": Spread(0, 1, 2), "b": Spread(5, 5, 5)}, count=100, seed=1)
    >>> some["a"].shape, round(float(some["a"].mean()), 2), float(some["b"].max())
    ((100, 1), 1.0, 5.0)
    """
    partner = {second: (first, how) for first, second, how in together if first in spreads and second in spreads}
    return {name: quantiles(spread, _even(name, partner, count, seed))[:, None] for name, spread in spreads.items()}


def middle(spreads: Mapping[str, Spread]) -> Draws:
    """The expected value of each number as a single path, name → (1 × 1)."""
    return {name: np.full((1, 1), mean(spread)) for name, spread in spreads.items()}


def _even(name: str, partner: Mapping[str, tuple[str, float]], count: int, seed: int) -> np.ndarray:
    """Levels of a name, one in each of `count` even parts; those of a partnered name lean on its partner's."""
    own = strata(name, count, seed)
    if name not in partner:
        return own
    first, how = partner[name]
    mixed = how * ndtri(strata(first, count, seed)) + np.sqrt(1 - how * how) * ndtri(own)
    # Ranks keep one value in each part.
    return (np.argsort(np.argsort(mixed)) + 0.5) / count


def dice_of(name: str, seed: int) -> np.random.Generator:
    """Dice that name and seed alone decide, so that what is drawn for one name never moves what is drawn for another."""
    return np.random.default_rng(zlib.crc32(f"{seed}:{name}".encode()))


def strata(name: str, count: int, seed: int) -> np.ndarray:
    """Levels of a name between 0 and 1, (count,): one in each of `count` even parts, in an order that name and seed decide.

    >>> np.sort((strata("a", 4, 1) * 4).astype(int)).tolist()
    [0, 1, 2, 3]
    """
    dice = dice_of(name, seed)
    return (dice.permutation(count) + dice.random(count)) / count


@lru_cache(maxsize=1)
def _levels() -> np.ndarray:
    """Levels closer together towards both ends, where a beta law turns fastest."""
    return ndtr(np.linspace(-5.2, 5.2, GRID))


@lru_cache(maxsize=4096)
def _pert(peak: float) -> np.ndarray:
    return betaincinv(1 + SHAPE * peak, 1 + SHAPE * (1 - peak), _levels())
