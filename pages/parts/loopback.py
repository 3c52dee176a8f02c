"""Demo mode stays on this machine: a server bound elsewhere does not start, and a request from elsewhere is not answered."""

import ipaddress
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers as Sent
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VISITOR = "crossdock_visitor"
REFUSED = b"This is Crossdock's demo mode: it answers on this machine only, at http://127.0.0.1 or http://localhost."
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can reach a server at that address.

    >>> [is_loopback(name) for name in ("127.0.0.1", "localhost", "::1", "[::1]", "0.0.0.0", "example.org", "", None)]
    [True, True, True, True, False, False, False, False]
    """
    name = (address or "").strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_from_here(client: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request was made on this machine, under this machine's own name, and passed on by nobody.

    The name is asked as well: a page of another site can make its own name point here, and its visitors with it.
    """
    if any(word in headers for word in PASSED_ON):
        return False
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return False
    return is_loopback(client) and is_loopback(host)


class Loopback:
    """Answers requests from this machine only, and gives each browser a name under which its part is remembered."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or one socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Sent(scope=scope)
        client = scope["client"][0] if scope.get("client") else None
        if not is_from_here(client, headers):
            await _refuse(scope, receive, send)
            return
        is_known = scope["type"] == "websocket" or f"{VISITOR}=" in headers.get("cookie", "")

        async def send_with_name(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_known:
                name = f"{VISITOR}={secrets.token_urlsafe(16)}; Path=/; HttpOnly; SameSite=Lax"
                message["headers"] = [*message.get("headers", []), (b"set-cookie", name.encode())]
            await send(message)

        await self._app(scope, receive, send_with_name)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSED})
