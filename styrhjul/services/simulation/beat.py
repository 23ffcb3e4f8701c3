"""The beat of the simulated world: whole pulses of the real services, as the workers give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from styrhjul.services.cases.sweep import SweepReport, run_sweep
from styrhjul.services.delivery.compose import ComposeReport, compose_mails
from styrhjul.services.delivery.deliver import DeliverReport, deliver
from styrhjul.services.operations.clock_guard import ClockBehind, guard_clock
from styrhjul.services.operations.pulse import PulseReport
from styrhjul.services.operations.pulse_record import record_pulse
from styrhjul.services.simulation.agenda import Agenda, next_hour
from styrhjul.services.simulation.world import World
from workflows import LIFECYCLES

T = TypeVar("T")

#: How often beat beats.
BEAT = timedelta(seconds=30)
#: A clock that is not believed is looked at again after so long.
_REFUSED = timedelta(minutes=15)


class Crashed(BaseException):
    """The process was killed here. Nobody handles it: transactions roll back, the next pulse goes on."""


class Weather(Protocol):
    """What goes wrong with pulses."""

    def silent_until(self, moment: datetime) -> datetime | None:
        """Return the end of the outage that a moment lies in."""

    def is_deaf(self, step: str) -> bool:
        """Tell whether nobody runs this step these days."""

    def times(self, step: str) -> int:
        """Return how often a step runs now: 0 = its pulse was lost."""

    def around(self, step: str) -> AbstractContextManager[None]:
        """Let things happen within a step; it may raise Crashed."""


class FairWeather:
    """Nothing goes wrong."""

    def silent_until(self, moment: datetime) -> datetime | None:
        """Beat is never silent."""
        del moment
        return None

    def is_deaf(self, step: str) -> bool:
        """Somebody always does."""
        del step
        return False

    def times(self, step: str) -> int:
        """Every step runs once."""
        del step
        return 1

    def around(self, step: str) -> AbstractContextManager[None]:
        """Nothing happens within it."""
        del step
        return nullcontext()


class Beat:
    """Gives pulses, and knows when the next one could do anything. One that does not write only opens and plans."""

    def __init__(self, world: World, weather: Weather, *, writes: bool = True) -> None:
        self._world = world
        self._weather = weather
        self._writes = writes
        self._again: timedelta | None = timedelta()
        #: The agenda as it was last read, and when: nothing that is not written can change it.
        self._read: tuple[tuple[int, datetime], Agenda] | None = None

    def next(self) -> datetime | None:
        """Return the true moment of the next pulse that may have something to do; None: only people can make work."""
        clock = self._world.clock
        if self._again is not None:
            coming: datetime | None = clock.moment + self._again
        else:
            coming = self._of_rows(self._agenda())
        if coming is None:
            return None
        return self._weather.silent_until(coming) or coming

    def _of_rows(self, agenda: Agenda) -> datetime | None:
        clock = self._world.clock
        if agenda.lifecycles:
            return clock.moment + BEAT
        left_lying = [next_hour(clock.now())] if agenda.compose or agenda.deliver else []
        shown = min((moment for moment in (*left_lying, agenda.coming) if moment), default=None)
        return clock.true_time_of(shown) if shown else None

    def pulse(self, *, everything: bool = False) -> None:
        """Give one pulse now: the steps that are due, or all of them."""
        world, now = self._world, self._world.clock.now()
        if self._weather.silent_until(world.clock.moment):
            return
        self._again = None
        if not everything and self._agenda().is_empty:
            return
        if not self._believes(now):
            self._again = _REFUSED
            return
        swept = self._sweep(now, everything=everything)
        composed = self._compose(now, everything=everything)
        delivered = self._deliver(everything=everything)
        if world.clock.misleads:
            report = PulseReport(sweep=swept, compose=composed, deliver=delivered)
            record_pulse(world.database, "simulation", world.clock.now(), report)

    def _believes(self, now: datetime) -> bool:
        """Ask the guard, as every pulse does; a clock that is never wrong need not be asked about."""
        if self._world.clock.misleads:
            try:
                guard_clock(self._world.database, now, is_wall=False)
            except ClockBehind:
                return False
        return True

    def _sweep(self, now: datetime, *, everything: bool) -> SweepReport:
        world, total = self._world, SweepReport()
        due = self._agenda().lifecycles
        for key, lifecycle in LIFECYCLES.items():
            if everything or key in due:
                for report in self._step(f"lifecycle.{key}", partial(run_sweep, world.database, lifecycle, now)):
                    total += report
        self._expect_none("set aside", total.quarantined + total.stuck)
        return total

    def _compose(self, now: datetime, *, everything: bool) -> ComposeReport:
        world, total = self._world, ComposeReport()
        if everything or self._agenda().compose:
            for report in self._step("mail.compose", partial(compose_mails, world.database, world.mailroom, now)):
                total += report
        self._expect_none("not written", total.stuck)
        return total

    def _deliver(self, *, everything: bool) -> DeliverReport:
        world, last = self._world, DeliverReport()
        if everything or self._agenda().deliver:
            work = partial(deliver, world.database, world.mailroom, world.clock.now)
            for report in self._step("mail.deliver", work):
                last = report
        return last

    def _agenda(self) -> Agenda:
        database, now = self._world.database, self._world.clock.now()
        at = (database.changes, now)
        if self._read is None or self._read[0] != at:
            self._read = (at, Agenda(database, now, mails=self._writes))
        return self._read[1]

    def _step(self, name: str, work: Callable[[], T]) -> Iterator[T]:
        if self._weather.is_deaf(name):
            return
        times = self._weather.times(name)
        if not times:
            self._again = BEAT
        for _ in range(times):
            try:
                with self._weather.around(name):
                    report = work()
            except Crashed as crash:
                self._world.tell(f"crash {name} {crash}")
                self._again = BEAT
                return
            yield report

    def _expect_none(self, what: str, number: int) -> None:
        if number:
            self._world.breaks("stuck", f"{number} {what} on {self._world.clock.now():%Y-%m-%d %H:%M}")
