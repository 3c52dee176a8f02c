"""Controls of use cases and risks at sites: what was counted of them, and nothing where nothing can be seen."""

import json
from typing import Any

import pytest

from tests.unit.test_registers import AS_OF, again, row_of
from tests.worlds import World, world

FRESH = "freshness target for each source"
MARTS = ("marts.registers", "marts.control_compliance", "marts.site_ai_risks")


def call(number: int, case: str, tools: int | None, **more: Any) -> dict[str, Any]:
    return {
        "call_id": f"C{number}", "called_at": "2026-11-02T12:00:00Z", "provider_name": "anthropic", "use_case_name": "A2", "case_id": case,
        "input_token_count": 100, "output_token_count": 10, "tool_call_count": tools, **more,
    }  # fmt: skip


def case(number: int, minutes: float) -> dict[str, Any]:
    return {
        "work_id": f"W{number}", "use_case_name": "UC3", "case_id": f"K{number}", "opened_at": "2026-11-02T12:00:00Z",
        "arm_code": "assisted", "review_minutes": minutes, "is_error": number == 0, "site_id": "LEJ",
    }  # fmt: skip


def test_controls_are_measured_where_something_can_be_seen_and_empty_elsewhere():
    made = world(
        "marts.control_compliance", as_of=AS_OF,
        ai_calls=[call(1, "a", 5), call(2, "a", 30), call(3, "b", 2), call(4, "c", None)],
        ai_cases=[case(0, 1.0), case(1, 0.0), case(2, 2.0), case(3, 1.0)],
    )  # fmt: skip
    made.execute(
        "update raw.use_case_bounds set stage_code = 'pilot', tool_call_cap_count = 20, wanted_review_share = 0.75"
    )
    again(made, "marts.control_compliance")
    told = {
        (row["use_case_id"], row["control_name"]): row
        for row in made.query("select * from marts.control_compliance").iter_rows(named=True)
    }
    cap = told["A2", "cap on tool calls"]
    assert (cap["checked_count"], cap["kept_count"], cap["verdict_code"]) == (2, 1, "not kept"), "case a made 35 of 20"
    entry, review = told["UC3", "approval before every entry"], told["UC3", "review of the planned share"]
    assert (entry["kept_share"], entry["least_share"], entry["verdict_code"]) == (0.75, 1.0, "not kept")
    assert (review["kept_share"], review["least_share"], review["verdict_code"]) == (0.75, 0.75, "kept")
    unseen = told["UC3", "validation of every field"]
    assert (unseen["kept_share"], unseen["checked_count"], unseen["verdict_code"]) == (None, None, "not seen")
    assert told["UC1", "freshness target for each source"]["verdict_code"] == "off"


def test_a_case_without_minutes_of_review_was_not_reviewed_where_the_log_tells_them_at_all():
    """Two of four were reviewed; of the other two one says nought and one says nothing. A log that never tells is not seen."""
    silent = {"review_minutes": None}
    asked = [case(0, 1.0), case(1, 0.0), case(2, 2.0), case(3, 0.0) | silent]
    told = control(
        running(world("marts.control_compliance", as_of=AS_OF, ai_cases=asked)), "UC3", "approval before every entry"
    )
    assert (told["kept_count"], told["checked_count"], told["enforced_count"]) == (2, 4, 0), (
        "the entries are made elsewhere"
    )
    never = [one | silent for one in asked]
    told = control(
        running(world("marts.control_compliance", as_of=AS_OF, ai_cases=never)), "UC3", "approval before every entry"
    )
    assert (told["checked_count"], told["enforced_count"], told["verdict_code"]) == (None, None, "not seen")


def test_a_cap_is_enforced_for_calls_made_here_and_only_watched_elsewhere():
    made = world("marts.control_compliance", as_of=AS_OF, ai_calls=[call(1, "a", 5), call(2, "b", 2), call(3, "c", 1)])
    made.execute("create table held as select * replace (case_id = 'c' as is_made_here) from core.ai_calls")
    made.execute("drop table core.ai_calls")
    made.execute("create table core.ai_calls as select * from held")
    again(made, "marts.ai_calls")
    told = control(running(made), "A2", "cap on tool calls")
    assert (told["checked_count"], told["enforced_count"]) == (3, 1)


def control(made: World, use_case: str, name: str) -> dict[str, Any]:
    found = made.query(
        "select * from marts.control_compliance where use_case_id = ? and control_name = ?", [use_case, name]
    )
    return found.row(0, named=True)


def running(made: World) -> World:
    made.execute("update raw.use_case_bounds set stage_code = 'production'")
    made.execute("update raw.use_case_controls set is_on = true")
    again(made, "marts.control_compliance")
    return made


@pytest.mark.parametrize(("results", "kept", "verdict"), [([False, True], 2, "kept"), ([False, None], 1, "not kept")])
def test_a_sample_counts_where_its_result_was_logged(results: list[bool | None], kept: int, verdict: str):
    """Of ten summaries two were reviewed; the sample wants two in ten with a result, right or wrong."""
    said = [case(n, 0.0) | {"use_case_name": "UC2", "is_error": None} for n in range(8)]
    said += [case(8 + n, 6.0) | {"use_case_name": "UC2", "is_error": one} for n, one in enumerate(results)]
    made = running(world("marts.control_compliance", as_of=AS_OF, ai_cases=said))
    told = control(made, "UC2", "random sample to quality assurance")
    assert (told["checked_count"], told["kept_count"], told["least_share"], told["verdict_code"]) == (
        10,
        kept,
        0.2,
        verdict,
    )
    assert control(made, "UC2", "review of the planned share")["kept_count"] == 2, (
        "the review itself needs no logged result"
    )


