"""What the company's tables say of the days around a history, laid out by series, site and day."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.demand.history import History

SIGNALS_AT_MOST, CATEGORIES_AT_MOST = 6, 200
EVERY = "*"
HOLIDAY = "holiday"


@dataclass(frozen=True)
class Outside:
    """All that the company's tables say of the days around a history, laid out by series, site and day.

    Attributes:
        first: the first day that is laid out, in days since 1970, as all days here.
        working, holiday: by day, and by site and day.
        discount, begins: by series and day, nan and 0 where nothing is promoted; the day on which that promotion begins.
        ahead_days, price_ahead_days: how far ahead of the last day promotions and prices are told of today; at earlier
            days no more than that is taken for known.
        price: by SKU and day; nan where no price is known.
        signals: each signal's readings by site: rows of day, day known and number.
        lead: rows of SKU, day of arrival and days since the order, one column a purchase line that has come.
        site, sku, category: of each series, as numbers.
    """

    first: int
    working: np.ndarray
    holiday: np.ndarray
    discount: np.ndarray
    begins: np.ndarray
    ahead_days: int
    price: np.ndarray
    price_ahead_days: int
    signals: list[list[np.ndarray]]
    lead: np.ndarray
    site: np.ndarray
    sku: np.ndarray
    category: np.ndarray


def outside(
    past: History,
    *,
    first: dt.date,
    horizon: int,
    calendar: pl.DataFrame,
    promotions: pl.DataFrame,
    prices: pl.DataFrame,
    signals: pl.DataFrame,
    skus: pl.DataFrame,
    sites: pl.DataFrame,
    leads: pl.DataFrame,
) -> Outside:
    """The tables laid out for the series of a history, from a first day to the end of the horizon.

    Args:
        past: whose cells are told of.
        first: the first day that is laid out.
        horizon: days after the last one.
        calendar: `day_date, is_working_day`.
        promotions: `sku_id, site_id, starts_date, ends_date, discount_share`; site or SKU `*` or null mean all.
        prices: `sku_id, customer_id, valid_from_date, unit_price`; those for all customers where there are any.
        signals: `signal_name, place_name, signal_date, signal_number, known_date`.
        skus: `sku_id, category_name`.
        sites: `site_id, region_name, country_code`.
        leads: `sku_id, ordered_date, last_received_date`.
    """
    begin, span = day_number(first), (past.end - first).days + horizon + 1
    site_names = sorted(set(past.cells["site_id"]))
    sku_names = sorted(set(past.cells["sku_id"]))
    site = _numbers(past.cells["site_id"], site_names)
    sku = _numbers(past.cells["sku_id"], sku_names)
    kinds = past.cells.join(skus.unique("sku_id", keep="first"), on="sku_id", how="left", maintain_order="left")
    categories = sorted(set(kinds["category_name"].drop_nulls()))[:CATEGORIES_AT_MOST]
    discount, begins = promoted(past.cells, promotions, begin, span)
    places = _places_of(site_names, sites)
    return Outside(
        begin, _working(calendar, begin, span), _holidays(signals, places, begin, span), discount, begins,
        _ahead(promotions["starts_date"], past.end), priced(prices, sku_names, begin, span),
        _ahead(prices["valid_from_date"], past.end), _signals(signals, places),
        _leads(leads, sku_names), site, sku, _numbers(kinds["category_name"], categories),
    )  # fmt: skip


def day_number(day: dt.date) -> int:
    """Days since 1970.

    >>> day_number(dt.date(1970, 1, 5))
    4
    """
    return (day - dt.date(1970, 1, 1)).days


def _numbers(column: pl.Series, names: list[str]) -> np.ndarray:
    """Each name's place among the names; nan where it is not one of them, whole numbers where all are."""
    told = column.replace_strict(names, range(len(names)), default=None, return_dtype=pl.Int64)
    return told.to_numpy()


def _working(calendar: pl.DataFrame, begin: int, span: int) -> np.ndarray:
    out = np.full(span, np.nan)
    place = calendar["day_date"].to_physical().to_numpy() - begin
    inside = (place >= 0) & (place < span)
    out[place[inside]] = calendar["is_working_day"].to_numpy()[inside]
    return out


def _ahead(begins: pl.Series, end: dt.date) -> int:
    """How many days after the last one the latest of some days is; 0 where none is."""
    known = begins.drop_nulls()
    return max(int(known.to_physical().max()) - day_number(end), 0) if known.len() else 0  # type: ignore[arg-type]


