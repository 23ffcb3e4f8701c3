"""What is written down once the outcome of a mail is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeAlias

from sqlalchemy.orm import Session

from styrhjul.db.carried_query import (
    CarriedCase,
    MailRow,
    accepted_at,
    carried_by,
    first_tried_at,
    lock_mails,
    still_open,
)
from styrhjul.db.carried_write import EndedMail, EndedNotice, block_address, end_mails, end_with_mail, note_reached
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.outbox_query import Claimed
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.ladder import is_upward
from styrhjul.domain.moment import local_date
from styrhjul.domain.rung import repeat_of
from styrhjul.mail.message import redact
from styrhjul.mail.retry import next_try
from styrhjul.mail.sign_in import SignInCode
from styrhjul.mail.transport import Refused
from styrhjul.services.foundation.mailroom import Mailroom
from workflows import LIFECYCLES

_LINK = re.compile(rb"/a/([A-Za-z0-9_-]{43})")
#: Gives the bytes of a mail as they left; None where they are gone.
RawOf: TypeAlias = Callable[[MailRow], bytes | None]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a mail ended, and the words for it."""

    status: MailStatus
    words: str
    #: The day a server accepted it, which may lie before the day we find out.
    delivered_on: date | None = None


def finish(session: Session, mailroom: Mailroom, mail: MailRow, ending: Ending, now: datetime) -> None:
    """Write one mail's final outcome, in the transaction in which it is locked."""
    _end(session, [mail], {mail.mail_id: ending}, partial(_open, mailroom), now)


def finish_accepted(session: Session, mailroom: Mailroom, sent: Mapping[str, bytes | None], now: datetime) -> int:
    """Finish mails that a server has accepted; return how many were not finished before. Safe to repeat.

    They are given by id, with the bytes that left where these are at hand: an open mail's bytes never change.
    """
    mails = lock_mails(session, sent, sealed=None in sent.values())
    accepted = accepted_at(session, sent)
    endings = {
        mail.mail_id: Ending(
            MailStatus.ACCEPTED,
            "Mottagarens server har tagit emot mejlet.",
            local_date(accepted.get(mail.mail_id, now)),
        )
        for mail in mails
    }
    _end(session, mails, endings, lambda mail: sent[mail.mail_id] or _open(mailroom, mail), now)
    return len(mails)


def finish_failed(session: Session, mailroom: Mailroom, claimed: Claimed, reply: Refused, now: datetime) -> None:
    """The server refused for good: the planner sees it, and an address it does not know is not tried again.

    Changes nothing when the lease was lost: the mail is another sender's now.
    """
    mail = _in_hand(session, claimed)
    if mail is None:
        return
    if reply.about_address and mail.trial_to is None:
        block_address(session, mail.address, now)
    finish(session, mailroom, _row(session, mail), Ending(MailStatus.FAILED, reply.reply), now)


def postpone(session: Session, mailroom: Mailroom, claimed: Claimed, now: datetime, *, uncertain: bool) -> bool:
    """Try again later by the retry table; False when five days have passed and it is given up.

    Changes nothing when the lease was lost: the mail is another sender's now.
    """
    mail = _in_hand(session, claimed)
    if mail is None:
        return True
    later = next_try(mail.attempts, now, since=first_tried_at(session, mail.id), uncertain=uncertain)
    if later is None:
        finish(
            session, mailroom, _row(session, mail), Ending(MailStatus.FAILED, "Gick inte att lämna på fem dygn."), now
        )
        return False
    mail.status, mail.lease_until, mail.fence = MailStatus.QUEUED, None, None
    mail.next_attempt_at = later
    if not (uncertain or claimed.is_uncertain):
        mail.data_started_at = None
    return True


def _in_hand(session: Session, claimed: Claimed) -> Mail | None:
    """The mail, locked; None when its lease was lost. An outcome under another fence is nobody's to write."""
    mail = session.get_one(Mail, (claimed.municipality_id, claimed.mail_id), with_for_update=True)
    return mail if mail.fence == claimed.fence else None


def _row(session: Session, mail: Mail) -> MailRow:
    [row] = lock_mails(session, [mail.id])
    return row


_JOURNALLED = {
    MailStatus.ACCEPTED: EntryKind.MAIL_ACCEPTED,
    MailStatus.FAILED: EntryKind.MAIL_FAILED,
    MailStatus.CANCELLED: EntryKind.MAIL_CANCELLED,
    MailStatus.NOT_RESENT: EntryKind.MAIL_NOT_RESENT,
    MailStatus.QUARANTINED: EntryKind.QUARANTINED,
    MailStatus.BOUNCED: EntryKind.MAIL_BOUNCED,
}
_NOTICES = {
    MailStatus.ACCEPTED: NoticeStatus.DELIVERED,
    MailStatus.FAILED: NoticeStatus.FAILED,
    MailStatus.QUARANTINED: NoticeStatus.FAILED,
    MailStatus.BOUNCED: NoticeStatus.FAILED,
}


