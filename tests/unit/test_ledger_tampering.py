"""Whatever is done to a ledger around its guards is found, and a crash is never taken for it; on both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from errors import Refusal
from store.ledger_head import Head
from store.ledger_seal import GENESIS, Entry, seal
from tests.ledgers import DATABASES, Place, place_for, with_ten_acts

FIELDS = ("act_id", "kind", "subject", "who", "at", "payload", "previous_hash", "act_hash")


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return place_for(request, tmp_path)


@pytest.fixture
def ten(place: Place) -> Place:
    return with_ten_acts(place)


@pytest.mark.parametrize("act_no", [1, 5, 10])
@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_is_found_in_its_act(ten: Place, field: str, act_no: int):
    ten.tamper(f"update acts set {field} = {field} || ' ' where act_no = {act_no}")
    assert ten.verdict() == ("edited", act_no)


@pytest.mark.parametrize("act_no", [1, 5, 9, 10])
def test_an_act_that_was_changed_and_sealed_again_is_found(ten: Place, act_no: int):
    ten.reseal(act_no, who="eve")
    assert ten.verdict() == ("edited", act_no)


@pytest.mark.parametrize("act_no", [2, 5, 10])
def test_an_act_that_was_linked_elsewhere_and_sealed_again_is_found(ten: Place, act_no: int):
    ten.reseal(act_no, previous_hash="f" * 64)
    assert ten.verdict() == ("edited", act_no)


def test_a_ledger_sealed_anew_from_some_act_on_is_found_by_its_end(ten: Place):
    previous = ten.reseal(6, who="eve")
    for act_no in range(7, 11):
        previous = ten.reseal(act_no, previous_hash=previous.act_hash)
    assert ten.verdict() == ("rewritten", None)


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
    assert ten.verdict() == expected


def test_a_dropped_table_is_missing_acts(ten: Place):
    ten.tamper("drop table acts")
    assert ten.verdict() == ("truncated", 1)


def test_acts_renumbered_to_hide_a_gap_are_found(ten: Place):
    ten.tamper(
        "delete from acts where act_no = 4",
        *[f"update acts set act_no = {n - 1} where act_no = {n}" for n in range(5, 11)],
    )
    assert ten.verdict() == ("deleted", 4)


@pytest.mark.parametrize("number", [0, -3, 30])
def test_a_changed_number_is_found_as_the_number_it_was(ten: Place, number: int):
    ten.tamper(f"update acts set act_no = {number} where act_no = 4")
    assert ten.verdict() == ("edited", 4)


def test_acts_that_changed_places_are_found(ten: Place):
    ten.tamper(*[f"update acts set act_no = {new} where act_no = {old}" for old, new in ((3, 99), (7, 3), (99, 7))])
    assert ten.verdict() == ("edited", 3)


@pytest.mark.parametrize("has_fitting_seal", [True, False])
def test_an_act_put_in_the_middle_is_found(ten: Place, has_fitting_seal: bool):
    ten.tamper(*[f"update acts set act_no = {n + 1} where act_no = {n}" for n in range(10, 4, -1)])
    forged = Entry(5, "x", "load", "L5", "eve", "2026-01-01T00:00:00.000000Z", "{}", ten.entry(4).act_hash, "0" * 64)
    ten.put(Entry(**{**vars(forged), "act_hash": seal(forged)}) if has_fitting_seal else forged)
    assert ten.verdict() == ("inserted", 5)


@pytest.mark.parametrize("act_no", [11, 0])
def test_an_act_put_at_either_end_is_found(ten: Place, act_no: int):
    previous = ten.entry(10).act_hash if act_no else GENESIS
    forged = Entry(act_no, "x", "load", "L", "eve", "2026-01-01T00:00:00.000000Z", "{}", previous, "")
    ten.put(Entry(**{**vars(forged), "act_hash": seal(forged)}))
    assert ten.verdict() == ("inserted", act_no)


def test_a_process_that_dies_before_its_act_is_recorded_leaves_the_ledger_intact(
    ten: Place, monkeypatch: pytest.MonkeyPatch
):
    ledger = ten.open()
    announce = Head.announce
    monkeypatch.setattr(Head, "announce", lambda *said: [announce(*said), 1 / 0])
    with pytest.raises(ZeroDivisionError):
        ledger.append("load", "lost", "ada", {})
    monkeypatch.undo()
    assert ten.verdict() == ("", None)
    assert ledger.append("load", "L11", "ada", {}).act_no == 11
    assert ten.verdict() == ("", None)


def test_a_process_that_dies_right_after_its_act_is_recorded_leaves_the_ledger_intact(
    ten: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Head, "confirm", lambda _head, _end: None)
    ten.open().append("load", "L11", "ada", {})
    assert ten.verdict() == ("", None)
    monkeypatch.undo()
    assert ten.open().append("load", "L12", "ada", {}).act_no == 12
    assert ten.verdict() == ("", None)


def test_a_late_confirmation_does_not_take_the_note_back(ten: Place, monkeypatch: pytest.MonkeyPatch):
    held: list[Callable[[], None]] = []
    confirm = Head.confirm
    monkeypatch.setattr(Head, "confirm", lambda head, end: held.append(lambda: confirm(head, end)))
    ten.open().append("load", "L11", "ada", {})
    monkeypatch.undo()
    ten.open().append("load", "L12", "ada", {})
    held[0]()
    assert ten.verdict() == ("", None)
    ten.tamper("delete from acts where act_no = 12")
    assert ten.verdict() == ("truncated", 12)


@pytest.mark.parametrize("note", [None, b"", b"\x00" * 512, b'{"last": 3}'])
def test_a_ledger_without_its_note_is_not_called_intact(ten: Place, note: bytes | None):
    head = ten.folder / "ledger.head"
    head.unlink() if note is None else head.write_bytes(note)
    assert ten.verdict() == ("unanchored", None)


def test_nothing_is_added_to_a_ledger_whose_end_was_cut_off_until_somebody_takes_it_as_found(ten: Place):
    ten.tamper("delete from acts where act_no > 8")
    with pytest.raises(Refusal, match="Acts 9 to 10 are missing"):
        ten.open().append("load", "L", "ada", {})
    assert ten.verdict() == ("truncated", 9)
    act = ten.open().take_as_found(who="grace", because="restored from the backup of Monday")
    assert (act.act_no, act.who, act.payload["noted_act_no"]) == (9, "grace", 10)
    assert "9 to 10" in act.payload["missed"]
    assert ten.open().append("load", "L", "ada", {}).act_no == 10
    assert ten.verdict() == ("", None)


def test_an_act_that_can_no_longer_be_read_is_refused_with_its_number(ten: Place):
    ten.tamper("update acts set payload = '{' where act_no = 2")
    with pytest.raises(Refusal, match="Act 2"):
        ten.open().acts()
