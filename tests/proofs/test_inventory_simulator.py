"""The judge of stock rules is itself judged: by a published simulation, by a published curve, by what cannot be otherwise."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import inventory_parts as study
from models.inventory.replay import Terms, decided, replay

SLOTS = 200  # of a month


def check(shared: Path, name: str) -> dict:
    told = json.loads((shared / "checks" / "decisions.json").read_text("utf-8"))
    return next(one for one in told["checks"] if one["id"] == name)


def law_and_kelton(low: float, high: float, asked: dict, runs: int = 200) -> float:
    """Mean cost a month of 200 runs of 120 months: every run an item, every slot a two-hundredth of a month."""
    rng, slots = np.random.default_rng(1), asked["months"] * SLOTS
    pmf = {float(size): chance for size, chance in asked["demand_pmf"].items()}
    demand = np.zeros((runs, slots))
    for run in range(runs):
        count = rng.poisson(asked["months"] / asked["interdemand_mean"])
        sizes = rng.choice(list(pmf), count, p=list(pmf.values()))
        np.add.at(demand[run], rng.integers(0, slots, count), sizes)
    lag = np.rint(rng.uniform(0.5, 1.0, (runs, slots)) * SLOTS).astype(np.int64)
    levels = np.full((1, runs), low - 1), np.full((1, runs), high)  # "below s" is "at most s - 1"
    said = replay(
        demand, lag, np.array([0]), levels, terms=Terms(review_days=SLOTS),
        start_qty=np.full(runs, float(asked["initial_inventory"])),
    )  # fmt: skip
    ordering = asked["K"] * said.order_count + asked["i"] * said.ordered_qty
    return float((ordering / asked["months"] + asked["h"] * said.after_qty + asked["pi"] * said.short_qty).mean())


@pytest.mark.parametrize("policy", ["20,40", "20,80", "40,60", "40,100", "60,100"])
def test_costs_of_the_published_inventory_system_come_out(policy, shared):
    known = check(shared, "D26_law_inventory_sim")
    low, high = map(float, policy.split(","))
    told = law_and_kelton(low, high, known["inputs"])
    assert abs(told - known["expected"]["mean_of_200_runs_here"][policy]) <= known["tolerance"]["mean_abs"]


def test_the_published_curve_of_the_spare_parts_comes_out(shared):
    known = check(shared, "D27_man_published_curve")
    folder = shared / "data" / "spare_parts"
    found = study.parts(folder / "man_weekly.parquet", folder / "man_items.csv")
    assert found.demand.shape == (1392, 150)
    said, place = study.published_method(found), study.TARGETS_STUDY.tolist().index(0.95)
    published = known["expected"]["SES"]["0.95"]
    assert said.fill()[place] == pytest.approx(published["total_fill"], abs=0.005)
    assert said.holding_amount.sum(axis=0)[place] == pytest.approx(published["cost"], rel=known["tolerance"]["SES_rel"])


def anything(seed: int = 0, items: int = 40, days: int = 120) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.poisson(0.7, (items, days)) * rng.integers(1, 9, (items, days)).astype(float), rng.integers(
        0, 9, (items, days)
    )


@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("lots", [(0.0, 0.0), (5.0, 3.0)])
def test_what_came_in_is_what_was_sold_and_what_stock_changed_by(is_lost, lots):
    demand, lead = anything()
    levels = np.full((1, 40), 6.0), np.full((1, 40), 20.0)
    terms = Terms(review_days=3, is_lost=is_lost, minimum_qty=lots[0], pack_qty=lots[1])
    said = replay(demand, lead, np.array([10]), levels, terms=terms, measured_from=25)
    sold = said.wanted_qty - said.lost_qty
    np.testing.assert_allclose(said.received_qty, sold + said.end_qty - said.start_qty, atol=1e-9)
    assert (said.lost_qty > 0).any() == is_lost
    assert (said.filled_qty <= said.wanted_qty).all()
    assert (said.filled_qty < said.wanted_qty).any()
    assert (said.ordered_qty % 3 == 0).all() or lots[1] == 0


def test_no_demand_orders_nothing_and_keeps_what_is_there():
    level = np.full((1, 3), 7.0)
    said = replay(np.zeros((3, 30)), np.ones((3, 30), dtype=int), np.array([0]), (level, level), terms=Terms())
    assert said.order_count.sum() == 0
    assert (said.after_qty == 7).all()
    assert (said.filled_cycle_count == 30).all()


def test_endless_stock_fills_everything_and_none_fills_nothing():
    demand, lead = anything()
    nothing, endless = np.zeros((1, 40)), np.full((1, 40), 1e9)
    full = replay(demand, lead, np.array([0]), (endless, endless), terms=Terms())
    np.testing.assert_array_equal(full.filled_qty, demand.sum(axis=1))
    np.testing.assert_array_equal(full.filled_line_count, full.line_count)
    empty = replay(demand, lead, np.array([0]), (nothing - 1, nothing), terms=Terms(is_lost=True))
    assert empty.filled_qty.sum() == 0
    assert empty.before_qty.sum() == 0


def test_without_lead_time_the_level_is_there_every_morning():
    demand, _ = anything()
    level = np.full((1, 40), 11.0)
    said = replay(demand, np.zeros(demand.shape, dtype=int), np.array([0]), (level, level), terms=Terms())
    np.testing.assert_allclose(said.before_qty, 11.0)
    np.testing.assert_array_equal(said.filled_qty, np.minimum(demand, 11).sum(axis=1))


def test_lead_time_and_review_are_what_a_level_must_last_for():
    """A unit a day, reviewed every 3 days, 4 days on the way: 7 are just enough, 6 are not."""
    demand, lead = np.ones((1, 200)), np.full((1, 200), 4)
    for level, fill in ((7.0, 1.0), (6.0, 2 / 3)):
        levels = np.full((1, 1), level), np.full((1, 1), level)
        said = replay(demand, lead, np.array([0]), levels, terms=Terms(review_days=3, is_lost=False), measured_from=60)
        assert said.filled_qty[0] / said.wanted_qty[0] == pytest.approx(fill, abs=0.02)


def test_the_same_twice():
    demand, lead = anything()
    levels = np.full((1, 40), 6.0), np.full((1, 40), 20.0)
    one, two = (replay(demand, lead, np.array([0]), levels, terms=Terms(), is_daily=True) for _ in range(2))
    for name, told in vars(one).items():
        np.testing.assert_array_equal(told, getattr(two, name))


def test_a_rule_sees_nothing_of_what_comes_later():
    demand, lead = anything()
    days = np.arange(30, 120, 15)

    def rule(day: int, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert seen.shape[1] == day
        return seen.mean(axis=1) * 8, seen.mean(axis=1) * 12

    whole = decided(demand, days, rule)
    for place, day in enumerate(days):
        shortened = decided(demand[:, :day].copy(), days[: place + 1], rule)
        np.testing.assert_array_equal(shortened[1][place], whole[1][place])
    poisoned = demand.copy()
    poisoned[:, 90:] = 1e6
    cut = replay(demand[:, :90], lead[:, :90], days[:4], tuple(one[:4] for one in whole), terms=Terms(), is_daily=True)
    told = decided(poisoned, days[:4], rule)
    np.testing.assert_array_equal(told[0], whole[0][:4])
    after = replay(poisoned, lead, days[:4], told, terms=Terms(), is_daily=True)
    np.testing.assert_array_equal(after.daily_qty[:, :60], cut.daily_qty)


def test_what_a_rule_is_shown_cannot_be_written_to():
    demand, _ = anything()

    def rule(day: int, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen[:] = 0
        return seen[:, 0], seen[:, 0]

    with pytest.raises(ValueError, match="read-only"):
        decided(demand, np.array([10]), rule)
