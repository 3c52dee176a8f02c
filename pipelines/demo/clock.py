"""What time it is in the demo world: days as whole numbers, moments as seconds, and a calendar of working days."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

EPOCH = date(1970, 1, 1)
DAY_SECONDS = 86_400
SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 2020, 2045


def day_number(day: date) -> int:
    """Days since 1 January 1970.

    >>> day_number(date(1970, 1, 31))
    30
    """
    return (day - EPOCH).days


def date_of(day: int) -> date:
    """The date of a day number.

    >>> date_of(20_771)
    datetime.date(2026, 11, 14)
    """
    return EPOCH + timedelta(days=int(day))


def weekday(day: int) -> int:
    """0 for Monday to 6 for Sunday.

    >>> weekday(day_number(date(2026, 11, 14)))
    5
    """
    return (int(day) + 3) % 7


def moment(day: Any, minute: Any) -> np.ndarray:
    """Seconds since the epoch, wall-clock time of the company, of a minute of a day; both may be arrays."""
    return np.asarray(np.asarray(day) * DAY_SECONDS + np.round(np.asarray(minute) * 60), dtype=np.int64)


def minute_of(seconds: Any, day: int) -> np.ndarray:
    """Minutes after midnight of a day; negative for an earlier moment."""
    return (np.asarray(seconds) - day * DAY_SECONDS) / 60.0


@cache
def holidays(year: int) -> frozenset[int]:
    """Day numbers of the public holidays on which nobody works.

    >>> day_number(date(2026, 4, 6)) in holidays(2026)
    True
    """
    easter = day_number(_easter(year))
    fixed = [date(year, 1, 1), date(year, 5, 1), date(year, 10, 3), date(year, 12, 25), date(year, 12, 26)]
    return frozenset([easter - 2, easter + 1, easter + 39, easter + 50, *map(day_number, fixed)])


@cache
def _working() -> tuple[int, np.ndarray, np.ndarray]:
    first, last = day_number(date(FIRST_YEAR, 1, 1)), day_number(date(LAST_YEAR, 12, 31))
    days = np.arange(first, last + 1)
    closed = np.array(sorted(day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in holidays(year)))
    is_open = ((days + 3) % 7 < SATURDAY) & ~np.isin(days, closed)
    return first, days[is_open], np.cumsum(is_open)


def is_working_day(day: int) -> bool:
    """True from Monday to Friday, holidays excepted."""
    return weekday(day) < SATURDAY and day not in holidays(date_of(day).year)


def after_working_days(day: Any, count: Any) -> np.ndarray:
    """The working day that lies `count` working days after a day; a count of 0 gives the day itself or the next one that is worked.

    >>> [date_of(d).isoformat() for d in after_working_days(day_number(date(2026, 11, 13)), np.array([0, 1, 5]))]
    ['2026-11-13', '2026-11-16', '2026-11-20']
    """
    first, days, rank = _working()
    offset = np.asarray(day, dtype=np.int64) - first
    count = np.asarray(count, dtype=np.int64)
    worked_before = rank[offset - 1]
    return np.where(count == 0, days[worked_before], days[rank[offset] + np.maximum(count, 1) - 1])


def _easter(year: int) -> date:
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    full = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    sunday = full - (year + year // 4 + full + 2 - century + century // 4) % 7
    month = 3 + (sunday + 40) // 44
    return date(year, month, sunday + 28 - 31 * (month // 4))
