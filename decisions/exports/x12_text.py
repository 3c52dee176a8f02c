"""X12 as text: an interchange of segments written with right widths and counts, and read with tolerance, warning and not rejecting."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from decisions.exports.lines import ExportLine

VERSION = "005010"
ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
# What usually divides; where it occurs in the data itself, which X12 cannot quote, a control character stands in for it.
USUAL = ("*", "~", ">", "^")
INSTEAD = ("\x1d", "\x1c", "\x1f", "\x1e")
GROUP_OF = {"850": "PO", "860": "PC"}


@dataclass(frozen=True)
class Separators:
    """What divides elements, ends segments, divides components and repetitions."""

    element: str = "*"
    segment: str = "~"
    component: str = ">"
    repetition: str = "^"


@dataclass(frozen=True)
class Transaction:
    """One document: its code (850, 855, 997 …), its control number, and its segments without ST and SE."""

    code: str
    control_no: str
    segments: tuple[tuple[str, ...], ...]
    group_no: str = ""
    interchange_no: str = ""


@dataclass(frozen=True)
class Reading:
    """What a file of interchanges holds, and everything about it that is not as it should be, in sentences."""

    transactions: tuple[Transaction, ...]
    warnings: tuple[str, ...]
    sender: str = ""
    receiver: str = ""


def separators_for(lines: Sequence[ExportLine], *others: str) -> Separators:
    """Separators that occur nowhere in these lines.

    >>> separators_for([ExportLine("p", "purchase", sku_id="A*1")]).element
    '\\x1d'
    """
    said = "".join([*others, *(value for line in lines for value in vars(line).values() if isinstance(value, str))])
    return Separators(*(instead if usual in said else usual for usual, instead in zip(USUAL, INSTEAD, strict=True)))


def interchange(
    documents: Sequence[tuple[str, Sequence[Sequence[str]]]],
    *,
    sender: str,
    receiver: str,
    at: datetime,
    control_no: int,
    separators: Separators,
) -> str:
    """One interchange from us to one partner: documents of one code as (code, segments), with envelopes and counts around them.

    Partners are named in 15 characters; `control_no` (1–999,999,999) tells this interchange from others.

    >>> made = interchange(
    ...     [("850", [("BEG", "00", "SA", "X1", "", "20261120")])],
    ...     sender="ACME",
    ...     receiver="S1",
    ...     at=datetime(2026, 11, 20, 9, 30),
    ...     control_no=7,
    ...     separators=Separators(),
    ... )
    >>> [line[:16] for line in made.splitlines()][2:5], len(made.splitlines()[0])
    (['ST*850*0001~', 'BEG*00*SA*X1**20', 'SE*3*0001~'], 106)
    """
    mark, number = separators, f"{control_no:09d}"
    isa: tuple[str, ...] = (
        "00",
        "",
        "00",
        "",
        "ZZ",
        _address(sender),
        "ZZ",
        _address(receiver),
        f"{at:%y%m%d}",
        f"{at:%H%M}",
    )
    isa = (*isa, mark.repetition, "00501", number, "0", "P", mark.component)
    code = documents[0][0]
    group = (
        GROUP_OF[code],
        _address(sender),
        _address(receiver),
        f"{at:%Y%m%d}",
        f"{at:%H%M}",
        str(control_no),
        "X",
        VERSION,
    )
    found: list[Sequence[str]] = [
        ("ISA", *(text.ljust(width)[:width] for text, width in zip(isa, ISA_WIDTHS, strict=True))),
        ("GS", *group),
    ]
    for place, (name, segments) in enumerate(documents, start=1):
        found.append(("ST", name, f"{place:04d}"))
        found.extend(segments)
        found.append(("SE", str(len(segments) + 2), f"{place:04d}"))
    found += [("GE", str(len(documents)), str(control_no)), ("IEA", "1", number)]
    return "".join(_joined(segment, mark) + mark.segment + "\n" for segment in found)


def read(content: bytes) -> Reading:
    """All documents of a file, whatever is unusual about its envelopes; what is wrong is told, never refused.

    A byte-order mark, line breaks after segments, an unpadded ISA and several interchanges in one file are all understood.

    >>> read(b"not X12").warnings
    ('No interchange was found: the file has no ISA segment.',)
    """
    text = _decoded(content)
    warnings: list[str] = []
    found: list[Transaction] = []
    sender = receiver = ""
    start = text.find("ISA")
    if start < 0 or len(text) - start < 4:
        return Reading((), ("No interchange was found: the file has no ISA segment.",))
    if text[:start].strip("\ufeff \r\n\t"):
        warnings.append("What stands before the first ISA segment was left out.")
    rest = text[start:]
    while rest.startswith("ISA") and len(rest) > 3:
        isa, body, mark = _opened(rest, warnings)
        sender, receiver = sender or isa[6].strip(), receiver or isa[8].strip()
        segments, rest = _segments(body, mark, warnings)
        found.extend(_documents(segments, isa[13].strip(), warnings))
        if rest and not rest.startswith("ISA"):
            warnings.append("What stands after the last interchange was left out.")
    return Reading(tuple(found), tuple(warnings), sender, receiver)


def element(segment: Sequence[str], place: int) -> str:
    """The element at a place (1, 2, …) of a segment, "" where it ends before.

    >>> element(("PO1", "1", "5"), 2), element(("PO1", "1", "5"), 9)
    ('5', '')
    """
    return segment[place] if place < len(segment) else ""


def _address(text: str) -> str:
    # The envelope addresses a mailbox in 15 plain characters; who it is in full stands in the document itself.
    return re.sub(r"[^A-Za-z0-9 ._-]", "", text).upper()[:15].strip() or "UNKNOWN"


def _joined(segment: Sequence[str], mark: Separators) -> str:
    return mark.element.join(segment).rstrip(mark.element) if segment[0] != "ISA" else mark.element.join(segment)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _opened(text: str, warnings: list[str]) -> tuple[list[str], str, Separators]:
    """The ISA segment, what follows it, and the separators that it shows."""
    mark = text[3]
    parts = text.split(mark, 16)
    if len(parts) < 17:
        warnings.append(f"The ISA segment has {len(parts) - 1} elements instead of 16.")
        return [*parts, *[""] * 17][:17], "", Separators(mark)
    tail = parts[16]
    if re.match(r"~\s*(GS|TA1|IEA)", tail):
        warnings.append("The ISA segment does not say what divides components.")
        component, end, body = "", tail[:1], tail[1:]
    else:
        component, end, body = tail[:1], tail[1:2], tail[2:]
        if end == "\r" and body.startswith("\n"):
            end, body = "\n", body[1:]
    if tuple(len(part) for part in parts[1:16]) != ISA_WIDTHS[:15]:
        warnings.append("The ISA segment is not padded to its fixed widths.")
    return [*parts[:16], component], body, Separators(mark, end or "~", component)


def _segments(body: str, mark: Separators, warnings: list[str]) -> tuple[list[tuple[str, ...]], str]:
    """The segments up to the end of the interchange, and what follows it."""
    found: list[tuple[str, ...]] = []
    place = 0
    # A name and a separator at the beginning of a line: the segment before it was not ended.
    forgotten = re.compile(rf"[\r\n]+(?=[A-Z][A-Z0-9]{{1,2}}{re.escape(mark.element)})")
    while place < len(body):
        end = body.find(mark.segment, place)
        end = len(body) if end < 0 else end
        text = body[place:end].lstrip("\r\n\t \ufeff").rstrip("\r\n")
        place = end + 1
        pieces = forgotten.split(text) if text else []
        if len(pieces) > 1:
            warnings.append(f"A segment {pieces[0][:3].strip(mark.element)} is ended by a line break only.")
        found.extend(tuple(piece.split(mark.element)) for piece in pieces)
        if found and found[-1][0] == "IEA":
            break
    return found, body[place:].lstrip("\r\n\t \ufeff")


def _documents(segments: list[tuple[str, ...]], interchange_no: str, warnings: list[str]) -> Iterator[Transaction]:
    open_code = open_no = group_no = ""
    inside: list[tuple[str, ...]] = []
    groups = in_group = 0
    is_open = False
    for segment in segments:
        match segment[0]:
            case "GS":
                groups, in_group, group_no = groups + 1, 0, element(segment, 6)
            case "ST":
                if is_open:
                    warnings.append(f"Document {open_no} does not end with SE.")
                    yield Transaction(open_code, open_no, tuple(inside), group_no, interchange_no)
                is_open, inside, in_group = True, [], in_group + 1
                open_code, open_no = element(segment, 1), element(segment, 2)
            case "SE":
                _check(warnings, f"Document {open_no}: SE counts", element(segment, 1), len(inside) + 2, "segments")
                _same(warnings, f"Document {open_no} ends as", element(segment, 2), open_no)
                _counted(warnings, open_no, inside)
                yield Transaction(open_code, open_no, tuple(inside), group_no, interchange_no)
                is_open = False
            case "GE":
                _check(warnings, f"Group {group_no}: GE counts", element(segment, 1), in_group, "documents")
                _same(warnings, f"Group {group_no} ends as", element(segment, 2), group_no)
            case "IEA":
                _check(warnings, f"Interchange {interchange_no}: IEA counts", element(segment, 1), groups, "groups")
                _same(warnings, f"Interchange {interchange_no} ends as", element(segment, 2), interchange_no)
            case _ if is_open:
                inside.append(segment)
            case name if name != "TA1":
                warnings.append(f"A segment {name[:20]} stands outside of every document.")
    if is_open:
        warnings.append(f"Document {open_no} does not end with SE.")
        yield Transaction(open_code, open_no, tuple(inside), group_no, interchange_no)
    if not segments or segments[-1][0] != "IEA":
        warnings.append(f"Interchange {interchange_no} does not end with IEA.")


def _counted(warnings: list[str], number: str, segments: list[tuple[str, ...]]) -> None:
    items = sum(segment[0] in ("PO1", "POC") for segment in segments)
    for segment in segments:
        if segment[0] == "CTT" and items:
            _check(warnings, f"Document {number}: CTT counts", element(segment, 1), items, "lines")


def _check(warnings: list[str], what: str, said: str, found: int, things: str) -> None:
    if not said.strip().isdigit() or int(said) != found:
        warnings.append(f"{what} {said or 'nothing'} and there are {found} {things}.")


def _same(warnings: list[str], what: str, said: str, found: str) -> None:
    if said.strip().lstrip("0") != found.strip().lstrip("0"):
        warnings.append(f"{what} {said or 'nothing'}.")
