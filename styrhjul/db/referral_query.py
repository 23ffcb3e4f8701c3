"""Whom a draft can be referred to, and who has it already, as frozen facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.course_model import Referral
from styrhjul.db.duty_in_force import in_force
from styrhjul.db.model import Body, Duty, DutyBody
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """A living body. `is_bound` tells whether a duty in force of the document binds it."""

    body_id: str
    slug: str
    name: str
    is_committee: bool
    is_bound: bool


def committees(session: Session, policy_id: str, today: date) -> list[Committee]:
    """Return every body that is not dissolved, committees and others, by name."""
    binding = select(DutyBody.body_id).join(
        Duty, (Duty.municipality_id == DutyBody.municipality_id) & (Duty.id == DutyBody.duty_id)
    )
    bound = set(session.scalars(in_force(binding.where(Duty.policy_id == policy_id), today)))
    living = select(Body).where(or_(Body.dissolved_on.is_(None), Body.dissolved_on > today))
    return [
        Committee(
            body_id=body.id,
            slug=body.slug,
            name=body.name,
            is_committee=body.kind is BodyKind.COMMITTEE,
            is_bound=body.id in bound,
        )
        for body in session.scalars(living.order_by(Body.name, Body.id))
    ]


def referred_on(session: Session, case_id: str, day: date) -> set[str]:
    """Return the bodies that a revision's draft was sent to on a day."""
    return set(session.scalars(select(Referral.body_id).where(Referral.case_id == case_id, Referral.sent_on == day)))


def open_referrals(session: Session, revision_id: str) -> list[Case]:
    """Return the cases, not closed yet, of the bodies that a revision's draft was sent to; by id, locked."""
    sent = session.execute(
        select(Referral.policy_id, Referral.body_id, Referral.sent_on).where(Referral.case_id == revision_id)
    ).all()
    asked = {(policy_id, body_id, sent_on.isoformat()) for policy_id, body_id, sent_on in sent}
    if not asked:
        return []
    query = (
        select(Case)
        .where(
            Case.lifecycle == LifecycleKey.REFERRAL,
            Case.policy_id.in_({policy_id for policy_id, _, _ in asked}),
            Case.closed_on.is_(None),
        )
        .order_by(Case.id)
        .with_for_update()
    )
    return [case for case in session.scalars(query) if (case.policy_id, case.body_id, case.period) in asked]
