"""What a decided quantity was worth, by hand: units used, held and missed, and what another quantity would have changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.decisions.worth import (
    earned,
    held_unit_days,
    less_than_suggested,
    missed_units,
    more_than_suggested,
    used_units,
)

days = st.lists(st.integers(0, 60), min_size=1, max_size=20).map(lambda units: np.array(units, float))


def test_the_last_units_are_used_only_when_stock_falls_below_them():
    assert used_units(np.array([90.0, 45.0, 60.0]), 50) == 5
    assert used_units(np.array([90.0, 55.0, 60.0]), 50) == 0
    assert used_units(np.array([90.0, 0.0, 60.0]), 50) == 50


def test_nothing_is_worth_nothing():
    shelf = np.array([5.0, 0.0, 3.0])
    used, lay = used_units(shelf, 0), held_unit_days(shelf, 0)
    assert (used, lay) == (0, 0)
    assert earned(used, lay, margin=9, lost_share=0.5, unit_cost=20, holding_a_year=0.22) == 0


@given(days, st.integers(0, 80), st.integers(0, 80))
def test_more_units_are_never_used_less_and_never_more_than_there_were(on_hand, one, more):
    few, many = used_units(on_hand, one), used_units(on_hand, one + more)
    assert 0 <= few <= one
    assert few <= many <= few + more


@given(days, st.integers(1, 80), st.randoms())
def test_the_order_of_days_does_not_change_what_was_used_or_held(on_hand, qty, luck):
    mixed = on_hand.copy()
    luck.shuffle(mixed)
    assert used_units(mixed, qty) == used_units(on_hand, qty)
    assert held_unit_days(mixed, qty) == held_unit_days(on_hand, qty)


def test_what_was_missed_is_what_usually_leaves_on_days_that_closed_empty():
    assert missed_units(np.array([4.0, 0.0, 0.0]), np.array([9.0, 2.0, 0.0]), 5.0) == 8


def test_extra_stock_on_a_full_shelf_only_lies():
    on_hand = np.full(28, 400.0)
    used, lay = more_than_suggested(on_hand, np.full(28, 1.0), 28, 100.0, 1.0)
    assert used == 0
    assert lay > 28 * 100  # and goes on lying: nothing came to tell how long


def test_an_order_that_is_larger_is_charged_with_what_was_missed_before_the_later_refill():
    """Both orders end with three empty days; the larger one ends later, and nothing was gained."""
    on_hand = np.array([30.0, 20, 10, 0, 0, 0, 50])
    went = np.array([10.0, 10, 10, 10, 0, 0, 0])
    used, _ = more_than_suggested(on_hand, went, 6, 20.0, 10.0, review_days=1)
    assert used == pytest.approx(20 - 20)


def test_half_as_much_is_charged_with_half_of_what_was_missed():
    on_hand, went = np.array([10.0, 0, 0, 40]), np.array([10.0, 10, 0, 0])
    missed, _ = less_than_suggested(on_hand, went, 3, 20.0, 40.0, 10.0)
    assert missed == pytest.approx(10 * 0.5)
