"""What `explain` reads beside the facts: the ledger with its mails, answers, receipts, and what ended a notice when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Answer, Case, JournalEntry, Notice, Quarantine
from styrhjul.db.mail_model import Mail, MailItem, MailStatus
from styrhjul.db.model import Appointment, Body, Person, Policy
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A notice with the latest mail it stood in. `reader` is the person that mail was written to."""

    notice: Notice
    message_id: str | None = None
    mail_status: MailStatus | None = None
    mail_outcome: str | None = None
    reader: str | None = None
    reader_post_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One version of an answer."""

    version: int
    submitted_at: datetime
    post_id: str
    signed_by: str
    decided_on: date | None
    paragraph: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """A mail about a case that carries no notice: a receipt, or a fresh link."""

    key: str
    post_id: str
    composed_at: datetime
    status: MailStatus
    message_id: str


def load_ledger(session: Session, case_ids: Collection[str]) -> list[LedgerLine]:
    """Return every notice of some cases, in the order they were planned."""
    rows = session.execute(
        select(Notice, Mail, Person.name, Appointment.post_id)
        .outerjoin(MailItem, (MailItem.municipality_id == Notice.municipality_id) & (MailItem.notice_id == Notice.id))
        .outerjoin(Mail, (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id))
        .outerjoin(
            Appointment,
            (Appointment.municipality_id == Mail.municipality_id) & (Appointment.id == Mail.appointment_id),
        )
        .outerjoin(
            Person, (Person.municipality_id == Appointment.municipality_id) & (Person.id == Appointment.person_id)
        )
        .where(Notice.case_id.in_(case_ids))
        .order_by(Notice.planned_on, Notice.rung, Notice.id, Mail.composed_at)
    )
    latest = {notice.id: _ledger_line(notice, mail, name, post_id) for notice, mail, name, post_id in rows}
    return list(latest.values())


def _ledger_line(notice: Notice, mail: Mail | None, reader: str | None, post_id: str | None) -> LedgerLine:
    if mail is None:
        return LedgerLine(notice=notice)
    return LedgerLine(
        notice=notice,
        message_id=mail.message_id,
        mail_status=mail.status,
        mail_outcome=mail.outcome,
        reader=reader,
        reader_post_id=post_id,
    )


def load_answers(session: Session, case_id: str) -> list[AnswerLine]:
    """Return every version of a case's answer, the first one first."""
    rows = session.scalars(select(Answer).where(Answer.case_id == case_id).order_by(Answer.version))
    return [
        AnswerLine(
            version=row.version,
            submitted_at=row.submitted_at,
            post_id=row.post_id,
            signed_by=row.signed_by,
            decided_on=row.decided_on,
            paragraph=row.paragraph,
        )
        for row in rows
    ]


def load_receipts(session: Session, case_id: str) -> list[ReceiptLine]:
    """Return the mails about a case that no notice stands behind, oldest first."""
    rows = session.scalars(
        select(Mail)
        .join(MailItem, (MailItem.municipality_id == Mail.municipality_id) & (MailItem.mail_id == Mail.id))
        .where(MailItem.case_id == case_id, MailItem.notice_id.is_(None), Mail.post_id.is_not(None))
        .order_by(Mail.composed_at, Mail.id)
    )
    return [
        ReceiptLine(
            key=mail.key,
            post_id=str(mail.post_id),
            composed_at=mail.composed_at,
            status=mail.status,
            message_id=mail.message_id,
        )
        for mail in rows
    ]


def last_answered(session: Session, case_ids: Collection[str]) -> dict[str, date]:
    """Return the Swedish day of the latest answer to each case that has one."""
    rows = session.execute(
        select(Answer.case_id, func.max(Answer.submitted_at))
        .where(Answer.case_id.in_(case_ids))
        .group_by(Answer.case_id)
    )
    return {case_id: local_date(at) for case_id, at in rows}


def ended_on(session: Session, case_ids: Collection[str]) -> dict[tuple[str, str, str, str], date]:
    """Return the Swedish day on which a notice was ended unsent, by case, rung, post and due day (ISO)."""
    kinds = (EntryKind.NOTICE_SUPERSEDED, EntryKind.NOTICE_CANCELLED)
    rows = session.execute(
        select(JournalEntry.case_id, JournalEntry.data, JournalEntry.at)
        .where(JournalEntry.kind.in_(kinds), JournalEntry.case_id.in_(case_ids))
        .order_by(JournalEntry.number)
    )
    return {
        (case_id, str(data.get("rung")), str(data.get("post")), str(data.get("due_on"))): local_date(at)
        for case_id, data, at in rows
        if case_id is not None
    }


def load_quarantine(session: Session) -> dict[str, str]:
    """Return why a subject, a case, policy or notice, stands aside, by its id."""
    return dict(session.execute(select(Quarantine.subject_id, Quarantine.error).order_by(Quarantine.id)).all())


def load_cases_on(session: Session, day: date) -> list[tuple[Case, str, Policy | None]]:
    """Return the cases whose round has begun and not yet been followed by the next, with their body's name."""
    rows = session.execute(
        select(Case, Body.name, Policy)
        .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
        .outerjoin(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
        .where(Case.opens_on <= day, Case.lapses_on > day)
        .order_by(Body.name, Case.lifecycle, Case.period, Case.id)
    )
    return [(case, name, policy) for case, name, policy in rows]
