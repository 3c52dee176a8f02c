"""How approved actions leave: one file and one act for a batch, nothing twice, and no file of what was not let out."""

from pathlib import Path

import pytest

from decisions.dispatch import ready, send_off
from errors import Refusal
from store import exports
from store.company import Company
from tests.desks import APPROVER, EXECUTIVE, Office, Shelf, on_shelf, wish


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def sent(office: Office, company: Company, form: str = "csv") -> list[str]:
    desk = office.desk(APPROVER)
    standings = ready(desk.book)["purchase"]
    return [file.file_name for file in send_off(desk, company, standings, form, at=office.now)]


def test_what_is_approved_leaves_as_one_file_and_one_act(office: Office, company: Company):
    for number in (1, 2):
        office.desk().propose(wish(number, moved=80))
    names = sent(office, company)
    assert exports.names(company) == names
    assert [act.kind for act in office.ledger.acts()][-1] == "export"
    assert ready(office.desk().book) == {}
    assert office.ledger.acts()[-1].payload["total_amount"] == "160.0"


def test_the_same_again_gives_the_same_file_and_no_second_act(office: Office, company: Company):
    office.desk().propose(wish(moved=80))
    desk = office.desk(APPROVER)
    standings = ready(desk.book)["purchase"]
    once = send_off(desk, company, standings, "csv", at=office.now)
    office.later(hours=1)
    again = send_off(desk, company, standings, "csv", at=office.now)
    assert [file.content for file in once] == [file.content for file in again]
    assert [act.kind for act in office.ledger.acts()].count("export") == 1


@pytest.mark.parametrize("why", ["frozen", "changed"])
def test_what_is_not_let_out_leaves_no_file(office: Office, company: Company, why: str):
    """The receiver fetches all that lies in the folder; it does not read the ledger."""
    office.desk().propose(wish(moved=80, evidence=(on_shelf("60.0000"),)))
    if why == "frozen":
        office.desk(EXECUTIVE).freeze("stocktaking")
    else:
        office.build = Shelf("59")
    with pytest.raises(Refusal):
        sent(office, company)
    assert exports.names(company) == []


def test_what_has_changed_since_is_stopped_by_a_no_so_that_the_others_can_leave(office: Office, company: Company):
    stale = office.desk().propose(wish(moved=80, evidence=(on_shelf("60.0000"),)))
    office.desk().propose(wish(2, moved=80))
    office.build = Shelf("59")
    with pytest.raises(Refusal, match="has changed"):
        sent(office, company)
    office.desk(APPROVER).decline(stale.proposal_id, reason_code="wrong data")
    assert len(sent(office, company)) == 1
