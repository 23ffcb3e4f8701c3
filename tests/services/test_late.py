"""At 24 hours undelivered a person is told, once for each mail, in a mail that says what to do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import delete, update

from styrhjul.db.case_model import Case, JournalEntry
from styrhjul.db.late_model import LateTelling
from styrhjul.db.mail_model import Mail, MailAttempt, MailStatus
from styrhjul.db.model import Base, Person
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.mail.outcome import Accepted, ChannelDown, Reply, TryLater
from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.delivery.late import HAND_TIME, tell_of_late
from styrhjul.services.foundation.crashpoint import watched
from tests.filled import Filled
from tests.town import SEALER, Town, build_town, nine

OPENING = date(2027, 1, 7)  # a Thursday
NEXT = date(2027, 1, 8)
MONDAY = date(2027, 1, 11)
CHAIR = "chair.socialnamnden@lillby.example.org"
COORDINATOR = "coordinator.kommunstyrelsen@lillby.example.org"
CHIEF = "chief_executive.kommunstyrelsen@lillby.example.org"
BUSY = TryLater("451 4.7.1 try again later")


@pytest.fixture
def town(database: Database, filled: Filled) -> Town:
    return filled(database, opened)


def opened(database: Database) -> Town:
    """A town whose chair's server has asked for patience since the opening; the three others have their mail."""
    town = build_town(database)
    late_for(town, CHAIR)
    town.live(OPENING)
    return town


def late_for(town: Town, *addresses: str) -> None:
    def reply(to: str) -> Reply:
        return BUSY if to in addresses else Accepted("250 ok")

    town.transport.reply = reply


def tell(town: Town, at: datetime) -> int:
    return tell_of_late(town.database, town.mailroom, at)


def tellings(town: Town) -> list[Mail]:
    return [mail for mail in town.mails() if mail.key == "late_mails"]


def send(town: Town, at: datetime) -> None:
    deliver(town.database, town.mailroom, lambda: at)


