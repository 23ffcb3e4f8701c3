"""What a record for the registry is made of: mails as they left, and the lines of the journal that tell of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.carried_query import accepted_at
from styrhjul.db.case_model import Answer
from styrhjul.db.inbound_query import cases_in
from styrhjul.db.inbound_record_query import cases_passed_on
from styrhjul.db.journal import entries
from styrhjul.db.mail_model import Mail, MailItem, MailStatus
from styrhjul.db.model import Body, Post
from styrhjul.db.office_query import office_name


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAsSent:
    """A mail with everything its row says. `redacted` is None as long as it is on its way, and where it was set aside.

    `office` is what the post is called today. `case_ids` ascending. `trial_to` is where it went instead of `address`.
    `is_forward`: it passed on to the registrar what somebody wrote; the cases are then those of what was written.
    """

    mail_id: str
    message_id: str
    subject: str
    address: str
    trial_to: str | None
    office: str
    body_name: str
    composed_at: datetime
    accepted_at: datetime | None
    finished_at: datetime | None
    status: MailStatus
    outcome: str | None
    attempts: int
    sha256: str
    redacted: bytes | None
    case_ids: tuple[str, ...]
    is_forward: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLink:
    """A mail by name: to which office, about what, how it stands, and since when."""

    mail_id: str
    office: str
    body_name: str
    subject: str
    status: MailStatus
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """A line of the journal by which a record can be checked. `seal` covers it and every line before it."""

    number: int
    at: datetime
    kind: str
    seal: str


def find_mail(session: Session, wanted: str) -> tuple[str, str] | None:
    """Return municipality and id of a mail, by its id or its Message-ID with or without brackets; system session."""
    query = select(Mail.municipality_id, Mail.id).where(
        or_(Mail.id == wanted, Mail.message_id == f"<{wanted.strip('<>')}>")
    )
    found = session.execute(query).one_or_none()
    return (found.municipality_id, found.id) if found else None


def load_mail_as_sent(session: Session, mail_id: str) -> MailAsSent | None:
    """Return one mail of the municipality."""
    row = session.execute(
        select(Mail, Post, Body.name)
        .join(Post, (Post.municipality_id == Mail.municipality_id) & (Post.id == Mail.post_id))
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Mail.id == mail_id)
    ).one_or_none()
    if row is None:
        return None
    mail, post, body_name = row
    passed_on = cases_passed_on(session, mail_id)
    return MailAsSent(
        mail_id=mail.id,
        message_id=mail.message_id,
        subject=mail.subject,
        address=mail.address,
        trial_to=mail.trial_to,
        office=office_name(post, body_name),
        body_name=body_name,
        composed_at=mail.composed_at,
        accepted_at=accepted_at(session, [mail_id]).get(mail_id),
        finished_at=mail.finished_at,
        status=mail.status,
        outcome=mail.outcome,
        attempts=mail.attempts,
        sha256=mail.sha256,
        redacted=mail.redacted,
        case_ids=tuple(cases_in(session, mail_id)) if passed_on is None else passed_on,
        is_forward=passed_on is not None,
    )


def links_of_case(session: Session, case_id: str) -> list[MailLink]:
    """Return the mails that speak of a case by name, oldest first."""
    rows = session.execute(
        select(Mail, Post.title, Body.name)
        .join(Post, (Post.municipality_id == Mail.municipality_id) & (Post.id == Mail.post_id))
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Mail.id.in_(select(MailItem.mail_id).where(MailItem.case_id == case_id)))
        .order_by(Mail.composed_at, Mail.id)
    )
    return [
        MailLink(
            mail_id=mail.id,
            office=title,
            body_name=body_name,
            subject=mail.subject,
            status=mail.status,
            at=mail.finished_at or mail.composed_at,
        )
        for mail, title, body_name in rows
    ]


def mails_of_case(session: Session, case_id: str) -> list[str]:
    """Return the mails that speak of a case, oldest first."""
    query = (
        select(Mail.id)
        .where(Mail.id.in_(select(MailItem.mail_id).where(MailItem.case_id == case_id)))
        .order_by(Mail.composed_at, Mail.id)
    )
    return list(session.scalars(query))


def mails_composed(session: Session, since: datetime, before: datetime) -> list[str]:
    """Return the mails written from one moment until before another, oldest first."""
    query = select(Mail.id).where(Mail.composed_at >= since, Mail.composed_at < before)
    return list(session.scalars(query.order_by(Mail.composed_at, Mail.id)))


def cases_answered(session: Session, since: datetime, before: datetime) -> list[str]:
    """Return the cases answered from one moment until before another, in the order of the first such answer."""
    query = (
        select(Answer.case_id)
        .where(Answer.submitted_at >= since, Answer.submitted_at < before)
        .group_by(Answer.case_id)
        .order_by(func.min(Answer.submitted_at), Answer.case_id)
    )
    return list(session.scalars(query))


def journal_of(session: Session, case_ids: Collection[str], field: str, value: str) -> Sequence[JournalLine]:
    """Return the lines of some cases whose field, `mail` or `answer`, names what is asked for; by number."""
    lines = [
        JournalLine(number=entry.number, at=entry.at, kind=entry.kind.value, seal=seal)
        for case_id in case_ids
        for entry, seal in entries(session, case_id)
        if entry.data.get(field) == value
    ]
    return sorted(lines, key=lambda line: line.number)
