"""How stock is refilled: parameters from past orders, purchases that come late or short, transfers to branches, counts."""

import numpy as np

from pipelines.demo import deciding, plants
from pipelines.demo.clock import after_working_days, is_working_day, moment, weekday
from pipelines.demo.plants import EXCESS, TOO_LOW, TOO_OLD
from pipelines.demo.tables import Movement
from pipelines.demo.world import World

FORGET = 1 / 45
REFRESH_DAYS = 56
SAFETY = 1.35
DC_REVIEW_DAYS, DC_COVER_DAYS = 7, 21
BRANCH_DAYS, BRANCH_COVER_DAYS = 5.0, 8
BRANCH_WEEKDAYS = (0, 2, 4)
ORDER_AHEAD_DAYS = 35
COUNT_CHANCE = 1 / 300
# Planners are slow to believe that a supplier has changed.
LEARN_LEAD = 0.03


def learn(world: World, asked: np.ndarray) -> None:
    """Update each cell's idea of daily demand from what was recorded; demand that walked away unseen is not learned."""
    cells, goods = world.cells, world.net.goods
    alive = np.tile((goods.launched <= world.day) & (world.day <= goods.discontinued), world.net.sites.count)
    error = np.where(alive, asked - cells["level"], 0.0)
    cells["variance"] += FORGET * (error**2 - cells["variance"]) * alive
    cells["level"] += FORGET * error


def refresh(world: World) -> None:
    """Set reorder points and order-up-to levels anew every eight weeks, except where a plant keeps them wrong."""
    due = (world.day - world.net.size.first_day) % REFRESH_DAYS == 0
    starting = [p for p in world.plants if p.kind in (TOO_LOW, EXCESS) and p.from_day == world.day]
    if not due and not starting:
        return
    reorder, upto = parameters(world)
    chosen = np.full(world.net.cell_count, due)
    for plant in starting:
        chosen[plant.numbers] = True
    for kind in (TOO_LOW, EXCESS):
        for plant in plants.of_kind(world.plants, kind, world.day):
            reorder[plant.numbers] *= plant.strength if kind == TOO_LOW else 1.0
            upto[plant.numbers] *= plant.strength
    for plant in plants.of_kind(world.plants, TOO_OLD, world.day):
        chosen[plant.numbers] = False
    world.cells["reorder"][chosen], world.cells["upto"][chosen] = np.ceil(reorder[chosen]), np.ceil(upto[chosen])


