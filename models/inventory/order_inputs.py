"""What each order quantity depends on, gathered from the tables: demand ahead, lead time, position, terms, money; SKU by SKU.

A site that other sites of ours are fed from is asked for what they draw, path by path: each refills to its own level.
"""

import datetime as dt
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models import paths
from models.inventory.lead_time_demand import HORIZONS, Vector, ahead, running
from models.inventory.lead_times import Cycle, LeadTimes, cycles, learnt
from models.inventory.offers import bought_from, terms
from models.inventory.order_quantity import quantity
from models.inventory.order_terms import NORMAL, PATHS, Inputs
from models.inventory.own_demand import NONE, OwnPast, known_past
from models.inventory.past_misses import PastMisses, past_misses
from models.inventory.shelves import LEVELS, forecasts, shapes
from models.model import Frames

# Paths of each SKU at each site, and how far beyond the longest lead time they are drawn: what-if sliders ask for more.
COUNT, REACH = 300, 1.15
Key = tuple[str, str]
# What may say how much is asked for ahead: the forecast's paths, own past weeks of what is bought now and then, or past misses.
FORECAST_PATHS, OWN_WEEKS, MISSES = "forecast", "own weeks", "past misses"


@dataclass(frozen=True)
class Line:
    """One SKU at one site with all that its quantity depends on, and what words about it need."""

    sku_id: str
    site_id: str
    supplier_id: str | None
    from_site_id: str | None
    inputs: Inputs
    lead_count: float
    promised_days: float | None
    abc_class: str | None
    has_margin: bool
    fed_sites: tuple[str, ...] = ()
    demand_law: str = FORECAST_PATHS


@dataclass(frozen=True)
class Book:
    """All that the lines are gathered from, as known at the close of a day."""

    today: dt.date
    assumed: Mapping[str, float]
    stock: dict[Key, tuple[float, float]]
    cells: dict[Key, tuple]
    hang: dict[Key, tuple[float, float]]
    feeds: dict[str, tuple[str, float]]
    open_qty: dict[Key, float]
    committed: dict[Key, float]
    bought_from: dict[Key, str]
    terms: dict[str, dict[str, dict]]
    leads: LeadTimes
    cycles: dict[Key, Cycle]
    margins: dict[Key, tuple[float | None, float | None]]
    skus: dict[str, tuple]
    classes: dict[Key, str]
    sites_bought_for: frozenset[str]
    seed: int
    method: str
    own: OwnPast
    missed: PastMisses | None = None
    count: int = COUNT


def lines(book: Book) -> list[Line]:
    """Every SKU at every site with known stock and demand ahead, bought or fed, in order of SKU and site."""
    by_sku: dict[str, list[str]] = {}
    for sku, site in sorted(book.stock):
        by_sku.setdefault(sku, []).append(site)
    with ThreadPoolExecutor(os.cpu_count()) as hands:
        found = hands.map(lambda item: _of_sku(book, *item), by_sku.items())
        return sorted((line for group in found for line in group), key=lambda line: (line.sku_id, line.site_id))


def _of_sku(book: Book, sku: str, sites: list[str]) -> list[Line]:
    """The lines of one SKU: fed sites first, then those that feed them."""
    fed = [site for site in sites if _feeder(book, sku, site) is not None]
    bare = {site: _bare(book, sku, site) for site in sites}
    longest = max((_end(line.inputs) for line in bare.values() if line), default=0.0)
    days = int(min(np.ceil(REACH * longest + 7), HORIZONS[-1]))
    drawn = {site: _drawn(book, sku, site, days) for site in sites}
    found: list[Line] = []
    pulled: dict[str, tuple[str | None, Vector, float]] = {}
    for site in [*fed, *(site for site in sites if site not in fed)]:
        line, own = bare[site], drawn[site]
        takes = [(other, path, lack) for other, (source, path, lack) in pulled.items() if source == site]
        if line is None or (own is None and not takes):
            continue
        line = _with_demand(line, own, takes)
        found.append(line)
        if site in fed and own is not None:
            told = quantity(line.inputs)  # between two refills the site stands halfway between its levels
            lack = (told.reorder_point_qty + told.order_up_to_qty) / 2 - line.inputs.position_qty
            pulled[site] = (line.from_site_id, np.maximum(own - max(-lack, 0.0), 0.0), max(float(np.floor(lack)), 0.0))
    return found


