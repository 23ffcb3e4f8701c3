"""What goes wrong with pulses: lost, doubled, silent for weeks, killed, overlapping, misled by a wrong clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from config.clock import at_nine
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.foundation.crashpoint import watched
from styrhjul.services.operations.clock_guard import forget_later_pulses
from styrhjul.services.simulation.beat import Crashed
from styrhjul.services.simulation.chance import Chance
from styrhjul.services.simulation.clock import Skew
from styrhjul.services.simulation.life import Future
from styrhjul.services.simulation.world import Span, World
from workflows import LIFECYCLES

_LOST, _DOUBLED, _KILLED, _OVERLAPPING = 0.05, 0.08, 0.06, 0.05
#: That a step of the mail, having something to do, stands still for days while everything else goes on.
_DEAF = 0.05
#: A step passes few crash points; a kill aimed further on hits nothing.
_FURTHEST_PASSAGE = 12
_DAYS_AHEAD = timedelta(days=1)
_STALL = timedelta(minutes=16)


def draw_outages(chance: Chance, span: Span) -> list[tuple[datetime, datetime]]:
    """Return when nobody pulses: a few times in four years, for a day to a month."""
    return sorted(_spells(chance, span, "outage", lambda name: timedelta(hours=chance.between(6, 30 * 24, *name))))


def draw_skews(chance: Chance, span: Span) -> list[Skew]:
    """Return when the clock is wrong: minutes or hours, seldom days, for a day or two."""
    spells = sorted(_spells(chance, span, "skew", lambda name: timedelta(hours=chance.between(1, 48, *name))))
    minutes = (-1440, -60, -4, 4, 55, 3 * 1440)
    skews: list[Skew] = []
    for start, end in spells:
        if not skews or skews[-1].end < start:
            skews.append(Skew(start, end, timedelta(minutes=chance.pick(minutes, "skewed by", start))))
    return skews


def set_right(world: World, future: Future, skews: list[Skew]) -> None:
    """A clock that ran days ahead leaves pulses in the future: somebody tells the guard that it is right again."""
    for skew in skews:
        if skew.by >= _DAYS_AHEAD:
            noticed = skew.end + timedelta(hours=world.chance.between(1, 30, "clock noticed", skew.start))
            future.plan(noticed, partial(_accept, world))


def _accept(world: World) -> None:
    forgotten = forget_later_pulses(world.database, world.clock.now())
    world.tell(f"clock accepted, {forgotten} pulses forgotten")


def _spells(
    chance: Chance, span: Span, name: str, length: Callable[[tuple[object, ...]], timedelta]
) -> Iterator[tuple[datetime, datetime]]:
    for number in range(chance.between(0, 1 + span.days // 400, name)):
        start = at_nine(span.first) + timedelta(hours=chance.between(1, span.days * 24, name, number))
        yield start, start + length((name, "length", number))


@dataclass(slots=True)
class _Aim:
    """A kill: at which passage of any crash point within the step."""

    left: int


class FoulWeather:
    """As often as the seed says. Draws are named by moment and step, so that an empty pulse more changes nothing."""

    def __init__(self, world: World, outages: list[tuple[datetime, datetime]]) -> None:
        self._world = world
        self._outages = outages
        world.silences += outages
        self._deaf_until: dict[str, datetime] = {}
        self._inside = False
        world.server.on_mail.append(self._while_sending)

    def silent_until(self, moment: datetime) -> datetime | None:
        """Return the end of the outage a moment lies in; outages may overlap."""
        end: datetime | None = None
        for start, until in self._outages:
            if start <= (end or moment) < until:
                end = until
        return end

    def is_deaf(self, step: str) -> bool:
        """Tell whether nobody runs this step these days."""
        moment = self._world.clock.moment
        return step in self._deaf_until and moment < self._deaf_until[step]

    def times(self, step: str) -> int:
        """Lost, doubled or just once. An answer is never lost: somebody pressed the button."""
        chance, moment = self._world.chance, self._world.clock.moment
        if step.startswith("mail.") and chance.happens(_DEAF, "deaf", step, moment):
            self._deaf_until[step] = moment + timedelta(hours=chance.between(30, 9 * 24, "deaf for", step, moment))
            self._world.silences.append((moment, self._deaf_until[step]))
            self._world.tell(f"deaf {step}")
            for told in self._world.on_silence:
                told()
            return 0
        drawn = chance.share("times", step, moment)
        if drawn < _LOST and step != "answer":
            self._world.tell(f"lost {step}")
            return 0
        return 2 if drawn > 1 - _DOUBLED else 1

    @contextmanager
    def around(self, step: str) -> Iterator[None]:
        """Watch the step's crash points: kill there, or let somebody else in."""
        chance, moment = self._world.chance, self._world.clock.moment
        kills = chance.happens(_KILLED, "killed", step, moment)
        aim = _Aim(chance.between(1, _FURTHEST_PASSAGE, "killed at", step, moment) if kills else 0)

        def watch(point: str) -> None:
            if self._inside:
                return
            aim.left -= 1
            if aim.left == 0:
                if point == "after_reply":
                    self._world.server.lose_answer()
                raise Crashed(point)
            if point == "before_sweep_write":
                self._overlap(point, step)

        with watched(watch):
            yield

    def _overlap(self, point: str, step: str) -> None:
        """Another sweep of the same lifecycle gets in between what this one has read and what it writes."""
        world = self._world
        if not world.chance.happens(_OVERLAPPING, point, step, world.clock.moment):
            return
        world.tell(f"overlap {step}")
        with self._let_in():
            run_sweep(world.database, LIFECYCLES[step.removeprefix("lifecycle.")], world.clock.now())

    def _while_sending(self, message_id: str, to: str) -> None:
        """Another sender works beside this one; or this one hangs until its lease is lost, and then goes on."""
        del to
        world = self._world
        if self._inside or not world.chance.happens(_OVERLAPPING, "sending", message_id, world.clock.moment):
            return
        stalls = world.chance.happens(0.5, "stalls", message_id, world.clock.moment)
        world.tell(f"{'stall' if stalls else 'overlap'} mail.deliver")
        if stalls:
            world.clock.turn_to(world.clock.moment + _STALL)
        with self._let_in():
            deliver(world.database, world.mailroom, world.clock.now)
        if stalls:
            world.server.hang_up(message_id)

    @contextmanager
    def _let_in(self) -> Iterator[None]:
        self._inside = True
        try:
            yield
        finally:
            self._inside = False
