"""Who may come in: what the list of people tells of each role, who looked at it, and what a refresh makes of it without a name."""

import datetime as dt
from typing import Any

import pytest

from errors import Refusal
from pipelines import access, flow
from store import sessions
from store.access_review import Held, held_in, is_own_name, review
from store.accounts import Accounts
from store.company import Company, create_company
from store.warehouse import current_build
from tests.conftest import TINY
from tests.people import PASSWORD, Clock, make_passwords_cheap
from tests.unit.test_registers import row_of
from tests.worlds import world

AS_OF = dt.date(2026, 11, 13)
SIGN_IN, REVIEW = "security_baseline/sign_in", "security_baseline/role_review"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(clock: Clock, company: Company, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """Ana with a password, the shared `warehouse2` without one, and Adam, who looks after them; all in acme."""
    make_passwords_cheap(monkeypatch)
    accounts = Accounts.open(clock=clock)
    accounts.add("ana", who="tests", password=PASSWORD, grants=[("planner", "acme"), ("approver", "*")])
    accounts.add("warehouse2", who="tests", grants=[("planner", "acme")])
    accounts.add("adam@acme.example", who="tests", grants=[("administrator", "*")])
    return accounts


def told(accounts: Accounts) -> dict[tuple[int, str], Held]:
    return {(one.person_no, one.role): one for one in held_in(accounts, "acme")}


def test_each_role_tells_how_its_holder_signs_in_and_when_it_was_given(accounts: Accounts, clock: Clock):
    given = clock.now
    clock.goes(days=3)
    assert sessions.sign_in(accounts, "Ana", "wrong" + PASSWORD) is None
    assert told(accounts)[1, "planner"].signed_in_at is None, "a refused sign-in is none"
    assert sessions.sign_in(accounts, "Ana", PASSWORD)
    found = told(accounts)
    assert list(found) == [(1, "planner"), (1, "approver"), (2, "planner"), (3, "administrator")]
    ana, shared, adam = found[1, "approver"], found[2, "planner"], found[3, "administrator"]
    assert ana == Held(1, "approver", "password", True, given.date(), clock.now, given)
    assert (shared.signs_in, shared.is_own, shared.signed_in_at) == ("provider", False, None)
    assert (adam.signs_in, adam.is_own) == ("provider", True)
    accounts.switch("warehouse2", is_active=False, who="tests")
    accounts.revoke("ana", "planner", "acme", who="tests")
    assert list(told(accounts)) == [(1, "approver"), (3, "administrator")], "numbers stay with their people"
    assert held_in(accounts, "elsewhere")[0].role == "approver", "a role that holds everywhere holds there"


def test_a_review_counts_for_everybody_but_who_looked(accounts: Accounts, clock: Clock):
    given = clock.now
    clock.goes(days=200)
    assert review(accounts, "acme", reviewer="Adam@acme.example", who="root") == 2
    found = told(accounts)
    assert [one.looked_at for one in found.values()] == [clock.now, clock.now, clock.now, given]
    create_company("other")
    assert {one.looked_at for one in held_in(accounts, "other")} == {given}, "a look at one company is none at another"


def test_alone_nobody_can_look_at_roles(company: Company):
    alone = Accounts.open()
    alone.add("adam", who="tests", grants=[("administrator", "*")])
    with pytest.raises(Refusal, match="Nobody but adam"):
        review(alone, "acme", reviewer="adam", who="root")


@pytest.mark.parametrize("reviewer", ["nobody", "ana"])
def test_only_who_holds_a_role_there_has_looked(accounts: Accounts, reviewer: str):
    accounts.switch("ana", is_active=False, who="tests")
    with pytest.raises(Refusal, match="is no account with a role"):
        review(accounts, "acme", reviewer=reviewer, who="root")


def test_what_people_give_themselves_nobody_else_has_looked_at(company: Company):
    first = Accounts.open()
    first.add("adam", who="adam", grants=[("administrator", "*")])
    assert [one.looked_at for one in held_in(first, "acme")] == [None]


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "sap_user",
        "noreply@acme.example",
        "Warehouse-2",
        "it.support",
        "office@acme.example",
        "planner1",
        "007",
    ],
)
def test_a_name_of_nobody_in_particular(name: str):
    assert not is_own_name(name)
    assert is_own_name(f"{name.partition('@')[0]}.lindqvist")


# ── the act and the table ────────────────────────────────────────────────────────────────────────────────────────────
def noted(company: Company) -> list[Any]:
    """The acts, after what is new was put down as a refresh does."""
    ledger = flow.ledger_of(company)
    if (held := access.news(company, [act.payload for act in ledger.acts()])) is not None:
        ledger.append(access.KIND, company.name, "tests", held)
    return ledger.acts()


