"""Who is asking, by one of three ways in: a part of the demo, an identity provider, or an account of this installation."""

import os
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section

from decisions.personas import PERSONAS, Persona
from errors import Refusal
from pages.parts.loopback import VISITOR, is_loopback
from pages.parts.page import Viewer
from store import sessions
from store.account_roles import EVERYWHERE
from store.accounts import Account, Accounts

COOKIE = "crossdock_session"
DEMO, PROVIDER, ACCOUNTS = "demo", "provider", "accounts"
SECRET_LETTERS = 32
NOBODY_TO_GO_ON = "The server was not started."
VISITORS_AT_MOST = 1_000
TAKEN = "part_taken"
PARTS: OrderedDict[str, str] = OrderedDict()  # browser → whose part it plays


@dataclass(frozen=True)
class Somebody:
    """One person at the front door, before a company was chosen.

    Args:
        grants: pairs of role and company, the latter `*` for every company.
        session: the hash of the session, empty in the demo and for a stranger whom an identity provider knows.
    """

    who: str
    display_name: str
    grants: frozenset[tuple[str, str]] = frozenset()
    is_demo: bool = False
    session: str = field(default="", repr=False)

    def viewer_in(self, company: str) -> Viewer:
        """The same person, looking at that company."""
        roles = frozenset(role for role, where in self.grants if where in (company, EVERYWHERE))
        return Viewer(self.who, self.display_name, roles, self.is_demo, self.session)

    def may_enter(self, companies: Iterable[str]) -> list[str]:
        """Those among the companies in which this person has a role; of the others not even the name is told."""
        return [company for company in companies if self.viewer_in(company).roles]


def way_in() -> str:
    """How people come in here: `demo`, `provider` or `accounts`; there is never more than one way.

    Errors: a Refusal for a CROSSDOCK_MODE that is none.
    """
    mode = os.environ.get("CROSSDOCK_MODE", "")
    if mode not in ("", DEMO):
        raise Refusal(
            NOBODY_TO_GO_ON, f"CROSSDOCK_MODE is {mode!r}.", "Set it to demo, or leave it out to ask for passwords."
        )
    if mode == DEMO:
        return DEMO
    return PROVIDER if get_secrets_auth_section() else ACCOUNTS


def ready_to_start(address: str | None) -> None:
    """Look before the server starts whether its doors would hold.

    Args:
        address: what the server is going to be bound to.

    Errors: a Refusal for a demo that others could reach, and for an identity provider whose cookies could be forged.
    """
    way = way_in()
    if way == DEMO and not is_loopback(address):
        raise Refusal(
            NOBODY_TO_GO_ON,
            f"In demo mode nobody is asked for a password, and at {address or 'every address'} others could reach it.",
            "Bind it to this machine (--server.address 127.0.0.1), or leave CROSSDOCK_MODE out and add accounts.",
        )
    secret = str(get_secrets_auth_section().get("cookie_secret", "")) if way == PROVIDER else ""
    if way == PROVIDER and (len(secret) < SECRET_LETTERS or len(set(secret)) < SECRET_LETTERS // 4):
        raise Refusal(
            NOBODY_TO_GO_ON,
            f"cookie_secret in the [auth] secrets is shorter than {SECRET_LETTERS} random letters, so cookies could be forged.",
            'Make one: python -c "import secrets; print(secrets.token_hex(32))"',
        )


def established() -> Somebody | None:
    """Who is asking in this run, looked up anew each time; None for somebody who has not signed in or not any more.

    Errors: a Refusal for a demo that others could reach.
    """
    way = way_in()
    if way == DEMO:
        ready_to_start(st.get_option("server.address"))
        return _part_of(st.context.cookies.get(VISITOR, ""))
    if way == PROVIDER:
        return _provided()
    found = sessions.standing(Accounts.open(), st.context.cookies.get(COOKIE, ""))
    return None if found is None else _known(found)


def roles_now(viewer: Viewer, company: str) -> frozenset[str]:
    """The roles that the viewer holds in the company at this moment; none after the session has ended.

    A button can be pressed on a page that was drawn before that.
    """
    if viewer.is_demo:
        return viewer.roles if way_in() == DEMO else frozenset()
    found = sessions.by_hash(Accounts.open(), viewer.session) if viewer.session else None
    return found.account.roles_in(company) if found is not None and found.account.name == viewer.who else frozenset()


def cast() -> tuple[Persona, ...]:
    """Everybody whose part can be taken: the demo company's people, and who the environment names besides."""
    named = os.environ.get("CROSSDOCK_VIEWER", "")
    if not named or any(one.who == named for one in PERSONAS):
        return PERSONAS
    return (Persona(named, named, os.environ.get("CROSSDOCK_ROLE", "analyst")), *PERSONAS)


def who_have(roles: Collection[str], company: str) -> list[str]:
    """The names of everybody who holds one of these roles in a company and may come in."""
    if way_in() == DEMO:
        return [one.who for one in cast() if one.role in roles]
    return [one.name for one in Accounts.open().listed() if one.is_active and one.roles_in(company) & set(roles)]


def take_part(who: str) -> None:
    """Let the visitor play that person's part from now on, after a reload and in other tabs of the browser as well."""
    st.session_state[TAKEN] = who
    if browser := st.context.cookies.get(VISITOR, ""):
        PARTS[browser] = who
        PARTS.move_to_end(browser)
        while len(PARTS) > VISITORS_AT_MOST:
            PARTS.popitem(last=False)


def _part_of(browser: str) -> Somebody:
    taken = PARTS.get(browser) if browser else st.session_state.get(TAKEN)
    by_name = {one.who: one for one in cast()}
    played = by_name.get(taken or "") or by_name[os.environ.get("CROSSDOCK_VIEWER") or PERSONAS[0].who]
    return Somebody(played.who, played.display_name, frozenset({(played.role, EVERYWHERE)}), is_demo=True)


def _known(session: sessions.Session) -> Somebody:
    account: Account = session.account
    return Somebody(account.name, account.display_name, account.grants, session=session.session_hash)


def _provided() -> Somebody | None:
    """Whom the identity provider names; a stranger among our accounts is somebody without any role."""
    told: dict[str, Any] = dict(st.user.to_dict())
    email = str(told.get("email") or "")
    if not told.get("is_logged_in") or not email or told.get("email_verified") is False:
        return None
    issued, expires = (datetime.fromtimestamp(float(told.get(word) or 0), UTC) for word in ("iat", "exp"))
    login = f"{told.get('iss')} {told.get('sub')} {told.get('iat')}"
    accounts = Accounts.open()
    found = sessions.admit(accounts, email, login=login, issued_at=issued, expires_at=expires)
    if found is not None:
        return _known(found)
    account = accounts.account(email)
    is_stranger = account is None or not account.is_active
    return Somebody(email, str(told.get("name") or email)) if is_stranger and datetime.now(UTC) < expires else None
