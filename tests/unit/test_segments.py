"""Each class by hand: at its bounds, where facts are missing, and where a bare ratio would mislead."""

from datetime import date, timedelta

import polars as pl
import pytest

from models.alike import alike, expected_of_new
from models.inventory.segments import SCHEMA, abc, segments

AS_OF = date(2026, 6, 30)
DEMAND = {"sku_id": pl.String, "site_id": pl.String, "demand_date": pl.Date, "demand_qty": pl.Float64}
LIVES = {"sku_id": pl.String, "site_id": pl.String, "first_date": pl.Date, "last_date": pl.Date}
MARGINS = {"sku_id": pl.String, "site_id": pl.String, "margin_amount": pl.Float64}
ERRORS = {"sku_id": pl.String, "site_id": pl.String, "relative_error": pl.Float64}
SKUS = {"sku_id": pl.String, "category_name": pl.String, "list_price": pl.Float64, "units_per_pack": pl.Float64}


def ago(days):
    return AS_OF - timedelta(days=days)


def one(sold, *, life=400, ended=None, error=None, margin=1.0):
    """The segments of one SKU: `sold` maps days ago to quantities."""
    demand = pl.DataFrame([("S", "X", ago(days), float(qty)) for days, qty in sold.items()], DEMAND, orient="row")
    lives = pl.DataFrame([("S", "X", ago(life), None if ended is None else ago(ended))], LIVES, orient="row")
    margins = pl.DataFrame([("S", "X", margin)], MARGINS, orient="row")
    errors = None if error is None else pl.DataFrame([("S", "X", error)], ERRORS, orient="row")
    return segments(demand, lives, margins, as_of=AS_OF, errors=errors).row(0, named=True)


def every(step, *, qty=5.0, start=400, stop=0):
    return dict.fromkeys(range(stop, start, step), qty)


def test_abc_is_cumulated_and_the_one_that_crosses_still_belongs():
    earned = (50.0, 30.0, 15.0, 5.0, -9.0, None)
    margins = pl.DataFrame(list(zip("PQRSTU", "XXXXXX", earned, strict=True)), MARGINS, orient="row")
    assert abc(margins, by=["sku_id"])["abc_class"].to_list() == ["A", "A", "B", "C", "C", "C"]


def test_one_sku_that_earns_everything_is_a():
    assert abc(pl.DataFrame([("P", "X", 9.0)], MARGINS, orient="row"), by=["sku_id"]).row(0) == ("P", "A", 1.0)


def test_nobody_earns_so_nobody_is_a_and_there_is_no_share():
    assert abc(pl.DataFrame([("P", "X", -1.0)], MARGINS, orient="row"), by=["sku_id"]).row(0) == ("P", "C", None)


def test_a_missing_margin_is_c():
    assert one(every(1), margin=None)["abc_class"] == "C"


def test_sites_are_added_up_for_the_sku_and_judged_apart():
    lives = pl.DataFrame([(s, x, ago(9), None) for s in "PQ" for x in "XY"], LIVES, orient="row")
    earned = [("P", "X", 70.0), ("P", "Y", 1.0), ("Q", "X", 10.0), ("Q", "Y", 6.0)]
    said = segments(pl.DataFrame(schema=DEMAND), lives, pl.DataFrame(earned, MARGINS, orient="row"), as_of=AS_OF)
    assert said["abc_class"].to_list() == ["A", "A", "B", "B"]
    assert said["site_abc_class"].to_list() == ["A", "C", "B", "B"]


@pytest.mark.parametrize(("error", "named"), [(0.5, "X"), (0.51, "Y"), (1.0, "Y"), (1.01, "Z")])
def test_xyz_goes_by_the_forecast_error_where_there_is_one(error, named):
    said = one(every(1), error=error)
    assert (said["xyz_class"], said["xyz_by"], said["xyz_figure"]) == (named, "forecast error", error)


