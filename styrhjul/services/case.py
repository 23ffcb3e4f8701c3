"""What officials decide about a case: more time, approved, sent back, closed without an answer. Each with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice, Wake
from styrhjul.db.facts_query import load_organisation
from styrhjul.db.journal import Line, write_down
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases
from styrhjul.domain.calendar import is_working_day, previous_working_day, why_free
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import FINAL_STATES, Event, NotAllowed, step
from styrhjul.domain.moment import local_date
from styrhjul.domain.round import last_usable_meeting, papers_for
from styrhjul.services.words import STATE_WORDS
from workflows import LIFECYCLES

_OPEN_NOTICES = (NoticeStatus.PLANNED, NoticeStatus.MAILED, NoticeStatus.VACANT)


class NoSuchCase(LookupError):
    """Det finns inget ärende med det numret, eller flera som börjar så."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class DecisionRefused(ValueError):
    """The decision cannot be made; the message says why in Swedish."""


@dataclass(frozen=True, slots=True)
class CaseAt:
    """Which case is meant: its municipality, and its id or the beginning of it."""

    municipality_id: str
    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided, and why: both stand in the journal for good."""

    by: str
    reason: str


def grant_extension(database: Database, at: CaseAt, until: date, decision: Decision, now: datetime) -> None:
    """Give more time: the ladder is armed anew for `until`, and what was on its way is cancelled.

    Raises DecisionRefused unless the case is chased and `until` is a working day after both today and the present due
    day, NoSuchCase otherwise. Safe to repeat: the second time is refused.
    """
    with database.municipality(at.municipality_id) as session:
        case = _find(session, at.case_id)
        if case.state not in LIFECYCLES[case.lifecycle].chased:
            raise DecisionRefused("Ärendet väntar inte på något svar.")
        _move_due(session, case, until, decision, now)


def return_answer(database: Database, at: CaseAt, until: date, decision: Decision, now: datetime) -> None:
    """Send an answer back to be completed by `until`. Raises as `grant_extension` does."""
    with database.municipality(at.municipality_id) as session:
        case = _find(session, at.case_id)
        _step(session, case, Event.RETURN, decision, now)
        _move_due(session, case, until, decision, now)


def approve(database: Database, at: CaseAt, decision: Decision, now: datetime) -> None:
    """Take an answer as complete: the case is done. Raises DecisionRefused or NoSuchCase."""
    _close(database, at, Event.APPROVE, decision, now)


def waive(database: Database, at: CaseAt, decision: Decision, now: datetime) -> None:
    """Close a case without an answer. Raises DecisionRefused or NoSuchCase."""
    _close(database, at, Event.WAIVE, decision, now)


def _close(database: Database, at: CaseAt, event: Event, decision: Decision, now: datetime) -> None:
    with database.municipality(at.municipality_id) as session:
        case = _find(session, at.case_id)
        _step(session, case, event, decision, now)
        case.closed_on = local_date(now)
        _cancel_notices(session, case, decision.reason)
        session.execute(delete(Wake).where(Wake.lifecycle == case.lifecycle, Wake.subject_id == case.id))


def _find(session: Session, case_id: str) -> Case:
    found = session.scalars(select(Case).where(Case.id.startswith(case_id)).limit(2).with_for_update()).all()
    if len(found) != 1 or not case_id:
        raise NoSuchCase
    return found[0]


def _step(session: Session, case: Case, event: Event, decision: Decision, now: datetime) -> None:
    _require_reason(decision)
    try:
        case.state = step(LIFECYCLES[case.lifecycle], case.state, event)
    except NotAllowed:
        words = (
            "är redan avslutat" if case.state in FINAL_STATES else f"är {STATE_WORDS[case.state]}, och då går det inte"
        )
        raise DecisionRefused(f"Ärendet {words}.") from None
    session.flush()
    data = {"event": event.value, "reason": decision.reason}
    write_down(session, [Line(kind=EntryKind.CASE_MOVED, by=decision.by, case_id=case.id, data=data)], now)


def _move_due(session: Session, case: Case, until: date, decision: Decision, now: datetime) -> None:
    _require_reason(decision)
    today = local_date(now)
    if until <= max(today, case.due_on):
        raise DecisionRefused(f"Den nya dagen ska ligga efter {max(today, case.due_on).isoformat()}.")
    if not is_working_day(until):
        earlier = previous_working_day(until).isoformat()
        raise DecisionRefused(f"{until.isoformat()} är {why_free(until)}. Välj till exempel {earlier}.")
    _cancel_notices(session, case, "Ärendet har fått mer tid.")
    body = load_organisation(session).by_id[case.body_id]
    case.meeting_on = last_usable_meeting(body.meetings, today, until)
    case.agenda_on = papers_for(case.meeting_on, today)
    case.due_on, case.unreachable_on = until, None
    case.due_source = f"Mer tid enligt beslut av {decision.by} {today.isoformat()}: {decision.reason}"
    session.flush()
    data = {"due_on": until.isoformat(), "reason": decision.reason}
    write_down(session, [Line(kind=EntryKind.DUE_MOVED, by=decision.by, case_id=case.id, data=data)], now)
    touch_cases(session, [(case.id, case.lifecycle)], today)


def _cancel_notices(session: Session, case: Case, reason: str) -> None:
    session.execute(
        update(Notice)
        .where(Notice.case_id == case.id, Notice.status.in_(_OPEN_NOTICES))
        .values(status=NoticeStatus.CANCELLED, reason=reason)
        .execution_options(synchronize_session=False)
    )


def _require_reason(decision: Decision) -> None:
    if not (decision.by.strip() and decision.reason.strip()):
        raise DecisionRefused("Skriv vem som bestämde och varför.")
