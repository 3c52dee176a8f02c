"""Lines as CSV for the import of an ERP: one header, one row a line, UTF-8; no cell can start a formula in a spreadsheet."""

import csv
import io

from decisions.exports.cells import guarded, unguarded
from decisions.exports.fields import cell_texts, line_of_texts
from decisions.exports.lines import COLUMNS, Batch, ExportLine
from errors import Refusal

UTF8_BOM = "\ufeff"


def written(batch: Batch) -> bytes:
    """The batch as CSV: the header, then a row for each line, divided by commas, rows ended as RFC 4180 has it.

    >>> from datetime import datetime
    >>> from decimal import Decimal
    >>> line = ExportLine("purchase-1", "purchase", "k1", sku_id="=A1", qty=Decimal(240))
    >>> batch = Batch("purchase", "Acme", datetime.fromisoformat("2026-11-20T09:00:00Z"), (line,))
    >>> written(batch).decode("utf-8-sig").splitlines()[1][:28]
    "purchase-1,purchase,k1,'=A1,"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in batch.lines:
        # A negative number is a number; only what is text can pretend to be a formula.
        texts = cell_texts(line)
        writer.writerow(
            [guarded(texts[name]) if isinstance(getattr(line, name), str) else texts[name] for name in COLUMNS]
        )
    return (UTF8_BOM + out.getvalue()).encode()


def read(content: bytes) -> tuple[ExportLine, ...]:
    """The lines that such a file holds.

    Errors: a Refusal where the file is another.
    """
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    if tuple(next(rows, ())) != COLUMNS:
        raise Refusal(
            "The export was not read.", "Its first row is not that of an export.", "Choose the file as it was exported."
        )
    return tuple(
        line_of_texts({name: unguarded(cell) for name, cell in zip(COLUMNS, row, strict=True)}) for row in rows
    )