def test_xyz_falls_back_on_the_variation_of_weeks_with_the_empty_ones():
    """Ten weeks, five of them empty, 7 in the others: mean 3.5, variance 12.25 × 10 / 9."""
    said = one(dict.fromkeys(range(0, 70, 14), 7.0), life=69)
    assert said["xyz_figure"] == pytest.approx((12.25 * 10 / 9) ** 0.5 / 3.5)
    assert (said["xyz_class"], said["xyz_by"]) == ("Z", "variation")
    assert one(dict.fromkeys(range(0, 49, 1), 7.0), life=48)["xyz_class"] is None


def test_a_nan_error_is_no_error():
    assert one(every(1), error=float("nan"))["xyz_by"] == "variation"


@pytest.mark.parametrize(
    ("step", "sizes", "named"),
    [(1, (5, 5), "smooth"), (1, (1, 20), "erratic"), (3, (5, 5), "intermittent"), (3, (1, 20), "lumpy")],
)
def test_the_four_classes_of_demand(step, sizes, named):
    sold = {days: sizes[place % 2] for place, days in enumerate(range(0, 300, step))}
    assert one(sold, life=299)["demand_class"] == named


def test_the_interval_counts_the_days_of_selling_life_only():
    assert one(every(1, start=100, stop=50), life=99, ended=50)["interval_days"] == 1.0
    assert [one({3: 5.0})[name] for name in ("demand_class", "interval_days", "size_cv2")] == ["none", None, None]


def test_what_was_bought_more_than_three_years_ago_says_nothing_of_how_it_is_bought_now():
    """Every third day until three years ago, every day since."""
    said = one(every(1, start=1096) | every(3, start=1600, stop=1096), life=1600)
    assert (said["demand_class"], said["interval_days"]) == ("smooth", 1.0)


def test_life_stages():
    assert one(every(1, start=91), life=90)["life_stage"] == "new"
    assert one(every(1, start=92), life=91)["life_stage"] == "mature"
    assert one(every(2))["life_stage"] == "mature"
    assert one(every(2, stop=100))["life_stage"] == "dying"
    assert one(every(2, stop=100), ended=1)["life_stage"] == "ended"
    assert one(every(2, stop=100), ended=0)["life_stage"] == "dying"


def test_a_slow_mover_that_pauses_is_not_dying():
    """Four days with demand in a year and none in a quarter: the ratio is nought, and chance alone does that often."""
    said = one({120: 5, 200: 5, 280: 5, 390: 5})
    assert (said["recent_ratio"], said["life_stage"]) == (0.0, "mature")
    assert said["dying_chance"] == pytest.approx((310 / (91 + 310)) ** 4)


def test_less_but_not_a_quarter_is_not_dying():
    said = one(every(1, start=401, stop=91) | every(3, start=91))
    assert said["recent_ratio"] == pytest.approx(31 / 91)
    assert (said["dying_chance"] < 0.01, said["life_stage"]) == (True, "mature")


def test_without_history_nothing_is_dying():
    said = one(every(1, start=150, stop=91), life=150)
    assert (said["recent_ratio"], said["life_stage"]) == (None, "mature")


def test_nothing_sold_is_a_row_with_nulls_and_no_rows_are_no_rows():
    said = one({})
    assert (said["demand_class"], said["xyz_class"], said["recent_ratio"]) == ("none", None, None)
    empty = [pl.DataFrame(schema=kind) for kind in (DEMAND, LIVES, MARGINS)]
    assert segments(*empty, as_of=AS_OF).schema == pl.Schema(SCHEMA)


