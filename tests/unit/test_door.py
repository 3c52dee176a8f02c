"""The forms at the door without a browser: which are refused, which cookie is set, and where they lead back to."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from pages.parts import identity, routes
from store import sessions
from store.accounts import Accounts
from tests.people import PASSWORD, make_passwords_cheap, with_people

HERE = "http://testserver"
RIGHT = {"account": "ana", "password": PASSWORD, "back": "/orders?site=LYO"}


@pytest.fixture(autouse=True)
def _way(monkeypatch: pytest.MonkeyPatch):
    """Passwords are asked for, at little cost, and nobody is known to an identity provider."""
    make_passwords_cheap(monkeypatch)
    monkeypatch.delenv("CROSSDOCK_MODE", raising=False)
    monkeypatch.delenv("CROSSDOCK_VIEWER", raising=False)
    monkeypatch.setattr(identity, "get_secrets_auth_section", dict)


class Door:
    """The door's addresses as one browser reaches them: it keeps cookies and follows nothing."""

    def __init__(self, url: str = HERE, client: str = "192.0.2.1"):
        self.cookies = httpx.Cookies()
        self._url, self._client = url, client

    def asks(self, method: str, path: str, **sent) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(Starlette(routes=routes.routes()), client=(self._client, 50_000))
            async with httpx.AsyncClient(transport=transport, base_url=self._url, cookies=self.cookies) as browser:
                answer = await browser.request(method, path, **sent)
                self.cookies = browser.cookies
                return answer

        return asyncio.run(ask())


@pytest.fixture
def door() -> Door:
    return Door()


def send(door: Door, path: str, fields: dict[str, str], *, origin: str | None = HERE, **headers: str):
    return door.asks("POST", path, data=fields, headers=({"origin": origin} if origin else {}) | headers)


def test_the_right_password_goes_back_to_the_page_with_a_cookie_that_scripts_cannot_read(door: Door):
    accounts = with_people()
    answer = send(door, routes.SIGN_IN, RIGHT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?site=LYO")
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/", "max-age=43200"))
    assert "secure" not in cookie
    assert sessions.standing(accounts, door.cookies[identity.COOKIE])


def test_over_https_the_cookie_never_travels_in_the_clear(door: Door):
    with_people()
    answer = send(door, routes.SIGN_IN, RIGHT, origin="https://testserver")
    assert "; secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("account", ["ana", "nobody", ""])
def test_a_wrong_try_says_the_same_whoever_was_meant(account: str, door: Door):
    with_people()
    answer = send(door, routes.SIGN_IN, {**RIGHT, "account": account, "password": "wrong password"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?site=LYO&door=wrong")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://testserver.evil.example", "http://testserver:81"]
)
@pytest.mark.parametrize("path", [routes.SIGN_IN, routes.SIGN_OUT, routes.FIRST])
def test_a_form_from_another_site_is_refused(path: str, origin: str | None, door: Door):
    with_people()
    answer = send(door, path, RIGHT, origin=origin)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_only_short_forms_are_read(door: Door):
    with_people()
    assert send(door, routes.SIGN_IN, {**RIGHT, "more": "x" * 9_000}).status_code == 413
    answer = door.asks("POST", routes.SIGN_IN, json=RIGHT, headers={"origin": HERE})
    assert answer.status_code == 403
    assert door.asks("GET", routes.SIGN_IN).status_code == 405


def test_a_password_may_hold_any_letter(door: Door):
    accounts = with_people()
    odd = "  a+b&c=d%20 ü€ ;"
    accounts.set_password("ana", odd, who="tests")
    assert "door" not in send(door, routes.SIGN_IN, {**RIGHT, "password": odd}).headers["location"]


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\r\nX: y"]
)
def test_the_way_back_never_leads_elsewhere(back: str, door: Door):
    with_people()
    assert send(door, routes.SIGN_IN, {**RIGHT, "back": back}).headers["location"] == "/"


def test_signing_out_ends_the_session_and_takes_the_cookie_away(door: Door):
    accounts = with_people()
    send(door, routes.SIGN_IN, RIGHT)
    token = door.cookies[identity.COOKIE]
    answer = send(door, routes.SIGN_OUT, {"back": "/orders?door=wrong"})
    assert answer.headers["location"] == "/orders?door=left"
    assert identity.COOKIE not in door.cookies
    assert sessions.standing(accounts, token) is None


@pytest.mark.parametrize("way", ["demo", "provider"])
@pytest.mark.parametrize("path", [routes.SIGN_IN, routes.SIGN_OUT, routes.FIRST])
def test_there_is_one_way_in(way: str, path: str, door: Door, monkeypatch: pytest.MonkeyPatch):
    with_people()
    monkeypatch.setattr(routes, "way_in", lambda: way)
    assert send(door, path, RIGHT).status_code == 404


FIRST = {"account": "root", "shown": "Ada", "new_password": PASSWORD, "again": PASSWORD}


def first(fields: dict[str, str], *, client: str = "127.0.0.1", host: str = "localhost", **headers: str):
    door = Door(f"http://{host}", client)
    return send(
        door, routes.FIRST, {**FIRST, "code": routes.set_up_code(), **fields}, origin=f"http://{host}", **headers
    )


def test_the_first_administrator_is_added_and_signed_in():
    answer = first({})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    [account] = Accounts.open().listed()
    assert account.roles_in("acme") == {"administrator", "analyst"}
    assert identity.COOKIE in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"code": "guess"}, "code"),
        ({"code": ""}, "code"),
        ({"again": "another"}, "differ"),
        ({"account": "no such name!"}, "name"),
        ({"new_password": "short", "again": "short"}, "weak"),
    ],
)
def test_the_first_administrator_is_told_what_is_wrong(fields: dict[str, str], said: str):
    assert first(fields).headers["location"] == f"/?door={said}"
    assert Accounts.open().is_empty()


def test_there_is_a_first_administrator_once():
    first({})
    assert first({"account": "second"}).headers["location"] == "/?door=taken"
    assert len(Accounts.open().listed()) == 1


@pytest.mark.parametrize(
    "way",
    [{"client": "192.0.2.7"}, {"host": "crossdock.example"}, {"x-forwarded-for": "127.0.0.1"}, {"forwarded": "for=1"}],
)
def test_the_first_administrator_is_added_on_the_machine_itself(way: dict[str, str]):
    assert first({}, **way).status_code == 403
    assert Accounts.open().is_empty()
