"""Each source has a target of its own for how old it may be, and is as old as the older of its rows and its last load."""

import datetime as dt
from typing import Any

import pytest

from pipelines.assumptions import assumptions
from pipelines.contract import contracts
from tests.unit.test_control_compliance import FRESH, call, case, control, running
from tests.unit.test_registers import AS_OF
from tests.worlds import World, world


def brought(made: World, **days: int) -> None:
    """Sources that were last brought so many days before the day up to which the data reach."""
    for contract, ago in days.items():
        made.execute(
            "insert into raw.loads (load_id, contract, accepted, loaded_at) values (?, ?, 1, ?)",
            [contract, contract, f"{AS_OF - dt.timedelta(days=ago)} 08:00:00+00"],
        )


def assumed(value: float) -> dict[str, Any]:
    return {
        "kind": "assume", "subject": "freshness_days_receipts", "who": "elsa", "at": dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC),
        "payload": {"value": value, "low": value, "high": value, "reason": "Agreed with the warehouse."},
    }  # fmt: skip


def test_every_source_has_a_target_of_its_own():
    held = {entry.name for entry in assumptions() if entry.name.startswith("freshness_days_")}
    assert held == {f"freshness_days_{name}" for name in contracts()}


@pytest.mark.parametrize(("own", "is_fresh"), [(None, False), (30, True)])
def test_each_source_is_held_against_its_own_target_which_people_change(own: float | None, is_fresh: bool):
    """Two sources a month old: receipts are too old at seven days and not at thirty, masters may be a year old."""
    made = world("marts.source_freshness", as_of=AS_OF, acts=[] if own is None else [assumed(own)])
    brought(made, receipts=30, skus=30)
    told = made.query("select * from marts.source_freshness order by contract_name").rows(named=True)
    day = AS_OF - dt.timedelta(days=30)
    assert [(row["contract_name"], row["loaded_date"], row["source_age_days"]) for row in told] == [
        ("receipts", day, 30), ("skus", day, 30),
    ]  # fmt: skip
    assert [(row["freshness_target_days"], row["is_fresh"]) for row in told] == [(own or 7, is_fresh), (366, True)]


def aged(made: World) -> dict[str, tuple[int, bool]]:
    """Days and verdict of every source."""
    found = made.query("select contract_name, source_age_days, is_fresh from marts.source_freshness")
    return {name: (days, is_fresh) for name, days, is_fresh in found.iter_rows()}


OLD_DAY = AS_OF - dt.timedelta(days=731)
OLD = f"{OLD_DAY} 08:00:00+00"
# One row of two years ago in every extract whose rows have a day; a plan and a signal of it began and ended then.
DUMP: dict[str, list[dict[str, Any]]] = {
    "order_lines": [{"order_id": "O1", "line_key": "1", "sku_id": "S1", "ordered_qty": 1, "ordered_at": OLD}],
    "orders": [{"order_id": "O1", "ordered_at": OLD}],
    "order_events": [{"case_id": "O1", "activity_name": "shipped", "event_at": OLD, "occurrence": 1}],
    "stock_days": [{"sku_id": "S1", "site_id": "LEJ", "stock_date": OLD_DAY, "on_hand_qty": 3}],
    "stock_movements": [{"movement_id": "M1", "sku_id": "S2", "site_id": "LEJ", "moved_qty": 1, "kind_code": "receipt", "moved_at": OLD}],
    "purchase_lines": [{"po_id": "P1", "line_key": "1", "sku_id": "S1", "ordered_qty": 1, "ordered_date": OLD_DAY}],
    "receipts": [{"receipt_id": "R1", "line_key": "1", "sku_id": "S1", "received_qty": 1, "received_at": OLD}],
    "shipments": [{"shipment_id": "X1", "shipped_at": OLD}],
    "shipment_lines": [{"shipment_id": "X1", "order_id": "O1", "line_key": "1", "shipped_qty": 1}],
    "returns": [{"return_id": "B1", "line_key": "1", "sku_id": "S1", "returned_qty": 1, "returned_at": OLD}],
    "service_tickets": [{"ticket_id": "T1", "opened_at": OLD}],
    "promotions": [{"sku_id": "S1", "starts_date": OLD_DAY, "ends_date": OLD_DAY}],
    "external_signals": [{"signal_name": "rain", "signal_date": OLD_DAY, "signal_number": 1, "known_date": OLD_DAY}],
    "demand_plans": [{"sku_id": "S1", "plan_starts_date": OLD_DAY, "plan_ends_date": OLD_DAY, "planned_qty": 1}],
    "ai_calls": [call(1, "a", 5, called_at=OLD)],
    "ai_cases": [case(1, 1.0) | {"opened_at": OLD}],
    "ai_bills": [{"charge_starts_at": OLD, "billed_amount": 1, "currency_code": "EUR"}],
}  # fmt: skip
UNDATED = {"skus", "customers", "suppliers", "sites", "carriers", "lanes", "prices", "supplier_terms"}


