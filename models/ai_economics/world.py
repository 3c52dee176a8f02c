"""What all use cases share in one set of possible futures: volumes, prices, efforts, and how work ramps up."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from models.ai_economics.draws import Draws
from models.ai_economics.placement_needs import HEAD_OFFICE
from models.ai_economics.prompt_tiers import Price, agent_calls, at_prompts, length
from models.ai_economics.routing import shared_cost
from models.ai_economics.tokens import attempts
from models.ai_economics.use_case import UseCase
from models.months import months_between

MINUTES, MONTHS = 60.0, 12.0
# How much of the reference programme's shared effort one, three and six use cases need (presets of the method, section 8).
SCOPE = ((0.0, 0.0), (1.0, 0.25), (3.0, 0.40), (6.0, 1.0))
ORDER_DRIVEN = ("order_lines", "orders", "purchase_lines", "shipments", "exceptions")
AT_A_DESK = ("procurement", "finance", "executive analytics")  # work of one place, whatever sites there are
TIER_WEIGHT = {"advises": 0.5, "acts after approval": 1.0, "acts alone": 2.0}


@dataclass(frozen=True)
class World:
    """The same months and paths for every use case.

    Attributes:
        months: T, from `first_month` on.
        numbers: what is assumed, name → (paths × 1); those of a use case as `UC3.cases_per_unit`.
        drivers: units of each driver by month, name → (paths × T) or (1 × T).
        usual: units of each driver in a usual month, from which `peaks` tell.
        disruption: share by which exceptions lie above their usual share, (paths × T).
        prices: (provider, model, is_batch) → Price; a model that is not there has no known price.
        jumps: factor of unannounced price changes, (paths × T), or 1.
        use_cases: those of the programme.
        measured: use case → name → (paths × 1), effects that were measured and take the place of assumed ones.
        single_lines: places that had one line only when a second one was decided there first, for whatever use case.
    """

    months: int
    first_month: dt.date
    numbers: Draws
    drivers: Mapping[str, np.ndarray]
    disruption: np.ndarray
    prices: Mapping[tuple[str, str, bool], Price]
    jumps: np.ndarray
    use_cases: tuple[UseCase, ...]
    sku_count: int
    sites: Mapping[str, float]
    measured: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)
    single_lines: frozenset[str] = frozenset()

    def holding(self, held: Mapping[str, float | np.ndarray]) -> "World":
        """The same world with some numbers held at a value on all paths, or at one a path: assumptions, those of use cases,
        measured effects.
        """
        fixed = {name: np.asarray(value, dtype=float).reshape(-1, 1) for name, value in held.items()}
        measured = {
            case: {name: fixed.get(f"{case}.{name}", value) for name, value in effects.items()}
            for case, effects in self.measured.items()
        }
        return replace(self, numbers=self.numbers | fixed, measured=measured)

    def times_orders(self, factor: float) -> "World":
        """The same world with so many times the orders and order lines, and what follows from them."""
        moved = {name: units * factor for name, units in self.drivers.items() if name in ORDER_DRIVEN}
        return replace(self, drivers={**self.drivers, **moved})

    def __getitem__(self, name: str) -> np.ndarray:
        """An assumed number on all paths."""
        return self.numbers[name]

    def mean(self, name: str) -> float:
        """An assumed number at its mean over all paths."""
        return float(np.mean(self.numbers[name]))

    def of(self, case: UseCase, name: str) -> np.ndarray:
        """A number of one use case on all paths."""
        return self.numbers[f"{case.use_case_id}.{name}"]

    @property
    def wage(self) -> np.ndarray:
        """An hour of work, reporting currency."""
        return self["labour_cost_per_hour"]

    @property
    def orders_per_year(self) -> np.ndarray:
        """Orders a year as forecast, (paths × 1)."""
        return self.drivers["orders"].mean(axis=1, keepdims=True) * MONTHS

    @property
    def effort(self) -> np.ndarray:
        """How much of the reference company's fixed effort this one needs: own share × (orders ÷ reference)^elasticity."""
        size = np.maximum(self.orders_per_year, 1.0) / self["ai_reference_orders_per_year"]
        return self["ai_delivery_share"] * size ** self["ai_size_elasticity"]

    @property
    def scope(self) -> float:
        """How much of the shared effort so many use cases need together."""
        known, wanted = zip(*SCOPE, strict=True)
        more = max(0.0, len(self.use_cases) - known[-1]) * 0.1
        return float(np.interp(len(self.use_cases), known, wanted)) + more

    @property
    def users(self) -> np.ndarray:
        """People who work with one use case."""
        return self["ai_users_per_thousand_orders"] * self.orders_per_year / 1000.0 / max(len(self.use_cases), 1)


