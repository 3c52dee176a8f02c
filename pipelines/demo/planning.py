"""Three planners who change what their system proposes: one knows what is coming, one always raises, one scribbles.

What they do hangs on the day and on their own dice alone, and nobody acts on it, so the rest of the world is as it was without them.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from pipelines.demo.clock import date_of, weekday
from pipelines.demo.columns import dates
from pipelines.demo.demand import BLOCK_DAYS, promotions, promotions_on, wanted
from pipelines.demo.network import Network, network
from pipelines.demo.plants import SHIFT, Plant
from pipelines.demo.world import World

WEEK, SEEN_DAYS, PLANNED_DAYS = 7, 28, 182
AHEAD_DAYS = 4  # decided on Thursday for the week that begins on Monday
SKUS_AT_LEAST, SKUS_AT_MOST = 8, 60
KNOWS, RAISES, SCRIBBLES = range(3)


@dataclass(frozen=True)
class Planner:
    """A planner, what is planted in them, and what a detector should say of their changes."""

    name: str
    kind: str
    says: str


PLANNERS = (
    Planner("K.Lindqvist", "planner_who_helps", "Changes by K.Lindqvist help: they follow promotions and news from customers."),
    Planner("D.Sommer", "planner_who_hurts", "Changes by D.Sommer hurt: they raise every proposal by half."),
    Planner("J.Wagner", "planner_without_effect", "Changes by J.Wagner have no effect: they are tossed by a coin."),
)  # fmt: skip
# Reasons that they give, of which the one who knows means what it says.
REASONS = (("PROMO", "CUSTOMER NEWS"), ("SAFETY", "SALES TARGET"), ("FEELING", "MARKET VIEW"))


def plans(world: World, since: int) -> pl.DataFrame:
    """The plans of the three that were decided after a day, by SKU, site and week."""
    rows = decided(world, since)
    net = world.net
    site, sku = rows["cell"] // net.goods.count, rows["cell"] % net.goods.count
    reason = pl.Series(
        [REASONS[who][why] if why >= 0 else None for who, why in zip(rows["who"], rows["why"], strict=True)],
        dtype=pl.String,
    )
    return pl.DataFrame(
        {
            "sku_id": pl.Series(net.goods.code[sku].astype(str), dtype=pl.String),
            "site_id": pl.Series(net.sites.code[site].astype(str), dtype=pl.String),
            "plan_starts_date": dates(rows["monday"]),
            "plan_bucket_code": pl.Series(["Week"] * len(sku), dtype=pl.String),
            "statistical_qty": pl.Series(rows["proposal"], dtype=pl.Float64),
            "planned_qty": pl.Series(rows["planned"], dtype=pl.Float64),
            "made_date": dates(rows["monday"] - AHEAD_DAYS),
            "planner_name": pl.Series([PLANNERS[who].name for who in rows["who"]], dtype=pl.String),
            "reason_code": reason,
        }
    )


def truths(world: World) -> list[tuple]:
    """A row of the truth for each planner: the money is what their changes cost in error of the weeks that are over, negative if saved."""
    net = world.net
    rows = decided(world, net.size.first_day - 1)
    if not len(rows["cell"]):
        return []
    over = rows["monday"] + WEEK - 1 <= world.day
    cost = np.abs(rows["planned"] - rows["came"]) - np.abs(rows["proposal"] - rows["came"])
    worth = cost * net.goods.price[rows["cell"] % net.goods.count] * over
    first = int(rows["monday"].min()) - AHEAD_DAYS
    return [
        ("", one.kind, "planner", one.name, date_of(first), None, round(float(worth[rows["who"] == who].sum()), 2), one.says)
        for who, one in enumerate(PLANNERS)
    ]  # fmt: skip


def decided(world: World, since: int) -> dict[str, np.ndarray]:
    """The plans decided after a day: cell, Monday, whose, why (-1: left as proposed), the proposal, the plan, and what will be wanted."""
    size = world.net.size
    first = max(since + 1, size.first_day + SEEN_DAYS, size.history_end - PLANNED_DAYS)
    thursdays = [day for day in range(first, world.day + 1) if weekday(day) == WEEK - AHEAD_DAYS]
    shifts = tuple(plant for plant in world.plants if plant.kind == SHIFT)
    weeks = [_week(size.name, world.net.dice.seed, shifts, day + AHEAD_DAYS) for day in thursdays]
    names = ("cell", "monday", "who", "why", "proposal", "planned", "came")
    return {name: np.concatenate([np.zeros(0, np.int64), *(week[name] for week in weeks)]) for name in names}


@lru_cache(maxsize=64)
def _week(size_name: str, seed: int, shifts: tuple[Plant, ...], monday: int) -> dict[str, np.ndarray]:
    """What the system proposes for a week (the mean of four weeks) and what becomes of it."""
    net = network(size_name, seed)
    cell, who = _assortment(size_name, seed)
    made = monday - AHEAD_DAYS
    seen_qty = np.sum([_sold(size_name, seed, shifts, made - 1 - back) for back in range(SEEN_DAYS)], axis=0)
    came = np.sum([_sold(size_name, seed, shifts, monday + day) for day in range(WEEK)], axis=0)
    proposal = np.round(seen_qty * WEEK / SEEN_DAYS, 1)
    lift = _lift(net, range(monday, monday + WEEK))[cell] / _lift(net, range(made - SEEN_DAYS, made))[cell]
    dice, luck = net.dice, net.dice.uniform("plan.does", monday, cell)
    noise = dice.normal("plan.noise", monday, cell)
    is_promoted = np.abs(lift - 1) > 0.1
    has_news = ~is_promoted & (np.abs(came - proposal) > 0.4 * proposal) & (luck < 0.3)
    knows = np.where(is_promoted, proposal * (1 + 0.9 * (lift - 1)), proposal + (0.6 + 0.1 * noise) * (came - proposal))
    raises = proposal * (1.45 + 0.15 * noise)
    scribbles = proposal * (1 + 0.15 * noise)
    changes = np.select([who == KNOWS, who == RAISES], [is_promoted | has_news, luck < 2], luck < 0.7)
    planned = np.select([who == KNOWS, who == RAISES], [knows, raises], scribbles)
    planned = np.where(changes, np.maximum(np.round(planned, 1), 0.0), proposal)
    why = np.where(who == KNOWS, np.where(is_promoted, 0, 1), dice.whole(0, 1, "plan.reason", monday, cell))
    return {
        "cell": cell, "monday": np.full(len(cell), monday), "who": who, "why": np.where(planned != proposal, why, -1),
        "proposal": proposal, "planned": planned, "came": came,
    }  # fmt: skip


@lru_cache(maxsize=4)
def _assortment(size_name: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The cells that are planned, in order, and by whom: each has a third of the categories and plans the best SKUs of them.

    The one who knows has been given those that are promoted.
    """
    net = network(size_name, seed)
    goods = net.goods
    worth = net.usual_qty.reshape(net.sites.count, -1).sum(axis=0) * goods.price
    worth = np.where((goods.launched < net.size.first_day) & (goods.discontinued > net.size.default_last), worth, 0.0)
    blocks = range((net.size.history_end - SEEN_DAYS) // BLOCK_DAYS - 1, net.size.default_last // BLOCK_DAYS + 1)
    is_promoted = np.isin(np.arange(goods.count), [p["sku"] for b in blocks for p in promotions(size_name, seed, b)])
    count = min(SKUS_AT_MOST, max(SKUS_AT_LEAST, goods.count // 8))
    whose = np.full(goods.count, -1)
    for who in range(len(PLANNERS)):
        mine = np.where(goods.category % len(PLANNERS) == who, worth, 0.0) * np.where(
            is_promoted & (who == KNOWS), 9.0, 1.0
        )
        best = np.argsort(-mine, kind="stable")[:count]
        whose[best[mine[best] > 0]] = who
    cell = np.flatnonzero(net.is_stocked & (whose[net.cell_sku] >= 0))
    return cell, whose[cell % goods.count]


@lru_cache(maxsize=400)
def _sold(size_name: str, seed: int, shifts: tuple[Plant, ...], day: int) -> np.ndarray:
    """What is wanted on a day in the cells that are planned."""
    net = network(size_name, seed)
    lines = wanted(net, shifts, day)
    return np.bincount(lines["cell"], lines["qty"], minlength=net.cell_count)[_assortment(size_name, seed)[0]]


def _lift(net: Network, days: range) -> np.ndarray:
    """By how much promotions bend the demand of each cell on average over days."""
    lift = np.zeros((net.sites.count, net.goods.count))
    for day in days:
        today = np.ones_like(lift)
        for promotion in promotions_on(net, day):
            today[promotion["sites"], promotion["sku"]] *= promotion["lift"]
        lift += today / len(days)
    return lift.ravel()
