"""Which other systems a municipality tells, and of what: register an endpoint, try it, let it go on, remove it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Municipality, new_id
from styrhjul.db.session import Database
from styrhjul.db.webhook_model import OPEN_MESSAGE, HookStatus, Webhook, WebhookMessage
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.webhook import SUBSCRIBED, HookEvent, secret_of
from styrhjul.domain.written import SHORT, faults_in
from styrhjul.services.foundation.outlet import Outlet
from styrhjul.services.foundation.outward import AddressRefused, Reach

#: What a clock that is played means for other systems: said wherever their messages wait.
WAITS_IN_DEMO = (
    "Klockan är demons, så det som händer väntar och skickas inte: annars skulle det nå andra system som om det hade "
    "hänt. Bara prov skickas."
)
#: Endpoints of one municipality.
MOST = 10
_KEY_BYTES = 32
#: Messages that a page shows.
_SHOWN = 30


class WebhookRefused(ValueError):
    """An endpoint cannot be registered; the message says what to write, `field` where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class NoSuchWebhook(LookupError):
    """The municipality has no such endpoint."""

    def __init__(self, webhook_id: str) -> None:
        super().__init__(f"Kommunen har ingen webhook {webhook_id}. Se webhook list.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebhook:
    """An endpoint just registered. The secret is shown now and never again."""

    webhook_id: str
    secret: str


class HookStanding(StrEnum):
    """How an endpoint is doing, by the last that is known of it."""

    PAUSED = "paused"
    FAILING = "failing"
    UNTRIED = "untried"
    WORKING = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookLine:
    """An endpoint and how it is doing. `waiting` counts its messages on the way."""

    webhook_id: str
    url: str
    events: tuple[HookEvent, ...]
    made_at: datetime
    failing_since_at: datetime | None
    paused_at: datetime | None
    last_delivered_at: datetime | None
    waiting: int

    @property
    def standing(self) -> HookStanding:
        """How it is doing; UNTRIED until it has taken something."""
        if self.paused_at:
            return HookStanding.PAUSED
        if self.failing_since_at:
            return HookStanding.FAILING
        return HookStanding.WORKING if self.last_delivered_at else HookStanding.UNTRIED


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """One message as a page shows it. `outcome` is ours, never what the endpoint wrote."""

    message_id: str
    webhook_id: str
    event: HookEvent
    case_id: str | None
    happened_at: datetime
    status: HookStatus
    attempts: int
    next_attempt_at: datetime
    outcome: str | None


def add_webhook(  # noqa: PLR0913 - where, of what, for whom, by whom and when
    database: Database,
    outlet: Outlet,
    municipality_id: str,
    *,
    url: str,
    events: Sequence[HookEvent],
    by: str,
    now: datetime,
) -> NewWebhook:
    """Register an endpoint, and tell its secret once. Raises WebhookRefused."""
    asked = tuple(event for event in SUBSCRIBED if event in events)
    if not asked:
        raise WebhookRefused("events", "Välj minst en händelse.")
    _refuse_url(outlet.reach, url)
    secret, webhook_id = secret_of(secrets.token_bytes(_KEY_BYTES)), new_id()
    with database.municipality(municipality_id) as session:
        known = list(session.scalars(select(Webhook.url)))
        if url in known:
            raise WebhookRefused(
                "url", "Adressen är redan registrerad. Ta bort den först, om den ska få en ny hemlighet."
            )
        if len(known) >= MOST:
            raise WebhookRefused("url", f"Kommunen har redan {MOST} webhookar. Ta bort en först.")
        sealed = outlet.sealer.seal(secret.encode(), secret_purpose(municipality_id, webhook_id))
        names = [event.value for event in asked]
        session.add(Webhook(id=webhook_id, url=url, events=names, sealed_secret=sealed, made_at=now))
        session.flush()
        data: dict[str, Value] = {"webhook": webhook_id, "host": host_of(url), "events": names}
        write_down(session, [Line(kind=EntryKind.WEBHOOK_ADDED, by=by, data=data)], now)
    return NewWebhook(webhook_id=webhook_id, secret=secret)


def webhooks_of(database: Database, municipality_id: str) -> list[WebhookLine]:
    """Return the municipality's endpoints, the oldest first."""
    with database.reading(municipality_id) as session:
        waiting = dict(
            session.execute(
                select(WebhookMessage.webhook_id, func.count())
                .where(WebhookMessage.status.in_(OPEN_MESSAGE))
                .group_by(WebhookMessage.webhook_id)
            ).all()
        )
        hooks = session.scalars(select(Webhook).order_by(Webhook.made_at, Webhook.id)).all()
        return [
            WebhookLine(
                webhook_id=hook.id,
                url=hook.url,
                events=tuple(HookEvent(event) for event in hook.events),
                made_at=hook.made_at,
                failing_since_at=hook.failing_since_at,
                paused_at=hook.paused_at,
                last_delivered_at=hook.last_delivered_at,
                waiting=waiting.get(hook.id, 0),
            )
            for hook in hooks
        ]


def messages_of(database: Database, municipality_id: str, webhook_id: str | None = None) -> list[MessageLine]:
    """Return the latest messages to the municipality's endpoints, or to one, the newest first."""
    query = select(WebhookMessage).order_by(WebhookMessage.happened_at.desc(), WebhookMessage.id).limit(_SHOWN)
    if webhook_id is not None:
        query = query.where(WebhookMessage.webhook_id == webhook_id)
    with database.reading(municipality_id) as session:
        return [
            MessageLine(
                message_id=row.id,
                webhook_id=row.webhook_id,
                event=row.event,
                case_id=row.case_id,
                happened_at=row.happened_at,
                status=row.status,
                attempts=row.attempts,
                next_attempt_at=row.next_attempt_at,
                outcome=row.outcome,
            )
            for row in session.scalars(query)
        ]


def queue_test(database: Database, municipality_id: str, webhook_id: str, now: datetime) -> str:
    """Queue a message that tells of nothing, as any other; return its id. Raises NoSuchWebhook."""
    with database.municipality(municipality_id) as session:
        _found(session, webhook_id)
        slug = session.get_one(Municipality, municipality_id).slug
        message = WebhookMessage(
            id=new_id(),
            webhook_id=webhook_id,
            event=HookEvent.TEST,
            happened_at=now,
            content={"municipality": slug},
            status=HookStatus.QUEUED,
            next_attempt_at=now,
        )
        session.add(message)
        return message.id


def resume_webhook(database: Database, municipality_id: str, webhook_id: str, *, by: str, now: datetime) -> None:
    """Let an endpoint go on, with what has waited; one that is not paused rests no more. Raises NoSuchWebhook."""
    with database.municipality(municipality_id) as session:
        hook = _found(session, webhook_id)
        was_paused = hook.paused_at is not None
        hook.paused_at, hook.rests_until, hook.failing_since_at, hook.failures = None, None, None, 0
        session.execute(
            update(WebhookMessage)
            .where(WebhookMessage.webhook_id == webhook_id, WebhookMessage.status == HookStatus.QUEUED)
            .values(next_attempt_at=now)
        )
        if was_paused:
            data: dict[str, Value] = {"webhook": webhook_id, "host": host_of(hook.url)}
            write_down(session, [Line(kind=EntryKind.WEBHOOK_RESUMED, by=by, data=data)], now)


def remove_webhook(database: Database, municipality_id: str, webhook_id: str, *, by: str, now: datetime) -> None:
    """Tell an endpoint nothing more; what waited for it is dropped. Raises NoSuchWebhook."""
    with database.municipality(municipality_id) as session:
        hook = _found(session, webhook_id)
        data: dict[str, Value] = {"webhook": webhook_id, "host": host_of(hook.url)}
        session.execute(delete(WebhookMessage).where(WebhookMessage.webhook_id == webhook_id))
        session.execute(delete(Webhook).where(Webhook.id == webhook_id))
        write_down(session, [Line(kind=EntryKind.WEBHOOK_REMOVED, by=by, data=data)], now)


def host_of(url: str) -> str:
    """Return the host alone: a path or a query may hold a secret of the other system."""
    return urlsplit(url).hostname or ""


def secret_purpose(municipality_id: str, webhook_id: str) -> bytes:
    """Return what an endpoint's secret is sealed for: moved to another endpoint's row it does not open."""
    return f"webhook {municipality_id} {webhook_id}".encode()


def _found(session: Session, webhook_id: str) -> Webhook:
    hook = session.scalars(select(Webhook).where(Webhook.id == webhook_id).with_for_update()).one_or_none()
    if hook is None:
        raise NoSuchWebhook(webhook_id)
    return hook


def _refuse_url(reach: Reach, url: str) -> None:
    """Raise WebhookRefused for an address that cannot be one, or that must not be called."""
    try:
        parts, asked = urlsplit(url), httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL):
        raise WebhookRefused("url", "Adressen går inte att läsa. Skriv den som https://…") from None
    is_whole = bool(parts.hostname) and parts.scheme in ("https", "http")
    if not is_whole or any(faults_in(url, SHORT)):
        raise WebhookRefused("url", "Skriv hela adressen, som https://arenden.example.org/webhook")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise WebhookRefused("url", "Skriv adressen utan användare, utan lösenord och utan #.")
    try:
        reach.check(asked)
    except AddressRefused as refused:
        raise WebhookRefused("url", str(refused)) from None
