"""The ledger on SQLite and on a real PostgreSQL: acts come back as they were recorded, and nothing else can be done."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.ledger_seal import GENESIS
from tests.ledgers import DATABASES, Place, place_for, with_ten_acts


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return place_for(request, tmp_path)


@pytest.fixture
def ten(place: Place) -> Place:
    return with_ten_acts(place)


def test_acts_come_back_as_they_were_recorded(place: Place):
    at = datetime(2026, 11, 20, 9, 0, 0, 123456, tzinfo=UTC)
    first = place.open().append("load", "L1", "ada", {"b": [1, {"c": None}], "a": "é – 😀"}, at=at)
    second = place.open().append("undo", "", "Björn", {}, at=at)
    assert [first, second] == place.open().acts()
    assert (first.act_no, first.at, first.payload) == (1, at, {"a": "é – 😀", "b": [1, {"c": None}]})
    assert (first.previous_hash, second.previous_hash, second.act_no) == (GENESIS, first.act_hash, 2)
    assert place.open().acts("undo") == [second]
    assert place.open().acts("refresh") == []


def test_anybody_can_compute_a_seal_with_other_tools(ten: Place):
    e = ten.entry(4)
    covered = [e.act_no, e.act_id, e.kind, e.subject, e.who, e.at, e.payload, e.previous_hash]
    assert hashlib.sha256(json.dumps(covered, separators=(",", ":")).encode()).hexdigest() == e.act_hash


def test_an_instant_is_kept_in_utc_and_now_is_used_when_none_is_given(place: Place):
    berlin = timezone(timedelta(hours=1))
    act = place.open().append("load", "L1", "ada", {}, at=datetime(2026, 11, 20, 10, 0, tzinfo=berlin))
    assert act.at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert place.entry(1).at == "2026-11-20T09:00:00.000000Z"
    before = datetime.now(UTC)
    assert before <= place.open().append("load", "L2", "ada", {}).at <= datetime.now(UTC)


def test_money_dates_and_instants_are_kept_as_exact_text(place: Place):
    payload = {
        "worth_amount": Decimal("1E+3"),
        "unit_cost": Decimal("0.10"),
        "share": 0.1,
        "on": date(2026, 1, 2),
        "at": datetime(2026, 1, 2, tzinfo=UTC),
        "file": "caf\udce9.csv",
    }
    assert place.open().append("load", "L1", "ada", payload).payload == {
        "worth_amount": "1000",
        "unit_cost": "0.10",
        "share": 0.1,
        "on": "2026-01-02",
        "at": "2026-01-02T00:00:00.000000Z",
        "file": "caf\udce9.csv",
    }
    assert place.open().verify().is_intact


@pytest.mark.parametrize(
    "payload",
    [
        {"x": float("nan")},
        {"x": float("inf")},
        {"x": Decimal("NaN")},
        {"worth_amount": 1.5},
        {"rows": [{"unit_cost": 0.1}]},
        {"freight_cost": {"low": 1.0}},
        {"unit_price": [1.0, 2.0]},
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"x": {1: 2}},
        {"x": {3, 4}},
    ],
    ids=repr,
)
def test_what_cannot_be_kept_exactly_is_refused_and_nothing_is_recorded(place: Place, payload: dict):
    ledger = place.open()
    with pytest.raises((ValueError, TypeError)):
        ledger.append("load", "L1", "ada", payload)
    assert ledger.acts() == []


@pytest.mark.parametrize(
    "said", [("", "L1", "ada"), ("load", "L1", ""), ("load", "L\0", "ada"), ("load", "\udce9", "a")]
)
def test_an_act_says_what_and_who_in_text_that_a_database_can_keep(place: Place, said: tuple[str, str, str]):
    with pytest.raises(ValueError, match="act"):
        place.open().append(*said, {})


@pytest.mark.parametrize(
    "statement",
    [
        "update acts set who = 'eve' where act_no = 3",
        "update acts set who = who",
        "delete from acts where act_no = 10",
        "delete from acts",
        "insert into acts select act_no, act_id, kind, subject, 'eve', at, payload, previous_hash, act_hash"
        " from acts where act_no = 3 on conflict (act_no) do update set who = 'eve'",
    ],
)
def test_the_database_itself_refuses_every_change(ten: Place, statement: str):
    before = ten.raw("select * from acts order by act_no")
    with pytest.raises(sa.exc.DatabaseError, match="acts are only ever added"):
        ten.raw(statement)
    assert ten.raw("select * from acts order by act_no") == before


def test_postgres_refuses_truncate_and_sqlite_refuses_replace(ten: Place):
    statements = ["truncate acts"]
    if not ten.url:
        same = "replace into acts select {}, kind, subject, 'eve', at, payload, previous_hash, act_hash from acts where act_no = 3"
        statements = [same.format("act_no, 'x'"), same.format("11, act_id"), same.format("99, 'x'")]
    for statement in statements:
        with pytest.raises(sa.exc.DatabaseError, match="acts are only ever added"):
            ten.raw(statement)
    assert ten.verdict() == ("", None)


def test_guards_that_were_taken_off_are_back_when_the_ledger_is_next_opened(ten: Place):
    ten.tamper()
    ten.raw("update acts set who = who")
    ten.open()
    with pytest.raises(sa.exc.DatabaseError, match="only ever added"):
        ten.raw("delete from acts")


def test_an_empty_ledger_is_intact(place: Place):
    assert place.open().verify().is_intact
    assert place.open().acts() == []


def test_two_companies_on_one_server_do_not_see_each_other(place: Place):
    other = Place(place.url, place.folder.with_name(place.folder.name + "b"))
    place.open().append("load", "L1", "ada", {})
    assert other.open().acts() == []
    other.open().append("load", "L2", "eve", {})
    assert [act.subject for act in place.open().acts()] == ["L1"]
    assert place.verdict() == other.verdict() == ("", None)
