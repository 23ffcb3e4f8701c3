"""The last look before a mail leaves: whether everything in it holds, or it is withdrawn and written anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from styrhjul.db.carried_query import CarriedCase, MailRow, begin_data, count_attempts, lock_carried, lock_mails
from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import load_case_texts, rungs_told
from styrhjul.db.ledger_write import end_notices
from styrhjul.db.mail_model import AnswerLink, Mail, MailStatus
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.outbox_query import Claimed, release
from styrhjul.db.trial_query import trial_address
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.ladder import is_overtaken
from styrhjul.domain.moment import local_date
from styrhjul.domain.rung import Audience, repeat_of
from styrhjul.mail.sign_in import SignInCode
from styrhjul.services.delivery.late import forget, look_again
from styrhjul.services.delivery.outcome import Ending, finish
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.freshness import is_outdated
from styrhjul.services.mailing.mailbox import ANSWERED, SUPERSEDED, is_passed, still_holds
from styrhjul.services.mailing.office_hours import Wait, wait_for_office
from styrhjul.services.mailing.reader import Readers
from styrhjul.services.sign_in.code import CODE_LASTS
from workflows import LIFECYCLES

#: Tries that ended without any word from us (we died): after so many the mail is set aside.
OWN_FAULTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMail:
    """A mail that still holds, opened for sending."""

    return_path: str
    address: str
    raw: bytes
    #: What stands in it, locked with it.
    items: Sequence[CarriedCase] = ()


def begin(session: Session, mailroom: Mailroom, claimed: Claimed, now: datetime) -> ReadyMail | Wait | None:
    """Look at one mail as `begin_together` does."""
    return begin_together(session, mailroom, [claimed], now)[claimed.mail_id]


def begin_together(
    session: Session, mailroom: Mailroom, group: Sequence[Claimed], now: datetime
) -> dict[str, ReadyMail | Wait | None]:
    """Look once more at mails of one municipality, under lock, and note that sending begins; None: it must not.

    Not sent: a lease that was lost, a mail whose items no longer all hold (written anew without them), a reader who no
    longer holds the office, a mail that names other days than it would today (written anew), and a mail that has killed
    us three times. While the office is closed it is given back as if it had never been claimed: the Wait tells until
    when. What is no notice, a receipt or a fresh link, somebody waits for: it leaves at any hour.
    """
    mails = {mail.mail_id: mail for mail in lock_mails(session, [claimed.mail_id for claimed in group])}
    carried = lock_carried(session, list(mails)) if mails else {}
    told = rungs_told(session, {item.case_id for items in carried.values() for item in items}) if mails else {}
    organisation = load_organisation(session)
    readers, trial_to = Readers(organisation, local_date(now)), trial_address(session)
    closed = wait_for_office(organisation.practice, now)
    found: dict[str, ReadyMail | Wait | None] = {}
    for claimed in group:
        mail = mails.get(claimed.mail_id)
        if mail is None or mail.fence != claimed.fence or mail.lease_until is None or mail.lease_until <= now:
            found[claimed.mail_id] = None
        else:
            found[mail.mail_id] = _begin_one(
                _Look(
                    session=session,
                    mailroom=mailroom,
                    organisation=organisation,
                    readers=readers,
                    trial_to=trial_to,
                    told=told,
                    closed=closed,
                    claimed=claimed,
                    mail=mail,
                    items=carried.get(mail.mail_id, ()),
                    now=now,
                )
            )
    begin_data(session, [mail_id for mail_id, ready in found.items() if isinstance(ready, ReadyMail)], now)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One mail under lock with its cases, and what is the same for all that are looked at together."""

    session: Session
    mailroom: Mailroom
    organisation: Organisation
    readers: Readers
    #: Where everything goes while the municipality is on trial.
    trial_to: str | None
    #: The rungs that stand in a mail or have left, by case, post and due day.
    told: Mapping[tuple[str, str, date], set[str]]
    #: Until when the office is closed.
    closed: Wait | None
    claimed: Claimed
    mail: MailRow
    items: Sequence[CarriedCase]
    now: datetime


