"""Random numbers by address: the same seed, purpose and address give the same number, whatever else is drawn, in whatever order."""

import zlib
from functools import cache
from typing import Any

import numpy as np
from scipy.special import ndtri

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB


class Dice:
    """A counter-based generator: a mixing function over (seed, purpose, address), no state.

    A stream that is drawn in sequence would shift whenever one customer orders one line more; then two runs that differ in one
    planted thing would differ in everything. Here each line, shipment and supplier week has its own address and so its own luck.

    >>> Dice(7).uniform("demand", 12, 3) == Dice(7).uniform("demand", 12, 3)
    True
    >>> Dice(7).uniform("demand", 12, np.arange(3)).shape
    (3,)
    """

    def __init__(self, seed: int):
        self.seed = seed

    def bits(self, purpose: str, *address: Any) -> Any:
        """64 mixed bits at an address: whole numbers, or arrays of whole numbers that broadcast together; one number or an array."""
        state: Any = _start(self.seed, purpose)
        for part in address:
            state = _mixed(state, part)
        return state

    def uniform(self, purpose: str, *address: Any) -> Any:
        """Numbers strictly between 0 and 1."""
        bits = self.bits(purpose, *address)
        if isinstance(bits, int):
            return ((bits >> 12) + 0.5) * 2.0**-52
        return ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52

    def normal(self, purpose: str, *address: Any) -> Any:
        """Standard normal numbers, by the inverse of the distribution function."""
        return ndtri(self.uniform(purpose, *address))

    def whole(self, low: int, high: int, purpose: str, *address: Any) -> np.ndarray:
        """Whole numbers from low to high, both included."""
        return np.asarray(low + np.floor(self.uniform(purpose, *address) * (high - low + 1)), dtype=np.int64)

    def poisson(self, mean: np.ndarray, purpose: str, *address: Any) -> np.ndarray:
        """Poisson counts by inversion: a higher mean at the same address never gives a lower count.

        >>> bool(
        ...     (
        ...         Dice(1).poisson(np.full(9, 4.0), "n", np.arange(9))
        ...         >= Dice(1).poisson(np.full(9, 2.0), "n", np.arange(9))
        ...     ).all()
        ... )
        True
        """
        luck = np.asarray(self.uniform(purpose, *address))
        count = np.zeros(luck.shape, dtype=np.int64)
        term = np.exp(-mean)
        waiting = np.flatnonzero((luck > term).ravel())
        luck, term, mean = (
            luck.ravel()[waiting],
            term.ravel()[waiting],
            np.broadcast_to(mean, count.shape).ravel()[waiting],
        )
        reached, step, flat = term.copy(), 0, count.ravel()
        while waiting.size:
            step += 1
            flat[waiting] = step
            term = term * mean / step
            reached = reached + term
            still = (luck > reached) & (step < 10_000)
            waiting, luck, term, mean, reached = waiting[still], luck[still], term[still], mean[still], reached[still]
        return count


@cache
def _start(seed: int, purpose: str) -> int:
    return _mixed(_mixed(0x243F6A8885A308D3, seed), zlib.crc32(purpose.encode()))


def _mixed(state: Any, part: Any) -> Any:
    if isinstance(state, int) and isinstance(part, int | np.integer):
        whole = (state ^ (int(part) * GOLDEN & MASK)) + GOLDEN & MASK
        whole = (whole ^ whole >> 30) * FIRST & MASK
        whole = (whole ^ whole >> 27) * SECOND & MASK
        return whole ^ whole >> 31
    if isinstance(part, int | np.integer):
        spread: Any = np.uint64(int(part) * GOLDEN & MASK)
    else:
        words = np.asarray(part)
        spread = (words if words.dtype == np.uint64 else words.astype(np.int64).view(np.uint64)) * np.uint64(GOLDEN)
    word = (np.asarray(state, dtype=np.uint64) ^ spread) + np.uint64(GOLDEN)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(FIRST)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(SECOND)
    return word ^ (word >> np.uint64(31))
