"""Whether the world of a forecast has moved: its inputs over the newest four weeks, its errors at the latest origin."""

import datetime as dt

import numpy as np
import polars as pl

from models.demand.history import History
from models.demand.outside import day_number, priced, promoted
from models.model import DRIFT

SPAN, BLOCKS = 28, 13  # days in a block, and blocks in the year that the newest one is held against
LEAST_BLOCKS = 4
# Drifted: an input more than so many standard deviations away from the blocks of the year before, which are taken to
# differ by two per cent at least; an error a quarter above, a bias a tenth of demand away.
FAR, LEAST_SPREAD = 3.0, 0.02
ERROR_LIMIT, BIAS_LIMIT = 0.25, 0.1


def drift(looked_back: pl.DataFrame, past: History, *, promotions: pl.DataFrame, prices: pl.DataFrame) -> pl.DataFrame:
    """Rows in the shape of `DRIFT`: what was usual, what is now, how far that is, and whether it is too far.

    Args:
        looked_back: the backtest.
        past: the history that is forecast from.
        promotions, prices: as in `models.demand.outside`.
    """
    rows = _of_inputs(inputs(past, promotions=promotions, prices=prices)) + _of_errors(looked_back)
    return pl.DataFrame(rows, schema=DRIFT, orient="row")


def inputs(past: History, *, promotions: pl.DataFrame, prices: pl.DataFrame) -> dict[str, np.ndarray]:
    """What the forecast reads, a figure for each 28 days of the last year and the newest at the end; nan where nothing is known.

    `mean_day_qty`: demand of a SKU at a site a day. `zero_share`: share of days without any. `promoted_share`: share of
    days under a promotion. `price_level_number`: geometric mean of the list prices of SKUs that had one all that time,
    in terms of the first 28 days. Only days on sale count.
    """
    days = SPAN * (BLOCKS + 1)
    told = np.full((len(past.recorded), days), np.nan)
    for row, one in zip(told, past.recorded, strict=True):
        kept = one[-days:]
        row[days - kept.size :] = kept
    begin = day_number(past.end - dt.timedelta(days=days - 1))
    known = ~np.isnan(told)
    on_offer = ~np.isnan(promoted(past.cells, promotions, begin, days)[0])
    price = priced(prices, sorted(set(past.cells["sku_id"])), begin, days)
    price = np.log(price[(price > 0).all(axis=1)])
    level = np.exp((price - price[:, :1]).mean(axis=0)) if price.size else np.full(days, np.nan)
    return {
        "mean_day_qty": _by_block(np.where(known, told, 0.0), known),
        "zero_share": _by_block((told == 0).astype(float), known),
        "promoted_share": _by_block((on_offer & known).astype(float), known),
        "price_level_number": level.reshape(-1, SPAN).mean(axis=1),
    }


def _by_block(told: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Means over all series and the days of each block, of the days that are known."""
    total, number = (one.sum(axis=0).reshape(-1, SPAN).sum(axis=1) for one in (told, known))
    return np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)


def _of_inputs(told: dict[str, np.ndarray]) -> list[tuple]:
    rows = []
    for name, blocks in told.items():
        before, now = blocks[:-1][~np.isnan(blocks[:-1])], float(blocks[-1])
        if before.size < LEAST_BLOCKS or np.isnan(now):
            continue
        usual = float(before.mean())
        spread = max(float(before.std(ddof=1)), LEAST_SPREAD * abs(usual))
        away = abs(now - usual) / spread if spread > 0 else float(now != usual) * 2 * FAR
        rows.append((name, "input", usual, now, away, away > FAR))
    return rows


def _of_errors(looked_back: pl.DataFrame) -> list[tuple]:
    """Error and bias at the latest origin against the mean of the ones before it."""
    rows = []
    mine = looked_back.filter(scope_name="all", variant_name="model").sort("origin_date")
    for name, limit in (("rmsse", ERROR_LIMIT), ("pinball", ERROR_LIMIT), ("bias", BIAS_LIMIT)):
        said = mine.filter(measure_name=name)["measured_number"].to_list()
        if len(said) < 2:
            continue
        before, now = float(np.mean(said[:-1])), said[-1]
        moved = abs(now - before) if name == "bias" else max(now - before, 0.0) / max(before, 1e-9)
        rows.append((name, "error", before, now, moved, moved > limit))
    return rows
