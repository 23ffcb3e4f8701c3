"""Asking for a step before its pulse: one message, however many want it."""

from __future__ import annotations

from datetime import datetime, timedelta

from styrhjul.db.pulse_write import delete_request, write_request
from styrhjul.db.session import Database


def ask_for(database: Database, step: str, now: datetime, *, keeps: timedelta) -> bool:
    """Note at `now` that a step is wanted before its pulse; return whether to send for it.

    Not while it was sent for and has not begun, unless that was so long ago (`keeps`) that the message is void.
    """
    with database.system() as session:
        return write_request(session, step, now, void_until=now - keeps)


def begins(database: Database, step: str) -> None:
    """Note that a step begins: who wants it from now on may send for it."""
    with database.system() as session:
        delete_request(session, step)