def places(world: World, case: UseCase) -> tuple[str, ...]:
    """Where the work of a use case is done: its own sites, the head office for work at a desk, else all sites."""
    if case.sites:
        return tuple(case.sites)
    return (HEAD_OFFICE,) if case.domain in AT_A_DESK or not world.sites else tuple(sorted(world.sites))


def adoption(world: World, case: UseCase) -> np.ndarray:
    """Share of the eligible cases that are done with AI in each month, (paths × T): a(t) = a∞ / (1 + e^(−k (t − middle))).

    A use case that runs already is so many months along its ramp; one that is only planned begins after go-live; one that
    was stopped, never.
    """
    if case.stage == "stopped":
        return np.zeros((1, world.months))
    since = np.arange(world.months)[None, :] + 0.5
    if case.is_running and case.started is not None:
        age = months_between(case.started, world.first_month)
        since = since + max(age, 0)
        begun = np.ones_like(since)
    else:
        since = since - world["ai_go_live_months"]
        begun = (since >= 0).astype(float)
    curve = 1 / (1 + np.exp(-world["ai_adoption_speed_per_month"] * (since - world["ai_adoption_middle_months"])))
    return world["ai_adoption_share"] * curve * begun


def cases(world: World, case: UseCase) -> np.ndarray:
    """Cases in each month, (paths × T): n = rate × driver × eligible share × adoption × (1 + elasticity × disruption).

    How many cases with AI a running use case was seen to have for each unit of its driver takes the place of all this but the driver:
    its own months tell what adoption and disruption did.
    """
    worked = world.measured.get(case.use_case_id, {}).get("worked_per_unit")
    if worked is not None:
        return worked * world.drivers[case.driver]
    moved = np.maximum(1 + world["ai_disruption_elasticity"] * world.disruption, 0)
    return eligible(world, case) * adoption(world, case) * moved


def eligible(world: World, case: UseCase) -> np.ndarray:
    """Cases that there are for a use case in each month, with AI or without; where its rate is the reference company's, by our size."""
    size = world.orders_per_year / world["ai_reference_orders_per_year"] if case.scales_with_size else 1.0
    return world.of(case, "cases_per_unit") * world.drivers[case.driver] * case.eligible_share * size


def loops(case: UseCase) -> tuple[float, float]:
    """What an agent's spread of tool calls makes of a case at the mean: factor on its tokens, and share stopped at the cap.

    The prompt grows with each call, so cost follows b(τ + 1) + g·τ(τ + 1)/2 with g a quarter of b, over the whole distribution.

    >>> from models.ai_economics.use_case import Tokens
    >>> from types import SimpleNamespace
    >>> loops(SimpleNamespace(tokens=Tokens(1, 1, 1)))
    (1.0, 0.0)
    """
    told = case.tokens
    if not told.tool_calls:
        return 1.0, 0.0
    shares, calls = agent_calls(told)
    stopped = float(shares[-1]) if told.tool_call_cap else 0.0
    return float((shares * length(calls)).sum() / float(length(told.tool_calls))), stopped


def unpriced(world: World, case: UseCase) -> tuple[str, ...]:
    """The models of a use case whose price is not known; none where its logs say what its calls cost."""
    if "cost_per_case" in world.measured.get(case.use_case_id, {}):
        return ()
    return tuple(model for provider, model, _ in case.models if (provider, model, case.batch) not in world.prices)


def cost_per_case(world: World, case: UseCase) -> np.ndarray:
    """Model cost of a case in each month, (paths × T), reporting currency; NaN where no price of a model is known.

    What the calls of a running use case have cost takes the place of what its tokens should.
    """
    seen = world.measured.get(case.use_case_id, {}).get("cost_per_case")
    decline = (1 - world["ai_price_decline_share_per_year"]) ** (np.arange(world.months)[None, :] / MONTHS)
    if seen is not None:
        return seen * decline * world.jumps
    if unpriced(world, case):
        return np.full((1, world.months), np.nan)
    factor, _ = loops(case)
    return routed(world, case) * factor * attempts(world["ai_retry_share"], 1) * decline * world.jumps


def routed(world: World, case: UseCase) -> np.ndarray:
    """What the tokens of a case cost at list prices in each month, (paths × T), by how its models share the work.

    Prompts beyond a length that a model bills dearer are priced so; what a router or judge reads is short.

    Errors: KeyError where a model has no known price.
    """
    told, shares = case.tokens, [share for _, _, share in case.models]
    cached = told.cached_share * world["ai_cache_hit_share"]
    prices = [world.prices[provider, model, case.batch] for provider, model, _ in case.models]
    costs = [
        told.input * ((1 - cached) * price.input + cached * price.cached) + told.output * price.output
        for price in (at_prompts(one, told) for one in prices)
    ]
    return np.asarray(shared_cost(case.routing, shares, costs, prices[0].input))