def parameters(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Reorder point and order-up-to level of each cell by the usual formula: demand over the time at risk plus safety."""
    net, goods = world.net, world.net.goods
    shape = (net.sites.count, goods.count)
    level, variance = world.cells["level"].reshape(shape).copy(), world.cells["variance"].reshape(shape).copy()
    for branch in np.flatnonzero(~net.sites.is_dc):
        level[net.sites.feeder[branch]] += level[branch]
        variance[net.sites.feeder[branch]] += variance[branch]
    is_dc = net.sites.is_dc[:, None]
    lead = np.where(is_dc, world.lead_seen[goods.supplier][None, :], 2.0)
    risk = np.where(is_dc, lead + DC_REVIEW_DAYS, BRANCH_DAYS)
    spread = np.sqrt(risk * variance + (level * np.where(is_dc, 0.22 * lead, 0.5)) ** 2)
    reorder = level * risk + SAFETY * spread
    upto = reorder + np.maximum(
        level * np.where(is_dc, DC_COVER_DAYS, BRANCH_COVER_DAYS), np.where(is_dc, goods.pack, 1)
    )
    held = net.is_stocked.reshape(shape)
    return np.where(held, reorder, 0.0).ravel(), np.where(held, upto, 0.0).ravel()


def position(world: World) -> np.ndarray:
    """Stock on hand and on the way, less what is promised to customers."""
    return world.cells["on_hand"] + world.cells["on_order"] - world.cells["committed"]


def purchase(world: World) -> None:
    """Order from the suppliers whose day it is, for every distribution centre, what has fallen to its reorder point."""
    net, goods, day = world.net, world.net.goods, world.day
    orderable = (day >= goods.launched - ORDER_AHEAD_DAYS) & (day < goods.discontinued - 45)
    orderable &= net.suppliers.order_weekday[goods.supplier] == weekday(day)
    possible = np.repeat(net.sites.is_dc, goods.count) & np.tile(orderable, net.sites.count) & (world.cells["upto"] > 0)
    is_low = position(world) <= world.cells["reorder"]
    cells = np.sort(
        np.r_[np.flatnonzero(possible & is_low), deciding.unasked(world, np.flatnonzero(possible & ~is_low))]
    )
    if len(cells):
        lacking = world.cells["upto"][cells] - position(world)[cells]
        sku = cells % goods.count
        qty = np.maximum(np.ceil(lacking / goods.pack[sku]) * goods.pack[sku], goods.minimum_order[sku]).astype(
            np.int64
        )
        qty[~is_low[cells]] = 0
        ordered, rows = deciding.purchases(world, cells, qty)
        number = np.zeros((2, len(cells)), dtype=np.int64)
        if (ordered > 0).any():
            number[:, ordered > 0] = buy(world, cells[ordered > 0], ordered[ordered > 0])
        deciding.keep(world, rows, po=number[0], number=number[1])


def buy(world: World, cells: np.ndarray, qty: np.ndarray) -> np.ndarray:
    """Write purchase orders, one for each supplier and site, and let each supplier's luck decide when how much will come.

    Gives the number of the order and of the line in it, in two rows.
    """
    net, goods, day = world.net, world.net.goods, world.day
    dice, sku = net.dice, cells % goods.count
    supplier, week = goods.supplier[sku], day // 7
    order = np.lexsort((sku, cells // goods.count, supplier))
    cells, qty, sku, supplier = cells[order], qty[order], sku[order], supplier[order]
    site = cells // goods.count
    head = np.flatnonzero(np.r_[True, (supplier[1:] != supplier[:-1]) | (site[1:] != site[:-1])])
    size = np.diff(np.r_[head, len(cells)])
    promise = net.suppliers.promised_days[supplier]
    trouble = plants.supplier_trouble(world.plants, day, len(net.suppliers.code))[supplier]
    luck = 0.8 * dice.normal("supplier.week", supplier, week) + 0.6 * dice.normal("supplier.line", cells, week)
    stretch = (
        net.suppliers.stretch[supplier] + 0.42 * trouble + net.suppliers.spread[supplier] * (1 + 0.5 * trouble) * luck
    )
    lead = np.maximum(1, np.round(promise * np.exp(stretch))).astype(np.int64)
    short = dice.uniform("supplier.short", cells, week) < net.suppliers.short_share[supplier] + 0.20 * trouble
    part = np.where(short, 0.4 + 0.5 * dice.uniform("supplier.part", cells, week), 1.0)
    first_qty = np.maximum(1, np.floor(qty * part)).astype(np.int64)
    sends_rest = dice.uniform("supplier.rest", cells, week) < 0.7
    first_day = after_working_days(day + lead, 0)
    second_day = after_working_days(first_day, dice.whole(4, 12, "supplier.rest.days", cells, week))
    promised = after_working_days(day + promise, 0)
    known = np.maximum(0, np.round(0.5 * (first_day - promised))).astype(np.int64)
    po, number = (
        np.repeat(world.next_numbers("purchase", len(head)), size),
        np.arange(len(cells)) - np.repeat(head, size) + 1,
    )
    world.tables["purchases"].add(
        id=world.next_numbers("purchase_line", len(cells)), po=po, number=number, supplier=supplier, cell=cells,
        ordered_day=day, promised_day=promised, confirmed_day=after_working_days(promised + known, 0), qty=qty,
        first_day=first_day, first_qty=first_qty, second_day=second_day,
        second_qty=np.where(sends_rest, qty - first_qty, 0), touched=day, cost=np.round(goods.cost_on(day)[sku], 4),
    )  # fmt: skip
    np.add.at(world.cells["on_order"], cells, qty)
    numbers = np.empty((2, len(cells)), dtype=np.int64)
    numbers[:, order] = po, number
    return numbers


def receive(world: World) -> None:
    """Book what suppliers deliver today; a line is closed when all has come that ever will."""
    bought, net, day = world.tables["purchases"], world.net, world.day
    for turn, (when, how_much) in enumerate((("first_day", "first_qty"), ("second_day", "second_qty"))):
        rows = np.flatnonzero((bought["is_closed"] == 0) & (bought[when] == day) & (bought[how_much] > 0))
        if not len(rows):
            continue
        cell, qty, supplier = bought["cell"][rows], bought[how_much][rows], bought["supplier"][rows]
        bad = net.dice.uniform("reject", cell, bought["ordered_day"][rows], turn) < net.suppliers.reject_share[supplier]
        refused = np.where(bad, np.ceil(qty * 0.2), 0).astype(np.int64)
        kept = qty - refused
        at = moment(day, 405 + 150 * net.dice.uniform("dock", bought["po"][rows], turn))
        world.move(Movement.RECEIPT, cell[kept > 0], kept[kept > 0], at[kept > 0])
        np.add.at(world.cells["on_order"], cell, -qty)
        bought["received"][rows] += kept
        bought["received_day"][rows], bought["touched"][rows] = day, day
        if turn == 0:
            _see_lead(world, supplier, day - bought["ordered_day"][rows])
        if world.log is not None:
            slips = np.unique(bought["po"][rows])
            numbers = world.next_numbers("receipt", len(slips))[np.searchsorted(slips, bought["po"][rows])]
            world.log.add(
                "receipts",
                id=numbers,
                po=bought["po"][rows],
                number=bought["number"][rows],
                cell=cell,
                qty=kept,
                refused=refused,
                at=at,
            )
    last_day = np.where(bought["second_qty"] > 0, bought["second_day"], bought["first_day"])
    ended = np.flatnonzero((bought["is_closed"] == 0) & (last_day <= day))
    never = bought["qty"][ended] - bought["first_qty"][ended] - bought["second_qty"][ended]
    np.add.at(world.cells["on_order"], bought["cell"][ended], -never)
    bought["is_closed"][ended], bought["touched"][ended] = 1, day


def transfer(world: World) -> None:
    """Send branches what they lack, three evenings a week, as far as the feeding centre has it free; a scarce SKU is shared evenly."""
    net, day, count = world.net, world.day, world.net.goods.count
    if weekday(day) not in BRANCH_WEEKDAYS:
        return
    branch = np.repeat(~net.sites.is_dc, count)
    lacking = np.where(
        branch & (position(world) <= world.cells["reorder"]), world.cells["upto"] - position(world), 0
    ).clip(min=0)
    lacking = np.floor(lacking).reshape(net.sites.count, count)
    for centre in np.flatnonzero(net.sites.is_dc):
        fed = np.flatnonzero(net.sites.feeder == centre)
        own = slice(centre * count, (centre + 1) * count)
        free = np.maximum(world.cells["on_hand"][own] - world.cells["committed"][own], 0)
        wanted = lacking[fed].sum(axis=0)
        share = np.minimum(1.0, free / np.maximum(wanted, 1))
        sent = np.floor(lacking[fed] * share + 1e-9).astype(np.int64)
        place, sku = np.nonzero(sent)
        ship(world, centre * count + sku, fed[place] * count + sku, sent[place, sku])


def ship(world: World, source: np.ndarray, target: np.ndarray, qty: np.ndarray) -> None:
    """Load a transfer tonight; it arrives on the next working day."""
    if not len(source):
        return
    at = moment(world.day, 1_110) + np.arange(len(source)) % 600
    world.move(Movement.TRANSFER_OUT, source, -qty, at)
    np.add.at(world.cells["on_order"], target, qty)
    numbers = world.next_numbers("transfer", len(source))
    world.tables["transfers"].add(id=numbers, cell=target, qty=qty, arrives_day=int(after_working_days(world.day, 1)))


def unload(world: World) -> None:
    """Book transfers that arrive this morning."""
    moving = world.tables["transfers"]
    here = moving["arrives_day"] <= world.day
    if here.any():
        cell, qty = moving["cell"][here], moving["qty"][here]
        world.move(Movement.TRANSFER_IN, cell, qty, moment(world.day, 390) + np.arange(len(cell)) % 600)
        np.add.at(world.cells["on_order"], cell, -qty)
        moving.drop(here)


def count(world: World) -> None:
    """Count some cells and book what is missing, now and then what was found."""
    net, day, cells = world.net, world.day, world.cells
    if not is_working_day(day):
        return
    index = np.arange(net.cell_count)
    due = np.flatnonzero((net.dice.uniform("count", day, index) < COUNT_CHANCE) & (cells["on_hand"] > 5))
    change = np.round(cells["on_hand"][due] * 0.008 * (net.dice.normal("count.off", day, due) - 0.4)).astype(np.int64)
    change = np.maximum(change, cells["allocated"][due] - cells["on_hand"][due])
    due, change = due[change != 0], change[change != 0]
    world.move(Movement.ADJUSTMENT, due, change, moment(day, 1_200) + np.arange(len(due)))


def _see_lead(world: World, supplier: np.ndarray, days: np.ndarray) -> None:
    """The planner's idea of a supplier's lead time follows what is seen."""
    total, seen = (
        np.bincount(supplier, days, minlength=len(world.lead_seen)),
        np.bincount(supplier, minlength=len(world.lead_seen)),
    )
    mean = np.where(seen > 0, total / np.maximum(seen, 1), world.lead_seen)
    world.lead_seen += np.where(seen > 0, LEARN_LEAD, 0.0) * (mean - world.lead_seen)
