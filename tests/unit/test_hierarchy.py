"""Do forecasts of parts sum to the whole at every level, and is the way taken that was better when looking back?"""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.demand import hierarchy
from models.demand.backtest import DAYS, Outcome
from models.demand.blend import blended
from models.demand.hierarchy import reconciled, tree
from models.demand.history import WEEK, History
from models.demand.levels import FACTOR_AT_LEAST, FACTOR_AT_MOST, coherent, way

END = dt.date(2026, 11, 14)
CELLS = pl.DataFrame({"sku_id": ["A", "A", "B", "C"], "site_id": ["N", "S", "N", "S"]})
CATEGORIES = pl.DataFrame({"sku_id": ["A", "B", "C"], "category_name": ["taps", "taps", None]})
NAMED = CELLS.join(CATEGORIES, on="sku_id", how="left", maintain_order="left")


def past_of(series, cells=CELLS, ended=None):
    nothing = [np.zeros(one.size, dtype=bool) for one in series]
    return History(cells, series, nothing, nothing, END, ended)


def sold(seed=1, count=4, days=210):
    dice = np.random.default_rng(seed)
    return [dice.poisson(level, days).astype(float) for level in dice.uniform(1, 30, count)]


def made(series, way_name, blend=None, ended=None):
    """All levels, summed up or reconciled."""
    return coherent(
        past_of(series, ended=ended),
        series,
        blend or blended(series, season_length=WEEK, horizon=91),
        categories=CATEGORIES,
        hang=[(0.1, 0.1)] * len(series),
        way_name=way_name,
        seed=1,
    )


def chosen(*outcomes):
    return way(list(outcomes), CATEGORIES)


def looked_back(series, said, *, gone=DAYS, points=None):
    """A look back at which the bottom was said to be as given, by a blend that says so too unless told otherwise."""
    then = past_of([one[:-gone] for one in series])
    blend = blended(then.recorded, season_length=WEEK, horizon=DAYS)
    blend = replace(blend, points=said if points is None else points)
    return Outcome(END - dt.timedelta(days=gone), then, came_of(series, gone), {"model": said}, {}, blend)


def came_of(series, gone):
    return np.array([one[one.size - gone :][:DAYS] for one in series])


def misled(series, *, gone=DAYS, points=None):
    """The bottom says twice what comes, and has been as far off at its earlier origins; the sums are steady and know better."""
    found = looked_back(series, 2.0 * came_of(series, gone), gone=gone, points=points)
    missed = np.broadcast_to(-np.array([one.mean() for one in series])[:, None, None], found.blend.residuals.shape)
    return replace(found, blend=replace(found.blend, residuals=missed.copy()))


def right(series, *, gone=DAYS):
    return looked_back(series, came_of(series, gone), gone=gone)


def assert_parts_sum_to_the_whole(weeks, column):
    """Every level sums to the same whole, and each sum is that of its own parts, to the last digit."""
    bottom = weeks.filter(level_name="sku_site")
    for level, keys in (("sku", ["sku_id"]), ("site", ["site_id"]), ("category", ["category_name"]), ("total", [])):
        parts = bottom.group_by([*keys, "week_date"]).agg(parts=pl.col(column).sum())
        whole = weeks.filter(level_name=level).join(parts, on=[*keys, "week_date"], how="full", coalesce=True)
        assert whole.height == parts.height
        assert (whole[column] - whole["parts"]).abs().max() <= 1e-6


def test_who_counts_where():
    shape = tree(NAMED)
    counted = dict(zip(shape.nodes.rows(), shape.members.toarray().astype(int).tolist(), strict=True))
    assert counted == {
        ("total", "*", "*", "*"): [1, 1, 1, 1],
        ("site", "*", "N", "*"): [1, 0, 1, 0],
        ("site", "*", "S", "*"): [0, 1, 0, 1],
        ("category", "*", "*", "*"): [0, 0, 0, 1],
        ("category", "*", "*", "taps"): [1, 1, 1, 0],
        ("sku", "A", "*", "*"): [1, 1, 0, 0],
        ("sku", "B", "*", "*"): [0, 0, 1, 0],
        ("sku", "C", "*", "*"): [0, 0, 0, 1],
    }


def test_weeks_are_counted_back_from_the_last_day_and_series_end_together():
    short = hierarchy.dense([np.arange(16.0), np.ones(9)])
    assert short.shape == (2, 16)
    assert hierarchy.weekly(short).tolist() == [[2 + 3 + 4 + 5 + 6 + 7 + 8, 9 + 10 + 11 + 12 + 13 + 14 + 15], [2, 7]]
    assert hierarchy.dense([]).shape == (0, WEEK)


