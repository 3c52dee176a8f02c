"""What holds of sharing out, promising, moving and releasing, whatever the data."""

import datetime as dt

import numpy as np
from hypothesis import given as drawn
from hypothesis import strategies as st

from models.allocation.rules import OPTIMUM, RULES, Claims, given, one_more, worth_of
from models.inventory.move_book import Moves, gain_of
from models.inventory.moves import moved
from models.orders.promise import DRAWS, INBOUND, Source, Supply, promises
from models.orders.release import Backlog, released

SEEDS = st.integers(0, 10_000)


def some_claims(seed, *, locks=False):
    dice = np.random.default_rng(seed)
    shelves, count = int(dice.integers(1, 6)), int(dice.integers(1, 30))
    step = dice.choice([1.0, 0.001], shelves, p=[0.8, 0.2])
    shelf = dice.integers(0, shelves, count)
    wanted = np.round(dice.lognormal(1, 1, count), 3)
    wanted = np.where(step[shelf] == 1, np.ceil(wanted), wanted)
    supply = np.round(np.bincount(shelf, wanted, shelves) * dice.uniform(-0.1, 1.2, shelves), 3)
    margin = np.round(dice.normal(2, 2, count), 2)
    locked = np.full(count, np.nan)
    if locks:
        first = given(
            Claims(supply, step, shelf, wanted, wanted * 0, margin, margin, margin * 0, np.arange(count), locked),
            "fair share",
        )
        locked = np.where(dice.random(count) < 0.3, first, np.nan)
    return Claims(
        supply, step, shelf, wanted, wanted * dice.choice([0, 0.5, 0.96], count), margin, np.round(margin + dice.uniform(0, 2, count), 2),
        dice.integers(0, 3, count), dice.permutation(count), locked,
    )  # fmt: skip


@drawn(SEEDS, st.booleans())
def test_nobody_gives_more_than_there_is_or_than_is_wanted_and_locked_cells_stay(seed, locks):
    claims = some_claims(seed, locks=locks)
    for rule in RULES:
        got = given(claims, rule)
        assert np.all(got >= 0)
        assert np.all(got <= claims.wanted + 1e-9)
        assert np.all(np.bincount(claims.shelf, got, claims.supply.size) <= np.maximum(claims.supply, 0) + 1e-9)
        is_locked = ~np.isnan(claims.locked)
        assert np.array_equal(got[is_locked], claims.locked[is_locked])
        steps = got / claims.steps
        assert np.allclose(steps, np.round(steps), atol=1e-6)


@drawn(SEEDS)
def test_nothing_is_kept_back_that_somebody_wants(seed):
    claims = some_claims(seed)
    whole = np.floor(np.maximum(claims.supply, 0) / claims.step + 1e-9) * claims.step
    wanted = np.bincount(claims.shelf, np.floor(claims.wanted / claims.steps + 1e-9) * claims.steps, claims.supply.size)
    for rule in RULES:
        used = np.bincount(claims.shelf, given(claims, rule), claims.supply.size)
        assert np.allclose(used, np.minimum(whole, wanted), atol=1e-6)


@drawn(SEEDS, st.booleans())
def test_no_rule_is_worth_more_than_the_optimum_on_any_shelf(seed, locks):
    claims = some_claims(seed, locks=locks)
    best = worth_of(claims, given(claims, OPTIMUM))
    for rule in RULES:
        assert np.all(worth_of(claims, given(claims, rule)) <= best + 1e-6)
    assert np.all(one_more(claims, OPTIMUM) >= -1e-9)


@drawn(SEEDS)
def test_shuffling_changes_nothing(seed):
    claims = some_claims(seed)
    order = np.random.default_rng(seed + 1).permutation(claims.wanted.size)
    names = ("shelf", "wanted", "floor", "margin", "worth", "tier", "since", "locked")
    mixed = Claims(claims.supply, claims.step, *(getattr(claims, name)[order] for name in names))
    for rule in RULES:
        assert np.allclose(given(claims, rule)[order], given(mixed, rule), atol=1e-9)


@drawn(SEEDS)
def test_a_floor_is_only_broken_by_the_contract_rule_where_stock_ends(seed):
    """Contract first: a floor is short only on shelves on which every unit went to floors."""
    claims = some_claims(seed)
    got = given(claims, "contract floor")
    short = np.bincount(claims.shelf, claims.floors - np.minimum(got, claims.floors), claims.supply.size)
    beyond = np.bincount(claims.shelf, np.maximum(got - claims.floors, 0), claims.supply.size)
    assert np.all((short < 1e-6) | (beyond < 1e-6))


