"""What is decided beside the weekly orders: late purchase lines hurried up or asked about, and stock moved between branches."""

import numpy as np

from pipelines.demo import deciding, hands, plants, replenishment
from pipelines.demo.clock import after_working_days, weekday
from pipelines.demo.hands import INVENTORY, KNOWS, PROCUREMENT, SCRIBBLES
from pipelines.demo.plants import DEMOTED
from pipelines.demo.world import World

EXPEDITE_DAY, MESSAGE_DAY, MOVE_DAYS = 2, 1, (0, 1, 2, 3, 4)
LOST_DAYS = (1, 3)
MOST_MESSAGES, MOST_MOVES = 2, 2
LEAST_MOVE, LEAST_WORTH, AHEAD_DAYS = 4, 130, 6
EXPEDITED_SHARE, KEPT_SHARE = 0.08, 0.6


def decide(world: World) -> None:
    """Let people and agents decide on what is late and on what lies in the wrong place, on their days of the week."""
    if not deciding.decides(world):
        return
    today = weekday(world.day)
    if today == EXPEDITE_DAY:
        _expedite(world)
    if today == MESSAGE_DAY:
        _write(world)
    if today in MOVE_DAYS:
        _move(world)


def _expedite(world: World) -> None:
    """Hurry lines whose shelf will be empty before they come; six suppliers of ten then do hurry. Wrong parameters nobody covers up."""
    bought, net, dice = world.tables["purchases"], world.net, world.net.dice
    soon = int(after_working_days(world.day, 2))
    cell = bought["cell"]
    days = np.maximum(bought["first_day"] - world.day, 1)
    lacks = world.cells["level"][cell] * days - (world.cells["on_hand"][cell] - world.cells["committed"][cell])
    goods, sku = net.goods, cell % net.goods.count
    saved = 0.5 * np.clip(lacks, 0, bought["qty"]) * (goods.price[sku] - goods.cost[sku])
    surcharge = EXPEDITED_SHARE * bought["qty"] * bought["cost"]
    owner = hands.owners(net.size.name, dice.seed)[sku]
    rows = np.flatnonzero(
        (bought["is_closed"] == 0) & (bought["received"] == 0) & (bought["first_day"] > soon + 4) & (owner >= 0) & (owner != SCRIBBLES)
        & (bought["confirmed_day"] > soon + 2) & (saved > 1.5 * surcharge) & (surcharge < 900)
    )  # fmt: skip
    rows = rows[np.argsort(-(saved - surcharge)[rows], kind="stable")][:3]
    rows = rows[dice.uniform("decide.hurried", cell[rows], bought["ordered_day"][rows]) < 0.75]
    if not len(rows):
        return
    week = world.day // 7
    is_kept = dice.uniform("decide.kept", cell[rows], bought["ordered_day"][rows]) < KEPT_SHARE
    by_agent = (owner[rows] == PROCUREMENT) & (surcharge[rows] < 250)
    deciding.keep(world, {
        "kind": deciding.EXPEDITE, "hand": np.where(by_agent, PROCUREMENT, KNOWS), "cell": cell[rows],
        "qty": days[rows], "suggested": days[rows], "minute": np.where(by_agent, deciding.AGENTS_RUN, deciding.PEOPLE_OPEN + 20),
        "supplier": bought["supplier"][rows], "po": bought["po"][rows], "number": bought["number"][rows],
        "minutes": np.where(by_agent, 0.3, 6.0), "cost": np.round(surcharge[rows], 2),
        "gain": np.round(saved[rows] * KEPT_SHARE - surcharge[rows], 2),
        "confidence": np.round(0.72 + 0.2 * dice.uniform("decide.sure", cell[rows], week), 2), **deciding.approval(world, cell[rows], week),
    })  # fmt: skip
    for when in ("first_day", "second_day"):
        late = rows[is_kept & (bought[when][rows] > soon)]
        bought[when][late] = soon
    bought["confirmed_day"][rows] = np.minimum(bought["confirmed_day"][rows], soon)
    bought["touched"][rows] = world.day


