"""Metrics over the real public extracts are what pandas works out from the raw files, by another hand and another engine."""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from metrics.definition import definition, definitions
from store.warehouse import Build


def value(build: Build, name: str, **said: Any) -> Any:
    """The metric's one value, as a float; None where there is no data for it."""
    query = definition(name).query(**said)
    row = build.query(query.sql, list(query.params)).row(0, named=True)
    return None if row["value"] is None else float(row["value"])


def cut(build: Build, name: str, by: str, **said: Any) -> dict[Any, float]:
    """The metric's values by one column, cuts without a value left out."""
    query = definition(name).query(by=[by], **said)
    rows = build.query(query.sql, list(query.params)).select(by, "value").iter_rows()
    return {key: float(found) for key, found in rows if found is not None}


def by(frame: pd.DataFrame, key: Any, top: str, bottom: str | None = None) -> dict[Any, float]:
    """Sums of one column by a key, or ratios of the sums of two."""
    sums = frame.groupby(key)[[top] if bottom is None else [top, bottom]].sum()
    return (sums[top] if bottom is None else sums[top] / sums[bottom]).to_dict()


@pytest.fixture(scope="module")
def scms(shared: Path) -> pd.DataFrame:
    """SCMS as pandas reads it: one row a delivered line item."""
    raw = pd.read_csv(shared / "data/scms/SCMS_Delivery_History_Dataset.csv", dtype=str, keep_default_na=False)
    days = {"ordered": "PO Sent to Vendor Date", "due": "Scheduled Delivery Date", "came": "Delivered to Client Date"}
    forms = {"ordered": "%m/%d/%y", "due": "%d-%b-%y", "came": "%d-%b-%y"}
    for short, header in days.items():
        raw[short] = pd.to_datetime(raw[header], format=forms[short], errors="coerce")
    raw["late"] = (raw["came"] > raw["due"]).astype(int)
    raw["on_time"] = 1 - raw["late"]
    raw["one"] = 1
    raw["freight"] = pd.to_numeric(raw["Freight Cost (USD)"], errors="coerce")
    for header in ("Line Item Quantity", "Line Item Value"):
        raw[header] = raw[header].astype(float)
    return raw


@pytest.fixture(scope="module")
def dataco(shared: Path) -> pd.DataFrame:
    """DataCo as pandas reads it: one row an order item."""
    raw = pd.read_csv(shared / "data/dataco_sample/DataCoSupplyChainDataset.csv")
    raw["cancelled"] = (raw["Delivery Status"] == "Shipping canceled").astype(int)
    raw["on_time"] = 1 - raw["Late_delivery_risk"]
    raw["one"] = 1
    raw["day"] = pd.to_datetime(raw["order date (DateOrders)"], format="%m/%d/%Y %H:%M").dt.date
    return raw


@pytest.fixture(scope="module")
def retail(shared: Path) -> pd.DataFrame:
    """Online Retail as pandas reads it: one row an invoice line, charges told apart by the shape of their code."""
    raw = pd.read_parquet(shared / "data/online_retail/online_retail.parquet")
    raw["goods"] = raw["StockCode"].str.match(r"^(\d{5}.*|DCGS.*)$")
    raw["cancelled"] = raw["InvoiceNo"].str.startswith("C")
    raw["net"] = raw["Quantity"] * raw["UnitPrice"]
    raw["month"] = raw["InvoiceDate"].dt.to_period("M").dt.start_time.dt.date
    return raw


def test_scms_on_time_delivery(real: Any, scms: pd.DataFrame) -> None:
    build = real.build("scms")
    due = scms[scms["due"] <= scms["came"].max()]
    assert value(build, "on_time_delivery") == pytest.approx(1 - 1_186 / len(due), rel=1e-12)
    assert 1 - value(build, "on_time_delivery") == pytest.approx(0.115, abs=5e-4)
    assert cut(build, "on_time_delivery", "customer_region_name") == pytest.approx(by(due, "Country", "on_time", "one"))
    assert cut(build, "on_time_delivery", "site_id") == pytest.approx(by(due, "Fulfill Via", "on_time", "one"))
    year = due[due["due"].dt.year == 2014]
    window = {"since": dt.date(2014, 1, 1), "until": dt.date(2014, 12, 31)}
    assert value(build, "on_time_delivery", **window) == pytest.approx(year["on_time"].mean())
    months = by(due, due["due"].dt.to_period("M").dt.start_time.dt.date, "on_time", "one")
    assert cut(build, "on_time_delivery", "month") == pytest.approx(months)


