"""Whether the installation is held, since when and why; for system sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from styrhjul.db.hold_model import Hold
from styrhjul.db.prepared import Reading
from styrhjul.db.upsert import insert_new

#: The name of the only row.
INSTALLATION = "installation"


def held_since(session: Session) -> datetime | None:
    """Return when the hold began; None = nothing is held."""
    rows = _SINCE.everywhere(session)
    return rows[0][0] if rows else None


_SINCE = Reading(select(Hold.since))


def load_hold(session: Session) -> Hold | None:
    """Return the hold in force, if there is one."""
    return session.get(Hold, INSTALLATION)


def add_hold(session: Session, *, since: datetime, reason: str, by: str) -> None:
    """Hold the installation; one that is held already stays as it is."""
    insert_new(session, Hold, [{"name": INSTALLATION, "since": since, "reason": reason, "by": by}], Hold.name)


def remove_hold(session: Session) -> None:
    """Let everything leave again."""
    session.execute(delete(Hold))
