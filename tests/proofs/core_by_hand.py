"""A core built in memory over staging rows written by hand: what the SQL alone says, without files and without a store."""

import datetime as dt
from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter

import duckdb

from pipelines import (
    access,
    ai_closes,
    ai_made_calls,
    ai_prices,
    assumptions,
    heading_changes,
    registers,
    roadmap,
    techniques,
    use_cases,
)
from pipelines.contract import contracts
from pipelines.raw import ACTS, LOADS
from pipelines.table import Table, tables
from tests.worlds import World

ORIGIN = "load_id varchar, line_no bigint, loaded_at timestamptz, extra map(varchar, varchar)"
CORE = {name: made for name, made in tables().items() if made.schema == "core"}

Rows = Mapping[str, Sequence[Mapping[str, object]]]


def core(
    staged: Rows | None = None,
    *,
    as_of: str | None = "2026-01-31",
    timezone: str = "Europe/Berlin",
    fiscal_start: int = 4,
):
    """A DuckDB connection that holds every core table over the staged rows; contracts without rows are empty."""
    draft = World()
    con = draft.connection
    for schema in ("raw", "staging", "core"):
        con.execute(f"create schema {schema}")
    con.execute(
        "create table raw.company as select cast(? as varchar) as timezone_name, cast(? as date) as as_of_date, "
        "cast(? as integer) as fiscal_year_start_month, 'EUR' as reporting_currency, false as is_cut",
        [timezone, as_of, fiscal_start],
    )
    con.execute(f"create table raw.acts ({ACTS})")
    con.execute(f"create table raw.loads ({LOADS})")
    assumptions.make(draft, dt.date(2026, 1, 31))
    use_cases.make(draft, ())
    registers.make(draft, ())
    techniques.make(draft, ())
    access.make(draft, ())
    roadmap.make(draft)
    ai_made_calls.empty(draft)
    ai_prices.empty(draft)
    heading_changes.make(draft, ())
    ai_closes.empty(draft)
    for rules in contracts().values():
        columns = ", ".join(f"{column.name} {column.sql_type}" for column in rules.columns)
        con.execute(f"create table staging.{rules.name} ({columns}, {ORIGIN})")
        for number, row in enumerate((staged or {}).get(rules.name, ())):
            known = {**row, "load_id": "L1", "line_no": number + 2, "loaded_at": "2026-01-31T00:00:00Z"}
            marks = ", ".join("?" * len(known))
            con.execute(f"insert into staging.{rules.name} ({', '.join(known)}) values ({marks})", list(known.values()))
    for name in TopologicalSorter({made.name: made.reads & CORE.keys() for made in CORE.values()}).static_order():
        con.execute(f"create {CORE[name].kind} {name} as {CORE[name].sql}")
    return con


def broken_promises(con: duckdb.DuckDBPyConnection, made: Table) -> list[str]:
    """The promises of a table's header that its rows do not keep."""
    key = ", ".join(made.key)
    nulls = " or ".join(f"{column} is null" for column in made.key)
    counts = {
        f"{key} is null": f"select count(*) from {made.name} where {nulls}",
        f"{key} twice": f"select count(*) from (select {key} from {made.name} group by {key} having count(*) > 1)",
        **{check: f"select count(*) from {made.name} where not ({check})" for check in made.checks},
    }
    return [f"{made.name}: {what}" for what, sql in counts.items() if con.execute(sql).fetchall() != [(0,)]]


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    """All rows of a query."""
    return con.execute(sql).fetchall()


def line(order_id: str, line_key: str, sku_id: str, ordered_qty: float, **more: object) -> dict:
    """One staged order line."""
    return {"order_id": order_id, "line_key": line_key, "sku_id": sku_id, "ordered_qty": ordered_qty, **more}


