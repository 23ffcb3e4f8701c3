"""What a mail holds: its cases as they stand, each with the notice the mail speaks of, as plain rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import AttemptOutcome, Mail, MailAttempt, MailItem, MailStatus
from styrhjul.db.model import Utc
from styrhjul.db.prepared import Change, Reading
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State

_OPEN = (MailStatus.QUEUED, MailStatus.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A mail that is not finished, as stored."""

    mail_id: str
    message_id: str
    post_id: str
    appointment_id: str
    address: str
    return_path: str
    composed_at: datetime
    attempts: int
    fence: str | None
    lease_until: datetime | None
    sealed_bytes: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNotice:
    """A notice as it stands in a mail."""

    notice_id: str
    post_id: str
    rung: str
    due_on: date
    status: NoticeStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCase:
    """A case in a mail, and the notice that speaks of it; a receipt has none."""

    case_id: str
    lifecycle: str
    state: State
    due_on: date
    unreachable_on: date | None
    notice: HeldNotice | None


def lock_mails(session: Session, mail_ids: Collection[str]) -> list[MailRow]:
    """Return those of the mails that are not finished, by id, locked until the transaction ends."""
    return [
        MailRow(
            mail_id=row.id,
            message_id=row.message_id,
            post_id=row.post_id,
            appointment_id=row.appointment_id,
            address=row.address,
            return_path=row.return_path,
            composed_at=row.composed_at,
            attempts=row.attempts,
            fence=row.fence,
            lease_until=row.lease_until,
            sealed_bytes=row.sealed_bytes,
        )
        for row in _MAILS.rows(session, mail_ids=list(mail_ids))
    ]


_MAILS = Reading(
    select(
        Mail.id,
        Mail.message_id,
        Mail.post_id,
        Mail.appointment_id,
        Mail.address,
        Mail.return_path,
        Mail.composed_at,
        Mail.attempts,
        Mail.fence,
        Mail.lease_until,
        Mail.sealed_bytes,
    )
    .where(Mail.id.in_(bindparam("mail_ids", expanding=True)), Mail.status.in_(_OPEN))
    .order_by(Mail.id)
    .with_for_update()
)


def begin_data(session: Session, mail_id: str, at: datetime) -> None:
    """Note that from now on the server may have the mail."""
    _BEGIN.make(session, {"mail_id": mail_id, "at": at})


_BEGIN = Change(
    update(Mail).where(Mail.id == bindparam("mail_id")).values(data_started_at=bindparam("at", type_=Utc()))
)


def held_by(session: Session, mail_ids: Collection[str], *, lock: bool) -> dict[str, list[HeldCase]]:
    """Return each mail's cases by id; if wanted, locked against an answer until the transaction ends."""
    held: dict[str, list[HeldCase]] = {mail_id: [] for mail_id in mail_ids}
    for row in (_LOCKED if lock else _HELD).rows(session, mail_ids=list(mail_ids)):
        notice = None
        if row.notice_id is not None:
            notice = HeldNotice(
                notice_id=row.notice_id,
                post_id=row.post_id,
                rung=row.rung,
                due_on=row.noticed_for,
                status=row.status,
            )
        case = HeldCase(
            case_id=row.case_id,
            lifecycle=row.lifecycle,
            state=row.state,
            due_on=row.due_on,
            unreachable_on=row.unreachable_on,
            notice=notice,
        )
        held[row.mail_id].append(case)
    return held


_ITEMS = (
    select(
        MailItem.mail_id,
        Case.id.label("case_id"),
        Case.lifecycle,
        Case.state,
        Case.due_on,
        Case.unreachable_on,
        Notice.id.label("notice_id"),
        Notice.post_id,
        Notice.rung,
        Notice.due_on.label("noticed_for"),
        Notice.status,
    )
    .select_from(Case)
    .join(MailItem, (MailItem.municipality_id == Case.municipality_id) & (MailItem.case_id == Case.id))
    .outerjoin(Notice, (Notice.municipality_id == MailItem.municipality_id) & (Notice.id == MailItem.notice_id))
    .where(MailItem.mail_id.in_(bindparam("mail_ids", expanding=True)))
    .order_by(Case.id)
)
_HELD = Reading(_ITEMS)
_LOCKED = Reading(_ITEMS.with_for_update(read=True, of=Case))


def accepted_at(session: Session, mail_ids: Collection[str]) -> dict[str, datetime]:
    """Return when a server first accepted each mail; without those that none has."""
    return {row[0]: row[1] for row in _ACCEPTED.rows(session, mail_ids=list(mail_ids))}


_ACCEPTED = Reading(
    select(MailAttempt.mail_id, func.min(MailAttempt.tried_at))
    .where(
        MailAttempt.mail_id.in_(bindparam("mail_ids", expanding=True)),
        MailAttempt.outcome == AttemptOutcome.ACCEPTED,
    )
    .group_by(MailAttempt.mail_id)
)


def count_attempts(session: Session, mail_id: str) -> int:
    """Return how many tries of a mail have ended in any way that was noted."""
    [(number,)] = _ATTEMPTS.rows(session, mail_id=mail_id)
    return number


_ATTEMPTS = Reading(select(func.count(MailAttempt.id)).where(MailAttempt.mail_id == bindparam("mail_id")))


def still_open(session: Session, case_ids: Collection[str]) -> list[str]:
    """Return those of the cases that are not over."""
    return [case_id for (case_id,) in _STILL_OPEN.rows(session, case_ids=list(case_ids))]


_STILL_OPEN = Reading(
    select(Case.id).where(Case.id.in_(bindparam("case_ids", expanding=True)), Case.closed_on.is_(None))
)
