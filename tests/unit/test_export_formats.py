"""Approved actions as files: what each format says, that it reads back, and what it refuses to carry."""

import io
import json
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from decisions.exports import cells, csv_lines, formats, lines, ubl_order, x12_orders, x12_text
from decisions.exports.lines import Batch, ExportLine
from errors import Refusal
from pages.parts import export as downloads

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    "'s-Hertogenbosch",
    'a,b;"c"',
    "x*y~z>w^v",
    "<&>]]>",
    "日本 ü",
    "＝1",
    "  =1",
    " x ",
]


def purchase(number=1, **fields):
    about = {
        "sku_id": f"A{number}",
        "site_id": "NORTH",
        "supplier_id": "S1",
        "qty": Decimal(240),
        "unit_price": Decimal("1.25"),
    }
    return ExportLine(f"purchase-{number}", "purchase", f"key{number}", **{**about, **fields})


def batch(*found, kind="purchase", **fields):
    return Batch(kind, "Acme & Sons", AT, found or (purchase(),), exported_by="ada", policy_version=3, **fields)


def segments(content, *names):
    text = content.decode()
    return [line.rstrip("~") for line in text.splitlines() if line.split("*")[0] in names]


@pytest.mark.parametrize("name", ["csv", "xlsx", "json", "x12_850", "ubl"])
def test_a_purchase_reads_back_whatever_it_is_called(name):
    found = [purchase(n, sku_id=text, sku_name=text, needed_date=date(2026, 12, n + 1)) for n, text in enumerate(NASTY)]
    file = formats.made(batch(*found), name)
    form = formats.FORMATS[name]
    assert form.read(file.content) == tuple(line.only(form.carried) for line in found)
    assert file.totals == lines.Totals(len(NASTY), Decimal(240 * len(NASTY)), Decimal(300 * len(NASTY)))


def test_every_format_gives_the_same_bytes_again():
    for form in formats.formats_for("purchase"):
        assert form.write(batch()) == form.write(batch()), form.name


def test_no_cell_of_a_csv_starts_a_formula_and_numbers_stay_numbers():
    content = csv_lines.written(batch(purchase(sku_id="=cmd|' /C calc'!A0", qty=Decimal(-5)))).decode("utf-8-sig")
    row = content.splitlines()[1]
    assert ",'=cmd|" in row
    assert ",-5," in row


def test_the_workbook_says_who_when_and_how_much():
    file = formats.made(batch(purchase(1), purchase(2)), "xlsx")
    about = dict(pl.read_excel(io.BytesIO(file.content), sheet_name="About", has_header=False).rows())
    assert about["Exported by"] == "ada"
    assert about["Exported at"] == "2026-11-20 09:30:00 UTC"
    assert (about["Policy version"], about["Rows"], about["Units in total"], about["Amount in total"]) == (
        "3",
        "2",
        "480",
        "600",
    )
    book = zipfile.ZipFile(io.BytesIO(file.content))
    assert all(b"<f>" not in book.read(name) for name in book.namelist())


def test_downloads_and_exports_have_one_idea_of_a_harmless_cell():
    for cell in [*NASTY, -3.5, None, True, "a\x00b", "x" * 40_000, "\u200b=1"]:
        assert cells.harmless(cell) == downloads.harmless(cell)


def test_an_850_has_fixed_widths_right_counts_and_one_number_throughout():
    found = [purchase(1), purchase(2, sku_name="Bolt"), purchase(3, site_id="SOUTH"), purchase(4, supplier_id="S2")]
    content = x12_orders.purchase_orders(batch(*found))
    isa = content.decode().splitlines()[0]
    assert len(isa) == 106
    assert isa.startswith("ISA*00*          *00*          *ZZ*ACME  SONS     *ZZ*S1             *261120*0930*^*00501*")
    reading = x12_text.read(content)
    assert reading.warnings == ()
    assert [one.code for one in reading.transactions] == ["850"] * 3
    assert len(segments(content, "IEA")) == 2, "a partner gets an interchange of its own"
    assert segments(content, "PO1")[:2] == ["PO1*1*240*EA*1.25**BP*A1", "PO1*2*240*EA*1.25**BP*A2"]
    assert segments(content, "CTT") == ["CTT*2*480", "CTT*1*240", "CTT*1*240"]
    assert [text.split("*")[3] for text in segments(content, "BEG")] == [
        one.po_number for one in lines.orders(batch(*found))
    ]
    assert all(len(one.po_number) <= 22 for one in lines.orders(batch(*found)))


