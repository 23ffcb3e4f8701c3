"""The tables of mail: the outbox, what each mail carries, every attempt, and the links that answer."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ColumnElement, Index, LargeBinary, String, UniqueConstraint, func, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, stored_enum, within


class MailStatus(StrEnum):
    """Where a mail is on its way."""

    QUEUED = "queued"
    SENDING = "sending"  # leased; `data_started_at` tells whether the server may have it
    ACCEPTED = "accepted"
    FAILED = "failed"  # refused for good, or given up
    CANCELLED = "cancelled"  # what it said no longer held
    NOT_RESENT = "not_resent"  # uncertain, and what it said no longer holds
    QUARANTINED = "quarantined"
    BOUNCED = "bounced"  # accepted by our relay, and given up by a server behind it


#: What is on its way.
OPEN_MAIL = (MailStatus.QUEUED, MailStatus.SENDING)
FINAL_MAIL = frozenset(MailStatus) - frozenset(OPEN_MAIL)
#: What did not arrive, as far as anybody knows.
LOST_MAIL = (MailStatus.FAILED, MailStatus.BOUNCED)


#: The key of a mail that passes a reply on to the registrar; it has no template pair in `templates/emails`.
PASSED_ON = "passed_on"


class Mail(Row, Base):
    """The outbox. Bytes, Message-ID and Date are fixed when it is composed; a retry sends the same bytes."""

    __tablename__ = "mail"
    __table_args__ = (
        owned(),
        within("post", "post_id"),
        UniqueConstraint("message_id"),
        #: One mail per mailbox and day; receipts have no `digest_on` and are not counted.
        UniqueConstraint("municipality_id", "address", "digest_on", name="uq_mail_mailbox_day"),
        Index("ix_mail_status_next_attempt_at", "status", "next_attempt_at"),
        #: Mails that wait, as streams: `turn` counts these and takes from them.
        Index(
            "ix_mail_queued",
            *("municipality_id", "to_domain", "next_attempt_at", "id"),
            postgresql_where=text("status = 'queued'"),
            sqlite_where=text("status = 'queued'"),
        ),
    )

    #: The template pair it was written from.
    key: Mapped[str]
    #: None: for somebody who signs in, whatever office they hold.
    post_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    appointment_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    #: Whose mailbox it is written for, also on trial.
    address: Mapped[str]
    #: Where it leaves instead while the municipality is on trial; it then counts for nobody.
    trial_to: Mapped[str | None]
    #: The domain of `goes_to`, in small letters; empty in a mail that the version before 20261123_stream_mails wrote.
    to_domain: Mapped[str] = mapped_column(server_default="")
    return_path: Mapped[str]
    subject: Mapped[str]
    message_id: Mapped[str]
    digest_on: Mapped[date | None]
    composed_at: Mapped[datetime]
    #: The bytes as they leave, encrypted with a key that is not in the database; gone once the outcome is final.
    sealed_bytes: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The bytes with every link's token replaced by a mark; written when the outcome is final.
    redacted: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: SHA-256 of the bytes as they leave.
    sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[MailStatus] = mapped_column(stored_enum(MailStatus))
    #: Raised before the work: a mail that kills us is counted all the same.
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    #: Random per lease; an outcome under another fence is refused.
    fence: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    data_started_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    finished_at: Mapped[datetime | None]

    @hybrid_property
    def goes_to(self) -> str:
        """The mailbox it leaves to: the reader's, or on trial the one that gets everything."""
        return self.trial_to or self.address

    @goes_to.inplace.expression
    @classmethod
    def _goes_to(cls) -> ColumnElement[str]:
        return func.coalesce(cls.trial_to, cls.address)


class MailItem(Row, Base):
    """A notice as it stands in a mail; receipts carry an answer instead."""

    __tablename__ = "mail_item"
    __table_args__ = (owned(), within("mail", "mail_id"), within("case", "case_id"), within("notice", "notice_id"))

    mail_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    notice_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    #: The days the mail names, ISO, each in its place (`named_days`); None: a receipt, a line shared, an older mail.
    named_days: Mapped[list[str | None] | None] = mapped_column(JSON(none_as_null=True))


class AttemptOutcome(StrEnum):
    """How one try to send ended."""

    ACCEPTED = "accepted"
    RETRY = "retry"  # 4xx, or cut off before the server could have it
    REFUSED = "refused"  # 5xx about this mail or address
    UNCERTAIN = "uncertain"  # cut off after the data: the server may have it
    BOUNCED = "bounced"  # a server behind ours gave up; stands beside the accepted one


class MailAttempt(Row, Base):
    """One try, append-only. An accepted one counts even if the lease was lost: nobody sends that mail again."""

    __tablename__ = "mail_attempt"
    __table_args__ = (
        owned(),
        within("mail", "mail_id"),
        Index("ix_mail_attempt_mail_id_outcome", "municipality_id", "mail_id", "outcome"),
    )

    mail_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    tried_at: Mapped[datetime]
    outcome: Mapped[AttemptOutcome] = mapped_column(stored_enum(AttemptOutcome))
    reply: Mapped[str]


class AnswerLink(Row, Base):
    """A capability for one form: one case and post, while the same appointment holds it. Only the hash is kept."""

    __tablename__ = "answer_link"
    __table_args__ = (
        owned(),
        within("case", "case_id"),
        within("post", "post_id"),
        within("appointment", "appointment_id"),
        UniqueConstraint("token_sha256"),
    )

    token_sha256: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    post_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    appointment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    mail_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Channel(Base):
    """A way out, or one sender's share of it: closed for a while when refused, so that no mail is blamed for it."""

    __tablename__ = "channel"

    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    closed_until: Mapped[datetime | None]
    reason: Mapped[str | None]


class MailBucket(Base):
    """How many mails may leave to one recipient domain, or from one municipality, at this moment."""

    __tablename__ = "mail_bucket"

    #: `domain:` and the domain, `municipality:` and the id, or `all`, which whoever claims locks first.
    name: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float] = mapped_column(default=0.0)
    filled_at: Mapped[datetime]
    #: A domain that was slow waits until then, so that it holds up nobody else.
    rests_until: Mapped[datetime | None]


class MailLine(Base):
    """A sender that has a line to the mail server, or is about to; one that says nothing for a while has hung up."""

    __tablename__ = "mail_line"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    held_until: Mapped[datetime]
