"""Wrong numbers that raise no error: each trap that a metric or a mart could fall into has its permanent home here."""

import datetime as dt
from decimal import Decimal

import pytest

from metrics.definition import definition
from tests.worlds import NOON, figure, line, mart, world

# ── joins ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_join_to_masters_multiplies_no_row():
    """One file that fed three contracts stands three times in raw.loads; a join on the load would triple every sum."""
    made = world(
        "marts.order_lines", "marts.orders", "marts.shipments",
        customers=[{"customer_id": "ALPHA", "tier_code": "A"}, {"customer_id": "BETA", "tier_code": "B"}],
        skus=[{"sku_id": "BOLT", "category_name": "Fasteners"}],
        sites=[{"site_id": "LEJ", "region_name": "East"}],
        orders=[{"order_id": "O1", "channel_name": "edi", "ordered_at": NOON}],
        order_lines=[line("O1"), line("O1", "2"), line("O2", customer_id="BETA")],
        shipments=[{"shipment_id": "S1", "shipped_at": NOON, "freight_amount": 7}],
        shipment_lines=[
            {"shipment_id": "S1", "order_id": o, "line_key": k, "shipped_qty": 10} for o, k in (("O1", "1"), ("O1", "2"), ("O2", "1"))
        ],
    )  # fmt: skip
    assert made.query("select count(*) from raw.loads where load_id = 'L1'").item() > 1
    assert made.query("select count(*) from marts.order_lines").item() == 3
    assert figure(made, "net_sales") == Decimal(150)
    assert figure(made, "orders_count") == 2
    assert made.query("select freight_amount, shipped_qty from marts.shipments").rows() == [(Decimal(7), Decimal(30))]
    assert figure(made, "freight_cost_per_unit") == pytest.approx(7 / 30)


def test_a_row_whose_master_is_missing_is_not_lost():
    made = world("marts.order_lines", order_lines=[line("O1", customer_id="NOBODY", sku_id="NOTHING", site_id=None)])
    assert figure(made, "net_sales") == Decimal(50)
    assert made.query("select site_id, customer_name, category_name from marts.order_lines").row(0) == ("*", None, None)


# ── ratios ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_ratio_of_sums_is_not_the_mean_of_ratios():
    rows = [
        {"sku_id": s, "site_id": "LEJ", "on_hand_qty": q, "demand_28_qty": d}
        for s, q, d in (("A", 100, 100), ("B", 10, 1))
    ]
    made = mart("marts.stock_now", rows)
    by_sku = made.ask(definition("days_of_cover").query(by=["sku_id"]))["value"].to_list()
    assert by_sku == [28.0, 280.0]
    assert figure(made, "days_of_cover") == pytest.approx(110 * 28 / 101)
    assert figure(made, "days_of_cover") != pytest.approx(sum(by_sku) / 2)


def test_simpson_each_part_may_get_better_while_the_whole_gets_worse():
    """More of the hard business can lower the total although both kinds improve; the total must still be the true one."""

    def orders(site, month, good, bad):
        day = dt.date(2026, month, 15)
        states = [True] * good + [False] * bad
        return [
            {"order_id": f"{site}{month}{n}", "site_id": site, "due_date": day, "is_on_time_in_full": s}
            for n, s in enumerate(states)
        ]

    rows = orders("EASY", 9, 81, 9) + orders("HARD", 9, 2, 8) + orders("EASY", 10, 10, 0) + orders("HARD", 10, 36, 54)
    made = mart("marts.orders", rows)
    metric = definition("on_time_in_full")
    parts = {
        (r["site_id"], r["month"].month): r["value"] for r in made.ask(metric.query(by=["site_id", "month"])).to_dicts()
    }
    assert parts == {("EASY", 9): 0.9, ("EASY", 10): 1.0, ("HARD", 9): 0.2, ("HARD", 10): 0.4}
    months = made.ask(metric.query(by=["month"]))["value"].to_list()
    assert months == [0.83, 0.46]


def test_counts_are_not_divided_as_whole_numbers():
    made = mart("marts.orders", [{"order_id": str(n), "is_on_time_in_full": n == 0} for n in range(3)])
    assert figure(made, "on_time_in_full") == pytest.approx(1 / 3)


def test_the_mean_is_known_even_where_the_figures_are_huge():
    """Sums of squares lose every digit here and give a spread of nought, or the root of a negative number."""
    days = [10**9 + n for n in (0, 1, 2)]
    made = mart("marts.orders", [{"order_id": str(d), "cycle_days": d} for d in days])
    found = made.one(definition("order_cycle_time").query())
    assert (found["value"], found["spread"]) == (10**9 + 1, pytest.approx(1.0))


