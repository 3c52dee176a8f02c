"""What would harm whoever opens it is refused before any parser sees it, and the refusal names the fact."""

import gzip
import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from errors import Refusal
from pipelines.read import survey

SPACE = "http://schemas.openxmlformats.org"
TYPES = (
    f'<Types xmlns="{SPACE}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
TOP = (
    f'<Relationships xmlns="{SPACE}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{SPACE}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    f'<workbook xmlns="{SPACE}/spreadsheetml/2006/main" xmlns:r="{SPACE}/officeDocument/2006/relationships">'
    '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>'
)
LINKS = (
    f'<Relationships xmlns="{SPACE}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{SPACE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


def sheet_xml(*cells: str, dimension: str = "") -> str:
    rows = "".join(
        f'<row r="{"".join(filter(str.isdigit, cell))}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'
        for cell in cells
    )
    return f'<worksheet xmlns="{SPACE}/spreadsheetml/2006/main">{dimension}<sheetData>{rows}</sheetData></worksheet>'


def book(tmp_path: Path, sheet: str | bytes, **others: str | bytes) -> Path:
    path = tmp_path / "book.xlsx"
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": TOP,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": LINKS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | others).items():
            archive.writestr(name, content)
    return path


def refused(path: Path, fact: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        survey(path, path.name)
    assert fact in caught.value.why
    assert caught.value.fix
    return caught.value


def test_the_hand_made_workbook_is_a_good_one(tmp_path):
    [sheet] = survey(book(tmp_path, sheet_xml("A1", "A2")), "book.xlsx")
    assert sheet.columns == ("x",)


def test_two_cells_in_far_corners_are_refused_in_a_file_of_two_kilobytes(tmp_path):
    path = book(tmp_path, sheet_xml("A1", "XFD1048576"))
    assert path.stat().st_size < 2_048
    refused(path, "span 1,048,576 rows by 16,384 columns")


@pytest.mark.parametrize(
    "cell",
    ['<c r="XFD1048576"><v>1</v></c>', "<c s='1' r='XFD1048576' >\n<f>1</f></c>", '<x:c r="XFD1048576"><x:v/></x:c>'],
)
def test_a_far_corner_is_found_however_its_cell_is_written(tmp_path, cell):
    xml = sheet_xml("A1").replace("</sheetData>", f'<row r="1048576">{cell}</row></sheetData>')
    refused(book(tmp_path, xml), "span 1,048,576 rows")


def test_a_far_corner_is_found_where_cells_have_no_reference(tmp_path):
    wide = '<row><c r="XFD1"><v>1</v></c></row>'
    xml = sheet_xml().replace("</sheetData>", f'{wide}<row r="1048576"><c><v>1</v></c></row></sheetData>')
    refused(book(tmp_path, xml), "span 1,048,576 rows")


def test_a_declared_size_beyond_reason_is_refused(tmp_path):
    refused(
        book(tmp_path, sheet_xml("A1", dimension='<dimension ref="A1:XFD1048576"/>')), "declares 17,179,869,184 cells"
    )


def test_empty_cells_with_a_format_do_not_count(tmp_path):
    xml = sheet_xml("A1", "A2").replace("</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    assert len(survey(book(tmp_path, xml), "book.xlsx")) == 1


def test_a_part_that_unpacks_a_hundredfold_is_refused(tmp_path):
    refused(book(tmp_path, sheet_xml("A1") + " " * (30 << 20)), "a bomb")


def test_a_size_that_is_a_lie_is_found_out(tmp_path):
    path = book(tmp_path, sheet_xml("A1") + " " * (30 << 20))
    raw = bytearray(path.read_bytes())
    true_size = struct.pack("<I", len(sheet_xml("A1")) + (30 << 20))
    path.write_bytes(raw.replace(true_size, struct.pack("<I", 1_000)))
    refused(path, "a bomb")


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/macrosheets/sheet1.xml", "<x/>", "macros"),
        ("../../evil.xml", "<x/>", "points outside"),
        ("/etc/passwd", "x", "points outside"),
        ("C:/evil.xml", "<x/>", "points outside"),
        ("xl/externalLinks/externalLink1.xml", "<x/>", "links to other workbooks"),
        ("xl/embeddings/book.xlsx", b"PK\x03\x04rest", "another archive"),
        ("xl/theme.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>', "entities"),
        ("xl/theme.xml", "<?xml version='1.0'?><x/>".encode("utf-16"), "not written in UTF-8"),
        ("xl/WORKBOOK.xml", "<x/>", "same name"),
        (
            "xl/_rels/extra.xml.rels",
            '<Relationships><Relationship Type="x/oleObject" TargetMode="External" Target="http://x"/></Relationships>',
            "outside of itself",
        ),
    ],
)
def test_what_no_table_needs_is_refused(tmp_path, name, content, fact):
    refused(book(tmp_path, sheet_xml("A1"), **{name: content}), fact)


def test_a_link_in_a_cell_is_harmless(tmp_path):
    link = '<Relationships><Relationship Type="x/hyperlink" TargetMode="External" Target="http://x"/></Relationships>'
    assert survey(book(tmp_path, sheet_xml("A1"), **{"xl/worksheets/_rels/sheet1.xml.rels": link}), "book.xlsx")


def test_a_macro_workbook_under_a_harmless_name_is_refused(tmp_path):
    types = TYPES.replace("openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")
    refused(book(tmp_path, sheet_xml("A1"), **{"[Content_Types].xml": types}), "macros")


def test_an_archive_of_a_thousand_entries_and_more_is_refused(tmp_path):
    refused(book(tmp_path, sheet_xml("A1"), **{f"xl/{n}.xml": "<x/>" for n in range(1_000)}), "at most 1,000")


def test_a_zip_archive_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "orders.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orders.csv", "a,b\n1,2\n")
    assert refused(path, "a zip archive, not a workbook").fix == "Unpack it and upload the files in it."


def test_a_workbook_cut_short_is_refused(tmp_path):
    path = book(tmp_path, sheet_xml("A1"))
    path.write_bytes(path.read_bytes()[:-300])
    refused(path, "cut short")


def test_a_workbook_with_a_flipped_bit_is_refused_or_read(tmp_path):
    whole = book(tmp_path, sheet_xml(*(f"A{n}" for n in range(1, 200)))).read_bytes()
    for at in range(0, len(whole), 37):
        path = tmp_path / "flipped.xlsx"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        with suppress(Refusal):
            assert survey(path, "flipped.xlsx")


def test_an_old_workbook_with_a_password_is_refused(tmp_path):
    path = tmp_path / "book.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    refused(path, "password")


def test_a_gzip_bomb_is_refused_without_unpacking_all_of_it(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"0" * (200 << 20)))
    refused(path, "a ratio of 100")


