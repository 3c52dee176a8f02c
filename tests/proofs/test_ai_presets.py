"""Reference programmes of the method: whom a full programme ruins, what size it takes, and how little of it is tokens."""

import numpy as np
import polars as pl
import pytest

from models.ai_economics.inputs import registry, world_of
from models.ai_economics.lines import BY_CODE, MODEL
from models.ai_economics.programme import Simulated, simulated
from tests.ai_programmes import AS_OF, USUAL, frames

FULL, LEAN, ONE = ("UC1", "UC2", "UC3", "UC4", "UC5", "A4"), ("UC3", "UC4", "A4"), ("UC3",)
# Orders a year, use cases, median cost of 36 months in the method (its efforts are sums; ours, itemised, are "slightly worse"),
# and the share of futures with a loss.
PRESETS = {
    "M full": (200e3, FULL, 1_411e3, (0.97, 1.0)),
    "M lean": (200e3, LEAN, 616e3, (0.97, 1.0)),
    "M one": (200e3, ONE, 383e3, (0.90, 1.0)),
    "L full": (800e3, FULL, 2_208e3, (0.90, 1.0)),
    "L lean": (800e3, LEAN, 1_142e3, (0.50, 0.95)),
    "XL full": (2e6, FULL, 3_280e3, (0.50, 0.95)),
}


def preset(name: str) -> Simulated:
    orders, names, _, _ = PRESETS[name]
    told = frames(orders=orders / 12 / USUAL["orders"], assumed={"labour_cost_per_hour": 36.0})
    told["marts.ai_scale"] = told["marts.ai_scale"].with_columns(sku_count=pl.lit(45_000))
    known = {case.use_case_id: case for case in registry(told)}
    world = world_of(told, AS_OF, use_cases=[known[one] for one in names], count=2_000, seed=1)
    assert world is not None
    return simulated(world)


@pytest.mark.parametrize("name", PRESETS)
def test_a_reference_programme_costs_and_loses_about_what_the_method_says(name):
    found = preset(name)
    _, _, cost, (least, most) = PRESETS[name]
    assert 1.0 < np.median(found.cost().sum(axis=1)) / cost < 2.1
    assert least <= (found.npv() < 0).mean() <= most


def test_tokens_are_noise_for_a_distributor():
    found = preset("M full")
    tokens = sum(amount.sum() for (_, code), amount in found.costs.items() if BY_CODE[code].component == MODEL)
    assert tokens / found.cost().sum() < 0.02


def test_a_larger_company_gets_more_out_of_the_same_programme():
    worth = [preset(name).npv().mean() / PRESETS[name][0] for name in ("M full", "L full", "XL full")]
    assert worth == sorted(worth)
