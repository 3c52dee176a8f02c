"""Governed numbers on screen: the right value under the right filters, its rows, and why there may be none."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from pages.parts.chosen import Chosen, period
from pages.parts.figures import figure, measure, recomputed, same, table_figure
from pages.parts.trends import bucket, starts, trend
from tests.unit.parts_visit import grown, visit_to

NOVEMBER = Chosen(dt.date(2026, 11, 1), dt.date(2026, 11, 14))


def test_a_figure_is_worked_out_over_the_chosen_period_and_filters():
    """November: O1/1, O2/1 and O3/1 complete, O1/2 not, O5/1 unknown; at Lyon two of three."""
    visit = visit_to(grown())
    assert figure(visit, "line_fill_rate", NOVEMBER).value == 0.75
    assert figure(visit, "line_fill_rate", NOVEMBER.and_where(site_id="LYO")).value == pytest.approx(2 / 3)
    assert figure(visit, "line_fill_rate").row_count == 5
    assert figure(visit, "net_sales", NOVEMBER).value == Decimal("375.5000")


def test_a_filter_that_the_metric_does_not_know_is_left_out_and_said():
    number = figure(visit_to(grown()), "line_fill_rate", NOVEMBER.and_where(carrier_id="X"))
    assert number.value == 0.75
    assert number.not_applied == ("carrier_id",)


def test_the_rows_behind_a_figure_are_as_many_as_it_says():
    visit = visit_to(grown())
    number = figure(visit, "line_fill_rate", NOVEMBER)
    rows = visit.build.query(number.rows_sql, list(number.rows_params))
    assert rows.height == number.row_count == 4
    assert rows["numerator"].sum() / rows["denominator"].sum() == number.value


def test_a_recompute_gives_the_value_again_and_would_notice_another():
    visit = visit_to(grown())
    number = figure(visit, "net_sales", NOVEMBER)
    assert same(recomputed(visit, number), number.value)
    assert not same(recomputed(visit, number), replace(number, value=Decimal("375.51")).value)


def test_no_value_comes_with_its_reason():
    visit = visit_to(grown())
    empty_period = figure(visit, "line_fill_rate", Chosen(dt.date(2020, 1, 1), dt.date(2020, 1, 2)))
    assert (empty_period.value, empty_period.because) == (None, "no rows in this period")
    assert figure(visit, "supplier_on_time_in_full", NOVEMBER).because == "needs purchase lines"


def test_a_metric_of_one_moment_ignores_the_period():
    visit = visit_to(grown())
    assert figure(visit, "inventory_value", NOVEMBER).because


def test_cuts_come_as_rows_and_an_empty_table_as_none():
    visit = visit_to(grown())
    cut = measure(visit, "line_fill_rate", by=("site_name",), chosen=NOVEMBER)
    assert dict(cut.select("site_name", "value").iter_rows()) == {"Berlin": 1.0, "Lyon": pytest.approx(2 / 3)}
    assert measure(visit, "supplier_on_time_in_full", by=("supplier_id",)).is_empty()


def test_a_number_off_a_table_has_a_receipt_too():
    visit = visit_to(grown())
    number = table_figure(visit, "marts.order_lines", title="Lines", chosen=NOVEMBER, date="ordered_date")
    assert (number.value, number.row_count, number.reads) == (5, 5, "marts.order_lines")
    total = table_figure(visit, "marts.order_lines", title="Sum", column="net_amount", how="sum", unit="money")
    assert same(total.value, Decimal("455.50"))
    assert same(recomputed(visit, total), total.value)
    with pytest.raises(KeyError):
        table_figure(visit, "marts.order_lines", title="x", column="net_amount", how="sum(1) --")


def test_a_trend_has_a_gap_where_there_is_no_row():
    visit = visit_to(grown())
    line = trend(visit, "line_fill_rate", NOVEMBER)
    assert line.height == 14
    assert dict(line.drop_nulls("value").select("period_start_date", "value").iter_rows()) == {
        dt.date(2026, 11, 2): 0.5,
        dt.date(2026, 11, 3): 1.0,
        dt.date(2026, 11, 10): 1.0,
    }


def test_a_trend_is_a_ratio_of_sums_and_its_parts_sum_to_the_whole():
    visit = visit_to(grown())
    quarter = Chosen(dt.date(2026, 10, 1), dt.date(2026, 11, 14))
    weeks = trend(visit, "line_fill_rate", quarter)
    assert weeks["numerator"].sum() / weeks["denominator"].sum() == figure(visit, "line_fill_rate", quarter).value
    by_site = trend(visit, "net_sales", quarter, by="site_id")
    assert by_site["value"].sum() == pytest.approx(float(figure(visit, "net_sales", quarter).value))


def test_a_stretch_that_the_period_cuts_is_marked():
    weeks = trend(visit_to(grown()), "net_sales", Chosen(dt.date(2026, 10, 1), dt.date(2026, 11, 14)))
    assert weeks["is_whole"].to_list() == [False, True, True, True, True, True, False]


def test_weeks_begin_on_the_companys_day():
    sunday = starts(dt.date(2026, 11, 2), dt.date(2026, 11, 14), "week", 7)
    assert sunday == [dt.date(2026, 11, 1), dt.date(2026, 11, 8)]
    assert starts(dt.date(2026, 11, 2), dt.date(2026, 11, 8), "week", 1) == [dt.date(2026, 11, 2)]


@pytest.mark.parametrize(
    ("since", "until", "size"),
    [
        ("2026-11-01", "2026-11-28", "day"),
        ("2026-01-01", "2026-06-30", "week"),
        ("2024-01-01", "2026-06-30", "month"),
        ("2018-01-01", "2026-06-30", "quarter"),
        ("1990-01-01", "2026-06-30", "year"),
    ],
)
def test_a_long_period_is_cut_coarser(since, until, size):
    assert bucket(dt.date.fromisoformat(since), dt.date.fromisoformat(until)) == size


def test_presets_end_on_the_day_of_the_data():
    day = dt.date(2026, 11, 14)
    assert period("7d", day) == (dt.date(2026, 11, 8), day)
    assert period("ytd", day) == (dt.date(2026, 1, 1), day)
    assert period("12m", day) == (dt.date(2025, 11, 15), day)
    assert period("all", day) == period("28d", None) == (None, None)


def test_a_period_is_compared_with_one_of_the_same_length_or_with_last_years():
    assert NOVEMBER.before == (dt.date(2026, 10, 18), dt.date(2026, 10, 31))
    assert replace(NOVEMBER, compare="year").before == (dt.date(2025, 11, 1), dt.date(2025, 11, 14))
    assert replace(NOVEMBER, compare="none").before is None
    assert Chosen().before is None
