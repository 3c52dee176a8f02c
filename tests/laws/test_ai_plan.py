"""What holds for any programme of AI: its parts add up, only what orders drive moves with orders, and quality is paid for."""

import datetime as dt
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ai_economics import plan_tables
from models.ai_economics.inputs import programme, registry, world_of
from models.ai_economics.lines import BY_CODE, CATEGORIES, COMPONENTS, LINES
from models.ai_economics.programme import KEYS, simulated
from models.ai_economics.world import World
from pipelines.use_cases import templates
from tests.ai_programmes import AS_OF, effect, frames, taken_up

CUTS = (
    "use_case_id",
    "component_code",
    "layer_code",
    "budget_category_code",
    "domain_code",
    "deployment_code",
    "site_id",
    "month_date",
    "cost_line_name",
)
NAMES = sorted(templates())


def world(acts, count=200, **said) -> World:
    found = world_of(frames(acts, **said), AS_OF, count=count, seed=3)
    assert found is not None
    return found


@settings(max_examples=25)
@given(
    names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True),
    stage=st.sampled_from(["pilot", "production"]),
    orders=st.floats(0.01, 500),
    delivery=st.floats(0.001, 3),
    price=st.floats(0.0001, 400),
    key=st.sampled_from(KEYS),
)
def test_parts_sum_to_the_total_to_the_cent(names, stage, orders, delivery, price, key):
    acts = taken_up(*names, stage=stage)
    found = simulated(world(acts, orders=orders, price=price, assumed={"ai_delivery_share": delivery}), key=key)
    rows = plan_tables.cost_months(found)
    exact = [Decimal(str(amount)) for amount in rows["planned_amount"]]
    total = sum(exact)
    for cut in CUTS:
        parts: dict = {}
        for name, amount in zip(rows[cut], exact, strict=True):
            parts[name] = parts.get(name, Decimal(0)) + amount
        assert sum(parts.values()) == total, cut
    # The rows are the simulated means and the reserve, but for what four decimals round.
    assert float(total) == pytest.approx(
        found.cost().mean(axis=0).sum() + plan_tables.contingency(found), abs=0.01 * len(names), rel=1e-9
    )
    loaded = sum(found.cost(name).sum(axis=1).mean() for name in names)
    assert loaded == pytest.approx(found.cost().sum(axis=1).mean(), rel=1e-9)
    assert set(rows["component_code"]) <= {one.code for one in COMPONENTS}
    assert set(rows["budget_category_code"]) <= set(CATEGORIES)
    assert rows.select(pl.col("planned_amount").min()).item() > -0.001


@settings(max_examples=15)
@given(
    names=st.lists(st.sampled_from(["UC1", "UC3", "UC4", "A5"]), min_size=1, max_size=4, unique=True),
    factor=st.floats(1.5, 8),
)
def test_more_orders_move_only_what_orders_drive(names, factor):
    before = world(taken_up(*names), assumed={"ai_size_elasticity": 0.0, "ai_users_per_thousand_orders": 0.0})
    after = before.times_orders(factor)
    one, two = simulated(before), simulated(after)
    for (name, code), amount in one.costs.items():
        moved = two.costs[name, code].sum() / amount.sum() if amount.sum() else 1.0
        assert moved == pytest.approx(factor if BY_CODE[code].is_volume else 1.0, rel=1e-6), code
    for key, amount in one.benefits.items():
        if amount.sum():
            assert two.benefits[key].sum() / amount.sum() == pytest.approx(factor, rel=1e-6)


def test_a_price_step_moves_only_later_months():
    day = dt.date(2027, 8, 1)
    plain, risen = (
        simulated(world_of(frames(taken_up("UC3"), rise_on=on), AS_OF, count=1, seed=3, is_certain=True)).costs[
            "UC3", "model calls"
        ][0]
        for on in (None, day)
    )
    step = 8  # December 2026 is the first month
    assert np.allclose(plain[:step], risen[:step])
    assert np.allclose(2 * plain[step:], risen[step:])


def test_an_unknown_price_is_a_gap_and_never_nought():
    told = frames(taken_up("UC3", models=[{"provider": "nobody", "model": "no-such-model", "share": 1.0}]))
    told["raw.ai_prices"] = told["raw.ai_prices"].filter(pl.col("provider_name") != "nobody")
    found = simulated(world_of(told, AS_OF, count=50, seed=3))
    assert np.isnan(found.costs["UC3", "model calls"]).all()
    assert "model calls" not in plan_tables.cost_months(found)["cost_line_name"].to_list()
    own = plan_tables.bands(found).filter(pl.col("scope_name") == "UC3").row(0, named=True)
    assert own["p50_amount"] is None
    assert "no-such-model" in own["gap_text"]


