"""How numbers are said, and what is said when there is none."""

import datetime as dt
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.labels import label, unit_of
from pages.parts.words import NO_DATA, Words

BRITISH = Words("en_GB", "EUR", "Europe/Berlin")
GERMAN = Words("de_DE", "EUR", "Europe/Berlin")
UNITS = ("share", "money", "days", "hours", "minutes", "qty", "count", "number", "turns", "per_unit")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "€0"),
        (3.5, "€3.50"),
        (412.4, "€412"),
        (999.6, "€1K"),
        (-1234, "−€1.23K"),
        (Decimal("1240000.0000"), "€1.24M"),
        (99999999, "€100M"),
    ],
)
def test_money_keeps_three_digits(amount, said):
    assert BRITISH.money(amount) == said


def test_a_locale_without_a_word_for_thousands_writes_them_out():
    assert GERMAN.money(-1234) == "−1.234\xa0€"
    assert GERMAN.money(1240000) == "1,24\xa0Mio.\xa0€"
    assert GERMAN.share(0.5) == "50,0\xa0%"


def test_an_unknown_locale_falls_back_to_british_english():
    assert Words("klingon", "EUR", "UTC").money(412) == "€412"


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("nothing", [None, math.nan, math.inf])
def test_missing_is_never_nought(unit, nothing):
    assert BRITISH.value(nothing, unit) == NO_DATA
    assert BRITISH.exact(nothing, unit, "no receipts") == "no data: no receipts"


@given(
    number=st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15),
    unit=st.sampled_from(UNITS),
)
def test_every_number_can_be_said_with_a_true_minus_sign(number, unit):
    for words in (BRITISH, GERMAN):
        said = words.value(number, unit)
        assert said
        assert "-" not in said
        assert NO_DATA not in said


@given(now=st.floats(0, 1), before=st.floats(0, 1))
def test_a_change_has_a_word_and_not_only_an_arrow(now, before):
    change = BRITISH.change(now, before, "share", "higher")
    assert (change.arrow, change.word, change.tone) in {
        ("▲", "better", "good"),
        ("▼", "worse", "bad"),
        ("■", "unchanged", "neutral"),
    }
    assert change.text.endswith(" pp")


def test_what_is_better_decides_whether_a_rise_is_good():
    assert BRITISH.change(12, 10, "money", "lower").tone == "bad"
    assert BRITISH.change(12, 10, "money", "neither").tone == "neutral"
    assert BRITISH.change(12, 10, "money", "higher").text == "+20.0%"
    assert BRITISH.change(3.5, 5, "days", "lower").text == "−1.5 days"
    assert BRITISH.change(None, 5, "days", "lower").arrow == ""


def test_nothing_before_gives_no_percentage():
    assert BRITISH.change(12, 0, "money", "higher").text == "+€12.00"


def test_moments_are_said_in_the_companys_time_zone():
    moment = dt.datetime(2026, 11, 20, 22, 10, tzinfo=dt.UTC)
    assert BRITISH.instant(moment) == "20 Nov 2026, 23:10 CET"
    assert BRITISH.ago(moment, moment + dt.timedelta(minutes=20)) == "20 minutes ago"
    assert BRITISH.ago(moment, moment + dt.timedelta(seconds=5)) == "just now"
    assert BRITISH.ago(moment, moment + dt.timedelta(days=3)) == "3 days ago"


def test_periods_are_said_short():
    day = dt.date
    assert BRITISH.span(day(2026, 10, 18), day(2026, 11, 14)) == "18 Oct – 14 Nov 2026"
    assert BRITISH.span(day(2025, 12, 1), day(2026, 1, 2)) == "1 Dec 2025 – 2 Jan 2026"
    assert BRITISH.span(None, None) == "all time"
    assert BRITISH.span(day(2026, 1, 1), None) == "since 1 Jan 2026"


@pytest.mark.parametrize(
    ("column", "named", "unit"),
    [
        ("ordered_qty", "Ordered qty", "qty"),
        ("net_amount", "Net amount", "money"),
        ("late_days", "Late (days)", "days"),
        ("is_late", "Late", "boolean"),
        ("ordered_at", "Ordered at", "instant"),
        ("po_id", "PO", "text"),
        ("fill_share", "Fill share", "share"),
        ("category_name", "Category", "text"),
        ("period_start_date", "From", "date"),
    ],
)
def test_a_columns_name_tells_its_label_and_its_unit(column, named, unit):
    assert (label(column), unit_of(column)) == (named, unit)
