"""Chance is not skill: what a coin tossed has no effect, who knows helps, who always raises hurts, and the order of rows says nothing."""

import datetime as dt
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.demand.gain import gain
from models.demand.value_added import CHANGES, MODEL, OVER_MODEL, READS, TOLD, steps, value_added
from models.model import RIVAL_ONLY, Asked

MONDAY = dt.date(2026, 8, 24)
SEEDS = 200


def lived(
    seed: int, *, series: int = 40, periods: int = 12, missed: float = 0.5, shared: float = 0.0
) -> dict[str, np.ndarray]:
    """What was forecast for SKUs of very different size and price, and what came; `shared` is what all miss in the same week."""
    dice = np.random.default_rng(seed)
    who, when = np.repeat(np.arange(series), periods), np.tile(np.arange(periods), series)
    level = np.exp(dice.normal(3.0, 1.0, series))[who]
    truth = level * np.exp(shared * dice.normal(size=periods)[when])
    came = dice.poisson(truth * dice.gamma(1 / missed**2, missed**2, who.size)).astype(float)
    worth = np.exp(dice.normal(1.0, 1.0, series))[who]
    return {"came": came, "before": level, "worth": worth, "who": who, "when": when}


def judged(world: dict[str, np.ndarray], after: np.ndarray, seed: int = 1):
    clusters = [world["who"], world["when"]]
    return gain(
        came=world["came"], before=world["before"], after=after, worth=world["worth"], clusters=clusters, seed=seed
    )


def tossed(world: dict[str, np.ndarray], seed: int, noise: float) -> np.ndarray:
    """The forecast with noise around it: nobody knew anything."""
    return np.maximum(
        world["before"] * (1 + noise * np.random.default_rng([seed, 7]).normal(size=world["came"].size)), 0.0
    )


@pytest.mark.parametrize("noise", [0.05, 0.2, 0.6])
@pytest.mark.parametrize(
    "shape",
    [{}, {"series": 9, "periods": 3}, {"series": 300, "periods": 12}, {"shared": 0.3}],
    ids=["usual", "few", "many", "shared"],
)
def test_what_a_coin_tossed_has_no_effect_95_times_in_100(noise, shape):
    """However large the noise is and however many rows there are: errors being kinked, the raw loss of noise would always be found."""
    told = Counter()
    seeds = SEEDS if shape.get("series", 0) < 100 else 60
    for seed in range(seeds):
        world = lived(seed, **shape)
        told[judged(world, tossed(world, seed, noise), seed).verdict] += 1
    assert told["no effect"] >= 0.95 * seeds, told


def test_who_knows_what_is_coming_helps():
    """Half of what the forecast will miss is known in every other week."""
    told = Counter()
    for seed in range(50):
        world = lived(seed)
        knows = np.random.default_rng([seed, 3]).random(world["came"].size) < 0.5
        after = tossed(world, seed, 0.05) + 0.5 * knows * (world["came"] - world["before"])
        told[judged(world, after).verdict] += 1
    assert told["helps"] >= 48, told


@pytest.mark.parametrize("raised", [1.5, 2.0])
def test_who_always_raises_hurts(raised):
    """The mirrored changes would have been as bad, but no coin comes down on the same side each time."""
    told = Counter()
    for seed in range(50):
        world = lived(seed)
        told[judged(world, world["before"] * raised).verdict] += 1
    assert told["hurts"] >= 48, told


def test_who_goes_the_wrong_way_hurts_even_when_up_and_down_are_balanced():
    """Each change goes away from what comes."""
    world = lived(1)
    assert judged(world, np.maximum(world["before"] - 0.3 * (world["came"] - world["before"]), 0.0)).verdict == "hurts"


def test_the_interval_holds_what_the_change_was_truly_worth():
    """Of worlds with the same planner, 95 in 100 intervals hold the gain that all worlds have on average."""
    found = []
    for seed in range(SEEDS):
        world = lived(seed, series=60, missed=0.4)
        noise = np.random.default_rng([seed, 5]).normal(size=world["came"].size)
        after = world["before"] + 0.4 * (world["came"] - world["before"]) + 0.2 * world["before"] * noise
        told = {"came": world["came"], "before": world["before"], "after": after, "worth": 1 / world["before"]}
        found.append(gain(**told, clusters=[world["who"]], seed=seed))
    truly = np.mean([one.helped for one in found])
    assert np.mean([one.low <= truly <= one.high for one in found]) >= 0.9


