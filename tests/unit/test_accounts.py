"""Local accounts: passwords as they are kept, who is added, roles that hold here and not there, and a log that only grows."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from errors import Refusal
from store import passwords, sessions
from store.account_schema import LOG
from store.accounts import Accounts
from store.company import create_company, home
from tests.people import PASSWORD, Clock, make_passwords_cheap, session, with_people


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    make_passwords_cheap(monkeypatch)
    return with_people(clock)


def test_the_real_parameters_are_those_of_rfc_9106_and_a_password_is_found_right_by_them():
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in kept
    assert kept != passwords.hashed(PASSWORD), "every hash has a salt of its own"
    assert passwords.is_right(PASSWORD, kept)
    assert not passwords.is_right(PASSWORD.upper(), kept)


def test_an_accent_is_the_same_however_the_keyboard_sends_it(accounts: Accounts):
    accounts.set_password("ana", "Grüße aus Köln 1", who="tests")
    assert sessions.sign_in(accounts, "ana", "Gru\u0308ße aus Ko\u0308ln 1")


def test_there_is_nobody_in_a_new_installation():
    accounts = Accounts.open()
    assert accounts.is_empty()
    assert accounts.listed() == []
    assert all(not sessions.sign_in(accounts, name, name) for name in ("admin", "root", "demo", ""))


def test_the_file_is_nobody_elses_to_read(accounts: Accounts):
    assert stat.S_IMODE((home() / "accounts.db").stat().st_mode) == 0o600


def test_a_role_holds_in_its_company_and_nowhere_else(accounts: Accounts):
    create_company("acme")
    create_company("other")
    accounts.add("bo", who="tests", grants=[("analyst", "acme")])
    bo = accounts.account("bo")
    assert bo is not None
    assert [sorted(bo.roles_in(name)) for name in ("acme", "other", "*")] == [["analyst"], [], []]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: a.add("ANA", who="t"), "already"),
        (lambda a: a.add("no such name!", who="t"), "cannot be its name"),
        (lambda a: a.add("bo", who="t", password="short"), "needs 12"),
        (lambda a: a.add("bo", who="t", password="bo is my whole password"), "the account's name"),
        (lambda a: a.add("bo", who="t", grants=[("king", "*")]), "no role king"),
        (lambda a: a.add("bo", who="t", grants=[("planner", "nowhere")]), "no company"),
        (lambda a: a.add("bo", who="t", grants=[("planner", "*"), ("auditor", "*")]), "auditor and planner"),
        (lambda a: a.grant("ana", "auditor", "*", who="t"), "auditor and planner"),
        (lambda a: a.grant("nobody", "planner", "*", who="t"), "no account"),
        (lambda a: a.revoke("ana", "approver", "*", who="t"), "is no approver"),
        (lambda a: a.switch("nobody", is_active=False, who="t"), "no account"),
        (lambda a: a.add("bo", who="t", only_as_first=True), "Somebody else was first"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing_behind(change, said: str, accounts: Accounts):
    before = accounts.listed(), accounts.log()
    with pytest.raises(Refusal, match=said):
        change(accounts)
    assert (accounts.listed(), accounts.log()) == before


def test_a_role_everywhere_meets_the_roles_of_every_company(accounts: Accounts):
    create_company("acme")
    accounts.add("bo", who="tests", grants=[("auditor", "acme")])
    with pytest.raises(Refusal, match="approver and auditor"):
        accounts.grant("bo", "approver", "*", who="tests")


def test_of_two_who_would_be_first_one_is(monkeypatch: pytest.MonkeyPatch):
    make_passwords_cheap(monkeypatch)
    accounts = Accounts.open()

    def first(name: str) -> bool:
        try:
            accounts.add(name, who=name, password=PASSWORD, only_as_first=True)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(first, [f"admin{n}" for n in range(8)])) == 1
    assert len(accounts.listed()) == 1


def test_the_log_names_who_changed_what_and_cannot_be_changed(accounts: Accounts):
    accounts.grant("ana", "analyst", "*", who="root")
    accounts.revoke("ana", "planner", "*", who="root")
    sessions.sign_in(accounts, "ana", "wrong password")
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    sessions.sign_out(accounts, session(accounts, token))
    said = [(entry.who, entry.deed, entry.detail) for entry in accounts.log()][2:]
    assert said == [
        ("root", "granted", "analyst in every company"),
        ("root", "revoked", "planner in every company"),
        ("ana", "sign-in refused", ""),
        ("ana", "signed in", "with a password"),
        ("ana", "signed out", ""),
    ]
    assert [entry.entry_no for entry in accounts.log()] == list(range(1, 8))
    row = {"entry_no": 1, "at": "", "who": "", "deed": "", "account_name": "", "detail": ""}
    for change in (
        LOG.update().values(who="nobody"),
        LOG.delete(),
        LOG.insert().prefix_with("or replace").values(**row),
        LOG.insert().values(**row | {"entry_no": 99}),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="only ever added"), accounts.engine.begin() as connection:
            connection.execute(change)
