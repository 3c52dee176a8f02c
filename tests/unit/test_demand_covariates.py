"""What is known besides past demand moves the forecast where it gains, is silent where it does not, and sees no future."""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.demand import backtest, covariates
from models.demand.blend import blended
from models.demand.covariate_features import NAMES as FEATURES
from models.demand.covariate_features import Look, features
from models.demand.covariates import competed
from models.demand.history import WEEK, History
from models.demand.intervals import quantiles
from models.demand.outside import outside
from models.model import BACKTEST

END, DAYS, COUNT = dt.date(2026, 6, 28), 420, 40
DAYS_OF = [END - dt.timedelta(days=DAYS - 1 - k) for k in range(DAYS)]
COMING = END + dt.timedelta(days=10)
LOOKS = backtest.origins(END)
NAMES = [f"S{k:02d}" for k in range(COUNT)]


def table(rows, **columns):
    return pl.DataFrame(rows, schema=columns, orient="row")


def offers(rows):
    kinds = {"starts_date": pl.Date, "ends_date": pl.Date, "discount_share": pl.Float64}
    return table(rows, sku_id=pl.String, site_id=pl.String, **kinds)


def readings(rows):
    kinds = {"signal_date": pl.Date, "signal_number": pl.Float64, "known_date": pl.Date}
    return table(rows, signal_name=pl.String, place_name=pl.String, **kinds)


def company(rate, seed=1):
    """Series of Poisson demand around rates, sku × day."""
    drawn = np.random.default_rng(seed).poisson(rate).astype(float)
    cells = pl.DataFrame({"sku_id": NAMES, "site_id": ["A"] * COUNT, "first_date": [DAYS_OF[0]] * COUNT})
    never = [np.zeros(DAYS, dtype=bool)] * COUNT
    return History(cells, list(drawn), never, never, END)


