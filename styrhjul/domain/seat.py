"""Who has held a post since when: a person who follows another has not heard what the other was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

_ONE_DAY = timedelta(days=1)


class Held(NamedTuple):
    """An appointment as far as it says who sat when; `ends_on` is included, None = until further notice."""

    appointment_id: str
    person_id: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Seat:
    """From `since` on this person holds the post, None = nobody, until the next seat begins."""

    since: date
    person_id: str | None


#: The seats of each post by its id, ascending; a person who is appointed again goes on sitting in the same seat.
Seats = Mapping[str, tuple[Seat, ...]]


def seats_of(appointments: Iterable[Held]) -> tuple[Seat, ...]:
    """Return the seats of one post, ascending. Of two who hold it at once, the one appointed last sits."""
    every = tuple(appointments)
    starts = {held.starts_on for held in every}
    changes = starts | {held.ends_on + _ONE_DAY for held in every if held.ends_on and held.ends_on < date.max}
    seats: list[Seat] = []
    for day in sorted(changes):
        person_id = _sitting(every, day)
        if not seats or seats[-1].person_id != person_id:
            seats.append(Seat(day, person_id))
    return tuple(seats)


def sitter(seats: Iterable[Seat], on: date) -> str | None:
    """Return the person who sits on a day; None when nobody does."""
    found = None
    for seat in seats:
        if seat.since <= on:
            found = seat.person_id
    return found


def _sitting(appointments: tuple[Held, ...], on: date) -> str | None:
    sitting = [held for held in appointments if held.starts_on <= on and (held.ends_on is None or on <= held.ends_on)]
    latest = max(sitting, key=lambda held: (held.starts_on, held.appointment_id), default=None)
    return latest.person_id if latest else None
