"""The ledger on SQLite and on a real PostgreSQL: what is added stays, and whatever else is done to it is found."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from errors import Refusal
from store.ledger import Ledger
from store.ledger_head import Head
from store.ledger_schema import engine_of, schema_of
from store.ledger_seal import GENESIS, Entry, seal

FIELDS = ("act_id", "kind", "subject", "who", "at", "payload", "previous_hash", "act_hash")


@dataclass(frozen=True)
class Place:
    """One company's ledger on one of the two databases, and a way around its guards."""

    url: str | None
    folder: Path

    def open(self) -> Ledger:
        return Ledger.open(self.url, self.folder)

    def raw(self, *statements: str, **values: object) -> list[sa.Row]:
        """Run SQL as somebody does who has the database's password, guards in force."""
        url = self.url or f"sqlite:///{self.folder / 'ledger.db'}"
        with engine_of(url).begin() as connection:
            if self.url:
                connection.execute(sa.text(f"set local search_path = {schema_of(self.folder.name)}"))
            results = [connection.execute(sa.text(statement), values) for statement in statements]
            return list(results[-1].all()) if results[-1].returns_rows else []

    def tamper(self, *statements: str, **values: object) -> None:
        """Run SQL after taking the guards off."""
        off = ["alter table acts disable trigger user"]
        if not self.url:
            guards = self.raw("select name from sqlite_master where type = 'trigger'")
            off = [f"drop trigger {guard}" for (guard,) in guards]
        self.raw(*off, *statements, **values)

    def entry(self, act_no: int) -> Entry:
        return Entry(*self.raw("select * from acts where act_no = :n", n=act_no)[0])

    def put(self, entry: Entry) -> None:
        """Write an act around the ledger."""
        columns = ", ".join(vars(entry))
        self.tamper(f"insert into acts ({columns}) values ({', '.join(':' + c for c in vars(entry))})", **vars(entry))

    def reseal(self, act_no: int, **changed: str) -> Entry:
        """Change an act and give it a seal that fits, as somebody would who knows how seals are made."""
        said = {**vars(self.entry(act_no)), **changed}
        said["act_hash"] = seal(Entry(**said))
        setters = ", ".join(f"{column} = :{column}" for column in said)
        self.tamper(f"update acts set {setters} where act_no = :act_no", **said)
        return Entry(**said)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(None, tmp_path / "acme")
    # One server for all tests: each has a company of its own on it, which is how companies share a server.
    name = "t" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
    return Place(request.getfixturevalue("postgres_url"), tmp_path / name)


@pytest.fixture
def ten(place: Place) -> Place:
    """A ledger of ten acts."""
    ledger = place.open()
    for number in range(1, 11):
        ledger.append("load", f"L{number}", "ada", {"lines": number, "worth_amount": Decimal("1.50") * number})
    return place


def found(place: Place) -> tuple[str, int | None]:
    verification = place.open().verify()
    assert verification.is_intact == (verification.harm == "")
    return verification.harm, verification.first_bad_act_no


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
    assert found(ten) == ("", None)


def test_guards_that_were_taken_off_are_back_when_the_ledger_is_next_opened(ten: Place):
    ten.tamper()
    ten.raw("update acts set who = who")
    ten.open()
    with pytest.raises(sa.exc.DatabaseError, match="only ever added"):
        ten.raw("delete from acts")


@pytest.mark.parametrize("act_no", [1, 5, 10])
@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_is_found_in_its_act(ten: Place, field: str, act_no: int):
    ten.tamper(f"update acts set {field} = {field} || ' ' where act_no = {act_no}")
    assert found(ten) == ("edited", act_no)


@pytest.mark.parametrize("act_no", [1, 5, 9, 10])
def test_an_act_that_was_changed_and_sealed_again_is_found(ten: Place, act_no: int):
    ten.reseal(act_no, who="eve")
    assert found(ten) == ("edited", act_no)


@pytest.mark.parametrize("act_no", [2, 5, 10])
def test_an_act_that_was_linked_elsewhere_and_sealed_again_is_found(ten: Place, act_no: int):
    ten.reseal(act_no, previous_hash="f" * 64)
    assert found(ten) == ("edited", act_no)


def test_a_ledger_sealed_anew_from_some_act_on_is_found_by_its_end(ten: Place):
    previous = ten.reseal(6, who="eve")
    for act_no in range(7, 11):
        previous = ten.reseal(act_no, previous_hash=previous.act_hash)
    assert found(ten) == ("rewritten", None)


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("= 1", ("deleted", 1)),
        ("= 5", ("deleted", 5)),
        ("in (4, 5, 6, 9)", ("deleted", 4)),
        ("= 10", ("truncated", 10)),
        ("> 7", ("truncated", 8)),
        ("> 0", ("truncated", 1)),
    ],
)
def test_missing_acts_are_found(ten: Place, gone: str, expected: tuple[str, int]):
    ten.tamper(f"delete from acts where act_no {gone}")
    assert found(ten) == expected


def test_a_dropped_table_is_missing_acts(ten: Place):
    ten.tamper("drop table acts")
    assert found(ten) == ("truncated", 1)


