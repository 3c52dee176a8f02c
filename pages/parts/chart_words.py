"""What a chart says in a sentence: for those who cannot see it, and under the pointer for those who can."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from pages.parts.page import Visit


def point(visit: Visit, name: str, key: Any, value: Any, unit: str) -> str:
    """One point under the pointer: `Lyon, 3 Nov 2026: 96.4%`."""
    where = visit.words.date(key) if isinstance(key, dt.date) else str(key)
    return f"{name + ', ' if name else ''}{where}: {visit.words.value(value, unit)}"


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


def heading(visit: Visit, key: Any) -> str:
    """A column heading; dates (also as text out of a pivot) as `3 Nov`."""
    if isinstance(key, str):
        try:
            key = dt.date.fromisoformat(key)
        except ValueError:
            return key
    return visit.words.day(key) if isinstance(key, dt.date) else str(key)


def _course(visit: Visit, name: str, rows: pl.DataFrame, x: str, y: str, unit: str) -> str:
    known = rows.drop_nulls(y)
    if known.is_empty():
        return f"{name}: no data."
    say = visit.words.value
    first, last = known.row(0, named=True), known.row(-1, named=True)
    ends = f"from {say(first[y], unit)} ({heading(visit, first[x])}) to {say(last[y], unit)} ({heading(visit, last[x])})"
    bounds = f"between {say(known[y].min(), unit)} and {say(known[y].max(), unit)}"
    return f"{name + ': ' if name else ''}{ends}, {bounds}."
