"""One duty as it stands, with what it binds and how it is told whether somebody has changed it since."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty
from styrhjul.db.duty_in_force import in_force
from styrhjul.db.model import Body, Duty, DutyBody, DutyStatus, Edition
from styrhjul.domain.vocabulary import BodyKind

_LENGTH = 16


def duty_version(duty: Duty, body_ids: Collection[str]) -> str:
    """Return what tells one state of a duty from every other: two people who saw the same saw the same version."""
    said = (
        *(duty.modality, duty.action_kind, duty.actor, duty.recurrence, duty.deadline, duty.goal_min, duty.goal_max),
        *(duty.condition, duty.status, duty.holder, duty.lifecycle, duty.confirmed_by, duty.confirmed_at),
    )
    content = "\n".join(str(each) for each in (duty.id, *said, *sorted(body_ids)))
    return hashlib.sha256(content.encode()).hexdigest()[:_LENGTH]


def bodies_of(session: Session, duty_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the ids of the bodies that each duty binds, in no order that means anything."""
    found: dict[str, list[str]] = {duty_id: [] for duty_id in duty_ids}
    rows = select(DutyBody.duty_id, DutyBody.body_id).where(DutyBody.duty_id.in_(duty_ids)).order_by(DutyBody.body_id)
    for duty_id, body_id in session.execute(rows):
        found[duty_id].append(body_id)
    return found


def open_cases_resting_on(session: Session, duty_id: str) -> Sequence[Case]:
    """Return what is still open because of a duty, by id, locked."""
    query = (
        select(Case)
        .join(CaseDuty, (CaseDuty.municipality_id == Case.municipality_id) & (CaseDuty.case_id == Case.id))
        .where(CaseDuty.duty_id == duty_id, Case.closed_on.is_(None))
        .order_by(Case.id)
    )
    return session.scalars(query.with_for_update()).all()


def duties_behind(session: Session, case: Case) -> list[Duty]:
    """Return the duties in force that ask for a case, whether it rested on them when it opened or not."""
    query = in_force(select(Duty), case.opens_on).where(
        Duty.policy_id == case.policy_id, Duty.lifecycle == case.lifecycle
    )
    duties = session.scalars(query).all()
    bound = bodies_of(session, [duty.id for duty in duties])
    return [duty for duty in duties if duty.of_plans or case.body_id in bound[duty.id]]


def rests_on_proposed(session: Session, case: Case) -> bool:
    """Whether a sentence of a present edition that nobody has judged yet may still ask for a case."""
    query = (
        select(Duty.id)
        .join(CaseDuty, (CaseDuty.municipality_id == Duty.municipality_id) & (CaseDuty.duty_id == Duty.id))
        .join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
        .where(CaseDuty.case_id == case.id, Duty.status == DutyStatus.PROPOSED, Duty.lifecycle == case.lifecycle)
        .where(Edition.superseded_on.is_(None))
    )
    return session.scalar(query.limit(1)) is not None


def bodies_that_answer(session: Session, today: date) -> Sequence[Body]:
    """Return the bodies that a duty may bind today, by name.

    The council decides and does not answer, an administration answers through its committee, and a company is bound
    by nothing but a decision of its own or its owner's.
    """
    standing = select(Body).where(Body.dissolved_on.is_(None) | (Body.dissolved_on > today)).order_by(Body.name)
    return [body for body in session.scalars(standing) if _answers(body)]


def _answers(body: Body) -> bool:
    if body.kind is BodyKind.COMPANY:
        return body.bound_by is not None
    return body.kind not in (BodyKind.COUNCIL, BodyKind.ADMINISTRATION)
