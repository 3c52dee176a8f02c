"""What was assumed when: what has happened is valued at what was in force in its month, the plan at what holds now."""

import datetime as dt

import polars as pl

HISTORY = "raw.assumption_history"
READS = ("assumption_name", "assumed_number", "valid_from_date", "valid_to_date")


def in_force(history: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """The rows of `raw.assumption_history` that were in force at the end of a day's month; for the open month those of now.

    >>> rows = pl.DataFrame(
    ...     {
    ...         "assumption_name": ["wage", "wage"],
    ...         "assumed_number": [40.0, 44.0],
    ...         "valid_from_date": [dt.date(1900, 1, 1), dt.date(2026, 9, 1)],
    ...         "valid_to_date": [dt.date(2026, 9, 1), dt.date(9999, 12, 31)],
    ...     }
    ... )
    >>> [numbers(rows, day) for day in (dt.date(2026, 8, 31), dt.date(2026, 9, 1))]
    [{'wage': 40.0}, {'wage': 44.0}]
    """
    return history.filter(pl.col("valid_from_date") <= day, pl.col("valid_to_date") > day)


def numbers(history: pl.DataFrame, day: dt.date) -> dict[str, float]:
    """Assumption → its value in force at the end of a day's month."""
    return dict(in_force(history, day).select("assumption_name", "assumed_number").iter_rows())