def promoted(seed=2):
    """Rates of six a day, three times that on promoted days: four days in any six, one time in six, whatever went before."""
    rate, rows = np.full((COUNT, DAYS), 6.0), []
    is_on = np.random.default_rng(seed).random((COUNT, DAYS // 6)) < 1 / 6
    for sku, turn in np.argwhere(is_on).tolist():
        first = 6 * turn
        rate[sku, first : first + 4] *= 3
        rows.append((NAMES[sku], "*" if sku % 2 else None, DAYS_OF[first], DAYS_OF[first + 3], 0.2))
    ahead = [(name, "A", COMING, COMING + dt.timedelta(days=3), 0.2) for name in NAMES[:10]]
    return rate, offers(rows + ahead)


def tables(**given):
    calendar = [END - dt.timedelta(days=DAYS + 100 - k) for k in range(DAYS + 250)]
    usual = {
        "calendar": pl.DataFrame({"day_date": calendar, "is_working_day": [day.weekday() < 5 for day in calendar]}),
        "promotions": offers([]),
        "prices": table([], sku_id=pl.String, customer_id=pl.String, valid_from_date=pl.Date, unit_price=pl.Float64),
        "signals": readings([]),
        "skus": pl.DataFrame({"sku_id": NAMES, "category_name": ["x", "y"] * (COUNT // 2)}),
        "sites": pl.DataFrame({"site_id": ["A"], "region_name": ["North"], "country_code": ["DE"]}),
        "leads": table([], sku_id=pl.String, ordered_date=pl.Date, last_received_date=pl.Date),
    }
    return usual | given


def made(past, **given):
    outcomes = [found for day in LOOKS if (found := backtest.outcome(past, day))]
    blend = blended(past.wanted(), season_length=WEEK, horizon=91)
    return competed(past, outcomes, blend, **tables(**given)), blend


def factors_of(effects):
    """Stand-ins for fitted trees: a correction is the product of what its groups do to every day."""

    class Fixed:
        def __init__(self, groups):
            self.factor = np.prod([effects[group] for group in groups])

        def factors(self, told):
            return np.full(told.shape[:-1], self.factor)

    return lambda _rows, groups: Fixed(groups)


def test_a_group_without_which_the_deciding_origins_go_better_is_dropped(monkeypatch):
    """Promotions help, holidays harm by a hair and signals alone would help but for the promotions."""
    effects = {"promotions": 1.5, "holidays": 1.02, "signals": 1.2}
    monkeypatch.setattr(covariates, "fitted", factors_of(effects))
    found = backtest.outcome(company(np.full((COUNT, DAYS), 6.0)), LOOKS[0])
    came = found.said["model"] * 1.5
    sheets = [sheet_of(found, day, came) for day in LOOKS]
    kept, told = covariates._held(None, sheets, tuple(effects), 1.0, LOOKS[1:])
    assert kept == ("promotions",)
    assert set(told) == {
        "with covariates", "without covariates", "without promotions", "with signals", "with holidays",
    }  # fmt: skip
    np.testing.assert_allclose(told["with covariates"][0], came)
    np.testing.assert_allclose(told["with signals"][0], came * 1.02 * 1.2)


def test_the_latest_origin_chooses_nothing(monkeypatch):
    """What would be right at the latest is wrong at the ones before, and the other way round."""
    monkeypatch.setattr(covariates, "fitted", factors_of({"promotions": 1.5}))
    found = backtest.outcome(company(np.full((COUNT, DAYS), 6.0)), LOOKS[0])
    for latest, before, kept in ((1.5, 1.0, ()), (1.0, 1.5, ("promotions",))):
        sheets = [sheet_of(found, day, found.said["model"] * (latest if day == LOOKS[0] else before)) for day in LOOKS]
        assert covariates._held(None, sheets, ("promotions",), 1.0, LOOKS[1:])[0] == kept
    assert [one.origin for one in backtest.deciding([replace(found, origin=day) for day in LOOKS])] == LOOKS[:0:-1]
    assert backtest.deciding([found]) == [found]


def sheet_of(found, day, came):
    """The sheet of a look back, as if it had been made on another day and something else had come."""
    look = Look(day, np.arange(COUNT), found.history.wanted(), found.said["model"], came, np.ones(COUNT))
    return covariates.Sheet(look, np.zeros((*came.shape, len(FEATURES))), np.zeros(COUNT))


def test_what_was_chosen_is_told_by_the_latest_origin_alone():
    days = [LOOKS[0]] * 2 + [LOOKS[1]] * 2
    rows = [(name, "all", day, "rmsse", error, 1) for name, day, error in zip(
        ["with covariates", "without covariates"] * 2, days, [0.99, 1.0, 0.9, 1.0], strict=True)]  # fmt: skip
    told = pl.DataFrame(rows, schema=BACKTEST, orient="row")
    assert covariates._verdict(told, ("calendar",), LOOKS[1:]) == (
        True,
        "In use: calendar took 10.00% off the error of the blend at the origins that decide, and 1.00% at the latest, which"
        " chose nothing.",
    )
    level = told.with_columns(measured_number=pl.lit(1.0))
    assert covariates._verdict(level, ("calendar",), LOOKS[1:])[0] is False
    assert "none gained" in covariates._verdict(level, (), LOOKS[1:])[1]


def weather(seed=3, after=0.0):
    """A signal of pure noise, known on its day; what follows the oldest look is moved by `after`."""
    dice = np.random.default_rng(seed)
    rows = [("wind", "North", day, float(dice.normal() + after * (day > LOOKS[-1])), day) for day in DAYS_OF]
    return readings(rows)


@pytest.fixture(scope="module")
def lifted():
    rate, promotions = promoted()
    past = company(rate)
    return past, promotions, *made(past, promotions=promotions)


def errors(told):
    return dict(told.backtests.group_by("variant_name").agg(pl.col("measured_number").mean()).iter_rows())


def test_a_planted_promotion_is_learnt_and_lowers_the_error(lifted):
    told = errors(lifted[2])
    assert lifted[2].is_used
    assert "promotions" in lifted[2].kept
    assert told["with covariates"] < 0.9 * told["without covariates"]


def test_a_promotion_to_come_lifts_its_days_and_no_others(lifted):
    _, _, told, blend = lifted
    days = slice(9, 13)
    assert 14 < told.points[:10, days].mean() < 20
    assert 5 < told.points[10:, days].mean() < 8
    assert blend.points[:10, days].mean() < 8


def test_the_ablation_names_the_promotions(lifted):
    told = errors(lifted[2])
    assert told["without promotions"] > 1.05 * told["with covariates"]
    others = set(told) - {"with covariates", "without covariates", "without promotions", "without history"}
    assert all(told[name] < 1.01 * told["with covariates"] for name in others)


def test_noise_is_left_out():
    dice = np.random.default_rng(5)
    rows = [
        (NAMES[int(dice.integers(COUNT))], "*", day, day + dt.timedelta(days=3), float(dice.uniform()))
        for day in DAYS_OF[::3]
    ]
    told, blend = made(company(np.full((COUNT, DAYS), 6.0)), promotions=offers(rows), signals=weather())
    assert not told.is_used
    np.testing.assert_array_equal(told.points, blend.points)


def test_what_comes_after_an_origin_moves_nothing_said_at_it(lifted):
    past, promotions, _, _ = lifted
    oldest = LOOKS[-1]
    gone = (END - oldest).days
    poisoned = replace(past, recorded=[np.append(one[:-gone], one[-gone:] * 7 + 3) for one in past.recorded])
    before, _ = made(past, promotions=promotions, signals=weather())
    after, _ = made(poisoned, promotions=promotions, signals=weather(after=9.0))
    np.testing.assert_array_equal(before.said[oldest], after.said[oldest])
    assert not np.array_equal(before.said[LOOKS[0]], after.said[LOOKS[0]])


def told_at(origin, past, **given):
    world = outside(past, first=origin - dt.timedelta(days=100), horizon=91, **tables(**given))
    then, flat = past.until(origin), np.ones((COUNT, 28))
    return features(world, Look(origin, np.arange(COUNT), then.wanted(), flat, flat, flat[:, 0]))


def test_a_reading_tells_nothing_before_it_is_known():
    past, origin = company(np.full((COUNT, DAYS), 6.0)), LOOKS[-1]
    before, after = told_at(origin, past, signals=weather()), told_at(origin, past, signals=weather(after=9.0))
    np.testing.assert_array_equal(before, after)
    last = weather().filter(pl.col("signal_date") == origin)["signal_number"].item()
    np.testing.assert_allclose(before[:, :, FEATURES.index("signal_0")], last, rtol=1e-6)


def test_a_holiday_to_come_is_known_where_it_holds():
    past = company(np.full((COUNT, DAYS), 6.0))
    day = LOOKS[0] + dt.timedelta(days=3)
    for place, is_ours in (("*", True), ("North", True), ("DE", True), ("South", False)):
        told = told_at(LOOKS[0], past, signals=readings([("holiday", place, day, 1.0, day)]))
        assert told[0, :, FEATURES.index("is_holiday")].tolist() == [float(is_ours and step == 2) for step in range(28)]
        assert told[0, 0, FEATURES.index("days_to_holiday")] == (2 if is_ours else 8)


def test_a_promotion_is_not_known_earlier_than_promotions_are_announced_today():
    past = company(np.full((COUNT, DAYS), 6.0))
    far = offers([(NAMES[0], "A", END - dt.timedelta(days=5), END, 0.2), (NAMES[1], "A", COMING, COMING, 0.2)])
    assert outside(past, first=LOOKS[-1], horizon=91, **tables(promotions=far)).ahead_days == 10


def test_the_order_of_the_series_and_rows_is_of_no_matter(lifted):
    past, promotions, told, _ = lifted
    order = np.random.default_rng(7).permutation(COUNT)
    turned = past.of(order)
    again, _ = made(turned, promotions=promotions.reverse())
    np.testing.assert_array_equal(again.points, told.points[order])
    np.testing.assert_array_equal(again.said[LOOKS[0]], told.said[LOOKS[0]][order])


def test_the_look_backs_speak_with_the_covariates_where_they_are_used(lifted):
    past, _, told, _ = lifted
    found = backtest.outcome(past, LOOKS[0])
    spoken = told.spoken([found])[0]
    np.testing.assert_array_equal(spoken.said["model"], told.said[LOOKS[0]])
    around = quantiles(found.history.wanted(), replace(found.blend, points=told.said[LOOKS[0]]))
    np.testing.assert_array_equal(spoken.bands["model"], around)
    silent = replace(told, is_used=False).spoken([found])[0]
    np.testing.assert_array_equal(silent.said["model"], found.said["model"])


def test_too_short_a_history_leaves_the_blend_alone():
    past = company(np.full((COUNT, DAYS), 6.0))
    short = replace(
        past, recorded=[one[-120:] for one in past.recorded], censored=[one[-120:] for one in past.censored]
    )
    told, blend = made(short)
    assert not told.is_used
    np.testing.assert_array_equal(told.points, blend.points)
