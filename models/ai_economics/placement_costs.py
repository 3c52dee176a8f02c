"""What each use case would cost a year at each place where it could run: its model, its upkeep, its control, and the hours without it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from models.ai_economics import network, response_times
from models.ai_economics.availability import outage_cost
from models.ai_economics.estate import Choice, Estate
from models.ai_economics.outages import BUSINESS, Uptime, expected, uptime
from models.ai_economics.own_serving import owned, tokens_a_case
from models.ai_economics.placement_needs import CENTRAL, EDGE, HYBRID, PRIVATE, SECOND_CIRCUIT, WAYS
from models.ai_economics.response_times import Peak
from models.ai_economics.second_line import yearly
from models.ai_economics.tokens import attempts
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import MONTHS, TIER_WEIGHT, World, cases, cost_per_case, eligible, places

PAGES_HELP = ("retrieval", "guided workflow")  # tasks that pages kept at a site do in part
WORK_DAYS, BUSIEST_HOUR, BURST, HOUR = 250.0, 0.14, 1.3, 3600.0  # method section 2.1
YEARS = 1000  # simulated; they tell a share down of 2 % within 1.5 % of itself
MILLION = 1e6


@dataclass
class Ground:
    """What the lines of the places are, and what has been worked out about them so far.

    Attributes:
        lines: place → its circuits, such as "fibre + lte"; a place that is not named has `usual`.
        seed: the same seed gives the same outages.
        is_simulated: whether outages are simulated; else by the formulas of the long run, in which business hours have no share of
            their own.
    """

    lines: Mapping[str, str] = field(default_factory=dict)
    usual: str = network.USUAL
    seed: int = 20260101
    is_simulated: bool = True
    _known: dict[tuple[str, bool], Uptime] = field(default_factory=dict, repr=False, init=False)

    def line(self, place: str) -> str:
        """The circuits of a place."""
        return self.lines.get(place) or self.usual

    def uptime(self, line: str, world: World, *, is_private: bool = False) -> Uptime:
        """How much of the business hours the centre is reached over such circuits, and a machine at the site is up without it."""
        key = (line, is_private)
        if key not in self._known:
            parts = (
                network.circuits(line, world.mean),
                network.centre(world.mean, is_private=is_private),
                network.machine(world.mean),
            )
            beta = world.mean("ai_circuit_common_share")
            self._known[key] = (
                uptime(*parts, common_share=beta, years=YEARS, seed=self.seed)
                if self.is_simulated
                else expected(*parts, common_share=beta)
            )
        return self._known[key]


@dataclass(frozen=True)
class Option:
    """One way for one use case, by year in reporting currency; whether it may be taken is for the gates to say.

    Attributes:
        places: where the work is done. model_cost: what calls cost; NaN without a known price. upkeep_cost: of what is brought to
            sites. governance_cost: of control. outage_cost: of business hours without it.
        load: Mtok. down_hours: business hours without it, at the mean place. in_time_share: of its answers while it is up.
        service_share: of all that is asked, what is answered in time. local_share: of the work, what a site does alone.
    """

    use_case_id: str
    way: str
    places: tuple[str, ...]
    model_cost: float
    upkeep_cost: float
    governance_cost: float
    outage_cost: float
    load: float
    down_hours: float
    in_time_share: float
    service_share: float
    local_share: float

    @property
    def own_cost(self) -> float:
        """All that it costs without what it shares with others."""
        return self.model_cost + self.upkeep_cost + self.governance_cost + self.outage_cost


@dataclass(frozen=True)
class Shared:
    """What is paid for many use cases together, by year.

    Attributes:
        releases: engineers of releases to sites. machine: one at a site. engineers: of private nodes. node: one of them.
        node_capacity: Mtok that a node serves. second_lines: place → a second circuit where there is none, with its pages.
        endpoints_per_person, people: who looks after machines at sites. budget: for all that is paid; None where none is set.
    """

    releases: float
    machine: float
    engineers: float
    node: float
    node_capacity: float
    second_lines: Mapping[str, float]
    endpoints_per_person: float
    people: float
    budget: float | None = None


def steady_cases(world: World, case: UseCase) -> float:
    """Cases a year once people use it: those of the coming year where it runs, else the eligible ones by the usual adoption."""
    if case.is_running:
        return _a_year(cases(world, case), world)
    return _a_year(eligible(world, case), world) * world.mean("ai_adoption_share")


def options(world: World, ground: Ground, case: UseCase) -> list[Option]:
    """Every way of a use case with what it costs and how often it is there in time, in the order of `WAYS`."""
    count, here = steady_cases(world, case), places(world, case)
    local = case.needs.offline_share
    calls = count * _a_year(cost_per_case(world, case), world) / MONTHS
    tries = float(np.mean(attempts(world["ai_retry_share"], 1)))
    load = count * tokens_a_case(case) * tries / MILLION
    control = (
        world.mean("ai_review_hours_per_cycle") * 2 * TIER_WEIGHT[case.autonomy] * _mean(world.wage * world.effort)
    )
    spread = 1 + world.mean("ai_site_upkeep_share") * len(here)
    brought = world.mean("ai_read_connector_days") * world.mean("ai_day_rate") * _mean(world.effort)
    upkeep = brought * world.mean("ai_maintenance_share_per_year")
    costs = {
        CENTRAL: (calls, 0.0, control),
        SECOND_CIRCUIT: (calls, 0.0, control),
        PRIVATE: (0.0, 0.0, control),
        HYBRID: (calls * (1 - local), upkeep, control * spread),
        EDGE: (0.0, upkeep, control * spread),
    }
    arrivals = count / WORK_DAYS * BUSIEST_HOUR * BURST / HOUR
    found = []
    for way in WAYS:
        down, in_time, served = _Way(world, ground, case, way, local, arrivals).over(here)
        lost = float(outage_cost(down, hour_cost(world, case), manual_share=case.needs.manual_share))
        found.append(Option(case.use_case_id, way, here, *costs[way], lost, load, down, in_time, served, local))
    return found


def shared(world: World, ground: Ground, everywhere: Iterable[str]) -> Shared:
    """What is shared, at mean assumptions; `everywhere` names every place of any use case."""
    ways = owned(world)
    return Shared(
        releases=ways[EDGE].staff,
        machine=ways[EDGE].machine,
        engineers=ways[PRIVATE].staff,
        node=ways[PRIVATE].machine,
        node_capacity=ways[PRIVATE].served,
        second_lines={place: yearly(ground.line(place), world.mean) for place in sorted(set(everywhere))},
        endpoints_per_person=world.mean("ai_endpoints_per_person"),
        people=world.mean("ai_endpoint_people"),
        budget=world.mean("ai_placement_budget_per_year") or None,
    )  # fmt: skip


@dataclass(frozen=True)
class Factors:
    """By how much figures of today are multiplied, to ask where the choice would turn."""

    outage: float = 1.0
    volume: float = 1.0
    price: float = 1.0
    site_machines: float = 1.0
    private_nodes: float = 1.0
    second_lines: float = 1.0


def estate(
    chosen: Iterable[Option], common: Shared, factors: Factors = Factors(), *, workflows: tuple[str, ...] = ()
) -> Estate:
    """All use cases with the ways that are open to them.

    Args:
        chosen: the options that gates leave; none of a use case whose model has no known price.
        workflows: all that must be served, where some may have no way left.
    """
    offered = tuple(
        Choice(
            one.use_case_id, one.way, one.model_cost * factors.price * factors.volume + one.upkeep_cost,
            one.outage_cost * factors.outage * factors.volume, one.governance_cost, one.load * factors.volume, one.places,
        )
        for one in chosen
    )  # fmt: skip
    at_sites = {(EDGE, place) for one in offered for place in one.sites if one.way in (EDGE, HYBRID)}
    return Estate(
        choices=offered,
        workflows=workflows,
        fixed={EDGE: common.releases * factors.site_machines, PRIVATE: common.engineers * factors.private_nodes},
        per_site=dict.fromkeys(sorted(at_sites), common.machine * factors.site_machines)
        | {(SECOND_CIRCUIT, place): cost * factors.second_lines for place, cost in common.second_lines.items()},
        node_cost=common.node * factors.private_nodes,
        node_capacity=common.node_capacity,
        spare_nodes=1,
        endpoints_per_person=common.endpoints_per_person,
        people=common.people,
        budget=common.budget,
    )


Found = tuple[float, float, float]


@dataclass(frozen=True)
class _Way:
    """One way of one use case, to be looked at place by place; `local` is the share of the work that a site does alone."""

    world: World
    ground: Ground
    case: UseCase
    way: str
    local: float
    arrivals: float  # answers asked for a second in the busiest hour, everywhere

    def over(self, here: tuple[str, ...]) -> Found:
        """Business hours without it a year, share in time while it is up, and share served in time, at the mean place."""
        weights = np.array([self.world.sites.get(place, 0.0) for place in here])
        weights = weights / weights.sum() if weights.sum() > 0 else np.full(len(here), 1 / len(here))
        rows = [self.at(self.ground.line(place), float(share)) for place, share in zip(here, weights, strict=True)]
        down, soon, served = (float(weights @ np.array(column)) for column in zip(*rows, strict=True))
        return down, soon, served

    def at(self, line: str, share: float) -> Found:
        """The same at one place with such circuits, where this share of the work is done."""
        if self.way in (HYBRID, EDGE):
            return self._at_site(line, share)
        is_private, has_pages = self.way == PRIVATE, self.way == SECOND_CIRCUIT
        soon = self._in_time("private" if is_private else self.case.needs.tier)
        reached = self.ground.uptime(
            network.with_second(line) if has_pages else line, self.world, is_private=is_private
        )
        lost = 1 - reached.central
        if has_pages and self.case.needs.task in PAGES_HELP:
            lost *= 1 - self.world.mean("ai_cached_procedures_share")
        return lost * BUSINESS.a_year, soon, response_times.service_level(reached, soon)

    def _at_site(self, line: str, share: float) -> Found:
        reached, at_site = self.ground.uptime(line, self.world), self._in_time("edge", share)
        if self.way == HYBRID:
            soon = self._in_time(self.case.needs.tier)
            return (
                reached.down_hours(self.local),
                soon,
                response_times.service_level(reached, soon, at_site, self.local),
            )
        up = reached.edge - reached.edge_alone * (1 - self.local)
        return (1 - up) * BUSINESS.a_year, at_site, response_times.edge_service_level(reached, at_site, self.local)

    def _in_time(self, answers: str, share: float = 1.0) -> float:
        slots = response_times.slots_of(answers, 1, self.world.mean)
        peak = None if slots is None else Peak(slots, self.arrivals * share)
        speed, asked = response_times.speed_of(answers, self.world.mean), self.case.needs
        return response_times.within(speed, asked.answer_tokens, asked.longest_seconds, peak=peak)


def hour_cost(world: World, case: UseCase) -> float:
    """What an hour without it costs here: as in the reference company, by our size."""
    low, likely, high = case.needs.outage_cost_per_hour
    size = _mean(world.orders_per_year) / world.mean("ai_reference_orders_per_year")
    return (low + 4 * likely + high) / 6 * size


def _a_year(amounts: np.ndarray, world: World) -> float:
    """The sum of the first twelve months, at the mean over paths."""
    return float(np.broadcast_to(amounts, (amounts.shape[0], world.months))[:, : int(MONTHS)].sum(axis=1).mean())


def _mean(amounts: np.ndarray) -> float:
    return float(np.mean(amounts))
