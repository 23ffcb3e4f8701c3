"""One way to whatever a person decides about a case: shown before it is done, done once, never over somebody else's."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.compose_query import WAITING
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.act import Act
from styrhjul.domain.calendar import months_after
from styrhjul.domain.decision import told_in
from styrhjul.domain.forecast import Assumption
from styrhjul.domain.journal import Entry
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.services.cases.decision import (
    CaseAt,
    CaseChanged,
    Decision,
    DecisionRefused,
    approve_case,
    extend_case,
    find_case,
    note_case,
    return_case,
    waive_case,
)
from styrhjul.services.cases.reassign import reassign_case
from styrhjul.services.cases.revise import Preparation, Request, prepare_case, refer_case
from styrhjul.services.overview.forecast import ForecastLine, Span, forecast_of_case

#: How far ahead an effect is shown: past the longest time that can be given.
_MONTHS_SHOWN = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An act with what it needs: a day, the post's id, the bodies that are asked, or the meeting and its section."""

    act: Act
    until: date | None = None
    to: str = ""
    bodies: tuple[str, ...] = ()
    paragraph: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMail:
    """A reminder about the case before and after: `was_on` None = it is new, `on` None = it goes away."""

    rung: str
    recipient: str
    was_on: date | None
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a decision would change. `mails` by day; those that stay on their day are left out, `staying` counts them.

    `asked` is how many bodies get a question of their own.
    """

    due_on: date
    due_on_before: date
    meeting_on: date | None
    state: State
    state_before: State
    mails: tuple[MovedMail, ...]
    staying: int
    asked: int = 0


def take(database: Database, at: CaseAt, wanted: Wanted, decision: Decision, now: datetime) -> None:
    """Do what somebody has decided, in one transaction. Safe to repeat: the very same decision is made once.

    Raises DecisionRefused, CaseChanged where another was made since `at.seen`, or NoSuchCase.
    """
    try:
        with _opened(database, at, wanted.act) as session:
            _act(session, find_case(session, at), wanted, decision, now)
    except CaseChanged as changed:
        if not _is_made(changed.since, wanted, decision):
            raise


def preview_act(database: Database, at: CaseAt, wanted: Wanted, decision: Decision, now: datetime) -> Effect:
    """Return what `take` would change, and change nothing. Raises the same; a repeated decision too is refused."""
    span = Span(local_date(now), months_after(local_date(now), _MONTHS_SHOWN), Assumption.UNANSWERED)
    with _opened(database, at, wanted.act) as session:
        try:
            case = find_case(session, at)
            due_on_before, state_before = case.due_on, case.state
            before = _on_their_way(session, case.id, span)
            asked = _act(session, case, wanted, decision, now)
            session.flush()
            after = _on_their_way(session, case.id, span)
            return Effect(
                due_on=case.due_on,
                due_on_before=due_on_before,
                meeting_on=case.meeting_on,
                state=case.state,
                state_before=state_before,
                mails=_moved(before, after),
                staying=sum(on == before.get(key) for key, on in after.items()),
                asked=asked,
            )
        finally:
            session.rollback()


def _opened(database: Database, at: CaseAt, act: Act) -> AbstractContextManager[Session]:
    """Whoever approves a revision may change the register with it."""
    return (database.register if act is Act.APPROVE else database.municipality)(at.municipality_id)


def _act(session: Session, case: Case, wanted: Wanted, decision: Decision, now: datetime) -> int:
    """Do it; return how many bodies were asked for an opinion."""
    match wanted.act:
        case Act.EXTEND:
            extend_case(session, case, _day(wanted), decision, now)
        case Act.RETURN:
            return_case(session, case, _day(wanted), decision, now)
        case Act.REASSIGN:
            reassign_case(session, case, wanted.to, decision, now)
        case Act.REFER:
            return refer_case(session, case, Request(due_on=_day(wanted), to=wanted.bodies), decision, now)
        case Act.PREPARE:
            done = Preparation(meeting_on=_day(wanted), paragraph=wanted.paragraph)
            prepare_case(session, case, done, decision, now)
        case _:
            {Act.APPROVE: approve_case, Act.WAIVE: waive_case, Act.NOTE: note_case}[wanted.act](
                session, case, decision, now
            )
    return 0


def _day(wanted: Wanted) -> date:
    if wanted.until is None:
        raise DecisionRefused("Skriv vilken dag.")
    return wanted.until


def _is_made(since: Sequence[Entry], wanted: Wanted, decision: Decision) -> bool:
    """Whether all that has happened is this very decision: somebody pressed twice."""
    made = told_in(since)
    if len(made) != 1 or len(made[0].numbers) != len(since):
        return False
    (one,) = made
    is_own = (one.act, one.by, one.reason) == (wanted.act, decision.by, decision.reason)
    is_same_post = one.act is not Act.REASSIGN or one.given_to == (wanted.to,)
    return is_own and one.until in {None, wanted.until} and is_same_post


def _on_their_way(session: Session, case_id: str, span: Span) -> dict[tuple[str, str], date]:
    """Return when each step would reach each office, the steps that are written and have not left included."""
    lines: list[ForecastLine] = forecast_of_case(session, case_id, span)
    written = select(Notice.rung, Notice.post_id, Notice.planned_on).where(
        Notice.case_id == case_id, Notice.status.in_(WAITING)
    )
    titles = _titles(session)
    waiting = {(rung, titles[post_id]): on for rung, post_id, on in session.execute(written)}
    return {(line.rung, line.recipient): line.on for line in lines} | waiting


def _titles(session: Session) -> dict[str, str]:
    return {post.post_id: post.title for post in load_organisation(session).posts}


def _moved(before: dict[tuple[str, str], date], after: dict[tuple[str, str], date]) -> tuple[MovedMail, ...]:
    keys = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    moved = (
        MovedMail(rung=rung, recipient=to, was_on=before.get((rung, to)), on=after.get((rung, to))) for rung, to in keys
    )
    return tuple(sorted(moved, key=lambda mail: (mail.on or mail.was_on or date.max, mail.rung, mail.recipient)))
