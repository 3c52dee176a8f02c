"""Demand until the order after next can be on the shelf: sums of demand paths over a lead time that is itself uncertain.

A day's quantiles do not add up and a lead time is no constant; so paths are summed over lengths drawn from what really came.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from models import paths

Vector = np.ndarray
# What is kept of the demand of the next so many days: its mean and its quantiles, the least and the most drawn among them.
HORIZONS = np.array([7, 14, 21, 28, 42, 56, 91])
SHARES = np.array([0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 1])
# Equally likely lead times, and for each of them equally likely demands: 1,600 futures of an order.
ATOMS = 16
CHANCES = (np.arange(100) + 0.5) / 100


@dataclass(frozen=True)
class Ahead:
    """Demand of the next so many days: for each horizon its mean, and its quantiles at `SHARES`.

    Attributes:
        days: horizons, rising.
        means: horizon.
        quantiles: horizon × share.
    """

    days: Vector
    means: Vector
    quantiles: Vector

    def scaled(self, factor: float) -> "Ahead":
        """The same demand, so many times as much of it."""
        return Ahead(self.days, self.means * factor, self.quantiles * factor)

    def over(self, days: Vector) -> tuple[Vector, Vector]:
        """Means and quantiles of demand over each number of days: straight between horizons, and on from the last as far as it goes.

        >>> flat = Ahead(np.array([7, 14]), np.array([7.0, 14.0]), np.array([[7.0] * 17, [14.0] * 17]))
        >>> flat.over(np.array([3.5, 28]))[0].tolist()
        [3.5, 28.0]
        """
        means, quantiles = np.empty(len(days)), np.empty((len(days), SHARES.size))
        _over(self.days.astype(float), self.means, self.quantiles, np.asarray(days, float), means, quantiles)
        return means, quantiles


@njit(nogil=True, cache=True)
def _over(known: Vector, means: Vector, quantiles: Vector, days: Vector, out: Vector, spread: Vector) -> None:
    last = known.size - 1
    for i in range(days.size):
        day = max(days[i], 0.0)
        right = min(np.searchsorted(known, day), last)
        left = right - 1
        if day >= known[last] or left < 0:  # from nothing to the first horizon, and on from the last
            share = day / known[right]
            out[i] = means[right] * share
            spread[i] = quantiles[right] * share
        else:
            share = (day - known[left]) / (known[right] - known[left])
            out[i] = means[left] + share * (means[right] - means[left])
            spread[i] = quantiles[left] + share * (quantiles[right] - quantiles[left])


def points(known: Ahead, days: Vector) -> Vector:
    """Equally likely demands over a random number of days, `day × chance`: each of `days` is as likely as the others.

    Two calls with other days hang together place by place, as the same future seen after a shorter and after a longer time.

    >>> flat = Ahead(np.array([7]), np.array([7.0]), np.array([[7.0] * 17]))
    >>> points(flat, np.array([7.0, 14.0]))[:, 0].tolist()
    [7.0, 14.0]
    """
    _, quantiles = known.over(days)
    return _between(quantiles, CHANCES)


@njit(nogil=True, cache=True)
def _between(quantiles: Vector, chances: Vector) -> Vector:
    out = np.empty((quantiles.shape[0], chances.size))
    right = 1
    for c in range(chances.size):
        while right < SHARES.size - 1 and SHARES[right] < chances[c]:
            right += 1
        part = (chances[c] - SHARES[right - 1]) / (SHARES[right] - SHARES[right - 1])
        for d in range(quantiles.shape[0]):
            low = quantiles[d, right - 1]
            out[d, c] = low + part * (quantiles[d, right] - low)
    return out


@njit(nogil=True, cache=True)
def _ahead(  # noqa: PLR0917  compiled code is called by place
    quantiles: Vector, means: Vector, levels: Vector, shape: tuple[float, float], seed: int, count: int, days: int
) -> Vector:
    drawn = np.empty((count, days))
    bands, middle = quantiles[:days], means[:days]
    paths.draw(bands, paths.curves(bands, middle, levels), levels, shape, seed, drawn)
    for p in range(count):
        for h in range(1, days):
            drawn[p, h] += drawn[p, h - 1]
    return drawn


def running(
    quantiles: Vector, means: Vector, levels: Vector, *, shape: tuple[float, float], seed: int, count: int, days: int
) -> Vector:
    """Demand so far, `path × day`, of paths drawn from a forecast (see `models.paths`); a forecast that ends earlier is shorter.

    >>> flat = np.full((3, 2), 7.0)
    >>> running(flat, np.full(3, 7.0), np.array([0.1, 0.9]), shape=(0.05, 0.0), seed=1, count=1, days=2).tolist()
    [[7.0, 14.0]]
    """
    return _ahead(quantiles, means, levels, shape, seed, count, min(days, means.size))


def ahead(drawn: Vector) -> Ahead:
    """What is kept of paths of demand so far, `path × day`.

    >>> ahead(np.cumsum(np.full((4, 14), 2.0), axis=1)).means.tolist()
    [14.0, 28.0]
    """
    held = np.concatenate([HORIZONS[drawn.shape[1] > HORIZONS], [drawn.shape[1]]])
    at = np.sort(drawn[:, held - 1], axis=0)
    place = SHARES * (at.shape[0] - 1)
    low = place.astype(int)
    high = np.minimum(low + 1, at.shape[0] - 1)
    spread = at[low] + (place - low)[:, None] * (at[high] - at[low])
    return Ahead(held, _thousandths(at.mean(axis=0)), _thousandths(spread.T))


def _thousandths(values: Vector) -> Vector:
    """Rounded so that a text of three decimals says the same number."""
    return np.rint(values * 1000) / 1000


def sampled(drawn: Vector, protections: Vector, *, seed: int) -> Vector:
    """Demand over a random number of days: each path of demand so far is read on a day drawn from `protections`.

    >>> sampled(np.cumsum(np.ones((2, 5)), axis=1), np.array([3, 3]), seed=1).tolist()
    [3.0, 3.0]
    """
    dice = np.random.default_rng(seed)
    picked = np.clip(dice.choice(protections, drawn.shape[0]), 1, drawn.shape[1])
    return drawn[np.arange(drawn.shape[0]), picked.astype(int) - 1]


def even_days(days: Vector, weights: Vector, count: int = ATOMS) -> Vector:
    """So many equally likely whole days of the same distribution, rising.

    >>> even_days(np.array([2, 12]), np.array([0.9, 0.1]), 10).tolist()
    [2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 12.0]
    """
    order = np.argsort(days, kind="stable")
    so_far = np.cumsum(np.asarray(weights, float)[order])
    at = np.searchsorted(so_far, (np.arange(count) + 0.5) / count * so_far[-1])
    return np.rint(np.asarray(days, float)[order][np.minimum(at, order.size - 1)])


def text(known: Ahead) -> str:
    """The demand ahead as a text of its own: horizon, mean and quantiles, three decimals."""
    rows = zip(known.days.tolist(), known.means.tolist(), known.quantiles.tolist(), strict=True)
    return "; ".join(f"{day}: {mean:.3f} | {' '.join(f'{x:.3f}' for x in row)}" for day, mean, row in rows)


def read(said: str) -> Ahead:
    """The demand ahead that a text says.

    >>> known = ahead(np.cumsum(np.arange(28.0).reshape(2, 14), axis=1))
    >>> again = read(text(known))
    >>> bool((again.quantiles == known.quantiles).all() and (again.means == known.means).all())
    True
    """
    rows = [part.partition(":")[::2] for part in said.split(";")]
    cut = [rest.partition("|")[::2] for _, rest in rows]
    return Ahead(
        np.array([int(day) for day, _ in rows]),
        np.array([float(mean) for mean, _ in cut]),
        np.array([[float(x) for x in quantiles.split()] for _, quantiles in cut]),
    )
