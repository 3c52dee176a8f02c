"""Sample paths redrawn from quantiles: many possible futures whose days hang together as they did in the past.

Sums over days (demand over a lead time, orders of a year) need paths: quantiles of single days do not add up.
"""

import os
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

Vector = np.ndarray
SERIES_A_TASK = 64
LONGEST_REST = 0.98  # of a gap between two levels: some way is left to the next quantile, so that none is jumped


def seed_of(seed: int, name: str) -> int:
    """A seed of its own for each name, so that one more series changes no other's paths.

    >>> seed_of(1, "A") != seed_of(1, "B")
    True
    """
    return zlib.crc32(f"{seed}:{name}".encode())


def sample_paths(
    quantiles: Vector, means: Vector, levels: Vector, *, common_share: float, serial: float, seed: int, count: int
) -> Vector:
    """Possible futures of one series, `path × step`.

    Each step is drawn from its own quantiles so that its mean is that of `means` (see `curves` for what happens between two
    quantiles and above the last), and steps hang together through a Gaussian copula: a share of the variance is common to all
    steps of a path (the level was misjudged), the rest is correlated from step to step.

    Args:
        quantiles: step × level, rising.
        means: expected value of each step.
        levels: of the quantiles, rising, within 0–1.
        common_share: 0–1.
        serial: correlation of neighbouring steps beyond that, −1–1.
        seed: the same seed gives the same paths.
        count: number of paths.

    >>> flat = np.full((3, 2), 7.0)
    >>> sample_paths(
    ...     flat, np.full(3, 7.0), np.array([0.1, 0.9]), common_share=0.5, serial=0.2, seed=1, count=2
    ... ).tolist()
    [[7.0, 7.0, 7.0], [7.0, 7.0, 7.0]]
    """
    out = np.empty((count, quantiles.shape[0]))
    draw(quantiles, curves(quantiles, means, levels), levels, (common_share, serial), seed, out)
    return out


