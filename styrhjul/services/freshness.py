"""Whether a mail that has waited still says what it would say if it were written today."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText, load_case_texts
from styrhjul.db.held_query import MailRow
from styrhjul.db.mail_model import MailItem
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.domain.moment import local_date
from styrhjul.services.mail_item import named_days
from styrhjul.services.procedure import lifecycle_of


def is_outdated(session: Session, mail: MailRow, today: date) -> bool:
    """Whether a mail written on an earlier day names days that it would no longer name, or one as if it were ahead."""
    written_on = local_date(mail.composed_at)
    if written_on == today:
        return False
    held = select(MailItem.notice_id).where(MailItem.mail_id == mail.mail_id)
    notices = session.scalars(select(Notice).where(Notice.id.in_(held)).order_by(Notice.id)).all()
    if not notices:
        return False
    organisation = load_organisation(session)
    texts = load_case_texts(session, {notice.case_id for notice in notices})
    return any(_has_changed(organisation, notice, texts[notice.case_id], written_on, today) for notice in notices)


def _has_changed(organisation: Organisation, notice: Notice, text: CaseText, written_on: date, today: date) -> bool:
    lifecycle = lifecycle_of(organisation, text.case.lifecycle, text.case.policy_id)
    if not lifecycle.has_rung(notice.rung):
        return False
    then, now = (named_days(lifecycle, notice, text, organisation.practice, day) for day in (written_on, today))
    return then != now or written_on <= notice.due_on < today
