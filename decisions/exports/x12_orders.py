"""Purchases as X12 850 purchase orders, and hastened or cancelled lines as X12 860 changes: one interchange a supplier."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from decisions.exports.lines import Batch, ExportLine, Order, orders, plain
from decisions.exports.x12_text import Transaction, element, interchange, read, separators_for
from errors import Refusal

CHANGING = ("expedite", "cancel_purchase")
CARRIED_850 = (
    "idempotency_key", "sku_id", "sku_name", "site_id", "supplier_id", "unit_code", "qty", "unit_price", "needed_date",
)  # fmt: skip
CARRIED_860 = (
    "idempotency_key", "po_id", "line_key", "sku_id", "site_id", "supplier_id", "unit_code", "qty", "open_qty", "needed_date",
)  # fmt: skip
# The most characters of each, as release 005010 has them; of a number its digits count, not its point.
LONGEST = {
    "proposal_id": 50, "idempotency_key": 80, "sku_id": 48, "site_id": 80, "supplier_id": 80, "unit_code": 2,
    "po_id": 22, "line_key": 20, "kind": 80,
}  # fmt: skip
DIGITS = {"qty": 15, "open_qty": 15, "unit_price": 17}
NAME_LETTERS, TEXT_LETTERS = 60, 80
DATES, DELETED, DECREASED = "CT", "DI", "QD"


def purchase_orders(batch: Batch) -> bytes:
    """The batch's purchases as 850, one document for each supplier and site, in one interchange for each supplier.

    The control number comes from the batch, so that the same batch sent twice is seen to be the same.

    >>> line = ExportLine("purchase-1", "purchase", "k1", sku_id="A1", supplier_id="S1", site_id="N", qty=Decimal(240))
    >>> batch = Batch("purchase", "Acme", datetime.fromisoformat("2026-11-20T09:00:00Z"), (line,))
    >>> [text for text in purchase_orders(batch).decode().splitlines() if text.startswith("PO1")]
    ['PO1*1*240*EA***BP*A1~']

    Errors: a Refusal for a line that is no purchase and for what is longer than an 850 can carry.
    """
    for line in batch.lines:
        _fits(line)
    found = orders(batch)
    return _sent(batch, [(order.supplier_id, _document_850(batch, order)) for order in found], "850")


def order_changes(batch: Batch) -> bytes:
    """The batch's hastened or cancelled lines as 860, one document for each purchase order that is changed.

    A cancellation says what is taken off (POC03) and, where that is known, what is left to come (POC04). The day of the
    order (BCH06) is not known here; the day of the change stands for it.

    >>> from datetime import date
    >>> line = ExportLine(
    ...     "expedite-1", "expedite", "k", po_id="4711", line_key="10", supplier_id="S1", needed_date=date(2026, 11, 30)
    ... )
    >>> batch = Batch("expedite", "Acme", datetime.fromisoformat("2026-11-20T09:00:00Z"), (line,))
    >>> [text for text in order_changes(batch).decode().splitlines() if text[:3] in ("POC", "DTM")]
    ['POC*10*CT~', 'DTM*002*20261130~']

    Errors: a Refusal where a line does not say which line of which order, or by when or how much.
    """
    groups: dict[tuple[str, str, str], list[ExportLine]] = {}
    for line in batch.lines:
        _fits(line)
        _says_enough(line)
        groups.setdefault((line.supplier_id, line.po_id, line.site_id), []).append(line)
    found = [(supplier, _document_860(batch, po, site, lines)) for (supplier, po, site), lines in groups.items()]
    return _sent(batch, found, "860")


def read_orders(content: bytes) -> tuple[ExportLine, ...]:
    """The purchases of an 850, with the fields that it carries."""
    found: list[ExportLine] = []
    for document in read(content).transactions:
        found.extend(_lines_of(document, "PO1") if document.code == "850" else ())
    return tuple(found)


def read_changes(content: bytes) -> tuple[ExportLine, ...]:
    """The hastened and cancelled lines of an 860, with the fields that it carries."""
    found: list[ExportLine] = []
    for document in read(content).transactions:
        found.extend(_lines_of(document, "POC") if document.code == "860" else ())
    return tuple(found)


def control_number(batch: Batch) -> int:
    """The number of the batch's first interchange, 1–999,000,000, always the same for the same batch."""
    return int(batch.batch_id.removeprefix("export-"), 16) % 999_000_000 + 1


