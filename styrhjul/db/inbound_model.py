"""The tables of mail that came in: what belongs to a municipality, and what nobody can tell whose it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, new_id, owned, stored_enum, within
from styrhjul.domain.inbound import InboundKind


class InboundMail(Row, Base):
    """One mail that came in. It is an official document once it is here: nothing of it is changed.

    Only a decision of the municipality's empties its text and its bytes: `retention_write`.
    """

    __tablename__ = "inbound_mail"
    __table_args__ = (
        owned(),
        within("mail", "mail_id"),
        within("case", "case_id"),
        within("mail", "forwarded_in_id"),
        #: The same bytes twice are one mail: a server that lost our answer sends them again.
        UniqueConstraint("municipality_id", "sha256"),
        Index("ix_inbound_mail_received_at", "municipality_id", "received_at"),
    )

    received_at: Mapped[datetime]
    kind: Mapped[InboundKind] = mapped_column(stored_enum(InboundKind))
    #: Swedish: how the kind was told, and what was done about it.
    reason: Mapped[str]
    effect: Mapped[str]
    sender: Mapped[str]
    #: The address it was taken for.
    recipient: Mapped[str]
    subject: Mapped[str]
    message_id: Mapped[str]
    #: What a person wrote or a server said, without any link that works.
    text: Mapped[str]
    #: The mail of ours that it answers or reports on, and the case where that is known by its thread alone.
    mail_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    case_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    #: The mail in which it went on to the registrar.
    forwarded_in_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    #: The bytes as they came, encrypted with a key that is not in the database: they may quote a link that works.
    sealed_bytes: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


class StrayMail(Base):
    """One mail that came in and that no municipality can be told from, for whoever runs the installation."""

    __tablename__ = "stray_mail"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    received_at: Mapped[datetime]
    kind: Mapped[InboundKind] = mapped_column(stored_enum(InboundKind))
    reason: Mapped[str]
    sender: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    sealed_bytes: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
