"""The LMTP port, spoken to by the library's own client: "250" is said when the mail is kept, and not before."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from styrhjul.mail.lmtp import Handover, serve_lmtp

TO, RAW = "bounce+x@bounce.example.org", b"From: a@example.org\r\nSubject: Hej\r\n\r\nHej\r\n"
LIMIT = 200_000


@dataclass
class Port:
    """A port on the loopback, and what it was handed."""

    taken: list[tuple[bytes, str, str]] = field(default_factory=list)
    failing: bool = False
    number: int = 0

    def is_ours(self, address: str) -> bool:
        self._fail()
        return address.endswith("@bounce.example.org")

    def take(self, raw: bytes, sender: str, recipient: str) -> None:
        self._fail()
        self.taken.append((raw, sender, recipient))

    def _fail(self) -> None:
        if self.failing:
            raise RuntimeError("the database is down")

    def send(self, raw: bytes = RAW, *, sender: str = "", to: str | list[str] = TO) -> dict[str, tuple[int, bytes]]:
        with smtplib.LMTP("127.0.0.1", self.number) as client:
            return client.sendmail(sender, to, raw)


@pytest.fixture
def port() -> Iterator[Port]:
    port, up = Port(), threading.Event()
    stop: list[Callable[[], object]] = []

    async def run() -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        port.number = listening.getsockname()[1]
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        up.set()
        await serve_lmtp(listening, Handover(is_ours=port.is_ours, take=port.take, limit_bytes=LIMIT), stopped)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert up.wait(10)
    yield port
    stop[0]()
    thread.join(10)


def test_a_mail_is_handed_over_with_its_envelope_as_headers(port: Port) -> None:
    assert port.send(sender="a@example.org") == {}
    [(raw, sender, recipient)] = port.taken
    assert raw == b"Return-Path: <a@example.org>\r\nDelivered-To: " + TO.encode() + b"\r\n" + RAW
    assert (sender, recipient) == ("a@example.org", TO)


def test_a_report_comes_with_an_empty_return_path(port: Port) -> None:
    port.send()
    assert port.taken[0][0].startswith(b"Return-Path: <>\r\n")


def test_while_it_cannot_be_kept_the_server_is_told_to_try_again(port: Port) -> None:
    port.failing = True
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        port.send()
    assert refusal.value.recipients[TO][0] == 451
    assert port.taken == []


def test_a_failure_after_the_mail_is_told_as_one_to_try_again(port: Port) -> None:
    with smtplib.LMTP("127.0.0.1", port.number) as client:
        client.ehlo_or_helo_if_needed()
        client.mail("")
        assert client.rcpt(TO)[0] == 250
        port.failing = True
        assert client.data(RAW)[0] == 451
        port.failing = False
        client.mail("")
        client.rcpt(TO)
        assert client.data(RAW)[0] == 250


def test_an_address_that_is_not_ours_is_refused_for_good(port: Port) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        port.send(to="somebody@example.org")
    assert refusal.value.recipients["somebody@example.org"][0] == 550


def test_a_second_recipient_is_asked_to_come_again(port: Port) -> None:
    second = "bounce+y@bounce.example.org"
    assert port.send(to=[TO, second])[second][0] == 452
    assert [recipient for _, _, recipient in port.taken] == [TO]


def test_a_mail_above_the_limit_is_refused_before_and_after(port: Port) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        port.send(RAW + b"x" * 80 * 4_000)
    assert refusal.value.smtp_code == 552
    with smtplib.LMTP("127.0.0.1", port.number) as client:
        client.ehlo_or_helo_if_needed()
        client.mail("")
        client.rcpt(TO)
        assert client.data(RAW + b"x\r\n" * LIMIT)[0] == 552
    assert port.taken == []


def test_lines_longer_than_the_standard_allows_are_taken(port: Port) -> None:
    port.send(RAW + b"y" * 50_000 + b"\r\n")
    assert port.taken[0][0].endswith(b"y\r\n")


def test_an_address_cannot_add_a_header(port: Port) -> None:
    with smtplib.LMTP("127.0.0.1", port.number) as client:
        client.ehlo_or_helo_if_needed()
        client.docmd("MAIL", 'FROM:<"a\x01b"@example.org>')
        client.rcpt(TO)
        client.data(RAW)
    assert all(b"\x01" not in raw for raw, _, _ in port.taken)
