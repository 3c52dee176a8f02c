"""The designer of roll-outs: fair lots, honest about what a pilot can show, and unmoved without a baseline."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.ai_economics.past import of_cases, of_orders
from models.ai_economics.rollout import Rollout, designed
from tests.ai_case_frames import cases
from tests.measured_panels import noise as grown
from tests.worlds import world

FIRST = dt.date(2026, 1, 5)
START = dt.date(2026, 9, 7)


def past(units: int, weeks: int = 26, *, scale: float = 1.0, seed: int = 1) -> pl.DataFrame:
    seen = 10 + scale * (grown(np.random.default_rng(seed), units, weeks) - 10)
    rows = [
        (f"S{unit:02d}", FIRST + dt.timedelta(weeks=week), float(seen[unit, week]))
        for unit in range(units)
        for week in range(weeks)
    ]
    return pl.DataFrame(rows, schema=["unit_name", "week_date", "measured_number"], orient="row")


def proposed(panel: pl.DataFrame, plan: float = 0.15, **more: object) -> Rollout:
    return designed(panel, planned_effect_share=plan, start_date=START, **more)  # type: ignore[arg-type]


def test_without_twelve_weeks_before_it_refuses():
    found = proposed(past(8, 11))
    assert found.is_refused
    assert not found.can_confirm
    assert (found.units.height, found.detectable_share) == (0, None)
    assert found.says[0].startswith("Do not begin yet: only 11 weeks before the start")
    assert proposed(past(3)).is_refused
    later = past(8, 30).with_columns(week_date=pl.col("week_date") + dt.timedelta(weeks=34))
    assert proposed(later).is_refused, "weeks after the start are no baseline"
    assert proposed(past(8).clear()).is_refused


def test_half_of_the_units_begin_and_the_same_seed_draws_the_same():
    one, same, other = (proposed(past(12), seed=seed) for seed in (1, 1, 2))
    assert one.units.equals(same.units)
    assert not one.units.equals(other.units)
    assert one.units["arm_code"].value_counts().sort("arm_code")["count"].to_list() == [6, 6]
    assert set(one.units.filter(pl.col("arm_code") == "assisted")["start_date"]) == {START}
    assert proposed(past(12), treated_count=3).units.filter(pl.col("arm_code") == "assisted").height == 3


def test_the_lot_falls_among_balanced_assignments_only():
    """Twelve sites, six of them twice as slow: no draw puts the slow ones on one side."""
    panel = past(12).with_columns(measured_number=pl.col("measured_number") + 20 * (pl.col("unit_name") > "S05"))
    for seed in range(20):
        units = proposed(panel, seed=seed).units
        slow = units.filter(pl.col("unit_name") > "S05", pl.col("arm_code") == "assisted").height
        assert slow == 3


def test_no_unit_is_chosen_for_what_it_is():
    """Over many draws each site begins about half of the time."""
    counts = np.zeros(8)
    for seed in range(200):
        counts += (proposed(past(8), seed=seed).units.sort("unit_name")["arm_code"] == "assisted").to_numpy()
    assert (np.abs(counts / 200 - 0.5) < 0.25).all()


def test_many_units_form_pairs_and_one_of_each_begins():
    found = proposed(past(20))
    pairs = found.units.group_by("pair_no").agg(pl.len(), (pl.col("arm_code") == "assisted").sum().alias("begin"))
    assert set(pairs["len"]) == {2}
    assert set(pairs["begin"]) == {1}
    assert found.smallest_p == 1 / 2**10


def test_six_sites_cannot_show_a_chance_below_one_in_twenty():
    found = proposed(past(6))
    assert found.smallest_p == 1 / 20
    assert "no result can show a chance below 0.05" in found.says[-1]


def test_a_pilot_that_is_too_small_says_so_and_names_others():
    found = proposed(past(6, scale=2.0), 0.05, cases_per_week=300, case_spread_share=0.5)
    assert not found.can_confirm
    assert found.says[0].startswith("This pilot cannot confirm the plan")
    assert found.alternatives["alternative_name"].to_list() == ["queue split", "stepped wedge", "longer panel"]
    enough = dict(found.alternatives.select("alternative_name", "is_enough").iter_rows())
    assert enough["queue split"]
    assert not enough["longer panel"]


def test_a_large_plan_can_be_confirmed():
    found = proposed(past(25, scale=0.5), 0.15)
    assert found.can_confirm
    assert found.says[0].startswith("This pilot can confirm the plan")
    assert found.weeks_needed is not None
    assert found.weeks_needed <= 12


def test_more_waves_begin_four_weeks_apart():
    found = proposed(past(8, scale=0.5), waves=2)
    dates = found.units["start_date"].drop_nulls().value_counts().sort("start_date")
    assert dates["start_date"].to_list() == [START, START + dt.timedelta(weeks=4)]
    assert dates["count"].to_list() == [2, 2]


def test_the_baseline_can_be_frozen():
    panel = past(8)
    changed = panel.with_columns(measured_number=pl.col("measured_number") + (pl.col("unit_name") == "S00") * 1.0)
    assert proposed(panel).baseline_key == proposed(panel.sample(fraction=1, shuffle=True, seed=1)).baseline_key
    assert proposed(panel).baseline_key != proposed(changed).baseline_key


@pytest.mark.parametrize("by_team", [False, True])
def test_the_past_comes_out_of_the_mart(by_team):
    """The real SQL over a log of work: only weeks without AI, and the spread of single cases."""
    log = cases([16, 18, None, None], a_week=8).drop_nulls("opened_at")
    made = world("marts.ai_case_weeks", as_of="2026-08-02", ai_cases=log.to_dicts())
    weeks = made.query("select * from marts.ai_case_weeks")
    found = of_cases(weeks, use_case_name="UC3", by_team=by_team)
    assert found.panel["week_date"].max() == FIRST + dt.timedelta(weeks=15)
    assert found.panel["unit_name"].n_unique() == 4
    assert found.cases_per_week == pytest.approx(32)
    alone = log.filter(pl.col("opened_at").dt.date() < FIRST + dt.timedelta(weeks=16))
    mean = alone.filter(pl.col("site_id") == "S00", pl.col("opened_at").dt.date() < FIRST + dt.timedelta(weeks=1))
    assert found.panel.sort("unit_name", "week_date")["measured_number"][0] == pytest.approx(
        mean["hands_on_minutes"].mean()
    )
    assert found.case_spread_share == pytest.approx(2 / 14, rel=0.2)
    assert not proposed(found.panel).is_refused
    assert of_cases(weeks, use_case_name="other").panel.height == 0


def test_the_past_of_orders_falls_back_to_touches():
    weeks = pl.DataFrame(
        {
            "site_id": ["S1"],
            "week_date": [FIRST],
            "order_count": [10],
            "touches_per_order_number": [2.5],
            "order_hands_on_minutes": [None],
        }
    )
    found = of_orders(weeks)
    assert found.panel["measured_number"].to_list() == [2.5]
    assert found.cases_per_week == 10
