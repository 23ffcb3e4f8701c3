"""The demo's play: three real policies, and every day from the first to the chosen one through the real services.

It owns its database, its mail catcher and a stored clock. A play that is killed goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, select

from config.clock import at_nine, today
from styrhjul.db.case_model import Wake
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.example import load_example
from styrhjul.services.operations.pulse import PulseReport, pulse_all
from styrhjul.services.operations.pulse_record import newest_pulse, record_pulse
from styrhjul.services.operations.tally import MunicipalityTally, tally
from workflows import LIFECYCLES

if sys.platform != "win32":
    import fcntl

#: The day the councils elected in 2026 take their seats.
FIRST_DAY = date(2026, 10, 15)
EXAMPLES = Path(__file__).parents[3] / "examples" / "organisations"
#: One pulse may make the next one's work (an accepted warning lets a case climb); more often than this is a fault.
_MOST_PULSES = 20


class TooEarly(ValueError):
    """The play does not go back in time."""

    def __init__(self, until: date, reached: date) -> None:
        super().__init__(
            f"Demon har nått {reached} och kan inte vrida tiden tillbaka till {until}. Välj {reached} eller senare."
        )
        self.reached = reached


class NeverQuiet(RuntimeError):
    """A day made work without end."""


class Progress(Protocol):
    """Told of each day when it is done: which, and how many of how many."""

    def __call__(self, day: date, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What some days of play brought."""

    sent: int
    opened: int

    def __add__(self, other: Turned) -> Turned:
        """Add two of them, count by count."""
        return Turned(sent=self.sent + other.sent, opened=self.opened + other.opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleCount:
    """Cases opened and mails sent for one lifecycle, all municipalities."""

    cases: int
    mails: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayReport:
    """Totals since the first day; only `sent_now` counts this run alone."""

    policies: int
    duties: int
    cases: int
    mails: int
    sent_now: int
    by_lifecycle: dict[str, LifecycleCount]


def play(installation: Installation, until: date, progress: Progress | None = None) -> PlayReport:
    """Play every day up to `until`, included, at 09:00 in Stockholm. Raises TooEarly. Safe to kill and to repeat.

    1. load the examples, the first time;
    2. for each day from the one the play has reached: turn the clock, then pulse until nothing more is owed.
    """
    turned = turn(installation, until, progress)
    return _report(tally(installation.database), turned.sent)


def turn(installation: Installation, until: date, progress: Progress | None = None) -> Turned:
    """Play as `play` does, and tell only what these days brought. Two at once wait for each other."""
    with _alone(installation):
        reached = reached_at(installation)
        first = today(reached) if reached else FIRST_DAY
        if until < first:
            raise TooEarly(until, first)
        if reached is None:
            for folder in sorted(EXAMPLES.iterdir()):
                load_example(installation.database, folder, at_nine(FIRST_DAY), LIFECYCLES)
        total, turned = (until - first).days + 1, Turned(sent=0, opened=0)
        for number in range(total):
            day = first + timedelta(days=number)
            turned += _play_day(installation, max(at_nine(day), reached or at_nine(day)))
            if progress:
                progress(day, number + 1, total)
        return turned


def reached_at(installation: Installation) -> datetime | None:
    """Return the moment the play has reached; None before its first day is done."""
    return newest_pulse(installation.database)


def next_event(installation: Installation) -> date | None:
    """Return the next day on which the planner has something to say; None when nothing is to come."""
    now = today(installation.clock.now())
    with installation.database.system(read_only=True) as session:
        return session.scalar(select(func.min(Wake.wake_on)).where(Wake.wake_on > now))


def _play_day(installation: Installation, moment: datetime) -> Turned:
    """Pulse until nothing more is owed."""
    installation.clock.turn_to(moment)
    turned = Turned(sent=0, opened=0)
    for _ in range(_MOST_PULSES):
        report = pulse_all(installation, moment)
        turned += Turned(sent=report.deliver.sent, opened=report.sweep.opened)
        if _did_nothing(report):
            record_pulse(installation.database, "play", moment, report)
            return turned
    raise NeverQuiet(f"{moment.date()}: inte klar efter {_MOST_PULSES} pulser")


@contextlib.contextmanager
def _alone(installation: Installation) -> Iterator[None]:
    """Hold the play's lock, whichever process asks; the system lets go of it when the holder dies."""
    folder = installation.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "play.lock").open("w") as lock:
        if sys.platform != "win32":
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _did_nothing(report: PulseReport) -> bool:
    delivered = report.deliver
    return not (
        report.sweep.opened
        or report.sweep.notices
        or report.compose.composed
        or delivered.sent
        or delivered.failed
        or delivered.cancelled
    )


def _report(counted: list[MunicipalityTally], sent: int) -> PlayReport:
    lines = [line for each in counted for line in each.lines]
    return PlayReport(
        policies=sum(each.policies for each in counted),
        duties=sum(each.confirmed + len(each.waiting) for each in counted),
        cases=sum(line.cases for line in lines),
        mails=sum(each.mails for each in counted),
        sent_now=sent,
        by_lifecycle={
            key: LifecycleCount(
                cases=sum(line.cases for line in lines if line.lifecycle == key),
                mails=sum(line.mails for line in lines if line.lifecycle == key),
            )
            for key in LIFECYCLES
        },
    )
