"""What is proposed to be ordered, from tables to tables: who is bought for and who is fed, what words say, and nothing of the future."""

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from models.inventory import order_inputs, replenishment_trial
from models.inventory.order_quantity import quantity
from models.inventory.order_terms import example, from_row
from models.inventory.replenishment import MODEL
from models.inventory.replenishment_trial import trial
from models.model import Asked
from tests.unit.replenishment_world import END, bought, day, forecast, frames, proposed, scored, steps


def test_an_order_lasts_until_the_next_one_could_come():
    """Two a day for certain, order day in four days, a fortnight on the way, a week between order days: 25 days, 50 units."""
    told = proposed()
    assert (told["supplier_id"], told["from_site_id"]) == ("V", None)
    assert (told["review_days"], told["lead_p50_days"], told["protection_days"]) == (7, 14, 25)
    assert (told["demand_mean_qty"], told["reorder_point_qty"], told["safety_qty"], told["proposed_qty"]) == (
        50,
        50,
        0,
        30,
    )
    assert (told["order_by_date"], told["expected_receipt_date"]) == (day(4), day(18))
    assert (told["stockout_share"], told["stockout_after_share"], told["expected_fill_share"]) == (1, 0, 1)
    assert told["proposed_amount"] == 300


def test_the_gain_is_the_margin_saved_less_keeping_the_units():
    """Fourteen are saved from the order's arrival to the next one's, at a margin of four; those short before are not its doing."""
    told = proposed()
    keeping = 10 * 0.22 * 30 * 7 / 365
    assert told["holding_amount"] == pytest.approx(keeping, abs=1e-4)
    assert (
        told["gain_amount"]
        == told["gain_low_amount"]
        == told["gain_high_amount"]
        == pytest.approx(14 * 4 - keeping, abs=1e-4)
    )
    assert told["do_nothing_amount"] == 30 * 4


def test_what_was_promised_is_needed_too_and_what_is_on_order_is_not():
    assert proposed(promised=[("A", "X", 5.0)])["proposed_qty"] == 35
    told = proposed(lines=[bought(-8, took=None, qty=12.0)])
    assert (told["open_qty"], told["proposed_qty"]) == (12, 18)


def test_enough_is_enough_and_says_when_the_next_order_is_due():
    told = proposed(stock=[("A", "X", 80.0, 0.0)])
    assert (told["proposed_qty"], told["gain_amount"], told["expected_receipt_date"]) == (0, 0, None)
    assert told["order_by_date"] == day(4 + 14), "fifteen days of stock are above the reorder point"
    assert "nothing is needed before the next order day" in told["because_text"]


def test_terms_set_pack_minimum_and_cost():
    offer = ("V", "A", day(-400), 8.0, 40.0, 12.0, None, 14.0)
    later = ("V", "A", day(+1), 1.0, 1.0, 1.0, None, 14.0)
    told = proposed(terms=[offer, later])
    assert (told["unit_cost"], told["pack_qty"], told["minimum_order_qty"], told["proposed_qty"]) == (8, 12, 40, 48)
    assert steps(terms=[offer]) == {"Expected demand": 50, "On hand": -20, "Whole packs": 6, "Minimum order": 12}


def test_a_minimum_order_that_does_not_pay_waits():
    offer = ("V", "A", day(-400), 8.0, 4000.0, 1.0, None, 14.0)
    told = proposed(terms=[offer], stock=[("A", "X", 49.0, 0.0)])
    assert told["proposed_qty"] == 0
    assert "the minimum order does not pay yet" in told["because_text"]


def test_a_price_break_is_taken_where_the_rebate_pays():
    cheap, hardly = (("V", "A", day(-400), 10.0, 0.0, 1.0, f"60: {price}", 14.0) for price in (9.0, 9.995))
    assert proposed(terms=[cheap])["proposed_qty"] == 60
    assert proposed(terms=[hardly])["proposed_qty"] == 30


def test_goods_that_expire_are_not_bought_beyond_what_sells():
    offer = ("V", "A", day(-400), 10.0, 500.0, 1.0, None, 14.0)
    told = steps(terms=[offer], skus=[("A", 10.0, None, 20.0)], stock=[("A", "X", 0.0, 0.0)])
    assert "Shelf life" in told or told["Minimum order"] < 0


