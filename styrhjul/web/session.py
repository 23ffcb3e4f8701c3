"""Cookies and signatures: what an opened link leaves in the browser, CSRF tokens, the signed review, the flash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from config.settings import Settings
from styrhjul.mail.language import spoken

#: An opened link stays open in the browser this long; the mail opens it again.
ANSWER_SECONDS = 8 * 3600
SESSION_SECONDS = 8 * 3600
OFFICIAL_COOKIE = "styrhjul-official"
SESSION_COOKIE = "styrhjul-session"
FLASH_COOKIE = "styrhjul-flash"


def _as_written(sealed: str) -> bytes:
    """Return it as bytes. Base64 has many ways to write the same ones, and we write one: ValueError for the others."""
    if base64.urlsafe_b64encode(base64.urlsafe_b64decode(sealed)).decode() != sealed:
        raise ValueError("not as it was written")
    return sealed.encode()


class Signer:
    """Every key of the web, each derived from the installation's secret for one purpose."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.effective_secret_key()
        self.is_https = urlsplit(settings.base_url).scheme == "https"

    def seal_token(self, token: str) -> str:
        """Return the token encrypted, fit for a cookie."""
        return self._fernet().encrypt(token.encode()).decode()

    def open_token(self, sealed: str) -> str | None:
        """Return the token of a cookie; None for one we did not write."""
        try:
            return self._fernet().decrypt(_as_written(sealed)).decode()
        except (InvalidToken, ValueError):
            return None

    def csrf(self, cookie: str) -> str:
        """Return the form token that goes with a cookie; another site can neither read nor guess it."""
        return hmac.new(self._key("csrf"), cookie.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()

    def is_csrf(self, cookie: str, given: str) -> bool:
        """Whether a form token goes with the cookie."""
        return hmac.compare_digest(self.csrf(cookie).encode(), given.encode("utf-8", "replace"))

    def seal(self, purpose: str, content: Mapping[str, Any]) -> str:
        """Return the content encrypted for one purpose, fit for a cookie: nobody can read or change it."""
        return self._fernet(purpose).encrypt(json.dumps(dict(content)).encode()).decode()

    def unseal(self, purpose: str, sealed: str) -> dict[str, Any] | None:
        """Return what was sealed for this purpose; None for anything else."""
        try:
            content = json.loads(self._fernet(purpose).decrypt(_as_written(sealed)))
        except (InvalidToken, ValueError):
            return None
        return content if isinstance(content, dict) else None

    def sign(self, purpose: str, content: Mapping[str, Any]) -> str:
        """Return the content signed for one purpose; anybody can read it, nobody can change it."""
        return str(self._serializer(purpose).dumps(dict(content)))

    def unsign(self, purpose: str, signed: str) -> dict[str, Any] | None:
        """Return what was signed for this purpose; None for anything else."""
        serializer = self._serializer(purpose)
        try:
            content = serializer.loads(signed)
        except BadSignature:
            return None
        # As in `_as_written`.
        return content if isinstance(content, dict) and serializer.dumps(content) == signed else None

    def _key(self, purpose: str) -> bytes:
        return hmac.new(self._secret.encode(), f"web {purpose}".encode(), hashlib.sha256).digest()

    def _fernet(self, purpose: str = "answer cookie") -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._key(purpose)))

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._key(purpose), salt=purpose)


def signer_of(request: Request) -> Signer:
    """Return the application's signer."""
    signer: Signer = request.app.state.signer
    return signer


def answer_cookie(signer: Signer, link_id: str) -> str:
    """Return the cookie's name: one per link, so that several open links never take each other's place."""
    name = f"styrhjul-answer-{link_id[:16]}"
    return f"__Host-{name}" if signer.is_https else name


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a browser keeps of an opened link: its token, and the language that its pages are read in."""

    token: str
    language: str


def set_answer_cookie(response: Response, signer: Signer, link_id: str, opened: OpenedLink) -> None:
    """Let the browser keep an opened link. `__Host-` demands the whole site as path; without it the form's own."""
    response.set_cookie(
        answer_cookie(signer, link_id),
        signer.seal_token(f"{opened.language}:{opened.token}"),
        max_age=ANSWER_SECONDS,
        path="/" if signer.is_https else f"/answer/{link_id}",
        secure=signer.is_https,
        httponly=True,
        samesite="lax",
    )


