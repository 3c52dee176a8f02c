"""What AI really cost: each cost counts once, wherever it was seen, and hidden costs are found or said to be unseen."""

import datetime as dt
from typing import Any

import pytest

from pipelines.heading_changes import changes
from pipelines.table import tables
from tests.worlds import World, put, world

USD_PER_EUR, LABOUR = 1.13, 42 / 60
NOON = "2026-11-02T12:00:00Z"
CENTS_15 = 0.00015  # dollars of a call with 1,000 tokens in and 100 out


def call(call_id: str, **said: Any) -> dict[str, Any]:
    usual = {
        "provider_name": "anthropic",
        "served_model_name": "claude-haiku-5-5",
        "called_at": NOON,
        "use_case_name": "UC3",
    }
    return {"call_id": call_id, **usual, "input_token_count": 1000, "output_token_count": 100, **said}


def charge(key: str, **said: Any) -> dict[str, Any]:
    usual = {
        "charge_starts_at": "2026-11-01T00:00:00Z",
        "provider_name": "Anthropic",
        "currency_code": "USD",
        "is_ai": True,
    }
    return {"bill_line_key": key, "occurrence": 1, "billed_amount": 0, **usual, **said}


def work(work_id: str, **said: Any) -> dict[str, Any]:
    usual = {"use_case_name": "UC3", "opened_at": NOON, "closed_at": NOON, "arm_code": "assisted"}
    return {"work_id": work_id, **usual, **said}


def spent(made: World) -> dict[tuple[str, str, str], float]:
    """Dollars by source, use case and site."""
    asked = f"""
        select cost_source_name, use_case_id, site_id, sum(cast(actual_amount as double)) * {USD_PER_EUR} as spent
        from marts.ai_cost_ledger group by all
    """
    return {row[:3]: row[3] for row in made.query(asked).rows()}


def test_usage_counts_where_no_bill_is_known():
    calls = [call("A", site_id="S1"), call("B", site_id="S1"), call("C", use_case_name="nobody's")]
    made = world("marts.ai_cost_ledger", ai_calls=calls)
    assert spent(made) == pytest.approx({("usage", "UC3", "S1"): 2 * CENTS_15, ("usage", "", "*"): CENTS_15})


def test_a_bill_takes_the_place_of_the_usage_of_its_provider_and_month():
    """A charge with a use case goes to its calls; the rest to all calls by what they cost, an unpriced one by its tokens."""
    calls = [
        call("A", site_id="S1"),
        call("B", site_id="S2"),
        call("C", use_case_name="UC4"),
        call("D", use_case_name="UC4", served_model_name="no-such-model"),
        call("E", use_case_name="UC4", called_at="2026-12-01T00:00:00Z"),
        call("F", use_case_name="UC4", provider_name="openai", served_model_name="gpt-6-luna"),
    ]
    bills = [charge("1", effective_amount=10), charge("2", effective_amount=6, use_case_name="uc3")]
    made = world("marts.ai_cost_ledger", ai_calls=calls, ai_bills=bills)
    assert spent(made) == pytest.approx(
        {
            ("bill", "UC3", "S1"): 10 / 4 + 3,
            ("bill", "UC3", "S2"): 10 / 4 + 3,
            ("bill", "UC4", "*"): 10 / 2,
            ("usage", "UC4", "*"): 2 * CENTS_15,
        }
    )
    replaced = made.query(
        "select cast(sum(replaced_amount) as double) from marts.ai_cost_ledger where cost_source_name = 'bill'"
    ).item()
    assert replaced * USD_PER_EUR == pytest.approx(3 * CENTS_15)


def test_a_bill_of_some_days_leaves_the_other_days_to_the_log():
    """Charges for 1 to 14 November: the call of the 15th still counts by the log. One that runs into December covers its days."""
    calls = [call("A", called_at="2026-11-14T23:00:00Z"), call("B", called_at="2026-11-15T00:00:00Z", site_id="S1")]
    to_the_15th = charge("1", effective_amount=7, charge_ends_at="2026-11-15T00:00:00Z")
    made = world("marts.ai_cost_ledger", ai_calls=calls, ai_bills=[to_the_15th])
    assert spent(made) == pytest.approx({("bill", "UC3", "*"): 7, ("usage", "UC3", "S1"): CENTS_15})
    late = charge(
        "1", charge_starts_at="2026-11-15T00:00:00Z", charge_ends_at="2026-12-15T00:00:00Z", effective_amount=7
    )
    calls = [call("A", called_at="2026-12-14T23:59:00Z"), call("B", called_at="2026-12-15T00:00:00Z", site_id="S1")]
    made = world("marts.ai_cost_ledger", ai_calls=calls, ai_bills=[late])
    assert spent(made) == pytest.approx({("bill", "UC3", "*"): 7, ("usage", "UC3", "S1"): CENTS_15})


