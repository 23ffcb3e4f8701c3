"""How a case was chased, as its journal tells, and on which days its steps were reached meanwhile.

Counted from the declared offsets and the calendar alone, so that the planner can be judged by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from styrhjul.domain.calendar import add_working_days, next_ordinary_day
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import Event, Lifecycle, State, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.rung import Anchor, Rung, Unit

_ONE_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Chase:
    """From one day to another a case was chased for the same due day.

    `papers` are the days its papers had to be in, one after the other as meetings moved; None = no meeting known.
    """

    since: date
    until: date
    due_on: date
    papers: tuple[date | None, ...]


def chases(lifecycle: Lifecycle, entries: Iterable[Entry], papers: date | None, last: date) -> Iterator[Chase]:
    """Yield the times a case was chased, from its journal; `papers` is what it aimed at when it opened."""
    walk = _Walk(lifecycle, papers)
    for entry in entries:
        chase = walk.take(entry)
        if chase:
            yield chase
    chase = walk.end(last)
    if chase:
        yield chase


def days_of(rung: Rung, ladder: tuple[Rung, ...], chase: Chase, opens_on: date) -> set[date | None]:
    """Return the days on which a rung of a ladder was reached, as its papers' days made them; None = it had no day."""
    return {_day(rung, ladder, _Case(opens_on, papers, chase.due_on)) for papers in chase.papers}


@dataclass(slots=True)
class _Walk:
    """Goes through the journal of one case."""

    lifecycle: Lifecycle
    papers: date | None
    state: State = State.OPEN
    due_on: date | None = None
    since: date = date.min
    seen: tuple[date | None, ...] = ()

    def take(self, entry: Entry) -> Chase | None:
        """Let one entry happen; return the chase it ended."""
        state, due_on = self._after(entry)
        if (state, due_on) == (self.state, self.due_on):
            self._aim(entry)
            self.seen += (self.papers,)
            return None
        today = local_date(entry.at)
        chase = self.end(today) if self.since < today else None  # sent back and given more time is one decision
        self._aim(entry)
        self.state, self.due_on, self.since, self.seen = state, due_on, today, (self.papers,)
        return chase

    def end(self, on: date) -> Chase | None:
        """Return what was being chased up to a day."""
        if self.due_on is None or self.state not in self.lifecycle.chased:
            return None
        return Chase(self.since, on, self.due_on, tuple(dict.fromkeys(self.seen)))

    def _after(self, entry: Entry) -> tuple[State, date | None]:
        if entry.kind is EntryKind.CASE_MOVED:
            return step(self.lifecycle, self.state, Event(str(entry.data["event"]))), self.due_on
        if entry.kind in (EntryKind.CASE_OPENED, EntryKind.DUE_MOVED):
            return self.state, date.fromisoformat(str(entry.data["due_on"]))
        return self.state, self.due_on

    def _aim(self, entry: Entry) -> None:
        if entry.kind in (EntryKind.DUE_MOVED, EntryKind.MEETING_MOVED):
            papers = entry.data["agenda_on"]
            self.papers = date.fromisoformat(str(papers)) if papers else None


@dataclass(frozen=True, slots=True)
class _Case:
    opens_on: date
    papers: date | None
    due_on: date


def _day(rung: Rung, ladder: tuple[Rung, ...], case: _Case) -> date | None:
    """A reminder has no day when it would not come after the opening; a warning always has one."""
    on = _counted(rung, case)
    if rung.at.anchor is Anchor.OPENING:
        higher = ladder[ladder.index(rung) + 1 :] if rung.at.days else ()
        return None if any(_counted(other, case) <= on for other in higher if other.after is None) else on
    if on > case.opens_on:
        return on
    is_warning = any(other.after == rung.key for other in ladder)
    return next_ordinary_day(case.opens_on + _ONE_DAY) if is_warning else None


def _counted(rung: Rung, case: _Case) -> date:
    anchors = {Anchor.OPENING: case.opens_on, Anchor.PAPERS: case.papers or case.due_on, Anchor.DUE: case.due_on}
    anchor = anchors[rung.at.anchor]
    if rung.at.unit is Unit.CALENDAR:
        return next_ordinary_day(anchor + timedelta(rung.at.days))
    return next_ordinary_day(add_working_days(anchor, rung.at.days))
