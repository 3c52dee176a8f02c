"""Pilots are judged family by family: each use case against itself, and only what is surely better or worse is called so."""

import datetime as dt
from typing import Any

import pytest

from models.ai_economics.pilots import FAMILIES
from models.ai_economics.use_case import DOMAINS
from pages.parts.placement_pilots import headline
from tests.unit.test_registers import again
from tests.worlds import World, fill, world

AS_OF = dt.date(2026, 11, 13)
STARTED = AS_OF - dt.timedelta(days=300)
OUTCOMES = "marts.pilot_outcomes"


def begun(made: World, *names: str) -> World:
    """The same world, in which these use cases began as pilots 300 days ago."""
    made.execute("update raw.use_cases set stage_code = 'candidate', started_date = null")
    for name in names:
        made.execute(
            "update raw.use_cases set stage_code = 'pilot', started_date = ? where use_case_id = ?", [STARTED, name]
        )
    again(made, OUTCOMES)
    return made


def cases(
    name: str, count: int, *, day: int, minutes: tuple[int, ...], arm: str | None = "assisted", **said: Any
) -> list[dict[str, Any]]:
    """So many cases opened so many days after the start; minutes until they were closed, in turn."""
    at = dt.datetime.combine(STARTED + dt.timedelta(days=day), dt.time(9), dt.UTC)
    return [
        {"work_id": f"{name}{arm}{day}-{no}{said}", "use_case_name": name, "arm_code": arm, "opened_at": at,
         "closed_at": at + dt.timedelta(minutes=minutes[no % len(minutes)]), **said}
        for no in range(count)
    ]  # fmt: skip


def told(*rows: list[dict[str, Any]], of: tuple[str, ...] = ("UC3",)) -> World:
    return begun(world(OUTCOMES, as_of=AS_OF, ai_cases=[row for some in rows for row in some]), *of)


def outcome(made: World, family: str, code: str) -> dict[str, Any]:
    found = made.query(f"select * from {OUTCOMES} where pilot_family_name = ? and outcome_code = ?", [family, code])
    return found.row(0, named=True)


def test_every_function_belongs_to_a_family_and_every_family_stands_in_the_table():
    assert set(FAMILIES) == set(DOMAINS)
    found = told().query(f"select * from {OUTCOMES}")
    assert found.height == 4 * 4
    assert set(found["outcome_verdict_code"]) == {"no data"}
    assert set(found["pilot_family_name"]) == {"warehouse", "branch", "service", "planning"}
    assert headline(found) == "Pilots: 1 of 4 families tried; 0 outcomes better, 0 worse"


def test_hours_of_cases_with_ai_stand_against_those_before_it_began():
    before = cases("UC3", 30, day=-20, minutes=(60, 120), arm="alone")
    now = cases("UC3", 30, day=10, minutes=(30, 60))
    beside = cases("UC3", 30, day=10, minutes=(600,), arm="alone")  # after the start without help: neither
    row = outcome(told(before, now, beside), "branch", "hours")
    assert (row["before_number"], row["now_number"]) == (pytest.approx(1.5), pytest.approx(0.75))
    assert (row["before_case_count"], row["now_case_count"], row["outcome_verdict_code"]) == (30, 30, "better")
    assert outcome(told(now, before), "service", "hours")["outcome_verdict_code"] == "no data"


def test_a_difference_within_its_scatter_and_too_few_cases_say_nothing_of_better():
    wide = cases("UC3", 30, day=-20, minutes=(10, 600), arm="alone")
    row = outcome(told(wide, cases("UC3", 30, day=10, minutes=(10, 560))), "branch", "hours")
    assert row["outcome_verdict_code"] == "as before"
    few = cases("UC3", 19, day=10, minutes=(1, 2))
    assert outcome(told(wide, few), "branch", "hours")["outcome_verdict_code"] == "no data"
    assert (
        outcome(told(wide, cases("UC3", 20, day=10, minutes=(1, 2))), "branch", "hours")["outcome_verdict_code"]
        == "better"
    )


def test_a_slower_use_case_that_joins_late_does_not_make_its_family_slower():
    """UC3 took an hour and takes half of one; S3 took ten and takes nine: both got quicker, and the plain mean rose."""
    quick = [*cases("UC3", 90, day=-20, minutes=(50, 70), arm="alone"), *cases("UC3", 30, day=10, minutes=(25, 35))]
    slow = [*cases("S3", 30, day=-20, minutes=(590, 610), arm="alone"), *cases("S3", 90, day=10, minutes=(530, 550))]
    row = outcome(told(quick, slow, of=("UC3", "S3")), "branch", "hours")
    assert row["outcome_verdict_code"] == "better"
    assert row["before_number"] == pytest.approx((1 * 30 + 10 * 90) / 120)
    assert row["now_number"] == pytest.approx((0.5 * 30 + 9 * 90) / 120)


