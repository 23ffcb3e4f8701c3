"""Who reads a post's mail the day it is written: the holder, else the vice chair, never somebody who has left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from styrhjul.db.journal import entries
from styrhjul.db.mail_model import AnswerLink, Mail, MailStatus
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.office import PostRole
from styrhjul.services.mailing.reader import NO_ADDRESS, VACANT_POST, may_read
from tests.services.people import appoint, block, leave, post_of
from tests.town import Town, build_town

OPENING = date(2027, 1, 7)
BODY = "socialnämnden"
CHAIR, SECRETARY = "chair.socialnamnden@lillby.example.org", "secretary.socialnamnden@lillby.example.org"
VICE = "vice@lillby.example.org"


@pytest.fixture
def town(database: Database) -> Town:
    return build_town(database, committees=(BODY,))


def written(town: Town, day: date) -> dict[str, Mail]:
    """The mails of a day, by address."""
    town.sweep(day)
    town.compose(day)
    return {mail.address: mail for mail in town.mails() if mail.digest_on == day}


def composed_for(town: Town, mail: Mail) -> dict[str, Value]:
    """What the journal says of a mail."""
    with town.database.reading(town.municipality_id) as session:
        lines = [e.data for e, _ in entries(session) if e.kind is EntryKind.MAIL_COMPOSED and e.data["mail"] == mail.id]
    return dict(lines[0])


def test_a_vacant_chair_is_read_by_the_vice_chair_and_the_journal_says_why(town: Town) -> None:
    vice = appoint(town, BODY, PostRole.VICE_CHAIR, VICE)
    leave(town, BODY, PostRole.CHAIR, date(2026, 12, 31))
    mails = written(town, OPENING)
    assert set(mails) == {VICE, SECRETARY}
    said = composed_for(town, mails[VICE])
    assert said["post"] == post_of(town, BODY, PostRole.CHAIR)
    assert (said["read_in_post"], said["reason"]) == (vice, VACANT_POST)
    assert said["appointment"] == mails[VICE].appointment_id


def test_a_chair_whose_address_refuses_mail_is_stood_in_for(town: Town) -> None:
    appoint(town, BODY, PostRole.VICE_CHAIR, VICE)
    block(town, CHAIR, OPENING)
    mails = written(town, OPENING)
    assert set(mails) == {VICE, SECRETARY}
    assert composed_for(town, mails[VICE])["reason"] == NO_ADDRESS


def test_the_journal_names_the_appointment_of_an_ordinary_reader_without_a_reason(town: Town) -> None:
    mails = written(town, OPENING)
    said = composed_for(town, mails[CHAIR])
    assert said["appointment"] == mails[CHAIR].appointment_id
    assert "reason" not in said


def test_a_vice_chair_who_is_also_secretary_gets_the_matter_once(town: Town) -> None:
    appoint(town, BODY, PostRole.VICE_CHAIR, SECRETARY)
    leave(town, BODY, PostRole.CHAIR, date(2026, 12, 31))
    mails = written(town, OPENING)
    assert set(mails) == {SECRETARY}
    assert mails[SECRETARY].key == "goals_opened"  # one matter, no digest
    assert mails[SECRETARY].post_id == post_of(town, BODY, PostRole.SECRETARY)  # their own post comes first
    town.deliver(OPENING)
    assert [notice.status for notice in town.notices()] == [NoticeStatus.DELIVERED] * 2


def test_the_deputys_link_answers_for_the_chair_until_there_is_a_chair(town: Town) -> None:
    appoint(town, BODY, PostRole.VICE_CHAIR, VICE)
    leave(town, BODY, PostRole.CHAIR, date(2026, 12, 31))
    mail = written(town, OPENING)[VICE]
    appoint(town, BODY, PostRole.CHAIR, "new@lillby.example.org", since=date(2027, 2, 1))
    with town.database.reading(town.municipality_id) as session:
        link = session.scalars(select(AnswerLink).where(AnswerLink.mail_id == mail.id)).one()
        assert link.post_id == post_of(town, BODY, PostRole.CHAIR)
        assert may_read(session, link.post_id, link.appointment_id, date(2027, 1, 31))
        assert not may_read(session, link.post_id, link.appointment_id, date(2027, 2, 1))


def test_a_holder_whose_address_refuses_mail_keeps_the_links_they_have(town: Town) -> None:
    mail = written(town, OPENING)[CHAIR]
    block(town, CHAIR, OPENING)
    with town.database.reading(town.municipality_id) as session:
        assert may_read(session, str(mail.post_id), str(mail.appointment_id), OPENING)


def test_a_mail_to_the_deputy_is_withdrawn_when_a_chair_is_appointed_before_it_leaves(town: Town) -> None:
    appoint(town, BODY, PostRole.VICE_CHAIR, VICE)
    leave(town, BODY, PostRole.CHAIR, date(2026, 12, 31))
    mail = written(town, OPENING)[VICE]
    appoint(town, BODY, PostRole.CHAIR, "new@lillby.example.org", since=OPENING)
    town.live(OPENING)
    town.live(OPENING + timedelta(1))
    assert {m.status for m in town.mails() if m.id == mail.id} == {MailStatus.CANCELLED}
    assert sorted(to for to, _ in town.transport.taken) == ["new@lillby.example.org", SECRETARY]


def test_nobody_who_has_left_is_ever_written_to(town: Town) -> None:
    appoint(town, BODY, PostRole.CHAIR, "new@lillby.example.org", since=date(2027, 2, 1))
    leave(town, BODY, PostRole.SECRETARY, date(2027, 1, 31))
    town.live_through(OPENING, date(2027, 1, 8))
    town.live_through(date(2027, 3, 8), date(2027, 4, 16))
    later = {to for to, _ in town.transport.taken[2:]}
    assert "new@lillby.example.org" in later
    assert not {CHAIR, SECRETARY} & later


def test_a_post_without_anybody_is_looked_at_again_each_ordinary_day(town: Town) -> None:
    leave(town, BODY, PostRole.CHAIR, date(2026, 12, 31))
    town.live_through(OPENING, date(2027, 1, 10))
    appoint(town, BODY, PostRole.CHAIR, "new@lillby.example.org", since=date(2027, 1, 11))
    town.live(date(2027, 1, 11))
    assert "new@lillby.example.org" in {to for to, _ in town.transport.taken}
