"""Whether the installation is held, since when and why; for system sessions."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from styrhjul.db.hold_model import Hold
from styrhjul.db.mail_model import Mail
from styrhjul.db.prepared import Reading
from styrhjul.db.upsert import insert_new
from styrhjul.domain.journal import PLANNER

#: The name of the only row.
INSTALLATION = "installation"


class Held(NamedTuple):
    """Nothing leaves by itself since then; who said so, and why."""

    since: datetime
    by: str
    reason: str

    @property
    def by_itself(self) -> bool:
        """Whether nobody did: the program saw that its database had been put back."""
        return self.by == PLANNER


def held_of(since: datetime | None, by: str, reason: str) -> Held | None:
    """Return what an outer join found; None where nothing is held."""
    return Held(since, by, reason) if since else None


def held_since(session: Session) -> datetime | None:
    """Return when the hold began; None = nothing is held."""
    rows = _SINCE.everywhere(session)
    return rows[0][0] if rows else None


_SINCE = Reading(select(Hold.since))


def load_hold(session: Session) -> Hold | None:
    """Return the hold in force, if there is one."""
    return session.get(Hold, INSTALLATION)


def add_hold(session: Session, *, since: datetime, reason: str, by: str) -> bool:
    """Hold the installation; False where it is held already, and stays as it is.

    Not before the newest mail was composed, whatever the clock says: one that is behind would hold nothing.
    """
    newest = session.scalar(select(func.max(Mail.composed_at)))
    row = {"name": INSTALLATION, "since": max(since, newest or since), "reason": reason, "by": by}
    return bool(insert_new(session, Hold, [row], Hold.name))


def hold_filled(connection: Connection, *, since: datetime, reason: str, by: str) -> None:
    """Hold a database that is just being filled, in the filling's own transaction."""
    with Session(connection) as session:
        add_hold(session, since=since, reason=reason, by=by)


def remove_hold(session: Session) -> None:
    """Let everything leave again."""
    session.execute(delete(Hold))
