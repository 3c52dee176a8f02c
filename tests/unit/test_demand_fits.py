"""Are the misses shown those of whoever spoke, and does the model have to win in points and in bands to speak?"""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.demand import backtest, forecast
from models.demand.backtest import DAYS, RIVAL, Outcome
from models.demand.blend import blended
from models.demand.fits import DAYS as FIT_DAYS
from models.demand.fits import RIVAL as FIT_RIVAL
from models.demand.fits import fits
from models.demand.forecast import _methods, _verdict
from models.demand.history import WEEK, History
from models.demand.intervals import quantiles
from models.model import BACKTEST, Asked

END = dt.date(2026, 11, 14)
CELLS = pl.DataFrame({"sku_id": ["A"], "site_id": ["N"], "first_date": [END - dt.timedelta(days=119)]})


def past_of(one):
    nothing = [np.zeros(one.size, dtype=bool)]
    return History(CELLS, [one], nothing, nothing, END)


def look_back(model, naive, came):
    then = past_of(np.tile([0.0, 2.0], 46))
    blend = blended(then.recorded, season_length=WEEK, horizon=DAYS)
    said = {"model": np.full((1, DAYS), model), RIVAL: np.full((1, DAYS), naive)}
    return Outcome(END - dt.timedelta(days=DAYS), then, np.full((1, DAYS), came), said, {}, blend)


@pytest.mark.parametrize(("speaker", "said", "missed"), [("model", 3.0, 1.0), (RIVAL, 5.0, 3.0)])
def test_the_misses_are_those_of_the_speaker(speaker, said, missed):
    past = past_of(np.tile([0.0, 2.0], 60))
    told = fits(
        past, past.recorded, np.ones((1, 91)), methods=["SBA"], classes=["lumpy"],
        latest=look_back(3.0, 5.0, 2.0), speaker=speaker,
    ).row(0, named=True)  # fmt: skip
    assert told["looked_back_qty"] == said * DAYS
    assert told["error_28_qty"] == missed * DAYS
    assert told["rmsse_number"] == pytest.approx(missed / 2, abs=1e-3)
    assert (told["came_28_qty"], told["naive_error_28_qty"]) == (2.0 * DAYS, 3.0 * DAYS)


def test_its_words_are_those_of_the_backtest():
    """They stand there a second time so that reading the columns loads no numba."""
    assert (FIT_DAYS, FIT_RIVAL) == (backtest.DAYS, backtest.RIVAL)


