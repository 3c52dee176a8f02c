"""More published examples than the shared file of checks holds, and the figures that the method computed for itself."""

import numpy as np
import pytest

from models import queueing
from models.ai_economics import case_value, finance, serving, stage_gate, tokens
from models.ai_economics.break_even import Way, break_even_volume, compared
from models.ai_economics.number import total


def near(value: object, by: float) -> object:
    return pytest.approx(value, abs=by, rel=0)


# numpy-financial's own tests, and Microsoft's help on NPV (two projects), in both conventions.
PRESENT_VALUES = [
    (finance.npv, 0.05, [-15_000, 1_500, 2_500, 3_500, 4_500, 6_000], 122.89),
    (finance.excel_npv, 0.05, [-15_000, 1_500, 2_500, 3_500, 4_500, 6_000], 117.04),
    (finance.npv, 0.08, [-40_000, 8_000, 9_200, 10_000, 12_000, 14_500], 1_922.06),
    (finance.npv, 0.08, [-40_000, 8_000, 9_200, 10_000, 12_000, 14_500, -9_000], -3_749.47),
]


@pytest.mark.parametrize(("worth", "rate", "flows", "told"), PRESENT_VALUES)
def test_other_published_present_values(worth, rate, flows, told):
    assert worth(rate, flows) == near(told, 0.006)


# numpy-financial docstring and tests; Microsoft's help on IRR (after four and after five years).
RATES = [
    ([-100, 0, 0, 74], -0.0955),
    ([-150_000, 15_000, 25_000, 35_000, 45_000, 60_000], 0.0524),
    ([-70_000, 12_000, 15_000, 18_000, 21_000], -0.0212),
    ([-70_000, 12_000, 15_000, 18_000, 21_000, 26_000], 0.0866),
    ([-100, 60, 60], 0.13066),
]


@pytest.mark.parametrize(("flows", "told"), RATES)
def test_other_published_internal_rates(flows, told):
    assert finance.irr(flows).value == near(told, 0.00006)


@pytest.mark.parametrize(
    ("flows", "why"),
    [
        ([-5, 10.5, 1, -8, 1], "not unique: the flows change sign 3 times"),
        ([-100, 100, 0, -7], "not unique: the flows change sign 2 times"),
        ([100, 50], "the flows never change sign"),
        ([0, 0], "the flows never change sign"),
    ],
)
def test_no_internal_rate_is_named_where_there_is_not_one(flows, why):
    assert finance.irr(flows) == finance.Rate(None, why)


# numpy-financial's tests; the second is Microsoft's help on MIRR, five and three years, and with another reinvestment rate.
MODIFIED = [
    ([-4_500, -800, 800, 800, 600, 600, 800, 800, 700, 3_000], 0.08, 0.055, 0.0666),
    ([-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], 0.10, 0.12, 0.1261),
    ([-120_000, 39_000, 30_000, 21_000], 0.10, 0.12, -0.0480),
    ([-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], 0.10, 0.14, 0.1348),
]


@pytest.mark.parametrize(("flows", "finance_rate", "reinvest_rate", "told"), MODIFIED)
def test_published_modified_rates(flows, finance_rate, reinvest_rate, told):
    assert finance.mirr(flows, finance_rate, reinvest_rate).value == near(told, 0.00006)


@pytest.mark.parametrize(
    ("rate", "years", "told"), [(0.10, 4, 0.31547), (0.08, 10, 0.14903), (0.12, 5, 0.27741), (0.05, 20, 0.08024)]
)
def test_capital_recovery_factors_of_the_tables(rate, years, told):
    assert finance.crf(rate, years) == near(told, 0.000006)


def test_erlang_c_of_another_page():
    """Mitan, The Erlang-C Formula: 360 calls of 4 minutes in half an hour, 55 agents, 15 seconds."""
    assert queueing.erlang_c(55, 48.0) == near(0.239, 0.0005)
    assert queueing.wait(55, 0.2, 240.0) == near(8.2, 0.05)
    assert queueing.service_level(55, 48.0, 15.0, 240.0) == near(0.845, 0.001)


# Erlang B tables: traffic at which so many circuits turn away 1 %, 2 % and 5 %.
BLOCKING = [
    (5, 1.361, 0.01), (10, 4.461, 0.01), (20, 12.03, 0.01), (50, 37.90, 0.01), (100, 84.06, 0.01),
    (10, 5.084, 0.02), (20, 13.18, 0.02), (5, 2.219, 0.05), (10, 6.216, 0.05),
]  # fmt: skip


