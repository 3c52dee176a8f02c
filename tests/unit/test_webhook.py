"""A batch posted to a real server on loopback: taken, failing, slow, pointing elsewhere, and asked twice."""

import hashlib
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from decisions.exports import webhook
from errors import Refusal

SECRET = "s3cret-of-the-tests"
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BODY = b'{"batch_id":"export-1"}'


class Receiver(BaseHTTPRequestHandler):
    """A receiver that keeps keys as it should, and answers as it is told to."""

    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.calls.append((self.path, dict(self.headers), body))
        answer = server.answers.pop(0) if server.answers else 200
        if answer == "slow":
            server.released.wait(10)
            return
        if answer == "drip":
            self.wfile.write(b"HTTP/1.1 ")
            while not server.released.wait(0.05):
                try:
                    self.wfile.write(b"2")
                    self.wfile.flush()
                except OSError:
                    return
            return
        if answer == "hang up":
            self.connection.close()
            return
        key = self.headers[webhook.KEY_HEADER]
        if answer == 200 and key in server.kept and server.kept[key] != hashlib.sha256(body).hexdigest():
            answer = 409
        if answer == 200:
            server.kept[key] = hashlib.sha256(body).hexdigest()
        self.send_response(answer)
        if 300 <= answer < 400:
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere")
        if answer == 429:
            self.send_header("Retry-After", "120")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@contextmanager
def receiver(*answers):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.calls, server.kept, server.answers, server.released = [], {}, list(answers), threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def hook(server, timeout=5.0):
    settings = {"url": f"http://127.0.0.1:{server.server_port}/in?erp=1", "secret_env": "ERP", "hosts": ["127.0.0.1"]}
    return webhook.webhook_of({**settings, "timeout_seconds": timeout})


def send(server, key="k1", body=BODY, **more):
    return webhook.send(hook(server, **more), key, body, environment={"ERP": SECRET}, clock=lambda: AT)


def test_a_taken_batch_was_signed_and_named():
    with receiver(200) as server:
        found = send(server)
        path, headers, body = server.calls[0]
    assert (found.state, found.http_status, found.may_retry) == ("sent", 200, False)
    assert (path, body, headers[webhook.KEY_HEADER]) == ("/in?erp=1", BODY, "k1")
    signed = headers[webhook.SIGNATURE_HEADER]
    assert webhook.is_signed(signed, SECRET, BODY, AT)
    assert not webhook.is_signed(signed, SECRET, BODY + b" ", AT)
    assert not webhook.is_signed(signed, "other", BODY, AT)
    assert not webhook.is_signed(signed, SECRET, BODY, AT + timedelta(minutes=6))
    seconds = int(AT.timestamp())
    assert not webhook.is_signed(signed.replace(f"t={seconds}", f"t={seconds + 1}"), SECRET, BODY, AT), (
        "the time is signed too"
    )
    assert not webhook.is_signed("", SECRET, BODY, AT)


def test_a_failing_receiver_is_asked_again_by_the_caller_only():
    with receiver(500, 200) as server:
        first = send(server)
        assert (first.state, first.http_status, first.may_retry, len(server.calls)) == ("failed", 500, True, 1)
        assert first.said == {"http_status": 500, "because": "The receiver refused it (HTTP 500).", "is_final": False}
        assert send(server).state == "sent"


@pytest.mark.parametrize("how", ["slow", "drip"])
def test_a_slow_receiver_is_left(how):
    with receiver(how) as server:
        found = send(server, timeout=0.3)
    assert (found.state, found.http_status, found.may_retry) == ("failed", None, True)
    assert found.because == "No answer came within 0.3 seconds."


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(status):
    with receiver(status) as server:
        found = send(server)
        assert [path for path, _, _ in server.calls] == ["/in?erp=1"]
    assert (found.state, found.may_retry) == ("failed", False)
    assert "redirects are not followed" in found.because


def test_the_same_key_with_the_same_body_is_taken_once_and_with_another_refused():
    with receiver() as server:
        assert [send(server).state, send(server).state] == ["sent", "sent"]
        assert len(server.kept) == 1
        other = send(server, body=b"{}")
    assert (other.state, other.http_status, other.may_retry) == ("failed", 409, False)


@pytest.mark.parametrize(
    ("status", "may_retry", "wait"), [(400, False, None), (401, False, None), (429, True, 120), (503, True, None)]
)
def test_what_may_go_well_later_is_told_from_what_may_not(status, may_retry, wait):
    with receiver(status) as server:
        found = send(server)
    assert (found.state, found.may_retry, found.retry_after_seconds) == ("failed", may_retry, wait)


def test_nobody_there_and_a_hang_up_may_be_tried_again():
    with receiver("hang up") as server:
        gone = hook(server)
        assert send(server).may_retry
    found = webhook.send(gone, "k", BODY, environment={"ERP": SECRET}, clock=lambda: AT)
    assert (found.state, found.may_retry, found.because) == (
        "failed",
        True,
        "The receiver could not be reached (ConnectionRefusedError).",
    )


def test_without_its_secret_nothing_leaves():
    with receiver(200) as server:
        with pytest.raises(Refusal, match="ERP is not set"):
            webhook.send(hook(server), "k", BODY, environment={})
        assert server.calls == []


@pytest.mark.parametrize(
    ("url", "hosts", "why"),
    [
        ("https://erp.example/in", ["other.example"], "not among the hosts"),
        ("https://erp.example/in", [], "not among the hosts"),
        ("https://erp.example.evil.example/in", ["erp.example"], "not among the hosts"),
        ("https://erp.example@evil.example/in", ["erp.example"], "not among the hosts"),
        ("https://ada:pw@erp.example/in", ["erp.example"], "a password"),
        ("http://erp.example/in", ["erp.example"], "not https"),
        ("file:///etc/passwd", [""], "not https"),
        ("https://erp.example:99999/", ["erp.example"], "none"),
        ("https://erp.example/\r\nX: y", ["erp.example"], "a blank"),
        ("", ["erp.example"], "needs url"),
    ],
)
def test_an_address_that_was_not_agreed_is_refused(url, hosts, why):
    with pytest.raises(Refusal, match=why):
        webhook.webhook_of({"url": url, "secret_env": "ERP", "hosts": hosts})


def test_no_setting_is_no_webhook():
    assert webhook.webhook_of(None) is None
    assert webhook.webhook_of({}) is None
    with pytest.raises(Refusal, match="no time to wait"):
        webhook.webhook_of(
            {"url": "https://a.example", "secret_env": "E", "hosts": ["A.example"], "timeout_seconds": 600}
        )
