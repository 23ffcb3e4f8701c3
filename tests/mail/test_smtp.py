"""Every way a try to send can end, against real servers."""

from __future__ import annotations

import datetime as dt
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from styrhjul.mail.outcome import SenderRefused
from styrhjul.mail.smtp import SmtpTransport
from styrhjul.mail.transport import (
    Accepted,
    CatchTransport,
    ChannelDown,
    Refused,
    Reply,
    TryLater,
    Uncertain,
    UnknownTransport,
    transport_from_url,
)
from tests.mail.conftest import PASSWORD, USER, AheadSink, TlsSink, tls_server, write_certificate
from tests.smtp_sink import SmtpSink, Stage

RAW = b"Message-ID: <1@example.org>\r\nSubject: 1\r\n\r\n.first dot\r\nSkriv.\r\n..\r\n.\r\n"
FROM, TO = "studs@example.org", "ordforande@example.org"


def send(url: str, raw: bytes = RAW, times: int = 1) -> list[Reply]:
    with transport_from_url(url, Path()).open() as connection:
        return [connection.send(FROM, TO, raw) for _ in range(times)]


def test_a_mail_arrives_byte_for_byte_with_one_recipient(smtp_sink: SmtpSink) -> None:
    assert send(smtp_sink.url) == [Accepted("250 OK")]
    (received,) = smtp_sink.messages
    assert (received.sender, received.recipients, received.raw) == (FROM, (TO,), RAW)


def test_many_mails_take_one_connection(smtp_sink: SmtpSink) -> None:
    assert send(smtp_sink.url, times=5) == [Accepted("250 OK")] * 5
    assert smtp_sink.connections == 1


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA])
@pytest.mark.parametrize(
    ("answer", "outcome"), [("451 later", TryLater), ("550 no such box", Refused), ("421 closing", TryLater)]
)
def test_a_refusal_about_this_mail_leaves_the_next_one_alone(
    smtp_sink: SmtpSink, stage: Stage, answer: str, outcome: type[Reply]
) -> None:
    smtp_sink.reply_with(answer, at=stage)
    first, second = send(smtp_sink.url, times=2)
    assert (type(first), first.reply, second) == (outcome, answer, Accepted("250 OK"))
    assert len(smtp_sink.messages) == 1


def test_a_refusal_says_whether_the_address_or_the_mail_is_to_blame(smtp_sink: SmtpSink) -> None:
    smtp_sink.reply_with("550 no such box", at=Stage.RCPT)
    smtp_sink.reply_with("554 not this mail", at=Stage.DATA)
    assert send(smtp_sink.url, times=2) == [
        Refused("550 no such box", about_address=True),
        Refused("554 not this mail"),
    ]


@pytest.mark.parametrize("answer", ["451 later", "550 not you"])
def test_a_refused_sender_says_so_and_the_next_sender_is_served(smtp_sink: SmtpSink, answer: str) -> None:
    smtp_sink.reply_with(answer, at=Stage.MAIL)
    with transport_from_url(smtp_sink.url, Path()).open() as connection:
        with pytest.raises(SenderRefused, match=answer):
            connection.send(FROM, TO, RAW)
        assert connection.send("annan@example.org", TO, RAW) == Accepted("250 OK")


def test_a_server_that_is_closing_refuses_nobody_in_particular(smtp_sink: SmtpSink) -> None:
    smtp_sink.reply_with("421 closing", at=Stage.MAIL)
    with pytest.raises(ChannelDown, match="421 closing") as down:
        send(smtp_sink.url)
    assert not isinstance(down.value, SenderRefused)


def test_a_line_cut_at_the_recipient_is_tried_later(smtp_sink: SmtpSink) -> None:
    smtp_sink.hang_up(at=Stage.RCPT)
    first, second = send(smtp_sink.url, times=2)
    assert isinstance(first, TryLater)
    assert isinstance(second, Accepted)


