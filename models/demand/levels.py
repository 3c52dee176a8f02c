"""The demand forecast at every level at once, coherent: what the levels say is reconciled, and given by week with its bands."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from models import paths
from models.demand.backtest import Outcome
from models.demand.blend import Blend, blended
from models.demand.hierarchy import Tree, dense, reconciled, rmsse_by_level, tree, variances, weekly, weekly_error
from models.demand.history import WEEK, History
from models.demand.intervals import LEVELS, quantiles
from models.model import BACKTEST

PATHS = 200
WEEKS_BACK = 52
SEASON = 52
WAYS = ("bottom-up", "MinT")
BANDS = {
    "p025_qty": 0.025,
    "p10_qty": 0.1,
    "p25_qty": 0.25,
    "p50_qty": 0.5,
    "p75_qty": 0.75,
    "p90_qty": 0.9,
    "p975_qty": 0.975,
}
COLUMNS: tuple[str, ...] = ("level_name", "sku_id", "site_id", "category_name", "week_date", "mean_qty", *BANDS)
COLUMNS += ("came_qty", "censored_day_count", "method_name", "origin_date")


@dataclass(frozen=True)
class Coherent:
    """Daily forecasts moved so that all levels agree, the weeks of every level, and which way was better when looking back."""

    points: np.ndarray
    bands: np.ndarray
    weeks: pl.DataFrame
    backtests: pl.DataFrame
    way: str


def coherent(
    past: History,
    series: list[np.ndarray],
    blend: Blend,
    bands: np.ndarray,
    *,
    categories: pl.DataFrame,
    hang: list[tuple[float, float]],
    outcomes: list[Outcome],
    seed: int,
) -> Coherent:
    """Every level of the forecast.

    Args:
        past, series: the history, and the demand that was forecast from.
        blend, bands: of the bottom series, series × day.
        categories: `sku_id, category_name`.
        hang: common share and serial correlation of each bottom series.
        outcomes: look backs that choose between summing up and reconciling.
        seed: for the paths of weekly sums.
    """
    way, backtests = _chosen(outcomes, categories)
    cells = past.cells.select("sku_id", "site_id").join(categories, on="sku_id", how="left", maintain_order="left")
    shape = tree(cells)
    below = weekly(blend.points)
    sums = list(shape.members @ weekly(dense(series)))
    above = blended(sums, season_length=SEASON, horizon=below.shape[1])
    above_bands = quantiles(sums, above)
    settled = below if way == WAYS[0] else _moved(shape, series, blend, above, sums)
    factor = np.divide(settled, below, out=np.ones_like(below), where=below > 0)
    by_day = np.repeat(factor, WEEK, axis=1)
    points, daily = blend.points * by_day, bands * by_day[:, :, None]
    parts = [
        _past(past, shape, cells),
        _below(past, points, daily, cells, hang, seed),
        _above(past, shape, shape.members @ settled, above, above_bands),
    ]
    weeks = pl.concat(parts, how="diagonal").with_columns(method_name=pl.lit(way), origin_date=pl.lit(past.end))
    return Coherent(points, daily, weeks.select(COLUMNS), backtests, way)


def _moved(shape: Tree, series: list[np.ndarray], blend: Blend, above: Blend, sums: list[np.ndarray]) -> np.ndarray:
    below_variance = variances(weekly_error(blend.residuals), np.array([one.mean() * WEEK for one in series]))
    above_variance = variances(above.residuals, np.array([one.mean() for one in sums]))
    return reconciled(shape, weekly(blend.points), above.points, below_variance, above_variance)


def _chosen(outcomes: list[Outcome], categories: pl.DataFrame) -> tuple[str, pl.DataFrame]:
    """The way that was better on average over levels and origins, and what both did."""
    rows: list[tuple] = []
    for found in outcomes:
        cells = found.history.cells.select("sku_id", "site_id").join(
            categories, on="sku_id", how="left", maintain_order="left"
        )
        shape, series = tree(cells), found.history.wanted()
        before = weekly(dense(series))
        sums = list(shape.members @ before)
        below, came = weekly(found.said["model"]), weekly(found.came)
        above = blended(sums, season_length=SEASON, horizon=below.shape[1])
        said = {WAYS[0]: below, WAYS[1]: _moved(shape, series, found.blend, above, sums)}
        for way, weeks in said.items():
            told = rmsse_by_level(shape, weeks, came, before)
            rows += [
                (way, f"level {level}", found.origin, "rmsse", error, below.shape[0]) for level, error in told.items()
            ]
    looked_back = pl.DataFrame(rows, schema=BACKTEST, orient="row")
    means = dict(looked_back.group_by("variant_name").agg(pl.col("measured_number").mean()).iter_rows())
    return min(WAYS, key=lambda way: means.get(way, 0.0)), looked_back


def _weeks(end: dt.date, count: int) -> list[dt.date]:
    """The first day of each week to come."""
    return [end + dt.timedelta(days=1 + WEEK * week) for week in range(count)]


def _past(past: History, shape: Tree, cells: pl.DataFrame) -> pl.DataFrame:
    """What was asked for in each of the last weeks at every level, and on how many days a shelf was empty."""
    came, empty = (weekly(dense(rows))[:, -WEEKS_BACK:] for rows in (past.recorded, past.censored))
    weeks = [past.end - dt.timedelta(days=WEEK * back - 1) for back in range(came.shape[1], 0, -1)]
    bottom = cells.select(
        pl.lit("sku_site").alias("level_name"), "sku_id", "site_id", pl.col("category_name").fill_null("*")
    )
    frames = []
    for nodes, sold, short in ((bottom, came, empty), (shape.nodes, shape.members @ came, shape.members @ empty)):
        repeated = nodes.select(pl.all().gather(np.repeat(np.arange(nodes.height), len(weeks))))
        frames.append(
            repeated.with_columns(
                week_date=pl.Series(weeks, dtype=pl.Date).gather(np.tile(np.arange(len(weeks)), nodes.height)),
                came_qty=pl.Series(sold.reshape(-1).round(3)),
                censored_day_count=pl.Series(short.reshape(-1).round().astype(np.int64)),
            )
        )
    return pl.concat(frames)


def _below(
    past: History,
    points: np.ndarray,
    bands: np.ndarray,
    cells: pl.DataFrame,
    hang: list[tuple[float, float]],
    seed: int,
) -> pl.DataFrame:
    """Weekly sums of each SKU at each site, their bands out of sample paths, for days do not add up to weeks."""
    weeks = points.shape[1] // WEEK
    names = cells.select(pl.concat_str("sku_id", "site_id", separator="/")).to_series().to_list()
    told = paths.summed_quantiles(
        np.ascontiguousarray(bands),
        points,
        np.array(LEVELS),
        np.array(list(BANDS.values())),
        span=WEEK,
        shapes=np.array(hang, dtype=float).reshape(-1, 2),
        seeds=np.array([paths.seed_of(seed, name) for name in names], dtype=np.int64),
        count=PATHS,
    )
    where = cells.select(
        pl.lit("sku_site").alias("level_name"), "sku_id", "site_id", pl.col("category_name").fill_null("*")
    )
    return _long(where, _weeks(past.end, weeks), weekly(points), told)


def _above(past: History, shape: Tree, means: np.ndarray, above: Blend, bands: np.ndarray) -> pl.DataFrame:
    """Weekly sums of the levels above, their bands moved to the reconciled middle."""
    factor = np.divide(means, above.points, out=np.ones_like(means), where=above.points > 0)
    places = [
        np.array([np.interp(level, LEVELS, band) for band in bands.reshape(-1, len(LEVELS))])
        for level in BANDS.values()
    ]
    told = np.stack(places, axis=1).reshape(*means.shape, len(BANDS)) * factor[:, :, None]
    return _long(shape.nodes, _weeks(past.end, means.shape[1]), means, told)


def _long(nodes: pl.DataFrame, weeks: list[dt.date], means: np.ndarray, bands: np.ndarray) -> pl.DataFrame:
    count = len(weeks)
    repeated = nodes.select(pl.all().gather(np.repeat(np.arange(nodes.height), count)))
    return repeated.with_columns(
        week_date=pl.Series(weeks, dtype=pl.Date).gather(np.tile(np.arange(count), nodes.height)),
        mean_qty=pl.Series(means.reshape(-1).round(3)),
        **{name: pl.Series(bands[:, :, place].reshape(-1).round(3)) for place, name in enumerate(BANDS)},
    )
