"""What happened on the customers' side, in Crossdock's own words: a function for each extract gives what changed after a day."""

import numpy as np
import polars as pl

from pipelines.demo import office, parties, words
from pipelines.demo.clock import date_of
from pipelines.demo.columns import (
    LINE_STEP,
    SO_BASE,
    changed,
    coded,
    dates,
    happened,
    in_utc,
    instants,
    money,
    numbered,
)
from pipelines.demo.tables import STEP_NAMES
from pipelines.demo.world import World


def orders(world: World, since: int) -> pl.DataFrame:
    """Order heads."""
    rows, net = changed(world, "orders", since), world.net
    tier = net.customers.tier[rows["customer"]]
    return pl.DataFrame(
        {
            "order_id": numbered("SO", SO_BASE, rows["id"]),
            "customer_id": coded(net.customers.code, rows["customer"]),
            "ordered_at": instants(rows["ordered_at"]),
            "channel_name": coded(parties.CHANNELS, rows["channel"]),
            "status_code": coded(office.STATUS_NAMES, rows["status"]),
            "hold_code": coded(("", "CREDIT"), rows["hold"]).replace("", None),
            "payment_terms_days": pl.Series(parties.TERMS_DAYS[tier]),
        }
    )


def order_lines(world: World, since: int) -> pl.DataFrame:
    """Order lines with what has been shipped and delivered of them so far."""
    rows, net = changed(world, "lines", since), world.net
    sku, site = rows["cell"] % net.goods.count, rows["cell"] // net.goods.count
    is_cancelled = (rows["cancelled"] > 0) & (rows["released"] == 0)
    return pl.DataFrame(
        {
            "order_id": numbered("SO", SO_BASE, rows["order"]),
            "line_key": rows["number"] * LINE_STEP,
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


def shipments(world: World, since: int) -> pl.DataFrame:
    """Consignments; the carrier's system tells time in UTC."""
    rows, net = changed(world, "shipments", since), world.net
    arrived = rows["has_arrived"] == 1
    return pl.DataFrame(
        {
            "shipment_id": numbered("LS", 700_000, rows["id"]),
            "carrier_id": coded([row[0] for row in words.CARRIERS], rows["carrier"]),
            "site_id": coded(net.sites.code, rows["site"]),
            "mode_code": coded([row[2] for row in words.CARRIERS], rows["carrier"]),
            "destination_name": coded(
                [row[3] for row in parties.site_rows(net.size)], net.customers.site[rows["customer"]]
            ),
            "shipped_at": in_utc(instants(rows["shipped_at"])),
            "promised_at": in_utc(instants(rows["promised_at"])),
            "delivered_at": in_utc(instants(np.where(arrived, rows["arrives_at"], 0))),
            "freight_amount": money(rows["freight"]),
            "weight_kg": rows["weight"],
            "status_code": coded(("IN TRANSIT", "DELIVERED"), arrived.astype(np.int64)),
        }
    )


def shipment_lines(world: World, _since: int) -> pl.DataFrame:
    """What travelled in each consignment."""
    rows, net = happened(world, "shipment_lines"), world.net
    return pl.DataFrame(
        {
            "shipment_id": numbered("LS", 700_000, rows["shipment"]),
            "order_id": numbered("SO", SO_BASE, rows["order"]),
            "line_key": rows["number"] * LINE_STEP,
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "shipped_qty": rows["qty"],
        }
    )


def returns(world: World, _since: int) -> pl.DataFrame:
    """What customers sent back."""
    rows, net = happened(world, "returns"), world.net
    return pl.DataFrame(
        {
            "return_id": numbered("RMA", 30_000, rows["id"]),
            "line_key": np.ones(len(rows["id"]), dtype=np.int64),
            "order_id": numbered("SO", SO_BASE, rows["order"]),
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "returned_at": instants(rows["at"]),
            "returned_qty": rows["qty"],
            "reason_code": coded(words.RETURN_REASONS, rows["reason"]),
        }
    )


def service_tickets(world: World, since: int) -> pl.DataFrame:
    """What customers asked about, and when it was settled."""
    rows, net = changed(world, "tickets", since), world.net
    closed = rows["closed_at"] > 0
    return pl.DataFrame(
        {
            "ticket_id": numbered("T-", 60_000, rows["id"]),
            "customer_id": coded(net.customers.code, rows["customer"]),
            "order_id": numbered("SO", SO_BASE, rows["order"]),
            "opened_at": instants(rows["opened_at"]),
            "closed_at": instants(rows["closed_at"]),
            "topic_name": coded(words.TICKET_TOPICS, rows["topic"]),
            "is_escalated": rows["escalated"] == 1,
            "hands_on_minutes": pl.Series(np.where(closed, rows["minutes"], np.nan)).fill_nan(None),
        }
    ).filter(pl.col("opened_at").dt.date() <= date_of(world.day))


def order_events(world: World, _since: int) -> pl.DataFrame:
    """Each step of each order: what, when, by whom, and how many minutes of a person's work."""
    rows, names = happened(world, "events"), world.net.staff.names
    by_person = rows["actor"] >= 0
    return pl.DataFrame(
        {
            "case_id": numbered("SO", SO_BASE, rows["order"]),
            "activity_name": coded(STEP_NAMES, rows["activity"]),
            "event_at": instants(rows["at"]),
            "object_kind_code": pl.Series(["order"]).new_from_index(0, len(by_person)),
            "actor_name": coded([*names.tolist(), "ERP"], np.where(by_person, rows["actor"], len(names))),
            "actor_kind_code": coded(("system", "person"), by_person.astype(np.int64)),
            "hands_on_minutes": pl.Series(rows["minutes"], dtype=pl.Float64).round(1),
        }
    )
