"""Whatever stands in the extracts, each SKU gets a forecast that can be said aloud: a number, never below nothing, bands that rise."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.demand.blend import blended
from models.demand.forecast import MODEL, QUANTILES
from models.demand.history import history
from models.demand.intervals import quantiles
from models.model import Asked
from models.quantile_grid import LEVELS

END = dt.date(2026, 11, 14)
USUAL = np.random.default_rng(1).poisson(20, 120).astype(float)
MIDDLE = LEVELS.index(0.5)

SERIES = {
    "one observation": np.array([7.0]),
    "one nought": np.array([0.0]),
    "started yesterday": np.array([3.0, 5.0]),
    "all noughts": np.zeros(200),
    "constant": np.full(60, 7.0),
    "constant, and no whole number": np.full(60, 0.1),
    "sold once, today": np.append(np.zeros(99), 4.0),
    "sold once, long ago": np.append(4.0, np.zeros(99)),
    "a slip among usual days": np.where(np.arange(120) == 60, 1e9, USUAL),
    "a slip on the last day": np.append(USUAL, 1e9),
    "huge throughout": USUAL * 1e9,
    "tiny throughout": USUAL * 1e-9,
    "huge or nothing": np.tile([0.0, 1e9], 60),
    "falling to nothing": np.arange(60.0, 0.0, -1.0),
    "shorter than a season": np.array([1.0, 5.0, 2.0]),
}
CASES = pytest.mark.parametrize(("season_length", "horizon"), [(1, 6), (7, 91), (52, 13)])


def banded(series, season_length=7, horizon=14):
    """Points and quantiles of one series."""
    blend = blended([series], season_length=season_length, horizon=horizon)
    return blend.points[0], quantiles([series], blend)[0]


@CASES
@pytest.mark.parametrize("name", SERIES)
def test_every_series_gets_numbers_that_rise_and_are_never_below_nothing(name, season_length, horizon):
    points, bands = banded(SERIES[name], season_length, horizon)
    assert points.shape == (horizon,)
    assert bands.shape == (horizon, len(LEVELS))
    assert np.isfinite(points).all()
    assert np.isfinite(bands).all()
    assert (points >= 0).all()
    assert (bands >= 0).all()
    assert (np.diff(bands, axis=1) >= 0).all()


@CASES
@pytest.mark.parametrize(
    ("name", "value"), [("constant", 7.0), ("constant, and no whole number", 0.1), ("all noughts", 0.0)]
)
def test_what_never_changed_forecasts_itself_and_is_sure(name, value, season_length, horizon):
    points, bands = banded(SERIES[name], season_length, horizon)
    assert points == pytest.approx(value)
    assert bands == pytest.approx(value)


def test_one_observation_forecasts_itself_and_is_anything_but_sure():
    """A single value is a step from nothing: as much again is quite possible."""
    points, bands = banded(SERIES["one observation"])
    assert points == pytest.approx(7)
    assert bands[:, MIDDLE] == pytest.approx(7)
    assert (bands[:, 0] == 0).all()
    assert (bands[:, -1] > 14).all()


def test_what_started_yesterday_is_forecast_from_what_there_is():
    points, bands = banded(SERIES["started yesterday"])
    assert (points >= 3).all()
    assert (points <= 5).all()
    assert (bands[:, 0] < 3).all()
    assert (bands[:, -1] > 5).all()


def test_what_was_sold_once_is_not_sold_every_day():
    points, bands = banded(SERIES["sold once, today"])
    assert (points < 1).all()
    assert (bands[:, MIDDLE] == 0).all()
    assert banded(SERIES["sold once, long ago"])[0] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_no_number_is_refused_by_the_forecaster_with_its_place(bad):
    spoilt = np.append(USUAL, bad)
    with pytest.raises(ValueError, match="series 2 is empty or holds a value that is not finite"):
        blended([USUAL, USUAL, spoilt], season_length=7, horizon=3)


def test_a_spoilt_series_leaves_the_points_of_the_others_alone():
    usual = [np.random.default_rng(seed).poisson(20, 120).astype(float) for seed in range(20)]
    both = [*usual, SERIES["a slip among usual days"]]
    before = blended(usual, season_length=7, horizon=14)
    after = blended(both, season_length=7, horizon=14)
    np.testing.assert_array_equal(after.points[:-1], before.points)
    # The curve that all share is moved by its ranks: the bands of the others stay theirs.
    np.testing.assert_allclose(quantiles(both, after)[:-1, :, 2:-2], quantiles(usual, before)[:, :, 2:-2], atol=2.0)


# ── the same through the history of a company: facts as they stand in extracts ────────────────────────────────────────


def facts(rows, sku="A"):
    """Demand facts as (days before the end, quantity)."""
    schema = {"sku_id": pl.String, "site_id": pl.String, "demand_date": pl.Date, "demand_qty": pl.Float64}
    told = [(sku, "X", END - dt.timedelta(days=back), float(qty)) for back, qty in rows]
    return pl.DataFrame(told, schema=schema, orient="row")


def lives(rows, sku="A"):
    first = END - dt.timedelta(days=max(back for back, _ in rows))
    return pl.DataFrame({"sku_id": [sku], "site_id": ["X"], "first_demand_date": [first], "last_sale_date": [END]})


NO_SHELF_WAS_EMPTY = pl.DataFrame(
    schema={"sku_id": pl.String, "site_id": pl.String, "demand_date": pl.Date, "is_censored": pl.Boolean}
)
DAILY = [(back, float(USUAL[back])) for back in range(120)]


def wanted(rows):
    (series,) = history(facts(rows), lives(rows), NO_SHELF_WAS_EMPTY, END).wanted()
    return series


def spoilt(back, qty):
    return [row for row in DAILY if row[0] != back] + [(back, qty)]


@pytest.mark.parametrize(
    ("rows", "same"),
    [
        ([row for row in DAILY if row[0] != 40], spoilt(40, 0.0)),
        ([*spoilt(40, 5.0), (40, 6.0), (40, 7.0)], spoilt(40, 18.0)),
        (spoilt(40, -9.0), spoilt(40, 0.0)),
        ([*spoilt(40, 9.0), (40, -4.0)], spoilt(40, 5.0)),
        (spoilt(40, float("nan")), spoilt(40, 0.0)),
        (spoilt(40, float("inf")), spoilt(40, 0.0)),
        (spoilt(40, float("-inf")), spoilt(40, 0.0)),
        ([*DAILY, (-1, 1e9), (-400, 5.0)], DAILY),
        (sorted(DAILY, key=lambda row: row[1]), DAILY),
    ],
    ids=[
        "a day without a row is nothing asked",
        "a day with several rows is their sum",
        "a day of less than nothing is nothing",
        "what was taken back that day is taken off",
        "no number is no demand",
        "without end is no demand",
        "without beginning is no demand",
        "days to come are not read",
        "the order of rows is of no matter",
    ],
)
def test_what_a_strange_row_means(rows, same):
    np.testing.assert_array_equal(wanted(rows), wanted(same))


@pytest.mark.parametrize("back", [0, 1, 60])
def test_a_slip_of_the_keyboard_leaves_the_forecast_where_it_would_have_been(back):
    """A thousand million for one day: the bands widen, but neither they nor the middle leave the world of this SKU."""
    points, bands = banded(wanted(spoilt(back, 1e9)))
    assert (bands[:, MIDDLE] < 150).all()
    assert (points < 150).all()
    assert (bands[:, -1] < 1e5).all()


def kind(column):
    """The type of a column by its name, as everywhere in the product."""
    ends = {"_date": pl.Date, "_share": pl.Float64, "_price": pl.Float64, "_number": pl.Float64, "_pack": pl.Float64}
    if column.startswith("is_"):
        return pl.Boolean
    return next((made for end, made in ends.items() if column.endswith(end)), pl.String)


def scored(cases, version=2):
    """The whole model over a company of these SKUs, of which nothing else is known."""
    frames = {name: pl.DataFrame(schema={one: kind(one) for one in columns}) for name, columns in MODEL.reads.items()}
    frames["core.demand_facts"] = pl.concat([facts(rows, sku) for sku, rows in cases.items()])
    frames["marts.selling_lives"] = pl.concat([lives(rows, sku) for sku, rows in cases.items()])
    skus = pl.DataFrame({"sku_id": list(cases), "category_name": "taps"})
    frames["core.skus"] = pl.concat([frames["core.skus"], skus], how="diagonal")
    return MODEL.score(frames, Asked(END, version))


@pytest.mark.parametrize("version", [0, 1, 2])
def test_a_company_of_nothing_but_bad_input_is_forecast_all_the_same(version):
    cases = {name: [(one.size - 1 - place, qty) for place, qty in enumerate(one)] for name, one in SERIES.items()}
    cases |= {"gaps": [(199, 3.0), (0, 4.0)], "taken back": spoilt(3, -500.0), "no number": spoilt(3, float("nan"))}
    found = scored(cases, version)
    said = found.tables["scores.demand_forecasts"]
    assert said.height == len(cases) * 91
    numbers = said.select("mean_qty", *QUANTILES.values()).to_numpy()
    assert np.isfinite(numbers).all()
    assert (numbers >= 0).all()
    assert (np.diff(numbers[:, 1:], axis=1) >= 0).all()
    assert set(said.filter(sku_id="constant")["mean_qty"]) == {7.0}
    assert set(said.filter(sku_id="all noughts")["mean_qty"]) == {0.0}


def test_a_company_that_was_never_asked_for_anything_is_forecast_to_ask_for_nothing():
    assert set(scored({"A": [(50, 0.0)]}).tables["scores.demand_forecasts"]["p99_qty"]) == {0.0}


def test_a_company_whose_demand_begins_tomorrow_has_no_forecast_yet():
    assert all(scored({"A": [(-50, 1.0)]}).tables[output.name].is_empty() for output in MODEL.writes[:2])