@pytest.mark.parametrize("taken", [True, False])
def test_a_line_cut_after_the_mail_is_uncertain(smtp_sink: SmtpSink, taken: bool) -> None:
    smtp_sink.hang_up(at=Stage.DATA, taken=taken)
    first, second = send(smtp_sink.url, times=2)
    assert isinstance(first, Uncertain)
    assert isinstance(second, Accepted)
    assert len(smtp_sink.messages) == 1 + taken


def test_a_line_cut_within_the_mail_is_not_uncertain(port_of_server_that_leaves: int) -> None:
    (reply,) = send(f"smtp://127.0.0.1:{port_of_server_that_leaves}", raw=b"x" * 76 * 2**18)
    assert isinstance(reply, TryLater)


def test_a_final_reply_that_does_not_come_is_uncertain(smtp_sink: SmtpSink) -> None:
    smtp_sink.on_taken = lambda _: time.sleep(0.5)
    transport = SmtpTransport(host="127.0.0.1", port=smtp_sink.port, final_reply_seconds=0.1)
    with transport.open() as connection:
        assert isinstance(connection.send(FROM, TO, RAW), Uncertain)


def test_a_line_that_went_stale_between_two_mails_is_called_again(smtp_sink: SmtpSink) -> None:
    with transport_from_url(smtp_sink.url, Path()).open() as connection:
        first = connection.send(FROM, TO, RAW)
        smtp_sink.hang_up(at=Stage.MAIL)
        second = connection.send(FROM, TO, RAW)
    assert [first, second] == [Accepted("250 OK")] * 2
    assert smtp_sink.connections == 2


def test_nobody_listening_closes_the_channel() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ChannelDown, match=f"127.0.0.1:{port}"):
        send(f"smtp://127.0.0.1:{port}")


# -- several commands at once (RFC 2920) -------------------------------------------------------------------------------


def test_a_server_that_takes_several_commands_gets_them_in_one_packet(ahead: AheadSink) -> None:
    assert send(ahead.url, times=2) == [Accepted("250 taken")] * 2
    assert ahead.packets[1].split(b"\r\n")[:3] == [f"MAIL FROM:<{FROM}>".encode(), f"RCPT TO:<{TO}>".encode(), b"DATA"]
    assert [mail.count(b"Message-ID") for mail in ahead.taken] == [1, 1]


def test_a_refused_recipient_after_an_accepted_data_gets_one_dot_and_the_next_mail_its_turn(ahead: AheadSink) -> None:
    ahead.refuse("RCPT", "550 no such box")
    first, second = send(ahead.url, times=2)
    assert first == Refused("550 no such box", about_address=True)
    assert second == Accepted("250 taken")
    assert ahead.empty == 1
    assert len(ahead.taken) == 1


@pytest.mark.parametrize(
    ("stage", "answer", "outcome"),
    [
        ("RCPT", "421 closing", TryLater("421 closing")),
        ("RCPT", "450 greylisted", TryLater("450 greylisted")),
        ("DATA", "451 later", TryLater("451 later")),
    ],
)
def test_answers_to_commands_said_ahead_are_told_apart(
    ahead: AheadSink, stage: str, answer: str, outcome: Reply
) -> None:
    ahead.refuse(stage, answer)
    assert send(ahead.url, times=2) == [outcome, Accepted("250 taken")]


def test_a_sender_refused_ahead_sends_no_mail(ahead: AheadSink) -> None:
    ahead.refuse("MAIL", "550 not you")
    with pytest.raises(SenderRefused, match="550 not you"):
        send(ahead.url)
    assert ahead.taken == []


