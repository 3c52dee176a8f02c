"""Rows as tables: labels, units and help come from the dictionary; under each stand its downloads and its receipt."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import empty, export, look, receipt, sensitive
from pages.parts.chosen import Chosen
from pages.parts.grid import QUIET, grid, named
from pages.parts.labels import unit_of
from pages.parts.notice import plain
from pages.parts.page import Visit


def in_order(column: str, codes: Iterable[str]) -> pl.Expr:
    """The place of each code of a column in an order of one's own, to sort by; a code that it does not name is an error.

    >>> pl.DataFrame({"code": ["b", "a"]}).sort(in_order("code", ("a", "b")))["code"].to_list()
    ['a', 'b']
    """
    places = {code: place for place, code in enumerate(codes)}
    return pl.col(column).replace_strict(places, return_dtype=pl.Int64)


def show(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    name: str,
    title: str,
    source: str | None = None,
    chosen: Chosen | None = None,
    columns: Sequence[str] | Mapping[str, int] | None = None,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    pick: bool = False,
    links: Mapping[str, str] | None = None,
    note: str | None = None,
) -> dict[str, Any] | None:
    """Draws a table in a panel and gives the picked row, if `pick` and one is picked.

    Args:
        name: short and unique on the page; names the download too.
        source: the table of the build that the rows came from; the receipt tells it.
        columns: which columns, in which order; the rest stay in the download. With pixels, where long words would push the rest away.
        links: column → page address; its cells open that page with the cell's value under the column's name.
    """
    with st.container(key=f"panel_{name}"):
        look.title(title, visit.words.plural(frame.height, "row"))
        if frame.is_empty():
            empty.nothing("No rows pass these filters.", key=name)
            return None
        shown = _columns(frame, None if columns is None else list(columns))
        picked = grid(
            visit,
            frame.select(shown),
            key=f"table_{name}",
            alt=title,
            labels=labels,
            units=units,
            pick=pick,
            links=links,
            widths=columns if isinstance(columns, Mapping) else None,
        )
        if note:
            look.note(note)
        if left_out := sensitive.said(visit, frame.columns):
            look.note(left_out)
        with st.container(horizontal=True, gap="small", key=f"tools_{name}", vertical_alignment="center"):
            export.buttons(visit, frame, name=name, title=title, chosen=chosen, source=source, key=f"export_{name}", labels=labels,
                           units=units)  # fmt: skip
            if source:
                receipt.table_button(visit, frame, title=title, source=source, chosen=chosen, key=f"receipt_{name}")
    return frame.row(picked, named=True) if picked is not None and picked < frame.height else None


def detail(
    visit: Visit,
    row: Mapping[str, Any],
    *,
    title: str,
    columns: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    name: str = "detail",
) -> None:
    """One row in full, as labels and values; `name` tells several of a page apart."""
    with st.container(key=f"panel_{name}"):
        look.title(title)
        shut = sensitive.closed(row, visit.viewer.roles)
        wanted = [column for column in columns or row if column not in shut and (columns or column != "extra")]
        look.pairs(
            {
                named(visit, column, unit_of(column), (labels or {}).get(column)): exact(
                    visit, row[column], unit_of(column)
                )
                for column in wanted
            }
        )
        if left_out := sensitive.said(visit, columns or row):
            look.note(left_out)


def small(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    title: str | None = None,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> None:
    """A short table with every value said in words; for a dozen rows at most."""
    if title:
        look.title(title)
    frame = sensitive.without(visit, frame)
    said = {
        named(visit, column, "text", (labels or {}).get(column)): [
            plain(visit.words.value(value, (units or {}).get(column) or unit_of(column)))
            for value in frame[column].to_list()
        ]
        for column in frame.columns
    }
    st.table(said, border="horizontal", alt=title)


def exact(visit: Visit, value: Any, unit: str) -> str:
    """A value with all its digits; lists and maps as text."""
    if isinstance(value, list | dict):
        return str(value)
    return visit.words.exact(value, unit)


def _columns(frame: pl.DataFrame, wanted: Sequence[str] | None) -> list[str]:
    """The columns to show: those wanted that are there, without names that only repeat the id."""
    there = [
        column for column in wanted or frame.columns if column in frame.columns and (wanted or column not in QUIET)
    ]
    return [column for column in there if not _repeats_id(frame, column, there)]


def _repeats_id(frame: pl.DataFrame, column: str, there: Sequence[str]) -> bool:
    """Whether a source knew no names, so that the name of each row is its id."""
    twin = column.removesuffix("_name") + "_id"
    return column.endswith("_name") and twin in there and bool((frame[column] == frame[twin]).all())
