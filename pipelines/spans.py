"""OpenTelemetry spans out of the two shapes in which they are written down, in one shape of their own."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.json_lines import record_hash

SpanId = tuple[str | None, str | None]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STARTS = ("startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime", "start_timestamp", "timestamp")
ENDS = ("endTimeUnixNano", "end_time_unix_nano", "end_time", "endTime", "end_timestamp")
IDS = ("spanId", "span_id", "spanID")
TRACES = ("traceId", "trace_id", "traceID")
PARENTS = ("parentSpanId", "parent_span_id", "parent_id", "parentId")
NAMED = {*STARTS, *ENDS, *IDS, *TRACES, *PARENTS, "name", "kind", "status", "attributes", "resource", "context"}
INPUTS = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens")
OUTPUTS = ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens")
DEEPEST = 100  # spans between two that have tokens; a ring of parents is no end
SCALARS = ("stringValue", "intValue", "doubleValue", "boolValue", "bytesValue")
# below these a count is one of seconds, thousandths or millionths; above, of billionths
LARGEST = ((10**11, 1), (10**14, 10**3), (10**17, 10**6))


def spans(record: dict) -> list[dict] | None:
    """The spans that a record holds, each with `span.…`, `attributes.…`, `resource.…`; None when it is no trace data.

    A line of the collector's file exporter holds many, a line of a span exporter one. Times come as ISO texts, and a
    span without an id has one made of all that it says.

    Errors: a ValueError for trace data with something else where a span should be.

    >>> [found] = spans({"name": "chat", "start_time": "2026-11-14T08:00:00Z", "attributes": {"gen_ai.system": "x"}})
    >>> found["span"]["started_at"], found["attributes"]
    ('2026-11-14T08:00:00Z', {'gen_ai.system': 'x'})
    """
    batches = _first(record, ("resourceSpans", "resource_spans", "batches"))
    if batches is not None or "resourceSpans" in record:
        return [span for batch in _objects(batches) for span in _of_batch(batch)]
    if isinstance(record.get("attributes"), dict | list) and _first(record, STARTS) and _is_named(record):
        return [_span(record, {}, None)]
    return None


def repeated(found: Iterable[dict]) -> frozenset[SpanId]:
    """The ids of the spans that say again what their children say, as where a call is traced by two libraries.

    A span repeats when its tokens are the sum of those of the nearest spans below it that have any; the lowest ones count.

    Args:
        found: spans as `spans` lays them open.
    """
    parents: dict[SpanId, SpanId] = {}
    tokens: dict[SpanId, tuple[int, int]] = {}
    for one in found:
        said, attributes = one["span"], one["attributes"]
        trace = said["trace_id"]
        if said["span_id"] in (None, said["parent_span_id"]):
            continue  # of what has no id, or is its own parent, nobody can say what lies below
        parents[trace, said["span_id"]] = (trace, said["parent_span_id"])
        counts = (_count(_first(attributes, INPUTS)), _count(_first(attributes, OUTPUTS)))
        if sum(counts):
            tokens[trace, said["span_id"]] = counts
    below: dict[SpanId, tuple[int, int]] = {}
    for key, counts in tokens.items():
        above, steps = parents[key], 0
        while above in parents and above not in tokens and steps < DEEPEST:
            above, steps = parents[above], steps + 1
        had = below.get(above, (0, 0))
        below[above] = (had[0] + counts[0], had[1] + counts[1])
    return frozenset(key for key, counts in tokens.items() if below.get(key) == counts)


def _count(said: object) -> int:
    return int(said) if isinstance(said, int) or (isinstance(said, str) and said.isdecimal()) else 0


def moment(value: object) -> object:
    """A count of seconds, thousandths, millionths or billionths since 1970 as an ISO text; anything else as it stands.

    >>> moment("1763107200000000000"), moment(1763107200), moment("2025-11-14 08:00")
    ('2025-11-14T08:00:00.000000Z', '2025-11-14T08:00:00.000000Z', '2025-11-14 08:00')
    """
    try:
        number = int(str(value)) if not isinstance(value, bool) else None
    except ValueError:
        number = _whole_micros(value)
        return _iso(number) if number is not None else value
    if number is None:
        return value
    per_second = next((unit for limit, unit in LARGEST if abs(number) < limit), 10**9)
    return _iso(number * 10**6 // per_second) or value


def _whole_micros(value: object) -> int | None:
    """Millionths of seconds out of a number with a fraction, as some clocks write them."""
    try:
        seconds = float(str(value))
        return round(seconds * 10**6) if 0 <= seconds < 10**11 else None
    except ValueError:
        return None


def _iso(micros: int) -> str | None:
    try:
        return (EPOCH + timedelta(microseconds=micros)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except OverflowError:
        return None


def _is_named(record: dict) -> bool:
    return bool(_first(record, (*IDS, "name", "context")))


def _of_batch(batch: dict) -> Iterator[dict]:
    [owner] = _objects([batch.get("resource") or {}])
    resource = _attributes(owner.get("attributes"))
    for scope in _objects(_first(batch, ("scopeSpans", "scope_spans", "instrumentationLibrarySpans"))):
        [named] = _objects([_first(scope, ("scope", "instrumentationLibrary")) or {}])
        for span in _objects(scope.get("spans")):
            yield _span(span, resource, named.get("name"))


def _objects(said: object) -> list[dict]:
    """A list of objects, empty where nothing is said; a ValueError for anything else, because no part of a line is lost."""
    if said is None:
        return []
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise ValueError("a list of spans or scopes holds something else")
    return said


def _plain(said: object) -> object:
    """A value that is a name or a moment; what is an object or a list instead is shown as JSON."""
    return json.dumps(said, default=str) if isinstance(said, list | dict) else said


def _span(span: dict, resource: dict, scope_name: str | None) -> dict:
    inner: dict = span["context"] if isinstance(span.get("context"), dict) else {}
    own = span.get("resource")
    status = span.get("status")
    status = status if isinstance(status, dict) else {"code": status}
    attributes = _attributes(span.get("attributes"))
    named = {
        "trace_id": _first(span, TRACES) or _first(inner, TRACES),
        "span_id": _first(span, IDS) or _first(inner, IDS),
        "parent_span_id": _first(span, PARENTS),
        "name": span.get("name"),
        "kind": span.get("kind"),
        "started_at": moment(_first(span, STARTS)),
        "ended_at": moment(_first(span, ENDS)),
        "status_code": _first(status, ("code", "status_code", "statusCode")),
        "status_message": _first(status, ("message", "description")),
        "scope_name": scope_name,
        "is_repeat": None,
    }
    named = {name: _plain(value) for name, value in named.items()}
    named["record_id"] = None if named["span_id"] else record_hash(span)
    if isinstance(own, dict):
        resource = _attributes(own.get("attributes", own))
    rest = {key: value for key, value in span.items() if key not in NAMED}
    return {"span": named, "attributes": attributes, "resource": resource, **rest}


def _attributes(said: object) -> dict:
    """Attributes as a plain object, out of the collector's list of keys and typed values or as they are."""
    if isinstance(said, dict):
        return {key: _value(value) for key, value in said.items()}
    pairs = said if isinstance(said, list) else []
    return {str(pair["key"]): _value(pair.get("value")) for pair in pairs if isinstance(pair, dict) and "key" in pair}


def _value(said: object) -> object:
    if not isinstance(said, dict):
        return said
    for name in SCALARS:
        if name in said and len(said) == 1:
            return said[name]
    if isinstance(values := (said.get("arrayValue") or {}), dict) and "values" in values:
        return [_value(value) for value in values["values"] or []]
    if isinstance(pairs := (said.get("kvlistValue") or {}), dict) and "values" in pairs:
        return _attributes(pairs["values"])
    return said


def _first(said: dict, names: tuple[str, ...]) -> Any:
    for name in names:
        found = said.get(name)
        if found is not None and found != "":
            return found
    return None
