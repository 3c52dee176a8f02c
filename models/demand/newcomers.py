"""What is said of new SKUs: what alike ones sold at the same age stands in for the past that they do not have."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.alike import KEY, NEW_DAYS, expected_of_new
from models.demand.backtest import DAYS, Outcome
from models.demand.blend import Blend, blended
from models.demand.history import WEEK, History
from models.model import BACKTEST

LOOKS = 6  # back, 28 days apart; the latest only reports
SCOPE, WITH, WITHOUT = "new SKUs", "with alike SKUs", "without alike SKUs"
METHOD = "alike SKUs"


@dataclass(frozen=True)
class Shop:
    """What stands in the tables: `facts` of demand, `lives` on sale (`first_date`, `last_date`), and the `skus` themselves."""

    facts: pl.DataFrame
    lives: pl.DataFrame
    skus: pl.DataFrame


@dataclass(frozen=True)
class Leaned:
    """A forecast and its look backs with new SKUs leaning on alike ones, where that was not worse.

    Attributes:
        blend: whose points of new SKUs are what `models.alike` expects of a day.
        outcomes: the look backs with the same done then.
        is_new: which series lean.
        backtests: errors with and without, over new SKUs alone.
        because: one sentence for people; empty where no SKU is or was new.
    """

    blend: Blend
    outcomes: list[Outcome]
    is_new: np.ndarray
    backtests: pl.DataFrame
    because: str


def leaned(past: History, blend: Blend, outcomes: list[Outcome], shop: Shop) -> Leaned:
    """The blend's forecast with that of alike SKUs in place of it, for SKUs that have been on sale for 91 days at most.

    Looked back on are six origins, 28 days apart; the mean error over new SKUs (root mean squared, in steps of each series
    from day to day) at all but the latest decides. Where no SKU was new then, nothing speaks against alike ones.

    Args:
        past, blend: the history, and the blend's forecast of each of its series.
        outcomes: look backs of the blend.
        shop: what alike SKUs are found in.
    """
    looked_back = _looked_back(past, shop)
    older = looked_back.filter(pl.col("origin_date") < past.end - dt.timedelta(days=DAYS))
    means = dict(older.group_by("variant_name").agg(pl.col("measured_number").mean()).iter_rows())
    expected = _expected(past, shop)
    is_new = ~np.isnan(expected)
    if means and means[WITH] > means[WITHOUT]:
        because = (
            f"New SKUs do not lean on alike ones: that raised their error by {means[WITH] / means[WITHOUT] - 1:.1%}."
        )
        return Leaned(blend, outcomes, np.zeros_like(is_new), looked_back, because)
    because = f"{int(is_new.sum())} new SKUs at a site lean on alike ones." if is_new.any() else ""
    if means and because:
        because = f"{because[:-1]}, which took {1 - means[WITH] / means[WITHOUT]:.1%} off their error."
    moved = replace(blend, points=_stood_in(blend.points, expected))
    spoken = [_spoken(found, _expected(found.history, shop)) for found in outcomes]
    return Leaned(moved, spoken, is_new, looked_back, because)


def _spoken(found: Outcome, expected: np.ndarray) -> Outcome:
    return found if np.isnan(expected).all() else found.restated(_stood_in(found.said["model"], expected))


def _stood_in(points: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Points with the expected quantity on every day where one is known."""
    return np.where(np.isnan(expected)[:, None], points, expected[:, None])


def _expected(past: History, shop: Shop) -> np.ndarray:
    """What to expect a day of each series by the end of a history; nan for those that are not new or have none alike."""
    told = expected_of_new(shop.facts, shop.lives, shop.skus, as_of=past.end).filter(pl.col("alike_count") > 0)
    cells = past.cells.select(KEY)
    found = cells.join(told.select(*KEY, "expected_daily_qty"), on=KEY, how="left", maintain_order="left")
    return found["expected_daily_qty"].cast(pl.Float64).to_numpy().astype(float)


def _looked_back(past: History, shop: Shop) -> pl.DataFrame:
    """Both ways' errors over what was new at earlier origins, in the shape of a backtest."""
    rows: list[tuple] = []
    for turn in range(1, LOOKS + 1):
        then = past.until(past.end - dt.timedelta(days=DAYS * turn))
        then = then.of([place for place, one in enumerate(then.recorded) if one.size <= NEW_DAYS])
        expected = _expected(then, shop)
        then, expected = then.of(np.flatnonzero(~np.isnan(expected)).tolist()), expected[~np.isnan(expected)]
        if not expected.size:
            continue
        own = blended(then.wanted(), season_length=WEEK, horizon=DAYS).points
        came, unit = _came(past, then)
        for variant, said in ((WITH, _stood_in(own, expected)), (WITHOUT, own)):
            error = np.sqrt(np.nanmean((said - came) ** 2, axis=1) / unit)
            rows.append((variant, SCOPE, then.end, "rmsse", float(np.nanmean(error)), expected.size))
    return pl.DataFrame(rows, schema=BACKTEST, orient="row").filter(pl.col("measured_number").is_finite())


def _came(past: History, then: History) -> tuple[np.ndarray, np.ndarray]:
    """What came in the 28 days after an earlier history, nan on empty shelves; and each series' mean squared step until today.

    So young a series has hardly stepped by then. The unit is the same for all that is measured in it, so no judge is bribed.
    """
    gone = (past.end - then.end).days
    places = then.cells.select(KEY).join(past.cells.with_row_index("place"), on=KEY, how="left", maintain_order="left")
    later = slice(-gone, -gone + DAYS or None)
    series = [past.recorded[k] for k in places["place"]]
    hidden = [past.censored[k][later] for k in places["place"]]
    came = np.array([np.where(mask, np.nan, one[later]) for one, mask in zip(series, hidden, strict=True)])
    return came, np.array([np.mean(np.diff(one) ** 2) or np.nan for one in series])
