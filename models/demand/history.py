"""Demand as it would have been ordered: one dense daily series per SKU and site, empty shelves and slips put right."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numba import njit

from models.demand.kernels import Vector
from models.demand_class import DAYS_AT_MOST

WEEK = 7
WEEKS_REMEMBERED = 8
TRUST = 1.0  # units for which it is believed that orders show all
# A day of more than so many times the 95th percentile of the days that sold is taken for a slip of the keyboard.
SLIP, SOLD_DAYS_NEEDED = 20.0, 8


@dataclass(frozen=True)
class History:
    """Series that end on the same day.

    Attributes:
        cells: `sku_id`, `site_id`, `first_date`, one row a series, in the order of the series.
        recorded: demand as ordered, by day, in base units.
        censored: whether the shelf was empty that day and the orders show no more than it held, so that more may have
            been wanted.
        empty: whether the shelf was empty that day, whatever the orders show.
        end: the last day of all of them.
        ended: series of what is no longer on sale, noughts after their `last_date`; they count in sums of the past alone.
    """

    cells: pl.DataFrame
    recorded: list[np.ndarray]
    censored: list[np.ndarray]
    empty: list[np.ndarray]
    end: dt.date
    ended: "History | None" = None

    def of(self, places: Sequence[int]) -> "History":
        """Some of the series."""
        recorded, censored, empty = ([part[k] for k in places] for part in (self.recorded, self.censored, self.empty))
        return History(self.cells[list(places)], recorded, censored, empty, self.end, self.ended)

    def until(self, origin: dt.date) -> "History":
        """What was known at the close of an earlier day; nothing of the days after it is kept."""
        gone = (self.end - origin).days
        kept = self.of([place for place, one in enumerate(self.recorded) if one.size > gone])
        parts = (kept.recorded, kept.censored, kept.empty)
        recorded, censored, empty = ([one[: one.size - gone] for one in part] for part in parts)
        return History(kept.cells, recorded, censored, empty, origin, self._ended_by(origin))

    def _ended_by(self, origin: dt.date) -> "History | None":
        if self.ended is None:
            return None
        lasted = self.ended.cells["last_date"].to_list()
        return self.ended.of([place for place, day in enumerate(lasted) if day < origin]).until(origin)

    def wanted(self) -> list[np.ndarray]:
        """Demand as it is believed to have been: empty-shelf days lifted by what is usually lost on them, slips cut back."""
        return self._wanted

    @cached_property
    def _wanted(self) -> list[np.ndarray]:
        lost = 1 - self.shown()
        return [lifted(cut_back(one), hidden, lost) for one, hidden in zip(self.recorded, self.censored, strict=True)]

    def shown(self) -> float:
        """Which share of the usual demand the orders still show while a shelf stays empty: 1 where nobody stops ordering.

        Looked at are days after a day that ended empty already. A day on which the shelf ran empty tells nothing: large
        demand is what emptied it. One figure for the company, for it says how its orders are taken, not how a SKU sells.
        """
        ordered = usual = 0.0
        for one, empty in zip(self.recorded, self.empty, strict=True):
            if empty.any():
                here, there = while_empty(cut_back(one), empty)
                ordered, usual = ordered + here, usual + there
        return min((ordered + TRUST) / (usual + TRUST), 1.0)


def history(facts: pl.DataFrame, lives: pl.DataFrame, stock_outs: pl.DataFrame, as_of: dt.date) -> History:
    """The series of all SKUs and sites on sale at `as_of`, the last three years of each, and apart those that ended within them.

    Args:
        facts: `sku_id, site_id, demand_date, demand_qty`: days on which something was asked for.
        lives: `sku_id, site_id, first_demand_date, last_sale_date`.
        stock_outs: `sku_id, site_id, demand_date, is_censored`: days on which the shelf was empty, and whether demand could
            not show on them.
        as_of: the last day.
    """
    earliest = as_of - dt.timedelta(days=DAYS_AT_MOST - 1)
    begun = lives.filter(pl.col("first_demand_date") <= as_of).select(
        "sku_id",
        "site_id",
        first_date=pl.max_horizontal("first_demand_date", pl.lit(earliest)),
        last_date="last_sale_date",
    )
    living = begun.filter(pl.col("last_date") >= as_of).drop("last_date")
    ended = begun.filter(pl.col("last_date").is_between(earliest, as_of, closed="left"))
    return replace(_laid(facts, living, stock_outs, as_of), ended=_laid(facts, ended, stock_outs, as_of))


def _laid(facts: pl.DataFrame, cells: pl.DataFrame, stock_outs: pl.DataFrame, as_of: dt.date) -> History:
    """The facts as one dense series a cell, from its first day to `as_of`."""
    cells = (
        cells.sort("sku_id", "site_id")
        .with_columns(days=(pl.lit(as_of) - pl.col("first_date")).dt.total_days() + 1)
        .with_columns(starts=pl.col("days").cum_sum() - pl.col("days"))
    )
    flat = np.zeros(int(cells["days"].sum()))
    hidden, empty = np.zeros(flat.size, dtype=bool), np.zeros(flat.size, dtype=bool)
    places, amounts = _places(facts, cells, as_of)
    np.add.at(flat, places, np.nan_to_num(amounts, posinf=0.0, neginf=0.0))
    np.maximum(flat, 0.0, out=flat)  # a day on which more was taken back than asked for
    empty[_places(stock_outs, cells, as_of)[0]] = True
    hidden[_places(stock_outs.filter("is_censored"), cells, as_of)[0]] = True
    edges = np.cumsum(cells["days"].to_numpy())[:-1]
    recorded, censored, emptied = (np.split(rows, edges) if cells.height else [] for rows in (flat, hidden, empty))
    return History(cells.drop("days", "starts"), recorded, censored, emptied, as_of)


def _places(rows: pl.DataFrame, cells: pl.DataFrame, as_of: dt.date) -> tuple[np.ndarray, np.ndarray]:
    """Where rows fall in the series laid end to end, and their quantities."""
    found = (
        rows.filter(pl.col("demand_date") <= as_of)
        .join(cells, on=["sku_id", "site_id"], how="inner")
        .filter(pl.col("demand_date") >= pl.col("first_date"))
        .with_columns(place=pl.col("starts") + (pl.col("demand_date") - pl.col("first_date")).dt.total_days())
    )
    amounts = found["demand_qty"].cast(pl.Float64).to_numpy() if "demand_qty" in found.columns else np.empty(0)
    return found["place"].to_numpy(), amounts


@njit(nogil=True, cache=True)
def lifted(y: Vector, is_censored: Vector, lost: float) -> Vector:
    """Demand with censored days raised towards what the same weekday brought before, by the share that is usually lost.

    Nothing later than a day is read for it, and no day is ever lowered.

    >>> week = np.array([4.0, 0, 0, 0, 0, 6, 0, 0, 1, 0, 0, 0, 0, 0])
    >>> lifted(week, np.arange(14) >= 7, 0.5)[7:].tolist()
    [2.0, 1.0, 0.0, 0.0, 0.0, 3.0, 0.0]
    """
    out = y.copy()
    seen = np.zeros((WEEK, WEEKS_REMEMBERED))
    count = np.zeros(WEEK, dtype=np.int64)
    for t in range(y.size):
        day = t % WEEK
        if not is_censored[t]:
            seen[day, count[day] % WEEKS_REMEMBERED] = y[t]
            count[day] += 1
        elif count[day] > 0:
            out[t] = y[t] + lost * max(seen[day, : min(count[day], WEEKS_REMEMBERED)].mean() - y[t], 0.0)
    return out


@njit(nogil=True, cache=True)
def while_empty(y: Vector, is_empty: Vector) -> tuple[float, float]:
    """What was ordered on days after a day that ended empty, and what the same weekdays brought before, when there was stock."""
    seen = np.zeros((WEEK, WEEKS_REMEMBERED))
    count = np.zeros(WEEK, dtype=np.int64)
    ordered, usual = 0.0, 0.0
    for t in range(y.size):
        day = t % WEEK
        if not is_empty[t]:
            seen[day, count[day] % WEEKS_REMEMBERED] = y[t]
            count[day] += 1
        elif t > 0 and is_empty[t - 1] and count[day] > 0:
            ordered += y[t]
            usual += seen[day, : min(count[day], WEEKS_REMEMBERED)].mean()
    return ordered, usual


def cut_back(y: np.ndarray) -> np.ndarray:
    """Demand with monstrous days taken for what a good day sells.

    >>> cut_back(np.array([1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1e9])).tolist()[-2:]
    [2.0, 2.0]
    """
    sold = y[y > 0]
    if sold.size < SOLD_DAYS_NEEDED:
        return y
    good = np.quantile(sold, 0.95, method="lower")
    return np.where(y > SLIP * good, good, y)
