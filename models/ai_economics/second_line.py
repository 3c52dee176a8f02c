"""A second line of sites, as somebody decided it for a use case: since when, what lines the sites had then, and what it costs a year."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from models.ai_economics.network import CACHED_PROCEDURES, SECOND_CIRCUIT, USUAL, kinds, with_second
from models.ai_economics.placement_needs import SECOND_CIRCUIT as WAY

if TYPE_CHECKING:  # a use case names its second line, so at run time this module comes first
    from models.ai_economics.use_case import UseCase

LINE = "second lines and pages"  # the cost line
Number = TypeVar("Number", float, np.ndarray)


@dataclass(frozen=True)
class SecondLine:
    """What was decided.

    Attributes:
        since: the day of the decision; None where it is not known, then it counts always.
        lines: place → its circuits when it was decided first, of those that somebody had said; the others count as `network.USUAL`.
        is_left: whether another way was decided since. It is no way of the use case any more; what it knows of the lines stays.
        spans: from which day to which it was the way before, for each time that it was left.
    """

    since: dt.date | None
    lines: tuple[tuple[str, str], ...] = ()
    is_left: bool = False
    spans: tuple[tuple[dt.date, dt.date], ...] = ()

    def before(self, place: str) -> str:
        """The circuits of a place before.

        >>> SecondLine(None, (("HAM", "fibre"),)).before("HAM"), SecondLine(None).before("HAM")
        ('fibre', 'broadband')
        """
        return dict(self.lines).get(place) or USUAL

    def as_in(self, month: dt.date) -> "SecondLine":
        """The same as it stood at the end of a month: over it, or not yet, or no longer.

        >>> line = SecondLine(dt.date(2026, 12, 1), spans=((dt.date(2026, 8, 10), dt.date(2026, 11, 5)),))
        >>> [line.as_in(dt.date(2026, month, 1)).is_left for month in (7, 8, 10, 11, 12)]
        [True, False, False, True, False]
        """
        was = any(begun.replace(day=1) <= month < ended.replace(day=1) for begun, ended in self.spans)
        is_now = not self.is_left and (self.since is None or self.since.replace(day=1) <= month)
        return replace(self, is_left=not (was or is_now))


def yearly(line: str, number: Callable[[str], Number]) -> Number:
    """What a second circuit of a place costs a year with the procedures kept there as pages; pages alone where it has two already.

    Args:
        line: the circuits that the place has. number: an assumption's name → what it is, on one path or on many.

    >>> prices = {SECOND_CIRCUIT: 900.0, CACHED_PROCEDURES: 150.0}
    >>> yearly("broadband", prices.__getitem__), yearly("fibre + lte", prices.__getitem__)
    (1050.0, 150.0)
    """
    pages = number(CACHED_PROCEDURES)
    return pages + number(SECOND_CIRCUIT) if with_second(line) != line else pages


def way_of(case: "UseCase") -> str:
    """The way that a use case runs: its second line, where that was decided, is a way of its own beside the central one.

    >>> from types import SimpleNamespace
    >>> way_of(SimpleNamespace(deployment="central api", second_line=SecondLine(None)))
    'second circuit'
    """
    return WAY if is_over(case) else case.deployment


def is_over(case: "UseCase") -> bool:
    """Whether a use case runs over second lines that were decided for it, and were not left since.

    >>> from types import SimpleNamespace
    >>> [is_over(SimpleNamespace(second_line=one)) for one in (None, SecondLine(None), SecondLine(None, is_left=True))]
    [False, True, False]
    """
    return case.second_line is not None and not case.second_line.is_left


def placed(before: Mapping[str, Any], said: Mapping[str, Any], at: dt.datetime | None) -> dict[str, Any]:
    """What the act that places a use case changes in its definition: where it runs, and whether over a second line.

    Who has a second line and is decided so again keeps the first day and the lines of that day. Who left it for another way and
    comes back has it from that day on, with the lines of the first decision: a detour makes no circuit free, and the months before
    it keep what they cost.

    Args:
        before: the definition that holds. said: what the act says. at: when it was decided.

    >>> act = {"way": "second circuit", "deployment": "central api", "record": {"lines": {"HAM": "fibre"}}}
    >>> placed({}, act, dt.datetime(2026, 11, 20, 9))["second_line"]
    {'since': '2026-11-20', 'lines': {'HAM': 'fibre'}}
    >>> placed({}, {"way": "hybrid", "deployment": "hybrid"}, None)
    {'deployment': 'hybrid'}
    """
    change: dict[str, Any] = {"deployment": said["deployment"]}
    held = before.get("second_line")
    if said.get("way") != WAY:
        return change | ({"second_line": {**held, **_span(held, at), "is_left": True}} if held else {})
    since = {"since": at.date().isoformat()} if at is not None else {}
    if held and held.get("is_left"):
        return change | {"second_line": {**held, **since, "is_left": False}}
    return change | {"second_line": held or since | {"lines": dict(said.get("record", {}).get("lines", {}))}}


def _span(held: Mapping[str, Any], at: dt.datetime | None) -> dict[str, Any]:
    """The spans of what is left now: one more, where it was the way until now and both days are known."""
    if held.get("is_left") or at is None or not held.get("since"):
        return {}
    return {"spans": [*held.get("spans", ()), [held["since"], at.date().isoformat()]]}


def second_line(said: Mapping[str, Any] | None, day_of: Callable[[Any], dt.date | None]) -> SecondLine | None:
    """The second line that a definition names; its kinds must have been looked at before."""
    if not said:
        return None
    days = [(day_of(begun), day_of(ended)) for begun, ended in said.get("spans", ())]
    return SecondLine(
        day_of(said.get("since")), tuple(sorted(said.get("lines", {}).items())), bool(said.get("is_left", False)),
        tuple((begun, ended) for begun, ended in days if begun and ended),
    )  # fmt: skip


def second_line_faults(said: Any, day_of: Callable[[Any], dt.date | None]) -> Iterator[str]:
    """What is wrong with a second line as a definition says it, in sentences; none where nothing is.

    >>> list(second_line_faults({"lines": {"HAM": "string"}}, lambda told: None))
    ['Its second line must name the circuits that each place had before.']
    """
    if said is None:
        return
    lines = said.get("lines", {}) if isinstance(said, Mapping) else None
    if not isinstance(lines, Mapping) or not all(
        isinstance(place, str) and _is_line(line) for place, line in lines.items()
    ):
        yield "Its second line must name the circuits that each place had before."
    elif said.get("since") is not None and day_of(said["since"]) is None:
        yield "The day since which it has a second line must be a date such as 2026-02-16."
    elif not isinstance(said.get("is_left", False), bool):
        yield "Whether it has left its second line must be yes or no."
    elif not all(_is_span(one, day_of) for one in said.get("spans", ())):
        yield "The spans of its second line must be pairs of dates such as [2026-02-16, 2026-05-04]."


def _is_span(told: Any, day_of: Callable[[Any], dt.date | None]) -> bool:
    return isinstance(told, list | tuple) and len(told) == 2 and all(day_of(day) is not None for day in told)


def _is_line(told: Any) -> bool:
    try:
        return isinstance(told, str) and bool(kinds(told))
    except ValueError:
        return False