def _begin_one(look: _Look) -> ReadyMail | Wait | None:
    session, mail, now = look.session, look.mail, look.now
    if mail.attempts - 1 > OWN_FAULTS and mail.attempts - 1 - count_attempts(session, mail.mail_id) > OWN_FAULTS:
        aside = Ending(MailStatus.QUARANTINED, "Avbröts flera gånger av vårt eget fel.")
        finish(session, look.mailroom, mail, aside, now)
        return None
    telling = None if look.items else look_again(session, mail.mail_id, now)
    is_old_code = mail.key == SignInCode.key and now - mail.composed_at >= CODE_LASTS
    if is_old_code or telling is False or not _still_holds(look, is_telling=telling is not None):
        _withdraw(look)
        return None
    holds_notices = any(item.notice is not None for item in look.items)
    if look.closed and (holds_notices or telling is not None):
        release(session, [look.claimed], look.closed.until)
        return look.closed
    if isinstance(telling, Wait):
        release(session, [look.claimed], telling.until)
        return telling
    if is_outdated(session, mail, now):
        _withdraw(look)
        return None
    raw = look.mailroom.sealer.open(mail.sealed_bytes or b"")
    return ReadyMail(return_path=mail.return_path, address=mail.trial_to or mail.address, raw=raw, items=look.items)


def _still_holds(look: _Look, *, is_telling: bool) -> bool:
    """Whether every item does, and whoever reads its post today still reads this mailbox."""
    mail, items = look.mail, look.items
    if not items and not is_telling:  # a reply passed on to the registrar: it speaks for itself
        return True
    if mail.trial_to != look.trial_to:  # the trial's address has been put right
        return False
    own = mail.post_id or ""  # what is no office's has no items
    posts = {own, *(item.notice.post_id for item in items if item.notice is not None)}
    acting = {post_id: look.readers.acting_in(post_id) for post_id in posts}
    if any(reader is None or reader.address != mail.address for reader in acting.values()):
        return False
    reader = acting[own]
    if reader is None or reader.appointment_id != mail.appointment_id:
        return False
    if any(_is_another_posts(look.organisation, item) for item in items):
        return False
    return all(_item_holds(item) for item in items) and not _overtaken(look)


def _is_another_posts(organisation: Organisation, item: CarriedCase) -> bool:
    """Whether the case was given to another post while its holder's mail was being tried; compose ends the notice."""
    given, notice = item.assigned_post_id, item.notice
    if notice is None or notice.post_id == given or not organisation.is_living(given):
        return False
    return LIFECYCLES[item.lifecycle].rung(repeat_of(notice.rung)[0]).to is Audience.HOLDER


def _item_holds(item: CarriedCase) -> bool:
    notice = item.notice
    return notice is None or (notice.status is NoticeStatus.MAILED and still_holds(item, notice))


def _overtaken(look: _Look) -> set[str]:
    """Return the notices below a rung that their reader has in another mail, or has had.

    What the case was told at all is asked first, and only where that lies above what exactly this reader has heard.
    """
    below = [
        (item, item.notice)
        for item in look.items
        if item.notice is not None
        and _has_passed(
            item.lifecycle,
            item.notice.rung,
            frozenset(look.told.get((item.case_id, item.notice.post_id, item.notice.due_on), ())),
        )
    ]
    texts = load_case_texts(look.session, {item.case_id for item, _ in below}) if below else {}
    return {
        notice.notice_id
        for item, notice in below
        if is_passed(look.organisation, texts[item.case_id], notice, local_date(look.now))
    }


@lru_cache(maxsize=1024)
def _has_passed(lifecycle: str, rung: str, told: frozenset[str]) -> bool:
    """Whether one of the rungs that were told lies above this one, as declared: the same for case after case."""
    return is_overtaken(LIFECYCLES[lifecycle].ladder, rung, told)


def _withdraw(look: _Look) -> None:
    """End a mail that no longer holds; what in it still does is planned anew and gets a mail of its own."""
    session, mail, items, now = look.session, look.mail, look.items, look.now
    holding = {item.notice.notice_id for item in items if item.notice is not None and _item_holds(item)}
    overtaken = _overtaken(look)
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
    status = MailStatus.NOT_RESENT if look.claimed.is_uncertain else MailStatus.CANCELLED
    if not items and status is MailStatus.CANCELLED:
        forget(session, mail.mail_id)
    finish(session, look.mailroom, mail, Ending(status, "Innehållet gällde inte längre."), now)
    # The mailbox may have another mail today in its place.
    session.execute(update(Mail).where(Mail.id == mail.mail_id).values(digest_on=None))


def _mailed(session: Session, items: Sequence[CarriedCase]) -> Sequence[Notice]:
    ids = [item.notice.notice_id for item in items if item.notice is not None]
    query = select(Notice).where(Notice.id.in_(ids), Notice.status == NoticeStatus.MAILED)
    return session.scalars(query.order_by(Notice.case_id).execution_options(populate_existing=True)).all()