def summed_quantiles(
    quantiles: Vector,
    means: Vector,
    levels: Vector,
    wanted: Vector,
    *,
    span: int,
    shapes: Vector,
    seeds: Vector,
    count: int,
) -> Vector:
    """Quantiles of sums over so many steps each, out of sample paths: `series × sum × wanted level`.

    Args:
        quantiles: series × step × level; `means` series × step; both as in `sample_paths`.
        levels: of the quantiles.
        wanted: levels that come back.
        span: steps in a sum; steps that do not fill one are left out.
        shapes: series × 2, common share and serial correlation.
        seeds: of each series.
        count: paths a series.

    >>> flat = np.full((1, 4, 2), 3.0)
    >>> summed_quantiles(
    ...     flat,
    ...     np.full((1, 4), 3.0),
    ...     np.array([0.1, 0.9]),
    ...     np.array([0.5]),
    ...     span=2,
    ...     shapes=np.zeros((1, 2)),
    ...     seeds=np.ones(1, int),
    ...     count=3,
    ... ).tolist()
    [[[6.0], [6.0]]]
    """
    out = np.empty((means.shape[0], means.shape[1] // span, wanted.size))
    tasks = [(first, min(first + SERIES_A_TASK, out.shape[0])) for first in range(0, out.shape[0], SERIES_A_TASK)]
    with ThreadPoolExecutor(os.cpu_count()) as hands:
        work = (quantiles, means, levels, wanted, span, shapes, seeds, count)
        list(hands.map(lambda rows: _sums(*work, rows, out), tasks))
    return out


@njit(nogil=True, cache=True)
def _sums(  # noqa: PLR0917  compiled code is called by place
    quantiles: Vector,
    means: Vector,
    levels: Vector,
    wanted: Vector,
    span: int,
    shapes: Vector,
    seeds: Vector,
    count: int,
    rows: tuple[int, int],
    out: Vector,
) -> None:
    drawn = np.empty((count, means.shape[1]))
    sums = np.empty(count)
    for i in range(rows[0], rows[1]):
        bent = curves(quantiles[i], means[i], levels)
        draw(quantiles[i], bent, levels, (shapes[i, 0], shapes[i, 1]), seeds[i], drawn)
        for s in range(out.shape[1]):
            for p in range(count):
                sums[p] = drawn[p, s * span : (s + 1) * span].sum()
            ordered = np.sort(sums)
            for q in range(wanted.size):
                place = wanted[q] * (count - 1)
                low = int(place)
                high = min(low + 1, count - 1)
                out[i, s, q] = ordered[low] + (place - low) * (ordered[high] - ordered[low])


@njit(nogil=True, cache=True)
def curves(quantiles: Vector, means: Vector, levels: Vector) -> Vector:
    """How each step's distribution runs between its quantiles and above the last, so that its mean is right: `step × 3`.

    - excess: mean of an exponential tail over the last quantile, where straight lines between the quantiles fall short;
    - rest: where straight lines overshoot, the share of each gap between two levels in which the lower quantile still
      holds; demand that comes in lumps stays at nothing for long and then jumps;
    - scale: below 1 where even steps would overshoot, as a mean far below its own quantiles wants it; then all is shrunk.
    """
    out, last = np.empty((means.size, 3)), levels.size - 1
    for h in range(means.size):
        low = quantiles[h, 0] * levels[0] + quantiles[h, last] * (1.0 - levels[last])
        room = 0.0
        for q in range(1, levels.size):
            low += quantiles[h, q - 1] * (levels[q] - levels[q - 1])
            room += (quantiles[h, q] - quantiles[h, q - 1]) * (levels[q] - levels[q - 1])
        straight = low + 0.5 * room
        excess, rest, scale = 0.0, 0.0, 1.0
        if means[h] >= straight:
            excess = (means[h] - straight) / (1.0 - levels[last])
        else:
            rest = min(1.0 - 2.0 * (means[h] - low) / room, LONGEST_REST) if room > 0 else 0.0
            reached = low + 0.5 * (1.0 - rest) * room
            if reached > means[h] + 1e-12 * abs(reached) and reached > 0:
                scale = max(means[h], 0.0) / reached
        out[h, 0], out[h, 1], out[h, 2] = excess, rest, scale
    return out


@njit(nogil=True, cache=True)
def draw(quantiles: Vector, bent: Vector, levels: Vector, shape: tuple[float, float], seed: int, out: Vector) -> None:
    """The compiled heart of `sample_paths`, to be called from compiled code: writes `path × step` to `out`.

    `bent` are the `curves`, `shape` is the common share and the serial correlation.
    """
    np.random.seed(seed)
    common_share, serial = shape
    own, shared, last = np.sqrt(1 - common_share), np.sqrt(common_share), levels.size - 1
    fresh = np.sqrt(1 - serial * serial)
    for p in range(out.shape[0]):
        level, carried = np.random.standard_normal(), np.random.standard_normal()
        for h in range(out.shape[1]):
            if h > 0:
                carried = serial * carried + fresh * np.random.standard_normal()
            u = 0.5 * (1 + _erf((shared * level + own * carried) * 0.7071067811865476))
            if u <= levels[0]:
                drawn = quantiles[h, 0]
            elif u >= levels[last]:
                drawn = quantiles[h, last] - bent[h, 0] * np.log(max((1 - u) / (1 - levels[last]), 1e-12))
            else:
                right = np.searchsorted(levels, u)
                share = (u - levels[right - 1]) / (levels[right] - levels[right - 1])
                risen = max(share - bent[h, 1], 0.0) / (1 - bent[h, 1])
                drawn = quantiles[h, right - 1] + risen * (quantiles[h, right] - quantiles[h, right - 1])
            out[p, h] = drawn * bent[h, 2]


@njit(nogil=True, cache=True)
def _erf(x: float) -> float:
    """The error function to within 1.5e-7 (Abramowitz and Stegun, 7.1.26): no slower than a draw."""
    t = 1.0 / (1.0 + 0.3275911 * abs(x))
    y = ((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t + 0.254829592
    value = 1.0 - y * t * np.exp(-x * x)
    return value if x >= 0 else -value