def test_every_extract_is_told_of_by_its_rows_or_named_as_one_without_a_day():
    assert {*DUMP} | UNDATED == {*contracts()}
    assert not {*DUMP} & UNDATED


@pytest.mark.parametrize("as_of", [AS_OF, OLD_DAY])
def test_an_old_extract_is_not_fresh_because_it_was_brought_today(as_of: dt.date):
    """Rows of two years ago, brought today; once beside newer data, once as all there is, so that the data themselves end there."""
    made = world("marts.source_freshness", as_of=as_of, **DUMP)
    brought(made, **dict.fromkeys(contracts(), 0))
    told = aged(made)
    assert {told[name] for name in DUMP} == {(731, False)}, told
    assert {told[name] for name in UNDATED} == {(0, True)}, "nothing but the load tells how old a master is"
    days = made.query("select distinct newest_row_date from marts.source_freshness where newest_row_date is not null")
    assert days.rows() == [(OLD_DAY,)]


def test_a_build_of_a_day_in_the_past_does_not_hold_later_loads_against_its_rows():
    made = world("marts.source_freshness", as_of=OLD_DAY, **DUMP)
    brought(made, receipts=0)
    made.execute("update raw.company set is_cut = true")
    assert aged(made) == {"receipts": (0, True)}


def test_the_larger_age_counts_and_a_plan_of_days_to_come_has_none():
    """Receipts brought ten days ago with rows of three, returns the other way round; a plan that runs ahead is as old as its load."""
    three, ten = (AS_OF - dt.timedelta(days=days) for days in (3, 10))
    made = world(
        "marts.source_freshness", as_of=AS_OF,
        receipts=[DUMP["receipts"][0] | {"received_at": f"{three} 08:00:00+00"}],
        returns=[DUMP["returns"][0] | {"returned_at": f"{ten} 08:00:00+00"}],
        demand_plans=[DUMP["demand_plans"][0] | {"plan_ends_date": AS_OF + dt.timedelta(days=20)}],
    )  # fmt: skip
    brought(made, receipts=10, returns=3, demand_plans=2)
    assert aged(made) == {"receipts": (10, False), "returns": (10, True), "demand_plans": (2, True)}


def test_what_is_worked_out_of_other_sources_makes_none_fresh():
    """A count of two years ago with bookings since, and headers of old orders beside lines of new ones."""
    made = world(
        "marts.source_freshness", as_of=AS_OF, orders=DUMP["orders"], stock_days=DUMP["stock_days"],
        stock_movements=[DUMP["stock_movements"][0] | {"sku_id": "S1", "moved_at": f"{AS_OF} 08:00:00+00"}],
        order_lines=[DUMP["order_lines"][0] | {"order_id": "O2", "ordered_at": f"{AS_OF} 08:00:00+00"}],
    )  # fmt: skip
    brought(made, orders=0, stock_days=0, stock_movements=0, order_lines=0)
    assert aged(made) == {
        "orders": (731, False), "stock_days": (731, False), "stock_movements": (0, True), "order_lines": (0, True),
    }  # fmt: skip


def test_a_control_counts_each_source_against_its_own_target_and_its_limit_caps_all():
    """Shipments of three days, receipts and articles of a month; a work log of AI is no source that a use case answers from."""
    made = world("marts.control_compliance", as_of=AS_OF)
    brought(made, shipments=3, receipts=30, skus=30, ai_cases=30)
    usual = control(running(made), "UC1", FRESH)
    assert (usual["checked_count"], usual["kept_count"], usual["verdict_code"]) == (3, 2, "not kept")
    assert usual["seen_text"] == "Sources whose last load and newest row are within their own targets (loads, rows)."
    for days, kept in ((400, 2), (29, 1), (2, 0)):
        made.execute("update raw.use_case_controls set limit_number = ? where control_name = ?", [days, FRESH])
        told = control(running(made), "UC1", FRESH)
        assert (told["checked_count"], told["kept_count"], told["verdict_code"]) == (3, kept, "not kept")
        assert f"none older than {days} days" in told["seen_text"]
