"""What our own fault has set aside, and the way out of it. The same fault sets it aside again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice, Quarantine
from styrhjul.db.journal import Line, write_down
from styrhjul.db.mail_model import Mail, MailAttempt, MailItem, MailStatus
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases, touch_policies
from styrhjul.db.wording_model import MailWording
from styrhjul.db.wording_query import WORDING
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.services.words import LIFECYCLE_WORDS

#: What a notice that could not be put into a mail is set aside under, where a subject has its lifecycle.
_COMPOSING = "mail"


class NotQuarantined(LookupError):
    """Inget som är satt åt sidan börjar så, eller flera. Se `styrhjul quarantine list`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """One thing set aside: what it is in Swedish, its id, and the error."""

    subject_id: str
    what: str
    error: str
    at: datetime


def list_quarantine(database: Database, municipality_id: str) -> list[SetAside]:
    """Return what is set aside in a municipality, oldest first. Writes nothing."""
    with database.reading(municipality_id) as session:
        cases = set(session.scalars(select(Case.id).where(Case.id.in_(select(Quarantine.subject_id)))))
        rows = [
            SetAside(subject_id=row.subject_id, what=_what(row, cases), error=row.error, at=row.quarantined_at)
            for row in session.scalars(select(Quarantine))
        ]
        rows += [
            SetAside(subject_id=mail.id, what="mejl", error=mail.outcome or "", at=mail.finished_at or mail.composed_at)
            for mail in session.scalars(select(Mail).where(Mail.status == MailStatus.QUARANTINED))
        ]
    return sorted(rows, key=lambda row: (row.at, row.subject_id))


def release_quarantine(
    database: Database, municipality_id: str, subject_id_prefix: str, *, by: str, now: datetime
) -> str:
    """Let a subject or mail out, given by its id or the beginning of it; return the whole id.

    A policy or case is looked at, a notice written and a mail sent at the next pulse; a mail only if what it says still
    holds. Raises NotQuarantined unless it is exactly one; so the second time.
    """
    with database.municipality(municipality_id) as session:
        subject_id = _only_one(session, subject_id_prefix)
        rows = session.scalars(
            select(Quarantine).where(Quarantine.subject_id == subject_id).order_by(Quarantine.lifecycle)
        ).all()
        if rows:
            _release_subject(session, rows, by, now)
        else:
            _release_mail(session, subject_id, by, now)
    return subject_id


def _what(row: Quarantine, cases: set[str]) -> str:
    if row.lifecycle == _COMPOSING:
        return "avisering"
    if row.lifecycle == WORDING:
        return "egna ord i mejlen"
    return f"{'ärende' if row.subject_id in cases else 'styrdokument'}, {LIFECYCLE_WORDS[row.lifecycle].lower()}"


def _only_one(session: Session, prefix: str) -> str:
    """Return the id that begins so; a policy may be set aside in several lifecycles and is still one."""
    subjects = select(Quarantine.subject_id).where(Quarantine.subject_id.startswith(prefix, autoescape=True)).distinct()
    mails = select(Mail.id).where(Mail.status == MailStatus.QUARANTINED, Mail.id.startswith(prefix, autoescape=True))
    found: set[str] = {*session.scalars(subjects), *session.scalars(mails)}
    if len(found) != 1 or not prefix:
        raise NotQuarantined
    return found.pop()


def _release_subject(session: Session, rows: Sequence[Quarantine], by: str, now: datetime) -> None:
    subject_id = rows[0].subject_id
    lifecycles = [row.lifecycle for row in rows]
    session.execute(delete(Quarantine).where(Quarantine.subject_id == subject_id))
    case_id = session.scalar(select(Case.id).where(Case.id == subject_id))
    if WORDING in lifecycles:
        session.execute(update(MailWording).where(MailWording.id == subject_id).values(failures=0))
    elif case_id is not None:
        touch_cases(session, [(case_id, lifecycle) for lifecycle in lifecycles], local_date(now))
    elif _COMPOSING in lifecycles:
        case_id = session.scalar(select(Notice.case_id).where(Notice.id == subject_id))
    else:
        touch_policies(session, [subject_id], lifecycles, local_date(now))
    data = [{"lifecycle": lifecycle, "subject": subject_id} for lifecycle in lifecycles]
    lines = [Line(kind=EntryKind.QUARANTINE_RELEASED, by=by, case_id=case_id, data=each) for each in data]
    write_down(session, lines, now)


def _release_mail(session: Session, mail_id: str, by: str, now: datetime) -> None:
    """Queue it anew, its own faults forgotten; the notices in it are on their way again."""
    attempts = select(func.count()).select_from(MailAttempt).where(MailAttempt.mail_id == mail_id)
    session.execute(
        update(Mail)
        .where(Mail.id == mail_id)
        .values(
            status=MailStatus.QUEUED,
            attempts=session.scalar(attempts) or 0,
            next_attempt_at=now,
            outcome=None,
            finished_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    items = session.scalars(select(MailItem).where(MailItem.mail_id == mail_id)).all()
    session.execute(
        update(Notice)
        .where(Notice.id.in_([item.notice_id for item in items]), Notice.status == NoticeStatus.FAILED)
        .values(status=NoticeStatus.MAILED, reason=None)
        .execution_options(synchronize_session=False)
    )
    case_ids = sorted({item.case_id for item in items})
    chased = session.execute(select(Case.id, Case.lifecycle).where(Case.id.in_(case_ids), Case.closed_on.is_(None)))
    touch_cases(session, [(case_id, lifecycle) for case_id, lifecycle in chased], local_date(now))
    kind, data = EntryKind.QUARANTINE_RELEASED, {"mail": mail_id}
    write_down(session, [Line(kind=kind, by=by, case_id=case_id, data=data) for case_id in case_ids], now)
