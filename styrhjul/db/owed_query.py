"""What one body owes: the cases it has not answered, and the decided words behind the rounds that are to come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.model import Policy
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import FINAL_STATES, Holder, State

_ANSWERED = (State.SUBMITTED, *sorted(FINAL_STATES))
_LOST = (NoticeStatus.FAILED, NoticeStatus.VACANT)


def unanswered_case_ids(session: Session, body_id: str) -> list[str]:
    """Return the cases that the body itself answers for and has not answered, the one due first first."""
    return list(
        session.scalars(
            select(Case.id)
            .where(
                Case.body_id == body_id,
                Case.holder == Holder.BODY,
                Case.policy_id.is_not(None),
                Case.state.not_in(_ANSWERED),
            )
            .order_by(Case.due_on, Case.id)
        )
    )


def policy_ids_in_force(session: Session, today: date) -> list[str]:
    """Return every policy that is not repealed, by title."""
    in_force = or_(Policy.repealed_on.is_(None), Policy.repealed_on > today)
    return list(session.scalars(select(Policy.id).where(in_force).order_by(Policy.title, Policy.id)))


def lost_notices(session: Session, case: Case, rungs: Collection[str]) -> list[Notice]:
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
