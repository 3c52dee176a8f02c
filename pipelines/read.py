"""From a file to rows of texts: what tables a file holds, and a careful reading of each in which no line is lost."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice
from pathlib import Path

from errors import Refusal
from pipelines import columnar, json_table, workbook
from pipelines.dialect import delimiter_of
from pipelines.encoding import encoding_of, is_utf_8, settled
from pipelines.header import header_row
from pipelines.lines import Records, physical_lines, records
from pipelines.prescan import is_packed, kind_of, opened
from pipelines.sheet import SAMPLE_ROWS, SEEN_TEXTS, Careful, Sheet, TextRows, unique_names

__all__ = ["Careful", "Sheet", "careful", "survey"]

HEAD_BYTES = 1 << 20
HEAD_BLOCKS = 4
PROBES = 16
PROBE_BYTES = 1 << 16
MAX_COLUMNS = 16_384
LINE_BREAK = re.compile(r"\r\n|\n|\r")


def survey(path: Path, file_name: str) -> list[Sheet]:
    """The tables in a file: one for text, JSON and Parquet, one for each sheet of a workbook that holds anything.

    The kind is decided by the bytes, and a scan for harm comes before any parser. Of a text file only the head and
    some probes are read, so this takes the same fraction of a second for any size; JSON is read whole, because its last
    record may be the first to name a field.

    Args:
        path: the file as it was kept.
        file_name: the name under which it came; it appears in refusals and decides nothing.

    Raises:
        Refusal: the file is empty, no table, damaged, or would harm whoever opens it.
    """
    kind = kind_of(path, file_name)
    if kind == "csv":
        return [_text_sheet(path, file_name)]
    if kind == "parquet":
        return [_parquet_sheet(path, file_name)]
    if kind == "json":
        return [json_table.sheet(path, file_name)]
    return workbook.sheets(path, file_name)


def careful(path: Path, sheet: Sheet, out_path: Path) -> Careful:
    """The data rows of a sheet as texts in a Parquet file, with `__line_no` and, where a row is none, `__defect`.

    A defective line stands whole in the first column, the other columns are empty, and `__defect` says what is wrong
    and how to put it right. Records, defective ones included, are counted as `lines_in`; lines that hold no value
    as `ignored`. `__line_no` is the first physical line of the record, the row of the sheet, or the row's number.
    """
    if sheet.file_kind == "xlsx":
        return workbook.careful(path, sheet, out_path)
    if sheet.file_kind == "json":
        return json_table.careful(path, sheet, out_path)
    ignored = 0
    with TextRows(out_path, sheet.columns) as out:
        if sheet.file_kind == "parquet":
            for columns in columnar.batches(path, path.name):
                out.add(columns, range(out.row_count + 1, out.row_count + 1 + len(columns[0])), {})
            return Careful(out_path, out.row_count, 0)
        for run in _text_records(path, sheet):
            ignored += run.blank
            if run.line_nos:
                out.add(run.columns or list(zip(*run.rows, strict=True)), run.line_nos, run.defects)
    return Careful(out_path, out.row_count, ignored)


def _text_records(path: Path, sheet: Sheet) -> Iterator[Records]:
    blocks = _below(physical_lines(path, settled(path, sheet.encoding)), sheet.header_line)
    width, first_line = len(sheet.columns), sheet.header_line + 1
    return records(blocks, delimiter=sheet.delimiter, width=width, first_line=first_line, by_column=True)


def _below(blocks: Iterable[list[str]], header_line: int) -> Iterator[list[str]]:
    for lines in blocks:
        yield lines[header_line:]
        header_line = max(0, header_line - len(lines))


def _text_sheet(path: Path, file_name: str) -> Sheet:
    with opened(path) as file:
        head = file.read(HEAD_BYTES)
    stretches = [] if is_packed(path) else _stretches(path)
    encoding = encoding_of(b"\n".join([head, *stretches]) if head.isascii() else head)
    lines = [line for block in islice(physical_lines(path, encoding), HEAD_BLOCKS) for line in block]
    delimiter, width = delimiter_of(lines)
    columns, header_line = _headings(lines, delimiter, width, file_name)
    if len(columns) > MAX_COLUMNS:
        raise Refusal(
            f"{file_name} was not read.",
            f"It has {len(columns):,} columns; the limit is {MAX_COLUMNS:,}.",
            "Bring the table into long form: one row per value.",
        )
    rows, is_clean = _first_rows(lines, header_line, delimiter, columns)
    is_plain = (
        is_clean
        and encoding == "utf-8"
        and header_line == 1
        and bool(stretches)
        and not any(map(_is_odd, stretches))
        and not any(delimiter + ' "' in line for line in lines)
    )
    sample = tuple({name: cell or None for name, cell in zip(columns, row, strict=True)} for row in rows[:SAMPLE_ROWS])
    elsewhere = (row for stretch in stretches for row in _rows_within(stretch, encoding, delimiter, len(columns)))
    seen = _seen(columns, chain(rows, elsewhere))
    return Sheet("csv", "", columns, header_line, encoding, delimiter, '"', is_plain, sample, seen)


def _headings(lines: list[str], delimiter: str, width: int, file_name: str) -> tuple[tuple[str, ...], int]:
    """The names of the columns, and the physical line that they end on."""
    runs = list(records([lines[:1_000]], delimiter=delimiter, width=width, any_width=True))
    rows = [row for run in runs for row in run.rows]
    line_nos = [line_no for run in runs for line_no in run.line_nos]
    if not rows:
        raise Refusal(f"{file_name} was not read.", "No line of it holds a value.", "Export it again.")
    at = header_row(rows[:100])
    cells: list[str | None] = list(rows[at])
    while len(cells) > width and not (cells[-1] or "").strip():
        cells.pop()
    cells += [None] * (width - len(cells))
    inner_breaks = sum(len(LINE_BREAK.findall(cell or "")) for cell in rows[at])
    return unique_names(cells), line_nos[at] + inner_breaks


def _first_rows(
    lines: list[str], header_line: int, delimiter: str, columns: tuple[str, ...]
) -> tuple[list[Sequence[str | None]], bool]:
    """The data rows at the head of the file, and whether all lines there are without defect."""
    rows: list[Sequence[str | None]] = []
    is_clean = True
    for run in records([lines[header_line:]], delimiter=delimiter, width=len(columns), first_line=header_line + 1):
        is_clean = is_clean and not run.defects
        rows += [row for at, row in enumerate(run.rows) if at not in run.defects]
    return rows, is_clean


def _stretches(path: Path) -> list[bytes]:
    """Pieces of the file at equal distances from its beginning to its end, cut anywhere."""
    size, pieces = path.stat().st_size, []
    with path.open("rb") as file:
        for at in range(PROBES + 1):
            file.seek(max(0, (size - PROBE_BYTES) * at // PROBES))
            pieces.append(file.read(PROBE_BYTES))
            if size <= PROBE_BYTES:
                break
    return pieces


def _is_odd(stretch: bytes) -> bool:
    """Whether DuckDB should not read this as it stands: zero bytes, lone CRs, bytes that are no UTF-8."""
    lone = stretch.count(b"\r") - stretch.count(b"\r\n") - stretch.endswith(b"\r")
    return b"\0" in stretch or lone > 0 or not is_utf_8(stretch)


def _rows_within(stretch: bytes, encoding: str, delimiter: str, width: int) -> list[list[str]]:
    """The rows of full width in a piece cut out of the file; in the two-byte encodings none."""
    if encoding.startswith(("utf-16", "utf-32")):
        return []
    lines = StringIO(stretch.decode(encoding, "replace"), newline="").readlines()[1:-1]
    rows = csv.reader(lines, delimiter=delimiter)
    return [row for row in rows if len(row) == width]


def _seen(columns: tuple[str, ...], rows: Iterable[Sequence[str | None]]) -> dict[str, tuple[str, ...]]:
    kept: list[dict[str, None]] = [{} for _ in columns]
    for row in rows:
        for texts, cell in zip(kept, row, strict=True):
            if cell and len(texts) < SEEN_TEXTS:
                texts[cell] = None
    return dict(zip(columns, map(tuple, kept), strict=True))


def _parquet_sheet(path: Path, file_name: str) -> Sheet:
    columns = unique_names(list(columnar.names(path, file_name)))
    first = next(columnar.batches(path, file_name), [])
    texts = [column[:SAMPLE_ROWS].to_pylist() for column in first]
    sample = tuple(dict(zip(columns, row, strict=True)) for row in zip(*texts, strict=True))
    seen = {
        name: tuple(column.drop_null().unique()[:SEEN_TEXTS].to_pylist())
        for name, column in zip(columns, first, strict=True)
    }
    return Sheet("parquet", "", columns, 0, sample=sample, seen=seen)
