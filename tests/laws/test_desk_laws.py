"""Whatever people and agents try in whatever order: nothing leaves the house without a valid yes, and no limit can be split."""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from decisions.proposal import proposal_of
from decisions.standing import CLOSED_UNDONE
from errors import Refusal
from tests.desks import AGENT, APPROVER, EVERYBODY, OTHER_APPROVER, PLANNER, Office, wish

LIMIT = Decimal(750)
people = st.sampled_from(EVERYBODY)
money = st.sampled_from([1, 80, 260, 400, 740, 751, 3_000, 16_000])
numbers = st.integers(1, 4)


class AtTheDesk(RuleBasedStateMachine):
    """Anybody tries anything; a Refusal is an answer, anything else is a defect."""

    proposals = Bundle("proposals")
    hashes = Bundle("hashes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.office = Office(self.folder / "acme")
        self.batches = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(targets=(proposals,), number=numbers, moved=money, person=people, sure=st.sampled_from([0.4, 0.9]))
    def propose(self, number, moved, person, sure):
        with suppress(Refusal):
            return self.office.desk(person).propose(wish(number, moved=moved, confidence_share=sure)).proposal_id
        return multiple()

    @rule(targets=(hashes,), proposal_id=proposals)
    def look(self, proposal_id):
        return proposal_id, self.office.desk().book.standing(proposal_id).content_hash

    @rule(proposal_id=proposals, moved=money, person=people)
    def modify(self, proposal_id, moved, person):
        action = {**self.office.desk().book.standing(proposal_id).proposal.action, "unit_cost": Decimal(moved) / 100}
        with suppress(Refusal):
            self.office.desk(person).modify(
                proposal_id, action, moved_amount=Decimal(moved), reason_code="knows", reason="so"
            )

    @rule(seen=hashes, person=people)
    def approve(self, seen, person):
        with suppress(Refusal):
            self.office.desk(person).approve(*seen)

    @rule(proposal_id=proposals, first=st.sampled_from([APPROVER, OTHER_APPROVER]))
    def approve_what_is_there(self, proposal_id, first):
        with suppress(Refusal):
            self.office.desk(first).approve(proposal_id, self.office.desk().book.standing(proposal_id).content_hash)

    @rule(proposal_id=proposals, person=people, to=people)
    def delegate(self, proposal_id, person, to):
        with suppress(Refusal):
            self.office.desk(person).delegate(proposal_id, to.who)

    @rule(proposal_id=proposals, person=people, how=st.sampled_from(["decline", "withdraw", "take_back", "complete"]))
    def end(self, proposal_id, person, how):
        desk = self.office.desk(person)
        with suppress(Refusal):
            desk.decline(proposal_id, reason_code="no") if how == "decline" else getattr(desk, how)(proposal_id)

    @rule(proposal_id=proposals, person=people)
    def export(self, proposal_id, person):
        self.batches += 1
        with suppress(Refusal):
            self.office.export(proposal_id, batch=f"B{self.batches}", person=person)

    @rule(proposal_id=consumes(proposals), kind=st.sampled_from(["export_sent", "export_failed", "acknowledge"]))
    def answer(self, proposal_id, kind):
        batch = self.office.desk().book.standing(proposal_id).batch_id
        with suppress(Refusal):
            self.office.desk(APPROVER).told_of_export(kind, batch, [proposal_id], {})

    @rule(person=people, is_frozen=st.booleans())
    def freeze(self, person, is_frozen):
        desk = self.office.desk(person)
        with suppress(Refusal):
            desk.freeze("stocktaking") if is_frozen else desk.thaw()

    @rule(person=people, level=st.integers(0, 4))
    def dial(self, person, level):
        with suppress(Refusal):
            self.office.desk(person).set_level("purchase", "", level, "because", {})

    @rule(hours=st.sampled_from([1, 7, 23, 25, 49]))
    def wait(self, hours):
        self.office.later(hours=hours)
        self.office.desk().expire_due()

    @invariant()
    def what_left_had_a_valid_yes(self):
        """Told from the bare acts, by a second reading that shares no code with the desk."""
        content: dict[str, dict] = {}
        for act in self.office.ledger.acts():
            said, name = act.payload, act.subject
            if act.kind in ("propose", "modify"):
                before = content.get(name, {"authors": set(), "past": []})
                past = [*before["past"], {k: before[k] for k in before if k != "past"}] if act.kind == "modify" else []
                authors = before["authors"] | {act.who} if act.kind == "modify" else {act.who}
                content[name] = {
                    "hash": said["content_hash"],
                    "verdict": said["verdict"],
                    "until": datetime.fromisoformat(said["expires_at"]),
                    "authors": authors,
                    "yes": {},
                    "past": past,
                    "last": act.kind,
                }
            elif act.kind == "approve":
                now = content[name]
                assert said["content_hash"] == now["hash"], "an approval of another content"
                assert act.who not in now["authors"], "a self-approval"
                assert act.who != AGENT.who, "an agent's approval"
                assert act.at < now["until"], "an approval after its time"
                now["yes"] = {**now["yes"], act.who: said["for_whom"]}
                now["last"] = "approve"
            elif act.kind == "take_back" and name in content:
                if content[name]["last"] == "modify":
                    content[name] = {
                        **content[name]["past"][-1],
                        "past": content[name]["past"][:-1],
                        "last": "take_back",
                    }
                elif content[name]["last"] == "approve":
                    content[name]["yes"].pop(act.who, None)
                content[name]["last"] = "take_back"
            elif act.kind in ("decline", "withdraw", "delegate", "expire"):
                content[name]["last"] = act.kind
            elif act.kind == "export":
                for line in said["lines"]:
                    now = content[line["proposal_id"]]
                    wanted = now["verdict"].get("approvals", 0)
                    speakers = set(now["yes"]) | {whom for whom in now["yes"].values() if whom}
                    assert now["verdict"]["code"] == "allowed" or len(now["yes"]) >= wanted, "exported without a yes"
                    assert len(speakers) >= wanted, "one person spoke twice"

    @invariant()
    def no_limit_is_split(self):
        """Money let through without anybody, by whose content it is, within a day."""
        makers = {act.subject: act.who for act in self.office.ledger.acts() if act.kind in ("propose", "modify")}
        since = self.office.now - timedelta(days=1)
        let_through: dict[str, Decimal] = {}
        for standing in self.office.desk().book.standings.values():
            at = standing.changed_at or standing.proposed_at
            if standing.verdict_code == "allowed" and standing.state not in CLOSED_UNDONE and at > since:
                who = makers[standing.proposal_id]
                let_through[who] = let_through.get(who, Decimal(0)) + standing.proposal.moved_amount
        assert {who: total for who, total in let_through.items() if total > LIMIT} == {}

    @invariant()
    def while_frozen_nothing_moves(self):
        is_frozen = False
        for act in self.office.ledger.acts():
            is_frozen = {"freeze": True, "thaw": False}.get(act.kind, is_frozen)
            assert not (is_frozen and act.kind in ("propose", "approve", "export", "modify"))

    @invariant()
    def two_books_agree(self):
        """The fold of all acts is the same however it was reached, and a proposal's hash is that of what is kept."""
        for standing in self.office.desk(PLANNER).book.standings.values():
            assert standing.proposal.content_hash == standing.content_hash
        for act in self.office.ledger.acts():
            if act.kind == "propose":
                assert replace(proposal_of(act.payload["proposal"])).content_hash == act.payload["content_hash"]


TestAtTheDesk = AtTheDesk.TestCase
TestAtTheDesk.settings = settings(
    deadline=None, max_examples=40, stateful_step_count=25, suppress_health_check=list(HealthCheck)
)
