"""What must hold of every calculation of AI economics, whatever the figures."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models import queueing
from models.ai_economics import availability, case_value, finance, routing, serving, stage_gate, tei, tokens, weighing
from models.ai_economics.break_even import Way, break_even_volume, served
from models.ai_economics.number import total

share = st.floats(0, 1)
money = st.floats(0, 1e6)
flows = st.lists(st.floats(-1e6, 1e6).map(lambda flow: round(flow, 2)), min_size=2, max_size=61)
rate = st.floats(-0.5, 2.0)


@given(st.floats(0.01, 1e6), st.lists(st.floats(0, 1e5), min_size=1, max_size=480))
def test_the_value_at_the_internal_rate_is_nought(cost, gains):
    assume(sum(gains) > cost / 1e3)
    found = finance.irr([-cost, *gains])
    assert found.value is not None
    assert found.value > -1
    worth = finance.discounted(found.value, np.array([-cost, *gains]))
    assert abs(worth.sum()) <= 1e-6 * np.abs(worth).sum()


@given(flows)
def test_an_internal_rate_is_named_iff_the_sign_changes_once(row):
    signs = [flow > 0 for flow in row if flow]
    changes = sum(a != b for a, b in pairwise(signs))
    assert (finance.irr(row).value is None) == (changes != 1)


@given(st.lists(st.tuples(money, st.floats(0.01, 1e6)), min_size=2, max_size=40), rate)
def test_the_return_has_the_sign_of_the_value(years, at):
    benefits, costs = np.array(years).T
    pv_benefits, pv_costs = finance.npv(at, benefits), finance.npv(at, costs)
    earned, worth = finance.roi(pv_benefits, pv_costs), pv_benefits - pv_costs
    assert np.sign(earned) == np.sign(worth)


@given(flows)
def test_it_is_paid_back_within_the_horizon_iff_the_running_sum_returns_to_nought(row):
    running, found = np.cumsum(row), finance.payback(np.array(row))
    assume(not (np.abs(running[running != 0]) < 1e-4).any())
    below = np.flatnonzero(running < -1e-4)
    if not below.size:
        assert found == 0
        return
    back = np.flatnonzero(running[below[0] :] >= -1e-4)
    assert (found is not None) == bool(back.size)
    if found is not None:
        first = below[0] + back[0]
        assert first - 1 <= found <= first


@given(st.lists(flows.filter(lambda row: len(row) == 13) | st.just([-5.0] + [1.0] * 12), min_size=1, max_size=5), rate)
def test_paths_are_worth_what_each_is_worth_alone(rows, at):
    table = np.array(rows)
    assert finance.npv(at, table) == pytest.approx([finance.npv(at, row) for row in table])
    assert finance.npv(np.full(len(table), at), table) == pytest.approx(finance.npv(at, table))
    alone = [finance.payback(row, at) for row in table]
    assert finance.paybacks(table, at) == pytest.approx([np.inf if one is None else one for one in alone])


@given(rate.filter(lambda at: abs(at) > 1e-6), st.integers(1, 60))
def test_level_payments_of_the_recovery_factor_are_worth_one(at, periods):
    paid = np.array([0.0] + [finance.crf(at, periods)] * periods)
    assert finance.npv(at, paid) == pytest.approx(1.0)


@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0, 1), st.floats(0, 1))
def test_more_risk_is_never_worth_more(less, more, cost_less, cost_more):
    less, more, cost_less, cost_more = (*sorted((less, more)), *sorted((cost_less, cost_more)))
    benefits, costs = np.array([0, 900.0, 900]), np.array([500.0, 100, 100])
    mild = tei.impact(benefits, costs, rate=0.1, benefit_risk=less, cost_risk=cost_less)
    harsh = tei.impact(benefits, costs, rate=0.1, benefit_risk=more, cost_risk=cost_more)
    assert harsh.npv <= mild.npv + 1e-9


@given(st.floats(0, 60), st.floats(0, 90), st.integers(1, 200))
def test_shares_of_tool_calls_sum_to_one(mean, sd, cap):
    shares = tokens.tool_call_shares(mean, sd, cap)
    assert shares.shape == (cap + 1,)
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(1.0)


@given(st.floats(0.1, 30), st.floats(0, 40), st.integers(1, 40), share)
def test_a_lower_cap_costs_less_and_escalates_more(mean, sd, cap, hit):
    asked = {"mean": mean, "sd": sd, "base": 4000, "growth": 1100, "output": 200, "cache_hit_share": hit}
    tight, loose, free = (tokens.agent_case(cap=one, **asked) for one in (cap, cap + 1, None))
    costs = [case.tokens.cost(2, 10, 0.1) for case in (tight, loose, free)]
    assert all(less <= more * (1 + 1e-9) for less, more in pairwise(costs))
    assert tight.escalated_share >= loose.escalated_share - 1e-12 >= free.escalated_share - 1e-12 == -1e-12


@given(st.floats(0, 30), st.floats(0, 40), st.integers(1, 60))
def test_the_moments_give_what_the_sum_over_the_distribution_gives(mean, sd, cap):
    asked = {"base": 4000, "growth": 1100, "output": 200}
    each = tokens.agent(tool_calls=np.arange(cap + 1), **asked)
    found = tokens.agent_case(mean=mean, sd=sd, cap=cap, **asked)
    shares = tokens.tool_call_shares(mean, sd, cap)
    assert tokens.over_shares(shares, each.cost(2, 10)) == pytest.approx(found.tokens.cost(2, 10))


@given(share, st.floats(0.01, 10), st.floats(0.01, 10), st.floats(0, 5))
def test_a_cascade_beats_the_large_model_below_its_bound_only(s, small, large, judge):
    beats = routing.cascade_beats_large(s, small, large, judge_cost=judge)
    cost = routing.cascade_cost(s, small, large, judge_cost=judge)
    assume(abs(cost - large) > 1e-9)
    assert beats == (cost < large)
    assert cost + 1e-12 >= routing.router_cost(s, small, large)


@given(st.floats(0, 300), st.integers(0, 1000))
def test_the_waiting_share_lies_between_nought_and_one_and_falls_with_servers(load, servers):
    here, next_one = queueing.erlang_c(servers, load), queueing.erlang_c(servers + 1, load)
    assert 0 <= next_one <= here <= 1
    assert 0 <= queueing.erlang_b(servers, load) <= here


@given(st.floats(0.01, 60), st.floats(0, 0.99), st.floats(0.1, 1), st.floats(0, 3))
def test_no_fewer_agents_would_do(load, level, occupancy, target):
    found = queueing.agents_needed(load, 1.0, target=target, service_level=level, max_occupancy=occupancy)
    assert queueing.service_level(int(found.servers), load, target, 1.0) >= level
    assert found.occupancy <= occupancy + 1e-9
    fewer = int(found.servers) - 1
    assert load > occupancy * fewer - 1e-6 or queueing.service_level(fewer, load, target, 1.0) < level


cases = st.builds(
    case_value.Case,
    base_minutes=st.floats(0, 60), wage_an_hour=st.floats(1, 200), ai_cost=st.floats(0, 5), contained_share=share,
    error_cost=st.floats(0, 500), error_share=share, base_error_share=share, base_delay=st.floats(0, 10),
    delay_value=st.floats(0, 20), review_share=share, review_minutes=st.floats(0, 10), catch_share=share,
    commitment_share=share, commitment_cost=st.floats(0, 600), help_share=share, handover_minutes=st.floats(0, 10),
    escalation_cost=st.floats(0, 20), rework_share=share, rework_minutes=st.floats(0, 10),
)  # fmt: skip


@given(cases)
def test_parts_sum_to_what_the_formula_says(case):
    worth = case_value.cost_alone(case) - case_value.cost_assisted(case)
    assert total(case_value.value_parts(case)) == pytest.approx(worth, abs=1e-7)


@given(cases)
def test_value_falls_as_the_reviewer_finds_less(case):
    worth = [total(case_value.value_parts(replace(case, catch_share=found))) for found in (1.0, case.catch_share, 0.0)]
    assert worth[0] >= worth[1] - 1e-9
    assert worth[1] >= worth[2] - 1e-9


@given(cases, st.floats(0.001, 0.5))
def test_above_the_break_even_error_the_value_is_below_nought(case, step):
    assume(case.contained_share * (1 - case.review_share * case.catch_share) * case.error_cost > 0.01)
    red = case_value.break_even(case, "error_share")
    for error, sign in ((red + step, -1), (red - step, 1)):
        if 0 <= error <= 1:
            assert np.sign(total(case_value.value_parts(replace(case, error_share=error)))) == sign


@given(
    cases,
    st.sampled_from(["wage_an_hour", "ai_cost", "contained_share", "catch_share", "commitment_share", "help_share"]),
)
def test_at_the_break_even_of_any_symbol_the_value_is_nought(case, symbol):
    root = case_value.break_even(case, symbol)
    assume(root is not None and abs(root) < 1e6)
    assume(symbol not in case_value.SHARES or 0 <= root <= 1)
    parts = case_value.value_parts(replace(case, **{symbol: root}))
    assert total(parts) == pytest.approx(0, abs=1e-6 * (1 + sum(abs(part) for part in parts.values())))


@given(cases, st.floats(0, 1e6), share, share)
def test_twice_the_cases_are_worth_twice_as_much(case, count, adoption, eligible):
    once, twice = (case_value.value(case, cases=n, adoption=adoption, eligible=eligible) for n in (count, 2 * count))
    assert twice == pytest.approx(2 * once)
    assert case_value.value(case, cases=count, adoption=0) == 0


@given(money, st.floats(0.001, 50), st.floats(0, 1e5))
def test_twice_the_volume_doubles_the_variable_cost_only(fixed, price, volume):
    once, twice = (served(Way(fixed, price), one).yearly_cost for one in (volume, 2 * volume))
    assert twice - once == pytest.approx(price * volume, rel=1e-6, abs=1e-6)


@given(st.floats(1, 1e6), st.floats(0.01, 50), st.floats(0, 50))
def test_owning_and_buying_cost_the_same_at_the_break_even(fixed, price, marginal):
    found = break_even_volume(fixed, price, marginal)
    assert np.isinf(found.volume) == (price <= marginal) or price - marginal < 1e-300
    if np.isfinite(found.volume):
        assert fixed + marginal * found.volume == pytest.approx(price * found.volume, rel=1e-6)


@given(st.floats(0.01, 50), st.floats(0.5, 30), st.floats(0.5, 0.99))
def test_more_calls_never_need_fewer_nodes(rate_, seconds, level):
    asked = {"slots_a_node": 8, "longest_wait": 2.0, "service_level": level}
    few, many = (serving.capacity_needed(calls, seconds, **asked).nodes for calls in (rate_, 2 * rate_))
    assert few <= many


@given(st.lists(st.tuples(share, st.floats(-1e5, 1e5)), min_size=1, max_size=6), st.floats(0, 1e5), st.floats(0, 1e5))
def test_the_right_to_stop_is_never_worth_less_than_nothing(states, first, scale):
    weights = np.array([weight for weight, _ in states]) + 1e-3
    found = stage_gate.staged(
        first, weights / weights.sum(), np.array([worth for _, worth in states]), scale, rate=0.1, years=0.5
    )
    assert found.option_value >= -1e-6
    assert found.with_option >= -first - 1e-6
    assert found.gain <= found.option_value + 1e-6


@given(st.floats(-1e6, 1e6), st.floats(1, 1e6), st.floats(0, 1e6), st.floats(1.01, 10))
def test_a_sharper_pilot_is_worth_more_and_never_more_than_to_know(mean, sd, se, factor):
    sharp, blunt = (
        stage_gate.pilot(mean, sd, error, cost=0, rate=0, years=1).information for error in (se, factor * se)
    )
    assert -1e-6 <= blunt <= sharp + 1e-6 * sd
    assert sharp <= stage_gate.evpi(mean, sd) + 1e-6 * sd
    assert stage_gate.pilot(mean, sd, np.inf, cost=0, rate=0, years=1).information == 0


@given(share, st.integers(1, 6), share, share)
def test_circuits_that_fail_together_help_less(part, count, common, more):
    common, more = sorted((common, more))
    assert (
        availability.parallel(part, count, common_share=more)
        <= availability.parallel(part, count, common_share=common) + 1e-12
    )
    assert availability.parallel(part, count, common_share=common) >= part - 1e-12
    assert part - 1e-12 <= availability.hybrid(part, common, more) <= 1


@given(st.integers(2, 5), st.integers(2, 5), st.integers(0, 10_000))
def test_at_a_flip_both_alternatives_draw(alternatives, criteria, seed):
    dice = np.random.default_rng(seed)
    scores, weights = dice.random((alternatives, criteria)), dice.dirichlet(np.ones(criteria))
    for flip in weighing.flips(weights, scores, 0, 1):
        moved = np.array(weights)
        moved[flip.criterion] -= flip.delta
        assert (scores[0] @ moved) == pytest.approx(scores[1] @ moved)
        assert flip.is_feasible == (moved[flip.criterion] >= 0)
    assert weighing.win_shares(scores, seed=seed, count=200).sum() == pytest.approx(1)
