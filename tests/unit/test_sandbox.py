"""Foreign SQL in the sandbox: what people ask comes back exactly; what attackers try reads, changes and breaks nothing."""

import hashlib
import time
from pathlib import Path

import duckdb
import psutil
import pytest

from errors import Refusal
from store import sandbox
from store.sandbox import SandboxResult, run_query

CANARY = "canary-7f3a"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build and, beside it, files of every kind that hold the canary."""
    folder = tmp_path_factory.mktemp("house")
    with duckdb.connect(str(folder / "build.duckdb")) as made:
        made.execute("create schema core")
        made.execute(
            """create table core.order_lines as select 'O' || range as order_id, (range / 8)::decimal(18, 4) as line_amount,
            date '2026-01-01' + range::int as ordered_date, timestamptz '2026-10-25 00:30:00.000001+00' as loaded_at,
            if(range % 2 = 0, 'A', 'B') as abc_class from range(100)"""
        )
        made.execute("create sequence core.numbers")
    with duckdb.connect(str(folder / "other.duckdb")) as other:
        other.execute(f"create table secrets as select '{CANARY}' as secret")
        for name in ("other.parquet", "other.csv", "other.json"):
            other.execute(f"copy secrets to '{folder / name}'")
    (folder / "other.txt").write_text(CANARY)
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def ask(house: Path, sql: str, **limits: float) -> SandboxResult:
    return run_query(house / "build.duckdb", sql, **limits)


# What nobody may do. {d} is the folder of the build and of the canaries.
FORBIDDEN = {
    "read csv": "from read_csv('{d}/other.csv')",
    "read csv auto": "select * from read_csv_auto('{d}/other.csv')",
    "read text": "select content from read_text('{d}/other.txt')",
    "read blob": "select content from read_blob('{d}/other.txt')",
    "read json": "from read_json('{d}/other.json')",
    "read json objects": "from read_json_objects('{d}/other.json')",
    "read ndjson": "from read_ndjson('{d}/other.json')",
    "read parquet": "from read_parquet('{d}/other.parquet')",
    "scan parquet": "from parquet_scan('{d}/other.parquet')",
    "parquet metadata": "from parquet_metadata('{d}/other.parquet')",
    "parquet schema": "from parquet_schema('{d}/other.parquet')",
    "sniff csv": "from sniff_csv('{d}/other.csv')",
    "read another database": "from read_duckdb('{d}/other.duckdb')",
    "file name as table": "from '{d}/other.csv'",
    "file name as table, quoted": 'select * from "{d}/other.parquet"',
    "file name as table, relative": "from 'errors.py'",
    "file name with a pattern": "from '{d}/*.csv'",
    "database file as table": "from '{d}/other.duckdb'",
    "list files": "from glob('{d}/*')",
    "list files upwards": "from glob('../*')",
    "password file": "from read_text('/etc/passwd')",
    "process environment": "from read_text('/proc/self/environ')",
    "parent environment": "from read_text('/proc/1/environ')",
    "device": "from read_blob('/dev/zero')",
    "the build as bytes": "select content from read_blob('{d}/build.duckdb')",
    "file of a list": "from read_text(['{d}/other.txt'])",
    "file in a subquery": "select (select content from read_text('{d}/other.txt')) as c",
    "file in a cte": "with x as (from read_text('{d}/other.txt')) from x",
    "file in exists": "select 1 where exists (from read_text('{d}/other.txt') where content like 'c%')",
    "file in a lateral join": "select * from (values ('{d}/other.txt')) v(f), lateral (from read_text(f))",
    "file through a uri": "from read_text('file://{d}/other.txt')",
    "file behind upward steps": "from read_text('{d}/../house0/../../other.txt')",
    "file behind an escape": "from read_text(e'{d}/other\\x2etxt')",
    "file behind concatenation": "from read_text('{d}/oth' || 'er.txt')",
    "file through query()": "from query('from read_text(''{d}/other.txt'')')",
    "file through query_table()": "from query_table('{d}/other.csv')",
    "query() that creates": "from query('create table x (i int)')",
    "query() of two": "from query('select 1; select 2')",
    "file through a serialised plan": "from json_execute_serialized_sql(json_serialize_sql('from read_text(''{d}/other.txt'')'))",
    "web": "from read_csv('http://127.0.0.1:1/x.csv')",
    "object store": "from read_parquet('s3://bucket/x.parquet')",
    "copy out": "copy core.order_lines to '{d}/stolen.csv'",
    "copy a query out": "copy (select 1) to '{d}/stolen.parquet' (format parquet)",
    "copy over the log of the build": "copy (select 1) to '{d}/build.duckdb.wal'",
    "copy in": "copy core.order_lines from '{d}/other.csv'",
    "explain analyze a copy": "explain analyze copy (select 1) to '{d}/build.duckdb.wal'",
    "explain analyze a copy, options": "explain (analyze) copy (select 1) to '{d}/stolen.csv'",
    "explain analyze behind a comment": "explain /* é */ analyze copy (select 1) to '{d}/stolen.csv'",
    "explain analyze an insert": "explain analyze insert into core.order_lines (order_id) values ('x')",
    "export": "export database '{d}/stolen'",
    "import": "import database '{d}'",
    "attach": "attach '{d}/other.duckdb' as other",
    "attach in memory": "attach ':memory:' as m",
    "detach": "detach build",
    "use": "use memory",
    "install": "install httpfs",
    "load": "load httpfs",
    "load a file": "load '{d}/evil.duckdb_extension'",
    "set": "set enable_external_access = true",
    "set memory": "set memory_limit = '100GB'",
    "reset": "reset lock_configuration",
    "pragma": "pragma enable_external_access = true",
    "pragma statement": "pragma database_size",
    "profile into a file": "pragma profiling_output = '{d}/stolen.json'",
    "enable logging": "from enable_logging()",
    "enable profiling": "from enable_profiling()",
    "call": "call pragma_version()",
    "call a log": "call enable_logging(storage => 'file', storage_path => '{d}')",
    "create table": "create table core.x (i int)",
    "create temporary table": "create temp table x (i int)",
    "create view": "create view x as select 1",
    "create macro": "create macro f(x) as x",
    "create secret": "create secret (type s3)",
    "create persistent secret": "create persistent secret s (type http)",
    "insert": "insert into core.order_lines (order_id) values ('x')",
    "insert in a cte": "with x as (insert into core.order_lines (order_id) values ('x') returning *) from x",
    "update": "update core.order_lines set order_id = 'x'",
    "delete": "delete from core.order_lines",
    "truncate": "truncate core.order_lines",
    "merge": "merge into core.order_lines using (select 'x' as order_id) s using (order_id) when matched then delete",
    "drop": "drop table core.order_lines",
    "alter": "alter table core.order_lines add column x int",
    "next of a sequence": "select nextval('core.numbers')",
    "vacuum": "vacuum",
    "checkpoint": "checkpoint",
    "begin": "begin",
    "prepare": "prepare p as select 1",
    "execute": "execute p",
    "two statements": "select 1; select 2",
    "a change behind a question": "select 1; drop table core.order_lines",
    "a change behind a comment": "select 1 /* ; */; -- x\ndrop table core.order_lines",
    "a change behind a comment within a comment": "/* /* */ */ drop table core.order_lines; -- */ select 1",
    "a change behind a string": "select 'a''; --'; drop table core.order_lines",
    "a change behind dollar quotes": "select $$ $$; drop table core.order_lines; --$$",
    "nothing": "",
    "only a comment": "-- select 1",
    "only semicolons": ";;",
    "variable of the program": "from FORBIDDEN",
    "frame of the program": "from frame",
    "environment variable": "select getenv('HOME')",
    "a pointer of the program": "from arrow_scan(1::bigint, 2::bigint, 3::bigint)",
    "pandas scan": "from pandas_scan(140000000000000)",
    "python function": "select python_map_function(1)",
    "half a string": "select '",
    "unheard of": "frobnicate",
    "deep nesting": "select " + "(" * 20_000 + "1" + ")" * 20_000,
    "zero byte": "select '\0'; drop table core.order_lines",
}
# What runs, because DuckDB offers it, but gives away nothing and changes nothing.
HARMLESS = {
    "settings": "from duckdb_settings()",
    "secrets": "from duckdb_secrets()",
    "databases": "from duckdb_databases()",
    "checkpoint as a table": "from checkpoint()",
    "temporary files": "from duckdb_temporary_files()",
    "logs": "from duckdb_logs()",
    "a path as text": "select '{d}/other.txt' as path",
    "a variable": "select getvariable('x')",
    "a change within a comment within a comment": "/* /* */ drop table core.order_lines; -- */ select 1",
    "explain a question": "explain select * from core.order_lines",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_forbidden_is_refused_and_nothing_is_read_or_changed(house: Path, name: str):
    frame = duckdb.sql(f"select '{CANARY}' as secret").pl()  # noqa: F841
    before = contents(house)
    with pytest.raises(Refusal) as refusal:
        ask(house, FORBIDDEN[name].replace("{d}", str(house)))
    assert CANARY not in str(refusal.value)
    assert contents(house) == before
    assert all((refusal.value.what, refusal.value.why, refusal.value.fix))


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_runs_and_gives_nothing_away(house: Path, name: str):
    before = contents(house)
    result = ask(house, HARMLESS[name].replace("{d}", str(house)))
    assert CANARY not in str(result.rows.rows())
    assert contents(house) == before


BOMBS = {
    "one huge string": "select repeat('x', 2000000000)",
    "many large strings": "select list(repeat('x', 10000000) || range) from range(1000)",
    "strings made at once": "select repeat('x', 100000000) || range from range(100)",
    "a huge list": "select list(range) from range(1000000000)",
    "a huge range": "select unnest(range(4000000000))",
    "a huge group": "select md5(range::varchar), count(*) from range(100000000) group by 1 order by 1",
    "a huge sort": "select md5(range::varchar) as h from range(100000000) order by h limit 10 offset 50000000",
    "a huge aggregate": "select string_agg(md5(range::varchar), '') from range(100000000)",
    "a cross join": "select count(*) from range(10000000) a, range(10000000) b where a.range * b.range % 7 = 1",
    "a cross join, sorted": "select a.range + b.range as s from range(1000000) a, range(1000000) b order by s",
    "an endless recursion": "with recursive r as (select 1 as i union all select i + 1 from r) select max(i) from r",
    "a doubling recursion": "with recursive r as (select 'x' as s union all select s || s from r) select max(length(s)) from r",
    "a long sum": "select sum(sin(range)) from range(100000000000)",
    "a wide row": "select " + ", ".join(f"repeat('x', 1000000) || {n}" for n in range(500)),
    "a pivot of everything": "select histogram(range) from range(100000000)",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_goes_off_in_the_sandbox_only(house: Path, name: str):
    others = {child.pid for child in psutil.Process().children()}
    before, began = psutil.Process().memory_info().rss, time.monotonic()
    with pytest.raises(Refusal, match="query was stopped") as refusal:
        ask(house, BOMBS[name], memory_bytes=300 * MEGABYTE, seconds=2)
    assert time.monotonic() - began < 2 + sandbox.GRACE_SECONDS + 2
    assert psutil.Process().memory_info().rss - before < 100 * MEGABYTE
    assert {child.pid for child in psutil.Process().children()} <= others
    assert "0.3 GB" in refusal.value.why or "2 seconds" in refusal.value.why or "32 MB" in refusal.value.why
