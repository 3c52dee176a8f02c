"""A policy is replayed on what was known when each wish was made: the one in force gives the verdicts that it gave."""

from decimal import Decimal
from pathlib import Path

import pytest

from decisions.policy import judge
from decisions.policy_text import packaged, policy_of
from decisions.replay import past_wishes, replayed
from tests.desks import AGENT, APPROVER, OTHER_PLANNER, Office, wish


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def verdicts(office: Office) -> dict[str, tuple[str, str]]:
    """By proposal: the verdict that it got, and the one that the replay gives."""
    book = office.desk().book
    past = past_wishes(book, "purchase", {}, days=90)
    policy = packaged()["purchase"]
    return {one.name: (book.standings[one.name].verdict_code, judge(one.facts, policy).code) for one in past}


def test_what_was_wished_later_on_the_day_was_not_known(office: Office):
    for number in range(1, 5):
        office.desk().propose(wish(number, moved=250))
        office.later(minutes=20)
    found = list(verdicts(office).values())
    assert found == [("allowed", "allowed")] * 3 + [("needs_approval", "needs_approval")]


def test_nor_is_the_order_of_one_instant_lost(office: Office):
    office.desk(APPROVER).set_level("purchase", "", 3, "for a test", {})
    for number in range(1, 5):
        office.desk(AGENT).propose(wish(number, moved=250))
    assert {was == now for was, now in verdicts(office).values()} == {True}


def test_what_was_declined_afterwards_still_counted_then(office: Office):
    first = office.desk().propose(wish(1, moved=740))
    office.later(minutes=20)
    second = office.desk().propose(wish(2, moved=740))
    office.later(minutes=20)
    office.desk(APPROVER).decline(second.proposal_id, reason_code="too dear")
    office.desk().withdraw(first.proposal_id)
    office.later(minutes=20)
    third = office.desk().propose(wish(3, moved=740))
    found = verdicts(office)
    assert [found[one.proposal_id] for one in (first, second, third)] == [
        ("allowed", "allowed"),
        ("needs_approval", "needs_approval"),
        ("allowed", "allowed"),
    ]


def test_a_change_is_judged_as_of_its_own_time_and_by_the_limits_of_who_made_it(office: Office):
    first = office.desk().propose(wish(1, moved=700))
    office.later(days=2)
    office.desk().propose(wish(2, moved=700))
    office.later(minutes=20)
    changed = {**first.proposal.action, "qty": Decimal(105)}
    said = {"moved_amount": Decimal(735), "reason_code": "knows", "reason": "one pack more"}
    assert office.desk(OTHER_PLANNER).modify(first.proposal_id, changed, **said).state == "approved"
    assert set(verdicts(office).values()) == {("allowed", "allowed")}


def test_the_money_and_the_escaped_errors_of_another_limit_are_seen_before_it_is_proposed(office: Office):
    made = []
    for number, moved in enumerate((200, 200, 200, 900), start=1):
        made.append(office.desk().propose(wish(number, moved=moved)).proposal_id)
        office.later(days=2)
    worth = {made[0]: Decimal(30), made[1]: Decimal(-80)}
    past = past_wishes(office.desk().book, "purchase", worth, days=90)
    strict = policy_of(packaged()["purchase"].text.replace("750", "150"))
    now, then = (replayed(policy, past, days=90) for policy in (packaged()["purchase"], strict))
    assert (now.wishes, now.released, now.released_amount, now.unknown) == (4, 3, Decimal(600), 2)
    assert (now.escaped, now.escaped_amount) == (1, Decimal(80))
    assert (then.released, then.escaped, then.approvals_per_day) == (0, 0, 4 / 90)


def test_only_the_last_days_are_replayed(office: Office):
    office.desk().propose(wish(1, moved=200))
    office.later(days=91)
    office.desk().propose(wish(2, moved=200))
    assert len(past_wishes(office.desk().book, "purchase", {}, days=90)) == 1
    assert past_wishes(office.desk().book, "transfer", {}, days=90) == []
