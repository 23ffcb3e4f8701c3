"""What waits in the outbox of every municipality, and which Message-IDs are ours; for system sessions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import OPEN_MAIL, Mail
from styrhjul.db.model import Municipality, Utc
from styrhjul.db.prepared import Reading


class OpenMail(NamedTuple):
    """A mail that no server has taken, as far as is known here. `message_id` without its brackets."""

    municipality_id: str
    municipality: str
    mail_id: str
    message_id: str
    address: str
    subject: str
    composed_at: datetime


def open_mails(session: Session, until: datetime) -> list[OpenMail]:
    """Return what was composed until then and has no outcome, by municipality, oldest first."""
    return [OpenMail(*row) for row in _OPEN.everywhere(session, until=until)]


_BARE_ID = func.trim(Mail.message_id, "<>")
_OPEN = Reading(
    select(Mail.municipality_id, Municipality.name, Mail.id, _BARE_ID, Mail.goes_to, Mail.subject, Mail.composed_at)
    .join(Municipality, Municipality.id == Mail.municipality_id)
    .where(Mail.status.in_(OPEN_MAIL), Mail.composed_at <= bindparam("until", type_=Utc()))
    .order_by(Mail.municipality_id, Mail.composed_at, Mail.id)
)


def known_ids(session: Session, message_ids: Collection[str]) -> set[str]:
    """Return those of the Message-IDs, without brackets, that any mail here has."""
    wanted = [f"<{each}>" for each in message_ids]
    found: set[str] = set()
    for first in range(0, len(wanted), _AT_ONCE):
        found |= {row[0] for row in _KNOWN.everywhere(session, wanted=wanted[first : first + _AT_ONCE])}
    return found


_AT_ONCE = 500
_KNOWN = Reading(select(_BARE_ID).where(Mail.message_id.in_(bindparam("wanted", expanding=True))))


def our_domains(session: Session) -> set[str]:
    """Return the domains that municipalities send from, in lower case: the end of every Message-ID of ours."""
    return {address.rpartition("@")[2].lower() for address in session.scalars(select(Municipality.sender_address))}
