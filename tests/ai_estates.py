"""Estates of workflows to be placed: one of the size of the method's example, small ones by chance, and brute force for those."""

import itertools
from dataclasses import replace

import numpy as np

from models.ai_economics.assignment import Choice, Estate
from models.ai_economics.placement_needs import WAYS

SITES = tuple(f"S{number:02}" for number in range(25))
# Mtok a year, and hours of outage a year that nobody works around times what one costs over the network.
LOADS = {"UC1": 273, "UC2": 15, "UC3": 1762, "UC4": 842, "UC5": 668, "A3": 120, "A4": 527, "A5": 300,
         "W1": 160, "W2": 90, "W3": 60, "T1": 45, "T2": 70}  # fmt: skip
OUTAGES = {"W1": 16 * 600, "W2": 16 * 450, "T1": 16 * 150, "T2": 16 * 150}
AT_SITES = ("W1", "W2", "T1", "T2")  # warehouse, branch, proof of delivery, dispatch
STRONG = ("UC3", "UC4", "UC5", "T2")  # need a better model than the private node runs
PRICE, PRIVATE_PRICE, GOVERNANCE, LINES_A_YEAR = 1.3, 0.02, 3_000.0, 1_800.0


def method(outages: float = 1.0, *, has_second_circuit: bool = False) -> Estate:
    """Thirteen workflows at 25 sites; what outages lose times a figure."""
    choices = []
    for name, load in LOADS.items():
        lost = OUTAGES.get(name, 0) * outages
        sites = SITES if name in AT_SITES else ()
        choices.append(Choice(name, "central api", load * PRICE, lost, GOVERNANCE, load, sites))
        if has_second_circuit and sites:
            choices.append(Choice(name, "second circuit", load * PRICE, 0.25 * lost, GOVERNANCE, load, sites))
        if name not in STRONG:
            choices.append(Choice(name, "private", load * PRIVATE_PRICE, lost, GOVERNANCE, load, sites))
        if sites:
            choices.append(Choice(name, "hybrid", load * PRICE / 2, 0.4 * lost, 1.2 * GOVERNANCE, load, sites))
    return Estate(
        choices=tuple(choices), fixed={"private": 85_000.0, "edge": 60_000.0}, node_cost=8_000.0, node_capacity=23_500.0, spare_nodes=1,
        per_site={("edge", site): 1_700.0 for site in SITES} | {("second circuit", site): LINES_A_YEAR for site in SITES},
    )  # fmt: skip


def by_chance(seed: int, *, is_limited: bool = True) -> Estate:
    """At most 5 workflows, 5 ways and 3 sites, in whole figures of a size at which sharing turns the answer."""
    dice = np.random.default_rng(seed)
    sites = ("a", "b", "c")[: int(dice.integers(1, 4))]
    choices = []
    for number in range(int(dice.integers(1, 6))):
        ways = ("hybrid", "edge") if dice.random() < 0.25 else WAYS  # some must work offline
        possible = [way for way in ways if dice.random() < 0.75] or [str(dice.choice(ways))]
        load = float(dice.integers(0, 15))
        for way in possible:
            at = tuple(site for site in sites if dice.random() < 0.7)
            own = (float(dice.integers(0, most)) for most in (20, 40, 8))
            choices.append(Choice(f"w{number}", way, *own, load, at))
    kinds = ("central api", "second circuit", "private", "edge")
    limited = {
        "people": float(dice.integers(0, 4)) if dice.random() < 0.5 else None,
        "budget": float(dice.integers(0, 160)) if dice.random() < 0.5 else None,
    }
    return Estate(
        choices=tuple(choices),
        fixed={kind: float(dice.integers(0, 40)) for kind in kinds if dice.random() < 0.8},
        per_site={(kind, site): float(dice.integers(0, 15)) for kind in kinds for site in sites if dice.random() < 0.7},
        node_cost=float(dice.integers(0, 20)),
        node_capacity=float(dice.integers(5, 25)),
        spare_nodes=int(dice.integers(0, 2)),
        endpoints_per_person=1.0,
        **(limited if is_limited else {}),
    )


def large(workflows: int, sites: int, *, seed: int) -> Estate:
    """All five ways for every workflow, each at sites of its own: nothing is alike. Private nodes are dear where the seed is even."""
    dice, dear = np.random.default_rng(seed), 0.1 if seed % 2 else 1.0
    places = tuple(f"S{number:02}" for number in range(sites))
    choices = []
    for number in range(workflows):
        at = tuple(site for site in places if dice.random() < 0.6)
        load, lost = float(dice.lognormal(5.5, 1.2)), float(dice.lognormal(8.0, 1.5))
        shares = dict(zip(WAYS, (1.0, 0.3, 0.9, 0.2, 0.5), strict=True))
        prices = dict(zip(WAYS, (1.3, 1.3, 0.02, 0.6, 0.0), strict=True))
        for way in WAYS:
            governance = 2_000 + 1_500 * float(dice.random())
            choices.append(Choice(f"w{number}", way, load * prices[way], lost * shares[way] * 8, governance, load, at))
    machines = {("edge", site): 1_500 + 500 * float(dice.random()) for site in places}
    lines = {("second circuit", site): 1_200 + 900 * float(dice.random()) for site in places}
    return Estate(
        choices=tuple(choices), fixed={"private": 85_000.0 * dear, "edge": 60_000.0}, per_site=machines | lines,
        node_cost=8_000.0 * dear, node_capacity=4_000.0, spare_nodes=1, people=0.5, budget=400_000.0,
    )  # fmt: skip


def every_total(estate: Estate) -> dict[tuple[str, ...], float]:
    """What each way of combining the ways costs, of those that keep to the limits, added up afresh: by ways in order of workflows."""
    names = sorted({choice.workflow for choice in estate.choices})
    found = {}
    for taken in itertools.product(*([one for one in estate.choices if one.workflow == name] for name in names)):
        shared, machines, load, is_private = 0.0, set(), 0.0, False
        used, stood = set(), set()
        for choice in taken:
            kind = "edge" if choice.way in {"edge", "hybrid"} else choice.way
            used.add(kind)
            stood |= {(kind, site) for site in choice.sites}
            machines |= {site for site in choice.sites if kind == "edge"}
            if choice.way == "private":
                is_private, load = True, load + choice.load
        shared += sum(estate.fixed.get(kind, 0) for kind in used) + sum(
            estate.per_site.get(place, 0) for place in stood
        )
        nodes = 0
        while is_private and (nodes < 1 or nodes * estate.node_capacity < load):
            nodes += 1
        shared += (nodes + estate.spare_nodes * is_private) * estate.node_cost
        paid = shared + sum(choice.run_cost + choice.governance_cost for choice in taken)
        if estate.people is not None and len(machines) > estate.people * estate.endpoints_per_person:
            continue
        if estate.budget is not None and paid > estate.budget:
            continue
        found[tuple(choice.way for choice in taken)] = paid + sum(choice.outage_cost for choice in taken)
    return found


def without_outages(estate: Estate) -> Estate:
    """The same, where an outage loses nothing."""
    return replace(estate, choices=tuple(replace(choice, outage_cost=0.0) for choice in estate.choices))


def with_outages(estate: Estate, times: float) -> Estate:
    """The same, where outages lose so many times as much."""
    moved = (replace(choice, outage_cost=choice.outage_cost * times) for choice in estate.choices)
    return replace(estate, choices=tuple(moved))
