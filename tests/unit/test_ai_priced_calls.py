"""What one call costs: each token counted once, reported beside computed, a gap with its reason instead of nought."""

import pytest

from tests.priced_calls import NOON, call, dollars, gap, in_dollars
from tests.usage_logs import (
    Call,
    anthropic,
    collector_line,
    collector_span,
    landed,
    langfuse,
    lines,
    litellm,
    openai,
    span,
)
from tests.worlds import world


def test_both_rules_of_counting_give_one_cost():
    """1,000 read of which 600 came from the cache and 100 went into it; once counted with, once without them."""
    with_cache = call(
        "A", input_token_count=1000, cache_read_token_count=600, cache_write_token_count=100, token_rule_code="included"
    )
    without = call(
        "B", input_token_count=300, cache_read_token_count=600, cache_write_token_count=100, token_rule_code="excluded"
    )
    made = world("core.ai_calls", ai_calls=[with_cache, without])
    assert in_dollars(made) == pytest.approx([(300 * 0.1 + 600 * 0.01 + 100 * 0.125 + 1000 * 0.5) / 1e6] * 2)
    assert made.query("select distinct uncached_input_token_count, token_count from core.ai_calls").rows() == [
        (300, 2000)
    ]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"served_model_name": "no-such-model"}, "The price table knows no model no-such-model of anthropic."),
        ({"provider_name": "our gateway"}, "The price table knows no provider our gateway."),
        ({"served_model_name": None, "provider_name": None}, "The call does not say which model it went to."),
        ({"served_model_name": None}, "The call does not say which model it went to."),
        ({"input_token_count": None}, "The call does not say how many tokens it read."),
        ({"output_token_count": None}, "The call does not say how many tokens it wrote."),
        ({"cache_read_token_count": 1001}, "The counts do not add up: more tokens from the cache than were read."),
        ({"reasoning_token_count": 1001}, "The counts do not add up: more reasoning than output."),
    ],
)  # fmt: skip
def test_what_is_not_known_is_a_gap_with_its_reason(said, reason):
    assert gap(**said) == reason


def test_a_failed_call_without_tokens_costs_nothing_that_anybody_knows():
    found = world(
        "core.ai_calls", ai_calls=[call(status_code="timeout", input_token_count=None, output_token_count=None)]
    )
    assert found.query("select usage_cost, gap_text, token_count from core.ai_calls").row(0) == (
        None, "The call failed before its tokens were counted.", 0,
    )  # fmt: skip


def test_a_failed_call_that_was_billed_stays_in():
    assert dollars(status_code="error") == pytest.approx(0.0006)


def test_an_answer_of_an_own_cache_costs_no_provider_anything():
    made = world("core.ai_calls", ai_calls=[call(is_local_hit=True, reported_cost=1, cost_currency_code="USD")])
    assert in_dollars(made) == in_dollars(made, "usage_cost") == [0]


def test_reported_and_computed_stand_side_by_side_and_nought_is_not_believed():
    """Reported in dollars, in pounds, in nothing, in a currency that nobody knows, and as nought for tokens used."""
    told = [(0.5, "USD"), (1, "gbp"), (0.5, None), (0.5, "XXX"), (0, "USD")]
    calls = [call(str(n), reported_cost=cost, cost_currency_code=code) for n, (cost, code) in enumerate(told)]
    made = world("core.ai_calls", ai_calls=calls)
    assert in_dollars(made, "reported_home_cost") == pytest.approx([0.5, 1.31, None, None, None], nan_ok=True)
    assert in_dollars(made, "usage_cost") == pytest.approx([0.5, 1.31, 0.0006, 0.0006, 0.0006])
    assert in_dollars(made) == pytest.approx([0.0006] * 5)
    assert made.query("select reported_gap_text from core.ai_calls order by call_id")[
        "reported_gap_text"
    ].to_list() == [
        None,
        None,
        "The reported cost has no currency.",
        "No exchange rate between XXX and the reporting currency.",
        "Nought was reported although tokens were used; it is not believed.",
    ]