def test_separators_keep_away_from_what_stands_in_the_data():
    plain, odd = x12_orders.purchase_orders(batch()), x12_orders.purchase_orders(batch(purchase(sku_id="A*1~")))
    assert plain[3:4] == b"*"
    assert odd[3:4] == b"\x1d"
    assert b"A*1~" in odd


def test_an_860_hastens_or_takes_off():
    about = {"po_id": "4711", "line_key": "10", "supplier_id": "S1", "sku_id": "A1"}
    sooner = ExportLine("expedite-1", "expedite", "k", **about, needed_date=date(2026, 11, 30), days=5)
    file = formats.made(batch(sooner, kind="expedite"), "x12_860")
    assert segments(file.content, "BCH", "POC", "DTM") == [
        "BCH*04*SA*4711***20261120*****20261120",
        "POC*10*CT******BP*A1",
        "DTM*002*20261130",
    ]
    part = ExportLine("cancel-1", "cancel_purchase", "k", **about, qty=Decimal(40), open_qty=Decimal(100))
    whole = replace(part, proposal_id="cancel-2", line_key="20", qty=Decimal(100))
    unknown = replace(part, proposal_id="cancel-3", line_key="30", open_qty=None)
    file = formats.made(batch(part, whole, unknown, kind="cancel_purchase"), "x12_860")
    assert [text.split("*")[1:5] for text in segments(file.content, "POC")] == [
        ["10", "QD", "40", "60"],
        ["20", "DI", "100", "0"],
        ["30", "DI", "40", ""],
    ]
    assert x12_text.read(file.content).warnings == ()


def test_a_ubl_order_has_its_elements_in_the_order_of_the_schema():
    file = formats.made(batch(purchase(needed_date=date(2026, 12, 1), sku_name="Bolt")), "ubl")
    top = ET.fromstring(file.content)
    names = [one.tag.split("}")[1] for one in top]
    assert names == [
        "UBLVersionID", "ID", "IssueDate", "IssueTime", "DocumentCurrencyCode", "LineCountNumeric",
        "OriginatorDocumentReference", "BuyerCustomerParty", "SellerSupplierParty", "Delivery", "AnticipatedMonetaryTotal", "OrderLine",
    ]  # fmt: skip
    item = next(top.iterfind("cac:OrderLine/cac:LineItem", ubl_order.SPACES))
    assert [one.tag.split("}")[1] for one in item] == [
        "ID",
        "Quantity",
        "LineExtensionAmount",
        "Delivery",
        "Price",
        "Item",
    ]
    assert file.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<Order xmlns=")


def test_several_orders_are_several_ubl_documents():
    both = batch(purchase(1), purchase(2, supplier_id="S2"))
    with pytest.raises(Refusal, match="2 orders"):
        formats.made(both, "ubl")
    assert [formats.made(one, "ubl").totals.row_count for one in formats.split(both, "ubl")] == [1, 1]


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Order>&x;</Order>',
        '<?xml version="1.0" encoding="utf-16"?><Order/>'.encode("utf-16"),
        b"<Order/>",
        b"<Order",
        b"<a>\xff</a>",
    ],
)
def test_xml_that_could_reach_out_or_is_no_order_is_refused(content):
    with pytest.raises(Refusal, match="not read"):
        ubl_order.read(content)


