"""A programme's own volume beside the volumes at which a private node or machines at the sites would pay (method section 5.5)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.ai_economics.break_even import BreakEven, break_even_volume
from models.ai_economics.placement_needs import CENTRAL, EDGE, PRIVATE
from models.ai_economics.programme import Simulated
from models.ai_economics.routing import shared_cost
from models.ai_economics.serving import EdgeDevice, Node, edge_cost, private_cost, yearly_capacity
from models.ai_economics.tokens import attempts
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World, cases, loops

MILLION, YEAR = 1e6, 12
SPARE_NODES = 1


@dataclass(frozen=True)
class Owned:
    """A way to serve with machines of one's own, by year and in one currency.

    Attributes:
        staff: what people cost, however many machines there are.
        machine: what one machine costs with its power and upkeep.
        served: Mtok that one machine serves in a year as it can be used.
        machines: the fewest that there must be; `spares` stand beside those that the volume needs.
    """

    staff: float
    machine: float
    served: float
    machines: int = 1
    spares: int = 0

    def cost(self, volume: float) -> float:
        """What a volume of Mtok a year costs: people, and as many whole machines as it needs.

        >>> Owned(100.0, 10.0, 50.0, spares=1).cost(0), Owned(100.0, 10.0, 50.0, spares=1).cost(120)
        (120.0, 140.0)
        """
        needed = max(int(np.ceil(volume / self.served - 1e-9)), self.machines)
        return self.staff + (needed + self.spares) * self.machine

    @property
    def least(self) -> float:
        """What it costs before the first token."""
        return self.cost(0.0)

    @property
    def capacity(self) -> float:
        """Mtok a year that the fewest machines serve."""
        return self.machines * self.served


def tokens_a_year(world: World) -> float:
    """Mtok that the programme's cases take in the first twelve months of its plan, at the mean over paths, retries included.

    What a cascade asks again, what a router sent to the wrong model and what either reads to choose are tokens too.
    """
    tries = float(np.mean(attempts(world["ai_retry_share"], 1)))
    found = 0.0
    for case in world.use_cases:
        count = np.broadcast_to(cases(world, case), (cases(world, case).shape[0], world.months))[:, :YEAR]
        found += float(count.sum(axis=1).mean()) * tokens_a_case(case) * tries
    return found / MILLION


def tokens_a_case(case: UseCase) -> float:
    """Tokens of a case at the mean, over all models that it is sent to: counted as they are paid (`routing.shared_cost`)."""
    told, shares = case.tokens, [share for _, _, share in case.models]
    each = shared_cost(case.routing, shares, [told.input + told.output] * len(shares), 1.0)
    return float(np.asarray(each)) * loops(case)[0]


def api_price(found: Simulated) -> float | None:
    """What a Mtok of the programme's own mix costs at the provider in its first year; None without tokens or without a price."""
    volume = tokens_a_year(found.world)
    spent = sum(
        float(amount[:, :YEAR].sum(axis=1).mean()) for (_, code), amount in found.costs.items() if code == "model calls"
    )
    return spent / volume if volume > 0 and np.isfinite(spent) else None


def site_machine(world: World) -> dict[str, float]:
    """What one machine at a site costs a year by part, at mean assumptions, releases apart."""
    device = EdgeDevice(
        purchase_cost=world.mean("ai_edge_cost"), life_years=world.mean("ai_node_years"), spare_share=world.mean("ai_edge_spare_share"),
        watts=world.mean("ai_edge_watts"), price_a_kwh=world.mean("ai_power_price"),
        management_cost=world.mean("ai_edge_management_cost_per_year"), patch_hours=world.mean("ai_edge_patch_hours"),
        wage_an_hour=world.mean("labour_cost_per_hour"), failure_share=world.mean("ai_edge_failure_share"),
        truck_cost=world.mean("ai_edge_visit_cost"), rate=world.mean("ai_discount_share_per_year"),
    )  # fmt: skip
    return {part: float(cost) for part, cost in edge_cost(device, 1, release_cost=0.0).items() if part != "releases"}


def private_node(world: World) -> dict[str, float]:
    """What one private node costs a year by part, at mean assumptions, engineers apart."""
    node = Node(
        purchase_cost=world.mean("ai_node_cost"), life_years=world.mean("ai_node_years"),
        residual_share=world.mean("ai_node_residual_share"), watts=world.mean("ai_node_watts"),
        pue=world.mean("ai_node_overhead_factor"), price_a_kwh=world.mean("ai_power_price"),
        maintenance_share=world.mean("ai_node_maintenance_share"), rate=world.mean("ai_discount_share_per_year"),
    )  # fmt: skip
    parts = private_cost(node, 1, labour_cost=0.0)
    return {part: float(cost) for part, cost in parts.items() if part not in ("labour", "licences")}


def owned(world: World) -> dict[str, Owned]:
    """The private node and the machines at the sites, at mean assumptions."""
    usable, sites = world.mean("ai_node_use_share"), max(len(world.sites), 1)
    return {
        PRIVATE: Owned(
            world.mean("ai_node_engineer_cost_per_year"), sum(private_node(world).values()),
            float(yearly_capacity(world.mean("ai_node_tokens_per_second"))) * usable, spares=SPARE_NODES,
        ),
        EDGE: Owned(
            world.mean("ai_edge_release_cost_per_year"), sum(site_machine(world).values()),
            float(yearly_capacity(world.mean("ai_edge_tokens_per_second"))) * usable, machines=sites,
        ),
    }  # fmt: skip


def break_evens(ways: Mapping[str, Owned], price: float) -> dict[str, BreakEven]:
    """The volume at which each way of one's own costs what the provider does, and whether its fewest machines can serve that.

    >>> found = break_evens({"private": Owned(100.0, 10.0, 50.0)}, 2.0)["private"]
    >>> found.volume, found.is_within_capacity
    (55.0, False)
    """
    return {name: break_even_volume(way.least, price, capacity=way.capacity) for name, way in ways.items()}


def curves(ways: Mapping[str, Owned], price: float, volumes: np.ndarray) -> dict[str, np.ndarray]:
    """What each way costs a year at each volume, the provider's first.

    >>> {
    ...     name: cost.tolist()
    ...     for name, cost in curves({"edge": Owned(9.0, 1.0, 5.0)}, 2.0, np.array([1.0, 10.0])).items()
    ... }
    {'central api': [2.0, 20.0], 'edge': [10.0, 11.0]}
    """
    own = {name: np.array([way.cost(float(volume)) for volume in volumes]) for name, way in ways.items()}
    return {CENTRAL: price * np.asarray(volumes, dtype=float), **own}
