"""The table of the municipalities' own Word templates, one each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import Base, Row, owned


class WordTemplate(Row, Base):
    """What a municipality's Word files are dressed in: a stranger's file, opened behind a locked door alone."""

    __tablename__ = "word_template"
    __table_args__ = (owned(), UniqueConstraint("municipality_id"))

    #: As it is shown and saved; never a path.
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
