"""A meeting that is moved moves what aims at it: the papers' day, and a due day that a meeting had set."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.facts_query import Organisation
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER, cancel_open_notices
from styrhjul.db.officials_query import open_cases_of
from styrhjul.db.wake import touch_cases
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.practice import Practice
from styrhjul.domain.round import LATE_ANSWER_DAYS, last_usable_meeting, meeting_for, papers_for, words_of_move
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


def retimed(
    timing: Timing, meetings: tuple[date, ...], *, aimed_from_on: date, limit_on: date | None, today: date
) -> Timing:
    """Return the days of a case as the body's meetings, ascending, now make them.

    A due day that a meeting had set follows the meetings, back to the rule's own day where that is possible again, but
    never past `limit_on` and never to a day before today: it then stays. Any other due day stays as it is.
    """
    kept = _aimed(timing, last_usable_meeting(meetings, aimed_from_on, timing.due_on), aimed_from_on)
    if timing.rule_due_on is None:
        return kept
    meeting_on, due_on, words = meeting_for(meetings, aimed_from_on, timing.rule_due_on, limit_on)
    if due_on < today:
        return kept
    rule = timing.due_source.removesuffix(words_of_move(timing.rule_due_on)).rstrip()
    moved = replace(
        timing,
        due_on=due_on,
        due_source=f"{rule} {words}" if words else rule,
        rule_due_on=timing.rule_due_on if words else None,
    )
    return _aimed(moved, meeting_on, aimed_from_on)


def follow_meetings(session: Session, organisation: Organisation, body_ids: Collection[str], now: datetime) -> int:
    """Let the chased cases of some bodies follow their meetings as they now stand; return how many changed.

    A due day that moves arms the ladder anew. Each change is journalled; the cases wake. Safe to repeat.
    """
    moved = 0
    for case in open_cases_of(session, body_ids) if body_ids else ():
        lifecycle = LIFECYCLES[case.lifecycle]
        if not lifecycle.at_meeting or case.state not in lifecycle.chased:
            continue
        before = _timing(case)
        after = retimed(
            before,
            organisation.by_id[case.body_id].meetings,
            aimed_from_on=case.aimed_from_on,
            limit_on=case.limit_on,
            today=local_date(now),
        )
        if after != before:
            moved += 1
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
    )


def _aimed(timing: Timing, meeting_on: date | None, since: date) -> Timing:
    return replace(timing, meeting_on=meeting_on, agenda_on=papers_for(meeting_on, since))


def _write(session: Session, case: Case, after: Timing, practice: Practice, now: datetime) -> None:
    has_new_due_day = after.due_on != case.due_on
    case.meeting_on, case.agenda_on = after.meeting_on, after.agenda_on
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
    days = {"meeting_on": case.meeting_on, "agenda_on": case.agenda_on}
    return {name: day.isoformat() if day else None for name, day in days.items()}
