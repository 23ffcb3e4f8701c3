"""The table of what is open to all: a municipality with a row here lets anybody read its promises."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from styrhjul.db.model import Base, OfMunicipality, owned


class Publication(OfMunicipality, Base):
    """The municipality's promises and how they go are public since then, by somebody who had seen what becomes so."""

    __tablename__ = "publication"
    __table_args__ = (owned(),)

    published_by: Mapped[str]
    published_at: Mapped[datetime]
