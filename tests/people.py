"""Accounts for tests: passwords that cost little to check, and a clock that the test moves."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from store import passwords, sessions
from store.accounts import Accounts

PASSWORD = "four words are fine"


class Clock:
    """A clock that stands still until the test moves it."""

    def __init__(self):
        self.now = datetime(2026, 11, 21, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def goes(self, **by: float) -> None:
        self.now += timedelta(**by)


def make_passwords_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same way with parameters that take a millisecond."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords.decoy.cache_clear()
    monkeypatch.setattr(passwords, "decoy", passwords.decoy.__wrapped__)


def with_people(clock: Clock | None = None) -> Accounts:
    """The accounts of this test's home, with the planner Ana among them."""
    accounts = Accounts.open(clock=clock)
    accounts.add("ana", who="tests", display_name="Ana Novak", password=PASSWORD, grants=[("planner", "*")])
    return accounts


def session(accounts: Accounts, token: str | None) -> sessions.Session:
    """The session that the token opens; it has to stand."""
    found = sessions.standing(accounts, token or "")
    assert found is not None
    return found
