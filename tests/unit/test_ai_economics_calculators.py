"""Money over time, serving, stages, pilots and weights: the corners that no published example turns."""

import numpy as np
import pytest

from models.ai_economics import finance, routing, serving, stage_gate, tei, weighing
from models.ai_economics.break_even import Way, break_even_volume, compared, served
from models.ai_economics.number import ratio, total


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        ([-100, 50, 50, 50], 2.0),
        ([-100, 60, 60], 1 + 40 / 60),
        ([0, -100, 50, 100], 2.5),
        ([-100, 0, 0, 100], 3.0),
        ([-100, 99.99], None),
        ([-100, 200, -500, 100], 0.5),
        ([10, 10], 0.0),
        ([0, 0], 0.0),
        ([-5], None),
    ],
)
def test_payback(flows, told):
    found = finance.payback(np.array(flows, dtype=float))
    assert found == told if told is None else found == pytest.approx(told)


def test_paid_back_to_the_cent_is_paid_back():
    assert finance.payback(np.array([-0.3] + [0.1] * 3)) == pytest.approx(3.0)


def test_a_discounted_payback_is_later():
    flows = np.array([-100.0] + [10.0] * 36)
    assert finance.payback(flows) < finance.payback(flows, finance.monthly_rate(0.10))


def test_an_internal_rate_by_month_of_forty_years():
    flows = np.array([-1_000.0] + [11.0] * 480)
    assert finance.npv(finance.irr(flows).value, flows) == pytest.approx(0, abs=1e-6)
    assert finance.irr([-100.0, *[0.0] * 479, 1e-3]).value == pytest.approx((1e-5) ** (1 / 480) - 1)


def test_what_must_be_true_of_one_input():
    assert finance.break_even(lambda share: 100 * share**2 - 25, 0, 1).value == pytest.approx(0.5)
    assert finance.break_even(lambda share: -1.0 - share, 0, 1) == finance.Rate(
        None, "it is below nought at both bounds"
    )
    assert finance.break_even(lambda share: share, 0, 1).value == 0


def test_a_rate_of_minus_one_or_less_is_refused():
    for call in (lambda: finance.npv(-1.0, [1.0, 1.0]), lambda: finance.crf(-1.5, 3), lambda: finance.monthly_rate(-1)):
        with pytest.raises(ValueError, match="rate is above -1"):
            call()


def test_risk_is_told_by_factors_or_by_paths_never_by_both():
    with pytest.raises(ValueError, match="no paths"):
        tei.impact(np.ones((10, 4)), np.ones((10, 4)), rate=0.1, benefit_risk=0.2)


def test_nothing_laid_out_has_no_return():
    assert tei.impact([0, 5.0], [0, 0.0], rate=0.1).roi is None
    assert np.isnan(ratio(np.ones(2), np.array([0.0, 1.0]))).tolist() == [True, False]


def test_capital_without_interest_is_spread_evenly():
    assert finance.crf(np.array([0.0, 0.10]), 4) == pytest.approx([0.25, 0.315471])
    assert finance.crf(1e-12, 4) == pytest.approx(0.25)


def test_the_residual_value_is_worth_what_comes_back():
    """Capital less residual value by year, over the life, is worth what was paid less what comes back at the end."""
    node = serving.Node(
        purchase_cost=10_000, life_years=4, residual_share=0.10, watts=0, pue=1, price_a_kwh=0, maintenance_share=0, rate=0.08
    )  # fmt: skip
    yearly = total(serving.private_cost(node, 1, labour_cost=0))
    assert finance.npv(0.08, [0] + [yearly] * 4) == pytest.approx(10_000 - finance.pv(0.08, 1_000, 4))


def test_a_year_of_nodes_on_paths():
    cards = np.array([12_000.0, 30_000.0])
    node = serving.Node(
        purchase_cost=cards, life_years=4, residual_share=0.10, watts=600, pue=1.4, price_a_kwh=0.146, maintenance_share=0.08,
        rate=0.10,
    )  # fmt: skip
    cost = total(serving.private_cost(node, np.array([1, 2]), labour_cost=85_000))
    assert cost.shape == (2,)
    assert cost[1] > cost[0]


def test_capacity_holds_at_the_peak():
    found = serving.capacity_needed(2.0, 4.25, slots_a_node=4, longest_wait=2.0, service_level=0.95)
    assert found.late_share <= 0.05
    assert found.nodes == np.ceil(found.slots / 4)
    assert found.calls_inside >= 8.5
    paths = serving.capacity_needed(np.array([0.0, 2.0]), 4.25, slots_a_node=4, longest_wait=2.0, service_level=0.95)
    assert paths.nodes.tolist() == [0.0, found.nodes]


def test_owning_what_costs_more_by_token_never_pays():
    found = break_even_volume(np.array([1_000.0, 1_000.0]), np.array([0.1, 0.3]), 0.2, capacity=5_000)
    assert found.volume.tolist() == [np.inf, pytest.approx(10_000)]
    assert found.is_within_capacity.tolist() == [False, False]


def test_a_second_node_is_a_step():
    way = Way(100.0, 0.0, capacity=10.0, most_utilisation=0.8)
    assert [served(way, volume).yearly_cost for volume in (0, 8, 8.1, 16)] == [100, 100, 200, 200]
    assert served(way, 0).cost_per_mtok is None
    assert served(Way(0.0, 1.0), 5).utilisation is None


def test_the_cheapest_way_is_found_on_every_path():
    found, names = compared({"api": Way(0.0, np.array([1.0, 3.0])), "own": Way(20.0, 0.0)}, 10.0)
    assert names.tolist() == ["api", "own"]
    assert found["api"].yearly_cost.tolist() == [10.0, 30.0]
    assert str(compared({"api": Way(0.0, 1.0), "own": Way(20.0, 0.0)}, 10.0)[1]) == "api"


