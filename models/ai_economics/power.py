"""How small an effect a trial can see, how many weeks it takes, and how many people: asked before the trial, not after.

Variances of a difference of two arms are 2σ²/n · f, where the factor f is what the design leaves of a single week's noise.
"""

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtrit
from scipy.stats import nct

from models.ai_economics.staggered import weights

MOST_WEEKS = 104
DESIGNS = ("post", "did", "ancova")


def factor(design: str, *, before: int, after: int, rho: float, serial: float = 0.0) -> float:
    """What a design leaves of one week's variance: "post" (after alone), "did" (after less before) or "ancova" (before as covariate).

    With `serial` 0 these are McKenzie's: post (1 + (r − 1)ρ)/r; did (1 − ρ)(1/m + 1/r); ancova post − mρ²/(1 + (m − 1)ρ).

    Args:
        before, after: weeks m and r.
        rho: share of a site-week's variance that is the site's own and stays (correlation of weeks far apart), 0 up to 1.
        serial: correlation of what is left from one week to the next; neighbouring weeks then tell less than they seem.

    Source: McKenzie, Beyond baseline and follow-up, Journal of Development Economics 99(2), 2012, section 2.

    >>> round(factor("did", before=12, after=12, rho=0.5), 4), round(factor("ancova", before=12, after=12, rho=0.5), 4)
    (0.0833, 0.0801)
    """
    cover = covariance(before + after, rho=rho, serial=serial)
    early, late = cover[:before, :before].mean() if before else 0.0, cover[before:, before:].mean()
    across = cover[:before, before:].mean() if before else 0.0
    if design == "post" or not before:
        return float(late)
    if design == "did":
        return float(early + late - 2 * across)
    if design == "ancova":
        return float(late - across**2 / early)
    raise ValueError(f"{design!r} is none of {', '.join(DESIGNS)}.")


def covariance(weeks: int, *, rho: float, serial: float = 0.0) -> np.ndarray:
    """How the weeks of one unit hang together, as correlations: ρ for good, and what is left fading by `serial` a week.

    >>> covariance(2, rho=0.5, serial=0.5).tolist()
    [[1.0, 0.75], [0.75, 1.0]]
    """
    lags = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    return rho + (1 - rho) * (float(serial) ** lags)


def mde(
    *, units: int, sigma: float, rho: float, before: int = 12, after: int = 12, treated_share: float = 0.5,
    design: str = "did", serial: float = 0.0, alpha: float = 0.05, power: float = 0.8,
) -> float:  # fmt: skip
    """The smallest effect that is found with a chance of `power`, in the unit of sigma; infinite with fewer than three units.

    (t(1 − α/2, df) + t(power, df)) · σ · √(f ÷ (G·P(1 − P))), df = G − 2 (G − 3 for ancova).

    Args:
        units: sites G.
        sigma: standard deviation of one site-week around the week's mean.
        treated_share: P.

    >>> [round(mde(units=g, sigma=0.20, rho=0.5), 3) for g in (6, 8, 12, 16, 25, 40)]
    [0.175, 0.137, 0.104, 0.087, 0.068, 0.053]
    """
    df = units - (3 if design == "ancova" else 2)
    if df < 1 or not 0 < treated_share < 1:
        return math.inf
    left = max(factor(design, before=before, after=after, rho=rho, serial=serial), 0.0)
    spread = sigma * math.sqrt(left / (units * treated_share * (1 - treated_share)))
    return float(stdtrit(df, 1 - alpha / 2) + stdtrit(df, power)) * spread


def mde_of_starts(
    starts: np.ndarray,
    weeks: int,
    *,
    sigma: float,
    rho: float,
    serial: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> float:
    """The smallest effect that a staggered roll-out finds (each start week against those not begun), in the unit of sigma.

    The variance follows from the weights of `staggered.weights`; infinite where no start can be compared with anybody.

    Args:
        starts: first week with AI of each unit, infinity where it never begins.

    >>> one_start = np.array([12.0] * 3 + [np.inf] * 3)
    >>> round(mde_of_starts(one_start, 24, sigma=0.20, rho=0.5), 3)
    0.175
    """
    df = len(starts) - 2
    try:
        how = weights(starts, weeks, base_weeks=12)
    except ValueError:
        return math.inf
    if df < 1:
        return math.inf
    cover = covariance(weeks, rho=rho, serial=serial)
    each = np.einsum("ct,ts,cs->c", how.per_week[0], cover, how.per_week[0])
    counts = np.array([(starts == one).sum() for one in how.cohorts])
    return float(stdtrit(df, 1 - alpha / 2) + stdtrit(df, power)) * sigma * math.sqrt(float(counts @ each))


def mde_of_cases(
    *, cases: float, sigma: float, assisted_share: float = 0.5, alpha: float = 0.05, power: float = 0.8
) -> float:
    """The smallest effect that is found when single cases are drawn by lot, in the unit of sigma, the spread of cases in one cell.

    >>> round(mde_of_cases(cases=1000, sigma=5.0), 3)
    0.887
    """
    if cases < 4 or not 0 < assisted_share < 1:
        return math.inf
    df = cases - 2
    return (
        float(stdtrit(df, 1 - alpha / 2) + stdtrit(df, power))
        * sigma
        / math.sqrt(cases * assisted_share * (1 - assisted_share))
    )


def weeks_needed(
    effect: float, *, units: int, sigma: float, rho: float, before: int = 12, treated_share: float = 0.5,
    design: str = "did", serial: float = 0.0, alpha: float = 0.05, power: float = 0.8,
) -> int | None:  # fmt: skip
    """The weeks after the start that it takes to find an effect of that size; None where two years are not enough.

    >>> weeks_needed(0.20, units=6, sigma=0.20, rho=0.5), weeks_needed(0.05, units=6, sigma=0.20, rho=0.5)
    (8, None)
    """
    for after in range(1, MOST_WEEKS + 1):
        seen = mde(
            units=units, sigma=sigma, rho=rho, before=before, after=after, treated_share=treated_share, design=design,
            serial=serial, alpha=alpha, power=power,
        )  # fmt: skip
        if seen <= abs(effect):
            return after
    return None


def two_sample_power(*, d: float, count: float, alpha: float = 0.05) -> float:
    """The chance that a two-sample t test both ways finds a difference of d standard deviations with `count` in each group.

    >>> round(two_sample_power(d=0.5, count=64), 3)
    0.801
    """
    df, away = 2 * (count - 1), d * math.sqrt(count / 2)
    edge = float(stdtrit(df, 1 - alpha / 2))
    return float(nct.sf(edge, df, away) + nct.cdf(-edge, df, away))


def two_sample_size(*, d: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """How many it takes in each group to find a difference of d standard deviations with that power; round it up.

    Source: Cohen, Statistical power analysis for the behavioral sciences, 2nd edition, 1988, section 2.4; the same as
    statsmodels' TTestIndPower.

    >>> round(two_sample_size(d=0.5), 2)
    63.77
    """
    size = abs(d)
    if not size or not alpha < power < 1:
        raise ValueError("A size can be told for a difference other than nought and a power between alpha and 1.")
    most = 10.0
    while two_sample_power(d=size, count=most, alpha=alpha) < power:
        most *= 2
    return float(brentq(lambda count: two_sample_power(d=size, count=count, alpha=alpha) - power, 2.0, most))
