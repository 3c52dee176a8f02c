"""House rules of a sound programme: each is met or not, names who breaks it, and never praises what is to be stopped."""

from dataclasses import replace
from typing import Any

import polars as pl

from models.ai_economics import maturity, portfolio, priority
from models.ai_economics.maturity import Trust
from tests.unit.test_ai_priorities import ASKED, NUMBERS, PROVEN, asked_of, running


def member(name: str, *, trust: Trust = PROVEN, **change: Any) -> portfolio.Member:
    one = running(name, **change)
    return portfolio.Member(one, maturity.step(one, trust, NUMBERS), 90.0, "A", has_baseline=True)


def met(members: list[portfolio.Member]) -> dict[str, bool | None]:
    return {rule.code: rule.is_met for rule in portfolio.rules(members)}


def test_a_sound_programme_plans_executes_and_serves():
    on = [{"control": "daily token budget", "is_on": True, "how": "enforced"}]
    sound = [member("UC2", controls=on), member("UC3", controls=on), member("UC1", controls=on)]
    assert all(met(sound).values())
    assert not met(sound[:2])["three roles"]
    assert not met(sound[:2])["three to five"]
    assert "service: none" in next(rule.because for rule in portfolio.rules(sound[:2]) if rule.code == "three roles")


def test_each_rule_names_who_breaks_it():
    weak = [
        member("UC1"),
        member("UC4", trust=Trust(cases=5)),
        replace(member("UC2"), evidence_grade="D", has_baseline=False),
    ]
    said = {rule.code: (rule.is_met, rule.because) for rule in portfolio.rules(weak)}
    assert said["controls"][0] is False
    assert "UC1 (freshness target for each source)" in said["controls"][1]
    assert said["value by workflow"] == (
        False,
        "What UC2 brings is only assumed: measure each workflow before sums across them.",
    )
    seen = [replace(weak[0], evidence_grade="C"), weak[2]]
    assert next(rule.because for rule in portfolio.rules(seen) if rule.code == "value by workflow") == (
        "What UC2 brings is only assumed, and what UC1 brings is seen with nothing to compare it with: "
        "measure each workflow before sums across them."
    )
    assert said["scale is earned"][1].startswith(
        "Do not scale: UC4 works as one that acts with approval and has earned: assists"
    )
    assert said["instrumented"][0] is True
    mute = replace(weak[0], is_logged=False)
    assert not met([mute])["instrumented"]
    assert portfolio.rules([])[0].because == "Nothing has been taken up yet."


def told(code: str, members: list[portfolio.Member]) -> tuple[bool | None, str]:
    """Whether a rule is met, and the reason."""
    return next((rule.is_met, rule.because) for rule in portfolio.rules(members) if rule.code == code)


def test_one_that_is_to_be_stopped_is_nothing_to_begin_with():
    bad = replace(member("UC1"), verdict="stop")
    assert told("start small", [replace(member("UC3"), verdict="fund"), bad]) == (
        True,
        "UC3 has good data, an owner and minutes measured without AI; UC1 is to be stopped.",
    )
    assert told("start small", [bad]) == (
        False,
        "None of those that run has good data, an owner and minutes measured without AI; UC1 is to be stopped.",
    )


def test_the_way_is_not_kept_where_an_earlier_step_was_left_out():
    assert told("step by step", [member("UC3"), member("UC4")]) == (
        False,
        "Nothing of search and knowledge runs, but what comes after does; copilots in the workflow: UC3; constrained automation: UC4.",
    )
    assert told("step by step", [member("UC1"), member("UC3")]) == (
        True,
        "Search and knowledge: UC1; copilots in the workflow: UC3.",
    )
    early = [member("UC1", trust=Trust(cases=5)), member("UC3", trust=Trust(cases=5)), member("UC4")]
    assert told("step by step", early)[0] is False


def test_the_verdict_of_the_business_case_reaches_the_house_rules():
    rows = priority.score(asked_of("UC1", verdicts={"UC1": "stop"}), ASKED).tables["scores.ai_portfolio"]
    assert "UC1 is to be stopped" in rows.filter(pl.col("portfolio_rule_code") == "start small")["because_text"][0]
