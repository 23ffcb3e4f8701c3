"""The tables of files that came with an answer, and of which version holds which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, within


class Attachment(Row, Base):
    """A file of an office, first of a draft; once it has been handed in with an answer it stays."""

    __tablename__ = "attachment"
    __table_args__ = (
        owned(),
        within("case", "case_id"),
        within("post", "post_id"),
        UniqueConstraint("municipality_id", "case_id", "post_id", "form_id", "sha256"),
    )

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    post_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: The form that it was sent with.
    form_id: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    media_type: Mapped[str]
    #: As it is shown and saved; never a path.
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sent_at: Mapped[datetime]
    #: When it was first handed in, with an answer that stands or came second. None = it can still be taken away.
    received_at: Mapped[datetime | None]


class AnswerAttachment(Row, Base):
    """That a version of an answer holds a file; a later version may hold the same one."""

    __tablename__ = "answer_attachment"
    __table_args__ = (
        owned(),
        within("answer", "answer_id"),
        within("attachment", "attachment_id"),
        UniqueConstraint("municipality_id", "answer_id", "position"),
        Index("ix_answer_attachment_municipality_id_attachment_id", "municipality_id", "attachment_id"),
    )

    answer_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    attachment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: In the order they were added, from 1.
    position: Mapped[int]
