"""How wide: quantiles around the points of a blend, calibrated on what its own rolling origins missed by.

Each series brings its own spread; how far errors reach in units of that spread is read off all series together, because
a handful of origins cannot tell a 95 % quantile alone. That shared curve is the only way in which one series touches
another: points, weights and spreads are each series' own, and adding one series moves the curve by its ranks at most.
Source for the scheme: cross-conformal prediction (Vovk, 2015) with the leaving-out done by origin.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from models.demand import counts
from models.demand.blend import Blend, intermittent
from models.demand.kernels import Vector
from models.quantile_grid import LEVELS

CENTRAL = tuple(round(2 * level - 1, 3) for level in LEVELS if level > 0.5)
BELOW = sum(level < 0.5 for level in LEVELS)
# Chosen on held-out training parts of M3 and M4 weekly, never on a test part. A spread counts PRIOR origins of the series'
# own steps; its history is taken as it was then where origins span fewer than SHORT horizons, half so otherwise; origins
# nearer than a share of the horizon do not judge each other.
PRIOR, SHORT = 1.0, 2.0
THEN_SHORT, THEN_LONG = 1.0, 0.5
APART_SHORT, APART_LONG = 0.5, 0.25
SMALL_COUNT = 10.0
# Errors of a series in units of its spread before any origin has been seen: Student's t with four degrees of freedom.
PRIOR_Z = np.array([0.13, 0.27, 0.41, 0.57, 0.74, 0.94, 1.19, 1.53, 2.13, 2.78])
PRIOR_GROWTH, PRIOR_STRENGTH = 0.6, 30.0


@dataclass(frozen=True)
class Spread:
    """The unit in which errors are measured: of each series at its end, and at each origin without what that origin saw."""

    at_end: np.ndarray
    at_origin: np.ndarray


def quantiles(series: list[np.ndarray], blend: Blend) -> np.ndarray:
    """Quantiles `series × step × level` of `LEVELS`: rising with the level, not below zero where the series never was.

    Counts stay counts: intermittent series get quantiles out of what was really bought, and whole numbers below ten on
    average are rounded. Fewer than four origins know little of the tails; the prior widens them.

    Args:
        series: values of each, as they went into the blend.
        blend: their points, residuals and origins.

    >>> from models.demand.blend import blended
    >>> steady = [np.full(30, 7.0)]
    >>> quantiles(steady, blended(steady, season_length=1, horizon=1)).round(2).tolist()[0][0][::6]
    [7.0, 7.0, 7.0]
    """
    count, horizon = blend.points.shape
    out = np.empty((count, horizon, len(LEVELS)))
    if not count:
        return out
    is_count = intermittent(series) & np.array([one.min() >= 0 for one in series])
    smooth = np.flatnonzero(~is_count)
    if smooth.size:
        out[smooth] = _around(*_some(series, blend, smooth))
    lumpy = np.flatnonzero(is_count)
    if lumpy.size:
        out[lumpy] = counts.quantiles(*_some(series, blend, lumpy), LEVELS)
    never_below = np.array([one.min() >= 0 for one in series])
    np.maximum(out, 0.0, out=out, where=never_below[:, None, None])
    small = np.array([abs(one.mean()) < SMALL_COUNT and bool((one == np.round(one)).all()) for one in series])
    np.rint(out, out=out, where=small[:, None, None])
    return out


def _some(series: list[np.ndarray], blend: Blend, rows: np.ndarray) -> tuple[list[np.ndarray], Blend]:
    part = Blend(blend.points[rows], blend.weights[rows], blend.residuals[rows], blend.origins[rows])
    return [series[row] for row in rows], part


def _around(series: list[np.ndarray], blend: Blend) -> np.ndarray:
    """Symmetric quantiles of continuous series."""
    growth = np.sqrt(_growth(series, blend))
    unit = spread(series, blend, growth)
    with np.errstate(all="ignore"):
        z = np.abs(blend.residuals) / (unit.at_origin[:, :, None] * growth)
    reach = _reach(np.where(np.isfinite(z), z, np.nan))
    half = unit.at_end[:, None, None] * growth[:, None] * reach
    below = blend.points[:, :, None] - half[:, :, BELOW - 1 :: -1]
    return np.concatenate([below, blend.points[:, :, None], blend.points[:, :, None] + half], axis=2)


def spread(series: list[np.ndarray], blend: Blend, growth: np.ndarray) -> Spread:
    """The spread of each series at its end, and at each origin from the other origins that do not overlap it.

    It is the root of a mean of squared errors, each over how errors grow with the horizon; the series' own steps count as
    much as PRIOR origins.
    """
    horizon = blend.points.shape[1]
    steps_then, steps_now = _steps(series, blend.origins), np.array([_squared_step(one) for one in series])
    known = ~np.isnan(blend.residuals)
    held = known.sum(axis=2)
    own = (np.where(known, blend.residuals, 0.0) ** 2 / growth**2).sum(axis=2) / np.maximum(held, 1)
    last, first = blend.origins.max(axis=1), np.where(held > 0, blend.origins, blend.origins.max()).min(axis=1)
    span = np.where((held > 0).any(axis=1), (last - first) / horizon + 1, 0.0)
    is_short = span < SHORT
    then = np.where(is_short, THEN_SHORT, THEN_LONG)[:, None]
    base = steps_then**then * steps_now[:, None] ** (1 - then)
    usable = (held > 0) & (base > 0)
    relative = np.where(usable, own / np.where(base > 0, base, 1.0), 0.0)
    apart = np.where(is_short, APART_SHORT, APART_LONG)[:, None] * horizon

    def unit(which: np.ndarray, scale: np.ndarray) -> np.ndarray:
        number = which.sum(axis=1)
        far = np.where(which, blend.origins, -1).max(axis=1) - np.where(which, blend.origins, 1 << 60).min(axis=1)
        worth = np.minimum(number, np.where(number > 0, far / horizon + 1, 0.0))
        mean = np.where(which, relative, 0.0).sum(axis=1) / np.maximum(number, 1)
        return np.sqrt((worth * mean + PRIOR) / (worth + PRIOR) * scale)

    at_origin = np.empty_like(base)
    for k in range(base.shape[1]):
        far_enough = np.abs(blend.origins - blend.origins[:, [k]]) >= apart
        at_origin[:, k] = unit(usable & far_enough, base[:, k])
    return Spread(unit(usable, steps_now), at_origin)


def _squared_step(values: np.ndarray) -> float:
    """Mean square of the steps from one value to the next; a single value is a step from nothing."""
    return float(np.mean(np.diff(values) ** 2)) if values.size > 1 else float(values[0] ** 2)


def _steps(series: list[np.ndarray], origins: np.ndarray) -> np.ndarray:
    """The same at each origin, from what was known then."""
    out = np.zeros(origins.shape)
    for row, one in enumerate(series):
        _steps_until(one, origins[row], out[row])
    return out


@njit(nogil=True, cache=True)
def _steps_until(y: Vector, origins: Vector, out: Vector) -> None:
    for k in range(origins.size):
        total = 0.0
        for t in range(1, origins[k]):
            total += (y[t] - y[t - 1]) ** 2
        out[k] = total / max(origins[k] - 1, 1)


def _growth(series: list[np.ndarray], blend: Blend) -> np.ndarray:
    """How squared errors grow with the horizon, over the squared steps of a series: one smooth curve for all series."""
    steps = _steps(series, blend.origins)
    with np.errstate(all="ignore"):
        ratio = blend.residuals**2 / np.where(steps > 0, steps, np.nan)[:, :, None]
    flat = ratio.reshape(-1, ratio.shape[2])
    number = (~np.isnan(flat)).sum(axis=0)
    middle = np.array([np.nanmedian(column) if n else np.nan for column, n in zip(flat.T, number, strict=True)])
    # The median of a squared normal deviate is .455 of its mean.
    said = np.log(np.maximum(np.where(number > 0, middle, 0.455) / 0.455, 1e-9))
    return np.exp(_curve(said, number, np.array([0.0, PRIOR_GROWTH, 0.0])))


def _reach(z: np.ndarray) -> np.ndarray:
    """How many spreads the error stays within, by step and central share: `step × share`, rising with both."""
    horizon = z.shape[2]
    flat = z.reshape(-1, horizon)
    out = np.empty((horizon, len(CENTRAL)))
    number = (~np.isnan(flat)).sum(axis=0)
    each, whole = np.array([_quantiles(column) for column in flat.T]), _quantiles(flat.ravel())
    for place in range(len(CENTRAL)):
        out[:, place] = np.exp(_curve(np.log(each[:, place]), number, np.array([np.log(whole[place]), 0.0, 0.0])))
    return np.maximum.accumulate(out, axis=1)


def _quantiles(values: np.ndarray) -> np.ndarray:
    """The conformal quantiles of what is known, beside the prior's few values, so that one origin is not taken for all."""
    pooled = np.concatenate([values[~np.isnan(values)], PRIOR_Z])
    return np.maximum(np.quantile(pooled, np.minimum(np.array(CENTRAL) * (1 + 1 / pooled.size), 1.0)), 1e-9)


def _curve(said: np.ndarray, number: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """A parabola in the log of the step through `said`, drawn towards the prior where there is little to go by."""
    steps = np.log(np.arange(1, said.size + 1))
    design = np.stack([np.ones_like(steps), steps, steps**2], axis=1)
    weight = number / max(number.mean(), 1) * min(number.mean(), 1e4)
    penalty = np.diag([1.0, 1.0, 30.0]) * PRIOR_STRENGTH
    normal = design.T @ (design * weight[:, None]) + penalty
    return design @ np.linalg.solve(normal, design.T @ (weight * said) + penalty @ prior)
