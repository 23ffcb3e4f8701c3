"""What a mail carries: its cases as they stand, each with the notice the mail speaks of, as plain rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, bindparam, func, null, select, update
from sqlalchemy.orm import Session, aliased

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import OPEN_MAIL, AttemptOutcome, Mail, MailAttempt, MailItem
from styrhjul.db.model import Utc
from styrhjul.db.prepared import Change, Reading
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State


class MailRow(NamedTuple):
    """A mail that is not finished, as stored; in the order of `_open_mails`."""

    mail_id: str
    message_id: str
    post_id: str | None
    appointment_id: str | None
    address: str
    return_path: str
    composed_at: datetime
    attempts: int
    fence: str | None
    lease_until: datetime | None
    sealed_bytes: bytes | None
    trial_to: str | None
    key: str


class CarriedNotice(NamedTuple):
    """A notice as it stands in a mail."""

    notice_id: str
    post_id: str
    rung: str
    due_on: date
    status: NoticeStatus


class CarriedCase(NamedTuple):
    """A case in a mail, and the notice that speaks of it; a receipt has none."""

    case_id: str
    lifecycle: str
    state: State
    due_on: date
    unreachable_on: date | None
    assigned_post_id: str | None
    notice: CarriedNotice | None


def lock_mails(session: Session, mail_ids: Collection[str], *, sealed: bool = True) -> list[MailRow]:
    """Return those of the mails that are not finished, by id, locked until the transaction ends.

    Without `sealed` their bytes are not read, and stand as None.
    """
    asked = _MAILS if sealed else _MAILS_WITHOUT_BYTES
    return [MailRow._make(row) for row in asked.rows(session, mail_ids=list(mail_ids))]


def _open_mails(sealed_bytes: ColumnElement[Any]) -> Reading[*tuple[Any, ...]]:
    return Reading(
        select(
            Mail.id,
            Mail.message_id,
            Mail.post_id,
            Mail.appointment_id,
            Mail.address,
            Mail.return_path,
            Mail.composed_at,
            Mail.attempts,
            Mail.fence,
            Mail.lease_until,
            sealed_bytes,
            Mail.trial_to,
            Mail.key,
        )
        .where(Mail.status.in_(OPEN_MAIL), Mail.id.in_(bindparam("mail_ids", expanding=True)))
        .order_by(Mail.id)
        .with_for_update()
    )


_MAILS, _MAILS_WITHOUT_BYTES = _open_mails(Mail.sealed_bytes.expression), _open_mails(null().label("sealed_bytes"))


def begin_data(session: Session, mail_ids: Collection[str], at: datetime) -> None:
    """Note that from now on the server may have the mails."""
    if mail_ids:
        _BEGIN.make(session, {"mail_ids": list(mail_ids), "at": at})


_BEGIN = Change(
    update(Mail)
    .where(Mail.id.in_(bindparam("mail_ids", expanding=True)))
    .values(data_started_at=bindparam("at", type_=Utc()))
)


def lock_carried(session: Session, mail_ids: Collection[str]) -> dict[str, list[CarriedCase]]:
    """Return each mail's cases by id, locked against an answer until the transaction ends."""
    return _by_mail(mail_ids, _LOCKED.rows(session, mail_ids=list(mail_ids)))


def carried_by(session: Session, mail_ids: Collection[str]) -> dict[str, list[CarriedCase]]:
    """Return each mail's cases by id."""
    return _by_mail(mail_ids, _CARRIED.rows(session, mail_ids=list(mail_ids)))


