"""What the rows say is to be done now, and when they will say so next. Everything between is empty time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from styrhjul.db.memory import MemoryDatabase
from styrhjul.db.outbox_query import WAY_OUT
from styrhjul.db.turn import sender_channel
from styrhjul.domain.moment import MORNING, local_date, local_moment

_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time(0, 0)
#: What was looked at and left lying is looked at again at these hours: another day, or people at work.
_HOURS = (_MIDNIGHT, MORNING)


class Agenda:
    """What is due at a moment of the machine's clock, and the next moment after it at which anything becomes due.

    Each table is read when it is first asked about: use it before anything is written. Without mails it holds the days
    on which the planner speaks.
    """

    def __init__(self, database: MemoryDatabase, now: datetime, *, mails: bool = True) -> None:
        self._database = database
        self._now = now
        self._today = local_date(now)
        self._mails = mails

    @cached_property
    def lifecycles(self) -> frozenset[str]:
        """The lifecycles in which anything wakes."""
        return frozenset(key for key, day in self._wakes.items() if day <= self._today)

    @property
    def compose(self) -> bool:
        """Whether a mail may be written."""
        return any(moment <= self._now for moment in self._notices)

    @property
    def deliver(self) -> bool:
        """Whether a mail may be claimed, or finished."""
        return any(moment <= self._now for moment in self._tries)

    @property
    def is_empty(self) -> bool:
        """Whether a pulse now would do nothing."""
        return not (self.lifecycles or self.compose or self.deliver)

    @property
    def coming(self) -> datetime | None:
        """The next moment."""
        days = (local_moment(day, _MIDNIGHT) for day in self._wakes.values() if day > self._today)
        moments = (moment for moment in (*self._notices, *self._tries) if moment > self._now)
        return min((*days, *moments), default=None)

    @cached_property
    def _wakes(self) -> dict[str, date]:
        return {key: date.fromisoformat(day) for key, day in self._database.ask(_WAKES)}

    @cached_property
    def _notices(self) -> list[datetime]:
        return [_moment(at) for (at,) in self._database.ask(_NOTICES)] if self._mails else []

    @cached_property
    def _tries(self) -> list[datetime]:
        return _tries(self._database) if self._mails else []


def next_hour(now: datetime) -> datetime:
    """Return the next of the hours at which everything is looked at again."""
    today = local_date(now)
    hours = (local_moment(day, hour) for day in (today, today + _ONE_DAY) for hour in _HOURS)
    return min(moment for moment in hours if moment > now)


def _tries(database: MemoryDatabase) -> list[datetime]:
    """When each open mail may be claimed, or finished, next."""
    rows = database.ask(_MAILS)
    closed = {name: _moment(until) for name, until in database.ask(_CHANNELS)} if rows else {}
    accepted = {mail_id for (mail_id,) in database.ask(_ACCEPTED)} if rows else set()
    found = []
    for mail_id, return_path, next_attempt_at, lease_until in rows:
        ways = (closed.get(WAY_OUT), closed.get(sender_channel(return_path)))
        waits = [_moment(next_attempt_at), *(way for way in ways if way)]
        if lease_until:
            waits.append(_moment(lease_until))
        found.append(min(waits) if mail_id in accepted else max(waits))
    return found


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


_WAKES = "SELECT lifecycle, min(wake_on) FROM wake GROUP BY lifecycle"
_NOTICES = """
SELECT DISTINCT not_before_at FROM notice
WHERE status IN ('planned', 'vacant') AND id NOT IN (SELECT subject_id FROM quarantine)
"""
_MAILS = "SELECT id, return_path, next_attempt_at, lease_until FROM mail WHERE status IN ('queued', 'sending')"
_CHANNELS = "SELECT name, closed_until FROM channel WHERE closed_until IS NOT NULL"
_ACCEPTED = """
SELECT mail_id FROM mail
CROSS JOIN mail_attempt ON mail_attempt.municipality_id = mail.municipality_id AND mail_id = mail.id
WHERE mail_attempt.outcome = 'accepted' AND mail.status IN ('queued', 'sending')
"""
