"""What the pages for officials show of mails: the outbox, a case's ledger, offices and the quarantine. Frozen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice, Quarantine
from styrhjul.db.mail_model import PASSED_ON, AttemptOutcome, Mail, MailAttempt, MailItem, MailStatus
from styrhjul.db.model import Body, Post
from styrhjul.db.office_query import office_name
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.office import PostRole


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """One mail of the outbox, as the ledger shows it."""

    mail_id: str
    subject: str
    office: str
    body_name: str
    status: MailStatus
    attempts: int
    composed_at: datetime
    finished_at: datetime | None
    uncertain: bool
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One row of a case's ledger, with the due day that it spoke of.

    `office_in_full` names the body too, where every body has such an office. `left_at` is when the mail that told it
    was taken care of.
    """

    rung: str
    due_on: date
    office: str
    office_in_full: str
    body_name: str
    status: NoticeStatus
    planned_on: date
    deferred_from: date | None
    reason: str | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post and the body it belongs to, by name."""

    post_id: str
    role: PostRole
    title: str
    body_name: str


def load_mails(
    session: Session,
    *,
    limit: int,
    offset: int = 0,
    statuses: Collection[MailStatus] = tuple(MailStatus),
    late: tuple[Collection[MailStatus], datetime] | None = None,
) -> list[MailLine]:
    """Return a page of the mail ledger, or of its mails that stand as asked for; newest first.

    `late` adds those that stand otherwise, where they were written by a moment.
    """
    uncertain = (
        select(MailAttempt.id)
        .where(MailAttempt.mail_id == Mail.id, MailAttempt.outcome == AttemptOutcome.UNCERTAIN)
        .correlate(Mail)
        .exists()
    )
    wanted: ColumnElement[bool] = Mail.status.in_(statuses)
    if late is not None:
        wanted = wanted | (Mail.status.in_(late[0]) & (Mail.composed_at <= late[1]))
    query = (
        select(Mail, Post.title, Body.name, uncertain)
        .join(Post, (Post.municipality_id == Mail.municipality_id) & (Post.id == Mail.post_id))
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(wanted)
        .order_by(Mail.composed_at.desc(), Mail.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        MailLine(
            mail_id=mail.id,
            subject=mail.subject,
            office="Registrator" if mail.key == PASSED_ON else office,
            body_name="" if mail.key == PASSED_ON else body_name,
            status=mail.status,
            attempts=mail.attempts,
            composed_at=mail.composed_at,
            finished_at=mail.finished_at,
            uncertain=bool(is_uncertain),
            outcome=mail.outcome,
        )
        for mail, office, body_name, is_uncertain in session.execute(query)
    ]


def load_notices(session: Session, case_id: str) -> list[NoticeLine]:
    """Return a case's ledger in the order it was planned."""
    left_at = (
        select(func.min(Mail.finished_at))
        .join(MailItem, (MailItem.municipality_id == Mail.municipality_id) & (MailItem.mail_id == Mail.id))
        .where(MailItem.notice_id == Notice.id, Mail.status == MailStatus.ACCEPTED)
        .correlate(Notice)
        .scalar_subquery()
    )
    query = (
        select(Notice, Post, Body.name, left_at)
        .join(Post, (Post.municipality_id == Notice.municipality_id) & (Post.id == Notice.post_id))
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Notice.case_id == case_id)
        .order_by(Notice.planned_on, Notice.rung, Post.title)
    )
    return [
        NoticeLine(
            rung=notice.rung,
            due_on=notice.due_on,
            office=post.title,
            office_in_full=office_name(post, body_name),
            body_name=body_name,
            status=notice.status,
            planned_on=notice.planned_on,
            deferred_from=notice.deferred_from,
            reason=notice.reason,
            left_at=left,
        )
        for notice, post, body_name, left in session.execute(query)
    ]


def load_posts(session: Session, today: date) -> list[PostLine]:
    """Return the posts that have not ended, of every body that is not dissolved."""
    query = (
        select(Post.id, Post.role, Post.title, Body.name)
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Post.ended_on.is_(None), Body.dissolved_on.is_(None) | (Body.dissolved_on > today))
        .order_by(Body.name, Post.title)
    )
    return [
        PostLine(post_id=post_id, role=role, title=title, body_name=body_name)
        for post_id, role, title, body_name in session.execute(query)
    ]


def load_quarantined(session: Session) -> Sequence[tuple[str, str, datetime]]:
    """Return what was set aside by our own fault: lifecycle, error, when; newest first."""
    query = select(Quarantine.lifecycle, Quarantine.error, Quarantine.quarantined_at)
    return session.execute(query.order_by(Quarantine.quarantined_at.desc())).all()
