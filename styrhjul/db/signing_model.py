"""The keys that sign a municipality's mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import Base, Row, owned


class SigningKey(Row, Base):
    """A DKIM key. It is made first, published by people, and signs only once they say that it stands in the DNS."""

    __tablename__ = "signing_key"
    __table_args__ = (owned(), UniqueConstraint("municipality_id", "selector"))

    #: In ASCII: the sender's own.
    domain: Mapped[str]
    selector: Mapped[str]
    #: A value of `mail.signature.Algorithm`.
    algorithm: Mapped[str]
    #: The private key, encrypted with a key that is not in the database.
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    #: At most one of a municipality's.
    is_active: Mapped[bool] = mapped_column(default=False)
