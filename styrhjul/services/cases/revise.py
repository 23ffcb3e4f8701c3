"""The two steps of a revision that somebody else takes: the draft is referred to the committees, and prepared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.course_model import Referral
from styrhjul.db.journal import Line, write_down
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.referral_query import Committee, committees, referred_on
from styrhjul.db.session import Database
from styrhjul.db.wake import touch_policies
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.lifecycle import Event
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.domain.written import SHORT, faults_in
from styrhjul.services.cases.decision import (
    CaseAt,
    Decision,
    DecisionRefused,
    find_case,
    move,
    refuse_too_late,
    require_ordinary,
)
from styrhjul.services.cases.extension import latest_day

#: A committee needs a meeting and its papers' time to give an opinion.
SHORTEST_REFERRAL_WORKING_DAYS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the bodies are asked: an opinion by `due_on`.

    `to` are short names or names of bodies; none means every committee that the document binds or, where it binds none,
    every committee.
    """

    due_on: date
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """When the preparing body decided to send the draft on, and under which paragraph."""

    meeting_on: date
    paragraph: str


def refer(database: Database, at: CaseAt, request: Request, decision: Decision, now: datetime) -> int:
    """Send a draft to bodies for their opinion; return how many were asked.

    The answer is wanted on an ordinary day, twenty working days away at the earliest and before the revision's own case
    ends. A body asked earlier the same day is not asked again. Each gets a case of its own at the next sweep. Raises
    DecisionRefused or NoSuchCase.
    """
    with database.municipality(at.municipality_id) as session:
        return refer_case(session, find_case(session, at), request, decision, now)


def refer_case(session: Session, case: Case, request: Request, decision: Decision, now: datetime) -> int:
    """Do as `refer` in a transaction of the caller's."""
    today = local_date(now)
    organisation = load_organisation(session)
    after = organisation.practice.add_working_days(today, SHORTEST_REFERRAL_WORKING_DAYS - 1)
    refuse_too_late(request.due_on, latest_day(session, organisation, case, today), after)
    require_ordinary(organisation.practice, request.due_on, after)
    asked = _asked(session, case, request.to, today)
    bodies = [body.body_id for body in asked]
    move(session, case, Event.REFER, decision, now)
    session.add_all(_referral(case, body_id, request.due_on, decision, now) for body_id in bodies)
    session.flush()
    data: dict[str, Value] = {"bodies": bodies, "due_on": request.due_on.isoformat(), "reason": decision.reason}
    write_down(session, [Line(kind=EntryKind.REFERRAL_SENT, by=decision.by, case_id=case.id, data=data)], now)
    touch_policies(session, [str(case.policy_id)], [LifecycleKey.REFERRAL], today)
    return len(bodies)


def prepare(database: Database, at: CaseAt, done: Preparation, decision: Decision, now: datetime) -> None:
    """Note that the preparing body has sent the draft on for decision, on a day on which it can have done so.

    Raises DecisionRefused or NoSuchCase.
    """
    with database.municipality(at.municipality_id) as session:
        prepare_case(session, find_case(session, at), done, decision, now)


def prepare_case(session: Session, case: Case, done: Preparation, decision: Decision, now: datetime) -> None:
    """Do as `prepare` in a transaction of the caller's."""
    _refuse_unless_in_time(case, done.meeting_on, local_date(now))
    if not done.paragraph.strip() or any(faults_in(done.paragraph, SHORT)):
        raise DecisionRefused("Skriv beredningsbeslutets paragraf, till exempel 41.")
    details: dict[str, Value] = {"meeting_on": done.meeting_on.isoformat(), "paragraph": done.paragraph.strip()}
    move(session, case, Event.PREPARE, decision, now, details)


def _refuse_unless_in_time(case: Case, met_on: date, today: date) -> None:
    """The draft is prepared after the case has opened, before the meeting that decides it, and by the due day."""
    day = met_on.isoformat()
    if met_on > today:
        raise DecisionRefused(f"Sammanträdet {day} har inte varit än.")
    if met_on < case.opens_on:
        raise DecisionRefused(f"Sammanträdet {day} ligger före ärendet, som öppnade {case.opens_on.isoformat()}.")
    if case.decides_on is not None and met_on >= case.decides_on:
        raise DecisionRefused(
            f"Ärendet ska beredas före sammanträdet {case.decides_on.isoformat()}, som beslutar. "
            "Ge ärendet mer tid först, om det beslutas senare."
        )
    if met_on > case.due_on:
        raise DecisionRefused(f"Fristen var {case.due_on.isoformat()}. Ge ärendet mer tid först.")


def _asked(session: Session, case: Case, to: Sequence[str], today: date) -> list[Committee]:
    if case.policy_id is None:
        raise DecisionRefused("Ärendet gäller inget dokument som kan skickas på remiss.")
    living = [body for body in committees(session, case.policy_id, today) if body.body_id != case.body_id]
    if to:
        chosen = [_named(living, name) for name in dict.fromkeys(to)]
    else:
        usual = [body for body in living if body.is_committee]
        chosen = [body for body in usual if body.is_bound] or usual
    earlier = referred_on(session, case.id, today)
    asked = [body for body in chosen if body.body_id not in earlier]
    if not asked:
        raise DecisionRefused("Det finns ingen nämnd att skicka remissen till, eller så har alla fått den i dag.")
    return asked


def _named(living: Sequence[Committee], name: str) -> Committee:
    for body in living:
        if name.strip().casefold() in (body.slug.casefold(), body.name.casefold(), body.body_id):
            return body
    raise DecisionRefused(f"Inget annat organ heter ”{name.strip()}”.")


def _referral(case: Case, body_id: str, due_on: date, decision: Decision, now: datetime) -> Referral:
    return Referral(
        policy_id=case.policy_id,
        case_id=case.id,
        body_id=body_id,
        sent_on=local_date(now),
        due_on=due_on,
        sent_at=now,
        sent_by=decision.by,
    )
