"""What holds for the cost of any programme: one total however it is cut, sliders move only what they drive, flows that are its worth."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ai_economics import plan_tables
from models.ai_economics.cash_flows import flows
from models.ai_economics.inputs import world_of
from models.ai_economics.lines import BY_CODE
from models.ai_economics.plan_totals import WAYS, cross_tab, parts, peak, reconciled, reserve_apart
from models.ai_economics.production import Scope, of_use_case
from models.ai_economics.programme import simulated
from models.ai_economics.reliability import Lever, cheapest, ways
from models.ai_economics.what_if import Levers, by_line, changed, moved, outcome
from models.ai_economics.world import World
from tests.ai_programmes import AS_OF, effect, frames, taken_up

NAMES = ["UC1", "UC2", "UC3", "UC4", "A2", "A5"]
TAKEN = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)


def world(names: list[str], count: int = 60, **said) -> World:
    found = world_of(frames(taken_up(*names), **said), AS_OF, count=count, seed=3)
    assert found is not None
    return found


def planned(found) -> pl.DataFrame:
    """Rows as the mart has them: money as decimals, and what a line pays for."""
    rows = plan_tables.cost_months(found)
    money = pl.Series(
        "planned_amount", [Decimal(str(value)) for value in rows["planned_amount"]], dtype=pl.Decimal(18, 4)
    )
    return rows.with_columns(money, pl.lit("people").alias("cost_nature_code"))


@settings(max_examples=15)
@given(
    names=TAKEN,
    orders=st.floats(0.2, 20),
    ways_two=st.lists(st.sampled_from(WAYS), min_size=2, max_size=2, unique=True),
)
def test_every_way_of_cutting_has_the_same_total_to_the_last_digit(names, orders, ways_two):
    rows = planned(simulated(world(names, orders=orders)))
    told = reconciled(rows)
    assert told.is_one
    assert told.wrong == ()
    assert reconciled(reserve_apart(rows)).amount == told.amount
    down, across = ways_two
    table = cross_tab(rows, down, across)
    assert Decimal(str(table["total_amount"][-1])) == told.amount
    assert Decimal(str(table["total_amount"][:-1].sum())) == told.amount


def test_a_part_that_is_lost_is_told():
    """The check in the header is not a decoration: a sum that leaves out a part does not pass it."""
    rows = planned(simulated(world(["UC3"])))
    assert reconciled(rows).is_one
    thinner = rows.with_columns(
        site_id=pl.when(pl.col("month_date") > AS_OF.replace(year=2028)).then(None).otherwise(pl.col("site_id"))
    )
    assert reconciled(thinner).is_one, "an unknown site is a part of its own"
    assert parts(thinner, "site_id")["planned_amount"].sum() == rows["planned_amount"].sum()


def test_the_dearest_month_is_not_below_the_average():
    found = peak(planned(simulated(world(["UC3", "UC4"]))).group_by("month_date").agg(pl.col("planned_amount").sum()))
    assert found is not None
    assert found[1] >= found[2]


@settings(max_examples=15)
@given(names=TAKEN, factor=st.sampled_from([0.5, 2.0, 4.0]))
def test_more_orders_move_only_what_orders_drive_to_the_cent(names, factor):
    before = world(names)
    one, two = by_line(simulated(before)), by_line(simulated(moved(before, Levers(orders=factor))))
    for code, amount in one.items():
        wanted = amount * factor if is_driven(code, before) else amount
        assert two[code] == pytest.approx(wanted, rel=1e-9, abs=1e-6), code


def is_driven(code: str, before: World) -> bool:
    """Whether orders drive a line here: all lines of volume, where none of the use cases counts working days."""
    assert all(case.driver != "working_days" for case in before.use_cases)
    return BY_CODE[code].is_volume


def test_a_house_that_grows_with_its_orders_grows_slower_than_they():
    before = world(["UC3", "UC4"])
    still, grown = (by_line(simulated(moved(before, Levers(orders=4.0, grows=grows)))) for grows in (False, True))
    was = by_line(simulated(before))
    assert still["pipeline engineers"] == pytest.approx(was["pipeline engineers"])
    assert was["pipeline engineers"] < grown["pipeline engineers"] < 4 * was["pipeline engineers"]


@settings(max_examples=10)
@given(names=TAKEN)
def test_sliders_at_the_plan_change_nothing(names):
    before = world(names)
    one, two = simulated(before), simulated(moved(before, Levers()))
    assert outcome(one) == outcome(two)
    assert (changed(one, two)["change_amount"] == 0).all()


def test_each_slider_moves_what_it_says_and_in_its_direction():
    before = world(["UC3", "UC4"])
    was = simulated(before)
    plan, lines = outcome(was), by_line(was)

    def then(**said):
        found = simulated(moved(before, Levers(**said)))
        return outcome(found), by_line(found)

    worse, worse_lines = then(wrong_answers=2.0)
    assert worse_lines["rework"] == pytest.approx(2 * lines["rework"])
    assert worse.worth < plan.worth
    _, reviewed = then(review=0.5)
    assert reviewed["human review"] == pytest.approx(0.5 * lines["human review"])
    capped, capped_lines = then(tool_call_cap=2)
    assert capped_lines["model calls"] < lines["model calls"]
    assert capped.worth != plan.worth
    assert then(realisation=0.0)[0].worth < plan.worth
    assert then(realisation=0.0)[0].cost == plan.cost
    assert then(price_decline=0.6)[1]["model calls"] < lines["model calls"]
    assert then(region=0.5)[1]["cross-region surcharge"] == pytest.approx(0.5 * lines["model calls"])
    half = then(delivery=0.5 * float(before["ai_delivery_share"].mean()))[1]
    assert half["gateway"] == pytest.approx(0.5 * lines["gateway"])


def test_more_of_the_small_model_costs_less_and_what_was_seen_moves_as_much():
    acts = taken_up("UC1")  # 70 % small, 30 % strong
    told = frames(acts)
    prices = told["raw.ai_prices"]
    dear = pl.when(pl.col("model_name").str.contains("sonnet")).then(10.0).otherwise(1.0)
    told["raw.ai_prices"] = prices.with_columns(
        uncached_input_price=pl.col("uncached_input_price").cast(pl.Float64) * dear,
        output_price=pl.col("output_price").cast(pl.Float64) * dear,
    )
    before = world_of(told, AS_OF, count=40, seed=3)
    none, half, whole = (
        by_line(simulated(moved(before, Levers(small_share=share))))["model calls"] for share in (0.0, 0.5, 1.0)
    )
    assert whole < half < none
    assert half == pytest.approx((none + whole) / 2, rel=1e-6)
    as_planned = next(share for _, model, share in before.use_cases[0].models if "sonnet" not in model)
    assert by_line(simulated(before))["model calls"] == pytest.approx(none + as_planned * (whole - none), rel=1e-6)


def test_measured_wrong_answers_worsen_by_the_share_of_them_that_is_added():
    before = world(["UC4"], effects=[effect("UC4", -0.02, -0.03, -0.01, measure="error share")])
    after = moved(before, Levers(wrong_answers=3.0))
    added = 2 * before.numbers["UC4.error_share"]
    was, now = (one.measured["UC4"]["error_share_change"] for one in (before, after))
    assert np.allclose(now - was, added)
    avoided = [simulated(one).benefits["UC4", "errors avoided"].sum() for one in (before, after)]
    assert avoided[1] < avoided[0]


def test_what_calls_were_seen_to_cost_moves_as_much_as_their_tokens():
    before = world(["UC4"])
    seen = replace(before, measured={"UC4": {"cost_per_case": np.full((1, 1), 0.5)}})
    planned_times, seen_times = (
        by_line(simulated(moved(one, Levers(tool_call_cap=2))))["model calls"] / by_line(simulated(one))["model calls"]
        for one in (before, seen)
    )
    assert planned_times < 0.9
    assert seen_times == pytest.approx(planned_times, rel=0.02), "of the same tokens, whatever they cost"


@settings(max_examples=10)
@given(names=TAKEN, orders=st.floats(0.3, 10))
def test_the_flows_of_the_workbook_are_the_worth_of_the_plan(names, orders):
    found = simulated(world(names, orders=orders))
    told = flows(plan_tables.cost_months(found), plan_tables.value_months(found), 0.10)
    worth = float(found.npv().mean())
    assert told.worth == pytest.approx(worth, rel=1e-4, abs=1.0)
    assert told.months["cumulated_amount"][-1] == pytest.approx(told.months["net_amount"].sum())


@settings(max_examples=10)
@given(
    names=TAKEN, sites=st.integers(1, 30), departments=st.integers(1, 7), languages=st.integers(0, 4), has=st.booleans(),
    halvings=st.integers(0, 3),
)  # fmt: skip
def test_production_is_the_naive_bill_and_its_steps(names, sites, departments, languages, has, halvings):
    before = world(names)
    scope = Scope(languages=languages, departments=departments, sites=sites, has_second_source=has, has_certification=has,
                  is_round_the_clock=has, has_recovery=has, halvings=halvings)  # fmt: skip
    found = of_use_case(before, before.use_cases[0], scope)
    assert found.total == pytest.approx(found.naive + sum(found.steps.values()))
    assert found.total >= found.naive >= found.pilot >= 0
    assert min(found.steps.values()) >= 0
    assert ("certification" in found.steps) == has


@given(
    first=st.floats(0.3, 0.99), least=st.floats(0.5, 0.999),
    told=st.lists(st.tuples(st.floats(1, 1000), st.floats(0.01, 0.9)), min_size=1, max_size=5),
)  # fmt: skip
def test_the_cheapest_set_of_levers_is_beaten_by_none(first, least, told):
    levers = [Lever(str(nth), cost, share) for nth, (cost, share) in enumerate(told)]
    kept = ways(first, levers)
    assert np.all(np.diff([one.cost for one in kept]) >= 0)
    assert np.all(np.diff([one.success_share for one in kept]) > 0)
    best = cheapest(first, levers, least)
    everything = 1 - (1 - first) * float(np.prod([1 - one.share for one in levers]))
    assert (best is None) == (everything < least - 1e-12)
    if best is not None and best.codes:
        assert best.success_share >= least - 1e-12
        assert best.cost <= sum(one.cost for one in levers) + 1e-9
