"""What is assumed rather than known, and what was assumed in months that are over: as tables that SQL and models read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from store.warehouse import Draft

FOLDER = Path(__file__).resolve().parent.parent / "data" / "assumptions"
GRADES = ("A", "B", "C", "assumption")
DISTRIBUTIONS = ("fixed", "triangular", "pert", "lognormal", "beta")
# Since always, and until further notice.
DAWN, DUSK = date(1900, 1, 1), date(9999, 12, 31)
COLUMNS = {
    "assumption_name": "varchar",
    **dict.fromkeys(("assumed_number", "low_number", "high_number"), "double"),
    **dict.fromkeys(("distribution_name", "unit_name", "meaning_text", "source_text"), "varchar"),
    "source_date": "date",
    **dict.fromkeys(("source_grade", "owner_name"), "varchar"),
    "packaged_number": "double",
    "is_own": "boolean",
    **dict.fromkeys(("author_name", "reason_text"), "varchar"),
}
SPAN = {"valid_from_date": "date", "valid_to_date": "date"}
Acts = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Assumption:
    """One value that somebody had to assume: its range, unit, source and date, how far it can be trusted, and whose it is.

    Entries are dated and only ever appended: the latest of a name that is not after the as-of day holds.
    """

    name: str
    value: float
    low: float
    high: float
    distribution: str
    unit: str
    meaning: str
    source: str
    date: date
    grade: str
    owner: str


@cache
def assumptions() -> tuple[Assumption, ...]:
    """Every entry of every file, by name and date.

    >>> next(entry.unit for entry in assumptions() if entry.name == "holding_share_per_year")
    'share of cost per year'
    """
    found = [
        Assumption(**entry)
        for path in sorted(FOLDER.glob("*.yml"))
        for entry in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    ]
    return tuple(sorted(found, key=lambda entry: (entry.name, entry.date)))


@dataclass(frozen=True)
class Held:
    """What was assumed in some months: the entry with the own value in its place, the packaged value, and whose word it is.

    Attributes:
        since: first day of the first of these months; `DAWN` for the first entry of a name, which holds for all months before it too.
        until: first day of the month from which something else holds; `DUSK` for what holds now.
    """

    entry: Assumption
    packaged: float
    is_own: bool
    who: str
    reason: str
    since: date
    until: date


def history(as_of: date, acts: Acts = (), zone: str = "UTC") -> Iterator[Held]:
    """What was in force at the end of each month, name by name, month by month; for the open month what holds now.

    An own value counts from the month of its act on, by the company's calendar: an act has no other day than its own, and none
    counts before one that was recorded earlier. A month that is over keeps what was in force at its end.

    Args:
        as_of: the day up to which data reach; its month is the open one.
        acts: of them those of kind `assume`, in the order in which they were recorded; one without a value takes the own one back.
        zone: time zone of the company.

    >>> first, *_ = history(date(2026, 11, 14))
    >>> first.since, first.until
    (datetime.date(1900, 1, 1), datetime.date(9999, 12, 31))
    """
    said: dict[str, list[tuple[date, Mapping[str, Any]]]] = {}
    for act in acts:
        if act["kind"] == "assume":
            earlier = said.setdefault(act["subject"], [])
            day = act["at"].astimezone(ZoneInfo(zone)).date()
            earlier.append((max(day, earlier[-1][0]) if earlier else day, act))
    for name, entries in groupby(assumptions(), key=lambda entry: entry.name):
        first, *later = entries
        events: list[tuple[date, Any]] = [(entry.date, entry) for entry in later if entry.date <= as_of]
        packaged, own = first, None
        months: dict[date, tuple[Assumption, Any]] = {DAWN: (first, None)}
        for day, event in sorted([*events, *said.get(name, ())], key=lambda event: event[0]):
            if isinstance(event, Assumption):
                packaged = event
            else:
                own = event if event["payload"].get("value") is not None else None
            months[min(day, as_of).replace(day=1)] = (packaged, own)
        for (since, (entry, act)), until in zip(months.items(), [*list(months)[1:], DUSK], strict=True):
            who, why = (act["who"], act["payload"].get("reason", "")) if act else ("", "")
            yield Held(_with(entry, act), entry.value, act is not None, who, why, since, until)


def in_force(as_of: date, acts: Acts = ()) -> list[Assumption]:
    """The entry of each name that holds on a day; a name whose first entry is later has that one."""
    return [held.entry for held in history(as_of, acts) if held.until == DUSK]


def make(draft: Draft, as_of: date, acts: Acts = (), zone: str = "UTC") -> None:
    """`raw.assumption_history` (a row a name and months in which it held) and `raw.assumptions` (what holds now), in the draft."""
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in (COLUMNS | SPAN).items())
    rows = (
        (*astuple(held.entry), held.packaged, held.is_own, held.who, held.reason, held.since, held.until)
        for held in history(as_of, acts, zone)
    )
    draft.fill("raw.assumption_history", rows, columns)
    now = f"select {', '.join(COLUMNS)} from raw.assumption_history where valid_to_date = ?"  # noqa: S608  names of ours
    draft.execute(f"create table raw.assumptions as {now}", [DUSK])


def _with(entry: Assumption, act: Mapping[str, Any] | None) -> Assumption:
    """The entry with the company's own value and range, graded by what the act says of its source."""
    if act is None:
        return entry
    said = act["payload"]
    value = float(said["value"])
    return replace(
        entry,
        value=value,
        low=float(said.get("low", value)),
        high=float(said.get("high", value)),
        source=said.get("source") or said.get("reason") or "",
        date=act["at"].date(),
        grade=said.get("grade", "assumption"),
    )
