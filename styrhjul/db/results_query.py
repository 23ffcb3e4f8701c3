"""What the plots over the years count: first answers, first mails about them, and mails that have left. Frozen rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Answer, Case, Notice
from styrhjul.db.mail_model import Mail, MailItem, MailStatus
from styrhjul.db.prepared import Reading
from styrhjul.domain.lifecycle import ANSWERED_STATES


class FirstAnswer(NamedTuple):
    """When an answered case got its first answer, and when the first mail about it arrived; None = none has."""

    case_id: str
    body_id: str
    due_on: date
    answered_at: datetime
    told_on: date | None


_TOLD: ScalarSelect[date | None] = (
    select(func.min(Notice.delivered_on))
    .where(Notice.municipality_id == Case.municipality_id, Notice.case_id == Case.id)
    .correlate(Case)
    .scalar_subquery()
)
_FIRST = Reading(
    select(Case.id, Case.body_id, Case.due_on, func.min(Answer.submitted_at).label("answered_at"), _TOLD)
    .join(Case, (Case.municipality_id == Answer.municipality_id) & (Case.id == Answer.case_id))
    .where(Case.policy_id.in_(bindparam("policy_ids", expanding=True)), Case.state.in_(sorted(ANSWERED_STATES)))
    .group_by(Case.municipality_id, Case.id, Case.body_id, Case.due_on)
    .having(func.min(Answer.submitted_at) >= bindparam("first"), func.min(Answer.submitted_at) < bindparam("after"))
    .order_by(Case.id)
)
_LEFT = Reading(
    select(Mail.id, Mail.finished_at)
    .join(MailItem, (MailItem.municipality_id == Mail.municipality_id) & (MailItem.mail_id == Mail.id))
    .join(Case, (Case.municipality_id == MailItem.municipality_id) & (Case.id == MailItem.case_id))
    .where(
        Case.policy_id.in_(bindparam("policy_ids", expanding=True)),
        Mail.status == MailStatus.ACCEPTED,
        Mail.trial_to.is_(None),  # what left on trial was for nobody
        Mail.finished_at >= bindparam("first"),
        Mail.finished_at < bindparam("after"),
    )
    .distinct()
)


def load_first_answers(
    session: Session, policy_ids: Collection[str], first: datetime, after: datetime
) -> list[FirstAnswer]:
    """Return the cases of some policies whose first answer came from a moment on and before another."""
    rows = _FIRST.rows(session, policy_ids=list(policy_ids), first=first, after=after)
    return [FirstAnswer._make(row) for row in rows]


def load_left(session: Session, policy_ids: Collection[str], first: datetime, after: datetime) -> list[datetime]:
    """Return when each mail about some policies left, from a moment on and before another; each mail once."""
    rows = _LEFT.rows(session, policy_ids=list(policy_ids), first=first, after=after)
    return [row.finished_at for row in rows if row.finished_at is not None]
