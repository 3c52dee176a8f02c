"""Assumptions as models read them, for tests: what held always, and what holds since a month."""

import datetime as dt
from collections.abc import Mapping

import polars as pl

from pipelines.assumptions import DAWN, DUSK


def always(held: Mapping[str, float]) -> pl.DataFrame:
    """Rows of `raw.assumption_history` of numbers that never changed."""
    rows = [(name, number, DAWN, DUSK) for name, number in held.items()]
    return pl.DataFrame(
        rows, schema=["assumption_name", "assumed_number", "valid_from_date", "valid_to_date"], orient="row"
    )


def since(history: pl.DataFrame, month: dt.date, held: Mapping[str, float]) -> pl.DataFrame:
    """The same rows with other numbers from a month on, at their one value; ranges are held there too."""
    moved = pl.col("assumption_name").is_in(list(held))
    until = pl.when(moved).then(month).otherwise("valid_to_date").alias("valid_to_date")
    number = pl.col("assumption_name").replace_strict(held, default=None, return_dtype=pl.Float64)
    ends = {name: number for name in ("assumed_number", "low_number", "high_number") if name in history.columns}
    later = history.filter(moved).with_columns(valid_from_date=pl.lit(month), **ends)
    return pl.concat([history.with_columns(until), later])
