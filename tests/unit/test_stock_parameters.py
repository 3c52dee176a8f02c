"""Order-up-to levels are read off orders: what fits, what is too low, too high, and what was never touched."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.cases.order_runs import unchanged
from models.cases.parameters import MODEL
from models.model import Asked
from pipelines.contract import dictionary
from tests.case_frames import ASSUMED, TODAY, TYPES

SHELVES = 20


def told(grown=1.0, **odd):
    """Twenty shelves that sell ten a day and are ordered up to 420 every fortnight; the odd ones up to something else.

    Levels of an odd one may be many, the latest first; `grown` is how many times its demand was smaller at its first order.
    """
    orders = []
    for number in range(SHELVES):
        sku = f"S{number:02d}"
        level = odd.get(sku, 420)
        levels = level if isinstance(level, list) else [level] * 6
        for back, level in enumerate(levels):
            share = 1 if sku not in odd or grown == 1 else 1 - (1 - 1 / grown) * back / (len(levels) - 1)
            day = TODAY - dt.timedelta(days=3 + 14 * back)
            orders.append(
                {
                    "sku_id": sku,
                    "site_id": "X",
                    "supplier_id": "V1",
                    "ordered_date": day,
                    "ordered_qty": 140,
                    "level_qty": level,
                    "out_qty": 10,
                    "out_91_qty": 910,
                    "out_before_qty": 910 * share,
                    "minimum_order_qty": 10,
                    "pack_qty": 10,
                }
            )
    rows = {
        "order_levels": orders,
        "assumptions": [{"assumption_name": n, "assumed_number": v} for n, v in ASSUMED.items()],
    }
    rows["skus"] = [{"sku_id": f"S{n:02d}", "unit_cost": 10} for n in range(SHELVES)]
    made = {}
    for table, columns in MODEL.reads.items():
        schema = {column: TYPES[dictionary()[column]["type"]] for column in columns}
        mine = [{column: row.get(column) for column in columns} for row in rows.get(table.split(".")[1], [])]
        made[table] = pl.DataFrame(mine, schema=schema, orient="row", strict=False)
    table = MODEL.score(made, Asked(TODAY, 1)).tables["scores.stock_parameters"]
    return {row["sku_id"]: row for row in table.to_dicts()}


@pytest.mark.parametrize(
    ("then", "now", "said"), [(420, 290, "fits"), (1100, 290, "too low"), (420, 620, "fits"), (250, 620, "too high")]
)
def test_a_level_that_was_cut_or_raised_against_demand_is_called_sooner(then, now, said):
    """0.69 of the usual fits while it always was so; cut from more than twice the usual it does not. Raised likewise."""
    assert told(S03=[now] * 3 + [then] * 3)["S03"]["direction_name"] == said


def test_a_level_that_did_not_follow_growing_demand_is_too_old_though_orders_scatter_about_it():
    scattered = [300, 290, 330, 280, 320, 300, 290, 310, 300, 320]
    assert told(S03=scattered)["S03"]["direction_name"] == "fits"
    assert told(S03=scattered, grown=2.0)["S03"]["direction_name"] == "too low"


def test_where_all_are_ordered_alike_none_is_stale():
    assert not any(row["is_stale"] for row in told().values())


def test_a_third_of_the_usual_is_too_low_and_three_times_too_high():
    rows = told(S03=140, S07=1300)
    assert {sku: row["direction_name"] for sku, row in rows.items() if row["is_stale"]} == {
        "S03": "too low",
        "S07": "too high",
    }


def test_the_usual_level_is_that_of_the_others():
    assert abs(told(S03=140)["S03"]["usual_up_to_qty"] - 420) < 1


def test_too_much_is_priced_by_what_lies_above_the_usual():
    """880 units of 10 at 40 % a year for a quarter."""
    assert abs(told(S07=1300)["S07"]["impact_amount"] - 880 * 10 * 0.4 * 91 / 365) < 0.01


def test_a_run_ends_where_no_one_level_fits_both():
    ones, packs = np.ones(5), np.full(5, 10.0)
    assert unchanged(np.array([50.0, 50, 80, 82, 79]), ones, packs) == 3


def test_few_shelves_tell_no_habit():
    made = MODEL.score(
        {name: pl.DataFrame(schema=dict.fromkeys(columns, pl.String)) for name, columns in MODEL.reads.items()},
        Asked(TODAY, 1),
    )
    assert made.tables["scores.stock_parameters"].is_empty()
    assert "it takes" in made.because
