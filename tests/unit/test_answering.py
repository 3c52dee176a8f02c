"""A supplier's answer read back: lines acknowledged, changed and refused, files not understood, and files that answer nothing."""

from pathlib import Path

import pytest

from decisions.answering import batch_again, take_answers
from decisions.dispatch import send_off
from decisions.exports.lines import orders
from decisions.exports.outbox import outbox
from decisions.exports.x12_orders import control_number
from errors import Refusal
from store.company import Company
from tests.desks import APPROVER, Office, wish
from tests.unit.test_x12_answers import interchange


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def sent(office: Office) -> tuple[Company, list[str], str]:
    """Two purchases that have left as one X12 order: the company, the proposals, the batch."""
    company = Company("acme", office.folder, company_title="Acme")
    names = [office.desk().propose(wish(number, moved=100)).proposal_id for number in (1, 2)]
    standings = [office.desk().book.standing(name) for name in names]
    send_off(office.desk(APPROVER), company, standings, "x12_850", at=office.now)
    return company, names, office.state(names[0]) and next(iter(office.desk().book.batches))


def test_the_batch_is_made_again_from_its_act(office: Office):
    company, _, batch_id = sent(office)
    act = office.desk().book.batches[batch_id]
    again = batch_again(act, company)
    assert again.batch_id == batch_id
    assert {order.po_number for order in orders(again)} == {line["po_number"] for line in act.payload["lines"]}


def test_accepted_lines_are_acknowledged_and_refused_ones_wait_for_somebody(office: Office):
    company, names, batch_id = sent(office)
    order = orders(batch_again(office.desk().book.batches[batch_id], company))[0]
    text = f"BAK*00*AC*{order.po_number}*20261121~PO1*1*100*EA***BP*A1~ACK*IQ*90*EA*068*20261130~PO1*2*100*EA***BP*A2~ACK*IR~"
    told = take_answers(office.desk(APPROVER), company, interchange(("855", text)))
    assert "1 lines acknowledged, 1 refused" in told[0]
    assert "90 units instead of 100" in told[0]
    assert office.state(names[0]) == "acknowledged"
    found = outbox(office.desk().book.export_acts)[batch_id]
    assert (found.acknowledged, found.refused) == ((names[0],), (names[1],))


def test_a_997_that_says_no_fails_the_batch(office: Office):
    company, names, batch_id = sent(office)
    number = control_number(batch_again(office.desk().book.batches[batch_id], company))
    told = take_answers(office.desk(APPROVER), company, interchange(("997", f"AK1*PO*{number}~AK9*R*1*1*0~")))
    assert "could not read it" in told[0]
    assert [office.state(name) for name in names] == ["failed", "failed"]


@pytest.mark.parametrize("content", [b"", b"order;qty\nX;1\n", interchange(("855", "BAK*00*AD*XD9-01*20261121~"))])
def test_a_file_that_answers_nothing_of_ours_is_refused_and_says_why(office: Office, content: bytes):
    company, names, _ = sent(office)
    with pytest.raises(Refusal, match="Nothing was recorded"):
        take_answers(office.desk(APPROVER), company, content)
    assert office.state(names[0]) == "exported"
