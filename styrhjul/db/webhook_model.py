"""The tables of webhooks: where other systems are told, and the outbox of what they are told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, stored_enum, within
from styrhjul.domain.webhook import HookEvent


class Webhook(Row, Base):
    """An endpoint of another system, registered by the municipality, and how it has been doing."""

    __tablename__ = "webhook"
    __table_args__ = (owned(), UniqueConstraint("municipality_id", "url"))

    url: Mapped[str]
    #: Values of HookEvent, in its order.
    events: Mapped[list[str]]
    #: What messages are signed with, encrypted with a key that is not in the database; shown to a person once.
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    #: In a row, since it last took something.
    failures: Mapped[int] = mapped_column(default=0)
    failing_since_at: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    #: Nothing leaves until a person lets it go on; what happens meanwhile waits.
    paused_at: Mapped[datetime | None]
    last_delivered_at: Mapped[datetime | None]


class HookStatus(StrEnum):
    """Where a message is on its way."""

    QUEUED = "queued"
    SENDING = "sending"  # leased
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


OPEN_MESSAGE = (HookStatus.QUEUED, HookStatus.SENDING)


class WebhookMessage(Row, Base):
    """One event for one endpoint, written with the state and the journal line it tells of. A retry has the same id."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        owned(),
        within("webhook", "webhook_id"),
        within("case", "case_id"),
        Index("ix_webhook_message_status_next_attempt_at", "status", "next_attempt_at"),
        Index("ix_webhook_message_webhook_id", "municipality_id", "webhook_id"),
    )

    webhook_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    event: Mapped[HookEvent] = mapped_column(stored_enum(HookEvent))
    #: None: a test.
    case_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    happened_at: Mapped[datetime]
    #: What the body holds but its link: fixed when the event happens.
    content: Mapped[dict[str, Any]]
    status: Mapped[HookStatus] = mapped_column(stored_enum(HookStatus))
    #: Raised before the work: a message that kills us is counted all the same.
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    #: Random per lease; an outcome under another fence is refused.
    fence: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    #: The HTTP status, or what stood in its way; never anything the endpoint wrote.
    outcome: Mapped[str | None]
    tried_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
