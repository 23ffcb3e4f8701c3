"""Ending mails: their outcome, their redacted bytes, and what became of the notices in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.model import Person
from styrhjul.db.prepared import Change
from styrhjul.domain.facts import NoticeStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedMail:
    """How a mail ended; of `sealed_bytes` and `redacted` there is only one."""

    mail_id: str
    status: MailStatus
    outcome: str
    finished_at: datetime
    sealed_bytes: bytes | None
    redacted: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedNotice:
    """How a notice ended with its mail; `delivered_on` only where a server took it."""

    notice_id: str
    status: NoticeStatus
    reason: str
    delivered_on: date | None


def end_mails(session: Session, ended: Sequence[EndedMail]) -> None:
    """Write the outcomes and give back the leases."""
    _MAIL.make(
        session,
        *(
            {
                "mail": each.mail_id,
                "new_status": each.status,
                "new_outcome": each.outcome,
                "new_finished_at": each.finished_at,
                "new_sealed_bytes": each.sealed_bytes,
                "new_redacted": each.redacted,
            }
            for each in ended
        ),
    )


_MAIL = Change(
    update(Mail)
    .where(Mail.id == bindparam("mail"))
    .values(
        {
            Mail.lease_until: None,
            Mail.fence: None,
            **{
                column: bindparam(f"new_{column.key}", type_=column.type)
                for column in (Mail.status, Mail.outcome, Mail.finished_at, Mail.sealed_bytes, Mail.redacted)
            },
        }
    )
)


def end_with_mail(session: Session, ended: Sequence[EndedNotice]) -> None:
    """Write what became of notices when their mails ended; those of which the same became, at once."""
    alike: dict[tuple[NoticeStatus, str, date | None], list[str]] = defaultdict(list)
    for each in ended:
        alike[each.status, each.reason, each.delivered_on].append(each.notice_id)
    for (status, reason, delivered_on), notice_ids in alike.items():
        became = {"new_status": status, "new_reason": reason, "new_delivered_on": delivered_on}
        _NOTICES.make(session, {"notice_ids": notice_ids, **became})


_NOTICES = Change(
    update(Notice)
    .where(Notice.id.in_(bindparam("notice_ids", expanding=True)))
    .values(
        {
            column: bindparam(f"new_{column.key}", type_=column.type)
            for column in (Notice.status, Notice.reason, Notice.delivered_on)
        }
    )
)


def note_reached(session: Session, case_ids: Sequence[str]) -> None:
    """A warning arrived after all: these are no longer cases in which nobody could be reached."""
    _REACHED.make(session, *({"case": case_id} for case_id in case_ids))


_REACHED = Change(update(Case).where(Case.id == bindparam("case")).values(unreachable_on=None))


def block_address(session: Session, address: str, at: datetime) -> None:
    """Write to nobody at an address any more, however it is spelled in large and small letters. Safe to repeat."""
    session.execute(
        update(Person)
        .where(func.lower(Person.address) == address.lower(), Person.address_blocked_at.is_(None))
        .values(address_blocked_at=at)
        .execution_options(synchronize_session=False)
    )
