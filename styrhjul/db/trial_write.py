"""Ending a trial: what left in it counts for nobody, so everything it told of is owed still."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.ledger_write import end_notices
from styrhjul.db.mail_model import OPEN_MAIL, Mail, MailStatus
from styrhjul.db.wake import touch_cases
from styrhjul.domain.facts import NoticeStatus

#: Swedish: why a notice of a trial counts for nobody, and why a mail of it never left.
WAS_A_TRIAL = "Provkörning: mejlet gick inte till den som ska svara."
HAS_ENDED = "Provkörningen avslutades."
_OF_TRIAL = (NoticeStatus.TRIAL, NoticeStatus.MAILED, NoticeStatus.FAILED)


def wind_back(session: Session, today: date, now: datetime, *, by: str) -> int:
    """Cancel every notice that was written during the trial, and let the planner look anew; return how many.

    No mail had left before, so whatever stands in one was of the trial. Its mails are closed, their days given back.
    """
    notices = session.scalars(
        select(Notice).where(Notice.status.in_(_OF_TRIAL)).order_by(Notice.case_id, Notice.id).with_for_update()
    ).all()
    for notice in notices:
        notice.delivered_on = None
    end_notices(session, notices, NoticeStatus.CANCELLED, WAS_A_TRIAL, now, by=by)
    of_trial = Mail.trial_to.is_not(None)
    ended = {"status": MailStatus.CANCELLED, "outcome": HAS_ENDED, "finished_at": now, "sealed_bytes": None}
    free = {"lease_until": None, "fence": None}
    session.execute(update(Mail).where(of_trial, Mail.status.in_(OPEN_MAIL)).values(**ended, **free))
    session.execute(update(Mail).where(of_trial).values(digest_on=None))
    cases = session.execute(select(Case.id, Case.lifecycle).where(Case.closed_on.is_(None)).order_by(Case.id)).all()
    session.execute(
        update(Case)
        .where(Case.closed_on.is_(None), Case.unreachable_on.is_not(None))
        .values(unreachable_on=None, version=Case.version + 1)
    )
    touch_cases(session, [(case_id, lifecycle) for case_id, lifecycle in cases], today)
    return len(notices)
