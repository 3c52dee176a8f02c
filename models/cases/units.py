"""What can be lost, unit by unit: each order line, each shelf's expected demand, each shipment and each excess, once."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.cases.kinds import SHORTAGES
from models.cases.known import Known, Row, Shelf
from models.cases.pegging import Pegged
from models.cases.shelf_plan import name, plan

QUARTER = 91
YEAR = 365
# An order line that waits longer is no more expensive than one that waits so long: by then it is lost or forgotten.
MOST_WAIT_DAYS = 28
# Days of demand that safety stock grows by with each day of lead time: a spread of 0.3 of it, held against nine in ten cases.
SAFETY_PER_LEAD_DAY = 0.3 * 1.28


@dataclass(frozen=True)
class Unit:
    """One thing that can be lost once.

    Attributes:
        key: tells it from every other; the same from build to build.
        kind: what it is, in words.
        signal_id: the signal that says so; its case is the unit's case.
        qty, amount: what is lost if it comes.
        chance: how likely it comes.
        wait_amount: the part of the amount that is penalty and waiting.
    """

    key: str
    kind: str
    signal_id: str
    amount: float
    chance: float
    qty: float | None = None
    wait_amount: float = 0.0
    sku_id: str | None = None
    site_id: str | None = None
    customer_id: str | None = None
    order_id: str | None = None
    line_key: str | None = None
    day: dt.date | None = None

    @property
    def expected(self) -> float:
        """What is lost in expectation."""
        return self.amount * self.chance


def units(known: Known) -> list[Unit]:
    """Every unit that any signal puts at risk, each key once: the signal of the first maker that names it keeps it."""
    found: dict[str, Unit] = {}
    signals = known.signals
    plans = {
        (s["sku_id"], s["site_id"]): plan(
            known, (s["sku_id"], s["site_id"]), [], known.lead_days((s["sku_id"], s["site_id"]))
        )
        for s in signals
        if s["signal_kind_code"] in (*SHORTAGES, "order_short") and s["sku_id"] and s["site_id"]
    }
    for maker in (_shortages, _order_lines, _shipments, _credit, _prices, _stock, _parameters, _suppliers, _records):
        for unit in maker(known, plans):
            found.setdefault(unit.key, unit)
    return [found[key] for key in sorted(found)]


def _shortages(known: Known, plans: Mapping[Shelf, Pegged]) -> Iterator[Unit]:
    """Demand that is expected and would find the shelf empty: margin of what is lost, and the waiting of the rest."""
    lost_share, waiting = known.share("lost_sale_share"), known.share("waiting_cost_share_per_day")
    for signal in _of(known, *SHORTAGES):
        shelf = (signal["sku_id"], signal["site_id"])
        outlook = known.outlook.get(shelf) or {}
        chance = float(outlook.get("stockout_share") or signal["chance_share"])
        played = float(outlook.get("expected_lost_qty") or 0) / chance if chance else 0.0
        # Sample paths do not know what is promised to customers already; the plan by the mean does.
        qty = max(played, plans[shelf].short_qty)
        if qty <= 0:
            continue
        wait = qty * (1 - lost_share) * known.unit_net(shelf) * waiting * known.lead_days(shelf) / 2
        yield Unit(
            f"expected demand · {shelf[0]} · {shelf[1]}",
            "expected demand",
            signal["signal_id"],
            qty * lost_share * known.unit_margin(shelf) + wait,
            chance,
            qty,
            wait,
            *shelf,
            day=signal["act_by_date"],
        )


def _order_lines(known: Known, plans: Mapping[Shelf, Pegged]) -> Iterator[Unit]:
    """Order lines that wait: margin of those that are called off, penalty by contract, and what each day of waiting costs."""
    lost_share, waiting = known.share("lost_sale_share"), known.share("waiting_cost_share_per_day")
    lines = {(line["order_id"], line["line_key"]): line for line in known.waiting}
    of_order: dict[str, list[Row]] = {}
    for line in known.waiting:
        of_order.setdefault(line["order_id"], []).append(line)
    for signal in _of(known, "order_held", "order_short", "late_outbound", "missing_data"):
        kind, order = signal["signal_kind_code"], signal["order_id"]
        if kind == "order_held":
            mine = of_order.get(order, [])
        else:
            found = lines.get((order, signal["line_key"]))
            mine = [found] if found is not None else []
        for line in mine:
            shelf = (line["sku_id"], line["site_id"])
            served = plans[shelf].served.get(name(line["order_id"], line["line_key"])) if shelf in plans else None
            likely = served.day if served else line["arrival_p50_date"]
            due = line["due_date"] or known.as_of
            late_days = max(((likely or known.as_of + dt.timedelta(days=known.lead_days(shelf))) - due).days, 1)
            late_days = min(late_days, MOST_WAIT_DAYS)
            value = float(line["open_amount"] or 0)
            wait = value * (float(line["late_penalty_share"] or 0) + waiting * late_days)
            margin = max(float(line["unit_margin_amount"] or 0), 0.0) * float(line["open_qty"])
            is_lost = kind in ("order_held", "order_short")
            yield Unit(
                f"order line · {line['order_id']} · {line['line_key']}",
                "order line",
                signal["signal_id"],
                wait + (margin * lost_share if is_lost else 0.0),
                1.0 if kind == "order_held" else max(float(line["late_share"] or 0), float(signal["chance_share"])),
                float(line["open_qty"]),
                wait,
                *shelf,
                line["customer_id"],
                line["order_id"],
                line["line_key"],
                due,
            )


def _shipments(known: Known, _: object) -> Iterator[Unit]:
    """Goods on the way in shipments that will be late."""
    waiting = known.share("waiting_cost_share_per_day")
    late = {s["shipment_id"]: s for s in _of(known, "late_outbound") if s["shipment_id"]}
    for line in known.travelling:
        signal = late.get(line["shipment_id"])
        if signal is None:
            continue
        days = (
            max((line["arrival_p50_date"] - line["due_date"]).days, 1)
            if line["arrival_p50_date"] and line["due_date"]
            else 1
        )
        wait = float(line["shipped_amount"] or 0) * (float(line["late_penalty_share"] or 0) + waiting * days)
        yield Unit(
            f"shipment · {line['shipment_id']} · {line['order_id']} · {line['line_key']}",
            "shipment",
            signal["signal_id"],
            wait,
            float(signal["chance_share"]),
            float(line["shipped_qty"] or 0),
            wait,
            line["sku_id"],
            line["site_id"],
            line["customer_id"],
            line["order_id"],
            line["line_key"],
            line["due_date"],
        )


def _credit(known: Known, _: object) -> Iterator[Unit]:
    """What a customer owes beyond the limit: the share that is never paid."""
    for signal in _of(known, "over_credit"):
        who, order = signal["customer_id"], signal["order_id"]
        amount = float(signal["impact_amount"] or 0)
        yield Unit(
            f"receivable · {who}", "receivable", signal["signal_id"], amount, 1.0, customer_id=who, order_id=order
        )


def _prices(known: Known, _: object) -> Iterator[Unit]:
    """What was given away, or charged too much, by a wrong price."""
    for signal in _of(known, "wrong_price"):
        order, line = signal["order_id"], signal["line_key"]
        yield Unit(
            f"price · {order} · {line}",
            "price difference",
            signal["signal_id"],
            float(signal["impact_amount"] or 0),
            float(signal["chance_share"]),
            sku_id=signal["sku_id"],
            site_id=signal["site_id"],
            customer_id=signal["customer_id"],
            order_id=order,
            line_key=line,
        )


def _stock(known: Known, _: object) -> Iterator[Unit]:
    """What excess costs in a quarter, and what is still on order on top of it."""
    yearly = known.share("holding_share_per_year") + known.share("obsolescence_share_per_year")
    for signal in _of(known, "excess_stock"):
        shelf = (signal["sku_id"], signal["site_id"])
        excess = float((known.stock.get(shelf) or {}).get("excess_qty") or 0)
        cost = known.unit_cost(shelf[0])
        yield Unit(
            f"stock · {shelf[0]} · {shelf[1]}",
            "stock",
            signal["signal_id"],
            excess * cost * yearly * QUARTER / YEAR,
            1.0,
            excess,
            0.0,
            *shelf,
        )
        for line in known.inbound.get(shelf, ()):
            yield Unit(
                f"purchase line · {line.po_id} · {line.line_key}",
                "purchase line",
                signal["signal_id"],
                line.amount * yearly * QUARTER / YEAR,
                1.0,
                line.qty,
                0.0,
                *shelf,
                day=line.likely,
            )


def _parameters(known: Known, _: object) -> Iterator[Unit]:
    """Demand of the quarter after the lead time that too low a parameter will go on losing; too high a one buys too much.

    What it has bought already is on hand as excess, and counted there.
    """
    excess = {(unit.sku_id, unit.site_id): unit.amount for unit in _stock(known, _) if unit.kind == "stock"}
    for signal in _of(known, "stale_parameter"):
        shelf = (signal["sku_id"], signal["site_id"])
        is_low = known.parameter[shelf]["direction_name"] == "too low"
        amount = float(signal["impact_amount"] or 0) - (0.0 if is_low else excess.get(shelf, 0.0))
        yield Unit(
            f"parameter · {shelf[0]} · {shelf[1]}",
            "demand of the next quarter" if is_low else "stock of the next quarter",
            signal["signal_id"],
            max(amount, 0.0),
            float(signal["chance_share"]),
            None,
            0.0,
            *shelf,
        )


def _suppliers(known: Known, _: object) -> Iterator[Unit]:
    """More safety stock for a longer lead time; by Little's law what is on order tells how much is bought a day."""
    holding = known.share("holding_share_per_year")
    for signal in _of(known, "supplier_worse"):
        health = known.health.get(signal["supplier_id"]) or {}
        before, after = health.get("lead_before_days"), health.get("lead_after_days")
        if before and after and after > before:
            more = float(health.get("open_amount") or 0) / after * (after - before) * SAFETY_PER_LEAD_DAY
            key = f"lead time · {signal['supplier_id']}"
            yield Unit(key, "stock for a longer lead time", signal["signal_id"], more * holding * QUARTER / YEAR, 1.0)


def _records(known: Known, _: object) -> Iterator[Unit]:
    """Stock that records and movements disagree on; what that costs is not known, so its holding for a year is taken."""
    holding = known.share("holding_share_per_year")
    for signal in _of(known, "data_defect"):
        if signal["sku_id"] and signal["impact_amount"]:
            key = f"records · {signal['sku_id']} · {signal['site_id'] or '*'}"
            amount = float(signal["impact_amount"]) * holding
            yield Unit(
                key,
                "stock on record",
                signal["signal_id"],
                amount,
                float(signal["chance_share"]),
                sku_id=signal["sku_id"],
                site_id=signal["site_id"],
            )


def _of(known: Known, *kinds: str) -> list[Row]:
    return [signal for signal in known.signals if signal["signal_kind_code"] in kinds]
