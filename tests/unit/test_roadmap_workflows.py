"""Workflows earn their stages by evidence; success is said only where it is sure; layers are as mature as their checks show."""

from datetime import timedelta
from typing import Any

import pytest

from metrics.definition import definitions
from pages.parts import inbox
from pages.parts.roadmap_workflows import MEANT, STAGES, headline
from pipelines import roadmap, use_cases
from pipelines.graph import all_models
from tests.architecture.checkout import ROOT, addresses
from tests.roadmap_rows import (
    ALONE,
    AS_OF,
    BESIDE,
    EARLY,
    GOOD,
    LATE,
    decided,
    decisions,
    emptied,
    models,
    ranked,
    running,
    told,
)
from tests.worlds import World

FLOWS = roadmap.read("workflows")
NAMES = [flow["workflow"] for flow in FLOWS]
POLICIES = {path.stem for path in (ROOT / "decisions" / "policies").glob("*.yml")}
SURE = {
    "scores.ai_effects": [
        {"use_case_id": "UC3", "measure_name": "minutes per case", "evidence_grade": "A", "high_number": -0.5}
    ]
}
BROKEN = {
    "marts.control_compliance": [
        {"use_case_id": "UC3", "measure_code": "sample", "verdict_code": "not kept", "control_name": "review"}
    ]
}


@pytest.fixture(scope="module")
def bare() -> World:
    return emptied()


def flow(of: World, code: str) -> dict[str, Any]:
    return of.query("select * from marts.roadmap_workflows where workflow_code = ?", [code]).row(0, named=True)


# ── what the files say ───────────────────────────────────────────────────────────────────────────────────────────────
def test_the_catalogue_covers_the_eight_workflows():
    assert NAMES == [
        "order_capture", "inventory_allocation", "replenishment", "pricing", "warehouse_execution", "transport_coordination", "returns",
        "service_resolution",
    ]  # fmt: skip


@pytest.mark.parametrize("said", FLOWS, ids=NAMES)
def test_a_workflow_names_what_exists_and_says_what_waiting_costs(said: dict[str, Any]):
    assert set(said["use_cases"]) <= set(use_cases.templates())
    assert set(said["kinds"]) <= POLICIES
    assert set(said["models"]) <= set(all_models())
    assert said["metric"] in definitions()
    assert all(said[field].endswith(".") for field in ("delay", "range", "risk"))


def test_nothing_belongs_to_two_workflows():
    for field in ("use_cases", "kinds", "models"):
        listed = [name for said in FLOWS for name in said[field]]
        assert len(listed) == len(set(listed))


def test_the_map_of_decisions_holds_every_kind_once_and_names_pages_that_exist():
    kinds = [said["kind"] for said in roadmap.read("decision_map")]
    assert sorted(kinds) == sorted(POLICIES - {"policy_change"}), "which is about rules, not about goods and orders"
    for said in roadmap.read("decision_map"):
        assert said["kind"] in POLICIES
        assert said["kind"] in inbox.ACTIONS
        assert said["page"] in addresses()


def test_each_stage_says_what_it_means():
    assert tuple(MEANT) == STAGES


# ── stages ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_without_use_case_and_agent_everything_is_manual(bare: World):
    found = told(bare, {}, BESIDE).query("select * from marts.roadmap_workflows")
    assert found["workflow_code"].to_list() == NAMES
    assert set(found["worked_stage_no"]) == set(found["earned_stage_no"]) == {1}
    assert headline(found) == "Workflows: 0 of 8 work with AI, 0 ahead of their evidence"


def test_a_stage_is_earned_by_trust_by_what_got_better_and_by_control(bare: World):
    """UC3 acts with approval and has earned it; that alone is AI-assisted until minutes fell for sure and every control was kept."""
    case = running(("UC3", "sales support")) | ranked("UC3")
    for more, earned in (({}, 2), (SURE, 3), (SURE | BROKEN, 2)):
        found = flow(told(bare, case | more, BESIDE), "order_capture")
        assert (found["worked_stage_no"], found["earned_stage_no"]) == (3, earned)
        assert found["is_ahead"] == (earned < 3)