def text_of(mail: Mail) -> str:
    parsed = message_from_bytes(SEALER.open(mail.sealed_bytes or b""), policy=policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def change(town: Town, table: type[Base], whose: str, **values: object) -> None:
    """Change the rows of an address."""
    with town.database.register(town.municipality_id) as session:
        session.execute(update(table).where(table.address == whose).values(**values))  # type: ignore[attr-defined]


def journalled(town: Town) -> list[JournalEntry]:
    with town.database.reading(town.municipality_id) as session:
        return session.query(JournalEntry).filter(JournalEntry.kind == EntryKind.LATE_MAIL_TOLD).all()


def test_the_coordinator_is_told_after_a_day_and_not_before(town: Town) -> None:
    assert tell(town, nine(NEXT) - timedelta(seconds=1)) == 0
    assert tell(town, nine(NEXT)) == 1
    [telling] = tellings(town)
    assert (telling.address, telling.digest_on, telling.status) == (COORDINATOR, NEXT, MailStatus.QUEUED)


def test_it_says_which_mail_to_whom_since_when_what_it_asks_and_what_to_do(town: Town) -> None:
    tell(town, nine(NEXT))
    text = text_of(tellings(town)[0])
    for said in (
        "Ett mejl har inte kommit fram på ett dygn",
        CHAIR,
        "socialnämnden, chair.social",
        "sedan 7 januari",
        '"451 4.7.1 try again later"',
        "Socialnämnden: skriv",
        "(Integrationspolicy). Sista dag är",
        "Kontrollera adressen, och ring mottagaren.",
    ):
        assert said in text
    assert "http" not in text


def test_composing_tells_too_and_a_mail_is_told_of_once_ever(town: Town) -> None:
    assert compose_mails(town.database, town.mailroom, nine(NEXT)).composed == 1
    for day in (NEXT, MONDAY, date(2027, 1, 12)):
        for hour in range(3):
            compose_mails(town.database, town.mailroom, nine(day) + timedelta(hours=hour))
    assert len(tellings(town)) == 1


def test_several_late_mails_stand_in_one(database: Database) -> None:
    town = build_town(database)
    town.transport.reply = lambda _: BUSY
    town.live(OPENING)
    tell(town, nine(NEXT))
    [telling] = tellings(town)
    assert telling.subject == "Kommunstyrelsen: fyra mejl har inte kommit fram på ett dygn"
    assert len(journalled(town)) == 4


def test_what_was_told_of_is_left_out_of_the_next_telling(town: Town) -> None:
    tell(town, nine(NEXT))
    other = next(mail for mail in town.mails() if mail.address not in (CHAIR, COORDINATOR))
    change(town, Mail, CHAIR, next_attempt_at=nine(MONDAY + timedelta(5)))
    send(town, nine(NEXT))
    change(town, Mail, other.address, status=MailStatus.QUEUED, sealed_bytes=b"", finished_at=None)
    with town.database.system() as session:
        session.execute(delete(MailAttempt).where(MailAttempt.mail_id == other.id))
    assert tell(town, nine(MONDAY)) == 1
    assert [CHAIR in text_of(mail) for mail in tellings(town) if mail.sealed_bytes] == [False]


def test_it_is_journalled_with_the_case(town: Town) -> None:
    tell(town, nine(NEXT))
    [entry], [telling] = journalled(town), tellings(town)
    late = next(mail for mail in town.mails() if mail.address == CHAIR)
    assert entry.case_id in {case.id for case in town.cases()}
    assert (entry.data["mail"], entry.data["told_in"]) == (late.id, telling.id)


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize(("point", "written"), [("before_late_commit", 0), ("after_late_commit", 1)])
def test_killed_it_has_written_all_of_it_or_nothing(town: Town, point: str, written: int) -> None:
    def kill(name: str) -> None:
        if name == point:
            raise Killed

    with watched(kill), pytest.raises(Killed):
        tell(town, nine(NEXT))
    assert (len(tellings(town)), len(journalled(town))) == (written, written)
    assert tell(town, nine(NEXT)) == 1 - written


# -- when nobody is told -----------------------------------------------------------------------------------------------


def test_what_waited_for_the_office_over_a_weekend_has_an_hour_to_leave(database: Database) -> None:
    town = build_town(database)
    town.sweep(NEXT)
    compose_mails(database, town.mailroom, nine(NEXT) + timedelta(hours=7))
    assert tell(town, nine(date(2027, 1, 9)) + timedelta(hours=8)) == 0  # a Saturday
    assert tell(town, nine(MONDAY) - timedelta(seconds=1)) == 0
    assert tell(town, nine(MONDAY)) == 1
    assert "Ingen server har svarat." in text_of(tellings(town)[0])


def test_an_answered_case_is_no_longer_told_of(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(state=State.SUBMITTED))
    assert tell(town, nine(NEXT)) == 0


def test_what_arrived_or_was_refused_for_good_is_not_told_of(town: Town) -> None:
    late_for(town)
    send(town, nine(NEXT))
    assert tell(town, nine(NEXT)) == 0


def test_a_trial_tells_nobody(town: Town) -> None:
    change(town, Mail, CHAIR, trial_to="prov@lillby.example.org")
    assert tell(town, nine(NEXT)) == 0


def test_the_coordinators_own_mail_is_not_told_of(town: Town) -> None:
    change(town, Mail, CHAIR, address=COORDINATOR)
    assert tell(town, nine(NEXT)) == 0


def test_a_telling_is_never_told_of(town: Town) -> None:
    late_for(town, CHAIR, COORDINATOR)
    tell(town, nine(NEXT))
    send(town, nine(NEXT) + timedelta(minutes=1))
    for day in range(3):
        assert tell(town, nine(MONDAY + timedelta(day))) == 0
    change(town, Person, COORDINATOR, address_blocked_at=nine(MONDAY))
    assert tell(town, nine(date(2027, 1, 14))) == 0
    assert len(tellings(town)) == 1


def test_a_mailbox_that_has_had_its_mail_is_told_the_next_day(town: Town) -> None:
    other = next(mail for mail in town.mails() if mail.address != CHAIR)
    change(town, Mail, other.address, address=COORDINATOR, digest_on=NEXT)
    assert tell(town, nine(NEXT) + timedelta(hours=1)) == 0
    assert tell(town, nine(MONDAY)) == 1


# -- who is told -------------------------------------------------------------------------------------------------------


def test_without_a_coordinator_the_chief_executive_is_told_and_else_nobody(town: Town) -> None:
    change(town, Person, COORDINATOR, address_blocked_at=nine(OPENING))
    assert tell(town, nine(NEXT)) == 1
    assert [mail.address for mail in tellings(town)] == [CHIEF]


def test_where_nobody_reads_it_nothing_is_written(town: Town) -> None:
    for address in (COORDINATOR, CHIEF):
        change(town, Person, address, address_blocked_at=nine(OPENING))
    assert tell(town, nine(NEXT)) == 0


def test_it_says_why_nothing_gets_out_where_no_mail_was_tried(database: Database) -> None:
    town = build_town(database)

    def down(_: str) -> Reply:
        raise ChannelDown("mail.example.org:25: refused")

    town.transport.reply = down
    town.live(OPENING)
    tell(town, nine(NEXT))
    assert '"mail.example.org:25: refused"' in text_of(tellings(town)[0])


# -- the last look -----------------------------------------------------------------------------------------------------


def test_it_leaves_while_the_mail_is_still_late(town: Town) -> None:
    tell(town, nine(NEXT))
    with town.database.system() as session:
        session.execute(update(Mail).where(Mail.address == CHAIR).values(next_attempt_at=nine(MONDAY)))
    send(town, nine(NEXT) + timedelta(minutes=1))
    assert COORDINATOR in [to for to, _ in town.transport.taken]


def test_it_is_withdrawn_when_the_mail_has_arrived_meanwhile(town: Town) -> None:
    tell(town, nine(NEXT))
    late_for(town)
    send(town, nine(NEXT) + timedelta(minutes=1))
    assert COORDINATOR not in [to for to, _ in town.transport.taken]
    send(town, nine(NEXT) + HAND_TIME * 2)
    assert [mail.status for mail in tellings(town)] == [MailStatus.CANCELLED]
    assert COORDINATOR not in [to for to, _ in town.transport.taken]


def test_when_one_of_two_has_arrived_the_other_is_told_of_anew(database: Database) -> None:
    town = build_town(database)
    town.transport.reply = lambda _: BUSY
    town.live(OPENING)
    tell(town, nine(NEXT))
    late_for(town, CHAIR)
    for minutes in (1, 11):
        send(town, nine(NEXT) + timedelta(minutes=minutes))
    assert tell(town, nine(NEXT) + timedelta(minutes=12)) == 1
    with database.reading(town.municipality_id) as session:
        assert session.query(LateTelling).count() == 1
    assert {mail.status for mail in tellings(town)} == {MailStatus.CANCELLED, MailStatus.QUEUED}


def test_an_answer_that_comes_first_withdraws_it(town: Town) -> None:
    tell(town, nine(NEXT))
    change(town, Mail, CHAIR, next_attempt_at=nine(MONDAY))
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(state=State.SUBMITTED))
    send(town, nine(NEXT) + HAND_TIME * 2)
    assert [mail.status for mail in tellings(town)] == [MailStatus.CANCELLED]


def test_it_waits_for_the_office_and_for_its_reader(town: Town) -> None:
    tell(town, nine(NEXT))
    send(town, nine(NEXT) + timedelta(hours=12))
    assert [mail.status for mail in tellings(town)] == [MailStatus.QUEUED]
    change(town, Person, COORDINATOR, address_blocked_at=nine(MONDAY))
    send(town, nine(MONDAY))
    assert [mail.status for mail in tellings(town)] == [MailStatus.CANCELLED]
