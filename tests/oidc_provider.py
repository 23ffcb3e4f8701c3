"""A small sign-in service (OpenID Connect) on the loopback, honest unless told how to lie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "styrhjul", "the secret of this client"


@dataclass
class Provider:
    """What it claims and how it lies. `asked` are the paths of the requests it got."""

    now: datetime
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"email": "anna@example.org", "email_verified": True})
    #: Claims that take the place of true ones; None leaves one out.
    lies: dict[str, Any] = field(default_factory=dict)
    #: "none" or "HS256" for tokens that must not be believed.
    algorithm: str = "RS256"
    is_down: bool = False
    #: A code is good as often as somebody brings it.
    redeems_often: bool = False
    redirects_to: str = ""
    discovery_lies: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: new_key("first"))
    published: list[RSAKey] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    waiting: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return told | self.discovery_lies

    def keys(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.published or [self.key]]}

    def authorize(self, query: dict[str, str]) -> str:
        """Give a code at once: whoever comes here is signed in there already."""
        code = secrets.token_urlsafe(16)
        self.waiting[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.waiting.get(form.get("code", ""))
        if not self.redeems_often:
            self.waiting.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET.replace(' ', '%20')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        is_right = (
            asked is not None and asked["code_challenge"] == challenge and asked["code_challenge_method"] == "S256"
        )
        if not is_right or authorization not in (f"Basic {known}", f"Basic {plain}"):
            return 400, {"error": "invalid_grant"}
        assert asked is not None
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        at = int(self.now.timestamp())
        true = {"iss": self.issuer, "aud": CLIENT_ID, "iat": at, "exp": at + 300, "nonce": nonce, "sub": "1"}
        claims = {name: value for name, value in (true | self.claims | self.lies).items() if value is not None}
        if self.algorithm == "none":
            parts = ({"alg": "none", "kid": self.key.kid}, claims)
            return ".".join(_part(part) for part in parts) + "."
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "HS256":  # the public key as a shared secret
            signed = f"{_part(header)}.{_part(claims)}"
            mac = hmac.new(self.key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
            return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        return jwt.encode(header, claims, self.key)


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, private=True)


@contextmanager
def serving(now: datetime, **options: Any) -> Iterator[Provider]:  # noqa: ANN401 - the fields above
    """Serve one on a port of its own."""
    provider = Provider(now=now, **options)
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.provider.asked.append(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.provider.is_down:
            self.answer(503, {})
        elif self.provider.redirects_to:
            self.redirect(self.provider.redirects_to)
        elif parts.path == "/authorize":
            self.redirect(self.provider.authorize(query))
        elif parts.path == "/keys":
            self.answer(200, self.provider.keys())
        else:
            self.answer(200, self.provider.discovery())

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.answer(*self.provider.token(form, self.headers.get("Authorization", "")))

    def redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
