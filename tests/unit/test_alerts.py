"""Does an alert say what was expected, what came, how rare that is, since when, and what else moved, and say it once?"""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.anomalies.alerts import ALERT, KEPT_DAYS, MODEL
from models.model import Asked

END = dt.date(2026, 11, 14)
POINT = {
    "watch_code": pl.String,
    "subject_kind_code": pl.String,
    "subject_id": pl.String,
    "sku_id": pl.String,
    "site_id": pl.String,
    "point_date": pl.Date,
    "point_key": pl.String,
    "watched_number": pl.Float64,
    "at_stake_amount": pl.Float64,
}


def usual(count, seed=1, level=100.0):
    """Numbers around a level, three in the hundred up or down."""
    return np.round(level * np.exp(0.03 * np.random.default_rng(seed).standard_normal(count)), 2)


def days(values, watch="unit_price", subject="BOLT", site="LEJ", *, end=END, step=1, kind="sku"):
    """The values as watched moments, the last of them on the last day; ten times as much money as the number is at stake."""
    first, sku = end - dt.timedelta(days=step * (len(values) - 1)), subject if kind == "sku" else None
    dates = [first + dt.timedelta(days=step * place) for place in range(len(values))]
    rows = [
        (watch, kind, subject, sku, site, on, f"o{place}", float(value), 10.0 * value)
        for place, (on, value) in enumerate(zip(dates, values, strict=True))
    ]
    return pl.DataFrame(rows, schema=POINT, orient="row")


def weeks(values, watch="demand_a_week", subject="BOLT", site="LEJ"):
    return days(values, watch, subject, site, end=END - dt.timedelta(days=6), step=7)


def scored(points=(), levels=(), version=1):
    """What the model says of these moments and weekly levels."""
    nothing = pl.DataFrame(schema=POINT)
    frames = {
        "marts.watched_points": pl.concat([nothing, *points]),
        "marts.watched_weeks": pl.concat([nothing, *levels]).drop("point_key"),
    }
    for kind in ("sku", "supplier", "carrier", "site"):
        frames[f"core.{kind}s"] = pl.DataFrame(schema={f"{kind}_id": pl.String, f"{kind}_name": pl.String})
    return MODEL.score(frames, Asked(END, version)).tables["scores.anomalies"]


def told(points=(), levels=()):
    return scored(points, levels).sort("alert_id").to_dicts()


def ago(count):
    return END - dt.timedelta(days=count)


def spoilt(values, at, number):
    out = np.array(values, dtype=float)
    out[at] = number
    return out


def shifted(before, after, seed=2, held=14):
    return np.concatenate([usual(80, seed, before), usual(held, seed + 9, after)])


def test_a_slip_of_the_decimal_point_is_told_with_all_there_is_to_say():
    (alert,) = told([days(spoilt(usual(120), -12, 1000.0))])
    assert (alert["watch_code"], alert["kind_name"], alert["subject_kind_code"]) == ("unit_price", "moment", "sku")
    assert (alert["subject_id"], alert["site_id"], alert["point_key"]) == ("BOLT", "LEJ", "o108")
    assert alert["alert_date"] == alert["since_date"] == ago(11)
    assert alert["came_number"] == 1000
    assert alert["expected_number"] == pytest.approx(100, rel=0.06)
    assert alert["rarity_share"] == pytest.approx(1 / 109), (
        "the strangest of all that were seen, and no rarer than that"
    )
    assert alert["money_amount"] == pytest.approx(10_000 * (1 - alert["expected_number"] / 1000))
    assert alert["also_text"] is None
    assert set(alert) == set(ALERT)


def test_half_is_as_strange_as_twice():
    up, down = (told([days(spoilt(usual(300), -5, 100 * factor))]) for factor in (8.0, 1 / 8))
    assert len(up) == len(down) == 1
    assert down[0]["came_number"] == 12.5
    assert down[0]["money_amount"] == pytest.approx(125 * (down[0]["expected_number"] / 12.5 - 1))


@pytest.mark.parametrize("seed", range(5))
def test_a_series_like_any_other_raises_nothing(seed):
    assert told([days(usual(150, seed))], [weeks(usual(90, seed))]) == []


def test_what_stays_strange_for_days_is_one_alert():
    values = usual(300)
    values[-12:-4] = usual(8, 5, 400)
    (alert,) = told([days(values)])
    assert alert["alert_date"] == ago(11)


def test_an_alert_began_where_it_began_to_be_strange():
    """A price a fifth too high was rare and no alert; tenfold the next day it is one, and it is told since when."""
    (alert,) = told([days(spoilt(usual(60), [-4, -3], [120, 1000]))])
    assert (alert["since_date"], alert["alert_date"]) == (ago(3), ago(2))


def test_the_same_strangeness_in_another_unit_is_the_same_alert():
    values = spoilt(usual(200), -3, 700.0)
    (one,), (other,) = told([days(values)]), told([days(values * 1024)])
    assert other["expected_number"] == pytest.approx(1024 * one["expected_number"])
    assert (other["rarity_share"], other["alert_date"]) == (pytest.approx(one["rarity_share"]), one["alert_date"])


def test_fewer_than_thirty_moments_are_too_few_to_call_anything_strange():
    assert told([days(spoilt(usual(29), -1, 1e6))]) == []
    assert len(told([days(spoilt(usual(60), -1, 1e6))])) == 1


@pytest.mark.parametrize(("back", "count"), [(KEPT_DAYS - 1, 1), (KEPT_DAYS, 0)])
def test_only_what_began_in_the_last_half_year_is_told(back, count):
    assert len(told([days(spoilt(usual(400), -1 - back, 900.0))])) == count


