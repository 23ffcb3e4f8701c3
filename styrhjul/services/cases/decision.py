"""What officials decide about a case: more time, another post, approved, sent back, closed. Each with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.decision_query import changes_since
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import cancel_open_notices
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_cases
from styrhjul.domain.journal import Entry, EntryKind, Value
from styrhjul.domain.lifecycle import FINAL_STATES, Event, NotAllowed, State, step
from styrhjul.domain.meeting import aim_at
from styrhjul.domain.moment import local_date
from styrhjul.domain.practice import Practice
from styrhjul.domain.vocabulary import DueBasis
from styrhjul.services.cases.ending import end_case, end_document
from styrhjul.services.cases.extension import Latest, latest_day
from styrhjul.services.cases.meeting import due_moved, latest_end, stages_of
from styrhjul.services.words import stands
from workflows import LIFECYCLES

MORE_TIME = "Ärendet har fått mer tid."
_REVISE_FIRST = "Först ska det vara bestämt att dokumentet revideras: svara ”ska revideras” i ärendet."
#: What comes before an event that a case is not ready for, or that it is past.
_FIRST = {
    (Event.REFER, State.OPEN): _REVISE_FIRST,
    (Event.PREPARE, State.OPEN): _REVISE_FIRST,
    (Event.REFER, State.PREPARED): "Ärendet är berett och väntar på beslut. En remiss går ut före beredningen.",
}


class NoSuchCase(LookupError):
    """There is no case whose id begins so, or more than one."""

    def __init__(self, start: str) -> None:
        super().__init__(f"Inget ärende börjar med {start}, eller flera. Se styrhjul case list.")


class DecisionRefused(ValueError):
    """The decision cannot be made; the message says why in Swedish."""


class CaseChanged(DecisionRefused):
    """Somebody has decided something about the case since it was looked at; `since` is what, oldest first."""

    def __init__(self, since: Sequence[Entry]) -> None:
        super().__init__("Ärendet har ändrats sedan du öppnade sidan.")
        self.since = tuple(since)


@dataclass(frozen=True, slots=True)
class CaseAt:
    """Which case is meant: its municipality, and its id or the beginning of it.

    `seen` is the journal's number of the last that had happened to the case when whoever decides looked at it; None
    where nobody looked.
    """

    municipality_id: str
    case_id: str
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided, and why: both stand in the journal for good."""

    by: str
    reason: str


def grant_extension(database: Database, at: CaseAt, until: date, decision: Decision, now: datetime) -> None:
    """Give more time: the ladder is armed anew for `until`, and what was on its way is cancelled.

    Raises DecisionRefused unless the case is chased and `until` is an ordinary day after both today and the present
    due day, and at most the case's latest day; NoSuchCase otherwise. Safe to repeat: the second time is refused.
    """
    with database.municipality(at.municipality_id) as session:
        extend_case(session, find_case(session, at), until, decision, now)


def extend_case(session: Session, case: Case, until: date, decision: Decision, now: datetime) -> None:
    """Do as `grant_extension` in a transaction of the caller's."""
    refuse_unless_chased(case)
    _move_due(session, case, until, decision, now)


def return_answer(database: Database, at: CaseAt, until: date, decision: Decision, now: datetime) -> None:
    """Send an answer back to be completed by `until`. Raises as `grant_extension` does."""
    with database.municipality(at.municipality_id) as session:
        return_case(session, find_case(session, at), until, decision, now)


def return_case(session: Session, case: Case, until: date, decision: Decision, now: datetime) -> None:
    """Do as `return_answer` in a transaction of the caller's."""
    move(session, case, Event.RETURN, decision, now)
    _move_due(session, case, until, decision, now)


def approve(database: Database, at: CaseAt, decision: Decision, now: datetime) -> None:
    """Take an answer as complete: the case is done. Raises DecisionRefused or NoSuchCase.

    A revision that decided to repeal its document ends it, and whatever was still asked about it; one that decided
    anything else lets the next interval count from its day.
    """
    with database.register(at.municipality_id) as session:
        approve_case(session, find_case(session, at), decision, now)


def approve_case(session: Session, case: Case, decision: Decision, now: datetime) -> None:
    """Do as `approve` in a transaction of the caller's, which may write the register."""
    _close(session, case, Event.APPROVE, decision, now)
    end_document(session, case, by=decision.by, now=now)


def waive(database: Database, at: CaseAt, decision: Decision, now: datetime) -> None:
    """Close a case without an answer. Raises DecisionRefused or NoSuchCase."""
    with database.municipality(at.municipality_id) as session:
        waive_case(session, find_case(session, at), decision, now)


def waive_case(session: Session, case: Case, decision: Decision, now: datetime) -> None:
    """Do as `waive` in a transaction of the caller's."""
    _close(session, case, Event.WAIVE, decision, now)


def note(database: Database, at: CaseAt, decision: Decision, now: datetime) -> None:
    """Write down that somebody above has seen the case; the reason is the note, and nothing else changes."""
    with database.municipality(at.municipality_id) as session:
        note_case(session, find_case(session, at), decision, now)


def note_case(session: Session, case: Case, decision: Decision, now: datetime) -> None:
    """Do as `note` in a transaction of the caller's."""
    require_reason(decision)
    noted = Line(kind=EntryKind.CASE_NOTED, by=decision.by, case_id=case.id, data={"note": decision.reason})
    write_down(session, [noted], now)