def opened_link(request: Request, link_id: str) -> OpenedLink | None:
    """Return what `set_answer_cookie` left in the browser; None for nothing, and for what we did not write."""
    signer = signer_of(request)
    sealed = request.cookies.get(answer_cookie(signer, link_id), "")
    language, _, token = ((signer.open_token(sealed) if sealed else None) or "").rpartition(":")
    return OpenedLink(token, spoken(language)) if token else None


def host_cookie(signer: Signer, name: str) -> str:
    """Return a cookie's name: over https one that no other host and no page without TLS can set."""
    return f"__Host-{name}" if signer.is_https else name


def session_token(request: Request) -> str:
    """Return the token of the browser's session, which may have ended; empty where it has none."""
    return request.cookies.get(host_cookie(signer_of(request), SESSION_COOKIE), "")


def keep_cookie(response: Response, signer: Signer, name: str, value: str, *, seconds: int) -> None:
    """Let the browser keep a value for the whole site, out of reach of scripts and of forms elsewhere."""
    response.set_cookie(
        host_cookie(signer, name),
        value,
        max_age=seconds,
        path="/",
        secure=signer.is_https,
        httponly=True,
        samesite="lax",
    )


def keep_session(response: Response, signer: Signer, token: str) -> None:
    """Let the browser keep a session's token. Lax: a sign-in service sends it back to us from its own site."""
    keep_cookie(response, signer, SESSION_COOKIE, token, seconds=SESSION_SECONDS)
    drop_cookie(response, signer, OFFICIAL_COOKIE)  # what was shown before goes with nothing any more


def drop_cookie(response: Response, signer: Signer, name: str) -> None:
    """Let the browser forget one of our cookies."""
    response.delete_cookie(host_cookie(signer, name), path="/", secure=signer.is_https, httponly=True)


def form_key(request: Request) -> str:
    """Return what the forms of this request go with: the session, else the browser's own cookie; empty for none."""
    found = getattr(request.state, "form_key", None) or request.cookies.get(
        host_cookie(signer_of(request), OFFICIAL_COOKIE), ""
    )
    return str(found)


def official_csrf(request: Request) -> str:
    """Return the form token for an official page, making the browser's cookie value on its first visit."""
    if not form_key(request):
        request.state.form_key = request.state.new_official = secrets.token_urlsafe(24)
    return signer_of(request).csrf(form_key(request))


def keep_official_cookie(request: Request, response: Response) -> None:
    """Send the cookie that `official_csrf` made, if the browser has none."""
    value, signer = getattr(request.state, "new_official", None), signer_of(request)
    if value:
        name = host_cookie(signer, OFFICIAL_COOKIE)
        response.set_cookie(name, value, path="/", httponly=True, samesite="strict", secure=signer.is_https)


def set_flash(request: Request, response: Response, text: str) -> None:
    """Leave a sentence for the next page for officials, which shows it once."""
    signer = signer_of(request)
    signed = signer.sign("flash", {"text": text})
    response.set_cookie(FLASH_COOKIE, signed, max_age=60, httponly=True, samesite="strict", secure=signer.is_https)


def flash_of(request: Request) -> str | None:
    """Return the sentence left for this page."""
    content = signer_of(request).unsign("flash", request.cookies.get(FLASH_COOKIE, ""))
    return str(content["text"]) if content and "text" in content else None


def without_flash(request: Request, response: Response) -> None:
    """Take away the sentence that a page has shown."""
    if FLASH_COOKIE in request.cookies:
        response.delete_cookie(FLASH_COOKIE, httponly=True, samesite="strict")
