"""What is assumed rather than known: `data/assumptions/*.yml`, dated and graded, as one table that SQL and models read."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from store.warehouse import Draft

FOLDER = Path(__file__).resolve().parent.parent / "data" / "assumptions"
GRADES = ("A", "B", "C", "assumption")
DISTRIBUTIONS = ("fixed", "triangular", "pert", "lognormal", "beta")


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


def in_force(as_of: date) -> list[Assumption]:
    """The entry of each name that holds on a day; a name whose first entry is later has that one."""
    held: dict[str, Assumption] = {}
    for entry in assumptions():
        if entry.name not in held or entry.date <= as_of:
            held[entry.name] = entry
    return list(held.values())


def overrides(acts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the company's own people put in place of a packaged value: the last act about each name, with author and reason.

    An act without a value takes the override back.
    """
    found: dict[str, dict[str, Any]] = {}
    for act in acts:
        if act["kind"] == "assume":
            found.pop(act["subject"], None)
            if act["payload"].get("value") is not None:
                found[act["subject"]] = {**act["payload"], "who": act["who"], "day": act["at"].date()}
    return found


def make(draft: Draft, as_of: date, acts: Iterable[Mapping[str, Any]] = ()) -> None:
    """`raw.assumptions`, made in the draft: one row a name, the company's own value before the packaged one."""
    draft.execute(
        "create table raw.assumptions (assumption_name varchar, assumed_number double, low_number double, high_number double, "
        "distribution_name varchar, unit_name varchar, meaning_text varchar, source_text varchar, source_date date, "
        "source_grade varchar, owner_name varchar, packaged_number double, is_own boolean, author_name varchar, reason_text varchar)"
    )
    own = overrides(acts)
    for entry in in_force(as_of):
        row = list(asdict(_with(entry, own.get(entry.name))).values())
        said = own.get(entry.name, {})
        draft.execute(
            "insert into raw.assumptions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*row, entry.value, bool(said), said.get("who", ""), said.get("reason", "")],
        )


def _with(entry: Assumption, said: Mapping[str, Any] | None) -> Assumption:
    """The entry with the company's own value and range, graded by what the override says of its source."""
    if not said:
        return entry
    value = float(said["value"])
    return replace(
        entry,
        value=value,
        low=float(said.get("low", value)),
        high=float(said.get("high", value)),
        source=said.get("source") or said.get("reason") or "",
        date=said["day"],
        grade=said.get("grade", "assumption"),
    )
