"""The command line for people: accounts are added, listed, given roles, switched off; passwords never stand in a command."""

import io
import json

import pytest

from pipelines.__main__ import main
from store import sessions
from store.accounts import Accounts
from store.company import create_company
from tests.people import PASSWORD, make_passwords_cheap


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs `accounts …` with these lines on standard input; gives its exit code and what it printed."""
    make_passwords_cheap(monkeypatch)
    monkeypatch.setenv("CROSSDOCK_VIEWER", "root")
    create_company("acme")

    def command(*words: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        code = main(["accounts", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


def test_an_account_is_added_given_roles_and_switched_off(run):
    assert (
        run("add", "ana", "--display-name", "Ana", "--role", "planner", "--company", "acme", typed=f"{PASSWORD}\n")[0]
        == 0
    )
    accounts = Accounts.open()
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    assert (
        run("grant", "ana", "--role", "analyst", "--everywhere")[1]
        == "ana: planner in acme, analyst in every company\n"
    )
    assert run("revoke", "ana", "--role", "planner", "--company", "acme")[1] == "ana: analyst in every company\n"
    [said] = json.loads(run("list", "--json")[1])
    assert said == {
        "person": 1,
        "name": "ana",
        "display_name": "Ana",
        "is_active": True,
        "has_password": True,
        "roles": [{"role": "analyst", "company": "*"}],
    }
    assert run("disable", "ana") == (0, "ana (switched off): analyst in every company\n")
    assert sessions.standing(accounts, token or "") is None
    assert run("enable", "ana")[0] == 0
    assert run("password", "ana", typed="another four words\r\n")[0] == 0
    assert sessions.sign_in(accounts, "ana", "another four words")
    assert [line["deed"] for line in json.loads(run("log", "--json")[1])][:3] == ["added", "granted", "signed in"]
    assert all(line["who"] in ("root", "ana") for line in json.loads(run("log", "--json")[1]))


def test_a_review_of_roles_is_recorded_by_somebody_else_and_one_of_no_company_refused(run):
    for name in ("ana", "ben"):
        run("add", name, "--role", "planner", "--company", "acme", typed=f"{PASSWORD}\n")
    assert "roles of 1 person in acme" in run("review", "ana", "--company", "acme")[1]
    deeds = [(line["deed"], line["account_name"], line["who"]) for line in json.loads(run("log", "--json")[1])][-2:]
    assert deeds == [("reviewed", "ben", "ana"), ("review entered", "ana", "root")]
    code, told = run("review", "ana", "--company", "nowhere")
    assert (code, "no company called 'nowhere'" in told) == (2, True)


def test_somebody_whom_a_provider_signs_in_has_no_password(run):
    assert run("add", "ana@acme.example", "--no-password", "--role", "auditor", "--everywhere")[0] == 0
    assert "identity provider" in run("list")[1]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (["add", "ana", "--role", "planner"], PASSWORD, "in which company"),
        (["add", "ana"], "short", "needs 12"),
        (["add", "ana"], "", "needs 12"),
        (["add", "ana", "--role", "planner", "--role", "auditor", "--everywhere"], PASSWORD, "auditor and planner"),
        (["add", "ana", "--role", "planner", "--company", "nowhere"], PASSWORD, "no company"),
        (["grant", "nobody", "--role", "planner", "--everywhere"], "", "no account"),
    ],
)
def test_what_cannot_be_is_refused_and_nobody_is_added(run, words: list[str], typed: str, said: str):
    code, told = run(*words, typed=typed)
    assert code == 2
    assert said in told
    assert run("list", "--json")[1] == "[]\n"


@pytest.mark.parametrize(
    "words", [["grant", "ana"], ["add", "ana", "--role", "king"], ["add", "ana", "--company", "a", "--everywhere"], []]
)
def test_words_that_say_too_little_or_too_much_are_explained(run, words: list[str]):
    with pytest.raises(SystemExit):
        run(*words)


def test_without_anybody_the_list_says_how_to_begin(run):
    assert "accounts add NAME" in run("list")[1]
