"""Between which sites goods can be moved, in how many days and at what cost: known lanes where there are any, else what is assumed."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import ceil

import polars as pl

from models.inventory.shelves import MOST_LEAD, Shelf
from models.model import Frames

USUAL_LOAD_KG = 50.0  # by which the cheapest carrier of a lane is chosen


@dataclass(frozen=True)
class Lane:
    """One way between two sites of ours.

    Attributes:
        days: until moved goods are there, at least one.
        fixed_amount: of each journey; kilo_amount: of each kilogram.
        is_assumed: no lane is known, and these are assumptions.
    """

    from_site_id: str
    to_site_id: str
    days: int
    fixed_amount: float
    kilo_amount: float
    is_assumed: bool


def lanes(frames: Frames) -> dict[tuple[str, str], Lane]:
    """A lane for every pair of sites that hold stock; one to a site, its name or its region stands for the way there."""
    assumed = dict(frames["raw.assumptions"].iter_rows())
    places = {site: {site, name, region} - {None} for site, name, region in frames["core.sites"].iter_rows()}
    known: dict[tuple[str, str], list[tuple[float, float, float, float]]] = {}
    for start, place, per_shipment, per_kg, hours in frames["core.lanes"].iter_rows():
        if per_shipment is None and per_kg is None:
            continue
        fixed, kilo = float(per_shipment or 0), float(per_kg or 0)
        told = float(hours) if hours is not None else 24.0 * assumed["transfer_days"]
        known.setdefault((start, place), []).append((fixed + kilo * USUAL_LOAD_KG, told, fixed, kilo))
    held = sorted(frames["marts.stock_now"]["site_id"].unique())
    found = {}
    for start, end in permutations(held, 2):
        ways = [way for place in places.get(end, {end}) for way in known.get((start, place), [])]
        if ways:
            _, hours, fixed, kilo = min(ways)
            found[(start, end)] = Lane(start, end, max(ceil(hours / 24), 1), fixed, kilo, is_assumed=False)
        else:
            days = max(ceil(assumed["transfer_days"]), 1)
            found[(start, end)] = Lane(start, end, days, assumed["transfer_cost"], 0.0, is_assumed=True)
    return found


def just_moved(frames: Frames, since: dt.date) -> tuple[set, set]:
    """Shelves that got the SKU from another site of ours since a day, and shelves that sent it to one."""
    recent = frames["marts.recent_transfers"]
    came = recent.filter(pl.col("transfer_in_date") >= since).select("sku_id", "site_id").rows()
    went = recent.filter(pl.col("transfer_out_date") >= since).select("sku_id", "site_id").rows()
    return set(came), set(went)


def fed_later(
    shelves: Sequence[Shelf], gaps: Mapping[str, float], promised: Mapping[tuple[str, str], float]
) -> Iterator[Shelf]:
    """The shelves, with a longer wait for those that other sites feed and whose feeders have nothing to send.

    A site that is fed twice a week does not get within days what is nowhere to be had: then it waits for the first delivery or
    new order to a site that buys, and for the next transfer from there.
    """
    buyers: dict[str, list[Shelf]] = {}
    for shelf in shelves:
        if shelf.site_id not in gaps:
            buyers.setdefault(shelf.sku_id, []).append(shelf)
    for shelf in shelves:
        others = buyers.get(shelf.sku_id, [])
        is_fed = shelf.site_id in gaps and others and not shelf.open_qty.size
        if not is_fed or any(b.on_hand > promised.get((b.sku_id, b.site_id), 0.0) for b in others):
            yield shelf
            continue
        first = min(min(float(b.due.min()) + 1 if b.due.size else b.lead_days, b.lead_days) for b in others)
        wait = ceil(max(first, 1) + gaps[shelf.site_id])
        yield replace(shelf, lead_days=min(max(wait, shelf.lead_days), MOST_LEAD))
