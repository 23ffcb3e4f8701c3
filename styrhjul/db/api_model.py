"""The tables of the API: keys that programs call with, kept as hashes, and what a call with an idempotency key got."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, within


class Scope(StrEnum):
    """What a program may do with its key."""

    READ = "read"
    ANSWER = "answer"
    IMPORT = "import"


class ApiToken(Row, Base):
    """A key of one municipality's, for one program. Only the hash of its secret is kept."""

    __tablename__ = "api_token"
    __table_args__ = (owned(), UniqueConstraint("token_sha256"))

    #: SHA-256 of 256 random bits that only the program has.
    token_sha256: Mapped[str] = mapped_column(String(64))
    #: What the journal calls whoever uses it.
    name: Mapped[str]
    #: Values of Scope, in its order.
    scopes: Mapped[list[str]]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    #: Kept to the minute.
    last_used_at: Mapped[datetime | None]


class ApiRequest(Row, Base):
    """A call that changed something, by its idempotency key: the same again gets the same answer."""

    __tablename__ = "api_request"
    __table_args__ = (
        owned(),
        within("api_token", "token_id"),
        UniqueConstraint("municipality_id", "token_id", "key"),
        Index("ix_api_request_municipality_id_made_at", "municipality_id", "made_at"),
    )

    token_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    key: Mapped[str] = mapped_column(String(100))
    #: SHA-256 of what was asked: another question under the same key is refused.
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    content: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
