"""The textbook's inventory mathematics give the published answers, and keep the laws that the books prove."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.inventory import textbook as lots
from models.inventory import textbook_levels as levels
from models.inventory import textbook_reorder as reorder
from models.inventory.lead_time_demand import sampled
from models.inventory.textbook_network import Stage, guaranteed_service


@pytest.fixture(scope="module")
def checks(request: pytest.FixtureRequest) -> dict:
    folder: Path = request.getfixturevalue("shared")
    listed = json.loads((folder / "checks" / "decisions.json").read_text("utf-8"))["checks"]
    return {check["id"]: check for check in listed}


def near(value: float, rel: float = 1e-6) -> object:
    return pytest.approx(value, rel=rel)


def test_economic_order_quantity(checks):
    asked, told = checks["D01_eoq"]["inputs"], checks["D01_eoq"]["expected"]
    found = lots.eoq(**asked)
    assert (found.quantity, found.cost) == (near(told["Q"]), near(told["cost"]))
    assert lots.lot_cost(250, **asked) == near(told["cost_at_Q_250"])


def test_economic_order_quantity_with_backorders(checks):
    asked, told = checks["D02_eoq_backorders"]["inputs"], checks["D02_eoq_backorders"]["expected"]
    found = lots.eoq_backorders(**asked)
    assert (found.quantity, found.waiting_share) == (near(told["Q"]), near(told["stockout_fraction"]))
    assert found.cost == near(told["cost"])


@pytest.mark.parametrize("kind", ["all_units", "incremental"])
def test_quantity_discounts(checks, kind):
    asked, told = checks["D03_quantity_discounts"]["inputs"], checks["D03_quantity_discounts"]["expected"][kind]
    rule = lots.all_units_discount if kind == "all_units" else lots.incremental_discount
    found = rule(
        asked["fixed_cost"],
        asked["holding_cost_rate"],
        asked["demand_rate"],
        asked["breakpoints"],
        asked["unit_costs"],
    )
    assert (found.quantity, found.tier, found.cost) == (near(told["Q"]), told["region"], near(told["cost"]))


def test_lots_over_time(checks):
    asked, told = checks["D04_wagner_whitin"]["inputs"]["instances"], checks["D04_wagner_whitin"]["expected"]
    found = [lots.lots_over_time(**one) for one in asked]
    assert [quantities for quantities, _ in found] == told["order_quantities"]
    assert [cost for _, cost in found] == pytest.approx(told["cost"], abs=1e-6)


def test_joint_replenishment(checks):
    asked, told = checks["D05_joint_replenishment"]["inputs"], checks["D05_joint_replenishment"]["expected"]
    found = lots.joint_replenishment(*asked.values())
    assert list(found.multiples) == told["order_multiples"]
    assert (found.cycle_time, found.cost) == (near(told["base_cycle_time"]), near(told["cost"]))


def test_newsvendor(checks):
    asked, told = checks["D06_newsvendor"]["inputs"], checks["D06_newsvendor"]["expected"]
    normal, poisson = asked["normal"].values(), asked["poisson"].values()
    found = levels.newsvendor_normal(*normal)
    assert (found.level, found.cost) == (near(told["normal"]["S"]), near(told["normal"]["cost"]))
    assert levels.newsvendor_normal_cost(40, *normal) == near(told["normal"]["cost_at_40"])
    found = levels.newsvendor_poisson(*poisson)
    assert (found.level, found.cost) == (told["poisson"]["S"], near(told["poisson"]["cost"]))
    assert levels.newsvendor_poisson_cost(5, *poisson) == near(told["poisson"]["cost_at_5"])


def test_base_stock_with_a_lead_time(checks):
    asked, told = checks["D07_base_stock_lead_time"]["inputs"], checks["D07_base_stock_lead_time"]["expected"]
    found = levels.base_stock_normal(*asked.values())
    assert (found.level, found.cost) == (near(told["S"]), near(told["cost"]))
    spread = asked["sd"] * (asked["lead_time"] + 1) ** 0.5
    at_180 = levels.newsvendor_normal_cost(180, asked["h"], asked["p"], asked["mean"] * 5, spread)
    assert at_180 == near(told["cost_at_180"])


def test_min_max_by_zheng_and_federgruen(checks):
    asked, told = checks["D08_sS_zheng_federgruen"]["inputs"], checks["D08_sS_zheng_federgruen"]["expected"]
    found = [levels.s_s_poisson(asked["h"], asked["p"], asked["K"], mean) for mean in asked["poisson_means"]]
    assert [one.reorder_point for one in found] == told["s"]
    assert [one.order_up_to for one in found] == told["S"]
    assert [one.cost for one in found] == pytest.approx(told["cost"], abs=0.001)


def test_reorder_point_and_lot(checks):
    asked, told = checks["D09_rQ"]["inputs"], checks["D09_rQ"]["expected"]
    item = reorder.Reviewed(*asked["normal"].values())
    assert reorder.point_lot_cost(item, 126.8, 328.5) == near(told["cost_at_r126_8_Q328_5"], 1e-5)
    by_level, by_loss = reorder.point_lot_expected_level(item), reorder.point_lot_loss(item)
    assert (by_level.reorder_point, by_level.lot) == (near(told["eil"]["r"], 1e-5), near(told["eil"]["Q"], 1e-5))
    assert by_level.cost == near(told["eil"]["cost"], 1e-5)
    wanted = told["loss_function"]
    assert (by_loss.reorder_point, by_loss.lot) == (near(wanted["r"], 1e-5), near(wanted["Q"], 1e-5))
    exact = reorder.point_lot_poisson(*asked["poisson"].values())
    wanted = told["poisson_exact"]
    assert (exact.reorder_point, exact.lot, exact.cost) == (wanted["r"], wanted["Q"], near(wanted["cost"], 1e-5))


def test_service_is_not_fill(checks):
    asked, told = checks["D10_service_vs_fill"]["inputs"], checks["D10_service_vs_fill"]["expected"]
    mean, sd = asked["mean"] * asked["lead_time"], asked["sd"] * asked["lead_time"] ** 0.5
    assert asked["ROP"] - mean == told["ss"]
    assert reorder.cycle_service(asked["ROP"], mean, sd) == near(told["cycle_service"], 1e-3)
    filled = reorder.fill_rate(asked["ROP"], asked["Q"], mean, sd)
    assert filled == near(told["fill_rate"], 1e-3)
    assert (1 - filled) * asked["Q"] == near(told["esc"], 1e-3)
    stock = reorder.safety_stock_for_fill(asked["target_fill"], asked["Q"], sd)
    assert reorder.fill_rate(mean + stock, asked["Q"], mean, sd) == near(asked["target_fill"])
    assert stock == near(told["ss_for_target_fill"], 1e-3)


def test_lead_time_variability(checks):
    asked, told = checks["D11_lead_time_variability"]["inputs"], checks["D11_lead_time_variability"]["expected"]
    found = [
        reorder.safety_stock(asked["csl"], asked["lead_time"], asked["sd"], asked["mean"], spread)
        for spread in asked["sd_lead_time"]
    ]
    assert found == pytest.approx(told["ss"], abs=1.0)


@pytest.mark.parametrize("case", [0, 1])
def test_lead_times_that_are_not_bell_shaped(checks, case):
    """The formula misses, the mixture is right, and sampling finds the same within half a per cent at 100,000 draws."""
    asked, told = checks["D12_mixture_lead_time"]["inputs"]["cases"][case], checks["D12_mixture_lead_time"]["expected"]
    lead = {float(days): share for days, share in asked["lead_time_pmf"].items()}
    mean, sd, target = asked["daily_mean"], asked["daily_sd"], asked["target_cycle_service"]
    usual = sum(days * share for days, share in lead.items())
    spread = sum((days - usual) ** 2 * share for days, share in lead.items()) ** 0.5
    formula = usual * mean + reorder.safety_stock(target, usual, sd, mean, spread)
    assert formula == near(told["normal_formula_ROP"][case], 1e-4)
    assert reorder.mixture_service(formula, lead, mean, sd) == near(told["true_service_of_normal_ROP"][case], 1e-4)
    assert reorder.mixture_level(target, lead, mean, sd) == near(told["correct_ROP"][case], 1e-4)

    dice = np.random.default_rng(1)
    so_far = np.cumsum(dice.normal(mean, sd, (100_000, int(max(lead)))), axis=1)
    days = np.repeat(list(lead), [round(share * 100) for share in lead.values()])
    assert np.quantile(sampled(so_far, days, seed=1), target) == near(told["correct_ROP"][case], 5e-3)


@pytest.mark.parametrize(("kind", "cost"), [("serial", "serial_cost"), ("tree", "tree_cost")])
def test_guaranteed_service(checks, kind, cost):
    asked, told = checks["D13_guaranteed_service"]["inputs"][kind], checks["D13_guaranteed_service"]["expected"][cost]
    stages = [
        Stage(
            stage_id=one["id"], time=one["T"], holding_cost=one["h"], successors=tuple(one.get("succ", ())),
            supply_time=one.get("inbound_cst"), promised_time=one.get("outbound_cst"), sd=one.get("sd", 0.0), z=one.get("z", 1.0),
        )
        for one in asked["nodes"]
    ]  # fmt: skip
    found = guaranteed_service(stages)
    assert found.cost == near(told, 1e-9)
    assert guaranteed_service(stages[::-1]).cost == near(told, 1e-9), "the order of the stages says nothing"


def test_stages_that_are_no_tree_are_refused():
    with pytest.raises(ValueError, match="one tree"):
        guaranteed_service([Stage(1, 1, 1.0), Stage(2, 1, 1.0)])


positive = st.floats(0.1, 1000)


@given(positive, positive, positive, st.floats(0.2, 5))
def test_no_lot_costs_less_than_the_economic_one(fixed, keep, rate, factor):
    best = lots.eoq(fixed, keep, rate)
    assert lots.lot_cost(best.quantity * factor, fixed, keep, rate) >= best.cost * (1 - 1e-12)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=7), st.integers(0, 200), st.integers(1, 5))
def test_lots_over_time_cover_all_demand_in_time_and_cost_least(demand, fixed, keep):
    orders, cost = lots.lots_over_time(fixed, keep, demand)
    stock = np.cumsum(orders) - np.cumsum(demand)
    assert (stock >= 0).all()
    assert stock[-1] == 0
    assert cost == pytest.approx(fixed * np.count_nonzero(orders) + keep * stock.sum())
    each_by_itself = fixed * np.count_nonzero(demand)
    assert cost <= each_by_itself + 1e-9


@given(st.floats(0.5, 0.99), st.floats(0.001, 0.009), positive, positive)
def test_more_service_needs_more_stock(service, more, lead, sd):
    assert reorder.safety_stock(service + more, lead, sd) >= reorder.safety_stock(service, lead, sd)
    assert reorder.safety_stock_for_fill(service + more, 100, sd) >= reorder.safety_stock_for_fill(service, 100, sd)


@settings(max_examples=15)
@given(st.sampled_from([0.5, 2.0]), st.sampled_from([4.0, 20.0]), st.integers(0, 60), st.integers(1, 12))
def test_an_order_that_costs_more_never_makes_min_max_cheaper(keep, short, fixed, mean):
    best = levels.s_s_poisson(keep, short, fixed, mean)
    assert best.reorder_point < best.order_up_to
    assert best.cost >= levels.newsvendor_poisson(keep, short, mean).cost - 1e-9
    assert levels.s_s_poisson(keep, short, fixed + 10, mean).cost >= best.cost - 1e-9
