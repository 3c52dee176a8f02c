"""Which planted causes have left a trace in what the company has on file: told shelf, day and direction, by tests no detector reads."""

from typing import Any

import polars as pl
from scipy.stats import binom

from store.warehouse import Build

YOUNG_DAYS, SURE = 28, 0.01


def traced(build: Build, plants: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Plant and subject of what can be seen in the data at all.

    A shift of demand: told shelf, day and direction, the chance of so many order lines since (given all of them, and how busy the
    company was) is at most one in a hundred. A parameter that is too low: the shelf was empty on a day of the last quarter, or
    what was bought lasts no longer than half of what the shelf's own earlier orders did. Too high: there is stock beyond 90 days
    of demand, or orders last twice as long as before. What began within 28 days is not to be seen yet; all else is.
    """
    as_of = build.query("select as_of_date from raw.company").item()
    lines = build.query(
        "select sku_id, site_id, demand_date, line_count from core.demand_facts where demand_date <= (select as_of_date from raw.company)"
    )
    empty = {tuple(row) for row in build.query("select sku_id, site_id from marts.empty_shelf_days").iter_rows()}
    full = {
        tuple(row)
        for row in build.query("select sku_id, site_id from marts.stock_now where excess_qty > 0").iter_rows()
    }
    found = set()
    for plant in plants:
        if (as_of - plant["from_date"]).days < YOUNG_DAYS:
            continue
        for subject in plant["subjects"]:
            shelf = tuple(subject.split("@"))
            if plant["kind"] in ("demand_rose", "demand_fell"):
                is_seen = _likely(lines, shelf, plant) <= SURE
            elif plant["kind"].startswith("parameters"):
                is_seen = shelf in empty or _cover(build, shelf, plant) <= 0.5
            elif plant["kind"] == "excess_stock":
                is_seen = shelf in full or _cover(build, shelf, plant) >= 2.0
            else:
                is_seen = True
            if is_seen:
                found.add((plant["plant_id"], subject))
    return found


def _likely(lines: pl.DataFrame, shelf: tuple[str, ...], plant: dict[str, Any]) -> float:
    """The chance of as many order lines since the planted day as there were, or more (fewer), had nothing changed."""
    since = pl.col("demand_date") >= plant["from_date"]
    others = lines.filter(pl.col("site_id") == shelf[1])
    mine = others.filter(pl.col("sku_id") == shelf[0])
    if not mine.height:
        return 1.0
    others = others.filter(pl.col("demand_date") >= mine["demand_date"].min())
    share = int(others.filter(since)["line_count"].sum()) / int(others["line_count"].sum())
    count, came = int(mine["line_count"].sum()), int(mine.filter(since)["line_count"].sum())
    law = binom(count, share)
    return float(law.sf(came - 1) if plant["kind"] == "demand_rose" else law.cdf(came))


def _cover(build: Build, shelf: tuple[str, ...], plant: dict[str, Any]) -> float:
    """How long orders since the planted day last against those before it: the ratio of level to demand; 1 where one is missing."""
    orders = build.query(
        "select ordered_date, cast(level_qty as double) as level, cast(out_before_qty as double) as gone from marts.order_levels "
        "where sku_id = ? and site_id = ? and out_before_qty > 0 and level_qty > 0",
        list(shelf),
    )
    cover = [
        orders.filter(is_mine).select((pl.col("level") / pl.col("gone")).median()).item()
        for is_mine in (pl.col("ordered_date") >= plant["from_date"], pl.col("ordered_date") < plant["from_date"])
    ]
    return cover[0] / cover[1] if all(cover) else 1.0
