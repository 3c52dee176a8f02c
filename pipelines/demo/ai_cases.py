"""What the demo company does with AI, case by case: orders that somebody types in, customers' questions, suppliers' documents.

This looks on at a world and changes nothing in it: with or without it the same goods move, and every other extract is the same.
"""

import numpy as np

from pipelines.demo import parties
from pipelines.demo.clock import is_working_day, moment, weekday
from pipelines.demo.network import Network
from pipelines.demo.world import World

ORDERS, QUESTIONS, SUMMARIES = range(3)
# The names that the use cases have in every log: those of the catalogue.
USE_CASES = ("UC3", "A5", "UC2")
TEAMS = ("order desk", "customer service", "procurement")
COLUMNS = ("day", "use", "number", "key", "order", "po", "site", "size", "channel", "at")
# Work was timed for sixteen weeks before anybody had help.
TIMED_DAYS = 112
SETTLING_DAYS = 91
WAVE_DAYS, NEVER_SITES = 28, 2
# Chance that an open order line is asked about on a working day: in time, and once it is late; after some days all has been said.
ASKS, ASKS_WHEN_LATE, ASKED_DAYS = 0.038, 0.08, 8
DOCUMENT_SHARE, BOUGHT_WITHIN = 0.57, 7


def first_day(net: Network) -> int:
    """The Monday on which the company begins to work with AI; after the last day where it never does."""
    size = net.size
    if not size.ai_days:
        return 1 << 30
    day = max(size.default_last + 1 - size.ai_days, size.first_day + SETTLING_DAYS)
    return day + (7 - weekday(day)) % 7


def timed_from(net: Network) -> int:
    """The day from which on work is timed, with help or without."""
    return max(first_day(net) - TIMED_DAYS, net.size.first_day)


def is_staggered(net: Network) -> bool:
    """Whether help with orders comes site by site; in a company of few sites it is given at random instead."""
    return net.sites.count > 2 * NEVER_SITES


def site_starts(net: Network) -> np.ndarray:
    """The day on which each site gets help with its orders, one every four weeks; the last two never get it within the history."""
    turn = np.argsort(np.argsort(net.dice.uniform("ai.wave", np.arange(net.sites.count)), kind="stable"))
    starts = first_day(net) + WAVE_DAYS * turn
    return np.where(is_staggered(net) & (turn >= net.sites.count - NEVER_SITES), 1 << 30, starts)


def observe(world: World) -> None:
    """Note the day's cases, in a world that keeps a log."""
    if world.log is None or world.day < timed_from(world.net) or not is_working_day(world.day):
        return
    for use, found in ((ORDERS, _orders(world)), (QUESTIONS, _questions(world)), (SUMMARIES, _summaries(world))):
        count = len(found["key"])
        if count:
            number = world.next_numbers("ai_case", count)
            world.log.add("ai_cases", day=np.full(count, world.day), use=use, number=number, **found)


def cases(world: World, since: int) -> dict[str, np.ndarray]:
    """All cases after a day in the order in which they were noted."""
    table = world.log.table("ai_cases") if world.log is not None else None
    if table is None:
        return {name: np.zeros(0, dtype=np.int64) for name in COLUMNS}
    later = table["day"] > since
    return {name: table[name][later] for name in COLUMNS}


def _orders(world: World) -> dict[str, np.ndarray]:
    """Today's orders that came by mail or telephone: somebody has to type them in."""
    orders = world.tables["orders"]
    rows = np.flatnonzero((orders["ordered_at"] // 86_400 == world.day) & (orders["channel"] >= parties.MAIL))
    return {
        "key": orders["key"][rows],
        "order": orders["id"][rows],
        "po": np.zeros(len(rows), dtype=np.int64),
        "site": world.net.customers.site[orders["customer"][rows]],
        "size": orders["lines"][rows],
        "channel": orders["channel"][rows],
        "at": orders["ordered_at"][rows],
    }


def _questions(world: World) -> dict[str, np.ndarray]:
    """What customers ask today about orders of an earlier day that have not come in full; one question an order."""
    lines, day, dice = world.tables["lines"], world.day, world.net.dice
    is_open = (lines["shipped"] + lines["cancelled"] < lines["qty"]) | (lines["travelling"] > 0)
    chance = np.where(day > lines["requested"], ASKS_WHEN_LATE, ASKS)
    age = day - lines["ordered_at"] // 86_400
    is_asked_of = is_open & (age > 0) & (age <= ASKED_DAYS)
    asks = np.flatnonzero(is_asked_of & (dice.uniform("ai.asks", lines["key"], day) < chance))
    _, first = np.unique(lines["order"][asks], return_index=True)
    rows = asks[first]
    key = dice.bits("ai.question", lines["key"][rows], day).view(np.int64)
    return {
        "key": key,
        "order": lines["order"][rows],
        "po": np.zeros(len(rows), dtype=np.int64),
        "site": world.net.customers.site[lines["customer"][rows]],
        "size": np.ones(len(rows), dtype=np.int64),
        "channel": np.full(len(rows), parties.WEB),
        "at": moment(day, 485 + 500 * dice.uniform("ai.asks.when", key)),
    }


def _summaries(world: World) -> dict[str, np.ndarray]:
    """A supplier's document of a fresh purchase order, on a little more than every other day; none before there was help."""
    bought, day, dice = world.tables["purchases"], world.day, world.net.dice
    fresh = np.flatnonzero(bought["ordered_day"] > day - BOUGHT_WITHIN)
    if day < first_day(world.net) or dice.uniform("ai.document", day) >= DOCUMENT_SHARE:
        fresh = fresh[:0]
    rows = fresh[[int(dice.uniform("ai.document.of", day) * len(fresh))]] if len(fresh) else fresh
    return {
        "key": np.full(len(rows), int(dice.bits("ai.document.key", day)) >> 1, dtype=np.int64),
        "order": np.zeros(len(rows), dtype=np.int64),
        "po": bought["po"][rows],
        "site": bought["cell"][rows] // world.net.goods.count,
        "size": dice.whole(8, 24, "ai.document.pages", np.full(len(rows), day)),
        "channel": np.full(len(rows), parties.MAIL),
        "at": moment(np.full(len(rows), day), 560.0 + 300.0 * dice.uniform("ai.document.when", day)),
    }
