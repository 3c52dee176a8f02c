"""What is moved from where it is spare to where it will be missed, and what is left alone."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.inventory.needs import needs
from models.inventory.transfers import MODEL
from models.model import Asked
from models.quantile_grid import COLUMNS

END = dt.date(2026, 11, 14)
FORECAST = ("mean_qty", *COLUMNS.values())
TYPES = {
    "_id": pl.String,
    "_name": pl.String,
    "_code": pl.String,
    "_date": pl.Date,
    "_place": pl.String,
    "is_": pl.Boolean,
}


def day(after):
    return END + dt.timedelta(days=after)


def table(name, *rows):
    """A frame with the columns that the model reads of a table."""
    names = MODEL.reads[name]
    kinds = {
        column: next(
            (kind for mark, kind in TYPES.items() if column.endswith(mark) or column.startswith(mark)), pl.Float64
        )
        for column in names
    }
    return pl.DataFrame([[row.get(column) for column in names] for row in rows], schema=kinds, orient="row")


def world(stock, *, promised=(), lines=(), recent=(), lanes=(), margin=10.0, usual=5.0, fed=()):
    """Stock of A by site; every site sells five a day for certain, a new order takes twenty days."""
    sites = sorted(stock)
    forecast = pl.concat(
        pl.DataFrame(
            {"sku_id": "A", "site_id": site, "target_date": [day(1 + n) for n in range(60)]}
            | dict.fromkeys(FORECAST, [usual] * 60)
        )
        for site in sites
    )
    punctual = [
        {"sku_id": "Z", "site_id": "X", "supplier_id": "V", "ordered_date": day(-60 - n), "due_date": day(-40 - n),
         "last_received_date": day(-40 - n), "ordered_qty": 1.0, "open_qty": 0.0, "is_cancelled": False} for n in range(5)
    ]  # fmt: skip
    cells = [{"sku_id": "A", "site_id": site} for site in sites]
    alike = {"demand_class_name": "smooth", "common_share": 0.0, "serial_correlation_number": 0.0}
    money = {"unit_margin_amount": margin, "unit_net_amount": 20.0}
    held = [cell | {"on_hand_qty": float(stock[cell["site_id"]]), "is_on_sale": True} for cell in cells]
    wanted = [{"sku_id": "A", "site_id": site, "open_qty": float(qty)} for site, qty in promised]
    assumed = {
        "lost_sale_share": 0.5,
        "waiting_cost_share_per_day": 0.0,
        "transfer_line_cost": 2.0,
        "transfer_cost": 20.0,
        "transfer_days": 2.0,
    }
    return {
        "scores.demand_forecasts": forecast,
        "scores.demand_dependence": table("scores.demand_dependence", alike),
        "scores.demand_fits": table("scores.demand_fits", *(cell | {"demand_class_name": "smooth"} for cell in cells)),
        "scores.stockout_outlook": table("scores.stockout_outlook", *(cell | {"stockout_share": 0.5} for cell in cells)),
        "marts.stock_now": table("marts.stock_now", *held),
        "marts.site_transfers": table("marts.site_transfers", *({"site_id": site, "transfer_gap_days": gap} for site, gap in fed)),
        "marts.recent_transfers": table("marts.recent_transfers", *recent),
        "marts.sku_margins": table("marts.sku_margins", *(cell | money for cell in cells)),
        "marts.order_lines": table("marts.order_lines", *wanted),
        "marts.purchase_lines": table("marts.purchase_lines", *punctual, *lines),
        "marts.data_grades": table("marts.data_grades", {"contract_name": "stock_days", "data_grade_code": "B"}),
        "core.skus": table("core.skus", {"sku_id": "A", "unit_cost": 4.0, "weight_kg": 2.0}),
        "core.sites": table("core.sites", *({"site_id": site, "site_name": site, "region_name": f"{site} land"} for site in sites)),
        "core.lanes": pl.DataFrame(
            list(lanes), orient="row",
            schema={"from_site_id": pl.String, "to_place": pl.String, "a": pl.Float64, "b": pl.Float64, "promised_hours": pl.Float64},
        ).rename({"a": "cost_amount_per_shipment", "b": "cost_amount_per_kg"}),
        "raw.assumptions": pl.DataFrame(list(assumed.items()), schema=["assumption_name", "assumed_number"], orient="row"),
    }  # fmt: skip


def moves(*args, version=1, **more):
    return MODEL.score(world(*args, **more), Asked(END, version)).tables["scores.transfers"]


def test_what_is_missed_and_can_be_spared_is_moved_with_a_derivation_that_adds_up():
    """X has 60 for 100 wanted in 20 days, Y has 300. 40 more save 40 halves of 10; one line and one trip cost 22."""
    row = moves({"X": 60, "Y": 300}).row(0, named=True)
    assert (row["from_site_id"], row["to_site_id"], row["moved_qty"], row["lead_days"]) == ("Y", "X", 40, 2)
    assert (row["saved_amount"], row["transfer_cost_amount"], row["donor_loss_amount"], row["gain_amount"]) == (
        200,
        22,
        0,
        178,
    )
    assert row["because_text"].endswith("200.00 − 0.00 − 22.00 = 178.00.")
    assert (row["stockout_share"], row["stockout_after_share"], row["data_grade_code"]) == (0.5, 0, "B")


def test_nothing_moves_where_it_does_not_pay():
    assert moves({"X": 98, "Y": 300}).is_empty(), "two units save 10 and cost 22"
    assert moves({"X": 60, "Y": 100}).is_empty(), "Y needs its own"
    assert moves({"X": 60, "Y": 300}, margin=0.0).is_empty(), "nothing is earned with it"


def test_what_is_lost_before_goods_could_come_is_not_counted():
    """X is empty: ten are lost in the two days until anything could come, and 90 can be saved."""
    assert moves({"X": 0, "Y": 300})["moved_qty"].to_list() == [90]


def test_waiting_for_the_open_purchase_line_is_the_alternative():
    line = {"sku_id": "A", "site_id": "X", "supplier_id": "V", "ordered_date": day(-10), "due_date": day(8), "ordered_qty": 500.0,
            "open_qty": 500.0, "is_cancelled": False}  # fmt: skip
    assert moves({"X": 60, "Y": 300}, lines=[line]).is_empty(), "it comes before anything is missed"
    assert moves({"X": 10, "Y": 300}, lines=[line])["moved_qty"].to_list() == [25], (
        "five days between the last unit and the line"
    )


def test_a_site_gives_only_what_it_has_not_promised_to_its_own_customers():
    assert moves({"X": 60, "Y": 130})["moved_qty"].to_list() == [30]
    assert moves({"X": 60, "Y": 130}, promised=[("Y", 20)])["moved_qty"].to_list() == [10]


def test_what_customers_wait_for_is_needed_too():
    assert moves({"X": 60, "Y": 300}, promised=[("X", 70)])["moved_qty"].to_list() == [100]


def test_nothing_is_sent_back_within_two_weeks():
    back = [
        {"sku_id": "A", "site_id": "Y", "transfer_in_date": day(-3)},
        {"sku_id": "A", "site_id": "X", "transfer_out_date": day(-4)},
    ]
    assert moves({"X": 60, "Y": 300}, recent=back).is_empty()
    old = [row | {name: day(-20) for name in row if name.endswith("_date")} for row in back]
    assert moves({"X": 60, "Y": 300}, recent=old).height == 1


def test_a_known_lane_is_dearer_or_cheaper_than_what_is_assumed():
    """To the region of X: 5 a journey, 0.1 a kilogram of 2; 40 units of 2 kg weigh 80."""
    row = moves({"X": 60, "Y": 300}, lanes=[("Y", "X land", 5.0, 0.1, 20.0)]).row(0, named=True)
    assert (row["transfer_cost_amount"], row["lead_days"]) == (2 + 5 + 8, 1)
    assert "no lane is known" not in row["because_text"]


def test_a_fed_site_waits_longer_when_its_feeder_is_empty():
    """Fed every second day it would wait a week; with nothing at the feeder it waits for that one's order and the next transfer."""
    from models.inventory.lanes import fed_later
    from models.inventory.shelves import Shelf

    def shelf(site, on_hand, lead):
        return Shelf("A", site, on_hand, lead, np.zeros(0), np.zeros(0), np.zeros((0, 1)))

    waits = {s.site_id: s.lead_days for s in fed_later([shelf("F", 0, 20), shelf("B", 5, 7)], {"B": 2.0}, {})}
    assert waits == {"F": 20, "B": 22}
    waits = {s.site_id: s.lead_days for s in fed_later([shelf("F", 9, 20), shelf("B", 5, 7)], {"B": 2.0}, {})}
    assert waits["B"] == 7


@pytest.mark.parametrize(
    ("free", "demand", "arrives", "need", "spare"),
    [
        (10, [4, 4, 4, 4], 2, 6, 0),
        (0, [4, 4, 4, 4], 2, 8, 0),
        (20, [4, 4, 4, 4], 2, 0, 4),
        (-3, [4, 4, 4, 4], 2, 11, 0),
    ],
)
def test_need_and_spare_by_hand(free, demand, arrives, need, spare):
    found = np.zeros(1), np.zeros(1)
    none = np.zeros(0)
    needs(float(free), np.array([demand], float), none, none, np.zeros((0, 1)), arrives, 1, *found)
    assert (found[0][0], found[1][0]) == (need, spare)


def test_one_site_alone_and_the_rival_move_nothing():
    assert "fewer than two sites" in MODEL.score(world({"X": 5}), Asked(END, 1)).because
    assert moves({"X": 60, "Y": 300}, version=0).is_empty()
