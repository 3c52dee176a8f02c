"""What must hold of any stock that is played through its futures: nothing is made, nothing vanishes, and more is never worse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inventory.simulate import futures, shelves
from models.paths import sample_paths

DAYS = 6
WANTED = st.lists(st.lists(st.integers(0, 20).map(float), min_size=DAYS, max_size=DAYS), min_size=1, max_size=8).map(
    np.array
)
STOCK = st.integers(0, 120).map(float)
SEEDS = st.integers(0, 2**31)
DUE = st.integers(-9, DAYS + 3).map(float)
LINES = st.lists(
    st.tuples(st.integers(0, 30).map(float), DUE, st.lists(st.integers(-4, 9).map(float), min_size=3, max_size=3)),
    max_size=4,
)


def played(on_hand, wanted, lines=(), seed=1):
    """Empty and has been empty by day, and what is lost by day, of lines given as (quantity, due day, days late)."""
    quantity = np.array([line[0] for line in lines], dtype=float)
    due = np.array([line[1] for line in lines], dtype=float)
    late = np.array([line[2] for line in lines], dtype=float) if lines else np.zeros((0, 1))
    out, lost = np.zeros((wanted.shape[1], 2)), np.zeros(wanted.shape[1])
    shelves(on_hand, wanted, quantity, due, late, seed, out, lost)
    return out, lost


def never_more(less, more):
    return (np.asarray(less) <= np.asarray(more) + 1e-9).all()


def test_a_page_of_arithmetic_by_hand():
    """Three in stock, two wanted a day, two due on the second day: 1 left, 1 left, then one lost. Half of the paths want nothing."""
    wanted = np.array([[2.0, 2.0, 2.0], [0.0, 0.0, 0.0]])
    out, lost = played(3.0, wanted, [(2.0, 1.0, [0.0])])
    assert out.tolist() == [[0, 0], [0, 0], [0.5, 0.5]]
    assert lost.tolist() == [0, 0, 0.5]


def test_a_shelf_that_is_filled_again_is_not_empty_but_has_been():
    out, lost = played(2.0, np.full((1, 3), 2.0), [(9.0, 1.0, [0.0])])
    assert out.tolist() == [[1, 1], [0, 1], [0, 1]]
    assert lost.sum() == 0


@given(wanted=WANTED, lines=LINES, more=st.integers(1, 50), seed=SEEDS)
def test_a_huge_stock_never_runs_out(wanted, lines, more, seed):
    out, lost = played(wanted.sum(axis=1).max() + more, wanted, lines, seed)
    assert not out.any()
    assert not lost.any()


@given(wanted=WANTED, below=st.integers(-30, 0))
def test_nothing_in_stock_and_nothing_on_its_way_is_certain_to_be_out(wanted, below):
    """A stock below nothing counts as none: what was promised already is not lost twice."""
    out, lost = played(float(below), wanted + 1)
    np.testing.assert_allclose(out, 1.0)
    np.testing.assert_allclose(lost, (wanted + 1).mean(axis=0))


@given(on_hand=STOCK, wanted=WANTED, lines=LINES, seed=SEEDS)
def test_chances_are_chances_and_what_was_empty_once_stays_so(on_hand, wanted, lines, seed):
    out, _ = played(on_hand, wanted, lines, seed)
    assert never_more(0, out)
    assert never_more(out, 1)
    assert never_more(out[:, 0], out[:, 1])
    assert never_more(out[:-1, 1], out[1:, 1])


@given(on_hand=STOCK, wanted=WANTED, lines=LINES, seed=SEEDS)
def test_no_more_is_lost_than_was_wanted_and_no_less_than_could_not_be_there(on_hand, wanted, lines, seed):
    _, lost = played(on_hand, wanted, lines, seed)
    assert never_more(0, lost)
    assert never_more(lost, wanted.mean(axis=0))
    there_at_most = on_hand + sum(line[0] for line in lines)
    assert never_more(np.maximum(wanted.sum(axis=1) - there_at_most, 0).mean(), lost.sum())


@given(on_hand=STOCK, wanted=WANTED, lines=LINES, seed=SEEDS)
def test_where_a_day_loses_something_the_shelf_was_empty(on_hand, wanted, lines, seed):
    out, lost = played(on_hand, wanted, lines, seed)
    assert (out[lost > 0, 0] > 0).all()


@given(on_hand=STOCK, more=st.integers(0, 40), wanted=WANTED, lines=LINES, seed=SEEDS)
def test_more_stock_is_never_more_risk(on_hand, more, wanted, lines, seed):
    less, plenty = played(on_hand, wanted, lines, seed), played(on_hand + more, wanted, lines, seed)
    assert never_more(plenty[0], less[0])
    assert never_more(plenty[1], less[1])


@given(on_hand=STOCK, more=st.integers(0, 40), wanted=WANTED, lines=LINES, seed=SEEDS)
def test_more_on_its_way_is_never_more_risk(on_hand, more, wanted, lines, seed):
    larger = [(quantity + more, due, late) for quantity, due, late in lines]
    less, plenty = played(on_hand, wanted, lines, seed), played(on_hand, wanted, larger, seed)
    assert never_more(plenty[0], less[0])
    assert never_more(plenty[1], less[1])


@given(on_hand=STOCK, wanted=WANTED, quantity=st.integers(0, 40), due=DUE)
def test_one_more_purchase_line_is_never_more_risk(on_hand, wanted, quantity, due):
    less, plenty = played(on_hand, wanted), played(on_hand, wanted, [(quantity, due, [0.0])])
    assert never_more(plenty[0], less[0])
    assert never_more(plenty[1], less[1])


@given(on_hand=STOCK, wanted=WANTED, lines=LINES, delay=st.integers(0, 5), seed=SEEDS)
def test_later_is_never_safer(on_hand, wanted, lines, delay, seed):
    """What has been empty by a day, and what is lost up to it; a single day may well be better off for a late delivery."""
    later = [(quantity, due + delay, late) for quantity, due, late in lines]
    soon, late = played(on_hand, wanted, lines, seed), played(on_hand, wanted, later, seed)
    assert never_more(soon[0][:, 1], late[0][:, 1])
    assert never_more(np.cumsum(soon[1]), np.cumsum(late[1]))


@given(on_hand=STOCK, wanted=WANTED, more=st.integers(0, 9), lines=LINES, seed=SEEDS)
def test_more_demand_is_never_less_risk(on_hand, wanted, more, lines, seed):
    less, busy = played(on_hand, wanted, lines, seed), played(on_hand, wanted + more, lines, seed)
    assert never_more(less[0], busy[0])
    assert never_more(np.cumsum(less[1]), np.cumsum(busy[1]))


@given(on_hand=STOCK, wanted=WANTED, lines=LINES, seed=SEEDS, power=st.integers(-4, 10))
def test_another_unit_changes_no_chance(on_hand, wanted, lines, seed, power):
    unit = 2.0**power
    out, lost = played(on_hand, wanted, lines, seed)
    other = played(on_hand * unit, wanted * unit, [(line[0] * unit, *line[1:]) for line in lines], seed)
    np.testing.assert_array_equal(other[0], out)
    np.testing.assert_allclose(other[1], lost * unit)


@given(on_hand=STOCK, wanted=WANTED, lines=LINES, seed=SEEDS)
def test_the_same_seed_plays_the_same_future(on_hand, wanted, lines, seed):
    for one, again in zip(played(on_hand, wanted, lines, seed), played(on_hand, wanted, lines, seed), strict=True):
        np.testing.assert_array_equal(one, again)


def test_a_line_is_as_late_as_the_past_ones_were():
    """Stock for a day and a half, and one line that is due on day 1 and late by 0 or 2 days, one as often as the other."""
    out, _ = played(1.5, np.ones((4000, 4)), [(50.0, 1.0, [0.0, 2.0])])
    assert out[:, 0] == pytest.approx([0, 0.5, 0.5, 0], abs=0.04)


def test_what_was_due_long_ago_comes_tomorrow_at_the_earliest():
    out, lost = played(0.0, np.ones((3, 2)), [(9.0, -30.0, [2.0])])
    assert not out.any()
    assert not lost.any()


@given(on_hand=STOCK, lines=LINES, seed=SEEDS)
def test_a_forecast_played_through_is_its_paths_played_through(on_hand, lines, seed):
    levels, bands = np.array([0.1, 0.5, 0.9]), np.cumsum(np.full((DAYS, 3), 6.0), axis=1)
    quantity, due = (np.array([line[place] for line in lines], dtype=float) for place in (0, 1))
    late = np.array([line[2] for line in lines]) if lines else np.zeros((0, 1))
    means = np.full(DAYS, 13.0)
    out, lost = futures(bands, means, levels, (0.2, 0.1), on_hand, quantity, due, late, seed, 30)
    wanted = sample_paths(bands, means, levels, common_share=0.2, serial=0.1, seed=seed, count=30)
    by_hand = played(on_hand, wanted, lines, seed + 1)
    np.testing.assert_array_equal(out, by_hand[0])
    np.testing.assert_array_equal(lost, by_hand[1])
