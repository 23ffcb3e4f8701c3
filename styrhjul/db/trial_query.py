"""Whether a municipality is on trial, and where its mail goes then."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import Mail
from styrhjul.db.prepared import Reading
from styrhjul.db.trial_model import Trial

_ADDRESS = Reading(select(Trial.to_address))


def trial_address(session: Session) -> str | None:
    """Return where every mail of the session's municipality leaves; None when it is not on trial."""
    rows = _ADDRESS.rows(session)
    return rows[0][0] if rows else None


def left_in_trial(session: Session, mail_id: str) -> bool:
    """Whether a mail was written in a trial, also one that has ended."""
    found = select(Mail.id).where(Mail.id == mail_id, Mail.trial_to.is_not(None))
    return session.scalars(found).first() is not None
