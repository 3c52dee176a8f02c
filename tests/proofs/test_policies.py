"""Every policy keeps the verdicts of its own cases, and the way rules combine is the published one."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from decisions.policy import Policy, Rule, judge
from decisions.policy_text import FAIR, failing_cases, packaged
from decisions.wish import SUBJECTS


@pytest.mark.parametrize("kind", packaged())
def test_a_policy_keeps_its_own_cases(kind: str):
    policy = packaged()[kind]
    assert policy.kind == kind
    assert failing_cases(policy) == []
    assert len(policy.cases) >= 2, "a policy without cases proves nothing"


@pytest.mark.parametrize("kind", packaged())
def test_a_policy_says_what_a_good_decision_is(kind: str):
    good = packaged()[kind].good_decision
    assert all(len(text) > 20 for text in (good.objective, good.limits, good.measured_by))


def test_every_kind_of_action_has_a_policy_and_a_subject():
    assert set(packaged()) == set(SUBJECTS)


@pytest.mark.parametrize("kind", packaged())
def test_no_agent_acts_alone_below_level_three_on_anything_that_moves_goods_or_money(kind: str):
    asking_only = {"credit_review", "fix_data"}
    given = {**FAIR, "proposer_kind": "agent", "autonomy_level": 2}
    assert kind in asking_only or judge(given, packaged()[kind]).code != "allowed"


@pytest.mark.parametrize("kind", packaged())
def test_a_frozen_calendar_stops_everything_but_changes_of_policy(kind: str):
    verdict = judge({**FAIR, "is_frozen": True}, packaged()[kind])
    assert verdict.code == ("needs_approval" if kind == "policy_change" else "refused")


def test_rules_combine_as_cedar_says(shared: Path):
    """D30: nothing permits, so deny; a permit allows; one forbid beats any number of permits."""
    checks = json.loads((shared / "checks" / "decisions.json").read_text("utf-8"))["checks"]
    check = next(one for one in checks if one["id"] == "D30_policy_semantics")
    said = []
    for case in check["inputs"]["cases"]:
        rules = [Rule(f"permit {n}", "permit") for n in range(case["permit"])]
        rules += [Rule(f"forbid {n}", "forbid") for n in range(case["forbid"])]
        for ordered in (rules, rules[::-1]):
            verdict = judge(FAIR, _with(rules=tuple(ordered)))
            said.append("allow" if verdict.code == "allowed" else "deny")
    assert said == [wanted for wanted in check["expected"]["decision"] for _ in range(2)]


def _with(**changes: object) -> Policy:
    return replace(packaged()["purchase"], **changes)  # type: ignore[arg-type]
