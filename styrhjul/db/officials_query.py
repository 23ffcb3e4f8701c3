"""What a change of officials touches: links of those who left, notices that reached nobody, cases, what must wake."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select, true, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import LOST_MAIL, AnswerLink, Mail, MailItem
from styrhjul.db.model import Appointment, Body, Policy
from styrhjul.db.prepared import Change, Reading
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import LifecycleKey

_ENDED = select(Appointment.id).where(
    Appointment.municipality_id == bindparam("own_municipality_id"), Appointment.ends_on < bindparam("today")
)
_REVOKED = Change(
    update(AnswerLink)
    .where(AnswerLink.revoked_at.is_(None), AnswerLink.appointment_id.in_(_ENDED))
    .values(revoked_at=bindparam("now"))
)
_FAILED = Reading(
    select(Notice.id, Mail.address)
    .join(Case, (Case.municipality_id == Notice.municipality_id) & (Case.id == Notice.case_id))
    .join(MailItem, (MailItem.municipality_id == Notice.municipality_id) & (MailItem.notice_id == Notice.id))
    .join(Mail, (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id))
    .where(
        Notice.status == NoticeStatus.FAILED,
        Notice.due_on == Case.due_on,
        Case.closed_on.is_(None),
        Case.unreachable_on.is_not(None),
        Mail.status.in_(LOST_MAIL),
    )
)
_HANDOVERS = Reading(select(Case.id).where(Case.lifecycle == LifecycleKey.HANDOVER, Case.state == State.OPEN).limit(1))
_NAMES = Reading(select(Body.id, Body.name))
_OPEN = Reading(select(Case.id, Case.lifecycle).where(Case.closed_on.is_(None)))
_POLICIES = Reading(select(Policy.id).order_by(Policy.id))


def revoke_links_of_past_holders(session: Session, today: date, now: datetime) -> int:
    """Revoke the live links of appointments that ended before `today`; return how many. Safe to repeat."""
    return _REVOKED.counted(session, today=today, now=now)


def failed_where_nobody_was_warned(session: Session) -> list[tuple[Notice, set[str]]]:
    """Return failed notices of open cases noted as unreachable, each with the addresses it failed at.

    Those about a due day that has moved since are left out. Vacant ones are not here: compose looks at them again every
    ordinary day.
    """
    addresses: dict[str, set[str]] = {}
    for notice_id, address in _FAILED.rows(session):
        addresses.setdefault(notice_id, set()).add(address)
    query = select(Notice).where(Notice.id.in_(addresses))
    query = query.order_by(Notice.case_id, Notice.planned_on, Notice.rung, Notice.post_id)
    return [(notice, addresses[notice.id]) for notice in session.scalars(query)] if addresses else []


def open_cases_of(session: Session, body_ids: Collection[str], lifecycles: Collection[str] = ()) -> list[Case]:
    """Return the cases of some bodies, or of whole lifecycles, that have not closed, by their ids, locked."""
    theirs = or_(Case.body_id.in_(body_ids), Case.lifecycle.in_(lifecycles))
    query = select(Case).where(theirs, Case.closed_on.is_(None)).order_by(Case.id)
    return list(session.scalars(query.with_for_update()))


def open_handovers(session: Session) -> list[Case]:
    """Return the handovers that nobody has confirmed yet, by their ids, locked."""
    if not _HANDOVERS.rows(session):
        return []
    query = select(Case).where(Case.lifecycle == LifecycleKey.HANDOVER, Case.state == State.OPEN).order_by(Case.id)
    return list(session.scalars(query.with_for_update()))


def revoke_links_to(session: Session, case_id: str, post_ids: Collection[str] | None, now: datetime) -> None:
    """Revoke the live links of some posts, or of all, to one case. Safe to repeat."""
    theirs = AnswerLink.post_id.in_(post_ids) if post_ids is not None else true()
    session.execute(
        update(AnswerLink)
        .where(AnswerLink.case_id == case_id, theirs, AnswerLink.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def owner_post_of(session: Session, policy_id: str) -> str | None:
    """Return the post that owns a document; None = nobody does."""
    return session.scalar(select(Policy.owner_post_id).where(Policy.id == policy_id))


def body_names(session: Session) -> dict[str, str]:
    """Return every body's name by its id."""
    return dict(_NAMES.rows(session))


def open_cases(session: Session) -> list[tuple[str, str]]:
    """Return every case that has not closed, as (case id, lifecycle key)."""
    return [(case_id, key) for case_id, key in _OPEN.rows(session)]


def policy_ids(session: Session) -> list[str]:
    """Return every policy, repealed ones included."""
    return [policy_id for (policy_id,) in _POLICIES.rows(session)]
