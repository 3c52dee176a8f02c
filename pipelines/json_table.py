"""JSON records as a table of texts: nested objects become columns by their path, and known shapes of AI logs are laid open."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path

from errors import Refusal
from pipelines import json_lines, replies, spans, streams
from pipelines import source as source_book
from pipelines.json_lines import Record, record_hash
from pipelines.sheet import DEFECT, LINE_NO, SAMPLE_ROWS, Careful, Sheet, TextRows

DEEPEST = 8
MOST_COLUMNS = 400  # a log that writes ids into its names has no end of paths
MOST_SEEN, SEEN_CHARS = 300, 200
CELL_CHARS = 20_000  # prompts and answers stay whole in the landed file; beside a row they stand cut
BATCH_ROWS, LOOK_RECORDS = 2_000, 1_000
SPAN_ID = "span.span_id"
HASH, OTHERS = "record_hash", "other_fields"
# Kept as one text: a tag more, or a kind of token more, is no column more.
WHOLE = ("tags", "labels", "request_tags", "usagedetails", "usage_details")
RESERVED = (LINE_NO, DEFECT, OTHERS, HASH)

Row = dict[str, str | None]


@dataclass
class _Fields:
    """The fields that were met so far, each with its spelling, how often it came, and texts that stood in it."""

    spelling: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    texts: dict[str, dict[str, None]] = field(default_factory=dict)
    has_twins: bool = False

    def see(self, row: Row) -> None:
        """Take in the fields of one record."""
        keys = set()
        for name, text in row.items():
            key = name.lower()
            keys.add(key)
            if self.spelling.setdefault(key, name) > name:
                self.spelling[key] = name
            texts = self.texts.setdefault(key, {})
            if text and len(texts) < MOST_SEEN:
                texts[text[:SEEN_CHARS]] = None
        self.counts.update(keys)
        self.has_twins = self.has_twins or len(keys) < len(row)

    def columns(self) -> tuple[str, ...]:
        """The names of the columns, sorted, so that the order of the records tells nothing; too many leave those that come seldom out."""
        wanted = {name.lower() for reading in _readings() for name in (*reading.headers, *reading.optional)}
        ranked = sorted(self.spelling, key=lambda key: (key not in wanted, -self.counts[key], key))
        kept = set(ranked[:MOST_COLUMNS])
        columns = [self.spelling[key] for key in sorted(kept)]
        if not any(key.endswith("id") for key in kept):
            columns.append(HASH)
        return (*columns, *([OTHERS] if self.has_twins or len(ranked) > MOST_COLUMNS else []))


def sheet(path: Path, file_name: str) -> Sheet:
    """The table that the records make, after all of them were looked at once: a field may first come in the last one.

    Where no field is an id, `record_hash` is one, made of all that the record says.

    Errors: a Refusal when the file holds no record at all.
    """
    fields = _Fields()
    sample: list[Row] = []
    for _, row, _ in _rows(path):
        if row is None:
            continue
        fields.see(row)
        if len(sample) < SAMPLE_ROWS:
            sample.append(row)
    if not fields.counts:
        raise Refusal(
            f"{file_name} was not read.",
            "By its first bytes it is JSON, and it holds no record (an object in braces).",
            "Export it with one record per line.",
        )
    columns = fields.columns()
    shown = tuple({name: (row.get(name) or "")[:SEEN_CHARS] or None for name in columns} for row in sample)
    seen = {name: tuple(fields.texts.get(name.lower(), ())) for name in columns}
    return Sheet("json", "", columns, 0, sample=shown, seen=seen)


def careful(path: Path, table: Sheet, out_path: Path) -> Careful:
    """The records as rows of texts; what no column has room for stands together in `other_fields`.

    A row's number is the line of its record. Where a line holds several records, each takes the next free number.
    """
    places = {name.lower(): place for place, name in enumerate(table.columns)}
    ignored = number = 0
    cells: list[list[str | None]] = []
    numbers: list[int] = []
    defects: dict[int, str] = {}
    repeated = spans.repeated(_spans(path)) if SPAN_ID in places else frozenset()
    with TextRows(out_path, table.columns) as out:
        for record, row, defect in _rows(path, repeated):
            if row is None and defect is None:
                ignored += 1
                continue
            number = max(record.line_no, number + 1)
            if defect:
                defects[len(cells)] = defect
            cells.append(_cells(row or {}, record, places))
            numbers.append(number)
            if len(cells) == BATCH_ROWS:
                out.add(list(zip(*cells, strict=True)), numbers, defects)
                cells, numbers, defects = [], [], {}
        if cells:
            out.add(list(zip(*cells, strict=True)), numbers, defects)
    return Careful(out_path, out.row_count, ignored)


def flat(record: dict, prefix: str = "", depth: int = 1) -> Row:
    """The fields of a record as texts by their path; lists, tags, and objects deeper than eight, stay JSON.

    >>> flat({"id": 7, "usage": {"input": 3, "is_cached": True}, "tags": ["a"], "cost": None})
    {'id': '7', 'usage.input': '3', 'usage.is_cached': 'true', 'tags': '["a"]', 'cost': None}
    """
    row: Row = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and depth < DEEPEST and key.lower() not in WHOLE:
            row |= flat(value, f"{name}.", depth + 1)
        else:
            row[_name(name)] = text_of(value)
    return row


def text_of(value: object) -> str | None:
    """A JSON value as the text of a cell; nothing and empty containers are no value.

    >>> [text_of(value) for value in (None, False, 3, "a", [], [1, {"b": None}])]
    [None, 'false', '3', 'a', None, '[1, {"b": null}]']
    """
    if isinstance(value, str):
        return _clean(value)
    if value is None or value in ([], {}):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=float)
    return _clean(str(value))


def _readings() -> list[source_book.Reading]:
    return [reading for known in source_book.sources().values() for reading in known.readings]


def _spans(path: Path) -> Iterator[dict]:
    for record in json_lines.records(path):
        try:
            yield from (spans.spans(record.value) or []) if record.value else []
        except ValueError:
            continue  # its line is set aside when it is read


def _rows(
    path: Path, repeated: frozenset[spans.SpanId] = frozenset()
) -> Iterator[tuple[Record, Row | None, str | None]]:
    """Each record with the rows that it makes, or with its defect; a record that makes none comes with neither."""
    provider, pieces = _provider(path), _pieces(path)
    for place, record in enumerate(json_lines.records(path)):
        if record.value is None:
            yield record, None, record.defect
            continue
        try:
            value = streams.whole(record.value, place, pieces) if pieces else record.value
            rows = [flat(opened) for opened in _opened(value, provider, repeated)]
        except (RecursionError, ValueError, OverflowError) as error:
            yield record, None, json_lines.broken(record.line_no, f"it cannot be laid out ({error})", "").defect
            continue
        for row in rows:
            yield record, row, None
        if not rows:
            yield record, None, None


def _pieces(path: Path) -> streams.Ends | None:
    """Which records are one answer in pieces; None when the first of them hold no piece."""
    first = (record.value for record in islice(json_lines.records(path), LOOK_RECORDS) if record.value)
    if not any(map(streams.is_event, first)):
        return None
    return streams.ends(record.value for record in json_lines.records(path))


def _provider(path: Path) -> str | None:
    """Whose replies the file holds, by the first of its records; None when it is no log of raw replies."""
    first = (record.value for record in islice(json_lines.records(path), LOOK_RECORDS) if record.value)
    first = (streams.whole(value, -1, streams.Ends()) for value in first)
    found = (reply["log"]["provider"] for reply in map(replies.reply, first) if reply)
    return next(found, None)


def _opened(value: dict, provider: str | None, repeated: frozenset[spans.SpanId]) -> list[dict]:
    """The records that a value stands for: the spans of a trace file, a model's reply out of its envelope, or itself."""
    if (found := spans.spans(value)) is not None:
        for span in found if repeated else []:
            said = span["span"]
            said["is_repeat"] = (said["trace_id"], said["span_id"]) in repeated
        return found
    reply = replies.reply(value) or (replies.failure(value, provider) if provider else None)
    return [reply or value]


