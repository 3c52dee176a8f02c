"""Is demand laid out day by day, are empty shelves lifted by what is lost on them, and is the future left alone?"""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.demand.history import DAYS_AT_MOST, cut_back, history, lifted

END = dt.date(2026, 11, 14)


def days_before(count):
    return END - dt.timedelta(days=count)


def made(demand, stock_outs=(), *, first=199, last=None):
    """The history of one shelf: demand and empty days as (days before the end, …)."""
    facts = pl.DataFrame(
        [("A", "X", days_before(back), float(qty)) for back, qty in demand],
        schema=["sku_id", "site_id", "demand_date", "demand_qty"],
        orient="row",
    )
    empty = pl.DataFrame(
        [("A", "X", days_before(back), hidden) for back, hidden in stock_outs],
        schema={"sku_id": pl.String, "site_id": pl.String, "demand_date": pl.Date, "is_censored": pl.Boolean},
        orient="row",
    )
    lives = pl.DataFrame(
        {
            "sku_id": ["A"],
            "site_id": ["X"],
            "first_demand_date": [days_before(first)],
            "last_sale_date": [days_before(last or 0)],
        }
    )
    return history(facts, lives, empty, END)


def test_days_without_demand_are_noughts_and_two_facts_of_a_day_are_added():
    past = made([(199, 3), (0, 4), (0, 5)])
    assert past.recorded[0].size == 200
    assert past.recorded[0][[0, 199]].tolist() == [3, 9]
    assert past.recorded[0].sum() == 12


def test_what_is_no_longer_on_sale_has_no_history_to_forecast():
    past = made([(199, 3), (50, 2)], last=5)
    assert past.cells.is_empty()
    assert past.ended.cells.select("sku_id", "last_date").rows() == [("A", days_before(5))]
    assert (past.ended.recorded[0].size, past.ended.recorded[0].sum()) == (200, 5)
    assert made([(199, 3)]).ended.cells.is_empty()


def test_what_ended_more_than_three_years_ago_is_forgotten():
    assert made([(1400, 3)], first=1400, last=1200).ended.cells.is_empty()


def test_a_series_that_starts_yesterday_has_two_days():
    assert made([(1, 3)], first=1).recorded[0].tolist() == [3, 0]


def test_three_years_are_enough():
    assert made([(4000, 3), (1, 2)], first=4000).recorded[0].size == DAYS_AT_MOST


def test_an_empty_shelf_is_lifted_to_what_the_weekday_brought_where_nobody_orders_from_it():
    # Seven a day; then a shelf that stays empty for a fortnight, with nothing ordered.
    past = made([(back, 7) for back in range(20, 200)], [(back, True) for back in range(6, 20)])
    assert past.shown() == pytest.approx(1 / (13 * 7 + 1))
    wanted = past.wanted()[0]
    assert wanted[-20:-6] == pytest.approx(7.0, abs=0.1)
    assert (wanted[:-20] == past.recorded[0][:-20]).all()


def test_where_orders_go_on_from_an_empty_shelf_nothing_is_lifted():
    demand = [(back, 7) for back in range(200) if back != 10]
    past = made(demand, [(back, back == 10) for back in range(5, 20)])
    assert past.shown() > 0.9
    assert past.wanted()[0][-11] < 1


def test_a_day_that_emptied_the_shelf_itself_says_nothing_of_how_orders_are_taken():
    past = made([(back, 7) for back in range(200)], [(30, False), (60, False)])
    assert past.shown() == 1.0


def test_a_lift_never_lowers_and_reads_nothing_later():
    y = np.array([5.0] * 14 + [9.0] + [0.0] * 6)
    hidden = np.arange(21) == 14
    assert lifted(y, hidden, 1.0)[14] == 9.0
    poisoned = y.copy()
    poisoned[15:] = 1e6
    assert (lifted(poisoned, hidden, 1.0)[:15] == lifted(y, hidden, 1.0)[:15]).all()


def test_until_keeps_nothing_of_the_days_after():
    past = made([(back, 7) for back in range(200)], [(3, True)])
    then = past.until(days_before(50))
    assert then.end == days_before(50)
    assert then.recorded[0].size == 150
    assert not then.empty[0].any()
    assert past.until(days_before(500)).cells.is_empty()


def test_a_slip_of_the_keyboard_is_cut_back_and_a_good_day_is_not():
    y = np.tile([2.0, 3.0, 0.0], 20)
    y[30] = 1e9
    assert cut_back(y)[30] == 3, "what a good day sells"
    assert (np.delete(cut_back(y), 30) == np.delete(y, 30)).all()
    y[30] = 50
    assert cut_back(y).max() == 50
    assert cut_back(np.array([1.0, 1e9])).max() == 1e9, "too few days to tell"
