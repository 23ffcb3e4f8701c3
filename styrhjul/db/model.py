"""The tables of people, bodies and documents, and the base every table stands on.

Every row of a municipality carries its `municipality_id`, which is part of the primary key and of every foreign key: a
row cannot point into another municipality.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from styrhjul.db.identity import draw_id
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.office import PostRole
from styrhjul.domain.practice import FirstYearGoals
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Confidence, Modality

ID_LENGTH = 32


def new_id() -> str:
    """Return 128 random bits in hex: ids reveal neither order nor number."""
    return draw_id()


class Utc(TypeDecorator[datetime]):
    """An aware UTC moment. SQLite keeps it naive; nothing naive comes in or out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment with ValueError, turn the others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back the zone that SQLite does not keep."""
        del dialect
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def stored_enum(kind: type[StrEnum]) -> Enum:
    """Return a column type that stores the enum's value as text, without a database type to migrate."""
    return Enum(
        kind, native_enum=False, create_constraint=False, length=40, values_callable=lambda e: [m.value for m in e]
    )


class Base(DeclarativeBase):
    """Named constraints everywhere, so that migrations can change them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: String(),
        datetime: Utc(),
        dict[str, Any]: JSON(),
        dict[str, str]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
    }


class Municipality(Base):
    """One municipality. Everything else belongs to one."""

    __tablename__ = "municipality"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: The first day Styrhjul follows anything here; earlier periods are recorded, never chased.
    starts_on: Mapped[date]
    chief_executive_title: Mapped[str] = mapped_column(default="kommunchef")
    sender_address: Mapped[str]
    #: Replies go to the registrar.
    reply_to: Mapped[str]
    #: The office that answers questions by telephone, as the mails give it; None: mails name the registrar alone.
    phone: Mapped[str | None]
    #: Mails leave only after the coordinator has seen the forecast and released them.
    released_at: Mapped[datetime | None]
    #: How the municipality works, as `domain.practice.Practice` says it.
    digest_weekday: Mapped[int] = mapped_column(default=2, server_default="2")
    rest_months: Mapped[list[int]] = mapped_column(default=lambda: [7], server_default="[7]")
    office_opens: Mapped[time] = mapped_column(default=time(8), server_default="08:00:00")
    office_closes: Mapped[time] = mapped_column(default=time(17), server_default="17:00:00")
    first_year_goals: Mapped[FirstYearGoals] = mapped_column(
        stored_enum(FirstYearGoals), default=FirstYearGoals.NEW_COMMITTEE, server_default="new_committee"
    )
    currency_review: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: What the municipality calls the day, by its ISO date.
    free_days: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")
    is_example: Mapped[bool] = mapped_column(default=False)
    #: New whenever a row of the register changes; written by the database itself, see register_trigger.
    register_version: Mapped[str] = mapped_column(String(ID_LENGTH), default=new_id, server_default="")


class OfMunicipality:
    """Mixed into every table whose rows belong to a municipality: sessions see only their own."""

    municipality_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, sort_order=-2)


class Row(OfMunicipality):
    """A row with a random id; its key is (municipality, id), in that order."""

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id, sort_order=-1)


def within(target: str, column: str, *, name: str | None = None) -> ForeignKeyConstraint:
    """Return a foreign key that cannot leave the municipality."""
    return ForeignKeyConstraint(["municipality_id", column], [f"{target}.municipality_id", f"{target}.id"], name=name)


def owned() -> ForeignKeyConstraint:
    """Return the foreign key to the municipality itself."""
    return ForeignKeyConstraint(["municipality_id"], ["municipality.id"])


class Body(Row, Base):
    """An organisation in Popolo's sense: council, board, committee, company, administration."""

    __tablename__ = "body"
    __table_args__ = (owned(), UniqueConstraint("municipality_id", "slug"))

    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[BodyKind] = mapped_column(stored_enum(BodyKind))
    #: The committee an administration answers through.
    answers_through_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    #: For a company: the decision by which the municipality's policies bind it; without one it is not asked.
    bound_by: Mapped[str | None]
    dissolved_on: Mapped[date | None]


class TermStart(Row, Base):
    """The first day of a body's term where the municipality has decided another than the law's or the usual one."""

    __tablename__ = "term_start"
    __table_args__ = (owned(), within("body", "body_id"), UniqueConstraint("municipality_id", "body_id", "starts_on"))

    body_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    starts_on: Mapped[date]


class Meeting(Row, Base):
    """A day on which a body meets and can decide."""

    __tablename__ = "meeting"
    __table_args__ = (owned(), within("body", "body_id"), UniqueConstraint("municipality_id", "body_id", "meets_on"))

    body_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    meets_on: Mapped[date]


