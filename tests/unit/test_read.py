"""What tables a file holds, by its bytes, and every row of them as texts."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from errors import Refusal
from pipelines.encoding import settled
from pipelines.read import Sheet, careful, survey

ROWS = "sku;qty;note\nA-1;5;ok\nB-2;7;\n"


def sheet_of(tmp_path: Path, data: bytes, name: str = "file.csv") -> Sheet:
    path = tmp_path / name
    path.write_bytes(data)
    [sheet] = survey(path, name)
    return sheet


def rows_of(tmp_path: Path, sheet: Sheet, name: str = "file.csv") -> list[dict]:
    made = careful(tmp_path / name, sheet, tmp_path / "out.parquet")
    rows = pq.read_table(made.path).to_pylist()
    assert len(rows) == made.lines_in
    return rows


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("cp1252", b""),
        ("cp850", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
    ],
)
def test_text_reads_the_same_in_every_encoding(tmp_path, encoding, mark):
    text = "Artikel;Händler\n" + "1;Müller Söhne\n2;Bäckerei Groß\n" * 8
    sheet = sheet_of(tmp_path, mark + text.encode(encoding))
    assert sheet.columns == ("Artikel", "Händler")
    assert sheet.encoding == encoding
    assert rows_of(tmp_path, sheet)[1]["Händler"] == "Bäckerei Groß"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_and_the_line_end_are_found(tmp_path, delimiter, end):
    text = ROWS.replace(";", delimiter).replace("\n", end)
    sheet = sheet_of(tmp_path, text.encode())
    assert (sheet.delimiter, sheet.columns) == (delimiter, ("sku", "qty", "note"))
    assert sheet.is_plain == (end != "\r")
    assert [(row["sku"], row["__line_no"]) for row in rows_of(tmp_path, sheet)] == [("A-1", 2), ("B-2", 3)]


def test_commas_in_decimals_and_in_quotes_do_not_make_the_separator(tmp_path):
    text = 'sku;name;price\nA;"Bolt, steel, M8";1,50\nB;"Nut, brass";2,75\nC;Washer;3,10\n'
    sheet = sheet_of(tmp_path, text.encode())
    assert sheet.delimiter == ";"
    assert rows_of(tmp_path, sheet)[0]["name"] == "Bolt, steel, M8"


def test_a_file_of_one_column_stays_one_column(tmp_path):
    sheet = sheet_of(tmp_path, b'name\nSmith, John\n"Miller; Ann"\n')
    assert sheet.columns == ("name",)
    assert [row["name"] for row in rows_of(tmp_path, sheet)] == ["Smith, John", "Miller; Ann"]


def test_title_lines_above_the_headings_are_no_rows(tmp_path):
    text = "Stock report;;\nWarehouse Leipzig;;\n\nsku;qty;day\nA;5;2026-11-14\nB;7;2026-11-14\nTotal;12;\n"
    sheet = sheet_of(tmp_path, text.encode())
    assert (sheet.header_line, sheet.columns, sheet.is_plain) == (4, ("sku", "qty", "day"), False)
    rows = rows_of(tmp_path, sheet)
    assert [row["sku"] for row in rows] == ["A", "B", "Total"], "a total line is left for the contract to judge"
    assert rows[0]["__line_no"] == 5


def test_the_hint_of_excel_about_the_separator_is_believed(tmp_path):
    sheet = sheet_of(tmp_path, b"sep=|\na|b,c\n1|2,5\n")
    assert (sheet.delimiter, sheet.columns, sheet.header_line) == ("|", ("a", "b,c"), 2)


def test_headings_are_stripped_and_made_unique_without_regard_to_case(tmp_path):
    sheet = sheet_of(tmp_path, b" Qty ,qty,,Qty,__line_no\n1,2,3,4,5\n")
    assert sheet.columns == ("Qty", "qty (2)", "column 3", "Qty (3)", "__line_no (2)")
    assert rows_of(tmp_path, sheet)[0]["__line_no (2)"] == "5"


def test_a_separator_at_the_end_of_all_lines_makes_no_defect(tmp_path):
    longer_rows = sheet_of(tmp_path, b"a,b\n1,2,\n3,4,\n5,6,\n")
    assert longer_rows.columns == ("a", "b", "column 3")
    assert all(row["__defect"] is None for row in rows_of(tmp_path, longer_rows))
    longer_head = sheet_of(tmp_path, b"a,b,\n1,2\n3,4\n5,6\n")
    assert longer_head.columns == ("a", "b")
    assert all(row["__defect"] is None for row in rows_of(tmp_path, longer_head))


def test_empty_cells_are_no_value_and_white_space_stays(tmp_path):
    sheet = sheet_of(tmp_path, b'a,b,c\n1,"", x \n')
    assert sheet.sample == ({"a": "1", "b": None, "c": " x "},)
    assert [rows_of(tmp_path, sheet)[0][name] for name in "abc"] == ["1", None, " x "]


def test_a_heading_may_hold_a_line_break(tmp_path):
    sheet = sheet_of(tmp_path, b'sku,"order\nqty"\nA,5\nB,6\n')
    assert (sheet.columns, sheet.header_line, sheet.is_plain) == (("sku", "order qty"), 2, False)
    assert [row["__line_no"] for row in rows_of(tmp_path, sheet)] == [3, 4]


def test_an_accent_far_down_an_english_file_is_read_right(tmp_path):
    plain = b"sku,name\n" + b"A,bolt\n" * 300_000
    sheet = sheet_of(tmp_path, plain + "Z,Müller\n".encode("cp1252"))
    assert not sheet.is_plain
    assert rows_of(tmp_path, sheet)[-1]["name"] == "Müller"


def test_the_encoding_is_settled_by_the_whole_file(tmp_path):
    """The head said UTF-8, because English is that too; the accents come where no probe looks."""
    path = tmp_path / "file.csv"
    path.write_bytes(b"sku,name\n" + b"A,bolt\n" * 1_000 + "Z,Müller & Söhne\n".encode("cp1252") * 3)
    assert settled(path, "utf-8") == "cp1252"
    path.write_bytes(b"sku,name\n" + "A,Köln\n".encode() * 1_000 + "Z,Müller\n".encode("cp1252") * 3)
    assert settled(path, "utf-8") == "utf-8"


def test_one_wrong_byte_in_a_utf_8_file_costs_its_line_only(tmp_path):
    text = "sku,name\n" + "A,Köln\n" * 5
    sheet = sheet_of(tmp_path, text.encode() + b"B,K\xf6ln\nC,ok\n")
    assert sheet.encoding == "utf-8"
    *_, bad, last = rows_of(tmp_path, sheet)
    assert (bad["sku"], bad["name"], last["sku"]) == ("B,K\\xf6ln", None, "C")
    assert "UTF-8" in bad["__defect"]


def test_a_line_with_zero_bytes_is_a_defect_and_kept_visible(tmp_path):
    sheet = sheet_of(tmp_path, b"sku,qty\nA,5\nB\0,6\nC,7\n" + b"D,8\n" * 20)
    assert not sheet.is_plain
    rows = rows_of(tmp_path, sheet)
    assert (rows[1]["sku"], rows[1]["qty"], rows[2]["sku"]) == ("B␀,6", None, "C")
    assert "zero bytes" in rows[1]["__defect"]


def test_gzip_of_a_text_file_reads_like_the_file(tmp_path):
    sheet = sheet_of(tmp_path, gzip.compress(ROWS.encode()), "file.csv.gz")
    assert (sheet.file_kind, sheet.columns, sheet.is_plain) == ("csv", ("sku", "qty", "note"), False)
    assert [row["sku"] for row in rows_of(tmp_path, sheet, "file.csv.gz")] == ["A-1", "B-2"]


def test_a_file_with_headings_alone_has_no_rows(tmp_path):
    sheet = sheet_of(tmp_path, b"sku,qty\n")
    assert (sheet.columns, sheet.sample) == (("sku", "qty"), ())
    assert rows_of(tmp_path, sheet) == []


def test_the_texts_seen_come_from_all_over_a_large_file(tmp_path):
    lines = "".join(f"{n},{'01' if n < 199_000 else '25'}/02/2026\n" for n in range(200_000))
    sheet = sheet_of(tmp_path, ("id,day\n" + lines).encode())
    assert set(sheet.seen["day"]) == {"01/02/2026", "25/02/2026"}


def workbook(path: Path, *sheets: list[list]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for rows in sheets:
            page = book.add_worksheet()
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if value is not None:
                        page.write(r, c, value)
    return path


def test_every_sheet_that_holds_anything_is_a_table_with_the_row_numbers_of_the_sheet(tmp_path):
    head = [["Stock on hand"], [], ["SKU", "Qty", "Site"]]
    path = workbook(
        tmp_path / "book.xlsx", [*head, ["007", 5, "LEJ"], [], ["008", 2.5, "HAM"]], [], [["a", "b"], [1, 2]]
    )
    first, second = survey(path, "book.xlsx")
    assert (first.file_kind, first.columns, first.header_line) == ("xlsx", ("SKU", "Qty", "Site"), 3)
    assert second.sheet_name == "Sheet3"
    made = careful(path, first, tmp_path / "out.parquet")
    rows = pq.read_table(made.path).to_pylist()
    assert [(row["SKU"], row["Qty"], row["__line_no"]) for row in rows] == [("007", "5", 4), ("008", "2.5", 6)]
    assert made.ignored == 1


def test_empty_rows_at_the_top_of_a_sheet_are_counted(tmp_path):
    path = workbook(tmp_path / "book.xlsx", [[], [], [None, "SKU", "Qty"], [None, "A", 5]])
    [sheet] = survey(path, "book.xlsx")
    assert (sheet.columns, sheet.header_line) == (("SKU", "Qty"), 3)
    careful(path, sheet, tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["__line_no"].to_pylist() == [4]


def test_error_values_and_words_in_number_columns_of_a_workbook_stay(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["sku", "qty"])
        page.write_row(1, 0, ["A", 5])
        page.write_row(2, 0, ["B", "n/a"])
        page.write(3, 0, "C")
        page.write_formula(3, 1, "=1/0", None, "#DIV/0!")
    [sheet] = survey(path, "book.xlsx")
    assert [row["qty"] for row in sheet.sample] == ["5", "n/a", "#DIV/0!"]


def test_dates_in_a_workbook_come_as_iso_texts(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["sku", "day"])
        page.write(1, 0, "A")
        page.write_number(1, 1, 46340, book.add_format({"num_format": "dd.mm.yyyy"}))
    [sheet] = survey(path, "book.xlsx")
    assert sheet.sample[0]["day"] == "2026-11-14 00:00:00"


def test_headings_over_several_rows_of_a_workbook_are_joined(tmp_path):
    units = [["SKU", "cost", "lead time"], [None, "per unit", "weeks"], [None, "(EUR)", None]]
    path = workbook(tmp_path / "book.xlsx", units + [[f"S{n}", n * 1.5, n] for n in range(30)])
    [sheet] = survey(path, "book.xlsx")
    assert (sheet.columns, sheet.header_line) == (("SKU", "cost per unit (EUR)", "lead time weeks"), 3)


def test_a_row_without_its_key_below_the_headings_is_no_heading(tmp_path):
    path = workbook(tmp_path / "book.xlsx", [["SKU", "qty"], [None, 5], *[[f"S{n}", n] for n in range(30)]])
    [sheet] = survey(path, "book.xlsx")
    assert (sheet.header_line, sheet.sample[0]) == (1, {"SKU": None, "qty": "5"})


def test_parquet_comes_as_texts_that_a_person_would_type(tmp_path):
    table = pa.table(
        {
            "sku": ["A", None],
            "ean": [4006381333931.0, None],
            "price": [2.55, float("nan")],
            "at": pa.array([1_289_000_000, None], pa.timestamp("s")),
        }
    )
    pq.write_table(table, tmp_path / "file.parquet")
    [sheet] = survey(tmp_path / "file.parquet", "file.parquet")
    assert (sheet.file_kind, sheet.header_line) == ("parquet", 0)
    first, second = rows_of(tmp_path, sheet, "file.parquet")
    assert (first["ean"], first["price"], first["at"]) == ("4006381333931", "2.55", "2010-11-05 23:33:20")
    assert [second[name] for name in ("sku", "ean", "price", "at", "__line_no")] == [None, None, None, None, 2]


def test_more_columns_than_any_table_has_are_refused(tmp_path):
    with pytest.raises(Refusal, match="20,000 columns"):
        sheet_of(tmp_path, (",".join(f"c{n}" for n in range(20_000)) + "\n" + "," * 19_999 + "\n").encode())
