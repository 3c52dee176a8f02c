"""How long each shelf was empty, what had been bought for it, and how fast it sold before: the past that an autopsy reads."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.model import Frames

Shelf = tuple[str, str]
SAME_DAYS = 3  # an empty shelf that was refilled for a day or two and empty again was empty all along


@dataclass(frozen=True)
class Episode:
    """A run of days on which a shelf was empty."""

    sku_id: str
    site_id: str
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days it lasted."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Bought:
    """A purchase line: when it was ordered, due and last received, how much came, and whether less came than was ordered."""

    po_id: str
    line_key: str
    supplier_id: str | None
    ordered: dt.date
    due: dt.date | None
    came: dt.date | None
    is_short: bool
    received_qty: float = 0.0


def episodes(days: pl.DataFrame, as_of: dt.date, looked_days: int) -> list[Episode]:
    """The runs of empty days that ended within so many days, in order of shelf and day.

    >>> day = dt.date(2026, 11, 1)
    >>> empty = pl.DataFrame(
    ...     {
    ...         "sku_id": ["A"] * 3,
    ...         "site_id": ["X"] * 3,
    ...         "demand_date": [day, day + dt.timedelta(1), day + dt.timedelta(9)],
    ...     }
    ... )
    >>> [(one.first.day, one.days) for one in episodes(empty, day + dt.timedelta(20), 182)]
    [(1, 2), (10, 1)]
    """
    since = as_of - dt.timedelta(days=looked_days - 1)
    ordered = days.filter(pl.col("demand_date") <= as_of).sort("sku_id", "site_id", "demand_date")
    gap = pl.col("demand_date").diff().dt.total_days()
    same = (pl.col("sku_id") == pl.col("sku_id").shift()) & (pl.col("site_id") == pl.col("site_id").shift())
    runs = ordered.with_columns(run=(~(same & (gap <= SAME_DAYS)).fill_null(value=False)).cum_sum())
    ends = runs.group_by("run", maintain_order=True).agg(
        pl.first("sku_id", "site_id"), first=pl.col("demand_date").min(), last=pl.col("demand_date").max()
    )
    kept = ends.filter(pl.col("last") >= since).select("sku_id", "site_id", "first", "last")
    return [Episode(*row) for row in kept.iter_rows()]


class Past:
    """What was bought and sold, by shelf."""

    def __init__(self, frames: Frames, as_of: dt.date):
        self.bought: dict[Shelf, list[Bought]] = defaultdict(list)
        lines = frames["marts.purchase_lines"].filter(~pl.col("is_cancelled").fill_null(value=False))
        for row in lines.sort("ordered_date", "po_id", "line_key").iter_rows(named=True):
            if row["ordered_date"] is None:
                continue
            short = row["received_qty"] is not None and row["received_qty"] < row["ordered_qty"]
            line = Bought(
                row["po_id"],
                row["line_key"],
                row["supplier_id"],
                row["ordered_date"],
                row["due_date"],
                row["last_received_date"],
                short,
                float(row["received_qty"] or 0),
            )
            self.bought[(row["sku_id"], row["site_id"])].append(line)
        self.booked: dict[Shelf, list[tuple[dt.date, float]]] = defaultdict(list)
        bookings = frames["marts.booked_receipts"].sort("sku_id", "site_id", "moved_date")
        for sku, site, day, qty in bookings.select("sku_id", "site_id", "moved_date", "moved_qty").iter_rows():
            self.booked[(sku, site)].append((day, float(qty)))
        self.margin = {
            row[:2]: None if row[2] is None else float(row[2]) for row in frames["marts.sku_margins"].iter_rows()
        }
        empty = frames["core.stock_out_days"].select("sku_id", "site_id").unique()
        facts = (
            frames["core.demand_facts"]
            .filter(pl.col("demand_date") <= as_of)
            .join(empty, on=["sku_id", "site_id"], how="semi")
        )
        grouped = (
            facts.sort("demand_date")
            .group_by("sku_id", "site_id")
            .agg("demand_date", pl.col("demand_qty").cast(pl.Float64))
        )
        self._demand = {
            (sku, site): (np.array(days, dtype="datetime64[D]"), np.array(qty))
            for sku, site, days, qty in grouped.iter_rows()
        }

    def booked_day(self, shelf: Shelf, line: Bought) -> dt.date | None:
        """The day on which a received line was booked into stock; None where that is not known.

        It is the first booking from the day of the receipt on that is at least half as much as came.
        """
        if line.came is None or line.received_qty <= 0:
            return None
        mine = (day for day, qty in self.booked.get(shelf, ()) if day >= line.came and 2 * qty >= line.received_qty)
        return next(mine, None)

    def rates(self, shelf: Shelf, day: dt.date) -> tuple[float, float, float]:
        """Demand a day in the four weeks before a day, in the quarter before those, and the spread that four weeks usually have."""
        days, qty = self._demand.get(shelf, (np.array([], dtype="datetime64[D]"), np.array([])))
        ago = (np.datetime64(day) - days).astype(int)
        recent = qty[(ago > 0) & (ago <= 28)].sum() / 28
        quarter = qty[(ago > 28) & (ago <= 119)]
        before = quarter.sum() / 91
        spread = np.sqrt(max((quarter**2).sum() / 91 - before**2, 0.0) / 28)
        return float(recent), float(before if quarter.size else recent), float(spread)
