"""Is what is published what was judged, can no level crush a cell, and does the past hold what is no longer on sale?"""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.demand import hierarchy
from models.demand.backtest import DAYS, Outcome
from models.demand.blend import blended
from models.demand.hierarchy import tree
from models.demand.history import WEEK, History
from models.demand.intervals import quantiles
from models.demand.levels import _moved, _wins, coherent, panel, way
from models.model import BACKTEST

END = dt.date(2026, 11, 14)
CELLS = pl.DataFrame({"sku_id": ["A", "A", "B", "C"], "site_id": ["N", "S", "N", "S"]})
CATEGORIES = pl.DataFrame({"sku_id": ["A", "B", "C"], "category_name": ["taps", "taps", None]})


def past_of(series, cells=CELLS, ended=None):
    nothing = [np.zeros(one.size, dtype=bool) for one in series]
    return History(cells, series, nothing, nothing, END, ended)


def sold(seed, days=210):
    dice = np.random.default_rng(seed)
    return [dice.poisson(level, days).astype(float) for level in dice.uniform(5, 30, 4)]


def unsure(series, times=1.0):
    """A blend that says so many times what it should, and has been off by twice the mean: the sums are believed instead."""
    own = blended(series, season_length=WEEK, horizon=91)
    missed = np.array([one.mean() for one in series])[:, None, None] * 2
    return replace(own, points=own.points * times, residuals=np.broadcast_to(missed, own.residuals.shape).copy())


def made(series, blend, way_name="MinT", ended=None):
    past, hang = past_of(series, ended=ended), [(0.1, 0.1)] * len(series)
    return coherent(past, series, blend, categories=CATEGORIES, hang=hang, way_name=way_name, seed=1)


def misled(series):
    """The bottom says twice what comes, and has been as far off before; the sums are steady and know better."""
    then = past_of([one[:-DAYS] for one in series])
    came = np.array([one[-DAYS:] for one in series])
    blend = blended(then.recorded, season_length=WEEK, horizon=DAYS)
    missed = np.broadcast_to(-np.array([one.mean() for one in series])[:, None, None], blend.residuals.shape)
    blend = replace(blend, points=2 * came, residuals=missed.copy())
    return Outcome(END - dt.timedelta(days=DAYS), then, came, {"model": 2 * came}, {}, blend)


@pytest.mark.parametrize(("times", "bound"), [(0.02, 2.0), (50.0, 0.5)])
def test_no_level_may_crush_or_inflate_a_cell_beyond_a_factor_of_two(times, bound):
    """It stops there, and the sums above are what their parts say."""
    series = sold(11)
    blend = unsure(series, times)
    found = made(series, blend)
    factor = found.points / blend.points
    assert np.isclose(factor, bound).all()
    weeks = found.weeks.filter(pl.col("week_date") > END)
    sums = [weeks.filter(level_name=name)["mean_qty"].sum() for name in weeks["level_name"].unique()]
    assert sums == [pytest.approx(found.points.round(3).sum(), abs=1e-6)] * 5


def test_a_mean_that_is_halved_does_not_become_twice_as_sure():
    dice = np.random.default_rng(3)
    series = [50 + 5 * dice.standard_normal(210) for _ in range(4)]
    blend = unsure(series, 3.0)
    found = made(series, blend)
    assert found.points.mean() < 0.6 * blend.points.mean()
    np.testing.assert_array_equal(found.bands, quantiles(series, replace(blend, points=found.points)))
    spread = [bands[:, :, -3] - bands[:, :, 2] for bands in (found.bands, quantiles(series, blend))]
    assert (spread[0] > 0.8 * spread[1]).all(), "nothing but what lies below nought is lost"


def test_bands_of_sums_lie_around_what_they_say():
    series = [40 + 2 * np.random.default_rng(place).standard_normal(210) for place in range(4)]
    low, high = (
        made(series, unsure(series, times), "bottom-up").weeks.filter(pl.col("week_date") > END, level_name="total")
        for times in (0.5, 2.0)
    )
    for weeks in (low, high):
        assert weeks["mean_qty"].is_between(weeks["p10_qty"], weeks["p90_qty"]).all()
    widths = [(weeks["p90_qty"] - weeks["p10_qty"]).to_numpy() for weeks in (low, high)]
    np.testing.assert_allclose(*widths, atol=0.01)


