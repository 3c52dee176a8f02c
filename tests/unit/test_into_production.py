"""Answers from certified metrics, counted from the log of work; and nothing goes into production that did not keep a control that is on."""

from typing import Any

import pytest

from decisions.acts import Acted
from errors import Refusal
from pipelines.use_cases import templates
from store.company import Company
from store.warehouse import Build, Draft
from tests.ai_builds import begin, held
from tests.desks import EXECUTIVE, Office
from tests.unit.test_control_compliance import AS_OF, again, case, control, running
from tests.worlds import world

WHY = "It has shown what it can do."
TEMPLATE = templates()["UC5"]
CERTIFIED = "answers from certified metrics only"
CONTROLS, REGISTRY = "marts.control_compliance", "raw.use_cases"
LEDGER, EARNED = "marts.value_ledger", "scores.ai_priorities"


def answered(number: int, name: str | None, **more: Any) -> dict[str, Any]:
    said = {"use_case_name": "UC5", "is_error": None, "closed_at": "2026-11-02T12:05:00Z", "answered_metric_name": name}
    return case(number, 0.0) | said | more


def test_an_answer_gives_a_certified_number_or_says_that_there_is_none():
    """By name or title, in any letters; a number of nobody's is none, and so is an answer that does not say."""
    named = ["net_sales", " Net Sales ", "none", "turnover index", None]
    asked = [answered(number, name) for number, name in enumerate(named)]
    asked += [answered(8, None, is_escalated=True), answered(9, None, closed_at=None)]
    told = control(running(world("marts.control_compliance", as_of=AS_OF, ai_cases=asked)), "UC5", CERTIFIED)
    assert (told["checked_count"], told["kept_count"], told["verdict_code"]) == (5, 3, "not kept")
    told = control(running(world("marts.control_compliance", as_of=AS_OF, ai_cases=asked[:3])), "UC5", CERTIFIED)
    assert (told["checked_count"], told["kept_count"], told["verdict_code"]) == (3, 3, "kept")


def test_a_log_that_never_tells_its_numbers_is_not_seen_and_says_what_is_missing():
    told = control(
        running(world("marts.control_compliance", as_of=AS_OF, ai_cases=[answered(1, None)])), "UC5", CERTIFIED
    )
    assert (told["checked_count"], told["verdict_code"]) == (None, "not seen")
    assert "answered metric name" in told["seen_text"]


# ── the way into production ──────────────────────────────────────────────────────────────────────────────────────────
def office_of(
    company: Company, *answers: str | None, stage: str = "pilot", is_on: bool = True, planned: float = 0
) -> Office:
    """An office with a build in which UC5 is a pilot, or at another stage, and gave these answers."""
    asked = [answered(number, name) for number, name in enumerate(answers)]
    made = world(CONTROLS, LEDGER, as_of=AS_OF, ai_cases=asked)
    made.execute("update raw.use_case_bounds set stage_code = ?, wanted_review_share = ?", [stage, planned])
    made.execute("update raw.use_case_controls set is_on = ?", [is_on])
    again(made, CONTROLS)
    with Draft(company) as draft:
        begin(draft)
        for name, (frame, kinds) in held(made, CONTROLS, REGISTRY, LEDGER, EARNED).items():
            draft.take(name, frame, kinds)
        # Its worth and its step are shown, so that its controls alone are asked.
        draft.execute(f"insert into {LEDGER} (use_case_id, evidence_grade, benefit_amount) values ('UC5', 'A', 900)")
        draft.execute(f"insert into {EARNED} (use_case_id, earned_step_name) values ('UC5', 'recommends')")
        build: Build = draft.publish(f"b-{stage}-{is_on}")
    return Office(company.folder, build=build)


def taken(office: Office, stage: str, **more: Any) -> Acted | None:
    said = {"stage": stage, "started": "2026-09-07", **more}
    return office.desk(EXECUTIVE).register("UC5", said, WHY, template=TEMPLATE)