# ── nothing and nought ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_shipped_quantity_that_nobody_knows_is_neither_full_nor_short():
    """least(null, 10) is 10 in DuckDB and Spark alike: the unknown would have been shipped complete."""
    made = world(
        "marts.order_lines", "marts.orders", order_lines=[line("O1", shipped_qty=None), line("O2", shipped_qty=5)]
    )
    unknown = made.query(
        "select is_in_full, filled_qty, open_qty, open_amount, is_backordered from marts.order_lines where order_id = 'O1'"
    )
    assert unknown.row(0) == (None,) * 5
    assert figure(made, "line_fill_rate") == 0.0
    assert figure(made, "unit_fill_rate") == 0.5
    assert figure(made, "backorder_share") == 1.0
    assert figure(made, "order_fill_rate") == 0.0
    assert made.one(definition("order_fill_rate").query())["row_count"] == 1


def test_a_source_that_never_tells_deliveries_has_no_on_time_figure_instead_of_nought():
    silent = [line("O1", delivered_date=None), line("O2", delivered_date=None)]
    made = world("marts.order_lines", "marts.orders", order_lines=silent)
    assert figure(made, "on_time_delivery") is None
    assert figure(made, "on_time_in_full") is None
    assert figure(made, "line_fill_rate") == 1.0


def test_what_is_due_and_has_not_come_is_late_where_the_source_tells_deliveries():
    """Counting only what was delivered would let the worst lines, those that never came, improve the figure."""
    rows = [line("O1"), line("O2", delivered_date=None), line("O3", delivered_date=None, requested_date="2026-12-24")]
    other = line("O4", delivered_date=None, load_id="L2")
    made = world("marts.order_lines", "marts.orders", order_lines=[*rows, other], sources={"L2": "web shop"})
    states = dict(made.query("select order_id, is_late from marts.order_lines").rows())
    assert states == {"O1": False, "O2": True, "O3": None, "O4": None}
    assert figure(made, "on_time_delivery") == 0.5
    assert figure(made, "on_time_in_full") == 0.5


def test_an_order_can_be_judged_when_all_its_lines_can():
    made = world(
        "marts.orders",
        order_lines=[
            line("GOOD"), line("GOOD", "2"),
            line("SHORT"), line("SHORT", "2", shipped_qty=1),
            line("LATE"), line("LATE", "2", delivered_date="2026-11-09"),
            line("HALF KNOWN"), line("HALF KNOWN", "2", shipped_qty=None), line("HALF KNOWN", "3", shipped_qty=1),
            line("UNKNOWN"), line("UNKNOWN", "2", shipped_qty=None),
            line("OFF", is_cancelled=True),
            line("PART", "1"), line("PART", "2", is_cancelled=True, shipped_qty=0, delivered_date=None),
            line("POST", "1"), line("POST", "2", is_goods=False, shipped_qty=None, delivered_date=None),
            line("LATER", "1"), line("LATER", "2", requested_date="2026-12-24", shipped_qty=0, delivered_date=None),
        ],
    )  # fmt: skip
    found = dict(made.query("select order_id, is_on_time_in_full from marts.orders").rows())
    assert found == {
        "GOOD": True, "SHORT": False, "LATE": False, "HALF KNOWN": None, "UNKNOWN": None, "OFF": None, "PART": True, "POST": True,
        "LATER": None,
    }  # fmt: skip
    assert figure(made, "on_time_in_full") == pytest.approx(3 / 5)
    assert made.query("select cycle_days, completed_date from marts.orders where order_id = 'LATER'").row(0) == (
        None,
        None,
    )


def test_where_only_faults_are_known_there_is_no_share_of_faults():
    """Late and not known to be complete is a miss for certain; counting it, and not its fellows in time, gave SCMS an OTIF of nought."""
    lines = [line("O1", shipped_qty=None), line("O2", shipped_qty=None, delivered_date="2026-11-09")]
    bought = [
        {"po_id": p, "line_key": "1", "sku_id": "BOLT", "ordered_qty": 5, "promised_date": "2026-11-05"} for p in "AB"
    ]
    bought = [row | {"last_received_date": day} for row, day in zip(bought, ("2026-11-05", "2026-11-09"), strict=True)]
    made = world("marts.orders", "marts.purchase_lines", order_lines=lines, purchase_lines=bought)
    assert figure(made, "on_time_in_full") is None
    assert figure(made, "supplier_on_time_in_full") is None
    assert figure(made, "on_time_delivery") == figure(made, "supplier_on_time") == 0.5


