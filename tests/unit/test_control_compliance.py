"""Controls of use cases and risks at sites: what was counted of them, and nothing where nothing can be seen."""

from typing import Any

from tests.unit.test_registers import AS_OF, again, row_of
from tests.worlds import world

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