def _with_demand(line: Line, own: Vector | None, takes: list[tuple]) -> Line:
    """The line with the demand ahead of it: its own and what fed sites draw."""
    drawn = [path for _, path, _ in takes] + ([] if own is None else [own])
    days = min(path.shape[1] for path in drawn)
    fed = sum((path[:, :days] for _, path, _ in takes), np.zeros((drawn[0].shape[0], days)))
    total = fed if own is None else fed + own[:, :days]
    whole = float(total[:, -1].mean())
    inputs = replace(
        line.inputs,
        demand=ahead(total),
        fed_share=round(float(fed[:, -1].mean()) / whole, 6) if whole > 0 else 0.0,
        fed_lack_qty=round(sum(lack for _, _, lack in takes), 3),
    )
    return replace(line, inputs=inputs, fed_sites=tuple(site for site, _, _ in takes))


def _drawn(book: Book, sku: str, site: str, days: int) -> Vector | None:
    cell = book.cells.get((sku, site))
    if cell is None or (sku, site) not in book.hang:
        return None
    means, bands, start = cell
    gone = max((book.today - start).days, 0)
    seed = paths.seed_of(book.seed, f"{sku}/{site}")
    if means.size <= gone:
        return None
    past = book.own if book.missed is None else book.missed
    drawn = past.ahead((sku, site), means[gone:], seed=seed, count=book.count, days=days)
    if drawn is not None:
        return drawn
    return running(
        bands[gone:], means[gone:], LEVELS, shape=book.hang[(sku, site)], seed=seed, count=book.count, days=days
    )


def _end(inputs: Inputs) -> float:
    return inputs.wait_days + inputs.review_days + inputs.lead_days[-1]


def _feeder(book: Book, sku: str, site: str) -> str | None:
    """The site that feeds it, unless it is bought for there."""
    feed = book.feeds.get(site)
    if feed is None or (sku, site) in book.bought_from or (sku, feed[0]) not in book.stock:
        return None
    return feed[0]


def _supplier(book: Book, sku: str, site: str) -> str | None:
    """Who it was bought from last for the site, else for any; else whose terms are cheapest."""
    offers = book.terms.get(sku, {})
    cheapest = min(offers, key=lambda name: (offers[name]["unit_cost"] or np.inf, name)) if offers else None
    return book.bought_from.get((sku, site)) or book.bought_from.get((sku, "")) or cheapest


def _bare(book: Book, sku: str, site: str) -> Line | None:
    """The line without its demand; None where nobody is known to supply it."""
    on_hand, on_order = book.stock[(sku, site)]
    feeder = _feeder(book, sku, site)
    supplier = None if feeder is not None else _supplier(book, sku, site)
    if feeder is None and supplier is None:
        return None
    cost, pack, shelf = book.skus.get(sku, (None, None, None))
    offer = book.terms.get(sku, {}).get(supplier or "", {})
    promised = offer.get("promised_lead_days")
    if feeder is not None:
        _, gap = book.feeds[site]
        lead: tuple[float, ...] = (book.assumed["transfer_days"],)
        count = 0.0
        cycle = Cycle(1.0, float(max(round(gap), 1)))
    else:
        lead, count = book.leads.days(str(supplier), sku, promised)
        cycle = book.cycles.get((str(supplier), site)) or Cycle(1.0, book.assumed["order_cycle_days"])
    margin, price = book.margins.get((sku, site), (None, None))
    abc = book.classes.get((sku, site))
    inputs = Inputs(
        demand=NOTHING, lead_days=lead, wait_days=cycle.wait_days, review_days=cycle.review_days,
        on_hand_qty=max(on_hand, 0.0),
        open_qty=book.open_qty.get((sku, site), 0.0) if site in book.sites_bought_for and feeder is None else on_order,
        committed_qty=book.committed.get((sku, site), 0.0),
        unit_cost=offer.get("unit_cost") or cost,
        short_amount=_short_amount(book.assumed, margin, price, cycle.review_days),
        holding_share=book.assumed["holding_share_per_year"],
        obsolescence_share=book.assumed["obsolescence_share_per_year"],
        line_cost_amount=book.assumed["transfer_line_cost" if feeder else "purchase_line_cost"],
        service_floor_share=book.assumed[f"service_floor_{(abc or 'C').lower()}_share"],
        minimum_order_qty=offer.get("minimum_order_qty") or 0.0,
        pack_qty=(offer.get("pack_qty") or pack or 1.0) if feeder is None else 1.0,
        price_breaks=offer.get("price_breaks"), shelf_life_days=shelf, method_name=book.method,
    )  # fmt: skip
    return Line(
        sku,
        site,
        supplier,
        feeder,
        inputs,
        count,
        promised,
        abc,
        margin is not None,
        demand_law=_law(book, (sku, site)),
    )