def promoted(cells: pl.DataFrame, promotions: pl.DataFrame, begin: int, span: int) -> tuple[np.ndarray, np.ndarray]:
    """The discount of each series on each day, nan where nothing is promoted and 0 where it is not said; and when it began."""
    discount = np.full((cells.height, span), np.nan, dtype=np.float32)
    begins = np.zeros((cells.height, span), dtype=np.int32)
    placed = cells.select("sku_id", "site_id").with_row_index("place")
    asked = promotions.filter(pl.col("starts_date").is_not_null()).select(
        pl.col("sku_id", "site_id").fill_null(EVERY),
        starts=pl.col("starts_date").to_physical(),
        ends=pl.coalesce("ends_date", "starts_date").to_physical(),
        share=pl.col("discount_share").cast(pl.Float64).fill_null(0.0),
    )
    found = []
    for keys in (["sku_id", "site_id"], ["sku_id"], ["site_id"], []):
        meant = asked.filter((pl.col(name) != EVERY) == (name in keys) for name in ("sku_id", "site_id"))
        told = meant.select(*keys, "starts", "ends", "share")
        found.append(told.join(placed, on=keys) if keys else told.join(placed, how="cross"))
    rows = pl.concat([one.select("place", "starts", "ends", "share") for one in found])
    for place, starts, ends, share in rows.sort("starts", "share", descending=[True, False]).iter_rows():
        days = slice(max(starts - begin, 0), max(ends - begin + 1, 0))
        discount[place, days], begins[place, days] = share, starts
    return discount, begins


def priced(prices: pl.DataFrame, skus: list[str], begin: int, span: int) -> np.ndarray:
    """The price for all customers of each SKU on each day, the last one that became valid."""
    out = np.full((len(skus), span), np.nan)
    listed = prices.filter(pl.col("customer_id") == EVERY, pl.col("sku_id").is_in(skus)).sort(
        "valid_from_date", "unit_price"
    )
    places = _numbers(listed["sku_id"], skus)
    starts = listed["valid_from_date"].to_physical().to_list()
    for place, start, price in zip(places, starts, listed["unit_price"].cast(pl.Float64), strict=True):
        out[int(place), max(start - begin, 0) :] = price
    return out


def _places_of(site_names: list[str], sites: pl.DataFrame) -> list[tuple[str, ...]]:
    """The places that each site lies in, the nearest first."""
    known = {row["site_id"]: row for row in sites.iter_rows(named=True)}
    told = [(name, *(known.get(name, {}).get(part) for part in ("region_name", "country_code"))) for name in site_names]
    return [(*(place for place in places if place), EVERY) for places in told]


def _holidays(signals: pl.DataFrame, places: list[tuple[str, ...]], begin: int, span: int) -> np.ndarray:
    """By site and day, whether it is a holiday: they stand in calendars long before, so all count as known."""
    out = np.zeros((len(places), span), dtype=bool)
    told = signals.filter(pl.col("signal_name").str.to_lowercase() == HOLIDAY, pl.col("signal_number") != 0)
    for place, day in told.select("place_name", pl.col("signal_date").to_physical()).iter_rows():
        if 0 <= day - begin < span:
            out[[place in mine for mine in places], day - begin] = True
    return out


def _signals(signals: pl.DataFrame, places: list[tuple[str, ...]]) -> list[list[np.ndarray]]:
    """The readings of the signals most often read, for each site those of its nearest place, of all places where it has none."""
    told = signals.filter(pl.col("signal_name").str.to_lowercase() != HOLIDAY)
    often = told.group_by("signal_name").len().sort(["len", "signal_name"], descending=[True, False])
    out = []
    for name in often["signal_name"].head(SIGNALS_AT_MOST):
        mine = told.filter(signal_name=name)
        by_place = {key[0]: _readings(part) for key, part in mine.partition_by("place_name", as_dict=True).items()}
        everywhere = _readings(mine)
        out.append([next((by_place[one] for one in near if one in by_place), everywhere) for near in places])
    return out


def _readings(rows: pl.DataFrame) -> np.ndarray:
    """Day, day known and mean number, one column a day, the oldest first."""
    told = rows.group_by("signal_date").agg(
        pl.col("known_date").max(), pl.col("signal_number").cast(pl.Float64).sort().mean()
    )
    columns = told.sort("signal_date").select(pl.col("signal_date", "known_date").to_physical(), "signal_number")
    return columns.cast(pl.Float64).to_numpy().T


def _leads(leads: pl.DataFrame, skus: list[str]) -> np.ndarray:
    came = leads.drop_nulls(["sku_id", "ordered_date", "last_received_date"]).filter(pl.col("sku_id").is_in(skus))
    arrived = came["last_received_date"].to_physical().to_numpy()
    return np.stack([_numbers(came["sku_id"], skus), arrived, arrived - came["ordered_date"].to_physical().to_numpy()])
