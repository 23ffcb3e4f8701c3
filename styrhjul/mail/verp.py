"""Signed return paths (VERP): where a failure report goes says which mail failed, and that it was we who asked.

Anybody can send a report; only one that comes to an address that nobody but we could have written changes anything.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: The local part without its extension: the mailbox, where the domain is an ordinary one with plus-addresses.
MAILBOX = "bounce"
#: From the day a mail is written. It may wait over July, relays try for five days, and a report takes its time.
VALID_DAYS = 45
#: 16 letters of base32 are 80 bits; the whole local part is 62 octets, and RFC 5321 (4.5.3.1.1) allows 64.
_SIGNATURE_LETTERS = 16
_SIGNED = re.compile(rf"{MAILBOX}\+([0-9a-f]{{32}})-([0-9a-f]{{5}})-([a-z2-7]{{{_SIGNATURE_LETTERS}}})")


class Verdict(StrEnum):
    """What a return path is worth."""

    VALID = "valid"
    EXPIRED = "expired"  # ours, and too old to change anything
    FORGED = "forged"  # looks like ours and is not


@dataclass(frozen=True, slots=True)
class Signed:
    """A return path as it was read: which mail it names, and what that is worth."""

    mail_id: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ReturnPaths:
    """Writes and reads return paths at one domain, under a key derived from the secret key."""

    domain: str
    key: bytes = field(repr=False)

    @classmethod
    def under(cls, secret: str, domain: str) -> ReturnPaths:
        """Return those of an installation's secret key. Raises ValueError for an empty secret."""
        if not secret:
            raise ValueError("the secret key is empty")
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"styrhjul return path 1")
        return cls(domain.lower(), derive.derive(secret.encode()))

    def address(self, mail_id: str, written_on: date) -> str:
        """Return the address for a mail's failure reports. `mail_id` is 32 hex digits."""
        day = f"{written_on.toordinal():05x}"
        return f"{MAILBOX}+{mail_id}-{day}-{self._sign(mail_id, day)}@{self.domain}"

    def is_ours(self, address: str) -> bool:
        """Tell whether an address leads to the return paths' mailbox, signed or not."""
        local, _, domain = address.lower().rpartition("@")
        return domain == self.domain and (local == MAILBOX or local.startswith(f"{MAILBOX}+"))

    def read(self, address: str, today: date) -> Signed | None:
        """Return what an address of any case names; None when it is no return path. Valid through `VALID_DAYS`."""
        local, _, domain = address.lower().rpartition("@")
        found = _SIGNED.fullmatch(local)
        if found is None or domain != self.domain:
            return None
        mail_id, day, signature = found.groups()
        if not hmac.compare_digest(signature, self._sign(mail_id, day)):
            return Signed(mail_id, Verdict.FORGED)
        age = today.toordinal() - int(day, 16)
        return Signed(mail_id, Verdict.VALID if -1 <= age <= VALID_DAYS else Verdict.EXPIRED)

    def _sign(self, mail_id: str, day: str) -> str:
        signature = hmac.digest(self.key, f"{mail_id}-{day}".encode(), sha256)
        return b32encode(signature).decode().lower()[:_SIGNATURE_LETTERS]