def test_what_was_only_paid_ahead_takes_no_place():
    """A purchase of credits has no effective cost; the log still counts."""
    made = world(
        "marts.ai_cost_ledger", ai_calls=[call("A")], ai_bills=[charge("1", billed_amount=500, effective_amount=0)]
    )
    assert {key: cost for key, cost in spent(made).items() if cost} == pytest.approx({("usage", "UC3", "*"): CENTS_15})


def test_cash_and_use_are_never_added():
    """The virtual currency of the FOCUS specification: 200,000 billed ahead, 1,230 used; the ledger holds 1,230."""
    bills = [charge("1", charge_category_name="Purchase", billed_amount=200_000, effective_amount=0)]
    bills += [charge(str(cost), effective_amount=cost) for cost in (490, 20, 720)]
    assert spent(world("marts.ai_cost_ledger", ai_bills=bills)) == pytest.approx({("bill", "", "*"): 1230})


def test_other_charges_and_unknown_currencies_stay_out():
    """A virtual machine is not AI; a bill in a currency that nobody can convert leaves the usage as it is."""
    bills = [charge("1", effective_amount=9, is_ai=False), charge("2", effective_amount=9, currency_code="XXX")]
    assert spent(world("marts.ai_cost_ledger", ai_calls=[call("A")], ai_bills=bills)) == pytest.approx(
        {("usage", "UC3", "*"): CENTS_15}
    )


def test_a_log_and_a_bill_meet_whatever_they_call_the_provider():
    bills = [charge("1", effective_amount=5, provider_name="Amazon Web Services")]
    calls = [call("A", provider_name="aws.bedrock", served_model_name="anthropic.claude-haiku-5-5")]
    assert spent(world("marts.ai_cost_ledger", ai_calls=calls, ai_bills=bills)) == pytest.approx(
        {("bill", "UC3", "*"): 5}
    )


def test_review_and_rework_with_ai_is_work_and_work_alone_is_not():
    cases = [
        work("1", review_minutes=6, rework_minutes=4, site_id="S1"),
        work("2", review_minutes=5, arm_code="alone"),
        work("3"),
    ]
    made = world("marts.ai_cost_ledger", ai_cases=cases)
    assert spent(made) == pytest.approx({("review log", "UC3", "S1"): 10 * LABOUR * USD_PER_EUR})


def test_a_decision_whose_case_stands_in_the_work_log_is_left_to_that_log():
    """Of three decisions of an agent one is in the work log, by its order; one a person proposed. Its calls tell whose use case it is."""
    calls = [call("A", role_name="order-agent", use_case_name="UC4", is_local_hit=True)]
    made = world(
        "marts.ai_calls", "core.ai_cases", "marts.ai_bill_charges", ai_calls=calls, ai_cases=[work("1", case_id="O1")]
    )
    for proposal, order, is_agent in (("P1", "O1", True), ("P2", "O2", True), ("P3", "O3", False), ("P4", None, True)):
        row = {
            "proposal_id": proposal,
            "order_id": order,
            "is_agent": is_agent,
            "proposer_name": "order-agent" if is_agent else "K",
        }
        put(made, "scores.decisions", row | {"proposed_at": NOON, "decision_minutes": 10})
    made.execute(f"create table marts.ai_cost_ledger as {tables()['marts.ai_cost_ledger'].sql}")
    assert spent(made) == pytest.approx(
        {("usage", "UC4", "*"): 0, ("decision log", "UC4", "*"): 20 * LABOUR * USD_PER_EUR}
    )


def test_vectors_and_judges_have_components_of_their_own():
    calls = [call("A", operation_name="embeddings"), call("B", step_name="LLM judge"), call("C")]
    found = world("marts.ai_cost_ledger", ai_calls=calls).query(
        "select component_code, budget_category_code from marts.ai_cost_ledger order by 1"
    )
    assert found.rows() == [
        ("model usage", "recurring platform"), ("observability", "recurring platform"), ("semantic retrieval", "data operations"),
    ]  # fmt: skip


def test_cost_per_case_is_everything_over_what_ai_resolved():
    """Of four cases one was handed on and one came back; cost is the call and ten minutes."""
    cases = [
        work("1", review_minutes=10, answer_code="edited"),
        work("2", is_contained=True),
        work("3", is_escalated=True),
        work("4", is_reopened=True),
    ]
    row = (
        world("marts.ai_case_costs", ai_calls=[call("A")], ai_cases=cases)
        .query("select * from marts.ai_case_costs")
        .row(0, named=True)
    )
    assert (row["closed_case_count"], row["resolved_count"], row["taken_up_count"]) == (4, 2, 1)
    assert float(row["actual_amount"]) == pytest.approx(CENTS_15 / USD_PER_EUR + 7)


