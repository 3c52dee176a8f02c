"""How orders leave the house: stock shared out once a day by priority, then picked, packed and loaded by people in their shifts."""

from dataclasses import dataclass

import numpy as np

from pipelines.demo.clock import minute_of, moment
from pipelines.demo.orders import next_receipt
from pipelines.demo.people import TRUCK_MINUTE, WAVE_MINUTE, present, worked
from pipelines.demo.tables import Step
from pipelines.demo.transport import send
from pipelines.demo.world import World

TO_PICK, TO_PACK, READY = range(3)


@dataclass(frozen=True)
class Job:
    """One kind of warehouse work on a parcel, and how many minutes it usually takes."""

    name: str
    stage: int
    step: Step
    minutes: float
    minutes_a_line: float


JOBS = (Job("pick", TO_PICK, Step.PICKED, 2.2, 1.5), Job("pack", TO_PACK, Step.PACKED, 1.8, 0.5))


def release(world: World) -> None:
    """Share free stock out over all cleared lines, best tier and oldest wish first, and hand what was given to the warehouse."""
    lines, net, day = world.tables["lines"], world.net, world.day
    wave_at = int(moment(day, WAVE_MINUTE))
    rest = lines["qty"] - lines["released"] - lines["cancelled"]
    cleared = (lines["cleared_at"] > 0) & (lines["cleared_at"] <= wave_at) & (lines["release_day"] <= day)
    rows = np.flatnonzero((rest > 0) & cleared)
    if not len(rows):
        return
    given = _shared_out(world, rows, rest[rows])
    complete = net.customers.wants_complete[lines["customer"][rows]]
    if complete.any():
        _, place = np.unique(lines["order"][rows], return_inverse=True)
        is_short = np.bincount(place, given < rest[rows]) > 0
        given = np.where(complete & is_short[place], 0, given)
    lines["released"][rows] += given
    np.add.at(world.cells["allocated"], lines["cell"][rows], given)
    _note_shortage(world, rows, rest[rows] - given)
    _parcel(world, rows[given > 0], given[given > 0], wave_at)


def pick_and_pack(world: World) -> None:
    """Let pickers and packers of every site work their queues for the day, then load what is packed before the truck leaves."""
    parcels = world.tables["parcels"]
    for site in range(world.net.sites.count):
        for job in JOBS:
            rows = np.flatnonzero((parcels["site"] == site) & (parcels["stage"] == job.stage))
            if len(rows):
                _work(world, job, f"{job.name} {site}", rows)
    ready = np.flatnonzero((parcels["stage"] == READY) & (parcels["ready_at"] <= moment(world.day, TRUCK_MINUTE)))
    if len(ready):
        send(world, ready)


def _work(world: World, job: Job, name: str, rows: np.ndarray) -> None:
    parcels, station, day, dice = world.tables["parcels"], world.net.staff.stations[name], world.day, world.net.dice
    luck = np.exp(0.30 * dice.normal(job.name, parcels["key"][rows]))
    minutes = np.round((job.minutes + job.minutes_a_line * parcels["lines"][rows]) * luck, 1)
    _, ended, who = worked(
        minute_of(parcels["ready_at"][rows], day),
        minutes,
        people=present(station, dice, day),
        opens=station.opens,
        closes=station.closes,
    )
    done = np.isfinite(ended)
    rows, at = rows[done], moment(day, ended[done])
    parcels["stage"][rows], parcels["ready_at"][rows] = job.stage + 1, at
    world.tell(job.step, parcels["order"][rows], at, who[done], minutes[done])


def _shared_out(world: World, rows: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Quantity given to each line: down the list of priority within each cell until its free stock is gone."""
    lines = world.tables["lines"]
    cell, free = lines["cell"][rows], world.cells["on_hand"] - world.cells["allocated"]
    order = np.lexsort(
        (lines["id"][rows], lines["requested"][rows], world.net.customers.tier[lines["customer"][rows]], cell)
    )
    cell, want = cell[order], rest[order]
    before = np.cumsum(want) - want
    head = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
    before = before - np.repeat(before[head], np.diff(np.r_[head, len(cell)]))
    given = np.empty(len(rows), dtype=np.int64)
    given[order] = np.clip(free[cell] - before, 0, want)
    return given


def _note_shortage(world: World, rows: np.ndarray, lacking: np.ndarray) -> None:
    """Promise a new day for what is short, and say so once for each line."""
    lines = world.tables["lines"]
    short = rows[lacking > 0]
    if not len(short):
        return
    due = next_receipt(world)[lines["cell"][short]] + 2
    moved = due > lines["repromised"][short]
    lines["repromised"][short[moved]], lines["touched"][short[moved]] = due[moved], world.day
    fresh = short[lines["was_short"][short] == 0]
    lines["was_short"][fresh] = 1
    world.tell(Step.BACKORDERED, np.unique(lines["order"][fresh]), moment(world.day, WAVE_MINUTE))


def _parcel(world: World, rows: np.ndarray, given: np.ndarray, wave_at: int) -> None:
    """One parcel for each order and site of the wave."""
    if not len(rows):
        return
    lines, sku_count = world.tables["lines"], world.net.goods.count
    site, order = lines["cell"][rows] // sku_count, lines["order"][rows]
    by_parcel = np.lexsort((lines["id"][rows], site, order))
    rows, given, site, order = rows[by_parcel], given[by_parcel], site[by_parcel], order[by_parcel]
    head = np.flatnonzero(np.r_[True, (order[1:] != order[:-1]) | (site[1:] != site[:-1])])
    size = np.diff(np.r_[head, len(rows)])
    ids = world.next_numbers("parcel", len(head))
    world.tables["parcel_lines"].add(
        parcel=np.repeat(ids, size), line=lines["id"][rows], cell=lines["cell"][rows], qty=given
    )
    order_key = world.tables["orders"]["key"][world.tables["orders"].find(order[head])]
    ready_at = wave_at + np.arange(len(head)) % 600
    key = world.net.dice.bits("parcel", world.day, order_key, site[head]).view(np.int64)
    world.tables["parcels"].add(
        id=ids,
        order=order[head],
        site=site[head],
        customer=lines["customer"][rows[head]],
        stage=TO_PICK,
        ready_at=ready_at,
        lines=size,
        key=key,
    )
    world.tell(Step.RELEASED, order[head], ready_at)