def _cells(row: Row, record: Record, places: dict[str, int]) -> list[str | None]:
    cells: list[str | None] = [None] * len(places)
    others = {}
    for name, text in row.items():
        place = places.get(name.lower())
        if place is None or cells[place] is not None:
            others[name] = text
        else:
            cells[place] = text
    if record.value is None:
        cells[0] = record.text
    elif HASH in places:
        cells[places[HASH]] = record_hash(record.value)
    if OTHERS in places:
        said = {name: text for name, text in others.items() if text is not None}
        cells[places[OTHERS]] = _clean(json.dumps(said, ensure_ascii=False)) if said else None
    return cells


@lru_cache(maxsize=1 << 16)
def _name(path: str) -> str:
    """A path as the name of a column: without line breaks, and none of the names that are ours."""
    name = " ".join(_clean(path).split()) or "(no name)"
    return f"{name}_" if name.lower() in RESERVED else name


def _clean(text: str) -> str:
    """The text as it can be stored: halves of characters and zero bytes shown, and of a long one the beginning."""
    if len(text) <= CELL_CHARS and text.isascii() and "\0" not in text:
        return text
    if len(text) > CELL_CHARS:
        text = f"{text[:CELL_CHARS]}… ({len(text):,} characters)"
    text = text.replace("\0", "␀")
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
