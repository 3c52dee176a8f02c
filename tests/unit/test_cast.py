"""A text becomes the value a person meant, or nothing; never a value that nobody meant."""

import pytest

from pipelines import cast
from pipelines.contract import Column
from pipelines.source import Reading
from store import engine


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    """A scratch database with the macros of `cast`."""
    made = engine.scratch(tmp_path_factory.mktemp("spill"))
    made.execute(cast.MACROS)
    return made


def typed(connection, kind, text, *, decimal=".", dates=(), timezone_name="UTC"):
    """The value of a text as a text, or None."""
    reading = Reading("a source", "a file", (), (), dates=dates, decimal=decimal)
    column = Column(name="x", type=kind, meaning="")
    value = cast.value_of(column, "x", reading, timezone_name)
    return connection.execute(
        f"select cast({value} as varchar) from (select {cast.text_of('t')} as x from (select cast(? as varchar) as t))",
        [text],
    ).fetchone()[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5000"),
        ("1,234.50", "1234.5000"),
        ("1,234,567", "1234567.0000"),
        ("1 234.5", "1234.5000"),
        ("1'234.5", "1234.5000"),
        ("(1,234.50)", "-1234.5000"),
        ("5-", "-5.0000"),
        ("$-3.5", "-3.5000"),
        ("-$3", "-3.0000"),
        ("€ 12", "12.0000"),
        ("12 EUR", "12.0000"),
        ("+7", "7.0000"),
        (".5", "0.5000"),
        ("1e3", "1000.0000"),
        (" 8 ", "8.0000"),
        ("1,23", None),
        ("12-3", None),
        ("See DN-304", None),
        ("nan", None),
        ("", None),
    ],
)
def test_money_with_a_decimal_point(connection, text, value):
    """A decimal point, whatever signs and groups stand around it."""
    assert typed(connection, "amount", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,50", "1234.5000"), ("1.234", "1234.0000"), ("12,5", "12.5000"), ("-0,5", "-0.5000"), ("1,234.5", None)],
)
def test_money_with_a_decimal_comma(connection, text, value):
    """With a decimal comma, 1.234 is more than a thousand and never one and a bit."""
    assert typed(connection, "amount", text, decimal=",") == value


def test_a_share_may_be_a_percentage(connection):
    """12 % and 0.12 are the same share, and infinity is none."""
    assert [typed(connection, "share", text) for text in ("12%", "12 %", "0.12", "inf")] == [
        "0.12",
        "0.12",
        "0.12",
        None,
    ]


def test_a_count_is_whole(connection):
    """2.0 is a count, 2.5 is not one."""
    assert [typed(connection, "count", text) for text in ("2", "2.0", "2.5")] == ["2", "2", None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2-Jun-06", "2006-06-02"),
        ("9/11/14", "2014-09-11"),
        ("2006-01-02", "2006-01-02"),
        ("31-Feb-06", None),
        ("infinity", None),
        ("Pre-PQ Process", None),
    ],
)
def test_dates_in_the_forms_of_the_file(connection, text, value):
    """Each named form is tried in turn; a day that no month has is no date."""
    assert typed(connection, "date", text, dates=("%d-%b-%y", "%m/%d/%y")) == value


def test_a_date_in_an_unnamed_form_is_never_guessed(connection):
    """1/2/2006 has two readings, so without a named form it has none."""
    assert typed(connection, "date", "1/2/2006") is None


def test_naive_instants_are_read_by_the_clock_of_the_source(connection):
    """Ten o'clock in Berlin in January is nine o'clock UTC; an instant that names its offset needs no clock."""
    assert (
        typed(connection, "instant", "2026-01-05 10:00:00", timezone_name="Europe/Berlin") == "2026-01-05 09:00:00+00"
    )
    assert (
        typed(connection, "instant", "2026-01-05T10:00:00+02:00", timezone_name="Europe/Berlin")
        == "2026-01-05 08:00:00+00"
    )
    assert typed(connection, "instant", "2026-01-05T10:00:00Z") == "2026-01-05 10:00:00+00"
    assert typed(connection, "instant", "1/31/2018 22:56", dates=("%m/%d/%Y %H:%M",)) == "2018-01-31 22:56:00+00"


def test_yes_and_no_in_several_words(connection):
    """Yes, ja and 1 are true, no and nein are false, and maybe is neither."""
    assert [typed(connection, "boolean", text) for text in ("Yes", "ja", "1", "nein", "0", "maybe")] == [
        "true",
        "true",
        "true",
        "false",
        "false",
        None,
    ]


def test_words_for_nothing_become_nothing(connection):
    """A word that the source uses for `no value` is no value, in any case of letters."""
    shown = f"select {cast.text_of('t', ('Date Not Captured',))} from (select cast(? as varchar) as t)"
    assert connection.execute(shown, ["date not captured"]).fetchone()[0] is None
    assert connection.execute(shown, ["  kept  "]).fetchone()[0] == "kept"
