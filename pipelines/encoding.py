"""Which characters the bytes of a text file stand for: decided by marks, by validity and by what people write, in that order."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from pipelines.prescan import opened

MARKS = (  # the longer marks first: that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WESTERN = frozenset("ÄÖÜäöüßÀÂÇÈÉÊËÎÏÔÙÛàâçèéêëîïôùûÁÍÓÚÑáíóúñÃÕãõÅÆØåæøŒœÌÒìò")
TURKISH = WESTERN | frozenset("ğışĞİŞ")
CENTRAL = frozenset("ĄĆĘŁŃÓŚŹŻąćęłńóśźżÁČĎÉĚÍŇŘŠŤÚŮÝŽáčďéěíňřšťúůýžÖÜŐŰöüőűÄäßĽľĹĺŔŕÔôĂÂÎăâîŞŢşţĐđ")
SIGNS = frozenset("°²³€£§µ½¼¾×–—‘’“”„…•™®©«»´ªº·±¿¡\xa0")
LATIN = (("cp1252", WESTERN), ("cp1254", TURKISH), ("cp850", WESTERN), ("cp1250", CENTRAL), ("mac_roman", WESTERN))
OTHER = ["cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"]
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
CUT_ENDS = re.compile(rb"^[\x80-\xbf]{1,3}|[\xc2-\xf4][\x80-\xbf]{0,2}\Z")
SURROGATE = re.compile("[\udc80-\udcff]")
BEYOND_ASCII = re.compile("[^\x00-\x7f]")
CHUNK_BYTES = 4 << 20


def encoding_of(sample: bytes) -> str:
    """The Python name of the encoding in which these first bytes of a file make most sense.

    A byte order mark settles it; then valid UTF-8; then the pattern of zero bytes of UTF-16; then the letters that
    people really write. Never use it on a single cell: a handful of accented letters fits many encodings.

    >>> encoding_of("Côte d'Ivoire".encode("cp1252")), encoding_of("Łódź, Kraków, śruba".encode("cp1250"))
    ('cp1252', 'cp1250')
    """
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample and (wide := _utf_16(sample)):
        return wide
    good, bad = _utf_8_balance(sample)
    return "utf-8" if good >= bad else _legacy(sample)


def is_utf_8(stretch: bytes) -> bool:
    """Whether a stretch cut out of a file is UTF-8, whatever its cut ends are.

    >>> is_utf_8("Köln".encode()[1:-1]), is_utf_8("Köln am Rhein".encode("cp1252"))
    (True, False)
    """
    return _utf_8_balance(stretch)[1] == 0


def settled(path: Path, encoding: str) -> str:
    """The encoding of the whole file, where its first bytes said `encoding`.

    Only UTF-8 is put to the test, because plain English at the head of a file fits any encoding and the first
    accent may stand a million lines further down.
    """
    if encoding != "utf-8":
        return encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return _settled_by_majority(path)
    return "utf-8"


def _settled_by_majority(path: Path) -> str:
    good = bad = 0
    odd = b""
    for chunk in _chunks(path):
        if chunk.isascii():
            continue
        more_good, more_bad = _utf_8_balance(chunk)
        good, bad = good + more_good, bad + more_bad
        if len(odd) < CHUNK_BYTES:
            odd += b"\n".join(line for line in chunk.splitlines() if not line.isascii())
    return "utf-8" if good >= bad else _legacy(odd)


def _chunks(path: Path) -> Iterator[bytes]:
    with opened(path) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _utf_8_balance(sample: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are valid UTF-8 in the sample, and how many bytes are not (cut ends aside)."""
    if sample.isascii():
        return 0, 0
    text = CUT_ENDS.sub(b"", sample).decode("utf-8", "surrogateescape")
    bad = len(SURROGATE.findall(text))
    return len(BEYOND_ASCII.findall(text)) - bad, bad


def _utf_16(sample: bytes) -> str | None:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.3 * len(sample) / 2 and odd > 20 * even:
        return "utf-16-le"
    if even > 0.3 * len(sample) / 2 and even > 20 * odd:
        return "utf-16-be"
    return None


def _legacy(sample: bytes) -> str:
    runs = HIGH_RUN.findall(sample)
    # words written wholly beyond ASCII are no Latin script; there the statistics of charset-normalizer are good
    if sum(len(run) >= 3 for run in runs) > 0.3 * len(runs):
        match = from_bytes(sample[: 1 << 16], cp_isolation=OTHER).best()
        return match.encoding if match else "cp1252"
    return max(LATIN, key=lambda candidate: _familiarity(sample, *candidate))[0]


def _familiarity(sample: bytes, encoding: str, letters: frozenset[str]) -> float:
    high = bytes(byte for byte in sample if byte >= 0x80)
    marks = [1.0 if c in letters else 0.5 if c in SIGNS else 0.0 for c in high.decode(encoding, "replace")]
    # a lone euro sign is an accented letter elsewhere: with little to go by, the usual encoding of Windows wins
    prior = 1.0 if encoding == "cp1252" else 0.3
    return (sum(marks) + 2 * prior) / (len(marks) + 2)
