"""All workflows with the ways that are open to them, what those cost alone and together, and what any assignment of them costs a year.

What is paid once for many workflows (people for a private node, a machine at a site) is why each workflow cannot be judged alone: once
one must have a node, the next finds it paid for.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models import solver
from models.ai_economics.number import need
from models.ai_economics.placement_needs import EDGE, PRIVATE, STANDS_ON, WAYS

SAME = 1e-9


@dataclass(frozen=True)
class Choice:
    """One way that is open to a workflow, and what comes with it alone, by year in one currency.

    Attributes:
        workflow: its name. way: one of WAYS.
        run_cost, outage_cost, governance_cost: of this workflow this way, without what it shares with others.
        load: Mtok a year, which a private node must serve. sites: where the work is done.
    """

    workflow: str
    way: str
    run_cost: float
    outage_cost: float
    governance_cost: float
    load: float = 0.0
    sites: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The way under whose name its shared costs are kept: hybrid stands on the machines of edge."""
        return STANDS_ON.get(self.way, self.way)

    @property
    def own_cost(self) -> float:
        """All that it costs by itself."""
        return self.run_cost + self.outage_cost + self.governance_cost


@dataclass(frozen=True, kw_only=True)
class Estate:
    """All workflows with the ways that are possible for them, and what is shared, by year.

    Attributes:
        choices: the possible ones only.
        workflows: all that must be served; those of the choices where none are named.
        fixed: by way, once it is used at all. per_site: by way and site, once it is used there. Those of hybrid are those of edge.
        node_cost, node_capacity, spare_nodes: of private nodes: each, Mtok a year that one serves, and how many stand beside them.
        endpoints_per_person, people: machines at sites that one person looks after, and how many people; None for no limit.
        budget: for what is paid a year; None for no limit. What an outage loses is no payment and is not held against it.

    Errors:
        ValueError: a figure that is unknown or below nought, a way of another name, a choice named twice.
    """

    choices: tuple[Choice, ...]
    workflows: tuple[str, ...] = ()
    fixed: Mapping[str, float]
    per_site: Mapping[tuple[str, str], float]
    node_cost: float = 0.0
    node_capacity: float = math.inf
    spare_nodes: int = 0
    endpoints_per_person: float = 150.0
    people: float | None = None
    budget: float | None = None

    def __post_init__(self) -> None:
        named = [(choice.workflow, choice.way) for choice in self.choices]
        need(len(set(named)) == len(named), "each way of a workflow is named once")
        need({way for _, way in named} <= set(WAYS), f"a way is one of {', '.join(WAYS)}")
        kept = {*self.fixed, *(way for way, _ in self.per_site)}
        need(
            kept <= {STANDS_ON.get(way, way) for way in WAYS},
            "shared costs are kept by way, those of hybrid under edge",
        )
        own = (cost for one in self.choices for cost in (one.run_cost, one.outage_cost, one.governance_cost, one.load))
        limits = (self.node_cost, self.spare_nodes, self.endpoints_per_person, self.people or 0.0, self.budget or 0.0)
        figures = np.array([*own, *self.fixed.values(), *self.per_site.values(), *limits], dtype=float)
        need(np.isfinite(figures) & (figures >= 0), "every cost, load and limit is known and not below nought")
        need(self.node_capacity > 0, "a node serves something")

    @property
    def served(self) -> tuple[str, ...]:
        """Names of the workflows, each once, in the order given."""
        return tuple(dict.fromkeys(self.workflows or [choice.workflow for choice in self.choices]))

    @property
    def most_endpoints(self) -> int | None:
        """Machines at sites that the people can look after; None for no limit.

        >>> Estate(choices=(), fixed={}, per_site={}, people=0.5).most_endpoints
        75
        """
        return None if self.people is None else math.floor(self.endpoints_per_person * self.people + SAME)


@dataclass(frozen=True)
class Assignment:
    """Each workflow with its way, and what all of it costs a year.

    Attributes:
        ways: by workflow. nodes: private ones, spares included.
        sites: what stands where: (way, site) that is paid for by site, and every machine at a site as ("edge", site).
        fixed_cost: all that is shared: once by way, by site, and nodes. total: of the four costs.
        status: optimal, or stopped where the search met its limit and a better one may exist.
    """

    ways: dict[str, str]
    nodes: int
    sites: frozenset[tuple[str, str]]
    run_cost: float
    outage_cost: float
    governance_cost: float
    fixed_cost: float
    total: float
    status: str

    @property
    def paid(self) -> float:
        """What is paid a year: all but what outages lose."""
        return self.run_cost + self.governance_cost + self.fixed_cost

    @property
    def endpoints(self) -> int:
        """Machines at sites."""
        return sum(way == EDGE for way, _ in self.sites)


