"""The table of orders: what a person has asked for that takes longer than a page may, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, stored_enum


class OrderKind(StrEnum):
    """What is made. Keys are permanent."""

    CHAPTER = "chapter"  # wanted.year, wanted.format
    AUDIT_PACK = "audit_pack"  # wanted.policy
    RECORDS = "records"  # wanted.first, wanted.last: days, both included
    EXPORT = "export"
    POLICY_BATCH = "policy_batch"  # wanted.files, wanted.sha256; once picked from also wanted.pick, wanted.by


class OrderStatus(StrEnum):
    """How far an order has come. One that is cancelled, fetched no more or too old has no row."""

    QUEUED = "queued"
    MAKING = "making"  # leased
    DONE = "done"
    FAILED = "failed"


OPEN_ORDER = (OrderStatus.QUEUED, OrderStatus.MAKING)


class Order(Row, Base):
    """One thing to make, placed with its journal line. The row is the queue, the lease and the result."""

    __tablename__ = "order"
    __table_args__ = (owned(), Index("ix_order_status_placed_at", "status", "placed_at"))

    kind: Mapped[OrderKind] = mapped_column(stored_enum(OrderKind))
    #: What people call it.
    title: Mapped[str]
    wanted: Mapped[dict[str, str]]
    placed_by: Mapped[str]
    placed_at: Mapped[datetime]
    status: Mapped[OrderStatus] = mapped_column(stored_enum(OrderStatus))
    percent: Mapped[int] = mapped_column(default=0)
    #: Raised before the work: an order that kills us is counted all the same.
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    #: Random per lease; what comes under another fence is refused.
    fence: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    finished_at: Mapped[datetime | None]
    #: The last day on which it is here, from when it is finished.
    kept_until: Mapped[date | None]
    #: Why there is no file; Swedish.
    fault: Mapped[str | None]
    #: What it is made of where that was sent: files, packed. Gone when it is made, or given up.
    given: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    #: The file: all five or none.
    name: Mapped[str | None]
    media_type: Mapped[str | None]
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
