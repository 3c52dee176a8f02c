"""How consignments travel: carrier by weight and room, late in bad weather and bad weeks, and what lateness costs."""

from functools import lru_cache

import numpy as np

from pipelines.demo import plants, weather, words
from pipelines.demo.clock import DAY_SECONDS, after_working_days, moment
from pipelines.demo.network import network
from pipelines.demo.people import TRUCK_MINUTE
from pipelines.demo.tables import Movement, Step
from pipelines.demo.world import World

PARCEL_KG = 30.0
EXPRESS_SHARE = 0.04
MODES = np.array([row[2] for row in words.CARRIERS])
BASE_LATE = np.array([row[3] for row in words.CARRIERS])
WEATHER_PULL = np.array([row[4] for row in words.CARRIERS])


def send(world: World, parcels: np.ndarray) -> None:
    """Load packed parcels: stock leaves the site, each parcel becomes one shipment."""
    net, day, waiting = world.net, world.day, world.tables["parcels"]
    ids = waiting["id"][parcels]
    contents = world.tables["parcel_lines"]
    mine = np.isin(contents["parcel"], ids)
    place = np.searchsorted(ids, contents["parcel"][mine])
    cell, qty, line_id = contents["cell"][mine], contents["qty"][mine], contents["line"][mine]
    weight = np.round(np.bincount(place, net.goods.weight[cell % net.goods.count] * qty, minlength=len(ids)) + 0.3, 2)
    site, customer, key = (waiting[name][parcels] for name in ("site", "customer", "key"))
    lane = _lanes(world, site, net.customers.site[customer], weight, key)
    carrier = net.lanes.carrier[lane]
    fuel = weather.diesel_price(net.dice, day) / 1.62
    freight = np.round((net.lanes.cost[lane] + net.lanes.cost_per_kg[lane] * weight) * (0.7 + 0.3 * fuel), 2)
    promised_day = after_working_days(day, net.lanes.transit_days[lane])
    arrives = _arrivals(world, carrier, net.customers.site[customer], promised_day, key)
    shipped_at = moment(day, TRUCK_MINUTE) + np.arange(len(ids)) % 900
    numbers = world.next_numbers("shipment", len(ids))
    world.tables["shipments"].add(
        id=numbers, order=waiting["order"][parcels], site=site, customer=customer, carrier=carrier, lane=lane, shipped_at=shipped_at,
        promised_at=moment(promised_day, 17 * 60), arrives_at=arrives, key=key, freight=freight, weight=weight, touched=day,
    )  # fmt: skip
    lines = world.tables["lines"]
    rows = lines.find(line_id)
    table = {
        "shipment": numbers[place],
        "order": lines["order"][rows],
        "line": line_id,
        "number": lines["number"][rows],
        "cell": cell,
        "qty": qty,
    }
    world.tables["shipment_lines"].add(**table)
    if world.log is not None:
        world.log.add("shipment_lines", **table)
    lines["shipped"][rows] += qty
    lines["travelling"][rows] += qty
    lines["shipped_day"][rows], lines["touched"][rows] = day, day
    for name in ("committed", "allocated"):
        np.add.at(world.cells[name], cell, -qty)
    world.move(Movement.ISSUE, cell, -qty, shipped_at[place])
    part = qty / lines["qty"][rows]
    world.money["margin"] += float((lines["margin"][rows] * part).sum())
    world.money["given_away"] += float(((lines["right_net"][rows] - lines["net"][rows]) * part).sum())
    world.money["freight"] += float(freight.sum())
    world.tell(Step.SHIPPED, waiting["order"][parcels], shipped_at)
    _to_invoice(
        world,
        waiting["order"][parcels],
        customer,
        np.bincount(place, lines["net"][rows] * part, minlength=len(ids)),
        shipped_at,
    )
    contents.drop(mine)
    gone = np.zeros(len(waiting), dtype=bool)
    gone[parcels] = True
    waiting.drop(gone)


