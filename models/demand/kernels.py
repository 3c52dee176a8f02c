"""The pool: each way of forecasting one series, compiled; a grid of parameters is tried at once, in the lanes of the processor.

Every function reads one series `y` (float64, oldest first, no gaps) and writes `out` (one value a step ahead). Parameters are
the ones with the least squared one-step error over that very series, so a prefix of a series is forecast without any
knowledge of what came after it.
"""

import numpy as np
from numba import njit

Vector = np.ndarray

# How fast a level, a trend, a season may follow, and how much of a trend is left after a step.
LEVEL = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
_DAMPED = [
    (a, a * b, phi) for a in (0.1, 0.2, 0.35, 0.5, 0.7, 0.9) for b in (0.02, 0.1, 0.25, 0.5) for phi in (0.8, 0.9, 0.96)
]
DAMPED_LEVEL = np.array([a for a, _, _ in _DAMPED])
DAMPED_TREND = np.array([b for _, b, _ in _DAMPED])
DAMPED_PHI = np.array([phi for _, _, phi in _DAMPED])
_SEASONAL = [(a, g) for a in (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9) for g in (0.0, 0.02, 0.06, 0.12, 0.25, 0.5)]
SEASONAL_LEVEL = np.array([a for a, _ in _SEASONAL])
SEASONAL_GAMMA = np.array([g for _, g in _SEASONAL])
RATES = np.array([0.03, 0.06, 0.1, 0.15, 0.22, 0.3])


@njit(nogil=True, cache=True)
def seasonal_naive(y: Vector, m: int, out: Vector) -> None:
    """The value of one season before."""
    n = y.size
    for h in range(out.size):
        out[h] = y[n - m + h % m] if n >= m else y[n - 1]


@njit(nogil=True, cache=True)
def seasonal_mean(y: Vector, m: int, seasons: int, out: Vector) -> None:
    """The mean of the same place in the last few seasons."""
    n = y.size
    for h in range(out.size):
        total, count = 0.0, 0
        for k in range(1, seasons + 1):
            place = n - k * m + h % m
            if place >= 0:
                total += y[place]
                count += 1
        out[h] = total / count if count else y[n - 1]


@njit(nogil=True, cache=True)
def window_mean(y: Vector, window: int, out: Vector) -> None:
    """The mean of the last so many values."""
    n = y.size
    k = min(window, n)
    out[:] = y[n - k :].mean()


@njit(nogil=True, cache=True)
def _smoothed(y: Vector) -> tuple[float, float]:
    """Level and rate of simple exponential smoothing with the best rate of the grid."""
    n, k = y.size, LEVEL.size
    first = y[: min(n, 4)].mean()
    level, loss = np.full(k, first), np.zeros(k)
    for t in range(n):
        for p in range(k):
            error = y[t] - level[p]
            loss[p] += error * error
            level[p] += LEVEL[p] * error
    best = np.argmin(loss)
    return level[best], LEVEL[best]


@njit(nogil=True, cache=True)
def smoothing(y: Vector, out: Vector) -> None:
    """Simple exponential smoothing (Brown, 1956)."""
    out[:] = _smoothed(y)[0]


@njit(nogil=True, cache=True)
def theta(y: Vector, kept: float, out: Vector) -> None:
    """Theta as simple smoothing with half the drift of the straight line (Assimakopoulos and Nikolopoulos, 2000).

    `kept` is the share of the drift that is left after a step: 1 for a line without end, below 1 for one that levels off.
    """
    n = y.size
    level, rate = _smoothed(y)
    middle, mean = (n - 1) / 2.0, y.mean()
    above, below = 0.0, 0.0
    for t in range(n):
        above += (t - middle) * (y[t] - mean)
        below += (t - middle) * (t - middle)
    drift = 0.5 * above / below if below > 0 else 0.0
    left = (1.0 - (1.0 - rate) ** n) / rate
    ahead, share = left, 1.0
    for h in range(out.size):
        out[h] = level + drift * ahead
        share *= kept
        ahead += share


