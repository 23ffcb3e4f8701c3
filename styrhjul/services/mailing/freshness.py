"""Whether a mail that has waited still says what it would say if it were written today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.carried_query import MailRow
from styrhjul.db.case_model import Notice
from styrhjul.db.compose_query import CaseText, load_case_texts
from styrhjul.db.mail_model import MailItem
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.domain.moment import local_date
from styrhjul.services.mailing.item import item_of, named_days
from styrhjul.services.mailing.mailbox import is_unwarned
from styrhjul.services.municipality.procedure import lifecycle_of

#: What is so new has not waited: the first retry comes no sooner.
NEW = timedelta(minutes=5)


def is_outdated(session: Session, mail: MailRow, now: datetime) -> bool:
    """Whether a mail that has waited names days that it would no longer name, or one as if it were ahead.

    One that would go up over somebody who was not warned, since they sat down after it was written, is as old.
    """
    if now - mail.composed_at < NEW:
        return False
    carried = session.execute(
        select(Notice, MailItem.named_days)
        .join(MailItem, (MailItem.municipality_id == Notice.municipality_id) & (MailItem.notice_id == Notice.id))
        .where(MailItem.mail_id == mail.mail_id)
        .order_by(Notice.id)
    ).all()
    if not carried:
        return False
    organisation, today = load_organisation(session), local_date(now)
    texts = load_case_texts(session, {notice.case_id for notice, _ in carried})
    return any(
        _has_passed(notice, named, local_date(mail.composed_at), today)
        or _has_changed(organisation, notice, named, texts[notice.case_id], today)
        or is_unwarned(organisation, texts[notice.case_id], notice, today)
        for notice, named in carried
    )


def _has_passed(notice: Notice, named: Sequence[str | None] | None, written_on: date, today: date) -> bool:
    """A mail whose days were not kept names the due day at least."""
    days = (notice.due_on,) if named is None else (date.fromisoformat(day) for day in named if day)
    return any(written_on <= day < today for day in days)


def _has_changed(
    organisation: Organisation, notice: Notice, named: Sequence[str | None] | None, text: CaseText, today: date
) -> bool:
    lifecycle = lifecycle_of(organisation, text.case.lifecycle, text.case.policy_id)
    if named is None or not lifecycle.has_rung(notice.rung):
        return False
    item = item_of(notice, text, organisation=organisation, url="", today=today)
    return [*named] != named_days(item)
