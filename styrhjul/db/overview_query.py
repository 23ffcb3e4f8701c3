"""What the pages for officials show of one municipality: its cases, and its policies with their duties. Frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from styrhjul.db.case_model import Answer, Case, CaseDuty, Notice
from styrhjul.db.decided_query import last_decided
from styrhjul.db.hold_model import Hold
from styrhjul.db.hold_query import Held, held_of
from styrhjul.db.model import Body, Duty, DutyStatus, Edition, Municipality, Policy
from styrhjul.db.office_query import LAST_RESORTS, office_names
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.prepared import Reading
from styrhjul.db.trial_model import Trial
from styrhjul.domain.answer import stands
from styrhjul.domain.facts import BodyFacts, NoticeStatus
from styrhjul.domain.lifecycle import FINAL_STATES, Holder, State
from styrhjul.domain.period import period_in_words
from styrhjul.domain.vocabulary import ActionKind, Confidence, DueBasis, LifecycleKey, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityLine:
    """A municipality by name."""

    municipality_id: str
    slug: str
    name: str
    chief_executive_title: str
    is_example: bool
    released_at: datetime | None
    #: On trial every mail leaves to this address instead.
    trial_to: str | None = None
    #: The hold in force, which is every municipality's.
    held: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case with what a status needs: the answer that stands, and the rungs delivered for its present due day.

    `answered_at`, `decided_on` and `paragraph` are that answer's, None where there is none that stands; `versions` is
    how many have come in all, those that were sent back too.

    `policy_id` is None where the law asks. The interval is unstated where no sentence behind the case says how often.
    `given_to` is the office that answers instead of the body, where the case was given to one.
    """

    case_id: str
    policy_id: str | None
    lifecycle: str
    period: str
    period_words: str
    body_id: str
    body_name: str
    holder: Holder
    state: State
    opens_on: date
    due_on: date
    due_source: str
    due_basis: DueBasis
    interval_unstated: bool
    is_binding: bool
    meeting_on: date | None
    agenda_on: date | None
    decides_on: date | None
    unreachable_on: date | None
    answered_at: datetime | None
    decided_on: date | None
    paragraph: str | None
    versions: int
    rungs_delivered: frozenset[str]
    given_to: str | None
    #: Whether that office was chosen by people, and not the one that gets whatever has nobody.
    is_given_by_people: bool
    #: From this day the body is no more.
    dissolved_on: date | None
    #: The body that adopted the document.
    adopted_by_id: str | None
    lapses_on: date

    def body_has_ended(self, today: date) -> bool:
        """Whether the body that owes the answer is no more; an office that owes it by itself outlives the body."""
        return self.holder is Holder.BODY and self.dissolved_on is not None and self.dissolved_on <= today

    def awaits_taker(self, today: date) -> bool:
        """Whether somebody is to say who takes it over from a body that is no more."""
        return self.body_has_ended(today) and not self.is_given_by_people


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One duty of an edition."""

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
    confidence: Confidence
    reason: str
    status: DutyStatus
    lifecycle: str | None
    of_plans: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """A policy in its present edition. None = the text does not state it.

    `decided_on` is the latest decision about it that is known here: its adoption, or a revision since.
    """

    policy_id: str
    slug: str
    title: str
    document_type: str | None
    adopter_name: str
    adopter: BodyFacts
    has_owner_post: bool
    repealed_on: date | None
    released_at: datetime | None
    decided_on: date | None
    text: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None
    version: str | None
    valid_from: date | None
    valid_until: date | None
    last_revised_on: date | None
    document_owner: str | None
    replaces: str | None
    duties: tuple[DutyLine, ...]
    #: Where the pages of its file begin in the text; empty for a file without pages.
    pages: tuple[int, ...] = ()


def load_municipalities(session: Session, slug: str | None = None) -> list[MunicipalityLine]:
    """Return every municipality in the order of the Swedish alphabet, or the one asked for; for a system session."""
    query = (
        select(Municipality, Trial.to_address, Hold.since, Hold.by, Hold.reason)
        .outerjoin(Trial, Trial.municipality_id == Municipality.id)
        .outerjoin(Hold, true())
    )
    if slug is not None:
        query = query.where(Municipality.slug == slug)
    lines = [
        MunicipalityLine(
            municipality_id=row.id,
            slug=row.slug,
            name=row.name,
            chief_executive_title=row.chief_executive_title,
            is_example=row.is_example,
            released_at=row.released_at,
            trial_to=trial_to,
            held=held_of(since, by, reason),
        )
        for row, trial_to, since, by, reason in session.execute(query)
    ]
    return sorted(lines, key=lambda line: in_swedish_order(line.name))


def in_swedish_order(text: str) -> str:
    """Return a key that sorts å, ä and ö last: not every database knows Swedish."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))


