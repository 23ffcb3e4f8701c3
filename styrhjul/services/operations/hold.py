"""Holding everything that leaves by itself, across municipalities, until a person says that it may leave again.

After a restore the database does not know what left since the backup: sent again it would be told twice. People are
still served: answers, receipts and sign-in codes are written after the hold began, and leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from styrhjul.db.hold_query import add_hold, load_hold, remove_hold
from styrhjul.db.journal import Line, is_written, write_down
from styrhjul.db.overview_query import load_municipalities
from styrhjul.db.session import Database
from styrhjul.domain.journal import PLANNER, EntryKind
from styrhjul.domain.moment import swedish_time
from styrhjul.services.foundation.crashpoint import crashpoint
from styrhjul.services.foundation.memory import Memory
from styrhjul.services.operations.clock_guard import LARGEST_DIFFERENCE
from styrhjul.services.operations.pulse_record import newest_pulse

log = structlog.get_logger()

#: Processes of one machine note their pulses a moment apart. A database older than that has been put back.
_APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The hold in force. What was composed until `since` stays."""

    since: datetime
    reason: str
    by: str


class NotHeld(ValueError):
    """Nothing is held."""

    def __init__(self) -> None:
        super().__init__("Inget hålls tillbaka. Börja med: styrhjul hold begin")


def hold_in_force(database: Database) -> Hold | None:
    """Return the hold, or None when everything leaves as it should."""
    with database.system(read_only=True) as session:
        row = load_hold(session)
        return Hold(since=row.since, reason=row.reason, by=row.by) if row else None


def begin_hold(database: Database, *, reason: str, by: str, now: datetime) -> bool:
    """Hold everything that leaves by itself, journalled in each municipality; False when it was held already.

    The hold stands first, for all at once; the journals follow, one by one. Safe to repeat: what a beginning that
    broke off left unwritten is written then, as it was said the first time.
    """
    with database.system() as session:
        is_new = add_hold(session, since=now, reason=reason, by=by)
    crashpoint("after_hold_commit")
    if held := hold_in_force(database):
        _tell(database, EntryKind.SENDING_HELD, held, by=held.by, now=now)
    if is_new:
        log.warning("held", reason=reason)
    return is_new


def end_hold(database: Database, *, by: str, now: datetime) -> None:
    """Let everything leave again, journalled in each municipality with since when and why not. Raises NotHeld.

    The hold goes last, so that one that broke off is ended again, and then writes only what is missing.
    """
    held = hold_in_force(database)
    if held is None:
        raise NotHeld
    _tell(database, EntryKind.SENDING_RESUMED, held, by=by, now=now)
    crashpoint("before_hold_end_commit")
    with database.system() as session:
        remove_hold(session)
    log.warning("hold_ended", by=by)


def _tell(database: Database, kind: EntryKind, held: Hold, *, by: str, now: datetime) -> None:
    """Write of a hold into each municipality's journal where that has not been done."""
    line = Line(kind=kind, by=by, data={"since": held.since.isoformat(), "reason": held.reason})
    with database.system(read_only=True) as session:
        municipalities = [each.municipality_id for each in load_municipalities(session)]
    for municipality_id in municipalities:
        with database.register(municipality_id) as session:  # one at a time looks, and writes
            if not is_written(session, line, since=held.since - LARGEST_DIFFERENCE):
                write_down(session, [line], max(now, held.since))
        crashpoint("after_hold_line_commit")


def hold_if_put_back(database: Database, memory: Memory, now: datetime) -> bool:
    """Hold the installation when its database is older than what this machine has already done; tell whether it is.

    Whoever puts a backup back need not think of it. A copy of the whole data folder takes the memory back with it:
    for that there is `begin_hold`.
    """
    known, newest = memory.read(), newest_pulse(database)
    if known is None or (newest is not None and newest >= known - _APART):
        return False
    reason = (
        f"Databasen är återläst: den slutar {swedish_time(newest) if newest else 'före den första pulsen'}, "
        f"men den här datorn arbetade {swedish_time(known)}."
    )
    begin_hold(database, reason=reason, by=PLANNER, now=now)
    memory.forget()
    return True


def as_sentence(reason: str) -> str:
    """Return a reason with an end: whoever gives one need not write the full stop."""
    return reason if reason.rstrip().endswith((".", "!", "?")) else f"{reason.rstrip()}."