def test_a_site_that_is_fed_is_not_bought_for_and_draws_on_its_source():
    world = {"stock": [("A", "X", 200.0, 0.0), ("A", "Y", 1.0, 0.0)], "feeds": [("Y", "X")]}
    fed, source = proposed("Y", **world), proposed("X", **world)
    assert (fed["supplier_id"], fed["from_site_id"], fed["proposed_qty"]) == (None, "X", 9)
    assert fed["reorder_point_qty"] == 10, "two a day: tomorrow, two days on the way, two to the next"
    assert source["demand_mean_qty"] == 100, "its own fifty and the fifty that Y will draw"
    assert source["fed_lack_qty"] == 9
    assert steps("X", **world)["Expected draw of Y"] == 50


def test_a_source_that_is_empty_gives_nothing():
    world = {"stock": [("A", "X", 4.0, 0.0), ("A", "Y", 1.0, 0.0)], "feeds": [("Y", "X")]}
    assert proposed("Y", **world)["proposed_qty"] == 4
    assert steps("Y", **world)["Limit"] == -5


def test_the_inputs_give_every_quantity_again():
    world = {"stock": [("A", "X", 4.0, 0.0), ("A", "Y", 1.0, 0.0)], "feeds": [("Y", "X")]}
    tables = scored(**world)
    said = {
        (row["sku_id"], row["site_id"]): row["proposed_qty"]
        for row in tables["scores.replenishment"].iter_rows(named=True)
    }
    for row in tables["scores.replenishment_inputs"].iter_rows(named=True):
        assert quantity(from_row(row)).proposed_qty == Decimal(str(said[(row["sku_id"], row["site_id"])]))


def test_nothing_ordered_received_or_agreed_later_is_read():
    future = [bought(-4, took=9, qty=999.0), bought(+2, took=1, qty=999.0)]
    known = [bought(-4, took=None, qty=999.0)]
    assert proposed(lines=future) == proposed(lines=known)


def test_the_order_of_rows_changes_nothing():
    world = frames(stock=[("A", "X", 4.0, 0.0), ("A", "Y", 1.0, 0.0)], feeds=[("Y", "X")])
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=1) for name, frame in world.items()}
    one, other = (MODEL.score(some, Asked(END, MODEL.newest)).tables for some in (world, shuffled))
    assert {name: frame.rows() for name, frame in one.items()} == {name: frame.rows() for name, frame in other.items()}


def test_nobody_to_buy_from_is_no_row_and_no_stock_is_no_table():
    assert scored(stock=[("B", "Z", 5.0, 0.0)])["scores.replenishment"].height == 0
    assert scored(stock=[])["scores.replenishment"].height == 0


def test_an_order_below_the_suppliers_minimum_is_filled_up_or_put_off():
    filled = scored(assumed={"supplier_minimum_order_amount": 350.0}.items())
    assert filled["scores.replenishment"]["proposed_qty"].to_list() == [35]
    order = filled["scores.supplier_orders"].row(0, named=True)
    assert (order["ordered_amount"], order["added_amount"], order["is_put_off"]) == (350, 50, False)
    off = scored(assumed={"supplier_minimum_order_amount": 90_000.0}.items())
    assert off["scores.supplier_orders"]["is_put_off"].to_list() == [True]
    assert off["scores.replenishment"]["proposed_qty"].to_list() == [0]


def test_what_would_fill_up_an_order_by_less_than_can_be_bought_is_left_out():
    enough = replace(example(), on_hand_qty=500.0, minimum_order_qty=60.0)
    assert quantity(replace(enough, joint_qty=6.0)).proposed_qty == 0
    assert quantity(replace(enough, joint_qty=60.0)).proposed_qty == 60


def test_a_budget_buys_what_it_reaches():
    assert proposed(assumed={"purchase_budget_amount": 105.0}.items())["proposed_qty"] == 10


def test_poor_data_is_named():
    assert proposed(grades="C")["data_grade_code"] == "C"


