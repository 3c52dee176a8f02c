"""An effect with how sure it is: the one shape in which every way of measuring answers."""

import math
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

SLACK = 1e-9  # an error that is smaller, relative to the effect, is what adding up left over


@dataclass(frozen=True)
class Estimate:
    """What assisted work differs by from unassisted work, in the unit of the measure, and how sure that is.

    Attributes:
        effect: assisted less unassisted; below nought where the measure fell.
        error: its standard error; None where it cannot be told.
        df: degrees of freedom of Student's t, infinite for the normal.
        low, high: ends of the interval that holds the true effect 19 times in 20; None where no such end can be given.
        p: how often chance alone does as much, both ways; None where it cannot be told.
        treated, comparison: units (or cases) that each side rests on.
    """

    effect: float
    error: float | None
    df: float
    low: float | None
    high: float | None
    p: float | None
    treated: int
    comparison: int


def by_t(effect: float, error: float, df: float, treated: int, comparison: int, *, sure: float = 0.95) -> Estimate:
    """The estimate whose interval and p come from Student's t; without an end and without p where df is below 1.

    Where nothing varied at all the ends are the effect itself, and there is no p.

    >>> one = by_t(2.0, 1.0, 4.0, 3, 3)
    >>> round(one.low, 3), round(one.high, 3), round(one.p, 3)
    (-0.776, 4.776, 0.116)
    """
    if not (df >= 1 and math.isfinite(effect)):
        return Estimate(effect, None, df, None, None, None, treated, comparison)
    if error <= SLACK * max(abs(effect), SLACK):
        return Estimate(effect, 0.0, df, effect, effect, None, treated, comparison)
    wide = float(stdtrit(min(df, 1e9), (1 + sure) / 2)) * error
    p = 2 * float(stdtr(min(df, 1e9), -abs(effect) / error))
    return Estimate(effect, error, df, effect - wide, effect + wide, p, treated, comparison)
