"""What the core tables make of a handful of rows, each figure worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from tests.proofs.core_by_hand import CORE, STAGED, broken_promises, core, line, rows

D = Decimal


@pytest.fixture(scope="module")
def con():
    return core(STAGED)


@pytest.mark.parametrize("name", CORE)
def test_a_table_keeps_its_promises(con, name):
    assert broken_promises(con, CORE[name]) == []


@pytest.mark.parametrize("as_of", ["2026-01-31", None])
def test_a_company_without_rows_has_every_table(as_of):
    """Empty tables keep their promises too; without a day to stand on there is no calendar."""
    empty = core(as_of=as_of)
    assert [broken for made in CORE.values() for broken in broken_promises(empty, made)] == []
    assert rows(empty, "select count(*) from core.calendar") == [(401 if as_of else 0,)]


def test_a_line_takes_from_its_order_what_it_lacks(con):
    """23:30 in UTC is the next day in Berlin."""
    found = rows(
        con,
        "select customer_id, ordered_date, requested_date from core.order_lines where order_id = 'A' and line_key = '1'",
    )
    assert found == [("C1", date(2026, 1, 6), date(2026, 1, 9))]


def test_a_line_takes_from_its_shipments_what_it_lacks(con):
    """A1 left with 8 of 10; A2 only stands in shipments that have not left; B2 said 3 itself; the rest is no open demand."""
    found = rows(
        con, "select order_id || line_key, shipped_qty, shipped_date, delivered_date from core.order_lines order by 1"
    )
    assert found == [
        ("A1", D(8), date(2026, 1, 6), date(2026, 1, 9)),
        ("A2", D(0), None, None),
        ("B1", None, None, None),
        ("B2", D(3), None, None),
        ("B3", D(0), None, None),
        ("B4", None, None, None),
    ]


def test_an_arrival_alone_proves_no_quantity():
    """A shipment that only says when it arrived gives the line its day, but no shipped quantity."""
    arrived = core(
        {
            "order_lines": [line("A", "1", "S1", 10, ordered_at="2026-01-05T10:00:00Z")],
            "shipments": [{"shipment_id": "D", "delivered_at": "2026-01-08T10:00:00Z"}],
            "shipment_lines": [{"shipment_id": "D", "order_id": "A", "line_key": "1", "shipped_qty": 10}],
        }
    )
    assert rows(arrived, "select shipped_qty, delivered_date from core.order_lines") == [(None, date(2026, 1, 8))]


def test_money_is_taken_as_given_or_worked_out_or_left_open(con):
    """A1: 10 × 2 − 1 = 19, less 10 × 1.5 is 4. A2 has no cost. B1 has no price. B2 brought its net 9, less 4 × 1.5 is 3."""
    found = rows(
        con,
        "select order_id || line_key, net_amount, margin_amount from core.order_lines where sku_id <> 'POST' order by 1",
    )
    assert found == [
        ("A1", D(19), D(4)),
        ("A2", D(15), None),
        ("B1", None, None),
        ("B2", D(9), D(3)),
        ("B3", None, None),
    ]


def test_flags_are_never_empty(con):
    found = rows(con, "select order_id || line_key, is_cancelled, is_return, is_goods from core.order_lines order by 1")
    assert [row[0] for row in found if row[1]] == ["B3"]
    assert [row[0] for row in found if row[2]] == ["B1"]
    assert [row[0] for row in found if not row[3]] == ["B4"]


def test_an_order_may_be_known_from_its_lines_only(con):
    found = rows(con, "select order_id, customer_id, cast(ordered_at as date), is_implied from core.orders order by 1")
    assert found == [
        ("A", "C1", date(2026, 1, 5), False),
        ("B", "C2", date(2026, 1, 7), True),
        ("Z", "C9", date(2026, 1, 5), False),
    ]


def test_a_shipment_may_be_known_from_its_lines_only(con):
    assert rows(con, "select shipment_id, is_implied from core.shipments order by 1") == [
        ("D1", False),
        ("D2", False),
        ("D3", True),
    ]


def test_masters_hold_what_facts_name(con):
    assert rows(con, "select sku_id from core.skus where is_implied order by 1") == [("POST",), ("S2",), ("S3",)]
    assert rows(con, "select customer_id from core.customers where is_implied order by 1") == [
        ("C1",),
        ("C2",),
        ("C9",),
    ]
    assert rows(con, "select supplier_id from core.suppliers where is_implied order by 1") == [("V",), ("W",)]
    assert rows(con, "select site_id, site_name from core.sites") == [("*", "All sites")]


def test_stock_between_snapshots_is_worked_out_from_movements(con):
    """12 − 10 = 2 on the 6th and 7th, 0 until the count of 7 on the 12th, 6 on the 14th, when the movements end."""
    found = rows(
        con,
        "select extract(day from stock_date), on_hand_qty, is_snapshot from core.stock_days where sku_id = 'S1' order by 1",
    )
    worked_out = {6: 2, 7: 2, 8: 0, 9: 0, 10: 0, 11: 0, 13: 7, 14: 6}
    assert [(day, qty) for day, qty, is_snapshot in found if not is_snapshot] == list(worked_out.items())
    assert [(day, qty) for day, qty, is_snapshot in found if is_snapshot] == [(5, 12), (12, 7)]


def test_stock_without_movements_stays_as_it_came(con):
    assert rows(con, "select count(*) from core.stock_days where sku_id = 'S2'") == [(1,)]


def test_a_receipt_is_credited_to_the_line_it_means(con):
    """P1 gets 2 by its SKU and 3 by its line; P2 nothing so far; Q is older than the receipts; R1 or R2 cannot be told."""
    found = rows(con, "select po_id || line_key, received_qty, last_received_date from core.purchase_lines order by 1")
    assert found == [
        ("P1", D(5), date(2026, 1, 5)),
        ("P2", D(0), None),
        ("Q1", None, None),
        ("R1", None, None),
        ("R2", None, None),
    ]


def test_demand_leaves_out_what_is_no_demand_for_goods(con):
    """Return, cancelled line and postage are no demand."""
    found = rows(
        con, "select sku_id, site_id, demand_date, demand_qty, line_count from core.demand_facts order by 1, 3"
    )
    assert found == [
        ("S1", "*", date(2026, 1, 6), D(10), 1),
        ("S1", "*", date(2026, 1, 8), D(4), 1),
        ("S2", "*", date(2026, 1, 6), D(5), 1),
    ]


def test_demand_is_dense_and_says_when_stock_hid_it(con):
    """On the 8th stock ran out, but 4 were ordered against 2 the evening before: that day shows its demand. The 9th to 11th do not."""
    sql = "select extract(day from demand_date), demand_qty, is_stock_out, is_censored from core.demand_days where sku_id = 'S1' order by 1"
    found = rows(con, sql)
    assert [row[0] for row in found] == list(range(6, 32))
    assert [(row[0], row[1]) for row in found if row[1]] == [(6, D(10)), (8, D(4))]
    assert [row[0] for row in found if row[2]] == [8, 9, 10, 11]
    assert [row[0] for row in found if row[2] is None] == list(range(15, 32))
    assert [row[0] for row in found if row[3]] == [9, 10, 11]


def test_a_selling_life_ends():
    """With its discontinuation where a master tells it, with the last demand when nobody asked for a year, else today."""
    ordered = {"old": "2024-12-01", "ended": "2026-01-20", "alive": "2026-01-20"}
    ended = core(
        {
            "order_lines": [line(sku, "1", sku, 1, ordered_at=f"{day}T10:00:00Z") for sku, day in ordered.items()],
            "skus": [{"sku_id": "ended", "discontinued_date": "2026-01-25"}],
        }
    )
    found = dict(rows(ended, "select sku_id, max(demand_date) from core.demand_days group by sku_id"))
    assert found == {"old": date(2024, 12, 1), "ended": date(2026, 1, 25), "alive": date(2026, 1, 31)}


def test_the_calendar_names_weeks_and_periods(con):
    """The ISO year turns with its first Thursday, the fiscal year here with April."""
    sql = "select iso_week, fiscal_period_name from core.calendar where day_date = date '{}'"
    assert rows(con, sql.format("2026-01-01")) == [("2026-W01", "FY2026 P10")]
    assert rows(con, sql.format("2026-03-31")) == [("2026-W14", "FY2026 P12")]
    assert rows(con, sql.format("2026-04-01")) == [("2026-W14", "FY2027 P01")]
    assert rows(con, sql.format("2027-01-03")) == [("2026-W53", "FY2027 P10")]
    assert rows(con, sql.format("2027-01-04")) == [("2027-W01", "FY2027 P10")]
    plain = core(as_of="2026-01-31", fiscal_start=1)
    assert rows(plain, sql.format("2026-12-31")) == [("2026-W53", "FY2026 P12")]


def test_working_days_are_those_on_which_orders_come():
    """A shop that trades from Sunday to Friday for ten weeks has its Saturday off; too little evidence means Monday to Friday."""
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 29)] + [
        f"2026-03-{day:02}" for day in range(1, 15)
    ]
    trading = [day for day in days if date.fromisoformat(day).isoweekday() != 6]
    shop = core(
        {"order_lines": [line(day, "1", "S1", 1, ordered_at=f"{day}T10:00:00Z") for day in trading]}, as_of="2026-03-14"
    )
    sql = "select distinct extract(isodow from day_date) from core.calendar where is_working_day order by 1"
    assert rows(shop, sql) == [(1,), (2,), (3,), (4,), (5,), (7,)]
    young = core({"order_lines": [line("A", "1", "S1", 1, ordered_at="2026-01-03T10:00:00Z")]})
    assert rows(young, sql) == [(1,), (2,), (3,), (4,), (5,)]


def test_silence_in_a_key_is_written_out(con):
    assert rows(con, "select customer_id, valid_from_date, is_contract from core.prices") == [
        ("*", date(1900, 1, 1), False)
    ]
    assert rows(con, "select place_name, known_date from core.external_signals") == [("*", date(2026, 1, 1))]


def test_the_order_of_rows_changes_nothing(con):
    """The same rows staged backwards give the same tables, but for the lines that they came from."""
    backwards = core({name: list(reversed(staged)) for name, staged in STAGED.items()})
    for name in CORE:
        found = rows(con, f"select column_name from duckdb_columns() where schema_name || '.' || table_name = '{name}'")
        shown = ", ".join(column for (column,) in found if column != "line_no")
        sql = f"select cast(shown as varchar) as shown from (select {shown} from {name}) as shown order by 1"
        assert rows(con, sql) == rows(backwards, sql), name
