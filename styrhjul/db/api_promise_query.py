"""Policies, editions, duties, cases, notices and the journal as other programs read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from styrhjul.db.api_page import Found, Place, found
from styrhjul.db.case_model import Answer, Case, CaseDuty, JournalEntry, Notice
from styrhjul.db.model import Duty, DutyBody, DutyStatus, Edition, Policy
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.vocabulary import ActionKind, Confidence, DueBasis, LifecycleKey, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFact:
    """A policy; `edition_id` is the text that is followed."""

    id: str
    key: str
    title: str
    document_type: str | None
    adopted_by_id: str
    owner_post_id: str | None
    starts_on: date
    released_at: datetime | None
    repealed_on: date | None
    edition_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFact:
    """A text of a policy and what it states about itself; `text` is left out of lists."""

    id: str
    policy_id: str
    sha256: str
    municipality_name: str | None
    adopted_by: str | None
    adopted_on: date | None
    first_adopted: str | None
    paragraph: str | None
    diary_number: str | None
    version: str | None
    valid_from: date | None
    valid_until: date | None
    last_revised_on: date | None
    document_owner: str | None
    replaces: str | None
    imported_at: datetime
    superseded_on: date | None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFact:
    """A duty with the bodies that it binds."""

    id: str
    policy_id: str
    edition_id: str
    quote: str
    start: int
    end: int
    actor: str | None
    modality: Modality
    action_kind: ActionKind
    artefact: str | None
    recurrence: str | None
    deadline: str | None
    goal_min: int | None
    goal_max: int | None
    condition: str | None
    addressees: list[str]
    confidence: Confidence
    status: DutyStatus
    confirmed_by: str | None
    confirmed_at: datetime | None
    holder: Holder
    lifecycle: str | None
    organization_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact:
    """A case; `answer_version` is the last answer's, 0 where none has come."""

    id: str
    policy_id: str | None
    lifecycle: str
    organization_id: str
    period: str
    holder: Holder
    state: State
    opens_on: date
    due_on: date
    meeting_on: date | None
    agenda_on: date | None
    decides_on: date | None
    limit_on: date | None
    lapses_on: date
    closed_on: date | None
    due_source: str
    due_basis: DueBasis
    is_binding: bool
    assigned_post_id: str | None
    answer_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFact:
    """One thing one post is told about one case."""

    id: str
    case_id: str
    post_id: str
    rung: str
    turn: int
    due_on: date
    status: NoticeStatus
    planned_on: date
    deferred_from: date | None
    not_before_at: datetime
    delivered_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFact:
    """A line of the journal with its seal."""

    number: int
    at: datetime
    kind: EntryKind
    by: str
    case_id: str | None
    data: dict[str, Any]
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What is asked for: None = all."""

    id: str | None = None
    policy_id: str | None = None
    edition_id: str | None = None
    organization_id: str | None = None
    case_id: str | None = None
    lifecycle: LifecycleKey | None = None
    state: State | None = None
    status: DutyStatus | None = None
    due_until: date | None = None


def policies(session: Session, asked: Promised, at: Place) -> Found[PolicyFact]:
    """Return policies, repealed ones too."""
    present = (
        select(Edition.id)
        .where(
            Edition.municipality_id == Policy.municipality_id,
            Edition.policy_id == Policy.id,
            Edition.superseded_on.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    names = ("title", "document_type", "adopted_by_id", "owner_post_id", "starts_on", "released_at", "repealed_on")
    query = select(
        Policy.id, Policy.slug.label("key"), *(getattr(Policy, name) for name in names), present.label("edition_id")
    )
    return found(session, query, Policy.id, PolicyFact, at=at, where=_same((Policy.id, asked.id)))


def editions(session: Session, asked: Promised, at: Place, *, with_text: bool = False) -> Found[EditionFact]:
    """Return texts of policies, those that were superseded too."""
    query = _columns(Edition, EditionFact, without=() if with_text else ("text",))
    where = _same((Edition.id, asked.id), (Edition.policy_id, asked.policy_id))
    return found(session, query, Edition.id, EditionFact, at=at, where=where)


def duties(session: Session, asked: Promised, at: Place) -> Found[DutyFact]:
    """Return duties of every edition, proposed and rejected ones too."""
    query = _columns(Duty, DutyFact, without=("organization_ids",))
    where = _same(
        *((Duty.id, asked.id), (Duty.policy_id, asked.policy_id), (Duty.edition_id, asked.edition_id)),
        (Duty.status, asked.status),
    )
    page = found(session, query, Duty.id, DutyFact, at=at, where=where)
    bound: dict[str, list[str]] = defaultdict(list)
    ids = [duty.id for duty in page.items]
    pairs = select(DutyBody.duty_id, DutyBody.body_id).where(DutyBody.duty_id.in_(ids)).order_by(DutyBody.body_id)
    for duty_id, body_id in session.execute(pairs):
        bound[duty_id].append(body_id)
    return Found(tuple(replace(duty, organization_ids=tuple(bound[duty.id])) for duty in page.items), page.last)


def cases(session: Session, asked: Promised, at: Place) -> Found[CaseFact]:
    """Return cases in any state."""
    version = (
        select(func.coalesce(func.max(Answer.version), 0))
        .where(Answer.municipality_id == Case.municipality_id, Answer.case_id == Case.id)
        .scalar_subquery()
    )
    query = _columns(Case, CaseFact, without=("organization_id", "answer_version")).add_columns(
        Case.body_id.label("organization_id"), version.label("answer_version")
    )
    where = _same(
        *((Case.id, asked.id), (Case.policy_id, asked.policy_id), (Case.body_id, asked.organization_id)),
        *((Case.lifecycle, asked.lifecycle), (Case.state, asked.state)),
    )
    if asked.due_until is not None:
        where = [*where, Case.due_on <= asked.due_until]
    return found(session, query, Case.id, CaseFact, at=at, where=where)


def notices(session: Session, asked: Promised, at: Place) -> Found[NoticeFact]:
    """Return the ledger, of one case where one is named."""
    where = _same((Notice.case_id, asked.case_id))
    return found(session, _columns(Notice, NoticeFact), Notice.id, NoticeFact, at=at, where=where)


def journal(session: Session, asked: Promised, at: Place) -> Found[EntryFact]:
    """Return the journal in the order it was written, of one case where one is named."""
    query, where = _columns(JournalEntry, EntryFact), _same((JournalEntry.case_id, asked.case_id))
    return found(session, query, JournalEntry.number, EntryFact, at=at, where=where)


def duties_of_case(session: Session, case_id: str) -> list[str]:
    """Return the duties that a case rests on."""
    query = select(CaseDuty.duty_id).where(CaseDuty.case_id == case_id).order_by(CaseDuty.duty_id)
    return list(session.scalars(query))


def _columns(table: type[Any], fact: type[Any], *, without: Sequence[str] = ()) -> Any:  # noqa: ANN401 - a select
    """Return a query for the columns that are called as the fact's fields."""
    return select(*(getattr(table, name) for name in fact.__dataclass_fields__ if name not in without))


def _same(*wanted: tuple[InstrumentedAttribute[Any], str | None]) -> list[ColumnElement[bool]]:
    return [column == value for column, value in wanted if value is not None]
