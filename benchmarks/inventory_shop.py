"""Online Retail as daily demand of the goods that were sold often enough before the test to be planned."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.inventory_panel import Unreadable

# Days before the test, days before it from which on levels are set, and on how many days goods must have sold by then.
TRAIN_DAYS, WARM_DAYS, LEAST_DAYS = 200, 28, 10


@dataclass(frozen=True)
class Shop:
    """Demand item × day, list price and where the test begins."""

    demand: np.ndarray
    price: np.ndarray
    first: int
    name: list[str]

    def until(self, first: int, end: int) -> "Shop":
        """The same with an earlier test, for choosing settings; nothing from `end` on is in it."""
        keep = (self.demand[:, :first] > 0).sum(axis=1) >= LEAST_DAYS
        return Shop(
            self.demand[keep][:, :end], self.price[keep], first, [n for n, k in zip(self.name, keep, strict=True) if k]
        )


def shop(path: Path) -> Shop:
    """Goods sold on at least ten of the first 200 days; lines cancelled the same day are no demand, other returns are not looked at."""
    needed = ("StockCode", "CustomerID", "InvoiceDate", "Quantity", "UnitPrice")
    if not path.is_file():
        raise Unreadable(f"{path}: no such file")
    try:
        lines = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, try_parse_dates=True)
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Unreadable(f"{path.name}: cannot be read: {str(error).splitlines()[0]}") from None
    lines = lines.rename({one: one.replace(" ", "") for one in lines.columns})
    lacking = [one for one in needed if one not in lines.columns]
    if lacking:
        raise Unreadable(f"{path.name}: no column {', '.join(lacking)}")
    if not lines.schema["InvoiceDate"].is_temporal():
        raise Unreadable(f"{path.name}: InvoiceDate holds no dates")
    goods = (
        lines.with_columns(pl.col("StockCode", "CustomerID").cast(pl.String))
        .filter(pl.col("StockCode").str.contains(r"^\d{5}"), pl.col("UnitPrice") > 0)
        .with_columns(day=pl.col("InvoiceDate").dt.date())
    )
    span = goods.select((pl.col("day").max() - pl.col("day").min()).dt.total_days()).item() or 0
    if span < TRAIN_DAYS + WARM_DAYS:
        raise Unreadable(
            f"{path.name}: {span} days of sales of coded goods; at least {TRAIN_DAYS + WARM_DAYS} are needed"
        )
    key = ["StockCode", "CustomerID", "day", "size"]
    sized = goods.with_columns(size=pl.col("Quantity").abs())
    undone = sized.filter(pl.col("Quantity") < 0).select(key).unique()
    sold = sized.filter(pl.col("Quantity") > 0).join(undone, on=key, how="anti", nulls_equal=True)
    sold = sold.with_columns(at=(pl.col("day") - pl.col("day").min()).dt.total_days())
    daily = sold.group_by("StockCode", "at").agg(pl.col("Quantity").sum())
    names = daily["StockCode"].unique().sort().to_list()
    demand = np.zeros((len(names), sold.select(pl.col("at").max()).item() + 1))
    place = {name: row for row, name in enumerate(names)}
    for name, at, qty in daily.iter_rows():
        demand[place[name], at] = qty
    known = sold.filter(pl.col("at") < TRAIN_DAYS).group_by("StockCode").agg(pl.col("UnitPrice").median())
    prices = dict(known.iter_rows())
    keep = (demand[:, :TRAIN_DAYS] > 0).sum(axis=1) >= LEAST_DAYS
    kept = [name for name, is_kept in zip(names, keep, strict=True) if is_kept]
    return Shop(demand[keep], np.array([prices[name] for name in kept]), TRAIN_DAYS, kept)