@dataclass(frozen=True)
class Impossible:
    """No assignment keeps to what must hold.

    Attributes:
        because: the reason, in a sentence. workflows: those without any way.
        least_budget, least_endpoints: what it would take, where that is the reason.
    """

    because: str
    workflows: tuple[str, ...] = ()
    least_budget: float | None = None
    least_endpoints: int | None = None


def priced(estate: Estate, ways: Mapping[str, str], *, status: str = solver.OPTIMAL) -> Assignment:
    """What an assignment costs, whether or not it is the best or keeps to the limits.

    Errors:
        ValueError: a way that is not among the choices of its workflow.

    >>> estate = Estate(choices=(Choice("ask", "private", 1.0, 2.0, 3.0, load=15.0),), fixed={"private": 9.0}, per_site={},
    ...     node_cost=4.0, node_capacity=10.0, spare_nodes=1)
    >>> found = priced(estate, {"ask": "private"})
    >>> found.nodes, found.fixed_cost, found.total, found.paid
    (3, 21.0, 27.0, 25.0)
    """  # fmt: skip
    open_to = {(choice.workflow, choice.way): choice for choice in estate.choices}
    need(set(ways.items()) <= set(open_to), "every way is among the choices of its workflow")
    taken = [open_to[named] for named in ways.items()]
    kinds = {choice.kind for choice in taken}
    sites = frozenset(
        (choice.kind, site) for choice in taken for site in choice.sites if stands(estate, choice.kind, site)
    )
    nodes = 0
    if PRIVATE in kinds:
        load = math.fsum(choice.load for choice in taken if choice.way == PRIVATE)
        nodes = max(math.ceil(load / estate.node_capacity - SAME), 1) + estate.spare_nodes
    shared = [estate.fixed.get(kind, 0.0) for kind in kinds] + [estate.per_site.get(place, 0.0) for place in sites]
    parts = (
        math.fsum(choice.run_cost for choice in taken),
        math.fsum(choice.outage_cost for choice in taken),
        math.fsum(choice.governance_cost for choice in taken),
        math.fsum([*shared, nodes * estate.node_cost]),
    )
    return Assignment(dict(ways), nodes, sites, *parts, math.fsum(parts), status)


def keeps(estate: Estate, found: Assignment) -> bool:
    """Whether an assignment keeps to the people who look after machines at sites, and to the budget.

    >>> estate = Estate(choices=(Choice("ask", "central api", 10.0, 90.0, 0.0),), fixed={}, per_site={}, budget=10.0)
    >>> (
    ...     keeps(estate, priced(estate, {"ask": "central api"})),
    ...     keeps(replace(estate, budget=9.0), priced(estate, {"ask": "central api"})),
    ... )
    (True, False)
    """
    is_tended = estate.most_endpoints is None or found.endpoints <= estate.most_endpoints
    return is_tended and (estate.budget is None or found.paid <= estate.budget + SAME * max(estate.budget, 1.0))


def forbidding(estate: Estate, ways: Iterable[str], workflows: Iterable[str]) -> Estate:
    """The estate in which some workflows may not be served some ways; they must still be served.

    >>> estate = Estate(choices=(Choice("ask", "central api", 1.0, 0.0, 0.0),), fixed={}, per_site={})
    >>> left = forbidding(estate, ["central api"], ["ask"])
    >>> left.choices, left.served
    ((), ('ask',))
    """
    without, of = set(ways), set(workflows)
    left = tuple(choice for choice in estate.choices if choice.workflow not in of or choice.way not in without)
    return replace(estate, choices=left, workflows=estate.served)


def stands(estate: Estate, kind: str, site: str) -> bool:
    """Whether something stands at a site that way: a machine, or what is paid for by site.

    >>> stands(Estate(choices=(), fixed={}, per_site={("second circuit", "a"): 9.0}), "second circuit", "b")
    False
    """
    return kind == EDGE or (kind, site) in estate.per_site
