"""What the pages about policies show beside the cases: the list, the duties as they stand, editions, journal lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, JournalEntry
from styrhjul.db.duty_query import duty_version
from styrhjul.db.journal import entry_of
from styrhjul.db.model import Body, Duty, DutyBody, DutyStatus, Edition, Policy, Post
from styrhjul.db.office_query import office_name, office_names
from styrhjul.db.overview_query import in_swedish_order
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import ActionKind, Confidence, Modality

#: What is told of a document itself, and of its cases.
_OF_THE_POLICY = (
    *(EntryKind.POLICY_IMPORTED, EntryKind.POLICY_RELEASED, EntryKind.POLICY_OWNER_CHANGED),
    *(EntryKind.DUTY_CONFIRMED, EntryKind.DUTY_CORRECTED, EntryKind.DUTY_REJECTED, EntryKind.DUTY_ADDED),
)
_OF_ITS_CASES = (EntryKind.CASE_OPENED, EntryKind.CASE_MOVED, EntryKind.CASE_CARRIED)
#: Posts that a document is never owned by.
_NEVER_OWN = (PostRole.FUNCTION_MAILBOX, PostRole.REGISTRAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPolicy:
    """A policy in the list. None = its text does not state it; `owner` None = nobody is appointed here either."""

    slug: str
    title: str
    document_type: str | None
    adopter_name: str
    adopted_on: date | None
    paragraph: str | None
    valid_until: date | None
    owner: str | None
    owner_stated: str | None
    proposed: int
    confirmed: int
    is_released: bool
    repealed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDuty:
    """One duty with everything a decision about it needs; `version` tells whether it has changed since it was read.

    `number` is its place in the edition's text among all duties, the rejected ones too: a rejection moves no number.
    """

    duty_id: str
    quote: str
    start: int
    end: int
    actor: str | None
    modality: Modality
    action_kind: ActionKind
    recurrence: str | None
    deadline: str | None
    goal_min: int | None
    goal_max: int | None
    condition: str | None
    artefact: str | None
    confidence: Confidence
    reason: str
    status: DutyStatus
    confirmed_by: str | None
    confirmed_at: datetime | None
    holder: Holder
    lifecycle: str | None
    of_plans: bool
    body_ids: tuple[str, ...]
    bodies: tuple[str, ...]
    version: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """One text of a policy; superseded_on None = the one that is followed."""

    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    imported_at: datetime
    superseded_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeChoice:
    """A post that can be chosen."""

    post_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """A line of the journal about a policy; the case's round is None where it is of the policy itself."""

    entry: Entry
    lifecycle: str | None
    case_id: str | None
    body_name: str | None


def load_list(session: Session, now: datetime) -> list[ListedPolicy]:
    """Return every policy in its present edition, in the order of the Swedish alphabet."""
    counts: dict[str, dict[DutyStatus, int]] = defaultdict(dict)
    counted = select(Duty.edition_id, Duty.status, func.count()).group_by(Duty.edition_id, Duty.status)
    for edition_id, status, number in session.execute(counted):
        counts[edition_id][status] = number
    present = (Edition.id, Edition.adopted_on, Edition.paragraph, Edition.valid_until, Edition.document_owner)
    rows = session.execute(
        select(Policy, Body.name, *present)
        .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
        .join(Body, (Body.municipality_id == Policy.municipality_id) & (Body.id == Policy.adopted_by_id))
        .where(Edition.superseded_on.is_(None))
    ).all()
    owners = office_names(session, {row[0].owner_post_id for row in rows if row[0].owner_post_id})
    lines = [
        ListedPolicy(
            slug=policy.slug,
            title=policy.title,
            document_type=policy.document_type,
            adopter_name=adopter_name,
            adopted_on=adopted_on,
            paragraph=paragraph,
            valid_until=valid_until,
            owner=owners.get(policy.owner_post_id or ""),
            owner_stated=owner_stated,
            proposed=counts[edition_id].get(DutyStatus.PROPOSED, 0),
            confirmed=counts[edition_id].get(DutyStatus.CONFIRMED, 0),
            is_released=policy.released_at is not None and policy.released_at <= now,
            repealed_on=policy.repealed_on,
        )
        for policy, adopter_name, edition_id, adopted_on, paragraph, valid_until, owner_stated in rows
    ]
    return sorted(lines, key=lambda line: in_swedish_order(line.title))


