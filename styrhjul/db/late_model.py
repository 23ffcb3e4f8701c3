"""The table of late mails that a person has been told of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, within


class LateTelling(Row, Base):
    """A mail that no server had taken for a day, and the mail in which a person was told of it: once for each."""

    __tablename__ = "late_telling"
    __table_args__ = (
        owned(),
        within("mail", "mail_id"),
        within("mail", "told_in_id"),
        UniqueConstraint("municipality_id", "mail_id"),
        Index("ix_late_telling_told_in_id", "municipality_id", "told_in_id"),
    )

    mail_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    told_in_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    told_at: Mapped[datetime]