def test_reconciling_is_least_squares_over_all_levels():
    """The long way: weighted least squares of every level's forecast on the bottom, as MinT is written down."""
    shape, dice = tree(NAMED), np.random.default_rng(3)
    bottom, above = dice.uniform(50, 60, (4, 5)), dice.uniform(50, 200, (8, 5))
    spread, spread_above = dice.uniform(1, 9, 4), dice.uniform(100, 900, 8)
    whole = np.vstack([shape.members.toarray(), np.eye(4)])
    trust = np.diag(1 / np.concatenate([spread_above, spread]))
    slow = np.linalg.solve(whole.T @ trust @ whole, whole.T @ trust @ np.vstack([above, bottom]))
    assert slow.min() > 0
    np.testing.assert_allclose(reconciled(shape, bottom, above, spread, spread_above), slow)


def test_where_all_levels_agree_nothing_moves():
    shape, bottom = tree(NAMED), np.random.default_rng(4).uniform(1, 50, (4, 3))
    same = reconciled(shape, bottom, shape.members @ bottom, np.arange(1.0, 5), np.arange(1.0, 9))
    np.testing.assert_allclose(same, bottom)


def test_the_surer_one_moves_less_and_none_below_nothing():
    shape, bottom = tree(NAMED), np.full((4, 1), 10.0)
    asked, only_the_total = shape.members @ bottom - 8, np.array([1.0, *[1e9] * 7])
    moved = 10 - reconciled(shape, bottom, asked, np.array([1.0, 4.0, 1.0, 1.0]), only_the_total)[:, 0]
    # Eight too many: one eighth for each part of variance, of which the total itself has one.
    assert moved == pytest.approx([1, 4, 1, 1], rel=1e-6)
    none = reconciled(shape, bottom, asked * 0 - 500, np.ones(4), np.full(8, 1e-6))
    assert (none == 0).all()


def test_variances_are_mean_squares_of_what_is_known_and_never_nothing():
    missed = np.array([[[3.0, np.nan], [np.nan, 1.0]], [[0.0, 0.0], [0.0, 0.0]], [[np.nan] * 2] * 2])
    assert hierarchy.variances(missed, np.array([1.0, 10.0, 0.0])) == pytest.approx([5.0, 0.01, 0.0], abs=1e-8)
    assert (hierarchy.variances(missed, np.zeros(3)) > 0).all()


def test_errors_of_weeks_by_hand():
    """One SKU at two sites, off by one up and one down each week: wrong below, right in all; weeks moved by two before."""
    cells = pl.DataFrame({"sku_id": ["A", "A"], "site_id": ["N", "S"], "category_name": ["taps", "taps"]})
    came, past = np.array([[10.0, 10.0], [5.0, np.nan]]), np.array([[8.0, 10.0, 8.0], [4.0, 6.0, 8.0]])
    told = hierarchy.rmsse_by_level(tree(cells), np.array([[11.0, 11.0], [4.0, 7.0]]), came, past)
    assert told["sku_site"] == pytest.approx((0.5 + np.sqrt(1 / 2) / 2) / 2)
    # Sums moved by 4 and by nothing before; they are right in the first week and off by one in the second.
    assert told["total"] == told["sku"] == told["category"] == pytest.approx(np.sqrt((0 + 1) / 2) / np.sqrt(8))


def ahead(found):
    return found.weeks.filter(pl.col("week_date") > END)


@pytest.mark.parametrize("way_name", ["bottom-up", "MinT"])
@pytest.mark.parametrize("seed", range(3))
def test_the_parts_are_the_whole_at_every_level_before_and_ahead(seed, way_name):
    found = made(sold(seed), way_name)
    assert_parts_sum_to_the_whole(ahead(found), "mean_qty")
    assert_parts_sum_to_the_whole(found.weeks.filter(pl.col("week_date") <= END), "came_qty")
    assert found.weeks["method_name"].unique().to_list() == [way_name]


