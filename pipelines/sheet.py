"""One table found in a file, and the Parquet file of texts that a careful reading makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

LINE_NO, DEFECT = "__line_no", "__defect"
GROUP_ROWS = 1 << 17
SAMPLE_ROWS = 200
SEEN_TEXTS = 2_000  # enough to settle the order of day and month, few enough to carry about


@dataclass(frozen=True)
class Sheet:
    """A table in a file: its headings, where they stand, and how its text is to be read.

    Attributes:
        file_kind: "csv", "json", "xlsx" (also for .xls) or "parquet".
        sheet_name: the sheet of a workbook; empty otherwise.
        columns: the headings, stripped and made unique, in the order of the file.
        header_line: the last physical line (or sheet row) of the headings, counted from 1; 0 for JSON and Parquet.
        encoding: Python's name of it, as the first bytes suggest; `careful` settles it for the whole file.
        is_plain: DuckDB may read the file as it stands: UTF-8, LF or CRLF, headings on line 1, nothing odd in sight.
        sample: the first data rows as texts, None where a cell is empty.
        seen: for each column different texts that stand in it, at the head and in places all over the file.
    """

    file_kind: str
    sheet_name: str
    columns: tuple[str, ...]
    header_line: int
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    is_plain: bool = False
    sample: tuple[dict[str, str | None], ...] = ()
    seen: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Careful:
    """What a careful reading made: the Parquet file, the records in it, and the empty lines left out of it."""

    path: Path
    lines_in: int
    ignored: int


class TextRows:
    """Writes rows of texts with their line numbers and defects into a Parquet file, in bounded memory."""

    def __init__(self, path: Path, columns: tuple[str, ...]):
        fields = [(name, pa.string()) for name in columns] + [(LINE_NO, pa.int64()), (DEFECT, pa.string())]
        self._schema = pa.schema(fields)
        self._path, self._waiting_rows, self.row_count = path, 0, 0
        self._waiting: list[pa.RecordBatch] = []
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", compression_level=1)

    def add(self, columns: Sequence[Any], line_nos: Sequence[int], defects: dict[int, str]) -> None:
        """Take one batch: equally long columns of texts, their line numbers, and defects by place."""
        faults = [defects.get(at) for at in range(len(line_nos))] if defects else None
        arrays = [
            *(column if isinstance(column, pa.Array) else pa.array(column, pa.string()) for column in columns),
            pa.array(line_nos, pa.int64()),
            pa.array(faults, pa.string()) if faults else pa.nulls(len(line_nos), pa.string()),
        ]
        self._waiting.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._waiting_rows += len(line_nos)
        self.row_count += len(line_nos)
        if self._waiting_rows >= GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            table = pa.Table.from_batches(self._waiting, self._schema)
            columns = [_without_empty(column) for column in table.columns]
            self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._waiting, self._waiting_rows = [], 0

    def __enter__(self) -> "TextRows":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._flush()
        self._writer.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)


def _without_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts with "" as no value, which is what an empty cell says."""
    if column.type != pa.string():
        return column
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def unique_names(headings: list[str | None]) -> tuple[str, ...]:
    """The headings stripped and made unique without regard to case, because DuckDB has none; empty ones are numbered.

    >>> unique_names(["Qty", " qty ", None, "Order\\nno"])
    ('Qty', 'qty (2)', 'column 3', 'Order no')
    """
    taken, names = {LINE_NO, DEFECT}, []
    for place, heading in enumerate(headings, start=1):
        base = " ".join((heading or "").replace("\0", "").split("\n")).replace("\r", " ").replace("\t", " ").strip()
        base = base or f"column {place}"
        name, count = base, 1
        while name.lower() in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name.lower())
        names.append(name)
    return tuple(names)
