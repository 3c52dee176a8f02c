"""What a viewer chose to look at: a period, what it is compared with, and which sites, categories and partners."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PERIODS = {
    "7d": "Last 7 days",
    "28d": "Last 28 days",
    "90d": "Last 90 days",
    "ytd": "This year",
    "12m": "Last 12 months",
    "all": "All time",
    "custom": "Choose dates",
}
COMPARISONS = {"previous": "vs previous period", "year": "vs last year", "none": "No comparison"}


@dataclass(frozen=True)
class Chosen:
    """The filters of one page: dates are inclusive, None means open; `where` maps columns to the values that may pass.

    >>> Chosen(dt.date(2026, 11, 1), dt.date(2026, 11, 14)).before
    (datetime.date(2026, 10, 18), datetime.date(2026, 10, 31))
    """

    since: dt.date | None = None
    until: dt.date | None = None
    compare: str = "previous"
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    link: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def before(self) -> tuple[dt.date, dt.date] | None:
        """The period that this one is compared with; None when there is none to compare with."""
        if self.since is None or self.until is None or self.compare == "none":
            return None
        if self.compare == "year":
            return year_earlier(self.since), year_earlier(self.until)
        length = self.until - self.since
        end = self.since - dt.timedelta(days=1)
        return end - length, end

    @property
    def earlier(self) -> "Chosen | None":
        """The same filters over the period of comparison."""
        return replace(self, since=self.before[0], until=self.before[1]) if self.before else None

    def and_where(self, **conditions: str | tuple[str, ...]) -> "Chosen":
        """A narrower copy, for instance one supplier's."""
        listed = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in conditions.items()}
        return replace(self, where={**self.where, **listed})

    def over(self, since: dt.date | None, until: dt.date | None) -> "Chosen":
        """The same filters over other dates."""
        return replace(self, since=since, until=until)

    def query_params(self) -> dict[str, Any]:
        """The address parameters that bring another viewer, or another page, to the same filters."""
        return dict(self.link)

    def in_words(self, words: Any) -> list[str]:
        """The filters as people say them, period first: `["18 Oct – 14 Nov 2026", "Site: Lyon"]`."""
        from pages.parts.labels import label

        said = [words.span(self.since, self.until)]
        for column, values in self.where.items():
            said.append(f"{label(column)}: {', '.join(self.names.get(value, value) for value in values)}")
        return said


def period(preset: str, as_of: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of a preset, counted back from the day that the data reaches to.

    >>> period("7d", dt.date(2026, 11, 14))
    (datetime.date(2026, 11, 8), datetime.date(2026, 11, 14))
    >>> period("12m", dt.date(2024, 2, 29))
    (datetime.date(2023, 3, 1), datetime.date(2024, 2, 29))
    """
    if as_of is None or preset == "all":
        return None, None
    if preset == "ytd":
        return as_of.replace(month=1, day=1), as_of
    if preset == "12m":
        return year_earlier(as_of) + dt.timedelta(days=1), as_of
    return as_of - dt.timedelta(days=int(preset[:-1]) - 1), as_of


def year_earlier(day: dt.date) -> dt.date:
    """The same day a year before; 28 February for a leap day.

    >>> year_earlier(dt.date(2024, 2, 29))
    datetime.date(2023, 2, 28)
    """
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
