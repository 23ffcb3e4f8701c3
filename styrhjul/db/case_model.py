"""The tables of cases: the case, the days it wakes, the ledger of notices, the journal, and what was answered."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from styrhjul.db.model import ID_LENGTH, Base, OfMunicipality, Row, new_id, owned, stored_enum, within
from styrhjul.domain.answer import Attainment, Better, Trend
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.vocabulary import DueBasis


class Case(Row, Base):
    """One policy, lifecycle, body and period. Every date was computed when it opened and moves only by decision."""

    __tablename__ = "case"
    __table_args__ = (
        owned(),
        within("policy", "policy_id"),
        within("body", "body_id"),
        within("post", "assigned_post_id"),
        UniqueConstraint("municipality_id", "policy_id", "lifecycle", "body_id", "period", name="uq_case_round"),
        # Nulls are never equal to a unique constraint: the rounds that no policy asks for have an index of their own.
        Index(
            "uq_case_round_by_law",
            "municipality_id",
            "lifecycle",
            "body_id",
            "period",
            unique=True,
            sqlite_where=text("policy_id IS NULL"),
            postgresql_where=text("policy_id IS NULL"),
        ),
    )

    #: None where the law asks and no policy does: a handover.
    policy_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    lifecycle: Mapped[str]
    body_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: `2026`, a part of a year (`2026-T2`), or a day: the first of a term, of an interval, of a referral.
    period: Mapped[str]
    holder: Mapped[Holder] = mapped_column(stored_enum(Holder))
    state: Mapped[State] = mapped_column(stored_enum(State))
    opens_on: Mapped[date]
    opening_deferred_from: Mapped[date | None]
    due_on: Mapped[date]
    #: The meeting of the body that is asked, and the day of its papers.
    meeting_on: Mapped[date | None]
    agenda_on: Mapped[date | None]
    #: The meeting of the body that adopted the document, where that decides and another prepares.
    decides_on: Mapped[date | None]
    #: The day from which a meeting was aimed at: the opening, or the day more time was given.
    aimed_from_on: Mapped[date]
    #: The rule's own due day where a meeting moved it; None where the rule's day stands, or people decided one.
    rule_due_on: Mapped[date | None]
    #: The day that law sets, or whoever asked: no meeting moves the due day past it.
    limit_on: Mapped[date | None]
    #: Swedish: where the due day comes from, as people read it.
    due_source: Mapped[str]
    due_basis: Mapped[DueBasis] = mapped_column(stored_enum(DueBasis), default=DueBasis.DEFAULT)
    #: The next round takes over: the case ends then at the latest.
    lapses_on: Mapped[date]
    #: False for *bör* and *kan*: asked and reminded, never reported.
    is_binding: Mapped[bool] = mapped_column(default=True)
    #: The post that answers by decision, instead of the one that would have.
    assigned_post_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    #: The day of that decision: what anybody was told before it does not count for that post.
    assigned_on: Mapped[date | None]
    unreachable_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    #: Compare-and-set: whoever writes an older version is refused.
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CaseDuty(Row, Base):
    """A duty that a case rests on."""

    __tablename__ = "case_duty"
    __table_args__ = (
        owned(),
        within("case", "case_id"),
        within("duty", "duty_id"),
        UniqueConstraint("municipality_id", "case_id", "duty_id"),
    )

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    duty_id: Mapped[str] = mapped_column(String(ID_LENGTH))


class SubjectKind(StrEnum):
    """What wakes: a policy (to open cases) or a case (to climb)."""

    POLICY = "policy"
    CASE = "case"


class Wake(OfMunicipality, Base):
    """The next day the planner has something to say about a subject: derived, and the only thing a sweep reads.

    It holds nothing else, so that it can be read across municipalities without row security.
    """

    __tablename__ = "wake"
    __table_args__ = (
        owned(),
        Index("ix_wake_lifecycle_wake_on", "lifecycle", "wake_on"),
    )

    lifecycle: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(stored_enum(SubjectKind))
    wake_on: Mapped[date]


class Quarantine(Row, Base):
    """A subject or mail that failed by our own fault, set aside so that it stops nobody else."""

    __tablename__ = "quarantine"
    __table_args__ = (owned(), UniqueConstraint("municipality_id", "lifecycle", "subject_id"))

    lifecycle: Mapped[str]
    subject_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    error: Mapped[str]
    quarantined_at: Mapped[datetime]


class Notice(Row, Base):
    """The ledger: one row per case, due day, rung, post and turn, so that the same notice cannot exist twice."""

    __tablename__ = "notice"
    __table_args__ = (
        owned(),
        within("case", "case_id"),
        within("post", "post_id"),
        UniqueConstraint("municipality_id", "case_id", "due_on", "rung", "post_id", "turn", name="uq_notice_ledger"),
        Index("ix_notice_status_not_before_at", "status", "not_before_at"),
    )

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    due_on: Mapped[date]
    rung: Mapped[str]
    post_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: 2 for the first who follows a holder who was told of the same, and so on.
    turn: Mapped[int] = mapped_column(default=1)
    status: Mapped[NoticeStatus] = mapped_column(stored_enum(NoticeStatus))
    planned_on: Mapped[date]
    deferred_from: Mapped[date | None]
    not_before_at: Mapped[datetime]
    #: The day the receiving server accepted it: what a fair escalation counts from.
    delivered_on: Mapped[date | None]
    #: Why it was superseded, cancelled, deferred or failed; Swedish.
    reason: Mapped[str | None]


class JournalEntry(Row, Base):
    """Append-only and hash-chained: triggers refuse UPDATE and DELETE, and each seal covers the one before."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        owned(),
        UniqueConstraint("municipality_id", "number"),
        Index("ix_journal_entry_municipality_id_case_id", "municipality_id", "case_id"),
    )

    number: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[EntryKind] = mapped_column(stored_enum(EntryKind))
    by: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    data: Mapped[dict[str, Any]]
    seal: Mapped[str] = mapped_column(String(64))


