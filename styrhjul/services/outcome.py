"""The last look before a mail leaves, and what is written down once its outcome is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import rungs_told
from styrhjul.db.held_query import (
    HeldCase,
    MailRow,
    accepted_at,
    begin_data,
    count_attempts,
    first_tried_at,
    held_by,
    holds_notices,
    lock_held,
    lock_mail,
    lock_mails,
    still_open,
)
from styrhjul.db.held_write import EndedMail, EndedNotice, end_mails, end_with_mail, note_reached
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER, end_notices
from styrhjul.db.mail_model import AnswerLink, Mail, MailStatus
from styrhjul.db.model import Person
from styrhjul.db.organisation_query import load_practice
from styrhjul.db.outbox_query import Claimed, release
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.domain.override import place_of
from styrhjul.mail.message import redact
from styrhjul.mail.retry import next_try
from styrhjul.mail.transport import Refused
from styrhjul.services.freshness import is_outdated
from styrhjul.services.mailbox import ANSWERED, SUPERSEDED, still_holds
from styrhjul.services.mailroom import Mailroom
from styrhjul.services.office_hours import Wait, wait_for_office
from styrhjul.services.reader import acting_in
from workflows import LIFECYCLES

#: Tries that ended without any word from us (we died): after so many the mail is set aside.
OWN_FAULTS = 3
_LINK = re.compile(rb"/a/([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMail:
    """A mail that still holds, opened for sending."""

    return_path: str
    address: str
    raw: bytes


def begin(session: Session, mailroom: Mailroom, claimed: Claimed, now: datetime) -> ReadyMail | Wait | None:
    """Look once more, under lock, and note that sending begins; None when it must not.

    Not sent: a lease that was lost, a mail whose items no longer all hold (written anew without them), a reader who no
    longer holds the office, a mail that names other days than it would today (written anew), and a mail that has killed
    us three times. While the office is closed it is given back as if it had never been claimed: the Wait tells until
    when. What is no notice, a receipt or a fresh link, somebody waits for: it leaves at any hour.
    """
    mail = lock_mail(session, claimed.mail_id)
    if mail is None or mail.fence != claimed.fence or mail.lease_until is None or mail.lease_until <= now:
        return None
    if mail.attempts - 1 > OWN_FAULTS and mail.attempts - 1 - count_attempts(session, mail.mail_id) > OWN_FAULTS:
        _finish(session, mailroom, mail, _Ending(MailStatus.QUARANTINED, "Avbröts flera gånger av vårt eget fel."), now)
        return None
    if not _still_holds(session, mail, now):
        _withdraw(session, mailroom, mail, claimed, now)
        return None
    if (wait := wait_for_office(load_practice(session), now)) and holds_notices(session, mail.mail_id):
        release(session, [claimed], wait.until)
        return wait
    if is_outdated(session, mail, now):
        _withdraw(session, mailroom, mail, claimed, now)
        return None
    begin_data(session, mail.mail_id, now)
    return ReadyMail(
        return_path=mail.return_path, address=mail.address, raw=mailroom.sealer.open(mail.sealed_bytes or b"")
    )


def finish_accepted(session: Session, mailroom: Mailroom, mail_ids: Sequence[str], now: datetime) -> int:
    """Finish mails that a server has accepted; return how many were not finished before. Safe to repeat."""
    mails = lock_mails(session, mail_ids)
    accepted = accepted_at(session, mail_ids)
    endings = {
        mail.mail_id: _Ending(
            MailStatus.ACCEPTED,
            "Mottagarens server har tagit emot mejlet.",
            local_date(accepted.get(mail.mail_id, now)),
        )
        for mail in mails
    }
    _end(session, mailroom, mails, endings, now)
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
    _finish(session, mailroom, _row(session, mail), _Ending(MailStatus.FAILED, reply.reply), now)


def postpone(session: Session, mailroom: Mailroom, claimed: Claimed, now: datetime, *, uncertain: bool) -> bool:
    """Try again later by the retry table; False when five days have passed and it is given up.

    Changes nothing when the lease was lost: the mail is another sender's now.
    """
    mail = _held(session, claimed)
    if mail is None:
        return True
    later = next_try(mail.attempts, now, since=first_tried_at(session, mail.id), uncertain=uncertain)
    if later is None:
        _finish(
            session, mailroom, _row(session, mail), _Ending(MailStatus.FAILED, "Gick inte att lämna på fem dygn."), now
        )
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


def _row(session: Session, mail: Mail) -> MailRow:
    [row] = lock_mails(session, [mail.id])
    return row


def _still_holds(session: Session, mail: MailRow, now: datetime) -> bool:
    """Whether every item does, and whoever reads its post today still reads this mailbox."""
    items = lock_held(session, mail.mail_id)
    posts = {mail.post_id, *(item.notice.post_id for item in items if item.notice is not None)}
    readers = acting_in(session, posts, local_date(now))
    if any(reader is None or reader.address != mail.address for reader in readers.values()):
        return False
    reader = readers[mail.post_id]
    if reader is None or reader.appointment_id != mail.appointment_id:
        return False
    return all(_item_holds(item) for item in items) and not _overtaken(session, items)


def _item_holds(item: HeldCase) -> bool:
    notice = item.notice
    return notice is None or (notice.status is NoticeStatus.MAILED and still_holds(item, notice))


def _overtaken(session: Session, items: Sequence[HeldCase]) -> set[str]:
    """Return the notices below a rung that already stands in another mail to the same post, or has left."""
    told = rungs_told(session, [item.case_id for item in items])
    overtaken = set()
    for item in items:
        if item.notice is not None:
            declared = LIFECYCLES[item.lifecycle]
            reached = told.get((item.case_id, item.notice.post_id, item.notice.due_on), set())
            own = place_of(declared, item.notice.rung)
            if own is not None and any((place_of(declared, rung) or own) > own for rung in reached):
                overtaken.add(item.notice.notice_id)
    return overtaken


def _withdraw(session: Session, mailroom: Mailroom, mail: MailRow, claimed: Claimed, now: datetime) -> None:
    """End a mail that no longer holds; what in it still does is planned anew and gets a mail of its own."""
    items = lock_held(session, mail.mail_id)
    holding = {item.notice.notice_id for item in items if item.notice is not None and _item_holds(item)}
    overtaken = _overtaken(session, items)
    gone, passed = [], []
    for notice in _mailed(session, items):
        if notice.id in overtaken:
            passed.append(notice)
        elif notice.id in holding:
            notice.status, notice.not_before_at = NoticeStatus.PLANNED, now
        else:
            gone.append(notice)
    end_notices(session, gone, NoticeStatus.CANCELLED, ANSWERED, now)
    end_notices(session, passed, NoticeStatus.SUPERSEDED, SUPERSEDED, now)
    session.execute(
        update(AnswerLink)
        .where(AnswerLink.mail_id == mail.mail_id, AnswerLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    status = MailStatus.NOT_RESENT if claimed.is_uncertain else MailStatus.CANCELLED
    _finish(session, mailroom, mail, _Ending(status, "Innehållet gällde inte längre."), now)
    # The mailbox may have another mail today in its place.
    session.execute(update(Mail).where(Mail.id == mail.mail_id).values(digest_on=None))


def _mailed(session: Session, items: Sequence[HeldCase]) -> Sequence[Notice]:
    ids = [item.notice.notice_id for item in items if item.notice is not None]
    query = select(Notice).where(Notice.id.in_(ids), Notice.status == NoticeStatus.MAILED)
    return session.scalars(query.order_by(Notice.case_id).execution_options(populate_existing=True)).all()


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


def _finish(session: Session, mailroom: Mailroom, mail: MailRow, ending: _Ending, now: datetime) -> None:
    _end(session, mailroom, [mail], {mail.mail_id: ending}, now)


def _end(
    session: Session, mailroom: Mailroom, mails: Sequence[MailRow], endings: Mapping[str, _Ending], now: datetime
) -> None:
    """Write the final outcomes: redact the bytes, settle the notices, journal it, tell the planner to look again."""
    if not mails:
        return
    held = held_by(session, endings)
    end_mails(session, [_ended(mailroom, mail, endings[mail.mail_id], now) for mail in mails])
    end_with_mail(session, [each for mail_id, items in held.items() for each in _settled(items, endings[mail_id])])
    note_reached(
        session, sorted({each for mail_id, items in held.items() for each in _reached(items, endings[mail_id])})
    )
    cases = {item.case_id: item.lifecycle for items in held.values() for item in items}
    for mail in mails:
        _journal(session, mail, endings[mail.mail_id], held[mail.mail_id], now)
    today = local_date(now)
    heeded = {
        item.case_id for mail_id, items in held.items() for item in items if _is_heeded(item, endings[mail_id], today)
    }
    if heeded:
        touch_cases(session, [(case_id, cases[case_id]) for case_id in still_open(session, heeded)], today)


def _ended(mailroom: Mailroom, mail: MailRow, ending: _Ending, now: datetime) -> EndedMail:
    sealed, redacted = mail.sealed_bytes, None
    if sealed is not None and ending.status is not MailStatus.QUARANTINED:
        redacted, sealed = _redacted(mailroom.sealer.open(sealed)), None
    return EndedMail(
        mail_id=mail.mail_id,
        status=ending.status,
        outcome=ending.words[:500],
        finished_at=now,
        sealed_bytes=sealed,
        redacted=redacted,
    )


def _settled(items: Sequence[HeldCase], ending: _Ending) -> list[EndedNotice]:
    if ending.status not in _NOTICES:
        return []
    return [
        EndedNotice(
            notice_id=item.notice.notice_id,
            status=_NOTICES[ending.status],
            reason=ending.words[:500],
            delivered_on=ending.delivered_on,
        )
        for item in items
        if item.notice is not None and item.notice.status is NoticeStatus.MAILED
    ]


def _journal(session: Session, mail: MailRow, ending: _Ending, items: Sequence[HeldCase], now: datetime) -> None:
    outcome = ending.words[:500]
    data = {"mail": mail.mail_id, "message_id": mail.message_id, "post": mail.post_id, "outcome": outcome}
    cases = sorted({item.case_id for item in items})
    kind = _JOURNALLED[ending.status]
    write_down(session, [Line(kind=kind, by=PLANNER, case_id=case_id, data=data) for case_id in cases], now)


def _reached(items: Sequence[HeldCase], ending: _Ending) -> list[str]:
    """A warning that arrived after all: its case is no longer one in which nobody could be reached."""
    return [item.case_id for item in items if ending.delivered_on and item.unreachable_on and _has_warning(item)]


def _is_heeded(item: HeldCase, ending: _Ending, today: date) -> bool:
    """Whether the planner must look at the case again: a notice that arrives moves nothing but what waits for it.

    One that is known to have arrived only later may have reached somebody who does not hold the post any more.
    """
    return ending.status is not MailStatus.ACCEPTED or _has_warning(item) or ending.delivered_on != today


def _has_warning(item: HeldCase) -> bool:
    return item.notice is not None and item.notice.rung in LIFECYCLES[item.lifecycle].warnings


def _redacted(raw: bytes) -> bytes:
    """The mail without any link that works; quoted-printable may have broken one over two lines."""
    tokens = _LINK.findall(raw.replace(b"=\r\n", b""))
    return redact(raw, {token.decode() for token in tokens})
