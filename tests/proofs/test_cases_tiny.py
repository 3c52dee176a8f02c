"""The cases of the tiny company, worked out by hand."""

from decimal import Decimal

import polars as pl
import pytest

from store.warehouse import current_build


@pytest.fixture(scope="module")
def build(tiny):
    return current_build(tiny)


def test_the_lamps_of_hamburg_are_one_case_of_three_signals(build):
    """P-5 brings lamps to Hamburg ten days late; the shelf is empty and order O-4 waits for four of them."""
    made = build.query("select * from marts.case_signals where case_id = 'late_inbound · P-5 · 1'")
    assert set(made["signal_id"]) == {"late_inbound · P-5 · 1", "stocked_out · LAMP · HAM", "order_short · O-4 · 1"}
    assert made.filter("is_cause")["signal_id"].to_list() == ["late_inbound · P-5 · 1"]


def test_the_waiting_line_is_worth_half_its_margin_and_two_days(build):
    """Four lamps at 25: margin 60, half of it lost; 100 wait two days at 0.2 %, from the 12th to the 14th. BETA has no penalty."""
    unit = build.query("select * from marts.case_units where unit_key = 'order line · O-4 · 1'").row(0, named=True)
    assert unit["at_risk_amount"] == Decimal("30.4")
    assert unit["customer_name"] == "Beta Service"


def test_drills_beyond_ninety_days_cost_a_quarter_of_holding(build):
    """Three drills in 28 days; 90 days are 9.643; 10.357 × 60 × 32 % × 91 / 365 = 49.58."""
    unit = build.query("select * from marts.case_units where unit_key = 'stock · DRILL · LEJ'").row(0, named=True)
    assert float(unit["at_risk_amount"]) == pytest.approx(49.578, abs=0.002)


def test_money_adds_up_and_no_unit_stands_twice(build):
    units = build.query("select * from scores.case_units")
    assert units["unit_key"].is_unique().all()
    whole = build.query("select sum(at_risk_amount) from scores.cases").item()
    assert abs(whole - units["at_risk_amount"].sum()) < Decimal("0.01")


def test_a_line_that_is_due_while_stock_is_there_is_a_late_delivery(build):
    """Ten bolts of O-2 are open since the 6th, and fifty lie in Hamburg."""
    kinds = build.query("select signal_kind_code from marts.signals where order_id = 'O-2'")["signal_kind_code"]
    assert kinds.to_list() == ["late_outbound"]


def test_the_misses_have_their_classes(build):
    made = build.query("select miss_key, autopsy_class_name, missed_amount from marts.autopsies")
    classes = dict(made.select("miss_key", "autopsy_class_name").iter_rows())
    assert classes["stockout · LAMP · HAM · 2026-11-11"] == "late supplier"
    assert classes["order line · O-3 · 1"] == "capacity or carrier"
    assert classes["order line · O-4 · 1"] == "late supplier"
    # Eight lamps at 25, one day late: penalty 5 % of 200 and 0.2 %.
    assert made.filter(pl.col("miss_key") == "order line · O-3 · 1")["missed_amount"].item() == Decimal("10.4")


def test_the_lamps_of_hamburg_would_have_been_alerts_of_their_own(build):
    """The late line of P-5, the waiting line of O-4, the empty shelf, and each day for which it is likelier to stay empty than not."""
    made = build.query("select * from marts.raw_alerts where case_id = 'late_inbound · P-5 · 1'")
    names = made.filter(~pl.col("is_projected")).group_by("raw_alert_name").len()
    assert dict(names.iter_rows()) == {"late purchase line": 1, "late or short order line": 1, "signal of its own": 1}
    assert set(made.filter("is_projected")["raw_alert_name"]) <= {"empty day ahead"}


def test_each_raw_alert_is_counted_once_and_each_signal_is_behind_one(build):
    made = build.query("select raw_alert_id, case_id, signal_id from marts.raw_alerts")
    assert made["raw_alert_id"].is_unique().all()
    members = build.query("select signal_id, case_id from scores.case_signals")
    assert made.join(members, on=["signal_id", "case_id"], how="anti").is_empty(), (
        "an alert is in the case of its signal"
    )
    counted = build.query("select case_id, alert_count from marts.cases").filter(pl.col("alert_count") > 0)
    assert dict(counted.iter_rows()) == dict(made.group_by("case_id").len().iter_rows())
