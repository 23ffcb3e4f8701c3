"""What every response carries and every request must pass: headers, a cap on bodies, ids for errors, masked logs."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import unquote_plus

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from styrhjul.domain.written import NO_CHARACTER
from styrhjul.web.program import API

MOST_BYTES = 1_000_000
#: Of a form with a file in it.
MOST_BYTES_WITH_FILE = 21_000_000
#: So many documents are read in at once; each has a tick of its own in one form.
MOST_FILES = 200
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
#: A page that shows a mail holds it in a frame of its own origin.
FRAMING_POLICY = f"{_POLICY}; frame-src 'self'"
#: A caught mail: its own styles, nothing from anywhere, no scripts; a link it holds opens in the whole window.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; "
    "sandbox allow-top-navigation-by-user-activation"
)
#: A mail that is only previewed: nothing in it leads anywhere.
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; sandbox"
)
#: A file that somebody sent: nothing in it runs, wherever it is opened.
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"
_FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: No address of ours has one, and none may come into a log.
_CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f]|{NO_CHARACTER.pattern}")
_TOKEN_IN_PATH = re.compile(r"/(a|calendar|sign-in/operator)/[^/\s?\"]+")
#: A key to the API that somebody put in an address, where it opens nothing.
_API_TOKEN = re.compile(r"styrhjul_[0-9a-f]{32}_[A-Za-z0-9_-]+")
#: What a sign-in service sends back: a code that is worth a session for a moment.
_ANSWER_IN_QUERY = re.compile(r"(/sign-in/oidc/[^/\s?\"]+/callback)\?[^\s\"]*")


def headers_for(path: str, *, is_https: bool = False) -> Mapping[str, str]:
    """Return the headers of a path; a response that sets one of them itself keeps its own."""
    is_answer = path.startswith(("/a/", "/answer/", "/calendar/", "/sign-in/"))
    is_static = path.startswith("/static/")
    return {
        **_FOR_ALL,
        "Content-Security-Policy": FRAMING_POLICY if path.startswith("/inbox/") else _POLICY,
        "Referrer-Policy": "no-referrer" if is_answer else "same-origin",
        "Cache-Control": "public, max-age=86400" if is_static else "no-store",
        **({"Strict-Transport-Security": "max-age=31536000"} if is_https else {}),
    }


class Guard:
    """The outermost layer: gives each request an id, caps its body, and sets the headers of its response.

    `most_bytes` says, of a method and a path, how much it takes. An address that is no text reaches no route: `refused`
    answers it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        is_https: bool,
        most_bytes: Callable[[str, str], int],
        refused: Callable[[Request, int], Response],
    ) -> None:
        self.app = app
        self.is_https = is_https
        self.most_bytes = most_bytes
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; HTTP only, the rest untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = request_id = secrets.token_hex(8)
        expected = headers_for(scope["path"], is_https=self.is_https)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Request-ID", request_id)
                for name, value in expected.items():
                    headers.setdefault(name, value)
            await send(message)

        if status := _no_text(scope):
            await self.refused(Request(scope), status)(scope, receive, with_headers)
            return
        most = self.most_bytes(scope["method"], scope["path"])
        await self.app(scope, capped(scope, receive, most), with_headers)


def _no_text(scope: Scope) -> int:
    """Return how an address is refused that no database can be asked for; 0 for every other.

    What a program asks for after the question mark is judged by its route, which names the field (`/api/v1`).
    """
    if _CONTROL.search(scope["path"]):
        return 404
    if scope["path"].startswith(API):
        return 0
    return 400 if NO_CHARACTER.search(unquote_plus(scope["query_string"].decode("latin-1"))) else 0


def capped(scope: Scope, receive: Receive, most: int) -> Receive:
    """Return a `receive` that refuses a body over the cap, whether its length is announced or not."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    received = 0

    async def counting() -> Message:
        nonlocal received
        if announced.isdigit() and int(announced) > most:
            raise HTTPException(413)
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            raise HTTPException(413)
        return message

    return counting


class MaskTokens(logging.Filter):
    """Keeps tokens out of the access log: `/a/…` or `/calendar/…` is all that is left of a link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record in place; never drops one."""
        record.msg = masked(str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(masked(arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


def masked(text: str) -> str:
    """Return the text with every token replaced by a mark. Safe to repeat."""
    return _API_TOKEN.sub("styrhjul_…", _ANSWER_IN_QUERY.sub(r"\1?…", _TOKEN_IN_PATH.sub(r"/\1/…", text)))
