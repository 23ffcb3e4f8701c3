"""Secrets of signing in, links and keys: a hash for what is too short, or too personal, to rest under its own."""

from __future__ import annotations

import hashlib
import hmac
import secrets

CODE_DIGITS = 6
_TOKEN_BYTES = 32


class SignInKey:
    """A key derived from the installation's secret; what it makes tells nothing to whoever has the database alone."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.new(secret.encode(), b"styrhjul sign in 1", hashlib.sha256).digest()

    def mac(self, purpose: str, text: str) -> str:
        """Return the text's hash in hex, for one purpose."""
        told = f"{purpose}\0{text}".encode("utf-8", "replace")
        return hmac.new(self._key, told, hashlib.sha256).hexdigest()


def new_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def new_token() -> str:
    """Return 256 random bits, fit for a cookie or an address."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is kept of a token (ASVS 6.5.2)."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def is_same(kept: str, given: str) -> bool:
    """Compare in a time that tells nothing of where they differ."""
    return hmac.compare_digest(kept.encode(), given.encode("utf-8", "replace"))
