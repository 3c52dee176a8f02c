import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.inventory.own_demand import LEAST_WEEKS, own_past
from models.inventory.possible_demand import heard, possible

TODAY = dt.date(2026, 11, 14)
KEY = ("A", "X")
NO_EMPTY = pl.DataFrame(
    schema={"sku_id": pl.String, "site_id": pl.String, "demand_date": pl.Date, "is_censored": pl.Boolean}
)


def facts(days_ago, qty=10.0, key=KEY):
    rows = [(*key, TODAY - dt.timedelta(days=ago), qty) for ago in days_ago]
    return pl.DataFrame(rows, schema=["sku_id", "site_id", "demand_date", "demand_qty"], orient="row")


def past(days_ago, empty=NO_EMPTY, name="lumpy", today=TODAY):
    return own_past(facts(days_ago), empty, {KEY: name}, today=today)


def test_weeks_that_never_brought_more_say_what_the_next_ones_bring():
    drawn = past(range(0, 7 * 52, 28)).ahead(KEY, np.full(91, 5.0), seed=1, count=400, days=56)
    assert drawn.shape == (400, 56)
    # A purchase of about ten every fourth week, whatever the forecast says of demand so rare.
    assert drawn[:, -1].mean() == pytest.approx(20, rel=0.25)
    assert 0.55 < (drawn[:, 6] == 0).mean() < 0.8
    assert (np.diff(drawn, axis=1) >= 0).all()


def test_demand_of_every_week_follows_the_forecast_week_by_week():
    weekly = past(range(0, 7 * 60, 7))
    season = np.repeat([10.0, 30.0], 7) / 7
    drawn = weekly.ahead(KEY, season, seed=1, count=2000, days=14)
    first, second = drawn[:, 6].mean(), (drawn[:, 13] - drawn[:, 6]).mean()
    assert second / first == pytest.approx(3, rel=0.1)


def test_a_forecast_that_ends_within_a_week_ends_the_paths():
    assert past(range(0, 7 * 60, 7)).ahead(KEY, np.full(10, 1.0), seed=1, count=3, days=28).shape == (3, 10)


@pytest.mark.parametrize("name", ["smooth", "erratic", "none"])
def test_goods_of_every_day_have_their_forecast_only(name):
    assert past(range(0, 400, 7), name=name).ahead(KEY, np.ones(28), seed=1, count=3, days=28) is None


def test_a_short_past_says_nothing():
    weeks = 7 * LEAST_WEEKS
    assert past([0, weeks - 1]).ahead(KEY, np.ones(28), seed=1, count=3, days=28) is None
    assert past([0, weeks]).ahead(KEY, np.ones(28), seed=1, count=3, days=28) is not None


def test_nothing_after_the_day_is_known():
    then = TODAY - dt.timedelta(days=70)
    one = past(range(0, 600, 21), today=then)
    other = past([ago for ago in range(0, 600, 21) if ago >= 70], today=then)
    np.testing.assert_array_equal(one.demand.chances, other.demand.chances)
    np.testing.assert_array_equal(one.demand.values, other.demand.values)


def test_a_week_that_an_empty_shelf_may_have_hidden_is_left_out():
    hidden = facts(range(21), qty=None).with_columns(is_censored=pl.lit(value=True)).drop("demand_qty")
    bought = range(21, 7 * 60, 7)  # every week but the last three
    assert past(bought).demand.often[0] < 1
    assert past(bought, empty=hidden).demand.often[0] == 1
    seen = hidden.with_columns(is_censored=pl.lit(value=False))
    assert past(bought, empty=seen).demand.often[0] < 1


def test_no_sku_leans_on_another():
    both = own_past(
        pl.concat([facts(range(0, 400, 21)), facts(range(0, 400, 9), 3.0, ("B", "Y"))]),
        NO_EMPTY,
        {KEY: "lumpy", ("B", "Y"): "intermittent"},
        today=TODAY,
    )
    alone = past(range(0, 400, 21))
    asked = (np.ones(28), 7, 50, 28)
    np.testing.assert_array_equal(
        *(one.ahead(KEY, asked[0], seed=asked[1], count=asked[2], days=asked[3]) for one in (both, alone))
    )


def test_many_purchases_are_told_by_fewer_sizes_of_the_same_mean():
    rng = np.random.default_rng(3)
    long = rng.lognormal(3, 0.6, 400).round() + 1
    said = possible([long], half_life=1e9)
    assert said.mean()[0] == pytest.approx(long.mean(), rel=0.03)


def test_rare_demand_hears_no_forecast_and_none_goes_below_nought():
    often, own = np.array([0.0, 0.4, 1.0, 1.0]), np.array([2.0, 2.0, 2.0, 0.0])
    assert heard(often, own, np.array([9.0, 9.0, -1.0, 9.0])).tolist() == [1.0, 1.0, 0.0, 1.0]
