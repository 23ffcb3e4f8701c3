"""The last look before a mail leaves, and what is written down once its outcome is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER, end_notices
from styrhjul.db.mail_model import AnswerLink, AttemptOutcome, Mail, MailAttempt, MailItem, MailStatus
from styrhjul.db.model import Person
from styrhjul.db.outbox_query import Claimed
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.mail.message import redact
from styrhjul.mail.retry import next_try
from styrhjul.mail.transport import Refused
from styrhjul.services.mailbox import ANSWERED, still_holds
from styrhjul.services.mailroom import Mailroom
from styrhjul.services.reader import acting_in
from workflows import LIFECYCLES

#: Tries that ended without any word from us (we died): after so many the mail is set aside.
OWN_FAULTS = 3
#: A case in a mail, and the notice that speaks of it; a receipt has none.
Item = tuple[Case, Notice | None]
_LINK = re.compile(rb"/a/([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMail:
    """A mail that still holds, opened for sending."""

    return_path: str
    address: str
    raw: bytes


def begin(session: Session, mailroom: Mailroom, claimed: Claimed, now: datetime) -> ReadyMail | None:
    """Look once more, under lock, and note that sending begins; None when it must not.

    Not sent: a lease that was lost, a mail whose items no longer all hold (written anew without them), a reader who no
    longer holds the office, and a mail that has killed us three times.
    """
    mail = session.get(Mail, (claimed.municipality_id, claimed.mail_id), with_for_update=True)
    if mail is None or mail.fence != claimed.fence or mail.lease_until is None or mail.lease_until <= now:
        return None
    if mail.attempts - 1 > OWN_FAULTS and _own_faults(session, mail) > OWN_FAULTS:
        _finish(session, mailroom, mail, _Ending(MailStatus.QUARANTINED, "Avbröts flera gånger av vårt eget fel."), now)
        return None
    if not _still_holds(session, mail, now):
        _withdraw(session, mailroom, mail, claimed, now)
        return None
    mail.data_started_at = now
    return ReadyMail(
        return_path=mail.return_path, address=mail.address, raw=mailroom.sealer.open(mail.sealed_bytes or b"")
    )


def finish_accepted(session: Session, mailroom: Mailroom, mail_ids: Sequence[str], now: datetime) -> int:
    """Finish mails that a server has accepted; return how many were not finished before. Safe to repeat."""
    mails = session.scalars(
        select(Mail)
        .where(Mail.id.in_(mail_ids), Mail.status.in_((MailStatus.QUEUED, MailStatus.SENDING)))
        .order_by(Mail.id)
        .with_for_update()
    ).all()
    accepted_at = _accepted_at(session, mail_ids)
    items = _items(session, [mail.id for mail in mails], lock=False)
    touched: dict[str, str] = {}
    for mail in mails:
        delivered_on = local_date(accepted_at.get(mail.id, now))
        ending = _Ending(MailStatus.ACCEPTED, "Mottagarens server har tagit emot mejlet.", delivered_on)
        touched |= _end(session, mailroom, mail, ending, items[mail.id], now)
    session.flush()
    touch_cases(session, _chased(session, touched), local_date(now))
    return len(mails)


def finish_failed(session: Session, mailroom: Mailroom, claimed: Claimed, reply: Refused, now: datetime) -> None:
    """The server refused for good: the planner sees it, and an address it does not know is not tried again.

    Changes nothing when the lease was lost: the mail is another sender's now.
    """
    mail = _held(session, claimed)
    if mail is None:
        return
    if reply.about_address:
        session.execute(
            update(Person)
            .where(Person.address == mail.address, Person.address_blocked_at.is_(None))
            .values(address_blocked_at=now)
            .execution_options(synchronize_session=False)
        )
    _finish(session, mailroom, mail, _Ending(MailStatus.FAILED, reply.reply), now)


def postpone(session: Session, mailroom: Mailroom, claimed: Claimed, now: datetime, *, uncertain: bool) -> bool:
    """Try again later by the retry table; False when five days have passed and it is given up.

    Changes nothing when the lease was lost: the mail is another sender's now.
    """
    mail = _held(session, claimed)
    if mail is None:
        return True
    later = next_try(mail.attempts, now, uncertain=uncertain)
    if later is None:
        _finish(session, mailroom, mail, _Ending(MailStatus.FAILED, "Gick inte att lämna på fem dygn."), now)
        return False
    mail.status, mail.lease_until, mail.fence = MailStatus.QUEUED, None, None
    mail.next_attempt_at = later
    if not (uncertain or claimed.is_uncertain):
        mail.data_started_at = None
    return True


def _held(session: Session, claimed: Claimed) -> Mail | None:
    """The mail, locked; None when its lease was lost. An outcome under another fence is nobody's to write."""
    mail = session.get_one(Mail, (claimed.municipality_id, claimed.mail_id), with_for_update=True)
    return mail if mail.fence == claimed.fence else None