def test_acts_renumbered_to_hide_a_gap_are_found(ten: Place):
    ten.tamper(
        "delete from acts where act_no = 4",
        *[f"update acts set act_no = {n - 1} where act_no = {n}" for n in range(5, 11)],
    )
    assert found(ten) == ("deleted", 4)


@pytest.mark.parametrize("number", [0, -3, 30])
def test_a_changed_number_is_found_as_the_number_it_was(ten: Place, number: int):
    ten.tamper(f"update acts set act_no = {number} where act_no = 4")
    assert found(ten) == ("edited", 4)


def test_acts_that_changed_places_are_found(ten: Place):
    ten.tamper(*[f"update acts set act_no = {new} where act_no = {old}" for old, new in ((3, 99), (7, 3), (99, 7))])
    assert found(ten) == ("edited", 3)


@pytest.mark.parametrize("has_fitting_seal", [True, False])
def test_an_act_put_in_the_middle_is_found(ten: Place, has_fitting_seal: bool):
    ten.tamper(*[f"update acts set act_no = {n + 1} where act_no = {n}" for n in range(10, 4, -1)])
    forged = Entry(5, "x", "load", "L5", "eve", "2026-01-01T00:00:00.000000Z", "{}", ten.entry(4).act_hash, "0" * 64)
    ten.put(Entry(**{**vars(forged), "act_hash": seal(forged)}) if has_fitting_seal else forged)
    assert found(ten) == ("inserted", 5)


@pytest.mark.parametrize("act_no", [11, 0])
def test_an_act_put_at_either_end_is_found(ten: Place, act_no: int):
    previous = ten.entry(10).act_hash if act_no else GENESIS
    forged = Entry(act_no, "x", "load", "L", "eve", "2026-01-01T00:00:00.000000Z", "{}", previous, "")
    ten.put(Entry(**{**vars(forged), "act_hash": seal(forged)}))
    assert found(ten) == ("inserted", act_no)


def test_a_process_that_dies_before_its_act_is_recorded_leaves_the_ledger_intact(
    ten: Place, monkeypatch: pytest.MonkeyPatch
):
    ledger = ten.open()
    announce = Head.announce
    monkeypatch.setattr(Head, "announce", lambda *said: [announce(*said), 1 / 0])
    with pytest.raises(ZeroDivisionError):
        ledger.append("load", "lost", "ada", {})
    monkeypatch.undo()
    assert found(ten) == ("", None)
    assert ledger.append("load", "L11", "ada", {}).act_no == 11
    assert found(ten) == ("", None)


def test_a_process_that_dies_right_after_its_act_is_recorded_leaves_the_ledger_intact(
    ten: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Head, "confirm", lambda *said: None)
    ten.open().append("load", "L11", "ada", {})
    assert found(ten) == ("", None)
    monkeypatch.undo()
    assert ten.open().append("load", "L12", "ada", {}).act_no == 12
    assert found(ten) == ("", None)


def test_a_late_confirmation_does_not_take_the_note_back(ten: Place, monkeypatch: pytest.MonkeyPatch):
    held: list[Callable[[], None]] = []
    confirm = Head.confirm
    monkeypatch.setattr(Head, "confirm", lambda head, end: held.append(lambda: confirm(head, end)))
    ten.open().append("load", "L11", "ada", {})
    monkeypatch.undo()
    ten.open().append("load", "L12", "ada", {})
    held[0]()
    assert found(ten) == ("", None)
    ten.tamper("delete from acts where act_no = 12")
    assert found(ten) == ("truncated", 12)


@pytest.mark.parametrize("note", [None, b"", b"\x00" * 512, b'{"last": 3}'])
def test_a_ledger_without_its_note_is_not_called_intact(ten: Place, note: bytes | None):
    head = ten.folder / "ledger.head"
    head.unlink() if note is None else head.write_bytes(note)
    assert found(ten) == ("unanchored", None)


def test_nothing_is_added_to_a_ledger_whose_end_was_cut_off_until_somebody_takes_it_as_found(ten: Place):
    ten.tamper("delete from acts where act_no > 8")
    with pytest.raises(Refusal, match="Acts 9 to 10 are missing"):
        ten.open().append("load", "L", "ada", {})
    assert found(ten) == ("truncated", 9)
    act = ten.open().take_as_found(who="grace", because="restored from the backup of Monday")
    assert (act.act_no, act.who, act.payload["noted_act_no"]) == (9, "grace", 10)
    assert "9 to 10" in act.payload["missed"]
    assert ten.open().append("load", "L", "ada", {}).act_no == 10
    assert found(ten) == ("", None)


def test_an_empty_ledger_is_intact(place: Place):
    assert place.open().verify().is_intact
    assert place.open().acts() == []


def test_an_act_that_can_no_longer_be_read_is_refused_with_its_number(ten: Place):
    ten.tamper("update acts set payload = '{' where act_no = 2")
    with pytest.raises(Refusal, match="Act 2"):
        ten.open().acts()


def test_two_companies_on_one_server_do_not_see_each_other(place: Place):
    other = Place(place.url, place.folder.with_name(place.folder.name + "b"))
    place.open().append("load", "L1", "ada", {})
    assert other.open().acts() == []
    other.open().append("load", "L2", "eve", {})
    assert [act.subject for act in place.open().acts()] == ["L1"]
    assert found(place) == found(other) == ("", None)
