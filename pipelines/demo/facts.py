"""What happened, as rows in Crossdock's own words: each function gives the rows of one extract that changed after a day."""

import numpy as np
import polars as pl

from pipelines.demo import office, parties, weather, words
from pipelines.demo.clock import date_of, holidays
from pipelines.demo.demand import BLOCK_DAYS, promotions
from pipelines.demo.plants import SLIP
from pipelines.demo.world import ACTIVITIES, MOVEMENT_NAMES, World

ANNOUNCED_DAYS = 21
HOLIDAY_KNOWN_DAYS = 60


def orders(world: World, since: int, until: int) -> pl.DataFrame:
    """Order heads."""
    rows, net = changed(world, "orders", since), world.net
    tier = net.customers.tier[rows["customer"]]
    return pl.DataFrame(
        {
            "order_id": numbered("SO", 1_000_000, rows["id"]),
            "customer_id": coded(net.customers.code, rows["customer"]),
            "ordered_at": instants(rows["ordered_at"]),
            "channel_name": coded(parties.CHANNELS, rows["channel"]),
            "status_code": coded(office.STATUS_NAMES, rows["status"]),
            "hold_code": coded(("", "CREDIT"), rows["hold"]).replace("", None),
            "payment_terms_days": pl.Series(parties.TERMS_DAYS[tier]),
        }
    )


def order_lines(world: World, since: int, until: int) -> pl.DataFrame:
    """Order lines with what has been shipped and delivered of them so far."""
    rows, net = changed(world, "lines", since), world.net
    sku, site = rows["cell"] % net.goods.count, rows["cell"] // net.goods.count
    is_cancelled = (rows["cancelled"] > 0) & (rows["released"] == 0)
    return pl.DataFrame(
        {
            "order_id": numbered("SO", 1_000_000, rows["order"]),
            "line_key": rows["number"] * 10,
            "sku_id": coded(net.goods.code, sku),
            "site_id": coded(net.sites.code, site),
            "customer_id": coded(net.customers.code, rows["customer"]),
            "ordered_at": instants(rows["ordered_at"]),
            "requested_date": dates(rows["requested"]),
            "first_promised_date": dates(rows["promised"]),
            "last_promised_date": dates(rows["repromised"]),
            "ordered_qty": rows["qty"],
            "shipped_qty": rows["shipped"],
            "shipped_date": dates(rows["shipped_day"]),
            "delivered_date": dates(rows["delivered_day"]),
            "cancelled_date": dates(np.where(is_cancelled, rows["cancelled_day"], 0)),
            "unit_price": money(rows["price"]),
            "discount_amount": money(rows["discount"]),
            "net_amount": money(rows["net"]),
            "margin_amount": money(rows["margin"]),
            "is_cancelled": is_cancelled,
        }
    )


def shipments(world: World, since: int, until: int) -> pl.DataFrame:
    """Consignments; the carrier's system tells time in UTC."""
    rows, net = changed(world, "shipments", since), world.net
    arrived = rows["has_arrived"] == 1
    return pl.DataFrame(
        {
            "shipment_id": numbered("LS", 700_000, rows["id"]),
            "carrier_id": coded([row[0] for row in words.CARRIERS], rows["carrier"]),
            "site_id": coded(net.sites.code, rows["site"]),
            "mode_code": coded([row[2] for row in words.CARRIERS], rows["carrier"]),
            "destination_name": coded([row[3] for row in parties.site_rows(net.size)], net.customers.site[rows["customer"]]),
            "shipped_at": in_utc(instants(rows["shipped_at"])),
            "promised_at": in_utc(instants(rows["promised_at"])),
            "delivered_at": in_utc(instants(np.where(arrived, rows["arrives_at"], 0))),
            "freight_amount": money(rows["freight"]),
            "weight_kg": rows["weight"],
            "status_code": coded(("IN TRANSIT", "DELIVERED"), arrived.astype(np.int64)),
        }
    )


def shipment_lines(world: World, since: int, until: int) -> pl.DataFrame:
    """What travelled in each consignment."""
    rows, net = happened(world, "shipment_lines"), world.net
    return pl.DataFrame(
        {
            "shipment_id": numbered("LS", 700_000, rows["shipment"]),
            "order_id": numbered("SO", 1_000_000, rows["order"]),
            "line_key": rows["number"] * 10,
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "shipped_qty": rows["qty"],
        }
    )


