"""What a chart says in a sentence: for those who cannot see it, and under the pointer for those who can."""

import datetime as dt
from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl

from pages.parts.page import Visit


def point(visit: Visit, name: str, key: Any, value: Any, unit: str) -> str:
    """One point under the pointer: `Lyon, 3 Nov 2026: 96.4%`."""
    where = visit.words.date(key) if isinstance(key, dt.date) else str(key)
    return f"{shown(name) + ', ' if name else ''}{shown(where)}: {visit.words.value(value, unit)}"


def named(visit: Visit, name: Any, value: Any, unit: str) -> str:
    """One category under the pointer, with all digits."""
    return f"{shown(name)}: {visit.words.exact(value, unit)}"


def over_time(visit: Visit, series: Sequence[tuple[str, pl.DataFrame]], x: str, y: str, unit: str) -> str:
    """Where each series begins and ends, and its lowest and highest point."""
    return " ".join(_course(visit, name, rows, x, y, unit) for name, rows in series)


def ranked(visit: Visit, shown: pl.DataFrame, x: str, y: str, unit: str) -> str:
    """First and last of a ranking."""
    first, last = shown.row(0, named=True), shown.row(-1, named=True)
    say = visit.words.value
    if shown.height == 1:
        return f"{first[x]}: {say(first[y], unit)}."
    return f"{shown.height} bars, from {first[x]} with {say(first[y], unit)} to {last[x]} with {say(last[y], unit)}."


def grid(visit: Visit, frame: pl.DataFrame, x: str, y: str, z: str, unit: str) -> str:
    """The lowest and the highest cell."""
    known = frame.drop_nulls(z).sort(z)
    low, high = known.row(0, named=True), known.row(-1, named=True)
    say = visit.words.value
    return (
        f"Lowest {say(low[z], unit)} at {low[y]}, {heading(visit, low[x])}; "
        f"highest {say(high[z], unit)} at {high[y]}, {heading(visit, high[x])}."
    )


def shown(text: Any) -> str:
    """Text out of the data as Plotly may have it: it would read tags and entities.

    >>> shown("<b>&</b>")
    '&lt;b&gt;&amp;&lt;/b&gt;'
    """
    return escape("not known" if text is None else str(text), quote=False)


def short(text: Any, longest: int = 34) -> str:
    """A name that fits beside a bar."""
    whole = "not known" if text is None else str(text)
    return shown(whole if len(whole) <= longest else whole[: longest - 1].rstrip() + "…")


def headings(visit: Visit, keys: Sequence[Any]) -> list[str]:
    """Column headings; firsts of months as months, the year where it begins."""
    days = [day for key in keys if (day := _day(key)) is not None and day.day == 1]
    if len(days) < len(keys):
        return [shown(heading(visit, key)) for key in keys]
    years = [f"<br>{day.year}" if place == 0 or day.month == 1 else "" for place, day in enumerate(days)]
    return [visit.words.month(day) + year for day, year in zip(days, years, strict=True)]


def heading(visit: Visit, key: Any) -> str:
    """A column heading; dates (also as text out of a pivot) as `3 Nov`."""
    day = _day(key)
    return visit.words.day(day) if day else str(key)


def _day(key: Any) -> dt.date | None:
    if isinstance(key, dt.date):
        return key
    try:
        return dt.date.fromisoformat(str(key))
    except ValueError:
        return None


def _course(visit: Visit, name: str, rows: pl.DataFrame, x: str, y: str, unit: str) -> str:
    known = rows.drop_nulls(y)
    if known.is_empty():
        return f"{name}: no data."
    say = visit.words.value
    first, last = known.row(0, named=True), known.row(-1, named=True)
    ends = (
        f"from {say(first[y], unit)} ({heading(visit, first[x])}) to {say(last[y], unit)} ({heading(visit, last[x])})"
    )
    values = sorted(known[y])
    bounds = f"between {say(values[0], unit)} and {say(values[-1], unit)}"
    return f"{name + ': ' if name else ''}{ends}, {bounds}."
