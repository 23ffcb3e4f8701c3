"""The outbox of webhooks as the sender sees it: claim, release, mark. The same rules as mail's, by endpoint.

Claims and releases go across municipalities, in a system session; how a try ended is written within one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from styrhjul.db.model import Municipality, new_id
from styrhjul.db.outbox_query import LEASE
from styrhjul.db.webhook_model import OPEN_MESSAGE, HookStatus, Webhook, WebhookMessage
from styrhjul.domain.webhook import GIVE_UP_AFTER, HookEvent, next_try, rest_until

#: How many messages one endpoint gets away in a run before the others have had their turn.
A_TURN = 10
#: What has ended is kept so long, for whoever looks.
KEPT = timedelta(days=30)
_PAUSED = "Mottagaren var pausad i fem dygn."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMessage:
    """A message leased to this sender, under a fence nobody else knows."""

    municipality_id: str
    message_id: str
    webhook_id: str
    fence: str
    event: HookEvent
    happened_at: datetime
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where messages go. The secret is sealed still."""

    municipality_id: str
    webhook_id: str
    url: str
    sealed_secret: bytes


def claim_messages(
    session: Session, now: datetime, limit: int, only: Sequence[str] | None = None
) -> list[ClaimedMessage]:
    """Lease up to `limit` messages that may be tried now; raise their attempts before the work.

    No endpoint gets more than its turn, those that work come first, and one that rests or is paused gets none; `only`
    names the messages that are meant, whether their endpoint rests or not. A message whose lease ran out is claimed
    again: whoever leased it died, and whether the endpoint has it nobody knows. Returned by endpoint, oldest first.
    """
    chosen = session.execute(_free(now, limit, only)).all()
    if not chosen:
        return []
    free = (
        select(WebhookMessage.municipality_id, WebhookMessage.id)
        .where(tuple_(WebhookMessage.municipality_id, WebhookMessage.id).in_([tuple(each) for each in chosen]))
        .where(*_waiting(now))
        .with_for_update(skip_locked=True)
    )
    fence = new_id()
    claimed = session.execute(
        update(WebhookMessage)
        .where(tuple_(WebhookMessage.municipality_id, WebhookMessage.id).in_(free))
        .values(status=HookStatus.SENDING, lease_until=now + LEASE, fence=fence, attempts=WebhookMessage.attempts + 1)
        .returning(
            WebhookMessage.municipality_id,
            WebhookMessage.id,
            WebhookMessage.webhook_id,
            WebhookMessage.event,
            WebhookMessage.happened_at,
            WebhookMessage.content,
        )
        .execution_options(synchronize_session=False)
    )
    messages = [
        ClaimedMessage(
            municipality_id=row.municipality_id,
            message_id=row.id,
            webhook_id=row.webhook_id,
            fence=fence,
            event=row.event,
            happened_at=row.happened_at,
            content=row.content,
        )
        for row in claimed
    ]
    return sorted(messages, key=lambda each: (each.webhook_id, each.happened_at, each.message_id))


def _waiting(now: datetime) -> tuple[Any, ...]:
    return (
        WebhookMessage.status.in_(OPEN_MESSAGE),
        WebhookMessage.next_attempt_at <= now,
        or_(WebhookMessage.lease_until.is_(None), WebhookMessage.lease_until <= now),
    )


