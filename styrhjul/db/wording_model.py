"""The table of a municipality's own words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import Base, Row, owned


class MailWording(Row, Base):
    """One part of a mail in the municipality's own words: a small text over names, checked before it was saved."""

    __tablename__ = "mail_wording"
    __table_args__ = (owned(), UniqueConstraint("municipality_id", "key", "language", "part"))

    #: The mail's key, or `all`.
    key: Mapped[str]
    language: Mapped[str]
    part: Mapped[str]
    text: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
    #: How often in a row it could not be written out; at three it is set aside.
    failures: Mapped[int] = mapped_column(default=0)
