"""The cheapest place for each use case, all of them together, among those that its gates leave; and how each way scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.ai_economics import placement_scores
from models.ai_economics.assignment import Assignment, Impossible, assign, priced
from models.ai_economics.criteria import Points
from models.ai_economics.flip_points import Standing, standing
from models.ai_economics.placement_costs import Ground, Option, Shared, estate, options, places, shared
from models.ai_economics.placement_gates import FULL_READINESS, Gate, Seen, gates, is_possible, triggers_of
from models.ai_economics.placement_needs import CENTRAL, EDGE, WAYS
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World

# The registers whose rows say whether controls can be kept at sites.
READY_REGISTERS = ("edge_controls", "edge_policy", "security_baseline")


@dataclass(frozen=True)
class Decided:
    """What is known of all use cases that could run: their options and gates, what is shared, and the cheapest assignment.

    Attributes:
        unpriced: those of whose models a price is not known; they are in no assignment.
    """

    world: World
    cases: tuple[UseCase, ...]
    options: Mapping[str, Mapping[str, Option]]
    gates: Mapping[str, Mapping[str, list[Gate]]]
    shared: Shared
    readiness: float
    unpriced: frozenset[str]
    found: Assignment | Impossible

    def possible(self, name: str) -> list[str]:
        """The ways that no gate forbids to a use case."""
        return [way for way in WAYS if is_possible(self.gates[name][way])]

    def advised(self, name: str) -> str | None:
        """The way that all together would have it run; None where nothing can be said."""
        return self.found.ways.get(name) if isinstance(self.found, Assignment) else None

    def open_options(self) -> list[Option]:
        """The options that may be taken."""
        return [
            self.options[name][way] for name in self.options if name not in self.unpriced for way in self.possible(name)
        ]

    def whole_cost(self, name: str, way: str) -> float | None:
        """What a way costs and loses in a year with what would be bought for it, all others where they are advised.

        None where no price is known, or no assignment.
        """
        if not isinstance(self.found, Assignment) or name not in self.found.ways:
            return None
        others = {other: where for other, where in self.found.ways.items() if other != name}
        one = self.options[name][way]
        open_to = [*(self.options[other][where] for other, where in others.items()), one]
        wide = estate(open_to, self.shared)
        bought = priced(wide, {**others, name: way}).fixed_cost - priced(wide, others).fixed_cost
        return one.own_cost + bought


def decided(world: World, ground: Ground, readiness: float, improved: Mapping[str, bool] | None = None) -> Decided:
    """The cheapest place for each use case of a world among those that its gates leave.

    Args:
        ground: the lines of the places.
        readiness: of governance, 0 to 5, for controls at sites.
        improved: use case → whether its outcomes were measured as better, where they were measured.
    """
    cases = tuple(case for case in world.use_cases if case.stage != "stopped")
    known = {case.use_case_id: {one.way: one for one in options(world, ground, case)} for case in cases}
    unpriced = frozenset(name for name, ways in known.items() if not np.isfinite(ways[CENTRAL].model_cost))
    common = shared(world, ground, [place for case in cases for place in places(world, case)])
    said = {case.use_case_id: _gates(world, case, known[case.use_case_id], readiness, {}) for case in cases}
    found = Decided(world, cases, known, said, common, readiness, unpriced, Impossible("not asked yet"))
    # A use case for which every way is forbidden is told so; it does not keep the others from being placed.
    served = tuple(name for name in known if name not in unpriced and found.possible(name))
    found = replace(found, found=assign(estate(found.open_options(), common, workflows=served)))
    # What a way costs and what came of it forbids nothing, so the gates say that last.
    return replace(
        found, gates={case.use_case_id: _gates(world, case, known[case.use_case_id], readiness, _seen(found, case, improved or {}))
                      for case in cases},
    )  # fmt: skip


def _gates(
    world: World, case: UseCase, ways: Mapping[str, Option], readiness: float, seen: Mapping[str, Seen]
) -> dict[str, list[Gate]]:
    return {
        way: gates(
            case, way, readiness=readiness, triggers=triggers_of(
                case, in_time_share=ways[CENTRAL].in_time_share, site_in_time_share=ways[EDGE].in_time_share
            ),
            seen=seen.get(way), least_readiness=world.mean("ai_governance_readiness_least"),
        )
        for way in WAYS
    }  # fmt: skip


def _seen(found: Decided, case: UseCase, improved: Mapping[str, bool]) -> dict[str, Seen]:
    name = case.use_case_id
    costs = {way: found.whole_cost(name, way) for way in WAYS}
    known = [cost for way in found.possible(name) if (cost := costs[way]) is not None]
    is_here = {way: case.is_running and way == case.deployment for way in WAYS}
    return {
        way: Seen(
            costs[way], min(known, default=None), is_here[way], improved.get(name) if is_here[way] else None
        )
        for way in WAYS
    }  # fmt: skip


def readiness(rows: Iterable[tuple[str, str, str, bool]]) -> float:
    """How ready governance is for controls at sites, 0 to 5: of the rows of its registers that apply, the share that is in place.

    Args:
        rows: register, what was said of a row, what shows it, and whether its day of review has passed; what nothing shows, or nobody
            has looked at in time, is not in place.

    >>> readiness(
    ...     [
    ...         ("edge_controls", "in place", "test of May", False),
    ...         ("edge_policy", "in place", "", False),
    ...         ("training", "missing", "", True),
    ...     ]
    ... )
    2.5
    """
    mine = [
        said == "in place" and bool(shown.strip()) and not is_late
        for register, said, shown, is_late in rows
        if register in READY_REGISTERS and said != "not applicable"
    ]
    return FULL_READINESS * sum(mine) / len(mine) if mine else 0.0


@dataclass(frozen=True)
class Judgement:
    """Points of the possible ways of one use case, and what weights do to them; ways in the order of `names`."""

    names: tuple[str, ...]
    points: Mapping[str, Mapping[str, Points]]
    standing: Standing | None


def judgement(whole: Decided, case: UseCase, *, seed: int) -> Judgement:
    """The six criteria of each possible way; of one with a known cost, for without it nothing is compared."""
    name = case.use_case_id
    costs = {way: cost for way in whole.possible(name) if (cost := whole.whole_cost(name, way)) is not None}
    names = tuple(costs)
    figures = {
        way: placement_scores.Figures(
            in_time_share=one.in_time_share, service_level=one.service_share, cost_per_year=costs[way]
        )
        for way, one in whole.options[name].items()
        if way in names
    }  # fmt: skip
    numbers = {key: whole.world.mean(key) for key in ("ai_provider_exposure_share", "ai_site_upkeep_share")}
    sites = len(places(whole.world, case))
    points = placement_scores.scores(case, figures, readiness=whole.readiness, sites=sites, numbers=numbers)
    if not points:
        return Judgement(names, {}, None)
    weights = np.array([_weights(whole.world)[criterion] for criterion in placement_scores.CRITERIA])
    return Judgement(names, points, standing(weights, placement_scores.matrix(points), seed=seed))


def _weights(world: World) -> dict[str, float]:
    return placement_scores.weights({name: world.mean(name) for name in placement_scores.WEIGHTS.values()})
