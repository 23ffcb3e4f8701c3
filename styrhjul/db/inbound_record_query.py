"""What a record of a mail that came in is made of, and which of them and of their forwards belong to a case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from styrhjul.db.inbound_model import InboundMail
from styrhjul.db.inbound_query import cases_in
from styrhjul.db.mail_model import Mail, MailItem
from styrhjul.db.trial_query import left_in_trial
from styrhjul.domain.inbound import InboundKind


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundAsKept:
    """A mail that came in with everything its row says. `answers` and `forwarded_in` are Message-IDs of ours.

    `case_ids` ascending; a mail about one that left on trial stands with no case.
    """

    inbound_id: str
    received_at: datetime
    kind: InboundKind
    reason: str
    effect: str
    sender: str
    recipient: str
    subject: str
    message_id: str
    answers: str | None
    forwarded_in: str | None
    case_ids: tuple[str, ...]
    sealed_bytes: bytes
    sha256: str


def load_inbound(session: Session, inbound_id: str) -> InboundAsKept:
    """Return one mail that came in to the municipality."""
    row = session.scalars(select(InboundMail).where(InboundMail.id == inbound_id)).one()
    ours = select(Mail.id, Mail.message_id).where(Mail.id.in_([row.mail_id, row.forwarded_in_id]))
    names = {mail.id: mail.message_id for mail in session.execute(ours)}
    return InboundAsKept(
        inbound_id=row.id,
        received_at=row.received_at,
        kind=row.kind,
        reason=row.reason,
        effect=row.effect,
        sender=row.sender,
        recipient=row.recipient,
        subject=row.subject,
        message_id=row.message_id,
        answers=names.get(row.mail_id) if row.mail_id else None,
        forwarded_in=names.get(row.forwarded_in_id) if row.forwarded_in_id else None,
        case_ids=_cases(session, row),
        sealed_bytes=row.sealed_bytes,
        sha256=row.sha256,
    )


def inbound_of_case(session: Session, case_id: str) -> list[str]:
    """Return the mails that came in about a case, oldest first."""
    about = select(MailItem.mail_id).where(MailItem.case_id == case_id)
    ours = select(Mail.id).where(Mail.id.in_(about), Mail.trial_to.is_(None))
    query = select(InboundMail.id).where(
        or_(
            InboundMail.case_id == case_id,
            InboundMail.case_id.is_(None) & InboundMail.mail_id.in_(ours),
        )
    )
    return list(session.scalars(query.order_by(InboundMail.received_at, InboundMail.id)))


def inbound_received(session: Session, since: datetime, before: datetime) -> list[str]:
    """Return the mails that came in from one moment until before another, oldest first."""
    query = select(InboundMail.id).where(InboundMail.received_at >= since, InboundMail.received_at < before)
    return list(session.scalars(query.order_by(InboundMail.received_at, InboundMail.id)))


def forwards_of(session: Session, inbound_ids: Collection[str]) -> list[str]:
    """Return the mails in which some of those that came in went on to the registrar, oldest first."""
    forwards = select(InboundMail.forwarded_in_id).where(InboundMail.id.in_(inbound_ids))
    query = select(Mail.id).where(Mail.id.in_(forwards))
    return list(session.scalars(query.order_by(Mail.composed_at, Mail.id)))


def cases_passed_on(session: Session, mail_id: str) -> tuple[str, ...] | None:
    """Return the cases of what a mail of ours passed on to the registrar; None where it passed nothing on."""
    row = session.scalars(select(InboundMail).where(InboundMail.forwarded_in_id == mail_id)).one_or_none()
    return None if row is None else _cases(session, row)


def _cases(session: Session, row: InboundMail) -> tuple[str, ...]:
    if row.case_id is not None:
        return (row.case_id,)
    if row.mail_id is None or left_in_trial(session, row.mail_id):
        return ()
    return tuple(cases_in(session, row.mail_id))
