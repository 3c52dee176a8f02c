"""Every download of the product passes here: no cell can start a formula, and each file says what it shows and from when."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl
import streamlit as st
import xlsxwriter

from decisions.exports.cells import harmless
from pages.parts.chosen import Chosen
from pages.parts.labels import heading
from pages.parts.page import Visit
from pages.parts.sensitive import said, without

UTF8_BOM = "\ufeff"


def about(
    visit: Visit,
    title: str,
    *,
    chosen: Chosen | None = None,
    source: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """What stands at the head of every download: title, company, filters, as-of, build, who and when."""
    facts = visit.facts
    lines = {
        "Title": title,
        "Company": visit.company.company_title,
        "Filters": "; ".join(chosen.in_words(visit.words)) if chosen else "as chosen on the page",
        "Data to": str(facts.get("as_of_date", "")),
        "Build": str(facts.get("build_id", "")),
        "Source": source or "",
        **{key: str(value) for key, value in (more or {}).items()},
        "Downloaded by": visit.viewer.who,
        "Downloaded at": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
    return {key: value for key, value in lines.items() if value}


def csv_bytes(frame: pl.DataFrame, header: Mapping[str, str]) -> bytes:
    """UTF-8 CSV: the About lines as comments, one empty line, then the rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    for key, value in header.items():
        writer.writerow([f"# {key}", harmless(value)])
    writer.writerow([])
    writer.writerow([harmless(name) for name in frame.columns])
    for row in frame.iter_rows():
        writer.writerow([_as_text(harmless(_flat(cell))) for cell in row])
    return (UTF8_BOM + out.getvalue()).encode("utf-8")


def xlsx_bytes(frame: pl.DataFrame, header: Mapping[str, str]) -> bytes:
    """A workbook with the rows (typed, header frozen, filter on) and a sheet About."""
    out = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats: dict[type, Any] = {
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        _rows_sheet(book.add_worksheet("Rows"), frame, bold, formats)
        _about_sheet(book.add_worksheet("About"), header, bold)
    return out.getvalue()


def file_name(visit: Visit, name: str, kind: str) -> str:
    """A harmless file name: company, what it is, the day of the data."""
    parts = [visit.company.name, name, str(visit.facts.get("as_of_date", ""))]
    words = (re.sub(r"[^A-Za-z0-9-]+", "_", part).strip("_") for part in parts)
    return "_".join(word for word in words if word)[:120] + "." + kind


def buttons(
    visit: Visit,
    rows: pl.DataFrame | Callable[[], pl.DataFrame],
    *,
    name: str,
    title: str,
    key: str,
    chosen: Chosen | None = None,
    source: str | None = None,
    more: Mapping[str, Any] | None = None,
    kinds: Sequence[str] = ("csv", "xlsx"),
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    is_raw: bool = False,
) -> None:
    """CSV and Excel buttons for rows, or for a function that fetches them; the file is made when it is asked for, not before.

    Args:
        labels, units: what the screen calls columns and how it counts them, where the dictionary does not say it.
        is_raw: whether headings stay as they are, because a standard says them.
    """
    named = None if is_raw else partial(with_headings, visit.company.reporting_currency, labels or {}, units or {})
    for kind in kinds:
        label, mime, make = KINDS[kind]
        st.download_button(
            label,
            data=partial(
                made, visit, make, rows, named, partial(about, visit, title, chosen=chosen, source=source, more=more)
            ),
            file_name=file_name(visit, name, kind),
            mime=mime,
            key=f"{key}_{kind}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def with_headings(
    currency: str, labels: Mapping[str, str], units: Mapping[str, str], frame: pl.DataFrame
) -> pl.DataFrame:
    """The same rows under headings for people; each keeps the name by which programs know it in brackets.

    >>> with_headings("EUR", {"npv_amount": "NPV"}, {}, pl.DataFrame({"npv_amount": [1], "sku_id": ["A"]})).columns
    ['NPV (EUR) [npv_amount]', 'SKU [sku_id]']
    """
    return frame.rename(
        {name: heading(name, currency, units.get(name, ""), labels.get(name, "")) for name in frame.columns}
    )


def made(
    visit: Visit,
    make: Callable[..., bytes],
    rows: pl.DataFrame | Callable[[], pl.DataFrame],
    named: Callable[[pl.DataFrame], pl.DataFrame] | None,
    header: Callable[[], dict[str, str]],
) -> bytes:
    """The file: without the columns that are not open to the viewer, which its head says."""
    found = rows() if callable(rows) else rows
    left_out, open_rows = said(visit, found.columns), without(visit, found)
    told = {**header(), **({"Left out": left_out} if left_out else {})}
    return make(named(open_rows) if named else open_rows, told)


KINDS = {
    "csv": ("CSV", "text/csv", csv_bytes),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_bytes),
}


def _rows_sheet(sheet: Any, frame: pl.DataFrame, bold: Any, formats: Mapping[type, Any]) -> None:
    for place, name in enumerate(frame.columns):
        sheet.write_string(0, place, str(harmless(name)), bold)
    for line, row in enumerate(frame.iter_rows(), start=1):
        for place, cell in enumerate(row):
            _write(sheet, line, place, harmless(_flat(cell)), formats)
    sheet.freeze_panes(1, 0)
    if frame.width:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
        sheet.set_column(0, frame.width - 1, 16)


def _about_sheet(sheet: Any, header: Mapping[str, str], bold: Any) -> None:
    for line, (key, value) in enumerate(header.items()):
        sheet.write_string(line, 0, key, bold)
        sheet.write_string(line, 1, str(harmless(value)))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)


def _write(sheet: Any, line: int, place: int, cell: Any, formats: Mapping[type, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(line, place, cell.replace(tzinfo=None), formats[dt.datetime])
    elif isinstance(cell, dt.date):
        sheet.write_datetime(line, place, cell, formats[dt.date])
    elif isinstance(cell, int | float | Decimal) and abs(float(cell)) < 1e300:
        sheet.write_number(line, place, cell)
    else:
        sheet.write_string(line, place, str(cell))


def _flat(cell: Any) -> Any:
    """Lists and maps as readable text."""
    if isinstance(cell, list):
        return "; ".join(
            f"{item['key']}={item['value']}" if isinstance(item, dict) and "key" in item else str(item) for item in cell
        )
    return str(cell) if isinstance(cell, dict) else cell


def _as_text(cell: Any) -> Any:
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return "" if cell is None else cell
