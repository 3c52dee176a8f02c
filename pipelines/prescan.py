"""What a file really is, and whether it may be opened: decided from its bytes, before any parser sees it."""

import codecs
import gzip
import mmap
import re
from pathlib import Path
from typing import BinaryIO

from errors import Refusal
from pipelines import archive, columnar

HEAD_BYTES = 1 << 16
MAX_UNPACKED_GZ_BYTES = 4 << 30
MAX_GZ_RATIO = 100
GZ_RATIO_FLOOR_BYTES = 64 << 20
MAX_CONTROL_SHARE = 0.05
MIN_CONTROLS = 12  # fewer may be damage to a short text
GZ, ZIP, OLE, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"

# what begins like this is no table, whatever its name says
STRANGERS = (
    (rb"%PDF-", "a PDF document"),
    (rb"\{\\rtf", "an RTF document"),
    (rb"\s*<(!DOCTYPE\s+html|html|table|head|body)\b", "a web page (some systems name such pages .xls)"),
    (rb"\s*<\?xml", "an XML document"),
    (rb"PARE", "an encrypted Parquet file"),
    (rb"SQLite format 3\0", "a SQLite database"),
    (rb"\x89PNG|GIF8[79]a|\xff\xd8\xff", "a picture"),
    (rb"Rar!|7z\xbc\xaf|BZh\d1AY|\xfd7zXZ|\x28\xb5\x2f\xfd", "a packed archive"),
    (rb"ARROW1|Obj\x01|ORC[^ -~]", "an Arrow, Avro or ORC file"),
    (rb"\x7fELF|MZ[^ -~]", "a program"),
)
# an object, an array of them, or the end of an object and below it another: the tail of a log that was cut
JSON = re.compile(rb"(\xef\xbb\xbf)?\s*(\[\s*)?(\{\s*[\"}]|\])|[^\n]*\}\s*\n\s*\{\s*\"")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def kind_of(path: Path, file_name: str) -> str:
    """`csv`, `json`, `xlsx`, `xls` or `parquet`, after the scan that fits the kind; the name of the file decides nothing.

    Refused are empty files, files that are no table, and files that would harm whoever opens them: archives that
    blow up, macros, document types with entities, links to other files, sheets that claim billions of cells.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise Refusal(f"{file_name} was not read.", "The file is empty.", "Export it again and upload the new file.")
    if head.startswith(ZIP):
        archive.scan(path, file_name)
        return "xlsx"
    if head.startswith(OLE):
        _scan_ole(path, file_name)
        return "xls"
    if head.startswith(PARQUET):
        columnar.scan(path, file_name)
        return "parquet"
    if head.startswith(GZ):
        head = _scan_gz(path, file_name)
    _scan_text(head, file_name)
    return "json" if JSON.match(_narrow(head)) else "csv"


def opened(path: Path) -> BinaryIO:
    """The file for reading bytes; a gzip file reads as what is packed in it."""
    file = path.open("rb")
    packed = file.read(2) == GZ
    file.seek(0)
    return gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[return-value]


def is_packed(path: Path) -> bool:
    """Whether the file is gzip."""
    with path.open("rb") as file:
        return file.read(2) == GZ


def _scan_text(head: bytes, file_name: str) -> None:
    for pattern, name in STRANGERS:
        if re.match(pattern, head, re.IGNORECASE):
            raise _no_table(file_name, f"By its first bytes it is {name}.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) or _is_wide(head):
        return
    count = len(CONTROL.findall(head))
    share = count / len(head)
    if share > MAX_CONTROL_SHARE and count > MIN_CONTROLS:
        raise _no_table(file_name, f"{share:.0%} of its first bytes are control characters, which no text has.")


def _narrow(head: bytes) -> bytes:
    """The beginning in one byte a character, whatever the encoding; enough to see braces and brackets."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_wide(head):
        return head[2 * head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) :].replace(b"\0", b"")
    return head


def _is_wide(head: bytes) -> bool:
    """Whether zero bytes stand in every second place, as in UTF-16 without a mark."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) > 0.3 * len(head) / 2 and min(even, odd) < 0.05 * len(head) / 2


def _scan_gz(path: Path, file_name: str) -> bytes:
    """The first unpacked bytes, after all of it has been unpacked once with a bound on size and ratio."""
    packed_size = path.stat().st_size
    head, unpacked = b"", 0
    try:
        with opened(path) as file:
            while chunk := file.read(1 << 20):
                head = head or chunk[:HEAD_BYTES]
                unpacked += len(chunk)
                ratio = unpacked / packed_size
                if unpacked > MAX_UNPACKED_GZ_BYTES or (unpacked > GZ_RATIO_FLOOR_BYTES and ratio > MAX_GZ_RATIO):
                    raise Refusal(
                        f"{file_name} was not read.",
                        f"{packed_size:,} packed bytes hold more than {unpacked:,} bytes; the limits are "
                        f"{MAX_UNPACKED_GZ_BYTES:,} bytes and a ratio of {MAX_GZ_RATIO}.",
                        "Unpack the file yourself, split it, and upload the parts.",
                    )
    except (OSError, EOFError) as error:  # gzip.BadGzipFile is an OSError
        raise Refusal(
            f"{file_name} was not read.",
            f"The gzip archive is damaged ({error}).",
            "Pack it again, or upload it plain.",
        ) from error
    if not head.strip():
        raise Refusal(f"{file_name} was not read.", "The gzip archive holds an empty file.", "Export it again.")
    if head.startswith((GZ, ZIP, OLE, PARQUET)) or head[257:262] == b"ustar":
        raise Refusal(
            f"{file_name} was not read.",
            "The gzip archive holds another archive or a workbook; only packed text is read.",
            "Unpack the file and upload what is in it.",
        )
    return head


def _scan_ole(path: Path, file_name: str) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:

        def holds(name: str) -> bool:
            return whole.find(name.encode("utf-16-le")) >= 0

        if holds("EncryptedPackage"):
            raise Refusal(
                f"{file_name} was not read.",
                "The workbook is protected with a password.",
                "Save it without a password (File, Info, Protect workbook) and upload that.",
            )
        if not holds("Workbook\0") and not holds("Book\0"):
            raise _no_table(file_name, "It is an old Office document that holds no workbook.")
        if holds("_VBA_PROJECT"):
            raise archive.macros(file_name)


def _no_table(file_name: str, why: str) -> Refusal:
    return Refusal(
        f"{file_name} was not read.",
        why,
        "Upload a table: CSV, TSV, TXT (also packed as .gz), XLSX, XLS, Parquet or JSON lines.",
    )