@pytest.mark.parametrize("wrong", [{"is_error": True}, {"is_reopened": True}, {"rework_minutes": 4.0}])
def test_settled_is_what_was_not_wrong_did_not_come_back_and_took_no_rework(wrong: dict[str, Any]):
    fine = {"is_error": False, "is_reopened": False, "rework_minutes": 0.0}
    before = [
        *cases("UC3", 20, day=-20, minutes=(9,), arm="alone", **fine),
        *cases("UC3", 20, day=-21, minutes=(9,), arm="alone", **fine | wrong),
    ]
    row = outcome(told(before, cases("UC3", 40, day=10, minutes=(9,), **fine)), "branch", "settled")
    assert (row["before_number"], row["now_number"], row["outcome_verdict_code"]) == (0.5, 1.0, "better")
    unknown = cases("UC3", 40, day=10, minutes=(9,))
    assert outcome(told(before, unknown), "branch", "settled")["now_case_count"] == 0


def test_adoption_and_overrides_hold_the_last_quarter_against_the_first():
    early = [*cases("UC3", 10, day=5, minutes=(9,), answer_code="edited"), *cases("UC3", 20, day=5, minutes=(9,), answer_code="accepted"),
             *cases("UC3", 30, day=5, minutes=(9,), arm="alone")]  # fmt: skip
    middle = cases("UC3", 99, day=150, minutes=(9,), answer_code="rejected")
    late = [
        *cases("UC3", 40, day=280, minutes=(9,), answer_code="accepted"),
        *cases("UC3", 10, day=280, minutes=(9,), arm="alone"),
    ]
    made = told(early, middle, late)
    row = outcome(made, "branch", "adoption")
    assert (row["before_number"], row["now_number"], row["outcome_verdict_code"]) == (0.5, 0.8, "better")
    row = outcome(made, "branch", "overrides")
    assert (row["before_number"], row["now_number"], row["outcome_verdict_code"]) == (
        pytest.approx(1 / 3),
        0.0,
        "better",
    )


def test_a_log_of_one_kind_of_case_tells_no_adoption_and_one_without_arms_tells_by_the_start():
    """Assisted only; and a log that never names the arm: what came before the start was without AI, what came after with it."""
    only = [*cases("UC3", 30, day=5, minutes=(9,)), *cases("UC3", 30, day=280, minutes=(9,))]
    assert outcome(told(only), "branch", "adoption")["now_case_count"] == 0
    silent = [
        *cases("UC3", 30, day=-20, minutes=(60, 120), arm=None),
        *cases("UC3", 30, day=280, minutes=(30, 60), arm=None),
    ]
    made = told(silent)
    assert outcome(made, "branch", "hours")["outcome_verdict_code"] == "better"
    assert outcome(made, "branch", "adoption")["outcome_verdict_code"] == "no data"


def test_before_half_a_year_has_passed_nothing_is_said_of_adoption():
    rows = [*cases("UC3", 30, day=5, minutes=(9,)), *cases("UC3", 30, day=170, minutes=(9,), arm="alone")]
    for days, count in ((179, 0), (180, 30)):
        made = begun(world(OUTCOMES, as_of=STARTED + dt.timedelta(days=days), ai_cases=rows), "UC3")
        assert outcome(made, "branch", "adoption")["before_case_count"] == count


def test_proposals_of_agents_that_people_turn_down_are_overrides():
    made = told(of=("A2",))
    rows = [
        {"proposal_id": f"{day}-{no}", "proposer_name": "follow-up-agent", "is_decided": True, "is_override": False,
         "decided_at": dt.datetime.combine(STARTED + dt.timedelta(days=day), dt.time(9), dt.UTC), "is_accepted": no >= turned_down}
        for day, turned_down in ((5, 15), (280, 2)) for no in range(30)
    ]  # fmt: skip
    made.execute("drop view if exists marts.decisions")
    fill(made, "marts.decisions", rows)
    again(made, OUTCOMES)
    row = outcome(made, "planning", "overrides")
    assert (row["before_number"], row["now_number"], row["outcome_verdict_code"]) == (
        0.5,
        pytest.approx(2 / 30),
        "better",
    )
