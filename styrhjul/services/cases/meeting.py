"""A meeting that is moved moves what aims at it: the papers' day, and a due day that a meeting had set."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER, cancel_open_notices
from styrhjul.db.model import Policy
from styrhjul.db.officials_query import open_cases_of
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.wake import touch_cases
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.meeting import Aim, Stages, aim_at, aim_for, stages, without_move
from styrhjul.domain.moment import local_date
from styrhjul.domain.practice import Practice
from styrhjul.domain.round import LATE_ANSWER_DAYS
from workflows import LIFECYCLES

MOVED = "Nämndens sammanträden har ändrats."


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The days of a case that meetings can move."""

    due_on: date
    due_source: str
    #: The rule's own day, where a meeting set another.
    rule_due_on: date | None
    meeting_on: date | None
    agenda_on: date | None
    decides_on: date | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A case that has followed its meetings, with the days it had before."""

    case: Case
    before: Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What holds a case's days: the day it aims from, the law's last day, and how the municipality works."""

    aimed_from_on: date
    limit_on: date | None
    practice: Practice


def retimed(timing: Timing, passed: Stages, bounds: Bounds, *, today: date) -> Timing:
    """Return the days of a case as the meetings it passes now make them.

    A due day that a meeting had set follows the meetings, back to the rule's own day where that is possible again, but
    never past the law's day and never to a day before today: it then stays. Any other due day stays as it is.
    """
    since = bounds.aimed_from_on
    kept = _aimed(timing, aim_at(passed, since, timing.due_on, practice=bounds.practice))
    if timing.rule_due_on is None:
        return kept
    aim = aim_for(passed, since, timing.rule_due_on, limit=bounds.limit_on, practice=bounds.practice)
    if aim.due_on < today:
        return kept
    moved = replace(
        timing,
        due_source=f"{without_move(timing.due_source)} {aim.words}".rstrip(),
        rule_due_on=timing.rule_due_on if aim.words else None,
    )
    return _aimed(moved, aim)


def stages_of(session: Session, organisation: Organisation, case: Case) -> Stages:
    """Return the meetings a case passes before its answer is decided, as they are now entered."""
    adopter_id = session.scalar(select(Policy.adopted_by_id).where(Policy.id == case.policy_id))
    return stages(
        LIFECYCLES[case.lifecycle],
        organisation.by_id[case.body_id],
        adopter=organisation.by_id.get(adopter_id or ""),
        board=organisation.by_id.get(organisation.board_id),
    )


def follow_meetings(
    session: Session, organisation: Organisation, body_ids: Collection[str], now: datetime
) -> list[Moved]:
    """Let the chased cases of some bodies follow their meetings as they now stand; return those that changed.

    A due day that moves arms the ladder anew. Each change is journalled; the cases wake. Safe to repeat.
    """
    moved: list[Moved] = []
    elsewhere = [key for key, lifecycle in LIFECYCLES.items() if lifecycle.adopter_decides]
    for case in open_cases_of(session, body_ids, elsewhere) if body_ids else ():
        lifecycle = LIFECYCLES[case.lifecycle]
        if not lifecycle.at_meeting or case.state not in lifecycle.chased:
            continue
        before = _timing(case)
        after = retimed(
            before,
            stages_of(session, organisation, case),
            Bounds(aimed_from_on=case.aimed_from_on, limit_on=case.limit_on, practice=organisation.practice),
            today=local_date(now),
        )
        if after != before:
            moved.append(Moved(case, before))
            _write(session, case, after, organisation.practice, now)
    return moved


def latest_end(practice: Practice, lapses_on: date, due_on: date) -> date:
    """Return when a case whose due day has moved ends: never before a late answer had its time."""
    return max(lapses_on, practice.next_ordinary(due_on + timedelta(days=LATE_ANSWER_DAYS)))


def due_moved(case: Case, *, by: str, reason: str) -> Line:
    """Return the journal's line for a case whose due day has moved, with the meeting it now aims at."""
    data: dict[str, Value] = {"due_on": case.due_on.isoformat(), **_meeting_data(case), "reason": reason}
    return Line(kind=EntryKind.DUE_MOVED, by=by, case_id=case.id, data=data)


def _timing(case: Case) -> Timing:
    return Timing(
        due_on=case.due_on,
        due_source=case.due_source,
        rule_due_on=case.rule_due_on,
        meeting_on=case.meeting_on,
        agenda_on=case.agenda_on,
        decides_on=case.decides_on,
    )


def _aimed(timing: Timing, aim: Aim) -> Timing:
    return replace(
        timing, due_on=aim.due_on, meeting_on=aim.meeting_on, agenda_on=aim.agenda_on, decides_on=aim.decides_on
    )


def _write(session: Session, case: Case, after: Timing, practice: Practice, now: datetime) -> None:
    has_new_due_day = after.due_on != case.due_on
    case.meeting_on, case.agenda_on, case.decides_on = after.meeting_on, after.agenda_on, after.decides_on
    if has_new_due_day:
        case.due_on, case.due_source, case.rule_due_on = after.due_on, after.due_source, after.rule_due_on
        case.unreachable_on = None
        case.lapses_on = latest_end(practice, case.lapses_on, after.due_on)
    session.flush()
    write_down(session, [due_moved(case, by=PLANNER, reason=MOVED) if has_new_due_day else _meeting_moved(case)], now)
    if has_new_due_day:
        cancel_open_notices(session, [case.id], MOVED, now, by=PLANNER)
    touch_cases(session, [(case.id, case.lifecycle)], local_date(now))


def _meeting_moved(case: Case) -> Line:
    data: dict[str, Value] = {**_meeting_data(case), "reason": MOVED}
    return Line(kind=EntryKind.MEETING_MOVED, by=PLANNER, case_id=case.id, data=data)


def _meeting_data(case: Case) -> dict[str, Value]:
    days = {"meeting_on": case.meeting_on, "agenda_on": case.agenda_on, "decides_on": case.decides_on}
    return {name: day.isoformat() if day else None for name, day in days.items() if day or name != "decides_on"}
