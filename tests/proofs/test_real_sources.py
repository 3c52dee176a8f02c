"""The real public extracts land exactly: every count and control figure that was taken from the raw files stands in core."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines import flow
from store.company import create_company
from store.warehouse import Build
from tests.fewer_tables import core_only

LINES_IN = {"scms": 10_324, "scms-tab": 10_324, "dataco": 6_000, "online_retail": 541_909}


def one(build: Build, sql: str) -> Any:
    """The single value of a query, or its single row as a tuple."""
    row = build.query(sql).row(0)
    return row[0] if len(row) == 1 else row


def accepted(build: Build) -> dict[str, int]:
    """Rows accepted by contract, once every line of every file is accounted for and none was set aside."""
    loads = build.query("select contract, lines_in, accepted, set_aside, ignored from raw.loads")
    assert loads.filter(pl.col("lines_in") != pl.col("accepted") + pl.col("set_aside") + pl.col("ignored")).is_empty()
    assert one(build, "select count(*) from raw.set_aside") == 0
    return dict(loads.filter(pl.col("contract") != "").select("contract", "accepted").iter_rows())


@pytest.mark.parametrize("name", LINES_IN)
def test_every_line_of_the_file_came_in(real: Any, name: str) -> None:
    assert set(real.build(name).query("select lines_in from raw.loads")["lines_in"]) == {LINES_IN[name]}
    assert set(real.sources[name]) == {name.removesuffix("-tab")}


@pytest.fixture(params=["scms", "scms-tab"])
def scms(real: Any, request: pytest.FixtureRequest) -> Build:
    """SCMS in both its forms: commas with LF, tabs with CR."""
    return real.build(request.param)


def test_scms_feeds_nine_contracts(scms: Build) -> None:
    assert accepted(scms) == {
        "orders": 6_233,
        "order_lines": 10_324,
        "skus": 184,
        "customers": 142,
        "suppliers": 73,
        "sites": 2,
        "shipments": 7_030,
        "shipment_lines": 10_324,
        "purchase_lines": 4_920,
    }
    assert one(scms, "select count(distinct region_name) from core.customers") == 43
    assert one(scms, "select count(*) from core.carriers") == 0
    ivory_coast = "select count(*) from core.order_lines join core.customers using (customer_id) where region_name = ?"
    assert scms.query(ivory_coast, ["Côte d'Ivoire"]).item() == 1_083


def test_scms_dates_of_two_forms_and_texts_among_them(scms: Build) -> None:
    scheduled = "select min(last_promised_date), max(last_promised_date) from core.order_lines"
    assert one(scms, scheduled) == (date(2006, 5, 2), date(2015, 12, 31))
    assert one(scms, "select count(*) from core.order_lines where ordered_at is null") == 5_732
    assert one(scms, "select as_of_date from raw.company") == date(2015, 9, 14)
    # From order to delivery, and the five that were delivered before.
    days = "date_diff('day', ordered_date, delivered_date)"
    assert one(scms, f"select median({days}), sum(case when {days} < 0 then 1 end) from core.order_lines") == (92, 5)
    quoted = "try_strptime(extra['PQ First Sent to Client Date'], '%m/%d/%y')"
    assert one(scms, f"select count(*) from core.order_lines where {quoted} is null") == 2_681
    assert one(scms, f"select median(date_diff('day', {quoted}, ordered_date)) from core.order_lines") == 24


def test_scms_is_late_in_eleven_and_a_half_percent_of_lines(scms: Build) -> None:
    late = one(scms, "select sum(case when delivered_date > last_promised_date then 1 end) from core.order_lines")
    assert late == 1_186
    assert round(100 * late / 10_324, 1) == 11.5
    assert one(scms, "select count(*) from core.order_lines where delivered_date is null") == 0


def test_scms_freight_is_counted_once_and_its_remarks_are_kept(scms: Build) -> None:
    freight = "select count(freight_amount), sum(freight_amount) from core.shipments"
    assert one(scms, freight) == (10_324 - 4_126, Decimal("68817849.41"))
    for header, count in (("Freight Cost (USD)", 4_126), ("Weight (Kilograms)", 3_952)):
        remarks = (
            "select count(*) from core.order_lines where extra[?] is not null and try_cast(extra[?] as double) is null"
        )
        assert scms.query(remarks, [header, header]).item() == count
    # 23 consignments were weighed in part, and a part is not the whole.
    assert one(scms, "select count(weight_kg) from core.shipments") == 10_324 - 3_952 - 23
    assert one(scms, "select sum(shipped_qty) from core.shipment_lines") == 189_265_090


def test_scms_claims_nothing_that_it_does_not_say(scms: Build) -> None:
    unsaid = "count(requested_date) + count(first_promised_date) + count(shipped_qty) + count(shipped_date)"
    assert one(scms, f"select {unsaid} from core.order_lines") == 0
    assert one(scms, "select count(shipped_at) + count(carrier_id) from core.shipments") == 0
    assert one(scms, "select count(promised_date) + count(received_qty) from core.purchase_lines") == 0
    assert one(scms, "select count(*) from core.purchase_lines where supplier_id = 'SCMS from RDC'") == 0
    modes = scms.query("select mode_code, count(*) as n from core.shipments group by mode_code")
    assert set(modes["mode_code"]) == {"Air", "Air Charter", "Ocean", "Truck", None}


def test_both_forms_of_scms_are_the_same_rows(real: Any) -> None:
    for table in ("orders", "order_lines", "shipments", "shipment_lines", "purchase_lines", "skus", "customers"):
        content = f"select * exclude (load_id, loaded_at) from core.{table} order by all"
        comma, tab = (real.build(name).query(content) for name in ("scms", "scms-tab"))
        assert comma.equals(tab), table


def test_dataco_feeds_five_contracts(real: Any) -> None:
    build = real.build("dataco")
    assert accepted(build) == {
        "orders": 5_743,
        "order_lines": 6_000,
        "skus": 106,
        "customers": 4_680,
        "shipments": 5_488,
    }
    assert one(build, "select min(ordered_date), max(ordered_date) from core.order_lines") == (
        date(2015, 1, 1),
        date(2018, 1, 31),
    )
    assert one(build, "select count(*) from core.shipments where destination_name = 'São Paulo'") > 0


def test_dataco_is_late_exactly_where_the_source_says_so(real: Any, shared: Path) -> None:
    raw = pl.read_csv(shared / "data/dataco_sample/DataCoSupplyChainDataset.csv", infer_schema=False)
    ours = real.build("dataco").query(
        "select line_key as item, coalesce(delivered_date > first_promised_date, false) as is_late, is_cancelled "
        "from core.order_lines"
    )
    both = raw.join(ours, left_on="Order Item Id", right_on="item", validate="1:1")
    assert both.filter(pl.col("is_late") != (pl.col("Late_delivery_risk") == "1")).is_empty()
    assert both.filter(pl.col("is_late") != (pl.col("Delivery Status") == "Late delivery")).is_empty()
    assert both.filter(pl.col("is_cancelled") != (pl.col("Delivery Status") == "Shipping canceled")).is_empty()
    assert both["is_late"].sum() == 3_365
    assert both["is_cancelled"].sum() == 261
    late_share = dict(both.group_by("Shipping Mode").agg(pl.col("is_late").mean()).iter_rows())
    assert round(late_share["First Class"], 3) == 0.944
    assert round(late_share["Standard Class"], 2) == 0.40


def test_dataco_keeps_its_persons_to_itself(real: Any, shared: Path) -> None:
    raw = pl.read_csv(shared / "data/dataco_sample/DataCoSupplyChainDataset.csv", infer_schema=False)
    build = real.build("dataco")
    said = build.query("select distinct unnest(map_entries(extra), recursive := true) from core.order_lines")
    private = ("Customer Fname", "Customer Lname", "Customer Email", "Customer Password", "Customer Street", "Latitude")
    assert not set(said["key"]) & set(private)
    # Outcomes are known only afterwards, and what is extra is known from the order on.
    assert not set(said["key"]) & {"Late_delivery_risk", "Delivery Status", "Days for shipping (real)"}
    # Streets are unlike any other word of the file.
    assert not set(said["value"]) & set(raw["Customer Street"])
    assert set(said["value"]) & set(raw["Customer City"])
    assert one(build, "select count(customer_name) from core.customers") == 0


def test_northwind_feeds_from_eleven_files(real: Any) -> None:
    build = real.build("northwind")
    assert accepted(build) == {
        "orders": 830,
        "shipments": 809,
        "order_lines": 2_155,
        "skus": 77,
        "supplier_terms": 77,
        "suppliers": 29,
        "customers": 93,
        "carriers": 3,
    }
    ignored = dict(build.query("select file_name, ignored from raw.loads where contract = ''").iter_rows())
    assert ignored == {
        "categories.csv": 8,
        "employees.csv": 9,
        "employeeterritories.csv": 49,
        "regions.csv": 4,
        "territories.csv": 53,
    }


def test_northwind_lines_take_their_dates_from_the_header(real: Any) -> None:
    build = real.build("northwind")
    lines = (
        "select min(ordered_date), max(ordered_date), count(requested_date), count(customer_id) from core.order_lines"
    )
    assert one(build, lines) == (date(1996, 7, 4), date(1998, 5, 6), 2_155, 2_155)
    unshipped = "select count(*) from core.orders where order_id not in (select shipment_id from core.shipments)"
    assert one(build, unshipped) == 21
    late = (
        "select count(*) from core.shipments as s join core.orders as o on o.order_id = s.shipment_id "
        "where cast(s.shipped_at as date) > o.requested_date"
    )
    assert one(build, late) == 37
    assert one(
        build, "select sum(freight_amount) from core.shipments join core.carriers using (carrier_id)"
    ) == Decimal("63955.02")
    assert one(build, "select sum(net_amount) from core.order_lines") == Decimal("1265793.0395")


def test_northwind_as_it_was_known_at_the_end_of_1996(real: Any, shared: Path, tmp_path: Path) -> None:
    """Lines carry no moment of their own and are known from their order's; shipments from their departure."""
    folder = shared / "data/northwind"
    orders = pl.read_csv(folder / "orders.csv", infer_schema=False)
    lines = pl.read_csv(folder / "order_details.csv", infer_schema=False)
    end = date(1996, 12, 31)
    known = orders.filter(pl.col("OrderDate").str.head(10) <= str(end))
    shipped = orders.filter(pl.col("ShippedDate").str.head(10) <= str(end))
    build = real.build_of(create_company("then"), sorted(folder.glob("order*.csv")), as_of=end)
    assert one(build, "select count(*) from core.orders") == len(known)
    assert one(build, "select count(*) from core.order_lines") == len(lines.join(known, on="OrderID", how="semi"))
    assert one(build, "select count(*) from core.shipments") == len(shipped)
    fresh = build.query("select is_fresh from marts.source_freshness where contract_name in ('orders', 'order_lines')")
    assert fresh["is_fresh"].to_list() == [True, True], "what came later is left out, so rows are held against that day"