@pytest.mark.parametrize("deployment", ["private", "edge", "hybrid"])
def test_machines_of_one_s_own_cost_something_and_save_the_tokens_that_they_serve(deployment):
    there = simulated(world(taken_up("W1"))).costs
    here = simulated(world(taken_up("W1", deployment=deployment))).costs
    assert there["W1", "private and edge serving"].sum() == 0 < here["W1", "private and edge serving"].sum()
    assert (here["W1", "model calls"].sum() > 0) == (deployment == "hybrid")


def test_without_adoption_nothing_is_earned_and_fixed_cost_stays():
    found = simulated(world(taken_up("UC3", "A5", "UC4"), assumed={"ai_adoption_share": 0.0}))
    assert found.benefit(has_soft=True).sum() == 0
    assert found.cost().sum() > 0
    assert found.costs["UC3", "model calls"].sum() == 0


def test_reviewers_who_catch_nothing_cost_as_much_and_save_less():
    catches, sleeps = (
        simulated(world(taken_up("A5"), assumed={"ai_review_catch_share": share})) for share in (0.9, 0.0)
    )
    assert sleeps.benefit().mean() < catches.benefit().mean()
    assert np.allclose(sleeps.costs["A5", "human review"], catches.costs["A5", "human review"])


def test_a_lower_cap_on_tool_calls_is_cheaper_and_hands_more_to_people():
    tokens = templates()["UC4"]["tokens"]
    capped, free = (simulated(world(taken_up("UC4", tokens={**tokens, "tool_call_cap": cap}))) for cap in (4, 40))
    assert capped.costs["UC4", "model calls"].mean() < free.costs["UC4", "model calls"].mean()
    assert capped.benefits["UC4", "minutes paid less"].mean() < free.benefits["UC4", "minutes paid less"].mean()


def test_a_faster_assistant_that_promises_wrongly_is_worth_less_than_nothing():
    """The same minutes saved, but one promise in twelve cannot be kept."""
    quick = effect("A5", -5.0, -5.5, -4.5)
    promises = effect("A5", 0.08, 0.07, 0.09, measure="wrong commitment share", base=0.0)
    good = simulated(
        world(
            taken_up("A5"),
            effects=[quick, effect("A5", 0.0, -0.001, 0.001, measure="wrong commitment share", base=0.0)],
        )
    )
    bad = simulated(world(taken_up("A5"), effects=[quick, promises]))
    assert good.benefit("A5").mean() > 0 > bad.benefit("A5").mean()


def test_the_worth_rises_with_the_share_of_freed_minutes_that_is_paid_less():
    shares = [0.2, 0.4, 0.6, 0.8]
    lost = [
        float(
            (
                simulated(world(taken_up("UC3"), orders=60, assumed={"ai_realisation_share": share})).npv("UC3") < 0
            ).mean()
        )
        for share in shares
    ]
    assert lost == sorted(lost, reverse=True)


def test_the_same_seed_gives_the_same_plan_and_one_more_use_case_moves_no_other_s_draws():
    acts = taken_up("UC3", "A5")
    assert np.array_equal(simulated(world(acts)).cost(), simulated(world(acts)).cost())
    alone, both = simulated(world(taken_up("UC3"))), simulated(world(acts))
    assert np.allclose(alone.costs["UC3", "human review"], both.costs["UC3", "human review"])


def test_freed_minutes_never_exceed_sixty_per_cent_of_a_pool():
    found = simulated(
        world(
            taken_up("UC3", "UC4"),
            effects=[effect("UC3", -4.9, -5.0, -4.8, base=5.0)],
            assumed={"ai_adoption_share": 1.0},
        )
    )
    wage = found.world.wage / 60
    freed = sum(
        found.benefits["UC3", kind] + found.benefits["UC4", kind]
        for kind in ("minutes paid less", "minutes for more volume", "minutes for other work")
    )
    pool = 400 * 14  # the dearer of both kinds of case, at most one an order
    assert (freed / wage).mean() <= 0.6 * pool * 1.5


def test_every_line_belongs_to_a_known_component_category_and_layer():
    assert {line.component for line in LINES} == {one.code for one in COMPONENTS}
    assert len({line.layer for line in LINES}) == 8
    assert {line.category for line in LINES} == set(CATEGORIES)
    assert {line.hidden for line in LINES} == set(range(8))


def test_a_stopped_use_case_costs_and_brings_nothing_more():
    found = simulated(world(taken_up("UC3", stage="stopped")))
    assert not [key for key in found.costs if key[0] == "UC3"]
    assert found.benefit("UC3").sum() == 0


def test_the_registry_of_templates_is_a_list_of_candidates():
    assert programme(registry(frames())) == []
