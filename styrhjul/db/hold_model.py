"""The table that says that nothing leaves by itself for now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import Base


class Hold(Base):
    """One row while the installation is held: what was written before `since` stays, and nothing new is composed."""

    __tablename__ = "hold"

    #: Always the same word, so that there is never more than one.
    name: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    reason: Mapped[str]
    by: Mapped[str]
