"""No row later than the day of judgement is ever read: the same company twice, once with a future beyond all measure, says the same."""

import csv
import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.demand import backtest
from models.demand.history import history
from pipelines import flow
from store.company import create_company
from store.warehouse import current_build

DAY = dt.date(2024, 6, 30)
DAYS = 260
SKUS = ("A", "B", "C", "D")
MONSTROUS = 10**8  # times seven: the most that an extract may say


def day(back):
    return DAY - dt.timedelta(days=back)


def order(name, sku, ordered, took, qty):
    """An order line that was asked for in three days and came in so many."""
    return {
        "Order No": name, "Line": 1, "SKU": sku, "Site": "X", "Customer": f"K{len(name)}", "Ordered At": ordered,
        "Ordered Qty": qty, "Shipped Qty": qty, "Requested Date": ordered + dt.timedelta(days=3),
        "Delivered Date": ordered + dt.timedelta(days=took), "Unit Price": 5, "Net Amount": 5 * qty,
    }  # fmt: skip


def purchase(name, sku, ordered, took, qty):
    return {
        "PO No": name, "Line": 1, "Supplier": "V", "SKU": sku, "Site": "X", "Ordered Date": ordered,
        "Promised Date": ordered + dt.timedelta(days=14), "Last Received Date": ordered + dt.timedelta(days=took),
        "Ordered Qty": qty, "Received Qty": qty, "Unit Cost": 2,
    }  # fmt: skip


def count(sku, on, qty):
    return {"SKU": sku, "Site": "X", "Stock Date": on, "On Hand Qty": qty}


def facts():
    """What happened, the last days of it after the day of judgement: what came then was open on it."""
    dice, orders, purchases, counts = np.random.default_rng(1), [], [], []
    for n, sku in enumerate(SKUS):
        for back in range(DAYS, -1, -1):
            took = int(dice.integers(1, 6))
            orders.append(order(f"O{sku}{back}", sku, day(back), took, 1 + int(dice.poisson(4 + 5 * n))))
            counts.append(count(sku, day(back), max(0, int(40 + 45 * np.sin(back / 9 + n)))))
        purchases += [
            purchase(f"P{sku}{back}", sku, day(back), 12 + int(dice.integers(0, 6)), 90)
            for back in range(DAYS - 5, 0, -4)
        ]
    return {"order_lines": orders, "purchase_lines": purchases, "stock_days": counts}


def poisoned():
    """The same up to the day; what came after it comes half a year later, and then there is a flood."""
    told = facts()
    spoilt = {
        "order_lines": [row | later(row["Delivered Date"], "Delivered Date") for row in told["order_lines"]],
        "purchase_lines": [
            row | later(row["Last Received Date"], "Last Received Date") for row in told["purchase_lines"]
        ],
        "stock_days": told["stock_days"],
    }
    for n, sku in enumerate((*SKUS, "NEW")):
        for ahead in range(1, 60):
            spoilt["order_lines"].append(order(f"Z{sku}{ahead}", sku, day(-ahead), 40, MONSTROUS * (1 + ahead % 7)))
            spoilt["stock_days"].append(count(sku, day(-ahead), 0))
            spoilt["purchase_lines"].append(purchase(f"Z{sku}{ahead}", sku, day(-ahead), 200 + n, MONSTROUS))
    return spoilt


def later(came, column):
    return {column: came + dt.timedelta(days=200)} if came > DAY else {}


def built(name, extracts, folder):
    """The build of a company that knows the world at the end of the day."""
    company = create_company(name)
    for contract, rows in extracts.items():
        path = folder / f"{name}_{contract}.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        flow.land(company, path, who="tests", contract=contract, is_trusted=True)
    flow.refresh(company, who="tests", as_of=DAY)
    return current_build(company)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("twice")
        patch.setenv("CROSSDOCK_HOME", str(folder / "home"))
        yield built("calm", facts(), folder), built("poisoned", poisoned(), folder)


def scores(build):
    names = build.query("select table_name from information_schema.tables where table_schema = 'scores'")
    return {name: build.query(f"select * from scores.{name} order by all") for name in names["table_name"].sort()}


def test_every_score_of_the_day_is_the_same_whatever_came_after_it(both):
    calm, spoilt = (scores(build) for build in both)
    assert calm.keys() == spoilt.keys()
    assert [name for name in calm if not calm[name].equals(spoilt[name])] == []


def test_the_day_has_something_to_say(both):
    """Equal would be cheap if nothing were said: most models speak, and none has failed."""
    calm = scores(both[0])
    spoken = {name for name, frame in calm.items() if frame.height}
    assert spoken >= {"demand_forecasts", "demand_lookbacks", "demand_levels", "stockout_outlook", "supplier_health"}
    assert spoken >= {"order_late_risk", "inbound_risk", "backtests", "segments"}
    assert "failed" not in calm["model_runs"]["run_status_code"].to_list()
    assert calm["demand_lookbacks"]["origin_date"].n_unique() == 3


def demand(spoilt_after=None):
    """The demand of the company as models read it; after an origin it may be spoilt."""
    rows = [
        (row["SKU"], "X", row["Ordered At"], float(row["Ordered Qty"]))
        for row in facts()["order_lines"]
    ]  # fmt: skip
    if spoilt_after:
        rows = [row if row[2] <= spoilt_after else (*row[:3], row[3] * MONSTROUS * (row[2].day % 3)) for row in rows]
    facts_of = pl.DataFrame(rows, schema=["sku_id", "site_id", "demand_date", "demand_qty"], orient="row")
    lives = facts_of.group_by("sku_id", "site_id").agg(
        first_demand_date=pl.col("demand_date").min(), last_sale_date=pl.lit(DAY)
    )
    empty_days = [(sku, "X", day(back), True) for sku in SKUS for back in (30, 31, 65, 66, 90, 120, 121, 122)]
    if spoilt_after:
        empty_days = [row for row in empty_days if row[2] <= spoilt_after]
    empty = pl.DataFrame(empty_days, schema=["sku_id", "site_id", "demand_date", "is_censored"], orient="row")
    return history(facts_of, lives, empty, DAY)


@pytest.mark.parametrize("origin", backtest.origins(DAY))
def test_what_a_look_back_says_knows_nothing_of_what_came(origin):
    """Points, bands and misses of the past at each origin; only what came may differ."""
    calm, spoilt = (backtest.outcome(past, origin) for past in (demand(), demand(spoilt_after=origin)))
    assert not np.array_equal(calm.came, spoilt.came, equal_nan=True)
    for name in calm.said:
        np.testing.assert_array_equal(calm.said[name], spoilt.said[name])
        np.testing.assert_array_equal(calm.bands[name], spoilt.bands[name])
    np.testing.assert_array_equal(calm.blend.residuals, spoilt.blend.residuals)
