"""Lines that go on one order together: filled up to what the supplier takes, cut to what money or the source allow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.inventory.order_quantity import YEAR_DAYS, Quantity, quantity, saved
from models.inventory.order_terms import Inputs
from models.inventory.priority_list import priority

SAMPLES = 200


@dataclass(frozen=True)
class Joint:
    """What came of looking at a whole order: its lines' inputs, and what the filling earns or costs."""

    inputs: tuple[Inputs, ...]
    amount: float
    added_amount: float
    reward_amount: float
    waits: bool
    minimum_amount: float = 0.0


def amount(inputs: Inputs, told: Quantity) -> float:
    """What a line costs."""
    return float(told.proposed_qty) * (inputs.unit_cost or 0.0)


def joint(asked: Sequence[Inputs], *, minimum_amount: float) -> Joint:
    """The lines of one supplier order raised to its minimum value, pack by pack, the least costly first; or all put off.

    A pack more is worth what it saves until the next order day less what it costs to keep until it is sold. It is put off
    where what its lines save does not pay for what must be added.

    >>> joint([], minimum_amount=100.0).amount
    0.0
    """
    told = [quantity(one) for one in asked]
    spent = float(sum(amount(one, found) for one, found in zip(asked, told, strict=True)))
    if spent <= 0 or spent >= minimum_amount:
        return Joint(tuple(asked), spent, 0.0, 0.0, waits=False, minimum_amount=minimum_amount)
    added, reward, total = [0.0] * len(asked), 0.0, spent
    while total < minimum_amount:
        offers = [_pack_more(one, found, extra) for one, found, extra in zip(asked, told, added, strict=True)]
        best = max(range(len(asked)), key=lambda place: (offers[place][0], -place))
        if not np.isfinite(offers[best][0]):
            break
        _, size, worth = offers[best]
        added[best] += size
        reward += worth
        total += size * (asked[best].unit_cost or 0.0)
    saves = sum(_saves(one, found) for one, found in zip(asked, told, strict=True))
    if total < minimum_amount or saves + reward < 0:
        return Joint(
            tuple(replace(one, most_qty=0.0) for one in asked),
            0.0,
            0.0,
            saves + reward,
            waits=True,
            minimum_amount=minimum_amount,
        )
    filled = tuple(replace(one, joint_qty=one.joint_qty + extra) for one, extra in zip(asked, added, strict=True))
    return Joint(filled, total, total - spent, reward, waits=False, minimum_amount=minimum_amount)


def _pack_more(inputs: Inputs, told: Quantity, extra: float) -> tuple[float, float, float]:
    """Worth of one more pack by euro spent, its units, and its worth; minus infinity where it cannot be added."""
    rate, cost = told.futures.rate, inputs.unit_cost
    if not cost or rate <= 0:
        return -np.inf, 0.0, 0.0
    size = inputs.pack_qty if inputs.pack_qty > 0 else 1.0
    if float(told.proposed_qty) + extra <= 0:
        size = max(size, float(np.ceil(inputs.minimum_order_qty / size - 1e-9)) * size)
    before = float(told.proposed_qty) + extra
    more = saved(told.futures, inputs.position_qty, before + size) - saved(told.futures, inputs.position_qty, before)
    idle = max((inputs.position_qty + before + size / 2) / rate - told.futures.days, 0.0)
    keeping = (inputs.holding_share + inputs.obsolescence_share) * cost / YEAR_DAYS * size * min(idle, YEAR_DAYS)
    worth = (inputs.short_amount or 0.0) * float(more.mean()) - keeping
    return worth / (size * cost), size, worth


def _saves(inputs: Inputs, told: Quantity) -> float:
    return (inputs.short_amount or 0.0) * float(
        saved(told.futures, inputs.position_qty, float(told.proposed_qty)).mean()
    )


def within_budget(asked: Sequence[Inputs], budget: float) -> tuple[Inputs, ...]:
    """The lines cut to a budget: packs are bought in order of what they earn by euro, no more of any than was proposed."""
    told = [quantity(one) for one in asked]
    if sum(amount(one, found) for one, found in zip(asked, told, strict=True)) <= budget:
        return tuple(asked)
    places = [place for place, found in enumerate(told) if found.proposed_qty > 0]
    lines = [asked[place] for place in places]
    chances = (np.arange(SAMPLES) + 0.5) / SAMPLES
    samples = np.array([np.quantile(told[place].futures.until_next, chances) for place in places])
    listed = priority(
        samples, np.array([line.position_qty for line in lines]), np.array([line.short_amount or 0.0 for line in lines]),
        np.array([line.unit_cost or 0.0 for line in lines]), holding_share=lines[0].holding_share,
        days=np.array([line.review_days for line in lines]), pack=np.array([line.pack_qty for line in lines]),
    )  # fmt: skip
    bought, left, most = [0.0] * len(lines), budget, [float(told[place].proposed_qty) for place in places]
    for item, cost in zip(listed.item.tolist(), listed.cost.tolist(), strict=True):
        if cost <= left and bought[item] + lines[item].pack_qty <= most[item]:
            bought[item] += lines[item].pack_qty
            left -= cost
    kept = {place: replace(line, most_qty=have) for place, line, have in zip(places, lines, bought, strict=True)}
    return tuple(kept.get(place, one) for place, one in enumerate(asked))


def shared_out(wanted: Sequence[float], free: float) -> list[float]:
    """Whole units of what a source has free, to each asker in proportion to what it wants; nobody gets more than that.

    >>> shared_out([6, 3], 6), shared_out([6, 3], 20), shared_out([5, 5], 7)
    ([4.0, 2.0], [6.0, 3.0], [4.0, 3.0])
    """
    total = sum(wanted)
    if total <= free:
        return [float(one) for one in wanted]
    share = max(free, 0.0) / total
    given = [float(np.floor(one * share + 1e-9)) for one in wanted]
    left = int(max(free, 0.0) - sum(given))
    for place in sorted(range(len(given)), key=lambda at: (-(wanted[at] * share - given[at]), at))[:left]:
        given[place] += 1.0
    return given
