"""What it is worth to pay in stages, with the right to stop, rather than at once; and what knowing more is worth (section 4.7).

Values are net present values of going on, in one currency, as seen at the time of the decision.
"""

from dataclasses import dataclass

import numpy as np

from models.ai_economics.finance import pv
from models.ai_economics.number import Number, need, plain


def perpetuity(amount: Number, rate: Number) -> Number:
    """What an amount each period for ever is worth one period before the first: amount/rate.

    >>> perpetuity(500, 0.10)
    5000.0
    """
    need(np.asarray(rate) > 0, "without interest a perpetuity has no bound")
    return plain(np.asarray(amount, dtype=float) / rate)


@dataclass(frozen=True)
class Stage:
    """A stage and what follows it, all at t = 0.

    Attributes:
        with_option: V0, free to stop after the stage. without_option: going on whatever the stage shows.
        option_value: the first less the second, what the freedom to stop is worth.
        gain: V0 less the better of going on regardless and doing nothing, what the stage is worth to a free decision.
        stop_share: probability of stopping.
    """

    with_option: float
    without_option: float
    option_value: float
    gain: float
    stop_share: float


def staged(
    first_cost: float,
    shares: np.ndarray,
    values: np.ndarray,
    scale_cost: float,
    *,
    rate: float,
    years: float,
    commit_now: float | None = None,
) -> Stage:
    """A stage with an option to stop: V0 = −I0 + (1 + r)^−t1·Σ p_s·max(0, V_s − I1).

    Args:
        first_cost: I0, now. scale_cost: I1, at t1, only when going on.
        shares, values: p_s and V_s, what the stage may show, at t1.
        rate: by year, until t1. years: t1.
        commit_now: net present value of deciding everything today, where it is valued otherwise (at a rate for the whole risk,
            without the stage); else −I0 + (1 + r)^−t1·Σ p_s·(V_s − I1).

    Errors:
        ValueError: shares below nought or not summing to 1.

    Source of the example: Principles of Corporate Finance, 5-6 Decision trees and the option identification.

    >>> found = staged(250, [0.5, 0.5], [perpetuity(500, 0.10), 0], 2000, rate=0.25, years=1, commit_now=-250)
    >>> found.with_option, found.option_value, found.gain, found.stop_share
    (950.0, 1200.0, 950.0, 0.5)
    """
    p, net = np.asarray(shares, dtype=float), np.asarray(values, dtype=float) - scale_cost
    need(bool((p >= 0).all()) and np.isclose(p.sum(), 1), "shares are not below 0 and sum to 1")
    worth = float(pv(rate, float(p @ np.maximum(net, 0)), years)) - first_cost
    regardless = float(pv(rate, float(p @ net), years)) - first_cost if commit_now is None else float(commit_now)
    return Stage(worth, regardless, worth - regardless, worth - max(regardless, 0.0), float(p[net <= 0].sum()))


def unit_normal_loss(distance: Number) -> Number:
    """E[max(0, Z − u)] of a standard normal Z: φ(u) − u·Φ(−u). Tables give 0.1978 at 0.5.

    >>> round(unit_normal_loss(0.5), 4)
    0.1978
    """
    from scipy.special import ndtr

    u = np.asarray(distance, dtype=float)
    return plain(np.maximum(np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi) - u * ndtr(-u), 0.0))


def evpi(mean: Number, sd: Number) -> Number:
    """What it is at most worth to know a value for sure before funding or leaving it, where it is normal: s·L(|m|/s).

    Args:
        mean, sd: of the net present value, in its currency; what is not known (NaN) has no known answer.

    Source: Render, Stair and Hanna, Quantitative Analysis for Management, module 3, Barclay Brothers (its table rounds u to 0.69:
    2,515 dollars).

    >>> round(evpi(6 * (8_000 - 6_000), 6 * 2_885))
    2502
    """
    m, s = np.broadcast_arrays(np.asarray(mean, dtype=float), np.asarray(sd, dtype=float))
    need(~(s < 0), "a spread is not below nought")
    far = np.divide(np.abs(m), s, out=np.full(m.shape, np.inf), where=s > 0)
    found = np.where(s > 0, s * np.asarray(unit_normal_loss(np.where(s > 0, far, 0.0))), 0.0)
    return plain(np.where(np.isnan(m + s), np.nan, found))


def evpi_of(values: np.ndarray, shares: np.ndarray | None = None) -> float:
    """What it is at most worth to know for sure which state comes: Σ p·max over ways − max over ways of Σ p·value.

    Args:
        values: way × state; one row is funding against doing nothing (a row of noughts is then added), such as simulated paths.
        shares: of the states; equal where not given.

    Source of the example: Render, Stair and Hanna, Quantitative Analysis for Management, chapter 3, Thompson Lumber.

    >>> evpi_of([[200_000, -180_000], [100_000, -20_000], [0, 0]], [0.5, 0.5])
    60000.0
    """
    table = np.atleast_2d(np.asarray(values, dtype=float))
    table = np.vstack([table, np.zeros_like(table)]) if len(table) == 1 else table
    p = np.full(table.shape[1], 1 / table.shape[1]) if shares is None else np.asarray(shares, dtype=float)
    need(bool((p >= 0).all()) and np.isclose(p.sum(), 1), "shares are not below 0 and sum to 1")
    return max(float(p @ table.max(axis=0)) - float((table @ p).max()), 0.0)