def test_people_are_noted_when_they_differ_without_their_names(company: Company, accounts: Accounts, clock: Clock):
    assert len(noted(company)) == 1
    (act,) = noted(company)
    assert (act.kind, act.subject) == ("access", "acme")
    assert not any(name in str(act.payload) for name in ("ana", "warehouse2", "adam"))
    sessions.sign_in(accounts, "ana", PASSWORD)
    assert len(noted(company)) == 2, "the first sign-in of a month"
    clock.goes(days=2)
    sessions.sign_in(accounts, "ana", PASSWORD)
    assert len(noted(company)) == 2, "a second one in the same month says nothing new"
    accounts.grant("ana", "analyst", "acme", who="tests")
    assert len(noted(company)) == 3


def test_where_nobody_has_an_account_nothing_is_noted_and_no_list_is_begun(company: Company):
    assert access.news(company, []) is None
    assert not (company.folder.parent / "accounts.db").exists()


def stands(*roles: dict[str, Any], at: dt.date = AS_OF, as_of: dt.date = AS_OF) -> dict[str, tuple[str, str]]:
    """What the data say to both rows where people were noted so."""
    usual = {
        "person": 1, "role": "planner", "signs_in": "provider", "is_own": True, "added_on": "2026-01-05",
        "signed_in_month": "2026-11-01", "looked_on": "2026-10-01",
    }  # fmt: skip
    payload = {"roles": [usual | {"person": number} | one for number, one in enumerate(roles, start=1)]}
    moment = dt.datetime(at.year, at.month, at.day, 9, tzinfo=dt.UTC)
    act = {"kind": "access", "subject": "acme", "who": "adam", "at": moment, "payload": payload}
    made = world("marts.registers", as_of=as_of, acts=[act] if roles else [])
    return {name: (row_of(made, name)["found_code"], row_of(made, name)["found_text"]) for name in (SIGN_IN, REVIEW)}


def test_without_accounts_nothing_is_counted_and_nothing_shown():
    said = "Nothing was counted that would show it: no account was noted here (raw.access_grants)."
    assert set(stands().values()) == {("no data", said)}


def test_sound_people_are_in_place_and_each_fault_stands_against_its_row():
    assert {code for code, _ in stands({}, {}).values()} == {"in place"}
    for fault, (sign_in, looked) in {
        ("signs_in", "password"): ("contradicted", "in place"),
        ("is_own", False): ("contradicted", "in place"),
        ("looked_on", "2026-05-13"): ("in place", "contradicted"),
        ("looked_on", "2026-05-14"): ("in place", "in place"),
        ("looked_on", None): ("in place", "contradicted"),
        ("signed_in_month", None): ("in place", "contradicted"),
        ("signed_in_month", "2026-04-01"): ("in place", "contradicted"),
    }.items():
        found = stands({}, dict([fault]))
        assert (found[SIGN_IN][0], found[REVIEW][0]) == (sign_in, looked), fault
    assert stands({}, {"signs_in": "password"})[SIGN_IN][1].startswith(
        "1 of 2 people who may come in do so under a name"
    )


def test_roles_grow_old_with_the_data_and_with_the_day_of_the_look():
    assert stands({}, as_of=dt.date(2027, 4, 2))[REVIEW][0] == "in place"
    assert stands({}, as_of=dt.date(2027, 4, 3))[REVIEW][0] == "contradicted", (
        "nobody has looked since, and the data went on"
    )
    assert stands({}, at=dt.date(2027, 4, 3))[REVIEW][0] == "contradicted", (
        "the data are old, the look at the list is not"
    )


def test_a_list_that_cannot_be_read_stops_no_refresh_and_is_said(company: Company, tmp_path):
    """The nightly refresh of another account of the machine, or a file that a disk has damaged."""
    (company.folder.parent / "accounts.db").write_bytes(
        b"not a list of people at all, but long enough to be taken for a file"
    )
    flow.land(company, TINY / "skus.csv", who="tests", is_trusted=True)
    said: list[str] = []
    flow.refresh(company, who="tests", progress=lambda _, text: said.append(text))
    assert current_build(company) is not None
    assert any("Roles and sign-ins were not noted" in text for text in said)


def test_a_refresh_reads_the_list_and_is_not_made_anew_while_it_stays(accounts: Accounts):
    company = create_company("tiny")
    flow.land(company, TINY / "skus.csv", who="tests", is_trusted=True)
    first = flow.refresh(company, who="tests")
    build = current_build(company)
    assert build is not None
    grants = build.query("select person_no, role_code, is_own_name, listed_date from raw.access_grants order by 1")
    assert grants.rows() == [
        (1, "approver", True, grants["listed_date"][0]),
        (3, "administrator", True, grants["listed_date"][0]),
    ]
    assert flow.refresh(company, who="tests").is_unchanged
    accounts.grant("ana", "planner", "tiny", who="tests")
    second = flow.refresh(company, who="tests")
    assert not second.is_unchanged
    assert second.input_hash != first.input_hash