@pytest.mark.parametrize(
    ("bottom", "above", "is_taken"),
    [(0.9, 0.9, True), (1.0, 0.9, True), (1.01, 0.5, False), (0.9, 1.0, False), (None, 0.5, False)],
)
def test_a_loss_at_the_bottom_is_not_made_up_for_by_what_is_won_above(bottom, above, is_taken):
    """Errors of MinT; those of summing up are one everywhere."""
    rows = [("bottom-up", f"level {level}", END, "rmsse", 1.0, 4) for level in ("sku_site", "sku", "total")]
    rows += [("MinT", f"level {level}", END, "rmsse", above, 4) for level in ("sku", "total")]
    rows += [("MinT", "level sku_site", END, "rmsse", bottom, 4)] if bottom else []
    assert _wins(pl.DataFrame(rows, schema=BACKTEST, orient="row"), [END]) is is_taken


def test_the_look_backs_are_those_of_what_is_published():
    """The reconciled points judge the model, calibrate stockouts and show as the last forecast, with bands around them."""
    before = misled(sold(9))
    after = way([before], CATEGORIES).outcomes[0]
    known = panel(before.history, before.history.wanted(), CATEGORIES)
    points = _moved(known, before.blend, before.said["model"], known.above(4))
    assert not np.array_equal(points, before.said["model"])
    np.testing.assert_array_equal(after.said["model"], points)
    around = quantiles(before.history.wanted(), replace(before.blend, points=points))
    np.testing.assert_array_equal(after.bands["model"], around)


def gone(series, days):
    """A second site of B that sold as much as all others together until some days ago."""
    whole = np.sum(series, axis=0)
    whole[-days:] = 0
    last = END - dt.timedelta(days=days)
    return past_of([whole], pl.DataFrame({"sku_id": ["B"], "site_id": ["S"], "last_date": [last]}))


def test_the_levels_above_learn_from_all_that_was_sold():
    series = sold(10)
    known = panel(past_of(series, ended=gone(series, 28)), series, CATEGORIES)
    alone = panel(past_of(series), series, CATEGORIES)
    assert known.living == 4
    assert known.sums[0][0] == pytest.approx(2 * alone.sums[0][0])
    assert known.sums[0][-1] == alone.sums[0][-1]


def test_what_ended_says_nothing_more_and_is_sure_of_it():
    series = sold(10)
    cells = pl.DataFrame({"sku_id": ["Z"], "site_id": ["N"], "last_date": [END - dt.timedelta(days=14)]})
    ended = replace(gone(series, 14), cells=cells)
    weeks = made(series, unsure(series), ended=ended).weeks.filter(pl.col("week_date") > END, sku_id="Z")
    assert weeks["level_name"].unique().sort().to_list() == ["sku", "sku_site"]
    assert weeks.select("mean_qty", "p025_qty", "p975_qty").to_numpy().max() == 0


def test_an_earlier_day_knows_only_what_had_ended_by_then():
    series = sold(10)
    past = past_of(series, ended=gone(series, 30))
    assert len(past.until(END - dt.timedelta(days=29)).ended.recorded) == 1
    assert len(past.until(END - dt.timedelta(days=30)).ended.recorded) == 0


def test_what_ended_is_not_judged():
    """Nothing is said of it, so the noughts that came must not make the average better."""
    shape = tree(CELLS[:2].with_columns(category_name=pl.lit("taps")))
    said, came, before = np.array([[5.0], [0.0]]), np.array([[9.0], [0.0]]), np.array([[1.0, 3.0], [3.0, 9.0]])
    assert hierarchy.rmsse_by_level(shape, said, came, before)["sku_site"] == pytest.approx(1.0)
    assert hierarchy.rmsse_by_level(shape, said, came, before, living=1)["sku_site"] == pytest.approx(2.0)
