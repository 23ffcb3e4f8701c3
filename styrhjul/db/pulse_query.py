"""When steps last ran to their end, and the database's own clock; for system sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from styrhjul.db.model import Utc
from styrhjul.db.pulse_model import Pulse


def newest_pulse_at(session: Session) -> datetime | None:
    """Return when anything last ran to its end; None before the first time."""
    return session.scalar(select(func.max(Pulse.at)))


def load_pulse(session: Session, name: str) -> Pulse | None:
    """Return a step's pulse; None before the first."""
    return session.get(Pulse, name)


def database_time(session: Session) -> datetime:
    """Return what PostgreSQL's clock shows now, not when the transaction began; SQLite has no clock of its own."""
    return session.execute(select(func.clock_timestamp(type_=Utc()))).scalar_one()
