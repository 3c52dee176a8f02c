"""Months as their first days: which month lies so many after another."""

import datetime as dt


def month_after(month: dt.date, count: int) -> dt.date:
    """The first day of the month `count` months after that of a day; before it where `count` is below nought.

    >>> month_after(dt.date(2026, 11, 14), 2), month_after(dt.date(2026, 1, 1), -1)
    (datetime.date(2027, 1, 1), datetime.date(2025, 12, 1))
    """
    at = month.year * 12 + month.month - 1 + count
    return dt.date(at // 12, at % 12 + 1, 1)


def months_between(first: dt.date, last: dt.date) -> int:
    """How many months the month of one day lies before that of another.

    >>> months_between(dt.date(2025, 12, 31), dt.date(2026, 2, 1))
    2
    """
    return (last.year - first.year) * 12 + last.month - first.month