def _free(now: datetime, limit: int, only: Sequence[str] | None) -> Any:  # noqa: ANN401 - a select of two columns
    turn = func.row_number().over(
        partition_by=(WebhookMessage.municipality_id, WebhookMessage.webhook_id),
        order_by=(WebhookMessage.next_attempt_at, WebhookMessage.id),
    )
    may = (
        [WebhookMessage.id.in_(only)]
        if only is not None
        else [Webhook.paused_at.is_(None), or_(Webhook.rests_until.is_(None), Webhook.rests_until <= now)]
    )
    waiting = (
        select(
            WebhookMessage.municipality_id,
            WebhookMessage.id,
            WebhookMessage.next_attempt_at,
            Webhook.failures,
            turn.label("place"),
        )
        .join(
            Webhook,
            (Webhook.municipality_id == WebhookMessage.municipality_id) & (Webhook.id == WebhookMessage.webhook_id),
        )
        .where(*_waiting(now), *may)
        .subquery()
    )
    return (
        select(waiting.c.municipality_id, waiting.c.id)
        .where(waiting.c.place <= A_TURN)
        .order_by(waiting.c.failures, waiting.c.next_attempt_at, waiting.c.id)
        .limit(limit)
    )


def endpoints_of(session: Session, messages: Sequence[ClaimedMessage]) -> list[tuple[Endpoint, list[ClaimedMessage]]]:
    """Return each endpoint that messages go to with its own, in the order of the messages."""
    keys = dict.fromkeys((each.municipality_id, each.webhook_id) for each in messages)
    rows = session.execute(
        select(Webhook.municipality_id, Webhook.id, Webhook.url, Webhook.sealed_secret).where(
            tuple_(Webhook.municipality_id, Webhook.id).in_(list(keys))
        )
    )
    known = {
        (row[0], row[1]): Endpoint(municipality_id=row[0], webhook_id=row[1], url=row[2], sealed_secret=row[3])
        for row in rows
    }
    return [
        (known[key], [each for each in messages if (each.municipality_id, each.webhook_id) == key])
        for key in keys
        if key in known
    ]


def release_messages(session: Session, messages: Sequence[ClaimedMessage]) -> None:
    """Give back messages that were not tried, as if they had never been claimed. Safe to repeat."""
    for each in messages:
        session.execute(
            update(WebhookMessage)
            .where(WebhookMessage.municipality_id == each.municipality_id, WebhookMessage.id == each.message_id)
            .where(WebhookMessage.fence == each.fence)
            .values(status=HookStatus.QUEUED, lease_until=None, fence=None, attempts=WebhookMessage.attempts - 1)
            .execution_options(synchronize_session=False)
        )


