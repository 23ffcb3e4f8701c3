"""A mailbox over IMAP, talked to over a socket: each mail handed over, and moved aside once it is kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from styrhjul.mail.imap import ImapFailed, ImapMailbox, MailboxRefused, mailbox_from_url, token_from
from tests.imap_server import PASSWORD, TOKEN, USER, ImapServer

HEAD = b"From: a@example.org\r\nSubject: Hej\r\n\r\n"


@dataclass
class Read:
    """What was handed over; everything is kept."""

    mails: list[bytes] = field(default_factory=list)

    def keep(self, raw: bytes) -> bool:
        self.mails.append(raw)
        return True


@pytest.fixture
def server() -> Iterator[ImapServer]:
    server = ImapServer()
    server.start()
    yield server
    server.stop()


def box(server: ImapServer, *, password: str = PASSWORD, limit_bytes: int = 10_000) -> ImapMailbox:
    url = f"imap://{quote(USER)}:{quote(password, safe='')}@127.0.0.1:{server.port}"
    return mailbox_from_url(url, done_folder="Styrhjul", limit_bytes=limit_bytes)


@pytest.mark.parametrize("can_move", [True, False])
def test_mails_are_read_oldest_first_and_moved_aside(server: ImapServer, can_move: bool) -> None:
    server.can_move = can_move
    for number in range(3):
        server.put(HEAD + b"%d\r\n" % number)
    read = Read()
    assert box(server).read(read.keep) == 3
    assert read.mails == [HEAD + b"%d\r\n" % number for number in range(3)]
    assert server.folders["INBOX"] == {}
    assert list(server.folders["Styrhjul"].values()) == read.mails


def test_a_mail_that_could_not_be_kept_stays_and_stops_no_other(server: ImapServer) -> None:
    server.put(HEAD)
    server.put(HEAD + b"2")
    assert box(server).read(lambda raw: raw != HEAD) == 1
    read = Read()
    box(server).read(read.keep)
    assert read.mails == [HEAD]


def test_mails_that_cannot_be_kept_let_later_ones_through(server: ImapServer) -> None:
    for _ in range(5):
        server.put(HEAD)
    server.put(HEAD + b"later")
    mailbox = box(server)
    assert [mailbox.read(lambda raw: raw != HEAD, most=5) for _ in range(2)] == [0, 1]
    assert list(server.folders["Styrhjul"].values()) == [HEAD + b"later"]


def test_a_mail_is_tried_three_times_until_the_program_is_started_anew(server: ImapServer) -> None:
    server.put(HEAD)
    read = Read()
    mailbox = box(server)
    for _ in range(5):
        mailbox.read(lambda raw: not read.keep(raw))
    assert len(read.mails) == 3
    assert box(server).read(lambda _: True) == 1


def test_what_failed_in_a_folder_that_was_made_anew_says_nothing(server: ImapServer) -> None:
    server.put(HEAD)
    mailbox = box(server)
    for _ in range(3):
        mailbox.read(lambda _: False)
    server.validity += 1
    assert mailbox.read(lambda _: True) == 1


def test_a_line_cut_before_the_move_gives_the_same_bytes_again(server: ImapServer) -> None:
    server.put(HEAD)
    server.cut_after = "LIST"
    read = Read()
    with pytest.raises(ImapFailed):
        box(server).read(read.keep)
    server.cut_after = ""
    box(server).read(read.keep)
    assert read.mails == [HEAD, HEAD]


def test_of_a_mail_above_the_limit_the_headers_are_kept_and_it_is_moved(server: ImapServer) -> None:
    server.put(HEAD + b"x" * 20_000)
    read = Read()
    box(server).read(read.keep)
    assert read.mails[0].endswith(HEAD)
    assert len(read.mails[0]) < 1_000
    assert len(next(iter(server.folders["Styrhjul"].values()))) > 20_000


def test_a_token_from_a_command_or_a_file_opens_it(server: ImapServer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    command = f"{sys.executable} -c \"print('{TOKEN}')\""
    for token in (token_from(file=file, command=""), token_from(file=None, command=command)):
        url = f"imap://{quote(USER)}@127.0.0.1:{server.port}"
        mailbox_from_url(url, done_folder="Styrhjul", limit_bytes=10_000, token=token).check()
    assert "AUTHENTICATE" in server.said
    assert "LOGIN" not in server.said


def test_a_wrong_password_is_a_failure_that_does_not_show_it(server: ImapServer) -> None:
    with pytest.raises(ImapFailed) as refusal:
        box(server, password="hunter2").check()
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("file", "command"), [("nowhere", ""), ("", "false"), ("", "nonsense-that-is-no-program"), ("", "true")]
)
def test_a_token_that_is_not_there_is_refused(file: str, command: str, tmp_path: Path) -> None:
    token = token_from(file=tmp_path / file if file else None, command=command)
    assert token is not None
    with pytest.raises(MailboxRefused, match="no token"):
        token()


@pytest.mark.parametrize(
    "url",
    [
        "imap://user:hunter2@mail.example.org",
        "imaps://mail.example.org",
        "imaps://user@mail.example.org",
        "https://user:hunter2@mail.example.org",
        "imaps://user:hunter2%C3%B6@mail.example.org",
    ],
)
def test_a_url_without_a_safe_way_in_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(MailboxRefused) as refusal:
        mailbox_from_url(url, done_folder="Styrhjul", limit_bytes=1)
    assert "hunter2" not in str(refusal.value)


def test_neither_password_nor_token_is_shown(server: ImapServer) -> None:
    assert PASSWORD not in repr(box(server))


def test_a_server_that_is_not_there_is_a_failure() -> None:
    with pytest.raises(ImapFailed):
        mailbox_from_url("imap://u:p@127.0.0.1:1", done_folder="x", limit_bytes=1).check()
