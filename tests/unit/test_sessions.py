"""Signing in: wrong tries that are counted and wait, sessions that end, and logins that an identity provider made."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from store import passwords, sessions
from store.account_schema import ACCOUNTS, FAILURES
from store.accounts import Accounts
from store.company import home
from tests.people import PASSWORD, Clock, make_passwords_cheap, session, with_people


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    make_passwords_cheap(monkeypatch)
    return with_people(clock)


def test_neither_the_password_nor_the_token_stands_in_the_file(accounts: Accounts):
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    content = (home() / "accounts.db").read_bytes()
    assert token
    assert token.encode() not in content
    assert PASSWORD.encode() not in content


def test_signing_in_opens_a_session_under_the_account_whatever_the_capitals(accounts: Accounts):
    found = session(accounts, sessions.sign_in(accounts, " ANA ", PASSWORD))
    assert (found.account.name, found.account.roles_in("acme")) == ("ana", {"planner"})


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_a_wrong_name_costs_the_same_work_as_a_wrong_password(name: str, accounts: Accounts, monkeypatch):
    checked, hasher = [], passwords.HASHER

    class Counting:
        def hash(self, password):
            return hasher.hash(password)

        def verify(self, kept, said):
            checked.append(kept)
            return hasher.verify(kept, said)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    before = count(accounts, FAILURES)
    assert sessions.sign_in(accounts, name, "wrong password") is None
    [kept] = checked
    assert kept.startswith("$argon2id$v=19$m=8,t=1,p=1$"), "a real hash, made with today's parameters"
    assert count(accounts, FAILURES) == before + 1


def count(accounts: Accounts, table: sa.Table) -> int:
    with accounts.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_after_five_failures_every_further_try_waits_twice_as_long(name: str, accounts: Accounts, clock: Clock):
    def is_looked_at() -> bool:
        with accounts.engine.connect() as connection:
            before = connection.execute(sa.select(FAILURES.c.failure_count)).scalar() or 0
        sessions.sign_in(accounts, name, "wrong password")
        with accounts.engine.connect() as connection:
            return connection.execute(sa.select(FAILURES.c.failure_count)).scalar() > before

    assert [is_looked_at() for _ in range(7)] == [True] * 5 + [False] * 2
    clock.goes(seconds=15)
    assert [is_looked_at(), is_looked_at()] == [True, False]
    clock.goes(seconds=29)
    assert not is_looked_at()
    clock.goes(seconds=1)
    assert is_looked_at()


def test_a_locked_account_does_not_open_to_the_right_password_before_its_time(accounts: Accounts, clock: Clock):
    for _ in range(5):
        sessions.sign_in(accounts, "ana", "wrong password")
    assert sessions.sign_in(accounts, "ana", PASSWORD) is None
    clock.goes(seconds=15)
    assert sessions.sign_in(accounts, "ana", PASSWORD)
    assert count(accounts, FAILURES) == 0, "a success ends the count"


def test_tries_at_once_are_counted_before_they_are_looked_at(accounts: Accounts):
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda n: sessions.sign_in(accounts, "ana", f"guess number {n}"), range(20)))
    with accounts.engine.connect() as connection:
        assert connection.execute(sa.select(FAILURES.c.failure_count)).scalar() == sessions.FREE_TRIES


def test_failures_are_forgotten_after_a_day_and_cannot_fill_the_disk(accounts: Accounts, clock: Clock, monkeypatch):
    monkeypatch.setattr(sessions, "FAILURES_KEPT", 3)
    for number in range(6):
        clock.goes(seconds=1)
        sessions.sign_in(accounts, f"nobody{number}", "wrong password")
    assert count(accounts, FAILURES) == 3
    clock.goes(days=1, seconds=1)
    sessions.sign_in(accounts, "somebody", "wrong password")
    assert count(accounts, FAILURES) == 1


def test_a_session_ends_after_twelve_hours_however_busy(accounts: Accounts, clock: Clock):
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    for _ in range(12 * 3 - 1):
        clock.goes(minutes=20)
        assert sessions.standing(accounts, token)
    clock.goes(minutes=20)
    assert sessions.standing(accounts, token) is None


def test_a_session_ends_after_half_an_hour_without_a_click(accounts: Accounts, clock: Clock):
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    clock.goes(minutes=29)
    assert sessions.standing(accounts, token)
    clock.goes(minutes=30)
    assert sessions.standing(accounts, token) is None
    assert sessions.standing(accounts, token) is None, "and asking again does not bring it back"


def test_signing_out_ends_the_session_for_whoever_holds_its_token(accounts: Accounts):
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    other = sessions.sign_in(accounts, "ana", PASSWORD)
    sessions.sign_out(accounts, session(accounts, token))
    assert sessions.standing(accounts, token) is None
    assert sessions.standing(accounts, other), "another browser of the same person goes on"


def test_a_token_that_nobody_was_given_opens_nothing(accounts: Accounts):
    found = session(accounts, sessions.sign_in(accounts, "ana", PASSWORD))
    assert sessions.standing(accounts, "") is None
    assert sessions.standing(accounts, "a" * 43) is None
    assert sessions.standing(accounts, found.session_hash) is None, "what is kept is not what opens"


def test_switching_an_account_off_ends_its_sessions_and_a_new_password_as_well(accounts: Accounts):
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    accounts.set_password("ana", "another four words", who="tests")
    assert sessions.standing(accounts, token) is None
    token = sessions.sign_in(accounts, "ana", "another four words")
    accounts.switch("ana", is_active=False, who="tests")
    assert sessions.standing(accounts, token) is None
    assert sessions.sign_in(accounts, "ana", "another four words") is None
    accounts.switch("ana", is_active=True, who="tests")
    assert sessions.standing(accounts, token) is None, "the old session stays ended"


def test_an_account_that_is_off_is_outside_even_where_its_session_was_left_open(accounts: Accounts):
    """As after a restore of one table from a backup."""
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    with accounts.engine.begin() as connection:
        connection.execute(ACCOUNTS.update().values(is_active=0))
    assert sessions.standing(accounts, token) is None


def test_a_role_that_was_taken_is_gone_at_the_next_click(accounts: Accounts):
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    accounts.revoke("ana", "planner", "*", who="tests")
    assert session(accounts, token).account.roles_in("acme") == frozenset()


def test_what_was_typed_as_a_name_is_not_written_down(accounts: Accounts):
    """People type their password into the wrong field."""
    sessions.sign_in(accounts, "My Secret Pass Phrase", "")
    assert b"secret" not in (home() / "accounts.db").read_bytes().lower()


def admitted(accounts: Accounts, clock: Clock, email: str = "ana@acme.example", **also) -> sessions.Session | None:
    deadline = {"issued_at": clock.now, "expires_at": clock.now + timedelta(minutes=5)} | also
    return sessions.admit(accounts, email, **{"login": "issuer ana 1", **deadline})


def test_a_provider_lets_in_whom_the_accounts_know_and_nobody_else(accounts: Accounts, clock: Clock):
    accounts.add("ana@acme.example", who="tests", grants=[("approver", "*")])
    assert admitted(accounts, clock, "bo@acme.example", login="issuer bo 1") is None
    assert admitted(accounts, clock, "ANA@acme.example").account.roles_in("acme") == {"approver"}
    for guess in ("", "nobody's password"):
        assert sessions.sign_in(accounts, "ana@acme.example", guess) is None, "without a password no password opens"


def test_a_providers_cookie_is_taken_before_its_deadline_and_lives_no_longer_than_a_session(
    accounts: Accounts, clock: Clock
):
    accounts.add("ana@acme.example", who="tests")
    issued = {"issued_at": clock.now, "expires_at": clock.now + timedelta(minutes=5)}
    clock.goes(minutes=6)
    assert admitted(accounts, clock, **issued) is None, "a cookie that was stolen and kept"
    clock.goes(minutes=-3)
    found = admitted(accounts, clock, **issued)
    clock.goes(minutes=25)
    assert admitted(accounts, clock, **issued), "the deadline is that of the login; the session has its own"
    sessions.sign_out(accounts, found)
    assert admitted(accounts, clock, **issued) is None, "signed out is signed out, though the cookie is still there"


def test_a_login_without_an_instant_is_none(accounts: Accounts, clock: Clock):
    accounts.add("ana@acme.example", who="tests")
    never = datetime.fromtimestamp(0, UTC)
    assert admitted(accounts, clock, issued_at=never) is None
    assert admitted(accounts, clock, expires_at=never) is None
