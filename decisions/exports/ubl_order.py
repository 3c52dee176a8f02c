"""A purchase order as UBL 2.1 XML: elements in the order of the schema; read back without document types or entities."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, date
from decimal import Decimal

from decisions.exports.lines import Batch, ExportLine, orders, plain
from errors import Refusal

ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
PARTS = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
VALUES = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
SPACES = {"": ORDER, "cac": PARTS, "cbc": VALUES}
CARRIED = (
    "idempotency_key", "sku_id", "sku_name", "site_id", "supplier_id", "unit_code", "qty", "unit_price", "needed_date",
)  # fmt: skip
PROPOSAL, KEY, KIND = "crossdock:proposal", "crossdock:idempotency-key", "crossdock:kind"
MOST_BYTES = 20_000_000
for _prefix, _space in SPACES.items():
    ET.register_namespace(_prefix, _space)


def written(batch: Batch) -> bytes:
    """The batch's purchases as one order; several suppliers or sites are several batches (see `formats.split`).

    >>> from datetime import datetime
    >>> line = ExportLine("purchase-1", "purchase", "k1", sku_id="A1", supplier_id="S1", site_id="N", qty=Decimal(240))
    >>> batch = Batch("purchase", "Acme", datetime.fromisoformat("2026-11-20T09:00:00Z"), (line,))
    >>> read(written(batch)) == tuple(one.only(CARRIED) for one in batch.lines)
    True

    Errors: a Refusal for more than one order, and for lines that are no purchases.
    """
    found = orders(batch)
    if len(found) > 1:
        why = f"It holds {len(found)} orders, and a UBL document is one."
        raise Refusal("Nothing was exported.", why, "Export each supplier and site for itself.")
    order, at = found[0], batch.created_at.astimezone(UTC)
    top = ET.Element(f"{{{ORDER}}}Order")
    _value(top, "UBLVersionID", "2.1")
    _value(top, "ID", order.po_number)
    _value(top, "IssueDate", f"{at:%Y-%m-%d}")
    _value(top, "IssueTime", f"{at:%H:%M:%S}Z")
    _value(top, "DocumentCurrencyCode", batch.currency_code)
    _value(top, "LineCountNumeric", str(len(order.lines)))
    reference = _part(top, "OriginatorDocumentReference")
    _value(reference, "ID", batch.batch_id)
    _value(_part(_part(_part(top, "BuyerCustomerParty"), "Party"), "PartyName"), "Name", batch.company_title or "Buyer")
    seller = _part(_part(top, "SellerSupplierParty"), "Party")
    _value(_part(seller, "PartyIdentification"), "ID", order.supplier_id)
    if order.site_id:
        _value(_part(_part(top, "Delivery"), "DeliveryLocation"), "ID", order.site_id)
    if all(line.amount is not None for line in order.lines):
        money = plain(batch.totals.total_amount)
        _value(_part(top, "AnticipatedMonetaryTotal"), "PayableAmount", money, {"currencyID": batch.currency_code})
    for number, line in enumerate(order.lines, start=1):
        _line(_part(_part(top, "OrderLine"), "LineItem"), number, line, batch.currency_code)
    return ET.tostring(top, encoding="utf-8", xml_declaration=True)


def read(content: bytes) -> tuple[ExportLine, ...]:
    """The lines of an order, with the fields that it carries.

    Errors: a Refusal where it is no UBL order, or holds a document type or an entity, which could reach for other files.
    """
    top = _parsed(content)
    if top.tag != f"{{{ORDER}}}Order":
        raise _unreadable("It is no UBL order.")
    supplier = _said(top, "cac:SellerSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID")
    site = _said(top, "cac:Delivery/cac:DeliveryLocation/cbc:ID")
    return tuple(_line_of(item, supplier, site) for item in top.iterfind("cac:OrderLine/cac:LineItem", SPACES))


def _line(item: ET.Element, number: int, line: ExportLine, currency: str) -> None:
    _value(item, "ID", str(number))
    unit = {"unitCode": line.unit_code} if line.unit_code else {}
    _value(item, "Quantity", plain(line.qty or Decimal(0)), unit)
    money = {"currencyID": currency}
    if line.amount is not None:
        _value(item, "LineExtensionAmount", plain(line.amount), money)
    if line.needed_date is not None:
        period = _part(_part(item, "Delivery"), "RequestedDeliveryPeriod")
        _value(period, "EndDate", line.needed_date.isoformat())
    if line.unit_price is not None:
        _value(_part(item, "Price"), "PriceAmount", plain(line.unit_price), money)
    thing = _part(item, "Item")
    # A name is compulsory in every profile of UBL that is in use; the number stands in for one that is not known.
    if line.sku_name:
        _value(thing, "Description", line.sku_name)
    _value(thing, "Name", line.sku_name or line.sku_id)
    _value(_part(thing, "BuyersItemIdentification"), "ID", line.sku_id)
    for name, text in ((PROPOSAL, line.proposal_id), (KEY, line.idempotency_key), (KIND, line.kind)):
        more = _part(thing, "AdditionalItemProperty")
        _value(more, "Name", name)
        _value(more, "Value", text)


def _line_of(item: ET.Element, supplier: str, site: str) -> ExportLine:
    more = {
        _said(one, "cbc:Name"): _said(one, "cbc:Value")
        for one in item.iterfind("cac:Item/cac:AdditionalItemProperty", SPACES)
    }
    quantity = item.find("cbc:Quantity", SPACES)
    qty, price = _said(item, "cbc:Quantity"), _said(item, "cac:Price/cbc:PriceAmount")
    day = _said(item, "cac:Delivery/cac:RequestedDeliveryPeriod/cbc:EndDate")
    return ExportLine(
        more.get(PROPOSAL, ""),
        more.get(KIND, ""),
        more.get(KEY, ""),
        sku_id=_said(item, "cac:Item/cac:BuyersItemIdentification/cbc:ID"),
        sku_name=_said(item, "cac:Item/cbc:Description"),
        site_id=site,
        supplier_id=supplier,
        unit_code="" if quantity is None else quantity.get("unitCode", ""),
        qty=Decimal(qty) if qty else None,
        unit_price=Decimal(price) if price else None,
        needed_date=date.fromisoformat(day) if day else None,
    )


def _parsed(content: bytes) -> ET.Element:
    if len(content) > MOST_BYTES:
        raise _unreadable("It is larger than any order.")
    # Looked for in the bytes as they are: only UTF-8 (and what is ASCII in it) is let through, so it cannot hide.
    if b"<!" in content.replace(b"<!--", b"") or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content:
        raise _unreadable("It holds a document type or entities, or is not UTF-8.")
    try:
        content.decode("utf-8")
        return ET.fromstring(content, ET.XMLParser(encoding="utf-8"))  # noqa: S314 — nothing that could expand or reach out is left
    except (ET.ParseError, UnicodeDecodeError) as error:
        raise _unreadable(f"It is no XML: {error}.") from error


def _part(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{PARTS}}}{name}")


def _value(parent: ET.Element, name: str, text: str, said: Mapping[str, str] | None = None) -> None:
    ET.SubElement(parent, f"{{{VALUES}}}{name}", dict(said or {})).text = text


def _said(parent: ET.Element, path: str) -> str:
    return parent.findtext(path, "", SPACES)


def _unreadable(why: str) -> Refusal:
    return Refusal("The order was not read.", why, "Ask for it again, as a UBL 2.1 order.")
