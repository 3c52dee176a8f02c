"""What the forecasts would have been worth at earlier days, beside seasonal naive: only what was known then is read."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.demand.blend import Blend, blended
from models.demand.history import WEEK, History
from models.demand.intervals import quantiles
from models.model import BACKTEST
from models.quantile_grid import LEVELS

DAYS = 28
ORIGINS = 3
LEAST_DAYS = 56  # of history, for a series to be judged
RIVAL = "seasonal naive"
# Judging so many series is enough to tell which of two ways is better; they are taken evenly through the list.
SERIES_AT_MOST = 4000


@dataclass(frozen=True)
class Outcome:
    """What was said at an origin and what came: series × day, days on which the shelf was empty as nan."""

    origin: dt.date
    history: History
    came: np.ndarray
    said: dict[str, np.ndarray]
    bands: dict[str, np.ndarray]
    blend: Blend

    def restated(self, points: np.ndarray) -> "Outcome":
        """The same look back had the model said so: its bands lie around what it says then, as wide as its misses were."""
        bands = quantiles(self.history.wanted(), replace(self.blend, points=points))
        return replace(self, said=self.said | {"model": points}, bands=self.bands | {"model": bands})


def deciding(outcomes: list[Outcome]) -> list[Outcome]:
    """The look backs that choose what goes into a forecast: all but the latest, which only reports, where there are others."""
    return sorted(outcomes, key=lambda found: found.origin)[: max(len(outcomes) - 1, 1)]


def origins(end: dt.date) -> list[dt.date]:
    """The days from which forecasts are looked back on, the latest first."""
    return [end - dt.timedelta(days=DAYS * turn) for turn in range(1, ORIGINS + 1)]


def outcome(history: History, origin: dt.date, *, is_lifted: bool = True) -> Outcome | None:
    """Forecasts made at an origin by the blend and by seasonal naive, with what came; None where nothing reaches back so far."""
    then = history.until(origin)
    old_enough = np.flatnonzero([one.size >= LEAST_DAYS for one in then.recorded])
    step = max(1, -(-old_enough.size // SERIES_AT_MOST))
    picked = old_enough[::step]
    if not picked.size:
        return None
    ended = then.ended and then.ended.of(range(0, len(then.ended.recorded), step))
    then = replace(then.of(picked.tolist()), ended=ended)
    gone = (history.end - origin).days
    now = history.cells.with_row_index("place").join(then.cells.select("sku_id", "site_id"), on=["sku_id", "site_id"])
    later = slice(-gone, -gone + DAYS or None)
    came = np.array([np.where(history.censored[k][later], np.nan, history.recorded[k][later]) for k in now["place"]])
    series = then.wanted() if is_lifted else then.recorded
    blend = blended(series, season_length=WEEK, horizon=DAYS)
    naive = blended(series, season_length=WEEK, horizon=DAYS, only=RIVAL)
    return Outcome(
        origin,
        then,
        came,
        {"model": blend.points, RIVAL: naive.points},
        {"model": quantiles(series, blend), RIVAL: quantiles(series, naive)},
        blend,
    )


def lifting(history: History, found: Outcome) -> pl.DataFrame:
    """What the same forecast would have been without lifting empty shelves; nothing where no shelf was empty."""
    if not any(one.any() for one in found.history.censored) or found.history.shown() >= 1:
        return pl.DataFrame(schema=BACKTEST)
    bare = outcome(history, found.origin, is_lifted=False)
    if bare is None:
        return pl.DataFrame(schema=BACKTEST)
    rows = np.arange(bare.came.shape[0])
    told = [
        ("without lifting", "all", found.origin, name, number, rows.size)
        for name, number in measures(bare, "model", rows).items()
    ]
    return pl.DataFrame(told, schema=BACKTEST, orient="row")


def measures(found: Outcome, variant: str, rows: np.ndarray) -> dict[str, float]:
    """The measures of one variant on some series of an outcome; without the ones that cannot be told.

    `rmsse`: root mean squared error in units of the series' own day-to-day steps, averaged over series (M5 competition).
    `pinball`: mean pinball loss over all levels, in units of the mean absolute step.
    `bias`: surplus of the forecast over what came, as a share of what came.
    `wape`: absolute error of the 28-day totals, as a share of what came.
    `covered_80`: share of days within the 80 % band; counts cover more than they name.
    """
    said, came, bands = found.said[variant][rows], found.came[rows], found.bands[variant][rows]
    steps = [np.diff(found.history.recorded[k]) for k in rows]
    squared, absolute = np.array([(d**2).mean() for d in steps]), np.array([np.abs(d).mean() for d in steps])
    known = ~np.isnan(came)
    moving = (squared > 0) & known.any(axis=1)
    if not moving.any():
        return {}
    error = np.where(known, said - np.nan_to_num(came), 0.0)
    number = known.sum(axis=1)
    total = float(np.nansum(came))
    loss = np.maximum(LEVELS * (came[:, :, None] - bands), (np.array(LEVELS) - 1) * (came[:, :, None] - bands))
    with np.errstate(all="ignore"):
        scaled = np.nanmean(loss[moving], axis=(1, 2)) / absolute[moving]
    low, high = bands[:, :, LEVELS.index(0.1)], bands[:, :, LEVELS.index(0.9)]
    told = {
        "rmsse": float(np.sqrt((error**2).sum(axis=1)[moving] / number[moving] / squared[moving]).mean()),
        "pinball": float(scaled.mean()),
        "covered_80": float(((came >= low) & (came <= high))[known].mean()),
    }
    if total > 0:
        told["bias"] = float(error.sum()) / total
        told["wape"] = float(np.abs(error.sum(axis=1)).sum()) / total
    return told


def rows_of(found: Outcome, classes: list[str]) -> pl.DataFrame:
    """All measures of all variants, for all series together and by class of demand, in the shape of a backtest."""
    rows = []
    for scope in ("all", *sorted(set(classes))):
        places = np.array([k for k, name in enumerate(classes) if scope in ("all", name)], dtype=np.int64)
        for variant in found.said:
            told = measures(found, variant, places)
            rows += [(variant, scope, found.origin, name, number, places.size) for name, number in told.items()]
    return pl.DataFrame(rows, schema=BACKTEST, orient="row")
