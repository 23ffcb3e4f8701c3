"""What a change of officials touches: links of those who left, notices that found nobody, and what must wake."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Appointment, Policy
from styrhjul.domain.facts import NoticeStatus


def revoke_links_of_past_holders(session: Session, today: date, now: datetime) -> int:
    """Revoke the live links of appointments that ended before `today`; return how many. Safe to repeat."""
    ended = select(Appointment.id).where(Appointment.ends_on < today)
    revoked = session.scalars(
        update(AnswerLink)
        .where(AnswerLink.revoked_at.is_(None), AnswerLink.appointment_id.in_(ended))
        .values(revoked_at=now)
        .returning(AnswerLink.id)
        .execution_options(synchronize_session=False)
    )
    return len(revoked.all())


def replan_vacant_notices(session: Session, reachable_post_ids: Collection[str]) -> int:
    """Plan again the notices of open cases that found nobody in a post that now has somebody; return how many.

    Their cases are no longer noted as unreachable. Notices for a due day that has moved since are left.
    """
    found = session.execute(
        select(Notice, Case)
        .join(Case, (Case.municipality_id == Notice.municipality_id) & (Case.id == Notice.case_id))
        .where(Notice.status == NoticeStatus.VACANT, Notice.due_on == Case.due_on, Case.closed_on.is_(None))
    )
    replanned = [(notice, case) for notice, case in found if notice.post_id in reachable_post_ids]
    for notice, case in replanned:
        notice.status = NoticeStatus.PLANNED
        notice.reason = None
        case.unreachable_on = None
    session.flush()
    return len(replanned)


def open_cases(session: Session) -> list[tuple[str, str]]:
    """Return every case that has not closed, as (case id, lifecycle key)."""
    return [
        (case_id, key)
        for case_id, key in session.execute(select(Case.id, Case.lifecycle).where(Case.closed_on.is_(None)))
    ]


def policy_ids(session: Session) -> list[str]:
    """Return every policy, repealed ones included."""
    return list(session.scalars(select(Policy.id).order_by(Policy.id)))
