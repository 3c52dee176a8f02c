"""Demand ahead by how far a plain forecast has been off: what is expected now, times how many times as much came when as much was said.

Where levels move more than shapes differ (growing ranges, new customers), this says more than an item's own weeks. The plain
forecast is a mean that forgets; its misses are taken at every week that is past, so that one season does not speak for all.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.inventory.missed_by import Misses, misses
from models.model import Frames

Vector = np.ndarray
Key = tuple[str, str]
# Days after which a day counts half; days of past that are read; the first day that a forecast is made on; classes of misses.
HALF_LIFE, MOST_DAYS, FIRST_ORIGIN, CLASSES = 40.0, 400, 40, 3
# Days that an order usually has to last for: lead time and review.
SPAN = 28
# So many items and weeks say something of how far forecasts are off.
LEAST_MISSES = 300


@dataclass(frozen=True)
class PastMisses:
    """How far forecasts were off, and how often each SKU at each site is asked for in a span of days."""

    learnt: Misses
    often: dict[Key, float]

    def ahead(self, key: Key, forecast: Vector, *, seed: int, count: int, days: int) -> Vector | None:
        """Demand so far, `path × day`, over so many days as far as the forecast goes; None for what has no past.

        Args:
            key: SKU and site.
            forecast: mean of each day ahead.
            seed: for the order of the paths; their values are the same quantiles for all.
            count: of paths.
            days: ahead.
        """
        often = self.often.get(key)
        if often is None:
            return None
        ratios = self.learnt.ratios[np.searchsorted(self.learnt.bounds, often)]
        at = (np.arange(count) + 0.5) / count
        drawn = np.interp(at, (np.arange(ratios.size) + 0.5) / ratios.size, ratios)
        shuffled = np.random.default_rng(seed).permutation(drawn)
        return shuffled[:, None] * np.cumsum(forecast[:days])[None, :]


def plain(daily: Vector) -> tuple[Vector, Vector]:
    """At the end of each day the mean demand of a day and the share of days with demand, later days counting more: both `item × day`.

    >>> plain(np.array([[0.0, 2.0]]))[1].round(3).tolist()
    [[0.0, 0.504]]
    """
    fading = 0.5 ** (1 / HALF_LIFE)
    means, shares = np.zeros_like(daily), np.zeros_like(daily)
    mean = share = np.zeros(daily.shape[0])
    weight = 0.0
    for day in range(daily.shape[1]):
        mean, share, weight = mean * fading + daily[:, day], share * fading + (daily[:, day] > 0), weight * fading + 1
        means[:, day], shares[:, day] = mean / weight, share / weight
    return means, shares


def learn(daily: Vector, *, span: int, hidden: Vector | None = None) -> tuple[Misses, Vector]:
    """The misses of all weeks past, and how many days with demand each item may now expect in so many days.

    Args:
        daily: demand, `item × day`, up to today.
        span: days that a forecast is held against.
        hidden: days on which demand may not have been seen, of the same shape; spans with one of them say nothing.
    """
    means, shares = plain(daily)
    said, came, often = [], [], []
    for origin in range(daily.shape[1] - span, FIRST_ORIGIN - 1, -7):
        after = slice(origin, origin + span)
        is_seen = np.ones(daily.shape[0], dtype=bool) if hidden is None else ~hidden[:, after].any(axis=1)
        said.append(means[is_seen, origin - 1] * span)
        came.append(daily[is_seen, after].sum(axis=1))
        often.append(shares[is_seen, origin - 1] * span)
    nothing = [np.zeros(0)]
    learnt = misses(*(np.concatenate(part or nothing) for part in (said, came, often)), classes=CLASSES)
    now = shares[:, -1] * span if daily.shape[1] else np.zeros(daily.shape[0])
    return learnt, now


def past_misses(frames: Frames, stock: pl.DataFrame, today: dt.date) -> PastMisses | None:
    """How far plain forecasts of what is in stock were off up to the close of a day; None where too little is past."""
    keys = sorted(set(stock.select("sku_id", "site_id").iter_rows()))
    places = pl.DataFrame(
        [(*key, place) for place, key in enumerate(keys)],
        schema={"sku_id": pl.String, "site_id": pl.String, "place": pl.Int64},
        orient="row",
    )
    sold = _days(frames["core.demand_facts"], places, today)
    if sold.is_empty():
        return None
    count = min(int(sold["ago"].max()) + 1, MOST_DAYS)  # type: ignore[arg-type]
    daily = _table(sold.group_by("place", "ago").agg(pl.col("demand_qty").cast(pl.Float64).sum()), len(keys), count)
    empty = _days(frames["core.stock_out_days"].filter(pl.col("is_censored")), places, today)
    hidden = _table(empty.group_by("place", "ago").agg(pl.len().cast(pl.Float64)), len(keys), count) > 0
    if len(keys) * max((count - SPAN - FIRST_ORIGIN) // 7 + 1, 0) < LEAST_MISSES:
        return None
    learnt, often = learn(np.maximum(daily, 0.0), span=SPAN, hidden=hidden)
    has_past = daily.sum(axis=1) > 0
    return PastMisses(learnt, {key: float(often[place]) for place, key in enumerate(keys) if has_past[place]})


def _days(facts: pl.DataFrame, places: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    known = facts.filter(pl.col("demand_date") <= today).join(places, on=["sku_id", "site_id"])
    return known.with_columns(ago=(pl.lit(today) - pl.col("demand_date")).dt.total_days())


def _table(rows: pl.DataFrame, items: int, days: int) -> Vector:
    """Rows of place, days ago and value as `item × day`, the last day last."""
    found = np.zeros((items, days))
    near = rows.filter(pl.col("ago") < days)
    found[near["place"].to_numpy(), days - 1 - near["ago"].to_numpy()] = near[near.columns[2]].to_numpy()
    return found