def _sent(batch: Batch, documents: Sequence[tuple[str, list[Sequence[str]]]], code: str) -> bytes:
    mark = separators_for(batch.lines, batch.company_title, batch.batch_id)
    by_supplier: dict[str, list[tuple[str, list[Sequence[str]]]]] = {}
    for supplier, segments in documents:
        by_supplier.setdefault(supplier, []).append((code, segments))
    return "".join(
        interchange(
            found,
            sender=batch.company_title,
            receiver=supplier,
            at=batch.created_at,
            control_no=control_number(batch) + place,
            separators=mark,
        )
        for place, (supplier, found) in enumerate(by_supplier.items())
    ).encode()


def _document_850(batch: Batch, order: Order) -> list[Sequence[str]]:
    day = f"{batch.created_at:%Y%m%d}"
    found: list[Sequence[str]] = [
        ("BEG", "00", "SA", order.po_number, "", day),
        ("CUR", "BY", batch.currency_code),
        ("REF", "BT", batch.batch_id, batch.kind),
        ("DTM", "004", day),
        *_partners(batch, order.supplier_id, order.site_id),
    ]
    for number, line in enumerate(order.lines, start=1):
        price = "" if line.unit_price is None else plain(line.unit_price)
        found.append(("PO1", str(number), _quantity(line.qty), line.unit_code, price, "", "BP", line.sku_id))
        found.extend(("PID", "F", "", "", "", part) for part in _cut(line.sku_name, TEXT_LETTERS))
        found.append(("REF", "ZZ", line.proposal_id, line.idempotency_key))
        if line.needed_date is not None:
            found.append(("DTM", "002", f"{line.needed_date:%Y%m%d}"))
    return [
        *found,
        ("CTT", str(len(order.lines)), _quantity(sum((line.qty or Decimal(0) for line in order.lines), Decimal(0)))),
    ]


def _document_860(batch: Batch, po_id: str, site_id: str, lines: Sequence[ExportLine]) -> list[Sequence[str]]:
    day = f"{batch.created_at:%Y%m%d}"
    found: list[Sequence[str]] = [
        ("BCH", "04", "SA", po_id, "", "", day, "", "", "", "", day),
        ("REF", "BT", batch.batch_id, batch.kind),
        *_partners(batch, lines[0].supplier_id, site_id),
    ]
    for line in lines:
        left = "" if line.open_qty is None or line.qty is None else _quantity(line.open_qty - line.qty)
        unit = line.unit_code if line.qty is not None else ""
        what = ("", "", "BP", line.sku_id) if line.sku_id else ()
        found.append(("POC", line.line_key, _change_code(line), _quantity(line.qty), left, unit, *what))
        found.append(("REF", "ZZ", line.proposal_id, line.idempotency_key))
        if line.needed_date is not None:
            found.append(("DTM", "002", f"{line.needed_date:%Y%m%d}"))
    return [*found, ("CTT", str(len(lines)))]


def _change_code(line: ExportLine) -> str:
    if line.kind == "expedite":
        return DATES
    return DELETED if line.open_qty in (None, line.qty) else DECREASED


def _partners(batch: Batch, supplier_id: str, site_id: str) -> list[Sequence[str]]:
    title = _cut(batch.company_title, NAME_LETTERS)[:3]
    buyer = [("N1", "BY", *title[:1]), *([("N2", *title[1:])] if title[1:] else [])] if title else []
    return [*buyer, ("N1", "SU", "", "92", supplier_id), *([("N1", "ST", "", "92", site_id)] if site_id else [])]


