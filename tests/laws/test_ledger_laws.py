"""What holds for any ledger: whatever is changed in it, by hand and around its guards, is found where it was changed."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from store.ledger import Ledger
from store.ledger_audit import Verification
from store.ledger_seal import Entry, payload_text, seal

ACTS = 12
WORDS = ("act_id", "kind", "subject", "who", "at", "payload", "previous_hash", "act_hash")

numbers = st.integers(1, ACTS)
words = st.sampled_from(WORDS)
# A float under a name of money is refused, which is a law of its own.
plain_names = st.text(max_size=8).filter(lambda key: not key.endswith(("_amount", "_cost", "_price")))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain_names, inner, max_size=3),
    max_leaves=8,
)
payloads = st.dictionaries(plain_names, json_values, max_size=5)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a ledger with twelve acts, each with something in every field."""
    folder = tmp_path_factory.mktemp("ledger")
    ledger = Ledger.open(None, folder)
    for number in range(1, ACTS + 1):
        at = datetime(2026, 11, number, 9, 30, tzinfo=UTC)
        ledger.append(
            f"kind {number % 3}", f"L{number}", f"ada{number}", {"n": number, "x_amount": Decimal(number)}, at=at
        )
    return folder


@contextmanager
def opened_by_hand(written: Path) -> Iterator[tuple[sqlite3.Connection, Path]]:
    """A copy of the ledger without its guards, and its folder; what is done to it is committed at the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("ledger.db", "ledger.head"):
            shutil.copy(written / file, folder)
        with closing(sqlite3.connect(folder / "ledger.db")) as connection:
            for (guard,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
                connection.execute(f"drop trigger {guard}")
            yield connection, folder


def checked(connection: sqlite3.Connection, folder: Path) -> Verification:
    connection.commit()
    return Ledger.open(None, folder).verify()


def entry(connection: sqlite3.Connection, act_no: int) -> Entry:
    return Entry(*connection.execute("select * from acts where act_no = ?", [act_no]).fetchone())


@given(act_no=numbers, word=words, place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_any_one_byte_changed_in_any_field_is_found_in_its_act(
    written: Path, act_no: int, word: str, place: int, byte: int
):
    with opened_by_hand(written) as (connection, folder):
        content = bytearray(getattr(entry(connection, act_no), word).encode())
        assume(content[place % len(content)] != byte)
        content[place % len(content)] = byte
        connection.execute(f"update acts set {word} = cast(? as text) where act_no = ?", [bytes(content), act_no])
        verification = checked(connection, folder)
    assert (verification.harm, verification.first_bad_act_no) == ("edited", act_no)


@given(act_no=numbers, word=words, text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_other_text_in_any_field_is_found_in_its_act(written: Path, act_no: int, word: str, text: str):
    with opened_by_hand(written) as (connection, folder):
        assume(text != getattr(entry(connection, act_no), word))
        connection.execute(f"update acts set {word} = ? where act_no = ?", [text, act_no])
        verification = checked(connection, folder)
    assert (verification.harm, verification.first_bad_act_no) == ("edited", act_no)


@given(act_no=numbers, number=st.integers(-(2**63), 2**63 - 1))
def test_any_other_number_on_an_act_is_found_as_the_number_it_had(written: Path, act_no: int, number: int):
    assume(not 1 <= number <= ACTS)
    with opened_by_hand(written) as (connection, folder):
        connection.execute("update acts set act_no = ? where act_no = ?", [number, act_no])
        verification = checked(connection, folder)
    assert (verification.harm, verification.first_bad_act_no) == ("edited", act_no)


@given(act_no=numbers, word=st.sampled_from(WORDS[:-2]), text=st.text(st.characters(exclude_categories=["Cs"])))
def test_an_act_changed_and_sealed_again_is_found(written: Path, act_no: int, word: str, text: str):
    with opened_by_hand(written) as (connection, folder):
        old = entry(connection, act_no)
        assume(text != getattr(old, word))
        new = Entry(**{**vars(old), word: text})
        connection.execute(f"update acts set {word} = ?, act_hash = ? where act_no = ?", [text, seal(new), act_no])
        verification = checked(connection, folder)
    assert (verification.harm, verification.first_bad_act_no) == ("edited", act_no)


@given(first=numbers, second=numbers)
def test_two_acts_that_changed_places_are_found_at_the_first(written: Path, first: int, second: int):
    assume(first < second)
    with opened_by_hand(written) as (connection, folder):
        for old, new in ((first, 99), (second, first), (99, second)):
            connection.execute("update acts set act_no = ? where act_no = ?", [new, old])
        verification = checked(connection, folder)
    assert (verification.is_intact, verification.first_bad_act_no) == (False, first)


@given(gone=st.sets(numbers, min_size=1))
def test_any_acts_taken_out_are_found_from_the_first(written: Path, gone: set[int]):
    with opened_by_hand(written) as (connection, folder):
        connection.executemany("delete from acts where act_no = ?", [[act_no] for act_no in gone])
        verification = checked(connection, folder)
    is_tail = gone == set(range(min(gone), ACTS + 1))
    expected = ("truncated" if is_tail else "deleted", min(gone), ACTS - len(gone))
    assert (verification.harm, verification.first_bad_act_no, verification.act_count) == expected


@given(act_no=numbers, count=st.integers(1, 4))
def test_acts_taken_out_and_the_rest_renumbered_are_found(written: Path, act_no: int, count: int):
    assume(act_no + count <= ACTS)
    with opened_by_hand(written) as (connection, folder):
        connection.execute("delete from acts where act_no >= ? and act_no < ?", [act_no, act_no + count])
        for number in range(act_no + count, ACTS + 1):
            connection.execute("update acts set act_no = ? where act_no = ?", [number - count, number])
        verification = checked(connection, folder)
    assert (verification.harm, verification.first_bad_act_no) == ("deleted", act_no)


@given(act_no=st.integers(1, ACTS + 1), count=st.integers(1, 3), is_sealed=st.booleans())
def test_acts_put_in_anywhere_are_found(written: Path, act_no: int, count: int, is_sealed: bool):
    with opened_by_hand(written) as (connection, folder):
        for number in range(ACTS, act_no - 1, -1):
            connection.execute("update acts set act_no = ? where act_no = ?", [number + count, number])
        previous = entry(connection, act_no - 1).act_hash if act_no > 1 else "0" * 64
        for number in range(act_no, act_no + count):
            forged = Entry(number, f"x{number}", "load", "L", "eve", "2026-11-01T00:00:00.000000Z", "{}", previous, "")
            previous = seal(forged) if is_sealed else "f" * 64
            values = [*list(vars(forged).values())[:-1], previous]
            connection.execute(f"insert into acts values ({', '.join('?' * 9)})", values)
        verification = checked(connection, folder)
    assert (verification.is_intact, verification.first_bad_act_no) == (False, act_no)
    if is_sealed:
        assert verification.harm == "inserted"


@given(said=st.lists(payloads, max_size=5))
def test_any_payloads_come_back_and_the_chain_holds(said: list[dict]):
    with tempfile.TemporaryDirectory() as name:
        ledger = Ledger.open(None, Path(name))
        for payload in said:
            ledger.append("note", "s", "ada", payload)
        assert [act.payload for act in ledger.acts()] == said
        assert ledger.verify().is_intact


@given(payload=payloads)
def test_a_payload_has_one_text_whatever_the_order_of_its_keys(payload: dict):
    text = payload_text(payload)
    assert payload_text(dict(reversed(payload.items()))) == text
    assert payload_text(json.loads(text)) == text


@given(amount=st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_money_keeps_every_digit(amount: Decimal):
    kept = json.loads(payload_text({"worth_amount": amount}))["worth_amount"]
    assert Decimal(kept) == amount
    assert "E" not in kept.upper()
