"""Periods as people say them, turned into a first and a last day; reckoned from the day that the data reaches to.

Each is given whole: "this month" ends with the month, also where the data does not reach so far. The reader ends it for the number.
"""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

MONTHS = (
    ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"), ("july", "jul"),
    ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"), ("december", "dec"),
)  # fmt: skip
MONTH = {word: number for number, words in enumerate(MONTHS, start=1) for word in words}
UNITS = ("day", "week", "month", "quarter", "year")
COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
LEADS = ("in", "during", "over", "within", "for", "on", "of")
SO_FAR = {"ytd": "year", "qtd": "quarter", "mtd": "month"}
DAY_OF_MONTH = re.compile(r"([0-9]{1,2})(st|nd|rd|th)?")
YEAR = re.compile(r"(19|20)[0-9]{2}")
DAY_OR_YEAR = "may be a day or a year. Say the year in full, or put the day before the month"
MOVED = "has not ended this year, and may be of this year or the last. Say the year"
Words = Sequence[str]


@dataclass(frozen=True)
class Period:
    """A first and a last day, both counted; None is open.

    Args:
        is_yearless: said by a month or a quarter without its year, which is then the latest that has begun.
        doubt: why nobody can say which days are meant; empty where they are clear.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    is_yearless: bool = False
    doubt: str = ""


Found = tuple[int, Period] | None


def read(words: Words, as_of: dt.date, week_start: int = 1) -> Found:
    """How many of the words, from the first on, say a period, and which; None where they say none.

    >>> length, period = read(["in", "this", "month", "by"], dt.date(2026, 11, 13))
    >>> length, str(period.since), str(period.until)
    (3, '2026-11-01', '2026-11-30')
    """
    led = led_by(words)
    try:
        found = _span(words, as_of, week_start)
        found, led = (found, 0) if found else (_said(words[led:], as_of, week_start), led)
    except (ValueError, OverflowError):  # 30 February, or the last 9,999 years
        return None
    # "May" alone may be a wish; "in May" and "May 2026" are months.
    if found is None or (led + found[0] == 1 and words[0] == "may"):
        return None
    return led + found[0], found[1]


def start_of(day: dt.date, unit: str, week_start: int = 1) -> dt.date:
    """The first day of the week, month, quarter or year that a day lies in.

    >>> start_of(dt.date(2026, 11, 13), "quarter"), start_of(dt.date(2026, 11, 13), "week")
    (datetime.date(2026, 10, 1), datetime.date(2026, 11, 9))
    """
    if unit == "week":
        return day - dt.timedelta(days=(day.isoweekday() - week_start) % 7)
    first = {"day": day.month, "month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[unit]
    return day if unit == "day" else day.replace(month=first, day=1)


def led_by(words: Words) -> int:
    """How many words lead to a period: "in", "over the"."""
    led = 1 if words and words[0] in LEADS else 0
    return led + 1 if len(words) > led and words[led] == "the" else led


def _span(words: Words, as_of: dt.date, week_start: int) -> Found:
    """From one stretch to another, since one, or until one."""
    opening = words[0] if words else ""
    first = 1 if opening in ("from", "between", "since", "until", "till") else 0
    begins = _said(words[first:], as_of, week_start)
    if begins is None:
        return None
    length = first + begins[0]
    if opening == "since":
        return length, replace(begins[1], until=None)
    if opening in ("until", "till"):
        return length, replace(begins[1], since=None, doubt=begins[1].doubt or _moved(words[first:], as_of))
    if length >= len(words) or words[length] not in (("and",) if opening == "between" else ("to", "until", "till")):
        return None
    ends = _said(words[length + 1 :], as_of, week_start)
    if ends is None or ends[1].until is None:
        return None
    if begins[1].is_yearless:  # "from November to February" begins in the November before
        begins = _said(words[first:], ends[1].until, week_start) or begins
    doubt = begins[1].doubt or ends[1].doubt or _moved(words[length + 1 :], as_of)
    is_yearless = begins[1].is_yearless or ends[1].is_yearless
    return length + 1 + ends[0], Period(begins[1].since, ends[1].until, is_yearless, doubt)


def _moved(words: Words, as_of: dt.date) -> str:
    """Why the end of a stretch is in doubt: it was taken from the year before, and is still to come in this one."""
    return MOVED if _stretch(words, as_of) != _stretch(words, as_of.replace(month=12, day=31)) else ""


def _said(words: Words, as_of: dt.date, week_start: int) -> Found:
    return _counted_back(words, as_of, week_start) or _stretch(words, as_of)


def _counted_back(words: Words, as_of: dt.date, week_start: int) -> Found:
    """A period that is reckoned from the day that the data reaches to."""
    first, second, third = (*words[:3], "", "", "")[:3]
    if first in ("today", "yesterday"):
        day = as_of - dt.timedelta(days=first == "yesterday")
        return 1, Period(day, day)
    if first in SO_FAR:
        return 1, Period(start_of(as_of, SO_FAR[first]), as_of)
    if (second, third) == ("to", "date") and first in UNITS[1:]:
        return 3, Period(start_of(as_of, first, week_start), as_of)
    if (first, second) == ("all", "time"):
        return 2, Period()
    if first in ("this", "current") and second in UNITS:
        return 2, _whole(start_of(as_of, second, week_start), second)
    if first in ("last", "previous") and second in UNITS:
        before = start_of(as_of, second, week_start) - dt.timedelta(days=1)
        return 2, Period(start_of(before, second, week_start), before)
    count = _count(second)
    if first in ("last", "past", "previous") and count and third in UNITS:
        return 3, Period(_back(as_of, count, third) + dt.timedelta(days=1), as_of)
    return None


def _stretch(words: Words, as_of: dt.date) -> Found:
    """A day, month, quarter or year by its name; without a year, the latest that has begun."""
    for length in range(min(4, len(words)), 0, -1):
        told = [word for word in words[:length] if word != "of"]
        if told != list(words[:length]) and words[length - 1] == "of":
            continue
        if period := _named(told, as_of):
            return length, period
    return None


def _named(words: Words, as_of: dt.date) -> Period | None:
    year = int(words[-1]) if words and YEAR.fullmatch(words[-1]) else None
    rest = words[:-1] if year else words
    if year is None and words and YEAR.fullmatch(words[0]):
        return _dashed(int(words[0]), words[1:])
    if not rest or rest == ["year"]:
        return _whole(dt.date(year, 1, 1), "year") if year else None
    if quarter := _quarter(rest):
        month = 3 * quarter - 2
        first = _latest(as_of, year, month, 1)
        return replace(_whole(first, "quarter"), is_yearless=year is None)
    if len(rest) == 1 and rest[0] in MONTH:
        first = _latest(as_of, year, MONTH[rest[0]], 1)
        return replace(_whole(first, "month"), is_yearless=year is None)
    if len(rest) == 2 and (named := sorted(rest, key=MONTH.__contains__))[1] in MONTH:
        day = DAY_OF_MONTH.fullmatch(named[0])
        if day is None:
            return None
        on = _latest(as_of, year, MONTH[named[1]], int(day[1]))
        # "Oct 25" may be a day or short for October 2025; "25 October" and "Oct 25th" are days.
        is_short = year is None and rest[0] in MONTH and not day[2] and (int(day[1]) > 12 or day[1][0] == "0")
        return Period(on, on, year is None, DAY_OR_YEAR if is_short else "")
    return None


def _dashed(year: int, rest: Words) -> Period | None:
    """2026-10, 2026-10-05 and 2026 Q3."""
    if quarter := _quarter(rest):
        return _whole(dt.date(year, 3 * quarter - 2, 1), "quarter")
    if not all(re.fullmatch("[0-9]{2}", word) for word in rest):
        return None
    if len(rest) == 1:
        return _whole(dt.date(year, int(rest[0]), 1), "month")
    if len(rest) == 2:
        on = dt.date(year, int(rest[0]), int(rest[1]))
        return Period(on, on)
    return None


def _quarter(words: Words) -> int | None:
    if len(words) == 1 and re.fullmatch("q[1-4]", words[0]):
        return int(words[0][1])
    return ORDINALS.get(words[0]) if len(words) == 2 and words[1] == "quarter" else None


def _latest(as_of: dt.date, year: int | None, month: int, day: int) -> dt.date:
    """That day of that year, or the latest such day that has come."""
    if year is not None:
        return dt.date(year, month, day)
    return dt.date(as_of.year if (month, day) <= (as_of.month, as_of.day) else as_of.year - 1, month, day)


def _whole(first: dt.date, unit: str) -> Period:
    """The day, week, month, quarter or year that begins on a day."""
    return Period(first, _back(first, -1, unit) - dt.timedelta(days=1))


def _back(day: dt.date, count: int, unit: str) -> dt.date:
    """So many units earlier."""
    if unit in ("day", "week"):
        return day - dt.timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - count * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _count(word: str) -> int | None:
    if word in COUNTS:
        return COUNTS.index(word) + 1
    return int(word) if re.fullmatch("[0-9]{1,4}", word) else None
