"""What undoes a decision by what the build knows of its fate, and that only what was made to undo it counts as its undoing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from decisions.proposal import Evidence, Proposal
from decisions.rollback import CALL_BACK, Compensation, Irreversible
from decisions.undoing import opposite, way_back
from errors import Refusal
from store import engine
from tests.desks import APPROVER, OTHER_APPROVER, Office, wish

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TABLES = """
create schema core; create schema marts;
create table marts.decision_purchases
    (proposal_id varchar, po_id varchar, line_key varchar, confirmed_date date, received_qty decimal(18, 3));
create table core.purchase_lines (po_id varchar, line_key varchar, sku_id varchar, site_id varchar, supplier_id varchar,
    unit_cost decimal(18, 4), received_qty decimal(18, 3), ordered_qty decimal(18, 3), confirmed_date date, promised_date date);
create table core.order_lines (order_id varchar, line_key varchar, sku_id varchar, unit_price decimal(18, 4),
    shipped_qty decimal(18, 3), is_cancelled boolean);
create table core.orders (order_id varchar, hold_code varchar, status_code varchar);
create table core.order_events (case_id varchar, activity_name varchar, event_at timestamptz);
"""


class Tables:
    """A build of a few tables with whatever rows a test puts there: `decisions.undoing` asks no more of one."""

    build_id = "b2"

    def __init__(self, *rows: str):
        self.connection = duckdb.connect()
        self.connection.execute(TABLES)
        for row in rows:
            self.connection.execute(f"insert into {row}")

    def query(self, sql: str, params: list | None = None) -> pl.DataFrame:
        return engine.frame(self.connection, sql, params)

    def facts(self) -> dict[str, Any]:
        return {"as_of_date": date(2026, 11, 19)}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "acme")


def bought(office: Office) -> str:
    name = office.desk().propose(wish(moved=700)).proposal_id
    office.export(name)
    office.desk(APPROVER).told_of_export("export_sent", "B1", [name], {})
    return name


def back(office: Office, name: str, build: Any) -> Compensation | Irreversible:
    book = office.desk().book
    return way_back(book.standing(name), book, build, NOW)


def ordered(name: str, confirmed: str, received: int) -> str:
    return f"marts.decision_purchases values ('{name}', 'PO7', '10', {confirmed}, {received})"


def test_a_purchase_is_cancelled_as_long_as_nobody_has_confirmed_it_and_then_counts_as_undone(office: Office):
    name = bought(office)
    build = Tables(
        ordered(name, "null", 0), "core.purchase_lines values ('PO7', '10', 'A1', 'LEJ', 'V1', 7, 0, 100, null, null)"
    )
    found = back(office, name, build)
    assert isinstance(found, Compensation)
    made = opposite(office.desk().book.standing(name), found, build)
    assert made is not None
    assert (made.kind, made.action) == ("cancel_purchase", {"po_id": "PO7", "line_key": "10", "qty": Decimal(100)})
    assert made.evidence[0].key == {"po_id": "PO7", "line_key": "10"}
    by = office.desk().propose(made, note={"undoes": name}).proposal_id
    other = office.desk().propose(wish(2, moved=10)).proposal_id
    with pytest.raises(Refusal, match="not made to undo"):
        office.desk(APPROVER).compensated(name, other)
    assert office.desk(APPROVER).compensated(name, by).state == "undone"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("date '2026-11-18'", 0)], "confirmed it on 2026-11-18"),
        ([("null", 3)], "units of it were received"),
        ([], "not known what po id and line key"),
    ],
)
def test_a_purchase_that_was_confirmed_received_or_never_seen_again_is_not_undone(office: Office, rows: list, why: str):
    name = bought(office)
    found = back(office, name, Tables(*(ordered(name, *row) for row in rows)))
    assert isinstance(found, Irreversible)
    assert why in " ".join(found.reasons)


def test_what_lies_in_the_outbox_is_called_back_and_may_leave_again(office: Office):
    name = office.desk().propose(wish(moved=700)).proposal_id
    office.export(name)
    found = back(office, name, Tables())
    assert isinstance(found, Compensation)
    assert (found.kind, found.action) == (CALL_BACK, {"batch_id": "B1"})
    assert opposite(office.desk().book.standing(name), found, Tables()) is None
    with pytest.raises(Refusal, match="reason"):
        office.desk(APPROVER).call_back("B1", " ")
    office.desk(APPROVER).call_back("B1", "wrong week")
    assert office.state(name) == "approved"
    with pytest.raises(Refusal, match="cancelled already"):
        office.desk(APPROVER).call_back("B1", "once more")


def test_what_was_fetched_is_not_called_back(office: Office):
    name = bought(office)
    with pytest.raises(Refusal, match="its receiver may have it"):
        office.desk(APPROVER).call_back("B1", "wrong week")
    assert office.state(name) == "sent"


EVENT = "core.order_events values ('{order}', 'picked', timestamptz '2026-11-18 10:00+00')"


@pytest.mark.parametrize(
    ("events", "said"),
    [(["O9"], "hold_order"), (["O9", "O1"], "It is too late"), ([], "not known whether the order was picked")],
)
def test_a_released_order_is_held_again_until_it_is_picked(office: Office, events: list[str], said: str):
    made = Proposal("release_order", {"order_id": "O1"}, {"order_id": "O1"}, date(2026, 11, 14), "b1")
    made = replace(made, confidence_share=0.9, data_grade="A", moved_amount=Decimal(90), tier_code="B")
    standing = replace(office.desk().propose(wish()), proposal=made, state="sent")
    found = way_back(standing, office.desk().book, Tables(*(EVENT.format(order=one) for one in events)), NOW)
    told = found.kind if isinstance(found, Compensation) else " ".join(found.reasons)
    assert said in told


def test_a_price_goes_back_to_what_it_was_while_nothing_was_invoiced(office: Office):
    seen = Evidence("core.order_lines", {"order_id": "O1", "line_key": "1"}, {"unit_price": "12.00"}, ("unit_price",))
    action = {"order_id": "O1", "line_key": "1", "unit_price": Decimal("9.90")}
    made = Proposal(
        "correct_price", {"order_id": "O1", "line_key": "1"}, action, date(2026, 11, 14), "b1", evidence=(seen,)
    )
    standing = replace(office.desk().propose(wish()), proposal=made, state="sent")
    line = "core.order_lines values ('O1', '1', 'A1', 9.90, 0, false)"
    invoiced = "core.order_events values ('O9', 'invoiced', timestamptz '2026-11-18 10:00+00')"
    build = Tables(line, invoiced)
    found = way_back(standing, office.desk().book, build, NOW)
    assert isinstance(found, Compensation)
    made_anew = opposite(standing, found, build)
    assert made_anew is not None
    assert made_anew.action["unit_price"] == "12.00"
    assert made_anew.proposal_id() != made.proposal_id()


def test_a_policy_goes_back_to_its_former_version(office: Office):
    from decisions.person import Person
    from decisions.policy_text import packaged

    text = packaged()["purchase"].text
    said = {"policy": "purchase", "yaml": text.replace("750", "700")}
    made = Proposal("policy_change", {"policy": "purchase"}, said, NOW.date(), "b1")
    standing = office.desk(Person("ann", frozenset({"analyst"}))).propose(made)
    for person in (APPROVER, OTHER_APPROVER)[: standing.approvals_wanted]:
        office.desk(person).approve(standing.proposal_id, standing.content_hash)
    found = back(office, standing.proposal_id, Tables())
    assert isinstance(found, Compensation)
    assert (found.kind, found.action["yaml"]) == ("policy_change", text)