def test_summing_up_leaves_the_bottom_and_reconciling_hears_all_levels_within_bounds():
    series = sold(5)
    own = blended(series, season_length=WEEK, horizon=91)
    assert (made(series, "bottom-up").points == own.points).all()
    off = replace(own, points=own.points * np.array([9.0, 1, 1, 1 / 9])[:, None])
    factor = made(series, "MinT", off).points / off.points
    assert (np.abs(factor - 1) > 1e-3).any()
    assert (factor >= FACTOR_AT_LEAST - 1e-12).all()
    assert (factor <= FACTOR_AT_MOST + 1e-12).all()


def test_what_is_forecast_as_nothing_stays_nothing_at_every_level():
    """Its days are noughts, so its weeks must not be counted above, though its errors say that it may move."""
    series = sold(5)
    own = blended(series, season_length=WEEK, horizon=91)
    points = own.points.copy()
    points[1, 14:28] = 0.0
    found = made(series, "MinT", replace(own, points=points))
    assert (found.points[1, 14:28] == 0).all()
    assert_parts_sum_to_the_whole(ahead(found), "mean_qty")


@pytest.mark.parametrize("way_name", ["bottom-up", "MinT"])
def test_days_sum_to_their_weeks_and_bands_rise_at_every_level(way_name):
    found = made(sold(6), way_name)
    weeks = ahead(found)
    assert weeks.group_by("level_name").len().sort("level_name")["len"].to_list() == [26, 26, 39, 52, 13]
    below = weeks.filter(level_name="sku_site")["mean_qty"].to_numpy().reshape(4, 13)
    np.testing.assert_allclose(below, hierarchy.weekly(found.points.round(3)), atol=1e-6)
    bands = weeks.select("p025_qty", "p10_qty", "p25_qty", "p50_qty", "p75_qty", "p90_qty", "p975_qty").to_numpy()
    assert (np.diff(bands, axis=1) >= 0).all()
    assert (bands >= 0).all()


def test_what_ended_counts_in_the_past_of_its_sums_and_asks_for_nothing_ahead():
    series = sold(9)
    gone = past_of([np.append(np.full(150, 9.0), np.zeros(60))], pl.DataFrame({"sku_id": ["Z"], "site_id": ["N"]}))
    found = made(series, "bottom-up", ended=gone)
    assert_parts_sum_to_the_whole(ahead(found), "mean_qty")
    assert ahead(found).filter(sku_id="Z")["mean_qty"].to_list() == [0.0] * 26, "at its site, and in all"
    whole = [one.weeks.filter(level_name="total", week_date=END - dt.timedelta(days=69))["came_qty"].item()
             for one in (found, made(series, "bottom-up"))]  # fmt: skip
    assert whole[0] - whole[1] == 9 * WEEK, "a week before it ended"


def test_the_way_is_the_one_that_was_better():
    series = sold(7)
    assert chosen(right(series)).name == "bottom-up", "nothing beats what is right"
    assert chosen(misled(series)).name == "MinT"
    assert chosen().name == "bottom-up", "where nobody looked back"


def test_the_latest_look_back_reports_and_does_not_choose():
    series = sold(7, days=300)
    older, latest = 3 * DAYS, DAYS
    assert chosen(misled(series, gone=latest), right(series, gone=older)).name == "bottom-up"
    assert chosen(right(series, gone=latest), misled(series, gone=older)).name == "MinT"


def test_both_ways_are_measured_at_every_look_back_and_level():
    series = sold(7, days=300)
    told = chosen(misled(series), right(series, gone=2 * DAYS)).backtests
    assert told["measure_name"].unique().to_list() == ["rmsse"]
    assert told.group_by("variant_name", "origin_date").len()["len"].to_list() == [5] * 4
    exact = told.filter(variant_name="bottom-up", origin_date=END - dt.timedelta(days=2 * DAYS))
    assert exact["measured_number"].to_list() == [0.0] * 5


def test_both_ways_are_judged_on_the_same_forecast():
    """What is said may have been moved from the blend's own points: reconciling starts from what is said, too."""
    series = sold(8)
    moved = misled(series, points=np.full((4, DAYS), 7.0))
    assert chosen(moved).backtests.equals(chosen(misled(series)).backtests)


def test_a_look_back_is_told_as_it_would_have_been_published():
    """Where reconciling is chosen, what would have been said then is the reconciled forecast, with bands around it."""
    series = sold(8)
    before, found = misled(series), chosen(misled(series))
    (told,) = found.outcomes
    assert np.abs(told.said["model"] - came_of(series, DAYS)).mean() < np.abs(before.said["model"] - before.came).mean()
    middle = told.bands["model"][:, :, 6]
    assert np.abs(middle - told.said["model"]).max() <= 1
