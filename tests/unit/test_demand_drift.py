"""Is it told when the world that a forecast reads has moved, and not when it has not?"""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.demand.drift import drift, inputs
from models.demand.history import History
from models.model import BACKTEST

END = dt.date(2026, 11, 14)
DAYS, COUNT = 28 * 14, 30
NAMES = [f"S{place}" for place in range(COUNT)]
PROMOTIONS = {"sku_id": pl.String, "site_id": pl.String, "starts_date": pl.Date, "ends_date": pl.Date}
PROMOTIONS |= {"discount_share": pl.Float64}
PRICES = {"sku_id": pl.String, "customer_id": pl.String, "valid_from_date": pl.Date, "unit_price": pl.Float64}


def ago(days):
    return END - dt.timedelta(days=days)


def past_of(series):
    nothing = [np.zeros(one.size, dtype=bool) for one in series]
    return History(pl.DataFrame({"sku_id": NAMES, "site_id": ["A"] * COUNT}), series, nothing, nothing, END)


def sold(seed=1):
    """A piece or so a day, a fifth of the days nothing."""
    dice = np.random.default_rng(seed)
    return [dice.poisson(1.6, DAYS).astype(float) for _ in range(COUNT)]


def told(series, promotions=(), prices=(), backtest=()):
    found = drift(
        pl.DataFrame(list(backtest), schema=BACKTEST, orient="row"),
        past_of(series),
        promotions=pl.DataFrame(list(promotions), schema=PROMOTIONS, orient="row"),
        prices=pl.DataFrame(list(prices), schema=PRICES, orient="row"),
    )
    return {row["signal_name"]: row for row in found.iter_rows(named=True)}


LISTED = [(name, "*", ago(800), 10.0) for name in NAMES]


def test_a_world_that_goes_on_has_not_drifted():
    found = told(sold(), prices=LISTED)
    assert set(found) == {"mean_day_qty", "zero_share", "promoted_share", "price_level_number"}
    assert {row["kind_code"] for row in found.values()} == {"input"}
    assert not any(row["is_drifted"] for row in found.values())
    assert found["mean_day_qty"]["before_number"] == pytest.approx(1.6, rel=0.02)
    assert found["zero_share"]["before_number"] == pytest.approx(np.exp(-1.6), rel=0.05)
    assert found["price_level_number"]["before_number"] == 1.0


def test_demand_that_doubles_for_four_weeks_has_drifted():
    more = [np.append(one[:-28], one[-28:] * 2) for one in sold()]
    found = told(more)
    assert found["mean_day_qty"]["is_drifted"]
    assert found["mean_day_qty"]["now_number"] == pytest.approx(3.2, rel=0.1)
    assert found["mean_day_qty"]["before_number"] == pytest.approx(1.6, rel=0.02), "of the year before alone"
    assert not found["zero_share"]["is_drifted"]


def test_days_without_demand_that_become_common_have_drifted():
    rarer = [np.append(one[:-28], np.where(np.arange(28) % 2, one[-28:] * 2, 0)) for one in sold()]
    found = told(rarer)
    assert found["zero_share"]["is_drifted"]
    assert found["zero_share"]["now_number"] > 0.5


def test_a_wave_of_promotions_and_a_jump_of_prices_have_drifted():
    found = told(
        sold(),
        promotions=[(name, "*", ago(20), END, 0.2) for name in NAMES[:10]],
        prices=[*LISTED, *((name, "*", ago(27), 12.0) for name in NAMES)],
    )
    assert found["promoted_share"]["is_drifted"]
    assert found["promoted_share"]["now_number"] == pytest.approx(10 * 21 / (COUNT * 28))
    assert found["price_level_number"]["is_drifted"]
    assert found["price_level_number"]["now_number"] == pytest.approx(1.2)


def test_only_days_on_sale_count_and_a_short_past_says_nothing():
    young = [one[-60:] if place else one for place, one in enumerate(sold())]
    empty = {
        "promotions": pl.DataFrame(schema=PROMOTIONS), "prices": pl.DataFrame(schema=PRICES)
    }  # fmt: skip
    blocks = inputs(past_of(young), **empty)["mean_day_qty"]
    assert blocks[0] == young[0][:28].mean()
    assert told([one[-60:] for one in sold()]) == {}


def test_errors_and_bias_of_the_latest_origin_are_held_against_those_before():
    days = [ago(84), ago(56), ago(28)]
    measured = {"rmsse": (0.5, 0.7, 0.76), "pinball": (0.2, 0.2, 0.19), "bias": (0.0, 0.02, 0.2)}
    rows = [
        ("model", "all", day, name, number, 9) for name, given in measured.items()
        for day, number in zip(days, given, strict=True)
    ]  # fmt: skip
    found = told(sold(), backtest=rows)
    assert {name: found[name]["is_drifted"] for name in measured} == {"rmsse": True, "pinball": False, "bias": True}
    assert found["rmsse"]["distance_number"] == pytest.approx(0.76 / 0.6 - 1)
