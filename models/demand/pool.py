"""All methods of the pool on all series at once, at the end of each series and at earlier origins that nothing later can reach."""

import numpy as np
from numba import njit

from models.demand import kernels
from models.demand.kernels import Vector

METHODS = (
    "seasonal naive",
    "seasonal mean",
    "window mean",
    "smoothing",
    "damped trend",
    "theta",
    "seasonal smoothing",
    "seasonal smoothing, multiplicative",
    "SBA",
    "TSB",
    "ADIDA",
    "IMAPA",
)


@njit(nogil=True, cache=True)
def _one(y: Vector, m: int, kept: float, out: Vector) -> None:
    """Every method on one series; a method that cannot be used there leaves nan."""
    n, is_positive = y.size, y.min() > 0
    out[:, :] = np.nan
    season = np.ones(m) if is_positive else np.zeros(m)
    if kernels.is_seasonal(y, m):
        kernels.indices(y, m, is_positive, season)
    adjusted = np.empty(n)
    for t in range(n):
        adjusted[t] = y[t] / season[t % m] if is_positive else y[t] - season[t % m]
    kernels.seasonal_naive(y, m, out[0])
    if m > 1 and n >= 2 * m:
        kernels.seasonal_mean(y, m, 4, out[1])
    kernels.window_mean(y, max(m, 4) if m < 14 else m, out[2])
    kernels.smoothing(adjusted, out[3])
    if n >= 4:
        kernels.damped_trend(adjusted, kept, out[4])
        kernels.theta(adjusted, kept, out[5])
    for method in range(3, 6):
        for h in range(out.shape[1]):
            out[method, h] = (
                out[method, h] * season[(n + h) % m] if is_positive else out[method, h] + season[(n + h) % m]
            )
    if m > 1 and n > m:
        kernels.seasonal_smoothing(y, m, False, out[6])
        if is_positive:
            kernels.seasonal_smoothing(y, m, True, out[7])
    if y.min() >= 0 and not is_positive:
        kernels.syntetos_boylan(y, out[8])
        kernels.teunter(y, out[9])
        kernels.aggregated(y, True, out[10])
        kernels.aggregated(y, False, out[11])


@njit(nogil=True, cache=True)
def _some(values: Vector, starts: Vector, origins: Vector, m: int, kept: float, out: Vector) -> None:
    for i in range(values.shape[0]):
        for k in range(origins.shape[1]):
            if origins[i, k] > starts[i]:
                _one(values[i, starts[i] : origins[i, k]], m, kept, out[i, k])


@njit(nogil=True, cache=True)
def _naive(values: Vector, starts: Vector, origins: Vector, m: int, out: Vector) -> None:
    for i in range(values.shape[0]):
        for k in range(origins.shape[1]):
            if origins[i, k] > starts[i]:
                kernels.seasonal_naive(values[i, starts[i] : origins[i, k]], m, out[i, k, 0])


def forecasts(
    values: np.ndarray,
    starts: np.ndarray,
    origins: np.ndarray,
    m: int,
    horizon: int,
    *,
    trend_kept: float = 1.0,
    is_naive: bool = False,
) -> np.ndarray:
    """Point forecasts `series × origin × method × step`; nan where a method cannot be used or an origin is not there.

    It runs in one thread and lets others run beside it.

    Args:
        values: series × time, float64; row i is used from `starts[i]` on.
        origins: series × origin: how many columns are known at that origin; 0 for none.
        m: season length, 1 for none.
        horizon: steps ahead.
        trend_kept: share of theta's drift that is left after a step.
        is_naive: whether seasonal naive alone is asked.
    """
    out = np.full((values.shape[0], origins.shape[1], len(METHODS), horizon), np.nan)
    if is_naive:
        _naive(values, starts, origins, m, out)
    else:
        _some(values, starts, origins, m, trend_kept, out)
    return out
