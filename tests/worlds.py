"""A company small enough for one test: rows of extracts go in, and the real SQL makes core and marts of them, in memory."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from metrics.definition import definition
from models.model import BACKTEST, DRIFT, RELIABILITY
from pipelines import (
    access,
    ai_closes,
    ai_prices,
    assumptions,
    heading_changes,
    registers,
    roadmap,
    techniques,
    use_cases,
)
from pipelines.contract import contracts
from pipelines.graph import all_models
from pipelines.raw import ACTS
from pipelines.scoring import RUN, types
from pipelines.table import Table, tables
from store import engine

NOON = "2026-11-02T12:00:00Z"


class World:
    """An in-memory warehouse that answers `query` as a build does."""

    def __init__(self):
        self.connection = duckdb.connect(":memory:")
        self.connection.execute("set TimeZone = 'UTC'")

    def execute(self, sql: str, params: Any = None) -> None:
        self.connection.execute(sql, params) if params else self.connection.execute(sql)

    def query(self, sql: str, params: Any = None) -> pl.DataFrame:
        cursor = self.connection.cursor()
        return cursor.sql(sql, params=list(params)).pl() if params else cursor.sql(sql).pl()

    def fill(self, table: str, rows: Iterable[Sequence[Any]], columns: str = "") -> None:
        engine.fill(self.connection, table, rows, columns)

    def has(self, table: str) -> bool:
        return engine.has(self.connection, table)

    def ask(self, query: Any) -> pl.DataFrame:
        return self.query(query.sql, query.params)

    def one(self, query: Any) -> dict[str, Any]:
        return self.ask(query).row(0, named=True)


def world(
    *wanted: str,
    as_of: dt.date | str = "2026-11-13",
    timezone_name: str = "Europe/Berlin",
    source: str = "erp",
    sources: dict[str, str] | None = None,
    acts: Sequence[dict[str, Any]] = (),
    **extracts: list[dict[str, Any]],
) -> World:
    """A world with these rows in `staging`, and the wanted tables with all that they read, each held to its header.

    A row without `load_id` came with load L1 of `source`; `sources` names the source of other loads.
    """
    made_world = World()
    for schema in ("raw", "staging", "core", "scores", "marts"):
        made_world.execute(f"create schema {schema}")
    _raw(made_world, str(as_of), timezone_name, {"L1": source, **(sources or {})}, acts)
    for contract in contracts().values():
        columns = ", ".join(f"{column.name} {column.sql_type}" for column in contract.columns)
        origin = "load_id varchar, line_no bigint, loaded_at timestamptz, extra map(varchar, varchar)"
        made_world.execute(f"create table staging.{contract.name} ({columns}, {origin})")
        for number, row in enumerate(extracts.pop(contract.name, []), start=2):
            put(made_world, f"staging.{contract.name}", {"load_id": "L1", "line_no": number, **row})
    assert not extracts, f"no such contracts: {list(extracts)}"
    empty_scores(made_world)
    heading_changes.make(made_world, ())
    ai_closes.make(made_world, acts)
    ai_prices.make(made_world, acts)
    for name in _order(wanted):
        _made(made_world, tables()[name])
    return made_world


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a clean CSV file as text, without the cells that are empty."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [{name: text for name, text in row.items() if text} for row in csv.DictReader(handle)]


def put(into: World, table: str, row: dict[str, Any]) -> None:
    """One more row; columns that it does not name are null."""
    marks = ", ".join("?" * len(row))
    into.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def empty_scores(into: Any) -> None:
    """The tables of all models without a row: a world is too small for a model to say anything."""
    outputs = {output.name: output.columns for model in all_models().values() for output in model.writes}
    about = {"backtests": BACKTEST, "reliability": RELIABILITY, "drift": DRIFT}
    outputs |= {f"scores.{name}": ("model_code", *schema) for name, schema in about.items()}
    for name, columns in {**outputs, "scores.model_runs": tuple(RUN)}.items():
        typed = ", ".join(f"{column} {sql_type}" for column, sql_type in types(columns).items())
        into.execute(f"create table {name} ({typed})")


def _made(into: World, table: Table) -> None:
    into.execute(f"create {table.kind} {table.name} as {table.sql}")
    keys = ", ".join(table.key)
    twice = into.query(f"select {keys} from {table.name} group by {keys} having count(*) > 1")
    assert twice.is_empty(), f"{table.name} has a key more than once: {twice.row(0)}"
    for check in table.checks:
        broken = into.query(f"select * from {table.name} where not ({check})")
        assert broken.is_empty(), f"{table.name} breaks «{check}»: {broken.row(0, named=True)}"


def _order(wanted: tuple[str, ...]) -> list[str]:
    graph = tables()
    needed, seen = list(wanted), set()
    while needed:
        name = needed.pop()
        if name in graph and name not in seen:
            seen.add(name)
            needed += graph[name].reads
    return [name for name in TopologicalSorter({n: graph[n].reads & seen for n in seen}).static_order() if name in seen]


def _raw(
    into: World, as_of: str, timezone_name: str, sources: dict[str, str], acts: Sequence[dict[str, Any]] = ()
) -> None:
    into.execute(
        "create table raw.company as select 'tiny' as company_name, 'Tiny' as company_title, 'EUR' as reporting_currency, "
        "? as timezone_name, cast(0 as integer) as week_start, cast(1 as integer) as fiscal_year_start_month, false as is_demo, "
        "cast(? as date) as as_of_date, cast(? || ' 22:59:59+00' as timestamptz) as as_of_at, false as is_cut",
        [timezone_name, as_of, as_of],
    )
    into.execute(
        "create table raw.loads (load_id varchar, source varchar, contract varchar, accepted bigint, set_aside bigint, "
        "loaded_at timestamptz)"
    )
    into.execute(f"create table raw.acts ({ACTS})")
    aside = "load_id varchar, contract varchar, line_no bigint, reason_no bigint, column_name varchar, value_text varchar, reason varchar"
    into.execute(f"create table raw.set_aside ({aside})")
    assumptions.make(into, dt.date.fromisoformat(as_of), acts, timezone_name)
    use_cases.make(into, ())
    registers.make(into, acts)
    techniques.make(into, acts)
    access.make(into, acts)
    roadmap.make(into)
    loads = [
        cell for load_id, name in sources.items() for contract in contracts() for cell in (load_id, name, contract)
    ]
    marks = ", ".join(["(?, ?, ?, 1, 0)"] * (len(loads) // 3))
    into.execute(f"insert into raw.loads (load_id, source, contract, accepted, set_aside) values {marks}", loads)


@cache
def _columns() -> dict[str, dict[str, str]]:
    """Column → SQL type of every table, made of no rows: one costs nearly as much as all."""
    made_world = world(*tables())
    described = {name: made_world.query(f"describe {name}") for name in tables()}
    return {name: dict(zip(of["column_name"], of["column_type"], strict=True)) for name, of in described.items()}


def mart_columns(table: str) -> dict[str, str]:
    """Column → SQL type of a mart, as the real SQL makes it out of no rows."""
    return _columns()[table]


def mart(table: str, rows: list[dict[str, Any]]) -> World:
    """A world in which that one mart holds exactly these rows, typed as the real one is."""
    alone = World()
    alone.execute("create schema marts")
    fill(alone, table, rows)
    return alone


def fill(into: World, table: str, rows: list[dict[str, Any]]) -> None:
    """Make that one mart anew with exactly these rows, typed as the real one is; columns that a row does not name are null."""
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in mart_columns(table).items())
    into.execute(f"create or replace table {table} ({columns})")
    named = sorted({name for row in rows for name in row})
    if named:
        marks = ", ".join(f"({', '.join('?' * len(named))})" for _ in rows)
        into.execute(
            f"insert into {table} ({', '.join(named)}) values {marks}", [row.get(n) for row in rows for n in named]
        )


def line(order_id: str, line_key: str = "1", **columns: Any) -> dict[str, Any]:
    """An order line for ten bolts, ordered, due and delivered in time unless said otherwise."""
    usual = {
        "sku_id": "BOLT",
        "site_id": "LEJ",
        "customer_id": "ALPHA",
        "ordered_at": NOON,
        "ordered_qty": 10,
        "shipped_qty": 10,
    }
    usual |= {"requested_date": "2026-11-05", "delivered_date": "2026-11-05", "unit_price": 5, "net_amount": 50}
    return {"order_id": order_id, "line_key": line_key, **usual, **columns}


def figure(made: World, name: str, **ask: Any) -> Any:
    """The value of a metric in that world."""
    return made.one(definition(name).query(**ask))["value"]
