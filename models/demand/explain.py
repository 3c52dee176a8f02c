"""One series taken apart for people, and our forecast checked against one that others wrote."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.demand.history import WEEK

LEAST_WEEKS = 8
DAYS = 28


@dataclass(frozen=True)
class Explanation:
    """A series as trend, week and rest, and what statsmodels' exponential smoothing would say.

    Attributes:
        parts: `day_no`, `trend_qty`, `season_qty`, `rest_qty`: they add up to the series.
        season_share, trend_share: how strong week and trend are, 0–1 (Hyndman and Athanasopoulos, Forecasting, 3rd ed., ch. 4.3).
        ets_qty: expected demand of the next 28 days by ETS with additive errors, damped trend and weekly season.
    """

    parts: pl.DataFrame
    season_share: float
    trend_share: float
    ets_qty: float


def explained(y: np.ndarray) -> Explanation | None:
    """The series taken apart by seasonal-trend decomposition with loess (STL; Cleveland et al., 1990), robust to outliers.

    None for fewer than eight weeks: there is not enough to tell a week from chance. Not for forecasting; it looks both ways.

    Args:
        y: demand by day, oldest first, no gaps.

    >>> told = explained(np.tile([5.0, 5, 5, 5, 5, 0, 0], 12))
    >>> told.season_share > 0.9, round(told.ets_qty)
    (True, 100)
    """
    if y.size < LEAST_WEEKS * WEEK:
        return None
    from statsmodels.tsa.holtwinters import ExponentialSmoothing
    from statsmodels.tsa.seasonal import STL

    found = STL(y, period=WEEK, robust=True).fit()
    rest, season, trend = (np.asarray(part) for part in (found.resid, found.seasonal, found.trend))
    parts = pl.DataFrame(
        {"day_no": np.arange(y.size), "trend_qty": trend, "season_qty": season, "rest_qty": y - trend - season}
    )
    fitted = ExponentialSmoothing(
        y, trend="add", damped_trend=True, seasonal="add", seasonal_periods=WEEK, initialization_method="estimated"
    ).fit()
    ahead = np.maximum(np.asarray(fitted.forecast(DAYS)), 0.0)
    return Explanation(parts, _strength(rest, season), _strength(rest, trend), float(ahead.sum()))


def _strength(rest: np.ndarray, part: np.ndarray) -> float:
    both = float(np.var(rest + part))
    return float(np.clip(1 - np.var(rest) / both, 0.0, 1.0)) if both > 0 else 0.0
