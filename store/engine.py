"""How DuckDB is opened here: never with downloads, never with the program's own variables, always within a memory limit."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

EngineError = duckdb.Error
NotThere = (
    duckdb.BinderException,
    duckdb.CatalogException,
)  # what a query of a table or column that is missing fails with

# Nothing is ever fetched, and a query cannot read a DataFrame of the program by the name of its variable.
Settings = dict[str, str | bool | int | float | list[str]]

CLOSED: Settings = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}
READ_ONLY: Settings = {**CLOSED, "enable_external_access": "false"}
ROWS_AT_ONCE = 100  # one row a statement takes eight times as long


def memory_limit() -> str:
    """How much memory one DuckDB may take before it spills to disk: `CROSSDOCK_MEMORY_LIMIT`, or 1 GB."""
    return os.environ.get("CROSSDOCK_MEMORY_LIMIT", "1GB")


def scratch(spill: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory database that may read and write files, in UTC, and spills into the given folder."""
    connection = duckdb.connect(
        ":memory:", config={**CLOSED, "memory_limit": memory_limit(), "temp_directory": str(spill)}
    )
    return _in_utc(connection)


def draft(path: Path) -> duckdb.DuckDBPyConnection:
    """A database file in the making, readable and writable, in UTC."""
    config: Settings = {**CLOSED, "memory_limit": memory_limit(), "temp_directory": str(path.with_suffix(".spill"))}
    return _in_utc(duckdb.connect(str(path), config=config))


def reader(path: Path) -> duckdb.DuckDBPyConnection:
    """A published database file, read only, without access to anything outside it."""
    return duckdb.connect(str(path), read_only=True, config={**READ_ONLY, "memory_limit": memory_limit()})


def frame(connection: duckdb.DuckDBPyConnection, sql: str, params: list | None = None) -> pl.DataFrame:
    """The rows that a query gives, decimals exact, instants in UTC."""
    # A cursor is a session of its own, so the clock is set for each.
    cursor = _in_utc(connection.cursor())
    return cursor.sql(sql, params=params).pl() if params else cursor.sql(sql).pl()


def has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table or view of that name, given with its schema, can be read; asking it is ten times as fast as the catalogue."""
    try:
        frame(connection, f"select 1 from {table} limit 0")  # noqa: S608  our code names it
    except duckdb.CatalogException:
        return False
    return True


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]], columns: str = "") -> None:
    """Rows added to a table of that name; a row has a value for each column, in their order.

    Args:
        columns: those of a table that is to be made first, such as `site_id varchar, opened_date date`.
    """
    if columns:
        connection.execute(f"create table {table} ({columns})")
    waiting = list(rows)
    for start in range(0, len(waiting), ROWS_AT_ONCE):
        some = waiting[start : start + ROWS_AT_ONCE]
        marks = ", ".join([f"({', '.join('?' * len(some[0]))})"] * len(some))
        connection.execute(f"insert into {table} values {marks}", [cell for row in some for cell in row])  # noqa: S608  marks only


def _in_utc(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute("set TimeZone = 'UTC'")
    return connection
