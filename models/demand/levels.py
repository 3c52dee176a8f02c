"""The demand forecast at every level at once, coherent: what the levels say is reconciled, and given by week with its bands."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from models import paths
from models.demand.backtest import Outcome, deciding
from models.demand.blend import Blend, blended
from models.demand.hierarchy import Tree, dense, reconciled, rmsse_by_level, tree, variances, weekly, weekly_error
from models.demand.history import WEEK, History
from models.demand.intervals import quantiles
from models.model import BACKTEST
from models.quantile_grid import LEVELS

PATHS = 200
WEEKS_BACK = 52
DECIMALS = 3  # of a published day: rounded first and summed then, weeks and sums agree to the last of them
SEASON = 52
WAYS = ("bottom-up", "MinT")
# What the other levels say may move a week of a SKU at a site within these multiples of its own forecast.
FACTOR_AT_LEAST, FACTOR_AT_MOST = 0.5, 2.0
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
class Panel:
    """The bottom series of a day and the sums over them: those on sale first, then those that ended, which say nothing more.

    Attributes:
        cells: `sku_id, site_id, category_name`, one row a bottom series.
        shape: who counts where.
        wanted: demand of each bottom series, by day.
        living: how many are on sale.
    """

    cells: pl.DataFrame
    shape: Tree
    wanted: list[np.ndarray]
    living: int

    @cached_property
    def weeks(self) -> np.ndarray:
        """Demand of each bottom series, by week."""
        return weekly(dense(self.wanted))

    @cached_property
    def sums(self) -> list[np.ndarray]:
        """Demand of each sum, by week."""
        return list(self.shape.members @ self.weeks)

    def above(self, horizon: int) -> Blend:
        """The sums' own forecasts, so many weeks ahead."""
        return blended(self.sums, season_length=SEASON, horizon=horizon)

    def padded(self, told: np.ndarray) -> np.ndarray:
        """What is told of the series on sale, with noughts for those that ended."""
        return np.concatenate([told, np.zeros((len(self.wanted) - self.living, *told.shape[1:]))])


def panel(past: History, series: list[np.ndarray], categories: pl.DataFrame) -> Panel:
    """The panel of a history.

    Args:
        past: whose cells.
        series: demand of those on sale as it is believed to have been.
        categories: `sku_id, category_name`.
    """
    gone = past.ended
    cells = [one.cells.select("sku_id", "site_id") for one in (past, gone) if one is not None]
    named = pl.concat(cells).join(categories, on="sku_id", how="left", maintain_order="left")
    return Panel(named, tree(named), series + (gone.recorded if gone else []), len(series))


@dataclass(frozen=True)
class Way:
    """How the levels are made to agree, the look backs as they would have been that way, and what both ways did."""

    name: str
    outcomes: list[Outcome]
    backtests: pl.DataFrame


def way(outcomes: list[Outcome], categories: pl.DataFrame) -> Way:
    """Reconciling where it lost nothing at the bottom and won above it at the deciding look backs; summing up otherwise."""
    rows: list[tuple] = []
    moved = []
    for found in outcomes:
        known = panel(found.history, found.history.wanted(), categories)
        came = known.padded(weekly(found.came))
        ahead = found.came.shape[1] // WEEK
        moved.append(_moved(known, found.blend, found.said["model"], known.above(ahead)))
        for name, points in zip(WAYS, (found.said["model"], moved[-1]), strict=True):
            said = known.padded(weekly(points))
            told = rmsse_by_level(known.shape, said, came, known.weeks, living=known.living)
            rows += [
                (name, f"level {level}", found.origin, "rmsse", error, known.living) for level, error in told.items()
            ]
    looked_back = pl.DataFrame(rows, schema=BACKTEST, orient="row")
    if not outcomes or not _wins(looked_back, [found.origin for found in deciding(outcomes)]):
        return Way(WAYS[0], outcomes, looked_back)
    spoken = [found.restated(points) for found, points in zip(outcomes, moved, strict=True)]
    return Way(WAYS[1], spoken, looked_back)


def _wins(looked_back: pl.DataFrame, days: list[dt.date]) -> bool:
    is_bottom = pl.col("scope_name") == "level sku_site"
    means = (
        looked_back.filter(pl.col("origin_date").is_in(days))
        .group_by("variant_name", is_bottom=is_bottom)
        .agg(pl.col("measured_number").mean())
    )
    error = {(name, bottom): told for name, bottom, told in means.iter_rows()}
    if any((name, bottom) not in error for name in WAYS for bottom in (True, False)):
        return False
    return error[WAYS[1], True] <= error[WAYS[0], True] and error[WAYS[1], False] < error[WAYS[0], False]


def _moved(known: Panel, blend: Blend, points: np.ndarray, above: Blend) -> np.ndarray:
    """Daily points of the series on sale, each week moved to where all levels are heard, by no more than a factor of two.

    What a cell may not take stays untold: sums are what their parts say, so that levels agree to the last unit.
    """
    own = weekly(points)
    missed = known.padded(weekly_error(blend.residuals))
    below_variance = variances(missed, np.array([one.mean() * WEEK for one in known.wanted]))
    above_variance = variances(above.residuals, np.array([one.mean() for one in known.sums]))
    settled = reconciled(known.shape, known.padded(own), above.points, below_variance, above_variance)[: known.living]
    factor = np.divide(settled, own, out=np.ones_like(own), where=own > 0).clip(FACTOR_AT_LEAST, FACTOR_AT_MOST)
    return points * np.repeat(factor, WEEK, axis=1)


