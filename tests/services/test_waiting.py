"""Which mails wait, and what each of them waits for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from styrhjul.db.outbox_query import WAY_OUT, close_channel
from styrhjul.db.pace import rest
from styrhjul.db.session import Database
from styrhjul.db.turn import sender_channel
from styrhjul.services.delivery import waiting
from styrhjul.services.delivery.waiting import waiting_mails
from styrhjul.services.operations.hold import begin_hold
from tests.town import Town, nine, town_with_mail

OPENING = date(2027, 1, 7)
NOW = nine(OPENING)


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_mail(database, OPENING)


def whys(town: Town) -> set[str]:
    return {mail.why for mail in waiting_mails(town.database, NOW)[1]}


def test_each_is_told_with_what_another_command_asks_for(town: Town) -> None:
    count, mails = waiting_mails(town.database, NOW)
    assert count == len(mails) > 0
    assert {mail.municipality for mail in mails} == {"lillby"}
    assert all("@" in mail.message_id and "<" not in mail.message_id for mail in mails)
    assert {mail.why for mail in mails} == {"Skickas vid nästa puls."}
    town.deliver(OPENING)
    assert waiting_mails(town.database, NOW) == (0, [])


def test_what_keeps_them_all_is_said(town: Town) -> None:
    with town.database.system() as session:
        close_channel(session, sender_channel("x@lillby.example.org"), "550 Okänd avsändare", NOW)
    assert whys(town) == {"Mejlservern tar inte emot avsändaren: 550 Okänd avsändare"}
    with town.database.system() as session:
        close_channel(session, WAY_OUT, "Inloggningen nekades", NOW)
    assert whys(town) == {"Mejlservern tar inte emot något mejl: Inloggningen nekades"}
    begin_hold(town.database, reason="övning", by="driften", now=NOW + timedelta(minutes=1))
    assert whys(town) == {"Utskicken hålls tillbaka. Se styrhjul hold show."}


def test_a_slow_domain_is_said_to_be(town: Town) -> None:
    [domain] = {mail.domain for mail in waiting_mails(town.database, NOW)[1]}
    with town.database.system() as session:
        rest(session, domain, timedelta(seconds=30), NOW)
    assert whys(town) == {f"Mottagarens server var långsam. {domain} får vänta medan andra mejl går först."}


def test_of_very_many_the_oldest_are_shown_and_all_are_counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_SHOWN", 1)
    count, mails = waiting_mails(town.database, NOW)
    assert count > len(mails) == 1