class JournalHead(OfMunicipality, Base):
    """The last number and seal of each municipality's chain: a cut-off tail shows."""

    __tablename__ = "journal_head"
    __table_args__ = (owned(),)

    number: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))


class JournalCheck(Base):
    """One look through every municipality's chain: when it ended, and what it found."""

    __tablename__ = "journal_check"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    checked_at: Mapped[datetime]
    entries: Mapped[int] = mapped_column(BigInteger)
    #: In how many places a chain did not hold.
    broken: Mapped[int]


class Answer(Row, Base):
    """What a holder handed in. Every version is kept; `form_id` makes a doubled press one answer."""

    __tablename__ = "answer"
    __table_args__ = (
        owned(),
        within("case", "case_id"),
        within("post", "post_id"),
        UniqueConstraint("municipality_id", "form_id"),
        UniqueConstraint("municipality_id", "case_id", "version"),
    )

    case_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    version: Mapped[int]
    form_id: Mapped[str] = mapped_column(String(64))
    post_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    submitted_at: Mapped[datetime]
    #: What the person typed as their name.
    signed_by: Mapped[str]
    #: What was chosen, where there is a choice: a value of the lifecycle's own among `domain.answer.CHOICES`.
    outcome: Mapped[str | None]
    comment: Mapped[str | None]
    decided_on: Mapped[date | None]
    paragraph: Mapped[str | None]
    #: Revision only: the deciding body's name, the decision's number, and the edition that a new one takes over from.
    decided_by: Mapped[str | None]
    diary_number: Mapped[str | None]
    replaces: Mapped[str | None]


class Goal(Row, Base):
    """A goal a body has decided."""

    __tablename__ = "goal"
    __table_args__ = (
        owned(),
        within("answer", "answer_id"),
        UniqueConstraint("municipality_id", "answer_id", "position"),
    )

    answer_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    position: Mapped[int]
    text: Mapped[str]
    indicator: Mapped[str | None]
    #: Which way the indicator should go, where the goal says so.
    better: Mapped[Better | None] = mapped_column(stored_enum(Better))
    baseline: Mapped[str | None]
    target: Mapped[str | None]
    responsible: Mapped[str | None]


class Assessment(Row, Base):
    """A body's own judgement of a year. `goal_id` is None where there were no goals to judge by."""

    __tablename__ = "assessment"
    __table_args__ = (
        owned(),
        within("answer", "answer_id"),
        within("goal", "goal_id"),
        UniqueConstraint("municipality_id", "answer_id", "position"),
    )

    answer_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    position: Mapped[int]
    goal_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    attainment: Mapped[Attainment] = mapped_column(stored_enum(Attainment))
    #: What was measured, and which way it goes: neither must be told.
    result: Mapped[str | None]
    trend: Mapped[Trend | None] = mapped_column(stored_enum(Trend))
    analysis: Mapped[str]
    next_step: Mapped[str | None]


_SQLITE_APPEND_ONLY = """
CREATE TRIGGER journal_entry_no_{verb} BEFORE {verb} ON journal_entry
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""
_POSTGRES_APPEND_ONLY = """
CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()
"""

#: Statements per database that make the journal append-only; the first migration runs the same ones.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(_SQLITE_APPEND_ONLY.format(verb=verb) for verb in ("UPDATE", "DELETE")),
    "postgresql": (_POSTGRES_FUNCTION, _POSTGRES_APPEND_ONLY),
}