def test_no_margin_leaves_the_floor_to_set_the_level_and_says_so():
    world = frames()
    world["marts.sku_margins"] = world["marts.sku_margins"].clear()
    told = MODEL.score(world, Asked(END, 1)).tables["scores.replenishment"].row(0, named=True)
    assert (told["gain_amount"], told["reorder_point_qty"]) == (None, 50)
    assert "No margin is known" in told["does_not_know_text"]


def test_the_rival_speaks_with_the_normal_formula():
    assert scored(version=0)["scores.replenishment_inputs"]["method_name"].to_list() == ["normal formula"]


def now_and_then(version):
    """Fifty at once every eighth week, where a forecast sees two a day: the line, and what its first step says."""
    world = frames()
    for name in ("scores.demand_fits", "scores.demand_dependence"):
        world[name] = world[name].with_columns(c=pl.lit("lumpy"))
    world["core.demand_facts"] = pl.DataFrame(
        [("A", "X", day(-56 * n - 3), 50.0) for n in range(7)], schema=world["core.demand_facts"].schema, orient="row"
    )
    tables = MODEL.score(world, Asked(END, version)).tables
    return tables["scores.replenishment"].row(0, named=True), tables["scores.replenishment_steps"]["step_text"][0]


def test_what_is_bought_now_and_then_is_told_by_its_own_past_and_by_the_forecast_in_the_first_version():
    days = 25  # until the order after this one could be here
    told, said = now_and_then(1)
    assert told["demand_mean_qty"] == pytest.approx(2 * days)
    assert "own past weeks" not in said
    told, said = now_and_then(2)
    assert "own past weeks" in said
    assert told["demand_mean_qty"] == pytest.approx(50 * days / 56, rel=0.3)
    assert told["reorder_point_qty"] >= 30  # the next purchase is as large as the last ones


def looked_back(came, lines=()):
    """A company that is looked back at from twelve weeks later: one shelf, so much asked for each day since."""
    origin = -84
    world = frames(lines=lines)
    world["marts.stock_lookbacks"] = pl.DataFrame(
        [("A", "X", 20.0, 0.0, day(origin))], schema=world["marts.stock_lookbacks"].schema, orient="row"
    )
    world["scores.demand_lookbacks"] = forecast([("A", "X")], origin=origin).head(28)
    world["core.demand_facts"] = pl.DataFrame(
        [("A", "X", day(origin + 1 + n), came) for n in range(84)],
        schema=world["core.demand_facts"].schema,
        orient="row",
    )
    return world


def test_looking_back_charges_what_was_left_and_what_an_order_could_have_saved(monkeypatch):
    """Two a day were foreseen, 50 for 25 days. One a day leaves 25 for a week; four a day lack 50, 22 of them before it could come."""
    monkeypatch.setattr(replenishment_trial, "LEAST_ROWS", 1)
    slow = trial(looked_back(1.0), as_of=END, seed=1, rival="normal formula")
    fast = trial(looked_back(4.0), as_of=END, seed=1, rival="normal formula")
    days = 25  # four to the order day, a fortnight, a week
    assert slow.model_error == pytest.approx((50 - days) * 10 * 0.22 * 7 / 365)
    assert fast.model_error == pytest.approx(4.0 * ((4 * days - 50) - (4 * (days - 7) - 50)))
    assert slow.row_count == 1
    assert set(slow.backtests["measure_name"]) == {"cost of stock and shortage", "cycle service"}


def test_looking_back_reads_no_order_placed_and_no_receipt_come_later(monkeypatch):
    known = looked_back(1.0)
    later = looked_back(1.0, lines=[bought(-70, took=1, qty=9.0), bought(-60, took=2, qty=9.0)])
    levels = [
        order_inputs.lines(
            order_inputs.book(
                world,
                today=day(-84),
                stock=world["marts.stock_lookbacks"],
                forecast=world["scores.demand_lookbacks"],
                seed=1,
                is_rival=False,
            )
        )[0].inputs.lead_days
        for world in (known, later)
    ]
    assert levels[0] == levels[1]


def test_too_few_looks_judge_nobody():
    told = trial(looked_back(1.0), as_of=END, seed=1, rival="normal formula")
    assert (told.model_error, told.rival_error, told.row_count) == (None, None, 1)