def stock_days(world: World, since: int, until: int) -> pl.DataFrame:
    """Closing stock; where a unit-of-measure slip is planted, the warehouse system counts cartons."""
    rows, net = happened(world, "stock"), world.net
    sku = rows["cell"] % net.goods.count
    unit = np.ones(len(sku))
    for plant in world.plants:
        if plant.kind == SLIP:
            unit[np.isin(sku, plant.numbers) & (rows["day"] >= plant.from_day)] = net.goods.pack[plant.numbers[0]]
    return pl.DataFrame(
        {
            "sku_id": coded(net.goods.code, sku),
            "site_id": coded(net.sites.code, rows["cell"] // net.goods.count),
            "stock_date": dates(rows["day"]),
            **{f"{name}_qty": _counted(rows[name], unit) for name in ("on_hand", "on_order", "allocated")},
        }
    )


def stock_movements(world: World, since: int, until: int) -> pl.DataFrame:
    """Every booking that changed stock on hand."""
    rows, net = happened(world, "movements"), world.net
    return pl.DataFrame(
        {
            "movement_id": numbered("MB", 5_000_000, rows["id"]),
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "site_id": coded(net.sites.code, rows["cell"] // net.goods.count),
            "moved_at": instants(rows["at"]),
            "kind_code": coded(MOVEMENT_NAMES, rows["kind"]),
            "moved_qty": rows["qty"],
        }
    )


def purchase_lines(world: World, since: int, until: int) -> pl.DataFrame:
    """Purchase order lines with what has been received of them so far."""
    rows, net = changed(world, "purchases", since), world.net
    state = np.select([rows["is_closed"] == 1, rows["received_day"] > 0], [2, 1], 0)
    return pl.DataFrame(
        {
            "po_id": numbered("PO", 450_000, rows["po"]),
            "line_key": rows["number"] * 10,
            "supplier_id": coded(net.suppliers.code, rows["supplier"]),
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "site_id": coded(net.sites.code, rows["cell"] // net.goods.count),
            "ordered_date": dates(rows["ordered_day"]),
            "promised_date": dates(rows["promised_day"]),
            "confirmed_date": dates(rows["confirmed_day"]),
            "ordered_qty": rows["qty"],
            "received_qty": rows["received"],
            "last_received_date": dates(rows["received_day"]),
            "unit_cost": pl.Series(rows["cost"]).round(4),
            "status_code": coded(("OPEN", "PARTIAL", "CLOSED"), state),
        }
    )


def receipts(world: World, since: int, until: int) -> pl.DataFrame:
    """Goods receipts, with what was refused."""
    rows, net = happened(world, "receipts"), world.net
    return pl.DataFrame(
        {
            "receipt_id": numbered("GR", 880_000, rows["id"]),
            "line_key": rows["number"] * 10,
            "po_id": numbered("PO", 450_000, rows["po"]),
            "po_line_key": rows["number"] * 10,
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "received_at": instants(rows["at"]),
            "received_qty": rows["qty"],
            "rejected_qty": rows["refused"],
        }
    )


def returns(world: World, since: int, until: int) -> pl.DataFrame:
    """What customers sent back."""
    rows, net = happened(world, "returns"), world.net
    return pl.DataFrame(
        {
            "return_id": numbered("RMA", 30_000, rows["id"]),
            "line_key": np.ones(len(rows["id"]), dtype=np.int64),
            "order_id": numbered("SO", 1_000_000, rows["order"]),
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "returned_at": instants(rows["at"]),
            "returned_qty": rows["qty"],
            "reason_code": coded(words.RETURN_REASONS, rows["reason"]),
        }
    )


def order_events(world: World, since: int, until: int) -> pl.DataFrame:
    """Each step of each order: what, when, by whom, and how many minutes of a person's work."""
    rows, names = happened(world, "events"), world.net.staff.names
    by_person = rows["actor"] >= 0
    return pl.DataFrame(
        {
            "case_id": numbered("SO", 1_000_000, rows["order"]),
            "activity_name": coded(ACTIVITIES, rows["activity"]),
            "event_at": instants(rows["at"]),
            "object_kind_code": pl.Series(["order"]).new_from_index(0, len(by_person)),
            "actor_name": coded([*names.tolist(), "ERP"], np.where(by_person, rows["actor"], len(names))),
            "actor_kind_code": coded(("system", "person"), by_person.astype(np.int64)),
            "hands_on_minutes": pl.Series(rows["minutes"], dtype=pl.Float64).round(1),
        }
    )


def service_tickets(world: World, since: int, until: int) -> pl.DataFrame:
    """What customers asked about, and when it was settled."""
    rows, net = changed(world, "tickets", since), world.net
    closed = rows["closed_at"] > 0
    return pl.DataFrame(
        {
            "ticket_id": numbered("T-", 60_000, rows["id"]),
            "customer_id": coded(net.customers.code, rows["customer"]),
            "order_id": numbered("SO", 1_000_000, rows["order"]),
            "opened_at": instants(rows["opened_at"]),
            "closed_at": instants(rows["closed_at"]),
            "topic_name": coded(words.TICKET_TOPICS, rows["topic"]),
            "is_escalated": rows["escalated"] == 1,
            "hands_on_minutes": pl.Series(np.where(closed, rows["minutes"], np.nan)).fill_nan(None),
        }
    ).filter(pl.col("opened_at").dt.date() <= date_of(until))


def offers(world: World, since: int, until: int) -> pl.DataFrame:
    """Promotions that were announced: three weeks before they begin."""
    net = world.net
    after, last = max(since + ANNOUNCED_DAYS, net.size.first_day - 1), until + ANNOUNCED_DAYS
    blocks = range(after // BLOCK_DAYS - 1, last // BLOCK_DAYS + 1)
    found = [p for block in blocks for p in promotions(net.size.name, net.dice.seed, block) if after < p["first"] <= last]
    rows = [
        (net.goods.code[p["sku"]], None if p["is_everywhere"] else net.sites.code[p["sites"][0]], date_of(p["first"]), date_of(p["last"]), p["discount"])
        for p in sorted(found, key=lambda p: (p["first"], p["sku"]))
    ]
    types = {"sku_id": pl.String, "site_id": pl.String, "starts_date": pl.Date, "ends_date": pl.Date, "discount_share": pl.Float64}
    return pl.DataFrame(rows, schema=types, orient="row")


def external_signals(world: World, since: int, until: int) -> pl.DataFrame:
    """Weather by region and day, diesel by week, and holidays two months before they come."""
    net, dice = world.net, world.net.dice
    regions = [row[3] for row in parties.site_rows(net.size)]
    begin = max(since + 1, net.size.first_day)
    rows: list[tuple] = []
    for day in range(begin, until + 1):
        for name, values in (("weather severity", weather.severity), ("temperature", weather.temperature)):
            rows += [(name, place, date_of(day), float(x), date_of(day)) for place, x in zip(regions, values(dice, day, len(regions)), strict=True)]
        if day % 7 == 4:
            rows.append(("diesel price", "DE", date_of(day), weather.diesel_price(dice, day), date_of(day)))
    soon = range(begin + (HOLIDAY_KNOWN_DAYS if since >= net.size.first_day else 0), until + HOLIDAY_KNOWN_DAYS + 1)
    rows += [
        ("holiday", "*", date_of(day), 1.0, date_of(max(day - HOLIDAY_KNOWN_DAYS, net.size.first_day)))
        for day in soon
        if day in holidays(date_of(day).year)
    ]
    types = {"signal_name": pl.String, "place_name": pl.String, "signal_date": pl.Date, "signal_number": pl.Float64, "known_date": pl.Date}
    return pl.DataFrame(rows, schema=types, orient="row")


def changed(world: World, kind: str, since: int) -> dict[str, np.ndarray]:
    """Rows of a table, open and closed, that changed after a day, by id."""
    table = world.tables[kind]
    parts = [table.taken(table["touched"] > since)]
    closed = world.log.table(kind) if world.log is not None else None
    if closed is not None:
        recent = closed["touched"] > since
        parts.append({name: values[recent] for name, values in closed.items()})
    joined = {name: np.concatenate([part[name] for part in parts]) for name in table.types}
    by_id = np.argsort(joined["id"], kind="stable")
    return {name: values[by_id] for name, values in joined.items()}


def happened(world: World, kind: str) -> dict[str, np.ndarray]:
    """Rows of a log in the order in which they happened; without any, the right columns with nothing in them."""
    rows = world.log.table(kind) if world.log is not None else None
    return rows if rows is not None else dict.fromkeys(LOG_COLUMNS[kind], np.zeros(0, dtype=np.int64))


LOG_COLUMNS = {
    "shipment_lines": ("shipment", "order", "line", "number", "cell", "qty"),
    "stock": ("day", "cell", "on_hand", "on_order", "allocated"),
    "movements": ("id", "cell", "qty", "kind", "at"),
    "receipts": ("id", "po", "number", "cell", "qty", "refused", "at"),
    "returns": ("id", "order", "cell", "qty", "reason", "at"),
    "events": ("order", "activity", "at", "actor", "minutes"),
    "demand": ("day", "cell", "wanted", "recorded"),
}


def coded(names, index: np.ndarray) -> pl.Series:
    """A name for each number."""
    return pl.Series([str(name) for name in names]).gather(pl.Series(index.astype(np.uint32)))


def numbered(prefix: str, base: int, ids: np.ndarray) -> pl.Series:
    """Document numbers such as SO1000001."""
    return pl.select(pl.format(prefix + "{}", pl.Series(ids + base))).to_series()


def dates(days: np.ndarray) -> pl.Series:
    """Dates; day 0 is none."""
    return pl.Series(days).cast(pl.Int32).replace(0, None).cast(pl.Date)


def instants(seconds: np.ndarray) -> pl.Series:
    """Wall-clock moments; second 0 is none."""
    return (pl.Series(seconds).cast(pl.Int64).replace(0, None) * 1000).cast(pl.Datetime("ms"))


def in_utc(moments: pl.Series) -> pl.Series:
    """The same moments as UTC tells them."""
    return moments.dt.replace_time_zone("Europe/Berlin").dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def money(amounts: np.ndarray) -> pl.Series:
    """Money to the cent."""
    return pl.Series(np.round(amounts, 2))


def _counted(qty: np.ndarray, unit: np.ndarray) -> pl.Series:
    counted = np.round(qty / unit, 2)
    return pl.Series(counted.astype(np.int64)) if (unit == 1).all() else pl.Series(counted)
