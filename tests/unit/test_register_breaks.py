"""What broke a row of a register: as many rows as its check counted against it, each with why, and the page shows them."""

import datetime as dt
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import register_breaks
from tests.ai_builds import built, held
from tests.decision_rows import WAYS_BACK
from tests.unit.test_registers import AS_OF, again
from tests.worlds import World, fill, put, world

BREAKS, CHECKS = "marts.register_breaks", "marts.register_checks"
# Checks that count what there is, and can find nothing against it.
NEVER = {"edge_use_cases"}
COPILOT = "ERP copilot for order management"
LONG_AGO = dt.date(2012, 5, 1)


def case(number: int, **more: Any) -> dict[str, Any]:
    return {
        "work_id": f"W{number}", "use_case_name": "UC3", "case_id": f"K{number}", "opened_at": "2026-11-02T12:00:00Z",
        "arm_code": "assisted", "answer_code": "accepted", "is_error": False, "is_wrong_commitment": False, **more,
    }  # fmt: skip


CASES = [
    case(1),
    case(2, is_error=True, error_cost_amount=40, answer_code="rejected"),
    case(
        3,
        use_case_name=" ERP COPILOT for order management ",
        is_wrong_commitment=True,
        commitment_cost_amount=70,
        answer_code="ignored",
    ),
    case(4, is_error=None, is_wrong_commitment=None, answer_code=None),
    case(5, use_case_name="UC1", answer_code="edited"),
    case(6, use_case_name="UC1", arm_code="alone", is_error=True, is_wrong_commitment=True, answer_code="rejected"),
    case(7, use_case_name="A4", is_error=True, is_wrong_commitment=True),
    case(8, use_case_name="nobody knows it", is_error=True, answer_code="rejected"),
]


def call(number: int, **more: Any) -> dict[str, Any]:
    return {
        "call_id": f"C{number}", "called_date": dt.date(2026, 11, 2), "called_at": dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC),
        "use_case_id": "UC4", "case_id": "one", "tool_call_count": 4, "called_model_name": "m", "has_gap": False, **more,
    }  # fmt: skip


CALLS = [
    call(1, tool_call_count=9),
    call(2),
    call(3, case_id="two"),
    call(4, case_id=None, has_gap=True, gap_text="No price."),
    call(5, case_id=None, workflow_id="flow", tool_call_count=None, called_model_name="not told"),
    call(6, case_id="three", called_date=dt.date(2026, 7, 3), has_gap=True, gap_text=None),
    call(7, case_id="four", called_date=LONG_AGO, tool_call_count=50),
    call(8, case_id="five", tool_call_count=50, use_case_id="A1"),
    call(9, case_id=None, is_made_here=True),
]


def act(number: int, kind: str, wish: str, who: str, **more: Any) -> dict[str, Any]:
    return {
        "act_id": f"a{number}", "act_no": number, "kind_code": kind, "proposal_id": wish, "actor_name": who, "payload_text": "{}",
        "acted_at": dt.datetime(2026, 11, number, tzinfo=dt.UTC), **more,
    }  # fmt: skip


ACTS = [
    act(1, "propose", "p1", "robot", payload_text='{"is_agent":true}'),
    act(2, "approve", "p1", "anna"),
    act(3, "propose", "p2", "paula", action_kind_code="policy_change"),
    act(4, "approve", "p2", "paula"),
    act(5, "propose", "p3", "paula"),
    act(6, "approve", "p3", "robot"),
    act(7, "approve", "never proposed", "anna"),
    act(8, "take_back", "p3", "anna"),
]


def decision(number: int, **more: Any) -> dict[str, Any]:
    return {
        "proposal_id": f"d{number}", "is_exported": True, "proposer_name": "paula", "decided_at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        "proposed_date": dt.date(2026, 11, 1), "approval_count": 1, "verdict_code": "needs_approval", "is_failed_export": False, **more,
    }  # fmt: skip


DECISIONS = [
    decision(1),
    decision(2, approval_count=0),
    decision(3, approval_count=None, verdict_code=None),
    decision(4, approval_count=0, verdict_code="allowed", is_failed_export=True),
    decision(5, decided_at=None, is_failed_export=None),
    decision(6, proposer_name=None, is_exported=False, approval_count=0),
]


def model(number: int, error: float | None, rival: float | None, **more: Any) -> dict[str, Any]:
    return {
        "model_code": f"m{number}", "model_name": f"M{number}", "run_status_code": "in use", "model_error_number": error,
        "rival_error_number": rival, "drifted_count": 0, "is_review_due": False, **more,
    }  # fmt: skip


