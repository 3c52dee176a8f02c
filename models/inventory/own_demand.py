"""Demand ahead of what is bought now and then, out of its own past weeks: the distribution that the inventory benchmark judges.

A day's quantiles of rare demand are mostly nought, and sums of many such days lose the large purchases. So weeks are drawn from
what weeks really brought (`possible_demand`), and follow the published forecast where demand comes in most weeks.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.inventory.possible_demand import Possible, Vector, heard, possible, running
from models.model import Frames

Key = tuple[str, str]
WEEK, WEEKS_A_YEAR = 7, 52.0
# Classes by day of whose demand the own past speaks; fewer weeks of it say too little; older ones are forgotten.
CLASSES, LEAST_WEEKS, MOST_WEEKS = ("intermittent", "lumpy"), 26, 156
# A week with so many days of an empty shelf that may have hidden demand says nothing.
HIDDEN_DAYS = 4
# How far the level over all weeks ahead may be off (standard deviation of its log).
DOUBT = 0.3


@dataclass(frozen=True)
class OwnPast:
    """What one week may bring of each SKU at each site that has a past of its own: rows of `demand` by SKU and site."""

    demand: Possible
    means: Vector
    rows: dict[Key, int]

    def ahead(self, key: Key, forecast: Vector, *, seed: int, count: int, days: int) -> Vector | None:
        """Demand so far, `path × day`, over so many days as far as the forecast goes; None where there is no past to speak of.

        Args:
            key: SKU and site.
            forecast: mean of each day ahead, at least one.
            seed: for the paths.
            count: of paths.
            days: ahead.
        """
        row = self.rows.get(key)
        if row is None:
            return None
        span = min(days, forecast.size)
        starts = np.arange(0, span, WEEK)
        lengths = np.minimum(starts + WEEK, forecast.size) - starts
        level = np.add.reduceat(forecast[: starts[-1] + lengths[-1]], starts) * WEEK / lengths
        own = self.means[row]
        factors = heard(np.full(starts.size, self.demand.often[row]), np.full(starts.size, own), level)
        drawn = running(
            self.demand.values[row], self.demand.chances[row], factors, seed=seed, count=count, doubt=DOUBT, days=WEEK
        )
        return drawn[:, :span]


NONE = OwnPast(possible([], half_life=WEEKS_A_YEAR), np.zeros(0), {})


def known_past(frames: Frames, stock: pl.DataFrame, today: dt.date) -> OwnPast:
    """The own past of what is in stock, out of the tables that replenishment reads."""
    keys = set(stock.select("sku_id", "site_id").iter_rows())
    classes = {(sku, site): name for sku, site, name in frames["scores.demand_fits"].iter_rows() if (sku, site) in keys}
    return own_past(frames["core.demand_facts"], frames["core.stock_out_days"], classes, today=today)


def own_past(facts: pl.DataFrame, empty: pl.DataFrame, classes: dict[Key, str], *, today: dt.date) -> OwnPast:
    """What is known of their own past at the close of a day.

    Args:
        facts: `sku_id`, `site_id`, `demand_date`, `demand_qty`.
        empty: `sku_id`, `site_id`, `demand_date`, `is_censored`, of days with an empty shelf.
        classes: of daily demand.
        today: the day.
    """
    keys = sorted(key for key, name in classes.items() if name in CLASSES)
    places = pl.DataFrame(
        [(*key, place) for place, key in enumerate(keys)],
        schema={"sku_id": pl.String, "site_id": pl.String, "place": pl.Int64},
        orient="row",
    )
    bought = _weeks_ago(facts, places, today).group_by("place", "ago").agg(pl.col("demand_qty").cast(pl.Float64).sum())
    hidden = _weeks_ago(empty.filter(pl.col("is_censored")), places, today).group_by("place", "ago").agg(pl.len())
    # A life begins with a sale, which says nothing of how often one comes: it is left out, as are the days before.
    first = _days_ago(facts, places, today).group_by("place").agg(weeks=pl.col("days").max() // WEEK)
    weeks = np.zeros(len(keys), dtype=np.int64)
    weeks[first["place"].to_numpy()] = first["weeks"].to_numpy()
    histories = [np.zeros(min(int(count), MOST_WEEKS)) for count in weeks]
    for place, ago, qty in bought.iter_rows():
        if ago < histories[place].size:
            histories[place][-1 - ago] = max(qty, 0.0)
    is_told = [np.ones(one.size, dtype=bool) for one in histories]
    for place, ago, count in hidden.iter_rows():
        if count >= HIDDEN_DAYS and ago < histories[place].size:
            is_told[place][-1 - ago] = False
    whole = {key: one[told] for key, one, told in zip(keys, histories, is_told, strict=True)}
    spoken = {key: one for key, one in whole.items() if one.size >= LEAST_WEEKS and one.any()}
    demand = possible(list(spoken.values()), half_life=WEEKS_A_YEAR)
    return OwnPast(demand, demand.mean(), {key: row for row, key in enumerate(spoken)})


def _days_ago(days: pl.DataFrame, places: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    known = days.filter(pl.col("demand_date") <= today).join(places, on=["sku_id", "site_id"])
    return known.with_columns(days=(pl.lit(today) - pl.col("demand_date")).dt.total_days())


def _weeks_ago(days: pl.DataFrame, places: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    return _days_ago(days, places, today).with_columns(ago=pl.col("days") // WEEK)
