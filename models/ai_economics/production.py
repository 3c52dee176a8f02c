"""From pilot to production: what the pilot's running bill times all cases misses, each step by name (method section 2.11)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.ai_economics import costs
from models.ai_economics.lines import BY_CODE
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import MINUTES, MONTHS, World, cost_per_case

ROLL_OUT, COORDINATION = "roll-out of sites", "coordination of departments"
WHY = {
    "identity and access": "Everybody signs in as themselves and sees only what their role may see; a pilot knew its users.",
    "more languages": "Prompts, content and tests once more for each language.",
    "monitoring and service level": "Somebody watches cost, quality and delay, and a spare takes over; a pilot could stop.",
    "second source of data": "One more system to read, with its own keys, rights and cleaning.",
    "certification": "What customers or the law ask for, spread over the years that it lasts.",
    "support around the clock": "Warehouses work when the office does not.",
    "recovery after a disaster": "A second place to go on from.",
    "fewer wrong answers": "Each halving of the errors that are left takes the same effort again.",
    ROLL_OUT: "Each site after the first costs less than the one before, by the learning share.",
    COORDINATION: "Each further department adds meetings, rules and owners to all work that goes on.",
}


@dataclass(frozen=True)
class Scope:
    """What production has that the pilot had not; departments and sites are all there are, the pilot's included."""

    languages: int = 0
    departments: int = 1
    sites: int = 1
    has_identity: bool = True
    has_monitoring: bool = True
    has_second_source: bool = False
    has_certification: bool = False
    is_round_the_clock: bool = False
    has_recovery: bool = False
    halvings: int = 0


@dataclass(frozen=True)
class Production:
    """The first year in production, in one currency: the pilot's running bill, that times the scale, and the steps beside it."""

    pilot: float
    naive: float
    steps: Mapping[str, float]

    @property
    def total(self) -> float:
        """What the year costs: the naive figure and every step."""
        return self.naive + sum(self.steps.values())

    @property
    def largest(self) -> str | None:
        """The step that causes the greatest jump; None where there is no step."""
        known = {name: cost for name, cost in self.steps.items() if cost > 0}
        return max(known, key=lambda name: (known[name], name)) if known else None


def production(
    variable: float,
    pilot_share: float,
    fixed: Mapping[str, float],
    *,
    sites: int,
    site_cost: float,
    learning_share: float,
    departments: int,
    recurring_labour: float,
    coordination_share: float,
) -> Production:
    """C = variable·scale + Σ F_k + Σ_{j≥2} c_site·j^(log₂ LR) + share·(departments − 1)·recurring labour.

    Args:
        variable: what volume drives in a year in production, all cases together; the pilot had `pilot_share` of them.
        fixed: the steps that production takes, name → cost in the first year.
        sites: with the pilot's, which is paid already.

    Errors:
        ValueError: a share of the pilot outside 0–1, or no site or department at all.

    >>> found = production(
    ...     1_000, 0.1, {"certification": 500}, sites=2, site_cost=100, learning_share=0.85, departments=3,
    ...     recurring_labour=2_000, coordination_share=0.03,
    ... )
    >>> found.pilot, found.naive, found.steps["roll-out of sites"], found.steps["coordination of departments"]
    (100.0, 1000.0, 85.0, 120.0)
    >>> found.total, found.largest
    (1705.0, 'certification')
    """  # fmt: skip
    if not 0 < pilot_share <= 1 or sites < 1 or departments < 1:
        raise ValueError(
            "A pilot takes a share of the cases above nought and up to one, at one site and department or more."
        )
    falls = float(np.log2(learning_share))
    roll_out = sum(site_cost * place**falls for place in range(2, sites + 1))
    pilot = variable * pilot_share
    return Production(
        pilot=round(pilot, 6),
        naive=round(pilot / pilot_share, 6),
        steps={
            **fixed,
            ROLL_OUT: round(float(roll_out), 6),
            COORDINATION: round(coordination_share * (departments - 1) * recurring_labour, 6),
        },
    )


def of_use_case(world: World, case: UseCase, scope: Scope) -> Production:
    """The same for a use case of a programme, at mean values: a year like the last one of the plan, every step by its assumption."""
    own = costs.of_use_case(world, case)
    variable = sum(_year(amount) for code, amount in own.items() if BY_CODE[code].is_volume)
    common = costs.shared(world)
    labour = sum(_year(common[code]) for code in ("pipeline engineers", "stewards of content", "reading and mending"))
    at = _Mean(world)
    return production(
        variable,
        at["ai_pilot_share"],
        {name: cost for name, (is_wanted, cost) in _fixed(world, case, scope).items() if is_wanted},
        sites=scope.sites,
        site_cost=at["ai_site_rollout_cost"] * at.effort,
        learning_share=at["ai_learning_share"],
        departments=scope.departments,
        recurring_labour=labour,
        coordination_share=at["ai_coordination_share"],
    )


def _fixed(world: World, case: UseCase, scope: Scope) -> dict[str, tuple[bool, float]]:
    """Each step that does not grow with volume: whether production takes it, and what it costs in the first year."""
    at = _Mean(world)
    day, effort = at["ai_day_rate"], at.effort
    each = float(np.nanmean(cost_per_case(world, case)))
    tests = at["ai_evaluation_cases"] * min(effort, 1.0) * (0.0 if np.isnan(each) else each)
    watching = (at["ai_observability_cost_per_month"] * MONTHS + at["ai_evaluation_engineer_cost_per_year"]) * effort
    relevance = at["ai_retrieval_evaluation_hours_per_month"] * at["labour_cost_per_hour"] * MONTHS
    platform = (
        at["ai_gateway_cost_per_month"] + at["ai_observability_cost_per_month"] + at["ai_storage_cost_per_month"]
    ) * MONTHS
    source = at["ai_read_connector_days"] * at["ai_erp_condition_factor"] * day * effort
    cleaning = (
        at["ai_documents"] * at["ai_cleaning_minutes_per_document"] * effort * at["labour_cost_per_hour"] / MINUTES
    )
    hours = max(at["ai_round_clock_factor"] - at["ai_coverage_factor"], 0.0)
    return {
        "identity and access": (scope.has_identity, at["ai_identity_cost"] * effort),
        "more languages": (scope.languages > 0, scope.languages * (at["ai_language_days"] * day * effort + tests)),
        "monitoring and service level": (scope.has_monitoring, watching),
        "second source of data": (scope.has_second_source, source + cleaning),
        "certification": (scope.has_certification, at["ai_certification_cost"] / at["ai_certification_years"] * min(effort, 1.0)),
        "support around the clock": (scope.is_round_the_clock, at["ai_on_call_cost_per_year"] * hours * effort),
        "recovery after a disaster": (scope.has_recovery, at["ai_recovery_share"] * platform * effort),
        "fewer wrong answers": (
            scope.halvings > 0,
            scope.halvings * at["ai_uplift_share"] * (relevance + at["ai_evaluation_engineer_cost_per_year"]) * effort,
        ),
    }  # fmt: skip


class _Mean:
    """The assumed numbers of a world at their means."""

    def __init__(self, world: World):
        self._world = world
        self.effort = float(np.mean(world.effort))

    def __getitem__(self, name: str) -> float:
        return float(np.mean(self._world[name]))


def _year(amount: np.ndarray) -> float:
    """The mean of the last twelve months together; an unknown price counts nothing here, and is told beside it."""
    last = np.asarray(amount)[:, -12:]
    return float(np.nansum(np.nanmean(last, axis=0))) if np.isfinite(last).any() else 0.0