def _write(world: World) -> None:
    """Ask suppliers about the lines that are furthest behind."""
    bought = world.tables["purchases"]
    late = world.day - bought["confirmed_day"]
    owner = hands.owners(world.net.size.name, world.net.dice.seed)[bought["cell"] % world.net.goods.count]
    rows = np.flatnonzero((bought["is_closed"] == 0) & (bought["received"] == 0) & (late >= 1) & (owner >= 0))
    rows = rows[np.argsort(-late[rows], kind="stable")][:MOST_MESSAGES]
    if len(rows):
        deciding.messages(world, rows)


def _move(world: World) -> None:
    """The inventory agent moves stock between branches: to where it will be wanted; since it degrades, to where it is not."""
    net, dice, day, count = world.net, world.net.dice, world.day, world.net.goods.count
    branches = np.flatnonzero(~net.sites.is_dc)
    free = np.maximum(world.cells["on_hand"] - world.cells["committed"], 0).reshape(net.sites.count, count)
    held = net.is_stocked.reshape(net.sites.count, count)
    usual = world.cells["level"].reshape(net.sites.count, count)
    is_lost = bool(plants.of_kind(world.plants, DEMOTED, day))
    wanted = (
        usual * AHEAD_DAYS
        if is_lost
        else hands.asked(net, world.plants, day + 2, day + 1 + AHEAD_DAYS).reshape(free.shape)
    )
    if is_lost and weekday(day) not in LOST_DAYS:
        return
    goods = net.goods
    worth = np.where(hands.owners(net.size.name, dice.seed) >= 0, goods.price - goods.cost, 0.0)
    options = []
    for place, target in enumerate(branches):
        for source in np.r_[branches[:place], branches[place + 1 :]]:
            spare = np.maximum(free[source] - np.ceil(usual[source] * AHEAD_DAYS), 0)
            # Degraded, it takes a shelf that is full for one that is short.
            # The centre feeds branches by itself; only where it has none is it worth while to move stock between them.
            is_short = free[net.sites.feeder[target]] < wanted[target] - free[target]
            lacks = np.where(is_short, np.maximum(wanted[target] - free[target], 0), 0)
            if is_lost:
                lacks = np.ceil(usual[target] * 4) * (free[target] > 2 * wanted[target])
            qty = np.floor(np.minimum(spare, lacks)) * held[target] * held[source]
            best = np.argsort(-qty * worth, kind="stable")[:MOST_MOVES]
            best = best[(qty[best] >= LEAST_MOVE) & (qty[best] * worth[best] > LEAST_WORTH)]
            options += [
                (float(qty[sku] * worth[sku]), int(source), int(target), int(sku), int(qty[sku])) for sku in best
            ]
    options = sorted(options, key=lambda option: (-option[0], *option[1:]))[:2]
    if not options:
        return
    saved, givers, takers, skus, moved = (np.array(column) for column in zip(*options, strict=True))
    here, there, week = givers * count + skus, takers * count + skus, day // 7
    declined = dice.uniform("decide.move", there, day) < 0.06
    deciding.keep(world, {
        "kind": deciding.TRANSFER, "hand": np.full(len(moved), INVENTORY), "minute": deciding.AGENTS_RUN, "cell": there, "other": here,
        "suggested": moved, "qty": moved, "minutes": 0.2, "cost": goods.cost_on(day)[skus], "gain": np.round(0.5 * saved - 27.5, 2),
        "declined": np.where(declined, 0, -1), "confidence": np.round(0.65 + 0.3 * dice.uniform("decide.sure", there, week), 2),
        **deciding.approval(world, there, week),
    })  # fmt: skip
    replenishment.ship(world, here[~declined], there[~declined], moved[~declined])