def world(*, new_sold=None, peers=8, rates=(2.0,), new_age=10):
    """One new SKU N and peers launched half a year ago, each selling its rate every day."""
    first = {"N": ago(new_age - 1), "OLD": ago(700)} | {f"P{n}": ago(180) for n in range(peers)}
    lives = pl.DataFrame([(sku, "X", day, None) for sku, day in first.items()], LIVES, orient="row")
    skus = pl.DataFrame([(sku, "taps", 10.0, 6.0) for sku in first], SKUS, orient="row")
    sold = [(f"P{n}", "X", ago(days), rates[n % len(rates)]) for n in range(peers) for days in range(181)]
    sold += [("N", "X", ago(days), qty) for days, qty in (new_sold or {}).items()]
    return pl.DataFrame(sold, DEMAND, orient="row"), lives, skus


def test_the_alike_are_of_the_same_site_and_category_and_the_nearer_weigh_more():
    _, lives, skus = world()
    far = pl.when(pl.col("sku_id") == "P1").then(40.0).otherwise("list_price").alias("list_price")
    other = pl.when(pl.col("sku_id") == "P2").then(pl.lit("hoses")).otherwise("category_name").alias("category_name")
    found = alike(lives, skus.with_columns(far, other), as_of=AS_OF)
    weights = dict(found.select("alike_sku_id", "weight").rows())
    assert set(weights) == {"P0", "P1", "P3", "P4", "P5", "P6", "P7"}
    assert weights["P1"] < 0.1 * weights["P0"]
    assert found["weight"].sum() == pytest.approx(1.0)
    assert found["alike_by"].unique().to_list() == ["launches"]


def test_with_few_launches_those_of_any_age_count():
    _, lives, skus = world(peers=3)
    found = alike(lives, skus, as_of=AS_OF)
    assert set(found["alike_sku_id"]) == {"OLD", "P0", "P1", "P2"}
    assert found["alike_by"].unique().to_list() == ["any age"]


def test_a_new_sku_without_sales_is_expected_to_sell_what_the_alike_did():
    demand, lives, skus = world(new_age=1)
    said = expected_of_new(demand, lives, skus, as_of=AS_OF).row(0, named=True)
    assert (said["age_days"], said["alike_daily_qty"], said["prior_days"]) == (1, pytest.approx(2.0), 365.0)
    assert said["expected_daily_qty"] == pytest.approx(2.0)


def test_the_first_day_always_sells_and_is_left_out_of_every_rate():
    """Ninety on the first day and nothing since; the alike sell 2 a day but 500 on their first."""
    demand, lives, skus = world(new_sold={9: 90.0})
    firsts = [(f"P{n}", "X", ago(180), 498.0) for n in range(8)]
    said = expected_of_new(pl.concat([demand, pl.DataFrame(firsts, DEMAND, orient="row")]), lives, skus, as_of=AS_OF)
    told = said.row(0, named=True)
    assert (told["own_daily_qty"], told["alike_daily_qty"]) == (0.0, pytest.approx(2.0))
    assert told["expected_daily_qty"] == pytest.approx(365 * 2 / 374)


def test_the_shrinkage_by_hand_and_the_sooner_the_more_the_alike_differ():
    alike_ones = expected_of_new(*world(new_sold=dict.fromkeys(range(10), 9.0)), as_of=AS_OF).row(0, named=True)
    differing = world(new_sold=dict.fromkeys(range(10), 9.0), rates=(0.1, 20.0))
    unlike_ones = expected_of_new(*differing, as_of=AS_OF).row(0, named=True)
    assert alike_ones["expected_daily_qty"] == pytest.approx((365 * 2 + 81) / 374)
    assert unlike_ones["prior_days"] == 1.0
    assert unlike_ones["expected_daily_qty"] == pytest.approx((10.05 + 81) / 10)


def test_without_alike_skus_it_is_the_own_rate():
    demand, lives, skus = world(new_sold={2: 30.0}, peers=0)
    skus = skus.with_columns(category_name=pl.col("sku_id"))
    said = expected_of_new(demand, lives, skus, as_of=AS_OF).row(0, named=True)
    assert (said["alike_daily_qty"], said["alike_count"], said["expected_daily_qty"]) == (None, 0, 30 / 9)
