"""What moves the answer most: swings one at a time, shares of the spread, and the value at which the answer turns.

It is tried with all that varies in the plan: assumptions, the forecast of orders, what was measured, unannounced prices.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from models.ai_economics.draws import Spread, quantiles
from models.ai_economics.world import World

LEVELS = np.array([0.1, 0.9])
SHAPE = {
    "assumption_name": pl.String,
    "input_kind_name": pl.String,
    "low_number": pl.Float64,
    "high_number": pl.Float64,
    "worth_at_low_amount": pl.Float64,
    "worth_at_high_amount": pl.Float64,
    "swing_amount": pl.Float64,
    "spread_share": pl.Float64,
    "turning_number": pl.Float64,
}
ASSUMED, DEFINED, MEASURED, FORECAST = ("assumption", "use case", "measured", "forecast")
FORECAST_OF, JUMPS = "forecast_of_", "unannounced_price_changes"
SEEN = {
    "minutes_saved": "minutes saved in a case",
    "review_minutes_change": "review minutes that a case takes more",
    "rework_minutes_change": "rework minutes that a case takes more",
    "error_share_change": "change of the share of errors",
    "commitment_share_change": "change of the share of wrong commitments",
    "worked_per_unit": "cases with AI for each unit of the driver",
    "cost_per_case": "what the calls of a case cost",
    "decision_value": "what decisions brought a month",
}


def varying(world: World) -> dict[str, np.ndarray]:
    """What varies in a world besides its assumed numbers, name → its level on each path: the mean over the months of the plan.

    `forecast_of_orders` and the like are units a month, `UC3.minutes_saved` and the like what was measured, `unannounced_price_changes`
    the factor on today's prices.
    """
    found = {FORECAST_OF + name: units for name, units in world.drivers.items()}
    found |= {f"{case}.{name}": drawn for case, effects in world.measured.items() for name, drawn in effects.items()}
    found[JUMPS] = world.jumps
    levels = {name: np.asarray(drawn, dtype=float).mean(axis=1) for name, drawn in found.items()}
    return {name: level for name, level in levels.items() if level.size > 1 and np.ptp(level) > 0}


def holding(world: World, held: Mapping[str, float]) -> World:
    """The world with each of these at a level: a forecast scaled to it in all its months, prices changed by it, a number held at it.

    What disruption does follows the forecasts of exceptions and order lines.
    """
    plain = {name: level for name, level in held.items() if name != JUMPS and not name.startswith(FORECAST_OF)}
    found = world.holding(plain)
    for name, level in held.items():
        if name == JUMPS:
            found = replace(found, jumps=np.full((1, world.months), float(level)))
        elif name.startswith(FORECAST_OF):
            driver = name.removeprefix(FORECAST_OF)
            usual = float(world.drivers[driver].mean())
            factor = level / usual if usual > 0 else 1.0
            found = replace(found, drivers={**found.drivers, driver: found.drivers[driver] * factor})
            times = {"exceptions": factor, "order_lines": 1 / max(factor, 1e-9)}.get(driver, 1.0)
            found = replace(found, disruption=np.clip((1 + found.disruption) * times - 1, -0.9, 3.0))
    return found


def tornado(
    spreads: Mapping[str, Spread],
    worth_at: Callable[[Mapping[str, float]], float],
    drawn: Mapping[str, np.ndarray],
    worth: np.ndarray,
    *,
    names: Sequence[str],
) -> pl.DataFrame:
    """One row an input, the largest swing first; none where the worth is not known, such as of what has no price.

    Args:
        spreads: what is known of each assumption; what is not there swings between P10 and P90 of its own draws.
        worth_at: the worth with some numbers held at a value and the rest at their mean.
        drawn: the draws, name → one number a path, and `worth` on the same paths.
        names: the inputs to be tried; one that moves nothing has no row.

    `spread_share` is the squared rank correlation of an input with the worth: the share of the spread of the worth's ranks that goes
    with this input alone. Shares need not add up to one: the rest is what inputs do together and what differs from month to month.
    `turning_number` is where the worth is nought on a straight line between both ends; none where it does not turn there.
    """
    ranked = _ranks(worth)
    rows = []
    if not np.isfinite(worth).all():
        names = ()
    for name in names:
        told = np.asarray(drawn[name]).ravel() if name in drawn else np.zeros(1)
        low, high = quantiles(spreads[name], LEVELS) if name in spreads else np.quantile(told, LEVELS)
        if high - low <= 1e-12:
            continue
        at_low, at_high = worth_at({name: float(low)}), worth_at({name: float(high)})
        swing = abs(at_high - at_low)
        if swing <= 1e-9:
            continue
        both = np.ptp(told) > 0 and np.ptp(worth) > 0
        how = float(np.corrcoef(_ranks(told), ranked)[0, 1]) if both else 0.0
        ends = (float(low), float(high), at_low, at_high)
        rows.append((name, _kind(name, name in spreads), *ends, swing, how**2, _turns(*ends)))
    found = pl.DataFrame(rows, schema=SHAPE, orient="row")
    return found.sort("swing_amount", "assumption_name", descending=[True, False])


def said(name: str, kind: str) -> str:
    """An input in words, where no register tells what it means.

    >>> said("forecast_of_order_lines", "forecast"), said("UC3.minutes_saved", "measured")
    ('Forecast of order lines, a month on average.', 'Minutes saved in a case, as measured in UC3.')
    >>> said("UC4.error_share", "use case")
    'Error share, as the definition of UC4 has it.'
    """
    use_case, _, word = name.partition(".")
    told = SEEN.get(word, (word or use_case).replace("_", " "))
    told = f"{told[:1].upper()}{told[1:]}"
    if kind == MEASURED:
        return f"{told}, as measured in {use_case}."
    if name == JUMPS:
        return f"{told}, as a factor on the prices of today."
    if kind == FORECAST:
        return f"{told}, a month on average."
    return f"{told}, as the definition of {use_case} has it." if word else f"{told}."


def _kind(name: str, is_assumed: bool) -> str:
    if is_assumed:
        return DEFINED if "." in name else ASSUMED
    return MEASURED if "." in name else FORECAST


def _turns(low: float, high: float, at_low: float, at_high: float) -> float | None:
    if at_low * at_high >= 0 or at_low == at_high:
        return None
    return float(low + (high - low) * at_low / (at_low - at_high))


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)
