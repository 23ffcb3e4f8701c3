"""What somebody saw when they opened a form, as a short mark: whoever writes over something newer is told so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.people_query import HeldLine

_LENGTH = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who changes something, and when. With `rehearse` everything is worked out and nothing kept."""

    by: str
    now: datetime
    rehearse: bool = False


class ChangeRefused(ValueError):
    """A change of an office or a meeting was refused; nothing was written. `field` is where to put it right."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Stale(ChangeRefused):
    """Någon annan har ändrat det här sedan du öppnade sidan. Inget har sparats. Se hur det står nu och försök igen."""

    def __init__(self) -> None:
        super().__init__(str(Stale.__doc__))


def post_seen(held: Iterable[HeldLine], post_id: str) -> str:
    """Return the mark of who holds a post, from when until when."""
    mine = sorted((one.appointment_id, one.starts_on, one.ends_on) for one in held if one.post_id == post_id)
    return _mark(post_id, *mine)


def person_seen(person_id: str, address: str | None, blocked_at: datetime | None) -> str:
    """Return the mark of a person's address."""
    return _mark(person_id, address, blocked_at and blocked_at.isoformat())


def meetings_seen(body_id: str, days: Iterable[date]) -> str:
    """Return the mark of a body's meetings."""
    return _mark(body_id, *sorted(days))


def refuse_stale(seen: str, present: str) -> None:
    """Raise Stale unless what was seen is what is there."""
    if seen != present:
        raise Stale


def _mark(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:_LENGTH]
