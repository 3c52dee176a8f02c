"""The three addresses that a form at the door is sent to: sign in, sign out, and the first administrator."""

import secrets
from collections.abc import Awaitable, Callable
from functools import cache
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit import get_option

from errors import Refusal
from pages.parts.identity import ACCOUNTS, COOKIE, way_in
from pages.parts.loopback import is_from_here
from store import sessions
from store.account_roles import EVERYWHERE
from store.accounts import NAME, Accounts
from store.passwords import weakness

SIGN_IN, SIGN_OUT, FIRST = "/auth/sign-in", "/auth/sign-out", "/auth/first"
SAID = "door"  # the word in the address under which the door says what became of the last try
FORM_BYTES_AT_MOST = 8_192
FORM = "application/x-www-form-urlencoded"
ELSEWHERE = "This form was not sent from a page of this server. Open the page again and send it from there."


def routes() -> list[Route]:
    """The addresses as the server knows them."""
    answers = {SIGN_IN: _sign_in, SIGN_OUT: _sign_out, FIRST: _first}
    return [Route(base() + path, _from_our_form(answer), methods=["POST"]) for path, answer in answers.items()]


def base() -> str:
    """The path under which the app lies, `/crossdock` where it is served beside others, else empty."""
    said = str(get_option("server.baseUrlPath") or "").strip("/")
    return f"/{said}" if said else ""


@cache
def set_up_code() -> str:
    """What the first administrator has to type: told on the terminal where the server was started, and nowhere else."""
    return secrets.token_hex(6)


def safe_back(said: str) -> str:
    """The address on this server to go back to; the front page instead of anything that could lead elsewhere.

    >>> (
    ...     safe_back("/orders?site=LYO"),
    ...     safe_back("//evil.example/x"),
    ...     safe_back("https://evil.example"),
    ...     safe_back("/\\\\evil"),
    ... )
    ('/orders?site=LYO', '/', '/', '/')
    """
    is_path = said.startswith("/") and not said.startswith("//") and "\\" not in said and said.isprintable()
    return said if is_path else "/"


def is_same_origin(request: Request) -> bool:
    """Whether a page of this very server sent the form; a browser says so with every form, and nothing else may.

    A proxy in front has to pass on the Host that it was asked for.
    """
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host")


def _from_our_form(answer: Callable[[Request, dict[str, str]], Response]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        if way_in() != ACCOUNTS:
            return PlainTextResponse("There is another way in here.", 404)
        if not is_same_origin(request) or request.headers.get("content-type", "").split(";")[0] != FORM:
            return PlainTextResponse(ELSEWHERE, 403)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > FORM_BYTES_AT_MOST:
                return PlainTextResponse("This form is too long.", 413)
        fields = {word: said[-1] for word, said in parse_qs(body.decode("utf-8", "replace")).items()}
        # Checking a password takes a tenth of a second: not in the loop that serves everybody.
        return await run_in_threadpool(answer, request, fields)

    return answered


def _sign_in(request: Request, fields: dict[str, str]) -> Response:
    token = sessions.sign_in(Accounts.open(), fields.get("account", ""), fields.get("password", ""))
    if token is None:
        return _back(fields, "wrong")
    return _let_in(request, fields, token)


def _sign_out(request: Request, fields: dict[str, str]) -> Response:
    accounts = Accounts.open()
    if session := sessions.standing(accounts, request.cookies.get(COOKIE, "")):
        sessions.sign_out(accounts, session)
    answer = _back(fields, "left")
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def _first(request: Request, fields: dict[str, str]) -> Response:
    """The first administrator, added from this machine by somebody who can read the terminal."""
    client = request.client.host if request.client else None
    if not is_from_here(client, request.headers):
        return PlainTextResponse("The first account is added on the machine that the server runs on.", 403)
    name, password = fields.get("account", "").strip(), fields.get("new_password", "")
    if not secrets.compare_digest(fields.get("code", "").strip().encode(), set_up_code().encode()):
        return _back(fields, "code")
    if password != fields.get("again"):
        return _back(fields, "differ")
    if not NAME.fullmatch(name):
        return _back(fields, "name")
    if weakness(password, account_name=name):
        return _back(fields, "weak")
    accounts, shown = Accounts.open(), fields.get("shown", "").strip()
    grants = [(role, EVERYWHERE) for role in ("administrator", "analyst")]
    try:
        accounts.add(name, who=name, display_name=shown, password=password, grants=grants, only_as_first=True)
    except Refusal:
        return _back(fields, "taken")
    return _let_in(request, fields, sessions.sign_in(accounts, name, password) or "")


def _let_in(request: Request, fields: dict[str, str], token: str) -> Response:
    answer = _back(fields, "")
    # The browser tells how it came here even where a proxy has taken the encryption off.
    is_secure = request.url.scheme == "https" or request.headers.get("origin", "").startswith("https:")
    age = int(sessions.AGE_AT_MOST.total_seconds())
    answer.set_cookie(COOKIE, token, max_age=age, httponly=True, samesite="lax", secure=is_secure)
    return answer


def _back(fields: dict[str, str], said: str) -> RedirectResponse:
    """Back to the page that was asked for, with what the door has to say in its address."""
    path, _, query = safe_back(fields.get("back", "/")).partition("?")
    kept = [(word, each) for word, all_said in parse_qs(query).items() if word != SAID for each in all_said]
    asked = urlencode([*kept, *([(SAID, said)] if said else [])])
    return RedirectResponse(f"{path}?{asked}" if asked else path, 303)