def test_a_model_is_a_smaller_one_by_its_price_and_one_without_a_price_is_not_counted():
    asked = [
        call(number, f"k{number}", None, use_case_name="UC2", provider_name="openai", requested_model_name=name)
        for number, name in enumerate(("gpt-5-mini", "gpt-5", "nobody-knows"))
    ]
    made = running(world("marts.control_compliance", as_of=AS_OF, ai_calls=asked))
    told = control(made, "UC2", "smaller model")
    assert (told["checked_count"], told["kept_count"], told["verdict_code"]) == (2, 1, "not kept")
    made.execute("update raw.use_case_controls set limit_number = 50 where control_name = 'smaller model'")
    assert control(running(made), "UC2", "smaller model")["verdict_code"] == "kept"


@pytest.mark.parametrize(
    ("went", "wrong", "verdict"), [(9, 1, "kept"), (4, 1, "kept"), (3, 1, "not kept"), (0, 1, "not kept")]
)
def test_a_case_that_a_person_had_to_have_went_to_one_or_counts_against_it(went: int, wrong: int, verdict: str):
    """Handed over is kept, answered wrongly is not, and what AI answered rightly is no case for a person."""
    asked = [case(10 + n, 0.0) | {"use_case_name": "UC1", "is_escalated": True, "is_error": False} for n in range(went)]
    asked += [
        case(50 + n, 0.0) | {"use_case_name": "UC1", "is_escalated": False, "is_error": True} for n in range(wrong)
    ]
    asked += [case(90, 0.0) | {"use_case_name": "UC1", "is_escalated": False, "is_error": False}]
    told = control(
        running(world("marts.control_compliance", as_of=AS_OF, ai_cases=asked)), "UC1", "complex cases go to a person"
    )
    assert (told["checked_count"], told["kept_count"], told["verdict_code"]) == (went + wrong, went, verdict)


@pytest.mark.parametrize(("went_on", "kept", "verdict"), [(False, 2, "kept"), (True, 1, "not kept")])
def test_stop_rules_are_held_against_the_runs_that_they_ended(went_on: bool, kept: int, verdict: str):
    """Of four runs two were ended by a stop rule: handed over, and held until data are there; from neither may a wish come."""
    made = world("marts.control_compliance", as_of=AS_OF)
    for number, outcome in enumerate(("escalated", "held", "proposed", "nothing")):
        said = {"build_id": "b1", "case_id": f"c{number}", "outcome": outcome}
        said |= (
            {"proposal_id": f"purchase-{number}"} if outcome == "proposed" or (went_on and outcome == "held") else {}
        )
        made.execute(
            'insert into raw.acts (act_id, act_no, kind, subject, who, "at", payload_text)'
            " values (?, ?, 'agent_run', 'order-agent', 'order-agent', timestamptz '2026-11-12 08:00:00+00', ?)",
            [f"a{number}", number, json.dumps(said)],
        )
    again(made, "core.acts")
    told = control(running(made), "UC4", "stop rules")
    assert (told["checked_count"], told["kept_count"], told["verdict_code"]) == (2, kept, verdict)


@pytest.mark.parametrize(("right", "verdict"), [(4, "kept"), (3, "not kept")])
def test_success_of_an_agent_s_tasks_is_four_in_five_of_what_is_known(right: int, verdict: str):
    made = world("marts.control_compliance", as_of=AS_OF)
    made.execute("create table marts.kept as select * from marts.decisions")
    made.execute("drop view marts.decisions")
    made.execute("alter table marts.kept rename to decisions")
    for number in range(6):
        made.execute(
            "insert into marts.decisions (proposal_id, proposer_name, is_exported, is_matured, is_right)"
            " values (?, 'order-agent', true, ?, ?)",
            [f"p{number}", number < 5, number < right if number < 5 else None],
        )
    told = control(running(made), "UC4", "success rate of tasks")
    assert (told["checked_count"], told["kept_count"], told["verdict_code"]) == (5, right, verdict)


def test_what_a_use_case_that_does_not_run_once_did_is_no_compliance():
    made = world("marts.control_compliance", as_of=AS_OF, ai_cases=[case(0, 1.0)])
    rows = made.query(
        "select distinct checked_count, seen_text from marts.control_compliance where use_case_id = 'UC3'"
    )
    assert rows.rows() == [(None, "It does not run.")]


def test_errors_at_a_site_stand_against_what_was_approved():
    made = world(
        *MARTS, as_of=AS_OF, sites=[{"site_id": "LEJ"}, {"site_id": "HAM"}], ai_cases=[case(n, 1.0) for n in range(4)]
    )
    told = {(site, code): (found, text) for site, code, found, text in made.query(
        "select site_id, row_code, found_code, found_text from marts.site_ai_risks"
    ).iter_rows()}  # fmt: skip
    assert told["LEJ", "inaccurate_output"] == ("contradicted", "3 of 4 answers with AI were right.")
    assert told["HAM", "inaccurate_output"] == ("no data", "Nothing was counted here.")
    assert row_of(made, "site_ai_risks/inaccurate_output")["verdict_code"] == "contradicted"