def test_tags_and_a_use_case_of_two_names_multiply_no_row():
    """A call with many tags is one call; the use case is found by its id and by its name."""
    calls = [
        call("A", tags_text="UC3, UC4, team a"),
        call("B", use_case_name="uc3"),
        call("C", use_case_name="ERP copilot for order management"),
    ]
    found = world("core.ai_calls", ai_calls=calls).query("select call_id, use_case_id from core.ai_calls order by 1")
    assert found.rows() == [("A", None), ("B", "UC3"), ("C", "UC3")]


def test_calls_that_the_company_brought_and_that_were_made_here_count_once():
    """One act tells of two calls; one of them stands in the log that was brought, the other tells two counts only."""
    told = [
        {"call_id": "K", "requested_model_name": "claude-haiku-5-5", "provider_name": "anthropic"},
        {"requested_model_name": "draft-small", "input_token_count": 9, "output_token_count": 8},
    ]
    act = {
        "act_id": "a",
        "act_no": 1,
        "kind": "propose",
        "subject": "P1",
        "who": "x",
        "at": NOON,
        "payload": {"note": {"ai_calls": told}},
    }
    found = world("core.ai_calls", ai_calls=[call("K")], acts=[act]).query(
        "select call_id, is_made_here, token_count from core.ai_calls order by 1"
    )
    assert found.rows() == [("K", False, 2000), ("a-2", True, 17)]


def test_the_oldest_acts_name_a_letter_and_mean_its_use_case():
    told = [
        {"use_case_name": "supplier message", "input_token_count": 1},
        {"use_case_name": "UC4", "input_token_count": 1},
        {},
    ]
    act = {
        "act_id": "a",
        "act_no": 1,
        "kind": "propose",
        "subject": "P1",
        "who": "x",
        "at": NOON,
        "payload": {"note": {"ai_calls": told}},
    }
    found = world("core.ai_calls", acts=[act]).query("select use_case_id from core.ai_calls order by call_id")
    assert found["use_case_id"].to_list() == ["A2", "UC4", None]


def test_what_was_only_reckoned_for_a_budget_is_no_cost():
    told = [
        {
            "provider_name": "anthropic",
            "requested_model_name": "claude-haiku-5-5",
            "input_token_count": 9000,
            "is_estimated": True,
            "status_code": "timeout",
        }
    ]
    act = {
        "act_id": "a",
        "act_no": 1,
        "kind": "agent_run",
        "subject": "R1",
        "who": "x",
        "at": NOON,
        "payload": {"note": {"ai_calls": told}},
    }
    found = world("core.ai_calls", acts=[act]).query("select token_count, computed_cost, gap_text from core.ai_calls")
    assert found.rows() == [(0, None, "The call failed before its tokens were counted.")]


SHAPES = {
    "collector": lambda calls: lines([collector_line([collector_span(one) for one in calls])]),
    "span a line": lambda calls: lines(map(span, calls)),
    "openai": lambda calls: lines(map(openai, calls)),
    "anthropic": lambda calls: lines(map(anthropic, calls)),
    "litellm": lambda calls: lines(map(litellm, calls)),
    "langfuse": lambda calls: lines(map(langfuse, calls)),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_calls_cost_the_same_whoever_wrote_them_down(tmp_path, monkeypatch, shape):
    """From the file to the cost: 200 uncached, 900 from the cache, 100 into it, 80 written; and one beyond the cliff."""
    monkeypatch.setenv("CROSSDOCK_HOME", str(tmp_path / "home"))
    model = "claude-haiku-5-5"
    calls = [
        Call("a", "2026-11-14T08:00:00+00:00", 1200, read=900, written=100, output=80, reasoning=30, model=model),
        Call("b", "2026-11-14T08:05:00+00:00", 150_000, output=1000, model=model),
    ]
    found = landed(tmp_path, SHAPES[shape](calls)).rows
    brought = [
        {name: cell for name, cell in row.items() if name not in ("extra", "line_no")}
        | {"provider_name": "anthropic", "reported_cost": None}
        for row in found.iter_rows(named=True)
    ]
    made = world("core.ai_calls", ai_calls=brought)
    by_hand = [(200 * 0.1 + 900 * 0.01 + 100 * 0.125 + 80 * 0.5) / 1e6, 0.0775]
    assert sorted(in_dollars(made)) == pytest.approx(by_hand)