# Order A has a header and its lines say little; order B has only lines, and says more in them.
STAGED = {
    "orders": [
        {"order_id": "A", "customer_id": "C1", "ordered_at": "2026-01-05T23:30:00Z", "requested_date": "2026-01-09"},
        {"order_id": "Z", "customer_id": "C9", "ordered_at": "2026-01-05T08:00:00Z"},
    ],
    "order_lines": [
        line("A", "1", "S1", 10, unit_price=2, discount_amount=1),
        line("A", "2", "S2", 5, unit_price=3),
        line("B", "1", "S1", -2, ordered_at="2026-01-07T10:00:00Z", customer_id="C2"),
        line("B", "2", "S1", 4, ordered_at="2026-01-08T10:00:00Z", customer_id="C2", shipped_qty=3, net_amount=9),
        line("B", "3", "S1", 1, ordered_at="2026-01-08T11:00:00Z", customer_id="C2", is_cancelled=True),
        line("B", "4", "POST", 1, ordered_at="2026-01-08T11:00:00Z", customer_id="C2", is_goods=False),
    ],
    "skus": [{"sku_id": "S1", "unit_cost": 1.5}],
    "shipments": [
        {"shipment_id": "D1", "shipped_at": "2026-01-06T09:00:00Z", "delivered_at": "2026-01-08T23:30:00Z"},
        {"shipment_id": "D2"},
    ],
    "shipment_lines": [
        {"shipment_id": "D1", "order_id": "A", "line_key": "1", "shipped_qty": 8},
        {"shipment_id": "D2", "order_id": "A", "line_key": "2", "shipped_qty": 5},
        {"shipment_id": "D3", "order_id": "A", "line_key": "2", "shipped_qty": 5},
    ],
    "stock_days": [
        {"sku_id": "S1", "stock_date": "2026-01-05", "on_hand_qty": 12, "on_order_qty": 3},
        {"sku_id": "S1", "stock_date": "2026-01-12", "on_hand_qty": 7},
        {"sku_id": "S2", "stock_date": "2026-01-05", "on_hand_qty": 1},
    ],
    "stock_movements": [
        {"movement_id": "m1", "sku_id": "S1", "moved_at": "2026-01-06T12:00:00Z", "moved_qty": -10},
        {"movement_id": "m2", "sku_id": "S1", "moved_at": "2026-01-08T12:00:00Z", "moved_qty": -2},
        {"movement_id": "m3", "sku_id": "S1", "moved_at": "2026-01-14T12:00:00Z", "moved_qty": -1},
    ],
    "purchase_lines": [
        {
            "po_id": "P",
            "line_key": "1",
            "sku_id": "S1",
            "supplier_id": "V",
            "ordered_qty": 5,
            "ordered_date": "2026-01-02",
        },
        {
            "po_id": "P",
            "line_key": "2",
            "sku_id": "S2",
            "supplier_id": "V",
            "ordered_qty": 5,
            "ordered_date": "2026-01-02",
        },
        {
            "po_id": "Q",
            "line_key": "1",
            "sku_id": "S1",
            "supplier_id": "V",
            "ordered_qty": 5,
            "ordered_date": "2026-01-01",
        },
        {
            "po_id": "R",
            "line_key": "1",
            "sku_id": "S1",
            "supplier_id": "W",
            "ordered_qty": 5,
            "ordered_date": "2026-01-03",
        },
        {
            "po_id": "R",
            "line_key": "2",
            "sku_id": "S1",
            "supplier_id": "W",
            "ordered_qty": 5,
            "ordered_date": "2026-01-03",
        },
    ],
    "receipts": [
        {
            "receipt_id": "R1",
            "line_key": "1",
            "po_id": "P",
            "sku_id": "S1",
            "received_at": "2026-01-02T10:00:00Z",
            "received_qty": 2,
        },
        {
            "receipt_id": "R2",
            "line_key": "1",
            "po_id": "P",
            "po_line_key": "1",
            "received_at": "2026-01-04T23:30:00Z",
            "received_qty": 3,
        },
        {
            "receipt_id": "R3",
            "line_key": "1",
            "po_id": "R",
            "sku_id": "S1",
            "received_at": "2026-01-05T10:00:00Z",
            "received_qty": 4,
        },
    ],
    "prices": [{"sku_id": "S3", "unit_price": 4}],
    "external_signals": [{"signal_name": "holiday", "signal_date": "2026-01-01", "signal_number": 1}],
}
