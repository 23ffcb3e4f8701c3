"""The mailbox is read by the pulse: what lies in it is taken in once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from styrhjul.db.mail_model import MailStatus
from styrhjul.db.session import Database
from styrhjul.mail.imap import ImapMailbox, mailbox_from_url
from styrhjul.services.delivery.mailbox_reading import InboundReport, read_mailbox
from styrhjul.services.foundation.crashpoint import watched
from tests.imap_server import PASSWORD, USER, ImapServer
from tests.mail.inbound_shape import Report
from tests.services.inbound_world import LATER, PostalTown, postal_town


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
def server() -> Iterator[ImapServer]:
    server = ImapServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def town(database: Database, server: ImapServer) -> PostalTown:
    """A town with one failure report in the mailbox."""
    town = postal_town(database)
    server.put(town.about(town.mail_to(), Report().raw()))
    return town


def mailbox(server: ImapServer) -> ImapMailbox:
    url = f"imap://{quote(USER)}:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}"
    return mailbox_from_url(url, done_folder="Styrhjul", limit_bytes=100_000)


def read(town: PostalTown, server: ImapServer) -> InboundReport:
    return read_mailbox(town.database, town.mailroom, mailbox(server), lambda: LATER)


def test_a_report_in_the_mailbox_makes_its_mail_bounce(town: PostalTown, server: ImapServer) -> None:
    assert read(town, server) == InboundReport(taken=1)
    assert read(town, server) == InboundReport()
    assert town.mail_to().status is MailStatus.BOUNCED
    assert (len(server.folders["INBOX"]), len(server.folders["Styrhjul"])) == (0, 1)


@pytest.mark.parametrize(
    ("point", "then"),
    [("before_inbound_commit", InboundReport(taken=1)), ("after_inbound_commit", InboundReport(known=1))],
)
def test_killed_in_between_it_is_taken_in_once(
    town: PostalTown, server: ImapServer, point: str, then: InboundReport
) -> None:
    def kill(name: str) -> None:
        if name == point:
            raise Killed

    with watched(kill), pytest.raises(Killed):
        read(town, server)
    assert len(server.folders["INBOX"]) == 1
    assert read(town, server) == then
    assert len(town.inbound()) == 1
    assert town.mail_to().status is MailStatus.BOUNCED


def test_a_mailbox_that_cannot_be_reached_stops_nothing(town: PostalTown, server: ImapServer) -> None:
    gone = mailbox_from_url("imap://u:p@127.0.0.1:1", done_folder="x", limit_bytes=1)
    assert read_mailbox(town.database, town.mailroom, gone, lambda: LATER) == InboundReport(unreachable=1)


def test_a_mail_that_cannot_be_kept_stays_and_stops_no_other(town: PostalTown, server: ImapServer) -> None:
    points: list[str] = []

    def fail_once(name: str) -> None:
        points.append(name)
        if points == ["before_inbound_commit"]:
            raise RuntimeError("a fault of ours")

    server.put(Report().raw())
    with watched(fail_once):
        assert read(town, server) == InboundReport(taken=1, failed=1)
    assert (len(server.folders["INBOX"]), len(town.inbound())) == (1, 1)
    assert read(town, server) == InboundReport(taken=1)


def test_without_a_mailbox_nothing_is_read(town: PostalTown) -> None:
    assert read_mailbox(town.database, town.mailroom, None, lambda: LATER) == InboundReport()
