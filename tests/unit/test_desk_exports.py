"""What leaves is what was approved, all of it and once: lines, batches, scarce stock, and late words about a batch."""

from decimal import Decimal
from pathlib import Path

import pytest

from errors import Refusal
from tests.desks import APPROVER, Office, wish

SOLD = {"sku_id": "A1", "site_id": "LEJ"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


@pytest.mark.parametrize(
    ("without", "more"),
    [
        (("unit_cost",), {"unit_price": Decimal(99)}),
        (("qty",), {}),
        (("kind",), {}),
        (("supplier_id",), {"supplier_id": "V9"}),
        ((), {"unit_price": Decimal(99)}),
        (("qty",), {"more": '{"qty": 9999}'}),
        (("qty",), {"more": "none"}),
    ],
)
def test_a_line_says_all_that_was_approved_under_any_name(office: Office, without: tuple, more: dict):
    standing = office.desk().propose(wish(moved=80))
    line = {"proposal_id": standing.proposal_id, "kind": "purchase", **standing.proposal.action}
    forged = {name: value for name, value in line.items() if name not in without} | more
    with pytest.raises(Refusal, match="not what was approved"):
        office.desk(APPROVER).export("B1", [forged], {})
    assert office.state(standing.proposal_id) == "approved"


def test_a_late_word_about_a_batch_does_not_let_it_leave_a_third_time(office: Office):
    standing = office.desk().propose(wish(moved=80))
    said = {"because": "could not be read"}
    office.export(standing.proposal_id)
    office.desk(APPROVER).told_of_export("export_failed", "B1", [standing.proposal_id], said)
    office.export(standing.proposal_id, batch="B2")
    with pytest.raises(Refusal, match="has left anew since"):
        office.desk(APPROVER).told_of_export("export_failed", "B1", [standing.proposal_id], said)
    assert office.state(standing.proposal_id) == "exported"
    with pytest.raises(Refusal):
        office.export(standing.proposal_id, batch="B3")


def test_a_batch_of_nothing_is_none(office: Office):
    with pytest.raises(Refusal, match="no line"):
        office.desk(APPROVER).export("B1", [], {})


@pytest.mark.parametrize(
    "given",
    [[(1, 5)], [(1, 5), (0, 7)], [(1, 5), (1, 5)], [(1, 5), (2, 99)], [(9, 5), (2, 7)], [(1, 5), (2, 7), (3, 1)]],
)
def test_scarce_stock_is_shared_out_as_it_was_approved(office: Office, given: list[tuple[int, int]]):
    action = {
        **SOLD,
        "rule": "tier",
        "lines": [{"order_id": "O1", "line_key": "10", "qty": 5}, {"order_id": "O2", "line_key": "10", "qty": 7}],
    }
    standing = office.desk().propose(wish(moved=80, kind="allocate", subject=SOLD, action=action))
    office.desk(APPROVER).approve(standing.proposal_id, standing.content_hash)
    said = {"proposal_id": standing.proposal_id, "kind": "allocate", **SOLD, "rule": "tier", "line_key": "10"}
    lines = [{**said, "order_id": f"O{order}", "qty": Decimal(qty)} for order, qty in given]
    with pytest.raises(Refusal):
        office.desk(APPROVER).export("B1", lines, {})
    right = [{**said, "order_id": order, "qty": Decimal(qty)} for order, qty in (("O2", 7), ("O1", 5))]
    assert office.desk(APPROVER).export("B1", right, {}) is not None
