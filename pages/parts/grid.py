"""A grid of rows on screen: each column formatted by its unit, labelled from the dictionary, missing values shown as missing."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from pages.parts.labels import label, meaning, unit_of
from pages.parts.page import Visit
from pages.parts.sensitive import without

ROWS_UNSCROLLED, TALL = 12, 430
SHOWN_AT_MOST = 5000
# How a row stands, as coloured labels: the columns of the unit `verdict`.
VERDICTS = {
    "in place": "green",
    "kept": "green",
    "planned": "blue",
    "missing": "red",
    "overdue": "orange",
    "contradicted": "red",
    "not kept": "red",
    "off": "orange",
    "not seen": "gray",
    "no data": "gray",
    "not applicable": "gray",
    "met": "green",
    "not met": "red",
    "done": "green",
    "now": "blue",
    "locked": "gray",
    "tested": "green",
    "never tested": "red",
    "never used": "gray",
    "kept too long": "red",
    "may leave": "blue",
    "cannot be seen": "gray",
}
QUIET = ("load_id", "line_no", "loaded_at", "extra", "numerator", "denominator")


def grid(
    visit: Visit,
    frame: pl.DataFrame,
    *,
    key: str,
    alt: str,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    pick: bool = False,
    links: Mapping[str, str] | None = None,
    height: int | None = None,
    widths: Mapping[str, int] | None = None,
) -> int | None:
    """The bare grid, formatted by unit; gives the number of the picked row. `widths`: column → pixels, where words would take too many.

    Columns that are not open to the viewer are left out.
    """
    frame = without(visit, frame)
    kinds = {column: (units or {}).get(column) or _unit(frame, column) for column in frame.columns}
    config = {
        column: _column(visit, frame, column, kinds[column], (labels or {}).get(column)) for column in frame.columns
    }
    for column, pixels in (widths or {}).items():
        if column in config:
            config[column]["width"] = pixels
    data = _for_screen(frame.head(SHOWN_AT_MOST), kinds)
    for column, address in (links or {}).items():
        if column in frame.columns and address in visit.doors:
            data = data.with_columns(_linked(visit, column, address).alias(column))
            config[column] = st.column_config.LinkColumn(
                named(visit, column, "text", (labels or {}).get(column)), display_text=r"#(.*)$"
            )
    tall: Any = height or ("content" if data.height <= ROWS_UNSCROLLED else TALL)
    event: Any = st.dataframe(
        data.to_arrow(compat_level=pl.CompatLevel.oldest()),  # as a frame it would take a detour through pandas
        key=key,
        hide_index=True,
        height=tall,
        column_config=config,
        on_select="rerun" if pick else "ignore",
        selection_mode="single-row",
        placeholder="–",
        alt=alt,
    )
    rows = event.selection.rows if pick else []
    return rows[0] if rows else None


def headings(visit: Visit, frame: pl.DataFrame, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The column settings of a grid for one that can be edited: each column labelled and formatted by its unit."""
    return {
        column: _column(visit, frame, column, _unit(frame, column), (labels or {}).get(column))
        for column in frame.columns
    }


def _unit(frame: pl.DataFrame, column: str) -> str:
    unit = unit_of(column)
    return "number" if unit == "text" and frame[column].dtype.is_numeric() else unit


def _column(visit: Visit, frame: pl.DataFrame, column: str, unit: str, given: str | None) -> Any:
    text, help_text = named(visit, column, unit, given), meaning(column)
    if unit == "share":
        return st.column_config.NumberColumn(text, help=help_text, format="percent")
    if unit in ("money", "per_unit"):
        return st.column_config.NumberColumn(
            text, help=help_text, format="localized" if _is_large(frame[column]) else "%.2f"
        )
    if unit in ("qty", "count", "number", "days", "hours", "minutes", "turns"):
        return st.column_config.NumberColumn(text, help=help_text, format="localized")
    if unit == "date":
        return st.column_config.DateColumn(text, help=help_text, format="D MMM YYYY")
    if unit == "instant":
        return st.column_config.DatetimeColumn(
            text, help=help_text, format="D MMM YYYY, HH:mm", timezone=visit.company.timezone_name
        )
    if unit == "boolean":
        return st.column_config.CheckboxColumn(text, help=help_text)
    if unit == "verdict":
        return st.column_config.MultiselectColumn(
            text, help=help_text, options=list(VERDICTS), color=list(VERDICTS.values())
        )
    return st.column_config.TextColumn(text, help=help_text)


def named(visit: Visit, column: str, unit: str, given: str | None = None) -> str:
    """A column's label, with the currency where it counts money."""
    text = given or label(column)
    return f"{text} ({visit.company.reporting_currency})" if unit in ("money", "per_unit") and not given else text


def _for_screen(frame: pl.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    """Decimals as floats at a readable length, everything that is no plain value as text; missing stays missing."""
    places = {
        "money": 2,
        "per_unit": 2,
        "qty": 2,
        "days": 1,
        "hours": 1,
        "minutes": 0,
        "number": 3,
        "turns": 2,
        "share": 4,
    }
    made: list[pl.Expr | pl.Series] = []
    for column, dtype in frame.schema.items():
        if dtype.is_numeric():
            unit = kinds[column]
            digits = 0 if unit in ("money", "per_unit") and _is_large(frame[column]) else places.get(unit, 3)
            made.append(
                (pl.col(column).cast(pl.Float64).round(digits) if not dtype.is_integer() else pl.col(column)).alias(
                    column
                )
            )
        elif kinds[column] == "verdict":
            made.append(pl.concat_list(column))
        elif dtype.is_nested():
            made.append(
                pl.Series(
                    column,
                    [None if value is None else str(value) for value in frame[column].to_list()],
                    dtype=pl.String,
                )
            )
        else:
            made.append(pl.col(column))
    return frame.select(made)


def _is_large(numbers: pl.Series) -> bool:
    largest = numbers.cast(pl.Float64, strict=False).abs().max() if numbers.dtype.is_numeric() else None
    return largest is not None and float(largest) >= 1000  # type: ignore[arg-type]


def _linked(visit: Visit, column: str, address: str) -> pl.Series | pl.Expr:
    company = quote(visit.company.name)
    return pl.col(column).map_elements(
        lambda value: f"/{address}?company={company}&{column}={quote(str(value), safe='')}#{value}",
        return_dtype=pl.String,
    )
