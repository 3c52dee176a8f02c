"""Lines as a workbook: a sheet of typed rows and a sheet that says who exported what, when, under which policy, and what it adds up to."""

import io
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import fastexcel
import xlsxwriter

from decisions.exports.cells import guarded, unguarded
from decisions.exports.fields import cell_texts, line_of_texts
from decisions.exports.lines import COLUMNS, DECIMALS, Batch, ExportLine, plain

ROWS, ABOUT = "Rows", "About"
# A spreadsheet counts in doubles: 15 digits are what it keeps of a number.
MOST_DIGITS = 15
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def written(batch: Batch) -> bytes:
    """The workbook; the same batch gives the same bytes, whenever it is made.

    >>> from datetime import datetime
    >>> line = ExportLine("purchase-1", "purchase", "k1", sku_id="=A1", qty=Decimal(240))
    >>> batch = Batch("purchase", "Acme", datetime.fromisoformat("2026-11-20T09:00:00Z"), (line,))
    >>> read(written(batch)) == batch.lines
    True
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"created": batch.created_at.astimezone(UTC).replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        rows = book.add_worksheet(ROWS)
        rows.write_row(0, 0, COLUMNS, bold)
        for place, line in enumerate(batch.lines, start=1):
            _write(rows, place, line, day)
        rows.freeze_panes(1, 0)
        rows.autofilter(0, 0, len(batch.lines), len(COLUMNS) - 1)
        rows.set_column(0, len(COLUMNS) - 1, 16)
        about = book.add_worksheet(ABOUT)
        for place, (name, text) in enumerate(about_lines(batch).items()):
            about.write_string(place, 0, name, bold)
            about.write_string(place, 1, guarded(text))
        about.set_column(0, 0, 22)
        about.set_column(1, 1, 90)
    return out.getvalue()


def about_lines(batch: Batch) -> dict[str, str]:
    """What the sheet About says, by name: what it is, of whom, when, under which policy, and the control totals."""
    counted = batch.totals
    return {
        "Export": batch.batch_id,
        "Company": batch.company_title,
        "Kind of action": batch.kind.replace("_", " "),
        "Exported by": batch.exported_by,
        "Exported at": f"{batch.created_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "Policy version": str(batch.policy_version),
        "Currency": batch.currency_code,
        "Rows": str(counted.row_count),
        "Units in total": plain(counted.total_qty),
        "Amount in total": plain(counted.total_amount),
        "Apostrophes": "Text that could start a formula has an apostrophe before it, which is not part of it.",
        **batch.about,
    }


def read(content: bytes) -> tuple[ExportLine, ...]:
    """The lines that such a workbook holds.

    Errors: a fastexcel error where it is no workbook; KeyError where it is another.
    """
    book = fastexcel.read_excel(content)
    texts = book.load_sheet(ROWS, dtypes="string").to_polars().rows(named=True)
    # As text a number comes back with nine decimals and what a double adds to them; as a double it comes back as it was.
    doubles = book.load_sheet(ROWS, dtypes="float", use_columns=list(DECIMALS)).to_polars().rows(named=True)
    return tuple(
        line_of_texts({name: _text_of(name, row[name], double.get(name)) for name in COLUMNS})
        for row, double in zip(texts, doubles, strict=True)
    )


def _write(sheet: Any, place: int, line: ExportLine, day: Any) -> None:
    texts = cell_texts(line)
    for column, name in enumerate(COLUMNS):
        value = getattr(line, name)
        if value is None or value == "":
            continue
        if name == "needed_date" and value.year >= 1900:
            sheet.write_datetime(place, column, value, day)
        elif isinstance(value, int) or (isinstance(value, Decimal) and _is_kept(value)):
            sheet.write_number(place, column, float(value))
        elif isinstance(value, Decimal):
            # The idle zero tells it from a number that a spreadsheet keeps.
            sheet.write_string(place, column, texts[name] + ("0" if "." in texts[name] else ".0"))
        elif isinstance(value, date):
            sheet.write_string(place, column, texts[name])
        else:
            sheet.write_string(place, column, guarded(value))


def _is_kept(number: Decimal) -> bool:
    digits = plain(abs(number)).replace(".", "").lstrip("0")
    return len(digits) <= MOST_DIGITS and Decimal(repr(float(number))) == number


def _text_of(name: str, cell: str | None, double: float | None) -> str:
    if cell is None:
        return ""
    if name == "needed_date":
        return cell[:10]
    if name in DECIMALS:
        return cell if "." in cell and cell.endswith("0") else repr(double)
    return unguarded(cell)
