"""What every format of export is made of: lines, a batch of them, their control totals, and the file that came of it."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from errors import Refusal

ORDERING = ("purchase", "re_source")
LINE_BREAKS = "\n\t"
RENAMED = {"unit_cost": "unit_price"}
ID_DIGITS = 16


@dataclass(frozen=True)
class ExportLine:
    """One approved action as another system is told of it; "" and None stand for what the kind of action does not have.

    Args:
        unit_price: what one unit costs (or, for a corrected price, is to cost), in the batch's currency.
        open_qty: what is still to come of a purchase line before it is changed.
        text: a message, several lines long at will; every other text is one line.
        more: fields of the action that have no place of their own, as JSON.
        approved_by: who said yes, several divided by commas; a policy that allows it alone is named as such.
    """

    proposal_id: str
    kind: str
    idempotency_key: str = ""
    sku_id: str = ""
    sku_name: str = ""
    site_id: str = ""
    from_site_id: str = ""
    to_site_id: str = ""
    supplier_id: str = ""
    customer_id: str = ""
    order_id: str = ""
    line_key: str = ""
    po_id: str = ""
    shipment_id: str = ""
    rule: str = ""
    unit_code: str = "EA"
    qty: Decimal | None = None
    unit_price: Decimal | None = None
    open_qty: Decimal | None = None
    reorder_point_qty: Decimal | None = None
    order_up_to_qty: Decimal | None = None
    days: int | None = None
    needed_date: date | None = None
    text: str = ""
    more: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None

    def __post_init__(self) -> None:
        for name in TEXTS:
            if strange := _strange(getattr(self, name), LINE_BREAKS if name == "text" else ""):
                raise _not(
                    f"{name} of {self.proposal_id!r} holds the character U+{ord(strange):04X}, which not every file can carry",
                    "Correct it in the source.",
                )
        for name in DECIMALS:
            number = getattr(self, name)
            if number is not None and not number.is_finite():
                raise _not(f"{name} of {self.proposal_id} is {number}", "Decide on it again.")
        if self.approved_at is not None and self.approved_at.tzinfo is None:
            raise ValueError(f"{self.approved_at} has no time zone, so it is no instant.")

    @property
    def amount(self) -> Decimal | None:
        """Quantity × unit price, exactly; None where either is missing."""
        return None if self.qty is None or self.unit_price is None else self.qty * self.unit_price

    def only(self, names: Iterable[str]) -> "ExportLine":
        """The line with these fields only (and its proposal and kind), as a format that carries no others gives it back."""
        kept = {"proposal_id", "kind", *names}
        bare: dict[str, Any] = {item.name: item.default for item in fields(self) if item.name not in kept}
        return replace(self, **bare)


COLUMNS = tuple(item.name for item in fields(ExportLine))
DECIMALS = ("qty", "unit_price", "open_qty", "reorder_point_qty", "order_up_to_qty")
TEXTS = tuple(name for name in COLUMNS if name not in (*DECIMALS, "days", "needed_date", "approved_at"))


@dataclass(frozen=True)
class Totals:
    """What a receiver counts again: rows, units, and money (of the lines that have it)."""

    row_count: int
    total_qty: Decimal
    total_amount: Decimal


@dataclass(frozen=True)
class Batch:
    """Lines of one kind that leave together.

    Args:
        created_at: an instant with a zone.
        exported_by: who sent it off.
        policy_version: of the policy that let the lines through.
        attempt: 2 and more where the same lines leave once more because their receiver could not take them.

    >>> line = ExportLine("purchase-1", "purchase", "k1", sku_id="A1", qty=Decimal(240), unit_price=Decimal("1.25"))
    >>> batch = Batch("purchase", "Acme", datetime.fromisoformat("2026-11-20T09:00:00Z"), (line,))
    >>> batch.totals
    Totals(row_count=1, total_qty=Decimal('240'), total_amount=Decimal('300.00'))
    """

    kind: str
    company_title: str
    created_at: datetime
    lines: tuple[ExportLine, ...]
    currency_code: str = "EUR"
    exported_by: str = ""
    policy_version: int = 1
    attempt: int = 1
    about: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.lines:
            raise _not("there is no line in it", "Choose what is to be exported.")
        if others := sorted({line.kind for line in self.lines} - {self.kind}):
            raise _not(f"it is of kind {self.kind} and holds {', '.join(others)}", "Export each kind for itself.")
        if any(_strange(text, "") for text in (self.company_title, self.exported_by, self.currency_code)):
            raise _not("the company's title or the person's name holds a control character", "Correct the settings.")

    @property
    def batch_id(self) -> str:
        """Its identity: a hash of kind, attempt and its lines' idempotency keys, in whichever order and whenever it is made."""
        said = [self.kind, sorted(line.idempotency_key or line.proposal_id for line in self.lines), self.attempt]
        return f"export-{_hash(said)[:ID_DIGITS]}"

    @property
    def totals(self) -> Totals:
        """Its control totals."""
        return totals(self.lines)


