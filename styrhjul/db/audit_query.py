"""What an auditor's pack reads that no page does: every text of a policy, and every line of the journal about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry, JournalHead
from styrhjul.db.journal import entry_of
from styrhjul.db.mail_model import MailItem
from styrhjul.db.model import Edition
from styrhjul.domain.journal import Entry


class TextRow(NamedTuple):
    """One text of a policy. None = the text does not state it."""

    text: str
    sha256: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    version: str | None
    imported_at: datetime
    superseded_on: date | None


def load_texts(session: Session, policy_id: str) -> list[TextRow]:
    """Return the texts of a policy, the first one read in first."""
    columns = (getattr(Edition, name) for name in TextRow._fields)
    query = select(*columns).where(Edition.policy_id == policy_id).order_by(Edition.imported_at, Edition.id)
    return [TextRow._make(row) for row in session.execute(query)]


def load_lines(session: Session, policy_id: str, case_ids: Collection[str]) -> list[tuple[Entry, str]]:
    """Return what the journal says of a policy itself and of its cases, with the seals, by number."""
    of_policy = JournalEntry.data["policy"].as_string() == policy_id
    query = select(JournalEntry).where(or_(of_policy, JournalEntry.case_id.in_(case_ids))).order_by(JournalEntry.number)
    return [(entry_of(row), row.seal) for row in session.scalars(query)]


def load_mails(session: Session, case_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the mails that each notice of some cases has stood in, by the notice's id."""
    query = select(MailItem.notice_id, MailItem.mail_id).where(MailItem.case_id.in_(case_ids))
    found: dict[str, set[str]] = defaultdict(set)
    for notice_id, mail_id in session.execute(query.where(MailItem.notice_id.is_not(None))):
        found[str(notice_id)].add(mail_id)
    return {notice_id: frozenset(mails) for notice_id, mails in found.items()}


def load_last_seal(session: Session) -> str:
    """Return the seal that the municipality's journal ends with; empty where it has no line."""
    return session.scalars(select(JournalHead.seal)).one_or_none() or ""
