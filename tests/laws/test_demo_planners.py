"""The three planners of the demo company: their plans alone are new, and what is planted in them is what the product says of them."""

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from models.demand.gain import gain
from pipelines import demo
from pipelines.demo import planning
from pipelines.demo.clock import date_of
from pipelines.demo.dice import Dice
from pipelines.demo.exporting import FOLDER
from pipelines.demo.extracts import EXTRACTS
from pipelines.demo.life import born
from pipelines.demo.network import network
from pipelines.demo.planting import planted
from tests.demo_worlds import LAST, MINI, SEED, contents, mini, rows


@pytest.fixture(scope="module")
def grown() -> tuple[Path, demo.DemoWorld]:
    return mini()


def test_every_other_extract_is_byte_for_byte_what_it_would_be_without_planners(grown, tmp_path, monkeypatch):
    """Their dice are of their own, and nobody acts on what they plan."""
    without = tuple(extract for extract in EXTRACTS if extract.contract != "demand_plans")
    monkeypatch.setattr("pipelines.demo.exporting.EXTRACTS", without)
    demo.grow(tmp_path, size="mini", seed=SEED)
    bare, whole = contents(tmp_path / FOLDER), contents(grown[0] / FOLDER)
    assert bare == {name: text for name, text in whole.items() if not name.startswith("aps_demand_plan")}
    assert len(whole) == len(bare) + 2


def test_their_dice_are_of_no_other_purpose():
    """The numbers that they draw hang on purposes that begin with `plan.`; two purposes never share a number."""
    cells = np.arange(200)
    drawn = [
        Dice(SEED).uniform(purpose, 1, cells)
        for purpose in ("plan.does", "plan.noise", "plan.reason", "promotion", "qty")
    ]
    assert len({float(one[0]) for one in drawn}) == 5


def test_plans_are_decided_before_their_week_and_not_after_the_last_day(grown):
    plans = rows(grown[0], "demand_plans")
    made, starts = (plans[name].str.to_date("%d.%m.%Y") for name in ("made_date", "plan_starts_date"))
    assert ((starts - made).dt.total_days() == 4).all()
    assert (starts.dt.weekday() == 1).all()
    assert made.max() <= LAST
    assert made.min() >= date_of(MINI.first_day)
    assert plans.select("sku_id", "site_id", "plan_starts_date").is_unique().all()


def test_who_left_a_proposal_gave_no_reason_and_who_changed_one_did(grown):
    plans = rows(grown[0], "demand_plans")
    changed = plans["planned_qty"] != plans["statistical_qty"]
    assert ((plans["reason_code"] != "") == changed).all()
    assert set(plans["planner_name"]) == {planner.name for planner in planning.PLANNERS}
    assert set(plans["reason_code"]) == {"", *(reason for own in planning.REASONS for reason in own)}


def test_the_truth_tells_what_each_planner_cost(grown):
    told = pl.read_csv(grown[1].truth, try_parse_dates=True).filter(pl.col("subject_kind") == "planner")
    money = dict(told.select("kind", "money_amount").iter_rows())
    assert list(told["subject_id"]) == [planner.name for planner in planning.PLANNERS]
    assert money["planner_who_helps"] < 0 < money["planner_who_hurts"]
    assert abs(money["planner_without_effect"]) < 0.2 * money["planner_who_hurts"]


@pytest.mark.parametrize("seed", [4, 7, 11])
def test_what_is_planted_is_found(seed):
    """Against what was truly wanted, over the last twelve weeks: one helps, one hurts, one has no effect."""
    world = born(network("mini", seed), planted("mini", seed))
    world.day = MINI.default_last
    said = planning.decided(world, world.day - 84)
    verdicts = []
    for who in range(len(planning.PLANNERS)):
        mine = said["who"] == who
        price = world.net.goods.price[said["cell"][mine] % world.net.goods.count]
        told = {
            name: said[other][mine] for name, other in (("came", "came"), ("before", "proposal"), ("after", "planned"))
        }
        verdicts.append(gain(**told, worth=price, clusters=[said["cell"][mine], said["monday"][mine]], seed=1).verdict)
    assert verdicts == ["helps", "hurts", "no effect"]


def test_a_world_that_lives_on_writes_the_same_plans(grown, tmp_path):
    """Growing to a day gives the bytes of growing to an earlier one and living on."""
    demo.grow(tmp_path, size="mini", seed=SEED, last_date=LAST - dt.timedelta(days=9))
    demo.advance(tmp_path, days=9)
    for name, text in contents(grown[0] / FOLDER).items():
        if name.startswith("aps_demand_plan"):
            assert (tmp_path / FOLDER / name).read_bytes() == text