def test_northwind_brought_today_is_not_fresh(real: Any) -> None:
    """Its last order is of May 1998; that all of its files end together does not make them young."""
    told = real.build("northwind").query(
        "select source_age_days, is_fresh from marts.source_freshness where contract_name in ('orders', 'order_lines', 'shipments')"
    )
    assert told.height == 3
    assert not told["is_fresh"].any()
    assert told["source_age_days"].min() > 365 * 20


def test_northwind_claims_nothing_that_it_does_not_say(real: Any) -> None:
    build = real.build("northwind")
    assert one(build, "select count(*) from core.stock_days") == 0
    assert one(build, "select count(delivered_at) + count(promised_at) + count(site_id) from core.shipments") == 0
    assert one(build, "select count(delivered_date) from core.order_lines") == 0
    for table in ("customers", "suppliers"):
        assert "Maria Anders" not in str(build.query(f"select * from core.{table}").to_dicts())


def test_online_retail_accepts_and_flags_every_line(real: Any) -> None:
    build = real.build("online_retail")
    assert accepted(build) == {"orders": 25_900, "order_lines": 541_909, "skus": 4_070, "customers": 4_372}
    counted = one(
        build,
        "select count(*), sum(is_cancelled::int), sum((ordered_qty < 0)::int), sum((unit_price <= 0)::int), "
        "sum((customer_id is null)::int), count(distinct sku_id), sum((extra['Description'] is null)::int), sum(is_return::int) "
        "from core.order_lines",
    )
    assert counted == (541_909, 9_288, 10_624, 2_517, 135_080, 4_070, 1_454, 10_624)
    assert one(build, "select count(distinct extra['Country']) from core.order_lines") == 38