def test_noughts_are_numbers_and_are_expected_where_nothing_ever_was():
    """Counts of stock that always agreed, until one does not: nothing was expected, and all of it is at stake."""
    gaps = np.where(np.arange(100) % 9 == 0, 1.0, 0.0)
    (alert,) = told([days(spoilt(gaps, -2, 500.0), watch="stock_gap")])
    assert alert["expected_number"] == pytest.approx(0, abs=1e-9)
    assert alert["came_number"] == 500
    assert alert["money_amount"] == pytest.approx(5000)


def test_a_fall_to_nothing_is_worth_what_was_expected():
    """Ten times the number is at stake, also where the number is nought."""
    (alert,) = told([days(spoilt(usual(100), -2, 0.0))])
    assert alert["came_number"] == 0
    assert alert["money_amount"] == pytest.approx(10 * alert["expected_number"], rel=0.02)


def test_a_level_that_moved_and_stayed_is_one_alert_with_its_week():
    (alert,) = told(levels=[weeks(shifted(100, 250))])
    assert (alert["kind_name"], alert["point_key"], alert["watch_code"]) == ("shift", "week", "demand_a_week")
    assert alert["expected_number"] == pytest.approx(100, rel=0.03)
    assert alert["came_number"] == pytest.approx(250, rel=0.03)
    assert alert["since_date"] == ago(6 + 7 * 13)
    assert alert["since_date"] < alert["alert_date"] < ago(28), "noticed in weeks, not at the end"
    assert 0 <= alert["rarity_share"] < 1e-3
    assert alert["money_amount"] == pytest.approx(10 * 250 * 14 * (1 - 100 / 250), rel=0.05)


def test_a_level_that_fell_to_nothing_is_worth_what_it_brought_before():
    (alert,) = told(levels=[weeks(np.append(usual(80, 2), np.zeros(14)))])
    assert alert["came_number"] == 0
    assert alert["money_amount"] == pytest.approx(10 * 100 * 14, rel=0.05)


def test_a_shift_beyond_chance_and_beside_the_point_is_not_told():
    assert told(levels=[weeks(shifted(100, 130))]) == []
    assert len(told(levels=[weeks(shifted(100, 170))])) == 1


def test_carriers_that_got_better_are_no_concern():
    assert told(levels=[weeks(shifted(0.4, 0.1), watch="late_share_a_week")]) == []
    assert len(told(levels=[weeks(shifted(0.1, 0.4), watch="late_share_a_week")])) == 1


def test_fewer_than_half_a_year_of_weeks_show_no_shift():
    assert told(levels=[weeks(shifted(100, 300)[-23:])]) == []


def also(alerts, watch, subject="BOLT"):
    return next(
        alert["also_text"] for alert in alerts if (alert["watch_code"], alert["subject_id"]) == (watch, subject)
    )


def for_a_week(factor, last=-6, seed=3):
    """Numbers as usual, but for the week that ends there."""
    values = usual(120, seed)
    values[last - 6 : last + 1 or None] *= factor
    return values


SLIP = days(spoilt(usual(120), -6, 1000.0))


def test_what_else_moved_is_of_the_same_thing_in_the_same_week():
    alerts = told(
        [SLIP, days(for_a_week(2), watch="ordered_qty"), days(for_a_week(2), watch="ordered_qty", subject="NUT")]
    )
    said = also(alerts, "unit_price")
    assert said.startswith("quantity per line of BOLT +")
    assert said.endswith("% from 3 Nov")
    assert "NUT" not in said, "another thing that moved that week has nothing to do with it"


def test_what_moves_after_an_alert_is_not_told_beside_it():
    later = usual(120, 3)
    later[-5:] *= 2
    assert also(told([SLIP, days(later, watch="ordered_qty")]), "unit_price") is None


def test_the_daily_numbers_of_its_own_site_are_named_and_of_no_other():
    at_sites = [days(for_a_week(0.5), "order_lines_a_day", site, site, kind="site") for site in ("LEJ", "HAM")]
    said = also(told([SLIP, *at_sites]), "unit_price")
    assert said.startswith("order lines at LEJ −")
    assert "HAM" not in said


def test_no_more_than_three_others_are_named():
    watches = ("ordered_qty", "freight", "lead_days", "stock_gap", "net_sales")
    alerts = told([SLIP, *(days(for_a_week(3, seed=seed), watch=watch) for seed, watch in enumerate(watches))])
    assert also(alerts, "unit_price").count("; ") == 2


def test_each_alert_has_a_name_of_its_own_and_other_series_change_none():
    one = days(spoilt(usual(120), -6, 1000.0))
    others = [days(spoilt(usual(120, seed), -6 - 9 * seed, 1000.0), subject=f"S{seed}") for seed in range(1, 8)]
    together = told([one, *others])
    assert len({alert["alert_id"] for alert in together}) == len(together) == 8
    assert told([one])[0] in together


def test_what_came_after_the_day_of_judgement_is_not_read():
    """A strange week begins on the last day: what comes after it can neither raise an alert nor spoil one."""
    later = days(spoilt(usual(127), [-8, -7, -6], [120, 1000, 1000]), end=END + dt.timedelta(days=7))
    assert scored([later]).equals(scored([until_the_end(later)]))
    levels = weeks(shifted(100, 250)).with_columns(pl.col("point_date") + pl.duration(days=35))
    (alert,) = scored(levels=[levels]).to_dicts()
    assert [alert] == scored(levels=[until_the_end(levels)]).to_dicts()


def until_the_end(points):
    return points.filter(pl.col("point_date") <= END)


def test_nothing_to_watch_and_a_model_switched_off_say_nothing():
    assert scored().is_empty()
    assert scored().columns == list(ALERT)
    assert scored([days(spoilt(usual(120), -6, 1000.0))], version=0).is_empty()
