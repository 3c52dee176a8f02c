"""Plan against actual, the burn of a month, hidden costs and own machines, against figures worked out by hand."""

import datetime as dt
import re
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
import pytest

from models.ai_economics import lines, plan_tables
from models.ai_economics.break_even import break_even_volume
from models.ai_economics.burn import burn, verdict
from models.ai_economics.hidden import ABSENT, EVENTS, Seen, meter
from models.ai_economics.inputs import world_of
from models.ai_economics.own_serving import Owned, api_price, break_evens, curves, owned, tokens_a_year
from models.ai_economics.plan_actual import monthly_plan
from models.ai_economics.production import production
from models.ai_economics.programme import simulated
from models.ai_economics.reliability import seen_share
from models.ai_economics.what_if import Levers, changed, moved, outcome
from tests.ai_programmes import AS_OF, frames, taken_up

OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
MART = Path(__file__).resolve().parents[2] / "pipelines" / "sql" / "marts" / "ai_planned_costs.sql"
PEOPLE = {
    "first cleaning of content", "pipeline engineers", "tests of relevance", "stewards of content", "architecture and pilot",
    "orchestration core", "connectors", "validation of entries", "upkeep of integration", "prompt redesign",
    "policies and model approval", "use-case reviews", "edge-case tests of agents", "human review", "rework", "reading and mending",
    "service desk", "on call", "first training", "later training", "change management", "productivity dip", "roll-out of sites",
    "coordination",
}  # fmt: skip


def test_every_line_of_the_plan_is_of_one_nature():
    """A line that the mart does not name counts as people's work; whoever adds one says here that it is."""
    named = set(
        re.findall(r"'([^']+)'", MART.read_text("utf-8").split("end as cost_nature_code")[0].split("case\n")[1])
    )
    named -= {"reserve", "tokens", "platforms and fees", "people", "contingency reserve"}
    assert named <= set(lines.BY_CODE), "the mart names a line that there is not"
    reserve = {line.code for line in (*lines.LINES, lines.CONTINGENCY) if line.category == lines.RESERVE}
    assert set(lines.BY_CODE) - named - reserve == PEOPLE


def test_today_s_plan_of_a_month_is_what_is_accrued_and_a_usual_month_of_what_volume_moves():
    planned = pl.DataFrame(
        [("model calls", "model usage", dt.date(2026, 12, 1), 10.0), ("model calls", "model usage", dt.date(2027, 1, 1), 30.0),
         ("gateway", "orchestration", dt.date(2026, 12, 1), 99.0)],
        schema=["cost_line_name", "component_code", "month_date", "planned_amount"], orient="row",
    )  # fmt: skip
    accrued = pl.DataFrame(
        [("orchestration", OCTOBER, 50.0), ("orchestration", NOVEMBER, 60.0)],
        schema=["component_code", "month_date", "accrued_amount"], orient="row",
    )  # fmt: skip
    plan = monthly_plan(planned, accrued)
    assert dict(plan.filter(pl.col("month_date") == OCTOBER).select("component_code", "plan_amount").iter_rows()) == {
        "model usage": 20.0, "orchestration": 50.0
    }  # fmt: skip


def test_a_month_burns_by_the_day_where_it_is_measured_and_in_full_where_it_is_accrued():
    found = burn(plan=1_000, measured=280, accrued=300, as_of=dt.date(2026, 11, 14))
    assert found.projected == pytest.approx(280 * 30 / 14 + 300)
    assert found.spent == pytest.approx(280 + 300 * 14 / 30)
    assert not found.is_over
    late = burn(plan=800, measured=280, accrued=300, as_of=dt.date(2026, 11, 14))
    assert late.over == pytest.approx(100)
    assert verdict(late) == "over plan"
    assert burn(0, 1, 0, dt.date(2026, 11, 14)).budget_share is None, "without a plan there is nothing to divide by"
    assert burn(900, 900, 0, dt.date(2026, 11, 30)).gap == 0