MODELS = [
    model(1, 0.4, 0.5),
    model(2, 0.6, 0.5, drifted_count=2),
    model(3, None, 0.5, is_review_due=True),
    model(4, 0.9, 0.5, run_status_code="fallback", drifted_count=1, is_review_due=True),
    model(5, 0.9, 0.8, drifted_count=None, is_review_due=None),
]


def site(number: int, risk: str, found: str) -> dict[str, Any]:
    return {
        "site_id": f"S{number}",
        "site_name": f"Site {number}",
        "row_code": risk,
        "found_code": found,
        "found_text": "Seen.",
    }


SITES = [
    site(number, risk, found)
    for risk in ("inaccurate_output", "inconsistent_policy", "stale_knowledge", "unauthorised_action")
    for number, found in enumerate(("in place", "contradicted", "no data", "contradicted"))
]


def role(person: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "person": person, "role": name, "signs_in": "provider", "is_own": True, "added_on": "2026-01-05",
        "signed_in_month": "2026-11-01", "looked_on": "2026-10-01", **more,
    }  # fmt: skip


ROLES = [
    role(1, "planner"),
    role(2, "planner", signs_in="password"),
    role(2, "approver", signs_in="password", looked_on="2026-01-05"),
    role(3, "auditor", is_own=False, signed_in_month="2026-03-01"),
    role(4, "analyst", signed_in_month=None),
    role(5, "analyst", signed_in_month=None, added_on="2026-10-01"),
    role(6, "executive", looked_on=None),
]
NOTED = {
    "kind": "access",
    "subject": "acme",
    "who": "adam",
    "at": dt.datetime(2026, 11, 13, tzinfo=dt.UTC),
    "payload": {"roles": ROLES},
}


@pytest.fixture(scope="module")
def made() -> World:
    """A company in which something stands against every check that can find anything, beside what is as it should be."""
    found = world(CHECKS, BREAKS, as_of=AS_OF, acts=[NOTED], ai_cases=CASES)
    for name in ("marts.ai_calls", "marts.decisions"):
        found.execute(f"drop view {name}")
    filled = {
        "marts.ai_calls": CALLS, "core.acts": ACTS, "marts.decisions": DECISIONS, "marts.model_health": MODELS,
        "marts.data_grades": [{"contract_name": name, "data_grade_code": code} for name, code in (("a", "A"), ("c", "C"), ("n", None))],
        "marts.site_ai_risks": SITES, "marts.ways_back": WAYS_BACK, "marts.ai_closes": [{"month_date": dt.date(2026, 7, 1)}],
    }  # fmt: skip
    for name, rows in filled.items():
        fill(found, name, rows)
    found.execute("update raw.use_case_bounds set stage_code = 'candidate', metric_name = ''")
    found.execute(
        "update raw.use_case_bounds set stage_code = 'pilot', metric_name = 'line_fill_rate', highest_error_share = 0.2, "
        "highest_commitment_share = 0.2, tool_call_cap_count = 10 where use_case_id in ('UC1', 'UC3', 'UC4')"
    )
    found.execute("update raw.use_case_bounds set metric_name = '' where use_case_id = 'UC1'")
    found.execute(
        "update raw.loads set loaded_at = timestamptz '2010-01-01 12:00:00+00' where contract in ('prices', 'orders')"
    )
    found.execute(
        "update raw.loads set loaded_at = timestamptz '2026-11-12 12:00:00+00' where contract in ('skus', 'returns')"
    )
    found.execute("update raw.loads set set_aside = 3 where contract = 'orders'")
    for line_no, reason in ((1, "no date"), (1, ""), (2, ""), (3, "")):
        put(found, "raw.set_aside", {"load_id": "L1", "contract": "orders", "line_no": line_no, "reason": reason})
    for name in ("marts.register_facts", CHECKS, BREAKS):
        again(found, name)
    return found


def listed(made: World, check: str, *, is_counted: bool = True) -> list[str]:
    rows = made.query(f"select * from {BREAKS} where check_code = ? order by break_no", [check])
    return rows.filter(is_counted=is_counted)["thing_name"].to_list()


def test_as_many_rows_are_listed_as_each_check_counted_against_it(made: World):
    checks = made.query(f"select check_code, checked_count - kept_count as against from {CHECKS}")
    against = dict(checks.iter_rows())
    assert {name: len(listed(made, name)) for name in against} == against
    assert {name for name, count in against.items() if not count} == NEVER, (
        "every other check has something against it here"
    )
    codes = made.query(f"select distinct check_code from {BREAKS}")["check_code"].to_list()
    assert set(codes) == set(against) - NEVER


