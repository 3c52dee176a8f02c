"""In and out by the front door: with a password, with a wrong one, without a right, as somebody else, as the first."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from store import sessions
from store.accounts import Accounts
from tests.architecture.checkout import addresses
from tests.browser.driver import PATIENCE_MS, Person
from tests.browser.people import guarded_home
from tests.browser.server import ROOT, Server, serving
from tests.browser.visitor import first_visit
from tests.people import PASSWORD

WRONG = "This name and password do not go together."


@pytest.fixture(scope="module")
def home(company_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return guarded_home(company_home, tmp_path_factory.mktemp("guarded") / "companies")


@pytest.fixture(scope="module")
def locked(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that asks for a password."""
    environment = {"CROSSDOCK_HOME": str(home), "CROSSDOCK_MODE": ""}
    with serving(tmp_path_factory.mktemp("locked"), environment=environment) as running:
        yield running


def signs_in(person: Person, name: str, password: str = PASSWORD) -> Person:
    """Types name and password and presses Enter; no mouse is touched."""
    person.page.get_by_label("Name").focus()
    person.page.keyboard.type(name)
    person.page.keyboard.press("Tab")
    person.page.keyboard.type(password)
    with person.page.expect_navigation(timeout=PATIENCE_MS):
        person.page.keyboard.press("Enter")
    return person.waits()


def signs_out(person: Person) -> Person:
    with person.page.expect_navigation(timeout=PATIENCE_MS):
        person.page.get_by_role("button", name="Sign out").click()
    return person.waits()


def test_by_keyboard_alone_one_comes_to_the_page_that_was_asked_for(locked: Server, somebody: Callable[..., Person]):
    ana = somebody(locked).goes_to("/orders?company=demo&period=last_quarter")
    assert ana.page.title() == "Sign in · Crossdock"
    expect(ana.page.locator("[data-testid=stSidebar]")).to_have_count(0)
    signs_in(ana, "ana").sees("Signed in as", "Ana Novak").sees_no_error()
    ana.is_at("/orders")
    assert "door=" not in ana.page.url
    expect(ana.page.get_by_role("heading", name="Orders")).to_be_visible()
    ana.goes_to("/shipments").sees("Signed in as")


def test_a_wrong_try_says_what_to_do_and_not_who_is_known(locked: Server, somebody: Callable[..., Person]):
    person = somebody(locked).goes_to("/orders")
    texts = []
    for name in ("adam", "nobody-at-all"):
        signs_in(person, name, "wrong password").sees(WRONG)
        texts.append(person.page.locator("[data-testid=stApp]").inner_text())
    assert texts[0] == texts[1]
    signs_in(person, "adam").sees("Signed in as")
    person.is_at("/orders")


def test_after_five_wrong_tries_the_right_one_has_to_wait(locked: Server, somebody: Callable[..., Person]):
    person = somebody(locked).goes_to("/")
    for _ in range(5):
        signs_in(person, "nina", "wrong password")
    signs_in(person, "nina").sees(WRONG)


def test_who_signs_out_is_outside_in_every_tab(locked: Server, somebody: Callable[..., Person]):
    ana = signs_in(somebody(locked).goes_to("/orders"), "ana")
    cookie = next(one for one in ana.context.cookies() if one["name"] == "crossdock_session")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    other_tab = ana.context.new_page()
    other_tab.goto(f"{locked.url}/shipments?company=demo")
    other_tab.get_by_text("Signed in as").wait_for(timeout=PATIENCE_MS)
    signs_out(ana).sees("You are signed out.")
    other_tab.get_by_role("link", name="Inventory").click()
    other_tab.get_by_role("button", name="Sign in").wait_for(timeout=PATIENCE_MS)
    expect(other_tab.locator(".cd-frame")).to_have_count(0)
    stolen = first_visit(locked, "orders", cookie=f"crossdock_session={cookie['value']}")
    assert "Northgate" not in stolen.text


def test_somebody_without_a_role_and_somebody_elsewhere_see_no_company(locked: Server, home: Path):
    accounts = Accounts.open(home)
    for name, seen, unseen in (("olga", "Other Ltd", "Northgate"), ("paul", "Northgate", "Other Ltd")):
        token = sessions.sign_in(accounts, name, PASSWORD)
        for address in addresses():
            answer = first_visit(locked, address, cookie=f"crossdock_session={token}")
            assert answer.errors == []
            assert seen in answer.text
            assert unseen not in answer.text
    accounts.add("zoe", who="tests", password=PASSWORD)
    token = sessions.sign_in(accounts, "zoe", PASSWORD)
    answer = first_visit(locked, "orders", cookie=f"crossdock_session={token}")
    assert "have no role here yet" in answer.text
    assert "Northgate" not in answer.text