def test_what_another_use_case_saved_shows_nothing_of_this_one(bare: World):
    """Both work in order capture; S3 saves minutes and only assists, UC3 is trusted and has saved nothing."""
    both = running(("UC3", "sales support"), ("S3", "sales support"))
    trusted = {"scores.ai_priorities": [*ranked("UC3").popitem()[1], *ranked("S3", works_on=2, earned=2).popitem()[1]]}
    saved = SURE["scores.ai_effects"][0]
    for name, earned in (("S3", 2), ("UC3", 3)):
        effects = {"scores.ai_effects": [saved | {"use_case_id": name}]}
        found = flow(told(bare, both | trusted | effects, BESIDE), "order_capture")
        assert (found["worked_stage_no"], found["earned_stage_no"], found["is_improved"]) == (3, earned, True)


def test_what_ai_worked_on_at_its_stage_stands_beside_all_that_came_in(bare: World):
    """Of three orders of the last 90 days UC3 helped with two; a third case is of the arm without help, and a fourth too old."""
    times = (LATE, LATE, LATE, f"{AS_OF - timedelta(days=90)} 10:00:00+00")
    arms = ("assisted", "assisted", "alone", "assisted")
    cases = [
        {"work_id": str(number), "use_case_name": "Uc3 ", "opened_at": at, "arm_code": arm}
        for number, (at, arm) in enumerate(zip(times, arms, strict=True))
    ]
    rows = running(("UC3", "sales support")) | ranked("UC3") | {
        "core.ai_cases": cases, "core.use_case_names": [{"word_text": "uc3", "use_case_id": "UC3"}],
        "core.orders": [{"order_id": str(number), "ordered_at": at} for number, at in enumerate((LATE, LATE, LATE, EARLY))],
    }  # fmt: skip
    found = flow(told(bare, rows, BESIDE), "order_capture")
    assert (found["worked_stage_no"], found["handled_count"], found["recent_count"], found["yearly_count"]) == (
        3,
        2,
        3,
        4,
    )
    # An agent that acts alone lifts the stage; then only what it did alone is at that stage.
    alone = rows | decided(
        *decisions(5, action_kind_code="release_order", **ALONE), *decisions(7, action_kind_code="release_order")
    )
    found = flow(told(bare, alone, BESIDE), "order_capture")
    assert (found["worked_stage_no"], found["handled_count"]) == (4, 5)
    turned_down = decisions(9, action_kind_code="release_order", is_accepted=False, **ALONE)
    few = alone | decided(*turned_down, *decisions(1, action_kind_code="release_order", **ALONE))
    assert flow(told(bare, few, BESIDE), "order_capture")["handled_count"] == 1


def test_a_forecast_that_beats_its_rival_counts_as_better(bare: World):
    acts = decided(*decisions(60, action_kind_code="purchase"))
    assert flow(told(bare, acts, BESIDE), "replenishment")["earned_stage_no"] == 2
    better = acts | models(GOOD | {"model_code": "demand"})
    assert flow(told(bare, better, BESIDE), "replenishment")["earned_stage_no"] == 3


def test_agents_that_are_seldom_right_or_hardly_known_have_earned_less(bare: World):
    better = models(GOOD | {"model_code": "demand"})
    for rows, earned in (
        (decisions(60, **ALONE), 4), (decisions(5, **ALONE), 2),
        ([*decisions(30, **ALONE), *decisions(30, is_right=False, **ALONE)], 2),
    ):  # fmt: skip
        found = flow(told(bare, better | decided(*rows), BESIDE), "replenishment")
        assert (found["worked_stage_no"], found["earned_stage_no"]) == (4, earned)


def test_what_agents_did_long_ago_is_not_where_a_workflow_works(bare: World):
    found = flow(told(bare, decided(*decisions(30, decided_at=EARLY)), BESIDE), "replenishment")
    assert (found["worked_stage_no"], found["agent_count"]) == (1, 30)
    assert flow(told(bare, decided(*decisions(30, decided_at=LATE)), BESIDE), "replenishment")["worked_stage_no"] == 3


def test_an_export_without_approval_breaks_control(bare: World):
    rows = [*decisions(40), *decisions(1, approval_count=0)]
    found = flow(told(bare, decided(*rows) | models(GOOD | {"model_code": "demand"}), BESIDE), "replenishment")
    assert (found["is_audited"], found["earned_stage_no"]) == (False, 2)
    assert "broke it: 1" in found["because_text"]


