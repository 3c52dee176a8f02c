"""The cheapest place for each use case, all of them together, among those that its gates leave; and how each way scores."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from models.ai_economics import placement_scores
from models.ai_economics.assignment import Assignment, Impossible, assign, priced
from models.ai_economics.criteria import Points
from models.ai_economics.flip_points import Standing, standing
from models.ai_economics.pilots import Came, RunSo, family, run_so
from models.ai_economics.placement_costs import Ground, Option, Shared, estate, options, shared
from models.ai_economics.placement_gates import FULL_READINESS, Gate, Seen, gates, is_possible, triggers_of
from models.ai_economics.placement_needs import CENTRAL, EDGE, WAYS
from models.ai_economics.second_line import way_of
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World, places

# The registers whose rows say whether controls can be kept at sites.
READY_REGISTERS = ("edge_controls", "edge_policy", "security_baseline")
# What placement reads beside the plan: the lines of sites as people have said them, and the registers.
LINES_READ: dict[str, tuple[str, ...]] = {
    "raw.site_lines": ("site_id", "line_text"),
    "raw.register_rows": (
        "register_code",
        "stated_code",
        "evidence_text",
        "reviewed_date",
        "review_cycle_days",
        "check_code",
    ),
}


@dataclass(frozen=True)
class Decided:
    """What is known of all use cases that could run: their options and gates, what is shared, and the cheapest assignment.

    Attributes:
        unpriced: those of whose models a price is not known; they are in no assignment.
        costs: use case → way → see `whole_cost`.
    """

    world: World
    cases: tuple[UseCase, ...]
    options: Mapping[str, Mapping[str, Option]]
    gates: Mapping[str, Mapping[str, list[Gate]]]
    shared: Shared
    readiness: float
    unpriced: frozenset[str]
    found: Assignment | Impossible
    costs: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)

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
        return self.costs.get(name, {}).get(way)


def decided(
    world: World,
    ground: Ground,
    readiness: float,
    improved: Mapping[str, bool] | None = None,
    came: Mapping[str, Came] | None = None,
) -> Decided:
    """The cheapest place for each use case of a world among those that its gates leave.

    Args:
        ground: the lines of the places.
        readiness: of governance, 0 to 5, for controls at sites.
        improved: use case → whether its minutes per case were measured as fewer, where they were measured.
        came: family of workflows → what came of its pilots.
    """
    cases = tuple(case for case in world.use_cases if case.stage != "stopped")
    known = {case.use_case_id: {one.way: one for one in options(world, ground, case)} for case in cases}
    unpriced = frozenset(name for name, ways in known.items() if not np.isfinite(ways[CENTRAL].model_cost))
    common = shared(world, ground, [place for case in cases for place in places(world, case)])
    said = {case.use_case_id: gates_of(world, case, known[case.use_case_id], readiness, {}) for case in cases}
    found = Decided(world, cases, known, said, common, readiness, unpriced, Impossible("not asked yet"))
    # A use case for which every way is forbidden is told so; it does not keep the others from being placed.
    served = tuple(name for name in known if name not in unpriced and found.possible(name))
    found = replace(found, found=assign(estate(found.open_options(), common, workflows=served)))
    found = replace(found, costs=whole_costs(found))
    # What a way costs and what came of it forbids nothing, so the gates say that last.
    runs = run_so(cases)
    seen = {case.use_case_id: _seen(found, case, improved or {}, came or {}, runs) for case in cases}
    told = {
        name: gates_of(world, case, known[name], readiness, seen[name]) for case in cases if (name := case.use_case_id)
    }
    return replace(found, gates=told)


def whole_costs(whole: Decided) -> dict[str, dict[str, float | None]]:
    """Use case → way → what it costs and loses with what would be bought for it, all others where the assignment has them."""
    if not isinstance(whole.found, Assignment):
        return {}
    taken = whole.found.ways
    found: dict[str, dict[str, float | None]] = {}
    for name in taken:
        others = {other: where for other, where in taken.items() if other != name}
        beside = [whole.options[other][where] for other, where in others.items()]
        without = priced(estate(beside, whole.shared), others).fixed_cost
        found[name] = {
            way: one.own_cost + priced(estate([*beside, one], whole.shared), {**others, name: way}).fixed_cost - without
            for way, one in whole.options[name].items()
        }
    return found


def gates_of(
    world: World, case: UseCase, ways: Mapping[str, Option], readiness: float, seen: Mapping[str, Seen]
) -> dict[str, list[Gate]]:
    """Way → what the seven steps say of it; `seen` tells by way what it costs and what came of it."""
    return {
        way: gates(
            case, way, readiness=readiness, triggers=triggers_of(
                case, in_time_share=ways[CENTRAL].in_time_share, site_in_time_share=ways[EDGE].in_time_share
            ),
            seen=seen.get(way), least_readiness=world.mean("ai_governance_readiness_least"),
        )
        for way in WAYS
    }  # fmt: skip


def _seen(
    found: Decided, case: UseCase, improved: Mapping[str, bool], came: Mapping[str, Came], runs: RunSo
) -> dict[str, Seen]:
    name = case.use_case_id
    costs = {way: found.whole_cost(name, way) for way in WAYS}
    known = [cost for way in found.possible(name) if (cost := costs[way]) is not None]
    is_here = {way: case.is_running and way == way_of(case) for way in WAYS}
    mine = family(case)
    # Outcomes are those of the whole family, so they tell of a way only where nothing of it runs another way.
    ways_run = {way for kind, way in runs if kind == mine}
    return {
        way: Seen(
            costs[way], min(known, default=None), is_here[way], improved.get(name) if is_here[way] else None,
            mine, runs.get((mine, way), ()), came.get(mine, Came()) if ways_run == {way} else Came(),
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


def kept(rows: pl.DataFrame, as_of: dt.date) -> Iterable[tuple[str, str, str, bool]]:
    """Register, what was said, what shows it, and whether the day on which somebody should have looked again has passed.

    Rows that the data judge are left out: what was said of them proves nothing against the verdict, which is not known yet here.
    The desk asks for that before anything may run at a site.
    """
    look_again = pl.col("reviewed_date") + pl.duration(days=pl.col("review_cycle_days").cast(pl.Int64))
    is_late = (look_again < pl.lit(as_of)).fill_null(value=True)
    return (
        rows.filter(pl.col("check_code").fill_null("") == "")
        .select("register_code", "stated_code", pl.col("evidence_text").fill_null(""), is_late.alias("is_late"))
        .iter_rows()
    )


@dataclass(frozen=True)
class Judgement:
    """Points of the possible ways of one use case, and what weights do to them; ways in the order of `names`."""

    names: tuple[str, ...]
    points: Mapping[str, Mapping[str, Points]]
    standing: Standing | None


def judgement(whole: Decided, case: UseCase, *, seed: int) -> Judgement:
    """The points of each possible way, weighed; of one with a known cost, for without it nothing is compared."""
    points = points_of(whole, case)
    if not points:
        return Judgement((), {}, None)
    weights = np.array([weights_of(whole.world)[criterion] for criterion in placement_scores.CRITERIA])
    return Judgement(tuple(points), points, standing(weights, placement_scores.matrix(points), seed=seed))


def points_of(whole: Decided, case: UseCase) -> dict[str, dict[str, Points]]:
    """The six criteria of each possible way with a known cost, in the order of the ways; empty where there is none."""
    name = case.use_case_id
    costs = {way: cost for way in whole.possible(name) if (cost := whole.whole_cost(name, way)) is not None}
    figures = {
        way: placement_scores.Figures(
            in_time_share=one.in_time_share, service_level=one.service_share, cost_per_year=costs[way]
        )
        for way, one in whole.options[name].items()
        if way in costs
    }  # fmt: skip
    numbers = {key: whole.world.mean(key) for key in (placement_scores.EXPOSURE, placement_scores.SITE_UPKEEP)}
    sites = len(places(whole.world, case))
    return placement_scores.scores(case, figures, readiness=whole.readiness, sites=sites, numbers=numbers)


def weights_of(world: World) -> dict[str, float]:
    """The weight of each criterion, all summing to 1."""
    return placement_scores.weights({name: world.mean(name) for name in placement_scores.WEIGHTS.values()})
