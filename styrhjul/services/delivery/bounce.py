"""What a report changes: a mail that did not arrive after all is a new fact, and the planner looks again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.carried_query import carried_by, lock_mails, still_open
from styrhjul.db.carried_write import EndedNotice, block_address, end_with_mail
from styrhjul.db.inbound_query import cases_in, was_taken
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.mail_model import OPEN_MAIL, AttemptOutcome, Mail, MailAttempt, MailStatus
from styrhjul.db.session import municipality_of
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.inbound import is_about_address
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.moment import local_date
from styrhjul.mail.inbound.reading import Reading
from styrhjul.services.delivery.outcome import Ending, finish, finish_accepted
from styrhjul.services.foundation.mailroom import Mailroom
from styrhjul.services.mailing.mailbox import still_holds

KNOWN = "Var redan känt. Inget ändrades."
NEVER_LEFT = "Mejlet har aldrig lämnats till någon server. Inget ändrades."
LOST = "Mejlet räknas som inte framkommet."
BLOCKED = "Adressen används inte mer förrän den är rättad."


def note_failure(session: Session, mailroom: Mailroom, mail_id: str, reading: Reading, now: datetime) -> str:
    """Write down that a mail bounced; return in Swedish what that changed. Safe to repeat: it counts once.

    In a register session, since an address may be blocked. The notice came back whatever has become of its case; what
    is answered, or has another day by now, is not looked at again for it.
    """
    mail = session.get(Mail, (municipality_of(session), mail_id), with_for_update=True)
    if mail is None:
        return KNOWN
    taken = was_taken(session, mail_id)
    if mail.status in OPEN_MAIL and taken:  # we died before we could finish it
        finish_accepted(session, mailroom, {mail_id: None}, now)
        session.refresh(mail, with_for_update=True)
    words = _words(reading)
    if mail.status is MailStatus.ACCEPTED:
        _bounced(session, mail, words, now)
    elif mail.status in OPEN_MAIL and mail.data_started_at is not None:  # uncertain until now: the relay had it
        [row] = lock_mails(session, [mail_id])
        finish(session, mailroom, row, Ending(MailStatus.BOUNCED, words), now)
    else:
        return NEVER_LEFT if mail.status in OPEN_MAIL else KNOWN
    session.add(MailAttempt(mail_id=mail_id, tried_at=now, outcome=AttemptOutcome.BOUNCED, reply=words))
    return f"{LOST} {BLOCKED}" if _block(session, mail.address, reading, now) else LOST


def note_delay(session: Session, mail_id: str, reading: Reading, now: datetime) -> str:
    """Write down that a server is still trying; return in Swedish what that changes: nothing."""
    data = {"mail": mail_id, "outcome": _words(reading)}
    write_down(
        session,
        [Line(kind=EntryKind.MAIL_DELAYED, by=PLANNER, case_id=case, data=data) for case in cases_in(session, mail_id)],
        now,
    )
    return "Inget ändrades: servern försöker igen."


def _bounced(session: Session, mail: Mail, words: str, now: datetime) -> None:
    """Turn an accepted mail into one that did not arrive."""
    carried = carried_by(session, [mail.id])[mail.id]
    lost = [(item, item.notice) for item in carried if item.notice and item.notice.status is NoticeStatus.DELIVERED]
    mail.status, mail.outcome = MailStatus.BOUNCED, words
    session.flush()
    end_with_mail(
        session,
        [
            EndedNotice(notice_id=notice.notice_id, status=NoticeStatus.FAILED, reason=words, delivered_on=None)
            for _, notice in lost
        ],
    )
    data = {"mail": mail.id, "message_id": mail.message_id, "post": mail.post_id, "outcome": words}
    cases = sorted({item.case_id for item in carried})
    write_down(session, [Line(kind=EntryKind.MAIL_BOUNCED, by=PLANNER, case_id=case, data=data) for case in cases], now)
    lifecycles = {item.case_id: item.lifecycle for item, notice in lost if still_holds(item, notice)}
    touch_cases(session, [(case, lifecycles[case]) for case in still_open(session, set(lifecycles))], local_date(now))


def _block(session: Session, address: str, reading: Reading, now: datetime) -> bool:
    """Block the address where the failure is about it; one that it was passed on to is not ours to judge by."""
    if address.lower() not in reading.failed or not is_about_address(reading.status, reading.diagnosis):
        return False
    block_address(session, address, now)
    return True


def _words(reading: Reading) -> str:
    return " ".join(filter(None, (reading.status, reading.diagnosis or reading.reason)))[:500]
