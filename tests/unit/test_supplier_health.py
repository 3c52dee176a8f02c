"""One row per supplier says how it keeps its word, open lines included, and knows nothing of the days to come."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from models.suppliers.health import SCHEMA, lifetimes, price_drift, supplier_health

START = date(2025, 1, 6)
AS_OF = date(2026, 6, 1)
INPUTS = {
    "supplier_id": pl.String,
    "sku_id": pl.String,
    "po_id": pl.String,
    "ordered_date": pl.Date,
    "due_date": pl.Date,
    "last_received_date": pl.Date,
    "ordered_qty": pl.Float64,
    "received_qty": pl.Float64,
    "unit_cost": pl.Float64,
}


def line(po, ordered, promised_days=10, took_days=10, ordered_qty=5.0, received_qty=5.0, **more):
    came = None if took_days is None else ordered + timedelta(days=took_days)
    promised = None if promised_days is None else ordered + timedelta(days=promised_days)
    return {
        "supplier_id": "V", "sku_id": "A", "po_id": po, "ordered_date": ordered, "due_date": promised,
        "last_received_date": came, "ordered_qty": ordered_qty, "received_qty": received_qty, "unit_cost": 2.0,
    } | more  # fmt: skip


def frame(*rows):
    return pl.DataFrame(list(rows), schema=INPUTS)


def health(*rows, as_of=AS_OF):
    return supplier_health(frame(*rows), as_of=as_of).row(0, named=True)


def weekly(count, took):
    return [line(str(n), START + timedelta(days=7 * n), took_days=took(n)) for n in range(count)]


def test_figures_by_hand():
    said = health(
        line("1", START, took_days=10),
        line("2", START, took_days=12),
        line("3", START, took_days=8, received_qty=4.0),
        line("4", START, took_days=10, ordered_qty=4.0, received_qty=6.0),
    )
    assert said["line_count"] == said["received_count"] == 4
    assert said["lead_days_mean"] == 10.0
    assert said["lead_days_spread"] == pytest.approx(np.std([10, 12, 8, 10], ddof=1))
    assert said["lead_days_median"] == 10.0
    assert said["lead_days_p90"] == 12.0
    assert said["on_time_in_full_share"] == 0.5
    assert said["late_days_mean"] == 0.5
    assert said["fill_share"] == pytest.approx((1 + 1 + 0.8 + 1) / 4)


def test_an_open_line_makes_the_lead_time_longer_not_shorter():
    came = [line(str(n), AS_OF - timedelta(days=60), took_days=10) for n in range(3)]
    still_open = line("9", AS_OF - timedelta(days=40), took_days=None, received_qty=0.0)
    said = health(*came, still_open)
    assert said["lead_days_mean"] == pytest.approx((10 * 3 + 40) / 4)
    assert (said["overdue_count"], said["late_days_mean"]) == (1, 30 / 4)
    assert said["on_time_in_full_share"] == 0.75


def test_an_open_line_younger_than_all_that_came_tells_nothing():
    came = [line(str(n), AS_OF - timedelta(days=60), took_days=10) for n in range(3)]
    fresh = line("9", AS_OF - timedelta(days=4), took_days=None, received_qty=0.0)
    assert health(*came, fresh)["lead_days_mean"] == 10.0
    assert health(*came, fresh)["on_time_in_full_share"] == 1.0


def test_lifetimes_by_hand():
    """Of four one ends at 2; of the two left after the one lost sight of at 3, one ends at 5 and one at 8."""
    times, chances = lifetimes(np.array([2.0, 3.0, 5.0, 8.0]), np.array([True, False, True, True]))
    assert times.tolist() == [2, 3, 5, 8]
    np.testing.assert_allclose(chances, [0.25, 0, 0.375, 0.375])


def test_nothing_to_divide_by_is_null():
    said = health(line("1", AS_OF, took_days=None, received_qty=None, unit_cost=None))
    silent = [name for name in SCHEMA if said[name] is None]
    assert {"lead_days_mean", "on_time_in_full_share", "late_days_mean", "fill_share"} <= set(silent)
    assert said["price_drift_share_per_year"] is None
    assert said["lead_is_deteriorated"] is None
    assert said["lead_verdict"] == "too few"
    assert supplier_health(frame(), as_of=AS_OF).schema == pl.Schema(SCHEMA)


def test_without_any_receipt_nobody_is_called_late():
    said = health(line("1", START, took_days=None, received_qty=None), line("2", START, took_days=None))
    assert (said["overdue_count"], said["late_days_mean"]) == (0, None)


def test_a_receipt_before_its_order_is_no_lead_time():
    said = health(line("1", START, took_days=-3), line("2", START, took_days=11))
    assert said["lead_days_mean"] == 11.0


def test_a_line_without_a_promise_has_a_lead_time_and_no_lateness():
    said = health(line("1", START, promised_days=None, took_days=9))
    assert (said["lead_days_mean"], said["late_days_mean"], said["on_time_in_full_share"]) == (9.0, None, None)


def test_a_deterioration_has_its_date_in_lead_time_and_lateness():
    said = health(*weekly(60, lambda n: 9 + n % 3 if n < 45 else 19 + n % 3))
    for measure in ("lead", "late"):
        assert said[f"{measure}_is_deteriorated"]
        assert abs((said[f"{measure}_changed_date"] - START).days / 7 - 45) <= 1
        assert 0 < said[f"{measure}_false_alarms_per_year"] <= 1 / 30
    assert (said["lead_before"], said["lead_after"]) == pytest.approx((10, 20), abs=0.2)
    assert said["fill_is_deteriorated"] is False


def test_getting_faster_is_no_deterioration():
    said = health(*weekly(60, lambda n: 19 + n % 3 if n < 45 else 9 + n % 3))
    assert (said["lead_verdict"], said["lead_is_deteriorated"]) == ("lower", False)


def test_short_deliveries_are_found_by_fill():
    rows = weekly(60, lambda n: 9 + n % 3)
    short = [row | {"received_qty": 3.0 if n >= 45 and n % 4 else 5.0} for n, row in enumerate(rows)]
    said = health(*short)
    assert said["fill_is_deteriorated"]
    assert abs((said["fill_changed_date"] - START).days / 7 - 45) <= 2


def test_a_supplier_that_stops_delivering_is_found_although_nothing_came():
    stopped = [line(str(n), START + timedelta(days=7 * n), took_days=10 if n < 40 else None) for n in range(50)]
    said = health(*stopped, as_of=START + timedelta(days=7 * 50 + 20))
    assert said["late_is_deteriorated"]
    assert said["late_changed_date"] == START + timedelta(days=7 * 40)


def test_ten_lines_of_one_late_order_are_one_order():
    rows = weekly(40, lambda n: 9 + n % 3)
    late = [line("late", START + timedelta(days=280), took_days=60, sku_id=str(k)) for k in range(10)]
    assert health(*rows, *late)["late_verdict"] == "steady"


def test_the_days_to_come_are_not_known():
    rows = weekly(60, lambda n: 9 + n % 3 if n < 30 else 40)
    early = START + timedelta(days=7 * 25)
    seen = [row for row in rows if row["ordered_date"] <= early]
    hidden = [
        row | {"last_received_date": None, "received_qty": None}
        if row["last_received_date"] is not None and row["last_received_date"] > early
        else row
        for row in seen
    ]
    assert health(*rows, as_of=early) == health(*hidden, as_of=early)


def prices(factor, skus=3):
    return pl.DataFrame(
        [
            {
                "sku_id": f"{sku}",
                "ordered_date": START + timedelta(days=30 * n),
                "unit_cost": (sku + 1) * factor(30 * n / 365),
            }
            for sku in range(skus)
            for n in range(13)
        ]
    )


def test_price_drift_is_the_middle_skus():
    assert price_drift(prices(lambda years: 1.08**years)) == pytest.approx(0.08)
    assert price_drift(prices(lambda _: 1.0)) == 0.0


def test_a_slipped_decimal_point_is_no_drift():
    slipped = prices(lambda years: 1.02**years).with_columns(
        pl.when(pl.int_range(pl.len()) % 13 == 12)
        .then(pl.col("unit_cost") * 100)
        .otherwise("unit_cost")
        .alias("unit_cost")
    )
    assert price_drift(slipped) == pytest.approx(0.02)


def test_three_prices_or_three_weeks_are_no_drift():
    assert price_drift(prices(lambda years: 1.5**years).group_by("sku_id").head(3)) is None
    assert price_drift(prices(lambda years: 1.5**years).group_by("sku_id").head(4)) is None
    assert price_drift(prices(lambda _: 0.0)) is None
