"""What holds in every demo world: stock is conserved, nothing leaves that was not there, the same seed gives the same bytes,
and a world that lived on is the world that was grown longer."""

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from pipelines import demo
from pipelines.demo import life
from pipelines.demo.clock import date_of, is_working_day
from pipelines.demo.demand import wanted
from pipelines.demo.network import network
from pipelines.demo.planting import planted
from pipelines.demo.tables import Movement
from tests.demo_worlds import LAST, MINI, SEED, contents, mini

COUNTED_DAYS = 120


@pytest.fixture(scope="module")
def grown() -> tuple[Path, demo.DemoWorld]:
    return mini()


@cache
def watched() -> tuple[list[dict[str, np.ndarray]], dict[str, dict[str, np.ndarray]]]:
    """Stock of every cell at each close of a hundred and twenty days, and all that was logged."""
    net = network("mini", SEED)
    world = life.born(net, planted("mini", SEED))
    closes = [{name: values.copy() for name, values in world.cells.items()}]
    for day in range(MINI.first_day, MINI.first_day + COUNTED_DAYS):
        life.live(world, day)
        closes.append({name: values.copy() for name, values in world.cells.items()})
    return closes, {kind: world.log.table(kind) for kind in world.log.pieces}


def test_stock_is_conserved_in_every_cell_on_every_day():
    """Opening + receipts + transfers + returns + adjustments - shipments = closing."""
    closes, log = watched()
    moves = log["movements"]
    cells = len(closes[0]["on_hand"])
    for day in range(COUNTED_DAYS):
        today = moves["at"] // 86_400 == MINI.first_day + day
        change = np.bincount(moves["cell"][today], moves["qty"][today], minlength=cells)
        assert (closes[day]["on_hand"] + change == closes[day + 1]["on_hand"]).all(), date_of(MINI.first_day + day)


def test_nothing_leaves_that_was_not_there():
    """Booking by booking in the order of the clock: stock never falls below nothing, and what is allocated lies on the shelf."""
    closes, log = watched()
    moves = log["movements"]
    in_time = np.lexsort((moves["id"], moves["at"]))
    on_hand = closes[0]["on_hand"].copy()
    for cell, qty in zip(moves["cell"][in_time], moves["qty"][in_time], strict=True):
        on_hand[cell] += qty
        assert on_hand[cell] >= 0
    for close in closes:
        assert (close["allocated"] >= 0).all()
        assert (close["allocated"] <= close["on_hand"]).all()
        assert (close["allocated"] <= close["committed"]).all()
        assert (close["on_order"] >= 0).all()


def test_what_leaves_one_site_arrives_at_another():
    moves = watched()[1]["movements"]
    out, back = (moves["qty"][moves["kind"] == kind].sum() for kind in (Movement.TRANSFER_OUT, Movement.TRANSFER_IN))
    late = moves["at"] // 86_400 >= MINI.first_day + COUNTED_DAYS - 4
    on_the_road = -moves["qty"][(moves["kind"] == Movement.TRANSFER_OUT) & late].sum()
    assert 0 <= -out - back <= on_the_road


def test_each_kind_of_booking_has_its_sign():
    moves = watched()[1]["movements"]
    signs = {
        Movement.RECEIPT: 1,
        Movement.ISSUE: -1,
        Movement.TRANSFER_OUT: -1,
        Movement.TRANSFER_IN: 1,
        Movement.RETURN: 1,
    }
    for kind, sign in signs.items():
        qty = moves["qty"][moves["kind"] == kind]
        assert len(qty)
        assert (np.sign(qty) == sign).all()


def test_orders_record_less_than_was_wanted_only_where_the_shelf_was_empty():
    """Stockouts censor: demand that walked away is in the truth and in no extract."""
    closes, log = watched()
    wanted = log["demand"]
    assert (wanted["recorded"] <= wanted["wanted"]).all()
    lost = wanted["recorded"] < wanted["wanted"]
    assert 0 < lost.sum() < 0.1 * len(lost)
    # Whoever walked away saw less free stock than the day's wishes.
    opening = np.array([closes[day - MINI.first_day]["on_hand"] for day in wanted["day"]])
    receipts = log["movements"]
    for at in np.flatnonzero(lost):
        today = (receipts["at"] // 86_400 == wanted["day"][at]) & (receipts["cell"] == wanted["cell"][at])
        arrived = receipts["qty"][today & (receipts["qty"] > 0)].sum()
        committed = closes[wanted["day"][at] - MINI.first_day]["committed"][wanted["cell"][at]]
        assert opening[at][wanted["cell"][at]] + arrived - committed < wanted["wanted"][at]


def test_lines_are_never_shipped_beyond_what_was_asked():
    lines = watched()[1]["lines"]
    assert (lines["shipped"] + lines["cancelled"] == lines["qty"]).all()
    assert ((lines["delivered_day"] >= lines["shipped_day"]) | (lines["shipped"] == 0)).all()
    assert (lines["shipped_day"][lines["shipped"] > 0] >= lines["ordered_at"][lines["shipped"] > 0] // 86_400).all()


def test_people_work_on_working_days_only():
    events = watched()[1]["events"]
    by_person = events["actor"] >= 0
    days = np.unique(events["at"][by_person] // 86_400)
    assert all(is_working_day(int(day)) for day in days)
    assert (events["minutes"][by_person] > 0).all()
    assert (events["minutes"][~by_person] == 0).all()


# --- the same world again ---------------------------------------------------------------------------------------------


def test_a_world_that_lived_on_is_the_world_that_was_grown_longer(grown, tmp_path):
    """Byte for byte, across the end of the history, whole weeks and a week that had begun; state and truth too."""
    demo.grow(tmp_path, size="mini", seed=SEED, last_date=LAST - dt.timedelta(days=31))
    demo.advance(tmp_path, days=12)
    again = demo.advance(tmp_path, days=19)
    assert contents(tmp_path) == contents(grown[0])
    assert again.last_date == LAST


def test_another_seed_is_another_world(grown, tmp_path):
    demo.grow(tmp_path, size="mini", seed=SEED + 1, last_date=date_of(MINI.first_day + 20))
    mine, other = contents(grown[0]), contents(tmp_path)
    assert [name for name in other if name.startswith("extracts/") and mine.get(name) == other[name]] == []


def test_removing_a_plant_changes_nothing_before_it_and_nothing_that_it_does_not_touch():
    """Common random numbers: the paired world shares every wish; only what follows from the plant differs."""
    net, plants = network("mini", SEED), planted("mini", SEED)
    shift = next(plant for plant in plants if plant.kind == "demand_shift" and plant.strength > 1)
    day = next(day for day in range(shift.from_day, shift.from_day + 7) if is_working_day(day))
    with_it, without = wanted(net, plants, day), wanted(net, tuple(p for p in plants if p is not shift), day)
    touched = np.isin(with_it["cell"], shift.numbers), np.isin(without["cell"], shift.numbers)
    assert touched[0].sum() >= touched[1].sum()
    for name in ("cell", "sku", "qty", "customer", "key"):
        assert (with_it[name][~touched[0]] == without[name][~touched[1]]).all()
