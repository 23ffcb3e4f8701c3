"""What servers say, at every step: who is to blame, whether it is tried again, and that the next mail is not hurt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from styrhjul.mail.transport import Accepted, ChannelDown, Refused, SmtpTransport, transport_from_url
from tests.mail.smtp_replies import ACCEPTED, FILE, UNCERTAIN, Case, written
from tests.scripted_smtp import Say, ScriptedServer, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from styrhjul.mail.outcome import Connection

CASES = [Case(**json.loads(line)) for line in FILE.read_text(encoding="ascii").splitlines()]
FROM, TO = "studs@example.org", "ordforande@example.org"
RAW = b"Message-ID: <1@example.org>\r\nSubject: 1\r\n\r\n.first dot\r\nSkriv.\r\n..\r\n.\r\n"
NEXT = RAW.replace(b"<1@", b"<2@")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    server.start()
    yield server
    server.stop()


def transport_to(server: ScriptedServer, *, login: bool = False) -> SmtpTransport:
    user = "styrhjul" if login else None
    return SmtpTransport(host="127.0.0.1", port=server.port, user=user, password=user, hostname="s.example.org")


def outcome(connection: Connection, raw: bytes) -> str:
    """What became of it, as the corpus says it."""
    try:
        reply = connection.send(FROM, TO, raw)
    except ChannelDown as down:
        return type(down).__name__
    about = isinstance(reply, Refused) and reply.about_address
    return f"{type(reply).__name__}{' about address' if about else ''}"


def test_the_corpus_is_the_one_that_is_written() -> None:
    assert FILE.read_text(encoding="ascii") == written()
    assert len(CASES) >= 90


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.step}: {case.what}: {case.reply[:30]!r}")
def test_what_is_said_has_this_meaning_and_the_next_mail_leaves(server: ScriptedServer, case: Case) -> None:
    takes = case.means in {ACCEPTED, UNCERTAIN}
    server.then(Step(case.step), Say(text=case.reply.encode("latin-1"), takes=takes, closes=case.cut))
    with transport_to(server, login=case.step == "AUTH").open() as connection:
        assert outcome(connection, RAW) == case.means
        assert outcome(connection, NEXT) == ACCEPTED
    assert [mail.raw for mail in server.messages] == [*([RAW] if takes else []), NEXT]


def test_a_server_that_hides_its_starttls_gets_no_mail(server: ScriptedServer) -> None:
    with transport_from_url(f"smtp+starttls://127.0.0.1:{server.port}", Path()).open() as connection:
        assert outcome(connection, RAW) == "ChannelDown"
    assert server.messages == []


@pytest.mark.parametrize("answer", [b"454 not now\r\n", b"501 no\r\n", b"220 go\r\n250 injected\r\n", b"what\r\n"])
def test_a_starttls_that_does_not_come_true_gets_no_mail(server: ScriptedServer, answer: bytes) -> None:
    """Nor does what was said in clear text beside it count as said under TLS."""
    server.then(Step.EHLO, Say(text=b"250-scripted.example.org\r\n250 STARTTLS\r\n"))
    server.then(Step.STARTTLS, Say(text=answer))
    with transport_from_url(f"smtp+starttls://127.0.0.1:{server.port}", Path()).open() as connection:
        assert outcome(connection, RAW) == "ChannelDown"
    assert server.messages == []


@pytest.mark.parametrize("step", [Step.BANNER, Step.EHLO, Step.MAIL, Step.RCPT, Step.DATA, Step.END])
def test_a_server_that_says_it_byte_by_byte_is_waited_for(server: ScriptedServer, step: Step) -> None:
    """F-11: each byte within the step's own time."""
    usual = {Step.BANNER: b"220 here\r\n", Step.DATA: b"354 go\r\n"}.get(step, b"250 fine\r\n")
    server.then(step, Say(text=usual, byte_seconds=0.02))
    with transport_to(server).open() as connection:
        assert isinstance(connection.send(FROM, TO, RAW), Accepted)
    assert [mail.raw for mail in server.messages] == [RAW]
