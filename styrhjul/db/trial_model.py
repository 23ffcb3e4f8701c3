"""The table of trial runs: a municipality with a row here is on trial."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from styrhjul.db.model import Base, OfMunicipality, owned


class Trial(OfMunicipality, Base):
    """Every mail of the municipality leaves to one address instead; only before its release."""

    __tablename__ = "trial"
    __table_args__ = (owned(),)

    to_address: Mapped[str]
    begun_by: Mapped[str]
    begun_at: Mapped[datetime]