@dataclass(frozen=True)
class Pilot:
    """What a pilot is worth before it is run.

    Attributes:
        value: of running it and then deciding, at t = 0, after its cost. gain: over the better of deciding now and doing nothing.
        information: what its signal alone is worth (EVSI), before its cost and without the wait.
        continue_share: probability that it ends in going on. moved_by: spread of the estimate after it, as seen before it.
    """

    value: Number
    gain: Number
    information: Number
    continue_share: Number
    moved_by: Number


def pilot(mean: Number, sd: Number, se: Number, *, cost: Number, rate: Number, years: Number) -> Pilot:
    """A pilot before it is run, where the value of going on is normal and the pilot measures it with a standard error.

    Its estimate will move the mean by a normal of spread s̃ = s²/√(s² + se²); going on follows where the moved mean is above
    nought: value = −cost + (1 + r)^−t·[m·Φ(m/s̃) + s̃·φ(m/s̃)].

    Args:
        mean, sd: of the net present value of going on, as believed now.
        se: standard error of the pilot's estimate of it; infinite for a pilot that shows nothing.
        cost: of the pilot, now. rate: by year. years: that it takes.

    Source: Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961, preposterior analysis.

    >>> found = pilot(-100.0, 400.0, 300.0, cost=20.0, rate=0.10, years=0.5)
    >>> round(found.moved_by), round(found.information, 2), round(found.continue_share, 3), round(found.gain, 2)
    (320, 83.84, 0.377, 59.94)
    """
    from scipy.special import ndtr

    m, s, e = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (mean, sd, se)))
    need(~((s < 0) | (e < 0)), "a spread is not below nought")
    both = np.hypot(s, e)
    moved = np.divide(s * s, both, out=np.where(np.isnan(both), np.nan, 0.0), where=(both > 0) & np.isfinite(both))
    unknown = np.where(np.isnan(m + moved), np.nan, 0.0)  # added, so that what is not known has no known answer
    z = np.divide(m, moved, out=np.where(m > 0, np.inf, -np.inf), where=moved > 0) + unknown
    ahead = np.where(moved > 0, moved * np.asarray(unit_normal_loss(np.where(moved > 0, -z, 0.0))), np.maximum(m, 0.0))
    ahead, now = ahead + unknown, np.maximum(m, 0.0)
    worth = np.asarray(pv(rate, plain(ahead), years)) - cost
    return Pilot(plain(worth), plain(worth - now), plain(np.maximum(ahead - now, 0.0)), plain(ndtr(z)), plain(moved))


def pilot_error(
    count: Number,
    *,
    minutes_worth: Number,
    minutes_spread: Number,
    errors_worth: Number = 0.0,
    error_share: Number = 0.0,
) -> Number:
    """The standard error with which a pilot by lot over so many cases, half of them with AI, tells the worth of going on.

    √(4/n · ((V_m·cv)² + V_e²·p·(1 − p))), two arms of n/2 each; infinite without a case.

    Args:
        count: cases of the pilot, n.
        minutes_worth: V_m, what all minutes of all cases to come are worth. minutes_spread: cv, spread of a case's minutes by their mean.
        errors_worth: V_e, what it would cost if every case to come were wrong. error_share: p.

    >>> round(pilot_error(400, minutes_worth=100_000, minutes_spread=0.8))
    8000
    """
    n, p = np.asarray(count, dtype=float), np.asarray(error_share, dtype=float)
    both = np.hypot(np.multiply(minutes_worth, minutes_spread), np.multiply(errors_worth, np.sqrt(p * (1 - p))))
    return plain(both * np.sqrt(np.divide(4.0, n, out=np.full(n.shape, np.inf), where=n > 0)))


def pilot_on_paths(
    values: np.ndarray, noise: np.ndarray, se: float, *, cost: float, rate: float, years: float
) -> Pilot:
    """The same for simulated values that need not be normal: each path's pilot reads value + se·noise, is shrunk, and decides.

    The estimate after the pilot is the straight line m + s²/(s² + se²)·(reading − m), which is exact for a normal value.

    Args:
        values: net present value of going on, one a path.
        noise: standard normal draws, one a path, from whoever holds the seed.

    >>> found = pilot_on_paths(np.array([-100.0, 300.0]), np.zeros(2), 0.0, cost=10.0, rate=0.0, years=1)
    >>> found.value, found.gain, found.continue_share
    (140.0, 40.0, 0.5)
    """
    v = np.asarray(values, dtype=float)
    need(v.shape == np.shape(noise) and v.size > 0, "one draw of noise a path")
    if not np.isfinite(v).all():
        return Pilot(np.nan, np.nan, np.nan, np.nan, np.nan)
    m, var = v.mean(), v.var()
    weight = var / (var + se**2) if var + se**2 > 0 else 0.0
    estimate = m + weight * (v + se * np.asarray(noise) - m) if weight > 0 else np.full(v.shape, m)
    goes_on = estimate > 0
    ahead, now = float(np.where(goes_on, v, 0.0).mean()), max(float(m), 0.0)
    worth = float(pv(rate, ahead, years)) - cost
    return Pilot(worth, worth - now, max(ahead - now, 0.0), float(goes_on.mean()), float(estimate.std()))
