"""Who held which office when, as the simulated municipality itself brought it: it made every change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from styrhjul.services.simulation.lists import Seat
from styrhjul.services.simulation.world import World

_ONE_DAY = timedelta(1)
Office = tuple[str, str]


class Sitting(NamedTuple):
    """Somebody holds an office from `since` up to, not including, `until`."""

    person: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Seating:
    """The lists of each moment, and the offices by post. Days are those of the lists."""

    offices: Mapping[str, Office]
    lists: list[tuple[datetime, tuple[Seat, ...]]]

    @classmethod
    def of(cls, world: World) -> Seating:
        """Read what a world has brought."""
        return cls({post: (slug, role) for post, slug, role in world.database.ask(_POSTS)}, world.seatings)

    def sitting(self, post_id: str, on: date, *, known: datetime | None = None) -> Sitting | None:
        """Return who holds a post on a day, by the lists of a moment or the latest; None when nobody does."""
        return next((each for each in self.sittings(post_id, known=known) if each.since <= on < each.until), None)

    def sittings(self, post_id: str, *, known: datetime | None = None) -> Iterator[Sitting]:
        """Yield who holds a post, one after the other; who is appointed again goes on sitting."""
        body, role = self.offices[post_id]
        seats = [seat for seat in self._list(known) if (seat.body, seat.role) == (body, role)]
        days = sorted({day for seat in seats for day in (_first(seat), _end(seat))} | {date.max})
        held: Sitting | None = None
        for since, until in pairwise(days):
            person = _latest(seat for seat in seats if seat.is_held(since))
            if held and held.person == person:
                held = held._replace(until=until)
                continue
            if held:
                yield held
            held = Sitting(person, since, until) if person else None
        if held:
            yield held

    def _list(self, known: datetime | None) -> tuple[Seat, ...]:
        place = bisect_right(self.lists, known, key=lambda each: each[0]) if known else len(self.lists)
        return self.lists[place - 1][1] if place else ()


def _first(seat: Seat) -> date:
    return date.fromisoformat(seat.starts_on)


def _end(seat: Seat) -> date:
    return date.fromisoformat(seat.ends_on) + _ONE_DAY if seat.ends_on else date.max


def _latest(held: Iterable[Seat]) -> str | None:
    last = max(held, key=lambda seat: seat.starts_on, default=None)
    return last.person if last else None


_POSTS = "SELECT post.id, body.slug, role FROM post JOIN body ON body.id = body_id"
