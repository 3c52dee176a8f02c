"""A batch handed to another system by one signed POST: to a host that the company has named, without redirects, safe to repeat."""

import hashlib
import hmac
import http.client
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from errors import Refusal

KEY_HEADER, SIGNATURE_HEADER = "Idempotency-Key", "Crossdock-Signature"
SENT, FAILED = "sent", "failed"
# Too early, too many, not now: the same request may be welcome later.
LATER = (408, 425, 429)
MOST_ANSWER_BYTES = 4_096
TOLERANCE_SECONDS = 300


@dataclass(frozen=True)
class Webhook:
    """Where batches of a company go, and by which secret they are signed; the secret itself stays in the environment."""

    url: str
    secret_env: str
    timeout_seconds: float = 10.0


@dataclass(frozen=True)
class Delivery:
    """What came of one try.

    Args:
        state: sent or failed.
        http_status: what the receiver answered; None where it did not.
        may_retry: whether the same delivery may go well later; a receiver that has it already says so again.
        because: what happened, in a sentence; never holds the secret or the answer's text.
        retry_after_seconds: how long the receiver asks us to wait, where it does.
    """

    state: str
    http_status: int | None
    may_retry: bool
    because: str
    at: datetime
    retry_after_seconds: int | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What the act `export_sent` or `export_failed` says of it."""
        return {"http_status": self.http_status, "because": self.because, "is_final": not self.may_retry}


def webhook_of(settings: Mapping[str, Any] | None) -> Webhook | None:
    """The webhook that the key `webhook` of a company's settings describes; None where there is none.

    The settings are `url`, `secret_env` (the name of the environment variable that holds the secret), `hosts` (those that
    may be asked at all) and, if ten seconds are not right, `timeout_seconds`.

    >>> webhook_of({"url": "https://erp.example/in", "secret_env": "ERP_SECRET", "hosts": ["erp.example"]}).url
    'https://erp.example/in'

    Errors: a Refusal for an address that is not https (loopback apart), whose host is not among those named, or that
    carries a password.
    """
    if not settings:
        return None
    url, secret_env, hosts = (
        str(settings.get("url", "")),
        str(settings.get("secret_env", "")),
        settings.get("hosts", []),
    )
    if not isinstance(hosts, list) or not url or not secret_env:
        raise _not("The setting webhook needs url, secret_env and a list of hosts", "Complete it in company.yml")
    address = _address(url)
    host = (address.hostname or "").lower()
    if host not in {str(one).lower() for one in hosts}:
        raise _not(f"{host or 'no host'} is not among the hosts of the setting webhook", "Name it there if it is right")
    if address.username or address.password or address.fragment:
        raise _not(
            "The webhook's address carries a name, a password or a fragment", "Take it out; the secret signs instead"
        )
    if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(host)):
        raise _not(f"{address.scheme or 'nothing'} is not https", "Give an address that begins with https://")
    timeout = float(settings.get("timeout_seconds", Webhook.timeout_seconds))
    if not 0 < timeout <= 60:
        raise _not(f"{timeout} seconds are no time to wait", "Give up to 60 seconds")
    return Webhook(url, secret_env, timeout)


def signature(secret: str, at: datetime, body: bytes) -> str:
    """What shows the receiver who sent this body and when: `t=` seconds since 1970, `v1=` HMAC-SHA256 over `t`, a dot and the body.

    >>> signature("s3cret", datetime(2026, 11, 20, tzinfo=UTC), b"{}")[:26]
    't=1795132800,v1=35012cb025'
    """
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_mac(secret, seconds, body)}"


def is_signed(
    header: str, secret: str, body: bytes, now: datetime, *, tolerance_seconds: int = TOLERANCE_SECONDS
) -> bool:
    """Whether the body came from somebody who has the secret, within five minutes: what a receiver checks."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    if not parts.get("t", "").isdecimal() or abs(now.timestamp() - int(parts["t"])) > tolerance_seconds:
        return False
    return hmac.compare_digest(_mac(secret, int(parts["t"]), body).encode(), parts.get("v1", "").encode())


def send(
    hook: Webhook,
    key: str,
    body: bytes,
    *,
    environment: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Delivery:
    """What came of posting the body once; whether and when to try again is the caller's to decide.

    Errors: a Refusal where the secret is not in the environment; nothing was sent then.
    """
    secret = (os.environ if environment is None else environment).get(hook.secret_env, "")
    if not secret:
        raise _not(
            f"The environment variable {hook.secret_env} is not set", "Set it to the secret agreed with the receiver"
        )
    at = clock()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "crossdock",
        KEY_HEADER: key,
        SIGNATURE_HEADER: signature(secret, at, body),
    }
    try:
        status, retry_after = _posted(hook, headers, body)
    except TimeoutError:
        return Delivery(FAILED, None, True, f"No answer came within {hook.timeout_seconds:g} seconds.", at)
    except ssl.SSLCertVerificationError:
        return Delivery(FAILED, None, False, "The receiver's certificate is not valid.", at)
    except (OSError, http.client.HTTPException) as error:
        return Delivery(FAILED, None, True, f"The receiver could not be reached ({type(error).__name__}).", at)
    return _judged(status, retry_after, at)


def _posted(hook: Webhook, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
    """The status and the header Retry-After of the answer; http.client follows no redirects and asks no proxy."""
    address = _address(hook.url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=hook.timeout_seconds)
    is_late = threading.Event()

    def give_up() -> None:
        is_late.set()
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    connection.connect()
    # A receiver that sends a byte now and then would never run into the timeout of the socket.
    watch = threading.Timer(hook.timeout_seconds, give_up)
    watch.daemon = True
    watch.start()
    try:
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        answer.read(MOST_ANSWER_BYTES)
        found = answer.status, answer.getheader("Retry-After", "")
    except (OSError, http.client.HTTPException) as error:
        if is_late.is_set():
            raise TimeoutError from error
        raise
    finally:
        watch.cancel()
        connection.close()
    return found


def _judged(status: int, retry_after: str, at: datetime) -> Delivery:
    wait = min(int(retry_after), 86_400) if retry_after.isdecimal() and len(retry_after) < 10 else None
    if 200 <= status < 300:
        return Delivery(SENT, status, False, f"The receiver took it (HTTP {status}).", at)
    if 300 <= status < 400:
        return Delivery(
            FAILED, status, False, f"The receiver points elsewhere (HTTP {status}); redirects are not followed.", at
        )
    if status == 409:
        why = "The receiver has this key already, with another content (HTTP 409)."
        return Delivery(FAILED, status, False, why, at)
    may_retry = status >= 500 or status in LATER
    return Delivery(
        FAILED, status, may_retry, f"The receiver refused it (HTTP {status}).", at, wait if may_retry else None
    )


def _mac(secret: str, seconds: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def _address(url: str) -> SplitResult:
    try:
        found = urlsplit(url)
        _ = found.port
    except ValueError as error:
        raise _not(f"The webhook's address is none: {error}", "Correct it in company.yml") from error
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):
        raise _not(
            "The webhook's address holds a blank or a letter that no address may hold", "Correct it in company.yml"
        )
    return found


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _not(why: str, fix: str) -> Refusal:
    return Refusal("Nothing was sent.", f"{why}.", f"{fix}.")
