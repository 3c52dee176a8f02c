"""How much to order of one SKU for one site, and why: a pure sum of named steps that anybody can compute again from its inputs.

The same inputs give the same quantity to the last thousandth, so a slider or yesterday's inputs ask the same function.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from models.inventory import stock_levels
from models.inventory.lead_time_demand import Vector, points
from models.inventory.order_terms import PATHS, Inputs, breaks

YEAR_DAYS = 365.0
MOST_COVER_DAYS, BREAK_COVER_DAYS = 91.0, 56.0
MOST_SERVICE = 0.995


@dataclass(frozen=True)
class Futures:
    """What may be asked for: until this order comes and until the next one after it would, future by future.

    Attributes:
        until_next, until_this: equally likely demands, the same future in the same place.
        mean: until the next order would come.
        days: the same interval, on average.
        rate: demand a day.
    """

    until_next: Vector
    until_this: Vector
    mean: float
    days: float
    rate: float


@dataclass(frozen=True)
class Quantity:
    """A quantity with its levels and the steps that lead to it, in base units; the steps sum to `proposed_qty` exactly."""

    proposed_qty: Decimal
    steps: tuple[tuple[str, Decimal], ...]
    reorder_point_qty: float
    order_up_to_qty: float
    normal_reorder_point_qty: float
    lot_qty: float
    need_qty: float
    futures: Futures


def futures(inputs: Inputs) -> Futures:
    """The futures that an order meets."""
    lead = np.asarray(inputs.lead_days)
    arrival = inputs.wait_days + lead
    end = arrival + inputs.review_days
    mean = float(inputs.demand.over(end)[0].mean())
    days = max(float(end.mean()), 1e-9)
    return Futures(points(inputs.demand, end).ravel(), points(inputs.demand, arrival).ravel(), mean, days, mean / days)


def quantity(inputs: Inputs) -> Quantity:
    """How much to order, with every step on the way.

    Where stock and orders (the position) are below the reorder point, they are raised to the order-up-to level; then come
    packs, the minimum order (taken only where what it saves until the next order day pays for keeping it so long), price
    breaks, what was added for the supplier's order, shelf life, and what money, space or the source allow.

    >>> from models.inventory.order_terms import example
    >>> told = quantity(example())
    >>> [(name, int(step)) for name, step in told.steps if step], int(told.proposed_qty)
    ([('demand', 14), ('on hand', -5), ('pack', 3)], 12)
    """
    ahead = futures(inputs)
    normal = _normal_point(inputs, ahead)
    lot = _lot(inputs, ahead)
    floor = stock_levels.cycle_service(ahead.until_next[None, :], inputs.service_floor_share)[0]
    reorder = _whole(max(floor, _economic(inputs, ahead, lot))) if inputs.method_name == PATHS else normal
    up_to = _whole(max(reorder, max(0.0, reorder - ahead.rate * inputs.review_days) + lot))
    need = up_to - inputs.position_qty if inputs.position_qty < reorder else 0.0
    if ahead.mean <= 0 and inputs.position_qty >= 0:
        need = 0.0
    packed = _packs(need, inputs.pack_qty)
    least = _packs(inputs.minimum_order_qty, inputs.pack_qty)
    forced = packed if packed <= 0 or packed >= least else least if _pays(inputs, ahead, least) else 0.0
    broken = _broken(inputs, ahead, forced)
    # Less than the minimum order cannot be bought, so it fills up nothing.
    joint = broken + inputs.joint_qty if broken + inputs.joint_qty >= least else broken
    kept = min(joint, _sellable(inputs, least)) if inputs.shelf_life_days is not None else joint
    allowed = _allowed(inputs, kept, least)
    fed = round(ahead.mean * inputs.fed_share, 3)
    own = round(ahead.mean - fed, 3)
    ends = [
        ("demand", own),
        ("fed demand", fed),
        ("safety", reorder - own - fed),
        ("lot", up_to - reorder),
        ("on hand", -inputs.on_hand_qty),
        ("on order", -inputs.open_qty),
        ("committed", inputs.committed_qty),
        ("fed lack", inputs.fed_lack_qty),
    ]
    stages = [
        ("not yet", need),
        ("pack", packed),
        ("minimum order", forced),
        ("price break", broken),
        ("joint order", joint),
        ("shelf life", kept),
        ("limit", allowed),
    ]
    return Quantity(_exact(allowed), _steps(ends, stages), reorder, up_to, normal, lot, need, ahead)


def _steps(ends: list[tuple[str, float]], stages: list[tuple[str, float]]) -> tuple[tuple[str, Decimal], ...]:
    """Each step as an exact decimal; a stage is the running sum after its step, so nothing is lost on the way."""
    told = [(name, _exact(step)) for name, step in ends]
    so_far = sum((step for _, step in told), Decimal(0))
    for name, after in stages:
        told.append((name, _exact(after) - so_far))
        so_far = _exact(after)
    return tuple(told)


def _exact(number: float) -> Decimal:
    return Decimal(round(number * 1000)).scaleb(-3)


def _whole(number: float) -> float:
    """The next whole unit up; a hair above a whole number is that number."""
    return float(np.ceil(number - 1e-6))


def _packs(quantity: float, pack: float) -> float:
    size = pack if pack > 0 else 1.0
    return float(np.ceil(quantity / size - 1e-9)) * size if quantity > 0 else 0.0


def _lot(inputs: Inputs, ahead: Futures) -> float:
    """The lot that balances the cost of a line against keeping it (`textbook.eoq`), no more than a quarter's demand."""
    keep = inputs.holding_share * (inputs.unit_cost or 0.0)
    if keep <= 0 or ahead.rate <= 0:
        return 0.0
    wanted = float(np.sqrt(2 * inputs.line_cost_amount * ahead.rate * YEAR_DAYS / keep))
    return min(wanted, MOST_COVER_DAYS * ahead.rate)