def test_a_router_of_three_models_and_shares_that_do_not_add_up():
    assert routing.mixed([0.5, 0.3, 0.2], [1.0, 2.0, 5.0]) == pytest.approx(2.1)
    with pytest.raises(ValueError, match="sum to 1"):
        routing.mixed([0.5, 0.3], [1.0, 2.0])


def test_a_cascade_whose_judge_costs_more_than_the_large_model_never_pays():
    assert routing.most_passed_on(1.0, 2.0, judge_cost=3.0) < 0
    assert not routing.cascade_beats_large(0.0, 1.0, 2.0, judge_cost=3.0)


def test_a_stage_that_never_stops_has_no_option_value():
    found = stage_gate.staged(10, [0.4, 0.6], [500, 300], 200, rate=0.1, years=1)
    assert found.option_value == pytest.approx(0)
    assert found.stop_share == 0


def test_a_pilot_by_formula_and_by_paths():
    dice = np.random.default_rng(11)
    values, noise = dice.normal(-100, 400, 400_000), dice.standard_normal(400_000)
    told = stage_gate.pilot(-100.0, 400.0, 300.0, cost=20.0, rate=0.10, years=0.5)
    found = stage_gate.pilot_on_paths(values, noise, 300.0, cost=20.0, rate=0.10, years=0.5)
    for name in ("value", "gain", "information", "moved_by"):
        assert getattr(found, name) == pytest.approx(getattr(told, name), abs=3)
    assert found.continue_share == pytest.approx(told.continue_share, abs=0.005)


def test_a_pilot_that_shows_nothing_is_worth_its_cost_below_nought():
    found = stage_gate.pilot(np.array([50.0, -50.0]), 100.0, np.inf, cost=5.0, rate=0.0, years=1)
    assert found.gain == pytest.approx([-5.0, -5.0])
    assert found.continue_share.tolist() == [1.0, 0.0]


def test_a_perfect_pilot_is_worth_perfect_information():
    found = stage_gate.pilot(-100.0, 400.0, 0.0, cost=0.0, rate=0.0, years=1)
    assert found.information == pytest.approx(stage_gate.evpi(-100.0, 400.0))
    assert stage_gate.evpi(np.array([5.0, 5.0]), np.array([0.0, 1.0]))[0] == 0


def test_perfect_information_of_paths_is_that_of_the_normal():
    draws = np.random.default_rng(3).normal(-50, 200, 400_000)
    assert stage_gate.evpi_of(draws) == pytest.approx(stage_gate.evpi(-50, 200), rel=0.01)


def test_an_alternative_that_is_best_in_everything_cannot_be_turned():
    scores = [[9, 9, 9], [1, 2, 3]]
    assert weighing.most_critical([0.2, 0.3, 0.5], scores) is None
    assert weighing.win_shares(scores, seed=1).tolist() == [1.0, 0.0]


def test_a_criterion_on_which_both_score_alike_turns_nothing():
    assert [flip.criterion for flip in weighing.flips([0.5, 0.5], [[1, 5], [3, 5]], 1, 0)] == [0]


def test_two_alternatives_share_the_space_of_weights_as_their_scores_do():
    """One wins where w1·1 > w2·3, so where w1 > 3/4: a quarter of an even space of two weights."""
    assert weighing.win_shares([[1, 0], [0, 3]], seed=2) == pytest.approx([0.25, 0.75], abs=0.015)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: compared({"api": Way(0.0, np.nan), "own": Way(20.0, 0.0)}, 10.0),
        lambda: weighing.most_critical([0.5, 0.5], [[1, np.nan], [2, 3]]),
        lambda: weighing.win_shares([[1, np.nan], [2, 3]], seed=1),
    ],
)
def test_what_is_not_known_is_never_answered_as_if_it_were(asked):
    with pytest.raises(ValueError, match="known"):
        asked()


def test_a_price_that_is_not_known_breaks_even_nowhere_known():
    found = break_even_volume(1_000.0, np.array([np.nan, 0.3]), 0.2)
    assert np.isnan(found.volume).tolist() == [True, False]
    assert found.is_within_capacity.tolist() == [False, True]


def test_a_flow_that_is_not_known_leaves_its_path_unknown_and_no_other():
    flows = np.array([[-100.0, 50.0, 100.0], [np.nan, 120.0, 1.0], [-100.0, 150.0, np.nan]])
    assert finance.paybacks(flows) == pytest.approx([1.5, np.nan, np.nan], nan_ok=True)
    assert [finance.payback(row) for row in flows] == [1.5, None, None]
    assert finance.irr(flows[1]) == finance.mirr(flows[2], 0.1, 0.1) == finance.Rate(None, "a flow is not known")
    assert np.isnan(finance.npv(0.1, flows)).tolist() == [False, True, True]
    assert np.isnan(stage_gate.evpi(np.array([np.nan, 1.0, np.nan]), np.array([1.0, 2.0, 0.0]))).tolist() == [
        True,
        False,
        True,
    ]


def test_a_pilot_of_what_is_not_known_has_no_known_worth():
    for mean, sd in ((np.nan, 1.0), (1.0, np.nan)):
        found = stage_gate.pilot(mean, sd, 1.0, cost=1.0, rate=0.1, years=1)
        assert np.isnan([found.value, found.gain, found.information, found.continue_share]).all()
    assert np.isnan(stage_gate.pilot_on_paths([1.0, np.nan], [0.0, 0.0], 1.0, cost=1.0, rate=0.1, years=1).value)
