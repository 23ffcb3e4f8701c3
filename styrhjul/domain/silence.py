"""Why a rung did not leave on a day: the questions that the planner answers with silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from styrhjul.domain.facts import CaseFacts
from styrhjul.domain.ladder import anchor_of, counted, ladder_days
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.presence import as_told
from styrhjul.domain.rung import Rung


class SilenceKind(StrEnum):
    """Why nothing was even planned."""

    ANSWERED = "answered"  # the case is no longer chased
    DEFERRED = "deferred"  # to the next ordinary day
    NOT_BINDING = "not_binding"  # bör and kan: nobody is warned or reported
    WAITS_FOR_WARNING = "waits_for_warning"
    NO_ROOM = "no_room"  # it would have come before the opening
    NO_POST = "no_post"  # the body has nobody of that kind


@dataclass(frozen=True, slots=True)
class Silence:
    """A rung that did not leave. `on` is the day it would have, `until` the day it does; None = no day is known."""

    rung: Rung
    kind: SilenceKind
    on: date
    until: date | None = None


def silences(lifecycle: Lifecycle, facts: CaseFacts, day: date) -> Iterator[Silence]:
    """Yield the rungs that might have been expected of a case on a day and were not planned, lowest first.

    What stands in the ledger speaks for itself and is left out: while the case is chased as its present holders know
    it, since what was withdrawn on its way up is waited for anew; afterwards whatever stands there.
    """
    told = as_told(lifecycle.ladder, facts, day)
    known = told if facts.state in lifecycle.chased else facts
    entered = {notice.rung for notice in known.notices if notice.due_on == facts.due_on}
    reached = {each.rung.key: each for each in ladder_days(lifecycle.ladder, told)}
    for rung in lifecycle.ladder:
        if rung.key in entered:
            continue
        if rung.key not in reached:
            if facts.state in lifecycle.chased:
                yield from _without_a_day(rung, facts, day)
            continue
        step = reached[rung.key]
        if step.deferred_from is not None and step.deferred_from <= day < step.on:
            yield Silence(rung, SilenceKind.DEFERRED, step.deferred_from, step.on)
        elif step.on == day and facts.state not in lifecycle.chased:
            yield Silence(rung, SilenceKind.ANSWERED, step.on)
        elif step.on == day and not facts.posts[rung.to]:
            yield Silence(rung, SilenceKind.NO_POST, step.on)


def _without_a_day(rung: Rung, facts: CaseFacts, day: date) -> Iterator[Silence]:
    """A rung that the ladder left out has the day it would have had, were it not for the reason."""
    usual = counted(anchor_of(rung, facts), rung.at, facts.practice)
    if usual <= facts.opens_on:
        if day == facts.opens_on:
            yield Silence(rung, SilenceKind.NO_ROOM, usual)
    elif usual <= day:
        kind = SilenceKind.WAITS_FOR_WARNING if facts.is_binding else SilenceKind.NOT_BINDING
        yield Silence(rung, kind, usual)
