"""Every mail goes through our own transport into Debian's Postfix, and lies in a Maildir as it was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from styrhjul.mail.outcome import Accepted
from styrhjul.mail.smtp import SmtpTransport
from tests.outside.postfix import DOMAIN, Postfix, postfix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.outside.outbox import Mail

pytestmark = pytest.mark.needs("postfix, started by root")
RETURN_PATH = f"bounce@{DOMAIN}"
#: What Postfix writes above a mail when it takes it and when it lays it down (RFC 5321, 4.4), and nothing else.
TRACE = re.compile(
    rb"Return-Path: <bounce@example\.org>\n"
    rb"X-Original-To: (?P<number>\d+)@example\.org\n"
    rb"Delivered-To: (?P=number)@example\.org\n"
    rb"Received: from [^\n]+\n(?:\t[^\n]+\n)+"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    with postfix() as server:
        yield server


def test_postfix_takes_every_mail_and_delivers_it_unchanged(server: Postfix, mails: list[Mail]) -> None:
    transport = SmtpTransport(host="127.0.0.1", port=server.port, hostname=f"app.{DOMAIN}")
    with transport.open() as line:
        said = {mail.name: line.send(RETURN_PATH, f"{n}@{DOMAIN}", mail.raw) for n, mail in enumerate(mails)}
    assert {name: reply for name, reply in said.items() if not isinstance(reply, Accepted)} == {}

    arrived = dict(map(without_trace, server.delivered(len(mails))))
    as_files = {n: mail.raw.replace(b"\r\n", b"\n") for n, mail in enumerate(mails)}
    assert [mail.name for n, mail in enumerate(mails) if arrived[n] != as_files[n]] == []


def without_trace(delivered: bytes) -> tuple[int, bytes]:
    """Return which mail it was, and the mail."""
    trace = TRACE.match(delivered)
    assert trace, delivered[:500]
    return int(trace["number"]), delivered[trace.end() :]
