"""The tables that steer the course of cases: a municipality's own ladders, and what people have registered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, Row, owned, stored_enum, within
from styrhjul.domain.answer import Attainment
from styrhjul.domain.rung import Anchor, Audience, Unit


class LadderOverride(Row, Base):
    """One rung as the municipality wants it, for a lifecycle everywhere or in one policy. None = as declared."""

    __tablename__ = "ladder_override"
    __table_args__ = (
        owned(),
        within("policy", "policy_id"),
        UniqueConstraint("municipality_id", "lifecycle", "policy_id", "rung"),
        # Nulls are never equal to a unique constraint.
        Index(
            "uq_ladder_override_everywhere",
            "municipality_id",
            "lifecycle",
            "rung",
            unique=True,
            sqlite_where=text("policy_id IS NULL"),
            postgresql_where=text("policy_id IS NULL"),
        ),
    )

    lifecycle: Mapped[str]
    policy_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    rung: Mapped[str]
    anchor: Mapped[Anchor | None] = mapped_column(stored_enum(Anchor))
    days: Mapped[int | None]
    unit: Mapped[Unit | None] = mapped_column(stored_enum(Unit))
    audience: Mapped[Audience | None] = mapped_column(stored_enum(Audience))
    email: Mapped[str | None]
    #: How many times the rung is sent at most; 0 = never.
    cap: Mapped[int | None]
    #: Days between the times, in the same unit.
    every: Mapped[int | None]


class ActionPlan(Row, Base):
    """A plan that a body has said it has: what a duty about "the plans that exist" binds."""

    __tablename__ = "action_plan"
    __table_args__ = (owned(), within("policy", "policy_id"), within("body", "body_id"), within("answer", "answer_id"))

    policy_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    body_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: The answer that registered it.
    answer_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    title: Mapped[str]
    responsible: Mapped[str | None]
    decided_on: Mapped[date | None]
    registered_on: Mapped[date]
    #: Set by the next answer, which has rows of its own for the plans that still hold.
    ended_on: Mapped[date | None]


class Project(Row, Base):
    """A project or activity as one answer tells of it, with how it went."""

    __tablename__ = "project"
    __table_args__ = (
        owned(),
        within("answer", "answer_id"),
        UniqueConstraint("municipality_id", "answer_id", "position"),
    )

    answer_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    position: Mapped[int]
    title: Mapped[str]
    responsible: Mapped[str | None]
    attainment: Mapped[Attainment] = mapped_column(stored_enum(Attainment))
    analysis: Mapped[str]


class Referral(Row, Base):
    """A draft sent to one body for its opinion, with the day it is wanted by."""

    __tablename__ = "referral"
    __table_args__ = (
        owned(),
        within("policy", "policy_id"),
        within("case", "case_id"),
        within("body", "body_id"),
        UniqueConstraint("municipality_id", "case_id", "body_id", "sent_on"),
    )

    policy_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: The revision it belongs to.
    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    body_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    sent_on: Mapped[date]
    due_on: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]
