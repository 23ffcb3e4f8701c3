"""What a year's chapter of the annual report is made from, each kind of thing in one question. Frozen rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, JournalEntry, Notice
from styrhjul.db.model import Body, Edition, Policy, Post, TermStart
from styrhjul.db.office_query import office_name
from styrhjul.db.prepared import Reading
from styrhjul.domain.facts import BodyFacts, NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import PostFacts
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey


class EditionRow(NamedTuple):
    """A text of a policy, with the policy it is of."""

    policy_id: str
    slug: str
    title: str
    adopted_by_id: str
    owner_post_id: str | None
    repealed_on: date | None
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    document_owner: str | None
    superseded_on: date | None


class CaseRow(NamedTuple):
    """A case that may belong to the year."""

    case_id: str
    policy_id: str
    lifecycle: str
    period: str
    body_id: str
    state: State
    opens_on: date
    due_on: date
    is_binding: bool


class NoticeRow(NamedTuple):
    """Somebody was told: the mail arrived on that day."""

    case_id: str
    rung: str
    post_id: str
    delivered_on: date


class RulingRow(NamedTuple):
    """A line of the journal in which somebody decides about a case."""

    case_id: str
    at: datetime
    kind: EntryKind
    by: str
    data: Mapping[str, Any]


class Register(NamedTuple):
    """Bodies and offices by id: what they are called, and the clock a body's terms go by."""

    bodies: Mapping[str, BodyFacts]
    names: Mapping[str, str]
    offices: Mapping[str, str]


_EDITIONS = Reading(
    select(
        *(Policy.id, Policy.slug, Policy.title, Policy.adopted_by_id, Policy.owner_post_id, Policy.repealed_on),
        *(Edition.adopted_by, Edition.adopted_on, Edition.paragraph, Edition.diary_number, Edition.document_owner),
        Edition.superseded_on,
    )
    .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
    .order_by(Policy.id, Edition.imported_at, Edition.id)
)
_OF_YEAR = (LifecycleKey.FOLLOW_UP, LifecycleKey.ACTION_PLANNING, LifecycleKey.PROJECT_FOLLOW_UP)
_BEGINS: Any = func.substr(Case.period, 1, 4)
_GOALS_OF_TERM = and_(func.length(Case.period) > len("2027"), _BEGINS.between(bindparam("term"), bindparam("year")))
_CASES = Reading(
    select(*(getattr(Case, name if name != "case_id" else "id") for name in CaseRow._fields))
    .where(
        Case.policy_id.in_(bindparam("policy_ids", expanding=True)),
        or_(
            and_(Case.lifecycle.in_(_OF_YEAR), _BEGINS.in_([bindparam("year")])),
            and_(
                Case.lifecycle == LifecycleKey.GOAL_SETTING,
                or_(_BEGINS.in_([bindparam("year"), bindparam("next")]), _GOALS_OF_TERM),
            ),
            and_(
                Case.lifecycle == LifecycleKey.REVISION,
                Case.opens_on <= bindparam("last"),
                or_(Case.closed_on.is_(None), Case.closed_on >= bindparam("first")),
            ),
        ),
    )
    .order_by(Case.due_on, Case.id)
)
_NOTICES = Reading(
    select(Notice.case_id, Notice.rung, Notice.post_id, Notice.delivered_on)
    .where(
        Notice.case_id.in_(bindparam("case_ids", expanding=True)),
        Notice.status == NoticeStatus.DELIVERED,
        Notice.delivered_on.is_not(None),
    )
    .order_by(Notice.delivered_on, Notice.id)
)
_DECIDING = (EntryKind.DUE_MOVED, EntryKind.CASE_REASSIGNED, EntryKind.CASE_NOTED, EntryKind.CASE_MOVED)
_RULINGS = Reading(
    select(JournalEntry.case_id, JournalEntry.at, JournalEntry.kind, JournalEntry.by, JournalEntry.data)
    .where(JournalEntry.case_id.in_(bindparam("case_ids", expanding=True)), JournalEntry.kind.in_(_DECIDING))
    .order_by(JournalEntry.number)
)
_BODIES = Reading(select(Body.id, Body.name, Body.kind))
_TERMS = Reading(select(TermStart.body_id, TermStart.starts_on).order_by(TermStart.starts_on))
_POSTS = Reading(select(Post.id, Post.body_id, Post.role, Post.title))


def load_editions(session: Session) -> list[EditionRow]:
    """Return every text of every policy, a policy's own together."""
    return [EditionRow._make(row) for row in _EDITIONS.rows(session)]


def load_cases_of_year(session: Session, policy_ids: Collection[str], year: int) -> list[CaseRow]:
    """Return what is asked about a year, the goals of the next, and revisions that were open in it, by due day."""
    rows = _CASES.rows(
        session,
        policy_ids=list(policy_ids),
        year=str(year),
        next=str(year + 1),
        term=str(year - 3),
        first=date(year, 1, 1),
        last=date(year, 12, 31),
    )
    return [CaseRow._make(row) for row in rows]


def load_told(session: Session, case_ids: Collection[str]) -> list[NoticeRow]:
    """Return the notices that arrived, the first one first."""
    return [NoticeRow._make(row) for row in _NOTICES.rows(session, case_ids=list(case_ids))]


def load_rulings(session: Session, case_ids: Collection[str]) -> list[RulingRow]:
    """Return the lines that tell of a decision, or of an answer that moved the case, in their order."""
    return [RulingRow._make(row) for row in _RULINGS.rows(session, case_ids=list(case_ids))]


def load_register(session: Session) -> Register:
    """Return every body and office, those that are no more included."""
    starts: dict[str, list[date]] = {}
    for body_id, on in _TERMS.rows(session):
        starts.setdefault(body_id, []).append(on)
    bodies: list[tuple[str, str, BodyKind]] = [(row.id, row.name, row.kind) for row in _BODIES.rows(session)]
    names = {body_id: name for body_id, name, _ in bodies}
    posts = [
        PostFacts(post_id=row.id, body_id=row.body_id, role=row.role, title=row.title) for row in _POSTS.rows(session)
    ]
    return Register(
        bodies={
            body_id: BodyFacts(body_id=body_id, kind=kind, term_starts=tuple(starts.get(body_id, ())))
            for body_id, _, kind in bodies
        },
        names=names,
        offices={post.post_id: office_name(post, names[post.body_id]) for post in posts},
    )