def _accepted_at(session: Session, mail_ids: Sequence[str]) -> dict[str, datetime]:
    query = (
        select(MailAttempt.mail_id, func.min(MailAttempt.tried_at))
        .where(MailAttempt.mail_id.in_(mail_ids), MailAttempt.outcome == AttemptOutcome.ACCEPTED)
        .group_by(MailAttempt.mail_id)
    )
    return dict(session.execute(query).all())


def _own_faults(session: Session, mail: Mail) -> int:
    recorded = session.scalar(select(func.count()).select_from(MailAttempt).where(MailAttempt.mail_id == mail.id))
    return mail.attempts - 1 - (recorded or 0)


def _still_holds(session: Session, mail: Mail, now: datetime) -> bool:
    """Whether every item does, and whoever reads its post today still reads this mailbox."""
    items = _items(session, [mail.id])[mail.id]
    posts = {mail.post_id, *(notice.post_id for _, notice in items if notice is not None)}
    readers = acting_in(session, posts, local_date(now))
    if any(reader is None or reader.address != mail.address for reader in readers.values()):
        return False
    reader = readers[mail.post_id]
    return (
        reader is not None
        and reader.appointment_id == mail.appointment_id
        and all(_item_holds(case, notice) for case, notice in items)
    )


def _item_holds(case: Case, notice: Notice | None) -> bool:
    return notice is None or (notice.status is NoticeStatus.MAILED and still_holds(case, notice))


def _items(session: Session, mail_ids: Sequence[str], *, lock: bool = True) -> dict[str, list[Item]]:
    """Each mail's cases, each with its notice; if wanted, locked against an answer until we are through."""
    query = (
        select(MailItem.mail_id, Case, Notice)
        .join(MailItem, (MailItem.municipality_id == Case.municipality_id) & (MailItem.case_id == Case.id))
        .outerjoin(Notice, (Notice.municipality_id == MailItem.municipality_id) & (Notice.id == MailItem.notice_id))
        .where(MailItem.mail_id.in_(mail_ids))
        .order_by(Case.id)
    )
    if lock:
        query = query.with_for_update(read=True, of=Case).execution_options(populate_existing=True)
    items: dict[str, list[Item]] = {mail_id: [] for mail_id in mail_ids}
    for mail_id, case, notice in session.execute(query):
        items[mail_id].append((case, notice))
    return items


def _withdraw(session: Session, mailroom: Mailroom, mail: Mail, claimed: Claimed, now: datetime) -> None:
    """End a mail that no longer holds; what in it still does is planned anew and gets a mail of its own."""
    gone = []
    for case, notice in _items(session, [mail.id])[mail.id]:
        if notice is not None and _item_holds(case, notice):
            notice.status, notice.not_before_at = NoticeStatus.PLANNED, now
        elif notice is not None and notice.status is NoticeStatus.MAILED:
            gone.append(notice)
    end_notices(session, gone, NoticeStatus.CANCELLED, ANSWERED, now)
    session.execute(
        update(AnswerLink).where(AnswerLink.mail_id == mail.id, AnswerLink.revoked_at.is_(None)).values(revoked_at=now)
    )
    status = MailStatus.NOT_RESENT if claimed.is_uncertain else MailStatus.CANCELLED
    _finish(session, mailroom, mail, _Ending(status, "Innehållet gällde inte längre."), now)
    mail.digest_on = None  # the mailbox may have another mail today in its place


