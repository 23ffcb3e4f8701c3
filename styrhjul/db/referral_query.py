"""Whom a draft can be referred to, and who has it already, as frozen facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from styrhjul.db.course_model import Referral
from styrhjul.db.duty_in_force import in_force
from styrhjul.db.model import Body, Duty, DutyBody
from styrhjul.domain.vocabulary import BodyKind


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
