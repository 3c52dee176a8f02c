"""Numbers that can account for themselves: each carries its query, the rows behind it, its filters and why it may be missing."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from metrics.definition import Metric, definition
from pages.parts.ask import ask, ask_again, choices, columns_of, conditions, has_extract, has_rows, quoted, select
from pages.parts.chosen import Chosen
from pages.parts.kept import Kept, place
from pages.parts.labels import label
from pages.parts.page import Visit
from pages.parts.sensitive import closed, why_no_sum

FIGURES: "Kept[Figure]" = Kept(at_most=3000)


@dataclass(frozen=True)
class Figure:
    """One number on screen and all that its receipt needs.

    `value` is None when there is nothing to divide by or no row at all; `because` then says which.
    """

    title: str
    question: str
    unit: str
    better: str
    value: Any
    row_count: int
    sql: str
    params: tuple[Any, ...]
    rows_sql: str
    rows_params: tuple[Any, ...]
    reads: str
    filters: tuple[str, ...] = ()
    not_applied: tuple[str, ...] = ()
    numerator: Any = None
    denominator: Any = None
    because: str = ""
    metric: Metric | None = None

    @property
    def name(self) -> str:
        """A short name fit for keys and file names."""
        return (
            self.metric.name
            if self.metric is not None
            else "".join(c if c.isalnum() else "_" for c in self.title.lower())
        )


def figure(
    visit: Visit,
    name: str,
    chosen: Chosen | None = None,
    *,
    where: Mapping[str, Any] | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Figure:
    """One governed number over the chosen filters; dates given here go before those of the filter bar."""
    key = (*place(visit), visit.words, name, repr(chosen), repr(where), since, until)
    found = FIGURES.get(key, lambda: _figure(visit, name, chosen, where, since, until))
    # What is kept is kept for everybody; who may not see what the number is made of is told so instead.
    because = why_no_sum(visit, columns_in(definition(name)))
    return replace(found, value=None, numerator=None, denominator=None, because=because) if because else found


def _figure(
    visit: Visit,
    name: str,
    chosen: Chosen | None,
    where: Mapping[str, Any] | None,
    since: dt.date | None,
    until: dt.date | None,
) -> Figure:
    metric = definition(name)
    since, until, passing, left_out = _scope(metric, chosen, where, since, until)
    query = metric.query(where=passing, since=since, until=until)
    rows = metric.rows_query(where=passing, since=since, until=until)
    row = _first(visit, metric, query)
    return Figure(
        title=metric.title,
        question=metric.question,
        unit=metric.unit,
        better=metric.better,
        value=row["value"],
        row_count=row["row_count"] or 0,
        sql=query.sql,
        params=tuple(query.params),
        rows_sql=rows.sql,
        rows_params=tuple(rows.params),
        reads=metric.reads,
        filters=tuple(_said(visit, chosen, since, until, passing)),
        not_applied=tuple(left_out),
        numerator=row.get("numerator"),
        denominator=row.get("denominator"),
        because="" if row["value"] is not None else _because(visit, metric, row),
        metric=metric,
    )


def measure(
    visit: Visit,
    name: str,
    *,
    by: Sequence[str] = (),
    chosen: Chosen | None = None,
    where: Mapping[str, Any] | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> pl.DataFrame:
    """A governed number cut by columns of its table: `by…, numerator, denominator, value, row_count`, one row per cut."""
    metric = definition(name)
    if why_no_sum(visit, columns_in(metric)) or not has_rows(visit, metric.reads):
        return pl.DataFrame(schema=[*by, "numerator", "denominator", "value", "row_count"])
    since, until, passing, _ = _scope(metric, chosen, where, since, until)
    query = metric.query(by=tuple(by), where=passing, since=since, until=until)
    return ask(visit, query.sql, query.params)


def table_figure(
    visit: Visit,
    table: str,
    *,
    title: str,
    column: str | None = None,
    how: str = "count",
    unit: str = "count",
    better: str = "neither",
    chosen: Chosen | None = None,
    date: str | None = None,
    where: Mapping[str, Any] | None = None,
    question: str = "",
) -> Figure:
    """A number straight off a table: how many rows pass (`count`), or the `sum`, `max` or `min` of one column."""
    known = columns_of(visit, table)
    tail, params = conditions({**choices(chosen, known, date), **(where or {})}, known, table)
    what = "count(*)" if how == "count" else f"{_aggregate(how)}({quoted(column or '', known, table)})"
    sql = f"select {what} as value, count(*) as row_count from {table}{tail}"  # noqa: S608  names are checked, values are bound
    row = ask(visit, sql, params).row(0, named=True)
    rows_sql, rows_params = select(visit, table, where=where, chosen=chosen, date=date)
    return Figure(
        title=title,
        question=question,
        unit=unit,
        better=better,
        value=row["value"],
        row_count=row["row_count"],
        sql=sql,
        params=tuple(params),
        rows_sql=rows_sql,
        rows_params=tuple(rows_params),
        reads=table,
        filters=tuple(chosen.in_words(visit.words)) if chosen else (),
        not_applied=_left_out(chosen, known),
        because="" if row["value"] is not None else "no rows pass these filters",
    )


def recomputed(visit: Visit, number: Figure) -> Any:
    """The figure's value fetched anew from the build, past all that was kept; none where the viewer may not see it."""
    if number.metric is not None and why_no_sum(visit, columns_in(number.metric)):
        return None
    fresh = ask_again(visit, number.sql, number.params)
    return fresh.row(0, named=True)["value"] if fresh.height else None