def plans(world: dict[str, np.ndarray], after: np.ndarray, *, proposal: bool = True) -> pl.DataFrame:
    """The same as rows of `marts.demand_plans`."""
    days = [MONDAY + dt.timedelta(days=7 * int(when)) for when in world["when"]]
    return pl.DataFrame(
        {
            "sku_id": [f"S{who}" for who in world["who"]],
            "site_id": ["LEJ"] * len(days),
            "plan_starts_date": days,
            "plan_standing_name": ["judged"] * len(days),
            "planner_name": [f"P{who % 2}" for who in world["who"]],
            "reason_code": [f"R{when % 2}" for when in world["when"]],
            "demand_class_name": ["lumpy"] * len(days),
            "seen_qty": world["came"],
            "naive_seen_qty": world["before"] * 1.3,
            "proposal_seen_qty": world["before"] if proposal else [None] * len(days),
            "model_seen_qty": world["before"],
            "plan_seen_qty": after,
            "unit_net_amount": world["worth"],
        },
        schema_overrides={"proposal_seen_qty": pl.Float64},
    ).select(READS)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_says_nothing(seed):
    world = lived(2, series=12, periods=6)
    rows = plans(world, tossed(world, 2, 0.3))
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=seed)
    assert value_added(rows, seed=5).equals(value_added(shuffled, seed=5))
    assert steps(rows).equals(steps(shuffled))


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 100.0), st.floats(0.01, 100.0))
def test_verdicts_do_not_hang_on_units_or_currency(in_units, in_money):
    """Counting in cartons or in another currency changes no verdict and no share."""
    world = lived(3)
    after = world["before"] * 1.2
    scaled = (
        world | {name: world[name] * in_units for name in ("came", "before")} | {"worth": world["worth"] * in_money}
    )
    one, other = judged(world, after), judged(scaled, after * in_units)
    assert one.verdict == other.verdict
    assert one.helped == pytest.approx(other.helped)
    assert one.low == pytest.approx(other.low)


def test_a_random_planner_has_no_effect_in_any_cut_of_the_table():
    """By planner, reason, class and direction, with and without a proposal: about one in twenty may be chance, and is."""
    told = Counter()
    for seed in range(20):
        world = lived(seed)
        found = value_added(plans(world, tossed(world, seed, 0.2), proposal=seed % 2 == 0), seed=seed)
        told.update(found.filter(compared_name=CHANGES)["verdict_name"])
    assert told["no effect"] >= 0.95 * told.total(), told


def test_parts_sum_to_the_whole():
    """What planners earned, or reasons, or directions, adds up to what all did, in money."""
    world = lived(4)
    found = value_added(plans(world, world["before"] * 1.3), seed=1).filter(compared_name=CHANGES)
    whole = found.filter(cut_name="all")["helped_amount"].item()
    for cut in ("planner", "reason", "direction", "planner and reason"):
        mine = found.filter(cut_name=cut)
        assert mine["helped_amount"].sum() == pytest.approx(whole, abs=0.01)
        assert mine["change_count"].sum() == found.filter(cut_name="all")["change_count"].item()


def test_no_rows_say_nothing_and_few_say_too_few():
    world = lived(5, series=3, periods=3)
    nothing = plans(world, world["before"]).clear()
    assert value_added(nothing, seed=1).columns == list(TOLD)
    assert value_added(nothing, seed=1).is_empty()
    assert steps(nothing).is_empty()
    few = value_added(plans(world, world["before"] * 2), seed=1)
    assert set(few["verdict_name"]) == {"too few"}
    assert few["helped_share"].null_count() == few.height
    none_changed = value_added(plans(lived(5), lived(5)["before"]), seed=1).filter(cut_name="all")
    assert none_changed["verdict_name"].to_list() == ["too few", "too few"]
    assert none_changed["change_count"].to_list() == [0, 0]


def test_a_plan_that_is_not_judged_and_one_without_a_price_are_left_out_of_money():
    world = lived(6)
    rows = plans(world, world["before"] * 1.4)
    odd = rows.with_columns(
        plan_standing_name=pl.when(pl.col("sku_id") == "S0")
        .then(pl.lit("its period is not over"))
        .otherwise("plan_standing_name"),
        unit_net_amount=pl.when(pl.col("sku_id") == "S1").then(None).otherwise("unit_net_amount"),
    )
    kept = rows.filter(~pl.col("sku_id").is_in(["S0", "S1"]))
    assert value_added(odd, seed=1).equals(value_added(kept, seed=1))
    unpriced = value_added(rows.with_columns(unit_net_amount=pl.lit(None, dtype=pl.Float64)), seed=1)
    assert unpriced["helped_amount"].null_count() == unpriced.height
    assert unpriced.filter(cut_name="all", compared_name=OVER_MODEL)["helped_share"].item() < 0


def test_a_perfect_proposal_can_only_be_made_worse():
    """No error before: nothing to divide by is no data, and the verdict still stands."""
    world = lived(7)
    exact = world | {"before": world["came"]}
    found = judged(exact, world["came"] + 1.0)
    assert (found.verdict, found.helped, found.low) == ("hurts", None, None)


def test_switched_off_it_says_nothing():
    """Version 0 of any model is its rival: nobody changes anything, so there is nothing to judge."""
    frames = {"marts.demand_plans": plans(lived(8), lived(8)["before"] * 2)}
    off = MODEL.score(frames, Asked(MONDAY, RIVAL_ONLY))
    assert all(table.is_empty() for table in off.tables.values())
    on = MODEL.score(frames, Asked(MONDAY, MODEL.newest))
    assert on.tables["scores.forecast_steps"].height == 4
    assert on.because == "480 of 480 plans could be judged."
