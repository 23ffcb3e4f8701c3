"""What one body owes: the cases it has not answered, and the decided words behind the rounds that are to come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.compose_query import CaseRow
from styrhjul.db.model import Policy
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.prepared import Reading
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import AWAITED_STATES
from styrhjul.domain.office import Stake

_LOST = (NoticeStatus.FAILED, NoticeStatus.VACANT)


def unanswered_cases(session: Session, organisation: Organisation) -> list[tuple[str, Stake]]:
    """Return the policies' cases that nobody has answered, by due day, each with what decides who holds it."""
    return [
        (case_id, organisation.stake(holder, body_id, owner, assigned))
        for case_id, holder, body_id, owner, assigned in _UNANSWERED.rows(session)
    ]


_UNANSWERED = Reading(
    select(Case.id, Case.holder, Case.body_id, Policy.owner_post_id, Case.assigned_post_id)
    .join(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
    .where(Case.state.in_(sorted(AWAITED_STATES)))
    .order_by(Case.due_on, Case.id)
)


def owners_in_force(session: Session, today: date) -> dict[str, str | None]:
    """Return every policy that is not repealed with the post that owns it, in the order of their titles."""
    return dict(_IN_FORCE.rows(session, today=today))


_IN_FORCE = Reading(
    select(Policy.id, Policy.owner_post_id)
    .where(or_(Policy.repealed_on.is_(None), Policy.repealed_on > bindparam("today")))
    .order_by(Policy.title, Policy.id)
)


def lost_notices(session: Session, case: CaseRow, rungs: Collection[str]) -> list[Notice]:
    """Return the notices of these rungs about the present due day that reached nobody."""
    return list(
        session.scalars(
            select(Notice)
            .where(
                Notice.case_id == case.id,
                Notice.due_on == case.due_on,
                Notice.rung.in_(rungs),
                Notice.status.in_(_LOST),
            )
            .order_by(Notice.post_id)
        )
    )
