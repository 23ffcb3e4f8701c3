"""The tables of calendars: what they have been told of a case, and the links that are subscribed to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, OfMunicipality, Row, owned, within


class CalendarEntry(OfMunicipality, Base):
    """What a post's mails have last told calendars about a case: a later mail takes its place, or takes it back."""

    __tablename__ = "calendar_entry"
    __table_args__ = (owned(), within("case", "case_id"), within("post", "post_id"))

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    post_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    #: Grows whenever a day moves, and when the case has ended (RFC 5545, 3.8.7.4).
    sequence: Mapped[int]
    due_on: Mapped[date]
    #: The papers' day as it was last told of; `has_papers` says whether it still stands.
    papers_on: Mapped[date | None]
    has_papers: Mapped[bool]
    meeting_on: Mapped[date | None]
    is_ended: Mapped[bool]
    told_at: Mapped[datetime]


class CalendarLink(Row, Base):
    """A capability to read one post's days, whoever holds it. Only the hash of its token is kept."""

    __tablename__ = "calendar_link"
    __table_args__ = (owned(), within("post", "post_id"), UniqueConstraint("token_sha256"))

    token_sha256: Mapped[str] = mapped_column(String(64))
    post_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class PolicyCalendarLink(Row, Base):
    """The same for the days of one policy, whoever is asked."""

    __tablename__ = "policy_calendar_link"
    __table_args__ = (owned(), within("policy", "policy_id"), UniqueConstraint("token_sha256"))

    token_sha256: Mapped[str] = mapped_column(String(64))
    policy_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
