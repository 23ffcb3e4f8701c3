"""Whose a mail that came in is, what is already here, and what there is to look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.inbound_model import InboundMail, StrayMail
from styrhjul.db.mail_model import AttemptOutcome, Mail, MailAttempt, MailItem
from styrhjul.db.model import Municipality
from styrhjul.domain.inbound import InboundKind


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundLine:
    """One mail that came in, as a list shows it. `effect` is Swedish: what was done; empty for a stray one."""

    inbound_id: str
    received_at: datetime
    kind: InboundKind
    sender: str
    recipient: str
    subject: str
    reason: str
    effect: str = ""


def whose_mail(session: Session, mail_id: str) -> str | None:
    """Return the municipality that a mail of ours is of; for a system session."""
    return session.scalar(select(Mail.municipality_id).where(Mail.id == mail_id))


def whose_message(session: Session, message_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return (municipality, mail) by the Message-IDs that are ours; for a system session."""
    found = select(Mail.message_id, Mail.municipality_id, Mail.id).where(Mail.message_id.in_(message_ids))
    return {message_id: (owner, mail_id) for message_id, owner, mail_id in session.execute(found)}


def whose_case(session: Session, case_id: str) -> str | None:
    """Return the municipality that a case is of; for a system session."""
    return session.scalar(select(Case.municipality_id).where(Case.id == case_id))


def whose_address(session: Session, addresses: Collection[str]) -> str | None:
    """Return the one municipality that sends from any of these lower-case addresses; for a system session."""
    sender = func.lower(Municipality.sender_address)
    found = session.scalars(select(Municipality.id).where(sender.in_(addresses)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def is_sender_address(session: Session, address: str) -> bool:
    """Whether any municipality sends from this lower-case address; for a system session."""
    found = select(Municipality.id).where(func.lower(Municipality.sender_address) == address).limit(1)
    return session.scalar(found) is not None


def only_municipality(session: Session) -> str | None:
    """Return the municipality when there is one alone; for a system session."""
    found = session.scalars(select(Municipality.id).limit(2)).all()
    return found[0] if len(found) == 1 else None


def inbound_by_hash(session: Session, sha256: str) -> InboundMail | None:
    """Return the mail of these bytes that is here already."""
    return session.scalars(select(InboundMail).where(InboundMail.sha256 == sha256)).one_or_none()


def stray_by_hash(session: Session, sha256: str) -> StrayMail | None:
    """Return the stray mail of these bytes that is here already; for a system session."""
    return session.scalars(select(StrayMail).where(StrayMail.sha256 == sha256)).one_or_none()


def was_taken(session: Session, mail_id: str) -> bool:
    """Whether our relay has accepted the mail."""
    taken = select(MailAttempt.id).where(MailAttempt.mail_id == mail_id, MailAttempt.outcome == AttemptOutcome.ACCEPTED)
    return session.scalars(taken.limit(1)).first() is not None


def cases_in(session: Session, mail_id: str) -> list[str]:
    """Return the cases that a mail of ours speaks of, by id."""
    cases = select(MailItem.case_id).where(MailItem.mail_id == mail_id).distinct()
    return sorted(session.scalars(cases))


def forwarded_from(session: Session, sender: str, since: datetime) -> int:
    """Return how many mails of one sender have gone on to the registrar since a moment."""
    counted = select(func.count(InboundMail.id)).where(
        InboundMail.sender == sender, InboundMail.forwarded_in_id.is_not(None), InboundMail.received_at >= since
    )
    return session.scalar(counted) or 0


def forwarded_since(session: Session, since: datetime) -> int:
    """Return how many mails of the municipality have gone on to the registrar since a moment."""
    counted = select(func.count(InboundMail.id)).where(
        InboundMail.forwarded_in_id.is_not(None), InboundMail.received_at >= since
    )
    return session.scalar(counted) or 0


def is_a_forward(session: Session, mail_id: str) -> bool:
    """Whether a mail of ours is one that passed a reply on."""
    return (
        session.scalars(select(InboundMail.id).where(InboundMail.forwarded_in_id == mail_id).limit(1)).first()
        is not None
    )


def unclear_inbound(session: Session, since: datetime) -> list[InboundLine]:
    """Return the municipality's mails since a moment that only a person can make out, newest first."""
    unclear = InboundMail.kind == InboundKind.UNKNOWN
    newest = (
        select(InboundMail)
        .where(InboundMail.received_at >= since, unclear)
        .order_by(InboundMail.received_at.desc(), InboundMail.id)
    )
    return [_line(row, row.effect) for row in session.scalars(newest)]


def count_unclear(session: Session, since: datetime) -> int:
    """Return how many of a municipality's mails since a moment only a person can make out."""
    unclear = select(func.count(InboundMail.id)).where(
        InboundMail.received_at >= since, InboundMail.kind == InboundKind.UNKNOWN
    )
    return session.scalar(unclear) or 0


def count_strays(session: Session, since: datetime) -> int:
    """Return how many mails since a moment are nobody's, but for what a machine wrote to nobody; system session."""
    strays = select(func.count(StrayMail.id)).where(
        StrayMail.received_at >= since, StrayMail.kind.not_in((InboundKind.AUTOMATIC, InboundKind.LOOP))
    )
    return session.scalar(strays) or 0


def texts_of(session: Session, inbound_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return (sender, text) of mails that came in, by id."""
    asked = select(InboundMail.id, InboundMail.sender, InboundMail.text).where(InboundMail.id.in_(inbound_ids))
    return {inbound_id: (sender, text) for inbound_id, sender, text in session.execute(asked)}


def list_inbound(session: Session, *, limit: int) -> list[InboundLine]:
    """Return the municipality's newest mails that came in, newest first."""
    newest = select(InboundMail).order_by(InboundMail.received_at.desc(), InboundMail.id).limit(limit)
    return [_line(row, row.effect) for row in session.scalars(newest)]


def list_strays(session: Session, *, limit: int) -> list[InboundLine]:
    """Return the newest mails that are nobody's, newest first; for a system session."""
    newest = select(StrayMail).order_by(StrayMail.received_at.desc(), StrayMail.id).limit(limit)
    return [_line(row, "") for row in session.scalars(newest)]


def _line(row: InboundMail | StrayMail, effect: str) -> InboundLine:
    return InboundLine(
        inbound_id=row.id,
        received_at=row.received_at,
        kind=row.kind,
        sender=row.sender,
        recipient=row.recipient,
        subject=row.subject,
        reason=row.reason,
        effect=effect,
    )
