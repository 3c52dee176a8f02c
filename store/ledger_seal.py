"""What seals an act: one canonical text for one meaning, and a hash over that text and the seal of the act before."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

GENESIS = "0" * 64
MONEY_ENDINGS = ("_amount", "_cost", "_price")
# A field that somebody turned into bytes is no JSON; as its Python text it gives another hash, and is found.
_CANONICAL = json.JSONEncoder(separators=(",", ":"), default=repr).encode


@dataclass(frozen=True)
class Entry:
    """An act as it is stored: each field in the very text that its seal covers (the columns of the table `acts`)."""

    act_no: int
    act_id: str
    kind: str
    subject: str
    who: str
    at: str
    payload: str
    previous_hash: str
    act_hash: str


def seal(entry: Entry, *, act_no: int | None = None) -> str:
    """The SHA-256, in hex, that belongs on this entry (or that would if its number were `act_no`).

    It covers the JSON array of act_no, act_id, kind, subject, who, at, payload (its text) and previous_hash, in ASCII
    and without blanks, so that anybody can compute it again with other tools.

    >>> seal(Entry(1, "a", "load", "L1", "ada", "2026-01-02T03:04:05.000000Z", "{}", GENESIS, ""))[:12]
    '7bc883bdb544'
    """
    number = entry.act_no if act_no is None else act_no
    said = [entry.act_id, entry.kind, entry.subject, entry.who, entry.at, entry.payload, entry.previous_hash]
    return hashlib.sha256(_CANONICAL([number, *said]).encode()).hexdigest()


def payload_text(payload: Mapping[str, object]) -> str:
    """The one JSON text of a payload: keys sorted, no blanks, ASCII; decimals, dates and instants as strings.

    Errors: ValueError for NaN, for infinity, for money (`…_amount`, `…_cost`, `…_price`) as a float and for a date-time
    without a zone; TypeError for a key that is not text and for a value that JSON does not know.

    >>> payload_text({"worth_amount": Decimal("12.50"), "late_share": 0.25, "as_of_date": date(2026, 11, 20)})
    '{"as_of_date":"2026-11-20","late_share":0.25,"worth_amount":"12.50"}'
    """
    return json.dumps(_plain("", payload), sort_keys=True, separators=(",", ":"), allow_nan=False)


def instant_text(at: datetime) -> str:
    """An instant in UTC to the microsecond, always of the same length.

    Errors: ValueError for a date-time without a zone.

    >>> instant_text(datetime.fromisoformat("2026-11-20T10:00:00+01:00"))
    '2026-11-20T09:00:00.000000Z'
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone, so it is no instant.")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _plain(name: str, value: object) -> object:
    """The value as JSON holds it; `name` is the key that it stands under."""
    match value:
        case Mapping():
            if strange := [key for key in value if not isinstance(key, str)]:
                raise TypeError(f"A payload's keys are text; {strange[0]!r} is not.")
            # What lies under a name of money is money: {"freight_cost": {"low": …, "high": …}}.
            return {key: _plain(name if name.endswith(MONEY_ENDINGS) else key, part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(name, part) for part in value]
        case Decimal() if value.is_finite():
            return f"{value:f}"
        case float() if name.endswith(MONEY_ENDINGS):
            raise ValueError(f"{name} is money and stands here as a float ({value}); give it as a Decimal.")
        case float() if math.isfinite(value):
            return value
        case float() | Decimal():
            raise ValueError(f"{name} is {value}, which is not a number that can be kept.")
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case _:
            return value