def cycle_days(inputs: Inputs, ahead: Futures, lot: float) -> float:
    """How long an order lasts: a review, or as long as its lot where that is longer."""
    return max(inputs.review_days, lot / ahead.rate if ahead.rate > 0 else 0.0, 1.0)


def _economic(inputs: Inputs, ahead: Futures, lot: float) -> float:
    """The level at which one more unit no longer earns its keep; nought where margin or cost is not known."""
    if not inputs.short_amount or not inputs.unit_cost or inputs.short_amount <= 0:
        return 0.0
    found = stock_levels.economic(
        ahead.until_next[None, :], np.array([inputs.short_amount]), np.array([inputs.unit_cost]),
        holding_share=inputs.holding_share, days=cycle_days(inputs, ahead, lot), earlier=ahead.until_this[None, :],
    )[0]  # fmt: skip
    most = stock_levels.cycle_service(ahead.until_next[None, :], MOST_SERVICE)[0]
    return min(float(found), float(most))


def _normal_point(inputs: Inputs, ahead: Futures) -> float:
    """What the textbook's formula would say: demand of a day and lead time both normal and independent, at the same service.

    The service is the economic one where it is known: 1 - keeping a unit for a cycle / what a missing unit costs.
    """
    lead = np.asarray(inputs.lead_days)
    lot = _lot(inputs, ahead)
    keep = inputs.holding_share * (inputs.unit_cost or 0.0) * cycle_days(inputs, ahead, lot) / YEAR_DAYS
    loss = inputs.short_amount or 0.0
    service = min(max(1 - keep / (keep + loss) if loss > 0 else 0.0, inputs.service_floor_share), MOST_SERVICE)
    week = inputs.demand.over(np.array([7.0]))[1]
    daily_sd = float(points(inputs.demand, np.array([7.0])).std() / np.sqrt(7)) if week.size else 0.0
    formula = stock_levels.textbook(np.array([ahead.rate]), np.array([daily_sd]), ahead.days, float(lead.std()))
    return max(_whole(float(formula.for_cycles(service)[0])), 0.0)


def _pays(inputs: Inputs, ahead: Futures, ordered: float) -> bool:
    """Whether what an order now saves until the next order day is worth keeping it so long; where no margin is known it is."""
    if inputs.short_amount is None or inputs.unit_cost is None:
        return True
    keeping = inputs.holding_share * inputs.unit_cost * ordered * inputs.review_days / YEAR_DAYS
    return inputs.short_amount * float(saved(ahead, inputs.position_qty, ordered).mean()) >= keeping


def saved(ahead: Futures, position: float, ordered: float) -> Vector:
    """Units that an order saves from being short, future by future: what was short before it could come is not its doing.

    >>> ahead = Futures(np.array([10.0]), np.array([4.0]), 10.0, 10.0, 1.0)
    >>> saved(ahead, 2.0, 5.0).tolist(), saved(ahead, 2.0, 50.0).tolist()
    ([5.0], [6.0])
    """
    missing = np.maximum(ahead.until_next - position, 0.0) - np.maximum(ahead.until_this - position, 0.0)
    return np.minimum(missing, ordered)


def _broken(inputs: Inputs, ahead: Futures, ordered: float) -> float:
    """Raised to a price break where the rebate pays for keeping what comes too early (all-units discount).

    Each break is held against the price just below it, so that more demand never ends on a smaller quantity.
    """
    if ordered <= 0 or ahead.rate <= 0 or inputs.unit_cost is None:
        return ordered
    now, before = ordered, inputs.unit_cost
    for least, cost in breaks(inputs.price_breaks):
        target = _packs(least, inputs.pack_qty)
        extra = target - now
        keeping = (
            (inputs.holding_share + inputs.obsolescence_share) * cost / YEAR_DAYS * extra * extra / (2 * ahead.rate)
        )
        if extra > 0 and extra <= BREAK_COVER_DAYS * ahead.rate and target * (before - cost) >= keeping:
            now = target
        before = cost
    return now


def _sellable(inputs: Inputs, least: float) -> float:
    """The most that is likely enough to be sold before it expires: a unit must expect to earn more than its cost loses."""
    if inputs.unit_cost is None or inputs.shelf_life_days is None:
        return np.inf
    margin = inputs.short_amount or 0.0
    wanted = inputs.unit_cost / (inputs.unit_cost + margin) if inputs.unit_cost + margin > 0 else 0.0
    ends = inputs.wait_days + np.asarray(inputs.lead_days) + inputs.shelf_life_days
    reach = float(np.quantile(points(inputs.demand, ends), max(1 - wanted, 0.5)))
    return _down(max(reach - inputs.position_qty, 0.0), inputs.pack_qty, least)


def _allowed(inputs: Inputs, ordered: float, least: float) -> float:
    return (
        ordered
        if inputs.most_qty is None or ordered <= inputs.most_qty
        else _down(inputs.most_qty, inputs.pack_qty, least)
    )


def _down(quantity: float, pack: float, least: float) -> float:
    """Whole packs that are not more; nothing where that is below the minimum order."""
    size = pack if pack > 0 else 1.0
    whole = float(np.floor(quantity / size + 1e-9)) * size
    return whole if whole >= least else 0.0
