"""Reading loses nothing: for any table, in any spelling, and for any damage to it."""

import csv
import io
import random
from collections import Counter
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from errors import Refusal
from pipelines.encoding import settled
from pipelines.fastcsv import fast_rows
from pipelines.lines import physical_lines, records
from pipelines.read import Careful, Sheet, careful, survey
from pipelines.rectangle import WHITE, rectangle

COLUMNS = ["sku", "qty", "note"]
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n")
CELLS = st.text(LETTERS, max_size=12)
WESTERN_CELLS = st.text("abc XYZ0189,;|\t\"'äöüßéà\n.-€", max_size=12)
ENDS = st.sampled_from(["\n", "\r\n"])
NO_VALUE = str.maketrans("", "", ',"')
DELIMITERS = st.sampled_from([",", ";", "\t", "|"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


def tables(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """Tables of three columns whose key is never empty, so that no row is a blank line."""
    row = st.tuples(st.integers(0, 9_999), cells, cells).map(lambda row: [f"S{row[0]}", row[1], row[2]])
    return st.lists(row, min_size=1, max_size=30)


def written(rows: list[list[str]], *, delimiter: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([COLUMNS, *rows])
    return out.getvalue()


def read(folder: Path, data: bytes) -> tuple[Sheet, Careful, list[dict]]:
    path = folder / "file.csv"
    path.write_bytes(data)
    [sheet] = survey(path, "file.csv")
    made = careful(path, sheet, folder / "out.parquet")
    return sheet, made, pq.read_table(made.path).to_pylist()


def known_sheet(header_line: int = 1) -> Sheet:
    return Sheet("csv", "", tuple(COLUMNS), header_line)


@given(rows=tables(CELLS), end=ENDS, quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), delimiter=DELIMITERS)
@example(rows=[["S0", "\r", "\u2028"]], end="\n", quoting=csv.QUOTE_MINIMAL, delimiter=",")
def test_a_table_written_in_any_dialect_comes_back(folder, rows, end, quoting, delimiter):
    """Line breaks in values, separators in values, quotation marks in values: all of them come back as they were."""
    path = folder / "file.csv"
    path.write_bytes(written(rows, delimiter=delimiter, end=end, quoting=quoting).encode())
    sheet = Sheet("csv", "", tuple(COLUMNS), 1, delimiter=delimiter)
    made = careful(path, sheet, folder / "out.parquet")
    found = pq.read_table(made.path).to_pylist()
    sound = [row for row in found if row["__defect"] is None]
    doubtful = [row for row in found if row["__defect"] is not None]
    expected = [[cell or None for cell in row] for row in rows]
    if not doubtful:
        assert [[row[name] for name in COLUMNS] for row in sound] == expected
    # a value whose lines look like whole records is set aside, never taken apart in silence
    assert Counter(tuple(row[name] for name in COLUMNS) for row in sound) <= Counter(map(tuple, expected))


@given(
    rows=tables(WESTERN_CELLS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=DELIMITERS,
)
def test_the_dialect_and_the_encoding_are_found(folder, rows, encoding, delimiter):
    """With a body of ordinary rows beside them, odd rows do not lead the survey astray."""
    ordinary = [[f"S{n}", str(n), "Müller & Söhne, Köln"] for n in range(60)]
    text = written([*ordinary, *rows], delimiter=delimiter, quoting=csv.QUOTE_ALL)
    sheet, made, found = read(folder, text.encode(encoding))
    assert (sheet.columns, sheet.delimiter) == (tuple(COLUMNS), delimiter)
    assert [row["note"] for row in found[:60]] == ["Müller & Söhne, Köln"] * 60
    if not any(row["__defect"] for row in found):
        assert made.lines_in == 60 + len(rows)
        assert [row["note"] for row in found[60:]] == [row[2] or None for row in rows]


@given(rows=tables(CELLS.map(lambda text: text.replace("\n", " "))), seed=st.integers(0, 999))
def test_shuffling_the_rows_gives_the_same_rows(folder, rows, seed):
    turned = random.Random(seed).sample(rows, len(rows))
    contents = []
    for some in (rows, turned):
        path = folder / "file.csv"
        path.write_bytes(written(some).encode())
        made = careful(path, known_sheet(), folder / "out.parquet")
        found = pq.read_table(made.path).to_pylist()
        contents.append(Counter(tuple(row[name] for name in (*COLUMNS, "__defect")) for row in found))
    assert contents[0] == contents[1]


def lines_of_record(row: dict) -> int:
    """How many physical lines a record takes: one, and one more for each line break in its values."""
    if row["__defect"]:
        return 1
    text = "".join(row[name] or "" for name in COLUMNS)
    return 1 + text.count("\r\n") + text.replace("\r\n", "").count("\n") + text.replace("\r\n", "").count("\r")


DAMAGE = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from(['"', '"\n', "\0", "\r", ",", '""', "\xff", '",', "\n"])),
    max_size=12,
)


@given(rows=tables(WESTERN_CELLS), damage=DAMAGE, cut=st.integers(0, 200))
def test_no_line_is_lost_whatever_the_damage(folder, rows, damage, cut):
    """Every physical line below the headings is in one record or counted as empty, and line numbers rise."""
    data = bytearray(written(rows, quoting=csv.QUOTE_ALL).encode())
    for at, piece in damage:
        place = min(len(COLUMNS) * 8, len(data)) + at % max(1, len(data) - 24)
        data[place:place] = piece.encode("latin-1")
    data = bytes(data[: max(30, len(data) - cut)])
    path = folder / "file.csv"
    path.write_bytes(data)
    lines = [line for block in physical_lines(path, settled(path, "utf-8")) for line in block]
    made = careful(path, known_sheet(), folder / "out.parquet")
    found = pq.read_table(made.path).to_pylist()
    assert made.lines_in == len(found)
    covered = [row["__line_no"] + step for row in found for step in range(lines_of_record(row))]
    assert covered == sorted(set(covered)), "records overlap or go backwards"
    left_out = set(range(2, len(lines) + 1)) - set(covered)
    assert not "".join(lines[number - 1] for number in left_out).translate(NO_VALUE).strip(WHITE), (
        "values are in no record"
    )
    assert made.ignored <= len(left_out)
    assert set(covered) <= set(range(2, len(lines) + 1))


@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(folder, data):
    """No bytes make the reader fall over; what cannot be read is refused with a reason."""
    with suppress(Refusal):
        _, made, rows = read(folder, data)
        assert made.lines_in == len(rows)


@given(
    lines=st.lists(
        st.text('ab,"\n\r\0 ', max_size=8).map(lambda text: text.replace("\n", "").replace("\r", "") + "\n"),
        max_size=12,
    )
)
def test_reading_by_columns_gives_what_reading_by_rows_gives(lines):
    columns = rectangle(lines, ",", 3)
    if columns is None:
        return
    by_row = [row for run in records([lines], delimiter=",", width=3) for row in run.rows]
    assert [list(row) for row in zip(*(column.to_pylist() for column in columns), strict=True)] == by_row


@given(rows=tables(WESTERN_CELLS), damage=DAMAGE, quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_the_quick_way_gives_the_careful_rows_or_gives_up(folder, rows, damage, quoting):
    """Where a sheet is called plain and DuckDB reads one row a line, those rows are the ones of the careful reading."""
    ordinary = [[f"S{n}", str(n), "Köln"] for n in range(20)]
    data = bytearray(written([*ordinary, *rows], quoting=quoting).encode())
    for at, piece in damage:
        place = 24 + at % max(1, len(data) - 24)
        data[place:place] = piece.encode("latin-1")
    path = folder / "file.csv"
    path.write_bytes(bytes(data))
    try:
        [sheet] = survey(path, "file.csv")
        quick = duckdb.sql(fast_rows(path, sheet, {})).fetchall() if sheet.is_plain else []
    except (Refusal, duckdb.Error):
        return
    if len(quick) != len(bytes(data).splitlines()) - sheet.header_line:
        return
    made = careful(path, sheet, folder / "out.parquet")
    slow = pq.read_table(made.path).to_pylist()
    valued = [[cell or None for cell in row] for row in quick if "".join(filter(None, row)).strip(WHITE)]
    assert valued == [[row[name] for name in sheet.columns] for row in slow]
