"""Safeguards that stand behind others: who reads a shared mailbox now, and one rung a matter in one mail."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from styrhjul.db.mail_model import MailStatus
from styrhjul.db.model import Appointment, Person
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.office import PostRole
from tests.services.people import leave, post_of
from tests.town import Town, build_town

OPENING, LAST_REMINDER, WARNED_ON = date(2027, 1, 7), date(2027, 3, 24), date(2027, 3, 30)
BODY = "socialnämnden"
CHAIR = "chair.socialnamnden@lillby.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=(BODY,))


def follow_in_the_same_mailbox(town: Town, last: date, first: date) -> str:
    """Another person becomes chair; mail to either goes to the office's one address. Return the new appointment."""
    leave(town, BODY, PostRole.CHAIR, last)
    post_id = post_of(town, BODY, PostRole.CHAIR)
    with town.database.municipality(town.municipality_id) as session:
        person = Person(id="new", key="new", name="Ny Ordförande", address=CHAIR, language="sv")
        session.add(person)
        session.flush()
        appointment = Appointment(post_id=post_id, person_id=person.id, starts_on=first, ends_on=None)
        session.add(appointment)
        session.flush()
        return appointment.id


def test_a_mail_written_to_one_chair_does_not_leave_to_the_next_though_the_mailbox_is_the_same(town: Town) -> None:
    """Its links are the former holder's, and so is its name: the new one gets a mail of their own."""
    town.sweep(OPENING)
    town.compose(OPENING)
    appointment = follow_in_the_same_mailbox(town, date(2027, 1, 6), OPENING)
    assert town.deliver(OPENING).cancelled == 1
    town.live(OPENING)
    mine = [mail for mail in town.mails() if mail.address == CHAIR]
    assert {mail.status for mail in mine} == {MailStatus.CANCELLED, MailStatus.ACCEPTED}
    assert [mail.appointment_id for mail in mine if mail.status is MailStatus.ACCEPTED] == [appointment]
    assert [to for to, _ in town.transport.taken].count(CHAIR) == 1


def test_of_two_rungs_that_wait_for_one_reader_about_one_case_only_the_highest_leaves(town: Town) -> None:
    """Nobody could read the reminder; the day somebody can, the warning waits beside it."""
    leave(town, BODY, PostRole.CHAIR, date(2027, 3, 22))
    town.live_through(OPENING, date(2027, 3, 29))
    town.sweep(WARNED_ON)
    with town.database.municipality(town.municipality_id) as session:
        post = post_of(town, BODY, PostRole.CHAIR)
        for held in session.scalars(select(Appointment).where(Appointment.post_id == post)):
            held.ends_on = None
    town.compose(WARNED_ON)
    town.deliver(WARNED_ON)
    waited = {n.rung: n.status for n in town.notices() if n.post_id == post and n.planned_on >= LAST_REMINDER}
    assert waited == {"last_reminder": NoticeStatus.SUPERSEDED, "warning": NoticeStatus.DELIVERED}
    assert [to for to, _ in town.transport.taken].count(CHAIR) == 3  # the opening, the reminder, the warning
