"""When a shelf is first likely empty, what that loses, and whether such chances have held."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.inventory.stockout import MODEL
from models.model import Asked
from models.quantile_grid import COLUMNS

END = dt.date(2026, 11, 14)
DAYS = 28
FORECAST = ("mean_qty", *COLUMNS.values())


def day(after):
    return END + dt.timedelta(days=after)


def forecast(sku="A", usual=7.0, spread=0.0, origin=0, days=DAYS):
    """Demand a day: always the same, or evenly spread around it."""
    bands = usual + spread * np.linspace(-1, 1, len(COLUMNS))
    levels = dict(zip(FORECAST, [usual, *bands], strict=True))
    return pl.DataFrame(
        {"sku_id": sku, "site_id": "X", "origin_date": day(origin), "target_date": [day(origin + 1 + n) for n in range(days)]}
        | {name: [float(value)] * days for name, value in levels.items()}
    )  # fmt: skip


def bought(sku="A", due=5, qty=200.0, received=None, took=20):
    """A purchase line of supplier V, placed so many days before it was due."""
    return {
        "sku_id": sku, "site_id": "X", "supplier_id": "V", "ordered_date": day(due - took), "due_date": day(due),
        "last_received_date": None if received is None else day(received), "ordered_qty": qty,
        "open_qty": qty if received is None else 0.0, "is_cancelled": False,
    }  # fmt: skip


PUNCTUAL = [bought("Z", due=-30 - n, received=-30 - n) for n in range(5)]  # twenty days, and never late


def frames(stock, lines=(), forecasts=None, looks=(), looked=None, margin=2.0):
    """The world of a few shelves: stock by SKU, purchase lines, forecasts, and what looking back saw."""
    skus = [sku for sku, _ in stock]
    shelf = {"sku_id": pl.String, "site_id": pl.String, "on_hand_qty": pl.Float64, "on_order_qty": pl.Float64}
    schema = dict.fromkeys(("ordered_date", "due_date", "last_received_date"), pl.Date)
    look = {"sku_id": pl.String, "site_id": pl.String, "origin_date": pl.Date, "on_hand_qty": pl.Float64}
    return {
        "scores.demand_forecasts": pl.concat(forecasts or [forecast(sku) for sku in skus]).drop("origin_date"),
        "scores.demand_lookbacks": pl.concat(looked) if looked else forecast().clear(),
        "scores.demand_dependence": pl.DataFrame({"c": ["smooth"], "common": [0.05], "serial": [0.1]}),
        "scores.demand_fits": pl.DataFrame({"s": sorted({"A", *skus, *(look[0] for look in looks)}), "x": "X", "c": "smooth"}),
        "marts.stock_now": pl.DataFrame(
            [(sku, "X", float(on_hand), None, True) for sku, on_hand in stock],
            schema=shelf | {"is_on_sale": pl.Boolean},
            orient="row",
        ),
        "marts.stock_lookbacks": pl.DataFrame(
            looks, schema=look | {"on_order_qty": pl.Float64, "ran_out_date": pl.Date}, orient="row"
        ),
        "marts.site_transfers": pl.DataFrame(schema={"site_id": pl.String, "transfer_gap_days": pl.Float64}),
        "marts.sku_margins": pl.DataFrame(
            [("A", "X", margin)], schema={"sku_id": pl.String, "site_id": pl.String, "m": pl.Float64}, orient="row"
        ),
        "marts.purchase_lines": pl.DataFrame([*PUNCTUAL, *lines], schema_overrides=schema),
    }  # fmt: skip


def scored(*args, version=1, **world):
    return MODEL.score(frames(*args, **world), Asked(END, version))


def outlook(on_hand, *lines, **world):
    return scored([("A", on_hand)], lines, **world).tables["scores.stockout_outlook"].row(0, named=True)


def test_the_first_likely_day_is_the_one_on_which_the_last_unit_goes():
    """Seven a day for certain: forty last for five days and end on the sixth; a new order takes twenty."""
    said = outlook(40)
    assert said["first_likely_date"] == day(6)
    assert (said["stockout_share"], said["lead_time_days"]) == (1, 20)
    assert said["expected_lost_qty"] == pytest.approx(7 * 20 - 40)
    assert said["expected_lost_amount"] == pytest.approx(2 * (7 * 20 - 40))
    assert said["because_text"] == "Stock for 6 days; a new order would take 20 days; nothing is on order."


def test_stock_beyond_the_lead_time_is_no_risk_and_has_no_date():
    said = outlook(7 * 20 + 1)
    assert (said["stockout_share"], said["first_likely_date"]) == (0, None)
    assert said["expected_lost_qty"] == said["expected_lost_amount"] == 0


def test_a_delivery_in_time_carries_the_shelf_and_one_too_late_does_not():
    saved, missed = outlook(40, bought(due=5)), outlook(40, bought(due=7))
    assert (saved["first_likely_date"], saved["expected_lost_qty"]) == (None, 0)
    assert (missed["first_likely_date"], missed["expected_lost_qty"]) == (day(6), 2)
    assert (saved["open_qty"], saved["next_due_date"]) == (200, day(5))
    assert saved["because_text"].endswith("the next delivery is due 19 Nov.")


def test_what_is_overdue_is_said_to_be():
    said = outlook(40, bought(due=-9), bought(due=4))
    assert said["because_text"].endswith("1 of 2 open purchase lines are overdue.")


def test_an_empty_shelf_has_run_out_today():
    said = outlook(0, bought(due=1))
    assert (said["stockout_share"], said["first_likely_date"]) == (1, END)
    assert said["because_text"].startswith("Nothing on hand")


def test_without_demand_nothing_runs_out():
    said = outlook(3, forecasts=[forecast(usual=0.0)])
    assert (said["stockout_share"], said["first_likely_date"], said["expected_lost_qty"]) == (0, None, 0)


def test_without_a_margin_there_is_no_money():
    assert scored([("B", 40)]).tables["scores.stockout_outlook"]["expected_lost_amount"].to_list() == [None]


def test_an_unknown_margin_is_not_nought():
    said = outlook(40, margin=None)
    assert said["expected_lost_qty"] > 0
    assert said["expected_lost_amount"] is None


def test_the_rest_of_a_line_received_in_part_is_on_order():
    part = bought(due=2, qty=200.0, received=-1) | {"open_qty": 150.0}
    said = outlook(40, part)
    assert (said["open_qty"], said["next_due_date"]) == (150, day(2))
    assert "nothing is on order" not in said["because_text"]


def test_a_shelf_is_likely_empty_once_half_of_its_futures_are():
    """About seven a day, more or less: it may end a day or more before the middle of its futures, and the chance grows."""
    tables = scored([("A", 70)], forecasts=[forecast(spread=6.0)]).tables
    risk, said = tables["scores.stockout_risk"], tables["scores.stockout_outlook"].row(0, named=True)
    by_day = dict(risk.select("risk_date", "ran_out_by_share").iter_rows())
    assert risk["risk_date"].to_list() == [day(n) for n in range(1, 21)]
    assert risk["ran_out_by_share"].is_sorted()
    assert (risk["empty_share"] <= risk["ran_out_by_share"] + 1e-4).all()
    likely = said["first_likely_date"]
    assert by_day[likely] >= 0.5 > by_day[likely - dt.timedelta(days=1)] > 0
    assert abs((likely - day(10)).days) <= 1
    assert said["expected_lost_qty"] == pytest.approx(risk["expected_lost_qty"].sum(), abs=0.02)


def test_the_same_question_has_the_same_answer_and_other_shelves_change_none():
    one = scored([("A", 70)], forecasts=[forecast(spread=6.0)]).tables["scores.stockout_risk"]
    two = scored([("0", 9), ("A", 70)], forecasts=[forecast(spread=6.0), forecast("0", spread=2.0)])
    assert two.tables["scores.stockout_risk"].filter(sku_id="A").equals(one)


def look_backs(full, bare, *, is_turned=False):
    """Sixty full shelves and sixty nearly bare ones at each of three days; when each ran out, if it did.

    A fifth of those that ran out did not; at the newest day it may have been the other way round.
    """
    looks, looked = [], []
    for origin in (-28, -56, -84):
        for n in range(120):
            on_hand, is_full = (400.0, True) if n % 2 else (30.0, False)
            ran_out = full if is_full != (is_turned and origin == -28) else bare
            out = None if ran_out is None or n % 10 < 2 else day(origin + ran_out)
            looks.append((f"S{n}", "X", day(origin), on_hand, None, out))
            looked.append(forecast(f"S{n}", origin=origin))
    return {"looks": looks, "looked": looked}


def with_looks(**turned):
    return scored([(f"S{n}", 400 if n % 2 else 30) for n in range(120)], **look_backs(full=None, bare=5, **turned))


def test_chances_that_held_are_used_and_shown_beside_the_base_rate():
    found = with_looks()
    assert not found.is_fallback
    assert found.model_error < found.rival_error
    assert found.trained_rows == 360
    newest = found.backtests.filter(measure_name="brier")
    assert set(newest["variant_name"]) == {"model", "base rate"}
    assert newest["origin_date"].unique().sort().to_list() == [day(-56), day(-28)], "each by what was learnt before it"
    assert found.reliability["row_count"].sum() == 240
    said = found.tables["scores.stockout_outlook"].sort("on_hand_qty")
    assert said["stockout_share"][0] == pytest.approx(0.8, abs=0.05), "a fifth of the bare ones did not run out"
    assert said["stockout_share"][-1] < 0.05


def test_what_the_look_back_corrects_it_corrects_everywhere():
    """Of the bare ones, certain to run out by what is played through, four in five did: by day, and in what is lost."""
    tables = with_looks().tables
    outlooks, risk = tables["scores.stockout_outlook"], tables["scores.stockout_risk"]
    last = risk.sort("risk_date").group_by("sku_id").last().join(outlooks, on="sku_id")
    assert last["ran_out_by_share"].to_list() == pytest.approx(last["stockout_share"].to_list())
    bare = outlooks.filter(on_hand_qty=30).row(0, named=True)
    assert bare["stockout_share"] == pytest.approx(0.8, abs=0.05)
    assert bare["expected_lost_qty"] == pytest.approx(bare["stockout_share"] * (7 * 20 - 30), rel=0.01)
    assert bare["first_likely_date"] == day(5)
    days = risk.filter(sku_id=bare["sku_id"])
    assert days["ran_out_by_share"].is_sorted()
    assert (days["empty_share"] <= days["ran_out_by_share"] + 1e-4).all()
    assert days.filter(pl.col("risk_date") < day(5))["ran_out_by_share"].max() < 0.01, (
        "no day before the last unit goes"
    )


def test_where_the_newest_chances_did_not_hold_the_base_rate_speaks():
    found = with_looks(is_turned=True)
    assert found.is_fallback
    errors = found.backtests.filter(measure_name="brier", variant_name="model").sort("origin_date")["measured_number"]
    assert errors.to_list() == pytest.approx([0.08, (0.8**2 + 0.8) / 2], abs=0.03), "learnt before, judged after"
    assert found.model_error == pytest.approx(errors.mean())
    assert found.tables["scores.stockout_outlook"]["stockout_share"].to_list() == [pytest.approx(0.4)] * 120
    assert found.tables["scores.stockout_risk"].is_empty()


def test_a_model_switched_off_gives_the_base_rate_and_knows_an_empty_shelf():
    said = scored([("A", 40), ("B", 0)], version=0, looks=look_backs(full=None, bare=5)["looks"])
    assert said.tables["scores.stockout_outlook"]["stockout_share"].to_list() == [pytest.approx(0.4), 1]


def test_a_shelf_that_ran_out_after_its_lead_time_did_not_run_out():
    """An order takes seven days here; running out on the tenth is none of its business."""
    week = [bought("Z", due=-100, received=-100, took=7)] * 99
    before, after = (
        scored([("A", 40)], week, **look_backs(full=None, bare=days)).reliability["came_share"].sum()
        for days in (7, 10)
    )
    assert before > 0
    assert after == 0


def test_no_shelf_and_no_forecast_are_no_accident():
    tables = scored([("B", 40)], forecasts=[forecast("A")]).tables
    assert all(frame.is_empty() for frame in tables.values())