@pytest.mark.parametrize("inner", [b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"\xd0\xcf\x11\xe0"])
def test_an_archive_in_an_archive_is_refused(tmp_path, inner):
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(inner + b"x" * 100))
    refused(path, "another archive")


def test_a_damaged_gzip_file_is_refused(tmp_path):
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n" * 1_000)[:-20])
    refused(path, "damaged")


@pytest.mark.parametrize("data", [b"", b" \n\r\n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(tmp_path, data):
    path = tmp_path / "empty.csv"
    path.write_bytes(data)
    refused(path, "empty")


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a web page"),
        (b'<?xml version="1.0"?><rows/>', "an XML document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"SQLite format 3\0", "a SQLite database"),
        (bytes(range(256)) * 4, "control characters"),
        (b"PAR1,qty\nA,5\n", "begins like a Parquet file"),
    ],
)
def test_what_is_no_table_is_refused_by_its_bytes(tmp_path, data, fact):
    path = tmp_path / "orders.csv"
    path.write_bytes(data)
    refused(path, fact)


def test_a_parquet_file_that_claims_absurd_sizes_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"a": list(range(1_000))}), path)
    monkeypatch.setattr("pipelines.columnar.MAX_ROWS", 999)
    refused(path, "claims 1,000 rows")


def test_a_parquet_file_with_flipped_bits_is_refused_or_read(tmp_path):
    whole = io.BytesIO()
    pq.write_table(pa.table({"a": [f"S{n}" for n in range(500)]}), whole)
    data = whole.getvalue()
    for at in range(4, len(data), 29):
        path = tmp_path / "flipped.parquet"
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x04]) + data[at + 1 :])
        with suppress(Refusal):
            assert survey(path, "flipped.parquet")
