"""The formats that a batch may leave in, one table of them; a file is handed out only after it was read back to the same lines."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from decisions.exports import csv_lines, json_body, ubl_order, workbook, x12_orders
from decisions.exports.lines import COLUMNS, ORDERING, Batch, ExportFile, ExportLine, orders
from errors import Refusal


@dataclass(frozen=True)
class Format:
    """One format: what it is called, how it is written and read, which kinds of action it knows ((): all) and which fields."""

    name: str
    title: str
    suffix: str
    media_type: str
    write: Callable[[Batch], bytes]
    read: Callable[[bytes], tuple[ExportLine, ...]]
    kinds: tuple[str, ...] = ()
    carried: tuple[str, ...] = COLUMNS
    is_one_order: bool = False

    def knows(self, kind: str) -> bool:
        """Whether actions of this kind can leave in it."""
        return not self.kinds or kind in self.kinds


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("csv", "CSV", "csv", "text/csv", csv_lines.written, csv_lines.read),
        Format("xlsx", "Excel", "xlsx", _XLSX, workbook.written, workbook.read),
        Format("json", "JSON", "json", "application/json", json_body.written, json_body.read),
        Format(
            "x12_850", "X12 850 purchase order", "850.edi", "application/edi-x12",
            x12_orders.purchase_orders, x12_orders.read_orders, ORDERING, x12_orders.CARRIED_850,
        ),
        Format(
            "x12_860", "X12 860 purchase order change", "860.edi", "application/edi-x12",
            x12_orders.order_changes, x12_orders.read_changes, x12_orders.CHANGING, x12_orders.CARRIED_860,
        ),
        Format("ubl", "UBL 2.1 order", "xml", "application/xml", ubl_order.written, ubl_order.read, ORDERING, ubl_order.CARRIED, True),
    )
}  # fmt: skip


def formats_for(kind: str) -> tuple[Format, ...]:
    """The formats that actions of a kind can leave in.

    >>> [one.name for one in formats_for("expedite")]
    ['csv', 'xlsx', 'json', 'x12_860']
    """
    return tuple(one for one in FORMATS.values() if one.knows(kind))


def split(batch: Batch, format_name: str) -> tuple[Batch, ...]:
    """The batch as so many as the format needs: one for each order where a document is one order, else itself."""
    if not _format(format_name, batch.kind).is_one_order:
        return (batch,)
    return tuple(replace(batch, lines=order.lines) for order in orders(batch))


def made(batch: Batch, format_name: str) -> ExportFile:
    """The file, read back and found to say the very same.

    Its name says the company, the kind, the day, the batch and the beginning of its own hash: whoever was cut off before
    recording it makes another file and need not care for the first.

    Errors: a Refusal where the format does not know the kind, cannot carry a line, or does not read back.
    """
    form = _format(format_name, batch.kind)
    content = form.write(batch)
    wanted = Counter(line.only(form.carried) for line in batch.lines)
    if Counter(form.read(content)) != wanted:
        raise Refusal(
            "Nothing was exported.",
            f"Read back, the {form.title} file does not say what was approved.",
            "Export it as CSV, and report this.",
        )
    company = re.sub(r"[^A-Za-z0-9]+", "-", batch.company_title).strip("-")[:40] or "company"
    said = hashlib.sha256(content).hexdigest()[:8]
    name = f"{company}_{batch.kind}_{batch.created_at:%Y-%m-%d}_{batch.batch_id}_{said}.{form.suffix}"
    return ExportFile(name, form.name, form.media_type, content, batch.totals)


def _format(name: str, kind: str) -> Format:
    found = FORMATS.get(name)
    if found is None or not found.knows(kind):
        usable = ", ".join(one.title for one in formats_for(kind))
        raise Refusal("Nothing was exported.", f"{kind} cannot leave as {name}.", f"Use one of: {usable}.")
    return found
