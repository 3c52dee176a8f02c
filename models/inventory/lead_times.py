"""How long a new order would take: days from order to receipt of past purchase lines, of the SKU, of its supplier and of all."""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from models.inventory.lead_time_demand import Vector, even_days

USUAL_DAYS = 28.0
HALF_LIFE_DAYS, SHRINK_LINES = 180.0, 10.0
WINDOW_DAYS = 730
ALL_LINES = 100


@dataclass(frozen=True)
class Seen:
    """Past lead times with what each weighs."""

    days: Vector
    weights: Vector

    @property
    def weight(self) -> float:
        """How many lines of today they are worth."""
        return float(self.weights.sum())

    def mixed(self, wider: "Seen") -> "Seen":
        """With as much of a wider group as `SHRINK_LINES` lines are worth: own weight n / (n + k)."""
        own = self.weight / (self.weight + SHRINK_LINES)
        weights = [self.weights / max(self.weight, 1e-12) * own, wider.weights / max(wider.weight, 1e-12) * (1 - own)]
        return Seen(np.concatenate([self.days, wider.days]), np.concatenate(weights))


@dataclass(frozen=True)
class LeadTimes:
    """What past purchase lines say of lead times; `days` answers for one SKU of one supplier.

    Attributes:
        ratios: lead time over promised lead time of all lines, in a hundred equal parts.
        promised: usual promise of each supplier in days.
        suppliers, skus: past lead times by supplier, and by supplier and SKU.
    """

    ratios: Vector
    promised: dict[str, float]
    suppliers: dict[str, Seen]
    skus: dict[tuple[str, str], Seen]
    asked: dict[tuple[str, str], tuple[tuple[float, ...], float]] = field(default_factory=dict)

    def days(self, supplier: str, sku: str, promised: float | None) -> tuple[tuple[float, ...], float]:
        """Equally likely lead times of a new order, and how many past lines (by today's weight) they rest on.

        A SKU's own lines lean on its supplier's, and those on everybody's lateness against this supplier's promise.
        """
        if (supplier, sku) not in self.asked:
            nothing = Seen(np.empty(0), np.empty(0))
            known = self.promised.get(supplier)
            usual = known if known is not None else promised if promised is not None else USUAL_DAYS
            everybody = Seen(self.ratios * usual, np.ones(self.ratios.size))
            of_supplier = self.suppliers.get(supplier, nothing)
            own = self.skus.get((supplier, sku), nothing)
            mixed = own.mixed(of_supplier.mixed(everybody))
            found = np.maximum(even_days(mixed.days, mixed.weights), 1.0)
            self.asked[(supplier, sku)] = (tuple(found.tolist()), of_supplier.weight)
        return self.asked[(supplier, sku)]


def learnt(lines: pl.DataFrame, today: dt.date) -> LeadTimes:
    """Lead times as known at the close of a day: later receipts are not read; a line still open has taken so long at least.

    Args:
        lines: `supplier_id`, `sku_id`, `ordered_date`, `due_date`, `last_received_date`, `is_cancelled`, `open_qty`.
        today: the day.
    """
    received = pl.col("last_received_date")
    has_come = (received <= today) & (pl.col("open_qty").fill_null(0) <= 0)
    is_overdue = (
        ~has_come.fill_null(value=False)
        & (pl.col("due_date") < today)
        & ((received > today).fill_null(value=False) | (pl.col("open_qty") > 0).fill_null(value=False))
    )
    took = pl.when(has_come).then((received - pl.col("ordered_date")).dt.total_days())
    known = (
        lines.filter(pl.col("ordered_date") <= today, ~pl.col("is_cancelled").fill_null(value=False))
        .with_columns(
            age=(pl.lit(today) - pl.col("ordered_date")).dt.total_days(),
            promised=(pl.col("due_date") - pl.col("ordered_date")).dt.total_days().cast(pl.Float64),
        )
        .with_columns(took=took.when(is_overdue).then(pl.col("age") + 1).cast(pl.Float64))
        .filter(pl.col("took") >= 0, pl.col("age") <= WINDOW_DAYS)
        .with_columns(weight=0.5 ** (pl.col("age") / HALF_LIFE_DAYS))
        .sort("supplier_id", "sku_id", "ordered_date", "took")
    )
    told = known.filter(pl.col("promised") > 0)
    ratios = np.ones(1)
    if told.height:
        drawn = (told["took"] / told["promised"]).to_numpy()
        order = np.argsort(drawn, kind="stable")
        so_far = np.cumsum(told["weight"].to_numpy()[order])
        at = np.searchsorted(so_far, (np.arange(ALL_LINES) + 0.5) / ALL_LINES * so_far[-1])
        ratios = drawn[order][at]
    promised = dict(told.group_by("supplier_id").agg(pl.col("promised").median()).iter_rows())
    return LeadTimes(ratios, promised, _seen(known, ["supplier_id"]), _seen(known, ["supplier_id", "sku_id"]))


def _seen(known: pl.DataFrame, by: list[str]) -> dict:
    grouped = known.group_by(by).agg("took", "weight")
    names = grouped.select(by).rows() if len(by) > 1 else grouped[by[0]].to_list()
    lists = zip(names, grouped["took"].to_list(), grouped["weight"].to_list(), strict=True)
    return {name: Seen(np.array(took), np.array(weight)) for name, took, weight in lists if took}


@dataclass(frozen=True)
class Cycle:
    """When a supplier can be ordered from: days until the next order day, and from one to the next."""

    wait_days: float
    review_days: float
    weekday: int | None = None


LEAST_ORDERS, CLEAR_SHARE = 4, 0.8


def cycles(lines: pl.DataFrame, today: dt.date) -> dict[tuple[str, str], Cycle]:
    """The order cycle of each supplier and site: weekly on one weekday where past orders show it, else the usual gap from tomorrow on."""
    days = (
        lines.filter(pl.col("ordered_date") <= today, pl.col("ordered_date") > today - dt.timedelta(days=364))
        .select("supplier_id", "site_id", "ordered_date")
        .unique()
        .sort("supplier_id", "site_id", "ordered_date")
    )
    found = {}
    for (supplier, site), group in days.group_by("supplier_id", "site_id", maintain_order=True):
        dates = group["ordered_date"]
        weekdays = np.bincount(dates.dt.weekday().to_numpy(), minlength=8)
        if dates.len() >= LEAST_ORDERS and weekdays.max() >= CLEAR_SHARE * dates.len():
            weekday = int(weekdays.argmax())
            wait = (weekday - today.isoweekday() - 1) % 7 + 1
            found[(str(supplier), str(site))] = Cycle(float(wait), 7.0, weekday)
        elif dates.len() >= LEAST_ORDERS:
            gap = float(dates.diff().dt.total_days().median())  # type: ignore[arg-type]
            found[(str(supplier), str(site))] = Cycle(1.0, float(np.clip(round(gap), 1, 28)))
    return found
