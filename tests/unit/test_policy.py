"""What a policy lets through, what it stops, and that nothing broken ever lets anything through."""

from dataclasses import replace
from decimal import Decimal

import pytest

from decisions.policy import Allowed, NeedsApproval, Refused, Rule, judge
from decisions.policy_text import FAIR, failing_cases, packaged, policy_approved, policy_of
from errors import Refusal

PURCHASE = packaged()["purchase"]


def with_rules(*rules: Rule):
    return replace(PURCHASE, rules=rules)


def test_approvals_of_several_rules_add_up():
    verdict = judge(FAIR, with_rules(Rule("a", "require", {}, 1), Rule("b", "require", {}, 2, ("executive",))))
    assert isinstance(verdict, NeedsApproval)
    assert (verdict.approvals, verdict.of) == (3, ("approver", "executive"))


@pytest.mark.parametrize("broken", [None, float("nan"), float("inf"), "many", {}])
def test_a_condition_that_cannot_be_decided_refuses_and_alerts_even_where_another_rule_permits(broken):
    verdict = judge(
        {**FAIR, "moved_amount": broken},
        with_rules(Rule("free", "permit"), Rule("limit", "forbid", {"moved_amount": {"above": 5}})),
    )
    assert isinstance(verdict, Refused)
    assert verdict.is_alert


def test_a_test_that_there_is_not_refuses():
    verdict = judge(FAIR, with_rules(Rule("free", "permit"), Rule("odd", "forbid", {"moved_amount": {"roughly": 5}})))
    assert isinstance(verdict, Refused)


def test_a_limit_itself_is_within_the_limit():
    at_most = with_rules(Rule("limit", "permit", {"moved_amount": {"at_most": 5}}))
    assert isinstance(judge({**FAIR, "moved_amount": Decimal("5.00")}, at_most), Allowed)
    assert isinstance(judge({**FAIR, "moved_amount": Decimal("5.0001")}, at_most), Refused)


def test_true_is_not_one():
    assert isinstance(judge({**FAIR, "is_frozen": 1}, with_rules(Rule("free", "permit", {"is_frozen": True}))), Refused)


def test_a_verdict_names_its_rules_in_words():
    assert "small and sure" in judge(FAIR, PURCHASE).because
    assert "grade D" in judge({**FAIR, "data_grade": "D"}, PURCHASE).because


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("moved_today_amount: {at_most: 750}", "colour: {at_most: 750}", "colour"),
        ("reversibility: until_confirmed", "reversibility: maybe", "maybe"),
        ("effect: forbid", "effect: discourage", "discourage"),
        ("rules:", "rulez:", "rules"),
        ("expiry_hours: 48", "expiry_hours: soon", "soon"),
        ("expiry_hours: 48", "expiry_hours: .nan", "expiry hours"),
        ("expiry_hours: 48", "expiry_hours: 0", "before anybody could answer"),
        ("horizon_days: 42", "horizon_days: -1", "horizon days"),
        ("required_rate: 0.85", "required_rate: often", "required rate"),
        ("ceiling: 3", "ceiling: 9", "ceiling"),
        ("moved_amount_per_day: 5000", "moved_amount_per_day: .nan", "moved amount per day"),
        ("{at_least: 0.6}", "{at_mots: 0.6}", "at_mots"),
        ("proposers: [planner", "proposers: [plannner", "plannner"),
        (
            "when: {moved_today_amount: {above: 15000}}",
            "of: bossman\n    when: {moved_today_amount: {above: 15000}}",
            "bossman",
        ),
        (
            "when: {moved_today_amount: {above: 15000}}",
            "of: executive\n    when: {moved_today_amount: {above: 15000}}",
            "same",
        ),
        ("{given: {}, verdict: allowed}", "{given: 5, verdict: allowed}", "says no facts"),
        ("{given: {}, verdict: allowed}", "{given: {colour: red}, verdict: allowed}", "says no facts"),
        ("{given: {}, verdict: allowed}", "{given: {}, verdict: fine}", "says no facts"),
    ],
)
def test_a_text_that_is_no_policy_is_refused_and_the_refusal_names_why(before: str, after: str, says: str):
    with pytest.raises(Refusal, match=says):
        policy_of(PURCHASE.text.replace(before, after))


def test_a_policy_without_cases_is_none():
    text = PURCHASE.text[: PURCHASE.text.index("cases:")] + "cases: []\n"
    with pytest.raises(Refusal, match="no cases"):
        policy_of(text)


@pytest.mark.parametrize(("text", "code"), [("garbage: [", "refused"), (PURCHASE.text + "colour: red", "allowed")])
def test_what_was_once_put_in_force_and_is_no_policy_any_more_permits_nothing_and_stops_no_page(text: str, code: str):
    old = policy_approved(text, "purchase", version=3)
    assert (judge(FAIR, old).code, old.version, old.text) == (code, 3, text)


def test_what_cannot_be_undone_is_never_let_through_without_people():
    text = packaged()["expedite"].text.replace("effect: require\n    approvals: 1", "effect: permit", 1)
    with pytest.raises(Refusal, match="irreversible"):
        policy_of(text)


def test_a_policy_that_does_not_keep_its_cases_says_which():
    text = PURCHASE.text.replace("{at_most: 750}", "{at_most: 75000}").replace("{above: 750}", "{above: 75000}")
    wrong = failing_cases(policy_of(text))
    assert any("751" in said for said in wrong)
