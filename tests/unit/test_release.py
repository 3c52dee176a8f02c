"""Which orders leave today: worth within stock and hours, whole orders whole, old ones before young ones."""

from dataclasses import replace

import numpy as np

from models import solver
from models.orders.release import Backlog, in_turn, released


def backlog(**more):
    """Three orders of two lines each: O0 ships whole, O1 is worth most an hour, O2 is the oldest."""
    plain = Backlog(
        order=np.array([0, 0, 1, 1, 2, 2]),
        sku=np.array([0, 1, 0, 1, 0, 1]),
        wanted=np.full(6, 5.0),
        worth=np.array([2.0, 2.0, 4.0, 4.0, 1.0, 1.0]),
        line_hours=np.full(6, 0.5),
        unit_hours=np.zeros(6),
        is_complete=np.array([True, False, False]),
        age_days=np.array([1.0, 2.0, 9.0]),
        tier=np.array([0, 1, 2]),
        order_hours=np.zeros(3),
        stock=np.array([15.0, 15.0]),
        hours=3.0,
    )
    return replace(plain, **more)


def test_with_enough_of_everything_all_leaves():
    found = released(backlog(), oldest_days=30)
    assert found.qty.tolist() == [5.0] * 6
    assert (found.worth, found.status, found.waiting.size) == (70, solver.OPTIMAL, 0)


def test_scarce_hours_go_to_what_is_worth_most():
    found = released(backlog(hours=1.0), oldest_days=30)
    assert found.is_released.tolist() == [False, True, False]


def test_an_order_that_ships_whole_ships_whole_or_not_at_all():
    """Nine of SKU 1: the order that must ship whole takes five and leaves four, worth less than serving the dearer one first."""
    found = released(backlog(stock=np.array([15.0, 4.0]), worth=np.array([9.0, 9, 1, 1, 1, 1])), oldest_days=30)
    assert found.qty[:2].tolist() == [0, 0]
    assert found.qty[[3, 5]].sum() == 4


def test_who_has_waited_too_long_goes_first_and_who_still_cannot_is_named():
    assert released(backlog(hours=1.0), oldest_days=7).is_released.tolist() == [False, False, True]
    assert released(backlog(hours=0.0), oldest_days=7).waiting.tolist() == [2]


def test_it_is_worth_at_least_what_any_turn_is():
    tight = backlog(hours=2.0, stock=np.array([7.0, 12.0]))
    best = released(tight, oldest_days=30)
    for keys in ((tight.tier,), (-tight.age_days,), (tight.tier, -tight.age_days)):
        assert (in_turn(tight, *keys) * tight.worth).sum() <= best.worth + 1e-9


def test_where_the_search_finds_nothing_orders_are_taken_in_turn(monkeypatch):
    lost = solver.Solved(np.zeros(0), float("inf"), -float("inf"), solver.STOPPED, 0.0)
    monkeypatch.setattr("models.orders.release._searched", lambda *_: lost)
    found = released(backlog(hours=1.0), oldest_days=30)
    assert found.is_released.tolist() == [False, True, False]
    assert found.status == solver.STOPPED


def test_an_empty_backlog_releases_nothing():
    none = np.zeros(0)
    found = released(
        Backlog(none.astype(int), none.astype(int), *([none] * 4), none.astype(bool), *([none] * 3), none, 8.0),
        oldest_days=9,
    )
    assert (found.worth, found.qty.size, found.gap) == (0, 0, 0)
