"""A mail rests encrypted until its outcome is final, under a key that is not in the database."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12


class SealBroken(ValueError):
    """The sealed mail cannot be opened: the secret key is not the one it was sealed with, or its bytes have changed."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Sealer:
    """Seals and opens bytes. One secret opens what the same secret sealed; sealing twice gives different bytes."""

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("the secret key is empty")
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"styrhjul sealed mail 1")
        self._cipher = AESGCM(derive.derive(secret.encode()))

    def seal(self, plain: bytes, purpose: bytes = b"") -> bytes:
        """Return the bytes sealed: version, nonce, ciphertext with its tag. They open for the same purpose only."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, _VERSION + purpose)

    def open(self, sealed: bytes, purpose: bytes = b"") -> bytes:
        """Return what was sealed. Raises SealBroken."""
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, ciphertext, sealed[:1] + purpose)
        except (InvalidTag, ValueError):
            raise SealBroken from None
