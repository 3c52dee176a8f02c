"""What the model says and what it would have said before: the very steps that are published are the ones looked back on."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.demand import backtest
from models.demand.backtest import Outcome
from models.demand.blend import Blend, blended
from models.demand.covariates import Competed, competed
from models.demand.history import WEEK, History
from models.demand.levels import WAYS, way
from models.demand.newcomers import Shop, leaned
from models.model import BACKTEST, Asked, Frames

COVARIATES_SINCE = 2  # the version of the model


@dataclass(frozen=True)
class Judged:
    """What the model says, with what it would have said before.

    Attributes:
        blend: with the points of the SKUs at their sites before levels are made to agree.
        outcomes: look backs of what is published, levels agreed.
        way_name: how levels are made to agree.
        is_new: which series lean on alike SKUs.
        backtests: what was measured on the way there.
        because: in words.
    """

    blend: Blend
    outcomes: list[Outcome]
    way_name: str
    is_new: np.ndarray
    backtests: pl.DataFrame
    because: str


def judged(frames: Frames, past: History, series: list[np.ndarray], asked: Asked, *, horizon: int) -> Judged:
    """The blend, leaning on alike SKUs, moved by covariates and by the levels above, each only where that gains."""
    outcomes = [found for day in backtest.origins(asked.as_of) if (found := backtest.outcome(past, day))]
    blend = blended(series, season_length=WEEK, horizon=horizon)
    told = [backtest.lifting(past, outcomes[0])] if outcomes else []
    lives = frames["marts.selling_lives"].rename({"first_demand_date": "first_date", "last_sale_date": "last_date"})
    young = leaned(past, blend, outcomes, Shop(frames["core.demand_facts"], lives, frames["core.skus"]))
    blend, outcomes, because = young.blend, young.outcomes, [young.because]
    told.append(young.backtests)
    if asked.version >= COVARIATES_SINCE:
        moved = _competed(frames, past, outcomes, blend)
        blend, outcomes = replace(blend, points=moved.points), moved.spoken(outcomes)
        because, told = [moved.because, *because], [*told, moved.backtests]
    chosen = way(outcomes, frames["core.skus"].select("sku_id", "category_name"))
    told += [chosen.backtests, _unreconciled(outcomes) if chosen.name != WAYS[0] else pl.DataFrame(schema=BACKTEST)]
    return Judged(blend, chosen.outcomes, chosen.name, young.is_new, pl.concat(told), " ".join(filter(None, because)))


def _unreconciled(outcomes: list[Outcome]) -> pl.DataFrame:
    """What the look backs measure before levels are made to agree, so that the gain of that can be seen."""
    rows = [
        ("without reconciling", "all", found.origin, name, number, len(found.came))
        for found in outcomes
        for name, number in backtest.measures(found, "model", np.arange(len(found.came))).items()
    ]
    return pl.DataFrame(rows, schema=BACKTEST, orient="row")


def _competed(frames: Frames, past: History, outcomes: list[Outcome], blend: Blend) -> Competed:
    return competed(
        past, outcomes, blend, calendar=frames["core.calendar"], promotions=frames["core.promotions"],
        prices=frames["core.prices"], signals=frames["core.external_signals"], skus=frames["core.skus"],
        sites=frames["core.sites"], leads=frames["core.purchase_lines"],
    )  # fmt: skip