def load_cases(session: Session, among: Collection[str]) -> list[CaseLine]:
    """Return the cases among some that are the municipality's; latest period first, then by body."""
    return _in_order(session, _AMONG.rows(session, case_ids=list(among)) if among else [])


def load_open_cases(session: Session, body_id: str | None = None) -> list[CaseLine]:
    """Return the cases that are not over, as `load_cases`; of one body those it owes and those it has to decide."""
    return _in_order(session, _STILL.rows(session) if body_id is None else _NEAR.rows(session, body_id=body_id))


def _in_order(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[CaseLine]:
    organisation = load_organisation(session)
    beside = _Beside(
        clocks=organisation.by_id,
        last_resorts=frozenset(post.post_id for post in organisation.posts if post.role in LAST_RESORTS),
        offices=office_names(session, {row.assigned_post_id for row in rows if row.assigned_post_id}),
    )
    lines = [_case_line(row, beside) for row in rows]
    return sorted(lines, key=lambda line: (_descending(line.due_on), in_swedish_order(line.body_name)))


def load_policies(session: Session, slug: str | None = None) -> list[PolicyLine]:
    """Return the policies, or the one asked for, with the duties of their present edition, rejected ones left out."""
    asked = (Policy.slug == slug,) if slug is not None else ()
    duties: dict[str, list[DutyLine]] = defaultdict(list)
    of_policies = (
        select(Duty)
        .join(Policy, (Policy.municipality_id == Duty.municipality_id) & (Policy.id == Duty.policy_id))
        .where(Duty.status != DutyStatus.REJECTED, *asked)
        .order_by(Duty.start, Duty.id)
    )
    for duty in session.scalars(of_policies):
        duties[duty.edition_id].append(_duty_line(duty))
    clocks = load_organisation(session).by_id
    rows = session.execute(
        select(Policy, Edition, Body.name)
        .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
        .join(Body, (Body.municipality_id == Policy.municipality_id) & (Body.id == Policy.adopted_by_id))
        .where(Edition.superseded_on.is_(None), *asked)
    ).all()
    looked_at = (LifecycleKey.REVISION, LifecycleKey.CURRENCY_REVIEW)
    decided = last_decided(session, [policy.id for policy, *_ in rows], *looked_at)
    lines = [
        _policy_line(
            policy,
            edition,
            name,
            adopter=clocks[policy.adopted_by_id],
            decided_on=max(filter(None, (edition.adopted_on, decided.get(policy.id))), default=None),
            duties=tuple(duties[edition.id]),
        )
        for policy, edition, name in rows
    ]
    return sorted(lines, key=lambda line: in_swedish_order(line.title))


def cases_about(session: Session, policy_id: str) -> list[str]:
    """Return the ids of a policy's cases."""
    return list(session.scalars(select(Case.id).where(Case.policy_id == policy_id)))


_OTHER = aliased(Answer)
_LATEST = (
    select(func.max(_OTHER.version))
    .where(_OTHER.municipality_id == Case.municipality_id, _OTHER.case_id == Case.id)
    .correlate(Case)
    .scalar_subquery()
)
_RESTS = exists().where(CaseDuty.municipality_id == Case.municipality_id, CaseDuty.case_id == Case.id)
_STATED = _RESTS.where(
    Duty.municipality_id == CaseDuty.municipality_id, Duty.id == CaseDuty.duty_id, Duty.recurrence.is_not(None)
)
#: The rungs that have reached somebody for the case's present due day; one may stand there several times.
_BETWEEN = ","
_DELIVERED = (
    select(func.aggregate_strings(Notice.rung, _BETWEEN))
    .where(
        Notice.municipality_id == Case.municipality_id,
        Notice.case_id == Case.id,
        Notice.due_on == Case.due_on,
        Notice.status == NoticeStatus.DELIVERED,
    )
    .correlate(Case)
    .scalar_subquery()
)
#: What a line takes over from its row as it stands.
_CARRIED = (
    *("policy_id", "lifecycle", "period", "body_id", "holder", "state", "opens_on", "due_on", "due_source"),
    *("due_basis", "is_binding", "meeting_on", "agenda_on", "decides_on", "unreachable_on", "lapses_on"),
)
_LINES = (
    select(
        Case.id,
        *(getattr(Case, name) for name in _CARRIED),
        Case.assigned_post_id,
        Body.name.label("body_name"),
        Body.dissolved_on,
        Policy.adopted_by_id,
        Answer.submitted_at.label("answered_at"),
        Answer.decided_on,
        Answer.paragraph,
        func.coalesce(Answer.version, 0).label("versions"),
        (_RESTS & ~_STATED).label("interval_unstated"),
        _DELIVERED.label("delivered"),
    )
    .join(Body, (Body.municipality_id == Case.municipality_id) & (Body.id == Case.body_id))
    .outerjoin(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
    .outerjoin(
        Answer,
        (Answer.municipality_id == Case.municipality_id) & (Answer.case_id == Case.id) & (Answer.version == _LATEST),
    )
)
_IDS: BindParameter[list[str]] = bindparam("case_ids", expanding=True)
_AMONG = Reading(_LINES.where(Case.id.in_(_IDS)))
_OPEN = _LINES.where(Case.state.not_in(FINAL_STATES))
_STILL = Reading(_OPEN)
_DECIDES = (Policy.adopted_by_id == bindparam("body_id")) & Case.decides_on.is_not(None)
_NEAR = Reading(_OPEN.where((Case.body_id == bindparam("body_id")) | _DECIDES))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What stands beside the rows of cases, by case or body."""

    clocks: dict[str, BodyFacts]
    offices: dict[str, str]
    last_resorts: frozenset[str]


def _case_line(row: Row[Any], beside: _Beside) -> CaseLine:
    own = row._mapping  # noqa: SLF001 - the documented way to a row's columns by name
    is_answered = stands(row.state, has_answer=row.versions > 0)
    return CaseLine(
        case_id=row.id,
        period_words=period_in_words(
            row.lifecycle,
            row.period,
            opens_on=row.opens_on,
            adopter=beside.clocks[row.adopted_by_id or row.body_id],
            body=beside.clocks[row.body_id],
        ),
        rungs_delivered=frozenset(row.delivered.split(_BETWEEN) if row.delivered else ()),
        given_to=beside.offices.get(row.assigned_post_id or ""),
        answered_at=row.answered_at if is_answered else None,
        decided_on=row.decided_on if is_answered else None,
        paragraph=row.paragraph if is_answered else None,
        is_given_by_people=row.assigned_post_id is not None and row.assigned_post_id not in beside.last_resorts,
        **{name: own[name] for name in (*_CARRIED, *_BESIDE)},
    )


#: What a line takes over from the rows beside its own.
_BESIDE = ("body_name", "dissolved_on", "adopted_by_id", "versions", "interval_unstated")


def _duty_line(duty: Duty) -> DutyLine:
    return DutyLine(
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
        confidence=duty.confidence,
        reason=duty.reason,
        status=duty.status,
        lifecycle=duty.lifecycle,
        of_plans=duty.of_plans,
    )


def _policy_line(  # noqa: PLR0913 - a row of three tables, and what is counted beside it
    policy: Policy,
    edition: Edition,
    adopter_name: str,
    *,
    adopter: BodyFacts,
    decided_on: date | None,
    duties: tuple[DutyLine, ...],
) -> PolicyLine:
    return PolicyLine(
        policy_id=policy.id,
        slug=policy.slug,
        title=policy.title,
        document_type=policy.document_type,
        adopter_name=adopter_name,
        adopter=adopter,
        has_owner_post=policy.owner_post_id is not None,
        repealed_on=policy.repealed_on,
        released_at=policy.released_at,
        decided_on=decided_on,
        text=edition.text,
        adopted_by=edition.adopted_by,
        adopted_on=edition.adopted_on,
        paragraph=edition.paragraph,
        diary_number=edition.diary_number,
        version=edition.version,
        valid_from=edition.valid_from,
        valid_until=edition.valid_until,
        last_revised_on=edition.last_revised_on,
        document_owner=edition.document_owner,
        replaces=edition.replaces,
        duties=duties,
        pages=tuple(edition.pages or ()),
    )


def _descending(day: date) -> int:
    return -day.toordinal()
