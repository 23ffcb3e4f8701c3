"""The figures that alarms and plots stand on, across municipalities: one statement a table, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import Session

from styrhjul.db.backup_model import Backup
from styrhjul.db.case_model import JournalCheck, Quarantine, Wake
from styrhjul.db.hold_query import held_since
from styrhjul.db.mail_model import OPEN_MAIL, Mail, MailStatus
from styrhjul.db.model import Municipality
from styrhjul.db.order_model import OPEN_ORDER, Order, OrderStatus
from styrhjul.db.outbox_query import WAY_OUT, failing_channels, is_in_hand, is_uncertain
from styrhjul.db.pulse_model import Pulse, StepCount
from styrhjul.db.trial_model import Trial
from styrhjul.db.webhook_model import OPEN_MESSAGE, Webhook, WebhookMessage
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey

#: Mail that did not simply arrive. The others are as many as have ever been sent: nobody counts those at each look.
TROUBLED_MAIL = (MailStatus.FAILED, MailStatus.BOUNCED, MailStatus.NOT_RESENT, MailStatus.QUARANTINED)


class StepFigures(NamedTuple):
    """How often a step has run to its end, how long that took in all, and when it last did."""

    step: str
    last_at: datetime
    runs: int
    seconds: float


class DueFigures(NamedTuple):
    """How many subjects of a lifecycle wait for its sweep, and the oldest day among theirs."""

    subjects: int
    oldest_on: date


class OpenMail(NamedTuple):
    """Mail on its way. `ready`: it may leave now, and no sender has it in hand. None = there is no such mail."""

    waiting: int
    oldest_composed_at: datetime | None
    ready: int
    oldest_ready_at: datetime | None
    uncertain: int
    oldest_uncertain_at: datetime | None


class Queue(NamedTuple):
    """How many are waited for, and since when the oldest of them is."""

    waiting: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFigures:
    """All of it, as it stood at one moment. What is not there is not named: no key, or None."""

    steps: Sequence[StepFigures]
    counts: Mapping[tuple[str, str], int]
    due: Mapping[str, DueFigures]
    open_mail: OpenMail
    troubled_mail: Mapping[MailStatus, int]
    quarantined: int
    #: The mail server has refused us altogether, or so many senders, and has taken nothing of them since.
    way_out_failing: bool
    senders_failing: int
    orders: Queue
    orders_failed: int
    messages: Queue
    webhooks_paused: int
    webhooks_failing: int
    is_held: bool
    municipalities: int
    released: int
    on_trial: int
    journal_checked_at: datetime | None
    journal_broken: int
    backed_up_at: datetime | None
    database_bytes: int


def load_figures(session: Session, now: datetime) -> WorkFigures:
    """Return the figures; for a system session."""
    orders, orders_failed = _orders(session)
    failing_ways = failing_channels(session).keys()
    paused, failing = _ailing_webhooks(session)
    municipalities, released, on_trial = _municipalities(session, now)
    checked = session.scalars(select(JournalCheck).order_by(JournalCheck.checked_at.desc()).limit(1)).first()
    return WorkFigures(
        steps=[StepFigures(*row) for row in session.execute(select(Pulse.name, Pulse.at, Pulse.runs, Pulse.seconds))],
        counts={(step, what): total for step, what, total in session.execute(_COUNTS)},
        due=_due(session, local_date(now)),
        open_mail=_open_mail(session, now),
        troubled_mail={row[0]: row[1] for row in session.execute(_TROUBLED)},
        quarantined=session.scalar(select(func.count()).select_from(Quarantine)) or 0,
        way_out_failing=WAY_OUT in failing_ways,
        senders_failing=len(failing_ways - {WAY_OUT}),
        orders=orders,
        orders_failed=orders_failed,
        messages=Queue(*session.execute(_MESSAGES).one()),
        webhooks_paused=paused,
        webhooks_failing=failing,
        is_held=held_since(session) is not None,
        municipalities=municipalities,
        released=released,
        on_trial=on_trial,
        journal_checked_at=checked.checked_at if checked else None,
        journal_broken=checked.broken if checked else 0,
        backed_up_at=session.scalar(select(func.max(Backup.made_at))),
        database_bytes=session.scalar(text(_BYTES[session.get_bind().dialect.name])) or 0,
    )


_COUNTS = select(StepCount.step, StepCount.what, StepCount.total)
_TROUBLED = select(Mail.status, func.count()).where(Mail.status.in_(TROUBLED_MAIL)).group_by(Mail.status)
_MESSAGES = select(func.count(), func.min(WebhookMessage.happened_at)).where(WebhookMessage.status.in_(OPEN_MESSAGE))
_BYTES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def _due(session: Session, today: date) -> dict[str, DueFigures]:
    """The lifecycles are named so that the index is entered at each of them, and only what is due is read."""
    waiting = (
        select(Wake.lifecycle, func.count(), func.min(Wake.wake_on))
        .where(Wake.lifecycle.in_(sorted(LifecycleKey)), Wake.wake_on <= today)
        .group_by(Wake.lifecycle)
    )
    return {lifecycle: DueFigures(count, oldest) for lifecycle, count, oldest in session.execute(waiting)}


def _open_mail(session: Session, now: datetime) -> OpenMail:
    ready, uncertain = and_(Mail.next_attempt_at <= now, ~is_in_hand(now)), is_uncertain(now)
    asked = select(
        func.count(),
        func.min(Mail.composed_at),
        func.count().filter(ready),
        func.min(Mail.next_attempt_at).filter(ready),
        func.count().filter(uncertain),
        func.min(Mail.data_started_at).filter(uncertain),
    ).where(Mail.status.in_(OPEN_MAIL))
    return OpenMail(*session.execute(asked).one())


def _orders(session: Session) -> tuple[Queue, int]:
    is_open = Order.status.in_(OPEN_ORDER)
    asked = select(
        func.count().filter(is_open),
        func.min(Order.placed_at).filter(is_open),
        func.count().filter(Order.status == OrderStatus.FAILED),
    ).where(Order.status.in_((*OPEN_ORDER, OrderStatus.FAILED)))
    waiting, oldest_at, failed = session.execute(asked).one()
    return Queue(waiting, oldest_at), failed


def _ailing_webhooks(session: Session) -> tuple[int, int]:
    is_paused = Webhook.paused_at.is_not(None)
    is_failing = and_(Webhook.failing_since_at.is_not(None), ~is_paused)
    paused, failing = session.execute(select(func.count().filter(is_paused), func.count().filter(is_failing))).one()
    return paused, failing


def _municipalities(session: Session, now: datetime) -> tuple[int, int, int]:
    is_released = Municipality.released_at <= now
    asked = select(func.count(), func.count().filter(is_released)).select_from(Municipality)
    every, released = session.execute(asked).one()
    return every, released, session.scalar(select(func.count()).select_from(Trial)) or 0
