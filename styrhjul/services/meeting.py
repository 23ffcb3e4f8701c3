"""A meeting that is moved moves what aims at it: the papers' day, and a due day that a meeting had set."""

from __future__ import annotations

import re
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
from styrhjul.domain.date_rule import day_of
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.moment import local_date
from styrhjul.domain.practice import Practice
from styrhjul.domain.round import LATE_ANSWER_DAYS, last_usable_meeting, meeting_for, papers_for
from styrhjul.domain.round_rule import PeriodRound, YearRound
from workflows import LIFECYCLES

MOVED = "Nämndens sammanträden har ändrats."
#: How a due day tells that a meeting has set it: `meeting_for` writes these words, with the day that was too early.
_SET_BY_MEETING = re.compile(r" ?Inget sammanträde hinns med före (\d{4}-\d\d-\d\d), därför gäller nämndens nästa\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The days of a case that meetings can move."""

    due_on: date
    due_source: str
    meeting_on: date | None
    agenda_on: date | None


def retimed(timing: Timing, meetings: tuple[date, ...], *, opens_on: date, limit: date | None, today: date) -> Timing:
    """Return the days of a case as the body's meetings, ascending, now make them.

    A due day that a meeting had set follows the meetings, back to the rule's own day where that is possible again, but
    never past `limit` and never to a day before today: it then stays. Any other due day stays as it is.
    """
    set_by_meeting = _SET_BY_MEETING.search(timing.due_source)
    if set_by_meeting is None:
        return _aimed(timing, last_usable_meeting(meetings, opens_on, timing.due_on), opens_on)
    rule_day = date.fromisoformat(set_by_meeting[1])
    meeting_on, due_on, words = meeting_for(meetings, opens_on, rule_day, limit)
    if due_on < today:
        return _aimed(timing, last_usable_meeting(meetings, opens_on, timing.due_on), opens_on)
    rule = _SET_BY_MEETING.sub("", timing.due_source)
    source = f"{rule} {words}" if words else rule
    return _aimed(replace(timing, due_on=due_on, due_source=source), meeting_on, opens_on)


def legal_limit(lifecycle: Lifecycle, period: str) -> date | None:
    """Return the day that law sets for a period, which no meeting may move a case past; None where it sets none."""
    yearly = [rule.last if isinstance(rule, PeriodRound) else rule for rule in lifecycle.rounds.values()]
    limits = [
        day_of(rule.legal_limit, int(period[:4]) + rule.years_from_period)
        for rule in yearly
        if isinstance(rule, YearRound) and rule.legal_limit
    ]
    return min(limits, default=None)


def follow_meetings(session: Session, organisation: Organisation, body_ids: Collection[str], now: datetime) -> int:
    """Let the chased cases of some bodies follow their meetings as they now stand; return how many changed.

    A due day that moves arms the ladder anew. Each change is journalled; the cases wake. Safe to repeat.
    """
    moved = 0
    for case in open_cases_of(session, body_ids) if body_ids else ():
        lifecycle = LIFECYCLES[case.lifecycle]
        if not lifecycle.at_meeting or case.state not in lifecycle.chased:
            continue
        before = Timing(
            due_on=case.due_on, due_source=case.due_source, meeting_on=case.meeting_on, agenda_on=case.agenda_on
        )
        after = retimed(
            before,
            organisation.by_id[case.body_id].meetings,
            opens_on=case.opens_on,
            limit=legal_limit(lifecycle, case.period),
            today=local_date(now),
        )
        if after != before:
            moved += 1
            _write(session, case, after, organisation.practice, now)
    return moved


def latest_end(practice: Practice, lapses_on: date, due_on: date) -> date:
    """Return when a case whose due day has moved ends: never before a late answer had its time."""
    return max(lapses_on, practice.next_ordinary(due_on + timedelta(days=LATE_ANSWER_DAYS)))


def _aimed(timing: Timing, meeting_on: date | None, opens_on: date) -> Timing:
    return replace(timing, meeting_on=meeting_on, agenda_on=papers_for(meeting_on, opens_on))


def _write(session: Session, case: Case, after: Timing, practice: Practice, now: datetime) -> None:
    due_moved = after.due_on != case.due_on
    case.meeting_on, case.agenda_on = after.meeting_on, after.agenda_on
    lines = [
        Line(
            kind=EntryKind.MEETING_MOVED,
            by=PLANNER,
            case_id=case.id,
            data={"meeting_on": _iso(after.meeting_on), "agenda_on": _iso(after.agenda_on), "reason": MOVED},
        )
    ]
    if due_moved:
        case.due_on, case.due_source, case.unreachable_on = after.due_on, after.due_source, None
        case.lapses_on = latest_end(practice, case.lapses_on, after.due_on)
        data = {"due_on": after.due_on.isoformat(), "reason": MOVED}
        lines = [Line(kind=EntryKind.DUE_MOVED, by=PLANNER, case_id=case.id, data=data)]
    session.flush()
    write_down(session, lines, now)
    if due_moved:
        cancel_open_notices(session, [case.id], MOVED, now, by=PLANNER)
    touch_cases(session, [(case.id, case.lifecycle)], local_date(now))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
