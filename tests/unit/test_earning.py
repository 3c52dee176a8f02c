"""Autonomy earned and lost: a degradation demotes within one cycle, and a promotion needs many decisions, good ones, and a person."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from decisions.autonomy import DRAFTS, SUGGESTS
from decisions.earning import dues, grant, records, settle
from errors import Refusal
from tests.desks import AGENT, AUDITOR, EXECUTIVE, PLANNER, Office, wish

AS_OF = date(2026, 11, 14)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def outcome(is_right: bool | None = True, *, days_ago: int = 60, benefit: float | None = None, **more) -> dict:
    worth = (20.0 if is_right else -30.0) if benefit is None else benefit
    said = {
        "action_kind_code": "purchase", "segment_name": "A", "proposer_name": "procurement-agent", "decider_name": "procurement-agent",
        "is_agent": True, "is_matured": is_right is not None, "is_right": is_right, "proposed_date": AS_OF - timedelta(days=days_ago),
        "benefit_amount": None if is_right is None else worth, "error_cost_amount": 0.0,
    }  # fmt: skip
    return said | more


def test_many_right_decisions_name_a_promotion_that_only_a_person_can_grant(office):
    found = records([outcome()] * 60, as_of=AS_OF)
    due = settle(office.desk(PLANNER), found)
    assert [(one.kind, one.segment, one.before, one.after) for one in due] == [
        ("purchase", "", 2, 3),
        ("purchase", "A", 2, 3),
    ]
    assert office.ledger.acts() == []  # nothing rose by itself
    with pytest.raises(Refusal):
        grant(office.desk(PLANNER), due[0])
    grant(office.desk(EXECUTIVE), due[0])
    assert office.desk().book.level("purchase") == 3


def test_a_promotion_needs_many_decisions_and_good_ones(office):
    desk = office.desk(PLANNER)
    assert settle(desk, records([outcome()] * 15, as_of=AS_OF)) == []  # all right, and too few
    mixed = [outcome()] * 45 + [outcome(is_right=False, benefit=-1.0)] * 15
    assert [one for one in settle(desk, records(mixed, as_of=AS_OF)) if one.is_promotion] == []
    assert settle(desk, records([outcome(is_right=None)] * 90, as_of=AS_OF)) == []  # nothing has matured


def test_a_degradation_demotes_within_one_cycle(office):
    """It acted alone; in the next cycle two thirds of what matured was wrong."""
    good = [outcome()] * 60
    office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
    assert settle(office.desk(PLANNER), records(good, as_of=AS_OF)) == [] or office.desk().book.level("purchase") == 3
    bad = [outcome(is_right=False, benefit=-5.0, days_ago=40)] * 120
    due = settle(office.desk(AUDITOR), records(good + bad, as_of=AS_OF))
    assert {one.is_promotion for one in due} == {False}
    assert office.desk().book.level("purchase") < SUGGESTS
    last = office.ledger.acts()[-1]
    assert last.kind == "autonomy"
    assert last.payload["evidence"]["matured"] == 180
    count = len(office.ledger.acts())
    settle(office.desk(AUDITOR), records(good + bad, as_of=AS_OF))
    assert len(office.ledger.acts()) == count or office.desk().book.level("purchase") < DRAFTS + 1


@pytest.mark.parametrize(
    "more",
    [
        {"drifted": ["purchase"]},
        {"grades": {"purchase": "D"}},
        {"breaches": {("purchase", "procurement-agent"): 1}},
    ],
)
def test_drift_poor_data_and_breaches_take_it_away_at_once_however_good_the_record(office, more):
    office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
    settle(office.desk(PLANNER), records([outcome()] * 60, as_of=AS_OF, **more))
    assert office.desk().book.level("purchase") == DRAFTS


def test_a_wish_that_the_desk_had_to_refuse_is_a_breach_and_counts_once(office):
    """Nobody hands it in: the ledger tells of it, of an agent without any outcome as well."""
    office.desk(EXECUTIVE).set_level("purchase", "", 3, "earned", {})
    office.later(hours=1)
    with pytest.raises(Refusal):
        office.desk(AGENT).propose(wish(moved=80, confidence_share=0.1))
    with pytest.raises(Refusal):
        office.desk(PLANNER).propose(wish(2, moved=80, data_grade="D"))
    office.later(hours=1)
    (due,) = settle(office.desk(PLANNER), {})
    assert (due.agent, due.after, due.because) == (
        AGENT.who,
        DRAFTS,
        "It went beyond its limits once, and the desk stopped it.",
    )
    assert settle(office.desk(PLANNER), {}) == []
    office.later(hours=1)
    good = records([outcome(proposer_name=AGENT.who, decider_name=AGENT.who)] * 60, as_of=AS_OF)
    assert {one.is_promotion for one in settle(office.desk(PLANNER), good)} == {True}


def test_a_spent_budget_takes_it_away(office):
    found = records([outcome()] * 60 + [outcome(is_right=False, benefit=-1600.0)], as_of=AS_OF)
    assert found[("purchase", "", "procurement-agent")].lost_amount == Decimal("1600.00")
    (due, *_) = settle(office.desk(PLANNER), found)
    assert "budget is spent" in due.because
    assert office.desk().book.level("purchase") == DRAFTS


def test_what_a_person_changed_or_proposed_and_what_is_long_ago_says_nothing_of_an_agent():
    rows = [outcome(decider_name="paula"), outcome(is_agent=False), outcome(days_ago=400)]
    assert [record.matured for record in records(rows, as_of=AS_OF).values()] == [0, 0]


def test_of_several_agents_with_one_level_the_worst_decides(office):
    rows = [outcome()] * 60 + [outcome(is_right=False, benefit=-1.0, proposer_name="other", decider_name="other")] * 40
    (first, *_) = dues(office.desk().book, records(rows, as_of=AS_OF))
    assert (first.agent, first.is_promotion) == ("other", False)