# -- TLS and login -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_trusted_server_gets_the_login_and_the_mail(tls_sink: Callable[[str], TlsSink], scheme: str) -> None:
    sink = tls_sink(scheme)
    assert send(f"{scheme}://{USER}:hemligt%25%2Flosen@127.0.0.1:{sink.port}") == [Accepted("250 OK")]
    assert sink.logins == [(USER.encode(), PASSWORD.encode())]


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_nobody_vouches_for_gets_neither(tls_sink: Callable[[str], TlsSink], scheme: str) -> None:
    sink = tls_sink(scheme)
    with pytest.raises(ChannelDown, match="CERTIFICATE_VERIFY_FAILED"):
        send(f"{scheme}://{USER}:{USER}@127.0.0.1:{sink.port}")
    assert (sink.logins, sink.messages) == ([], [])


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_without_tls_is_never_spoken_to_in_clear(smtp_sink: SmtpSink, scheme: str) -> None:
    with pytest.raises(ChannelDown):
        send(f"{scheme}://{USER}:{USER}@127.0.0.1:{smtp_sink.port}")
    assert smtp_sink.messages == []


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_file_of_ones_own_vouches_for_the_server(
    tls_sink: Callable[[str], TlsSink], certificate: Path, scheme: str
) -> None:
    sink = tls_sink(scheme)
    url = f"{scheme}://{USER}:hemligt%25%2Flosen@127.0.0.1:{sink.port}"
    with transport_from_url(url, Path(), ca_file=certificate).open() as connection:
        assert connection.send(FROM, TO, RAW) == Accepted("250 OK")


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_made_out_to_another_name_is_refused(
    tls_sink: Callable[[str], TlsSink], certificate: Path, scheme: str
) -> None:
    sink = tls_sink(scheme)
    transport = transport_from_url(f"{scheme}://{USER}:{USER}@localhost:{sink.port}", Path(), ca_file=certificate)
    with pytest.raises(ChannelDown, match="CERTIFICATE_VERIFY_FAILED"), transport.open() as connection:
        connection.send(FROM, TO, RAW)
    assert (sink.logins, sink.messages) == ([], [])


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_that_has_expired_is_refused(tmp_path: Path, scheme: str) -> None:
    expired = write_certificate(tmp_path / "expired.pem", valid_for=dt.timedelta(hours=-1))
    with tls_server(expired, scheme) as sink:
        transport = transport_from_url(f"{scheme}://{USER}:{USER}@127.0.0.1:{sink.port}", Path(), ca_file=expired)
        with pytest.raises(ChannelDown, match="certificate has expired"), transport.open() as connection:
            connection.send(FROM, TO, RAW)
        assert (sink.logins, sink.messages) == ([], [])


def test_a_server_whose_offer_of_tls_was_cut_out_on_the_way_gets_nothing(ahead: AheadSink) -> None:
    """Whoever sits between us and the server may hide STARTTLS; then nothing leaves, and nothing is said."""
    with pytest.raises(ChannelDown, match="STARTTLS"):
        send(f"smtp+starttls://{USER}:{USER}@127.0.0.1:{ahead.port}")
    assert not any(word in packet for packet in ahead.packets for word in (b"AUTH", b"MAIL", USER.encode()))


@pytest.mark.usefixtures("trusted")
def test_a_refused_login_closes_the_channel_and_tells_no_password(tls_sink: Callable[[str], TlsSink]) -> None:
    transport = transport_from_url(f"smtps://{USER}:wrong-word@127.0.0.1:{tls_sink('smtps').port}", Path())
    with pytest.raises(ChannelDown, match="535") as refused, transport.open() as connection:
        connection.send(FROM, TO, RAW)
    assert "wrong-word" not in repr(transport) + repr(connection) + str(refused.value)


# -- which transport a setting names -----------------------------------------------------------------------------------


def test_a_url_names_a_transport(tmp_path: Path) -> None:
    assert transport_from_url("catch:", tmp_path) == CatchTransport(tmp_path)
    for url, port in (
        ("smtp://mail.example.org", 25),
        ("smtp+starttls://a:b@mail.example.org", 587),
        ("smtps://m", 465),
    ):
        transport = transport_from_url(url, tmp_path)
        assert isinstance(transport, SmtpTransport)
        assert (transport.port, transport.security) == (port, url.partition(":")[0])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtp:",
        "smtps://:465",
        "smtp://mail:999999",
        "smtp://u:word@mail.example.org",
        "smtps://u:w%C3%B6rd@mail.example.org",
    ],
)
def test_a_url_that_names_none_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(UnknownTransport) as refused:
        transport_from_url(url, Path())
    assert "word@" not in str(refused.value)