@dataclass(frozen=True)
class Coherent:
    """Daily forecasts on which all levels agree, their bands, and the weeks of every level."""

    points: np.ndarray
    bands: np.ndarray
    weeks: pl.DataFrame


def coherent(
    past: History,
    series: list[np.ndarray],
    blend: Blend,
    *,
    categories: pl.DataFrame,
    hang: list[tuple[float, float]],
    way_name: str,
    seed: int,
) -> Coherent:
    """Every level of the forecast.

    Args:
        past, series: the history, and the demand that was forecast from.
        blend: of the series on sale, series × day.
        categories: `sku_id, category_name`.
        hang: common share and serial correlation of each series on sale.
        way_name: one of `WAYS`.
        seed: for the paths of weekly sums.
    """
    known = panel(past, series, categories)
    above = known.above(blend.points.shape[1] // WEEK)
    points = blend.points if way_name == WAYS[0] else _moved(known, blend, blend.points, above)
    bands = quantiles(series, replace(blend, points=points))
    parts = [
        _past(past, known),
        _below(past, points, bands, known, hang, seed),
        _above(past.end, known, weekly(points.round(DECIMALS)), above),
    ]
    weeks = pl.concat(parts, how="diagonal").with_columns(method_name=pl.lit(way_name), origin_date=pl.lit(past.end))
    return Coherent(points, bands, weeks.select(COLUMNS))


def _weeks(end: dt.date, count: int) -> list[dt.date]:
    """The first day of each week to come."""
    return [end + dt.timedelta(days=1 + WEEK * week) for week in range(count)]


def _past(past: History, known: Panel) -> pl.DataFrame:
    """What was asked for in each of the last weeks at every level, and on how many days a shelf was empty."""
    gone = past.ended
    sold, hidden = past.recorded + (gone.recorded if gone else []), past.censored + (gone.censored if gone else [])
    came, empty = (weekly(dense(rows))[:, -WEEKS_BACK:] for rows in (sold, hidden))
    weeks = [past.end - dt.timedelta(days=WEEK * back - 1) for back in range(came.shape[1], 0, -1)]
    members = known.shape.members
    frames = []
    for nodes, told, short in ((_bottom(known), came, empty), (known.shape.nodes, members @ came, members @ empty)):
        repeated = nodes.select(pl.all().gather(np.repeat(np.arange(nodes.height), len(weeks))))
        frames.append(
            repeated.with_columns(
                week_date=pl.Series(weeks, dtype=pl.Date).gather(np.tile(np.arange(len(weeks)), nodes.height)),
                came_qty=pl.Series(told.reshape(-1).round(3)),
                censored_day_count=pl.Series(short.reshape(-1).round().astype(np.int64)),
            )
        )
    return pl.concat(frames)


def _bottom(known: Panel) -> pl.DataFrame:
    """The bottom series as rows of a level."""
    return known.cells.select(
        pl.lit("sku_site").alias("level_name"), "sku_id", "site_id", pl.col("category_name").fill_null("*")
    )


def _below(
    past: History,
    points: np.ndarray,
    bands: np.ndarray,
    known: Panel,
    hang: list[tuple[float, float]],
    seed: int,
) -> pl.DataFrame:
    """Weekly sums of each SKU at each site, their bands out of sample paths, for days do not add up to weeks."""
    weeks = points.shape[1] // WEEK
    names = past.cells.select(pl.concat_str("sku_id", "site_id", separator="/")).to_series().to_list()
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
    return _long(
        _bottom(known), _weeks(past.end, weeks), known.padded(weekly(points.round(DECIMALS))), known.padded(told)
    )


def _above(end: dt.date, known: Panel, below: np.ndarray, above: Blend) -> pl.DataFrame:
    """Weekly sums of the levels above, with bands around them as wide as their own forecasts have missed by."""
    means = known.shape.members @ known.padded(below)
    bands = quantiles(known.sums, replace(above, points=means))
    places = [
        np.array([np.interp(level, LEVELS, band) for band in bands.reshape(-1, len(LEVELS))])
        for level in BANDS.values()
    ]
    is_on_sale = (known.shape.members @ known.padded(np.ones(below.shape[0]))) > 0
    told = np.stack(places, axis=1).reshape(*means.shape, len(BANDS)) * is_on_sale[:, None, None]
    return _long(known.shape.nodes, _weeks(end, means.shape[1]), means, told)


def _long(nodes: pl.DataFrame, weeks: list[dt.date], means: np.ndarray, bands: np.ndarray) -> pl.DataFrame:
    count = len(weeks)
    repeated = nodes.select(pl.all().gather(np.repeat(np.arange(nodes.height), count)))
    return repeated.with_columns(
        week_date=pl.Series(weeks, dtype=pl.Date).gather(np.tile(np.arange(count), nodes.height)),
        mean_qty=pl.Series(means.reshape(-1).round(3)),
        **{name: pl.Series(bands[:, :, place].reshape(-1).round(3)) for place, name in enumerate(BANDS)},
    )
