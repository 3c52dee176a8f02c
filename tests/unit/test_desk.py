"""The desk: nobody gets past a policy, an approval holds for one content and one state of the world, and nothing is done twice."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from decisions.person import Person
from decisions.policy_text import packaged
from errors import Refusal
from tests.desks import (
    AGENT,
    APPROVER,
    AUDITOR,
    MORNING,
    OTHER_APPROVER,
    OTHER_PLANNER,
    PLANNER,
    Office,
    Shelf,
    on_shelf,
    wish,
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def kinds(office: Office) -> list[str]:
    return [act.kind for act in office.ledger.acts()]


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_small_and_sure_goes_through_and_more_waits_for_somebody_else(office: Office):
    assert office.desk().propose(wish(moved=80)).state == "approved"
    waiting = office.desk().propose(wish(2))
    assert (waiting.state, waiting.approvals_wanted) == ("pending", 1)
    assert office.desk(APPROVER).approve(waiting.proposal_id, waiting.content_hash).state == "approved"


def test_nobody_approves_what_they_proposed_or_changed_not_even_with_every_role(office: Office):
    both = Person("paula", frozenset({"planner", "approver", "executive", "administrator"}))
    standing = office.desk(both).propose(wish())
    with pytest.raises(Refusal, match="proposed or changed by"):
        office.desk(both).approve(standing.proposal_id, standing.content_hash)
    helper = Person("heidi", frozenset({"planner", "approver"}))
    other = {**standing.proposal.action, "qty": Decimal(240)}
    changed = office.desk(helper).modify(
        standing.proposal_id, other, moved_amount=Decimal(2160), reason_code="knows", reason="promotion"
    )
    with pytest.raises(Refusal, match="proposed or changed by"):
        office.desk(helper).approve(standing.proposal_id, changed.content_hash)


@pytest.mark.parametrize("person", [AUDITOR, OTHER_PLANNER, Person("nobody"), Person("x", frozenset({"wizard"}))])
def test_only_the_roles_that_the_policy_names_approve(office: Office, person: Person):
    standing = office.desk().propose(wish())
    with pytest.raises(Refusal, match="none of those who approve it"):
        office.desk(person).approve(standing.proposal_id, standing.content_hash)


def test_whoever_has_lost_the_role_since_can_no_longer_approve(office: Office):
    """What counts is what the front door says now, not what it said when the proposal was made."""
    standing = office.desk().propose(wish())
    office.desk(APPROVER).delegate(standing.proposal_id, "arne")
    with pytest.raises(Refusal, match="none of those who approve it"):
        office.desk(replace(APPROVER, roles=frozenset({"auditor"}))).approve(
            standing.proposal_id, standing.content_hash
        )


def test_two_approvals_are_two_people(office: Office):
    standing = office.desk().propose(wish(moved=20_000))
    assert standing.approvals_wanted == 2
    once = office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    again = office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    assert (once.state, again.state, len(again.approvals)) == ("pending", "pending", 1)
    assert office.desk(OTHER_APPROVER).approve(standing.proposal_id, standing.content_hash).state == "approved"


@pytest.mark.parametrize("is_own_first", [True, False])
def test_who_hands_an_approval_on_does_not_count_a_second_time_beside_the_stand_in(office: Office, is_own_first: bool):
    standing = office.desk().propose(wish(moved=20_000))
    stand_in = Person("sven", frozenset({"planner"}))
    said = standing.proposal_id, standing.content_hash
    if is_own_first:
        office.desk(APPROVER).approve(*said)
        with pytest.raises(Refusal, match="counts once"):
            office.desk(APPROVER).delegate(standing.proposal_id, "sven")
    else:
        office.desk(APPROVER).delegate(standing.proposal_id, "sven")
        office.desk(stand_in).approve(*said)
        with pytest.raises(Refusal, match="counts once"):
            office.desk(APPROVER).approve(*said)
    assert office.state(standing.proposal_id) == "pending"
    assert office.desk(OTHER_APPROVER).approve(*said).state == "approved"


def test_an_approval_may_be_handed_on_but_not_to_an_author_and_not_by_somebody_without_it(office: Office):
    standing = office.desk().propose(wish())
    for person, to in ((APPROVER, "paula"), (APPROVER, "anna"), (OTHER_PLANNER, "sven"), (AGENT, "sven")):
        with pytest.raises(Refusal):
            office.desk(person).delegate(standing.proposal_id, to)
    office.desk(APPROVER).delegate(standing.proposal_id, "sven")
    done = office.desk(Person("sven", frozenset({"planner"}))).approve(standing.proposal_id, standing.content_hash)
    assert (done.state, done.approvals[0].for_whom) == ("approved", "anna")


# ── what exactly ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_approval_holds_for_one_exact_content(office: Office):
    standing = office.desk().propose(wish())
    other = {**standing.proposal.action, "qty": Decimal(120)}
    changed = office.desk(OTHER_PLANNER).modify(
        standing.proposal_id, other, moved_amount=Decimal(1080), reason_code="knows", reason="promotion"
    )
    with pytest.raises(Refusal, match="changed since you looked"):
        office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    assert office.desk(APPROVER).approve(standing.proposal_id, changed.content_hash).state == "approved"


def test_a_change_voids_the_approvals_that_there_were(office: Office):
    standing = office.desk().propose(wish(moved=20_000))
    office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    changed = office.desk(OTHER_PLANNER).modify(
        standing.proposal_id, {**standing.proposal.action, "qty": Decimal(101)},
        moved_amount=Decimal(20_200), reason_code="knows", reason="one more",
    )  # fmt: skip
    assert (changed.approvals, changed.state, changed.version) == ((), "pending", 2)


@pytest.mark.parametrize(("now", "is_same"), [("60", True), ("60.0000", True), ("59", False), (None, False)])
def test_an_approval_needs_the_world_that_the_proposal_was_made_in(office: Office, now: str | None, is_same: bool):
    standing = office.desk().propose(wish(evidence=(on_shelf("60.0000"),)))
    office.build = Shelf(now)
    if is_same:
        assert office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash).state == "approved"
        return
    with pytest.raises(Refusal, match="has changed"):
        office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)


def test_an_export_needs_it_too(office: Office):
    standing = office.desk().propose(wish(moved=80, evidence=(on_shelf("60.0000"),)))
    office.build = Shelf("59")
    with pytest.raises(Refusal, match="has changed"):
        office.export(standing.proposal_id)
    assert office.state(standing.proposal_id) == "approved"


def test_what_is_exported_is_what_was_approved(office: Office):
    standing = office.desk().propose(wish(moved=80))
    forged = {
        "proposal_id": standing.proposal_id,
        "kind": "purchase",
        **standing.proposal.action,
        "qty": Decimal(9_999),
    }
    with pytest.raises(Refusal, match="not what was approved"):
        office.desk(APPROVER).export("B1", [forged], {})
    twice = {"proposal_id": standing.proposal_id, "kind": "purchase", **standing.proposal.action}
    with pytest.raises(Refusal, match="twice"):
        office.desk(APPROVER).export("B1", [twice, twice], {})
    assert office.state(standing.proposal_id) == "approved"


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_proposal_waits_only_so_long(office: Office):
    standing = office.desk().propose(wish())
    office.later(hours=packaged()["purchase"].expiry_hours)
    with pytest.raises(Refusal, match="time was over"):
        office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    assert office.desk().expire_due() == [standing.proposal_id]
    assert (office.state(standing.proposal_id), office.desk().expire_due()) == ("expired", [])
    with pytest.raises(Refusal):
        office.export(standing.proposal_id)


def test_while_the_calendar_is_frozen_nothing_is_proposed_approved_or_exported(office: Office):
    waiting, free = (
        office.desk().propose(wish()),
        office.desk().propose(wish(2, moved=80, kind="credit_review", subject={"customer_id": "C1"})),
    )
    approved = office.desk(OTHER_PLANNER).propose(wish(3, moved=80))
    office.desk(APPROVER).freeze("stocktaking")
    assert free.state == "approved"
    with pytest.raises(Refusal, match="frozen"):
        office.desk().propose(wish(4, moved=80))
    with pytest.raises(Refusal, match="frozen"):
        office.desk(APPROVER).approve(waiting.proposal_id, waiting.content_hash)
    with pytest.raises(Refusal, match="frozen"):
        office.export(approved.proposal_id)
    office.desk(APPROVER).thaw()
    assert office.desk(APPROVER).approve(waiting.proposal_id, waiting.content_hash).state == "approved"
    assert office.export(approved.proposal_id) is not None


@pytest.mark.parametrize("person", [PLANNER, AUDITOR, AGENT])
def test_not_everybody_freezes_or_thaws(office: Office, person: Person):
    with pytest.raises(Refusal):
        office.desk(person).freeze("I say so")
    office.desk(APPROVER).freeze("stocktaking")
    with pytest.raises(Refusal):
        office.desk(person).thaw()


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_same_wish_again_changes_nothing_and_another_of_the_same_day_is_told(office: Office):
    standing = office.desk().propose(wish())
    assert office.desk().propose(wish()).proposal_id == standing.proposal_id
    assert kinds(office) == ["propose"]
    with pytest.raises(Refusal, match="other content"):
        office.desk(OTHER_PLANNER).propose(replace(wish(), gain_amount=Decimal(99)))


def test_the_same_batch_again_exports_nothing(office: Office):
    standing = office.desk().propose(wish(moved=80))
    assert office.export(standing.proposal_id) is not None
    assert office.export(standing.proposal_id) is None
    with pytest.raises(Refusal):
        office.export(standing.proposal_id, batch="B2")
    assert kinds(office).count("export") == 1


def test_a_message_about_an_export_that_there_was_not_leaves_the_book_readable(office: Office):
    with pytest.raises(Refusal):
        office.desk(APPROVER).told_of_export("acknowledge", "B9", ["purchase-none"], {})
    assert office.desk().propose(wish()).state == "pending"


@pytest.mark.parametrize("same_person", [True, False])
def test_two_clicks_at_once_are_one_and_two_people_at_once_are_two(office: Office, same_person: bool):
    standing = office.desk().propose(wish(moved=20_000))
    people = [APPROVER] * 6 if same_person else [APPROVER, OTHER_APPROVER] * 3
    start, errors = threading.Barrier(len(people)), []

    def click(person: Person) -> None:
        start.wait()
        try:
            office.desk(person).approve(standing.proposal_id, standing.content_hash)
        except Refusal as refusal:
            errors.append(refusal)

    threads = [threading.Thread(target=click, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert kinds(office).count("approve") == (1 if same_person else 2)
    assert office.ledger.verify().is_intact


def test_two_desks_cannot_both_use_the_last_of_a_limit(office: Office):
    start = threading.Barrier(4)
    states: list[str] = []

    def ask(number: int) -> None:
        start.wait()
        states.append(office.desk().propose(wish(number, moved=400)).state)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["approved", "pending", "pending", "pending"]


def test_a_changed_act_is_found(office: Office):
    import sqlite3

    standing = office.desk().propose(wish())
    office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    with sqlite3.connect(office.folder / "ledger.db") as connection:
        for (guard,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {guard}")
        connection.execute("update acts set who = 'elsa' where act_no = 2")
    found = office.ledger.verify()
    assert (found.is_intact, found.first_bad_act_no) == (False, 2)


def test_undo_is_for_whoever_acted_last(office: Office):
    standing = office.desk().propose(wish())
    office.desk(APPROVER).decline(standing.proposal_id, reason_code="too dear")
    with pytest.raises(Refusal):
        office.desk(OTHER_APPROVER).take_back(standing.proposal_id)
    assert office.desk(APPROVER).take_back(standing.proposal_id).state == "pending"
    assert office.now - MORNING == timedelta(0)