def find_case(session: Session, at: CaseAt) -> Case:
    """Return the municipality's only case whose id begins so, locked. Raises NoSuchCase and CaseChanged."""
    case = session.get_one(Case, _only_case(session, at.case_id), with_for_update=True)
    if at.seen is not None and (since := changes_since(session, case.id, at.seen)):
        raise CaseChanged(since)
    return case


def case_starting_with(database: Database, start: str) -> tuple[str, str]:
    """Return municipality and id of the only case whose id begins so, whosever it is. Raises NoSuchCase."""
    with database.system(read_only=True) as session:
        return _only_case(session, start)


def _only_case(session: Session, start: str) -> tuple[str, str]:
    query = select(Case.municipality_id, Case.id).where(Case.id.startswith(start, autoescape=True)).limit(2)
    found = session.execute(query).all()
    if len(found) != 1 or not start:
        raise NoSuchCase(start)
    return found[0].municipality_id, found[0].id


def move(  # noqa: PLR0913, PLR0917 - which case, by what, who and when, and what more there is to say
    session: Session,
    case: Case,
    event: Event,
    decision: Decision,
    now: datetime,
    details: Mapping[str, Value] | None = None,
) -> None:
    """Move a case by a person's decision and write it down. Raises DecisionRefused."""
    require_reason(decision)
    try:
        case.state = step(LIFECYCLES[case.lifecycle], case.state, event)
    except NotAllowed:
        raise DecisionRefused(_why_not(case, event)) from None
    session.flush()
    data = {"event": event.value, "reason": decision.reason, **(details or {})}
    write_down(session, [Line(kind=EntryKind.CASE_MOVED, by=decision.by, case_id=case.id, data=data)], now)


def _why_not(case: Case, event: Event) -> str:
    """Say why an event cannot happen to a case and, where something else comes first, what."""
    if case.state in FINAL_STATES:
        return "Ärendet är redan avslutat."
    if not any(asked is event for _, asked in LIFECYCLES[case.lifecycle].transitions):
        return "Det går inte i ett sådant ärende."
    return _FIRST.get((event, case.state), f"Ärendet {stands(case.state)}, och då går det inte.")


def refuse_unless_chased(case: Case) -> None:
    """Raise DecisionRefused for a case from which nobody waits for anything."""
    if case.state not in LIFECYCLES[case.lifecycle].chased:
        raise DecisionRefused("Ärendet väntar inte på något svar.")


def require_reason(decision: Decision) -> None:
    """Raise DecisionRefused for a decision that does not say who and why."""
    if not (decision.by.strip() and decision.reason.strip()):
        raise DecisionRefused("Skriv vem som bestämde och varför.")


def require_ordinary(practice: Practice, day: date, after: date) -> None:
    """Raise DecisionRefused, naming the nearest days that would do, unless the day is an ordinary one after `after`."""
    require_after(day, after)
    why_not = practice.why_not_ordinary(day)
    if why_not is None:
        return
    near = [practice.previous_ordinary(day), practice.next_ordinary(day)]
    fitting = " eller ".join(each.isoformat() for each in near if each > after)
    raise DecisionRefused(f"{day.isoformat()} är {why_not}. Välj till exempel {fitting}.")


def require_after(day: date, after: date) -> None:
    """Raise DecisionRefused unless a day lies after another."""
    if day <= after:
        raise DecisionRefused(f"Den nya dagen ska ligga efter {after.isoformat()}.")


def refuse_too_late(day: date, last: Latest, after: date) -> None:
    """Raise DecisionRefused, naming the latest day that would do, for one beyond it, or where none is left."""
    if last.on <= after:
        raise DecisionRefused(
            f"Det går inte att välja en senare dag: {last.on.isoformat()} var den senaste, eftersom {last.why}. "
            "Godkänn eller avsluta ärendet i stället."
        )
    if day > last.on:
        raise DecisionRefused(
            f"{day.isoformat()} är för sent. Den senaste dagen är {last.on.isoformat()}, eftersom {last.why}."
        )


def _close(session: Session, case: Case, event: Event, decision: Decision, now: datetime) -> None:
    move(session, case, event, decision, now)
    end_case(session, case, by=decision.by, reason=decision.reason, now=now)


def _move_due(session: Session, case: Case, until: date, decision: Decision, now: datetime) -> None:
    require_reason(decision)
    today = local_date(now)
    organisation = load_organisation(session)
    after = max(today, case.due_on)
    require_after(until, after)
    refuse_too_late(until, latest_day(session, organisation, case, today), after)
    require_ordinary(organisation.practice, until, after)
    case.aimed_from_on, case.rule_due_on = today, None  # people set the day: no meeting moves it
    aim = aim_at(stages_of(session, organisation, case), today, until, practice=organisation.practice)
    case.meeting_on, case.agenda_on, case.decides_on = aim.meeting_on, aim.agenda_on, aim.decides_on
    case.due_on, case.due_basis, case.unreachable_on = until, DueBasis.DECISION, None
    case.due_source = f"Mer tid enligt beslut av {decision.by} {today.isoformat()}: {decision.reason}"
    case.lapses_on = latest_end(organisation.practice, case.lapses_on, until)
    session.flush()
    write_down(session, [due_moved(case, by=decision.by, reason=decision.reason)], now)
    cancel_open_notices(session, [case.id], MORE_TIME, now, by=decision.by)
    touch_cases(session, [(case.id, case.lifecycle)], today)
