"""Signatures of our own, judged by dkimpy."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.mail.context import CONTEXTS
from styrhjul.mail.message import CalendarPart, build
from styrhjul.mail.render import Rendered, render
from styrhjul.mail.signature import (
    Algorithm,
    BadSelector,
    Signer,
    checked_selector,
    loaded,
    new_key,
    published,
    zone_line,
)
from tests.mail.test_message import ENVELOPE, RENDERED

#: dkimpy refuses a signature from the future.
AT = datetime(2020, 3, 10, 8, 0, tzinfo=UTC)
DOMAIN, SELECTOR = "example.org", "v27"
KEYS = {algorithm: new_key(algorithm) for algorithm in Algorithm}
FULL = replace(ENVELOPE, references=("<case-1@example.org>",), list_id="styrhjul.example.org", language="sv")

words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)


class Curve:
    """What dkimpy asks of PyNaCl, done by the library we have."""

    BadSignatureError = InvalidSignature

    def __init__(self, key: bytes, encoder: object = None) -> None:
        del encoder
        self._key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))

    def verify(self, message: bytes, signature: bytes) -> None:
        self._key.verify(signature, message)


@pytest.fixture(autouse=True)
def _curve(monkeypatch: pytest.MonkeyPatch) -> None:
    nacl = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=Curve),
        encoding=SimpleNamespace(Base64Encoder=None),
        exceptions=SimpleNamespace(BadSignatureError=InvalidSignature, ValueError=ValueError),
    )
    monkeypatch.setattr(dkim, "nacl", nacl, raising=False)


def signer(algorithm: Algorithm) -> Signer:
    return Signer(domain=DOMAIN, selector=SELECTOR, algorithm=algorithm, key=loaded(KEYS[algorithm]))


def verified(raw: bytes, algorithm: Algorithm = Algorithm.RSA) -> bool:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        assert name == b"v27._domainkey.example.org."
        return published(KEYS[algorithm], algorithm).encode()

    return bool(dkim.verify(raw, dnsfunc=dns))


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("key", ["goals_reminder", "digest", "receipt"])
def test_a_signed_mail_is_verified(algorithm: Algorithm, key: str) -> None:
    raw = build(render(CONTEXTS[key].sample()), FULL, CalendarPart(method="PUBLISH", content=b"BEGIN\r\n"))
    signed = signer(algorithm).sign(raw, AT)
    assert signed.endswith(raw)
    assert verified(signed, algorithm)


@given(words, words, words)
def test_whatever_is_written_is_verified(subject: str, to_name: str, text: str) -> None:
    raw = build(Rendered(subject=subject, text=text, html=text), replace(FULL, to_name=to_name))
    assert verified(signer(Algorithm.RSA).sign(raw, AT))


@given(st.data())
def test_a_mail_that_is_changed_by_one_byte_is_not(data: st.DataObject) -> None:
    signed = signer(Algorithm.RSA).sign(build(RENDERED, FULL), AT)
    body_at = signed.index(b"\r\n\r\n") + 4
    at = data.draw(st.integers(body_at, len(signed) - 3))
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    assert not verified(changed)


@pytest.mark.parametrize(
    "name",
    [
        *("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "References", "In-Reply-To", "List-Id"),
        *("MIME-Version", "Content-Type", "Auto-Submitted", "Content-Language"),
    ],
)
def test_every_header_that_matters_is_signed(name: str) -> None:
    signed = signer(Algorithm.RSA).sign(build(RENDERED, FULL), AT)
    changed = re.sub(rf"(?m)^{name}: .".encode(), f"{name}: ~".encode(), signed)
    assert changed != signed
    assert verified(signed)
    assert not verified(changed)


@pytest.mark.parametrize("name", ["From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "References"])
def test_no_header_can_be_added_to_a_signed_mail(name: str) -> None:
    """RFC 6376, 8.15: a reader may show the other one."""
    signed = signer(Algorithm.RSA).sign(build(RENDERED, ENVELOPE), AT)
    assert not verified(f"{name}: <other@example.org>\r\n".encode() + signed)


def test_a_relay_may_fold_headers_anew_and_add_its_own() -> None:
    signed = signer(Algorithm.RSA).sign(build(RENDERED, FULL), AT)
    folded = signed.replace(b"From: Exempelby kommun\r\n <", b"From:   Exempelby\r\n\t kommun <")
    assert folded != signed
    assert verified(b"Received: from here\r\n by there\r\n" + folded)


def test_lines_are_short() -> None:
    signed = signer(Algorithm.RSA).sign(build(RENDERED, FULL), AT)
    head = signed[: signed.index(b"\r\nMessage-ID")]
    assert max(map(len, head.split(b"\r\n"))) <= 100


def test_another_key_does_not_verify() -> None:
    signed = signer(Algorithm.RSA).sign(build(RENDERED, FULL), AT)
    other = published(new_key(Algorithm.RSA), Algorithm.RSA).encode()
    assert not dkim.verify(signed, dnsfunc=lambda _name, timeout=5: other)


def test_a_record_is_strings_that_dns_can_hold() -> None:
    value = published(KEYS[Algorithm.RSA], Algorithm.RSA)
    strings = re.findall(r'"([^"]*)"', zone_line(SELECTOR, DOMAIN, value))
    assert "".join(strings) == value
    assert max(map(len, strings)) <= 255


@pytest.mark.parametrize("selector", ["", "a b", "å", "a.", "-a", "a" * 64, "a\r\nb", "a;b"])
def test_what_cannot_stand_in_a_name_is_no_selector(selector: str) -> None:
    with pytest.raises(BadSelector):
        checked_selector(selector)
    assert checked_selector("V27.mail") == "v27.mail"