@dataclass(frozen=True)
class Order:
    """Lines that one supplier is to send to one site, under a number of ours of at most 22 characters."""

    po_number: str
    supplier_id: str
    site_id: str
    lines: tuple[ExportLine, ...]


@dataclass(frozen=True)
class ExportFile:
    """A file ready to leave: its name, its bytes, and what its receiver can check them by."""

    file_name: str
    format_name: str
    media_type: str
    content: bytes
    totals: Totals

    @property
    def file_hash(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def totals(lines: Iterable[ExportLine]) -> Totals:
    """The control totals of lines."""
    found = list(lines)
    units = sum((line.qty for line in found if line.qty is not None), Decimal(0))
    return Totals(len(found), units, sum((line.amount or Decimal(0) for line in found), Decimal(0)))


def idempotency_key(kind: str, subject: Mapping[str, str], content: str, period: str) -> str:
    """The one name of a wish in a period: the same kind, subject, content and period give the same key of 64 hex digits.

    >>> idempotency_key("purchase", {"sku_id": "A1"}, "c0ffee", "2026-11-20")[:12]
    '7be1551704a7'
    """
    return _hash([kind, dict(sorted(subject.items())), content, period])


def lines_of(proposal_id: str, kind: str, action: Mapping[str, Any], key: str, **about: Any) -> tuple[ExportLine, ...]:
    """The lines of one approved action; an allocation has one for each order line that is given something.

    `about` is what the action itself does not say: approved_by, approved_at, sku_name, needed_date, open_qty.

    >>> lines_of("purchase-1", "purchase", {"sku_id": "A1", "qty": Decimal(5), "unit_cost": "1.20"}, "k")[0].unit_price
    Decimal('1.20')
    """
    parts = action.get("lines")
    if kind == "allocate" and isinstance(parts, list | tuple):
        rest = {name: value for name, value in action.items() if name != "lines"}
        return tuple(
            _line(proposal_id, kind, {**rest, **part}, _hash([key, place]), about) for place, part in enumerate(parts)
        )
    return (_line(proposal_id, kind, action, key, about),)


def orders(batch: Batch) -> tuple[Order, ...]:
    """The batch's purchases by supplier and site, each a purchase order with a number of its own.

    Errors: a Refusal where a line is no purchase or lacks its supplier, SKU or quantity.
    """
    groups: dict[tuple[str, str], list[ExportLine]] = {}
    for line in batch.lines:
        if line.kind not in ORDERING or not (line.supplier_id and line.sku_id) or line.qty is None or line.qty <= 0:
            raise _not(
                f"{line.proposal_id} is no purchase of a quantity from a supplier", "Export it as a table (CSV, XLSX)."
            )
        groups.setdefault((line.supplier_id, line.site_id), []).append(line)
    prefix = f"XD{batch.batch_id.removeprefix('export-')[:12]}"
    return tuple(
        Order(f"{prefix}-{number:02d}", supplier, site, tuple(found))
        for number, ((supplier, site), found) in enumerate(groups.items(), start=1)
    )


def plain(number: Decimal) -> str:
    """A decimal as digits only, without exponent and idle zeros.

    >>> plain(Decimal("1E+3")), plain(Decimal("12.50")), plain(Decimal("-0"))
    ('1000', '12.5', '0')
    """
    # No context: normalize() would round to 28 digits.
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0", "-") else text


def _line(proposal_id: str, kind: str, action: Mapping[str, Any], key: str, about: Mapping[str, Any]) -> ExportLine:
    found: dict[str, Any] = {}
    more: dict[str, Any] = {}
    for name, value in action.items():
        place = RENAMED.get(name, name)
        if value is None:
            continue
        if place in DECIMALS:
            found[place] = Decimal(str(value))
        elif place == "days":
            found[place] = int(value)
        elif place == "needed_date":
            found[place] = value if isinstance(value, date) else date.fromisoformat(str(value))
        elif place in TEXTS and place not in ("proposal_id", "kind", "idempotency_key", "more"):
            found[place] = str(value)
        else:
            more[name] = value
    said = json.dumps(more, sort_keys=True, ensure_ascii=True, default=str) if more else ""
    known = {**found, **about}
    # Names and messages were typed by people; ids are not touched, for another id is another thing.
    known |= {name: _tidied(known[name], name) for name in ("sku_name", "text") if known.get(name)}
    return ExportLine(proposal_id, kind, key, **known, more=said)


def _tidied(text: str, name: str) -> str:
    allowed = LINE_BREAKS if name == "text" else ""
    whole = text.replace("\r\n", "\n")
    return "".join(" " if _strange(letter, allowed) else letter for letter in whole)


def _strange(text: str, allowed: str) -> str:
    """The first character that some format cannot hold: controls, halves of pairs, and code points that are no characters."""
    for letter in text:
        code = ord(letter)
        if letter in allowed:
            continue
        if unicodedata.category(letter) in ("Cc", "Cs") or (code & 0xFFFE) == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            return letter
    return ""


def _hash(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def _not(why: str, fix: str) -> Refusal:
    return Refusal("Nothing was exported.", f"{why[:1].upper()}{why[1:]}.", fix)
