"""Forecasts that add up: SKU and site, SKU, category, site and the whole, week by week.

Summing the bottom is one way; the other lets every level speak and moves all of them as little as their errors allow
(MinT with variances only: Wickramasuriya, Athanasopoulos and Hyndman, 2019). Which one is taken is for the backtest to say.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

WEEK = 7
LEVELS = ("total", "site", "category", "sku")
# A series that was never off still may be: its variance is at least this share of its squared mean.
LEAST_VARIANCE = 1e-4


@dataclass(frozen=True)
class Tree:
    """Which SKU at which site counts towards which sum.

    Attributes:
        nodes: `level_name, sku_id, site_id, category_name` of each sum, `*` for what is not told apart.
        members: node × bottom, 1 where the bottom series belongs to the node; a sparse matrix.
    """

    nodes: pl.DataFrame
    members: Any


def tree(cells: pl.DataFrame) -> Tree:
    """All sums over bottom series.

    Args:
        cells: `sku_id, site_id, category_name`, one row a bottom series.
    """
    from scipy import sparse

    names: list[pl.DataFrame] = []
    rows: list[np.ndarray] = []
    columns: list[np.ndarray] = []
    for level in LEVELS:
        kept = {"total": [], "site": ["site_id"], "category": ["category_name"], "sku": ["sku_id"]}[level]
        told = cells.select(
            pl.lit(level).alias("level_name"),
            *(
                pl.col(name).fill_null("*") if name in kept else pl.lit("*").alias(name)
                for name in ("sku_id", "site_id", "category_name")
            ),
            bottom=pl.int_range(pl.len()),
        )
        order = told.select("level_name", "sku_id", "site_id", "category_name").unique().sort(pl.all())
        place = told.join(order.with_row_index("node"), on=order.columns, how="left", maintain_order="left")
        rows.append(place["node"].to_numpy().astype(np.int64) + sum(part.height for part in names))
        columns.append(place["bottom"].to_numpy())
        names.append(order)
    across, down = np.concatenate(columns), np.concatenate(rows)
    nodes = pl.concat(names)
    return Tree(nodes, sparse.csr_array((np.ones(down.size), (down, across)), shape=(nodes.height, cells.height)))


def weekly(daily: np.ndarray) -> np.ndarray:
    """Sums of whole weeks, counted back from the last day: series × day to series × week."""
    weeks = daily.shape[1] // WEEK
    return daily[:, daily.shape[1] - weeks * WEEK :].reshape(daily.shape[0], weeks, WEEK).sum(axis=2)


def dense(series: list[np.ndarray]) -> np.ndarray:
    """Series that end together as one matrix, nought before they begin; a week at least."""
    width = max((one.size for one in series), default=WEEK)
    width = max(width, WEEK)
    out = np.zeros((len(series), width))
    for row, one in zip(out, series, strict=True):
        row[width - one.size :] = one
    return out


def reconciled(
    shape: Tree, bottom: np.ndarray, above: np.ndarray, bottom_variance: np.ndarray, above_variance: np.ndarray
) -> np.ndarray:
    """The bottom forecasts, moved so that what the sums say is heard too; none is moved below nothing.

    Args:
        shape: which bottom series counts where.
        bottom, above: forecasts of bottom series and of sums, series × week.
        bottom_variance, above_variance: of their errors; the surer one moves less.
    """
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import splu

    members = shape.members
    gap = above - members @ bottom
    spread = (members * bottom_variance[None, :]) @ members.T + diags_array(above_variance)
    shared = splu(spread.tocsc()).solve(gap)
    moved = bottom + bottom_variance[:, None] * (members.T @ shared)
    return np.maximum(moved, 0.0)


def variances(missed: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Mean squared error of each series over its origins, never quite nothing.

    Args:
        missed: series × origin × step, nan where unknown.
        mean: of each series.
    """
    known = ~np.isnan(missed)
    squares = np.where(known, missed, 0.0) ** 2
    mse = squares.sum(axis=(1, 2)) / np.maximum(known.sum(axis=(1, 2)), 1)
    return np.maximum(mse, LEAST_VARIANCE * mean**2 + 1e-9)


def weekly_error(missed: np.ndarray) -> np.ndarray:
    """Errors of days as errors of weeks: series × origin × day to series × origin × week."""
    weeks = missed.shape[2] // WEEK
    return missed[:, :, : weeks * WEEK].reshape(*missed.shape[:2], weeks, WEEK).sum(axis=3)


def rmsse_by_level(
    shape: Tree, said: np.ndarray, came: np.ndarray, past: np.ndarray, *, living: int | None = None
) -> dict[str, float]:
    """Root mean squared scaled error of weekly sums, averaged within each level, the bottom included.

    Args:
        said, came: bottom series × week; came may be nan where the shelf was empty (those weeks count as met).
        past: bottom series × week of history, for the scale.
        living: how many of the bottom series, the first ones, are on sale; sums over none of them are not judged. All by default.
    """
    came = np.where(np.isnan(came), said, came)
    alive = np.arange(said.shape[0]) < (said.shape[0] if living is None else living)
    told = {}
    members = shape.members
    for level in ("sku_site", *LEVELS):
        picked = None if level == "sku_site" else members[(shape.nodes["level_name"] == level).to_numpy().nonzero()[0]]
        ours, theirs, before, weight = (one if picked is None else picked @ one for one in (said, came, past, alive))
        scale = (np.diff(before, axis=1) ** 2).mean(axis=1)
        moving = (scale > 0) & (weight > 0)
        if moving.any():
            told[level] = float(np.sqrt(((ours - theirs) ** 2).mean(axis=1)[moving] / scale[moving]).mean())
    return told
