"""Mails that no server has taken yet, across municipalities; for system sessions."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import OPEN_MAIL, Mail, MailStatus
from styrhjul.db.model import Municipality
from styrhjul.db.prepared import Reading


class WaitingRow(NamedTuple):
    """A mail in the outbox. `message_id` with its brackets."""

    municipality_id: str
    slug: str
    message_id: str
    address: str
    return_path: str
    status: MailStatus
    composed_at: datetime
    next_attempt_at: datetime


def waiting_rows(session: Session, most: int) -> list[WaitingRow]:
    """Return what waits, oldest first, so many at most."""
    return [WaitingRow(*row) for row in _WAITING.everywhere(session, most=most)]


_WAITING = Reading(
    select(
        Mail.municipality_id,
        Municipality.slug,
        Mail.message_id,
        Mail.goes_to,
        Mail.return_path,
        Mail.status,
        Mail.composed_at,
        Mail.next_attempt_at,
    )
    .join(Municipality, Municipality.id == Mail.municipality_id)
    .where(Mail.status.in_(OPEN_MAIL))
    .order_by(Mail.composed_at, Mail.id)
    .limit(bindparam("most"))
)


def count_waiting(session: Session) -> int:
    """Return how many wait."""
    return _COUNT.everywhere(session)[0][0]


_COUNT = Reading(select(func.count(Mail.id)).where(Mail.status.in_(OPEN_MAIL)))