@pytest.mark.parametrize("by_way_of", ["pilot", "candidate", "stopped"])
def test_a_control_that_was_not_kept_stands_between_a_pilot_and_production(company: Company, by_way_of: str):
    office = office_of(company, "net_sales", "a number of nobody's", "none")
    assert taken(office, "pilot") is not None
    taken(office, by_way_of)
    with pytest.raises(Refusal, match=r"answers from certified metrics only \(2 of 3\)"):
        taken(office, "production")
    assert office.desk().book.ai.definition("UC5", TEMPLATE)["stage"] == by_way_of


@pytest.mark.parametrize("stage", ["stopped", "candidate"])
def test_what_ran_before_comes_back_by_way_of_a_pilot_that_is_counted(company: Company, stage: str):
    """Of what does not run nothing is counted: to stop it, refresh and start it again is no way past its controls."""
    taken(office_of(company, "a number of nobody's"), "pilot")
    office = office_of(company, "a number of nobody's", stage=stage)
    taken(office, stage)
    with pytest.raises(Refusal, match="did not count its controls"):
        taken(office, "production")
    taken(office, "pilot")
    with pytest.raises(Refusal, match="did not count its controls"):
        taken(office, "production")


@pytest.mark.parametrize("change", ["left out", "called otherwise", "switched off"])
def test_the_same_act_cannot_rid_itself_of_a_control(company: Company, change: str):
    office = office_of(company, "a number of nobody's")
    taken(office, "pilot")
    kept = [one for one in TEMPLATE["controls"] if one["control"] != CERTIFIED]
    mine = next(one for one in TEMPLATE["controls"] if one["control"] == CERTIFIED)
    controls = {
        "left out": kept,
        "called otherwise": [*kept, mine | {"control": f"{CERTIFIED} "}],
        "switched off": [*kept, mine | {"is_on": False}],
    }[change]
    with pytest.raises(Refusal, match="were not kept: answers from certified metrics only"):
        taken(office, "production", controls=controls)


def test_a_control_that_was_off_in_the_build_and_is_on_now_counts(company: Company):
    office = office_of(company, "a number of nobody's", is_on=False)
    taken(office, "pilot")
    with pytest.raises(Refusal, match="were not kept: answers from certified metrics only"):
        taken(office, "production")


def test_a_review_that_was_planned_counts_though_it_has_no_switch(company: Company):
    """Its worth was reckoned with the review of one case in five; nobody looked at any."""
    office = office_of(company, "none", "net_sales", planned=0.2)
    taken(office, "pilot")
    with pytest.raises(Refusal, match=r"review of the planned share \(0 of 2\)"):
        taken(office, "production")


def test_switched_off_in_the_open_it_stands_in_nobodys_way_and_the_ledger_tells(company: Company):
    office = office_of(company, "a number of nobody's")
    taken(office, "pilot")
    desk = office.desk(EXECUTIVE)
    assert desk.control("UC5", CERTIFIED, False, None, WHY) is not None
    assert taken(office, "production") is not None
    assert [act.kind for act in office.ledger.acts()] == ["use_case", "ai_control", "use_case"]


@pytest.mark.parametrize("answers", [("net_sales", "none"), (None,), ()])
def test_what_was_kept_or_cannot_be_counted_stands_in_nobodys_way(company: Company, answers: tuple[str | None, ...]):
    office = office_of(company, *answers)
    taken(office, "pilot")
    assert taken(office, "production") is not None


def test_what_runs_in_production_may_be_changed_whatever_was_counted(company: Company):
    """The way in is guarded; who runs it must be able to mend it, and to stop it."""
    office = office_of(company, "none")
    taken(office, "production")
    office = office_of(company, "a number of nobody's")
    assert taken(office, "production", owner="head of analytics") is not None
    assert taken(office, "stopped") is not None