def test_online_retail_spans_a_year_without_saturdays(real: Any) -> None:
    build = real.build("online_retail")
    span = "select strftime(min(ordered_at), '%Y-%m-%d %H:%M'), strftime(max(ordered_at), '%Y-%m-%d %H:%M') from core.order_lines"
    assert one(build, span) == ("2010-12-01 08:26", "2011-12-09 12:50")
    assert one(build, "select count(*) from core.order_lines where isodow(ordered_date) = 6") == 0


def test_online_retail_tells_charges_from_goods(real: Any) -> None:
    build = real.build("online_retail")
    charges = build.query(
        "select upper(sku_id) as code, count(*) as n from core.order_lines where not is_goods group by code"
    )
    counts = dict(charges.iter_rows())
    vouchers = sum(n for code, n in counts.items() if code.startswith("GIFT_0001_"))
    assert vouchers == 34
    assert {code: n for code, n in counts.items() if not code.startswith("GIFT_")} == {
        "POST": 1_256, "DOT": 710, "M": 572, "C2": 144, "D": 77, "S": 63, "BANK CHARGES": 37, "AMAZONFEE": 34,
        "CRUK": 16, "PADS": 4, "B": 3,
    }  # fmt: skip
    assert one(build, "select count(*) from core.order_lines where is_goods and sku_id like 'DCGS%'") == 45