def test_the_rows_are_those_that_broke_it_by_hand(made: World):
    for check, wanted in {
        "tool_calls_capped": ["four", "one"],  # 9 + 4 of 10, and 50; case five is of a use case that does not run
        "answers_used": ["K2", "K3"],
        "errors_bounded": [COPILOT],
        "commitments_bounded": [COPILOT],
        "masters_fresh": ["prices"],
        "rollback_used": ["release order", "transfer"],
        "four_eyes": ["a4"],
        "agents_never_approve": ["a6"],
        "models_judged": ["M2", "M5"],
        "models_steady": ["M2", "M5"],
        "calls_priced": ["C4", "C6"],
        "calls_traced": ["C4"],
        "decisions_signed": ["d5"],
        "approved_before_export": ["d2", "d3"],
        "months_closed": [LONG_AGO.isoformat()],
        "data_validated": ["orders, line 2", "orders, line 3"],
        "site_stale_knowledge": ["Site 1", "Site 3"],
        "own_sign_ins": ["Person 2", "Person 3"],
        "roles_reviewed": ["Person 2, approver", "Person 3, auditor", "Person 4, analyst", "Person 6, executive"],
    }.items():
        assert sorted(listed(made, check)) == wanted, check


def test_lines_that_were_set_aside_and_left_no_row_are_counted_and_said():
    made = world(CHECKS, BREAKS, as_of=AS_OF)
    made.execute("update raw.loads set set_aside = 3 where contract = 'orders'")
    put(made, "raw.set_aside", {"load_id": "L1", "contract": "orders", "line_no": 7, "reason": "no date"})
    for name in ("marts.register_facts", CHECKS, BREAKS):
        again(made, name)
    counted = made.query(f"select checked_count, kept_count from {CHECKS} where check_code = 'data_validated'").row(0)
    told = made.query(f"select thing_name, thing_count, because_text from {BREAKS} where check_code = 'data_validated'")
    assert counted[0] - counted[1] == 2
    assert told.rows() == [("orders", 2, "So many lines of load L1 were set aside and left no row: 2.")]


def test_behind_a_use_case_stand_its_cases_with_what_they_cost(made: World):
    assert listed(made, "errors_bounded", is_counted=False) == ["K2"]
    assert listed(made, "commitments_bounded", is_counted=False) == ["K3"]
    sql = f"select because_text, error_cost_amount from {BREAKS} where thing_name = 'K3' and not is_counted"
    assert [(text, float(cost)) for text, cost in made.query(sql).iter_rows()] == [
        ("It promised what was not so.", 70.0)
    ]
    sql = f"select because_text from {BREAKS} where check_code = 'commitments_bounded' and is_counted"
    assert made.query(sql).item() == "1 of 3 promises were wrong; it was approved with at most 20.0 in a hundred."


def test_every_kind_of_thing_has_a_page_where_it_can_be_looked_at(made: World):
    kinds = made.query(f"select distinct thing_code from {BREAKS}")["thing_code"].to_list()
    assert set(kinds) == set(register_breaks.WAYS)


def screen() -> None:
    from pages.parts import register_breaks
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="risks")
    for check in ("commitments_bounded", "edge_use_cases", ""):
        register_breaks.board(visit, {"check_code": check, "checked_count": 6, "kept_count": 5})


def accounts_screen() -> None:
    from pages.parts import register_breaks
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="risks")
    register_breaks.board(visit, {"check_code": "own_sign_ins", "checked_count": 6, "kept_count": 4})


def test_people_are_shown_by_number_and_the_page_says_where_a_number_is_looked_up(made: World):
    built(held(made, BREAKS))
    drawn = AppTest.from_function(accounts_screen, default_timeout=60).run()
    assert not drawn.exception, drawn.exception
    text = "\n".join(one.proto.body for one in drawn.get("html"))
    assert "Not as it should be: 2 of 6" in text
    assert "No build holds the names of people" in text


def test_the_page_shows_them_under_their_number_with_a_download_and_nothing_where_nothing_broke_it(made: World):
    visit = built(held(made, BREAKS, "marts.ai_calls"))
    drawn = AppTest.from_function(screen, default_timeout=60).run()
    assert not drawn.exception, drawn.exception
    text = "\n".join(one.proto.body for one in drawn.get("html"))
    assert "Not as it should be: 1 of 6" in text
    assert "The cases behind it" in text
    assert register_breaks.broken(visit, "commitments_bounded", is_counted=False)["thing_name"].to_list() == ["K3"]
    assert register_breaks.broken(visit, "edge_use_cases").is_empty()
    assert register_breaks.broken(visit, "tool_calls_capped").height == 2
