"""Workbooks: each sheet as rows of texts, error values kept as texts, with the row numbers that a person sees."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl
import pyarrow as pa

from errors import Refusal
from pipelines.header import header_rows, joined
from pipelines.sheet import SAMPLE_ROWS, SEEN_TEXTS, Careful, Sheet, TextRows, unique_names

LOOK_ROWS = 120
SLICE_ROWS = 1 << 15
ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}


@dataclass(frozen=True)
class _Table:
    """The table on a sheet: its cells as texts below the headings, the row the headings end on, and their names."""

    cells: pl.DataFrame
    header_line: int


def sheets(path: Path, file_name: str) -> list[Sheet]:
    """Every sheet of the workbook that holds anything, in order; a workbook without one is refused."""
    book = _opened(path, file_name)
    found = []
    for name in book.sheet_names:
        if table := _table(book, name, file_name):
            rows = table.cells.filter(_holds_something()).head(SAMPLE_ROWS).rows(named=True)
            names = tuple(table.cells.columns)
            seen = {
                name: tuple(table.cells[name].drop_nulls().unique(maintain_order=True)[:SEEN_TEXTS]) for name in names
            }
            found.append(Sheet("xlsx", name, names, table.header_line, sample=tuple(rows), seen=seen))
    if not found:
        raise Refusal(
            f"{file_name} was not read.", "No sheet of the workbook holds anything.", "Upload the one with the table."
        )
    return found


def careful(path: Path, sheet: Sheet, out_path: Path) -> Careful:
    """The rows of one sheet below its headings, as texts; rows without any value are left out and counted."""
    table = _table(_opened(path, path.name), sheet.sheet_name, path.name)
    if table is None or tuple(table.cells.columns) != sheet.columns:
        raise ValueError(f"sheet {sheet.sheet_name!r} is not the one that was surveyed")
    ignored = 0
    with TextRows(out_path, sheet.columns) as out:
        for at in range(0, table.cells.height, SLICE_ROWS):
            whole = table.cells.slice(at, SLICE_ROWS).with_row_index("row at", offset=table.header_line + 1 + at)
            rows = whole.filter(_holds_something(but="row at"))
            ignored += whole.height - rows.height
            texts = [column.cast(pa.string()).combine_chunks() for column in rows.drop("row at").to_arrow().columns]
            out.add(texts, rows["row at"].to_list(), {})
    return Careful(out_path, out.row_count, ignored)


def _table(book: fastexcel.ExcelReader, name: str, file_name: str) -> _Table | None:
    cells = _cells(book, name, file_name)
    if not cells.width:
        return None
    look = cells.head(LOOK_ROWS).with_row_index("row at").filter(_holds_something(but="row at"))
    row_ats, rows = look["row at"].to_list(), look.drop("row at").rows()
    first, last = header_rows(rows)
    headings = joined(rows[first : last + 1])
    below = cells.slice(row_ats[last] + 1)
    below.columns = list(unique_names(headings))
    is_used = below.select(_text().is_not_null().any()).row(0) if below.height else [False] * below.width
    kept = [column for column, heading, used in zip(below.columns, headings, is_used, strict=True) if heading or used]
    return _Table(below.select(kept), row_ats[last] + 1)


def _cells(book: fastexcel.ExcelReader, name: str, file_name: str) -> pl.DataFrame:
    """All cells of a sheet as texts, from row 1 on; never typed, because a typed reading drops what does not fit."""
    try:
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if not sheet.width:
            return pl.DataFrame()
        batch, errors = sheet.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        raise _damaged(file_name, error) from error
    cells = pl.DataFrame(pl.from_arrow(batch))
    by_column: dict[int, tuple[list[int], list[str]]] = defaultdict(lambda: ([], []))
    for fault in errors.errors if errors else ():
        (row, column), kind = fault.position, fault.detail.rpartition("Error(")[2].rstrip(")'")
        rows, texts = by_column[column]
        rows.append(row)
        texts.append(ERRORS.get(kind, "#ERROR"))
    for column, (rows, texts) in by_column.items():
        cells.replace_column(column, cells.to_series(column).scatter(rows, texts))
    return cells


def _text(but: str | None = None) -> pl.Expr:
    """Each cell's text, null where there is nothing but white space."""
    cells = pl.all().exclude(but) if but else pl.all()
    return cells.str.strip_chars().replace("", None)


def _holds_something(but: str | None = None) -> pl.Expr:
    return pl.any_horizontal(_text(but).is_not_null())


def _opened(path: Path, file_name: str) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise _damaged(file_name, error) from error


def _damaged(file_name: str, error: Exception) -> Refusal:
    return Refusal(
        f"{file_name} was not read.",
        f"The workbook cannot be opened ({str(error).splitlines()[0][:200]}).",
        "Open it in Excel, save it again as .xlsx, and upload that.",
    )
