"""Who has held a post since when: a person who follows another has not heard what the other was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from styrhjul.domain.office import AppointmentFacts, holder_of

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seat:
    """From `since` on this person holds the post, None = nobody, until the next seat begins."""

    since: date
    person_id: str | None


#: The seats of each post by its id, ascending; a person who is appointed again goes on sitting in the same seat.
Seats = Mapping[str, tuple[Seat, ...]]


def seats_of(post_id: str, appointments: Iterable[AppointmentFacts]) -> tuple[Seat, ...]:
    """Return the seats of one post, ascending."""
    every = tuple(appointments)
    starts = {held.starts_on for held in every}
    changes = starts | {held.ends_on + _ONE_DAY for held in every if held.ends_on and held.ends_on < date.max}
    seats: list[Seat] = []
    for day in sorted(changes):
        holder = holder_of(post_id, every, day)
        person_id = holder.person_id if holder else None
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
