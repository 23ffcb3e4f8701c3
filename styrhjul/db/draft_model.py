"""The table of drafts: what stands in a form that nobody has handed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, within


class Draft(Row, Base):
    """One form as it was last saved, of one office: whoever holds the office next goes on with it."""

    __tablename__ = "draft"
    __table_args__ = (
        owned(),
        within("case", "case_id"),
        within("post", "post_id"),
        UniqueConstraint("municipality_id", "case_id", "post_id", "form_id"),
    )

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    post_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: The form's random id; the answer that it becomes has the same.
    form_id: Mapped[str] = mapped_column(String(64))
    #: The fields, encrypted with a key that is not in the database: nothing in them has been handed in.
    sealed_fields: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]
