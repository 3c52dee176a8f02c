"""Who is asking and what they may do: a demo that stays on its machine, sessions behind names, acts that come too late."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from decisions.personas import PERSONAS
from errors import Refusal
from pages.parts import identity, rights
from pages.parts.identity import Somebody, ready_to_start
from pages.parts.loopback import VISITOR, Loopback, is_from_here
from pages.parts.page import Viewer, Visit
from pages.parts.side_door import SideDoor
from store import sessions
from store.company import create_company
from tests.people import PASSWORD, make_passwords_cheap, session, with_people


@pytest.fixture(autouse=True)
def _way(monkeypatch: pytest.MonkeyPatch):
    """Passwords are asked for, at little cost, and nobody is known to an identity provider."""
    make_passwords_cheap(monkeypatch)
    monkeypatch.delenv("CROSSDOCK_MODE", raising=False)
    monkeypatch.delenv("CROSSDOCK_VIEWER", raising=False)
    monkeypatch.setattr(identity, "get_secrets_auth_section", dict)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.0.2.1", "crossdock.example"])
def test_a_demo_that_others_could_reach_does_not_start(address: str | None, monkeypatch: pytest.MonkeyPatch):
    ready_to_start(address)
    monkeypatch.setenv("CROSSDOCK_MODE", "demo")
    with pytest.raises(Refusal, match="others could reach"):
        ready_to_start(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_a_demo_on_this_machine_starts(address: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROSSDOCK_MODE", "demo")
    ready_to_start(address)


def test_a_mode_that_is_none_is_no_demo(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROSSDOCK_MODE", "Demo")
    with pytest.raises(Refusal, match="CROSSDOCK_MODE"):
        ready_to_start("127.0.0.1")


@pytest.mark.parametrize("secret", ["", "changeme", "x" * 64])
def test_a_provider_with_a_weak_cookie_secret_does_not_start(secret: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(identity, "get_secrets_auth_section", lambda: {"cookie_secret": secret})
    with pytest.raises(Refusal, match="cookie_secret"):
        ready_to_start("127.0.0.1")
    monkeypatch.setattr(identity, "get_secrets_auth_section", lambda: {"cookie_secret": "0123456789abcdef" * 4})
    ready_to_start("127.0.0.1")


def guarded(
    kind: str = "http", *, client: str = "127.0.0.1", host: str = "localhost:8501", **headers: str
) -> list[dict]:
    """What goes out through the guard of the demo."""
    sent: list[dict] = []

    async def server(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def take() -> dict:
        return {"type": f"{kind}.connect"}

    async def keep(message):
        sent.append(message)

    named = [(name.encode(), said.encode()) for name, said in {"host": host, **headers}.items()]
    asyncio.run(Loopback(server)({"type": kind, "client": (client, 5), "headers": named}, take, keep))
    return sent


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501"])
def test_the_demo_answers_on_this_machine(host: str):
    [answer] = guarded(host=host)
    assert answer["status"] == 200
    assert VISITOR in str(answer["headers"])
    assert guarded(host=host, cookie=f"{VISITOR}=1")[0]["headers"] == [], "a browser keeps the name that it was given"


@pytest.mark.parametrize(
    "way",
    [
        {"client": "192.0.2.7"},
        {"host": "evil.example"},
        {"host": ""},
        {"host": "["},
        {"x-forwarded-for": "1"},
        {"x-real-ip": "1"},
    ],
)
def test_the_demo_answers_nobody_from_elsewhere(way: dict[str, str]):
    """Also not a page of another site whose name was made to point here, and nothing that a proxy passes on."""
    assert guarded(**way)[0]["status"] == 403
    assert guarded("websocket", **way)[0] == {"type": "websocket.close", "code": 1008}


def test_a_request_without_headers_is_from_nowhere():
    assert not is_from_here("127.0.0.1", {})
    assert not is_from_here(None, {"host": "localhost"})


def test_a_file_is_taken_from_a_session_that_may_bring_files_in_and_from_nobody_else():
    """The address lies beside the pages, and Streamlit asks only for a page that is open."""
    accounts = with_people()
    token = sessions.sign_in(accounts, "ana", PASSWORD)
    reached: list[str] = []

    async def server(scope, receive, send):
        reached.append(scope["path"])

    def sends(cookie: str, path: str = "/_stcore/upload_file/a/b", method: str = "PUT") -> bool:
        reached.clear()
        scope = {"type": "http", "path": path, "method": method, "headers": [(b"cookie", cookie.encode())]}

        async def swallow(_message):
            return None

        asyncio.run(SideDoor(server)(scope, None, swallow))
        return bool(reached)

    assert not any(sends(cookie) for cookie in ("", "crossdock_session=made-up", "=;;", f"crossdock_session={token}"))
    assert not sends("", "/crossdock/_stcore/upload_file/a/b", "DELETE")
    accounts.grant("ana", "analyst", "*", who="tests")
    assert sends(f"crossdock_session={token}")
    assert sends("", "/orders")


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The cookies of this run's browser."""
    found: dict[str, str] = {}
    screen = SimpleNamespace(context=SimpleNamespace(cookies=found), session_state={}, get_option=lambda _: "127.0.0.1")
    monkeypatch.setattr(identity, "st", screen)
    return found