@njit(nogil=True, cache=True)
def damped_trend(y: Vector, kept: float, out: Vector) -> None:
    """Exponential smoothing with a damped trend (Gardner and McKenzie, 1985); ahead, a step keeps `kept` of the trend at most."""
    n, k = y.size, DAMPED_LEVEL.size
    few = min(n - 1, 5)
    slope = (y[few] - y[0]) / few if few > 0 else 0.0
    level, trend, loss = np.full(k, y[0] - slope), np.full(k, slope), np.zeros(k)
    for t in range(n):
        for p in range(k):
            carried = DAMPED_PHI[p] * trend[p]
            error = y[t] - level[p] - carried
            loss[p] += error * error
            level[p] += carried + DAMPED_LEVEL[p] * error
            trend[p] = carried + DAMPED_TREND[p] * error
    best = np.argmin(loss)
    step, left = 0.0, 1.0
    for h in range(out.size):
        left *= min(DAMPED_PHI[best], kept)
        step += left
        out[h] = level[best] + step * trend[best]


@njit(nogil=True, cache=True)
def _line(y: Vector, m: int) -> tuple[float, float]:
    """Level at the first value and slope of the first two seasons, so that no slope within a season is taken for a season."""
    known = min(y.size, 2 * m)
    slope = 0.0
    for t in range(m, known):
        slope += (y[t] - y[t - m]) / m
    slope /= max(known - m, 1)
    whole = (known // m) * m
    mean = y[:whole].mean()
    if y.min() > 0:  # the line of what is never nought stays well above it
        steepest = 1.6 * mean / (whole - 1)
        slope = min(max(slope, -steepest), steepest)
    return mean - slope * (whole - 1) / 2, slope


@njit(nogil=True, cache=True)
def seasonal_smoothing(y: Vector, m: int, is_multiplicative: bool, out: Vector) -> None:
    """A level and a season that both evolve (Holt and Winters without trend); more than one season is needed."""
    n, k = y.size, SEASONAL_LEVEL.size
    early = min(n // m, 2)
    start, slope = _line(y, m)
    level, loss, season = np.full(k, start), np.zeros(k), np.zeros((m, k))
    for s in range(m):
        total = 0.0
        for c in range(early):
            line = start + slope * (c * m + s)
            total += y[c * m + s] / max(line, 0.1 * start, 1e-9) if is_multiplicative else y[c * m + s] - line
        season[s, :] = total / early
    for t in range(n):
        s = t % m
        for p in range(k):
            had = season[s, p]
            if is_multiplicative:
                error = y[t] - level[p] * had
                loss[p] += error * error
                new = level[p] + SEASONAL_LEVEL[p] * error / max(had, 1e-9)
                season[s, p] = had + SEASONAL_GAMMA[p] * (1 - SEASONAL_LEVEL[p]) * error / max(level[p], 1e-9)
                level[p] = max(new, 1e-9)
            else:
                error = y[t] - level[p] - had
                loss[p] += error * error
                level[p] += SEASONAL_LEVEL[p] * error
                season[s, p] = had + SEASONAL_GAMMA[p] * (1 - SEASONAL_LEVEL[p]) * error
    best = np.argmin(loss)
    for h in range(out.size):
        had = season[(n + h) % m, best]
        out[h] = level[best] * had if is_multiplicative else level[best] + had


@njit(nogil=True, cache=True)
def syntetos_boylan(y: Vector, out: Vector) -> None:
    """Size over interval of demand, less its bias (Syntetos and Boylan, 2005)."""
    n, k = y.size, RATES.size
    size, gap, loss = np.full(k, -1.0), np.full(k, 1.0), np.zeros(k)
    since = 1
    for t in range(n):
        for p in range(k):
            if size[p] >= 0:
                error = y[t] - (1 - RATES[p] / 2) * size[p] / gap[p]
                loss[p] += error * error
        if y[t] != 0:
            for p in range(k):
                if size[p] < 0:
                    size[p], gap[p] = y[t], since
                else:
                    size[p] += RATES[p] * (y[t] - size[p])
                    gap[p] += RATES[p] * (since - gap[p])
            since = 1
        else:
            since += 1
    best = np.argmin(loss)
    out[:] = (1 - RATES[best] / 2) * size[best] / gap[best] if size[best] >= 0 else 0.0


@njit(nogil=True, cache=True)
def teunter(y: Vector, out: Vector) -> None:
    """Size times probability of demand, so that a dying item dies (Teunter, Syntetos and Babai, 2011)."""
    n, k = y.size, RATES.size
    few = min(n, 12)
    chance = 0.0
    for t in range(few):
        chance += y[t] != 0
    size, often = np.full((k, k), -1.0), np.full(k, chance / few)
    loss = np.zeros((k, k))
    for t in range(n):
        for p in range(k):
            for q in range(k):
                if size[p, q] >= 0:
                    error = y[t] - often[p] * size[p, q]
                    loss[p, q] += error * error
                if y[t] != 0:
                    size[p, q] = y[t] if size[p, q] < 0 else size[p, q] + RATES[q] * (y[t] - size[p, q])
        for p in range(k):
            often[p] += RATES[p] * ((1.0 if y[t] != 0 else 0.0) - often[p])
    best = np.argmin(loss)
    row, column = best // k, best % k
    out[:] = often[row] * size[row, column] if size[row, column] >= 0 else 0.0


@njit(nogil=True, cache=True)
def aggregated(y: Vector, is_one_level: bool, out: Vector) -> None:
    """Smoothing over buckets of time: of the mean interval (ADIDA, 2011), or the mean over all up to it (IMAPA, 2015)."""
    n = y.size
    demands = 0
    for t in range(n):
        demands += y[t] != 0
    widest = 1 if demands == 0 else min(max(int(np.round(n / demands)), 1), max(n // 4, 1))
    total = 0.0
    first = widest if is_one_level else 1
    for width in range(first, widest + 1):
        count = n // width
        buckets = np.zeros(count)
        for b in range(count):
            start = n - (count - b) * width
            for t in range(start, start + width):
                buckets[b] += y[t]
        total += _smoothed(buckets)[0] / width
    out[:] = total / (widest - first + 1)


@njit(nogil=True, cache=True)
def is_seasonal(y: Vector, m: int) -> bool:
    """Whether the autocorrelation at the season's lag is beyond chance (the 90 % test of the M4 competition)."""
    n = y.size
    if m < 2 or n < 2 * m + 2:
        return False
    mean = y.mean()
    power = 0.0
    for t in range(n):
        power += (y[t] - mean) ** 2
    if power <= 0:
        return False
    squares, last = 0.0, 0.0
    for lag in range(1, m + 1):
        cross = 0.0
        for t in range(lag, n):
            cross += (y[t] - mean) * (y[t - lag] - mean)
        last = cross / power
        if lag < m:
            squares += last * last
    return abs(last) > 1.645 * np.sqrt((1 + 2 * squares) / n)


@njit(nogil=True, cache=True)
def indices(y: Vector, m: int, is_multiplicative: bool, season: Vector) -> None:
    """The seasonal indices of the classical decomposition, written to `season` (place 0 is the first value's)."""
    n = y.size
    sums, counts = np.zeros(m), np.zeros(m)
    half = m // 2
    for t in range(half, n - half):
        centre = 0.0
        if m % 2:
            for k in range(-half, half + 1):
                centre += y[t + k]
        else:
            centre = 0.5 * (y[t - half] + y[t + half])
            for k in range(-half + 1, half):
                centre += y[t + k]
        centre /= m
        if is_multiplicative:
            if centre > 0:
                sums[t % m] += y[t] / centre
                counts[t % m] += 1
        else:
            sums[t % m] += y[t] - centre
            counts[t % m] += 1
    neutral = 1.0 if is_multiplicative else 0.0
    for s in range(m):
        season[s] = sums[s] / counts[s] if counts[s] else neutral
    middle = season.mean()
    for s in range(m):
        season[s] = (
            season[s] / middle if is_multiplicative and middle > 0 else season[s] - (0 if is_multiplicative else middle)
        )
        if is_multiplicative and season[s] < 0.01:
            season[s] = 0.01