def test_a_volume_counts_a_year(bare: World):
    days = (AS_OF, AS_OF - timedelta(days=364), AS_OF - timedelta(days=365))
    rows = {"core.purchase_lines": [{"po_id": str(day), "line_key": "1", "ordered_date": day} for day in days]}
    assert flow(told(bare, rows, BESIDE), "replenishment")["yearly_count"] == 2


# ── success ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def success(of: World) -> dict[str, str]:
    found = of.query("select success_code, success_verdict_code from marts.roadmap_success order by measure_no")
    return dict(found.iter_rows())


def spans(then: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    begin = f"{AS_OF - timedelta(days=200)} 10:00:00+00"
    usual = {"approval_hours": 2.0, "decision_minutes": 5.0}
    return decided(*decisions(50, decided_at=begin, **usual | then), *decisions(50, decided_at=LATE, **usual | now))


def test_success_is_said_only_where_it_is_sure(bare: World):
    same = success(told(bare, spans({}, {}), BESIDE))
    assert set(same.values()) == {"as before"}
    better = success(
        told(bare, spans({}, {"approval_hours": 1.0, "decision_minutes": 6.0, "approval_count": 0}), BESIDE)
    )
    assert better == {
        "faster": "better", "more consistent": "as before", "scalable": "worse", "governance not weaker": "worse",
    }  # fmt: skip


def test_a_difference_within_its_scatter_is_as_before(bare: World):
    """One to three hours then, an hour and a half to two and a half now, and a little less: nobody can tell."""
    rows = spans({}, {})["marts.decisions"]
    then, now = rows[:50], rows[50:]
    wide = [row | {"approval_hours": 1.0 + 2 * (place % 2)} for place, row in enumerate(then)]
    near = [row | {"approval_hours": 1.45 + place % 2} for place, row in enumerate(now)]
    assert success(told(bare, decided(*wide, *near), BESIDE))["faster"] == "as before"


def test_without_half_a_year_of_decisions_nothing_is_said(bare: World):
    begun = decisions(9, decided_at=f"{AS_OF - timedelta(days=120)} 10:00:00+00", approval_hours=3.0)
    both = decided(*begun, *decisions(9, decided_at=LATE, approval_hours=1.0))
    assert set(success(told(bare, both, BESIDE)).values()) == {"no data"}
    assert set(success(told(bare, decided(*decisions(9, decided_at=LATE)), BESIDE)).values()) == {"no data"}
    assert set(success(told(bare, {}, BESIDE)).values()) == {"no data"}


# ── layers and decisions ─────────────────────────────────────────────────────────────────────────────────────────────
def test_every_check_of_a_layer_is_one_that_a_build_makes(bare: World):
    from tests.worlds import world

    made = world("marts.register_checks").query("select check_code from marts.register_checks")["check_code"].to_list()
    assert {check for layer in roadmap.read("layers") for check in layer["checks"]} - set(made) == {"feeds_fresh"}


def test_a_layer_is_as_mature_as_its_checks_and_what_nothing_shows_is_nought(bare: World):
    rows = {
        "marts.register_checks": [
            {
                "check_code": code,
                "checked_count": 2,
                "kept_count": kept,
                "kept_share": kept / 2,
                "found_code": "in place",
            }
            for code, kept in (("models_judged", 2), ("models_steady", 1))
        ],
        "marts.source_freshness": [
            {"contract_name": name, "is_fresh": is_fresh}
            for name, is_fresh in (("order_lines", True), ("stock_days", False))
        ],
    }
    found = told(bare, rows, BESIDE).query("select distinct layer_name, maturity_number from marts.roadmap_layers")
    assert dict(found.iter_rows())["Predictive analytics"] == pytest.approx(5 * (1 + 0.5 + 0) / 3)
    assert dict(found.iter_rows())["Operational intelligence"] == pytest.approx(5 * (0.2 + 0) / 2)


def test_the_map_counts_what_came_of_each_kind(bare: World):
    rows = decided(*decisions(3), *decisions(1, is_right=False, is_agent=False, is_override=True))
    found = told(bare, rows, BESIDE).query("select * from marts.roadmap_decisions where action_kind_code = 'purchase'")
    row = found.row(0, named=True)
    counted = [
        row[name] for name in ("decisions_made_count", "agent_count", "exception_count", "matured_count", "right_count")
    ]
    assert counted == [4, 3, 1, 4, 3]
    assert row["right_rate_share"] == 0.75
