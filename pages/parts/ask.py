"""The way from a page to the build's rows: bound parameters, checked names, each answer kept under company, build and question."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pages.parts.chosen import Chosen
from pages.parts.kept import Kept, place
from pages.parts.page import Visit

TABLE = re.compile(r"(marts|core|scores|raw)\.[a-z][a-z0-9_]*")
ROWS_AT_MOST = 100_000
ANSWERS: Kept[pl.DataFrame] = Kept(at_most=3000)


@dataclass(frozen=True)
class Between:
    """A condition with a lower and an upper bound, both inclusive, either open."""

    low: Any = None
    high: Any = None


@dataclass(frozen=True)
class Null:
    """The condition that there is no value."""


NULL = Null()


def between(low: Any = None, high: Any = None) -> Between:
    """A range to be used in `where`; None leaves that end open."""
    return Between(low, high)


def ask(visit: Visit, sql: str, params: Sequence[Any] = ()) -> pl.DataFrame:
    """The rows that a query gives on the visit's build, kept for the next who asks; never change them in place."""
    key = (*place(visit), sql, repr(list(params)))
    return ANSWERS.get(key, lambda: visit.build.query(sql, list(params) or None))


def ask_again(visit: Visit, sql: str, params: Sequence[Any] = ()) -> pl.DataFrame:
    """The same rows fetched anew, past everything that was kept: what a recompute must do."""
    return visit.build.query(sql, list(params) or None)


def columns_of(visit: Visit, table: str) -> dict[str, str]:
    """Column names of a table with their types; a name that is no table of this build is a KeyError."""
    if not TABLE.fullmatch(table):
        raise KeyError(f"{table!r} is not the name of a table")
    schema, name = table.split(".")
    found = ask(
        visit,
        "select column_name, data_type from information_schema.columns where table_schema = ? and table_name = ? order by ordinal_position",
        (schema, name),
    )
    if found.is_empty():
        raise KeyError(f"this build has no table {table}")
    return dict(found.iter_rows())


def has_rows(visit: Visit, table: str) -> bool:
    """Whether a table exists in this build and holds at least one row."""
    try:
        columns_of(visit, table)
    except KeyError:
        return False
    return ask(visit, f"select 1 from {table} limit 1").height > 0  # noqa: S608  names are checked, values are bound


def has_extract(visit: Visit, contract: str) -> bool:
    """Whether a row of such an extract was accepted into this build."""
    landed = ask(visit, "select distinct contract from raw.loads where accepted > 0")
    return contract in landed["contract"].to_list()


def mart(
    visit: Visit,
    table: str,
    *,
    columns: Sequence[str] | None = None,
    where: Mapping[str, Any] | None = None,
    chosen: Chosen | None = None,
    date: str | None = None,
    order_by: Sequence[str] = (),
    limit: int | None = None,
) -> pl.DataFrame:
    """Rows of a table of the build, filtered and ordered.

    Args:
        where: column → value, list of values, `between(low, high)`, `NULL`, or None for no condition.
        chosen: the filter bar's choice; it narrows by the columns that the table has, and by period when `date` is named.
        date: the date column that the chosen period cuts on.
        order_by: column names, `-` in front for descending; missing values come last.
        limit: at most so many rows (never more than 100,000).

    Raises:
        KeyError: the table or a column is not in this build: a defect of the page, or another version made the build.
    """
    sql, params = select(
        visit, table, columns=columns, where=where, chosen=chosen, date=date, order_by=order_by, limit=limit
    )
    return ask(visit, sql, params)


def count(
    visit: Visit,
    table: str,
    *,
    where: Mapping[str, Any] | None = None,
    chosen: Chosen | None = None,
    date: str | None = None,
) -> int:
    """How many rows of a table pass the conditions."""
    known = columns_of(visit, table)
    tail, params = conditions({**choices(chosen, known, date), **(where or {})}, known, table)
    return ask(visit, f"select count(*) from {table}{tail}", params).item()  # noqa: S608  names are checked, values are bound


def select(
    visit: Visit,
    table: str,
    *,
    columns: Sequence[str] | None = None,
    where: Mapping[str, Any] | None = None,
    chosen: Chosen | None = None,
    date: str | None = None,
    order_by: Sequence[str] = (),
    limit: int | None = None,
) -> tuple[str, list[Any]]:
    """The statement behind `mart`, with its parameters."""
    known = columns_of(visit, table)
    picked = ", ".join(quoted(column, known, table) for column in columns) if columns else "*"
    tail, params = conditions({**choices(chosen, known, date), **(where or {})}, known, table)
    order = [
        f"{quoted(name.lstrip('-'), known, table)} {'desc' if name[0] == '-' else 'asc'} nulls last"
        for name in order_by
    ]
    ordered = f" order by {', '.join(order)}" if order else ""
    return f"select {picked} from {table}{tail}{ordered} limit {min(limit or ROWS_AT_MOST, ROWS_AT_MOST):d}", params  # noqa: S608  names are checked, values are bound


def choices(chosen: Chosen | None, known: Iterable[str], date: str | None) -> dict[str, Any]:
    """The conditions of a filter choice that a table with these columns can hold."""
    if chosen is None:
        return {}
    found: dict[str, Any] = {column: list(values) for column, values in chosen.where.items() if column in known}
    if date and (chosen.since or chosen.until):
        found[date] = Between(chosen.since, chosen.until)
    return found


def conditions(where: Mapping[str, Any], known: Mapping[str, str], table: str) -> tuple[str, list[Any]]:
    """A `where` clause (or nothing) and its parameters.

    >>> conditions(
    ...     {"site_id": ["A", "B"], "late_days": Between(3, None), "sku_id": None},
    ...     {"site_id": "", "late_days": "", "sku_id": ""},
    ...     "t",
    ... )
    (' where "site_id" in (?, ?) and "late_days" >= ?', ['A', 'B', 3])
    """
    parts: list[str] = []
    params: list[Any] = []
    for column, wanted in where.items():
        if wanted is None:
            continue
        part, bound = _condition(quoted(column, known, table), wanted, known[column])
        parts.append(part)
        params.extend(bound)
    return (f" where {' and '.join(parts)}" if parts else ""), params


def quoted(column: str, known: Iterable[str], table: str) -> str:
    """A column name fit for SQL; a name that the table does not have is a KeyError."""
    if column not in known:
        raise KeyError(f"{table} has no column {column!r}")
    return '"' + column.replace('"', '""') + '"'


def _condition(column: str, wanted: Any, kind: str) -> tuple[str, list[Any]]:
    if isinstance(wanted, Null):
        return f"{column} is null", []
    if isinstance(wanted, Between):
        return _range(column, wanted, kind)
    if isinstance(wanted, list | tuple | set | frozenset):
        values = list(wanted)
        return (f"{column} in ({', '.join('?' * len(values))})", values) if values else ("false", [])
    return f"{column} = ?", [wanted]


def _range(column: str, wanted: Between, kind: str) -> tuple[str, list[Any]]:
    """Bounds in SQL; a last day of a column of instants means until the end of that day."""
    parts, params = [], []
    if wanted.low is not None:
        parts.append(f"{column} >= ?")
        params.append(wanted.low)
    if wanted.high is not None:
        whole_day = kind.startswith("TIMESTAMP") and type(wanted.high) is dt.date
        parts.append(f"{column} < ?" if whole_day else f"{column} <= ?")
        params.append(wanted.high + dt.timedelta(days=1) if whole_day else wanted.high)
    return " and ".join(parts) or "true", params