def _open(mailroom: Mailroom, mail: MailRow) -> bytes | None:
    return None if mail.sealed_bytes is None else mailroom.sealer.open(mail.sealed_bytes)


def _end(
    session: Session, mails: Sequence[MailRow], endings: Mapping[str, Ending], raw_of: RawOf, now: datetime
) -> None:
    """Write the final outcomes: redact the bytes, settle the notices, journal it, tell the planner to look again."""
    if not mails:
        return
    carried = carried_by(session, endings)
    end_mails(session, [_ended(mail, endings[mail.mail_id], raw_of, now) for mail in mails])
    on_trial = {mail.mail_id for mail in mails if mail.trial_to is not None}
    end_with_mail(
        session,
        [
            each
            for mail_id, items in carried.items()
            for each in _settled(items, endings[mail_id], on_trial=mail_id in on_trial)
        ],
    )
    note_reached(
        session, sorted({each for mail_id, items in carried.items() for each in _reached(items, endings[mail_id])})
    )
    cases = {item.case_id: item.lifecycle for items in carried.values() for item in items}
    for mail in mails:
        _journal(session, mail, endings[mail.mail_id], carried[mail.mail_id], now)
    today = local_date(now)
    heeded = {
        item.case_id
        for mail_id, items in carried.items()
        for item in items
        if _is_heeded(item, endings[mail_id], today)
    }
    if heeded:
        touch_cases(session, [(case_id, cases[case_id]) for case_id in still_open(session, heeded)], today)


def _ended(mail: MailRow, ending: Ending, raw_of: RawOf, now: datetime) -> EndedMail:
    # A code opens more than a form, and nobody asks for it afterwards: not a byte of it is kept.
    is_code = mail.key == SignInCode.key
    stays_sealed = ending.status is MailStatus.QUARANTINED and not is_code
    raw = None if stays_sealed or is_code else raw_of(mail)
    return EndedMail(
        mail_id=mail.mail_id,
        status=ending.status,
        outcome=ending.words[:500],
        finished_at=now,
        sealed_bytes=mail.sealed_bytes if stays_sealed else None,
        redacted=None if raw is None else redact(raw, _LINK),
    )


def _settled(items: Sequence[CarriedCase], ending: Ending, *, on_trial: bool) -> list[EndedNotice]:
    """On trial nothing has arrived with whoever is to answer, and it is never said to have."""
    if ending.status not in _NOTICES:
        return []
    return [
        EndedNotice(
            notice_id=item.notice.notice_id,
            status=NoticeStatus.TRIAL if on_trial and ending.delivered_on else _NOTICES[ending.status],
            reason=ending.words[:500],
            delivered_on=ending.delivered_on,
        )
        for item in items
        if item.notice is not None and item.notice.status is NoticeStatus.MAILED
    ]


def _journal(session: Session, mail: MailRow, ending: Ending, items: Sequence[CarriedCase], now: datetime) -> None:
    outcome = ending.words[:500]
    data = {"mail": mail.mail_id, "message_id": mail.message_id, "post": mail.post_id, "outcome": outcome}
    kind, up = _JOURNALLED[ending.status], _gone_up(mail, ending, items)
    lines = [
        Line(kind=kind, by=PLANNER, case_id=case_id, data=data, went_up_by=up.get(case_id))
        for case_id in sorted({item.case_id for item in items})
    ]
    write_down(session, lines, now)


def _gone_up(mail: MailRow, ending: Ending, items: Sequence[CarriedCase]) -> dict[str, str]:
    """The step by which each case has come to somebody above those who answer; on trial nobody is told of it."""
    if mail.trial_to is not None or ending.status is not MailStatus.ACCEPTED:
        return {}
    return {
        item.case_id: repeat_of(item.notice.rung)[0]
        for item in items
        if item.notice is not None and is_upward(LIFECYCLES[item.lifecycle].ladder, item.notice.rung)
    }


def _reached(items: Sequence[CarriedCase], ending: Ending) -> list[str]:
    """A warning that arrived after all: its case is no longer one in which nobody could be reached."""
    return [item.case_id for item in items if ending.delivered_on and item.unreachable_on and _has_warning(item)]


def _is_heeded(item: CarriedCase, ending: Ending, today: date) -> bool:
    """Whether the planner must look at the case again: a notice that arrives moves nothing but what waits for it.

    One that is known to have arrived only later may have reached somebody who does not hold the post any more.
    """
    return ending.status is not MailStatus.ACCEPTED or _has_warning(item) or ending.delivered_on != today


def _has_warning(item: CarriedCase) -> bool:
    return item.notice is not None and item.notice.rung in LIFECYCLES[item.lifecycle].warnings
