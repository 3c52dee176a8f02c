"""Who can spare what and who will miss what: every shelf played through, units valued, and each given one role."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.inventory.lanes import Lane, fed_later
from models.inventory.shelves import LEVELS, Shelf, forecasts, gaps, shapes, shelves
from models.model import Asked, Frames

Vector = np.ndarray
Cell = tuple[str, str]
PATHS = 300
LEAST_NEED, LEAST_SPARE = 0.05, 0.5  # chance that one unit is needed, or can be spared: less is not worth a look


@dataclass(frozen=True)
class Outlook:
    """One shelf in many futures: units that it would need more (if moved goods came), and that it could spare."""

    shelf: Shelf
    free: float
    need: Vector
    spare: Vector
    worth: float
    unit_cost: float | None
    weight: float


def outlooks(frames: Frames, asked: Asked, ways: dict[Cell, Lane]) -> dict[Cell, Outlook]:
    """Every shelf with a forecast, played through until something ordered today could come."""
    from models import paths
    from models.inventory.needs import played

    assumed = dict(frames["raw.assumptions"].iter_rows())
    hang, cells = shapes(frames), forecasts(frames["scores.demand_forecasts"])
    promised = {(sku, site): float(qty) for sku, site, qty in _promised(frames).iter_rows()}
    money = {(sku, site): (margin, paid) for sku, site, margin, paid in frames["marts.sku_margins"].iter_rows()}
    goods = {sku: (cost, weight) for sku, cost, weight in frames["core.skus"].iter_rows()}
    arrives = {end: min(way.days for (_, to), way in ways.items() if to == end) for _, end in ways}
    stock = frames["marts.stock_now"].filter(pl.col("is_on_sale"))
    found = {}
    known_shelves = shelves(stock, frames["marts.purchase_lines"], gaps(frames), asked.as_of)
    for shelf in fed_later(known_shelves, gaps(frames), promised):
        cell = (shelf.sku_id, shelf.site_id)
        known = cells.get(cell)
        if known is None or shelf.site_id not in arrives:
            continue
        means, bands, start = known
        gone = (asked.as_of - start).days
        free = shelf.on_hand - promised.get(cell, 0.0)
        seed = paths.seed_of(asked.seed, f"{shelf.sku_id}/{shelf.site_id}/transfer")
        need, spare = played(
            bands[: shelf.lead_days], means[: shelf.lead_days], LEVELS, hang[cell], free, shelf.open_qty,
            shelf.due + gone, shelf.late, arrives[shelf.site_id], seed, PATHS,
        )  # fmt: skip
        cost, weight = goods.get(shelf.sku_id, (None, None))
        worth = _worth(money.get(cell), assumed, shelf.lead_days)
        found[cell] = Outlook(
            shelf, free, need, spare, worth, None if cost is None else float(cost), float(weight or 0)
        )
    return found


def _promised(frames: Frames) -> pl.DataFrame:
    """What open order lines still want, by shelf."""
    return (
        frames["marts.order_lines"]
        .filter(pl.col("open_qty") > 0)
        .group_by("sku_id", "site_id")
        .agg(pl.col("open_qty").sum())
    )


def _worth(money: tuple | None, assumed: dict[str, float], lead_days: int) -> float:
    """What a unit that is missed costs: its margin where the customer does not wait, and half a lead time of waiting where he does."""
    if money is None or money[0] is None:
        return 0.0
    lost = assumed["lost_sale_share"]
    waiting = float(money[1] or 0) * assumed["waiting_cost_share_per_day"] * lead_days / 2
    return max(float(money[0]) * lost + waiting * (1 - lost), 0.0)


def roles(seen: dict[Cell, Outlook]) -> tuple[list[Cell], dict[str, list[Cell]]]:
    """Shelves that may miss something, and by SKU those that can spare something; none is both.

    A shelf that could be either gives where another one is at least twice as likely to miss something.
    """
    short = {cell: float(np.mean(look.need >= 1)) for cell, look in seen.items()}
    worst: dict[str, float] = {}
    for (sku, _), chance in short.items():
        worst[sku] = max(worst.get(sku, 0.0), chance)
    takers: list[Cell] = []
    givers: dict[str, list[Cell]] = {}
    for cell, look in seen.items():
        can_give = look.free >= 1 and np.mean(look.spare >= 1) >= LEAST_SPARE
        if can_give and (short[cell] < LEAST_NEED or short[cell] < worst[cell[0]] / 2):
            givers.setdefault(cell[0], []).append(cell)
        elif look.worth > 0 and short[cell] >= LEAST_NEED:
            takers.append(cell)
    return takers, givers