def test_scms_on_time_by_mode_of_shipment(real: Any, scms: pd.DataFrame) -> None:
    build = real.build("scms")
    parcels = scms.groupby("ASN/DN #").agg(
        mode=("Shipment Mode", "first"),
        first=("due", "min"),
        last=("due", "max"),
        came=("came", "first"),
        one=("one", "first"),
    )
    judged = parcels[(parcels["first"] == parcels["last"]) & (parcels["first"] <= scms["came"].max())]
    judged = judged.assign(on_time=(judged["came"] <= judged["first"]).astype(int))
    expected = {None if mode == "N/A" else mode: share for mode, share in by(judged, "mode", "on_time", "one").items()}
    assert cut(build, "on_time_delivery_shipments", "mode_code") == pytest.approx(expected)
    assert value(build, "late_shipments") == len(judged) - judged["on_time"].sum()


def test_scms_freight_per_unit(real: Any, scms: pd.DataFrame) -> None:
    build = real.build("scms")
    parcels = scms.groupby("ASN/DN #").agg(
        mode=("Shipment Mode", "first"), freight=("freight", "max"), units=("Line Item Quantity", "sum")
    )
    known = parcels[parcels["freight"].notna()]
    assert value(build, "freight_cost_per_unit") == pytest.approx(
        known["freight"].sum() / known["units"].sum(), rel=1e-12
    )
    ocean = known[known["mode"] == "Ocean"]
    expected = ocean["freight"].sum() / ocean["units"].sum()
    assert value(build, "freight_cost_per_unit", where={"mode_code": "Ocean"}) == pytest.approx(expected)


def test_scms_suppliers(real: Any, scms: pd.DataFrame) -> None:
    build = real.build("scms")
    bought = scms[scms["Fulfill Via"] == "Direct Drop"]
    due = bought[bought["due"] <= scms["came"].max()]
    assert value(build, "supplier_on_time") == pytest.approx(due["on_time"].mean())
    assert cut(build, "supplier_on_time", "supplier_id") == pytest.approx(by(due, "Vendor", "on_time", "one"))
    days = (bought["came"] - bought["ordered"]).dt.days
    days = days[days >= 0]
    query = definition("supplier_lead_time").query()
    lead = build.query(query.sql, list(query.params)).row(0, named=True)
    assert (lead["row_count"], float(lead["value"])) == (len(days), pytest.approx(days.mean()))
    assert lead["spread"] == pytest.approx(days.std())


def test_scms_order_cycle_time(real: Any, scms: pd.DataFrame) -> None:
    build = real.build("scms")
    orders = scms[scms["ordered"].notna()].groupby("PO / SO #").agg(ordered=("ordered", "first"), came=("came", "max"))
    days = (orders["came"] - orders["ordered"]).dt.days
    assert value(build, "order_cycle_time") == pytest.approx(days.mean())
    assert value(build, "order_cycle_time_p90") == pytest.approx(days.quantile(0.9))


def test_scms_sales_and_counts(real: Any, scms: pd.DataFrame) -> None:
    build = real.build("scms")
    assert value(build, "net_sales") == pytest.approx(scms["Line Item Value"].sum(), rel=1e-12)
    assert value(build, "orders_count") == 6_233
    assert cut(build, "net_sales", "category_name") == pytest.approx(by(scms, "Product Group", "Line Item Value"))


SAYS_NOTHING = {
    "scms": (
        "line_fill_rate", "unit_fill_rate", "order_fill_rate", "on_time_in_full", "backorder_share", "gross_margin",
        "supplier_on_time_in_full", "days_of_cover", "inventory_value", "inventory_turns", "stockout_share", "excess_value",
    ),
    "dataco": (
        "line_fill_rate", "unit_fill_rate", "order_fill_rate", "on_time_in_full", "backorder_share", "freight_cost_per_unit",
        "supplier_on_time", "supplier_lead_time", "days_of_cover", "inventory_value", "inventory_turns", "stockout_share",
    ),
    "northwind": (
        "line_fill_rate", "unit_fill_rate", "order_fill_rate", "on_time_in_full", "on_time_delivery", "backorder_share",
        "gross_margin", "order_cycle_time", "freight_cost_per_unit", "on_time_delivery_shipments", "days_of_cover",
    ),
    "online_retail": (
        "line_fill_rate", "unit_fill_rate", "order_fill_rate", "on_time_in_full", "on_time_delivery", "backorder_share",
        "gross_margin", "order_cycle_time", "freight_cost_per_unit", "supplier_lead_time", "stockout_share",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "metric"), [(name, metric) for name, metrics in SAYS_NOTHING.items() for metric in metrics]
)
def test_a_metric_whose_facts_a_source_does_not_tell_has_no_value(real: Any, name: str, metric: str) -> None:
    """Nothing to divide by is no data: neither 0 % nor 100 %."""
    assert value(real.build(name), metric) is None


