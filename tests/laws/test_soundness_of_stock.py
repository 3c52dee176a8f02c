"""Wrong numbers that raise no error, where stock is concerned: a level, not a flow, and never where nobody looked."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.worlds import figure, line, mart, world


def stock(day, qty, sku_id="BOLT", site_id="LEJ"):
    return {"sku_id": sku_id, "site_id": site_id, "stock_date": day, "on_hand_qty": qty}


def test_stock_is_never_summed_over_days():
    days = [stock(f"2026-11-{day:02}", 10) for day in range(1, 14)]
    made = world("marts.stock_days", "marts.stock_now", skus=[{"sku_id": "BOLT", "unit_cost": 2}], stock_days=days)
    assert figure(made, "average_inventory_value") == 20
    assert figure(made, "inventory_value") == Decimal(20)
    assert figure(made, "on_hand_quantity") == Decimal(10)


def test_turns_do_not_depend_on_how_often_stock_was_counted():
    """Dividing by summed snapshots would make weekly counting look seven times as fast as daily counting."""
    facts = {"skus": [{"sku_id": "BOLT", "unit_cost": 2}], "order_lines": [line("O1", shipped_date="2026-11-04")]}
    daily = [stock(dt.date(2026, 11, 13) - dt.timedelta(days=n), 10) for n in range(28)]
    often = world("marts.stock_periods", stock_days=daily, **facts)
    seldom = world("marts.stock_periods", stock_days=daily[::7], **facts)
    assert figure(often, "inventory_turns") == figure(seldom, "inventory_turns") == pytest.approx(20 * 365 / 28 / 20)


def test_stock_that_nobody_asked_for_lasts_for_no_known_time_and_not_for_none_or_for_ever():
    made = mart("marts.stock_now", [{"sku_id": "A", "site_id": "LEJ", "on_hand_qty": 5, "demand_28_qty": 0}])
    assert figure(made, "days_of_cover") is None


def test_a_shelf_that_was_never_used_is_no_stockout():
    made = world(
        "marts.stock_days",
        order_lines=[line("O1")],
        stock_days=[
            stock("2026-11-01", 0),
            stock("2026-11-03", 0),
            stock("2026-11-04", 5),
            stock("2026-11-04", 0, site_id="HAM"),
        ],
    )
    assert made.query("select count(*) from marts.stock_days where is_on_sale").item() == 2, (
        "not before the first demand, not at HAM"
    )
    assert figure(made, "stockout_share") == 0.5


def test_a_warehouse_that_shows_no_demand_of_its_own_is_not_full_of_excess():
    made = world(
        "marts.stock_now",
        skus=[{"sku_id": "BOLT", "unit_cost": 2}, {"sku_id": "NUT", "unit_cost": 1}],
        order_lines=[line("O1")],
        stock_days=[
            stock("2026-11-13", 5),
            stock("2026-11-13", 9, sku_id="NUT"),
            stock("2026-11-13", 1000, site_id="CENTRAL"),
        ],
    )
    rows = made.query(
        "select sku_id, site_id, demand_28_qty, excess_amount from marts.stock_now order by sku_id, site_id"
    ).rows()
    assert rows == [
        ("BOLT", "CENTRAL", None, None),
        ("BOLT", "LEJ", Decimal(10), Decimal(0)),
        ("NUT", "LEJ", Decimal(0), Decimal(9)),
    ]
    assert figure(made, "excess_value") == Decimal(9)


def test_selling_lives_are_the_days_of_demand_days():
    made = world(
        "marts.selling_lives", "core.demand_days",
        skus=[{"sku_id": "OLD", "discontinued_date": "2026-11-10"}],
        order_lines=[
            line("O1"), line("O2", sku_id="OLD"), line("O3", sku_id="GONE", ordered_at="2025-06-01T12:00:00Z"),
            line("O4", sku_id="GONE", ordered_at="2025-07-01T12:00:00Z"), line("O5", is_cancelled=True, ordered_at="2026-01-01T12:00:00Z"),
        ],
    )  # fmt: skip
    lives = made.query(
        "select sku_id, site_id, first_demand_date, last_sale_date from marts.selling_lives order by 1, 2"
    ).rows()
    days = (
        "select sku_id, site_id, min(demand_date), max(demand_date) from core.demand_days group by 1, 2 order by 1, 2"
    )
    assert lives == made.query(days).rows()
