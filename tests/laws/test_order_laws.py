"""What holds for any order quantity: steps and differences sum exactly, more need never orders less, more service never holds less."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.inventory.difference import CAUSES, difference
from models.inventory.lead_time_demand import ahead, read, text
from models.inventory.order_quantity import quantity
from models.inventory.order_terms import NORMAL, PATHS, Inputs, example
from models.inventory.order_value import value
from models.inventory.supplier_order import joint, shared_out, within_budget


@st.composite
def demands(draw):
    dice = np.random.default_rng(draw(st.integers(0, 10_000)))
    rate, lumps = draw(st.sampled_from([0.05, 0.6, 3.0, 40.0])), draw(st.sampled_from([1.0, 6.0]))
    return ahead(np.cumsum(dice.poisson(rate, (60, 56)) * lumps, axis=1))


@st.composite
def asked(draw, method=PATHS):
    pack = draw(st.sampled_from([1.0, 2.5, 6.0, 50.0]))
    whole = st.integers(0, 300).map(float)
    cost = draw(st.sampled_from([None, 0.1, 8.0, 150.0]))
    return Inputs(
        demand=draw(demands()),
        lead_days=tuple(sorted(float(day) for day in draw(st.lists(st.integers(1, 40), min_size=1, max_size=6)))),
        wait_days=float(draw(st.integers(0, 7))), review_days=draw(st.sampled_from([1.0, 7.0, 28.0])),
        on_hand_qty=draw(whole), open_qty=draw(whole), committed_qty=draw(whole), unit_cost=cost,
        short_amount=draw(st.sampled_from([None, 0.05, 3.0, 60.0])), holding_share=0.22, obsolescence_share=0.1,
        line_cost_amount=draw(st.sampled_from([0.0, 3.0, 20.0])), service_floor_share=draw(st.sampled_from([0.0, 0.8, 0.95])),
        minimum_order_qty=draw(st.sampled_from([0.0, 30.0, 400.0])), pack_qty=pack,
        price_breaks=draw(st.sampled_from([None, "100: 7.6; 800: 7.1"])), shelf_life_days=draw(st.sampled_from([None, 30.0])),
        fed_lack_qty=draw(st.sampled_from([0.0, 7.25])), fed_share=draw(st.sampled_from([0.0, 0.4])),
        joint_qty=draw(st.sampled_from([0.0, 2 * pack])), most_qty=draw(st.sampled_from([None, None, 120.0])), method_name=method,
    )  # fmt: skip


@given(st.one_of(asked(), asked(NORMAL)))
def test_the_steps_sum_to_the_quantity_exactly_and_it_is_whole_packs(inputs):
    told = quantity(inputs)
    assert sum((step for _, step in told.steps), Decimal(0)) == told.proposed_qty
    assert told.proposed_qty >= 0
    assert dict(told.steps)["not yet"] == 0 or told.need_qty == 0, (
        "where something is needed, the steps before packs give it"
    )
    assert float(told.proposed_qty) / inputs.pack_qty == pytest.approx(
        round(float(told.proposed_qty) / inputs.pack_qty)
    )
    assert told.reorder_point_qty <= told.order_up_to_qty


@given(asked())
def test_a_line_says_its_demand_so_that_the_quantity_comes_out_the_same(inputs):
    assert quantity(replace(inputs, demand=read(text(inputs.demand)))).steps == quantity(inputs).steps


@given(asked(), st.floats(1.0, 3.0))
def test_more_demand_never_lowers_an_order(inputs, factor):
    assert quantity(inputs.moved(demand=factor)).proposed_qty >= quantity(inputs).proposed_qty


@given(asked(), st.floats(0.0, 0.99), st.floats(0.0, 0.99))
def test_more_service_never_needs_less_stock(inputs, one, other):
    less, more = (quantity(inputs.moved(service=floor)) for floor in sorted([one, other]))
    assert more.reorder_point_qty >= less.reorder_point_qty
    assert more.order_up_to_qty >= less.order_up_to_qty
    assert more.proposed_qty >= less.proposed_qty


@given(asked(), st.integers(0, 200))
def test_more_stock_never_raises_the_need(inputs, more):
    inputs = replace(inputs, minimum_order_qty=0.0, price_breaks=None)
    assert (
        quantity(replace(inputs, on_hand_qty=inputs.on_hand_qty + more)).proposed_qty <= quantity(inputs).proposed_qty
    )


@given(asked())
def test_an_order_never_makes_running_out_likelier_and_shares_are_shares(inputs):
    told = value(inputs, quantity(inputs), lead_count=3)
    assert 0 <= told.stockout_after_share <= told.stockout_share <= 1
    assert 0 <= told.fill_share <= 1
    assert 0 <= told.confidence_share <= 1
    if told.gain is not None and told.gain_low is not None:
        assert told.gain_low <= told.gain_high


@settings(max_examples=25)
@given(asked(), asked())
def test_a_difference_sums_to_the_change_exactly(before, after):
    parts = difference(before, after)
    assert set(parts) == set(CAUSES)
    assert sum(parts.values(), Decimal(0)) == quantity(after).proposed_qty - quantity(before).proposed_qty


@settings(max_examples=25)
@given(asked(), asked(), st.sampled_from(sorted(CAUSES)))
def test_what_has_not_moved_explains_nothing(before, after, cause):
    mixed = replace(before, **{name: getattr(after, name) for name in CAUSES[cause]})
    parts = difference(before, mixed)
    assert {other for other, part in parts.items() if part} <= {cause}


def test_every_input_belongs_to_one_cause():
    named = [name for names in CAUSES.values() for name in names]
    assert sorted(named) == sorted(Inputs.__dataclass_fields__)


@settings(max_examples=25)
@given(st.lists(asked(), min_size=1, max_size=4), st.floats(0, 5000))
def test_a_whole_order_is_filled_up_put_off_or_left_as_it_is(lines, minimum):
    told = joint(lines, minimum_amount=minimum)
    alone = [quantity(line).proposed_qty for line in lines]
    together = [quantity(line).proposed_qty for line in told.inputs]
    if told.waits:
        assert not any(together)
    else:
        bounded = [line.most_qty is not None or line.shelf_life_days is not None for line in lines]
        assert all(more >= less for more, less, one in zip(together, alone, bounded, strict=True) if not one)


@settings(max_examples=25)
@given(st.lists(asked(), min_size=1, max_size=4), st.floats(0, 5000))
def test_a_budget_is_kept_and_raises_nothing(lines, budget):
    cut = within_budget(lines, budget)
    before, after = ([quantity(one) for one in some] for some in (lines, cut))
    assert all(new.proposed_qty <= old.proposed_qty for new, old in zip(after, before, strict=True))
    spent = sum(float(one.proposed_qty) * (line.unit_cost or 0) for one, line in zip(after, lines, strict=True))
    assert spent <= budget * (1 + 1e-9) + 1e-6


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6), st.floats(-5, 300))
def test_a_source_gives_no_more_than_it_has_free_and_leaves_nothing_idle(wanted, free):
    given_out = shared_out(wanted, free)
    assert all(have <= want for have, want in zip(given_out, wanted, strict=True))
    assert sum(given_out) <= max(free, 0)
    assert sum(given_out) >= min(sum(wanted), int(max(free, 0)))


def test_an_example_by_hand():
    """Fourteen are asked for until the next order comes, five are there: nine lack, which is two packs of six."""
    told = quantity(example())
    assert (told.reorder_point_qty, told.order_up_to_qty, told.need_qty, int(told.proposed_qty)) == (14, 14, 9, 12)


def test_more_need_never_ends_on_a_smaller_quantity_at_any_break():
    """The second break must be held against the price of the first, or a need beyond the first would lose the second."""
    ahead_of_it = ahead(np.full((2, 28), 30.0).cumsum(axis=1))
    told = [
        quantity(
            replace(
                example(), demand=ahead_of_it, pack_qty=1.0, price_breaks="300: 9.8; 900: 9.7", on_hand_qty=420.0 - need
            )
        ).proposed_qty
        for need in range(1, 421)
    ]
    assert told == sorted(told)
    assert {300, 900} & {int(one) for one in told}