@pytest.mark.parametrize("name", SAYS_NOTHING)
@pytest.mark.parametrize("metric", definitions())
def test_the_rows_behind_a_number_add_up_to_it(real: Any, name: str, metric: str) -> None:
    """Every metric can be asked of every source, and what its rows add is what the number is made of."""
    build, asked = real.build(name), definition(metric)
    total, rows = asked.query(), asked.rows_query()
    said = build.query(total.sql, list(total.params)).row(0, named=True)
    behind = f"select count(*) as n, sum(numerator) as top from ({rows.sql})"
    found = build.query(behind, list(rows.params)).row(0, named=True)
    assert found["n"] == said["row_count"]
    if asked.kind != "percentile" and found["n"]:
        assert float(found["top"]) == pytest.approx(float(said["numerator"]))


def test_dataco_on_time_delivery(real: Any, dataco: pd.DataFrame) -> None:
    build = real.build("dataco")
    went = dataco[dataco["cancelled"] == 0]
    assert value(build, "on_time_delivery") == pytest.approx(1 - 3_365 / 5_739, rel=1e-12)
    assert cut(build, "on_time_delivery", "tier_code") == pytest.approx(by(went, "Customer Segment", "on_time", "one"))
    orders = went.drop_duplicates("Order Id")
    modes = cut(build, "on_time_delivery_shipments", "mode_code")
    assert modes == pytest.approx(by(orders, "Shipping Mode", "on_time", "one"))
    assert value(build, "order_cycle_time") == pytest.approx(orders["Days for shipping (real)"].mean())


def test_dataco_cancellations_and_margin(real: Any, dataco: pd.DataFrame) -> None:
    build = real.build("dataco")
    assert value(build, "cancellation_share") == pytest.approx(261 / 6_000, rel=1e-12)
    went = dataco[dataco["cancelled"] == 0]
    # Money is kept to four decimals, the file has more.
    margin = went["Benefit per order"].sum() / went["Sales per customer"].sum()
    assert value(build, "gross_margin") == pytest.approx(margin, rel=1e-6)
    assert value(build, "net_sales") == pytest.approx(went["Order Item Total"].sum(), rel=1e-7)
    expected = by(went, "Category Name", "Benefit per order", "Sales per customer")
    found = cut(build, "gross_margin", "category_name")
    assert found == pytest.approx({name.strip(): share for name, share in expected.items()}, rel=1e-5)


def test_northwind_sales(real: Any, shared: Path) -> None:
    build = real.build("northwind")
    lines = pd.read_csv(shared / "data/northwind/order_details.csv")
    lines["net"] = lines["UnitPrice"] * lines["Quantity"] * (1 - lines["Discount"])
    orders = pd.read_csv(shared / "data/northwind/orders.csv", parse_dates=["OrderDate"])
    lines = lines.merge(orders, on="OrderID")
    assert value(build, "net_sales") == pytest.approx(lines["net"].sum())
    assert value(build, "orders_count") == 830
    assert value(build, "order_lines_count") == 2_155
    years = by(lines, lines["OrderDate"].dt.to_period("Y").dt.start_time.dt.date, "net")
    assert cut(build, "net_sales", "year") == pytest.approx(years)


def test_online_retail_sales_by_month(real: Any, retail: pd.DataFrame) -> None:
    build = real.build("online_retail")
    goods = retail[retail["goods"]]
    assert value(build, "net_sales") == pytest.approx(goods["net"].sum(), rel=1e-9)
    assert cut(build, "net_sales", "month") == pytest.approx(by(goods, "month", "net"), rel=1e-9)


def test_online_retail_cancellations(real: Any, retail: pd.DataFrame) -> None:
    build = real.build("online_retail")
    counted = retail[retail["goods"] & (retail["cancelled"] | (retail["Quantity"] >= 0))]
    assert value(build, "cancellation_share") == pytest.approx(counted["cancelled"].mean(), rel=1e-12)
    sold = retail[retail["goods"] & ~retail["cancelled"] & (retail["Quantity"] > 0)]
    assert value(build, "orders_count") == sold["InvoiceNo"].nunique()
    assert value(build, "order_lines_count") == len(sold)