@pytest.mark.parametrize(("circuits", "traffic", "told"), BLOCKING)
def test_erlang_b_tables(circuits, traffic, told):
    assert queueing.erlang_b(circuits, traffic) == pytest.approx(told, rel=0.003)


def test_perfect_information_of_textbooks():
    """Render, Stair and Hanna: Barclay Brothers (module 3, with its table's u = 0.69) and Thompson Lumber (chapter 3)."""
    assert 6 * 2_885 * stage_gate.unit_normal_loss(0.69) == near(2_515.14, 1)
    assert stage_gate.evpi(6 * 2_000, 6 * 2_885) == pytest.approx(2_515.14, rel=0.006)
    assert stage_gate.evpi_of([[200_000, -180_000], [100_000, -20_000], [0, 0]], [0.5, 0.5]) == near(60_000, 1e-6)


@pytest.mark.parametrize(
    ("u", "told"), [(0.0, 0.3989), (0.5, 0.1978), (1.0, 0.08332), (2.0, 0.008491), (3.0, 0.0003822)]
)
def test_unit_normal_loss_table(u, told):
    assert stage_gate.unit_normal_loss(u) == pytest.approx(told, rel=0.001)


def test_the_method_s_own_figures_of_a_private_node():
    """Section 0, points 3 and 4 of 5.5: a node of 101k a year pays from 40, 80 and 920 billion tokens, and tops out at 47."""
    node = serving.Node(
        purchase_cost=17_500, life_years=4, residual_share=0.10, watts=600, pue=1.4, price_a_kwh=0.146,
        maintenance_share=0.08, rate=0.10,
    )  # fmt: skip
    cost = total(serving.private_cost(node, 2, labour_cost=85_000))
    assert cost == pytest.approx(101_000, rel=0.01)
    capacity = serving.yearly_capacity(1_500)
    assert capacity == near(47_304, 1)
    prices = [(2.0, 10.0, 0.10), (1.0, 5.0, 0.05), (0.10, 0.50, 0.01)]
    mixed = [serving.blended_price(i, o, input_share=0.85, cached_share=0.4, cache_price=c) for i, o, c in prices]
    found = [break_even_volume(cost, price, 0.02, capacity=capacity) for price in mixed]
    assert [one.volume / 1000 for one in found] == pytest.approx([40, 80, 920], rel=0.02)
    assert [one.is_within_capacity for one in found] == [True, False, False]
    ways = {"central api": Way(0, mixed[0]), "private": Way(cost, 0.02, capacity, 0.9)}
    assert compared(ways, np.array([4_000.0, 41_000.0, 60_000.0]))[1].tolist() == [
        "central api",
        "private",
        "central api",
    ]


def test_the_method_s_own_figures_of_an_agent():
    """Section 0, point 7: a cap of 12 escalates 15 %, lowers the mean by about a quarter and the 99th percentile by 72 %."""
    asked = {"base": 4000, "growth": 1100, "output": 200}
    free = tokens.agent_case(mean=6, sd=6, cap=None, **asked)
    capped = tokens.agent_case(mean=6, sd=6, cap=12, **asked)
    assert capped.escalated_share == near(0.15, 0.005)
    long = float(tokens.tool_calls_at(tokens.tool_call_shares(6, 6, 200), 0.99))
    at_mean, at_cap, at_long = (tokens.agent(tool_calls=calls, **asked).cost(2, 10) for calls in (6, 12, long))
    assert free.tokens.cost(2, 10) / at_mean == near(1.29, 0.06)
    assert capped.tokens.cost(2, 10) / free.tokens.cost(2, 10) == near(1 - 0.24, 0.02)
    assert (at_long / at_mean, at_cap / at_long) == (near(9, 0.6), near(1 - 0.72, 0.01))


def test_the_method_s_own_figures_of_a_review():
    """Section 2.10: with a review of 1.50 and a catch rate of 0.6 it pays from 5 %, 1.7 % and 0.6 % on."""
    found = [case_value.review_threshold(1.50, catch_share=0.6, error_cost=cost) for cost in (50, 150, 400)]
    assert found == near([0.05, 0.017, 0.006], 0.0005)
