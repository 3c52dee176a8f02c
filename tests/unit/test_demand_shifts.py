"""Levels of demand that moved are told from few order lines, and neither empty shelves, seasons nor old changes pass for one."""

import datetime as dt
import random

import numpy as np
import polars as pl
import pytest

from models.cases.shifts import CALLED_WEEKS, LEAST_CHANCE, MODEL, Moved, moved, seasons
from models.cases.shifts import Weeks as Sold
from models.model import Asked
from pipelines.contract import dictionary
from tests.case_frames import TODAY, TYPES

SINCE = TODAY - dt.timedelta(days=7 * 12 - 1)
YEAR = range(364)


def lived(days, sku="A", **rows):
    """What is said of a shelf that sold one line on each of these days (counted back), beside nine that sell twice a week."""
    others = [f"S{n}" for n in range(9)]
    sold = [(sku, back) for back in days] + [
        (other, back) for place, other in enumerate(others) for back in YEAR if (back + place) % 4 == 0
    ]
    rows = {
        "demand_facts": [
            {"sku_id": one, "site_id": "X", "demand_date": day(back), "demand_qty": 5, "line_count": 1}
            for one, back in sold
        ],
        "selling_lives": [
            {"sku_id": one, "site_id": "X", "first_demand_date": day(363), "last_sale_date": TODAY}
            for one in (sku, *others)
        ],
        "skus": [{"sku_id": one, "category_name": "Lamps"} for one in (sku, *others)],
        "sku_margins": [{"sku_id": sku, "site_id": "X", "unit_net_amount": 10}],
        "assumptions": [{"assumption_name": "demand_shift_share", "assumed_number": 0.03}],
        **rows,
    }
    table = MODEL.score(frames(rows), Asked(TODAY, 1)).tables["scores.demand_shifts"]
    return {row["sku_id"]: row for row in table.to_dicts()}


def frames(rows):
    made = {}
    for table, columns in MODEL.reads.items():
        schema = {column: TYPES[dictionary()[column]["type"]] for column in columns}
        mine = [{column: row.get(column) for column in columns} for row in rows.get(table.split(".")[1], [])]
        made[table] = pl.DataFrame(mine, schema=schema, orient="row", strict=False)
    return made


def day(back):
    return TODAY - dt.timedelta(days=back)


def test_lines_that_stop_are_a_fall_with_its_week_and_its_money():
    """Two lines of five a week until twelve weeks ago, none since: ten a week at ten each stayed away for twelve weeks."""
    row = lived([back for back in YEAR if back % 4 == 0 and back >= 84])["A"]
    assert row["since_date"] == SINCE
    assert row["chance_share"] > 0.9
    assert row["came_number"] == 0
    assert float(row["impact_amount"]) == pytest.approx(12 * 10 * row["expected_number"], rel=0.01)
    assert row["expected_number"] == pytest.approx(8.75, abs=0.6)


def test_lines_that_come_three_times_as_often_are_a_rise():
    row = lived([back for back in YEAR if back % 12 == 0 or (back < 84 and back % 4 == 0)])["A"]
    assert row["came_number"] > 2.5 * row["expected_number"]
    assert abs((row["since_date"] - SINCE).days) <= 14


def test_a_steady_shelf_is_not_told():
    assert lived([back for back in YEAR if back % 4 == 0]) == {}


def test_an_empty_shelf_is_no_fall_of_demand():
    days = [back for back in YEAR if back % 4 == 0 and back >= 84]
    empty = [{"sku_id": "A", "site_id": "X", "demand_date": day(back)} for back in range(84)]
    assert "A" not in lived(days, stock_out_days=empty)


def test_weeks_on_offer_are_no_rise_of_demand():
    days = [back for back in YEAR if back % 12 == 0 or back < 56]
    offer = {"sku_id": "A", "site_id": "*", "starts_date": day(55), "ends_date": day(0)}
    assert "A" in lived(days)
    assert "A" not in lived(days, promotions=[offer])


def test_a_change_of_last_winter_is_no_news():
    assert "A" not in lived([back for back in YEAR if back >= 280] + list(range(0, 280, 14)))


def test_what_befalls_a_whole_product_group_is_its_season():
    rng = np.random.default_rng(1)
    busy = np.r_[np.full(50, 0.7), np.full(14, 2.1)]
    lines = rng.poisson(np.tile(busy, (60, 1))).astype(float)
    tells = np.ones_like(lines)
    level = seasons(lines, tells, np.zeros(60, dtype=int))
    told = [moved(Sold(lines, lines, exposure), 0.03).chance for exposure in (level, tells)]
    assert (told[0] >= LEAST_CHANCE).mean() < 0.05
    assert (told[1] >= LEAST_CHANCE).mean() > 0.5, "without its season nearly every shelf would be called"


@pytest.mark.parametrize("rate", [0.4, 1.0, 5.0])
def test_of_steady_shelves_hardly_any_is_called(rate):
    """At most one shelf in sixty a look: the prior of three in a hundred, and a chance of one in five to be called."""
    lines = np.random.default_rng(7).poisson(rate, (3000, 64)).astype(float)
    found: Moved = moved(Sold(lines, lines, np.ones_like(lines)), 0.03)
    assert (found.chance >= LEAST_CHANCE).mean() < 1 / 60


def test_of_shelves_that_moved_as_many_as_said_have_moved():
    """Shelves of which three in a hundred moved to a third or three times: the chances that are said come true."""
    rng = np.random.default_rng(11)
    count = 20_000
    is_moved = rng.random(count) < 0.03
    since = rng.integers(64 - CALLED_WEEKS, 61, count)
    ratio = np.where(is_moved, np.where(rng.random(count) < 0.5, 3.0, 1 / 3), 1.0)
    rates = rng.uniform(0.5, 4.0, (count, 1)) * np.where(np.arange(64) >= since[:, None], ratio[:, None], 1.0)
    lines = rng.poisson(rates).astype(float)
    chance = moved(Sold(lines, lines, np.ones_like(lines)), 0.03).chance
    for low, high in ((0.2, 0.5), (0.5, 0.9), (0.9, 1.01)):
        band = (chance >= low) & (chance < high)
        assert abs(is_moved[band].mean() - chance[band].mean()) < 0.15, (low, band.sum())


def test_shuffled_rows_say_the_same():
    days = [back for back in YEAR if back % 4 == 0 and back >= 84]
    once = lived(days)
    random.Random(3).shuffle(days)
    assert lived(days) == once


def test_a_month_of_orders_tells_nothing_and_says_so():
    facts = [
        {"sku_id": "A", "site_id": "X", "demand_date": day(back), "demand_qty": 1, "line_count": 1}
        for back in range(28)
    ]
    lives = [{"sku_id": "A", "site_id": "X", "first_demand_date": day(27), "last_sale_date": TODAY}]
    made = MODEL.score(
        frames({"demand_facts": facts, "selling_lives": lives, "skus": [{"sku_id": "A"}]}), Asked(TODAY, 1)
    )
    assert made.tables["scores.demand_shifts"].is_empty()
    assert made.because == "It takes 16 weeks of orders; there are 4."
    assert MODEL.score(frames({}), Asked(TODAY, 1)).tables["scores.demand_shifts"].is_empty()
