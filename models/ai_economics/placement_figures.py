"""The figures of placement as a few sums, so that whoever moves an assumption can see which of them move with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.ai_economics import placement_scores
from models.ai_economics.placement_choice import Decided, decided, gates_of, points_of, weights_of
from models.ai_economics.placement_costs import Ground, options, shared
from models.ai_economics.placement_gates import is_possible
from models.ai_economics.placement_needs import CENTRAL, EDGE, HYBRID, PRIVATE, SECOND_CIRCUIT, WAYS
from models.ai_economics.world import World

# The days until each way could be used.
SETUP = {
    CENTRAL: "ai_central_setup_days", SECOND_CIRCUIT: "ai_second_circuit_setup_days", PRIVATE: "ai_private_setup_days",
    HYBRID: "ai_hybrid_setup_days", EDGE: "ai_edge_setup_days",
}  # fmt: skip
RUN, LOST, ONCE, LATE, IN_TIME = (
    "calls, upkeep and control of the ways",
    "what outages lose",
    "what use cases share",
    "hours without the ways",
    "answers in time",
)
OPEN, POINTS, TENDED, BUDGET, DAYS = (
    "ways that no gate forbids",
    "points of the ways",
    "machines that can be looked after",
    "the budget",
    "days until a way could be used",
)
MONEY = frozenset({RUN, LOST, ONCE, BUDGET})
Sums = dict[str, float]


@dataclass(frozen=True)
class Held:
    """What does not move while an assumption does: the lines, and all that was worked out at the numbers of today."""

    ground: Ground
    whole: Decided


def held(world: World, lines: Mapping[str, str], readiness: float) -> Held:
    """Everything at the numbers of today; outages by their formulas, for a simulation would move with its dice.

    Args:
        lines: place → its circuits, of those that somebody has said.
        readiness: of governance, 0 to 5.
    """
    ground = Ground(lines, is_simulated=False)
    return Held(ground, decided(world, ground, readiness))


def ways(world: World, today: Held) -> Sums:
    """What all ways of all use cases cost and lose in a year, and how often they are there; none without a price counts in money."""
    ground = replace(today.ground)  # a ground of its own: what it has worked out holds for these numbers alone
    found = [one for case in today.whole.cases for one in options(world, ground, case)]
    return {
        RUN: float(np.nansum([one.model_cost + one.upkeep_cost + one.governance_cost for one in found])),
        LOST: float(np.sum([one.outage_cost for one in found])),
        LATE: float(np.sum([one.down_hours for one in found])),
        IN_TIME: float(np.sum([one.in_time_share + one.service_share for one in found])),
    }


def together(world: World, today: Held) -> Sums:
    """What is paid once for many: releases, a machine, engineers, a node, and a second line at every place."""
    common = shared(world, today.ground, today.whole.shared.second_lines)
    return {ONCE: common.releases + common.machine + common.engineers + common.node + sum(common.second_lines.values())}


def allowed(world: World, today: Held) -> Sums:
    """How many ways of all use cases no gate forbids."""
    whole = today.whole
    said = [gates_of(world, case, whole.options[case.use_case_id], whole.readiness, {}) for case in whole.cases]
    return {OPEN: float(sum(is_possible(one[way]) for one in said for way in WAYS))}


def pointed(world: World, today: Held) -> Sums:
    """The weighted points of all possible ways."""
    whole, weights = replace(today.whole, world=world), weights_of(world)
    told = [placement_scores.totals(points, weights) for case in whole.cases if (points := points_of(whole, case))]
    return {POINTS: float(sum(sum(one.values()) for one in told))}


def tended(world: World, _: Held) -> Sums:
    """What limits all together: machines at sites that the people can look after, and the budget."""
    machines = world.mean("ai_endpoints_per_person") * world.mean("ai_endpoint_people")
    return {TENDED: machines, BUDGET: world.mean("ai_placement_budget_per_year")}


def days(world: World, _: Held) -> Sums:
    """The days until each way could be used, added up."""
    return {DAYS: sum(world.mean(SETUP[way]) for way in WAYS)}


Part = Callable[[World, Held], Sums]
PARTS: tuple[Part, ...] = (ways, together, allowed, pointed, tended, days)
