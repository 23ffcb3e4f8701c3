"""A clock that cannot be right is refused: by the newest pulse, and by the database's own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from styrhjul.db.pulse_query import database_time
from styrhjul.db.pulse_write import delete_pulses_after
from styrhjul.db.session import Database
from styrhjul.services.operations.pulse_record import newest_pulse

#: A clock further off than this is not believed.
LARGEST_DIFFERENCE = timedelta(minutes=5)


class ClockBehind(RuntimeError):
    """The clock cannot be right, so nothing is decided by it."""


def guard_clock(database: Database, now: datetime, *, is_wall: bool) -> None:
    """Raise ClockBehind when `now` cannot be right.

    It may not lie more than five minutes before the newest pulse nor, for a wall clock, more than five minutes from
    PostgreSQL's own time. A step too far ahead is refused by the latter, so that it never becomes the mark.
    """
    newest = newest_pulse(database)
    if newest is not None and now < newest - LARGEST_DIFFERENCE:
        raise ClockBehind(
            f"Klockan visar {_shown(now)}, men en puls slog {_shown(newest)}. Ställ datorns klocka rätt."
            " Går den rätt och pulsen var fel, kör: styrhjul doctor --accept-clock"
        )
    theirs = _database_time(database) if is_wall and not database.is_sqlite else None
    if theirs is not None and abs(now - theirs) > LARGEST_DIFFERENCE:
        raise ClockBehind(f"Klockan visar {_shown(now)}, databasens {_shown(theirs)}. Ställ den som går fel.")


def forget_later_pulses(database: Database, now: datetime) -> int:
    """Forget the pulses after `now`, when a clock ran ahead and has been set right. Returns how many."""
    with database.system() as session:
        return delete_pulses_after(session, now)


def _database_time(database: Database) -> datetime:
    with database.system(read_only=True) as session:
        return database_time(session)


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
