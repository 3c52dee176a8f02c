"""Ways around the desk that were once open: each is tried as somebody would who can call everything, and is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from decisions.desk import Desk
from decisions.person import Person
from decisions.policy_text import packaged
from errors import Refusal
from tests.desks import (
    AGENT,
    APPROVER,
    AUDITOR,
    EXECUTIVE,
    OTHER_APPROVER,
    OTHER_PLANNER,
    PLANNER,
    Office,
    Shelf,
    on_shelf,
    wish,
)

SVEN, TILDA = Person("sven", frozenset({"planner"})), Person("tilda", frozenset({"planner"}))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def policy_wish(before: str, after: str, on: int = 14) -> Any:
    text = packaged()["purchase"].text.replace(before, after)
    action = {"policy": "purchase", "yaml": text}
    return wish(moved=0, kind="policy_change", subject={"policy": "purchase"}, action=action, as_of=date(2026, 11, on))


# ── delegation ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_approval_that_was_handed_to_somebody_goes_no_further(office: Office):
    """From one to the next, the first could say yes again beside the last: one right would be two approvals."""
    standing = office.desk().propose(wish(moved=20_000))
    office.desk(APPROVER).delegate(standing.proposal_id, "sven")
    with pytest.raises(Refusal, match="goes no further"):
        office.desk(SVEN).delegate(standing.proposal_id, "tilda")
    with pytest.raises(Refusal):
        office.desk(TILDA).approve(standing.proposal_id, standing.content_hash)


@pytest.mark.parametrize("person", [AUDITOR, Person("ada", frozenset({"administrator"})), Person("zoe")])
def test_who_may_approve_nothing_does_not_approve_by_being_handed_it_either(office: Office, person: Person):
    standing = office.desk().propose(wish())
    office.desk(APPROVER).delegate(standing.proposal_id, person.who)
    with pytest.raises(Refusal, match="none of those who approve it"):
        office.desk(person).approve(standing.proposal_id, standing.content_hash)


def test_who_may_put_no_policy_in_force_does_not_by_being_handed_it(office: Office):
    standing = office.desk().propose(policy_wish("{at_most: 750}", "{at_most: 740}"))
    office.desk(APPROVER).delegate(standing.proposal_id, "sven")
    with pytest.raises(Refusal, match="none of those who approve it"):
        office.desk(SVEN).approve(standing.proposal_id, standing.content_hash)


# ── what exactly ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_is_done_is_what_the_proposal_is_about(office: Office):
    with pytest.raises(Refusal, match="another sku id"):
        office.desk().propose(replace(wish(moved=80), subject={**wish().subject, "sku_id": "Z9"}))
    standing = office.desk().propose(wish(moved=80))
    other = {**standing.proposal.action, "sku_id": "Z9"}
    with pytest.raises(Refusal, match="another sku id"):
        office.desk().modify(
            standing.proposal_id, other, moved_amount=Decimal(80), reason_code="knows", reason="cheaper"
        )
    assert office.state(standing.proposal_id) == "approved"


def test_another_price_does_not_make_a_large_order_small(office: Office):
    standing = office.desk().propose(wish(moved=20_000))
    other = {**standing.proposal.action, "unit_cost": Decimal("0.01")}
    changed = office.desk().modify(
        standing.proposal_id, other, moved_amount=Decimal(1), reason_code="knows", reason="price"
    )
    assert (changed.state, changed.approvals_wanted) == ("pending", 2)


def test_more_units_never_move_less_money_than_their_share(office: Office):
    moved = {"sku_id": "A1", "from_site_id": "LEJ", "to_site_id": "HAM"}
    standing = office.desk().propose(
        wish(kind="transfer", subject=moved, action={**moved, "qty": Decimal(10)}, moved_amount=Decimal(400))
    )
    changed = office.desk().modify(
        standing.proposal_id,
        {**moved, "qty": Decimal(1_000)},
        moved_amount=Decimal(1),
        reason_code="knows",
        reason="all",
    )
    assert (changed.state, changed.proposal.moved_amount) == ("pending", Decimal("40000.00"))


@pytest.mark.parametrize(
    "fields",
    [{"qty": "abc"}, {"qty": Decimal("NaN")}, {"qty": Decimal(-5)}, {"qty": Decimal(0)}, {"unit_price": "abc"}],
)
def test_an_action_of_no_number_is_refused_and_the_ledger_stays_readable(office: Office, fields: dict):
    """An act that cannot be read back cannot be taken out again either: every later page would fall over it."""
    with pytest.raises(Refusal):
        office.desk().propose(replace(wish(moved=80), action={**wish(moved=80).action, **fields}))
    assert office.ledger.acts() == []
    assert office.desk().propose(wish(moved=80)).state == "approved"


def test_the_same_is_not_wanted_again_the_next_day_while_it_still_waits_or_lies_here(office: Office):
    """Nothing of it stands in the data yet, so the next build suggests it once more: both would be ordered."""
    tomorrow = {"as_of": date(2026, 11, 15), "build_id": "b2"}
    waiting, free = office.desk().propose(wish()), office.desk(OTHER_PLANNER).propose(wish(2, moved=80))
    office.later(hours=24)
    for number in (1, 2):
        with pytest.raises(Refusal, match="has proposed it on 14 Nov"):
            office.desk().propose(wish(number, moved=80, **tomorrow))
    office.export(free.proposal_id)
    assert office.desk().propose(wish(2, moved=80, **tomorrow)).state == "approved"
    office.later(hours=24)
    with pytest.raises(Refusal, match="time was over"):
        office.desk(APPROVER).approve(waiting.proposal_id, waiting.content_hash)
    assert office.desk().propose(wish(moved=80, **tomorrow)).state == "approved"


def test_a_request_may_be_made_again_where_nobody_said_that_it_was_done(office: Office):
    said = {
        "kind": "fix_data",
        "subject": {"table": "stock_days", "key": "A1"},
        "action": {"table": "stock_days", "key": "A1"},
    }
    assert office.desk().propose(wish(moved=0, **said)).state == "approved"
    assert office.desk().propose(wish(moved=0, as_of=date(2026, 11, 15), **said)).state == "approved"
    assert len(office.desk().book.standings) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"moved_amount": Decimal("NaN")},
        {"gain_amount": Decimal("Infinity")},
        {"do_nothing_amount": Decimal("1e30")},
        {"horizon_days": 0},
        {"horizon_days": "soon"},
    ],
)
def test_what_no_table_or_page_could_hold_is_refused(office: Office, fields: dict):
    request = wish(
        moved=1, kind="fix_data", subject={"table": "stock_days", "key": "A1"}, action={"table": "stock_days"}
    )
    with pytest.raises(Refusal):
        office.desk().propose(replace(request, **fields))
    assert office.ledger.acts() == []


# ── policies ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("text", ["garbage: [", "", packaged()["transfer"].text])
def test_a_proposed_policy_is_not_changed_into_something_that_is_none(office: Office, text: str):
    standing = office.desk().propose(policy_wish("{at_most: 750}", "{at_most: 740}"))
    other = {"policy": "purchase", "yaml": text}
    with pytest.raises(Refusal):
        office.desk(OTHER_PLANNER).modify(
            standing.proposal_id, other, moved_amount=Decimal(0), reason_code="knows", reason="better"
        )
    office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    assert office.desk().book.policy("purchase").version == 2


def test_a_policy_written_on_a_version_that_is_no_longer_in_force_would_undo_what_came_between(office: Office):
    first = office.desk().propose(policy_wish("expiry_hours: 48", "expiry_hours: 40"))
    second = office.desk(OTHER_PLANNER).propose(policy_wish("per_day: 40", "per_day: 30", on=15))
    office.desk(APPROVER).approve(first.proposal_id, first.content_hash)
    with pytest.raises(Refusal, match="written on version 1"):
        office.desk(APPROVER).approve(second.proposal_id, second.content_hash)
    assert office.desk().book.policy("purchase").expiry_hours == 40


def test_a_policy_that_is_in_force_is_neither_declined_nor_withdrawn_nor_changed(office: Office):
    standing = office.desk().propose(policy_wish("{at_most: 750}", "{at_most: 740}"))
    office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    with pytest.raises(Refusal, match="in force"):
        office.desk(APPROVER).decline(standing.proposal_id, reason_code="too dear")
    with pytest.raises(Refusal, match="in force"):
        office.desk(PLANNER).withdraw(standing.proposal_id)
    with pytest.raises(Refusal, match="in force"):
        office.desk(PLANNER).modify(
            standing.proposal_id,
            dict(policy_wish("{at_most: 750}", "{at_most: 650}").action),
            moved_amount=Decimal(0),
            reason_code="knows",
            reason="less",
        )
    assert office.state(standing.proposal_id) == "approved"


# ── undo ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("how", ["withdraw", "decline"])
def test_what_comes_back_waits_for_as_many_as_the_day_now_asks_for(office: Office, how: str):
    first = office.desk().propose(wish(moved=14_000))
    desk = office.desk(PLANNER if how == "withdraw" else APPROVER)
    desk.withdraw(first.proposal_id) if how == "withdraw" else desk.decline(first.proposal_id, reason_code="too dear")
    assert office.desk().propose(wish(2, moved=14_000)).approvals_wanted == 1
    with pytest.raises(Refusal, match="no longer be let through"):
        desk.take_back(first.proposal_id)


def test_an_approver_takes_back_a_no_where_nothing_came_between(office: Office):
    standing = office.desk().propose(wish())
    office.desk(APPROVER).decline(standing.proposal_id, reason_code="too dear")
    assert office.desk(APPROVER).take_back(standing.proposal_id).state == "pending"


def test_who_says_yes_to_what_was_declined_is_told(office: Office):
    standing = office.desk().propose(wish(moved=20_000))
    office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    office.desk(OTHER_APPROVER).decline(standing.proposal_id, reason_code="too dear")
    for person in (EXECUTIVE, APPROVER):
        with pytest.raises(Refusal, match="declined cannot be approved"):
            office.desk(person).approve(standing.proposal_id, standing.content_hash)


def test_what_may_not_follow_is_said_in_words(office: Office):
    standing = office.desk().propose(wish(moved=80))
    office.export(standing.proposal_id)
    with pytest.raises(Refusal, match=r"What is exported cannot be withdrawn\..*It can still be undone\."):
        office.desk().withdraw(standing.proposal_id)


# ── between the look and the click ───────────────────────────────────────────────────────────────────────────────────
def test_roles_and_the_build_are_those_of_the_click_and_not_of_the_page(office: Office):
    """A button lives as long as the page that it was drawn on; roles are taken away and builds published meanwhile."""
    standing = office.desk().propose(wish(evidence=(on_shelf("60.0000"),)))
    held, shelf = {"person": APPROVER}, {"build": Shelf("60")}
    desk = Desk(office.ledger, lambda: held["person"], build=lambda: shelf["build"], clock=lambda: office.now)
    shelf["build"] = Shelf("59", "b3")
    with pytest.raises(Refusal, match="has changed"):
        desk.approve(standing.proposal_id, standing.content_hash)
    shelf["build"], held["person"] = Shelf("60"), replace(APPROVER, roles=frozenset())
    with pytest.raises(Refusal, match="none of those who approve it"):
        desk.approve(standing.proposal_id, standing.content_hash)
    held["person"] = APPROVER
    assert desk.approve(standing.proposal_id, standing.content_hash).state == "approved"


# ── agents ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_agent_says_of_nothing_that_it_was_done(office: Office):
    review = wish(moved=80, kind="credit_review", subject={"customer_id": "C1"}, action={"customer_id": "C1"})
    standing = office.desk().propose(review)
    with pytest.raises(Refusal, match="Agents may not"):
        office.desk(AGENT).complete(standing.proposal_id)
    assert office.desk().complete(standing.proposal_id).state == "done"


@pytest.mark.parametrize("level", [-1, 2.5, 5])
def test_there_is_no_level_beside_those_that_have_a_meaning(office: Office, level: Any):
    with pytest.raises(Refusal, match="no level"):
        office.desk(APPROVER).set_level("purchase", "", level, "for a test", {})
