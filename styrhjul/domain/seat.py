"""Who has held a post since when: a person who follows another has not heard what the other was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from styrhjul.domain.office import AppointmentFacts, holder_of

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seat:
    """From `since` on this person holds the post, None = nobody, until the next seat begins.

    `reads` is whether mail reaches them today, whenever they sat.
    """

    since: date
    person_id: str | None
    reads: bool = True


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
        seat = Seat(day, holder.person_id, bool(holder.address)) if holder else Seat(day, None, reads=False)
        if seats and seats[-1].person_id == seat.person_id:
            seats[-1] = replace(seats[-1], reads=seat.reads)
        else:
            seats.append(seat)
    return tuple(seats)


def sitter(seats: Iterable[Seat], on: date) -> str | None:
    """Return the person who sits on a day; None when nobody does."""
    seat = seat_on(seats, on)
    return seat.person_id if seat else None


def seat_on(seats: Iterable[Seat], on: date) -> Seat | None:
    """Return the seat of a day, that of nobody included; None before the first."""
    found = None
    for seat in seats:
        if seat.since <= on:
            found = seat
    return found
