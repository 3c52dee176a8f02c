"""Extracts of systems that Crossdock has never seen: other headings, encodings and ways of writing are read, or refused with a way on."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from errors import Refusal
from pipelines import flow
from pipelines.loads import examine
from store.company import create_company

GERMAN_STOCK = """\
Artikel-Nr.;Bezeichnung;Lagerort;Stichtag;Bestand;Reserviert;Bestellt
4711;Schraube M8×40 groß;Köln;14.11.2026;1.200,500;100;0
4712;Mutter für Straße;Köln;14.11.2026;3;0;5.000
4713;Öl 5 l;Güstrow;14.11.2026;-2;0;12
"""
SAP_ORDER_ITEMS = """\
VBELN\tPOSNR\tMATNR\tWERKS\tKWMENG\tNETPR\tNETWR\tERDAT
0000004711\t000010\tMAT-1\t1000\t12,000\t3,50\t42,00\t20261114
0000004711\t000020\tMAT-2\t1000\t1.200,000\t0,10\t120,00\t20261114
0000004712\t000010\tMAT-1\t1000\t5,000-\t3,50\t17,50-\t20261115
"""
FRENCH_ORDERS = """\
N° commande;Ligne;Code article;Code client;Date de commande;Date souhaitée;Qté commandée;Qté livrée;Prix unitaire
C1;1;A1;D1;03/11/2026;20/11/2026;10;10;1 234,50
C1;2;A2;D1;03/11/2026;20/11/2026;2;0;3,00
C2;1;A1;D2;05/11/2026;25/11/2026;4;4;1 234,50
"""
ENGLISH_PURCHASES = """\
PO Number,Line,Vendor,Item No,PO Date,Promise Date,Order Qty,Qty Received,Unit Cost,Receipt Date
P1,1,V1,A,2026-10-01,2026-10-20,100,100,2.5,2026-10-19
P1,2,V1,B,2026-10-01,2026-10-20,"1,050",40,3.0,2026-10-25
P2,1,V2,A,2026-10-05,2026-10-30,10,,2.6,
"""
AMERICAN_RETAIL = """\
Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Segment,Country,City,Region,Product ID,Product Name,Sales,Quantity,Profit
1,CA-1,11/8/2016,11/11/2016,Second Class,CG-1,Consumer,United States,Henderson,South,FUR-1,Café table,261.96,2,41.9136
2,CA-1,11/8/2016,11/11/2016,Second Class,CG-1,Consumer,United States,Henderson,South,FUR-2,Chair,731.94,3,219.582
3,CA-2,6/12/2016,6/16/2016,Same Day,DV-1,Corporate,United States,Québec,West,OFF-1,Labels,14.62,2,-6.8714
"""
OTHERS = {
    "german-stock": (
        GERMAN_STOCK.replace("×", "x").replace("\n", "\r\n").encode("cp1252"),
        "stock_days",
        {"sku_id": "4711", "site_id": "Köln", "stock_date": dt.date(2026, 11, 14), "on_hand_qty": Decimal("1200.5")},
    ),
    "sap-order-items": (
        SAP_ORDER_ITEMS.replace("\n", "\r\n").encode("utf-16"),
        "order_lines",
        {
            "order_id": "0000004712",
            "line_key": "000010",
            "site_id": "1000",
            "ordered_qty": -5,
            "net_amount": Decimal("-17.5"),
        },
    ),
    "french-orders": (
        FRENCH_ORDERS.encode("utf-8-sig"),
        "order_lines",
        {"order_id": "C2", "requested_date": dt.date(2026, 11, 25), "shipped_qty": 4, "unit_price": Decimal("1234.5")},
    ),
    "english-purchases": (
        ENGLISH_PURCHASES.encode("utf-8"),
        "purchase_lines",
        {
            "po_id": "P1",
            "line_key": "2",
            "supplier_id": "V1",
            "ordered_qty": 1050,
            "last_received_date": dt.date(2026, 10, 25),
        },
    ),
    "american-retail": (
        AMERICAN_RETAIL.encode("latin-1"),
        "order_lines",
        {
            "order_id": "CA-2",
            "line_key": "OFF-1#1",
            "shipped_date": dt.date(2016, 6, 16),
            "margin_amount": Decimal("-6.8714"),
        },
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_system_never_seen_is_read_by_its_words_and_values(name: str, tmp_path: Path) -> None:
    """Extract, dialect, encoding, date order and decimal sign are found without a word from anybody, and reasons are given."""
    content, contract, expected = OTHERS[name]
    path = tmp_path / "export.txt"
    path.write_bytes(content)
    _, found = examine(create_company("other"), path, is_trusted=True)
    (part,) = found.parts
    assert (part.contract, part.lines_in, part.accepted, part.set_aside) == (contract, 3, 3, 0)
    rows = pl.read_parquet(Path(found.folder) / part.path).to_dicts()
    assert [row for row in rows if expected.items() <= row.items()], rows
    assert found.because


def test_a_known_source_in_small_letters_is_the_same_source(shared: Path, tmp_path: Path) -> None:
    """USAID's own site writes the headings of SCMS small, other copies of Northwind and DataCo differ likewise."""
    company = create_company("other")
    for name, source, contracts in (
        ("scms/SCMS_Delivery_History_Dataset.csv", "scms", 9),
        ("dataco_sample/DataCoSupplyChainDataset.csv", "dataco", 5),
    ):
        header, _, rest = (shared / "data" / name).read_text("utf-8").partition("\n")
        path = tmp_path / "small.csv"
        path.write_text(header.lower() + "\n" + "\n".join(rest.splitlines()[:500]) + "\n", "utf-8")
        _, found = examine(company, path, is_trusted=True)
        assert [reading["reading"]["source"] for reading in found.sheets] == [source]
        assert [part.set_aside for part in found.parts] == [0] * contracts
        said = str([pl.read_parquet(Path(found.folder) / part.path).to_dicts() for part in found.parts])
        assert "customer lname" not in said.lower()


def test_spare_parts_of_a_lorry_maker_are_read_as_articles(shared: Path) -> None:
    """A real file of research data, not of any system: 3,451 articles with pack size and cost."""
    company = create_company("other")
    landed = flow.land(company, shared / "data/spare_parts/man_items.csv", who="tests", is_trusted=True)
    assert [(part.contract, part.accepted, part.set_aside) for part in landed.parts] == [("skus", 3_451, 0)]
    flow.refresh(company, who="tests")


NO_EXTRACTS = [
    "sales_weekly_uci/Sales_Transactions_Dataset_Weekly.csv",  # a workbook by its bytes, weeks side by side
    "sales_weekly_uci/weekly_units.parquet",
    "spare_parts/AUTO.xls",
    "spare_parts/carparts_monthly.parquet",
    "llm/genai_prices_data.json",
    "llm/AzureLLMInferenceTrace_code.csv",
    "llm/routellm_gsm8k_responses.csv",
    "documents/edi/x12.850.edi",
    "documents/invoices_pdf/coolblue1.pdf",
]


@pytest.mark.parametrize("name", NO_EXTRACTS)
def test_a_file_that_is_no_extract_is_refused_with_a_way_on(shared: Path, name: str) -> None:
    """Nothing of it comes into force, and the person reads what was seen in it and what to do."""
    company = create_company("other")
    with pytest.raises(Refusal) as refused:
        flow.land(company, shared / "data" / name, who="tests", is_trusted=True)
    said: Any = refused.value
    assert Path(name).name in said.what
    assert said.why
    assert said.fix
    assert flow.status(company)["loads"] == []
