"""What follows a delivery: invoices and payments, returns, service tickets in their queue, and the closing of what is done."""

import numpy as np

from pipelines.demo import parties, words
from pipelines.demo.clock import after_working_days, is_working_day, minute_of, moment
from pipelines.demo.orders import CLEARED, STOPPED
from pipelines.demo.people import SYSTEM, present, worked
from pipelines.demo.tables import Movement, Step
from pipelines.demo.world import PAY_RING, World

RETURN_SHARE = 0.017
DAMAGE_SHARE = 0.006
OPEN, HELD, IN_WORK, PART_SHIPPED, DONE, CALLED_OFF = range(6)
STATUS_NAMES = ("OPEN", "HOLD", "RELEASED", "PART SHIPPED", "CLOSED", "CANCELLED")
LATE, SHORT, DAMAGED, PRICE_QUERY, WHERE = range(5)


def bill(world: World) -> None:
    """Write yesterday's invoices: by the system for EDI customers, by people for the rest; customers pay when due, or somewhat later."""
    invoices, day, net = world.tables["invoices"], world.day, world.net
    world.balance -= world.payments[:, day % PAY_RING]
    world.payments[:, day % PAY_RING] = 0.0
    if not is_working_day(day) or not len(invoices):
        return
    due = np.flatnonzero(invoices["ready_at"] < moment(day, 720))
    by_hand = due[invoices["needs_person"][due] == 1]
    minutes = np.round(1.2 + 1.6 * net.dice.uniform("billing", invoices["order"][by_hand], day), 1)
    station = net.staff.stations["billing"]
    people = present(station, net.dice, day)
    _, ended, who = worked(
        minute_of(invoices["ready_at"][by_hand], day),
        minutes,
        people=people,
        opens=station.opens,
        closes=station.closes,
    )
    done = np.isfinite(ended)
    at_once = due[invoices["needs_person"][due] == 0]
    rows = np.r_[at_once, by_hand[done]]
    at = np.r_[moment(day, 300 + np.zeros(len(at_once))), moment(day, ended[done])]
    order, customer, amount = (invoices[name][rows] for name in ("order", "customer", "net"))
    world.tell(
        Step.INVOICED,
        order,
        at,
        np.r_[np.full(len(at_once), SYSTEM), who[done]],
        np.r_[np.zeros(len(at_once)), minutes[done]],
    )
    np.add.at(world.balance, customer, amount)
    wait = (parties.TERMS_DAYS[net.customers.tier[customer]] + net.customers.pays_late_days[customer]).clip(
        1, PAY_RING - 1
    )
    np.add.at(world.payments, (customer, (day + wait) % PAY_RING), amount)
    orders = world.tables["orders"]
    np.add.at(orders["invoices_due"], orders.find(order), -1)
    gone = np.zeros(len(invoices), dtype=bool)
    gone[rows] = True
    invoices.drop(gone)


def hear_back(world: World, arrived: np.ndarray) -> None:
    """What customers do after a delivery: send some of it back, or ask about what was late, short, damaged or oddly priced."""
    if not len(arrived):
        return
    net, day, shipments, lines = world.net, world.day, world.tables["shipments"], world.tables["lines"]
    contents = world.tables["shipment_lines"]
    mine = np.flatnonzero(np.isin(contents["shipment"], shipments["id"][arrived]))
    rows, qty = lines.find(contents["line"][mine]), contents["qty"][mine]
    key = lines["key"][rows]
    back = np.flatnonzero(net.dice.uniform("return", key, day) < RETURN_SHARE)
    if len(back):
        part = np.where(net.dice.uniform("return.part", key[back]) < 0.6, 1.0, 0.4)
        reason = net.dice.whole(0, len(words.RETURN_REASONS) - 1, "return.reason", key[back])
        home = after_working_days(day, net.dice.whole(3, 15, "return.days", key[back]))
        world.tables["backs"].add(
            id=world.next_numbers("return", len(back)), order=lines["order"][rows[back]], cell=contents["cell"][mine[back]],
            customer=lines["customer"][rows[back]],
            qty=np.maximum(1, np.floor(qty[back] * part)), day=home, reason=reason,
        )  # fmt: skip
    _ask(world, rows, key)


def take_back(world: World) -> None:
    """Book today's returns; what is damaged or defective is scrapped on the spot."""
    backs, day = world.tables["backs"], world.day
    here = backs["day"] <= day
    rows = np.flatnonzero(here)
    if not len(rows):
        return
    cell, qty, at = backs["cell"][rows], backs["qty"][rows], moment(day, 560 + np.arange(len(rows)) % 120)
    world.move(Movement.RETURN, cell, qty, at)
    scrapped = np.isin(
        backs["reason"][rows], [words.RETURN_REASONS.index("DAMAGED"), words.RETURN_REASONS.index("DEFECT")]
    )
    world.move(Movement.ADJUSTMENT, cell[scrapped], -qty[scrapped], at[scrapped] + 600)
    if world.log is not None:
        world.log.add(
            "returns",
            id=backs["id"][rows],
            order=backs["order"][rows],
            cell=cell,
            qty=qty,
            reason=backs["reason"][rows],
            at=at,
        )
    backs.drop(here)