def _by_mail(mail_ids: Collection[str], rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[str, list[CarriedCase]]:
    carried: dict[str, list[CarriedCase]] = {mail_id: [] for mail_id in mail_ids}
    for row in rows:
        carried[row.mail_id].append(_carried(row))
    return carried


def _carried(row: Row[*tuple[Any, ...]]) -> CarriedCase:
    _, case_id, lifecycle, state, due_on, unreachable_on, assigned_post_id, *notice = row
    told = None if notice[0] is None else CarriedNotice(*notice)
    return CarriedCase(case_id, lifecycle, state, due_on, unreachable_on, assigned_post_id, told)


_ITEMS = (
    select(
        MailItem.mail_id,
        Case.id.label("case_id"),
        Case.lifecycle,
        Case.state,
        Case.due_on,
        Case.unreachable_on,
        Case.assigned_post_id,
        Notice.id.label("notice_id"),
        Notice.post_id,
        Notice.rung,
        Notice.due_on.label("noticed_for"),
        Notice.status.label("notice_status"),
    )
    .select_from(Case)
    .join(MailItem, (MailItem.municipality_id == Case.municipality_id) & (MailItem.case_id == Case.id))
    .outerjoin(Notice, (Notice.municipality_id == MailItem.municipality_id) & (Notice.id == MailItem.notice_id))
    .order_by(Case.id)
)
_OF_MAIL = aliased(MailItem)
#: By their ids: on SQLite a list of mails would else be looked for among all that ever stood in one.
_OF_MAILS = _ITEMS.where(
    MailItem.id.in_(
        select(_OF_MAIL.id)
        .select_from(Mail)
        .outerjoin(_OF_MAIL, (_OF_MAIL.municipality_id == Mail.municipality_id) & (_OF_MAIL.mail_id == Mail.id))
        .where(Mail.id.in_(bindparam("mail_ids", expanding=True)))
    )
)
_CARRIED = Reading(_OF_MAILS)
_LOCKED = Reading(_OF_MAILS.with_for_update(read=True, of=Case))


def accepted_at(session: Session, mail_ids: Collection[str]) -> dict[str, datetime]:
    """Return when a server first accepted each mail; without those that none has."""
    return {row[0]: row[1] for row in _ACCEPTED.rows(session, mail_ids=list(mail_ids))}


_ACCEPTED = Reading(
    select(MailAttempt.mail_id, func.min(MailAttempt.tried_at))
    .where(
        MailAttempt.mail_id.in_(bindparam("mail_ids", expanding=True)),
        MailAttempt.outcome == AttemptOutcome.ACCEPTED,
    )
    .group_by(MailAttempt.mail_id)
)


def first_tried_at(session: Session, mail_id: str) -> datetime | None:
    """Return when anything that stands in a mail was first tried at its address, in this mail or in an earlier one."""
    [(first,)] = _FIRST_TRIED.rows(session, mail_id=mail_id)
    return first


_THIS, _SAME = aliased(MailItem), aliased(MailItem)
_THEN, _NOW = aliased(Mail), aliased(Mail)
_ALIKE = (  # by the index on notices: a join on anything else looks through every try there was
    select(_SAME.mail_id)
    .join(_THIS, (_THIS.municipality_id == _SAME.municipality_id) & (_THIS.notice_id == _SAME.notice_id))
    .join(_THEN, (_THEN.municipality_id == _SAME.municipality_id) & (_THEN.id == _SAME.mail_id))
    .join(_NOW, (_NOW.municipality_id == _THIS.municipality_id) & (_NOW.id == _THIS.mail_id))
    .where(_THIS.mail_id == bindparam("mail_id"), _THEN.address == _NOW.address)
)
_FIRST_TRIED = Reading(
    select(func.min(MailAttempt.tried_at)).where(
        MailAttempt.mail_id.in_(
            _ALIKE.union_all(select(MailItem.mail_id).where(MailItem.mail_id == bindparam("mail_id")))
        )
    )
)


def count_attempts(session: Session, mail_id: str) -> int:
    """Return how many tries of a mail have ended in any way that was noted."""
    [(number,)] = _ATTEMPTS.rows(session, mail_id=mail_id)
    return number


_ATTEMPTS = Reading(select(func.count(MailAttempt.id)).where(MailAttempt.mail_id == bindparam("mail_id")))


def still_open(session: Session, case_ids: Collection[str]) -> list[str]:
    """Return those of the cases that are not over."""
    return [case_id for (case_id,) in _STILL_OPEN.rows(session, case_ids=list(case_ids))]


_STILL_OPEN = Reading(
    select(Case.id).where(Case.id.in_(bindparam("case_ids", expanding=True)), Case.closed_on.is_(None))
)
