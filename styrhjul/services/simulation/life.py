"""A life from the first day to the last: the clock jumps to the next moment at which anything can happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Protocol

from styrhjul.db.identity import ids_from
from styrhjul.domain.moment import local_date, local_moment
from styrhjul.services.simulation.agenda import next_hour
from styrhjul.services.simulation.beat import Beat
from styrhjul.services.simulation.chance import numbered_ids
from styrhjul.services.simulation.world import World

_MOST_PULSES_A_DAY = 400
_ONE_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


class Event(Protocol):
    """Something that somebody does at a moment."""

    def __call__(self) -> None: ...


@dataclass(order=True, slots=True)
class _Planned:
    at: datetime
    number: int
    act: Event = field(compare=False)


class Future:
    """What people are going to do: the earliest first, in the order it was planned."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []
        self._count = 0

    def plan(self, at: datetime, act: Event) -> None:
        """Let something happen at a true moment."""
        self._count += 1
        heappush(self._planned, _Planned(at, self._count, act))

    def next(self) -> datetime | None:
        """Return when the next thing happens."""
        return self._planned[0].at if self._planned else None

    def take(self, until: datetime) -> Event | None:
        """Return the next thing that happens up to a moment, and forget it."""
        return heappop(self._planned).act if self._planned and self._planned[0].at <= until else None


class Actor(Protocol):
    """Somebody who looks at the world after each pulse, and plans what to do."""

    def look(self) -> None:
        """Look around."""


@dataclass(kw_only=True)
class Life:
    """A world, its beat and its people. `every_day` lives the empty days as well, to show that nothing is in them."""

    world: World
    beat: Beat
    future: Future
    actors: list[Actor]
    every_day: bool = False

    def run(self) -> None:
        """Live from the first day to the last."""
        end = local_moment(self.world.span.last + _ONE_DAY, time(0, 0))
        with ids_from(numbered_ids(self.world.chance.seed, lambda: self.world.clock.moment)):
            pulses, day = 0, self.world.span.first
            while (moment := self._next()) < end:
                self.world.clock.turn_to(moment)
                while act := self.future.take(moment):
                    act()
                self.beat.pulse(everything=self.every_day)
                for actor in self.actors:
                    actor.look()
                today = local_date(moment)
                pulses, day = (pulses + 1, day) if today == day else (0, today)
                if pulses > _MOST_PULSES_A_DAY:
                    self.world.breaks("never quiet", f"{today} was not done after {pulses} pulses")
                    return

    def _next(self) -> datetime:
        clock = self.world.clock
        moments = [self.future.next(), clock.next_turn(), self.beat.next()]
        if self.every_day:
            moments.append(clock.true_time_of(next_hour(clock.now())))
        return max(clock.moment, min((moment for moment in moments if moment), default=_NEVER))
