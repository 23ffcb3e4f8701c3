"""What comes back about a mail of a trial run says nothing of whoever it was written for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.model import Municipality, Policy
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.inbound import InboundKind
from styrhjul.domain.journal import EntryKind
from styrhjul.mail.outcome import Uncertain
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.delivery.inbound import OF_TRIAL
from styrhjul.services.municipality.trial import begin_trial, end_trial
from tests.mail.inbound_shape import OURS, TO, Report, mail
from tests.services.inbound_world import LATER, OPENING, PostalTown
from tests.town import FOLLOWED_FROM, build_town, nine

TESTER = "prov@lillby.example.org"
BY = "samordnaren"


def on_trial(database: Database) -> PostalTown:
    """A town on trial whose four mails wait to leave to the one address."""
    built = build_town(database)
    town = PostalTown(database, municipality_id=built.municipality_id, bodies=built.bodies, policy_id=built.policy_id)
    with database.register(town.municipality_id) as session:
        session.execute(update(Municipality).values(released_at=None))
        session.execute(update(Policy).values(released_at=None))
    begin_trial(database, town.municipality_id, to_address=TESTER, by=BY, now=nine(FOLLOWED_FROM))
    town.sweep(OPENING)
    town.compose(OPENING)
    return town


@pytest.fixture
def town(database: Database) -> PostalTown:
    town = on_trial(database)
    deliver(database, town.mailroom, lambda: nine(OPENING))
    return town


def reply(thread: str = "", sender: str = TESTER) -> bytes:
    head = f"From: {sender}\nTo: {OURS}\nSubject: SV: Mal\n{thread}"
    return mail(f"{head}\nContent-Type: text/plain; charset=utf-8", "Hej")


@pytest.mark.parametrize("dead", [TO, TESTER])
def test_a_bounce_blocks_no_address_and_fails_no_notice(town: PostalTown, dead: str) -> None:
    before = town.state()
    raw = town.about(town.mail_to(), Report(final=f"rfc822; {dead}").raw())
    taken = town.take(raw)
    assert (taken.kind, taken.effect) == (InboundKind.FAILED, OF_TRIAL)
    assert town.state() == before
    assert {notice.status for notice in town.notices()} == {NoticeStatus.TRIAL}


def test_a_bounce_of_one_that_was_uncertain_changes_nothing_either(database: Database) -> None:
    town = on_trial(database)
    town.transport.reply = lambda _: Uncertain("no reply")
    town.deliver(OPENING)
    before = town.state()
    assert town.take(town.about(town.mail_to(), Report().raw())).effect == OF_TRIAL
    assert town.state() == before


def test_a_delay_is_not_written_into_the_case(town: PostalTown) -> None:
    raw = town.about(town.mail_to(), Report(action="delayed", status="4.4.1").raw())
    assert town.take(raw).effect == OF_TRIAL
    assert EntryKind.MAIL_DELAYED not in {each.kind for each in town.rows(JournalEntry)}


def test_a_reply_is_kept_and_stands_with_no_case_and_goes_to_nobody(town: PostalTown) -> None:
    threads = [
        f"In-Reply-To: {town.mail_to().message_id}\n",
        f"References: <case-{town.cases()[0].id}@lillby.example.org>\n",
    ]
    for thread in threads:
        assert town.take(reply(thread)).effect == OF_TRIAL
    kept = town.inbound()
    assert [(each.kind, each.case_id, each.forwarded_in_id) for each in kept] == [(InboundKind.REPLY, None, None)] * 2
    assert EntryKind.REPLY_RECEIVED not in {each.kind for each in town.rows(JournalEntry)}
    assert len(town.mails()) == 4


def test_it_is_so_when_the_trial_has_ended_too(town: PostalTown) -> None:
    written = town.mail_to()
    end_trial(town.database, town.municipality_id, by=BY, now=LATER)
    before = town.state()
    for raw in (town.about(written, Report().raw()), reply(f"In-Reply-To: {written.message_id}\n")):
        assert town.take(raw, at=LATER + timedelta(days=1)).effect == OF_TRIAL
    assert town.state() == before


def test_a_reply_to_none_of_our_mails_is_a_persons_during_a_trial_too(town: PostalTown) -> None:
    town.take(reply())
    assert EntryKind.REPLY_RECEIVED in {each.kind for each in town.rows(JournalEntry)}
