"""Signing in at an identity provider: one way in, roles from our accounts, and a session that ends as others do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from store.accounts import Accounts
from tests.browser.driver import PATIENCE_MS, Person, person
from tests.browser.people import guarded_home
from tests.browser.provider import Provider, providing
from tests.browser.server import Server, free_port, serving


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as running:
        yield running


@pytest.fixture(scope="module")
def home(company_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = guarded_home(company_home, tmp_path_factory.mktemp("provided") / "companies")
    Accounts.open(home).add("ana@acme.example", who="tests", display_name="Ana Novak", grants=[("planner", "demo")])
    return home


@pytest.fixture(scope="module")
def provided(provider: Provider, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that leaves the question who it is to the provider."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    (folder / "secrets.toml").write_text(provider.secrets(f"http://127.0.0.1:{port}"), "utf-8")
    environment = {
        "CROSSDOCK_HOME": str(home),
        "CROSSDOCK_MODE": "",
        "STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"),
    }
    with serving(folder, environment=environment, port=port) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, provided: Server, provider: Provider) -> Iterator[Person]:
    """Somebody who may be sent to the provider, and to no other host."""
    seated = person(browser, provided)
    yield seated
    seated.context.close()
    assert [address for address in seated.foreign if not address.startswith(provider.url)] == []
    assert seated.broken == []


def signs_in(visitor: Person) -> Person:
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.get_by_text("You are signed in").or_(visitor.page.get_by_text("Signed in as")).first.wait_for(
        timeout=PATIENCE_MS
    )
    return visitor.waits()


def test_a_known_address_gets_the_roles_of_its_account_and_is_outside_after_signing_out(
    visitor: Person, provider: Provider, home: Path
):
    provider.claims = {"email": "ANA@acme.example", "email_verified": True, "name": "Somebody Else"}
    visitor.goes_to("/orders").sees("Crossdock asks your organisation who you are.")
    assert visitor.page.locator("input").count() == 0, "there is one way in"
    signs_in(visitor).sees("Signed in as", "Ana Novak", "planner", "Northgate Supply")
    kept = visitor.context.cookies()
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.get_by_role("button", name="Sign in").wait_for(timeout=PATIENCE_MS)
    visitor.context.add_cookies(kept)  # the provider's cookie lives for 30 days, wherever a copy of it went
    visitor.goes_to("/orders").sees("Crossdock asks your organisation who you are.")
    assert [entry.deed for entry in Accounts.open(home).log()][-2:] == ["signed in", "signed out"]


@pytest.mark.parametrize("email", ["stranger@acme.example", "nina"])
def test_whom_the_accounts_do_not_know_or_gave_no_role_sees_nothing(email: str, visitor: Person, provider: Provider):
    provider.claims = {"email": email, "sub": email}
    signs_in(visitor.goes_to("/orders")).sees("You are signed in and have no role here yet.")
    assert "Northgate" not in visitor.page.content()


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email": ""}, {"iat": 1_000_000_000}])
def test_a_claim_that_proves_nothing_lets_nobody_in(claims: dict, visitor: Person, provider: Provider):
    """An address that nobody verified, none at all, and a login from long ago."""
    provider.claims = {"email": "ana@acme.example", "sub": str(claims)} | claims
    visitor.goes_to("/orders")
    with visitor.page.expect_response(lambda answer: "/oauth2callback" in answer.url, timeout=PATIENCE_MS) as back:
        visitor.page.get_by_role("button", name="Sign in").click()
    assert back.value.status == 302
    visitor.page.wait_for_url(f"{visitor.server.url}/", timeout=PATIENCE_MS)
    visitor.waits().goes_to("/orders").sees("Crossdock asks your organisation who you are.")
    assert "Northgate" not in visitor.page.content()
    assert any(cookie["name"].startswith("_streamlit_user") for cookie in visitor.context.cookies())