def load_duties(session: Session, policy_id: str) -> list[PageDuty]:
    """Return the duties of the present edition in the order of the text, rejected ones too."""
    query = (
        select(Duty, Body.name, Body.id)
        .join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
        .outerjoin(DutyBody, (DutyBody.municipality_id == Duty.municipality_id) & (DutyBody.duty_id == Duty.id))
        .outerjoin(Body, (Body.municipality_id == DutyBody.municipality_id) & (Body.id == DutyBody.body_id))
        .where(Duty.policy_id == policy_id, Edition.superseded_on.is_(None))
        .order_by(Duty.start, Duty.end, Duty.id)
    )
    bound: dict[Duty, list[tuple[str, str]]] = {}
    for duty, name, body_id in session.execute(query):
        bodies = bound.setdefault(duty, [])
        if body_id is not None:
            bodies.append((name, body_id))
    return [
        replace(_page_duty(duty, sorted(bodies, key=lambda each: in_swedish_order(each[0]))), number=number)
        for number, (duty, bodies) in enumerate(bound.items(), 1)
    ]


def load_editions(session: Session, policy_id: str) -> tuple[list[EditionLine], str | None]:
    """Return the texts of a policy, the present one first, and what the post that owns it is called."""
    columns = (Edition.adopted_by, Edition.adopted_on, Edition.paragraph, Edition.imported_at, Edition.superseded_on)
    rows = session.execute(
        select(Post, Body.name, *columns)
        .join(Policy, (Policy.municipality_id == Edition.municipality_id) & (Policy.id == Edition.policy_id))
        .outerjoin(Post, (Post.municipality_id == Policy.municipality_id) & (Post.id == Policy.owner_post_id))
        .outerjoin(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Edition.policy_id == policy_id)
        .order_by(Edition.imported_at.desc(), Edition.id)
    ).all()
    lines = [
        EditionLine(
            adopted_by=adopted_by,
            adopted_on=adopted_on,
            paragraph=paragraph,
            imported_at=imported_at,
            superseded_on=superseded_on,
        )
        for _, _, adopted_by, adopted_on, paragraph, imported_at, superseded_on in rows
    ]
    owners: list[tuple[Post | None, str]] = [(row[0], row[1]) for row in rows]
    owner = next((office_name(post, name) for post, name in owners if post is not None), None)
    return sorted(lines, key=lambda line: line.superseded_on is not None), owner


def load_offices(session: Session) -> list[OfficeChoice]:
    """Return the posts that may own a document, in the order of the Swedish alphabet."""
    query = (
        select(Post, Body.name)
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Post.ended_on.is_(None), Post.role.not_in(_NEVER_OWN))
    )
    choices = [OfficeChoice(post_id=post.id, name=office_name(post, name)) for post, name in session.execute(query)]
    return sorted(choices, key=lambda choice: in_swedish_order(choice.name))


def load_entries(session: Session, policy_id: str, limit: int) -> list[PolicyEntry]:
    """Return what the journal says of a policy and its cases, newest first, at most `limit` lines."""
    of_policy = JournalEntry.kind.in_(_OF_THE_POLICY) & (JournalEntry.data["policy"].as_string() == policy_id)
    of_case = JournalEntry.kind.in_(_OF_ITS_CASES) & (Case.policy_id == policy_id)
    query = (
        select(JournalEntry, Case.lifecycle, Body.name)
        .outerjoin(Case, (Case.municipality_id == JournalEntry.municipality_id) & (Case.id == JournalEntry.case_id))
        .outerjoin(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
        .where(or_(of_policy, of_case))
        .order_by(JournalEntry.number.desc())
        .limit(limit)
    )
    return [_policy_entry(row, lifecycle, name) for row, lifecycle, name in session.execute(query)]


def _policy_entry(row: JournalEntry, lifecycle: str | None, body_name: str | None) -> PolicyEntry:
    return PolicyEntry(entry=entry_of(row), lifecycle=lifecycle, case_id=row.case_id, body_name=body_name)


def _page_duty(duty: Duty, bodies: Sequence[tuple[str, str]]) -> PageDuty:
    body_ids = tuple(body_id for _, body_id in bodies)
    return PageDuty(
        duty_id=duty.id,
        quote=duty.quote,
        start=duty.start,
        end=duty.end,
        actor=duty.actor,
        modality=duty.modality,
        action_kind=duty.action_kind,
        recurrence=duty.recurrence,
        deadline=duty.deadline,
        goal_min=duty.goal_min,
        goal_max=duty.goal_max,
        condition=duty.condition,
        artefact=duty.artefact,
        confidence=duty.confidence,
        reason=duty.reason,
        status=duty.status,
        confirmed_by=duty.confirmed_by,
        confirmed_at=duty.confirmed_at,
        holder=duty.holder,
        lifecycle=duty.lifecycle,
        of_plans=duty.of_plans,
        body_ids=body_ids,
        bodies=tuple(name for name, _ in bodies),
        version=duty_version(duty, body_ids),
    )
