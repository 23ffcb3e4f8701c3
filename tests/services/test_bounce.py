"""F-48 and F-49 on both databases: a signed report makes a mail one that did not arrive, and nothing else does."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from styrhjul.db.case_model import Case, JournalEntry, Notice, Wake
from styrhjul.db.mail_model import AttemptOutcome, Mail, MailAttempt, MailItem, MailStatus
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.inbound import InboundKind
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.mail.outcome import Uncertain
from styrhjul.services.delivery.bounce import BLOCKED, KNOWN, LOST, NEVER_LEFT
from styrhjul.services.delivery.inbound import NOTHING
from tests.mail.inbound_shape import PLACEHOLDER, TO, Report
from tests.mail.make_inbound import CORPUS
from tests.services.inbound_world import LATER, OPENING, PATHS, PostalTown, postal_town
from tests.town import nine

INDEX: dict[str, dict[str, str]] = json.loads((CORPUS / "index.json").read_text(encoding="utf-8"))
GONE = Report().raw()


@pytest.fixture
def town(database: Database) -> PostalTown:
    return postal_town(database)


def bounce(town: PostalTown, raw: bytes = GONE) -> str:
    """Take in a report on the chair's mail; return what it changed."""
    return town.take(town.about(town.mail_to(), raw)).effect


# -- what a believed report changes ------------------------------------------------------------------------------------


def test_a_mail_leaves_under_a_signed_return_path(town: PostalTown) -> None:
    assert {PATHS.read(mail.return_path, OPENING) is not None for mail in town.mails()} == {True}


def test_a_bounce_makes_the_mail_one_that_did_not_arrive(town: PostalTown) -> None:
    assert bounce(town) == f"{LOST} {BLOCKED}"
    mail = town.mail_to()
    assert (mail.status, mail.outcome) == (MailStatus.BOUNCED, "5.1.1 smtp; 550 5.1.1 <chair> User unknown")
    tries = [each.outcome for each in town.rows(MailAttempt) if each.mail_id == mail.id]
    assert sorted(tries) == [AttemptOutcome.ACCEPTED, AttemptOutcome.BOUNCED]
    assert [(notice.status, notice.delivered_on) for notice in town.notices() if notice.status != "delivered"] == [
        (NoticeStatus.FAILED, None)
    ]
    assert town.blocked() == [TO]


def test_a_bounce_of_a_mail_that_we_died_before_finishing_finishes_it_first(town: PostalTown) -> None:
    """It was accepted: the journal says so before it says that it came back."""
    mail = town.mail_to()
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.id == mail.id).values(status=MailStatus.SENDING, finished_at=None))
        session.execute(
            update(Notice)
            .where(Notice.id.in_(select(MailItem.notice_id).where(MailItem.mail_id == mail.id)))
            .values(status=NoticeStatus.MAILED)
        )
    before = len(told(town, EntryKind.MAIL_ACCEPTED))
    bounce(town)
    assert len(told(town, EntryKind.MAIL_ACCEPTED)) > before
    assert town.mail_to().status is MailStatus.BOUNCED


def told(town: PostalTown, kind: EntryKind) -> list[JournalEntry]:
    return [entry for entry in town.rows(JournalEntry) if entry.kind == kind]


def test_the_same_report_again_and_another_on_the_same_mail_count_once(town: PostalTown) -> None:
    bounce(town)
    before = town.state()
    again = town.take(town.about(town.mail_to(), GONE))
    assert not again.is_new
    assert bounce(town, GONE.replace(b"I'm sorry", b"I am sorry")) == KNOWN
    assert town.state() == before
    assert len(town.inbound()) == 2


