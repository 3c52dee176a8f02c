"""Approved actions posted to a real receiver on loopback: once, again after a failure under the same key, and never without a webhook."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from decisions.delivery import deliver
from decisions.dispatch import ready, send_off
from decisions.exports.outbox import WEBHOOK
from decisions.exports.webhook import KEY_HEADER, SIGNATURE_HEADER, is_signed
from decisions.proposal import Proposal
from errors import Refusal
from store.company import Company
from tests.desks import APPROVER, PLANNER, Office, wish
from tests.unit.test_webhook import SECRET, receiver


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("ERP", SECRET)
    return Office(tmp_path / "acme")


def company(office: Office, port: int | None = None) -> Company:
    hook = {"url": f"http://127.0.0.1:{port}/in", "secret_env": "ERP", "hosts": ["127.0.0.1"]}
    return Company("acme", office.folder, webhook=hook if port else None)


def queued(office: Office, where: Company) -> str:
    """One approved purchase on its way to the webhook."""
    name = office.desk().propose(wish(moved=700)).proposal_id
    standing = office.desk().book.standing(name)
    send_off(office.desk(APPROVER), where, [standing], "json", at=office.now, channel=WEBHOOK)
    assert office.state(name) == "exported"
    return name


def test_a_batch_arrives_signed_and_is_posted_once(office: Office):
    with receiver() as server:
        where = company(office, server.server_port)
        name = queued(office, where)
        done = deliver(office.desk(APPROVER), where)
        assert [one.delivery.http_status for one in done] == [200]
        assert deliver(office.desk(APPROVER), where) == []
    (_, headers, body) = server.calls[0]
    assert is_signed(headers[SIGNATURE_HEADER], SECRET, body, done[0].delivery.at)
    assert name.encode() in body
    assert office.state(name) == "sent"


def test_what_failed_is_due_again_later_under_the_same_key(office: Office):
    with receiver(503) as server:
        where = company(office, server.server_port)
        name = queued(office, where)
        assert [one.delivery.state for one in deliver(office.desk(APPROVER), where)] == ["failed"]
        assert office.state(name) == "failed"
        assert deliver(office.desk(APPROVER), where) == []
        office.later(minutes=2)
        assert [one.delivery.state for one in deliver(office.desk(APPROVER), where)] == ["sent"]
    assert len({headers[KEY_HEADER] for _, headers, _ in server.calls}) == 1
    assert office.state(name) == "sent"


def test_what_had_no_answer_does_not_leave_a_second_time_beside_it(office: Office):
    """It may have arrived, and another batch has another order number: its receiver would order twice."""
    with receiver(503) as server:
        where = company(office, server.server_port)
        name = queued(office, where)
        deliver(office.desk(APPROVER), where)
    office.desk(PLANNER).propose(wish(2, moved=40))
    book = office.desk().book
    assert [one.proposal.subject["sku_id"] for one in ready(book)["purchase"]] == ["A2"]
    with pytest.raises(Refusal, match="may have arrived"):
        office.export(name, batch="B9")


def test_nothing_is_sent_without_a_webhook_a_secret_or_the_right(office: Office, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Refusal, match="has no webhook"):
        deliver(office.desk(APPROVER), company(office))
    with receiver() as server:
        where = company(office, server.server_port)
        name = queued(office, where)
        monkeypatch.delenv("ERP")
        with pytest.raises(Refusal, match="ERP is not set"):
            deliver(office.desk(APPROVER), where)
    assert (server.calls, office.state(name)) == ([], "exported")


def test_what_was_made_to_undo_a_decision_has_undone_it_once_it_leaves(office: Office):
    where = company(office)
    bought = office.desk().propose(wish(moved=700)).proposal_id
    send_off(office.desk(APPROVER), where, [office.desk().book.standing(bought)], "csv", at=office.now)
    office.later(hours=1)
    line = {"po_id": "PO7", "line_key": "10"}
    cancel = Proposal("cancel_purchase", line, {**line, "qty": Decimal(100)}, office.now.date(), "b1")
    cancel = office.desk(PLANNER).propose(
        wish(moved=100, kind="cancel_purchase", subject=line, action=cancel.action), note={"undoes": bought}
    )
    assert office.state(bought) == "exported"
    office.now += timedelta(hours=1)
    send_off(office.desk(APPROVER), where, [cancel], "csv", at=office.now)
    assert (office.state(bought), office.state(cancel.proposal_id)) == ("undone", "exported")
