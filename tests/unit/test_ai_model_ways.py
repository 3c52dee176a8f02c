"""One model, a router or a cascade: what a case costs, what is wrong with a definition, and which way is cheapest."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ai_economics import routing
from models.ai_economics.inputs import registry, world_of
from models.ai_economics.model_ways import CASCADE, ROUTER, STRONGEST, TODAY, compared
from models.ai_economics.programme import simulated
from models.ai_economics.routing import Routing
from models.ai_economics.use_case import use_case
from models.ai_economics.world import cost_per_case
from pipelines.use_cases import templates
from tests.ai_programmes import AS_OF, frames, taken_up

WEAK, STRONG = ("openai", "gpt-6-luna"), ("anthropic", "claude-sonnet-5-5")
PRICES = ("uncached_input_price", "cache_read_price", "output_price")
parts = st.lists(st.floats(0.01, 1.0), min_size=2, max_size=5)


def models(weak: float) -> list[dict]:
    return [
        {"provider": provider, "model": model, "share": share}
        for (provider, model), share in ((WEAK, weak), (STRONG, 1 - weak))
    ]


def world(acts, **held):
    """One path; the weak model costs a twentieth of the strong one."""
    told = frames(acts)
    is_weak = pl.col("model_name") == WEAK[1]
    cheap = [pl.when(is_weak).then(pl.col(name) / 20).otherwise(pl.col(name)).alias(name) for name in PRICES]
    found = world_of(
        told | {"raw.ai_prices": told["raw.ai_prices"].with_columns(cheap)}, AS_OF, count=1, seed=3, is_certain=True
    )
    return found.holding(held)


def each(*, weak: float = 0.7, **said) -> float:
    """What the calls of a case cost in the first month."""
    found = world(taken_up("UC1", models=models(weak), **said))
    return float(cost_per_case(found, found.use_cases[0])[0, 0])


def test_each_way_costs_what_its_formula_says():
    small, large = each(weak=1.0), each(weak=0.0)
    check = each(weak=1.0, routing={"way": "cascade", "check_tokens": 1000}) - small
    assert check > 0
    assert each() == pytest.approx(0.7 * small + 0.3 * large)
    assert each(routing={"way": "router"}) == pytest.approx(each())
    told = {"way": "router", "check_tokens": 1000, "misrouted_share": 0.1}
    assert each(routing=told) == pytest.approx(check + 0.7 * small + 0.3 * large + 0.1 * 0.7 * large)
    assert each(routing={"way": "cascade"}) == pytest.approx(small + 0.3 * large)
    assert each(routing={"way": "cascade", "check_tokens": 1000}) == pytest.approx(small + check + 0.3 * large)


def test_the_plan_of_a_use_case_is_priced_by_its_way():
    plain, cascade = (
        simulated(world(taken_up("UC1", models=models(0.7), **said))).costs["UC1", "model calls"]
        for said in ({}, {"routing": {"way": "cascade"}})
    )
    assert (cascade > plain).all()


@given(parts, st.data())
def test_a_cascade_pays_each_model_for_what_reaches_it(drawn, data):
    shares = np.array(drawn) / sum(drawn)
    costs = data.draw(st.lists(st.floats(0.0, 50.0), min_size=len(drawn), max_size=len(drawn)))
    check = data.draw(st.floats(0.0, 5.0))
    reached = [1 - shares[:place].sum() for place in range(len(shares))]
    paid = sum(share * (cost + check) for share, cost in zip(reached, costs, strict=True)) - check * reached[-1]
    assert routing.cascade_over(list(shares), costs, check_cost=check) == pytest.approx(paid, abs=1e-9)
    assert routing.router_over(list(shares), costs, check_cost=check) <= paid + 1e-9


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"way": "guess"}, "Its way of using models is 'guess'; it is one of: fixed shares, router, cascade."),
        ({"way": "router"}, "A router needs two models or more."),
        ({"check_tokens": 5}, "With fixed shares nothing is checked: it must be a router or a cascade, or read no tokens to check."),
        ({"misrouted_share": 0.1}, "Only a router sends cases to the wrong model: without one the misrouted share is 0."),
        ({"way": 5}, "Its way of using models must be a text."),
        ({"misrouted_share": 2}, "Its routing misrouted share must be a number from 0 to 1."),
        ({"judge": 1}, "Its routing know no judge."),
        ("router", "Its routing must say each part by its name."),
    ],
)  # fmt: skip
def test_each_fault_of_a_way_is_a_sentence(said, fault):
    with pytest.raises(ValueError, match=re.escape(fault)):
        use_case({**templates()["UC3"], "routing": said})


def test_a_definition_without_a_way_has_fixed_shares():
    assert {case.routing for case in registry(frames())} == {Routing()}


def test_the_ways_are_held_against_the_strongest_model():
    found = world(taken_up("UC1", models=models(0.7)), ai_check_tokens=500.0, ai_misrouted_share=0.05)
    told = compared(found, found.use_cases[0])
    costs = {way.name: way.case_cost for way in told.ways}
    assert (told.weak, told.strong, told.passed_on) == (WEAK[1], STRONG[1], pytest.approx(0.3))
    assert costs[STRONGEST] == pytest.approx(each(weak=0.0))
    assert costs[TODAY] == pytest.approx(each())
    assert costs[ROUTER] == pytest.approx(each(routing={"way": "router", "check_tokens": 500, "misrouted_share": 0.05}))
    assert costs[CASCADE] == pytest.approx(each(routing={"way": "cascade", "check_tokens": 500}))
    assert all(way.saved_share == pytest.approx(1 - way.case_cost / costs[STRONGEST]) for way in told.ways)
    assert told.most_passed_on > told.passed_on


def test_one_model_alone_is_held_against_the_cheapest_of_the_programme():
    both = world(taken_up("UC3") + taken_up("UC1", models=models(0.7)), ai_passed_on_share=0.4)
    told = compared(both, next(case for case in both.use_cases if case.use_case_id == "UC3"))
    assert (told.weak, told.passed_on, told.is_assumed) == (WEAK[1], 0.4, True)
    alone = world(taken_up("UC3"))
    assert compared(alone, alone.use_cases[0]) is None


def test_logs_move_all_ways_alike_and_a_missing_price_compares_nothing():
    found = world(taken_up("UC1", models=models(0.7)))
    case = found.use_cases[0]
    twice = float(cost_per_case(found, case)[0, 0]) * 2
    seen = type(found)(**{**vars(found), "measured": {"UC1": {"cost_per_case": np.array([[twice]])}}})
    for before, after in zip(compared(found, case).ways, compared(seen, case).ways, strict=True):
        assert after.case_cost == pytest.approx(2 * before.case_cost, rel=1e-6)
        assert after.saved_share == before.saved_share
    unknown = type(found)(**{**vars(found), "prices": {}})
    assert compared(unknown, case) is None