@pytest.mark.parametrize(
    ("status", "diagnosis", "blocks"),
    [
        ("5.1.1", "", True),
        ("5.1.10", "", True),
        ("5.2.1", "", True),
        ("5.0.0", "smtp; 550 5.1.1 no", True),
        ("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied", True),
        ("5.4.1", "smtp; 550 5.4.1 no answer from host", False),
        ("5.2.2", "", False),
        ("4.2.2", "", False),
        ("5.7.1", "", False),
        ("5.4.4", "", False),
        ("5.1.0", "", False),
        ("5.1.8", "", False),
    ],
)
def test_an_address_is_blocked_only_where_the_failure_is_about_it(
    sqlite_database_url: str, status: str, diagnosis: str, blocks: bool
) -> None:
    town = postal_town(Database(sqlite_database_url))
    bounce(town, Report(status=status, diagnosis=diagnosis).raw())
    assert town.mail_to().status is MailStatus.BOUNCED
    assert town.blocked() == ([TO] if blocks else [])
    town.database.dispose()


def test_an_address_that_it_was_passed_on_to_blocks_nothing(town: PostalTown) -> None:
    assert bounce(town, Report(final="rfc822; private@elsewhere.example.org").raw()) == LOST
    assert town.blocked() == []


def test_nobody_warned_means_that_it_goes_to_the_coordinator(town: PostalTown) -> None:
    town.live_through(date(2027, 1, 8), date(2027, 3, 30))
    warnings = [notice for notice in town.notices() if notice.rung == "warning"]
    assert {notice.status for notice in warnings} == {NoticeStatus.DELIVERED}
    policy = Report(status="5.7.1", diagnosis="smtp; 554 5.7.1 no").raw()
    for number, mail in enumerate(town.mails()):
        raw = policy.replace(TO.encode(), mail.address.encode()).replace(b"I'm sorry", f"No. {number}".encode())
        town.take(town.about(mail, raw), at=nine(date(2027, 3, 30)) + timedelta(hours=2))
    town.live_through(date(2027, 3, 31), date(2027, 4, 21))
    rungs = {notice.rung for notice in town.notices()}
    assert "unreachable" in rungs
    assert "chief_executive" not in rungs


def test_a_delay_is_told_and_changes_nothing(town: PostalTown) -> None:
    before = town.state()
    raw = Report(action="delayed", status="4.4.1").raw()
    assert bounce(town, raw) == "Inget ändrades: servern försöker igen."
    assert town.state() == before
    assert [each.kind for each in town.rows(JournalEntry)].count(EntryKind.MAIL_DELAYED) == 1


@pytest.mark.parametrize(
    "become",
    [{"state": State.SUBMITTED}, {"state": State.WAIVED}, {"due_on": date(2027, 4, 30)}],
    ids=["answered", "waived", "extended"],
)
def test_what_came_back_is_said_also_when_its_case_needs_it_no_more(
    town: PostalTown, become: dict[str, object]
) -> None:
    """Chapter, pack and timeline tell who was told by the notice: the planner alone has nothing more to do."""
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(**become))
    before, woken = town.state(), woken_cases(town)
    assert bounce(town, Report(status="5.2.2").raw()) == LOST
    after = town.state()
    assert (after[3], after[4], woken_cases(town)) == (before[3], before[4], woken)
    assert [(each.status, each.delivered_on) for each in town.notices() if each.status != "delivered"] == [
        (NoticeStatus.FAILED, None)
    ]
    assert town.mail_to().status is MailStatus.BOUNCED


def woken_cases(town: PostalTown) -> list[tuple[str, date]]:
    with town.database.system() as session:
        return sorted((row.subject_id, row.wake_on) for row in session.scalars(select(Wake)))


def test_a_bounce_proves_that_an_uncertain_mail_was_taken_and_it_is_not_sent_again(database: Database) -> None:
    town = postal_town(database, deliver_at=lambda: nine(OPENING) - timedelta(hours=12))
    town.transport.reply = lambda _: Uncertain("no reply")
    town.deliver(OPENING)
    assert town.mail_to().status is MailStatus.QUEUED
    bounce(town, Report(status="5.2.2").raw())
    assert town.mail_to().status is MailStatus.BOUNCED
    assert NoticeStatus.FAILED in {notice.status for notice in town.notices()}


