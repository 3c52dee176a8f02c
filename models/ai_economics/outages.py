"""How much of a site's business hours the centre can be reached, and the machine at the site is up when it cannot (method section 5.2)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.ai_economics.availability import hybrid, series
from models.ai_economics.draws import dice_of
from models.ai_economics.network import Part, common_part
from models.ai_economics.number import need

DAY, WEEK = 24.0, 168.0
YEAR = 52 * WEEK  # of the simulation: whole weeks, so that every year has the same business hours
YEARS = 1000
BAD = 0.95  # of the years are no worse than a bad one
Spans = tuple[np.ndarray, np.ndarray]  # when it goes down and when it is up again, in hours


@dataclass(frozen=True)
class BusinessHours:
    """The hours of a week in which work happens: days from Monday = 0, the last one included, and hours of the day.

    Errors:
        ValueError: days outside a week or hours outside a day, or none at all.
    """

    first_day: int = 0
    last_day: int = 4
    opens: float = 7.0
    closes: float = 18.0

    def __post_init__(self) -> None:
        """Some hours of a week."""
        need(0 <= self.first_day <= self.last_day <= 6, "days run from 0, Monday, to 6, Sunday")
        need(0 <= self.opens < self.closes <= DAY, "hours run from 0 to 24, and there is at least a moment")

    @property
    def a_week(self) -> float:
        """Hours of a week.

        >>> BusinessHours().a_week
        55.0
        """
        return (self.last_day - self.first_day + 1) * (self.closes - self.opens)

    @property
    def a_year(self) -> float:
        """Hours of a year of 365 days, holidays not taken off.

        >>> round(BusinessHours().a_year, 1)
        2867.9
        """
        return self.a_week * 365 / 7

    def before(self, hours: np.ndarray) -> np.ndarray:
        """Business hours from a Monday at midnight until so many hours later.

        >>> BusinessHours().before(np.array([0.0, 8.0, 24.0, 168.0, 168.0 + 25])).tolist()
        [0.0, 1.0, 11.0, 55.0, 66.0]
        """
        weeks, rest = np.divmod(np.asarray(hours, dtype=float), WEEK)
        day, hour = np.divmod(rest, DAY)
        is_open = (day >= self.first_day) & (day <= self.last_day)
        whole = np.clip(day - self.first_day, 0, self.last_day - self.first_day + 1) * (self.closes - self.opens)
        return weeks * self.a_week + whole + is_open * np.clip(hour - self.opens, 0, self.closes - self.opens)


BUSINESS = BusinessHours()


@dataclass(frozen=True)
class Uptime:
    """Shares of business hours that sum to 1, and what a year looks like.

    Attributes:
        central: the centre can be reached.
        edge_alone: it cannot, but the machine at the site is up.
        neither: neither of them.
        edge: the machine at the site is up, whatever the centre does; 0 without one.
        standard_error: of `central` and so of what is not; 0 where it is exact.
        outages_a_year: times a year that the centre cannot be reached within business hours; None where nothing was simulated.
        bad_year_hours: business hours without the centre in a year than which 19 of 20 are better; None as above.
    """

    central: float
    edge_alone: float
    neither: float
    edge: float = 0.0
    standard_error: float = 0.0
    outages_a_year: float | None = None
    bad_year_hours: float | None = None

    def hybrid(self, offline_share: float) -> float:
        """The share of the work that goes on, where the site does alone what it can: central + edge alone · offline share.

        >>> round(Uptime(0.98, 0.0199, 0.0001).hybrid(0.6), 5)
        0.99194
        """
        need(0 <= offline_share <= 1, "a share lies between 0 and 1")
        return self.central + self.edge_alone * offline_share

    def down_hours(self, offline_share: float = 0.0, *, hours: BusinessHours = BUSINESS) -> float:
        """Business hours a year that are lost, those of which a part goes on at the site by the part that does not.

        >>> round(Uptime(0.98, 0.0, 0.02).down_hours(), 2)
        57.36
        """
        return max(1.0 - self.hybrid(offline_share), 0.0) * hours.a_year


def expected(
    circuits: Sequence[Part], centre: Sequence[Part], edge: Part | None = None, *, common_share: float = 0.0
) -> Uptime:
    """The shares in the long run, by the formulas of `availability`; business hours have no share of failures of their own.

    Args:
        circuits: of which one suffices; without any the centre is never reached.
        centre: parts that are all needed. edge: the machine at the site.
        common_share: β, the share of failures that take all circuits at once.

    >>> round(expected([Part("a", 600, 12), Part("b", 600, 12)], [], common_share=0.10).central, 4)
    0.9977
    """
    together, own = common_part(tuple(circuits), common_share)
    down = float(np.prod([1 - one.up_share for one in own]))
    line = (together.up_share if together else 1.0) * (1 - down)
    central = float(series(line, *(one.up_share for one in centre)))
    at_site = edge.up_share if edge else 0.0
    alone = float(hybrid(central, at_site, 1.0)) - central
    return Uptime(central, alone, 1 - central - alone, at_site)


def uptime(
    circuits: Sequence[Part],
    centre: Sequence[Part],
    edge: Part | None = None,
    *,
    common_share: float = 0.0,
    hours: BusinessHours = BUSINESS,
    years: int = YEARS,
    repair_shape: float = 1.0,
    seed: int = 0,
) -> Uptime:
    """What `expected` says, from a simulation of years, with how often work stops and how bad a year can be.

    Each part is up and down in turn, for exponential times up and gamma times down, from its steady state on, and by dice of its
    own: the same seed gives the same answer, and a circuit more leaves the failures of the others where they are.

    Args:
        circuits, centre, edge, common_share: as in `expected`.
        hours: in which work happens; the rest of the week does not count.
        years: of 52 weeks. A thousand tell a share down of 2 % within 1.5 % of itself (standard error).
        repair_shape: of the gamma law of times down; 1 is exponential, more is more regular.

    Errors:
        ValueError: fewer than two years, or a shape that is not above nought.

    >>> found = uptime([Part("broadband", 600, 12)], [], years=500, seed=1)
    >>> (
    ...     abs(found.central - 600 / 612) < 3 * found.standard_error,
    ...     found.edge_alone,
    ...     round(found.outages_a_year, 1) < 14.3,
    ... )
    (True, 0.0, True)
    """
    need(years >= 2 and repair_shape > 0, "two years at least, and a shape above nought")
    together, own = common_part(tuple(circuits), common_share)
    end = years * YEAR

    def spans(role: str, parts: Sequence[Part]) -> list[Spans]:
        seen: Counter[str] = Counter()
        found = []
        for one in parts:
            seen[one.name] += 1
            dice = dice_of(f"{role} {one.name} {seen[one.name]}", seed)
            found.append(_downs(one, end, repair_shape, dice))
        return found

    lines = spans("circuit", own)
    needed = spans("centre", (*centre, *([together] if together else ())))
    site = spans("site", [edge] if edge else [])
    marks = np.sort(
        np.concatenate([np.arange(years) * YEAR, *(times for one in (*lines, *needed, *site) for times in one)])
    )
    marks = marks[marks < end]  # what is down at the end has a mark there, which begins no stretch
    counted = np.diff(hours.before(np.concatenate([marks, [end]])))
    year = (marks // YEAR).astype(int)
    has_line = ~_all([_is_down(one, marks) for one in lines], len(marks))
    is_central = has_line & ~_any([_is_down(one, marks) for one in needed], len(marks))
    is_edge = ~_is_down(site[0], marks) if site else np.zeros(len(marks), dtype=bool)
    return _told(counted, year, is_central, is_edge, hours)


def _told(
    counted: np.ndarray, year: np.ndarray, is_central: np.ndarray, is_edge: np.ndarray, hours: BusinessHours
) -> Uptime:
    """Shares of the business hours of each stretch of time, by what was up in it."""
    whole = counted.sum()
    years = int(year[-1]) + 1
    central, alone = (float(counted[some].sum() / whole) for some in (is_central, is_edge & ~is_central))
    down = np.bincount(year, weights=counted * ~is_central, minlength=years) / (whole / years)
    # Stretches without the centre that follow each other are one outage; it counts where work was to be done.
    begins = ~is_central & np.concatenate([[True], is_central[:-1]])
    lasted = np.bincount(np.cumsum(begins)[~is_central], weights=counted[~is_central])
    return Uptime(
        central=central,
        edge_alone=alone,
        neither=max(1.0 - central - alone, 0.0),
        edge=float(counted[is_edge].sum() / whole),
        standard_error=float(down.std(ddof=1) / np.sqrt(years)),
        outages_a_year=float(np.count_nonzero(lasted) / years),
        bad_year_hours=float(np.quantile(down, BAD) * hours.a_year),
    )


def _downs(one: Part, end: float, shape: float, dice: np.random.Generator) -> Spans:
    """When a part goes down and is up again until the end, as met at any moment of its life."""
    if one.hours_down == 0:
        return np.empty(0), np.empty(0)
    begins_down = dice.random() >= one.up_share
    # A repair that is met under way is one of the longer ones, and what is left of it is any part of it.
    left = dice.gamma(shape + 1, one.hours_down / shape) * dice.random()
    starts, ends, now = [np.empty(0)], [np.empty(0)], 0.0
    if begins_down:
        starts, ends, now = [np.zeros(1)], [np.array([left])], left
    while now < end:
        count = int((end - now) / (one.hours_up + one.hours_down) * 1.05) + 16
        up = dice.exponential(one.hours_up, count)
        down = dice.gamma(shape, one.hours_down / shape, count)
        done = now + np.cumsum(up + down)
        starts.append(done - down)
        ends.append(done)
        now = float(done[-1])
    first, last = np.concatenate(starts), np.concatenate(ends)
    kept = first < end
    return first[kept], np.minimum(last[kept], end)


def _is_down(spans: Spans, at: np.ndarray) -> np.ndarray:
    """Whether a part is down from each moment on."""
    first, last = spans
    return np.searchsorted(first, at, side="right") > np.searchsorted(last, at, side="right")


def _any(down: Sequence[np.ndarray], size: int) -> np.ndarray:
    return np.logical_or.reduce([np.zeros(size, dtype=bool), *down])


def _all(down: Sequence[np.ndarray], size: int) -> np.ndarray:
    return np.logical_and.reduce([np.ones(size, dtype=bool), *down])
