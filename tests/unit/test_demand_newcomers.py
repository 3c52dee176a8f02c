"""Does a SKU without a past borrow that of alike ones, only where that did not harm, and with one number for all?"""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.alike import expected_of_new
from models.demand import backtest, newcomers
from models.demand.blend import blended
from models.demand.history import WEEK, history
from models.demand.newcomers import LOOKS, WITH, WITHOUT, Shop, leaned
from models.inventory import classes
from models.model import BACKTEST, Asked

END = dt.date(2026, 11, 14)
YOUNG = [30, 58, 86, 114, 142, 170]  # days before the end
STARTS = YOUNG + [400] * 24
NAMES = [f"S{place:02d}" for place in range(len(STARTS))]


def shop(old=0.1, young=0.1, seed=1):
    """Two dozen SKUs sold for long, and one more every 28 days: six pieces at once, on so large a share of days."""
    dice, rows = np.random.default_rng(seed), []
    for name, start in zip(NAMES, STARTS, strict=True):
        demand = 6.0 * (dice.random(start + 1) < (old if start == 400 else young))
        demand[0] = 6
        rows += [(name, "A", END - dt.timedelta(days=start - day), qty) for day, qty in enumerate(demand) if qty]
    facts = pl.DataFrame(rows, schema=["sku_id", "site_id", "demand_date", "demand_qty"], orient="row")
    lives = pl.DataFrame({"sku_id": NAMES, "site_id": ["A"] * len(NAMES)}).with_columns(
        first_date=pl.Series([END - dt.timedelta(days=start) for start in STARTS]), last_date=pl.lit(END)
    )
    skus = pl.DataFrame({"sku_id": NAMES}).with_columns(
        category_name=pl.lit("taps"), list_price=pl.lit(10.0), units_per_pack=pl.lit(6.0)
    )
    return Shop(facts, lives, skus)


def made(shop):
    lives = shop.lives.rename({"first_date": "first_demand_date", "last_date": "last_sale_date"})
    empty = shop.facts.select("sku_id", "site_id", "demand_date", is_censored=pl.lit(value=True)).clear()
    past = history(shop.facts, lives, empty, END)
    outcomes = [found for day in backtest.origins(END) if (found := backtest.outcome(past, day))]
    blend = blended(past.wanted(), season_length=WEEK, horizon=91)
    return past, blend, outcomes, leaned(past, blend, outcomes, shop)


@pytest.fixture(scope="module")
def useful():
    given = shop()
    return given, *made(given)


def test_a_new_sku_sells_what_the_alike_did_at_its_age(useful):
    given, past, blend, _, told = useful
    expected = expected_of_new(given.facts, given.lives, given.skus, as_of=END)
    assert told.is_new.tolist() == [True] * 3 + [False] * 27
    for place, row in enumerate(expected.iter_rows(named=True)):
        assert past.cells["sku_id"][place] == row["sku_id"]
        np.testing.assert_allclose(told.blend.points[place], row["expected_daily_qty"])
    np.testing.assert_array_equal(told.blend.points[3:], blend.points[3:])


def test_the_gain_is_measured_on_what_was_new_then(useful):
    told = useful[-1]
    means = dict(told.backtests.group_by("variant_name").agg(pl.col("measured_number").mean()).iter_rows())
    assert means[WITH] < means[WITHOUT]
    assert set(told.backtests["scope_name"]) == {"new SKUs"}
    assert told.backtests["origin_date"].n_unique() <= LOOKS
    assert "took" in told.because


def test_the_look_backs_lean_too(useful):
    """What was 56 to 91 days old then is judged as it would have been published."""
    given, _, _, outcomes, told = useful
    for before, after in zip(outcomes, told.outcomes, strict=True):
        expected = expected_of_new(given.facts, given.lives, given.skus, as_of=before.origin)
        known = dict(expected.select("sku_id", "expected_daily_qty").iter_rows())
        for place, name in enumerate(before.history.cells["sku_id"]):
            said = after.said["model"][place]
            np.testing.assert_allclose(said, known[name]) if name in known else np.testing.assert_array_equal(
                said, before.said["model"][place]
            )
        moved = [name in known for name in before.history.cells["sku_id"]]
        assert any(moved)


def test_where_alike_skus_mislead_nobody_leans_on_them():
    """The old ones sell every day, as they did when they were young; the new ones do not."""
    past, blend, outcomes, told = made(shop(old=1.0))
    assert not told.is_new.any()
    np.testing.assert_array_equal(told.blend.points, blend.points)
    assert [one.said["model"].sum() for one in told.outcomes] == [one.said["model"].sum() for one in outcomes]
    assert "do not lean" in told.because
    assert len(past.recorded) == len(NAMES)


@pytest.mark.parametrize(
    ("older", "latest", "leans"), [(0.9, 1.5, True), (1.0, 1.5, True), (1.1, 0.5, False), (None, 1.5, True)]
)
def test_older_look_backs_choose_and_the_latest_reports(useful, monkeypatch, older, latest, leans):
    """Errors of alike SKUs; those without them are one. Where nobody was new before, nothing speaks against them."""
    given, past, blend, outcomes, _ = useful
    rows = [
        (name, "new SKUs", END - dt.timedelta(days=28), "rmsse", error, 3)
        for name, error in ((WITH, latest), (WITHOUT, 1.0))
    ]
    if older:
        rows += [
            (name, "new SKUs", END - dt.timedelta(days=56), "rmsse", error, 3)
            for name, error in ((WITH, older), (WITHOUT, 1.0))
        ]
    monkeypatch.setattr(newcomers, "_looked_back", lambda *_: pl.DataFrame(rows, schema=BACKTEST, orient="row"))
    told = leaned(past, blend, outcomes, given)
    assert told.is_new.any() == leans
    assert told.backtests.height == len(rows)


def test_the_segments_tell_the_number_of_the_forecast(useful):
    given = useful[0]
    fits = pl.DataFrame({"sku_id": NAMES[:2], "site_id": ["A"] * 2, "forecast_28_qty": [56.0, None]}).with_columns(
        error_28_qty=pl.lit(1.0), came_28_qty=pl.lit(2.0)
    )
    lives = given.lives.rename({"first_date": "first_demand_date", "last_date": "last_sale_date"})
    frames = {
        "core.demand_facts": given.facts,
        "marts.selling_lives": lives,
        "marts.sku_margins": given.lives.select("sku_id", "site_id", margin_amount=pl.lit(1.0)),
        "scores.demand_fits": fits,
        "core.skus": given.skus,
    }
    told = classes.score(frames, Asked(END, 1)).tables["scores.segments"].sort("sku_id")
    alike = expected_of_new(given.facts, given.lives, given.skus, as_of=END)["expected_daily_qty"]
    assert told["expected_daily_qty"].to_list()[:4] == [2.0, *alike[1:3], None]
