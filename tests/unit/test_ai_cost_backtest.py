"""The level of months, how it goes on, and the forecast of what AI calls cost looked back on: what it may know, and what it says."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.ai_economics import cost_backtest
from models.ai_economics.inputs import world_of
from models.ai_economics.level import futures, level, other_models
from models.ai_economics.world import cases, cost_per_case
from models.demand import drivers
from models.model import Asked
from models.months import month_after
from pages.parts.ai_cost_backtest import summed
from tests.ai_programmes import AS_OF, frames, taken_up, volumes

STARTED = dt.date(2026, 3, 1)
MONTHS = [month_after(STARTED, at) for at in range(8)]


def usage(months: list[dt.date], tokens: int, cost: float, *, unpriced: int = 0, name: str = "UC3") -> pl.DataFrame:
    """Two days of calls a month: so many tokens in all, that cost so much."""
    days = [month + dt.timedelta(days=day) for month in months for day in (5, 20)]
    told = {"called_date": days, "use_case_id": name, "token_count": tokens // 2, "unpriced_token_count": unpriced // 2}
    return pl.DataFrame({**told, "usage_cost": cost / 2})


def seen(counts: list[int], *, cost: float = 7.0, tokens: int = 700_000) -> dict[str, pl.DataFrame]:
    """A company whose use case had so many cases in the months since it began, at the same cost and tokens a month."""
    told = frames(taken_up("UC3"))
    months = MONTHS[: len(counts)]
    rows = [volumes("UC3", [month], count, cost) for month, count in zip(months, counts, strict=True)]
    told["marts.ai_volumes"] = pl.concat(rows).with_columns(usage_cost=pl.lit(cost))
    told["marts.ai_usage"] = usage(months, tokens, cost)
    return told


def known(told: dict[str, pl.DataFrame], name: str, *, count: int = 1) -> np.ndarray:
    world = world_of(told, AS_OF, count=count, seed=1, is_certain=count == 1)
    return world.measured["UC3"][name]


def test_late_months_weigh_more_the_more_a_level_wanders():
    steady = level(np.array([1.0, 1.3, 0.8, 1.2, 0.9, 1.0, 1.1, 0.9]), np.full(8, 0.04))
    risen = level(np.array([1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]), np.full(8, 0.001))
    assert steady.mean == pytest.approx(1.0, abs=0.07)
    assert risen.mean == pytest.approx(1.95, abs=0.08)
    assert risen.weights @ risen.drifts > 2 * (steady.weights @ steady.drifts)


def test_noise_widens_what_may_come_and_leaves_its_expected_value_alone():
    told = level(np.array([1.0, 1.4, 0.7, 1.2, 0.8]), np.full(5, 0.05))
    drawn = futures(told, "UC3.cost", months=36, count=20_000, seed=1)
    assert drawn.mean(axis=0) == pytest.approx(np.full(36, told.mean), rel=0.02)
    low, high = np.quantile(drawn[:, [0, 35]], (0.1, 0.9), axis=0)
    assert ((high - low) > 0.4 * told.mean).all()
    assert (high - low)[1] > (high - low)[0]
    assert (drawn == futures(told, "UC3.cost", months=36, count=20_000, seed=1)).all()
    assert futures(told, "UC3.cost", months=36, count=1, seed=1).item() == told.mean


def test_calls_move_to_other_models_as_often_as_said():
    drawn = other_models(np.full((5_000, 1), 2.0), "UC3", months=12, seed=1)
    never = other_models(np.zeros((10, 1)), "UC3", months=12, seed=1)
    assert (never == 1).all()
    # Two moves a year: after a month one path in six has moved, and 18 of 52 successors cost the same.
    assert (drawn[:, 0] != 1).mean() == pytest.approx(34 / 52 / 6, abs=0.015)


def test_a_month_in_which_it_began_counts_for_its_days_alone():
    told = frames(taken_up("UC3", started="2026-03-16"))
    told["marts.ai_volumes"] = pl.concat([
        volumes("UC3", MONTHS[:1], 36, 3.6), volumes("UC3", MONTHS[1:4], 70, 7.0),
    ])  # fmt: skip
    # 16 of the 31 days of March: 36 cases there are 70 in a whole month.
    assert known(told, "worked_per_unit").item() == pytest.approx(70 / 400, rel=0.01)


def test_a_case_costs_its_tokens_at_what_a_token_costs_of_late():
    told = seen([70] * 6)
    assert known(told, "cost_per_case").item() == pytest.approx(0.1)
    # Another model since the last days of the last month, three times as dear: all months' tokens are paid at its price.
    days = told["marts.ai_usage"]["called_date"]
    dearer = pl.when(pl.col("called_date") == days.max()).then(3.0).otherwise(1.0)
    told["marts.ai_usage"] = told["marts.ai_usage"].with_columns(usage_cost=pl.col("usage_cost") * dearer)
    assert known(told, "cost_per_case").item() == pytest.approx(0.3)


@pytest.mark.parametrize(("unpriced", "wanted"), [(35_000, 0.1 * 700 / 665), (350_000, 0.1)])
def test_few_tokens_without_a_price_cost_as_others_do_and_many_tell_nothing(unpriced, wanted):
    told = seen([70] * 6)
    told["marts.ai_usage"] = usage(MONTHS[:6], 700_000, 7.0, unpriced=unpriced)
    assert known(told, "cost_per_case").item() == pytest.approx(wanted)


def test_what_was_seen_leaves_no_room_for_the_assumed_rate_or_disruption():
    told = seen([70] * 6)
    world = world_of(told, AS_OF, count=2_000, seed=1)
    worked = known(told, "worked_per_unit", count=2_000)
    assert cases(world, world.use_cases[0]) == pytest.approx(worked * world.drivers["orders"])
    assert worked.shape == (2_000, 36)


def test_an_origin_knows_nothing_of_its_own_month_or_later():
    told = seen([70, 72, 69, 71, 70, 68, 72, 70])
    origin = MONTHS[5] - dt.timedelta(days=1)
    later = seen([70, 72, 69, 71, 70, 900, 5, 900], cost=7.0)
    later["marts.ai_usage"] = pl.concat([usage(MONTHS[:5], 700_000, 7.0), usage(MONTHS[5:], 9_000_000, 800.0)])
    one, two = (cost_backtest.backtest(_with_orders(one), count=200, seed=1) for one in (told, later))
    said = ["origin_date", "low_usage_cost", "middle_usage_cost", "high_usage_cost"]
    before = pl.col("origin_date") <= origin
    assert one.filter(before).select(said).equals(two.filter(before).select(said))
    assert one.filter(before).height > 0


def test_an_origin_knows_no_price_of_a_later_day():
    told = _with_orders(frames(taken_up("UC3"), rise_on=dt.date(2026, 8, 1)))
    before, after = (
        cost_backtest.known_on(told, day)["raw.ai_prices"] for day in (dt.date(2026, 7, 31), dt.date(2026, 8, 31))
    )
    assert before["valid_from_date"].max() < dt.date(2026, 8, 1)
    assert before["valid_to_date"].null_count() == before.height, "nobody knew that it would end"
    assert after.height == told["raw.ai_prices"].height == 2 * before.height
    assert after["valid_to_date"].drop_nulls().to_list() == [dt.date(2026, 8, 1)] * before.height


def test_drivers_of_the_past_are_forecast_from_the_months_before_alone():
    told = _with_orders(frames())
    last, shifted = dt.date(2026, 6, 30), told["marts.driver_months"]
    moved = pl.when(pl.col("month_date") > last).then(9.0).otherwise(1.0)
    other = drivers.score({"marts.driver_months": shifted.with_columns(pl.col("units") * moved)}, Asked(AS_OF, 1))
    one, two = (
        frame.filter(pl.col("origin_date") <= last)
        for frame in (told["scores.driver_past_paths"], other.tables["scores.driver_past_paths"])
    )
    assert one.height
    assert one.equals(two)
    assert (one["month_date"] > one["origin_date"]).all()


def test_a_steady_company_is_forecast_well_and_its_bands_hold():
    found = cost_backtest.backtest(_with_orders(seen([70, 72, 69, 71, 70, 68, 72, 70])), count=400, seed=1)
    assert found["is_inside"].all()
    assert cost_backtest.wape(found)[0] < 0.1
    assert found["ahead_count"].min() == 1
    assert found["month_date"].max() == MONTHS[-1]
    inside = pl.col("usage_cost").is_between("low_usage_cost", "high_usage_cost")
    assert found.select((inside == pl.col("is_inside")).all()).item()


def test_all_together_is_judged_where_several_use_cases_ran():
    told = _with_orders(seen([70] * 8))
    two = frames(taken_up("UC3", "UC4"))["raw.use_cases"]
    same = {name: told[name].with_columns(use_case_id=pl.lit("UC4")) for name in ("marts.ai_volumes", "marts.ai_usage")}
    both = {**told, "raw.use_cases": two, **{name: pl.concat([told[name], rows]) for name, rows in same.items()}}
    found = cost_backtest.backtest(both, count=200, seed=1)
    assert set(found["use_case_id"]) == {"UC3", "UC4", cost_backtest.ALL}
    whole, parts = (found.filter((pl.col("use_case_id") == cost_backtest.ALL) == flag) for flag in (True, False))
    assert whole["usage_cost"].sum() == pytest.approx(parts["usage_cost"].sum())


def test_the_page_sums_months_by_use_case_and_puts_all_together_first():
    rows = [
        ("UC3", "Copilot", True, 1.0, 2.0, 3.0),
        ("UC3", "Copilot", False, 1.0, 1.0, 1.0),
        ("*", "all", True, 2.0, 2.0, 4.0),
    ]
    columns = ["use_case_id", "use_case_name", "is_inside", "usage_cost", "middle_usage_cost", "last_usage_cost"]
    found = summed(pl.DataFrame(rows, schema=columns, orient="row"))
    assert found.rows() == [("*", "all", 1, 1, 1.0, 0.0, 1.0), ("UC3", "Copilot", 2, 1, 0.5, 0.5, 1.0)]


def test_a_company_without_calls_is_told_why_there_is_nothing():
    told = _with_orders(frames(taken_up("UC3")))
    told["marts.ai_volumes"] = told["marts.ai_volumes"].with_columns(usage_cost=pl.lit(None, pl.Float64))
    scored = cost_backtest.score(told, Asked(AS_OF, 1))
    assert scored.tables["scores.ai_cost_backtest"].is_empty()
    assert scored.because.startswith("No running use case")


def test_the_next_month_is_expected_to_cost_what_months_did():
    world = world_of(seen([70] * 6), AS_OF, count=4_000, seed=1)
    case = world.use_cases[0]
    cost = cases(world, case) * cost_per_case(world, case)
    assert cost[:, 0].mean() == pytest.approx(7.0 * world.drivers["orders"][:, 0].mean() / 400, rel=0.05)
    assert np.median(cost[:, 11]) == pytest.approx(np.median(cost[:, 0]), rel=0.1)


def _with_orders(told: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The same with two years of orders, and what was forecast of them at the end of each month."""
    months = [month_after(dt.date(2024, 11, 1), at) for at in range(24)]
    dice = np.random.default_rng(3)
    rows = [
        (name, month, units * (1 + 0.02 * dice.standard_normal()))
        for name, units in {"orders": 400.0, "order_lines": 1400.0}.items()
        for month in months
    ]
    told["marts.driver_months"] = pl.DataFrame(rows, schema=["driver_name", "month_date", "units"], orient="row")
    told["scores.driver_past_paths"] = drivers.score(told, Asked(AS_OF, 1)).tables["scores.driver_past_paths"]
    return told
