"""Changes of purchases, held orders, credit reviews and moved stock: none runs without a policy's word, enough confidence and a record."""

from dataclasses import replace
from decimal import Decimal

import pytest

from decisions.person import Person
from decisions.policy_text import packaged
from decisions.proposal import Proposal
from errors import Refusal
from tests.desks import AGENT, APPROVER, EXECUTIVE, OTHER_APPROVER, PLANNER, Office, wish

SHELF = {"sku_id": "A1", "site_id": "LEJ"}
LINE = {"po_id": "PO7", "line_key": "10"}
MATERIAL = {
    "purchase": {**SHELF, "supplier_id": "V1"},
    "cancel_purchase": LINE,
    "expedite": LINE,
    "re_source": {**SHELF, "supplier_id": "V2"},
    "hold_order": {"order_id": "O77"},
    "release_order": {"order_id": "O77"},
    "correct_price": {"order_id": "O77", "line_key": "1"},
    "substitute": {"order_id": "O77", "line_key": "1", "sku_id": "A1"},
    "credit_review": {"customer_id": "C7"},
    "transfer": {"sku_id": "A1", "from_site_id": "LEJ", "to_site_id": "HAM"},
    "allocate": SHELF,
}
BY_AGENTS = [kind for kind in MATERIAL if packaged()[kind].agents.per_day]
EXPORTED = [kind for kind in MATERIAL if packaged()[kind].is_exported]
# Asking for a review decides nothing: whoever reviews the credit is the human gate.
GATED = [kind for kind in BY_AGENTS if kind != "credit_review"]


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def material(kind: str, moved: int = 80, **changed: object) -> Proposal:
    subject = MATERIAL[kind]
    action = {**subject, "qty": Decimal(10)} if "sku_id" in subject or kind == "cancel_purchase" else dict(subject)
    made = wish(kind=kind, subject=subject, action=action, moved_amount=Decimal(moved), confidence_share=0.95)
    return replace(made, **changed)


def leave(office: Office, proposal_id: str) -> None:
    proposal = office.desk().book.standing(proposal_id).proposal
    line = {"proposal_id": proposal_id, "kind": proposal.kind, **proposal.action}
    assert office.desk(APPROVER).export("B1", [line], {"file_name": "B1.csv"}) is not None


def kinds(office: Office) -> list[str]:
    return [act.kind for act in office.ledger.acts()]


# ── confidence ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", BY_AGENTS)
@pytest.mark.parametrize("sure", [None, float("nan"), 0.0, "below"])
def test_an_agent_that_is_not_sure_enough_gets_no_further_and_the_attempt_is_on_record(office: Office, kind: str, sure):
    least = packaged()[kind].agents.stop_below_confidence
    assert least >= 0.5
    unsure = material(kind, confidence_share=least - 0.01 if sure == "below" else sure)
    with pytest.raises(Refusal):
        office.desk(AGENT).propose(unsure)
    assert set(kinds(office)) <= {"refused"}
    assert office.desk().book.standings == {}
    if sure is None or sure == "below":
        (refused,) = office.ledger.acts()
        assert refused.who == AGENT.who
        assert "stops below" in refused.payload["because"]


# ── policy ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", MATERIAL)
def test_what_the_policy_forbids_nobody_does(office: Office, kind: str):
    office.desk(EXECUTIVE).freeze("Stocktaking")
    for person in (PLANNER, AGENT):
        with pytest.raises(Refusal, match=r"frozen|none of those who may propose"):
            office.desk(person).propose(material(kind))
    assert office.desk().book.standings == {}


def test_a_kind_that_has_no_policy_is_done_by_nobody(office: Office):
    for person in (PLANNER, AGENT, EXECUTIVE):
        with pytest.raises(Refusal):
            office.desk(person).propose(replace(material("purchase"), kind="change_of_bank_account"))
    assert office.desk().book.standings == {}


def test_an_agent_never_shares_out_short_stock(office: Office):
    with pytest.raises(Refusal, match="none of those who may propose"):
        office.desk(AGENT).propose(material("allocate"))


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", GATED)
def test_an_agent_s_wish_waits_and_neither_leaves_nor_is_done_before_a_person_has_let_it_through(
    office: Office, kind: str
):
    waiting = office.desk(AGENT).propose(material(kind))
    assert (waiting.state, waiting.approvals_wanted >= 1) == ("pending", True)
    for attempt in (
        lambda: leave(office, waiting.proposal_id),
        lambda: office.desk(PLANNER).complete(waiting.proposal_id),
        lambda: office.desk(AGENT).approve(waiting.proposal_id, waiting.content_hash),
        lambda: office.desk(APPROVER).approve(waiting.proposal_id, "another hash"),
    ):
        with pytest.raises(Refusal):
            attempt()
    assert office.state(waiting.proposal_id) == "pending"
    assert not {"approve", "export", "complete"} & set(kinds(office))
    for person in (APPROVER, OTHER_APPROVER):
        if office.state(waiting.proposal_id) == "pending":
            office.desk(person).approve(waiting.proposal_id, waiting.content_hash)
    if kind in EXPORTED:
        leave(office, waiting.proposal_id)
        assert office.state(waiting.proposal_id) == "exported"


@pytest.mark.parametrize("kind", [kind for kind in EXPORTED if kind not in ("hold_order", "release_order")])
def test_what_moves_much_money_waits_for_somebody_else_whoever_asks(office: Office, kind: str):
    asked = office.desk(PLANNER).propose(material(kind, 4_900))
    assert asked.state == "pending"
    with pytest.raises(Refusal):
        office.desk(PLANNER).approve(asked.proposal_id, asked.content_hash)
    with pytest.raises(Refusal):
        leave(office, asked.proposal_id)


# ── the record ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", MATERIAL)
def test_what_was_let_through_tells_who_when_by_which_policy_and_how_sure(office: Office, kind: str):
    proposer = PLANNER if kind == "allocate" else AGENT
    asked = office.desk(proposer).propose(material(kind))
    for person in (APPROVER, OTHER_APPROVER, EXECUTIVE):
        if office.state(asked.proposal_id) == "pending":
            office.desk(person).approve(asked.proposal_id, asked.content_hash)
    assert office.state(asked.proposal_id) == "approved"
    first, *approvals = office.ledger.acts()
    said = first.payload["proposal"]
    assert (first.kind, first.who, said["kind"]) == ("propose", proposer.who, kind)
    assert said["confidence_share"] == 0.95
    assert first.payload["content_hash"] == asked.content_hash
    assert first.payload["verdict"]["code"] == ("allowed" if kind == "credit_review" else "needs_approval")
    assert asked.policy_version >= 1
    assert all(isinstance(one.who, str) and one.who != proposer.who for one in approvals)
    assert bool(approvals) == (kind != "credit_review")
    assert office.ledger.verify().is_intact


def test_nobody_without_the_right_proposes_any_of_it(office: Office):
    for kind in MATERIAL:
        with pytest.raises(Refusal):
            office.desk(Person("guest")).propose(material(kind))
    assert office.desk().book.standings == {}
