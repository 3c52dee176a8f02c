"""Gradient-boosted trees over all series that learn how many times the blend's forecast came, and from which days they learn."""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from models.demand.covariate_features import GROUPS, NAMES, WAKE_DAYS, Look, coarse, level
from models.demand.outside import day_number

ROWS_AT_MOST = 40_000
WEIGHT_CAP = 0.995  # no row counts for more than this quantile of the rows
RARE = 0.5  # of the days: what is told on fewer is judged on them alone
# A correction stays within these multiples; days on which the blend says less than so
# small a share of the usual teach nothing and are left as they are.
FACTOR_AT_LEAST, FACTOR_AT_MOST, LEAST_BASE = 0.02, 8.0, 0.05
TREES: dict[str, Any] = {
    "loss": "poisson",
    "max_iter": 50,
    "learning_rate": 0.12,
    "max_leaf_nodes": 8,
    "max_bins": 63,
    "min_samples_leaf": 60,
    "l2_regularization": 10.0,
    "early_stopping": False,
    "random_state": 0,
}


@dataclass(frozen=True)
class Sheet:
    """A look with the features of its days."""

    look: Look
    told: np.ndarray
    key: np.ndarray


@dataclass(frozen=True)
class Rows:
    """What is learnt from, a day of a series a row.

    Attributes:
        told: row × feature of `NAMES`.
        ratio: how many times the blend came.
        weight: how much that counts when learning.
        size: square of the blend in steps of the series, for as many days as the row stands for.
        share: for how many days each row stands.
    """

    told: np.ndarray
    ratio: np.ndarray
    weight: np.ndarray
    size: np.ndarray
    share: np.ndarray


@dataclass(frozen=True)
class Correction:
    """Fitted trees and the places in `NAMES` of the features that they read; without trees, it leaves the blend as it is."""

    trees: Any
    columns: np.ndarray

    def factors(self, told: np.ndarray) -> np.ndarray:
        """How many times the blend is expected, from features in the last dimension."""
        if self.trees is None:
            return np.ones(told.shape[:-1])
        with _alone():
            flat = self.trees.predict(told.reshape(-1, told.shape[-1])[:, self.columns])
        factors = np.clip(flat, FACTOR_AT_LEAST, FACTOR_AT_MOST).reshape(told.shape[:-1])
        return np.where(told[..., NAMES.index("base")] > coarse(LEAST_BASE), factors, 1.0)


def keys(cells: pl.DataFrame) -> np.ndarray:
    """A number for each series that hangs on its SKU and site alone."""
    return np.array(
        [zlib.crc32(f"{sku}\n{site}".encode()) for sku, site in cells.select("sku_id", "site_id").iter_rows()]
    )


def rows_of(sheets: list[Sheet], room: float = ROWS_AT_MOST) -> Rows:
    """What is learnt from: days near a promotion or holiday first, and as many others as there is room for."""
    told, ratio, weight, size, luck = (np.concatenate(column) for column in zip(*map(_usable, sheets), strict=True))
    is_rare = told[:, NAMES.index("days_since_promotion")] <= WAKE_DAYS
    is_rare |= told[:, NAMES.index("promoted_share_28")] > 0
    is_rare |= told[:, NAMES.index("days_to_holiday")] == 0
    rare, common = int(is_rare.sum()), int((~is_rare).sum())
    chance = np.where(is_rare, _share(rare, room / 2), _share(common, room - min(rare, room / 2)))
    keep = luck < chance
    share = 1 / chance[keep]
    weight = np.minimum(weight, np.quantile(weight, WEIGHT_CAP) if weight.size else 0.0)[keep] * share
    return Rows(told[keep], ratio[keep], weight / max(weight.mean(), 1e-12), size[keep] * share, share)


def _usable(sheet: Sheet) -> tuple[np.ndarray, ...]:
    """Features, ratio, weight, size and luck of the days of a look that can teach something."""
    look, usual = sheet.look, level(sheet.look.series)
    highest = 2 * np.array([one.max() for one in look.series])
    teaches = ~np.isnan(look.came) & (look.squared > 0)[:, None]
    teaches &= sheet.told[:, :, NAMES.index("base")] > coarse(LEAST_BASE)
    squared = np.where(look.squared > 0, look.squared, 1.0)[:, None]
    base = np.where(teaches, look.base, 1.0)
    ratio, weight = np.minimum(look.came, highest[:, None]) / base, base * usual[:, None] / squared
    columns = (sheet.told, ratio, weight, base**2 / squared, _luck(sheet))
    return tuple(column[teaches] for column in columns)


def _share(count: float, room: float) -> float:
    return min(1.0, room / count) if count else 1.0


def _luck(sheet: Sheet) -> np.ndarray:
    """A number from 0 to 1 for each series and day to come, always the same for the same ones.

    The multiplier is the golden ratio's, which spreads neighbouring numbers evenly.
    """
    days = day_number(sheet.look.origin) * 1009 + np.arange(sheet.look.base.shape[1]) * 104729
    mixed = (sheet.key[:, None].astype(np.uint64) + days.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53


def groups_in(rows: Rows) -> tuple[str, ...]:
    """The groups of covariates of which the rows tell two different things."""
    return tuple(group for group in GROUPS if _varying(rows.told, (group,)).size)


def active(rows: Rows, group: str) -> np.ndarray:
    """In which rows a group of `GROUPS` tells something unusual; in all where that is nothing unusual."""
    columns = _varying(rows.told, (group,))
    told = np.nan_to_num(rows.told[:, columns], nan=-1e9)
    is_unusual = (told != np.median(told, axis=0)).any(axis=1)
    return is_unusual if rows.share[is_unusual].sum() < RARE * rows.share.sum() else np.ones_like(is_unusual)


def fitted(rows: Rows, groups: tuple[str, ...]) -> Correction:
    """Trees on the features of some groups: Poisson loss with the blend as exposure, so that effects multiply."""
    columns = _varying(rows.told, groups)
    if not columns.size:
        return Correction(None, columns)
    from sklearn.ensemble import HistGradientBoostingRegressor

    category = [place for place, column in enumerate(columns) if NAMES[column] == "category"]
    trees = HistGradientBoostingRegressor(categorical_features=category or None, **TREES)
    with _alone():
        trees.fit(rows.told[:, columns], rows.ratio, sample_weight=rows.weight)
    return Correction(trees, columns)


def _varying(told: np.ndarray, groups: tuple[str, ...]) -> np.ndarray:
    """Places in `NAMES` of the features of some groups that hold two different things; unknown is one of them."""
    columns = np.array([NAMES.index(name) for group in groups for name in GROUPS[group]], dtype=np.int64)
    filled = np.nan_to_num(told[:, columns], nan=-1e9)
    return columns[filled.max(axis=0) > filled.min(axis=0)]


def _alone() -> Any:
    """A context in which the trees take one thread: small fits wait for each other longer than they work."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    return threadpool_limits(limits=1, user_api="openmp")