_JOURNALLED = {
    MailStatus.ACCEPTED: EntryKind.MAIL_ACCEPTED,
    MailStatus.FAILED: EntryKind.MAIL_FAILED,
    MailStatus.CANCELLED: EntryKind.MAIL_CANCELLED,
    MailStatus.NOT_RESENT: EntryKind.MAIL_NOT_RESENT,
    MailStatus.QUARANTINED: EntryKind.QUARANTINED,
}
_NOTICES = {
    MailStatus.ACCEPTED: NoticeStatus.DELIVERED,
    MailStatus.FAILED: NoticeStatus.FAILED,
    MailStatus.QUARANTINED: NoticeStatus.FAILED,
}


@dataclass(frozen=True, slots=True)
class _Ending:
    status: MailStatus
    words: str
    #: The day a server accepted it, which may lie before the day we find out.
    delivered_on: date | None = None


def _finish(session: Session, mailroom: Mailroom, mail: Mail, ending: _Ending, now: datetime) -> None:
    """Write the final outcome, and tell the planner to look again."""
    cases = _end(session, mailroom, mail, ending, _items(session, [mail.id], lock=False)[mail.id], now)
    touch_cases(session, _chased(session, cases), local_date(now))


def _end(  # noqa: PLR0913, PLR0917 - what ends, how, what it holds, when
    session: Session, mailroom: Mailroom, mail: Mail, ending: _Ending, items: Sequence[Item], now: datetime
) -> dict[str, str]:
    """Redact the bytes, settle the notices and journal it; return the mail's cases with their lifecycles."""
    status, mail.outcome = ending.status, ending.words[:500]
    mail.status, mail.finished_at = status, now
    mail.lease_until = mail.fence = None
    if mail.sealed_bytes is not None and status is not MailStatus.QUARANTINED:
        mail.redacted, mail.sealed_bytes = _redacted(mailroom.sealer.open(mail.sealed_bytes)), None
    cases: dict[str, str] = {}
    for case, notice in items:
        cases[case.id] = case.lifecycle
        if notice is not None and notice.status is NoticeStatus.MAILED and status in _NOTICES:
            notice.status, notice.reason, notice.delivered_on = _NOTICES[status], mail.outcome, ending.delivered_on
    _note_reached(session, items, ending)
    data = {"mail": mail.id, "message_id": mail.message_id, "post": mail.post_id, "outcome": mail.outcome}
    lines = [Line(kind=_JOURNALLED[status], by=PLANNER, case_id=case_id, data=data) for case_id in sorted(cases)]
    write_down(session, lines, now)
    return cases


def _note_reached(session: Session, items: Sequence[Item], ending: _Ending) -> None:
    """A warning that arrived after all: the case is no longer one in which nobody could be reached."""
    reached = [
        case.id
        for case, notice in items
        if ending.delivered_on and case.unreachable_on and notice is not None and _is_warning(case, notice)
    ]
    if reached:
        session.execute(
            update(Case)
            .where(Case.id.in_(reached))
            .values(unreachable_on=None)
            .execution_options(synchronize_session=False)
        )


def _is_warning(case: Case, notice: Notice) -> bool:
    return any(rung.after == notice.rung for rung in LIFECYCLES[case.lifecycle].ladder)


def _chased(session: Session, cases: dict[str, str]) -> Iterable[tuple[str, str]]:
    open_cases = session.scalars(select(Case.id).where(Case.id.in_(cases), Case.closed_on.is_(None)))
    return [(case_id, cases[case_id]) for case_id in open_cases]


def _redacted(raw: bytes) -> bytes:
    """The mail without any link that works; quoted-printable may have broken one over two lines."""
    tokens = _LINK.findall(raw.replace(b"=\r\n", b""))
    return redact(raw, {token.decode() for token in tokens})
