"""A way out that is closed to one sender is open to the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from styrhjul.db.mail_model import Channel, MailStatus
from styrhjul.db.outbox_query import WAY_OUT, close_channel, failing_channels
from styrhjul.db.turn import sender_channel
from styrhjul.mail.outcome import Reply, SenderRefused
from styrhjul.services.delivery.deliver import DeliverReport, deliver
from tests.town import RememberingTransport, Town, build_town, nine

if TYPE_CHECKING:
    from styrhjul.db.session import Database

OPENING = date(2027, 1, 7)
NINE = nine(OPENING)
REFUSED, OTHER = "lillby.example.org", "storby.example.org"


@dataclass
class PickyTransport(RememberingTransport):
    """A server that takes nothing from some senders, and counts how often they ask."""

    refused: tuple[str, ...] = (REFUSED,)
    asked: int = 0

    def send(self, return_path: str, to: str, raw: bytes) -> Reply:
        if return_path.endswith(self.refused):
            self.asked += 1
            raise SenderRefused(f"550 {return_path}")
        return super().send(return_path, to, raw)


@pytest.fixture
def server() -> PickyTransport:
    return PickyTransport()


@pytest.fixture
def towns(database: Database, server: PickyTransport) -> tuple[Town, Town]:
    """Two towns with four mails each in the outbox; the server refuses the first."""
    refused, other = (build_town(database, slug) for slug in ("lillby", "storby"))
    for town in (refused, other):
        town.transport = server
        town.sweep(OPENING)
    refused.compose(OPENING)
    return refused, other


def at(town: Town, moment: datetime) -> DeliverReport:
    return deliver(town.database, town.mailroom, lambda: moment)


def channels(town: Town) -> dict[str, int]:
    """How many times each channel has failed."""
    with town.database.system(read_only=True) as session:
        return {channel.name: channel.failures for channel in session.scalars(select(Channel))}


def test_a_refused_sender_holds_up_nobody_else_and_no_mail_is_blamed(
    towns: tuple[Town, Town], server: PickyTransport
) -> None:
    refused, other = towns
    report = at(refused, NINE)
    assert (report.sent, report.deferred, server.asked) == (4, 4, 1)
    assert {mail.status for mail in other.mails()} == {MailStatus.ACCEPTED}
    assert [(mail.status, mail.attempts) for mail in refused.mails()] == [(MailStatus.QUEUED, 0)] * 4
    assert channels(refused) == {sender_channel(f"x@{REFUSED}"): 1}


def test_a_refused_sender_is_asked_for_again_when_the_closing_time_is_over(
    towns: tuple[Town, Town], server: PickyTransport
) -> None:
    refused, _ = towns
    at(refused, NINE)
    assert at(refused, NINE + timedelta(seconds=59)) == DeliverReport()
    assert (at(refused, NINE + timedelta(minutes=1)).deferred, server.asked) == (4, 2)
    assert at(refused, NINE + timedelta(minutes=2)) == DeliverReport()  # closed for two minutes the second time
    server.refused = ("nobody",)
    assert at(refused, NINE + timedelta(minutes=3)).sent == 4
    assert channels(refused) == {sender_channel(f"x@{REFUSED}"): 0}


def test_senders_that_meet_the_same_refusal_close_the_way_out_for_one_minute(towns: tuple[Town, Town]) -> None:
    """Five lines are open at once, and a mail server that starts anew refuses them all."""
    town, _ = towns
    for seconds in range(5):
        with town.database.system() as session:
            close_channel(session, WAY_OUT, "down", NINE + timedelta(seconds=seconds))
    assert channels(town) == {WAY_OUT: 1}
    with town.database.system(read_only=True) as session:
        assert failing_channels(session) == {WAY_OUT: NINE + timedelta(minutes=1)}


def test_the_whole_way_out_being_closed_stops_every_sender(towns: tuple[Town, Town]) -> None:
    refused, other = towns
    with refused.database.system() as session:
        close_channel(session, WAY_OUT, "down", NINE)
    assert at(refused, NINE) == DeliverReport()
    assert {mail.status for mail in other.mails()} == {MailStatus.QUEUED}


def test_a_domain_is_refused_by_its_whole_name(towns: tuple[Town, Town], server: PickyTransport) -> None:
    refused, _ = towns
    server.refused = ("nobody",)
    with refused.database.system() as session:
        for domain in ("by.example.org", "l_llby.example.org", f"under.{REFUSED}"):
            close_channel(session, sender_channel(f"x@{domain}"), "550", NINE)
        close_channel(session, sender_channel(f"x@{OTHER.upper()}"), "550", NINE)
    assert at(refused, NINE).sent == 4
