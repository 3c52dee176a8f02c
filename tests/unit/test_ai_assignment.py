"""Where workflows are served: the method's example, what is shared, and what is said where nothing is possible."""

from dataclasses import replace

import pytest

from models.ai_economics.assignment import Assignment, Choice, Estate, Impossible, assign
from models.ai_economics.estate import forbidding, keeps, priced
from tests.ai_estates import AT_SITES, method, without_outages

ASK = Choice("ask", "central api", 10.0, 0.0, 0.0, load=5.0)


def estate(*choices, **more):
    return Estate(choices=choices, **{"fixed": {}, "per_site": {}, **more})


def test_the_example_of_the_method_is_the_central_api_for_all():
    found = assign(method())
    assert set(found.ways.values()) == {"central api"}
    assert found.total == pytest.approx(65_000, rel=0.05)
    assert found.sites == frozenset()
    assert found.nodes == 0
    assert set(assign(without_outages(method(9.0))).ways.values()) == {"central api"}


def test_dear_outages_move_the_work_at_sites_to_hybrid_all_at_once():
    """One machine a site serves all four, so none moves before it pays for them together."""
    now, then = assign(method(8.0)), assign(method(12.0))
    assert set(now.ways.values()) == {"central api"}
    assert {name for name, way in then.ways.items() if way == "hybrid"} == set(AT_SITES)
    assert then.endpoints == 25
    assert then.fixed_cost == 60_000 + 25 * 1_700


def test_a_second_circuit_is_bought_long_before_machines_at_sites():
    found = assign(method(12.0, has_second_circuit=True))
    assert {found.ways[name] for name in AT_SITES} == {"second circuit"}
    assert found.total < assign(method(12.0)).total
    assert found.endpoints == 0
    assert found.fixed_cost == 25 * 1_800


def test_a_node_that_some_must_have_draws_others_to_it():
    """No workflow would ever buy the node for itself; once three must, its people and machines are paid for."""
    bound = ("UC1", "UC2", "A4")
    found = assign(forbidding(method(), ["central api", "second circuit"], bound))
    private = {name for name, way in found.ways.items() if way == "private"}
    assert private == {*bound, "A3", "A5", "W1", "W2", "W3", "T1"}
    assert found.nodes == 2
    for name in private - {*bound}:
        alone = method()
        alone = replace(alone, choices=tuple(choice for choice in alone.choices if choice.workflow == name))
        assert assign(alone).ways == {name: "central api"}
    kept_apart = priced(method(), {name: way if name in bound else "central api" for name, way in found.ways.items()})
    assert found.total < kept_apart.total


def test_hybrid_and_edge_stand_on_the_same_machine():
    one = Choice("one", "edge", 1.0, 0.0, 0.0, sites=("a", "b"))
    two = Choice("two", "hybrid", 1.0, 0.0, 0.0, sites=("b", "c"))
    machines = {("edge", site): 10.0 for site in "abc"}
    found = assign(estate(one, two, fixed={"edge": 100.0}, per_site=machines))
    assert found.fixed_cost == 130
    assert found.sites == {("edge", site) for site in "abc"}
    with pytest.raises(ValueError, match="under edge"):
        estate(one, two, fixed={"hybrid": 100.0})


@pytest.mark.parametrize(("load", "nodes"), [(0.0, 2), (5.0, 2), (10.0, 2), (10.5, 3), (30.0, 4)])
def test_nodes_are_bought_whole_with_a_spare(load, nodes):
    served = Choice("ask", "private", 0.0, 0.0, 0.0, load=load)
    found = assign(
        estate(served, fixed={"private": 7.0}, node_cost=3.0, node_capacity=10.0, spare_nodes=1),
    )
    assert found.nodes == nodes
    assert found.fixed_cost == 7 + 3 * nodes