def test_who_asks_comes_from_the_session_and_from_nothing_else(cookies: dict[str, str]):
    accounts = with_people()
    assert identity.established() is None
    cookies[identity.COOKIE] = "made up"
    assert identity.established() is None
    cookies[identity.COOKIE] = sessions.sign_in(accounts, "ana", PASSWORD) or ""
    somebody = identity.established()
    assert somebody is not None
    assert (somebody.who, somebody.display_name, somebody.viewer_in("acme").role) == ("ana", "Ana Novak", "planner")
    assert not somebody.is_demo
    accounts.switch("ana", is_active=False, who="tests")
    assert identity.established() is None


def test_a_part_is_kept_for_the_browser_and_is_no_part_outside_the_demo(cookies: dict[str, str], monkeypatch):
    monkeypatch.setenv("CROSSDOCK_MODE", "demo")
    cookies[VISITOR] = "one browser"
    identity.take_part("E.Rossi")
    assert identity.established().viewer_in("acme").role == "executive"
    cookies[VISITOR] = "another"
    identity.st.session_state.clear()
    assert identity.established().who == PERSONAS[0].who
    monkeypatch.setenv("CROSSDOCK_VIEWER", "somebody")
    monkeypatch.setenv("CROSSDOCK_ROLE", "auditor")
    assert identity.established().viewer_in("acme") == Viewer(
        "somebody", "somebody", frozenset({"auditor"}), is_demo=True
    )
    monkeypatch.delenv("CROSSDOCK_MODE")
    assert identity.established() is None


def test_a_company_without_a_role_in_it_is_not_even_named():
    somebody = Somebody("ana", "Ana", frozenset({("planner", "acme")}))
    assert somebody.may_enter(["acme", "other"]) == ["acme"]
    assert Somebody("bo", "Bo").may_enter(["acme", "other"]) == []


@pytest.mark.parametrize("ended", ["signed out", "switched off", "role taken"])
def test_an_act_on_a_page_that_was_drawn_before_the_session_ended_is_not_done(ended: str):
    """A button outlives the run that drew it."""
    accounts, company = with_people(), create_company("acme")
    found = session(accounts, sessions.sign_in(accounts, "ana", PASSWORD))
    somebody = identity._known(found)
    visit = Visit(company, None, somebody.viewer_in("acme"))
    assert rights.allowed(visit, "propose")
    assert not rights.allowed(visit, "upload")
    end: dict[str, Callable[[], object]] = {
        "signed out": lambda: sessions.sign_out(accounts, found),
        "switched off": lambda: accounts.switch("ana", is_active=False, who="tests"),
        "role taken": lambda: accounts.revoke("ana", "planner", "*", who="tests"),
    }
    end[ended]()
    assert not rights.allowed(visit, "propose")


def test_a_viewer_made_by_hand_may_do_nothing(monkeypatch: pytest.MonkeyPatch):
    """Without a session behind it a name and roles are only words; so is a part of the demo outside the demo."""
    accounts, company = with_people(), create_company("acme")
    of_ana = session(accounts, sessions.sign_in(accounts, "ana", PASSWORD)).session_hash
    for viewer in (
        Viewer("bo", roles=frozenset({"administrator"}), session=of_ana),
        Viewer("ana", roles=frozenset({"administrator"})),
        Viewer("ana", roles=frozenset({"administrator"}), is_demo=True),
        Viewer("ana", roles=frozenset({"administrator"}), session="made up"),
    ):
        assert not rights.allowed(Visit(company, None, viewer), "view")
    monkeypatch.setenv("CROSSDOCK_MODE", "demo")
    assert rights.allowed(Visit(company, None, Viewer("ana", roles=frozenset({"auditor"}), is_demo=True)), "view")
