"""What helps a shelf that runs empty: goods from another site, a hurried purchase, a new one, another supplier, a substitute."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping

from models.cases.known import Assumed, Inbound, Known, Shelf
from models.cases.options import Option, qty_text
from models.cases.pegging import Supply
from models.cases.shelf_plan import name, plan
from models.cases.units import Unit
from models.cases.worked_out import CYCLE_DAYS, move, replenish, shared_out

MOST_SHELVES = 4  # of one case that options are worked out for, those with most to lose
KEPT_DAYS = 28  # beyond its lead time, that a site which gives keeps for itself
HURRIED_DAYS, ASKED_DAYS = 7, 3  # by how much a line comes earlier when it is hurried, and when one only asks
MOST_MOVES = 2  # transfers to one shelf
LEAST_SHARE = 0.1  # of what is lacking, below which no vehicle is loaded


def shelf_options(known: Known, units: list[Unit]) -> Iterator[Option]:
    """Options for the shelves of a case that have most to lose."""
    at_stake: dict[Shelf, float] = {}
    for unit in units:
        if unit.kind in ("expected demand", "order line") and unit.sku_id and unit.site_id:
            shelf = (unit.sku_id, unit.site_id)
            at_stake[shelf] = at_stake.get(shelf, 0.0) + unit.expected
    for shelf in sorted(at_stake, key=lambda one: (-at_stake[one], one))[:MOST_SHELVES]:
        yield from _transfers(known, shelf, units)
        yield from _hurries(known, shelf, units)
        yield from _purchases(known, shelf, units)
        yield from _substitutes(known, shelf, units)
        yield from shared_out(known, shelf)


def saves(
    known: Known, shelf: Shelf, units: list[Unit], more: list[Supply], changed: Mapping[str, dt.date] | None = None
) -> dict[str, float]:
    """Which share of each unit of a shelf is no longer lost with more supply, or with purchase lines that come on another day."""
    days = known.lead_days(shelf)
    before, after = plan(known, shelf, [], days), plan(known, shelf, more, days, changed)
    found: dict[str, float] = {}
    for unit in units:
        if (unit.sku_id, unit.site_id) != shelf:
            continue
        if unit.kind == "expected demand":
            # Where the plan by the mean shows no gap, the gap is in the futures that go worse: then what comes in time covers it.
            asked = max(before.short_qty, unit.qty or 0.0)
            added = sum(supply.qty for supply in more)
            gained = before.short_qty - after.short_qty if before.short_qty > 0 else min(added, unit.qty or 0.0)
            found[unit.key] = min(max(gained / asked, 0.0), 1.0) if asked else 0.0
        elif unit.kind == "order line":
            key = name(str(unit.order_id), str(unit.line_key))
            was, now = before.served.get(key), after.served.get(key)
            if was and now and now.day and (was.day is None or now.day < was.day):
                due = max(unit.day or known.as_of, known.as_of)
                long = max(((was.day or due + dt.timedelta(days=days)) - due).days, 1)
                found[unit.key] = min(max(1 - max((now.day - due).days, 0) / long, 0.0), 1.0)
    return {key: share for key, share in found.items() if share > 0.005}


def spare(known: Known, shelf: Shelf) -> float:
    """What a site can give of a SKU and still serve its own orders and its own demand until new goods could come, and four weeks more."""
    stock = known.stock.get(shelf) or {}
    own = sum(known.demand(shelf)[: known.lead_days(shelf) + KEPT_DAYS])
    promised = sum(float(line["open_qty"]) for line in known.lines_of.get(shelf, ()))
    fed = [site for site, feeder in known.feeds.items() if feeder == shelf[1]]
    others = sum(sum(known.demand((shelf[0], site))[: known.lead_days(shelf)]) for site in fed)
    return max(float(stock.get("on_hand_qty") or 0) - own - promised - others, 0.0)


def _lacking(shelf: Shelf, units: list[Unit]) -> float:
    return sum(
        unit.qty or 0.0
        for unit in units
        if (unit.sku_id, unit.site_id) == shelf and unit.kind in ("expected demand", "order line")
    )


def _transfers(known: Known, shelf: Shelf, units: list[Unit]) -> Iterator[Option]:
    """From the site that can spare most; where transfers have been worked out for all sites together, only what came out of that."""
    if known.has_moves:
        for row in known.moves_to.get(shelf, ())[:MOST_MOVES]:
            yield move(known, row)
        return
    lacking = _lacking(shelf, units)
    others = [(spare(known, (shelf[0], site)), site) for site in known.sites_of.get(shelf[0], ()) if site != shelf[1]]
    if not others or lacking <= 0:
        return
    free, giver = max(others)
    qty = math.floor(min(free, math.ceil(lacking)))
    if qty < max(1, LEAST_SHARE * lacking):
        return
    arrives = known.as_of + dt.timedelta(days=int(known.share("transfer_days")))
    fixed, line = known.range_of("transfer_cost"), known.range_of("transfer_line_cost")
    yield Option(
        "transfer",
        f"Move {qty:,} of {known.sku_name(shelf[0])} from {known.site_name(giver)} to {known.site_name(shelf[1])}",
        {"sku_id": shelf[0], "from_site_id": giver, "to_site_id": shelf[1], "qty": qty_text(qty)},
        f"{known.site_name(giver)} can spare {free:,.0f} beyond its own demand; they would arrive about {arrives:%d %b}.",
        "Whether a vehicle goes that way anyway, and what is damaged or blocked on the giver's shelf.",
        saves(known, shelf, units, [Supply(arrives, float(qty), "transfer")]),
        cost=Assumed(fixed.value + line.value, fixed.low + line.low, fixed.high + line.high),
        moved=qty * known.unit_cost(shelf[0]),
        horizon_days=14,
    )


def _hurries(known: Known, shelf: Shelf, units: list[Unit]) -> Iterator[Option]:
    """The next open line of the shelf hurried for money, or only asked for."""
    coming = sorted(known.inbound.get(shelf, ()), key=lambda line: (line.likely, line.po_id, line.line_key))
    if not coming:
        return
    line = coming[0]
    supplier = known.supplier.get(line.supplier_id or "") or line.supplier_id or "the supplier"
    share, works = known.range_of("expedite_share"), known.range_of("expedite_success_share")
    unknown = "Whether the goods are finished at the supplier, and what a faster transport would really cost."
    hurried = earlier(known, shelf, units, line, HURRIED_DAYS)
    if hurried:
        yield Option(
            "expedite",
            f"Hurry {line.po_id} line {line.line_key}: {line.qty:,.0f} of {known.sku_name(shelf[0])}",
            {"po_id": line.po_id, "line_key": line.line_key, "days": str(HURRIED_DAYS)},
            f"It is likely here on {line.likely:%d %b}; a week earlier shortens the gap at {known.site_name(shelf[1])}.",
            unknown,
            hurried,
            works,
            Assumed(line.amount * share.value, line.amount * share.low, line.amount * share.high),
            line.amount,
            horizon_days=max((line.likely - known.as_of).days, 7),
        )
    asked = earlier(known, shelf, units, line, ASKED_DAYS)
    if asked:
        said = (
            f"Please confirm the day on which {line.qty:,.0f} of {shelf[0]} on {line.po_id} line {line.line_key} will arrive; "
            f"it was due {line.due:%d %b %Y}, and we need it earlier than {line.likely:%d %b}."
        )
        yield Option(
            "supplier_message",
            f"Ask {supplier} about {line.po_id} line {line.line_key}",
            {"po_id": line.po_id, "supplier_id": line.supplier_id, "text": said},
            f"It was due {line.due:%d %b} and is likely here on {line.likely:%d %b}; asking costs ten minutes.",
            "Whether the supplier answers.",
            asked,
            known.range_of("supplier_message_success_share"),
            known.labour("supplier_message"),
            horizon_days=14,
        )


def earlier(known: Known, shelf: Shelf, units: list[Unit], line: Inbound, days: int) -> dict[str, float]:
    """What is saved when a line comes so many days earlier, though not before the day after tomorrow."""
    sooner = max(line.likely - dt.timedelta(days=days), known.as_of + dt.timedelta(days=2))
    if sooner >= line.likely:
        return {}
    return saves(known, shelf, units, [], {name(line.po_id, line.line_key): sooner})


def _purchases(known: Known, shelf: Shelf, units: list[Unit]) -> Iterator[Option]:
    """A new order with the usual supplier where nothing is coming, or with another one who is faster."""
    worked_out = known.order.get(shelf)
    if worked_out and worked_out["supplier_id"]:
        yield replenish(known, shelf, worked_out)
    terms = known.terms.get(shelf[0], [])
    if not terms or shelf[1] in known.feeds:
        return
    usual = {line.supplier_id for line in known.inbound.get(shelf, ())}
    coming = min((line.likely for line in known.inbound.get(shelf, ())), default=None)
    lead = known.lead_days(shelf)
    cheapest = min(float(term["unit_cost"] or 0) for term in terms)
    for term in terms:
        promised = int(term["promised_lead_days"] or lead)
        arrives = known.as_of + dt.timedelta(days=max(promised, 1))
        is_other = bool(usual) and term["supplier_id"] not in usual
        is_known = known.has_orders and not is_other  # the order quantity was worked out, or found not to be worth it
        if is_known or (usual and not is_other) or (coming is not None and arrives >= coming):
            continue
        daily = known.demand(shelf)
        wanted = _lacking(shelf, units) + (0.0 if usual else sum(daily[lead : lead + CYCLE_DAYS]))
        pack, least = float(term["pack_qty"] or 1) or 1.0, float(term["minimum_order_qty"] or 0)
        qty = max(math.ceil(max(wanted, 1.0) / pack) * pack, math.ceil(least / pack) * pack)
        unit_cost = float(term["unit_cost"] or known.unit_cost(shelf[0]))
        order = known.range_of("purchase_order_cost")
        dearer = max(unit_cost - cheapest, 0.0) * qty
        margin = known.unit_margin(shelf) * known.share("lost_sale_share")
        # What the order sells after the lead time, where nothing else is on its way.
        later = 0.0 if usual else min(sum(daily[lead : lead + CYCLE_DAYS]), qty) * margin
        who = known.supplier.get(term["supplier_id"]) or term["supplier_id"]
        yield Option(
            "re_source" if is_other else "purchase",
            f"Order {qty:,.0f} of {known.sku_name(shelf[0])} from {who} for {known.site_name(shelf[1])}",
            {
                "sku_id": shelf[0],
                "site_id": shelf[1],
                "supplier_id": term["supplier_id"],
                "qty": qty_text(qty),
                "unit_cost": f"{unit_cost:.4f}",
            },
            f"{who} promises {promised} days, which would be {arrives:%d %b}; "
            + (f"what is on order is likely here on {coming:%d %b}." if coming else "nothing is on order."),
            "Whether the supplier has it, and whether it keeps its promise.",
            saves(known, shelf, units, [Supply(arrives, qty, "new order")]),
            known.range_of("re_source_success_share"),
            Assumed(order.value + dearer, order.low + dearer, order.high + dearer),
            qty * unit_cost,
            later,
            horizon_days=promised + CYCLE_DAYS,
        )


def _substitutes(known: Known, shelf: Shelf, units: list[Unit]) -> Iterator[Option]:
    """Another SKU that may be sent in its place, for the order line that loses most."""
    for other in known.substitutes.get(shelf[0], ()):
        free = spare(known, (other, shelf[1]))
        mine = [u for u in units if u.kind == "order line" and (u.sku_id, u.site_id) == shelf and (u.qty or 0) <= free]
        if not mine:
            continue
        line = max(mine, key=lambda unit: (unit.expected, unit.key))
        yield Option(
            "substitute",
            f"Send {known.sku_name(other)} on order {line.order_id} line {line.line_key} instead",
            {"order_id": line.order_id, "line_key": line.line_key, "sku_id": other},
            f"{known.site_name(shelf[1])} can spare {free:,.0f} of it, and it may be sent in place of {shelf[0]}.",
            "Whether this customer takes it.",
            {line.key: 1.0},
            known.range_of("substitute_success_share"),
            known.range_of("substitute_cost"),
            horizon_days=7,
        )
