"""Touches and minutes of orders, counted by hand."""

import datetime as dt

import polars as pl

from models.ai_economics.handling import baseline, by_week, score, touches
from models.model import Asked

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
AS_OF = dt.date(2026, 4, 30)


def log(*events: tuple) -> pl.DataFrame:
    """Order, activity, minutes after nine, who, what kind of actor, minutes of work."""
    rows = [
        (o, a, AT + dt.timedelta(minutes=m), n, who, kind, told) for n, (o, a, m, who, kind, told) in enumerate(events)
    ]
    names = ("case_id", "activity_name", "event_at", "occurrence", "actor_name", "actor_kind_code", "hands_on_minutes")
    kinds = (pl.String, pl.String, pl.Datetime("us", "UTC"), pl.Int64, pl.String, pl.String, pl.Float64)
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def orders_of(*names: str, days: int = 0) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "order_id": names,
            "site_id": ["S1"] * len(names),
            "ordered_date": [AT.date() + dt.timedelta(days)] * len(names),
        }
    )


def touch_count(*events: tuple) -> int:
    return touches(log(*events))["touch_count"][0]


def test_a_person_counts_once_an_activity():
    assert touch_count(("o", "enter", 0, "Ann", "person", 1.0), ("o", "enter", 60, "Ann", "person", 1.0)) == 1
    assert touch_count(("o", "enter", 0, "Ann", "person", 1.0), ("o", "enter", 60, "Bo", "person", 1.0)) == 2
    assert touch_count(("o", "enter", 0, "Ann", "person", 1.0), ("o", "check", 60, "Ann", "person", 1.0)) == 2


def test_what_one_person_does_within_five_minutes_is_one_touch():
    assert touch_count(("o", "enter", 0, "Ann", "person", 1.0), ("o", "check", 5, "Ann", "person", 1.0)) == 1
    assert touch_count(("o", "enter", 0, "Ann", "person", 1.0), ("o", "check", 6, "Ann", "person", 1.0)) == 2
    assert touch_count(("o", "enter", 0, "Ann", "person", None), ("o", "check", 2, "Bo", "person", None)) == 2


def test_systems_and_agents_do_not_touch():
    found = touches(
        log(
            ("o", "release", 0, "ERP", "system", None),
            ("o", "draft", 1, "Agent", "agent", 2.0),
            ("o", "x", 2, None, "person", 1.0),
        )
    )
    assert found.row(0) == ("o", 0, None, None)
    assert touch_count(("o", "enter", 0, "Ann", None, 1.0)) == 1


def test_pauses_are_capped_and_told_minutes_added_up():
    found = touches(
        log(
            ("o", "enter", 0, "Ann", "person", 4.0),
            ("o", "check", 10, "Ann", "person", None),
            ("o", "bill", 200, "Ann", "person", 2.5),
        )
    )
    assert found.select("told_minutes", "active_minutes").row(0) == (6.5, 25.0)


def test_a_week_of_a_site():
    events = log(
        ("o1", "enter", 0, "Ann", "person", 4.0),
        ("o1", "bill", 90, "Bo", "person", 2.0),
        ("o2", "release", 0, "ERP", "system", None),
        ("o3", "enter", 0, "Ann", "person", 8.0),
        ("unknown", "enter", 0, "Ann", "person", 8.0),
    )
    (found,) = by_week(events, orders_of("o1", "o2", "o3", "without"), AS_OF).to_dicts()
    assert (found["order_count"], found["touchless_order_count"], found["touch_count"]) == (3, 1, 3)
    assert (found["touches_per_order_number"], found["touchless_share"]) == (1.0, round(1 / 3, 6))
    assert (found["timed_order_count"], found["order_hands_on_minutes"], found["median_minutes"]) == (2, 7.0, 7.0)
    assert found["week_date"] == dt.date(2026, 3, 2)


def test_fresh_orders_wait_and_the_future_is_not_seen():
    events = log(("o1", "release", 0, "ERP", "system", None), ("o1", "bill", 60 * 24 * 40, "Bo", "person", 2.0))
    assert by_week(events, orders_of("o1"), dt.date(2026, 3, 10)).height == 0
    (found,) = by_week(events, orders_of("o1"), dt.date(2026, 3, 20)).to_dicts()
    assert found["touchless_order_count"] == 1


def weeks(count: int, a_week: int = 20) -> pl.DataFrame:
    """Weeks of one site in which orders take two touches and five minutes, a little more every other week."""
    events, headers = [], []
    for week in range(count):
        for order in range(a_week):
            name, at = f"{week}-{order}", week * 7 * 24 * 60
            events.append((name, "enter", at, "Ann", "person", 5.0 + week % 2))
            events.append((name, "bill", at + 60, "Bo", "person", 0.0))
            headers.append(orders_of(name, days=7 * week))
    return by_week(log(*events), pl.concat(headers), AS_OF + dt.timedelta(days=400))


def test_a_baseline_needs_twelve_weeks():
    (short,) = baseline(weeks(11), seed=1).to_dicts()
    assert (short["is_long_enough"], short["low_number"], short["low_minutes"]) == (False, None, None)
    assert "too short" in short["because_text"]
    (long,) = baseline(weeks(30), seed=1).to_dicts()
    assert (long["week_count"], long["order_count"], long["touches_per_order_number"]) == (26, 520, 2.0)
    assert long["low_minutes"] < long["order_hands_on_minutes"] == 5.5 < long["high_minutes"]
    assert long["low_minutes"] > 5.2
    assert long["baseline_key"] == baseline(weeks(30), seed=2)["baseline_key"][0] != short["baseline_key"]


def test_minutes_that_nobody_told_are_no_baseline():
    found = baseline(weeks(14).with_columns(timed_order_count=pl.lit(0, pl.Int64), order_hands_on_minutes=None), seed=1)
    assert found.select("order_hands_on_minutes", "low_minutes").row(0) == (None, None)


def test_without_a_log_it_says_so():
    scored = score({"core.order_events": log(), "marts.orders": orders_of("o1")}, Asked(AS_OF, 1))
    assert scored.tables["scores.order_handling_weeks"].height == 0
    assert "cannot be measured" in scored.because
