"""Daily demand of very many products, made up from a seed: a week, promotions, drift, and 36 % days without any."""

from collections.abc import Iterator

import numpy as np

WEEK, SEED, AT_ONCE = 7, 20240101, 2000
CHANCE = 0.20  # of a day on which an intermittent series sells


def chunks(series: int, days: int) -> Iterator[np.ndarray]:
    """The panel, a few thousand series at a time; a series is the same one however many are asked for."""
    for first in range(0, series, AT_ONCE):
        yield chunk(first, days)[: series - first]


def chunk(first: int, days: int) -> np.ndarray:
    """Demand of AT_ONCE series, whole units: 30 % smooth, 25 % erratic, 30 % intermittent, 15 % lumpy."""
    rng = np.random.default_rng((SEED, first))
    kind = np.searchsorted([0.30, 0.55, 0.85], rng.random((AT_ONCE, 1)), side="right")
    is_rare, is_wild = kind >= 2, kind % 2 == 1
    level = np.exp(rng.normal(0.0, 0.8, (AT_ONCE, 1)) + np.where(is_rare, 1.4, 3.0))
    drift = rng.normal(0.0, 0.15, (AT_ONCE, 1)) * np.linspace(-1.0, 1.0, days)
    week = np.exp(rng.normal(0.0, 0.35, (AT_ONCE, WEEK)))
    week /= week.mean(axis=1, keepdims=True)
    promoted = np.repeat(rng.random((AT_ONCE, days // WEEK + 1)) < 0.06, WEEK, axis=1)[:, :days]
    usual = np.exp(drift) * np.tile(week, days // WEEK + 1)[:, :days]
    usual *= np.where(promoted, rng.uniform(1.3, 2.5, (AT_ONCE, 1)), 1.0)
    noise = np.where(is_wild, 0.85, 0.3)
    size = level * np.exp(noise * rng.standard_normal((AT_ONCE, days)) - noise**2 / 2)
    asked = rng.random((AT_ONCE, days)) < np.where(is_rare, CHANCE * usual, 1.0)
    return np.where(is_rare, asked * np.maximum(np.rint(size), 1.0), np.rint(size * usual))
