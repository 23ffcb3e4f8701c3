"""How the work itself is doing, across municipalities: read by the health page and the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Quarantine, Wake
from styrhjul.db.mail_model import OPEN_MAIL, Mail
from styrhjul.db.model import Municipality
from styrhjul.db.outbox_query import is_uncertain
from styrhjul.db.pulse_query import newest_pulse_at


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkHealth:
    """Figures an alarm can stand on. None = there is no such thing."""

    last_pulse_at: datetime | None
    oldest_wake_on: date | None
    oldest_uncertain_at: datetime | None
    mails_queued: int
    quarantined: int


def late_mails(session: Session, until: datetime) -> list[tuple[str, int]]:
    """Return, by name, the municipalities with mails written `until` then that no server has taken; system session."""
    query = (
        select(Municipality.name, func.count())
        .join(Mail, Mail.municipality_id == Municipality.id)
        .where(Mail.status.in_(OPEN_MAIL), Mail.composed_at <= until)
        .group_by(Municipality.name)
        .order_by(Municipality.name)
    )
    return [(name, count) for name, count in session.execute(query)]


def load_work_health(session: Session, now: datetime) -> WorkHealth:
    """Return the figures as they stand at `now`; for a system session."""
    return WorkHealth(
        last_pulse_at=newest_pulse_at(session),
        oldest_wake_on=session.scalar(select(func.min(Wake.wake_on))),
        oldest_uncertain_at=session.scalar(
            select(func.min(Mail.data_started_at)).where(Mail.status.in_(OPEN_MAIL), is_uncertain(now))
        ),
        mails_queued=session.scalar(select(func.count()).select_from(Mail).where(Mail.status.in_(OPEN_MAIL))) or 0,
        quarantined=session.scalar(select(func.count()).select_from(Quarantine)) or 0,
    )
