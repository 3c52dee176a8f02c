"""Answers that were logged piece by piece: the beginning and the end of one call, put together again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

START, END, STOP = "message_start", "message_delta", "message_stop"
AROUND = ("event", "data", "chunk")
STREAM_IDS = ("stream_id", "request_id", "trace_id", "call_id", "message_id", "session_id")


@dataclass
class Ends:
    """What the ends of answers say: the usage at the place of each beginning, and the places of ends that were put to one."""

    usage: dict[int, dict] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)


def ends(values: Iterable[dict | None]) -> Ends:
    """The beginnings and ends of streamed answers that belong together, by their places among the records.

    An end belongs to the only answer that is open under its id, or, where the log names none, to the only one that is open at
    all. Where several are open nobody can say to which it belongs, and it is put to none. Counts of an end hold for the whole answer, so
    the last one counts.
    """
    found = Ends()
    open_at: dict[object, list[int]] = {}
    for place, value in enumerate(values):
        said = _event(value) if value else None
        if said is None:
            continue
        body, around = said
        key = next((around[name] for name in STREAM_IDS if isinstance(around.get(name), str | int)), None)
        here = open_at.setdefault(key, [])
        if body["type"] == START:
            # What has its end is no longer open.
            here[:] = [*(other for other in here if other not in found.usage), place]
        elif body["type"] == END and len(here) == 1:
            found.usage[here[0]] = {**found.usage.get(here[0], {}), **_told(body.get("usage"))}
            found.joined.add(place)
            if isinstance(delta := body.get("delta"), dict) and delta.get("stop_reason"):
                here.clear()
        else:
            here.clear()
    return found


def is_event(value: dict) -> bool:
    """Whether a record is the beginning or the end of a streamed answer.

    >>> is_event({"type": "message_delta", "usage": {"output_tokens": 5}}), is_event({"type": "message"})
    (True, False)
    """
    said = _event(value)
    return said is not None and said[0]["type"] != STOP


def whole(value: dict, place: int, found: Ends) -> dict:
    """The record as one of a whole answer: a beginning with the counts of its end, or an end that stands alone; others as they are.

    A beginning without an end says how much was read and not how much was written: what it says of that is no final count.

    >>> start = {
    ...     "type": "message_start",
    ...     "message": {"type": "message", "usage": {"input_tokens": 9, "output_tokens": 1}},
    ... }
    >>> (
    ...     whole(start, 0, Ends())["message"]["usage"],
    ...     whole(start, 0, Ends({0: {"output_tokens": 815}}))["message"]["usage"],
    ... )
    ({'input_tokens': 9}, {'input_tokens': 9, 'output_tokens': 815})
    """
    said = _event(value)
    if said is None or said[0]["type"] == STOP or place in found.joined:
        return value
    body, around = said
    if body["type"] == END:
        return {**around, "message": {"type": "message", "usage": _told(body.get("usage"))}}
    message = body["message"]
    read = {name: count for name, count in _told(message.get("usage")).items() if name != "output_tokens"}
    return {**around, "message": {**message, "usage": {**read, **found.usage.get(place, {})}}}


def _event(value: dict) -> tuple[dict, dict] | None:
    """The event that a record holds and the fields around it; None where it is no beginning and no end."""
    for name in ("", *AROUND):
        body = value.get(name) if name else value
        if not isinstance(body, dict):
            continue
        is_start = body.get("type") == START and isinstance(body.get("message"), dict)
        if is_start or body.get("type") == STOP or (body.get("type") == END and isinstance(body.get("usage"), dict)):
            mine = ("message", "usage", "delta", "type") if not name else (name,)
            return body, {key: said for key, said in value.items() if key not in mine}
    return None


def _told(usage: object) -> dict:
    return {name: count for name, count in usage.items() if count is not None} if isinstance(usage, dict) else {}
