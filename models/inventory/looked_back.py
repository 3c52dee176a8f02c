"""How chances of running out did, looking back: what would have been said twelve weeks ago and since, and what came."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from models.inventory.shelves import LEVELS, forecasts, gaps, shapes, shelves
from models.model import BACKTEST, RELIABILITY, Frames

PATHS = 300
LEAST_LOOKS, LEAST_RAN_OUT = 100, 5


def look_back(frames: Frames, seed: int) -> pl.DataFrame:
    """For each shelf and origin: the chance that would have been given for its lead time (four weeks at most), and whether it ran out."""
    from models import paths
    from models.inventory.simulate import futures

    hang, rows = shapes(frames), []
    looks = frames["marts.stock_lookbacks"].filter(pl.col("on_hand_qty") > 0)
    for (origin,), stock in looks.sort("origin_date").group_by("origin_date", maintain_order=True):
        said = frames["scores.demand_lookbacks"].filter(origin_date=origin)
        cells = forecasts(said)
        ran_out = {(sku, site): day for sku, site, day in stock.select("sku_id", "site_id", "ran_out_date").iter_rows()}
        for shelf in shelves(stock, frames["marts.purchase_lines"], gaps(frames), origin):
            cell = cells.get((shelf.sku_id, shelf.site_id))
            if cell is None or (shelf.sku_id, shelf.site_id) not in hang:
                continue
            out, _ = futures(
                cell[1], cell[0], LEVELS, hang[(shelf.sku_id, shelf.site_id)], shelf.on_hand,
                shelf.open_qty, shelf.due, shelf.late, paths.seed_of(seed, f"{shelf.sku_id}/{shelf.site_id}"), PATHS,
            )  # fmt: skip
            days = min(shelf.lead_days, len(out))
            day = ran_out[(shelf.sku_id, shelf.site_id)]
            came = int(day is not None and (day - origin).days <= days)
            rows.append((shelf.sku_id, shelf.site_id, origin, float(out[days - 1, 1]), came))
    names = {
        "sku_id": pl.String,
        "site_id": pl.String,
        "origin_date": pl.Date,
        "said_share": pl.Float64,
        "came": pl.Int64,
    }
    return pl.DataFrame(rows, schema=names, orient="row")


@dataclass(frozen=True)
class Standing:
    """How the chances did on the origins after the first, and the correction learnt from all of them."""

    model_error: float | None = None
    rival_error: float | None = None
    backtests: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BACKTEST))
    reliability: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RELIABILITY))
    calibrator: Callable[[np.ndarray], np.ndarray] | None = None


def standing(looked: pl.DataFrame, rival: str) -> Standing:
    """Each origin but the first judges a correction learnt on the ones before it; the last word has what all have taught."""
    from models import calibration

    if looked.height < LEAST_LOOKS or not LEAST_RAN_OUT <= looked["came"].sum() <= looked.height - LEAST_RAN_OUT:
        return Standing()
    learnt = calibration.beta(looked["said_share"].to_numpy(), looked["came"].to_numpy())
    judged = []
    for origin in looked["origin_date"].unique().sort()[1:]:
        before, asked = looked.filter(pl.col("origin_date") < origin), looked.filter(origin_date=origin)
        if before.height < LEAST_LOOKS or before["came"].n_unique() < 2:
            continue
        corrected = calibration.beta(before["said_share"].to_numpy(), before["came"].to_numpy())
        chance = pl.Series(corrected(asked["said_share"].to_numpy()))
        judged.append(
            asked.select("origin_date", "came", said=chance, base=pl.lit(before["came"].mean(), dtype=pl.Float64))
        )
    together = pl.concat(judged) if judged else looked.clear()
    if together["came"].n_unique() < 2:
        return Standing(calibrator=learnt)
    figures = together.select("said", "base", "came").cast(pl.Float64).to_numpy()
    said, base, came = figures.T
    return Standing(
        calibration.brier(said, came),
        calibration.brier(base, came),
        pl.concat([_measured(one, rival) for one in judged if one["came"].n_unique() == 2]),
        calibration.reliability(said, came).with_row_index("bin_no", 1).select(*RELIABILITY),
        learnt,
    )


def _measured(judged: pl.DataFrame, rival: str) -> pl.DataFrame:
    """The figures of one origin, of the model and its rival."""
    from models import calibration

    origin, came = judged["origin_date"][0], judged["came"].to_numpy()
    rows: list[tuple] = []
    for variant, name in (("model", "said"), (rival, "base")):
        chance = judged[name].to_numpy()
        rows.append((variant, "all", origin, "brier", calibration.brier(chance, came), came.size))
        rows.append((variant, "all", origin, "ece", calibration.expected_calibration_error(chance, came), came.size))
    rows.append(("model", "all", origin, "auc", calibration.auc(judged["said"].to_numpy(), came), came.size))
    return pl.DataFrame(rows, schema=BACKTEST, orient="row")
