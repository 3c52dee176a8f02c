"""Rows into files: delimited text as old systems write it, workbooks with titles above; the same rows give the same bytes."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from pipelines.demo.extract import Extract, Writing

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def text_lines(extract: Extract, frame: pl.DataFrame) -> list[str]:
    """The heading and a line for each row, without line ends; title lines are not among them. JSON lines have no heading."""
    writing = extract.writing
    if writing.is_json_lines:
        return frame.to_series().to_list()
    frame = frame.select(list(extract.headings)).rename(extract.headings)
    yes, no = writing.yes_no
    grouped = [extract.headings[name] for name in writing.grouped]
    frame = frame.with_columns(
        [
            pl.when(pl.col(name)).then(pl.lit(yes)).when(~pl.col(name)).then(pl.lit(no)).alias(name)
            for name, kind in frame.schema.items()
            if kind == pl.Boolean
        ]
        + [frame[name].map_elements(lambda x: _grouped(x, writing), return_dtype=pl.String) for name in grouped]
    )
    text = frame.write_csv(
        separator=writing.separator,
        date_format=writing.date_format,
        datetime_format=writing.instant_format,
        decimal_comma=writing.has_decimal_comma,
        quote_style="necessary",
    )
    return text.rstrip("\n").split("\n")


def write_text(path: Path, writing: Writing, lines: Sequence[str]) -> None:
    """Write title lines, heading and rows in the encoding of the system."""
    whole = writing.newline.join([*writing.titles, *lines]) + writing.newline
    path.write_bytes(whole.encode(writing.encoding, errors="replace"))


def write_workbook(path: Path, sheets: Sequence[tuple[Extract, list[list]]]) -> None:
    """Write one sheet for each extract: titles, an empty row, the heading and the rows; dates as dates, numbers as numbers."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": CREATED, "author": "ERP"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for extract, rows in sheets:
        sheet = book.add_worksheet(extract.sheet)
        top = len(extract.writing.titles) + 1 if extract.writing.titles else 0
        for at, title in enumerate(extract.writing.titles):
            sheet.write_string(at, 0, title)
        sheet.write_row(top, 0, list(extract.headings.values()))
        for down, row in enumerate(rows, start=top + 1):
            for across, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(down, across, cell, moment)
                elif isinstance(cell, date):
                    sheet.write_datetime(down, across, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 a sheet has no zone
                elif cell is not None:
                    sheet.write(down, across, cell)
    book.close()


def cells(extract: Extract, frame: pl.DataFrame) -> list[list]:
    """The rows of a sheet."""
    return [list(row) for row in frame.select(list(extract.headings)).iter_rows()]


def fields(line: str, separator: str) -> list[str]:
    """The values of one line."""
    return next(csv.reader([line], delimiter=separator))


def joined(values: Sequence[str], separator: str) -> str:
    """One line of these values."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="").writerow(values)
    return out.getvalue()


def _grouped(number: float, writing: Writing) -> str:
    """1234.5 as 1.234,50: thousands grouped the way of the country."""
    text = f"{number:,}" if float(number).is_integer() and isinstance(number, int) else f"{number:,.2f}"
    return text.translate(str.maketrans(",.", ".,")) if writing.has_decimal_comma else text
