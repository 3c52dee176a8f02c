"""A panel of demand read from whatever file it comes in: one row an item and period, or one row an item; months, weeks or days.

What is found wrong is told in one line, as `Unreadable`. Columns that are not needed are not looked at.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

ITEM = ("unique_id", "sku", "sku_id", "item", "item_id", "part", "part_id", "material", "id", "series")
AT = ("ds", "t", "date", "period", "week", "month", "time", "day")
DEMAND = ("y", "demand", "demand_qty", "quantity", "qty", "units", "sales", "value")
PRICE = ("cost_price_eur", "cost_price", "unit_cost", "cost", "purchase_price", "unit_price", "price")
# Days between two periods at most, periods in a year, and the period's name.
STEPS = ((3.0, 52.0, "week"), (10.0, 52.0, "week"), (45.0, 12.0, "month"), (150.0, 4.0, "quarter"))
FEWEST_PERIODS, FEWEST_ITEMS, MOST_ITEMS, LONGEST_MONTHS = 12, 10, 4000, 60


class Unreadable(Exception):
    """What is wrong with a file, in one line for whoever gave it."""


@dataclass(frozen=True)
class Panel:
    """Demand `item × period`, nothing below nought, and what is said of it.

    Attributes:
        names: of the items.
        year: periods in a year.
        period: week, month or quarter.
        labels: of the periods, oldest first.
    """

    demand: np.ndarray
    names: list[str]
    year: float
    period: str
    labels: list[str]


def panel(path: Path) -> Panel:
    """The panel of a file; days are summed to weeks, what is not told is nought, items beyond the most are drawn by lot."""
    rows = _table(path)
    item = _named(rows, ITEM, path, "items")
    at, demand = _found(rows, AT), _found(rows, DEMAND)
    long = _wide(rows, item, path) if at is None or demand is None else rows.select(item=item, at=at, qty=demand)
    long = long.with_columns(
        pl.col("item").cast(pl.String), pl.col("qty").cast(pl.Float64, strict=False).fill_nan(None)
    )
    long = long.filter(pl.col("item").is_not_null(), pl.col("at").is_not_null())
    if not long["qty"].count():
        raise Unreadable(f"{path.name}: no number in its column of demand")
    long, year, period = _periods(long, path)
    sums = long.group_by("item", "at").agg(pl.col("qty").fill_null(0.0).sum())
    names, places = sorted(sums["item"].unique().to_list()), sums["at"].unique().sort()
    if places.len() < FEWEST_PERIODS or len(names) < FEWEST_ITEMS:
        said = f"{len(names)} items and {places.len()} periods"
        raise Unreadable(f"{path.name}: {said}; at least {FEWEST_ITEMS} items and {FEWEST_PERIODS} periods are needed")
    if len(names) > MOST_ITEMS:
        names = sorted(np.random.default_rng(1).choice(names, MOST_ITEMS, replace=False).tolist())
    row = {name: place for place, name in enumerate(names)}
    column = {at: place for place, at in enumerate(places.to_list())}
    told = np.zeros((len(names), places.len()))
    for name, at_, qty in sums.iter_rows():
        if name in row:
            told[row[name], column[at_]] = qty
    labels = [str(one)[:10] for one in places.to_list()]
    return Panel(np.maximum(told, 0.0), names, year, period, labels)


def prices(path: Path, names: list[str]) -> np.ndarray:
    """What a unit of each item costs; nan where the file does not say."""
    rows = _table(path)
    item, price = _named(rows, ITEM, path, "items"), _named(rows, PRICE, path, "prices")
    numbers = rows.select(pl.col(item).cast(pl.String), pl.col(price).cast(pl.Float64, strict=False))
    known = {name: cost for name, cost in numbers.iter_rows() if cost is not None and np.isfinite(cost) and cost > 0}
    found = np.array([known.get(name, np.nan) for name in names])
    if np.isnan(found).all():
        raise Unreadable(f"{path.name}: no price above nought for any item of the panel")
    return found


def _table(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise Unreadable(f"{path}: no such file")
    try:
        kind = path.suffix.lower()
        if kind == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(
            path, infer_schema_length=None, separator="\t" if kind == ".tsv" else ",", try_parse_dates=True
        )
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Unreadable(
            f"{path.name}: cannot be read as {path.suffix or 'a table'}: {str(error).splitlines()[0]}"
        ) from None


def _found(rows: pl.DataFrame, names: tuple[str, ...]) -> str | None:
    by_name = {column.strip().lower(): column for column in reversed(rows.columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _named(rows: pl.DataFrame, names: tuple[str, ...], path: Path, what: str) -> str:
    found = _found(rows, names)
    if found is None:
        raise Unreadable(
            f"{path.name}: no column of {what} (one of {', '.join(names)}) among {', '.join(rows.columns[:8])}"
        )
    return found


def _wide(rows: pl.DataFrame, item: str, path: Path) -> pl.DataFrame:
    """One row an item: every other column of numbers is a period, in the order of the columns."""
    periods = [name for name, kind in rows.schema.items() if name != item and kind.is_numeric()]
    if len(periods) < FEWEST_PERIODS:
        said = f"one of {', '.join(AT)} and one of {', '.join(DEMAND)}"
        raise Unreadable(f"{path.name}: neither {said}, nor a column for each of {FEWEST_PERIODS} periods or more")
    numbers = rows.select(item, *(pl.col(name).cast(pl.Float64) for name in periods))
    renamed = numbers.rename({item: "item"} | {name: str(place + 1) for place, name in enumerate(periods)})
    long = renamed.unpivot(index="item", variable_name="at", value_name="qty")
    return long.with_columns(pl.col("at").cast(pl.Int64))


def _periods(long: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, float, str]:
    """The rows with days summed to weeks, how many periods a year has, and what one is called; numbered periods are guessed."""
    kind = long.schema["at"]
    if kind == pl.String:
        day = pl.col("at").str.slice(0, 10).str.to_date(strict=False)
        month = (pl.col("at").str.slice(0, 7) + "-01").str.to_date(strict=False)
        long = long.with_columns(at=pl.coalesce(day, month))
        if long["at"].null_count():
            raise Unreadable(f"{path.name}: its periods are neither dates such as 2024-03-01 nor numbers")
    elif kind.is_numeric():
        is_month = long["at"].n_unique() <= LONGEST_MONTHS
        return long, 12.0 if is_month else 52.0, "month" if is_month else "week"
    elif not kind.is_temporal():
        raise Unreadable(f"{path.name}: its periods are neither dates nor numbers")
    long = long.with_columns(pl.col("at").cast(pl.Date))
    days = np.sort(long["at"].unique().to_numpy()).astype("datetime64[D]").astype(int)
    gap = float(np.median(np.diff(days))) if days.size > 1 else 0.0
    step = next((one for one in STEPS if gap <= one[0]), None)
    if step is None:
        raise Unreadable(f"{path.name}: {gap:.0f} days between periods; months, weeks or days are needed")
    if gap <= STEPS[0][0]:
        long = long.with_columns(at=pl.col("at").dt.truncate("1w"))
        ends = (long["at"].min(), long["at"].max())  # both may be cut short
        long = long.filter(pl.col("at").is_between(*ends, closed="none"))
    return long, step[1], step[2]
