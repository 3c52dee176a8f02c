"""Which assumption moves the answer most: swings one at a time, shares of the spread, and the value at which the answer turns."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from models.ai_economics.draws import Spread, mean, quantiles

LEVELS = np.array([0.1, 0.9])
SHAPE = {
    "assumption_name": pl.String,
    "low_number": pl.Float64,
    "high_number": pl.Float64,
    "worth_at_low_amount": pl.Float64,
    "worth_at_high_amount": pl.Float64,
    "swing_amount": pl.Float64,
    "spread_share": pl.Float64,
    "turning_number": pl.Float64,
}


def tornado(
    spreads: Mapping[str, Spread],
    worth_at: Callable[[Mapping[str, float]], float],
    drawn: Mapping[str, np.ndarray],
    worth: np.ndarray,
    *,
    names: Sequence[str],
) -> pl.DataFrame:
    """One row an assumption, the largest swing first; none where the worth is not known, such as of what has no price.

    Args:
        spreads: what is known of each.
        worth_at: the worth with some numbers held at a value and the rest at their mean.
        drawn: the draws, name → (paths × 1), and `worth` on the same paths.
        names: the assumptions to be tried.

    `spread_share` is the squared rank correlation of an assumption with the worth, as a share of all: what drives the spread.
    `turning_number` is where the worth is nought on a straight line between both ends; none where it does not turn there.
    """
    ranked = _ranks(worth)
    rows = []
    if not np.isfinite(worth).all():
        names = ()
    for name in names:
        low, high = quantiles(spreads[name], LEVELS)
        if high - low <= 1e-12:
            continue
        at_low, at_high = worth_at({name: float(low)}), worth_at({name: float(high)})
        told = drawn[name][:, 0] if name in drawn else np.full(len(worth), mean(spreads[name]))
        how = float(np.corrcoef(_ranks(told), ranked)[0, 1]) if np.ptp(told) > 0 and np.ptp(worth) > 0 else 0.0
        rows.append(
            (
                name,
                float(low),
                float(high),
                at_low,
                at_high,
                abs(at_high - at_low),
                how**2,
                _turns(low, high, at_low, at_high),
            )
        )
    found = pl.DataFrame(rows, schema=SHAPE, orient="row")
    whole = found["spread_share"].sum() or 1.0
    return found.with_columns(pl.col("spread_share") / whole).sort(
        "swing_amount", "assumption_name", descending=[True, False]
    )


def _turns(low: float, high: float, at_low: float, at_high: float) -> float | None:
    if at_low * at_high >= 0 or at_low == at_high:
        return None
    return float(low + (high - low) * at_low / (at_low - at_high))


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)
