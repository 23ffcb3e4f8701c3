"""Everything is kept until the municipality has decided otherwise; a decision empties texts, and no trace of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from styrhjul.db.case_model import Case, JournalEntry
from styrhjul.db.inbound_model import InboundMail
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import Mail
from styrhjul.db.session import Database
from styrhjul.domain.inbound import InboundKind
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.domain.retention import Disposal, Kept
from styrhjul.services.municipality.retention import (
    Disposed,
    WrongDisposal,
    keep,
    retention_lines,
    run_retention,
    set_disposal,
)
from tests.town import Town, build_town, nine

OPENS = date(2027, 1, 7)
LATER = date(2029, 1, 8)
BY = "arkivarien"
NUMBER = "KS 2027/12 § 45"


@pytest.fixture
def town(database: Database) -> Town:
    """A town in which mails have left, a person has written back, and every case is closed."""
    town = build_town(database)
    town.live(OPENS)
    with database.municipality(town.municipality_id) as session:
        session.add(a_reply())
        session.execute(update(Case).values(closed_on=OPENS, state=State.DONE))
    return town


def a_reply() -> InboundMail:
    return InboundMail(
        received_at=nine(OPENS), kind=InboundKind.REPLY, reason="", effect="", sender="a@lillby.example.org",
        recipient="b@lillby.example.org", subject="Svar", message_id="<1@lillby.example.org>", text="Vi svarar sedan.",
        sealed_bytes=b"sealed", sha256="1" * 64,
    )  # fmt: skip


def decide(town: Town, kept: Kept = Kept.MAIL_TEXT, years: int = 2, number: str = NUMBER) -> bool:
    wanted = Disposal(kept=kept, years=years, decision_number=number, decided_on=OPENS)
    return set_disposal(town.database, town.municipality_id, wanted, nine(OPENS), by=BY)


def run(town: Town, on: date = LATER, *, dry_run: bool = False) -> tuple[Disposed, ...]:
    return run_retention(town.database, town.municipality_id, nine(on), by=BY, dry_run=dry_run)


def texts(town: Town) -> int:
    with town.database.reading(town.municipality_id) as session:
        return session.scalar(select(func.count()).select_from(Mail).where(Mail.redacted.is_not(None))) or 0


def journalled(town: Town, kind: EntryKind) -> list[Entry]:
    with town.database.reading(town.municipality_id) as session:
        return [entry for entry, _ in entries(session) if entry.kind is kind]


def test_without_a_decision_everything_is_kept(town: Town) -> None:
    before = texts(town)
    assert before > 0
    assert run(town, LATER + timedelta(days=36500)) == ()
    assert texts(town) == before


def test_a_decision_alone_empties_nothing_and_a_dry_run_only_counts(town: Town) -> None:
    decide(town)
    before = texts(town)
    [counted] = run(town, dry_run=True)
    assert (counted.count, counted.decision_number) == (before, NUMBER)
    assert texts(town) == before
    assert journalled(town, EntryKind.TEXTS_DISPOSED_OF) == []


def test_what_a_decision_reaches_is_emptied_once_and_told_with_its_number(town: Town) -> None:
    decide(town)
    before = texts(town)
    assert [run(town)[0].count, run(town)[0].count] == [before, 0]
    assert texts(town) == 0
    [entry] = journalled(town, EntryKind.TEXTS_DISPOSED_OF)
    assert entry.data == {"kept": "mail_text", "count": before, "decision": NUMBER}
    assert all(mail.subject and mail.sha256 and mail.finished_at for mail in town.mails())


def test_what_is_younger_is_kept(town: Town) -> None:
    decide(town)
    before = texts(town)
    assert run(town, date(2029, 1, 7))[0].count == 0
    assert texts(town) == before


def test_what_is_about_an_open_case_is_kept(town: Town) -> None:
    decide(town)
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Case).values(closed_on=None, state=State.OPEN))
    assert run(town)[0].count == 0


def test_what_somebody_wrote_back_is_emptied_by_its_own_decision_only(town: Town) -> None:
    decide(town, Kept.INBOUND_TEXT)
    before = texts(town)
    assert run(town)[0].count == 1
    with town.database.reading(town.municipality_id) as session:
        reply = session.scalars(select(InboundMail)).one()
    assert (reply.text, reply.sealed_bytes, reply.subject, reply.sha256) == ("", b"", "Svar", "1" * 64)
    assert texts(town) == before


def test_the_journal_is_never_shortened(town: Town) -> None:
    decide(town)
    with town.database.reading(town.municipality_id) as session:
        before = session.scalar(select(func.count()).select_from(JournalEntry)) or 0
    run(town)
    with town.database.reading(town.municipality_id) as session:
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == before + 1


@pytest.mark.parametrize(("years", "number"), [(1, NUMBER), (101, NUMBER), (2, ""), (2, "x" * 400)])
def test_a_decision_without_its_number_or_with_too_short_a_time_is_refused(town: Town, years: int, number: str) -> None:
    with pytest.raises(WrongDisposal):
        decide(town, years=years, number=number)
    assert journalled(town, EntryKind.RETENTION_CHANGED) == []


def test_to_keep_again_is_journalled_too(town: Town) -> None:
    assert [decide(town), decide(town)] == [True, False]
    assert keep(town.database, town.municipality_id, Kept.MAIL_TEXT, nine(OPENS), by=BY)
    assert [entry.data["years"] for entry in journalled(town, EntryKind.RETENTION_CHANGED)] == [2, None]
    lines = retention_lines(town.database, town.municipality_id, local_date(nine(LATER)))
    assert [line.disposal for line in lines] == [None, None]