def test_a_full_node_is_no_reason_to_buy_another():
    """Both would rather be private, but a second node costs more than what the provider takes for one of them."""
    private = [Choice(name, "private", 0.0, 0.0, 0.0, load=6.0) for name in ("one", "two")]
    central = [Choice(name, "central api", cost, 0.0, 0.0) for name, cost in (("one", 30.0), ("two", 25.0))]
    found = assign(estate(*private, *central, node_cost=28.0, node_capacity=10.0))
    assert found.ways == {"one": "private", "two": "central api"}
    assert assign(estate(*private, *central, node_cost=26.0, node_capacity=12.0)).nodes == 1


def test_of_two_ways_that_cost_the_same_the_simpler_is_taken():
    ways = ("edge", "hybrid", "private", "second circuit", "central api")
    same = [Choice(name, way, 10.0, 0.0, 0.0, load=1.0) for name in ("one", "two") for way in ways]
    assert assign(estate(*same)).ways == {"one": "central api", "two": "central api"}


def test_a_workflow_without_a_way_is_named():
    found = assign(estate(ASK, workflows=("ask", "pick", "pack")))
    assert isinstance(found, Impossible)
    assert found.workflows == ("pick", "pack")
    assert found.because == "No way is possible for pick, pack."
    assert assign(estate()).total == 0


def test_a_budget_that_is_too_small_is_said_with_what_would_do():
    dear = replace(ASK, outage_cost=900.0)
    assert assign(estate(dear, budget=10.0)).total == 910  # what an outage loses is not paid from a budget
    found = assign(estate(dear, budget=9.0))
    assert isinstance(found, Impossible)
    assert found.least_budget == pytest.approx(10)
    assert found.because == "The budget of 9 a year is too small: the least that can be paid is 10."


def test_a_budget_takes_the_way_that_loses_more():
    dear = replace(ASK, outage_cost=900.0)
    safe = Choice("ask", "second circuit", 10.0, 10.0, 0.0, sites=("a",))
    shared = {"per_site": {("second circuit", "a"): 50.0}}
    assert assign(estate(dear, safe, budget=60.0, **shared)).ways == {"ask": "second circuit"}
    tight = estate(dear, safe, budget=59.0, **shared)
    assert assign(tight).ways == {"ask": "central api"}
    assert not keeps(tight, priced(tight, {"ask": "second circuit"}))


def test_people_look_after_so_many_machines():
    sites = tuple("abcdefgh")
    work = [
        Choice("pick", "edge", 1.0, 0.0, 0.0, sites=sites),
        Choice("pick", "hybrid", 9.0, 0.0, 0.0, sites=sites[:3]),
    ]
    assert assign(estate(*work, endpoints_per_person=4.0, people=2.0)).ways == {"pick": "edge"}
    assert assign(estate(*work, endpoints_per_person=4.0, people=1.9)).ways == {"pick": "hybrid"}
    found = assign(estate(*work, endpoints_per_person=4.0, people=0.5, budget=1_000.0))
    assert isinstance(found, Impossible)
    assert found.least_endpoints == 3
    assert found.because == "At least 3 machines must stand at sites; the people can look after 2."


def test_a_search_that_is_stopped_says_so():
    found = assign(method(9.0), seconds=0.0)
    assert (
        found.because.startswith("The search met its limit")
        if isinstance(found, Impossible)
        else found.status == "stopped"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"choices": (ASK, ASK)},
        {"choices": (replace(ASK, way="cloud"),)},
        {"choices": (replace(ASK, run_cost=-1.0),)},
        {"choices": (replace(ASK, outage_cost=float("nan")),)},
        {"fixed": {"private": float("inf")}},
        {"per_site": {("hybrid", "a"): 1.0}},
        {"node_capacity": 0.0},
        {"budget": -1.0},
    ],
)
def test_what_is_no_estate_is_refused(wrong):
    with pytest.raises(ValueError, match=r"not below nought|named once|one of|under edge|serves something"):
        Estate(**{"choices": (ASK,), "fixed": {}, "per_site": {}, **wrong})


def test_an_assignment_is_priced_by_ways_that_are_open():
    assert isinstance(assign(estate(ASK)), Assignment)
    with pytest.raises(ValueError, match="among the choices"):
        priced(estate(ASK), {"ask": "edge"})
