"""The table of answers that were handed in when somebody else had just answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, within


class CompetingAnswer(Row, Base):
    """What came second: received and kept whole, though it did not become a version of the case's answer."""

    __tablename__ = "competing_answer"
    __table_args__ = (
        owned(),
        within("case", "case_id"),
        within("post", "post_id"),
        UniqueConstraint("municipality_id", "form_id", "beside_version"),
    )

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    post_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    form_id: Mapped[str] = mapped_column(String(64))
    #: The version that stood when it came.
    beside_version: Mapped[int]
    submitted_at: Mapped[datetime]
    signed_by: Mapped[str]
    #: Everything that was handed in, by the names of `answer_query.GivenAnswer`.
    content: Mapped[dict[str, Any]]