def open_rows(visit: Visit, number: Figure, limit: int) -> pl.DataFrame:
    """So many rows behind a number; what each adds to it is left out where that would tell what is not open to the viewer."""
    found = ask(visit, f"select * from ({number.rows_sql}) as behind limit {int(limit)}", number.rows_params)  # noqa: S608  names are checked, values are bound
    if number.metric is not None and closed(columns_in(number.metric), visit.viewer.roles):
        return found.drop("numerator", "denominator", strict=False)
    return found


def columns_in(metric: Metric) -> list[str]:
    """The columns that a metric's number is made of; other words of its formula may be among them."""
    return sorted({*metric.needs, *re.findall(r"[a-z_][a-z0-9_]*", f"{metric.numerator} {metric.denominator or ''}")})


def same(one: Any, other: Any) -> bool:
    """Whether two computations of a number agree: exactly, or to the last digits that floating point can hold.

    >>> same(0.1 + 0.2, 0.3), same(None, 0), same(None, None)
    (True, False, True)
    """
    if one is None or other is None:
        return one is other
    return one == other or abs(float(one) - float(other)) <= 1e-9 * max(abs(float(one)), abs(float(other)))


def _scope(
    metric: Metric,
    chosen: Chosen | None,
    where: Mapping[str, Any] | None,
    since: dt.date | None,
    until: dt.date | None,
) -> tuple[dt.date | None, dt.date | None, dict[str, Any], tuple[str, ...]]:
    """Period and conditions that this metric can hold, and the chosen filters that its table knows nothing of."""
    if chosen is not None:
        since, until = since or chosen.since, until or chosen.until
    if metric.date is None:
        since = until = None
    return (
        since,
        until,
        {**choices(chosen, metric.dimensions, None), **(where or {})},
        _left_out(chosen, metric.dimensions),
    )


def _left_out(chosen: Chosen | None, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(column for column in chosen.where if column not in known) if chosen else ()


def _first(visit: Visit, metric: Metric, query: Any) -> dict[str, Any]:
    nothing = {"value": None, "row_count": 0, "numerator": None, "denominator": None}
    if not has_rows(visit, metric.reads):
        return nothing
    found = ask(visit, query.sql, query.params)
    return found.row(0, named=True) if found.height else nothing


def _because(visit: Visit, metric: Metric, row: Mapping[str, Any]) -> str:
    """Why a metric has no value here: an extract that is missing, a column that no row fills, or an empty period."""
    for contract, columns in metric.extracts.items():
        if not has_extract(visit, contract):
            return f"needs {contract.replace('_', ' ')}"
        if not row["row_count"] and (silent := _silent(visit, contract, columns)):
            told = ", ".join(label(column).lower() for column in silent)
            return f"your {contract.replace('_', ' ')} do not say: {told}"
    return "nothing to divide by" if row["row_count"] else "no rows in this period"


def _silent(visit: Visit, contract: str, columns: Iterable[str]) -> list[str]:
    """Columns of an extract in which no row has a value."""
    table = f"core.{contract}"
    known = columns_of(visit, table)
    return [
        column
        for column in columns
        if column in known and ask(visit, f"select count({quoted(column, known, table)}) from {table}").item() == 0  # noqa: S608  names are checked, values are bound
    ]


def _said(visit: Visit, chosen: Chosen | None, since: Any, until: Any, passing: Mapping[str, Any]) -> list[str]:
    shown = chosen or Chosen()
    listed = {
        key: tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
        for key, value in passing.items()
    }
    return Chosen(since, until, where=listed, names=shown.names).in_words(visit.words)


def _aggregate(how: str) -> str:
    return {"sum": "sum", "max": "max", "min": "min"}[how]
