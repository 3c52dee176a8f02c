"""What must hold of the segments of any assortment: order, unit and other SKUs change nothing, and the future is unknown."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from models.alike import alike, expected_of_new
from models.demand.history import history
from models.demand_class import classes_of
from models.inventory.segments import abc, segments

AS_OF = date(2026, 6, 30)
DEMAND = {"sku_id": pl.String, "site_id": pl.String, "demand_date": pl.Date, "demand_qty": pl.Float64}
LIVES = {"sku_id": pl.String, "site_id": pl.String, "first_date": pl.Date, "last_date": pl.Date}
MARGINS = {"sku_id": pl.String, "site_id": pl.String, "margin_amount": pl.Float64}
AMOUNTS = st.one_of(st.none(), st.integers(-50, 1000).map(float))


@st.composite
def assortments(draw):
    """Demand, lives and margins of a few SKUs in two sites."""
    keys = draw(
        st.lists(st.tuples(st.sampled_from("PQRS"), st.sampled_from("XY")), unique=True, min_size=1, max_size=6)
    )
    sold, lives = [], []
    for sku, site in keys:
        days = draw(st.lists(st.integers(-20, 500), unique=True, min_size=1, max_size=30))
        sold += [(sku, site, AS_OF - timedelta(days=day), float(draw(st.integers(1, 99)))) for day in days]
        last = draw(st.sampled_from([None, AS_OF]))
        lives.append((sku, site, AS_OF - timedelta(days=max(days)), last))
    margins = [(*key, draw(AMOUNTS)) for key in keys]
    return (
        pl.DataFrame(sold, DEMAND, orient="row"),
        pl.DataFrame(lives, LIVES, orient="row"),
        pl.DataFrame(margins, MARGINS, orient="row"),
    )


CLASSES = ["sku_id", "site_id", "abc_class", "xyz_class", "demand_class", "life_stage"]


@given(assortments())
def test_every_life_that_began_has_one_row_with_known_words(given_frames):
    demand, lives, margins = given_frames
    said = segments(demand, lives, margins, as_of=AS_OF)
    begun = lives.filter(pl.col("first_date") <= AS_OF).select("sku_id", "site_id").sort("sku_id", "site_id")
    assert said.select("sku_id", "site_id").rows() == begun.rows()
    assert set(said["abc_class"]) <= set("ABC")
    assert set(said["life_stage"]) <= {"new", "mature", "dying", "ended"}
    assert said["dying_chance"].drop_nulls().is_between(0, 1).all()


@given(assortments(), st.randoms(use_true_random=False))
def test_the_sequence_of_rows_changes_nothing(given_frames, dice):
    shuffled = [frame[dice.sample(range(frame.height), frame.height)] for frame in given_frames]
    assert (
        segments(*shuffled, as_of=AS_OF).select(CLASSES).rows()
        == segments(*given_frames, as_of=AS_OF).select(CLASSES).rows()
    )


@given(assortments(), st.integers(-3, 5))
def test_another_unit_of_quantity_or_money_changes_no_class(given_frames, power):
    demand, lives, margins = given_frames
    scaled = demand.with_columns(pl.col("demand_qty") * 2.0**power)
    dearer = margins.with_columns(pl.col("margin_amount") * 2.0**power)
    assert (
        segments(scaled, lives, dearer, as_of=AS_OF).select(CLASSES).rows()
        == segments(demand, lives, margins, as_of=AS_OF).select(CLASSES).rows()
    )


@given(assortments())
def test_the_days_to_come_change_nothing(given_frames):
    demand, lives, margins = given_frames
    known = demand.filter(pl.col("demand_date") <= AS_OF)
    assert segments(demand, lives, margins, as_of=AS_OF).equals(segments(known, lives, margins, as_of=AS_OF))


@given(st.lists(AMOUNTS, min_size=1, max_size=30))
def test_a_better_class_never_earns_less_and_the_shares_are_a_whole(amounts):
    margins = pl.DataFrame(
        {"sku_id": [f"{n:02}" for n in range(len(amounts))], "margin_amount": amounts},
        schema_overrides={"margin_amount": pl.Float64},
    )
    said = abc(margins, by=["sku_id"])
    assert said["abc_class"].to_list() == sorted(said["abc_class"])
    if any(amount is not None and amount > 0 for amount in amounts):
        assert abs(said["margin_share"].sum() - 1) < 1e-9
        shares = {name: said.filter(pl.col("abc_class") == name)["margin_share"].sum() for name in "ABC"}
        assert shares["A"] >= 0.8 - 1e-9
        assert shares["C"] <= 0.05 + 1e-9


@given(assortments(), st.integers(0, 90))
def test_weights_are_a_whole_and_the_expectation_lies_between_own_and_alike(given_frames, age):
    demand, lives, _ = given_frames
    lives = pl.concat([lives, pl.DataFrame([("N", "X", AS_OF - timedelta(days=age), None)], LIVES, orient="row")])
    features = {"list_price": [9.0, 1, 9, 20, 400], "units_per_pack": [None, 1.0, 2, 3, 4]}
    skus = pl.DataFrame({"sku_id": list("NPQRS"), "category_name": ["taps"] * 5} | features)
    found = alike(lives, skus, as_of=AS_OF)
    sums = found.group_by("sku_id", "site_id").agg(pl.col("weight").sum())["weight"]
    assert ((sums - 1).abs() < 1e-9).all()
    for row in expected_of_new(demand, lives, skus, as_of=AS_OF).iter_rows(named=True):
        if row["alike_daily_qty"] is None:
            assert row["expected_daily_qty"] == row["own_daily_qty"]
        elif row["own_daily_qty"] is None:
            assert abs(row["expected_daily_qty"] - row["alike_daily_qty"]) < 1e-9
        else:
            least, most = sorted((row["own_daily_qty"], row["alike_daily_qty"]))
            assert least - 1e-9 <= row["expected_daily_qty"] <= most + 1e-9
            assert 1 <= row["prior_days"] <= 365


@given(assortments())
def test_the_forecast_and_the_segments_have_one_word_for_how_a_sku_is_bought(given_frames):
    demand, lives, margins = given_frames
    told = segments(demand, lives, margins, as_of=AS_OF)
    on_sale = lives.with_columns(last_date=pl.lit(AS_OF))
    on_sale = on_sale.rename({"first_date": "first_demand_date", "last_date": "last_sale_date"})
    empty = demand.clear().with_columns(is_censored=pl.lit(value=True))
    past = history(demand, on_sale, empty, AS_OF)
    assert told["demand_class"].to_list() == classes_of(past.recorded)
