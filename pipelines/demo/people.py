"""Who works when, and how work waits for them: stations with named people, shift hours and one queue each."""

import heapq
from dataclasses import dataclass

import numpy as np

from pipelines.demo import words
from pipelines.demo.dice import Dice
from pipelines.demo.scale import Size

WAVE_MINUTE = 11 * 60
TRUCK_MINUTE = 18 * 60
OFFICE_OPENS = 7 * 60 + 30
BUSY = 0.76
ABSENT = 0.04
SYSTEM = -1


@dataclass(frozen=True)
class Station:
    """One place of work: whose numbers it holds in the list of all people, and its shift in minutes after midnight."""

    name: str
    people: np.ndarray
    opens: int
    closes: int


@dataclass(frozen=True)
class Staff:
    """Everybody who works at the company, and the stations at which they do."""

    names: np.ndarray
    stations: dict[str, Station]


def staff(size: Size, dice: Dice, lines_by_site: np.ndarray) -> Staff:
    """People enough that a station is about three quarters busy on a usual day; so Mondays, promotions and absences make queues.

    Args:
        lines_by_site: order lines that each site sends on a usual weekday.
    """
    orders = size.lines_per_workday / 2.5
    loads = {
        "desk": (orders * 0.62 * 5.4, OFFICE_OPENS, 570),
        "credit": (orders * 0.05 * 8.0 + 10, OFFICE_OPENS + 60, 480),
        "billing": (orders * 0.80 * 2.2 + 10, OFFICE_OPENS + 30, 480),
        "service": (orders * 0.12 * 14.0 + 20, OFFICE_OPENS + 30, 510),
    }
    for site, lines in enumerate(lines_by_site.tolist()):
        parcels = lines / 2.2
        loads[f"pick {site}"] = (parcels * 2.3 + lines * 1.6, WAVE_MINUTE, 390)
        loads[f"pack {site}"] = (parcels * 1.9 + lines * 0.6, WAVE_MINUTE + 30, 390)
    names: list[str] = []
    stations: dict[str, Station] = {}
    for name, (minutes, opens, longest) in loads.items():
        heads = max(1, int(np.ceil(minutes / (longest * BUSY))))
        # The office answers for most of the day however little there is to do; the warehouse comes in for what there is.
        length = int(np.clip(minutes / BUSY / heads, 120 if " " in name else 0.75 * longest, longest))
        stations[name] = Station(name, np.arange(len(names), len(names) + heads), opens, opens + length)
        names += [_person(dice, len(names) + i) for i in range(heads)]
    return Staff(np.array(names), stations)


def present(station: Station, dice: Dice, day: int) -> np.ndarray:
    """The people of a station who came to work on a day; somebody always comes."""
    here = station.people[dice.uniform("absent", day, station.people) >= ABSENT]
    return here if len(here) else station.people[:1]


def worked(
    ready: np.ndarray, minutes: np.ndarray, *, people: np.ndarray, opens: float, closes: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When each task began and ended, in minutes after midnight, and who did it: first come, first served by whoever is free first.

    A task that nobody could begin before the shift closed has begun and ended at infinity and waits for another day.
    `ready` may be negative (waiting since an earlier day).

    >>> began, ended, who = worked(
    ...     np.array([0.0, 0.0, 5.0]), np.array([10.0, 10.0, 10.0]), people=np.array([4]), opens=0, closes=15
    ... )
    >>> began.tolist(), who.tolist()
    ([0.0, 10.0, inf], [4, 4, -1])
    """
    began = np.full(len(ready), np.inf)
    ended, who = began.copy(), np.full(len(ready), SYSTEM)
    free = [(float(opens), int(person)) for person in people]
    order = np.argsort(ready, kind="stable")
    for task, arrives, needs in zip(order.tolist(), ready[order].tolist(), minutes[order].tolist(), strict=True):
        at, person = free[0]
        start = max(arrives, at)
        if start >= closes:
            if at >= closes:
                break
            continue
        heapq.heapreplace(free, (start + needs, person))
        began[task], ended[task], who[task] = start, start + needs, person
    return began, ended, who


def _person(dice: Dice, number: int) -> str:
    first = words.FIRST_NAMES[(number * 7 + dice.seed) % len(words.FIRST_NAMES)]
    return f"{first} {words.LAST_INITIALS[number % len(words.LAST_INITIALS)]}."