def answer(world: World) -> None:
    """Let the service desk work its tickets; those that nobody reached stay open."""
    tickets, day, net = world.tables["tickets"], world.day, world.net
    rows = np.flatnonzero(tickets["closed_at"] == 0)
    if not is_working_day(day) or not len(rows):
        return
    station = net.staff.stations["service"]
    minutes = tickets["minutes"][rows]
    _, ended, _ = worked(
        minute_of(tickets["opened_at"][rows], day),
        minutes,
        people=present(station, net.dice, day),
        opens=station.opens,
        closes=station.closes,
    )
    done = np.isfinite(ended)
    tickets["closed_at"][rows[done]] = moment(day, ended[done])
    tickets["touched"][rows[done]] = day


def close(world: World) -> None:
    """Move lines, orders, shipments and tickets that are done to the log; they will not change again."""
    lines, orders, day = world.tables["lines"], world.tables["orders"], world.day
    status_before = orders["status"].copy()
    settled = (lines["shipped"] + lines["cancelled"] == lines["qty"]) & (lines["travelling"] == 0)
    at = orders.find(lines["order"])
    open_lines = np.bincount(at, ~settled, minlength=len(orders))
    shipped = np.bincount(at, lines["shipped"], minlength=len(orders))
    released = np.bincount(at, lines["released"], minlength=len(orders))
    done = (open_lines == 0) & (orders["invoices_due"] == 0) & (orders["stage"] >= CLEARED)
    status = np.select(
        [done & (shipped > 0), done, orders["hold"] == 1, shipped > 0, released > 0],
        [DONE, CALLED_OFF, HELD, PART_SHIPPED, IN_WORK],
        OPEN,
    )
    status[orders["stage"] == STOPPED] = CALLED_OFF
    orders["status"][:] = status
    orders["touched"][status != status_before] = day
    _archive(world, "lines", done[at])
    _archive(world, "orders", done)
    shipments = world.tables["shipments"]
    arrived = shipments["has_arrived"] == 1
    if arrived.any():
        contents = world.tables["shipment_lines"]
        contents.drop(np.isin(contents["shipment"], shipments["id"][arrived]))
    _archive(world, "shipments", arrived)
    _archive(world, "tickets", world.tables["tickets"]["closed_at"] > 0)
    _archive(world, "purchases", world.tables["purchases"]["is_closed"] == 1)


def _archive(world: World, kind: str, done: np.ndarray) -> None:
    if not done.any():
        return
    table = world.tables[kind]
    if world.log is not None:
        world.log.add(kind, **table.taken(done))
    table.drop(done)


def _ask(world: World, rows: np.ndarray, key: np.ndarray) -> None:
    """One ticket at most for each order and delivery."""
    net, day, lines = world.net, world.day, world.tables["lines"]
    is_late, is_short = day > lines["requested"][rows], lines["shipped"][rows] < lines["qty"][rows]
    is_odd = np.abs(lines["net"][rows] - lines["right_net"][rows]) > 0.05 * lines["right_net"][rows]
    damaged = net.dice.uniform("damage", key) < DAMAGE_SHARE
    chance = np.select([damaged, is_odd, is_short, is_late], [1.0, 0.15, 0.16, 0.12], 0.004)
    topic = np.select([damaged, is_odd, is_short, is_late], [DAMAGED, PRICE_QUERY, SHORT, LATE], WHERE)
    asks = np.flatnonzero(net.dice.uniform("asks", key, day) < chance)
    _, first = np.unique(lines["order"][rows[asks]], return_index=True)
    asks = asks[first]
    if not len(asks):
        return
    luck, when = key[asks], int(after_working_days(day, 1))
    usual = np.array([9.0, 12.0, 16.0, 11.0, 5.0])[topic[asks]]
    world.tables["tickets"].add(
        id=world.next_numbers("ticket", len(asks)), customer=lines["customer"][rows[asks]], order=lines["order"][rows[asks]],
        topic=topic[asks], touched=when,
        opened_at=moment(when, 480 + 420 * net.dice.uniform("asks.when", luck)), escalated=net.dice.uniform("escalated", luck) < 0.09,
        minutes=np.round(usual * np.exp(0.4 * net.dice.normal("ticket", luck)), 1),
    )  # fmt: skip