def measured(**errors):
    rows = [
        (variant, "all", END, name, error, 9) for name, both in errors.items()
        for variant, error in zip(("model", RIVAL), both, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=BACKTEST, orient="row")


@pytest.mark.parametrize(
    ("rmsse", "pinball", "falls_back", "words"),
    [
        ((0.6, 0.9), (0.3, 0.5), False, "error 0.6 against 0.9; pinball loss 0.3 against 0.5."),
        ((0.6, 0.9), (0.6, 0.5), True, "Its bands fell behind those of seasonal naive"),
        ((0.95, 0.9), (0.3, 0.5), True, "fell behind seasonal naive"),
    ],
)
def test_the_model_speaks_where_it_wins_in_points_and_in_bands(rmsse, pinball, falls_back, words):
    decided, because = _verdict(measured(rmsse=rmsse, pinball=pinball))
    assert decided is falls_back
    assert words in because


def test_without_a_measure_of_bands_the_points_decide():
    assert _verdict(measured(rmsse=(0.6, 0.9)))[0] is False
    assert _verdict(measured())[0] is False


def test_a_new_sku_says_what_its_forecast_rests_on():
    blend = blended([np.full(20, 7.0), np.full(20, 7.0)], season_length=1, horizon=1)
    assert _methods(blend, np.array([True, False]))[0] == "alike SKUs"
    assert _methods(blend, np.array([True, False]))[1] != "alike SKUs"


def company():
    """Thirty SKUs that sell the same on the same weekday, week after week, but for a little noise."""
    dice, days = np.random.default_rng(4), 300
    rows = [
        (f"S{place:02d}", "N", END - dt.timedelta(days=days - 1 - day), float(5 + 9 * (day % 7 == 3) + dice.integers(3)))
        for place in range(30) for day in range(days)
    ]  # fmt: skip
    facts = pl.DataFrame(rows, schema=["sku_id", "site_id", "demand_date", "demand_qty"], orient="row")
    names = pl.Series("sku_id", [f"S{place:02d}" for place in range(30)])
    kinds = {
        "core.stock_out_days": {"sku_id": pl.String, "site_id": pl.String, "demand_date": pl.Date, "is_censored": bool}
    }
    kinds["core.calendar"] = {"day_date": pl.Date, "is_working_day": pl.Boolean}
    kinds["core.promotions"] = {"sku_id": pl.String, "site_id": pl.String, "starts_date": pl.Date, "ends_date": pl.Date}
    kinds["core.promotions"] |= {"discount_share": pl.Float64}
    kinds["core.prices"] = {
        "sku_id": pl.String,
        "customer_id": pl.String,
        "valid_from_date": pl.Date,
        "unit_price": pl.Float64,
    }
    kinds["core.external_signals"] = {"signal_name": pl.String, "place_name": pl.String, "signal_date": pl.Date}
    kinds["core.external_signals"] |= {"signal_number": pl.Float64, "known_date": pl.Date}
    kinds["core.purchase_lines"] = {"sku_id": pl.String, "ordered_date": pl.Date, "last_received_date": pl.Date}
    frames = {name: pl.DataFrame(schema=kind) for name, kind in kinds.items()} | {"core.demand_facts": facts}
    frames["core.skus"] = pl.DataFrame(names).with_columns(
        category_name=pl.lit("x"), list_price=pl.lit(1.0), units_per_pack=pl.lit(1.0)
    )
    frames["core.sites"] = pl.DataFrame({"site_id": ["N"], "region_name": ["North"], "country_code": ["DE"]})
    frames["marts.selling_lives"] = pl.DataFrame(names).with_columns(
        site_id=pl.lit("N"), first_demand_date=pl.lit(END - dt.timedelta(days=days - 1)), last_sale_date=pl.lit(END)
    )
    return frames


def test_where_naive_speaks_its_misses_and_words_are_shown(monkeypatch):
    """The blend is made to say a thousand a day more than it would."""
    honest = backtest.outcome

    def boastful(*given, **named):
        found = honest(*given, **named)
        return found and found.restated(found.said["model"] + 1000)

    monkeypatch.setattr(backtest, "outcome", boastful)
    told = forecast.score(company(), Asked(END, 1))
    assert told.is_fallback
    rows = told.tables["scores.demand_fits"]
    assert rows["method_name"].unique().to_list() == [RIVAL]
    assert rows["looked_back_qty"].max() < 1000
    assert (rows["error_28_qty"] == rows["naive_error_28_qty"]).all()
    assert told.tables["scores.demand_lookbacks"]["model_code"].unique().to_list() == [RIVAL]


def test_what_is_judged_is_what_is_shown_of_the_past_and_what_is_published_adds_up():
    told = forecast.score(company(), Asked(END, 2))
    assert not told.is_fallback
    shown = told.tables["scores.demand_lookbacks"]
    error = pl.col("mean_qty") - pl.col("came_qty")
    latest = shown.filter(pl.col("origin_date") == pl.col("origin_date").max())
    missed = latest.group_by("sku_id").agg(total=error.sum()).sort("sku_id")["total"].to_numpy()
    np.testing.assert_allclose(told.tables["scores.demand_fits"].sort("sku_id")["error_28_qty"], missed, atol=0.02)
    bias = told.backtests.filter(variant_name="model", scope_name="all", measure_name="bias").sort("origin_date")
    said = shown.group_by("origin_date").agg(error.sum() / pl.col("came_qty").sum()).sort("origin_date")
    np.testing.assert_allclose(bias["measured_number"], said["mean_qty"], atol=1e-4)
    days = told.tables["scores.demand_forecasts"]["mean_qty"].sum()
    weeks = told.tables["scores.demand_levels"].filter(level_name="total")["mean_qty"].sum()
    assert days == pytest.approx(weeks, rel=1e-4)
    assert set(told.drift["kind_code"]) == {"input", "error"}


def test_restated_bands_lie_around_what_is_said():
    found = look_back(3.0, 5.0, 2.0)
    told = found.restated(found.said["model"] * 2)
    assert told.said["model"][0, 0] == 6.0
    around = quantiles(found.history.wanted(), replace(found.blend, points=np.full((1, DAYS), 6.0)))
    np.testing.assert_array_equal(told.bands["model"], around)
