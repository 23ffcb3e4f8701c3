"""A server that drips its reply, one byte at a time: the whole reply has its time, not each byte. Scaled 1:2000."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from styrhjul.mail.outcome import Accepted, ChannelDown, Reply, TryLater, Uncertain
from styrhjul.mail.smtp import SmtpTransport
from tests.scripted_smtp import Say, ScriptedServer, Step

RAW = b"Message-ID: <1@example.org>\r\n\r\nHej\r\n"
#: Every byte comes in time; the last one would come after a second and a half.
DRIPS = 0.05
ENOUGH, LONG = 0.3, 30


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    server.start()
    yield server
    server.stop()


def send(server: ScriptedServer, *, step: float = LONG, final: float = LONG, times: int = 1) -> list[Reply]:
    transport = SmtpTransport(
        host="127.0.0.1", port=server.port, hostname="s.example.org", step_seconds=step, final_reply_seconds=final
    )
    with transport.open() as connection:
        return [connection.send("from@example.org", "to@example.org", RAW) for _ in range(times)]


def test_a_last_reply_that_drips_past_its_time_is_uncertain_and_the_next_mail_leaves(server: ScriptedServer) -> None:
    server.then(Step.END, Say(text=b"250 taken over, thank you\r\n", byte_seconds=DRIPS))
    first, second = send(server, final=ENOUGH, times=2)
    assert isinstance(first, Uncertain)
    assert second == Accepted("250 OK")


def test_a_last_reply_of_many_lines_has_one_time_for_all_of_them(server: ScriptedServer) -> None:
    server.then(Step.END, Say(text=b"250-a\r\n" * 4 + b"250 b\r\n", byte_seconds=DRIPS))
    assert isinstance(send(server, final=ENOUGH)[0], Uncertain)


def test_a_last_reply_that_drips_and_ends_in_time_is_believed(server: ScriptedServer) -> None:
    server.then(Step.END, Say(byte_seconds=0.01))
    assert send(server, step=ENOUGH) == [Accepted("250 OK")]


@pytest.mark.parametrize("step", [Step.RCPT, Step.DATA])
def test_a_step_that_drips_is_cut_off_and_tried_later(server: ScriptedServer, step: Step) -> None:
    server.then(step, Say(text=b"250 yes, yes, go on, do go on\r\n", byte_seconds=DRIPS))
    assert isinstance(send(server, step=ENOUGH)[0], TryLater)


@pytest.mark.parametrize("step", [Step.BANNER, Step.EHLO, Step.MAIL])
def test_a_greeting_that_drips_closes_the_way_out(server: ScriptedServer, step: Step) -> None:
    # A name refused at EHLO is said once more, as HELO.
    server.then(step, Say(text=b"250 yes, yes, go on, do go on\r\n", byte_seconds=DRIPS))
    with pytest.raises(ChannelDown):
        send(server, step=ENOUGH)