def _lines_of(document: Transaction, name: str) -> list[ExportLine]:
    """The lines of a document of ours: what stands at its head, then each item with what follows it."""
    head: dict[str, str] = {"kind": "", "supplier_id": "", "site_id": "", "po_id": ""}
    items: list[list[tuple[str, ...]]] = []
    for segment in document.segments:
        match segment[0], element(segment, 1):
            case "CTT", _:
                break
            case "REF", "BT" if not items:
                head["kind"] = element(segment, 3)
            case "N1", "SU":
                head["supplier_id"] = element(segment, 4)
            case "N1", "ST":
                head["site_id"] = element(segment, 4)
            case "BCH", _:
                head["po_id"] = element(segment, 3)
            case item, _ if item == name:
                items.append([segment])
            case _ if items:
                items[-1].append(segment)
    return [_line_of(item, head) for item in items]


def _line_of(item: Sequence[tuple[str, ...]], head: dict[str, str]) -> ExportLine:
    first, rest = item[0], item[1:]
    about = next((part for part in rest if part[0] == "REF" and element(part, 1) == "ZZ"), ())
    dates = [element(part, 2) for part in rest if part[0] == "DTM" and element(part, 1) == "002"]
    shared: dict[str, Any] = {
        **head,
        "proposal_id": element(about, 2),
        "idempotency_key": element(about, 3),
        "sku_name": "".join(element(part, 5) for part in rest if part[0] == "PID"),
    }
    needed = datetime.strptime(dates[0], "%Y%m%d").date() if dates else None  # noqa: DTZ007 — a day has no zone
    if first[0] == "PO1":
        qty, price = _number(element(first, 2)), _number(element(first, 4))
        own = {"unit_code": element(first, 3), "sku_id": element(first, 7)}
        return ExportLine(**{**shared, **own}, qty=qty, unit_price=price, needed_date=needed)
    qty, left = _number(element(first, 3)), _number(element(first, 4))
    # Without a quantity there is no unit to tell; ours is then the usual one.
    own = {
        "line_key": element(first, 1),
        "unit_code": element(first, 5) if qty is not None else "EA",
        "sku_id": element(first, 9),
    }
    open_qty = None if left is None or qty is None else left + qty
    return ExportLine(**{**shared, **own}, qty=qty, open_qty=open_qty, needed_date=needed)


def _says_enough(line: ExportLine) -> None:
    missing = [name for name in ("supplier_id", "po_id", "line_key") if not getattr(line, name)]
    if line.kind == "expedite" and line.needed_date is None:
        missing.append("needed_date")
    if line.kind == "cancel_purchase" and (line.qty is None or line.qty <= 0):
        missing.append("qty")
    if line.kind not in CHANGING or missing:
        why = f"{line.proposal_id} lacks {', '.join(missing)}" if missing else f"an 860 cannot carry {line.kind}"
        raise Refusal("Nothing was exported.", f"{why}.", "Export it as a table (CSV, XLSX).")


def _fits(line: ExportLine) -> None:
    for name, most in LONGEST.items():
        if len(getattr(line, name)) > most:
            why = f"{name} of {line.proposal_id} is longer than the {most} characters that X12 has for it."
            raise Refusal("Nothing was exported.", why, "Export it as a table (CSV, XLSX).")
    for name, most in DIGITS.items():
        number = getattr(line, name)
        if number is not None and len(plain(abs(number)).replace(".", "")) > most:
            why = f"{name} of {line.proposal_id} has more than the {most} digits that X12 has for it."
            raise Refusal("Nothing was exported.", why, "Round it, and decide again.")


def _cut(text: str, letters: int) -> list[str]:
    return [text[at : at + letters] for at in range(0, len(text), letters)]


def _quantity(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