@drawn(SEEDS)
def test_no_unit_is_promised_twice(seed):
    """In every future, what is promised by a day has come by that day: checked on the latest day that any wish is ready."""
    dice = np.random.default_rng(seed)
    sources = [
        Source(float(dice.integers(1, 20)), np.ceil(dice.uniform(1, 40, DRAWS)), INBOUND, str(n))
        for n in range(dice.integers(0, 4))
    ]
    on_hand = float(dice.integers(-3, 15))
    supply = Supply(on_hand, sources, np.zeros(0), np.zeros(DRAWS), dt.date(2026, 3, 2))
    wanted = dice.integers(1, 10, 6).astype(float)
    made = promises(supply, wanted, [None] * 6)
    told = sum(qty for qty, each in zip(wanted, made, strict=True) if each.p90 is not None)
    assert told <= max(on_hand, 0) + sum(source.qty for source in sources)
    days = [each.p50 for each in made if each.p50 is not None]
    assert days == sorted(days), "who has the earlier claim is not served later"
    for each in made:
        assert each.p50 is None or each.p50 <= each.p80 <= each.p90


@drawn(SEEDS)
def test_moves_conserve_units_and_never_lose_money(seed):
    dice = np.random.default_rng(seed)
    givers, takers, steps = int(dice.integers(1, 5)), int(dice.integers(1, 5)), 3
    lanes = [(g, t) for g in range(givers) for t in range(takers) if dice.random() < 0.7]
    giver, taker = np.array(lanes, int).reshape(-1, 2).T
    asked = Moves(
        giver, taker, (giver + taker) % 2, dice.uniform(0, 1, len(lanes)), np.ones(len(lanes)), float(dice.uniform(0, 3)),
        np.repeat(np.arange(givers), steps), dice.integers(1, 6, givers * steps).astype(float),
        np.sort(dice.uniform(0, 4, (givers, steps))).ravel(), np.repeat(np.arange(takers), steps),
        dice.integers(1, 6, takers * steps).astype(float), -np.sort(-dice.uniform(0, 9, (takers, steps))).ravel(),
        dice.uniform(0, 10, 2), np.where(dice.random(2) < 0.5, np.inf, 5.0),
    )  # fmt: skip
    plan = moved(asked)
    assert plan.gain >= 0
    assert plan.gain <= plan.bound + 1e-6
    assert np.array_equal(plan.qty, np.round(plan.qty))
    if lanes:
        assert np.all(np.bincount(giver, plan.qty, givers) <= np.bincount(asked.gives, asked.give_width, givers) + 1e-9)
        assert abs(gain_of(asked, plan.qty)[0] - plan.gain) < 1e-6


@drawn(SEEDS)
def test_a_release_keeps_to_stock_hours_and_whole_orders(seed):
    dice = np.random.default_rng(seed)
    orders, skus = int(dice.integers(1, 8)), 4
    order = np.repeat(np.arange(orders), dice.integers(1, 4, orders))
    count = order.size
    backlog = Backlog(
        order, dice.integers(0, skus, count), dice.integers(1, 9, count).astype(float), dice.uniform(0.1, 5, count),
        np.full(count, 0.1), np.full(count, 0.01), dice.random(orders) < 0.5, dice.uniform(0, 20, orders),
        dice.integers(0, 3, orders), np.full(orders, 0.2), dice.integers(0, 20, skus).astype(float), float(dice.uniform(0, 3)),
    )  # fmt: skip
    found = released(backlog, oldest_days=10)
    assert np.array_equal(found.qty, np.round(found.qty))
    assert np.all(np.bincount(backlog.sku, found.qty, skus) <= backlog.stock)
    whole = backlog.is_complete[order] & found.is_released[order]
    assert np.array_equal(found.qty[whole], backlog.wanted[whole])
    spent = ((found.qty > 0) * 0.1 + found.qty * 0.01).sum() + 0.2 * found.is_released.sum()
    assert spent <= backlog.hours + 1e-6
    assert found.weighed <= found.bound + 1e-6
    overdue = np.flatnonzero((backlog.age_days > 10) & ~found.is_released)
    assert np.array_equal(found.waiting, overdue), "an order that has waited too long and stays is named"