def test_online_retail_names_a_sku_by_what_was_sold(real: Any) -> None:
    named = real.build("online_retail").query(
        "select sku_name from core.skus where sku_id in ('85123A', '22423') order by sku_id"
    )
    assert named["sku_name"].to_list() == ["REGENCY CAKESTAND 3 TIER", "CREAM HANGING HEART T-LIGHT HOLDER"]
    remarks = "select count(*) from core.skus where sku_name in ('damaged', 'check', '?', 'damages', 'thrown away')"
    assert one(real.build("online_retail"), remarks) == 0


def test_dataco_in_latin_1_is_the_same_as_in_utf_8(real: Any, shared: Path, tmp_path: Path) -> None:
    text = (shared / "data/dataco_sample/DataCoSupplyChainDataset.csv").read_text("utf-8")
    path = tmp_path / "DataCoSupplyChainDataset.csv"
    path.write_bytes(text.encode("latin-1"))
    company = create_company("latin", reporting_currency="USD")
    with core_only():
        build = real.build_of(company, [path])
    content = "select * exclude (load_id, loaded_at) from core.{} order by all"
    for table in ("order_lines", "shipments", "customers"):
        assert build.query(content.format(table)).equals(real.build("dataco").query(content.format(table)))


def test_a_real_file_landed_again_changes_nothing(real: Any, shared: Path, tmp_path: Path) -> None:
    company = create_company("again")
    path = shared / "data/northwind/orders.csv"
    first = flow.land(company, path, who="tests", is_trusted=True)
    again = flow.land(company, path, who="tests", is_trusted=True)
    assert not first.is_repeat
    assert again.is_repeat
    assert again.load_id == first.load_id