def test_silence_about_an_open_line_means_nothing_where_its_source_tells_of_others():
    """Many systems leave the shipped quantity of an open line blank; leaving such lines out would hide the worst ones."""
    lines = [line("O1"), line("O2", shipped_qty=None, delivered_date=None)]
    quiet = [
        line("O3", shipped_qty=None, delivered_date=None, load_id="L2"),
        line("O4", shipped_qty=None, load_id="L2"),
    ]
    bought = [
        {"po_id": p, "line_key": "1", "sku_id": "BOLT", "ordered_qty": 5, "promised_date": "2026-11-05", "unit_cost": 2}
        for p in "AB"
    ]
    bought[0] |= {"last_received_date": "2026-11-05", "received_qty": 5}
    made = world(
        "marts.orders",
        "marts.purchase_lines",
        order_lines=[*lines, *quiet],
        purchase_lines=bought,
        sources={"L2": "other"},
    )
    assert figure(made, "line_fill_rate") == figure(made, "on_time_in_full") == figure(made, "backorder_share") == 0.5
    assert figure(made, "backorder_value") == Decimal(50)
    assert figure(made, "supplier_on_time_in_full") == 0.5
    assert figure(made, "open_purchase_value") == Decimal(10)


def test_a_missing_cost_is_not_pure_profit():
    made = world(
        "marts.order_lines",
        skus=[{"sku_id": "BOLT", "unit_cost": 2}],
        order_lines=[line("O1"), line("O2", sku_id="NUT", net_amount=950)],
    )
    assert figure(made, "gross_margin") == pytest.approx(30 / 50)


def test_freight_that_is_hidden_in_the_price_is_not_free():
    trips = [{"shipment_id": "S1", "shipped_at": NOON, "freight_amount": 30}, {"shipment_id": "S2", "shipped_at": NOON}]
    carried = [{"shipment_id": s, "order_id": "O1", "line_key": s, "shipped_qty": 10} for s in ("S1", "S2")]
    made = world("marts.shipments", shipments=trips, shipment_lines=carried)
    assert figure(made, "freight_cost_per_unit") == 3.0


def test_a_receipt_before_its_order_is_a_wrong_date_and_no_fast_supplier():
    bought = [
        {"po_id": p, "line_key": "1", "supplier_id": "NORD", "sku_id": "BOLT", "ordered_date": "2026-10-01"}
        for p in "ABC"
    ]
    dates = ({"last_received_date": "2026-10-11"}, {"last_received_date": "2026-09-01"}, {"last_received_date": None})
    made = world(
        "marts.purchase_lines",
        purchase_lines=[row | date | {"ordered_qty": 5} for row, date in zip(bought, dates, strict=True)],
    )
    found = made.one(definition("supplier_lead_time").query())
    assert (found["value"], found["row_count"], found["spread"]) == (10.0, 1, None)


def test_a_credit_lowers_sales_and_a_line_that_was_called_off_never_was_one():
    made = world(
        "marts.order_lines",
        order_lines=[
            line("O1"), line("C2", ordered_qty=-4, net_amount=-20, is_cancelled=True), line("O3", is_cancelled=True),
            line("O4", is_goods=False, net_amount=9),
        ],
    )  # fmt: skip
    assert figure(made, "net_sales") == Decimal(30)
    assert figure(made, "order_lines_count") == 1
    assert figure(made, "cancellation_share") == pytest.approx(2 / 3)


# ── decimals and filters ───────────────────────────────────────────────────────────────────────────────────────────────


def test_money_stays_exact():
    """Ten times 0.1 in floating point is 0.9999999999999999."""
    rows = [
        {
            "order_id": str(n),
            "line_key": "1",
            "is_goods": True,
            "is_cancelled": False,
            "is_return": False,
            "net_amount": "0.1",
        }
        for n in range(10)
    ]
    found = figure(mart("marts.order_lines", rows), "net_sales")
    assert isinstance(found, Decimal)
    assert found == Decimal("1.0")
    assert sum([0.1] * 10) != 1.0


def test_a_filter_on_what_is_not_there_finds_no_figure():
    made = world("marts.order_lines", order_lines=[line("O1")])
    assert figure(made, "net_sales", where={"site_id": "NOWHERE"}) is None
    assert figure(made, "net_sales", where={"site_id": []}) is None
    assert figure(made, "net_sales", where={"tier_code": None}) == Decimal(50)
