"""The table of decisions to dispose of texts: without a row for a kind, everything of it is kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import Base, Row, owned, stored_enum
from styrhjul.domain.retention import Kept


class RetentionRule(Row, Base):
    """One kind of text, kept so many years and no longer, by a decision of the municipality's."""

    __tablename__ = "retention_rule"
    __table_args__ = (owned(), UniqueConstraint("municipality_id", "kept"))

    kept: Mapped[Kept] = mapped_column(stored_enum(Kept))
    years: Mapped[int]
    decision_number: Mapped[str]
    decided_on: Mapped[date]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
