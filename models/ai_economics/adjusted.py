"""Less noise by what was known before: CUPED and ANCOVA, and cases drawn by lot inside a site's week; nothing seen after the start helps.

A covariate that the assistant itself can move takes part of its effect away, so only figures from before the start are taken.
"""

from dataclasses import dataclass

import numpy as np

from models.ai_economics.estimate import Estimate, by_t


@dataclass(frozen=True)
class Cuped:
    """How far a covariate of correlation ρ brings a mean's noise down.

    Attributes:
        variance_reduction: ρ², the share of variance that goes.
        adjusted_variance: what stays.
        error_before, error_after: standard errors of the mean of n.
        equivalent_count: how many it would take without the covariate to be as sure.
    """

    variance_reduction: float
    adjusted_variance: float
    error_before: float
    error_after: float
    equivalent_count: float


def cuped_gain(*, rho: float, variance: float, count: float) -> Cuped:
    """What CUPED saves: variance × (1 − ρ²).

    Source: Deng, Xu, Kohavi and Walker, Improving the sensitivity of online controlled experiments by utilizing pre-experiment data,
    WSDM 2013, equation 4.

    >>> gain = cuped_gain(rho=0.65, variance=2500, count=50_000)
    >>> round(gain.variance_reduction, 4), round(gain.adjusted_variance, 2), round(gain.error_after, 2)
    (0.4225, 1443.75, 0.17)
    """
    left = variance * (1 - rho**2)
    return Cuped(rho**2, left, (variance / count) ** 0.5, (left / count) ** 0.5, count / (1 - rho**2))


def cuped(after: np.ndarray, earlier: np.ndarray) -> np.ndarray:
    """The outcomes with what their own past foretold taken out: Y − θ(X − X̄), θ = cov(X, Y) ÷ var(X).

    >>> cuped(np.array([3.0, 5.0, 7.0]), np.array([1.0, 2.0, 3.0])).tolist()
    [5.0, 5.0, 5.0]
    """
    spread = float(np.var(earlier, ddof=1))
    theta = float(np.cov(earlier, after)[0, 1]) / spread if spread > 0 else 0.0
    return after - theta * (earlier - earlier.mean())


def ancova(after: np.ndarray, earlier: np.ndarray, is_treated: np.ndarray, *, sure: float = 0.95) -> Estimate:
    """The effect on units drawn by lot: after = a + effect·treated + θ·earlier, by least squares with G − 3 degrees of freedom.

    For units that chose themselves it is biased, because θ differs from 1: use the difference in differences there. Where the units
    did not differ before, there is nothing to adjust for: no ends then.

    Args:
        after, earlier: one mean a unit, of the weeks from the start on and of those before it.

    >>> dice = np.random.default_rng(3)
    >>> earlier, treated = dice.normal(size=40), np.arange(40) % 2 == 0
    >>> one = ancova(0.8 * earlier - 1.0 * treated + 0.1 * dice.normal(size=40), earlier, treated)
    >>> round(one.effect, 1), one.df
    (-1.0, 37)
    """
    columns = np.column_stack([np.ones(len(after)), is_treated, earlier - earlier.mean()])
    treated = int(is_treated.sum())
    comparison, df = len(after) - treated, len(after) - 3
    solved, _, rank, _ = np.linalg.lstsq(columns, after, rcond=None)
    if rank < 3 or df < 1:
        return by_t(float(solved[1]), 0.0, 0, treated, comparison)
    left = after - columns @ solved
    cover = np.linalg.inv(columns.T @ columns)[1, 1]
    return by_t(float(solved[1]), float(np.sqrt(left @ left / df * cover)), df, treated, comparison, sure=sure)


def queue_split(after: np.ndarray, is_assisted: np.ndarray, cell: np.ndarray, *, sure: float = 0.95) -> Estimate:
    """The effect on cases drawn by lot inside a cell (a site's week): the mean of the differences within cells.

    Cells weigh n₁n₀ ÷ (n₁ + n₀), as least squares with one mean a cell does, so a cell with one side only tells nothing. Errors are
    robust to a spread that differs by arm or cell, and what befalls a whole site or week falls out, however long it lasts.

    Args:
        after: one outcome a case.
        cell: whole numbers that name each case's cell.

    >>> one = queue_split(
    ...     np.array([3.0, 5, 4, 6, 13, 15, 12, 16]), np.array([1, 0] * 4) == 1, np.array([0] * 4 + [1] * 4)
    ... )
    >>> one.effect, one.treated, one.comparison
    (-2.5, 4, 4)
    """
    both = np.intersect1d(np.unique(cell[is_assisted]), np.unique(cell[~is_assisted]))
    kept = np.isin(cell, both)
    after, arm, cell = after[kept], is_assisted[kept].astype(float), np.searchsorted(both, cell[kept])
    treated = int(arm.sum())
    if not len(after):
        return by_t(float("nan"), 0.0, 0, 0, 0)
    sizes = np.bincount(cell)
    arm -= (np.bincount(cell, arm) / sizes)[cell]
    left = after - (np.bincount(cell, after) / sizes)[cell]
    spread = float(arm @ arm)
    effect = float(arm @ left) / spread
    df = len(after) - len(both) - 1
    if df < 1:
        return by_t(effect, 0.0, 0, treated, len(after) - treated)
    error = float(np.sqrt(((arm * (left - effect * arm)) ** 2).sum() * len(after) / df)) / spread
    return by_t(effect, error, df, treated, len(after) - treated, sure=sure)
