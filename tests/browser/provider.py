"""An identity provider of thirty lines on this machine: OpenID Connect's code flow for whoever the test says is there."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "crossdock", "the provider's secret"


@dataclass
class Provider:
    """Where it listens, and what it says of the person who comes next."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    nonces: dict[str, str] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}))

    def secrets(self, server_url: str) -> str:
        """The [auth] section of a secrets file by which a server asks this provider."""
        return f"""[auth]
redirect_uri = "{server_url}/oauth2callback"
cookie_secret = "{urlsafe_b64encode(bytes(range(48))).decode()}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{self.url}/.well-known/openid-configuration"
"""

    def answer(self, path: str, asked: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """Where to send the browser, or what to tell the server."""
        match path:
            case "/.well-known/openid-configuration":
                ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
                return "", {"issuer": self.url} | {name: self.url + end for name, end in ends.items()}
            case "/keys":
                return "", {"keys": [self.key.as_dict(private=False)]}
            case "/authorize":
                code = f"code{len(self.nonces)}"
                self.nonces[code] = asked.get("nonce", "")
                return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", {}
            case _:
                now = int(time.time())
                said = {"iss": self.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300} | self.claims
                said["nonce"] = self.nonces.get(asked.get("code", ""), "")
                token = jwt.encode({"alg": "RS256", "kid": "1"}, said, self.key)
                return "", {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token}


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that answers until the way out."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._reply(urlsplit(self.path).query)

        def do_POST(self):
            self._reply(self.rfile.read(int(self.headers["content-length"])).decode())

        def _reply(self, fields: str) -> None:
            asked = {name: said[-1] for name, said in parse_qs(fields).items()}
            elsewhere, told = provider.answer(urlsplit(self.path).path, asked)
            self.send_response(302 if elsewhere else 200)
            self.send_header("location" if elsewhere else "content-type", elsewhere or "application/json")
            self.end_headers()
            if not elsewhere:
                self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_said: object) -> None:
            """Nothing: a test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