def test_a_page_without_the_right_to_it_says_whom_to_ask(locked: Server, somebody: Callable[..., Person]):
    paul = signs_in(somebody(locked).goes_to("/upload?company=demo"), "paul")
    paul.sees(
        "Upload is not open to you.", "It takes an analyst or an administrator. Adam Novak can give you that role."
    )
    expect(paul.page.locator("input[type=file]")).to_have_count(0)
    expect(paul.page.get_by_role("link", name="Upload")).to_have_count(0)
    paul.goes_to("/health?company=demo").sees("You cannot build the tables anew here.")
    expect(paul.page.get_by_role("button", name="Refresh now")).to_have_count(0)


def test_a_role_that_is_taken_is_gone_at_the_next_click(locked: Server, home: Path, somebody: Callable[..., Person]):
    accounts = Accounts.open(home)
    accounts.add("tom", who="tests", password=PASSWORD, grants=[("analyst", "*"), ("planner", "*")])
    tom = signs_in(somebody(locked).goes_to("/upload?company=demo"), "tom").sees("Drop extracts here")
    accounts.revoke("tom", "analyst", "*", who="tests")
    tom.page.get_by_role("button", name="Refresh now").click()
    tom.waits().sees("Upload is not open to you.")
    accounts.switch("tom", is_active=False, who="tests")
    tom.page.get_by_role("link", name="Orders").click()
    tom.waits().sees("Your session has ended")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_door(scheme: str, locked: Server, somebody: Callable[..., Person]):
    person = somebody(locked, scheme=scheme).goes_to("/")
    signs_in(person, "nobody", "wrong password").sees(WRONG)
    found = Axe().run(person.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
    ours = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]
    assert ours == []


def test_in_the_demo_one_takes_a_part_and_stays_on_the_page(server: Server, somebody: Callable[..., Person]):
    person = somebody(server).goes_to("/orders?company=demo&period=last_quarter")
    person.sees("Demo: you act as Anna Novak (analyst)")
    before = person.page.url
    takes_part(person, "Karin Lindqvist, planner").sees("Demo: you act as Karin Lindqvist (planner)")
    assert person.page.url == before
    person.goes_to("/upload").sees("Upload is not open to you.", "switch to Anna Novak or Samir Haddad in the sidebar")
    for address in addresses():
        person.goes_to(f"/{address}").sees("Demo: you act as Karin Lindqvist (planner)")
    somebody(server).goes_to("/").sees("Demo: you act as Anna Novak (analyst)")


def takes_part(person: Person, words: str) -> Person:
    person.page.get_by_role("combobox", name="Demo: you act as").click()
    person.page.get_by_role("option", name=words).click()
    return person.waits()


@pytest.mark.parametrize(
    ("address", "environment", "said"),
    [
        ("0.0.0.0", {"CROSSDOCK_MODE": "demo"}, "In demo mode nobody is asked for a password"),
        ("127.0.0.1", {"CROSSDOCK_MODE": "Demo"}, "CROSSDOCK_MODE is 'Demo'"),
    ],
)
def test_a_server_whose_door_would_not_hold_does_not_start(address: str, environment: dict, said: str, tmp_path: Path):
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port", "0"]
    done = subprocess.run(
        [*command, "--server.address", address],
        cwd=ROOT,
        env={**os.environ, "CROSSDOCK_HOME": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_the_first_administrator_begins_with_the_code_from_the_terminal(
    tmp_path: Path, somebody: Callable[..., Person]
):
    environment = {"CROSSDOCK_HOME": str(tmp_path / "companies"), "CROSSDOCK_MODE": ""}
    with serving(tmp_path, environment=environment) as fresh:
        code = re.search(r"Set-up code for the first one: (\w+)", fresh.log.read_text("utf-8"))
        assert code
        person = somebody(fresh).goes_to("/").sees("Add the first administrator")
        adds_the_first(person, "guess").sees("This is not the set-up code.")
        adds_the_first(person, code[1]).sees("Signed in as", "There is nothing to show yet")
        signs_out(person).sees("Sign in")
        signs_in(person, "ada").sees("Signed in as", "Ada Novak")


def adds_the_first(person: Person, code: str) -> Person:
    fields = {"code": code, "account": "ada", "shown": "Ada Novak", "new_password": PASSWORD, "again": PASSWORD}
    for name, said in fields.items():
        person.page.locator(f"input[name={name}]").fill(said)
    with person.page.expect_navigation(timeout=PATIENCE_MS):
        person.page.keyboard.press("Enter")
    return person.waits()
