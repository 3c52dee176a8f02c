"""What stands in the place of every page for somebody who is not signed in, and what the sidebar says to who is."""

from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st

from decisions.roles import in_order
from pages.parts import identity, notice, routes
from pages.parts.identity import Somebody
from pages.parts.loopback import is_from_here, is_loopback
from pages.parts.page import Viewer
from store import sessions
from store.accounts import Accounts
from store.passwords import SHORTEST

# What the door says of the last try; the address holds the word and never the sentence.
SAYS = {
    "wrong": "This name and password do not go together. Check both; capitals count in the password. After five wrong "
    "tries in a row the door waits before it looks again: 15 seconds at first, 15 minutes at most. An administrator can "
    "set a new password.",
    "left": "You are signed out.",
    "ended": "Your session has ended: it lasts 12 hours, and 30 minutes without a click. Sign in again to go on where you were.",
    "code": "This is not the set-up code. It stands on the terminal where the server was started.",
    "differ": "The two passwords differ. Type the same one twice.",
    "name": "This cannot be a name. Use letters, digits and . _ @ + -, beginning with a letter or digit.",
    "weak": f"This password is too easy to guess. Use {SHORTEST} letters or more, such as four words, and not the name.",
    "taken": "There is an account already. Sign in with it.",
}
GOOD = {"left"}
FIELDS = {
    "account": 'type="text" autocomplete="username" required maxlength="120" autocapitalize="none" spellcheck="false"',
    "password": 'type="password" autocomplete="current-password" required maxlength="256"',
    "shown": 'type="text" autocomplete="name" maxlength="120"',
    "new_password": f'type="password" autocomplete="new-password" required minlength="{SHORTEST}" maxlength="256"',
    "again": 'type="password" autocomplete="new-password" required maxlength="256"',
    "code": 'type="text" autocomplete="off" required maxlength="40" autocapitalize="none" spellcheck="false"',
}


def page() -> None:
    """Draws the way in that this installation has: the provider's, the form, or the first administrator's."""
    with st.container(key="door"):
        if identity.way_in() == identity.PROVIDER:
            _title("Sign in", "Crossdock asks your organisation who you are.")
            st.button("Sign in", type="primary", key="provider_sign_in", on_click=st.login, width="stretch")
        elif Accounts.open().is_empty():
            _first()
        else:
            _title("Sign in", "")
            _say(_said())
            labels = {"account": ("Name", ""), "password": ("Password", "")}
            _form(routes.SIGN_IN, labels, "Sign in")


def tell(viewer: Viewer) -> None:
    """Draws in the sidebar who is signed in with the way out, or in the demo whose part it is with the others."""
    if viewer.is_demo:
        _parts(viewer)
        return
    roles = ", ".join(in_order(viewer.roles)) or "no role"
    st.html(f'<div class="cd-signed">Signed in as <strong>{escape(viewer.called)}</strong><br>{escape(roles)}</div>')
    if identity.way_in() == identity.PROVIDER:
        st.button("Sign out", key="provider_sign_out", on_click=_leave_provider, args=(viewer.session,))
    else:
        back = f'<input type="hidden" name="back" value="{escape(_here(), quote=True)}">'
        st.html(
            f'<form class="cd-leave" method="post" action="{routes.base()}{routes.SIGN_OUT}">{back}'
            '<button type="submit">Sign out</button></form>'
        )


def forget_others(somebody: Somebody | None) -> None:
    """Clears what a tab remembers if somebody else sits before it now than in the run before."""
    who = "" if somebody is None else somebody.who
    if not (somebody is not None and somebody.is_demo) and st.session_state.get("seated", who) != who:
        st.session_state.clear()
    st.session_state["seated"] = who


def _first() -> None:
    """The first administrator is added where the server runs, by somebody who can read its terminal."""
    if not (is_loopback(st.get_option("server.address")) and is_from_here("127.0.0.1", _headers())):
        _title("No accounts yet", "")
        notice.warn("Nobody can sign in yet. Whoever runs this server adds the first account on its command line:")
        st.code("python -m pipelines accounts add NAME --role administrator --everywhere", language="sh")
        return
    _title(
        "Add the first administrator", "There is no account yet. Who is added here can see everything and add others."
    )
    _say(_said())
    labels = {
        "code": ("Set-up code", "It stands on the terminal where the server was started."),
        "account": ("Name", "What you sign in with, such as a.novak"),
        "shown": ("Name to show", "What others see, such as Anna Novak"),
        "new_password": ("Password", f"{SHORTEST} letters or more, such as four words"),
        "again": ("Password again", ""),
    }
    _form(routes.FIRST, labels, "Add and sign in")


def _form(action: str, labels: dict[str, tuple[str, str]], button: str) -> None:
    rows = "".join(
        f'<label>{escape(label)}<input name="{name}" {FIELDS[name]}>{f"<small>{escape(hint)}</small>" if hint else ""}</label>'
        for name, (label, hint) in labels.items()
    )
    back = f'<input type="hidden" name="back" value="{escape(_here(), quote=True)}">'
    st.html(
        f'<form class="cd-door" method="post" action="{routes.base()}{action}">{rows}{back}'
        f'<button type="submit">{escape(button)}</button></form>'
    )


def _title(text: str, note: str) -> None:
    st.title(text, anchor=False)
    if note:
        st.markdown(note)


def _said() -> str:
    said = st.query_params.get(routes.SAID, "")
    return said if said in SAYS or not st.context.cookies.get(identity.COOKIE) else "ended"


def _say(said: str) -> None:
    if said in SAYS:
        role = "status" if said in GOOD else "alert"
        well = " cd-door-well" if said in GOOD else ""
        st.html(f'<div class="cd-door-said{well}" role="{role}">{escape(SAYS[said])}</div>')


def _parts(viewer: Viewer) -> None:
    titles = {one.who: f"{one.display_name}, {one.role}" for one in identity.cast()}
    st.session_state["part_pick"] = viewer.who
    st.selectbox(
        "Demo: you act as", list(titles), format_func=titles.__getitem__, key="part_pick", on_change=_part_changed
    )


def _part_changed() -> None:
    identity.take_part(st.session_state["part_pick"])


def _leave_provider(session_hash: str) -> None:
    accounts = Accounts.open()
    if session := sessions.by_hash(accounts, session_hash):
        sessions.sign_out(accounts, session)
    st.logout()


def _here() -> str:
    """The address of this page without its host, to come back to."""
    asked = [(word, said) for word in st.query_params if word != routes.SAID for said in st.query_params.get_all(word)]
    path = urlsplit(st.context.url or "/").path or "/"
    return f"{path}?{urlencode(asked)}" if asked else path


def _headers() -> dict[str, str]:
    return {name.lower(): said for name, said in st.context.headers.items()}
