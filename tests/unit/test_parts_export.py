"""Nothing that leaves as a file can start a formula, and every file says what it shows."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import fastexcel
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts import export
from pages.parts.chosen import Chosen
from tests.unit.parts_visit import grown, visit_to

ATTACKS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "\u200b=1",
    "＝1",
    "|cmd",
    "%0A",
    "\ufeff=1",
    "\n=1",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_that_could_start_a_formula_is_quoted(attack):
    assert export.harmless(attack) == "'" + attack


@pytest.mark.parametrize("harmless", [-3.5, 0, Decimal("-1.5"), True, None, dt.date(2026, 1, 1), "A-1", "plain", ""])
def test_numbers_dates_and_plain_text_stay_what_they_are(harmless):
    assert export.harmless(harmless) == harmless


@given(st.text())
def test_no_text_comes_out_that_starts_like_a_formula(text):
    said = export.harmless(text)
    seen = said.lstrip(" \u200b\u00a0\u2003\ufeff")
    assert not seen.startswith(("=", "+", "-", "@", "\t", "\r"))


FRAME = pl.DataFrame(
    {
        "order_id": ["O1", "=cmd|' /C calc'!A0"],
        "net_amount": [Decimal("-12.50"), None],
        "shipped_at": [dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC), None],
        "is_late": [True, False],
        "@name": ["http://example.test", "-2+3"],
        "extra": [[{"key": "a", "value": "=1"}], []],
    }
)


def test_a_csv_holds_the_about_lines_and_harmless_cells():
    text = export.csv_bytes(FRAME, {"Title": "=Late", "Build": "b1"}).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[:3] == [["# Title", "'=Late"], ["# Build", "b1"], []]
    assert rows[3] == ["order_id", "net_amount", "shipped_at", "is_late", "'@name", "extra"]
    assert rows[4] == ["O1", "-12.50", "2026-11-01 08:00:00+00:00", "True", "http://example.test", "a==1"]
    assert rows[5] == ["'=cmd|' /C calc'!A0", "", "", "False", "'-2+3", ""]


def test_a_workbook_has_typed_cells_and_no_formula_or_link():
    made = export.xlsx_bytes(FRAME, {"Title": "Late", "Filters": "=all"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
        assert not any("externalLink" in name for name in archive.namelist())
    book = fastexcel.read_excel(made)
    assert book.sheet_names == ["Rows", "About"]
    rows = book.load_sheet("Rows").to_polars()
    assert rows["net_amount"].to_list() == [-12.5, None]
    assert rows["order_id"].to_list() == ["O1", "'=cmd|' /C calc'!A0"]
    assert book.load_sheet("About", header_row=None).to_polars().rows() == [("Title", "Late"), ("Filters", "'=all")]


def test_every_file_tells_what_it_shows_from_when_and_for_whom():
    visit = visit_to(grown())
    chosen = Chosen(dt.date(2026, 11, 1), dt.date(2026, 11, 14), where={"site_id": ("LYO",)}, names={"LYO": "Lyon"})
    header = export.about(visit, "Late lines", chosen=chosen, source="marts.late_orders")
    assert header["Company"] == "Acme <Ltd>"
    assert header["Filters"] == "1 Nov – 14 Nov 2026; Site: Lyon"
    assert (header["Data to"], header["Build"], header["Downloaded by"]) == ("2026-11-14", "b1", "ana")
    assert header["Source"] == "marts.late_orders"


def test_a_file_name_holds_no_path_and_no_surprise():
    visit = visit_to(grown())
    assert export.file_name(visit, "../../x =1", "csv") == "acme_x_1_2026-11-14.csv"
