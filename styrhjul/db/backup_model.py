"""The table of backups, for whoever asks how old the newest is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, new_id


class Backup(Base):
    """One backup of the whole database: when it was made, and its size."""

    __tablename__ = "backup"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    made_at: Mapped[datetime]
    bytes: Mapped[int] = mapped_column(BigInteger)
