"""Whoever had a hand in what a proposal rests on does not approve it, and a policy that has become stricter holds for what waits."""

from dataclasses import replace
from pathlib import Path

import pytest

from decisions.person import Person
from decisions.policy_text import packaged
from decisions.proposal import Proposal
from decisions.roles import INCOMPATIBLE
from errors import Refusal
from tests.desks import AGENT, APPROVER, EXECUTIVE, OTHER_APPROVER, Office, wish

MANAGER = Person("mia", frozenset({"planner", "approver", "executive"}))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def says_yes(office: Office, proposal_id: str, person: Person) -> str:
    standing = office.desk().book.standing(proposal_id)
    return office.desk(person).approve(proposal_id, standing.content_hash).state


# ── hands in it ──────────────────────────────────────────────────────────────────────────────────────────────────────
def proposed(office: Office) -> str:
    return office.desk(MANAGER).propose(wish(moved=5_000)).proposal_id


def brought_in(office: Office) -> str:
    office.ledger.append("load", "00001-ab", "mia", {"load_id": "00001-ab", "file_name": "stock.csv"}, office.now)
    return office.desk().propose(wish(moved=5_000)).proposal_id


def pinned(office: Office) -> str:
    office.ledger.append("pin", "cases", "mia", {"version": 1, "reason": ""}, office.now)
    return office.desk().propose(replace(wish(moved=5_000), model_code="cases")).proposal_id


def started(office: Office) -> str:
    return office.desk(AGENT).propose(wish(moved=100), note={"started_by": "mia"}).proposal_id


HANDS = {
    frozenset({"propose", "approve"}): (proposed, "proposed or changed by mia"),
    frozenset({"upload", "approve"}): (brought_in, "stock.csv that it rests on came from mia"),
    frozenset({"pin_model", "approve"}): (pinned, "model cases, which it rests on, was pinned by mia"),
    frozenset({"run_agents", "approve"}): (started, "was started by mia"),
}


@pytest.mark.parametrize("pair", HANDS, ids=lambda pair: "-".join(sorted(pair)))
def test_who_had_a_hand_in_it_does_not_approve_it_and_somebody_else_may(office: Office, pair: frozenset[str]):
    made, why = HANDS[pair]
    proposal_id = made(office)
    with pytest.raises(Refusal, match=why):
        says_yes(office, proposal_id, MANAGER)
    with pytest.raises(Refusal, match=why):
        office.desk(OTHER_APPROVER).delegate(proposal_id, "mia")
    assert says_yes(office, proposal_id, APPROVER) == "approved"


def test_a_file_taken_out_again_and_a_pin_taken_away_stand_in_nobodys_way(office: Office):
    proposal_id = brought_in(office)
    office.ledger.append("undo", "00001-ab", "ann", {"load_id": "00001-ab"}, office.now)
    office.ledger.append("pin", "cases", "mia", {"version": 1, "reason": ""}, office.now)
    office.ledger.append("pin", "cases", "ann", {"version": None, "reason": ""}, office.now)
    assert says_yes(office, proposal_id, MANAGER) == "approved"


def test_every_pair_that_a_desk_can_meet_is_met_here_or_with_the_roles():
    elsewhere = {
        frozenset({"author_policy", "approve_policy"}),  # tests/unit/test_desk_limits.py
        frozenset({"grant_roles", "approve"}),  # no account holds both: tests/unit/test_roles.py
        frozenset({"grant_roles", "approve_policy"}),
    }
    assert set(HANDS) | elsewhere == set(INCOMPATIBLE)


# ── a policy that has changed since ──────────────────────────────────────────────────────────────────────────────────
def changed_policy(office: Office, old: str, new: str) -> None:
    text = packaged()["purchase"].text
    assert old in text
    said = Proposal(
        "policy_change",
        {"policy": "purchase"},
        {"policy": "purchase", "yaml": text.replace(old, new)},
        office.now.date(),
        "b1",
    )
    standing = office.desk(Person("ann", frozenset({"analyst"}))).propose(said)
    for person in (APPROVER, EXECUTIVE)[: standing.approvals_wanted]:
        assert says_yes(office, standing.proposal_id, person)


def test_what_waits_is_judged_by_the_policy_in_force_when_somebody_approves_it(office: Office):
    proposal_id = office.desk().propose(wish(moved=1_000)).proposal_id
    rule = "  - name: more than 750 a day of one person\n    effect: require\n"
    changed_policy(office, rule, f"{rule}    approvals: 2\n")
    assert says_yes(office, proposal_id, APPROVER) == "pending"
    assert says_yes(office, proposal_id, OTHER_APPROVER) == "approved"


def test_what_a_milder_policy_let_through_does_not_leave_under_a_stricter_one(office: Office):
    proposal_id = office.desk().propose(wish(moved=740)).proposal_id
    assert office.state(proposal_id) == "approved"
    changed_policy(office, "750", "700")
    with pytest.raises(Refusal, match="policy has changed since it was let through"):
        office.export(proposal_id)
    assert office.state(proposal_id) == "approved"


def test_what_is_forbidden_by_now_is_approved_by_nobody(office: Office):
    proposal_id = office.desk().propose(wish(moved=5_000)).proposal_id
    rule = "rules:\n  - {name: nothing large this month, effect: forbid, when: {moved_amount: {above: 4000}}}\n"
    changed_policy(office, "rules:\n", rule)
    with pytest.raises(Refusal, match="nothing large this month"):
        says_yes(office, proposal_id, APPROVER)
