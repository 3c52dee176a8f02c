"""The plan that a closed month freezes: what it says to the cent, that it is sealed, and that it is made once a build."""

from dataclasses import replace

import pytest

from decisions import ai_frozen_plan
from decisions.ai_close import is_sealed
from decisions.ai_frozen_plan import frozen_plan
from pipelines import ai_frozen_plans
from tests.ai_closings import OCTOBER, ROW, WHY, build_with, closing
from tests.desks import EXECUTIVE, Office
from tests.frozen_plans import COSTS, DECEMBER, JANUARY, VALUES, VOLUMES, build_of, planned_in
from tests.worlds import World


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def test_the_plan_says_costs_by_layer_benefit_without_soft_ones_and_cases():
    assert frozen_plan(build_of(planned_in(World()))) == {
        "as_of": "2026-11-14",
        "months": ["2026-12", "2027-01"],
        "costs": {
            "UC3": {
                "model usage": {"logged": ["10.00", "20.00"]},
                "security and governance": {"logged": ["5.00", "5.00"], "accrued": ["100.00", "100.00"]},
            }
        },
        "layers": {"governance": "security and governance", "model usage": "model usage"},
        "benefits": {"UC3": {"planned": ["250.00", "300.00"], "low": ["110.00", "200.00"], "high": ["390.00", "400.00"]}},
        "cases": {"UC3": {"planned": ["100.00", "110.00"], "low": ["50.00", "60.00"], "high": ["200.00", "210.00"]}},
    }  # fmt: skip
    assert frozen_plan(build_of(World())) is None, "a build without a plan"
    assert frozen_plan(build_of(planned_in(World(), [], [], []))) is None, "a plan of no month"


def test_a_plan_that_is_too_long_is_frozen_for_fewer_months(monkeypatch):
    made = build_of(planned_in(World()))
    december = [[row for row in rows if DECEMBER in row] for rows in (COSTS, VALUES, VOLUMES)]
    alone = frozen_plan(build_of(planned_in(World(), *december)))
    monkeypatch.setattr(ai_frozen_plan, "MOST_BYTES", 450)
    assert frozen_plan(made) == alone, "as if the months left out were none"
    assert alone["months"] == ["2026-12"]
    monkeypatch.setattr(ai_frozen_plan, "MOST_BYTES", 100)
    assert frozen_plan(made) is None


def test_closing_a_month_freezes_the_plan_once_a_build_under_the_seal(office):
    made = planned_in(build_with(ROW, []))
    made.execute("insert into marts.north_star select date '2026-09-01', * exclude (month_date) from marts.north_star")
    office.build = build_of(made)
    office.desk(EXECUTIVE).close_month(OCTOBER, WHY)
    held = closing(office)
    assert held.plan == frozen_plan(office.build)
    assert is_sealed(held)
    other = {**held.plan, "months": ["2026-12", "2027-02"]}
    assert not is_sealed(replace(held, plan=other))
    assert not is_sealed(replace(held, plan=None)), "a plan that was taken away"
    office.desk(EXECUTIVE).close_month(OCTOBER.replace(month=9), WHY)
    assert closing(office, "2026-09").plan is None, "the same build again"
    assert is_sealed(closing(office, "2026-09"))


def test_the_rows_of_a_frozen_plan_give_logged_cost_the_band_of_the_cases():
    plan = frozen_plan(build_of(planned_in(World())))
    said = {"kind": "close_month", "subject": "2026-10", "at": "2026-11-14T08:00:00Z", "payload": {"plan": plan}}
    rows = {row[1:5]: row[5:] for row in ai_frozen_plans.planned(said)}
    first, second = f"{DECEMBER:%Y-%m}-01", f"{JANUARY:%Y-%m}-01"
    assert rows[first, "UC3", "logged cost", "model usage"] == (10.0, 5.0, 20.0)
    assert rows[first, "UC3", "accrued cost", "security and governance"] == (100.0, None, None)
    assert rows[second, "UC3", "benefit", "*"] == (300.0, 200.0, 400.0)
    assert rows[second, "UC3", "cases", "*"] == (110.0, 60.0, 210.0)
    assert len(rows) == len(COSTS) + 4
    assert list(ai_frozen_plans.planned({**said, "payload": {"version": 1}})) == [], "closed before plans were frozen"