class Post(Row, Base):
    """A function in a body. It stays when its holder goes."""

    __tablename__ = "post"
    __table_args__ = (
        owned(),
        within("body", "body_id"),
        UniqueConstraint("municipality_id", "body_id", "role", "title"),
    )

    body_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    role: Mapped[PostRole] = mapped_column(stored_enum(PostRole))
    title: Mapped[str]
    #: Set when an import no longer lists it: nobody is written to there.
    ended_on: Mapped[date | None]


class Person(Row, Base):
    """Somebody who holds posts. Name, work address, language: nothing more."""

    __tablename__ = "person"
    __table_args__ = (owned(), UniqueConstraint("municipality_id", "key"))

    #: The municipality's own key for the person in its imports.
    key: Mapped[str]
    name: Mapped[str]
    address: Mapped[str | None]
    #: Set when the address has been refused for good; nothing is sent to it again.
    address_blocked_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(default="sv")


class Appointment(Row, Base):
    """A person holds a post from one day to another, both included."""

    __tablename__ = "appointment"
    __table_args__ = (
        owned(),
        within("post", "post_id"),
        within("person", "person_id"),
        UniqueConstraint("municipality_id", "post_id", "person_id", "starts_on"),
    )

    post_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Policy(Row, Base):
    """A governing document through all its editions."""

    __tablename__ = "policy"
    __table_args__ = (owned(), within("body", "adopted_by_id"), UniqueConstraint("municipality_id", "slug"))

    slug: Mapped[str]
    title: Mapped[str]
    document_type: Mapped[str | None]
    #: The body whose term of office starts a revision.
    adopted_by_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    owner_post_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    starts_on: Mapped[date]
    repealed_on: Mapped[date | None]
    #: Its mails leave only after the coordinator has seen the forecast and released them.
    released_at: Mapped[datetime | None]


class Edition(Row, Base):
    """The adopted text, word for word, with what it states about itself. None = the text does not state it."""

    __tablename__ = "edition"
    __table_args__ = (
        owned(),
        within("policy", "policy_id"),
        UniqueConstraint("municipality_id", "policy_id", "sha256"),
    )

    policy_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    municipality_name: Mapped[str | None]
    adopted_by: Mapped[str | None]
    adopted_on: Mapped[date | None]
    first_adopted: Mapped[str | None]
    paragraph: Mapped[str | None]
    diary_number: Mapped[str | None]
    version: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    last_revised_on: Mapped[date | None]
    document_owner: Mapped[str | None]
    replaces: Mapped[str | None]
    imported_at: Mapped[datetime]
    superseded_on: Mapped[date | None]
    #: Where each page of the file begins in the text, the first at its own; None for a file without pages.
    pages: Mapped[list[int] | None]


class DutyStatus(StrEnum):
    """Whether a person stands behind a duty."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Duty(Row, Base):
    """What a sentence of an edition binds somebody to. `quote` is text[start:end] of the edition."""

    __tablename__ = "duty"
    __table_args__ = (owned(), within("edition", "edition_id"), within("policy", "policy_id"))

    policy_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    edition_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    quote: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    actor: Mapped[str | None]
    modality: Mapped[Modality] = mapped_column(stored_enum(Modality))
    action_kind: Mapped[ActionKind] = mapped_column(stored_enum(ActionKind))
    artefact: Mapped[str | None]
    recurrence: Mapped[str | None]
    deadline: Mapped[str | None]
    goal_min: Mapped[int | None]
    goal_max: Mapped[int | None]
    condition: Mapped[str | None]
    addressees: Mapped[list[str]]
    confidence: Mapped[Confidence] = mapped_column(stored_enum(Confidence))
    reason: Mapped[str]
    status: Mapped[DutyStatus] = mapped_column(stored_enum(DutyStatus))
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    holder: Mapped[Holder] = mapped_column(stored_enum(Holder))
    #: The lifecycle that follows it; None = it is shown and never asked about.
    lifecycle: Mapped[str | None]
    #: It binds those who have a registered action plan, and nobody else.
    of_plans: Mapped[bool] = mapped_column(default=False, server_default=false())


class DutyBody(Row, Base):
    """A body that a duty binds."""

    __tablename__ = "duty_body"
    __table_args__ = (
        owned(),
        within("duty", "duty_id"),
        within("body", "body_id"),
        UniqueConstraint("municipality_id", "duty_id", "body_id"),
    )

    duty_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    body_id: Mapped[str] = mapped_column(String(ID_LENGTH))


class UserRole(StrEnum):
    """What a signed-in person may do."""

    COORDINATOR = "coordinator"
    DOCUMENT_OWNER = "document_owner"
    CHIEF_EXECUTIVE = "chief_executive"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"  # of the installation, for a while and with a reason; no user has it


class User(Row, Base):
    """Somebody who will sign in. Answering a link needs no user."""

    __tablename__ = "user"
    __table_args__ = (owned(), UniqueConstraint("municipality_id", "address"))

    address: Mapped[str]
    name: Mapped[str]
    #: Values of UserRole, in its order: in a small municipality one person is several things.
    roles: Mapped[list[str]] = mapped_column(server_default="[]")
