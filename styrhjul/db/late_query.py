"""Mails that no server has taken for long: which nobody has been told of, and what a telling speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice
from styrhjul.db.late_model import LateTelling
from styrhjul.db.mail_model import OPEN_MAIL, AttemptOutcome, Channel, Mail, MailAttempt, MailItem, MailStatus
from styrhjul.db.model import Utc
from styrhjul.db.prepared import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRow:
    """A mail that is late. `since` is when it was first tried, or written; `said` is how the last try ended."""

    mail_id: str
    key: str
    post_id: str
    address: str
    return_path: str
    subject: str
    since: datetime
    said: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOf:
    """A mail that a telling speaks of, as it stands. `is_in_hand`: a sender has leased it."""

    mail_id: str
    is_open: bool
    is_in_hand: bool


_FIRST_TRIED = (
    select(func.min(MailAttempt.tried_at))
    .where(MailAttempt.municipality_id == Mail.municipality_id, MailAttempt.mail_id == Mail.id)
    .correlate(Mail)
    .scalar_subquery()
)
_SINCE = func.coalesce(_FIRST_TRIED, Mail.composed_at)


def _late() -> Select[str]:
    """Ask for the mails tried or written `until` then that no server has taken; neither of a trial nor with a key."""
    until: BindParameter[datetime] = bindparam("until", type_=Utc())
    told = select(LateTelling.id).where(
        LateTelling.municipality_id == Mail.municipality_id, LateTelling.mail_id == Mail.id
    )
    taken = select(MailAttempt.id).where(
        MailAttempt.municipality_id == Mail.municipality_id,
        MailAttempt.mail_id == Mail.id,
        MailAttempt.outcome == AttemptOutcome.ACCEPTED,
    )
    return select(Mail.municipality_id).where(
        Mail.status.in_(OPEN_MAIL),
        Mail.composed_at <= until,
        until >= _SINCE,
        Mail.trial_to.is_(None),
        Mail.post_id.is_not(None),  # of an office: whoever waits for a code sees that it does not come
        Mail.key != bindparam("but"),
        ~told.exists(),
        ~taken.exists(),
    )


def municipalities_with_late(session: Session, until: datetime, *, but: str) -> list[str]:
    """Return the municipalities with late mails that nobody was told of; for a system session."""
    return sorted(row[0] for row in _MUNICIPALITIES.everywhere(session, until=until, but=but))


_MUNICIPALITIES = Reading(_late().distinct())


def untold_late(session: Session, until: datetime, *, but: str) -> list[LateRow]:
    """Return the municipality's late mails that nobody was told of, save those with a key; the oldest first."""
    columns = (Mail.id, Mail.key, Mail.post_id, Mail.address, Mail.return_path, Mail.subject, Mail.composed_at)
    rows = session.execute(
        _late().with_only_columns(*columns).order_by(Mail.composed_at, Mail.address, Mail.id),
        {"until": until, "but": but},
    ).all()
    first, said = dict[str, datetime](), dict[str, str]()
    tries = (
        select(MailAttempt.mail_id, MailAttempt.tried_at, MailAttempt.reply)
        .where(MailAttempt.mail_id.in_([row.id for row in rows]))
        .order_by(MailAttempt.tried_at, MailAttempt.id)
    )
    for mail_id, tried_at, reply in session.execute(tries):
        first.setdefault(mail_id, tried_at)
        said[mail_id] = reply
    return [
        LateRow(
            mail_id=row.id,
            key=row.key,
            post_id=row.post_id,
            address=row.address,
            return_path=row.return_path,
            subject=row.subject,
            since=first.get(row.id, row.composed_at),
            said=said.get(row.id),
        )
        for row in rows
    ]


def notices_in(session: Session, mail_ids: Collection[str]) -> dict[str, list[Notice]]:
    """Return the notices that stand in each mail, one for each of its cases; a receipt has none."""
    found: dict[str, dict[str, Notice]] = defaultdict(dict)
    rows = session.execute(
        select(MailItem.mail_id, Notice)
        .join(Notice, (Notice.municipality_id == MailItem.municipality_id) & (Notice.id == MailItem.notice_id))
        .where(MailItem.mail_id.in_(mail_ids))
        .order_by(Notice.due_on, Notice.id)
    )
    for mail_id, notice in rows:
        found[mail_id].setdefault(notice.case_id, notice)
    return {mail_id: list(by_case.values()) for mail_id, by_case in found.items()}


def closed_reasons(session: Session) -> dict[str, str]:
    """Return why channels that have failed since they last worked did, by name; for a system session."""
    rows = session.execute(
        select(Channel.name, Channel.reason).where(Channel.failures > 0, Channel.reason.is_not(None))
    )
    return {name: str(reason) for name, reason in rows}


def told_of(session: Session, told_in_id: str, now: datetime) -> list[ToldOf]:
    """Return the mails that a telling speaks of; none for any other mail."""
    rows = session.execute(
        select(Mail.id, Mail.status, Mail.lease_until)
        .join(LateTelling, (LateTelling.municipality_id == Mail.municipality_id) & (LateTelling.mail_id == Mail.id))
        .where(LateTelling.told_in_id == told_in_id)
        .order_by(Mail.id)
    )
    return [
        ToldOf(
            mail_id=mail_id,
            is_open=status in OPEN_MAIL,
            is_in_hand=status is MailStatus.SENDING and lease_until is not None and lease_until > now,
        )
        for mail_id, status, lease_until in rows
    ]


def take_back(session: Session, told_in_id: str) -> None:
    """Forget a telling that never left: what in it is still late may be told of anew."""
    session.execute(delete(LateTelling).where(LateTelling.told_in_id == told_in_id))
