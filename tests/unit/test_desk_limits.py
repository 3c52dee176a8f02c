"""Limits cannot be split, policies cannot be passed by, and a machine at the desk can propose and nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from decisions.policy_text import packaged
from decisions.proposal import Proposal
from errors import Refusal
from tests.desks import (
    AGENT,
    APPROVER,
    EXECUTIVE,
    OTHER_APPROVER,
    PLANNER,
    Office,
    wish,
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def kinds(office: Office) -> list[str]:
    return [act.kind for act in office.ledger.acts()]


def trust(office: Office, kind: str, level: int) -> None:
    office.desk(APPROVER).set_level(kind, "", level, "for a test", {})


# ── how much ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_limit_cannot_be_split_over_many_small_wishes(office: Office):
    states = [office.desk().propose(wish(number, moved=250)).state for number in range(1, 5)]
    assert states == ["approved"] * 3 + ["pending"]
    office.later(hours=24)
    assert office.desk().propose(wish(9, moved=250)).state == "approved"


def test_nor_by_a_clock_that_runs_behind(office: Office):
    for number in range(1, 4):
        office.desk().propose(wish(number, moved=250))
    office.later(hours=-2)
    assert office.desk().propose(wish(4, moved=250)).state == "pending"


def test_nor_by_making_old_small_wishes_larger(office: Office):
    old = [office.desk().propose(wish(number, moved=1)) for number in range(1, 4)]
    office.later(days=3)
    states = []
    for standing in old:
        action = {**standing.proposal.action, "unit_cost": Decimal("7.4")}
        changed = office.desk().modify(
            standing.proposal_id, action, moved_amount=Decimal(740), reason_code="knows", reason="price"
        )
        states.append(changed.state)
    assert states == ["approved", "pending", "pending"]


@pytest.mark.parametrize("how", ["withdraw", "modify"])
def test_nor_by_taking_back_what_had_made_room(office: Office, how: str):
    first = office.desk().propose(wish(moved=740))
    if how == "withdraw":
        office.desk().withdraw(first.proposal_id)
    else:
        action = {**first.proposal.action, "qty": Decimal(1)}
        office.desk().modify(first.proposal_id, action, moved_amount=Decimal(1), reason_code="knows", reason="less")
    assert office.desk().propose(wish(2, moved=740)).state == "approved"
    with pytest.raises(Refusal):
        office.desk().take_back(first.proposal_id)


def test_what_came_to_nothing_does_not_count_and_may_be_taken_back_where_there_is_room(office: Office):
    first = office.desk().propose(wish(moved=740))
    office.desk().withdraw(first.proposal_id)
    assert office.desk().take_back(first.proposal_id).state == "approved"


def test_a_wish_that_says_it_moves_less_than_it_does_is_counted_at_what_it_does(office: Office):
    assert office.desk().propose(replace(wish(moved=24_000), moved_amount=Decimal(1))).approvals_wanted == 2


# ── agents ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_agent_never_approves_not_even_by_delegation(office: Office):
    standing = office.desk().propose(wish())
    approving = replace(AGENT, roles=frozenset({"approver", "administrator"}))
    for agent in (AGENT, approving):
        with pytest.raises(Refusal, match="Agents never approve"):
            office.desk(agent).approve(standing.proposal_id, standing.content_hash)
    office.desk(APPROVER).delegate(standing.proposal_id, AGENT.who)
    with pytest.raises(Refusal, match="Agents never approve"):
        office.desk(approving).approve(standing.proposal_id, standing.content_hash)
    assert "approve" not in kinds(office)


def test_an_agent_waits_for_people_until_it_has_earned_more(office: Office):
    assert office.desk(AGENT).propose(wish(moved=80)).state == "pending"
    trust(office, "purchase", 3)
    assert office.desk(AGENT).propose(wish(2, moved=80)).state == "approved"
    trust(office, "purchase", 1)
    with pytest.raises(Refusal, match=r"level 1 only.*drafts"):
        office.desk(AGENT).propose(wish(3, moved=80))


def test_an_agent_cannot_raise_its_own_level_and_nobody_above_the_ceiling(office: Office):
    with pytest.raises(Refusal, match="Agents may not"):
        office.desk(AGENT).set_level("purchase", "", 3, "I am good", {})
    with pytest.raises(Refusal, match="ceiling"):
        office.desk(APPROVER).set_level("purchase", "", 4, "very good", {})
    office.desk(AGENT).set_level("purchase", "", 1, "drifted", {})
    assert office.desk().book.level("purchase") == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"moved_amount": Decimal(5_001), "action": {"qty": Decimal(1)}}, "may move"),
        ({"confidence_share": 0.59}, "stops below"),
    ],
)
def test_a_cap_stops_an_agent_and_the_refusal_is_on_record(office: Office, changed: dict, says: str):
    with pytest.raises(Refusal, match=says):
        office.desk(AGENT).propose(replace(wish(moved=80), **changed))
    assert kinds(office) == ["refused"]
    assert office.ledger.acts()[0].who == AGENT.who


def test_an_agent_makes_no_more_wishes_in_a_day_than_its_cap(office: Office):
    most = packaged()["expedite"].agents.per_day
    line = {"kind": "expedite", "confidence_share": 0.9}
    for number in range(most):
        subject = {"po_id": f"PO{number}", "line_key": "10"}
        office.desk(AGENT).propose(wish(moved=10, subject=subject, action=subject, **line))
    over = {"po_id": "one more", "line_key": "10"}
    with pytest.raises(Refusal, match="within a day"):
        office.desk(AGENT).propose(wish(moved=10, subject=over, action=over, **line))


def test_an_agent_may_not_propose_what_no_policy_lets_agents_propose(office: Office):
    subject = {"sku_id": "A1", "site_id": "LEJ"}
    with pytest.raises(Refusal, match="none of those who may propose"):
        office.desk(AGENT).propose(wish(moved=1, kind="allocate", subject=subject))


def test_an_agent_does_nothing_else(office: Office):
    standing = office.desk().propose(wish(moved=80))
    other = {**standing.proposal.action, "qty": Decimal(101)}
    desk = office.desk(AGENT)
    tries = (
        lambda: desk.modify(standing.proposal_id, other, moved_amount=Decimal(81), reason_code="x", reason="y"),
        lambda: desk.decline(standing.proposal_id, reason_code="x"),
        lambda: desk.withdraw(standing.proposal_id),
        lambda: desk.take_back(standing.proposal_id),
        lambda: office.export(standing.proposal_id, person=AGENT),
        lambda: desk.told_of_export("acknowledge", "B1", [standing.proposal_id], {}),
        lambda: desk.dismiss("case 1", "nobody needs to see it"),
        lambda: desk.snooze("case 1", office.now.date(), Decimal(1)),
        lambda: desk.trace("order-agent", {"outcome": "proposed"}),
        lambda: desk.propose(policy_change()),
    )
    before = kinds(office)
    for attempt in tries:
        with pytest.raises(Refusal):
            attempt()
    assert kinds(office) == before
    assert office.state(standing.proposal_id) == "approved"


# ── policies ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def policy_change(before: str = "{at_most: 750}", after: str = "{at_most: 700}") -> Proposal:
    text = packaged()["purchase"].text.replace(before, after).replace("{above: 750}", "{above: 700}")
    action = {"policy": "purchase", "yaml": text}
    return wish(moved=0, kind="policy_change", subject={"policy": "purchase"}, action=action)


def test_a_policy_needs_another_author_and_another_approver_than_one_person(office: Office):
    standing = office.desk().propose(policy_change())
    assert standing.state == "pending"
    with pytest.raises(Refusal):
        office.desk().approve(standing.proposal_id, standing.content_hash)
    for person in (APPROVER, EXECUTIVE, OTHER_APPROVER):
        if office.state(standing.proposal_id) == "pending":
            try:
                office.desk(person).approve(standing.proposal_id, standing.content_hash)
            except Refusal:
                continue
    assert office.desk().book.policy("purchase").version == 2
    assert office.desk(PLANNER).propose(wish(moved=720)).state == "pending"


def test_a_policy_that_cannot_be_decided_refuses_and_raises_an_alert(office: Office):
    with pytest.raises(Refusal, match="could not be decided"):
        office.desk().propose(replace(wish(moved=80), data_grade=""))
    alert = office.desk().book.alerts[-1]
    assert (alert.kind, alert.payload["is_alert"]) == ("refused", True)


@pytest.mark.parametrize("kind", ["purchase", "re_source"])
def test_what_was_ordered_since_the_data_ends_is_not_ordered_again_on_the_same_data(office: Office, kind: str):
    first = office.desk().propose(wish(moved=100))
    office.export(first.proposal_id)
    again = replace(wish(moved=90), kind=kind, subject={**first.proposal.subject, "supplier_id": "V2"})
    again = replace(again, action={**again.action, "supplier_id": "V2"})
    with pytest.raises(Refusal, match="the data end on 14 Nov, before it"):
        office.desk().propose(again)
    assert office.desk().propose(wish(2, moved=90)).state == "approved"
    office.later(days=1)
    assert office.desk().propose(replace(again, as_of=again.as_of + timedelta(days=1))).state in ("approved", "pending")
