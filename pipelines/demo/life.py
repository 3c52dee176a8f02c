"""One day in the life of a demo world, in the order in which it happens; and the morning on which it begins."""

import numpy as np

from pipelines.demo import ai_cases, fulfilment, hurried, office, orders, replenishment, transport
from pipelines.demo.clock import is_working_day, weekday
from pipelines.demo.network import Network
from pipelines.demo.plants import Plant
from pipelines.demo.rows import Log, Rows
from pipelines.demo.tables import TABLES
from pipelines.demo.world import CELLS, MONEY, PAY_RING, World

HOLDING_SHARE_A_YEAR = 0.22


def born(net: Network, plants: tuple[Plant, ...]) -> World:
    """A world on the evening before its first day: shelves filled as the planner would have them, nothing on order."""
    goods, cells = net.goods, net.cell_count
    usual_line = np.tile(goods.line_qty * np.exp(1.5 * goods.line_spread**2), net.sites.count)
    world = World(
        net=net,
        plants=plants,
        day=net.size.first_day - 1,
        cells={
            name: np.zeros(cells, dtype=np.float64 if name in ("level", "variance", "reorder", "upto") else np.int64)
            for name in CELLS
        },
        tables={name: Rows(columns) for name, columns in TABLES.items()},
        numbers={},
        money=dict.fromkeys(MONEY, 0.0),
        balance=np.zeros(net.customers.count),
        payments=np.zeros((net.customers.count, PAY_RING)),
        lead_seen=net.suppliers.promised_days * 0.95,
        log=Log(),
    )
    is_new = np.tile(goods.launched > world.day, net.sites.count)
    luck = net.dice.uniform("opening", np.arange(cells))
    world.cells["level"] = net.usual_qty * np.where(
        is_new, 0.6, np.exp(0.15 * net.dice.normal("opening.level", np.arange(cells)))
    )
    world.cells["variance"] = net.usual_qty * usual_line
    reorder, upto = replenishment.parameters(world)
    world.cells["reorder"], world.cells["upto"] = np.ceil(reorder), np.ceil(upto)
    gone = np.tile(goods.discontinued <= world.day, net.sites.count)
    world.cells["on_hand"] = np.where(is_new | gone, 0, np.round(reorder + luck * (upto - reorder))).astype(np.int64)
    snapshot(world)
    return world


def live(world: World, day: int) -> None:
    """Let one day pass: goods in, orders in, goods out, news from customers, planning, and the books closed."""
    world.day = day
    works = is_working_day(day)
    replenishment.unload(world)
    replenishment.receive(world)
    office.take_back(world)
    office.bill(world)
    asked = orders.capture(world)
    orders.desk(world)
    if works:
        orders.lose_patience(world)
        fulfilment.release(world)
        fulfilment.pick_and_pack(world)
    office.hear_back(world, transport.arrive(world))
    office.answer(world)
    replenishment.learn(world, asked)
    replenishment.refresh(world)
    if works:
        replenishment.purchase(world)
        replenishment.transfer(world)
        hurried.decide(world)
        replenishment.count(world)
    ai_cases.observe(world)
    office.close(world)
    stock_value = float((world.cells["on_hand"] * np.tile(world.net.goods.cost_on(day), world.net.sites.count)).sum())
    world.money["holding"] += stock_value * HOLDING_SHARE_A_YEAR / 365.0
    snapshot(world)


def snapshot(world: World) -> None:
    """Log the closing stock of every stocked cell: daily in a small world, on Saturdays (and before the first day) in a large one."""
    size = world.net.size
    is_due = size.has_daily_stock or weekday(world.day) == 5 or world.day < size.first_day
    if world.log is None or not is_due:
        return
    cells = np.flatnonzero(world.net.is_stocked)
    world.log.add(
        "stock",
        day=world.day,
        cell=cells,
        **{name: world.cells[name][cells] for name in ("on_hand", "on_order", "allocated")},
    )