@pytest.mark.parametrize("names", [("UC3",), ("UC4",), ("UC2",), ("UC1", "A2"), ("UC5",)])
def test_no_hidden_cost_is_silently_nought(names):
    found = world_of(frames(taken_up(*names)), AS_OF, count=40, seed=3)
    told = meter(plan_tables.cost_months(simulated(found)), {})
    assert told["hidden_no"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    for row in told.iter_rows(named=True):
        assert (row["planned_amount"] > 0) == row["is_counted"]
        assert row["is_counted"] or row["because_text"].startswith("Not applicable: ")
    assert EVENTS.keys() == ABSENT.keys() == lines.HIDDEN.keys()


def test_a_hidden_cost_that_was_seen_counts_though_nothing_was_planned():
    rows = pl.DataFrame(schema={"cost_line_name": pl.String, "planned_amount": pl.Float64})
    told = meter(rows, {"second region": Seen(12.5, is_detected=True, because="Calls priced as regional.")})
    region = told.row(3, named=True)
    assert (region["is_counted"], region["seen_amount"], region["because_text"]) == (
        True,
        12.5,
        "Calls priced as regional.",
    )
    silent = meter(
        rows, {"second region": Seen(None, is_detected=False, because="No call is priced as regional.")}
    ).row(3, named=True)
    assert not silent["is_counted"]
    assert silent["because_text"].endswith("No call is priced as regional.")


def test_production_by_hand():
    found = production(
        12_000, 0.25, {"certification": 5_000, "identity and access": 2_000}, sites=4, site_cost=1_000, learning_share=0.5,
        departments=1, recurring_labour=9_999, coordination_share=0.03,
    )  # fmt: skip
    assert (found.pilot, found.naive) == (3_000, 12_000)
    assert found.steps["roll-out of sites"] == pytest.approx(1_000 * (1 / 2 + 1 / 3 + 1 / 4)), (
        "at half, the j-th site costs 1/j"
    )
    assert found.steps["coordination of departments"] == 0, "one department has nobody to agree with"
    assert found.largest == "certification"
    with pytest.raises(ValueError, match="A pilot takes a share"):
        production(
            1, 0, {}, sites=1, site_cost=1, learning_share=0.9, departments=1, recurring_labour=0, coordination_share=0
        )


def test_success_is_measured_where_answers_are_known():
    assert seen_share(
        {"answered_count": 10, "accepted_count": 6, "edited_count": 3, "error_count": 1}
    ) == pytest.approx(0.8)
    assert seen_share({"answered_count": 10, "accepted_count": 0, "edited_count": 0, "error_count": 4}) == 0.0
    assert seen_share({}) is None


def test_own_machines_are_counted_whole_and_meet_the_provider_where_the_curves_cross():
    way = Owned(staff=90_000.0, machine=5_000.0, served=1_000.0, spares=1)
    assert way.least == 100_000
    assert way.cost(1_000) == 100_000
    assert way.cost(1_001) == 105_000
    even = break_evens({"private": way}, 200.0)["private"]
    assert (even.volume, even.is_within_capacity) == (500, True)
    drawn = curves({"private": way}, 200.0, np.array([499.0, 501.0]))
    assert (drawn["central api"] < drawn["private"]).tolist() == [True, False]
    assert break_evens({"private": way}, 2.0)["private"].is_within_capacity is False


def test_the_price_of_the_own_mix_is_what_calls_cost_for_a_token():
    found = simulated(world_of(frames(taken_up("UC3")), AS_OF, count=50, seed=3))
    volume, price = tokens_a_year(found.world), api_price(found)
    spent = found.costs["UC3", "model calls"][:, :12].sum(axis=1).mean()
    assert price * volume == pytest.approx(spent)
    ways = owned(found.world)
    assert ways["edge"].machines == 2, "one machine a site"
    assert all(way.least > 0 and way.served > 0 for way in ways.values())
    assert break_even_volume(ways["private"].least, price).volume > volume, "tokens are noise for so small a company"


@pytest.mark.parametrize(
    ("routing", "wanted"),
    [
        ({}, 1.0),
        # All cases are read by the weak model, the 30 of 100 that it does not end once more by the strong one.
        ({"way": "cascade"}, 1.3),
        ({"way": "cascade", "check_tokens": 1_475}, 1.4),
        ({"way": "router", "misrouted_share": 0.1}, 1.07),
    ],
)
def test_own_machines_serve_every_pass_of_a_case(routing, wanted):
    models = [
        {"provider": "openai", "model": "gpt-6-luna", "share": 0.7},
        {"provider": "anthropic", "model": "claude-sonnet-5-5", "share": 0.3},
    ]
    once, found = (
        tokens_a_year(world_of(frames(taken_up("UC1", models=models, routing=said)), AS_OF, count=10, seed=3))
        for said in ({}, routing)
    )
    assert found / once == pytest.approx(wanted), "14,000 tokens are read and 750 written in a case"


def test_without_a_price_nothing_is_compared():
    told = frames(taken_up("UC3"))
    told["raw.ai_prices"] = told["raw.ai_prices"].clear()
    assert api_price(simulated(world_of(told, AS_OF, count=10, seed=3))) is None


def test_a_slider_is_worked_out_in_less_than_300_ms():
    """1,000 common futures of four use cases; the quickest of five, for other work may take the processor meanwhile."""
    before = world_of(frames(taken_up("UC1", "UC3", "UC4", "A2")), AS_OF, count=1_000, seed=3)
    was, took = simulated(before), []
    for orders in (1.25, 1.5, 2.0, 3.0, 4.0):
        started = perf_counter()
        then = simulated(moved(before, Levers(orders=orders, wrong_answers=2.0, tool_call_cap=8, small_share=0.5)))
        assert outcome(then).cost is not None
        assert changed(was, then).height > 5
        took.append(perf_counter() - started)
    assert min(took) < 0.3, took
