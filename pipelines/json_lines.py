"""JSON as records: one a line, an array, or documents one after another; every record and every broken piece is accounted for."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

from errors import Refusal
from pipelines.encoding import encoding_of, settled
from pipelines.lines import physical_lines
from pipelines.prescan import opened

HEAD_BYTES = 1 << 20
LOOK_LINES = 20
LONGEST_DOCUMENT_CHARS = 200_000_000
SHOWN_CHARS = 200
SPACE = re.compile(r"[\s,]*")
UNREADABLE = re.compile("[\udc80-\udcff]")
LISTS = ("data", "records", "rows", "items", "results", "logs", "observations", "responses", "spans")

_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=str)


@dataclass(frozen=True)
class Record:
    """One record of a file and the line it begins on: its value, or what is wrong with it; neither for an empty line."""

    line_no: int
    value: dict | None = None
    defect: str | None = None
    text: str = ""


def records(path: Path) -> Iterator[Record]:
    """The records of the file in its order.

    A line that is no JSON object comes with a defect that names it, and reading goes on with the next one. Where an array
    breaks off, all that follows is one defective record, because nothing says where the next begins.

    Errors: a Refusal for an array or document of more than 200 million characters; one record per line has no such limit.
    """
    with opened(path) as file:
        encoding = settled(path, encoding_of(file.read(HEAD_BYTES)))
    return _by_line(path, encoding) if _has_a_record_a_line(path, encoding) else _by_document(path, encoding)


def parsed(text: str) -> dict | str:
    """The JSON object that a text is, or in words why it is none.

    >>> parsed('{"cost": 0.10}'), parsed("[1]"), parsed('{"cost": ')
    ({'cost': Decimal('0.10')}, 'it is no JSON object', 'it is no JSON (Expecting value at character 10)')
    """
    if UNREADABLE.search(text):
        return "it holds bytes that are no characters in the file's encoding"
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return f"it is no JSON ({error.msg} at character {error.pos + 1})"
    except (RecursionError, ValueError) as error:
        return f"it is no JSON that can be read ({str(error).splitlines()[0][:100]})"
    return value if isinstance(value, dict) else "it is no JSON object"


def record_hash(record: dict) -> str:
    """An id made of all that a record says, the same wherever and whenever it is said.

    >>> record_hash({"a": 1, "b": 2}) == record_hash({"b": 2, "a": 1})
    True
    """
    said = json.dumps(record, sort_keys=True, default=str)
    return "made-" + hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()[:24]


def _has_a_record_a_line(path: Path, encoding: str) -> bool:
    """Whether some of the first lines are whole records, however many others are spoilt; a file of one line is a document.

    In a document that is spread over lines, a whole object on a line is indented, or the document begins with a bracket.
    """
    lines = (line.rstrip() for block in physical_lines(path, encoding) for line in block)
    looked_at = list(islice(filter(None, lines), LOOK_LINES))
    if len(looked_at) < 2 or looked_at[0] == "{" or (looked_at[0].startswith("[") and not looked_at[0].endswith("]")):
        return False
    return any(line.startswith("{") and isinstance(parsed(line), dict) for line in looked_at)


def _by_line(path: Path, encoding: str) -> Iterator[Record]:
    lines = (line for block in physical_lines(path, encoding) for line in block)
    for line_no, line in enumerate(lines, start=1):
        text = line.strip()
        if not text:
            yield Record(line_no)
            continue
        value = parsed(text)
        if not isinstance(value, dict):
            yield broken(line_no, value, text)
        elif _is_page(value):
            yield from _listed(value, line_no, text) if value["data"] else [Record(line_no)]
        else:
            yield Record(line_no, value)


def broken(line_no: int, why: str, text: str) -> Record:
    """The record of a piece that cannot be read, with the reason in words."""
    shown = UNREADABLE.sub("?", text[:SHOWN_CHARS])
    return Record(line_no, None, f"Line {line_no:,}: {why}. It begins: {shown}", shown)


def _by_document(path: Path, encoding: str) -> Iterator[Record]:
    text = _whole(path, encoding)
    at = SPACE.match(text).end()  # type: ignore[union-attr]
    is_array = text.startswith("[", at)
    at += is_array
    line_no, counted_to = 1, 0
    while True:
        at = SPACE.match(text, at).end()  # type: ignore[union-attr]
        line_no, counted_to = line_no + text.count("\n", counted_to, at), at
        if at >= len(text) and is_array:
            yield broken(line_no, "the array is cut off: its closing bracket is missing", "")
        if at >= len(text) or (is_array and text.startswith("]", at)):
            break
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError, ValueError) as error:
            rest = len(text) - at
            yield broken(
                line_no, f"the JSON cannot be read from here to the end, {rest:,} characters ({error})", text[at:]
            )
            return
        yield from _listed(value, line_no, text[at:end])
        at = end
    after = text[at + 1 :].strip() if at < len(text) else ""
    if after:
        yield broken(line_no, f"{len(after):,} characters follow after the end of the array", after)


def _listed(value: object, line_no: int, text: str) -> Iterator[Record]:
    """The records of a value: of an answer that wraps a list, the members of the list."""
    members: list = [value]
    if isinstance(value, list):
        members = value
    elif isinstance(value, dict) and _is_page(value):
        members = value["data"]
    elif isinstance(value, dict) and "usage" not in value and not any(name.lower().endswith("id") for name in value):
        lists = [value[name] for name in LISTS if isinstance(value.get(name), list)]
        members = lists[0] if len(lists) == 1 else members
    for member in members:
        if isinstance(member, dict):
            yield Record(line_no, member)
        else:
            yield broken(line_no, "it is no JSON object", str(member) or text)


def _is_page(value: dict) -> bool:
    """Whether this is a page of a provider's list, which names the ids of its first and its last member as if they were its own."""
    return "usage" not in value and isinstance(value.get("data"), list) and "first_id" in value and "last_id" in value


def _whole(path: Path, encoding: str) -> str:
    blocks, length = [], 0
    for lines in physical_lines(path, encoding):
        block = "".join(lines)
        length += len(block)
        if length > LONGEST_DOCUMENT_CHARS:
            raise Refusal(
                f"{path.name} was not read.",
                f"It is one JSON document of more than {LONGEST_DOCUMENT_CHARS:,} characters.",
                "Export it as JSON lines: one record per line.",
            )
        blocks.append(block)
    return "".join(blocks)
