"""Who decides at the demo company: buyers who change what the system suggests, agents, approvers; and what is planted in them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipelines.demo.demand import wanted
from pipelines.demo.goods import SMOOTH
from pipelines.demo.network import Network, network
from pipelines.demo.plants import (
    DEMOTED,
    EXCESS,
    HELPS,
    HURTS,
    NO_EFFECT,
    SHIFT,
    SLIP,
    SUPPLIER,
    TOO_LOW,
    TOO_OLD,
    Plant,
)

KNOWS, RAISES, SCRIBBLES, PROCUREMENT, INVENTORY, ORDERS, FOLLOW_UP = range(7)
DEGRADES_DAYS = 118
MOST_SHELVES = 320


@dataclass(frozen=True)
class Hand:
    """Somebody who proposes: a person or an agent, which part of the SKUs is theirs to buy, and what is planted in them."""

    who: str
    is_agent: bool
    share: float
    kind: str
    says: str


HANDS = (
    Hand("K.Lindqvist", False, 0.28, HELPS, "Overrides by K.Lindqvist help: they know of coming demand and of suppliers in trouble."),
    Hand("D.Sommer", False, 0.34, HURTS, "Overrides by D.Sommer hurt: always half as much again."),
    Hand("J.Wagner", False, 0.20, NO_EFFECT, "Overrides by J.Wagner have no effect: they are tossed by a coin."),
    Hand("procurement-agent", True, 0.22, "agent_deserves_promotion", "The procurement agent's purchases are right: level 3 is earned."),
    Hand("inventory-agent", True, 0.0, DEMOTED, "Since this day the inventory agent moves stock to where nobody needs it: down with it."),
    Hand("order-agent", True, 0.0, "", ""),
    Hand("follow-up-agent", True, 0.0, "", ""),
)  # fmt: skip
APPROVERS = ("M.Okafor", "T.Brandt")
# Why a person changed a quantity; the one who knows means what it says.
REASONS = (
    (
        ("COMING DEMAND", "A customer told us of it, or a promotion runs."),
        ("SUPPLIER TROUBLE", "They deliver late and short just now."),
        ("TOO MUCH", "Demand has fallen off."),
    ),
    (("SAFETY", "Better safe than sorry."), ("SALES TARGET", "Sales plans to grow.")),
    (("FEELING", "It looks wrong."), ("MARKET VIEW", "My view of the market.")),
)  # fmt: skip
DECLINED = (("NOT URGENT", "The shelf lasts another week."), ("BUDGET", "The month's budget is spent."))


def first_day(net: Network) -> int:
    """The day from which on decisions are kept; after the last one where none are."""
    size = net.size
    return size.default_last + 1 - size.decides_days if size.decides_days else 1 << 30


def planted_hands(net: Network, first_number: int) -> tuple[Plant, ...]:
    """What is planted in people and agents, each a world of its own without it: they then take what is suggested."""
    if not net.size.decides_days:
        return ()
    since = {DEMOTED: net.size.default_last - DEGRADES_DAYS}
    moved = [number for number, hand in enumerate(HANDS) if hand.kind in (HELPS, HURTS, NO_EFFECT, DEMOTED)]
    return tuple(
        Plant(
            f"P{first_number + turn:02d}",
            HANDS[number].kind,
            "agent" if HANDS[number].is_agent else "person",
            (HANDS[number].who,),
            since.get(HANDS[number].kind, first_day(net)),
            None,
            1.0,
            np.array([number]),
            HANDS[number].says,
        )
        for turn, number in enumerate(moved)
    )


@lru_cache(maxsize=4)
def owners(size_name: str, seed: int) -> np.ndarray:
    """Whose each SKU is to buy, each hand its share of them; -1 where a large company decides elsewhere.

    The one who knows has been given what is hardest to plan: where demand or supply is about to change, then what comes from far.
    The one who raises has what there is plenty of, then what goes evenly and comes from near: nothing there ever seems to go wrong.
    """
    from pipelines.demo.planting import planted  # here, for what is planted in people is planted there too

    net = network(size_name, seed)
    goods = net.goods
    worth = net.usual_qty.reshape(net.sites.count, -1).sum(axis=0) * goods.price
    lead = net.suppliers.promised_days[goods.supplier]
    hard, left, plenty = np.zeros(goods.count), np.zeros(goods.count, dtype=bool), np.zeros(goods.count, dtype=bool)
    for plant in planted(size_name, seed):
        if plant.kind == SHIFT and plant.strength < 1:
            plenty[plant.numbers % goods.count] = True
        elif plant.kind == SHIFT:
            hard[plant.numbers % goods.count] = 2.0
        if plant.kind == SUPPLIER:
            hard[np.isin(goods.supplier, plant.numbers)] += 1.0
        if plant.kind in (TOO_LOW, TOO_OLD, EXCESS, SLIP):
            left[plant.numbers % goods.count] = True  # nobody covers up for wrong parameters: they are to be found
    best = np.argsort(-worth, kind="stable")[:MOST_SHELVES]
    owner = np.full(goods.count, -1)
    order = {
        KNOWS: plenty * 1e9 - hard * 1e9 - worth * lead,
        RAISES: plenty * -2e9 + (goods.demand_class != SMOOTH) * 1e9 + lead * 1e6 - worth,
        PROCUREMENT: (goods.demand_class != SMOOTH) * 1e9 - goods.line_rate,
        SCRIBBLES: worth * 0,
    }
    for number, score in order.items():
        free = best[(owner[best] < 0) & ~(left[best] & (number != SCRIBBLES))]
        count = len(free) if number == SCRIBBLES else round(HANDS[number].share * len(best))
        owner[free[np.argsort(score[free], kind="stable")][:count]] = number
    return owner


@lru_cache(maxsize=4)
def segments(size_name: str, seed: int) -> np.ndarray:
    """0, 1 or 2 (A, B, C) for each SKU: the first four fifths of sales, the next 15 per cent, the rest."""
    net = network(size_name, seed)
    worth = net.usual_qty.reshape(net.sites.count, -1).sum(axis=0) * net.goods.price
    order = np.argsort(-worth, kind="stable")
    reached = np.cumsum(worth[order]) / worth.sum()
    found = np.empty(len(worth), dtype=np.int64)
    found[order] = np.digitize(reached, [0.8, 0.95])
    return found


def asked(net: Network, plants: tuple[Plant, ...], first: int, last: int) -> np.ndarray:
    """What will truly be wanted in each cell from one day to another, a centre's branches with it: what only those in the know know."""
    shifts = tuple(plant for plant in plants if plant.kind == SHIFT)
    total = np.zeros(net.cell_count)
    for day in range(first, last + 1):
        total += _asked(net.size.name, net.dice.seed, shifts, day)
    return total


@lru_cache(maxsize=300)
def _asked(size_name: str, seed: int, shifts: tuple[Plant, ...], day: int) -> np.ndarray:
    net = network(size_name, seed)
    lines = wanted(net, shifts, day)
    own = np.bincount(lines["cell"], lines["qty"], minlength=net.cell_count).reshape(net.sites.count, -1)
    for branch in np.flatnonzero(~net.sites.is_dc):
        own[net.sites.feeder[branch]] += own[branch]
    return own.ravel().astype(np.float32)
