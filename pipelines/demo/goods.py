"""What the demo company sells and where it buys it: articles with their demand class and life, suppliers, terms and prices."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from pipelines.demo import words
from pipelines.demo.clock import day_number
from pipelines.demo.dice import Dice
from pipelines.demo.scale import Size

NEW_YEAR = day_number(date(2026, 1, 1))
PRICE_RISE, COST_RISE = 1.03, 1.02
NEVER = day_number(date(2100, 1, 1))
SMOOTH, ERRATIC, INTERMITTENT, LUMPY = range(4)
CLASS_NAMES = ("smooth", "erratic", "intermittent", "lumpy")
LINE_SPREAD = np.array([0.35, 0.95, 0.45, 1.10])
PACKS = np.array([1, 2, 5, 6, 10, 12, 20, 24, 25, 50, 100, 200, 500])


@dataclass(frozen=True)
class Goods:
    """All articles, as one array a property; the position in the arrays is the article."""

    code: np.ndarray
    name: np.ndarray
    category: np.ndarray
    demand_class: np.ndarray
    line_rate: np.ndarray
    line_qty: np.ndarray
    line_spread: np.ndarray
    growth: np.ndarray
    cost: np.ndarray
    price: np.ndarray
    weight: np.ndarray
    pack: np.ndarray
    minimum_order: np.ndarray
    supplier: np.ndarray
    launched: np.ndarray
    discontinued: np.ndarray
    substitute_of: np.ndarray

    @property
    def count(self) -> int:
        """How many articles there are."""
        return len(self.code)

    def cost_on(self, day: int) -> np.ndarray:
        """Cost of one unit on a day: suppliers raised their prices at New Year 2026."""
        return np.round(self.cost * (COST_RISE if day >= NEW_YEAR else 1.0), 4)

    def price_on(self, day: int) -> np.ndarray:
        """List price of one unit on a day."""
        return np.round(self.price * (PRICE_RISE if day >= NEW_YEAR else 1.0), 2)


@dataclass(frozen=True)
class Suppliers:
    """All suppliers with the behaviour that makes their deliveries late or short."""

    code: np.ndarray
    name: np.ndarray
    country: np.ndarray
    promised_days: np.ndarray
    stretch: np.ndarray
    spread: np.ndarray
    short_share: np.ndarray
    reject_share: np.ndarray
    order_weekday: np.ndarray


def suppliers(size: Size, dice: Dice) -> Suppliers:
    """The suppliers of a world: near ones fast, far ones slow, each with its own reliability."""
    index = np.arange(size.supplier_count)
    country = np.array(words.SUPPLIER_COUNTRIES)[index % len(words.SUPPLIER_COUNTRIES)]
    distance = np.select([np.isin(country, ["CN", "TR"]), np.isin(country, ["DE", "AT"])], [24, 4], 9)
    names = [
        words.SUPPLIERS[i % len(words.SUPPLIERS)]
        + ("" if i < len(words.SUPPLIERS) else f" {1 + i // len(words.SUPPLIERS)}")
        for i in index
    ]
    return Suppliers(
        code=np.array([f"V{1001 + i}" for i in index]),
        name=np.array(names),
        country=country,
        promised_days=distance + dice.whole(0, 5, "supplier.promise", index),
        stretch=-0.15 + 0.20 * dice.uniform("supplier.stretch", index) ** 2,
        spread=0.08 + 0.17 * dice.uniform("supplier.spread", index),
        short_share=0.02 + 0.08 * dice.uniform("supplier.short", index),
        reject_share=0.002 + 0.012 * dice.uniform("supplier.reject", index),
        order_weekday=index % 5,
    )


def goods(size: Size, dice: Dice) -> Goods:
    """The articles of a world; demand falls off by rank as it does in trade: a few sell daily, most sell now and then."""
    index = np.arange(size.sku_count)
    rank = np.empty(size.sku_count, dtype=np.int64)
    rank[np.argsort(dice.uniform("sku.rank", index))] = index
    fast = rank < 0.4 * size.sku_count
    wild = dice.uniform("sku.class", index) < np.where(fast, 0.30, 0.42)
    demand_class = np.select([fast & ~wild, fast & wild, ~fast & ~wild], [SMOOTH, ERRATIC, INTERMITTENT], LUMPY)
    weight_of_rank = (rank + 2.0) ** -0.85
    category = dice.whole(0, len(words.CATEGORIES) - 1, "sku.category", index)
    table = np.array([row[2:5] for row in words.CATEGORIES])[category]
    cost = np.round(table[:, 0] * np.exp(0.55 * dice.normal("sku.cost", index)), 2).clip(0.05)
    line_qty = (table[:, 1] * np.exp(0.35 * dice.normal("sku.qty", index))).clip(1.0)
    pack = PACKS[np.abs(np.log(PACKS)[None, :] - np.log(line_qty * 1.5)[:, None]).argmin(axis=1)]
    launched, discontinued, substitute_of = _lives(size, dice, index, category)
    return Goods(
        code=np.array([f"A{100_000 + 7 * i}" for i in index]),
        name=_names(dice, index, category),
        category=category,
        demand_class=demand_class,
        line_rate=size.lines_per_workday * weight_of_rank / weight_of_rank.sum(),
        line_qty=line_qty,
        line_spread=LINE_SPREAD[demand_class],
        # A few articles are on the rise; they double in a year.
        growth=0.02
        + 0.16 * dice.normal("sku.growth", index)
        + np.where(dice.uniform("sku.rises", index) < 0.07, 0.75, 0.0),
        cost=cost,
        price=np.round(cost * (1.30 + 0.65 * dice.uniform("sku.markup", index)), 2),
        weight=np.round(table[:, 2] * np.exp(0.3 * dice.normal("sku.weight", index)), 3).clip(0.005),
        pack=pack,
        minimum_order=pack * np.array([1, 2, 4])[dice.whole(0, 2, "sku.minimum", index)],
        supplier=_makers(size, dice, index, category),
        launched=launched,
        discontinued=discontinued,
        substitute_of=substitute_of,
    )


def _names(dice: Dice, index: np.ndarray, category: np.ndarray) -> np.ndarray:
    models = dice.whole(10, 99, "sku.model", index)
    picks = dice.whole(0, 4, "sku.word", index)
    return np.array(
        [f"{words.CATEGORIES[c][1][p]} {m}-{i:03d}" for i, c, p, m in zip(index, category, picks, models, strict=True)]
    )


def _makers(size: Size, dice: Dice, index: np.ndarray, category: np.ndarray) -> np.ndarray:
    groups = len(words.CATEGORIES)
    makers_of_group = (size.supplier_count - 1 - category % size.supplier_count) // groups + 1
    return (
        category + groups * np.floor(dice.uniform("sku.supplier", index) * makers_of_group).astype(np.int64)
    ) % size.supplier_count


def _lives(
    size: Size, dice: Dice, index: np.ndarray, category: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First and last selling days, and which new article follows which dying one."""
    span = size.history_end - size.first_day
    stage = dice.uniform("sku.stage", index)
    launched = size.first_day - dice.whole(200, 3_000, "sku.launched", index)
    is_new, is_dying = stage < 0.08, stage > 0.93
    launched[is_new] = size.first_day + 60 + (dice.uniform("sku.new", index[is_new]) * (span - 120)).astype(np.int64)
    discontinued = np.full(size.sku_count, NEVER)
    discontinued[is_dying] = (
        size.first_day + 120 + (dice.uniform("sku.end", index[is_dying]) * (span + 60)).astype(np.int64)
    )
    substitute_of = np.full(size.sku_count, -1)
    for new in index[is_new]:
        free = [old for old in index[is_dying] if category[old] == category[new] and old not in substitute_of]
        if free:
            substitute_of[new] = free[0]
            launched[new] = min(max(discontinued[free[0]] - 90, size.first_day + 60), size.history_end - 60)
    return launched, discontinued, substitute_of