def arrive(world: World) -> np.ndarray:
    """Positions of the shipments that reach their customers today; lines learn their delivery day, late ones cost a penalty."""
    shipments, lines, day = world.tables["shipments"], world.tables["lines"], world.day
    here = np.flatnonzero((shipments["has_arrived"] == 0) & (shipments["arrives_at"] < (day + 1) * DAY_SECONDS))
    if not len(here):
        return here
    shipments["has_arrived"][here], shipments["touched"][here] = 1, day
    contents = world.tables["shipment_lines"]
    mine = np.flatnonzero(np.isin(contents["shipment"], shipments["id"][here]))
    rows, qty = lines.find(contents["line"][mine]), contents["qty"][mine]
    np.add.at(lines["travelling"], rows, -qty)
    lines["delivered_day"][rows], lines["touched"][rows] = day, day
    is_late = day > lines["requested"][rows]
    owed = (
        world.net.customers.penalty_share[lines["customer"][rows]] * lines["right_net"][rows] * qty / lines["qty"][rows]
    )
    world.money["penalty"] += float((owed * is_late).sum())
    world.tell(Step.DELIVERED, shipments["order"][here], shipments["arrives_at"][here])
    return here


def _lanes(world: World, site: np.ndarray, region: np.ndarray, weight: np.ndarray, key: np.ndarray) -> np.ndarray:
    """A lane for each parcel: express now and then, parcel for what is light, else road; a full lane sends on to the next."""
    net = world.net
    express = net.dice.uniform("express", key) < EXPRESS_SHARE
    mode = np.where(express, "express", np.where(weight <= PARCEL_KG, "parcel", "road"))
    chosen = np.zeros(len(site), dtype=np.int64)
    for there in {(int(s), int(r), str(m)) for s, r, m in zip(site, region, mode, strict=True)}:
        rows = np.flatnonzero((site == there[0]) & (region == there[1]) & (mode == there[2]))
        offers, room = _offers(net.size.name, net.dice.seed, *there)
        chosen[rows] = offers[np.searchsorted(room, np.arange(len(rows)), side="right").clip(max=len(offers) - 1)]
    return chosen


@lru_cache(maxsize=512)
def _offers(size_name: str, seed: int, site: int, region: int, mode: str) -> tuple[np.ndarray, np.ndarray]:
    """The lanes of a mode from a site to a region in order of choice, and their capacity added up.

    The first choice differs from region to region, so that each carrier has lanes of its own.
    """
    lanes = network(size_name, seed).lanes
    offers = np.flatnonzero((lanes.site == site) & (lanes.region == region) & (MODES[lanes.carrier] == mode))
    offers = np.roll(offers, -(region % len(offers)))
    return offers, np.cumsum(lanes.capacity[offers])


def _arrivals(
    world: World, carrier: np.ndarray, region: np.ndarray, promised_day: np.ndarray, key: np.ndarray
) -> np.ndarray:
    """When each shipment arrives: in the working hours of its promised day, or some working days later."""
    net, day = world.net, world.day
    storm = weather.severity(net.dice, day, net.sites.count)[region]
    mood = 0.02 * np.maximum(net.dice.normal("carrier.week", carrier, day // 7), 0)
    trouble = plants.carrier_trouble(world.plants, day, len(words.CARRIERS))[carrier]
    chance = np.minimum(BASE_LATE[carrier] + WEATHER_PULL[carrier] * storm + mood + trouble, 0.9)
    is_late = net.dice.uniform("late", key) < chance
    delay = 1 + np.floor(-np.log(net.dice.uniform("late.days", key)) * (0.7 + 0.08 * storm)).astype(np.int64).clip(
        max=9
    )
    arrives_day = np.where(is_late, after_working_days(promised_day, delay), promised_day)
    return moment(arrives_day, 480 + 530 * net.dice.uniform("arrival", key))


def _to_invoice(
    world: World, order: np.ndarray, customer: np.ndarray, amount: np.ndarray, shipped_at: np.ndarray
) -> None:
    orders = world.tables["orders"]
    rows = orders.find(order)
    np.add.at(orders["invoices_due"], rows, 1)
    tomorrow = int(after_working_days(world.day, 1))
    world.tables["invoices"].add(
        id=world.next_numbers("invoice", len(order)), order=order, customer=customer,
        ready_at=np.maximum(shipped_at, int(moment(tomorrow, 300))),
        needs_person=orders["channel"][rows] >= 1, net=np.round(amount, 2),
    )  # fmt: skip