def test_the_full_cost_of_a_case_holds_what_is_accrued_and_is_of_months_that_have_both():
    made = world("marts.ai_cost_ledger", ai_calls=[call("A")], ai_cases=[work("1", review_minutes=10)])
    gateway = {"use_case_id": "UC3", "cost_line_name": "gateway", "site_id": "*", "component_code": "support"}
    for month, amount in ((dt.date(2026, 11, 1), 60), (dt.date(2026, 10, 1), 80)):
        accrued = {"month_date": month, "budget_category_code": "recurring platform", "accrued_amount": amount}
        put(made, "scores.ai_accruals", {**gateway, **accrued})
    for name in ("marts.ai_costs", "marts.ai_case_costs"):
        made.execute(f"create table {name} as {tables()[name].sql}")
    ((running, full),) = made.query("select actual_amount, full_cost_amount from marts.ai_case_costs").rows()
    assert full - running == 60  # October had no case and no call
    bare = world("marts.ai_case_costs", ai_calls=[call("A")], ai_cases=[work("1", review_minutes=10)])
    assert bare.query("select full_cost_amount from marts.ai_case_costs").item() is None


def events(made: World) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in made.query("select * from marts.ai_cost_events order by event_date, use_case_id").iter_rows(named=True):
        found.setdefault(row["cost_event_code"], []).append(row)
    return found


def test_each_hidden_cost_is_found_or_says_why_not():
    silent = events(world("marts.ai_cost_events"))
    assert len(silent) == 7
    assert all(
        not row["is_detected"] and row["because_text"] and row["event_amount"] is None for (row,) in silent.values()
    )


def test_the_detectors_find_what_happened():
    """Vectors, a regional model, an agent that looped, tickets about the assistant, a new vendor, and work of review."""
    calls = [
        call("V", operation_name="embeddings"),
        call("R", provider_name="bedrock", served_model_name="anthropic.claude-haiku-5-5"),
    ]
    calls += [call(f"U{n}", use_case_name="UC4", workflow_id=f"w{n}", tool_call_count=4) for n in range(9)]
    calls += [call("L", use_case_name="UC4", workflow_id="loop", tool_call_count=12)]
    calls += [
        call(
            "N",
            use_case_name="UC4",
            provider_name="openai",
            served_model_name="gpt-6-luna",
            called_at="2026-11-30T12:00:00Z",
        )
    ]
    tickets = [{"ticket_id": "1", "opened_at": NOON, "topic_name": "AI assistant is wrong", "hands_on_minutes": 30}]
    tickets += [{"ticket_id": "2", "opened_at": NOON, "topic_name": "Mail came late"}]
    extracts = {"ai_calls": calls, "service_tickets": tickets, "ai_cases": [work("1", review_minutes=10)]}
    found = events(world("marts.ai_cost_events", **extracts))
    assert [row["event_number"] for row in found["new vectors"]] == [1]
    assert [row["event_number"] for row in found["edge cases of agents"]] == [1]
    assert [float(row["event_amount"]) for row in found["support and training"]] == [21]
    assert [row["event_date"] for row in found["vendor switch"]] == [dt.date(2026, 11, 30)]
    assert [float(row["event_amount"]) for row in found["review by people"]] == [7]
    (region,) = found["second region"]
    assert float(region["event_amount"]) == pytest.approx(1.1 * CENTS_15 / USD_PER_EUR / 11, abs=5e-5)
    assert [row["is_detected"] for row in found["prompt redesign"]] == [False]


def test_changed_headings_are_told_within_a_series_of_files_only():
    """Weekly files of one name are one series; the other file and the other contract have headings of their own."""
    files = [
        ("L1", "lines_2026-11-01.csv", "order_lines", ["a", "b"]),
        ("L2", "returns_2026-11-01.csv", "order_lines", ["x"]),
        ("L3", "lines_2026-11-08.csv", "order_lines", ["b", "a"]),
        ("L4", "lines_2026-11-15.csv", "order_lines", ["a", "c", "d"]),
        ("L5", "lines_2026-11-22.csv", "orders", ["z"]),
    ]
    told = [
        (load, None, {"file_name": name, "sheets": [{"reading": {"columns": names, "feeds": {contract: {}}}}]})
        for load, name, contract, names in files
    ]
    told.append(
        ("L6", None, {"file_name": "lines_2026.csv", "sheets": [{"reading": {"source": "dataco", "name": "orders"}}]})
    )
    assert list(changes(told)) == [("L4", "order_lines", "lines_2026-11-15.csv", None, "c, d", "b")]
