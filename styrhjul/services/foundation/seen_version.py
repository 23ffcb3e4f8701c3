"""Saving what somebody has looked at only if it still stands: the register's version goes out and comes back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.model import Municipality
from styrhjul.db.session import municipality_of


class ChangedMeanwhile(Exception):
    """The register has changed since what somebody looked at was computed. Nothing was written."""


def register_version(session: Session) -> str:
    """Return the version of the session's register as it stands now."""
    own = select(Municipality.register_version).where(Municipality.id == municipality_of(session))
    return session.scalars(own).one()


def refuse_changed(session: Session, seen: str | None) -> None:
    """Raise ChangedMeanwhile unless the register stands as it was seen; None = nobody looked."""
    if seen is not None and register_version(session) != seen:
        raise ChangedMeanwhile
