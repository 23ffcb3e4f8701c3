"""The catcher: mail kept on disk, and read back for the inbox."""

from __future__ import annotations

import mailbox
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from styrhjul.mail.matter import GoalsOpened
from styrhjul.mail.message import MessageRefused, build, new_message_id
from styrhjul.mail.render import render
from styrhjul.mail.transport import Accepted, Catcher, CatchTransport, ChannelDown
from tests.mail.test_message import ENVELOPE

SAMPLE = GoalsOpened.sample()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "mail"


def raw(number: int = 1, *, days: int = 0) -> bytes:
    message_id = new_message_id(f"{number:032x}", "styrhjul.example.org")
    return build(
        render(SAMPLE), replace(ENVELOPE, message_id=message_id, date_at=ENVELOPE.date_at + timedelta(days=days))
    )


def keep(directory: Path, *mails: bytes) -> None:
    with CatchTransport(directory).open() as connection:
        for mail in mails:
            assert isinstance(connection.send("studs@example.org", "ordforande@example.org", mail), Accepted)


def test_a_caught_mail_is_read_back_whole(directory: Path) -> None:
    keep(directory, raw())
    (caught,) = Catcher(directory).messages()
    assert caught.subject == render(SAMPLE).subject
    assert caught.sender == "Exempelby kommun <styrhjul@example.org>"
    assert caught.to == '"Ordförande, socialnämnden" <ordforande@example.org>'
    assert caught.date_at == datetime(2027, 3, 10, 8, 0, tzinfo=UTC)
    assert caught.links == (SAMPLE.item.url,)
    assert "Skriv ett eller två mål" in caught.text
    assert "<h1" in caught.html


def test_the_newest_comes_first_by_the_mails_own_day(directory: Path) -> None:
    keep(directory, raw(1, days=2), raw(2, days=30), raw(3, days=-400))
    ids = [caught.message_id[-25:-22] for caught in Catcher(directory).messages()]
    assert [caught.date_at for caught in Catcher(directory).messages()] == sorted(
        (caught.date_at for caught in Catcher(directory).messages()), reverse=True
    )
    assert len(ids) == 3
    assert len(Catcher(directory).messages(limit=2)) == 2


def test_the_same_mail_caught_twice_is_seen_twice(directory: Path) -> None:
    keep(directory, raw(), raw())
    first, second = Catcher(directory).messages()
    assert first.message_id == second.message_id
    assert first.name != second.name


def test_the_directory_is_a_maildir_like_any_other(directory: Path) -> None:
    keep(directory, raw(1), raw(2))
    box = mailbox.Maildir(directory, create=False)
    assert {message["X-Styrhjul-Mail-Id"] for message in box} == {ENVELOPE.mail_id}
    assert [message["Return-Path"] for message in box] == ["<studs@example.org>"] * 2
    assert not list((directory / "tmp").iterdir())


def test_one_mail_is_found_by_its_name_and_nothing_else_is(directory: Path) -> None:
    keep(directory, raw())
    (name,) = Catcher(directory).names()
    found = Catcher(directory).message(name)
    assert found is not None
    assert found.name == name
    for other in ("../new/" + name, "1.unknown.1", "", "..", name + "/"):
        assert Catcher(directory).message(other) is None


def test_an_inbox_nobody_has_written_to_is_empty(directory: Path) -> None:
    assert Catcher(directory).messages() == []


def test_a_mail_from_elsewhere_does_not_stop_the_inbox(directory: Path) -> None:
    keep(directory, b"Subject: hello\r\n\r\nno date, no id\r\n")
    (caught,) = Catcher(directory).messages()
    assert (caught.subject, caught.message_id, caught.date_at.year) == ("hello", "", 1970)


def test_a_directory_that_cannot_be_written_closes_the_channel(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file in the way")
    with pytest.raises(ChannelDown, match="mail"), CatchTransport(tmp_path / "mail").open():
        pass


def test_an_address_with_a_line_break_is_not_written_down(directory: Path) -> None:
    with CatchTransport(directory).open() as connection, pytest.raises(MessageRefused):
        connection.send("a@example.org\r\nBcc: b@example.org", "c@example.org", raw())
