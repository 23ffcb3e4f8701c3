"""dkimpy verifies every mail, asking a DNS that says what people were told to publish."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING

import dkim
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.outside.outbox import Mail

LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def verified(dns: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], bool]:
    """dkimpy, some years after our mails: it refuses what comes from the future."""
    monkeypatch.setattr(dkim, "time", SimpleNamespace(time=LATER.timestamp))

    def ask(name: bytes, timeout: int = 5) -> bytes:
        return dns.get(name.decode(), "").encode()

    return lambda raw: bool(dkim.verify(raw, dnsfunc=ask))


def test_every_mail_is_signed_and_the_signature_holds(mails: list[Mail], verified: Callable[[bytes], bool]) -> None:
    assert [f"{mail.name}: dkimpy does not verify it" for mail in mails if not verified(mail.raw)] == []


def misquoted(raw: bytes) -> bytes:
    """The mail with one letter of its text changed on the way."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    return head + blank + body.replace(b"n", b"m", 1)


def test_it_holds_on_no_other_words(mails: list[Mail], verified: Callable[[bytes], bool]) -> None:
    changed = [misquoted(mail.raw) for mail in mails]
    assert [mail.name for mail, raw in zip(mails, changed, strict=True) if raw == mail.raw] == []
    assert not any(map(verified, changed))
