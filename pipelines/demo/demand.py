"""What customers would take on a day if everything were in stock: lines drawn from season, trend, life, promotions, weather, shifts."""

from functools import lru_cache

import numpy as np

from pipelines.demo import weather, words
from pipelines.demo.clock import date_of, holidays, weekday
from pipelines.demo.network import Network, network
from pipelines.demo.plants import SHIFT, Plant, demand_factor

WEEKDAY = np.array([1.16, 1.05, 1.0, 0.98, 0.86, 0.10, 0.05])
HOLIDAY = 0.06
BLOCK_DAYS = 91
PROMOTED_SHARE = 0.10
DIP_DAYS = 7
WANDER_DAYS = 28


def wanted(net: Network, plants: tuple[Plant, ...], day: int) -> dict[str, np.ndarray]:
    """The lines of a day: where wanted, by whom, how much, and 64 bits of luck of their own (`key`).

    Each line's properties hang on its day, cell and count alone, so more demand in one cell leaves all other lines as they were.
    """
    shifts = tuple(plant for plant in plants if plant.kind == SHIFT)
    return dict(_wanted(net.size.name, net.dice.seed, shifts, day))


@lru_cache(maxsize=8)
def _wanted(size_name: str, seed: int, shifts: tuple[Plant, ...], day: int) -> dict[str, np.ndarray]:
    """Worlds that differ in other plants share their wishes, so these are drawn once a day."""
    net = network(size_name, seed)
    dice, goods, count = net.dice, net.goods, net.goods.count
    means = lines_expected(net, day)
    factor = demand_factor(shifts, day, net.cell_count)
    if factor is not None:
        means = means * factor
    lines = dice.poisson(means, "lines", day, np.arange(net.cell_count))
    busy = np.flatnonzero(lines)
    cell = np.repeat(busy, lines[busy])
    nth = np.arange(len(cell)) - np.repeat(np.cumsum(lines[busy]) - lines[busy], lines[busy])
    sku = cell % count
    size = goods.line_qty[sku] * np.exp(goods.line_spread[sku] * dice.normal("qty", day, cell, nth))
    step = np.select([goods.line_qty[sku] >= 60, goods.line_qty[sku] >= 15], [10, 5], 1)
    return {
        "cell": net.serves[cell],
        "sku": sku,
        "qty": np.maximum(step, np.round(size / step) * step).astype(np.int64),
        "customer": _buyers(net, day, cell // count, sku, dice.uniform("buyer", day, cell, nth)),
        "key": dice.bits("line", day, cell, nth).view(np.int64) if len(cell) else np.zeros(0, np.int64),
    }


def lines_expected(net: Network, day: int) -> np.ndarray:
    """Expected number of lines of each cell on a day, without any plant."""
    region_pull = weather.chill(net.dice, day, net.sites.count) / 5.0
    cold = np.array([row[7] for row in words.CATEGORIES])[net.goods.category]
    is_holiday = day in holidays(date_of(day).year)
    rate = slow_rates(net.size.name, net.dice.seed, day // 7).reshape(net.sites.count, -1)
    rate = rate * (WEEKDAY[weekday(day)] * (HOLIDAY if is_holiday else 1.0)) * np.exp(np.outer(region_pull, cold))
    for promotion in promotions_on(net, day):
        rate[promotion["sites"], promotion["sku"]] *= promotion["lift"]
    alive = (net.goods.launched <= day) & (day <= net.goods.discontinued)
    return (rate * alive).ravel()


@lru_cache(maxsize=4)
def slow_rates(size_name: str, seed: int, week: int) -> np.ndarray:
    """Lines expected on a neutral weekday of a week: share, growth, season, slow wandering of taste, launch and run-out."""
    net = network(size_name, seed)
    goods, dice, day = net.goods, net.dice, week * 7 + 3
    years = (day - net.size.first_day) / 365.25
    swing, peak = (np.array([row[i] for row in words.CATEGORIES])[goods.category] for i in (5, 6))
    season = 1.0 + swing * np.cos(2 * np.pi * (day % 365.25 - peak) / 365.25)
    ramp = 1.0 - 0.85 * np.exp(-np.maximum(day - goods.launched, 0) / 45.0)
    fade = np.exp(-np.maximum(day - (goods.discontinued - 180), 0) / 80.0)
    knot, part = day // WANDER_DAYS, day % WANDER_DAYS / WANDER_DAYS
    index = np.arange(goods.count)
    wander = 0.16 * ((1 - part) * dice.normal("wander", index, knot) + part * dice.normal("wander", index, knot + 1))
    mood = 0.06 * dice.normal("mood", np.arange(net.sites.count), week) + 0.04 * dice.normal("mood.all", week)
    by_sku = goods.line_rate * np.exp(goods.growth * years + wander) * season * ramp * fade
    return (net.share * by_sku * np.exp(mood)[:, None]).ravel()


@lru_cache(maxsize=8)
def promotions(size_name: str, seed: int, block: int) -> tuple[dict, ...]:
    """The promotions of a quarter: SKU, sites, first and last day, discount, and the lift of demand."""
    net = network(size_name, seed)
    index = np.arange(net.goods.count)
    chosen = np.flatnonzero(net.dice.uniform("promotion", block, index) < PROMOTED_SHARE)
    start = block * BLOCK_DAYS + net.dice.whole(0, 66, "promotion.start", block, chosen)
    length = net.dice.whole(7, 14, "promotion.length", block, chosen)
    discount = 0.05 * net.dice.whole(2, 5, "promotion.discount", block, chosen)
    everywhere = net.dice.uniform("promotion.where", block, chosen) < 0.6
    site = net.dice.whole(0, net.sites.count - 1, "promotion.site", block, chosen)
    return tuple(
        {
            "sku": int(chosen[i]),
            "sites": np.arange(net.sites.count) if everywhere[i] else site[i : i + 1],
            "is_everywhere": bool(everywhere[i]),
            "first": int(start[i]),
            "last": int(start[i] + length[i] - 1),
            "discount": float(np.round(discount[i], 2)),
        }
        for i in range(len(chosen))
        if net.goods.launched[chosen[i]] <= start[i] and start[i] + length[i] < net.goods.discontinued[chosen[i]]
    )


def promotions_on(net: Network, day: int) -> list[dict]:
    """Promotions that bend demand on a day: lifted while they run, somewhat lower in the week after."""
    bending = []
    for block in (day // BLOCK_DAYS - 1, day // BLOCK_DAYS):
        for promotion in promotions(net.size.name, net.dice.seed, block):
            if promotion["first"] <= day <= promotion["last"]:
                bending.append(promotion | {"lift": 1.0 + 6.0 * promotion["discount"], "runs": True})
            elif promotion["last"] < day <= promotion["last"] + DIP_DAYS:
                bending.append(promotion | {"lift": 0.8, "runs": False})
    return bending


def _buyers(net: Network, day: int, site: np.ndarray, sku: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Who wants each line: a customer of the site who is buying today, by liking for the product group."""
    buyers = net.customers
    here_today = net.dice.uniform("buys", day, np.arange(buyers.count)) < buyers.order_chance * (
        1.0 if weekday(day) < 5 else 0.25
    )
    chosen = np.zeros(len(site), dtype=np.int64)
    for place in np.unique(site):
        lines = np.flatnonzero(site == place)
        members = np.flatnonzero(buyers.site == place)
        pull = buyers.affinity[members] * np.where(here_today[members], 1.0, 1e-6)[:, None]
        reach = np.cumsum(pull, axis=0)
        reach /= reach[-1]
        groups = net.goods.category[sku[lines]]
        chosen[lines] = members[(luck[lines][None, :] > reach[:, groups]).sum(axis=0).clip(max=len(members) - 1)]
    return chosen
