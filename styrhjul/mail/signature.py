"""Signing a mail for its sender's domain (DKIM: RFC 6376, 8463). Written here because dkimpy's RSA takes 7 ms a mail.

dkimpy is the judge all the same: every test of a signature asks it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

#: Signed once more than they stand there, so that nobody can add one (RFC 6376, 5.4.2 and 8.15).
_OVERSIGNED = (
    *(b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references"),
    *(b"mime-version", b"content-type", b"auto-submitted"),
)
#: Signed as often as they stand there: a list on the way may add its own.
_SIGNED = (b"list-id", b"content-language")
_RSA_BITS, _RSA_EXPONENT = 2048, 65537
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_SPACES = re.compile(rb"[ \t]+")
#: A string of a TXT record holds so much (RFC 1035, 3.3).
_TXT_BYTES = 255
#: So that a line of the header stays within 78.
_COLUMNS = 72

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


class Algorithm(StrEnum):
    """How a key signs. Every receiver knows RSA; few know Ed25519 (RFC 8463)."""

    RSA = "rsa-sha256"
    ED25519 = "ed25519-sha256"


class BadSelector(ValueError):
    """A selector is labels of letters, digits and dashes, with points between (RFC 6376, 3.1)."""

    def __init__(self, selector: str) -> None:
        super().__init__(
            f"selector: ”{selector}” kan inte stå i ett domännamn. Använd a–z, 0–9 och bindestreck, till exempel v27."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A key in use. `domain` is in ASCII."""

    domain: str
    selector: str
    algorithm: Algorithm
    key: PrivateKey

    def sign(self, raw: bytes, at: datetime) -> bytes:
        """Return the message with its signature before it. The message has CRLF line ends and is not changed."""
        head, _, body = raw.partition(b"\r\n\r\n")
        fields = _fields(head)
        names = _names(fields)
        unsigned = self._field(names, sha256(_simple_body(body)).digest(), at)
        text = b"".join(_relaxed(each) + b"\r\n" for each in _in_order(fields, names)) + _relaxed(unsigned)
        return unsigned + _wrapped(base64.b64encode(self._signature(text))) + b"\r\n" + raw

    def _field(self, names: list[bytes], body_hash: bytes, at: datetime) -> bytes:
        """The field with everything but the signature itself, which stands last."""
        own = f"DKIM-Signature: v=1; a={self.algorithm}; c=relaxed/simple; d={self.domain};\r\n s={self.selector};"
        rest = f" t={int(at.timestamp())}; bh={base64.b64encode(body_hash).decode()};\r\n h="
        return (own + rest).encode() + b":\r\n  ".join(_per_line(names)) + b";\r\n b="

    def _signature(self, text: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(text, PKCS1v15(), hashes.SHA256())
        return self.key.sign(sha256(text).digest())


def checked_selector(selector: str) -> str:
    """Return the selector in small letters. Raises BadSelector."""
    if not _SELECTOR.fullmatch(selector) or len(selector) > 63:
        raise BadSelector(selector)
    return selector.lower()


def new_key(algorithm: Algorithm) -> bytes:
    """Return a new private key (PKCS #8, DER)."""
    made: PrivateKey
    if algorithm is Algorithm.RSA:
        made = generate_private_key(public_exponent=_RSA_EXPONENT, key_size=_RSA_BITS)
    else:
        made = Ed25519PrivateKey.generate()
    return made.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@lru_cache(maxsize=512)
def loaded(der: bytes) -> PrivateKey:
    """Return the key behind `new_key`. Remembered, since OpenSSL looks an RSA key through for 40 ms."""
    key = serialization.load_der_private_key(der, None)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise TypeError(f"{type(key).__name__} does not sign mail")
    return key


def published(der: bytes, algorithm: Algorithm) -> str:
    """Return what the DNS is to say of a key: the value of the TXT record at `record_name`."""
    public = loaded(der).public_key()
    if algorithm is Algorithm.RSA:
        kind = "rsa"
        raw = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    else:
        kind = "ed25519"
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={base64.b64encode(raw).decode()}"


def record_name(selector: str, domain: str) -> str:
    """Return where the DNS is to say it."""
    return f"{selector}._domainkey.{domain}."


def zone_line(selector: str, domain: str, value: str) -> str:
    """Return the record as a zone file has it: strings of at most 255 bytes, which are read as one."""
    strings = [f'"{value[start : start + _TXT_BYTES]}"' for start in range(0, len(value), _TXT_BYTES)]
    return f"{record_name(selector, domain)} IN TXT ( {' '.join(strings)} )"


def _simple_body(body: bytes) -> bytes:
    """The body as "simple" hashes it (RFC 6376, 3.4.3). Ours is quoted-printable: nobody has a reason to touch it."""
    end = len(body)
    while body.endswith(b"\r\n", 0, end):
        end -= 2
    return body[:end] + b"\r\n"


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    """The header's fields by name in small letters, in order, each as it stands."""
    found: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and found:
            found[-1] += b"\r\n" + line
        else:
            found.append(line)
    return [(field.partition(b":")[0].strip().lower(), field) for field in found]


def _names(fields: list[tuple[bytes, bytes]]) -> list[bytes]:
    """The names as h= lists them."""
    standing = [name for name, _ in fields]
    names = []
    for name in _OVERSIGNED:
        names += [name] * (standing.count(name) + 1)
    for name in _SIGNED:
        names += [name] * standing.count(name)
    return names


def _in_order(fields: list[tuple[bytes, bytes]], names: list[bytes]) -> Iterator[bytes]:
    """The fields that the names mean, from the last of each upwards; a name beyond them means nothing."""
    left = list(fields)
    for name in names:
        for position in range(len(left) - 1, -1, -1):
            if left[position][0] == name:
                yield left.pop(position)[1]
                break


def _relaxed(field: bytes) -> bytes:
    """A field as "relaxed" hashes it (RFC 6376, 3.4.2), without its line end."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + _SPACES.sub(b" ", _FOLD.sub(b"", value)).strip(b" ")


def _per_line(names: list[bytes]) -> list[bytes]:
    lines = [b""]
    for name in names:
        if lines[-1] and len(lines[-1]) + len(name) >= _COLUMNS:
            lines.append(b"")
        lines[-1] += b":" + name if lines[-1] else name
    return lines


def _wrapped(text: bytes) -> bytes:
    return b"".join(b"\r\n  " + text[start : start + _COLUMNS] for start in range(0, len(text), _COLUMNS))
