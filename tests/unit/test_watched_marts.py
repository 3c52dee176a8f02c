"""What is watched, out of real rows: dark days are noughts, freight has one basis, and money is there only where it is known."""

import datetime as dt

from pipelines.table import tables
from tests.worlds import line, put, world

MONDAY = dt.date(2026, 9, 7)
WORKDAYS = [MONDAY + dt.timedelta(days=day) for day in range(68) if day % 7 < 5]


def ordered(day, number, **more):
    return line(f"{day}-{number}", ordered_at=f"{day}T10:00:00Z", **more)


def watched(made, watch):
    sql = "select * from marts.watched_points where watch_code = ? order by subject_id, point_date, point_key"
    return made.query(sql, [watch])


def numbers(made, watch, **only):
    found = watched(made, watch)
    return found.filter(**only)["watched_number"].to_list() if only else found["watched_number"].to_list()


def test_a_working_day_without_an_order_is_a_nought_of_its_site_and_a_weekend_is_none():
    dark = WORKDAYS[-8:-3]
    lines = [ordered(day, n, site_id=site) for day in WORKDAYS for n, site in enumerate(("LEJ", "HAM"))
             if site == "HAM" or day not in dark]  # fmt: skip
    made = world("marts.watched_points", as_of=WORKDAYS[-1], order_lines=lines)
    for watch, usual in (("order_lines_a_day", 1), ("net_sales_a_day", 50)):
        told = watched(made, watch).filter(subject_id="LEJ")
        assert told.filter(watched_number=0)["point_date"].to_list() == dark
        assert told["point_date"].to_list() == WORKDAYS
        assert numbers(made, watch, subject_id="HAM") == [usual] * len(WORKDAYS)


def test_a_site_that_hardly_ever_sells_on_mondays_is_not_dark_on_them_nor_before_it_opened():
    lines = [ordered(day, n, site_id=site) for day in WORKDAYS for n, site in enumerate(("LEJ", "HAM"))
             if site == "LEJ" or (day > WORKDAYS[10] and (day.weekday() or day == WORKDAYS[15]))]  # fmt: skip
    made = world("marts.watched_points", as_of=WORKDAYS[-1], order_lines=lines)
    assert set(numbers(made, "order_lines_a_day", subject_id="HAM")) == {1}


def test_without_any_price_there_are_no_sales_to_be_nought():
    lines = [ordered(day, 1, unit_price=None, net_amount=None) for day in WORKDAYS if day != WORKDAYS[-2]]
    made = world("marts.watched_points", as_of=WORKDAYS[-1], order_lines=lines)
    assert numbers(made, "net_sales_a_day") == []
    assert numbers(made, "order_lines_a_day")[-3:] == [1, 0, 1]


def shipment(number, carrier, **more):
    usual = {
        "carrier_id": carrier,
        "site_id": "LEJ",
        "shipped_at": f"2026-11-0{number}T10:00:00Z",
        "freight_amount": 12,
    }
    return {"shipment_id": f"{carrier}{number}", **usual, **more}


def test_freight_has_one_basis_per_carrier_and_what_does_not_say_it_is_left_out():
    """PKG says weights of three shipments in four, RDL of one in three but each quantity, XPR neither."""
    shipments = [shipment(n, "PKG", weight_kg=weight) for n, weight in enumerate((4, 6, 3, None), start=1)]
    shipments += [shipment(n, "RDL", weight_kg=weight) for n, weight in enumerate((4, None, 0), start=1)]
    shipments += [shipment(n, "XPR") for n in (1, 2)]
    carried = [{"shipment_id": f"RDL{n}", "order_id": "O", "line_key": "1", "shipped_qty": 24} for n in (1, 2, 3)]
    made = world("marts.watched_points", shipments=shipments, shipment_lines=carried)
    assert numbers(made, "freight_per_kg") == [3, 2, 4]
    assert numbers(made, "freight_per_unit") == [0.5, 0.5, 0.5]
    assert numbers(made, "freight_per_shipment") == [12, 12]


def test_days_to_receive_are_days_of_one_sku_and_have_no_price():
    bought = {"po_id": "P1", "line_key": "1", "supplier_id": "V1", "sku_id": "BOLT", "site_id": "LEJ", "ordered_qty": 9}
    bought |= {"received_qty": 9, "unit_cost": 4, "ordered_date": "2026-10-01", "last_received_date": "2026-10-08"}
    (told,) = watched(world("marts.watched_points", purchase_lines=[bought]), "lead_days").to_dicts()
    assert (told["watched_number"], told["sku_id"], told["at_stake_amount"]) == (7, "BOLT", None)


def test_pieces_without_a_cost_are_not_counted_as_money():
    skus = [{"sku_id": "BOLT", "unit_cost": 4}, {"sku_id": "NUT"}]
    moves = [
        {
            "movement_id": f"M{n}",
            "sku_id": sku,
            "site_id": "LEJ",
            "moved_at": f"2026-11-0{day}T10:00:00Z",
            "moved_qty": qty,
        }
        for n, (sku, day, qty) in enumerate([("BOLT", 2, -5), ("NUT", 2, 700), ("NUT", 3, 9)])
    ]
    made = world(
        "marts.watched_points", skus=skus, stock_movements=[{**one, "kind_code": "adjustment"} for one in moves]
    )
    assert numbers(made, "stock_adjustment") == [20]


def test_an_alert_has_a_name_a_unit_and_a_whole_count():
    made = world("marts.anomalies", carriers=[{"carrier_id": "PKG", "carrier_name": "PaketGo"}])
    alert = {"subject_kind_code": "carrier", "subject_id": "PKG", "site_id": "*", "alert_date": MONDAY}
    rare = {"freight_per_kg": 1 / 93, "late_share_a_day": 1 / 250, "lead_days": 1.0, "demand_a_week": 0.0003}
    for watch, share in rare.items():
        put(made, "scores.anomalies", {"alert_id": watch, "watch_code": watch, "rarity_share": share, **alert})
    told = made.query(tables()["marts.anomalies"].sql)
    said = {row["watch_code"]: (row["watch_name"], row["unit_code"], row["one_in_count"]) for row in told.to_dicts()}
    assert said == {
        "freight_per_kg": ("Freight per kg", "per_unit", 93),
        "late_share_a_day": ("Late share, a day", "share", 250),
        "lead_days": ("Days to receive", "days", 1),
        "demand_a_week": ("Demand, a week", "qty", 3333),
    }
    assert set(told["entry_name"]) == {"PaketGo"}
