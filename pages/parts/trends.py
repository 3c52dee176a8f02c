"""A governed number over time, in days, weeks or months by the length of the period; an empty stretch stays a gap."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from metrics.definition import definition
from pages.parts.ask import ask, columns_of, has_rows, quoted
from pages.parts.chosen import Chosen
from pages.parts.figures import columns_in, figure, measure
from pages.parts.kept import Kept, place
from pages.parts.page import Visit
from pages.parts.sensitive import why_no_sum

BUCKETS = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
TRENDS: Kept[pl.DataFrame] = Kept(at_most=1000)
SCHEMA = {
    "period_start_date": pl.Date,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "row_count": pl.Int64,
    "is_whole": pl.Boolean,
}


def trend(
    visit: Visit,
    name: str,
    chosen: Chosen,
    *,
    by: str | None = None,
    where: Mapping[str, Any] | None = None,
    at_least: int = 0,
    size: str | None = None,
) -> pl.DataFrame:
    """A metric over time: `period_start_date, [by], value, numerator, denominator, row_count, is_whole`.

    A first or last week (month, …) that the period cuts is not whole; sums over it must not be read as a fall.

    Args:
        at_least: begin so early that there are at least this many points (a sparkline of a short period shows what led up to it).
        size: day, week, month, quarter or year; by the length of the period unless it is said.
    """
    if why_no_sum(visit, columns_in(definition(name))):
        return pl.DataFrame(schema=SCHEMA)
    asked = (chosen.since, chosen.until, repr(sorted(chosen.where.items())), by, repr(where), at_least, size)
    key = (*place(visit), name, definition(name).version, *asked)
    return TRENDS.get(key, lambda: _trend(visit, name, chosen, by, where, at_least=at_least, size=size))


def _trend(
    visit: Visit,
    name: str,
    chosen: Chosen,
    by: str | None,
    where: Mapping[str, Any] | None,
    *,
    at_least: int,
    size: str | None,
) -> pl.DataFrame:
    metric = definition(name)
    if metric.date is None or not has_rows(visit, metric.reads):
        return pl.DataFrame(schema=SCHEMA)
    since, until = _span(visit, metric, chosen)
    if since is None or until is None:
        return pl.DataFrame(schema=SCHEMA)
    size = size or bucket(since, until)
    if at_least:
        since = min(since, _earlier(until, size, at_least))
    if metric.is_additive:
        return _summed(visit, name, chosen.over(since, until), size, by, where)
    return _asked_one_by_one(visit, name, chosen.over(since, until), size, where)


def bucket(since: dt.date, until: dt.date) -> str:
    """How fine a period is cut: about ten to forty points.

    >>> bucket(dt.date(2026, 11, 1), dt.date(2026, 11, 28)), bucket(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    ('day', 'week')
    """
    days = (until - since).days + 1
    for size, longest in (("day", 35), ("week", 7 * 40), ("month", 31 * 48), ("quarter", 92 * 40)):
        if days <= longest:
            return size
    return "year"


def starts(since: dt.date, until: dt.date, size: str, week_start: int) -> list[dt.date]:
    """First days of all stretches between two days."""
    days = pl.DataFrame({"day": pl.date_range(since, until, "1d", eager=True)})
    return days.select(_start(pl.col("day"), size, week_start)).unique().sort("day").to_series().to_list()


def _start(day: pl.Expr, size: str, week_start: int) -> pl.Expr:
    if size != "week":
        return day.dt.truncate(BUCKETS[size])
    shift = pl.duration(days=week_start - 1)
    return (day - shift).dt.truncate("1w") + shift


def _summed(
    visit: Visit, name: str, chosen: Chosen, size: str, by: str | None, where: Mapping[str, Any] | None
) -> pl.DataFrame:
    metric = definition(name)
    cut = ["day", *([by] if by else [])]
    daily = measure(visit, name, by=cut, chosen=chosen, where=where)
    week_start = visit.company.week_start
    groups = ["period_start_date", *([by] if by else [])]
    summed = (
        daily.with_columns(_start(pl.col("day"), size, week_start).alias("period_start_date"))
        .group_by(groups)
        .agg(
            pl.col("numerator").cast(pl.Float64).sum(),
            pl.col("denominator").cast(pl.Float64).sum(),
            pl.col("row_count").sum(),
        )
        .with_columns(_value(metric.kind))
    )
    columns = [*groups, "value", "numerator", "denominator", "row_count", "is_whole"]
    return _whole(_with_gaps(summed, chosen, size, week_start, by), chosen, size).select(columns)


def _value(kind: str) -> pl.Expr:
    if kind == "sum":
        return pl.col("numerator").alias("value")
    return pl.when(pl.col("denominator") != 0).then(pl.col("numerator") / pl.col("denominator")).alias("value")


def _with_gaps(summed: pl.DataFrame, chosen: Chosen, size: str, week_start: int, by: str | None) -> pl.DataFrame:
    """Every stretch of the period, also those without a row: a gap is drawn as a gap, not bridged and not nought."""
    frame = pl.DataFrame({"period_start_date": starts(chosen.since, chosen.until, size, week_start)})  # type: ignore[arg-type]
    if by:
        frame = frame.join(summed.select(by).unique(), how="cross")
    keys = ["period_start_date", *([by] if by else [])]
    return frame.join(summed, on=keys, how="left", nulls_equal=True).sort(keys)


def _asked_one_by_one(
    visit: Visit, name: str, chosen: Chosen, size: str, where: Mapping[str, Any] | None
) -> pl.DataFrame:
    """For what does not add up (a percentile): one question per stretch."""
    edges = starts(chosen.since, chosen.until, size, visit.company.week_start)  # type: ignore[arg-type]
    ends = [later - dt.timedelta(days=1) for later in edges[1:]] + [chosen.until]
    rows = []
    for start, end in zip(edges, ends, strict=True):
        one = figure(visit, name, chosen, where=where, since=max(start, chosen.since or start), until=end)
        rows.append({"period_start_date": start, "value": _float(one.value), "row_count": one.row_count})
    return _whole(pl.DataFrame(rows, schema_overrides=SCHEMA), chosen, size)


def _whole(trended: pl.DataFrame, chosen: Chosen, size: str) -> pl.DataFrame:
    """Marks the stretches that lie in the period from their first day to their last."""
    start = pl.col("period_start_date")
    last = start.dt.offset_by(BUCKETS[size]) - pl.duration(days=1)
    return trended.with_columns(((start >= chosen.since) & (last <= chosen.until)).alias("is_whole"))


def _span(visit: Visit, metric: Any, chosen: Chosen) -> tuple[dt.date | None, dt.date | None]:
    """The chosen period, its open ends closed by the data and by the day that the build stands for."""
    date = quoted(metric.date, columns_of(visit, metric.reads), metric.reads)
    first, last = ask(visit, f"select cast(min({date}) as date), cast(max({date}) as date) from {metric.reads}").row(0)  # noqa: S608  names are checked, values are bound
    until = chosen.until or (min(last, visit.as_of) if last and visit.as_of else last)
    return chosen.since or first, until


def _earlier(until: dt.date, size: str, count: int) -> dt.date:
    days = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[size]
    return until - dt.timedelta(days=days * count - 1)


def _float(number: Any) -> float | None:
    return None if number is None else float(number)
