"""Deliver on both databases: looked at once more, recorded whatever the server says, resent unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from itertools import count

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import AttemptOutcome, Channel, Mail, MailStatus
from styrhjul.db.model import Appointment, Person
from styrhjul.db.outbox_query import LEASE, Claimed, claim, record_attempt
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.mail.outcome import Accepted, ChannelDown, Refused, Reply, TryLater, Uncertain
from styrhjul.services.delivery import deliver as deliver_module
from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import LONGEST_RUN, DeliverReport, deliver
from styrhjul.services.delivery.last_look import ReadyMail, begin_together
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.office_hours import Wait
from styrhjul.services.operations.pulse import LONGEST_ALONE
from tests.town import Town, build_town, nine, town_with_mail

OPENING = date(2027, 1, 7)
NINE = nine(OPENING)
Looked = dict[str, ReadyMail | Wait | None]


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_mail(database, OPENING)


def at(town: Town, moment: datetime) -> DeliverReport:
    """Deliver at a moment."""
    return deliver(town.database, town.mailroom, lambda: moment)


def statuses(town: Town) -> list[MailStatus]:
    """How the mails stand."""
    return [mail.status for mail in town.mails()]


def test_what_was_accepted_is_recorded_per_mail_and_never_sent_again(town: Town) -> None:
    assert at(town, NINE).sent == 4
    assert at(town, NINE + timedelta(days=1)).sent == 0
    assert len(town.transport.taken) == 4
    assert {notice.status for notice in town.notices()} == {NoticeStatus.DELIVERED}
    assert {notice.delivered_on for notice in town.notices()} == {OPENING}


def test_once_the_outcome_is_final_no_link_is_left_in_the_database(town: Town) -> None:
    at(town, NINE)
    for mail in town.mails():
        assert mail.sealed_bytes is None
        assert b"/a/borttagen" in (mail.redacted or b"").replace(b"=\r\n", b"")


def test_two_senders_never_hold_the_same_mail(town: Town) -> None:
    with town.database.system() as session:
        first = claim(session, NINE, 3)
    with town.database.system() as session:
        second = claim(session, NINE, 3)
    held = [mail.mail_id for mail in (*first, *second)]
    assert len(held) == len(set(held)) == 4


def test_a_lease_that_ran_out_is_claimed_again_under_another_fence(town: Town) -> None:
    with town.database.system() as session:
        first = claim(session, NINE, 4)
    with town.database.system() as session:
        assert claim(session, NINE + LEASE - timedelta(seconds=1), 4) == []
        second = [mail for _ in first for mail in claim(session, NINE + LEASE, 4)]
    assert sorted(mail.mail_id for mail in first) == sorted(mail.mail_id for mail in second)
    assert first[0].fence != second[0].fence


def test_an_accepted_mark_holds_even_when_the_lease_was_lost(town: Town) -> None:
    """The mark is enough: nobody sends that mail again, and the next run finishes it."""
    with town.database.system() as session:
        held = claim(session, NINE, 4)
    with town.database.marking() as connection:
        for mail in held:
            record_attempt(connection, mail, AttemptOutcome.ACCEPTED, "250", NINE)
    with town.database.system() as session:
        assert claim(session, NINE + LEASE, 4) == []
    at(town, NINE + LEASE)
    assert town.transport.taken == []
    assert set(statuses(town)) == {MailStatus.ACCEPTED}


def test_a_mail_that_was_accepted_and_not_finished_holds_up_no_other_whose_sender_died(town: Town) -> None:
    with town.database.system() as session:
        held = claim(session, NINE, 4)
        first = min(held, key=lambda mail: mail.mail_id)
    with town.database.marking() as connection:
        record_attempt(connection, first, AttemptOutcome.ACCEPTED, "250", NINE)
    with town.database.system() as session:
        [next_] = claim(session, NINE + LEASE, 4)
    assert next_.mail_id != first.mail_id


def test_an_answer_that_came_after_the_mail_was_written_stops_it(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(state=State.SUBMITTED))
    assert at(town, NINE).cancelled == 4
    assert town.transport.taken == []
    assert set(statuses(town)) == {MailStatus.CANCELLED}
    assert {notice.status for notice in town.notices()} == {NoticeStatus.CANCELLED}


def test_a_mail_to_somebody_who_has_left_is_written_anew_to_the_new_holder(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        chair = session.scalars(select(Person).where(Person.address.startswith("chair.social"))).one()
        appointment = session.scalars(select(Appointment).where(Appointment.person_id == chair.id)).one()
        appointment.ends_on = date(2026, 12, 31)
        session.add(Person(id="new", key="new", name="Ny", address="ny@lillby.example.org", language="sv"))
        session.flush()
        session.add(Appointment(post_id=appointment.post_id, person_id="new", starts_on=OPENING))
    at(town, NINE)
    town.sweep(OPENING)
    town.compose(OPENING)
    at(town, NINE)
    assert sorted(to for to, _ in town.transport.taken if not to.startswith(("chair.bygg", "secretary"))) == [
        "ny@lillby.example.org"
    ]


def test_a_temporary_refusal_is_tried_again_by_the_table(town: Town) -> None:
    town.transport.reply = lambda _: TryLater("450 greylisted")
    assert at(town, NINE).deferred == 4
    assert at(town, NINE + timedelta(minutes=4)).deferred == 0
    town.transport.reply = lambda _: Accepted("250 ok")
    assert at(town, NINE + timedelta(minutes=5)).sent == 4


def test_after_five_days_of_temporary_refusals_it_is_given_up_and_the_planner_sees_it(town: Town) -> None:
    town.transport.reply = lambda _: TryLater("450 full")
    moment = NINE
    while MailStatus.QUEUED in statuses(town):
        at(town, moment)
        moment += timedelta(hours=1)
    assert timedelta(days=4) < moment - NINE < timedelta(days=6)
    assert {notice.status for notice in town.notices()} == {NoticeStatus.FAILED}


def test_an_unknown_address_is_blocked_however_a_list_spells_it(town: Town) -> None:
    town.transport.reply = lambda _: Refused("550 no such user", about_address=True)
    refused = town.mails()[0].address
    with town.database.municipality(town.municipality_id) as session:
        session.add(Person(key="again", name="Samma brevlåda", address=refused.upper()))
    at(town, NINE)
    with town.database.reading(town.municipality_id) as session:
        assert session.scalars(select(Person.address_blocked_at).where(Person.key == "again")).one() is not None


def test_an_unknown_address_is_not_written_to_again(town: Town) -> None:
    town.transport.reply = lambda _: Refused("550 no such user", about_address=True)
    assert at(town, NINE).failed == 4
    with town.database.reading(town.municipality_id) as session:
        blocked = session.scalars(select(Person.address).where(Person.address_blocked_at.is_not(None))).all()
    assert len(blocked) == 4


def test_a_lost_reply_is_resent_byte_for_byte_not_before_a_quarter_of_an_hour(town: Town) -> None:
    seen: list[bytes] = []

    def lose(to: str) -> Reply:
        del to
        return Uncertain("no reply")

    town.transport.reply = lose
    assert at(town, NINE).uncertain == 4
    seen = [mail.sealed_bytes or b"" for mail in town.mails()]
    town.transport.reply = lambda _: Accepted("250 ok")
    assert at(town, NINE + timedelta(minutes=14)).sent == 0
    assert [mail.sealed_bytes for mail in town.mails()] == seen
    assert at(town, NINE + timedelta(minutes=15)).sent == 4


def test_an_uncertain_mail_whose_matter_is_settled_is_not_resent(town: Town) -> None:
    town.transport.reply = lambda _: Uncertain("no reply")
    at(town, NINE)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(state=State.SUBMITTED))
    at(town, NINE + timedelta(minutes=15))
    assert set(statuses(town)) == {MailStatus.NOT_RESENT}


def test_a_server_that_refuses_us_altogether_blames_no_mail_and_is_left_alone_for_a_while(town: Town) -> None:
    def down(to: str) -> Reply:
        raise ChannelDown(f"535 {to}")

    town.transport.reply = down
    assert at(town, NINE).deferred == 4
    assert [(mail.status, mail.attempts) for mail in town.mails()] == [(MailStatus.QUEUED, 0)] * 4
    with town.database.system(read_only=True) as session:
        assert session.scalars(select(Channel)).one().closed_until == NINE + timedelta(minutes=1)
    town.transport.reply = lambda _: Accepted("250 ok")
    assert at(town, NINE + timedelta(seconds=59)).sent == 0
    assert at(town, NINE + timedelta(minutes=1)).sent == 4


def test_our_own_fault_with_one_mail_stops_no_other_and_after_three_times_it_is_set_aside(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.address.startswith("chair.social")).values(sealed_bytes=b"broken"))
    moment = NINE
    assert (at(town, moment).sent, len(town.transport.taken)) == (3, 3)
    for _ in range(4):
        moment += LEASE
        at(town, moment)
    [broken] = [mail for mail in town.mails() if mail.address.startswith("chair.social")]
    assert broken.status is MailStatus.QUARANTINED


def test_no_mail_is_begun_after_the_longest_run_and_the_rest_is_given_back(town: Town) -> None:
    """The clock goes on each time it is read: after one mail the time is up."""
    steps = count()
    report = deliver(town.database, town.mailroom, lambda: NINE + next(steps) * LONGEST_RUN / 6)
    assert (report.sent, len(town.transport.taken)) == (1, 1)
    assert (report.deferred, report.cut_short) == (3, 1)
    back = [mail for mail in town.mails() if mail.status is MailStatus.QUEUED]
    assert [(mail.attempts, mail.lease_until, mail.data_started_at) for mail in back] == [(0, None, None)] * 3


# -- looked at together ------------------------------------------------------------------------------------------------


@pytest.fixture
def answered_on_the_way(town: Town) -> Town:
    """A town where everybody answers while the first mail is on its way."""

    def answer(to: str) -> Reply:
        with town.database.municipality(town.municipality_id) as session:
            session.execute(update(Case).values(state=State.SUBMITTED))
        return Accepted(f"250 {to}")

    town.transport.reply = answer
    return town


def test_a_look_that_is_no_longer_fresh_is_taken_again(
    answered_on_the_way: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_module, "LOOK_HOLDS", timedelta(seconds=-1))  # the clock of a test stands still
    report = at(answered_on_the_way, NINE)
    assert (report.sent, report.cancelled) == (1, 3)
    assert len(answered_on_the_way.transport.taken) == 1


def test_mails_looked_at_one_by_one_see_every_answer(answered_on_the_way: Town) -> None:
    alone = replace(answered_on_the_way.mailroom, looked_at_together=1)
    report = deliver(answered_on_the_way.database, alone, lambda: NINE)
    assert (report.sent, report.cancelled) == (1, 3)


def test_a_mail_that_was_tried_before_is_looked_at_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be what killed us; the others are not to be counted with it each time."""
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.address.startswith("chair.social")).values(attempts=1))
    together: list[int] = []

    def counted(session: Session, mailroom: Mailroom, group: Sequence[Claimed], now: datetime) -> Looked:
        together.append(len(group))
        return begin_together(session, mailroom, group, now)

    monkeypatch.setattr(deliver_module, "begin_together", counted)
    assert at(town, NINE).sent == 4
    assert sorted(together) == [1, 3]


def test_a_relay_that_knows_what_it_has_sent_is_told_the_mails_id_each_time(database: Database) -> None:
    town = build_town(database)
    mailroom = replace(town.mailroom, idempotency_header="Resend-Idempotency-Key")
    town.sweep(OPENING)
    compose_mails(database, mailroom, NINE)
    assert at(town, NINE).sent == 4
    told = {message_from_bytes(raw)["Resend-Idempotency-Key"] for _, raw in town.transport.taken}
    assert told == {mail.id for mail in town.mails()}


def test_who_sends_alone_says_for_how_long(town: Town) -> None:
    steps = count()
    report = deliver(town.database, town.mailroom, lambda: NINE + next(steps) * LONGEST_RUN / 6, longest=LONGEST_ALONE)
    assert (report.sent, report.cut_short) == (4, 0)


def test_a_notice_is_delivered_only_when_its_mail_was_accepted(town: Town) -> None:
    town.transport.reply = lambda to: Accepted("250") if to.startswith("chair") else TryLater("450")
    at(town, NINE)
    with town.database.reading(town.municipality_id) as session:
        found = session.scalars(select(Notice.status)).all()
    assert sorted(found) == [NoticeStatus.DELIVERED] * 2 + [NoticeStatus.MAILED] * 2