def test_a_mail_that_never_left_cannot_bounce(database: Database) -> None:
    town = postal_town(database, deliver_at=lambda: nine(OPENING) - timedelta(hours=12))
    before = town.state()
    assert bounce(town) == NEVER_LEFT
    assert town.state() == before


def test_an_accepted_mail_that_we_died_over_is_finished_and_bounces(town: PostalTown) -> None:
    mail = town.mail_to()
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Mail).where(Mail.id == mail.id).values(status=MailStatus.SENDING))
    assert bounce(town) == f"{LOST} {BLOCKED}"
    assert town.mail_to().status is MailStatus.BOUNCED


# -- what is not believed (F-49) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("styrhjul@lillby.example.org", "inte till en adress som vi har undertecknat"),
        (PLACEHOLDER, "någon annan har hittat på"),
        (PATHS.address("f" * 32, OPENING), "finns inte"),
        (PATHS.address("0" * 32, OPENING), "finns inte"),
    ],
)
def test_an_unsigned_or_forged_report_is_kept_for_a_person_and_changes_nothing(
    town: PostalTown, address: str, why: str
) -> None:
    before = town.state()
    mail = town.mail_to()
    raw = town.about(mail, GONE).replace(mail.return_path.encode(), address.encode())
    taken = town.take(raw)
    assert (taken.kind, taken.effect) == (InboundKind.UNKNOWN, NOTHING)
    assert why in taken.reason
    assert town.state() == before


def test_a_signature_that_has_expired_changes_nothing(town: PostalTown) -> None:
    before = town.state()
    taken = town.take(town.about(town.mail_to(), GONE), at=LATER + timedelta(days=60))
    assert taken.kind is InboundKind.UNKNOWN
    assert "gått ut" in taken.reason
    assert town.state() == before


def test_a_signature_for_one_mail_says_nothing_of_another(town: PostalTown) -> None:
    chair, secretary = town.mail_to(), town.mail_to("secretary.socialnamnden@lillby.example.org")
    town.take(town.about(chair, GONE).replace(chair.message_id.encode(), secretary.message_id.encode()))
    assert town.mail_to().status is MailStatus.BOUNCED
    assert town.mail_to(secretary.address).status is MailStatus.ACCEPTED


def test_the_whole_corpus_as_it_is_changes_nothing_and_answers_nobody(town: PostalTown) -> None:
    before = town.state()
    for name in INDEX:
        town.take((CORPUS / name).read_bytes())
    now = town.state()
    assert [now[0], now[3], now[4]] == [before[0], before[3], before[4]]
    assert {mail.address for mail in town.mails() if mail.key == "passed_on"} <= {"registrator@lillby.example.org"}
    town.deliver(date(2027, 1, 8))
    assert TO not in [to for to, _ in town.transport.taken[4:]]


#: Automatic by their subject alone: in answer to a mail of ours they are taken for a person's.
LIKE_A_MACHINE = {"absent-groupwise-finnish", "absent-notes", "challenge-swedish", "ticket-subject-only"}


@pytest.mark.parametrize("kind", sorted({row["kind"] for row in INDEX.values()}))
def test_of_the_corpus_signed_only_failures_change_anything(sqlite_database_url: str, kind: str) -> None:
    town = postal_town(Database(sqlite_database_url))
    mail = town.mail_to()
    before = town.state()
    for name in (name for name, row in INDEX.items() if row["kind"] == kind):
        taken = town.take(town.about(mail, (CORPUS / name).read_bytes()))
        assert taken.kind in {kind, InboundKind.UNKNOWN, InboundKind.REPLY if name[:-4] in LIKE_A_MACHINE else kind}
    after = town.state()
    assert (town.mail_to().status is MailStatus.BOUNCED) == (kind == InboundKind.FAILED)
    assert ([after[0], after[4]] != [before[0], before[4]]) == (kind == InboundKind.FAILED)
    town.database.dispose()
