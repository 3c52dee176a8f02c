"""The calculators of AI economics give the published answers, and the corrected ones where what is published is wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from models import queueing
from models.ai_economics import availability, case_value, finance, routing, serving, stage_gate, tei, tokens, weighing
from models.ai_economics.break_even import break_even_volume
from models.ai_economics.network import Part, part
from models.ai_economics.outages import expected, uptime


@pytest.fixture(scope="module")
def checks(request: pytest.FixtureRequest) -> dict:
    folder: Path = request.getfixturevalue("shared")
    listed = json.loads((folder / "checks" / "ai_economics.json").read_text("utf-8"))["checks"]
    return {check["id"]: (check["inputs"], check["expected"], check["tolerance"]) for check in listed}


def near(value: object, by: float) -> object:
    return pytest.approx(value, abs=by, rel=0)


def test_total_economic_impact(checks):
    asked, told, by = checks["D01_tei_salesloft"]
    found = tei.impact(asked["benefits"], [-cost for cost in asked["costs"]], rate=asked["discount_rate"])
    money = {name: getattr(found, name) for name in ("pv_benefits", "npv", "total_benefits", "total_net")}
    assert money == near({name: told[name] for name in money}, by["money_abs"])
    assert (-found.pv_costs, -found.total_costs) == near((told["pv_costs"], told["total_costs"]), by["money_abs"])
    assert 100 * found.roi == near(told["roi_pct"], by["roi_pct_abs"])
    assert 0 < found.payback_years * 12 < told["payback_months_lt"]


def test_benefit_chain(checks):
    asked, told, by = checks["D02_tei_intellum_B"]
    factors = [np.array(asked["B1"]), np.array(asked["B2"]), asked["B3"], asked["B4"], asked["B6"]]
    *_, b5, _, after_risk = tei.benefit_chain(factors, risk=asked["risk_adjustment"])
    assert b5 == near(told["B5"], by["money_abs"])
    assert after_risk == near(told["Btr"], by["money_abs"])
    assert after_risk.sum() == near(told["three_year_total"], by["money_abs"])
    assert finance.npv(asked["discount_rate"], [0, *after_risk]) == near(told["three_year_pv"], by["money_abs"])


def test_both_conventions_of_present_value(checks):
    asked, told, by = checks["D03_npv_conventions"]
    first, second = asked["numpy_style"], asked["excel_style"]
    assert finance.npv(first["rate"], first["flows"]) == near(told["numpy_npv"], by["abs"])
    assert finance.excel_npv(second["rate"], second["flows"]) == near(told["excel_npv"], by["abs"])
    assert finance.npv(second["rate"], second["flows"]) == near(told["excel_flows_under_numpy_convention"], by["abs"])


def test_internal_rate(checks):
    asked, told, by = checks["D04_irr"]
    assert [finance.irr(flows).value for flows in asked["cases"]] == near(told["irr"], by["abs"])


def test_feasibility_worksheet(checks):
    asked, told, by = checks["D05_feasibility_worksheet"]
    rate, years = asked["rate"], asked["years"]
    gained = np.array([0.0] + [asked["benefit_per_year"]] * years)
    paid = np.array([asked["one_time_cost"]] + [asked["recurring_cost_per_year"]] * years, dtype=float)
    pv_benefits, pv_costs = finance.npv(rate, gained), finance.npv(rate, paid)
    assert (pv_benefits, pv_costs) == near((told["pv_benefits"], told["pv_costs"]), by["money_abs"])
    assert finance.npv(rate, gained - paid) == near(told["npv"], by["money_abs"])
    assert finance.roi(pv_benefits, pv_costs) == near(told["roi"], by["ratio_abs"])
    assert finance.discounted(rate, gained - paid).cumsum() == near(told["cumulative"], by["money_abs"])
    assert finance.payback(gained - paid, rate) == near(told["breakeven_years"], by["ratio_abs"])


def test_erlang_c(checks):
    asked, told, by = checks["D06_erlang_c"]
    load = queueing.offered_load(asked["transactions"] / asked["interval_min"], asked["aht_min"])
    found = queueing.agents_needed(
        load,
        asked["aht_min"],
        target=asked["answer_target_min"],
        service_level=asked["service_level"],
        max_occupancy=asked["max_occupancy"],
        shrinkage=asked["shrinkage"],
    )
    assert (found.servers, found.rostered) == (told["raw_positions"], told["positions_with_shrinkage"])
    # The target is written with ten digits, and so is known to that only.
    assert found.service_level == near(told["service_level"], by["abs"])
    assert (found.occupancy, found.waiting_share) == near((told["occupancy"], told["waiting_probability"]), by["abs"])


def test_availability_of_circuits(checks):
    asked, told, by = checks["D07_wan_availability"]
    found = [availability.parallel(asked["circuit_availability"], count) for count in asked["n"]]
    assert found == pytest.approx(told["availability"], rel=by["rel"])
    assert [availability.downtime_minutes(one) for one in found] == pytest.approx(
        told["downtime_min_per_year"], rel=by["rel"]
    )
    assert availability.parallel(availability.availability(600, 12), 2, common_share=0.10) == near(0.9977, 0.0001)
    assert availability.parallel(availability.availability(600, 12), 2) == near(0.9996, 0.0001)


def test_availability_of_circuits_in_simulated_years(checks):
    asked, told, by = checks["D07_wan_availability"]
    line = part("line", asked["circuit_availability"], 12.0)
    for count, wanted in zip(asked["n"], told["availability"], strict=True):
        assert expected([line] * count, ()).central == pytest.approx(wanted, rel=by["rel"])
        found = uptime([line] * count, (), seed=7)
        assert abs(found.central - wanted) <= 3 * max(found.standard_error, 1e-6)
    # The note of the check: two circuits of 600 and 12 hours over 200 years, with a common share of 0.10 and without one.
    two = [Part("line", 600, 12)] * 2
    assert uptime(two, (), common_share=0.10, years=200, seed=7).central == near(0.9977, 0.0005)
    assert uptime(two, (), years=200, seed=7).central == near(0.9996, 0.0002)


def test_gpu_cost_per_million_tokens(checks):
    asked, told, by = checks["D09_gpu_cost_per_mtok"]
    found = [serving.gpu_cost_per_mtok(one["gpu_hour"], one["gpus"], one["tps"], one["util"]) for one in asked["cases"]]
    assert found == near(told["usd_per_mtok"], by["abs"])


def test_agent_loop(checks):
    asked, told, by = checks["D10_agent_loop"]
    price = asked["input_usd_per_mtok"]
    loop = [
        tokens.agent(tool_calls=turn, base=asked["base_tokens"], growth=asked["growth_per_turn"], output=0)
        for turn in range(asked["turns"])
    ]
    sent = np.diff([0.0, *(one.input for one in loop)])
    assert {turn: sent[int(turn) - 1] * price / 1e6 for turn in told["per_turn_cost"]} == near(
        told["per_turn_cost"], by["abs"]
    )
    assert loop[-1].input == told["total_input_tokens"]
    assert loop[-1].cost(price, 0.0) == near(told["total_input_cost"], by["abs"])
    assert loop[-1].cost(price, 0.0) != near(told["published_total_wrong"], 0.1)


def test_stage_gate(checks):
    asked, told, by = checks["D14_stage_gate"]
    first, scale, rate = asked["pilot_cost"], asked["scale_cost"], asked["rate_stage1"]
    # Going on regardless bears the whole risk for ever, and is valued at the rate for it.
    blind = stage_gate.staged(
        first, [1.0], [stage_gate.perpetuity(asked["perpetuity"], rate)], scale, rate=rate, years=1
    )
    worth = stage_gate.perpetuity(asked["perpetuity"], asked["rate_after_success"])
    p = asked["p_success"]
    found = stage_gate.staged(first, [p, 1 - p], [worth, 0], scale, rate=rate, years=1, commit_now=blind.without_option)
    assert found.without_option == near(told["npv_without_option"], by["abs"])
    assert found.with_option == near(told["npv_with_option"], by["abs"])
    assert found.option_value == near(told["option_value"], by["abs"])
    assert found.gain == near(950, by["abs"])  # over doing nothing, which is better than going on blindly


def test_break_even_of_local_serving(checks):
    asked, told, by = checks["D15_breakeven_local"]
    api_price = asked["local_usd_per_mtok"] / (1 - asked["saving_vs_api"])
    assert api_price == near(told["api_usd_per_mtok"], by["price_abs"])
    found = break_even_volume(asked["capex"], api_price, asked["local_usd_per_mtok"])
    assert found.volume / 1000 == near(told["breakeven_tokens_billion"], by["tokens_abs"])


def test_weights_that_flip_the_order(checks):
    asked, told, by = checks["D16_mcda_flip"]
    weights, scores = asked["weights"], asked["scores"]
    assert weighing.weighted_sums(weights, scores) == near(told["preferences"], by["abs"])
    found = weighing.flips(weights, scores, 0, 1)
    assert [flip.delta for flip in found] == near(told["flip_A1_A2_delta"], by["abs"])
    assert [100 * flip.share for flip in found] == near(told["flip_pct_of_weight"], by["pct_abs"])
    assert [flip.is_feasible for flip in found] == told["feasible"]
    assert f"C{weighing.most_critical(weights, scores).criterion + 1}" == told["most_critical_for_top"]


def test_router_and_cascade(checks):
    asked, told, by = checks["D17_router_vs_cascade"]
    s, small, large = 1 - asked["share_small"], asked["price_small"], asked["price_large"]
    routed = routing.router_cost(s, small, large)
    assert routed == near(told["predictive_router_blend"], by["abs"])
    assert routing.cascade_cost(s, small, large) == near(told["cascade_blend"], by["abs"])
    assert routing.saving(routed, large) == near(told["saving_vs_large"], by["abs"])


def test_quality_trap(checks):
    asked, told, by = checks["D19_quality_trap"]
    case = case_value.Case(
        base_minutes=60,
        wage_an_hour=asked["value_per_run"],
        ai_cost=asked["cost_per_run"],
        contained_share=1,
        error_cost=asked["cleanup_cost"],
        error_share=asked["failure_rate"],
    )
    assert case_value.value(case, cases=asked["runs"]) == near(told["net_monthly"], by["abs"])
    assert case_value.break_even(case, "error_share") == near(told["breakeven_failure_rate"], by["rate_abs"])


def test_order_errors(checks):
    asked, told, by = checks["D20_order_errors"]
    found = case_value.yearly_errors(asked["orders_per_day"], asked["error_rate"], asked["days"])
    assert found == near(told["errors_per_year"], by["abs"])