def _law(book: Book, key: Key) -> str:
    """What says how much may be asked for: past misses, own weeks, or the forecast."""
    if book.missed is not None and key in book.missed.often:
        return MISSES
    return OWN_WEEKS if book.missed is None and key in book.own.rows else FORECAST_PATHS


def _short_amount(assumed: Mapping[str, float], margin: float | None, price: float | None, days: float) -> float | None:
    """What a unit costs that is not there: its margin where the customer goes, else waiting for half an order cycle."""
    if margin is None:
        return None
    lost = assumed["lost_sale_share"]
    waiting = assumed["waiting_cost_share_per_day"] * (price or 0.0) * days / 2
    return round(max(lost * margin + (1 - lost) * waiting, 0.0), 4)


NOTHING = ahead(np.zeros((1, int(HORIZONS[0]))))


def book(
    frames: Frames,
    *,
    today: dt.date,
    stock: pl.DataFrame,
    forecast: pl.DataFrame,
    seed: int,
    is_rival: bool,
    law: str = OWN_WEEKS,
    count: int = COUNT,
) -> Book:
    """What is known at the close of a day.

    Args:
        frames: what the model reads.
        today: the day; purchase lines are read as they stood then.
        stock: `sku_id`, `site_id`, `on_hand_qty`, `on_order_qty` of that day.
        forecast: the forecast made on that day.
        seed: for the paths.
        is_rival: whether levels follow the normal formula.
        law: `OWN_WEEKS` (the forecast's paths for what is bought often), `MISSES`, or `FORECAST_PATHS` for all.
        count: paths of each SKU at each site.
    """
    bought = frames["marts.purchase_lines"].filter(pl.col("ordered_date") <= today)
    assumed = dict(frames["raw.assumptions"].select("assumption_name", "assumed_number").iter_rows())
    promised = frames["marts.promised_stock"]
    return Book(
        today=today, assumed=assumed,
        stock=_stock(stock),
        cells=forecasts(forecast), hang=shapes(frames),
        feeds=_feeds(frames),
        open_qty=_waiting(bought, today), committed={(sku, site): _number(qty) for sku, site, qty in promised.iter_rows()},
        bought_from=bought_from(bought), terms=terms(frames["core.supplier_terms"], today),
        leads=learnt(bought, today), cycles=cycles(bought, today),
        margins={(sku, site): (_maybe(margin), _maybe(price)) for sku, site, margin, price in frames["marts.sku_margins"].iter_rows()},
        skus={sku: (_maybe(cost), _maybe(pack), shelf) for sku, cost, pack, shelf in frames["core.skus"].iter_rows()},
        classes={(sku, site): abc for sku, site, abc in frames["scores.segments"].iter_rows()},
        sites_bought_for=frozenset(bought["site_id"].unique().to_list()), seed=seed, method=NORMAL if is_rival else PATHS,
        own=known_past(frames, stock, today) if law == OWN_WEEKS else NONE,
        missed=past_misses(frames, stock, today) if law == MISSES else None, count=count,
    )  # fmt: skip


def _stock(stock: pl.DataFrame) -> dict[Key, tuple[float, float]]:
    rows = stock.select("sku_id", "site_id", "on_hand_qty", "on_order_qty").iter_rows()
    return {(sku, site): (_number(has), _number(due)) for sku, site, has, due in rows}


def _feeds(frames: Frames) -> dict[str, tuple[str, float]]:
    """Of each fed site: who feeds it, and the days between transfers."""
    both = frames["marts.site_feeds"].join(frames["marts.site_transfers"], on="site_id")
    rows = both.select("site_id", "from_site_id", "transfer_gap_days").iter_rows()
    return {site: (source, gap) for site, source, gap in rows}


def _number(value: object) -> float:
    return 0.0 if value is None else float(value)  # type: ignore[arg-type]


def _maybe(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _waiting(bought: pl.DataFrame, today: dt.date) -> dict[Key, float]:
    """What is still to come of purchase lines, as known then."""
    from models.inventory.shelves import _parted

    _, waiting = _parted(bought, today)
    sums = waiting.group_by("sku_id", "site_id").agg(pl.col("waited_qty").sum())
    return {(sku, site): float(qty) for sku, site, qty in sums.iter_rows()}
