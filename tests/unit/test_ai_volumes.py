"""Cases, calls and their cost by month: what has no price is never counted as free."""

from typing import Any

import pytest

from tests.worlds import world

NOON = "2026-11-02T12:00:00Z"
EACH = 0.00015 / 1.13  # euros of a call with 1,000 tokens in and 100 out


def call(call_id: str, case_id: str | None, **said: Any) -> dict[str, Any]:
    usual = {"called_at": NOON, "provider_name": "anthropic", "served_model_name": "claude-haiku-5-5"}
    usual |= {"use_case_name": "UC3", "case_id": case_id}
    return {"call_id": call_id, **usual, "input_token_count": 1000, "output_token_count": 100, **said}


def month(*calls: dict[str, Any], cases: int = 0) -> dict[str, Any]:
    """The one month of a use case with these calls, and so many cases in its work log."""
    worked = [
        {"work_id": f"W{n}", "use_case_name": "UC3", "case_id": f"C{n}", "opened_at": NOON, "arm_code": "assisted"}
        for n in range(cases)
    ]
    made = world("marts.ai_volumes", ai_calls=list(calls), ai_cases=worked)
    return made.query("select * from marts.ai_volumes").row(0, named=True)


def priced(row: dict[str, Any]) -> tuple[int, int, float | None]:
    """Calls without a price, cases with one, and what those cost in cents of a call."""
    cost = row["priced_usage_cost"]
    return row["unpriced_call_count"], row["priced_case_count"], None if cost is None else float(cost) / EACH


def test_a_case_with_a_call_without_a_price_says_nothing_of_what_a_case_costs():
    """Of four cases one has a call to an unknown model: three cases with two calls each are left, whatever that one's other call cost."""
    calls = [call(f"{case}{n}", f"C{case}") for case in range(4) for n in range(2)]
    calls[7]["served_model_name"] = "no-such-model"
    row = month(*calls, cases=4)
    assert (row["case_count"], row["call_count"]) == (4, 8)
    assert priced(row) == (1, 3, pytest.approx(6))
    assert float(row["usage_cost"]) / EACH == pytest.approx(7)


def test_calls_that_name_no_case_are_shared_by_all_cases():
    calls = [call("A", "C0"), call("B", "C1", served_model_name="no-such-model"), call("C", None), call("D", None)]
    assert priced(month(*calls)) == (1, 1, pytest.approx(1 + 2 / 2))
    assert priced(month(call("C", None), call("D", None), cases=4)) == (0, 4, pytest.approx(2))


def test_an_answer_without_a_price_that_names_no_case_leaves_the_cost_of_a_case_unknown():
    """It may have worked on any of them; a call that came back with nothing worked on none."""
    answered = call("B", None, served_model_name="no-such-model")
    assert priced(month(call("A", "C0"), answered)) == (1, 0, None)
    failed = call("B", None, status_code="error", input_token_count=None, output_token_count=None)
    assert priced(month(call("A", "C0"), failed)) == (1, 1, pytest.approx(1))


def test_cases_without_any_call_have_no_cost_and_not_nought():
    row = month(cases=3)
    assert (row["case_count"], row["call_count"], row["usage_cost"]) == (3, 0, None)
    assert priced(row) == (0, 0, None)
