"""What holds for every rule and every demand: nothing is lost, more service never needs less, order does not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inventory.possible_demand import possible, sums
from models.inventory.priority_list import priority
from models.inventory.replay import Terms, replay
from models.inventory.stock_levels import cycle_service, economic, fill_rate, outlook, textbook

SEEDS = st.integers(0, 10_000)


def world(seed: int) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray], Terms]:
    rng = np.random.default_rng(seed)
    items, days = int(rng.integers(1, 6)), int(rng.integers(2, 60))
    demand = rng.poisson(rng.uniform(0, 4), (items, days)).astype(float)
    low = rng.integers(0, 12, (1, items)).astype(float)
    terms = Terms(
        int(rng.integers(1, 8)), bool(rng.integers(0, 2)), float(rng.integers(0, 9)), float(rng.integers(0, 5))
    )
    return demand, rng.integers(0, 9, (items, days)), (low, low + rng.integers(0, 12, (1, items))), terms


@given(SEEDS)
def test_stock_is_conserved(seed):
    demand, lead, levels, terms = world(seed)
    since = int(np.random.default_rng(seed).integers(0, demand.shape[1]))
    said = replay(demand, lead, np.array([0]), levels, terms=terms, measured_from=since)
    np.testing.assert_allclose(
        said.end_qty - said.start_qty, said.received_qty - said.wanted_qty + said.lost_qty, atol=1e-9
    )
    assert (said.after_qty >= 0).all()
    assert (said.filled_qty <= said.wanted_qty + 1e-9).all()
    assert (said.filled_line_count <= said.line_count).all()
    assert (said.filled_cycle_count <= said.cycle_count).all()


@given(SEEDS)
def test_items_do_not_see_each_other(seed):
    demand, lead, levels, terms = world(seed)
    order = np.random.default_rng(seed).permutation(demand.shape[0])
    whole = replay(demand, lead, np.array([0]), levels, terms=terms)
    turned = replay(demand[order], lead[order], np.array([0]), tuple(one[:, order] for one in levels), terms=terms)
    np.testing.assert_array_equal(turned.filled_qty, whole.filled_qty[order])
    np.testing.assert_array_equal(turned.ordered_qty, whole.ordered_qty[order])


@given(SEEDS)
def test_a_higher_base_stock_fills_no_less(seed):
    demand, lead, levels, _ = world(seed)
    one = replay(demand, lead, np.array([0]), (levels[1], levels[1]), terms=Terms())
    two = replay(demand, lead, np.array([0]), (levels[1] + 3, levels[1] + 3), terms=Terms())
    assert (two.filled_qty >= one.filled_qty).all()
    assert (two.before_qty >= one.before_qty).all()


def samples(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    items, count = int(rng.integers(1, 5)), int(rng.integers(1, 40))
    earlier = rng.poisson(rng.uniform(0, 6), (items, count)).astype(float)
    return earlier + rng.poisson(2.0, (items, count)), earlier, rng.uniform(0.1, 9, items), rng.uniform(0.1, 9, items)


@given(SEEDS)
def test_the_economic_level_earns_most(seed):
    wanted, earlier, margin, cost = samples(seed)
    chances = np.random.default_rng(seed).dirichlet(np.ones(wanted.shape[1]), wanted.shape[0])
    for before in (None, earlier):
        found = economic(wanted, margin, cost, holding_share=0.5, days=365.0, earlier=before, chances=chances)
        for i, level in enumerate(found):

            def gain(to: float, i: int = i, before: np.ndarray | None = before) -> float:
                short = np.maximum(wanted[i] - to, 0) - (0 if before is None else np.maximum(before[i] - to, 0))
                return float(chances[i] @ (-margin[i] * short - 0.5 * cost[i] * np.maximum(to - wanted[i], 0)))

            assert gain(level) >= max(gain(float(to)) for to in range(40)) - 1e-9


@given(SEEDS, st.floats(0.1, 5), st.floats(1.0, 10))
def test_dearer_capital_never_raises_a_level_and_a_higher_margin_never_lowers_it(seed, rate, more):
    wanted, earlier, margin, cost = samples(seed)
    for before in (None, earlier):

        def level(rate: float, times: float, before: np.ndarray | None = before) -> np.ndarray:
            return economic(wanted, margin * times, cost, holding_share=0.3, days=90.0, rate=rate, earlier=before)

        assert (level(rate * more, 1.0) <= level(rate, 1.0)).all()
        assert (level(rate, more) >= level(rate, 1.0)).all()
    both = economic(wanted, margin, cost, holding_share=0.3, days=90.0, rate=np.array([rate, rate * more]))
    np.testing.assert_array_equal(both[0], economic(wanted, margin, cost, holding_share=0.3, days=90.0, rate=rate))


@given(SEEDS, st.integers(0, 9))
def test_more_demand_never_lowers_a_level(seed, extra):
    wanted, _, margin, cost = samples(seed)
    for rule in (
        lambda x: economic(x, margin, cost, holding_share=0.3, days=90.0),
        lambda x: cycle_service(x, 0.8),
    ):
        assert (rule(wanted + extra) >= rule(wanted)).all()


@given(SEEDS, st.floats(0.05, 0.99), st.floats(0.0, 1.0))
def test_more_service_never_needs_less_stock(seed, low, step):
    wanted, earlier, _, _ = samples(seed)
    high, lots = low + step * (0.995 - low), np.full(wanted.shape[0], 2.0)
    assert (cycle_service(wanted, high) >= cycle_service(wanted, low)).all()
    for options in ({}, {"is_lost": True}, {"earlier": earlier}):
        assert (fill_rate(wanted, lots, high, **options) >= fill_rate(wanted, lots, low, **options) - 1e-6).all()
    formula = textbook(wanted.mean(axis=1), wanted.std(axis=1), 3.0, 1.0)
    assert (formula.for_cycles(high) >= formula.for_cycles(low)).all()


@given(SEEDS)
def test_a_fill_rate_level_fills_what_it_says(seed):
    wanted, earlier, _, _ = samples(seed)
    lots = (wanted - earlier).mean(axis=1)
    level = fill_rate(wanted, lots, 0.9, earlier=earlier)
    assert (outlook(wanted, level, earlier=earlier).fill_share >= 0.9 - 1e-6).all()


@given(SEEDS, st.floats(0, 200))
def test_the_priority_list_keeps_its_budget_and_leaves_no_hole(seed, budget):
    wanted, _, margin, cost = samples(seed)
    position = np.zeros(margin.size)
    said = priority(wanted, position, margin, cost, holding_share=0.3, days=90.0, pack=2.0, budget=budget)
    assert (said.bought * 2 * cost).sum() <= budget + 1e-9
    ratio = said.gain / said.cost
    assert (np.diff(ratio) <= 1e-12).all()
    assert (said.gain > 0).all()
    whole = priority(wanted, position, margin, cost, holding_share=0.3, days=90.0, pack=2.0)
    assert (whole.bought >= said.bought).all()


@given(SEEDS)
def test_possible_demand_is_a_distribution_and_no_item_leans_on_another(seed):
    rng = np.random.default_rng(seed)
    history = [rng.poisson(rng.choice([0.0, 0.1, 0.8, 9.0]), int(rng.integers(0, 80))) * 1.0 for _ in range(5)]
    said = possible(history, half_life=52.0)
    np.testing.assert_allclose(said.chances.sum(axis=1), 1.0, atol=1e-6)
    assert (said.values >= 0).all()
    assert (said.chances >= -1e-12).all()
    for place, one in enumerate(history):
        alone = possible([one], half_life=52.0)
        assert alone.mean()[0] == pytest.approx(said.mean()[place])
        if not one.any():
            assert alone.mean()[0] == 0
    drawn = sums(said, np.full((5, 20), 3), seeds=np.arange(5))
    again = sums(possible(history[:1], half_life=52.0), np.full((1, 20), 3), seeds=np.arange(1))
    np.testing.assert_array_equal(drawn[:1], again)


def test_the_published_examples_of_service_come_out():
    """Chopra and Meindl, safety inventory: checks D10 and D11."""
    phones = textbook(np.array([2500.0]), np.array([500.0]), 2.0, 0.0)
    assert phones.for_fill(0.975, np.array([10_000.0]))[0] - 5000 == pytest.approx(66.7, abs=0.5)
    for spread, safety in zip((7, 6, 4, 2, 0), (22491, 19298, 12927, 6628, 1695), strict=True):
        makers = textbook(np.array([2500.0]), np.array([500.0]), 7.0, float(spread))
        assert makers.for_cycles(0.9)[0] - 17_500 == pytest.approx(safety, abs=1.0)


def test_a_lead_time_of_two_kinds_is_met_where_the_formula_misses_it():
    """Eppen and Martin, 1988: check D12."""
    rng = np.random.default_rng(4)
    for pmf, correct in (({2: 0.5, 4: 0.5}, 425.6), ({2: 0.9, 12: 0.1}, 1200.0)):
        lead = rng.choice(list(pmf), (1, 200_000), p=list(pmf.values()))
        wanted = rng.normal(100 * lead, 10 * np.sqrt(lead))
        assert cycle_service(wanted, 0.95)[0] == pytest.approx(correct, rel=0.005)
