"""Whether a workbook may be unpacked: its zip archive is walked once, with a bound on everything it claims."""

import re
import stat
import zipfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path

from errors import Refusal

MAX_ENTRIES = 1_000
MAX_DIRECTORY_BYTES = 1 << 20
MAX_UNPACKED_BYTES = 1 << 30
MAX_RATIO = 100
RATIO_FLOOR_BYTES = 10 << 20
MAX_CELLS = 20_000_000
MAX_DECLARED_CELLS = 1_048_576 * 200
CHUNK_BYTES = 1 << 20
OVERLAP_BYTES = 512  # longer than any cell's opening tag

XML_ENDINGS = (".xml", ".rels", ".vml")
UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\\|\0")
NESTED = (b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")
ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
MACRO_NAME = re.compile(r"vbaProject|xl/macrosheets/", re.IGNORECASE)
MACRO_TYPE = re.compile(rb"macroEnabled|ms-office\.vbaProject", re.IGNORECASE)
OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode=[\"']External[\"'][^>]*>")
DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?ref=[\"']([A-Z]+\d+):([A-Z]+\d+)[\"']")
BARE_CELL = re.compile(
    rb"<(?:\w+:)?c(?=[\s>])(?!\s+r=)(?![^<>]*\br=)[^<>]*>"
)  # no reference: it stands after the cell before it
ROW = re.compile(rb"<(?:\w+:)?row\b(?:[^<>]*?\br=[\"'](\d{1,7})[\"'])?")
FILLED_CELL = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'](?:[^<>]*[^/<>])?>\s*<(?:\w+:)?(?:v|f|is)\b")


def scan(path: Path, file_name: str) -> None:
    """Nothing, when the workbook is safe to open; else the refusal with the fact that speaks against it."""
    size = path.stat().st_size
    try:
        _directory_is_bounded(path, file_name)
        with zipfile.ZipFile(path) as book:
            entries = book.infolist()
            _entries_are_sane(entries, size, file_name)
            unpacked = 0
            for entry in entries:
                unpacked += _entry_is_safe(book, entry, MAX_UNPACKED_BYTES - unpacked, file_name)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise refused(
            file_name, f"The workbook is damaged ({error}).", "Open it in Excel, save it again as .xlsx."
        ) from error


def refused(
    file_name: str, why: str, fix: str = "Save the table alone as a new .xlsx or .csv file and upload that."
) -> Refusal:
    """The refusal of a workbook, for the reason given."""
    return Refusal(f"{file_name} was not read.", why, fix)


def macros(file_name: str) -> Refusal:
    """The refusal of a workbook that carries a program."""
    return refused(
        file_name, "The workbook holds macros.", "Save it as a workbook without macros (.xlsx) and upload that."
    )


def _directory_is_bounded(path: Path, file_name: str) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise refused(file_name, "The workbook is cut short: its table of contents is missing.", "Upload it again.")
    count = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if count > MAX_ENTRIES or length > MAX_DIRECTORY_BYTES:
        raise refused(file_name, f"The archive claims {count:,} entries; a workbook has at most {MAX_ENTRIES:,}.")


def _entries_are_sane(entries: list[zipfile.ZipInfo], size: int, file_name: str) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_ENTRIES:
        raise refused(file_name, f"The archive has {len(entries):,} entries; a workbook has at most {MAX_ENTRIES:,}.")
    if len({name.lower() for name in names}) < len(names):
        raise refused(
            file_name, "Two entries of the archive have the same name, so that it reads differently in two programs."
        )
    if sum(entry.compress_size for entry in entries) > size:
        raise refused(file_name, "The entries of the archive overlap: together they are longer than the file.")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise refused(
            file_name,
            f"Unpacked it would be larger than {MAX_UNPACKED_BYTES >> 30} GB.",
            "Split the table and upload the parts.",
        )
    if "[Content_Types].xml" not in names:
        raise refused(file_name, "It is a zip archive, not a workbook.", "Unpack it and upload the files in it.")
    if not any(name.lower() == "xl/workbook.xml" for name in names):
        raise refused(
            file_name,
            "It is an Office document, but no workbook that can be read (.xlsx).",
            "Save the table as .xlsx or .csv.",
        )
    for entry in entries:
        _name_is_safe(entry, file_name)


def _name_is_safe(entry: zipfile.ZipInfo, file_name: str) -> None:
    name = entry.filename
    if UNSAFE_NAME.search(name) or stat.S_ISLNK(entry.external_attr >> 16):
        raise refused(file_name, f"The archive holds an entry that points outside of itself ({name[:80]!r}).")
    if entry.flag_bits & 1:
        raise refused(
            file_name, "The workbook is protected with a password.", "Save it without a password and upload that."
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(file_name, f"{name[:80]} is packed in a way that workbooks do not use.")
    if MACRO_NAME.search(name):
        raise macros(file_name)
    if name.lower().startswith("xl/externallinks/"):
        raise refused(
            file_name,
            "The workbook has links to other workbooks.",
            "Break the links (Data, Edit links) and save it again.",
        )


def _entry_is_safe(book: zipfile.ZipFile, entry: zipfile.ZipInfo, allowed: int, file_name: str) -> int:
    """How many bytes the entry really unpacks to, after each of them has been looked at."""
    name, unpacked, extent = entry.filename, 0, Extent()
    for window in _windows(book, entry):
        unpacked += len(window.fresh)
        if unpacked > allowed or (unpacked > RATIO_FLOOR_BYTES and unpacked > MAX_RATIO * max(entry.compress_size, 1)):
            why = f"{name[:80]} unpacks from {entry.compress_size:,} to more than {unpacked:,} bytes: a bomb, or as good as one."
            raise refused(file_name, why)
        if window.is_first and window.text.startswith(NESTED):
            raise refused(
                file_name,
                f"The workbook holds another archive or document ({name[:80]}).",
                "Remove embedded objects and save it again.",
            )
        if window.is_first and name.endswith(XML_ENDINGS) and not window.text.lstrip().startswith((b"<", BOM_UTF8)):
            raise refused(file_name, f"{name[:80]} is not written in UTF-8, as every workbook is.")
        if ENTITIES.search(window.text):
            raise refused(file_name, f"{name[:80]} defines a document type or entities, which no workbook needs.")
        if name == "[Content_Types].xml" and MACRO_TYPE.search(window.text):
            raise macros(file_name)
        if name.endswith(".rels"):
            _links_are_harmless(window.text, file_name)
        extent.see(window.text, file_name, name)
    return unpacked


class Window:
    """A stretch of an entry: the fresh bytes, and before them a little of what came last."""

    def __init__(self, before: bytes, fresh: bytes):
        self.is_first, self.fresh, self.text = not before, fresh, before[-OVERLAP_BYTES:] + fresh


def _windows(book: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[Window]:
    # the declared size may be a lie; with the bound raised, the stream ends only where the packed data end
    entry.file_size = MAX_UNPACKED_BYTES * 2
    before = b""
    with book.open(entry) as stream:
        while fresh := stream.read(CHUNK_BYTES):
            yield Window(before, fresh)
            before = fresh


class Extent:
    """How many rows and columns the filled cells of one sheet span."""

    def __init__(self) -> None:
        self.last_row, self.last_column, self._bare_rows = 0, 0, 0

    def see(self, text: bytes, file_name: str, name: str) -> None:
        """Take in one stretch of a sheet; refused once it spans more cells than any table needs."""
        if declared := DIMENSION.search(text):
            cells = _span(declared[1], declared[2])
            if cells > MAX_DECLARED_CELLS:
                raise refused(
                    file_name,
                    f"{name[:80]} declares {cells:,} cells ({declared[1].decode()} to {declared[2].decode()}).",
                )
        filled = FILLED_CELL.findall(text)
        if filled:
            self.last_column = max(self.last_column, *map(_column_no, {letters for letters, _ in filled}))
            self.last_row = max(self.last_row, *(int(digits) for _, digits in filled))
        if BARE_CELL.search(text):
            rows = ROW.findall(text)
            self._bare_rows += len(rows)
            self.last_row = max(self.last_row, self._bare_rows, *(int(digits or 0) for digits in rows))
            self.last_column = max(self.last_column, *(len(BARE_CELL.findall(row)) for row in text.split(b"row")))
        if self.last_row * self.last_column > MAX_CELLS:
            span = f"{self.last_row:,} rows by {self.last_column:,} columns"
            raise refused(file_name, f"The cells of {name[:80]} span {span}; the limit is {MAX_CELLS:,} cells.")


def _links_are_harmless(text: bytes, file_name: str) -> None:
    for link in OUTSIDE.findall(text):
        if not re.search(rb"Type=[\"'][^\"']*/hyperlink[\"']", link):
            raise refused(
                file_name,
                "The workbook loads content from outside of itself.",
                "Remove linked content and save it again.",
            )


def _column_no(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _span(first: bytes, last: bytes) -> int:
    (a, b), (c, d) = (re.fullmatch(rb"([A-Z]+)(\d+)", ref).groups() for ref in (first, last))  # type: ignore[union-attr]
    return (_column_no(c) - _column_no(a) + 1) * (int(d) - int(b) + 1)
