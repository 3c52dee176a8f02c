"""What if: the same possible futures with some things otherwise, and what that does to cost lines, worth and the chance of a loss."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.ai_economics.lines import BY_CODE
from models.ai_economics.programme import Simulated
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World, cost_per_case

NAMED = {
    "realisation": "ai_realisation_share",
    "delivery": "ai_delivery_share",
    "price_decline": "ai_price_decline_share_per_year",
    "region": "ai_region_surcharge_share",
}
CHANGED = {
    "cost_line_name": pl.String,
    "component_code": pl.String,
    "moved_by_text": pl.String,
    "before_amount": pl.Float64,
    "after_amount": pl.Float64,
    "change_amount": pl.Float64,
    "times_number": pl.Float64,
}
LEAST = 0.005  # half a cent: below it a line has not changed


@dataclass(frozen=True)
class Levers:
    """What is otherwise; None leaves a thing as it is planned.

    Attributes:
        orders: so many times the orders; the house stays as it is unless it `grows` with them, by its size elasticity.
        tool_call_cap: tool calls after which an agent hands the case to a person.
        wrong_answers: so many times the wrong answers and wrong promises, as worse retrieval gives.
        review: so many times the share of cases that people review, at most all of them.
        small_share: share of the work that goes to the cheapest model whose price is known.
        realisation: share of freed minutes that is paid less.
        delivery: share of the reference effort that this company takes on itself.
        price_decline: share by which prices fall in a year.
        region: surcharge of a second region, as a share of what calls cost.
    """

    orders: float = 1.0
    grows: bool = False
    tool_call_cap: int | None = None
    wrong_answers: float = 1.0
    review: float = 1.0
    small_share: float | None = None
    realisation: float | None = None
    delivery: float | None = None
    price_decline: float | None = None
    region: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What a programme costs and is worth over its months, in its currency, less what has no price."""

    cost: float
    low_cost: float
    high_cost: float
    worth: float
    loss_share: float


def moved(world: World, levers: Levers) -> World:
    """The same world with some things otherwise; the paths stay the same, so that two outcomes differ by the levers alone.

    >>> from types import SimpleNamespace
    >>> Levers() == Levers(orders=1.0), Levers(orders=2.0).grows
    (True, False)
    """
    found = world
    if levers.orders != 1.0:
        found = _more_orders(found, levers)
    held = {NAMED[name]: value for name in NAMED if (value := getattr(levers, name)) is not None}
    if held:
        found = found.holding(held)
    found = replace(found, numbers={**found.numbers, **_quality(found, levers)})
    found = _other_calls(found, levers)
    return _worse(found, levers) if levers.wrong_answers != 1.0 else found


def outcome(found: Simulated) -> Outcome:
    """The mean cost with its P10 and P90, the mean worth, and the share of futures in which it is below nought."""
    spent, worth = found.cost().sum(axis=1), found.npv()
    low, high = np.quantile(spent, (0.1, 0.9))
    return Outcome(float(spent.mean()), float(low), float(high), float(worth.mean()), float((worth < 0).mean()))


def by_line(found: Simulated) -> dict[str, float]:
    """The mean cost of each line over all months and use cases; what has no price is left out, as `found.gaps` says."""
    sums: dict[str, float] = {}
    for (_, code), amount in found.priced.items():
        sums[code] = sums.get(code, 0.0) + float(amount.sum(axis=1).mean())
    return sums


def changed(before: Simulated, after: Simulated) -> pl.DataFrame:
    """One row a line of either programme, the greatest change first; `times_number` is null where there was nothing before."""
    one, two = by_line(before), by_line(after)
    rows = []
    for code in dict.fromkeys([*one, *two]):
        was, now = one.get(code, 0.0), two.get(code, 0.0)
        if max(abs(was), abs(now)) < LEAST:
            continue
        line = BY_CODE[code]
        change = now - was if abs(now - was) >= LEAST else 0.0
        rows.append((code, line.component, line.moved_by, was, now, change, now / was if was else None))
    found = pl.DataFrame(rows, schema=CHANGED, orient="row")
    return found.sort(pl.col("change_amount").abs(), "cost_line_name", descending=[True, False])


def _more_orders(world: World, levers: Levers) -> World:
    """More orders; the effort for building and running and the people stay, unless the house grows with its orders."""
    found = world.times_orders(levers.orders)
    if levers.grows:
        return found
    same = {
        "ai_reference_orders_per_year": world["ai_reference_orders_per_year"] * levers.orders,
        "ai_users_per_thousand_orders": world["ai_users_per_thousand_orders"] / levers.orders,
    }
    return replace(found, numbers={**found.numbers, **same})


def _quality(world: World, levers: Levers) -> dict[str, np.ndarray]:
    """Shares of wrong answers and of reviewed cases of every use case, none above one."""
    found = {}
    for case in world.use_cases:
        for name, factor in (
            ("error_share", levers.wrong_answers),
            ("wrong_commitment_share", levers.wrong_answers),
            ("review_share", levers.review),
        ):
            if factor != 1.0:
                found[f"{case.use_case_id}.{name}"] = np.minimum(world.of(case, name) * factor, 1.0)
    return found


def _worse(world: World, levers: Levers) -> World:
    """What was measured of wrong answers, moved by as much as the assumed share of them moves."""
    measured = {}
    for name, effects in world.measured.items():
        more = {
            told: effects[told] + world.numbers[f"{name}.{level}"] * (1 - 1 / levers.wrong_answers)
            for told, level in (("error_share_change", "error_share"), ("commitment_share_change", "wrong_commitment_share"))
            if told in effects and levers.wrong_answers > 0
        }  # fmt: skip
        measured[name] = {**effects, **more}
    return replace(world, measured=measured)


def _other_calls(world: World, levers: Levers) -> World:
    """Use cases with another cap or mix of models; what their calls were seen to cost moves by as much as it should."""
    if levers.tool_call_cap is None and levers.small_share is None:
        return world
    chosen = [_with_mix(world, _capped(case, levers.tool_call_cap), levers.small_share) for case in world.use_cases]
    plain = replace(world, measured={})
    measured = dict(world.measured)
    for was, now in zip(world.use_cases, chosen, strict=True):
        seen = measured.get(was.use_case_id, {}).get("cost_per_case")
        if seen is not None and was != now:
            before, after = cost_per_case(plain, was).mean(), cost_per_case(plain, now).mean()
            times = float(after / before) if np.isfinite(after) and before > 0 else 1.0
            measured[was.use_case_id] = {**measured[was.use_case_id], "cost_per_case": seen * times}
    return replace(world, use_cases=tuple(chosen), measured=measured)


def _capped(case: UseCase, cap: int | None) -> UseCase:
    if cap is None or not case.tokens.tool_calls:
        return case
    return replace(case, tokens=replace(case.tokens, tool_call_cap=cap))


def _with_mix(world: World, case: UseCase, small_share: float | None) -> UseCase:
    """So much of the work with the cheapest model, the rest with the others as they share it now; as it was where there are no two."""
    if small_share is None:
        return case
    known = {key: float(price.output.mean()) for key, price in world.prices.items() if key[2] == case.batch}
    if not known:
        return case
    provider, model, _ = min(known, key=lambda key: (known[key], key))
    others = [one for one in case.models if one[:2] != (provider, model)]
    whole = sum(share for _, _, share in others)
    if whole <= 0:
        return case
    rest = tuple((name, kind, share / whole * (1 - small_share)) for name, kind, share in others)
    return replace(case, models=((provider, model, small_share), *rest))
