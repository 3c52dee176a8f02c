"""Beside an alert stands what else moved, in words with names and numbers; and its money and rarity claim no more than is known."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.anomalies.alerts import MODEL, NAMED
from models.anomalies.moved import Series, _window, move
from models.change import chance, change
from models.model import Asked

END = dt.date(2026, 11, 14)
POINT = {
    **dict.fromkeys(["watch_code", "subject_kind_code", "subject_id", "sku_id", "site_id"], pl.String),
    "point_date": pl.Date,
    "point_key": pl.String,
    "watched_number": pl.Float64,
    "at_stake_amount": pl.Float64,
}
NAMES = {
    "sku": [("BOLT", "Hex bolt")],
    "supplier": [("V1", "Acme")],
    "carrier": [("PKG", "PaketGo")],
    "site": [("LEJ", "Leipzig"), ("HAM", "Hamburg")],
}


def usual(count, seed=1, level=100.0):
    return np.round(level * np.exp(0.03 * np.random.default_rng(seed).standard_normal(count)), 2)


def changed(values, at, factor):
    out = np.array(values, dtype=float)
    out[at] *= factor
    return out


def days(values, watch="unit_price", subject="BOLT", site="LEJ", *, kind="sku", sku=None, step=1, worth=10.0):
    """The values as moments, the last on the last day; a week by its first day."""
    last = END - dt.timedelta(days=step - 1)
    at = [last - dt.timedelta(days=step * back) for back in reversed(range(len(values)))]
    of = sku or (subject if kind == "sku" else None)
    rows = [
        (watch, kind, subject, of, site, day, f"o{place}", float(number), None if worth is None else worth * number)
        for place, (day, number) in enumerate(zip(at, values, strict=True))
    ]
    return pl.DataFrame(rows, schema=POINT, orient="row")


def weeks(values, watch="demand_a_week", site="LEJ", **more):
    return days(values, watch, site=site, step=7, **more)


def told(*points, levels=()):
    nothing = pl.DataFrame(schema=POINT)
    frames = {
        "marts.watched_points": pl.concat([nothing, *points]),
        "marts.watched_weeks": pl.concat([nothing, *levels]).drop("point_key", "sku_id"),
    }
    for kind in NAMED:
        frames[f"core.{kind}s"] = pl.DataFrame(NAMES[kind], [f"{kind}_id", f"{kind}_name"], orient="row")
    return MODEL.score(frames, Asked(END, 1)).tables["scores.anomalies"].sort("alert_id").to_dicts()


def beside(watch, *points, levels=()):
    return next(alert["also_text"] for alert in told(*points, levels=levels) if alert["watch_code"] == watch)


SHIFT = np.concatenate([usual(80, 2), usual(14, 11, 250)])
SLIP = days(changed(usual(300), -6, 10))
WEEK_BEFORE = slice(-12, -5)


def test_a_cheaper_price_stands_beside_the_demand_that_rose_with_it():
    """The price fell in the first week of the shift; it is told in per cent, with the name and the day."""
    cheaper = changed(usual(658, 4, 8), slice(-98, None), 0.62)
    said = beside("demand_a_week", days(cheaper), levels=[weeks(SHIFT)])
    assert said.startswith("price of Hex bolt −3")
    assert said.endswith(" % from 9 Aug")


def test_the_same_demand_at_another_site_is_told_and_at_its_own_is_not():
    alerts = told(levels=[weeks(SHIFT), weeks(np.concatenate([usual(80, 6), usual(14, 12, 180)]), site="HAM")])
    said = {alert["site_id"]: alert["also_text"] for alert in alerts}
    assert said["LEJ"].startswith("demand of Hex bolt in Hamburg +")
    assert said["HAM"].startswith("demand of Hex bolt in Leipzig +")


def test_the_lead_time_of_its_own_sku_is_told_and_not_that_of_others():
    slow = [
        days(changed(usual(300, 5, 10), WEEK_BEFORE, 3), "lead_days", "V1", kind="supplier", sku=sku)
        for sku in ("BOLT", "NUT")
    ]
    assert beside("unit_price", SLIP, *slow) == "days to receive from Acme for Hex bolt +197 % from 3 Nov"


def test_the_days_of_its_site_are_told_and_not_those_of_another():
    busy = [
        days(changed(usual(300, seed, 40), WEEK_BEFORE, 2), "order_lines_a_day", site, site, kind="site")
        for seed, site in ((5, "LEJ"), (6, "HAM"))
    ]
    said = beside("unit_price", SLIP, *busy)
    assert said.startswith("order lines at Leipzig +")
    assert "Hamburg" not in said


def test_a_carriers_lateness_is_told_in_shares_beside_its_freight():
    late = days(changed(usual(300, 5, 0.05), WEEK_BEFORE, 8), "late_share_a_day", "PKG", "*", kind="carrier")
    dear = days(changed(usual(300), -6, 10), "freight_per_kg", "PKG", kind="carrier")
    assert beside("freight_per_kg", dear, late) == "late share of PaketGo from 5 % to 40 % from 3 Nov"


def test_what_moved_after_the_alert_is_not_told():
    later = days(changed(usual(300, 3), slice(-5, None), 3), "ordered_qty")
    assert beside("unit_price", SLIP, later) is None
    assert beside("unit_price", SLIP, days(changed(usual(300, 3), WEEK_BEFORE, 3), "ordered_qty")) is not None


def test_nothing_is_told_where_nothing_moved_more_than_before():
    """It was so large once before: that it is again says nothing."""
    again = changed(usual(300, 3), WEEK_BEFORE, 2)
    again[100:114] *= 3
    assert beside("unit_price", SLIP, days(usual(300, 3), "ordered_qty")) is None
    assert beside("unit_price", SLIP, days(again, "ordered_qty")) is None


def test_at_most_three_are_told_the_strongest_first():
    watches = {"ordered_qty": 2, "stock_gap": 5, "net_sales_a_day": 3, "demand_a_day": 9}
    moved = [days(changed(usual(300, 3), WEEK_BEFORE, by), watch) for watch, by in watches.items()]
    said = beside("unit_price", SLIP, *moved).split("; ")
    assert [one.split(" of ")[0].split(" at ")[0] for one in said] == ["demand", "unexplained stock", "sales"]


def of_days(values, family="unit_price"):
    days = np.arange(len(values)) + END.toordinal() - len(values) + 1
    return Series(family, "sku", "BOLT", "LEJ", "BOLT", days, np.asarray(values, dtype=float))


def test_a_move_is_measured_against_stretches_of_its_own_length():
    """A quiet Sunday every week: seven days that hold one are as usual, though the days of a week differ much."""
    week = np.tile([10.0, 11, 12, 11, 10, 6, 1], 30)
    last = END - dt.timedelta(days=6)
    assert move(of_days(week), last, END) is None
    found = move(of_days(changed(week, slice(-7, None), 2)), last, END)
    assert found.usual == pytest.approx(61 / 7)
    assert found.now == pytest.approx(122 / 7)
    doubled = changed(week, slice(-7, None), 2)
    assert move(of_days(doubled[-63:]), last, END) is not None
    assert move(of_days(doubled[-56:]), last, END) is None, "seven weeks before are too few"


def test_a_move_of_less_than_a_tenth_is_beside_the_point_however_steady_the_past():
    for factor, is_told in ((1.05, False), (1.12, True), (0.88, True)):
        found = move(of_days(changed(np.full(210, 10.0), slice(-7, None), factor)), END - dt.timedelta(days=6), END)
        assert (found is not None) == is_told


def test_beside_a_shift_stands_what_moved_in_its_four_first_weeks():
    alert = {"kind_name": "shift", "since_date": dt.date(2026, 3, 1), "alert_date": dt.date(2026, 6, 6)}
    assert _window(alert) == (dt.date(2026, 3, 1), dt.date(2026, 3, 28))
    assert _window({**alert, "alert_date": dt.date(2026, 3, 14)}) == (dt.date(2026, 3, 1), dt.date(2026, 3, 14))


def test_where_no_money_is_known_an_alert_has_none_and_not_nought():
    alerts = told(days(changed(usual(120), -3, 9), worth=None), levels=[weeks(SHIFT, worth=None)])
    assert [alert["money_amount"] for alert in alerts] == [None, None]


def test_five_dark_days_of_a_site_are_an_alert_with_the_sales_that_are_wanting():
    """Two days before were dark alone, as a holiday is; that is no reason to expect five."""
    lines = np.round(usual(300, 3, 40))
    lines[[100, 200, -5, -4, -3, -2, -1]] = 0
    alerts = told(days(lines, "order_lines_a_day", "LEJ", kind="site"))
    assert [alert["came_number"] for alert in alerts] == [0]
    assert alerts[0]["since_date"] > END - dt.timedelta(days=5)
    lines[-5:] = 40
    assert told(days(lines, "order_lines_a_day", "LEJ", kind="site")) == []


def test_days_to_receive_are_told_as_they_are():
    """Some suppliers deliver on the day; nought is a number, and nothing is added to what people read."""
    waits = np.resize([0.0, 1, 2, 1, 0, 2, 1], 300)
    waits[297] = 60
    (alert,) = told(days(waits, "lead_days", "V1", kind="supplier", sku="BOLT"))
    assert alert["came_number"] == 60
    assert round(alert["expected_number"], 9) in {0, 1, 2}


def test_nothing_is_rarer_than_the_moments_that_were_seen():
    alerts = told(days(np.append(np.zeros(100), 500.0), "stock_gap"))
    assert [alert["rarity_share"] for alert in alerts] == [pytest.approx(1 / 101)]


def test_a_shift_is_noticed_at_the_end_of_the_week_that_tells_it():
    (alert,) = told(levels=[weeks(SHIFT)])
    assert (alert["alert_date"] - alert["since_date"]).days % 7 == 6


def test_a_shift_is_as_rare_as_the_strongest_of_all_splits():
    (alert,) = told(levels=[weeks(SHIFT)])
    strength = change(SHIFT, weeks(SHIFT)["point_date"].to_list()).strength
    assert alert["rarity_share"] == pytest.approx(chance(strength, SHIFT.size))


def test_where_days_without_an_order_are_usual_a_burst_of_them_still_stands_out():
    lines = np.random.default_rng(4).integers(0, 4, 300).astype(float)
    lines[-3] = 90
    assert [alert["came_number"] for alert in told(days(lines, "order_lines_a_day", "LEJ", kind="site"))] == [90]