def test_an_order_with_a_document_type_is_refused_however_good_it_is_otherwise():
    head, order = formats.made(batch(), "ubl").content.split(b"\n", 1)
    assert ubl_order.read(head + order) == ubl_order.read(head + b"<!-- said -->" + order)
    for type_ in (b"<!DOCTYPE Order>", b'<!DOCTYPE a [<!ENTITY x "y">]>'):
        with pytest.raises(Refusal, match="document type"):
            ubl_order.read(head + type_ + order)


def test_json_counts_itself():
    said = json.loads(formats.made(batch(purchase(1), purchase(2)), "json").content)
    assert said["control_totals"] == {"row_count": 2, "total_qty": "480", "total_amount": "600"}
    assert said["lines"][0]["qty"] == "240"
    assert "order_id" not in said["lines"][0]


@pytest.mark.parametrize(
    ("line", "name", "why"),
    [
        (purchase(supplier_id=""), "x12_850", "no purchase of a quantity"),
        (purchase(qty=Decimal(0)), "ubl", "no purchase of a quantity"),
        (purchase(sku_id="A" * 49), "x12_850", "longer than the 48"),
        (purchase(qty=Decimal("1234567890.1234567")), "x12_850", "more than the 15 digits"),
    ],
)
def test_what_a_format_cannot_carry_is_refused_and_not_cut(line, name, why):
    with pytest.raises(Refusal, match=why):
        formats.made(batch(line), name)


def test_what_an_860_has_to_know_is_asked_for():
    line = ExportLine("expedite-1", "expedite", "k", po_id="4711", supplier_id="S1")
    with pytest.raises(Refusal, match="lacks line_key, needed_date"):
        formats.made(batch(line, kind="expedite"), "x12_860")
    with pytest.raises(Refusal, match="cannot leave as ubl"):
        formats.made(batch(line, kind="expedite"), "ubl")


def test_a_file_that_does_not_read_back_does_not_leave(monkeypatch):
    csv = formats.FORMATS["csv"]
    monkeypatch.setattr(formats, "FORMATS", {"csv": replace(csv, read=lambda content: csv.read(content)[1:])})
    with pytest.raises(Refusal, match="does not say what was approved"):
        formats.made(batch(), "csv")


def test_an_allocation_has_a_line_for_each_order_line():
    action = {
        "sku_id": "A1", "site_id": "N", "rule": "tier",
        "lines": [{"order_id": "O1", "line_key": "1", "qty": "5"}, {"order_id": "O2", "line_key": "1", "qty": "3", "tier": "B"}],
    }  # fmt: skip
    found = lines.lines_of("allocate-1", "allocate", action, "key", approved_by="ada")
    assert [(line.order_id, line.qty, line.rule) for line in found] == [("O1", 5, "tier"), ("O2", 3, "tier")]
    assert found[1].more == '{"tier": "B"}'
    assert len({line.idempotency_key for line in found}) == 2
    assert formats.made(Batch("allocate", "Acme", AT, found), "csv").totals.total_qty == 8


def test_a_batch_is_the_same_whenever_and_in_whichever_order_it_is_made():
    one, two = batch(purchase(1), purchase(2)), replace(batch(purchase(2), purchase(1)), created_at=datetime.now(UTC))
    assert one.batch_id == two.batch_id != batch(purchase(1)).batch_id
    with pytest.raises(Refusal, match="Export each kind"):
        batch(purchase(1), kind="transfer")
    with pytest.raises(Refusal, match="no line"):
        Batch("purchase", "Acme", AT, ())


def test_a_character_that_not_every_file_holds_is_refused_in_an_id_and_tidied_in_a_name():
    with pytest.raises(Refusal, match="U\\+000B"):
        purchase(sku_id="A\x0b1")
    (line,) = lines.lines_of(
        "p", "supplier_message", {"text": "Dear all,\r\nplease\x00hurry", "supplier_id": "S1"}, "k", sku_name="a\nb"
    )
    assert (line.text, line.sku_name) == ("Dear all,\nplease hurry", "a b")
    with pytest.raises(Refusal, match="NaN"):
        purchase(qty=Decimal("nan"))
