"""The tornado speaks of all that varies: assumptions, the forecast of orders, measured effects, and says what its shares are of."""

import numpy as np
import polars as pl
import pytest

from models.ai_economics import plan, sensitivity
from models.ai_economics.inputs import programme, registry, spreads, world_of
from models.ai_economics.programme import simulated
from tests.ai_programmes import AS_OF, effect, frames, taken_up

EFFECT = effect("UC3", -2.0, -3.5, -0.5)


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    """The tornado of a programme whose saved minutes were measured within a wide interval."""
    held = frames(taken_up("UC3", "A5"), effects=[EFFECT], orders=50)
    taken = programme(registry(held))
    world, certain = (
        world_of(held, AS_OF, use_cases=taken, count=count, seed=1, is_certain=count == 1) for count in (2_000, 1)
    )
    return plan.sensitivities(spreads(held, taken), certain, simulated(world))


def row(told: pl.DataFrame, name: str, of: str = "*") -> dict:
    (found,) = told.filter(pl.col("use_case_id") == of, pl.col("assumption_name") == name).to_dicts()
    return found


def test_a_measured_effect_swings_within_its_interval(told):
    found = row(told, "UC3.minutes_saved", "UC3")
    # P10 to P90 of a normal law whose 95 per cent reach from 0.5 to 3.5 minutes.
    assert (found["low_number"], found["high_number"]) == pytest.approx((1.02, 2.98), abs=0.06)
    assert found["input_kind_name"] == "measured"
    assert found["worth_at_high_amount"] > found["worth_at_low_amount"]
    assert found["spread_share"] > 0.02
    assert told.filter(pl.col("assumption_name") == "UC3.minutes_saved", pl.col("use_case_id") == "A5").is_empty()


def test_the_forecast_of_orders_swings_between_the_levels_of_its_paths(told):
    found = row(told, "forecast_of_orders")
    # The paths of the company by hand lie a tenth around 20,000 orders a month.
    assert found["low_number"] < 19_000
    assert found["high_number"] > 21_000
    assert found["input_kind_name"] == "forecast"
    assert found["swing_amount"] > 0


def test_what_is_no_part_of_the_plan_has_no_row(told):
    names = set(told["assumption_name"])
    assert "forecast_of_purchase_lines" not in names
    assert "forecast_of_working_days" not in names


def test_shares_are_of_the_spread_and_not_of_the_rows():
    dice = np.random.default_rng(3)
    draws = {name: dice.standard_normal(4_000) for name in ("one", "other", "untold")}
    worth = draws["one"] + draws["other"] + draws["untold"]
    known = {name: draws[name] for name in ("one", "other")}
    found = sensitivity.tornado({}, lambda held: sum(held.values()), known, worth, names=list(known))
    assert found["spread_share"].to_list() == pytest.approx([1 / 3, 1 / 3], abs=0.05)


def test_holding_a_forecast_scales_its_months_and_what_disruption_does():
    held = frames(taken_up("UC3"))
    world = world_of(held, AS_OF, count=1, seed=1, is_certain=True)
    usual = float(world.drivers["exceptions"].mean())
    found = sensitivity.holding(world, {"forecast_of_exceptions": 2 * usual, "unannounced_price_changes": 1.5})
    assert found.drivers["exceptions"].mean() == pytest.approx(2 * usual)
    assert found.drivers["orders"] is world.drivers["orders"]
    assert 1 + found.disruption == pytest.approx(2 * (1 + world.disruption))
    assert set(found.jumps.ravel()) == {1.5}