def tidy_messages(session: Session, now: datetime) -> int:
    """Give up what waits too long for a paused endpoint; return how many. Drop what ended long ago.

    What has waited since nothing ran here at all is not given up: nobody has tried it yet.
    """
    paused = select(Webhook.municipality_id, Webhook.id).where(Webhook.paused_at.is_not(None))
    given_up = session.scalars(
        update(WebhookMessage)
        .where(WebhookMessage.status.in_(OPEN_MESSAGE), WebhookMessage.happened_at <= now - GIVE_UP_AFTER)
        .where(or_(WebhookMessage.lease_until.is_(None), WebhookMessage.lease_until <= now))
        .where(tuple_(WebhookMessage.municipality_id, WebhookMessage.webhook_id).in_(paused))
        .values(status=HookStatus.GIVEN_UP, finished_at=now, lease_until=None, fence=None, outcome=_PAUSED)
        .returning(WebhookMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.execute(
        delete(WebhookMessage)
        .where(WebhookMessage.finished_at <= now - KEPT)
        .execution_options(synchronize_session=False)
    )
    return len(given_up)


def note_delivered(session: Session, claimed: ClaimedMessage, outcome: str, now: datetime) -> None:
    """Write that the endpoint has a message: that counts whoever holds the lease by now."""
    message, hook = _both(session, claimed)
    if message is not None and message.status in OPEN_MESSAGE:
        message.status, message.finished_at = HookStatus.DELIVERED, now
        message.lease_until, message.fence, message.outcome, message.tried_at = None, None, outcome, now
    if hook is not None:
        hook.failures, hook.failing_since_at, hook.rests_until, hook.last_delivered_at = 0, None, None, now


def note_failed(session: Session, claimed: ClaimedMessage, outcome: str, now: datetime) -> tuple[bool, Webhook | None]:
    """Write that a try failed; return whether the message is given up with it, and the endpoint.

    Changes nothing of a message whose lease was lost: it is another sender's now.
    """
    message, hook = _both(session, claimed)
    is_given_up = False
    if message is not None and message.fence == claimed.fence:
        later = next_try(message.attempts, now)
        message.lease_until, message.fence, message.outcome, message.tried_at = None, None, outcome, now
        message.status = HookStatus.QUEUED if later else HookStatus.GIVEN_UP
        message.next_attempt_at, message.finished_at = later or now, None if later else now
        is_given_up = later is None
    if hook is not None:
        hook.failures += 1
        hook.failing_since_at = hook.failing_since_at or now
        hook.rests_until = rest_until(hook.failures, now)
    return is_given_up, hook


def _both(session: Session, claimed: ClaimedMessage) -> tuple[WebhookMessage | None, Webhook | None]:
    """The message and its endpoint, locked; None for what has been removed meanwhile."""
    hook = session.scalars(select(Webhook).where(Webhook.id == claimed.webhook_id).with_for_update()).one_or_none()
    message = session.scalars(
        select(WebhookMessage).where(WebhookMessage.id == claimed.message_id).with_for_update()
    ).one_or_none()
    return message, hook


def paused_endpoints(session: Session) -> list[tuple[str, datetime]]:
    """Return host and time of the municipality's paused endpoints, the longest paused first."""
    rows = session.execute(
        select(Webhook.url, Webhook.paused_at).where(Webhook.paused_at.is_not(None)).order_by(Webhook.paused_at)
    )
    return [(urlsplit(url).hostname or "", paused_at) for url, paused_at in rows if paused_at is not None]


def waiting_tests(session: Session) -> list[str]:
    """Return the ids of the tests that wait to be sent, across all."""
    tests = select(WebhookMessage.id).where(WebhookMessage.event == HookEvent.TEST)
    return list(session.scalars(tests.where(WebhookMessage.status.in_(OPEN_MESSAGE))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Every municipality's endpoints in counts: all, those that have taken nothing so far, and messages on the way."""

    endpoints: int
    untried: int
    waiting: int


def following_endpoints(session: Session) -> Following:
    """Count the endpoints, across all."""
    taken = session.scalars(select(Webhook.last_delivered_at)).all()
    waiting = session.scalar(
        select(func.count()).select_from(WebhookMessage).where(WebhookMessage.status.in_(OPEN_MESSAGE))
    )
    return Following(endpoints=len(taken), untried=taken.count(None), waiting=waiting or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailing:
    """A municipality's endpoints that need a person: paused, failing for long, and messages given up of late."""

    municipality: str
    paused: int
    failing: int
    given_up: int


def ailing_endpoints(session: Session, *, failing_before: datetime, given_up_since: datetime) -> list[Ailing]:
    """Return the municipalities whose endpoints need a person, by name, across all."""
    hooks = session.execute(
        select(Municipality.name, Webhook.paused_at, Webhook.failing_since_at)
        .join(Municipality, Municipality.id == Webhook.municipality_id)
        .where(or_(Webhook.paused_at.is_not(None), Webhook.failing_since_at <= failing_before))
    ).all()
    lost = session.execute(
        select(Municipality.name, func.count())
        .select_from(WebhookMessage)
        .join(Municipality, Municipality.id == WebhookMessage.municipality_id)
        .where(WebhookMessage.status == HookStatus.GIVEN_UP, WebhookMessage.finished_at >= given_up_since)
        .group_by(Municipality.name)
    ).all()
    counts = {row[0]: int(row[1]) for row in lost}
    return [
        Ailing(
            municipality=name,
            paused=sum(row[0] == name and row[1] is not None for row in hooks),
            failing=sum(row[0] == name and row[1] is None for row in hooks),
            given_up=counts.get(name, 0),
        )
        for name in sorted({row[0] for row in hooks} | counts.keys())
    ]
