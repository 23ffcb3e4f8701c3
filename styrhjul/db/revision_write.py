"""What a finished revision does to its document: a decided repeal ends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Answer, Case
from styrhjul.db.model import Policy
from styrhjul.domain.answer import Outcome
from styrhjul.domain.vocabulary import LifecycleKey


def take_effect(session: Session, case: Case, today: date) -> date | None:
    """End the document that a finished revision decided to repeal; return its last day, None when it lives on.

    It ends the day it was decided, `today` where no day was given. Safe to repeat.
    """
    if case.lifecycle != LifecycleKey.REVISION or case.policy_id is None:
        return None
    latest = select(Answer.outcome, Answer.decided_on).where(Answer.case_id == case.id).order_by(Answer.version.desc())
    answer = session.execute(latest.limit(1)).one_or_none()
    if answer is None or answer.outcome != Outcome.REPEAL:
        return None
    policy = session.scalars(select(Policy).where(Policy.id == case.policy_id)).one()
    policy.repealed_on = policy.repealed_on or answer.decided_on or today
    return policy.repealed_on


def open_cases_of_policy(session: Session, policy_id: str) -> Sequence[Case]:
    """Return what is still open about a document, by id, locked."""
    query = select(Case).where(Case.policy_id == policy_id, Case.closed_on.is_(None)).order_by(Case.id)
    return session.scalars(query.with_for_update()).all()
