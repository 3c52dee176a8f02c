"""The address that files are sent to lies beside the pages; here it opens only to a session that may bring files in."""

from http.cookies import CookieError, SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers as Sent
from starlette.types import ASGIApp, Receive, Scope, Send

from decisions.roles import may
from pages.parts.identity import COOKIE
from store import sessions
from store.accounts import Accounts

UPLOADS = "/_stcore/upload_file"
READS = ("GET", "HEAD", "OPTIONS")


class SideDoor:
    """Refuses files from whoever has not signed in: Streamlit itself takes them from anybody who has a page open."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; all but files pass untouched."""
        is_file = scope["type"] == "http" and UPLOADS in scope["path"] and scope["method"] not in READS
        if is_file and not await run_in_threadpool(may_send, Sent(scope=scope).get("cookie", "")):
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b"Sign in first."})
            return
        await self._app(scope, receive, send)


def may_send(cookies: str) -> bool:
    """Whether the session in these cookies stands, and its person may bring files into some company."""
    try:
        cookie = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return False
    session = sessions.standing(Accounts.open(), cookie.value) if cookie is not None else None
    return session is not None and may({role for role, _ in session.account.grants}, "upload")
