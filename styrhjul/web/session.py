"""Cookies and signatures: what an opened link leaves in the browser, CSRF tokens, the signed review, the flash."""

from __future__ import annotations

import base64
import hashlib
import hmac
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
OFFICIAL_COOKIE = "styrhjul-official"
FLASH_COOKIE = "styrhjul-flash"


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
            return self._fernet().decrypt(sealed.encode("utf-8", "surrogateescape")).decode()
        except (InvalidToken, ValueError):
            return None

    def csrf(self, cookie: str) -> str:
        """Return the form token that goes with a cookie; another site can neither read nor guess it."""
        return hmac.new(self._key("csrf"), cookie.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()

    def is_csrf(self, cookie: str, given: str) -> bool:
        """Whether a form token goes with the cookie."""
        return hmac.compare_digest(self.csrf(cookie).encode(), given.encode("utf-8", "replace"))

    def sign(self, purpose: str, content: Mapping[str, Any]) -> str:
        """Return the content signed for one purpose; anybody can read it, nobody can change it."""
        return str(self._serializer(purpose).dumps(dict(content)))

    def unsign(self, purpose: str, signed: str) -> dict[str, Any] | None:
        """Return what was signed for this purpose; None for anything else."""
        try:
            content = self._serializer(purpose).loads(signed)
        except BadSignature:
            return None
        return content if isinstance(content, dict) else None

    def _key(self, purpose: str) -> bytes:
        return hmac.new(self._secret.encode(), f"web {purpose}".encode(), hashlib.sha256).digest()

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._key("answer cookie")))

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


def official_csrf(request: Request) -> str:
    """Return the form token for an official page, making the browser's cookie value on its first visit."""
    if not hasattr(request.state, "official"):
        request.state.official = request.cookies.get(OFFICIAL_COOKIE) or secrets.token_urlsafe(24)
    return signer_of(request).csrf(request.state.official)


def keep_official_cookie(request: Request, response: Response) -> None:
    """Send the cookie that `official_csrf` made, if the browser has none."""
    value = getattr(request.state, "official", None)
    if value and request.cookies.get(OFFICIAL_COOKIE) != value:
        response.set_cookie(
            OFFICIAL_COOKIE, value, httponly=True, samesite="strict", secure=signer_of(request).is_https
        )


def set_flash(request: Request, response: Response, text: str) -> None:
    """Leave a sentence for the next page for officials, which shows it once."""
    signed = signer_of(request).sign("flash", {"text": text})
    response.set_cookie(FLASH_COOKIE, signed, max_age=60, httponly=True, samesite="strict")


def flash_of(request: Request) -> str | None:
    """Return the sentence left for this page."""
    content = signer_of(request).unsign("flash", request.cookies.get(FLASH_COOKIE, ""))
    return str(content["text"]) if content and "text" in content else None


def without_flash(request: Request, response: Response) -> None:
    """Take away the sentence that a page has shown."""
    if FLASH_COOKIE in request.cookies:
        response.delete_cookie(FLASH_COOKIE, httponly=True, samesite="strict")
