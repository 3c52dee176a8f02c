"""What an order is worth against waiting for the next order day, future by future, and how sure that is."""

from dataclasses import dataclass

import numpy as np

from models.inventory.lead_time_demand import points
from models.inventory.order_quantity import YEAR_DAYS, Quantity, saved
from models.inventory.order_terms import Inputs, unit_cost_at

SOLD_WITHIN_DAYS = 91.0
FEW_LINES = 10.0


@dataclass(frozen=True)
class Value:
    """What is expected of an order; money is None where no margin or no cost is known.

    Attributes:
        stockout_share, stockout_after_share: chance that not all demand until the next order's arrival is there, without and with it.
        fill_share: of the demand between this order's arrival and the next one's, what is there with it.
        gain, gain_low, gain_high: mean, P10 and P90 of what it earns against ordering nothing until the next order day.
        do_nothing: what is expected to be lost until the next order's arrival if nothing is ordered now.
        holding: what keeping its units costs.
        confidence_share: chance that all its units are sold within a quarter and a cycle of their arrival (of an order of
            nothing: that nothing runs out), less where few past deliveries tell the lead time.
    """

    stockout_share: float
    stockout_after_share: float
    fill_share: float
    gain: float | None
    gain_low: float | None
    gain_high: float | None
    do_nothing: float | None
    holding: float | None
    confidence_share: float


def value(inputs: Inputs, told: Quantity, *, lead_count: float | None = None) -> Value:
    """What is expected of the proposed quantity.

    Args:
        inputs: of the quantity.
        told: the quantity.
        lead_count: past deliveries behind the lead time; None where it is a transfer of our own.
    """
    ahead, position, ordered = told.futures, inputs.position_qty, float(told.proposed_qty)
    with_it = position + ordered
    window = ahead.until_next - ahead.until_this
    missed = np.maximum(ahead.until_next - with_it, 0) - np.maximum(ahead.until_this - with_it, 0)
    asked = float(window.mean())
    holding = _holding(inputs, told, ordered)
    gain = low = high = nothing = None
    if inputs.short_amount is not None:
        nothing = inputs.short_amount * float(np.maximum(ahead.until_next - position, 0).mean())
        if ordered <= 0:
            gain = low = high = 0.0
        elif holding is not None:
            earned = inputs.short_amount * saved(ahead, position, ordered) - holding + _spared(inputs, told, ordered)
            gain, (low, high) = float(earned.mean()), np.quantile(earned, (0.1, 0.9)).tolist()
    return Value(
        float((ahead.until_next > position).mean()),
        float((ahead.until_next > with_it).mean()),
        float(np.clip(1 - missed.mean() / asked, 0, 1)) if asked > 0 else 1.0,
        gain,
        low,
        high,
        nothing,
        holding,
        _confidence(inputs, told, ordered, lead_count),
    )


def _late_units(inputs: Inputs, told: Quantity, ordered: float) -> float:
    """Units beyond what the reorder point asks for: they are kept until demand comes to them."""
    if told.need_qty <= 0:
        return ordered
    return max(ordered - (told.reorder_point_qty - inputs.position_qty), 0.0)


def _holding(inputs: Inputs, told: Quantity, ordered: float) -> float | None:
    """Keeping all units until the next order day, and the late ones until they are sold."""
    if inputs.unit_cost is None:
        return None
    late, rate = _late_units(inputs, told, ordered), told.futures.rate
    kept = late * min(late / (2 * rate), YEAR_DAYS) if rate > 0 else late * YEAR_DAYS
    share = inputs.holding_share + (inputs.obsolescence_share if kept > SOLD_WITHIN_DAYS * late else 0.0)
    return inputs.unit_cost / YEAR_DAYS * (inputs.holding_share * ordered * inputs.review_days + share * kept)


def _spared(inputs: Inputs, told: Quantity, ordered: float) -> float:
    """Lines that need not be ordered at the next order days, and the rebate of a larger quantity."""
    late, rate = _late_units(inputs, told, ordered), told.futures.rate
    lines = late / (rate * max(inputs.review_days, 1.0)) if rate > 0 else 0.0
    after = unit_cost_at(inputs, ordered)
    before = unit_cost_at(inputs, max(told.need_qty, inputs.minimum_order_qty))
    rebate = (before - after) * ordered if before is not None and after is not None else 0.0
    return inputs.line_cost_amount * min(lines, YEAR_DAYS / max(inputs.review_days, 1.0)) + max(rebate, 0.0)


def _confidence(inputs: Inputs, told: Quantity, ordered: float, lead_count: float | None) -> float:
    ahead = told.futures
    if ordered > 0:
        ends = inputs.wait_days + np.asarray(inputs.lead_days) + inputs.review_days + SOLD_WITHIN_DAYS
        right = float((points(inputs.demand, ends) >= inputs.position_qty + ordered).mean())
    else:
        right = float((ahead.until_next <= inputs.position_qty).mean())
    return right if lead_count is None else right * (0.5 + 0.5 * lead_count / (lead_count + FEW_LINES))
