"""What the sandbox gives back for a fair question, and what it says of a wrong one."""

from datetime import UTC, date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from errors import Refusal
from store.sandbox import BYTE_LIMIT, cleaned, run_query

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with one table of a hundred order lines."""
    path = tmp_path_factory.mktemp("builds") / "20261120-build.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("create schema core")
        made.execute(
            """create table core.order_lines as select 'O' || range as order_id, (range / 8)::decimal(18, 4) as line_amount,
            date '2026-01-01' + range::int as ordered_date, timestamptz '2026-10-25 02:30:00.000001+02' as loaded_at,
            if(range % 2 = 0, 'A', 'B') as abc_class from range(100)"""
        )
    return path


def test_decimals_dates_and_instants_come_back_exactly(build: Path):
    result = run_query(build, "select * from core.order_lines where order_id in ('O1', 'O2') order by order_id")
    assert result.columns == ("order_id", "line_amount", "ordered_date", "loaded_at", "abc_class")
    at = datetime(2026, 10, 25, 0, 30, 0, 1, tzinfo=UTC)
    assert result.rows.rows() == [
        ("O1", Decimal("0.1250"), date(2026, 1, 2), at, "B"),
        ("O2", Decimal("0.2500"), date(2026, 1, 3), at, "A"),
    ]
    assert result.rows.schema["line_amount"] == pl.Decimal(18, 4)
    assert result.rows.schema["loaded_at"] == pl.Datetime("us", "UTC")
    assert not result.is_truncated


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12345678901234.5678::decimal(18, 4)", Decimal("12345678901234.5678")),
        ("99999999999999999999999999999999999999::decimal(38, 0)", Decimal(10**38 - 1)),
        ("sum(9223372036854775807) over ()", Decimal(2**63 - 1)),
        ("18446744073709551615::ubigint", 2**64 - 1),
        ("(-128)::tinyint", -128),
        ("0.1::double", 0.1),
        ("true", True),
        ("null", None),
        ("'é – 😀'", "é – 😀"),
        ("date '0001-01-01'", date(1, 1, 1)),
        ("date '9999-12-31'", date(9999, 12, 31)),
        ("timestamp '9999-12-31 23:59:59.999999'", datetime(9999, 12, 31, 23, 59, 59, 999999)),  # noqa: DTZ001
        ("timestamptz '2026-03-29 01:59:59+01'", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
        ("time '10:20:30.123456'", time_of_day(10, 20, 30, 123456)),
        ("timestamp_s '2026-01-01 00:00:01'", datetime(2026, 1, 1, 0, 0, 1)),  # noqa: DTZ001
        ("interval 3 day", "3 days"),
        ("timestamp '2026-01-02' - timestamp '2026-01-01 12:00'", "12:00:00"),
        ("[1, 2]", "[1, 2]"),
        ("{'a': 1, 'b': interval 1 day}", "{'a': 1, 'b': 1 day}"),
        ("map {'a': 1}", "{a=1}"),
        ("'a'::enum ('a', 'b')", "a"),
        ("'5f0c6b1e-0000-4000-8000-000000000000'::uuid", "5f0c6b1e-0000-4000-8000-000000000000"),
        ("union_value(k := 1)", "1"),
        ("'x'::blob", "x"),
        ("'101'::bit", "101"),
        ("'{\"a\": 1}'::json", '{"a": 1}'),
    ],
)
def test_every_type_comes_back_as_itself_or_as_its_text(build: Path, value: str, expected: object):
    (found,) = run_query(build, f"select {value} as v").rows["v"].to_list()
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    "value", ["date 'infinity'", "'290000-01-01'::date", "timestamptz '-infinity'", "timestamp_ms '12000-01-01'"]
)
def test_a_date_that_python_cannot_hold_is_refused_by_column(build: Path, value: str):
    with pytest.raises(Refusal, match="Column due_date holds a date outside") as refusal:
        run_query(build, f"select 1 as a, {value} as due_date from range(3)")
    assert 'cast("due_date" as varchar)' in refusal.value.fix


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("with a as (select 1 as x), b as (select x + 1 as y from a) select * from a, b;", [(1, 2)]),
        ("select abc_class, count(*) from core.order_lines group by 1 order by 1", [("A", 50), ("B", 50)]),
        (
            "select order_id, row_number() over (order by line_amount desc) as place from core.order_lines limit 1",
            [("O99", 1)],
        ),
        ("select order_id from core.order_lines qualify row_number() over (order by order_id) = 1", [("O0",)]),
        ("from core.order_lines select count(*)", [(100,)]),
        ("values (1, 'a')", [(1, "a")]),
        ("select 1 -- a note; with a semicolon", [(1,)]),
        ("/* a note; */ select ';'", [(";",)]),
        ("pivot core.order_lines on abc_class in ('A', 'B') using count(*)", None),
        ("unpivot (select 1 as a, 2 as b) on a, b into name n value v", [("a", 1), ("b", 2)]),
        ("select * from query('select 42 as x')", [(42,)]),
        (
            "with recursive r as (select 1 as i union all select i + 1 from r where i < 5) select sum(i) from r",
            [(Decimal(15),)],
        ),
        ("show tables from core", [("order_lines",)]),
        ("select table_name from information_schema.tables where table_schema = 'core'", [("order_lines",)]),
    ],
)
def test_questions_are_answered(build: Path, sql: str, expected: list | None):
    rows = run_query(build, sql).rows.rows()
    assert rows == expected if expected is not None else len(rows) == 100


@pytest.mark.parametrize(
    "sql",
    [
        "describe core.order_lines",
        "describe select 1",
        "summarize core.order_lines",
        "show all tables",
        "explain select 1",
        "EXPLAIN ANALYZE select count(*) from core.order_lines",
        "explain (format json) select 1",
        "explain (analyze, format json) select 1",
        "/* ééé */ explain /* why */ analyze with x as (select 1) select * from x",
        "explain (select 1)",
    ],
)
def test_descriptions_and_plans_are_given(build: Path, sql: str):
    assert run_query(build, sql).rows.height


def test_a_repeated_column_name_gets_a_number(build: Path):
    result = run_query(build, 'select 1 as a, 2 as A, 3 as a_1, 4 as "x""y", 5 as "x""y"')
    assert (result.columns, result.rows.row(0)) == (("a", "A_1", "a_1_1", 'x"y', 'x"y_1'), (1, 2, 3, 4, 5))


def test_an_answer_without_rows_keeps_its_columns(build: Path):
    result = run_query(build, "select order_id, interval 1 day as d from core.order_lines where false")
    assert (result.columns, result.rows.height, result.is_truncated) == (("order_id", "d"), 0, False)


@pytest.mark.parametrize(
    ("rows", "limit", "is_truncated"), [(100, 100, False), (101, 100, True), (9000, 5000, True), (5, 0, True)]
)
def test_rows_beyond_the_limit_are_left_off_and_that_is_said(build: Path, rows: int, limit: int, is_truncated: bool):
    result = run_query(build, f"select range as n from range({rows})", row_limit=limit)
    assert result.rows["n"].to_list() == list(range(min(rows, limit)))
    assert result.is_truncated is is_truncated


def test_bytes_beyond_the_limit_are_left_off_and_that_is_said(build: Path):
    result = run_query(build, "select repeat('x', 1000000) as s from range(100)")
    assert result.is_truncated
    assert 0 < result.rows.height <= BYTE_LIMIT / 1e6


def test_one_row_beyond_the_byte_limit_is_refused(build: Path):
    with pytest.raises(Refusal, match="single row of it is larger than 32 MB"):
        run_query(build, "select repeat('x', 40000000) as s")


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select nope from core.order_lines", '"nope" not found'),
        ("select cast(if(range = 5000, 'a', '1') as int) from range(6000)", "Could not convert string 'a' to INT32"),
        ("selec 1", 'syntax error at or near "selec"'),
        ("select 1; select 2", "It holds 2 statements"),
        ("drop table core.order_lines", "of the kind DROP"),
        ("pivot core.order_lines on abc_class using count(*)", "It holds|of the kind MULTI"),
        ("", "It holds 0 statements"),
    ],
)
def test_a_refusal_says_what_is_wrong_in_the_engines_words(build: Path, sql: str, why: str):
    with pytest.raises(Refusal, match=why):
        run_query(build, sql)


@pytest.mark.parametrize(
    "sql", ["from nothing_here", "from read_csv('x.csv')", "attach 'x'", "select nope from core.order_lines"]
)
def test_a_refusal_names_no_place_of_this_machine(build: Path, sql: str):
    with pytest.raises(Refusal) as refusal:
        run_query(build, sql)
    assert str(build.parent) not in str(refusal.value)
    assert str(ROOT) not in str(refusal.value)


def test_a_message_keeps_only_the_paths_that_the_person_wrote():
    said = "IO Error: '/srv/a b/x.csv', \"/srv/c d\", /srv/e/f. and /mine/g and 1 /2\n\nStack Trace:\n\n0 /usr/lib/x"
    assert cleaned(said, sql="select 1 /2 from '/mine/g'") == "IO Error: '…', \"…\", … and /mine/g and 1 /2"


def test_a_build_that_is_gone_is_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="not there any more"):
        run_query(tmp_path / "gone.duckdb", "select 1")


def test_a_query_of_absurd_length_is_refused(build: Path):
    with pytest.raises(Refusal, match="characters long"):
        run_query(build, "select 1 --" + "x" * 200_000)
