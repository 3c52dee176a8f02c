"""How reorder points would have done: set twelve, eight and four weeks ago, and held against what was then asked for.

Levels read only what was known then; margins, costs and classes, which weigh but do not foretell, are those of today.
"""

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from models.inventory.order_inputs import OWN_WEEKS, Line, book, lines
from models.inventory.order_quantity import YEAR_DAYS, Quantity, cycle_days, quantity
from models.model import BACKTEST, Frames

# By how much less the levels of another law must have cost before it speaks.
SURELY = 0.02
MOST_SKUS, LEAST_ROWS, PATHS_TRIED = 400, 100, 200
Came = Mapping[tuple[str, str], np.ndarray]


@dataclass(frozen=True)
class Tried:
    """What a missed level cost by item and look, of the model and of the normal formula; None where nothing can be measured."""

    model_error: float | None = None
    rival_error: float | None = None
    row_count: int = 0
    backtests: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BACKTEST))


def best(frames: Frames, *, as_of: dt.date, seed: int, rival: str, laws: Sequence[str]) -> tuple[str, Tried]:
    """Whose levels cost least at the looks, and how they did: the first law's, unless another's are surely better."""
    tried = {law: trial(frames, as_of=as_of, seed=seed, rival=rival, law=law) for law in laws}
    usual, *others = laws
    ours = tried[usual].model_error
    known = {law: error for law in others if (error := tried[law].model_error) is not None}
    law = min(known, key=known.__getitem__, default=usual)
    if ours is None or known.get(law, ours) >= (1 - SURELY) * ours:
        law = usual
    return law, tried[law]


def trial(frames: Frames, *, as_of: dt.date, seed: int, rival: str, law: str = OWN_WEEKS) -> Tried:
    """What both rules' levels cost at each look: keeping what was left for a cycle, and what the order could have saved.

    A look counts where the order's days had passed by the as-of day. On large companies a fixed part of the SKUs is tried.
    """
    looks = frames["marts.stock_lookbacks"]
    skus = sorted(looks["sku_id"].unique().to_list(), key=lambda sku: (zlib.crc32(sku.encode()), sku))[:MOST_SKUS]
    looks = looks.filter(pl.col("sku_id").is_in(skus))
    facts = frames["core.demand_facts"].filter(pl.col("sku_id").is_in(skus))
    judged: list[tuple] = []
    for origin in looks["origin_date"].unique().sort().to_list():
        known = book(
            frames, today=origin, stock=looks.filter(origin_date=origin), seed=seed, is_rival=False, law=law,
            count=PATHS_TRIED,
            forecast=frames["scores.demand_lookbacks"].filter(pl.col("sku_id").is_in(skus), origin_date=origin),
        )  # fmt: skip
        found = lines(known)
        came = _came(facts, origin, as_of)
        took = _took(frames["marts.purchase_lines"], origin, as_of)
        for line in found:
            row = _judged(line, quantity(line.inputs), came, took, (as_of - origin).days)
            if row is not None:
                judged.append((origin, *row))
    if len(judged) < LEAST_ROWS:
        return Tried(row_count=len(judged))
    table = np.array([row[1:] for row in judged])
    return Tried(float(table[:, 0].mean()), float(table[:, 1].mean()), len(judged), _told(judged, rival))


def _judged(line: Line, told: Quantity, came: Came, took: Mapping[str, float], days: int) -> tuple | None:
    """Cost of the model's and of the formula's level, and whether each covered what came; None where it cannot be said yet."""
    inputs = line.inputs
    if inputs.short_amount is None or inputs.unit_cost is None:
        return None
    lead = took.get(line.supplier_id or "", float(np.mean(inputs.lead_days)))
    arrival = round(inputs.wait_days + lead)
    end = round(arrival + inputs.review_days)
    if end > days or end <= 0:
        return None
    nothing = np.zeros(days + 1)
    whole = sum((came.get((line.sku_id, site), nothing) for site in (line.site_id, *line.fed_sites)), nothing)
    before, asked = float(whole[arrival]), float(whole[end])
    keep = inputs.holding_share * inputs.unit_cost * cycle_days(inputs, told.futures, told.lot_qty) / YEAR_DAYS
    levels = (told.reorder_point_qty, told.normal_reorder_point_qty)
    costs = [
        keep * max(level - asked, 0) + inputs.short_amount * (max(asked - level, 0) - max(before - level, 0))
        for level in levels
    ]
    return (*costs, *(float(asked <= level) for level in levels))


def _came(facts: pl.DataFrame, origin: dt.date, as_of: dt.date) -> Came:
    """Demand so far by day after the origin, 0 at the origin, by SKU and site."""
    days = (as_of - origin).days
    found: dict[tuple[str, str], np.ndarray] = {}
    since = facts.filter(pl.col("demand_date") > origin, pl.col("demand_date") <= as_of)
    for sku, site, day, qty in since.select("sku_id", "site_id", "demand_date", "demand_qty").iter_rows():
        found.setdefault((sku, site), np.zeros(days + 1))[(day - origin).days] += float(qty)
    return {key: np.cumsum(one) for key, one in found.items()}


def _took(bought: pl.DataFrame, origin: dt.date, as_of: dt.date) -> dict[str, float]:
    """How long lines really took that were ordered in the four weeks after the origin: the median of each supplier."""
    after = bought.filter(
        pl.col("ordered_date") > origin,
        pl.col("ordered_date") <= origin + dt.timedelta(days=28),
        pl.col("last_received_date") <= as_of,
        pl.col("last_received_date") >= pl.col("ordered_date"),
    ).with_columns(took=(pl.col("last_received_date") - pl.col("ordered_date")).dt.total_days().cast(pl.Float64))
    return dict(after.group_by("supplier_id").agg(pl.col("took").median()).iter_rows())


def _told(judged: list[tuple], rival: str) -> pl.DataFrame:
    rows = []
    for origin in sorted({row[0] for row in judged}):
        table = np.array([row[1:] for row in judged if row[0] == origin])
        for place, variant in enumerate(("model", rival)):
            rows.append((variant, "all", origin, COST, float(table[:, place].mean()), len(table)))
            rows.append((variant, "all", origin, "cycle service", float(table[:, 2 + place].mean()), len(table)))
    return pl.DataFrame(rows, schema=BACKTEST, orient="row")


COST = "cost of stock and shortage"
