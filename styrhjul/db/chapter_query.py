"""What a year's chapter of the annual report is made from, each kind of thing in one question. Frozen rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.model import Edition, Policy
from styrhjul.db.office_query import BodyName, body_names, office_name
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.prepared import Reading
from styrhjul.domain.facts import BodyFacts, NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import LifecycleKey


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
    starts_on: date


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


class Register(NamedTuple):
    """Bodies and offices by id: what they are called, no two bodies the same, and the clock a body's terms go by."""

    bodies: Mapping[str, BodyFacts]
    names: Mapping[str, str]
    offices: Mapping[str, str]


_EDITIONS = Reading(
    select(
        *(Policy.id, Policy.slug, Policy.title, Policy.adopted_by_id, Policy.owner_post_id, Policy.repealed_on),
        *(Edition.adopted_by, Edition.adopted_on, Edition.paragraph, Edition.diary_number, Edition.document_owner),
        *(Edition.superseded_on, Policy.starts_on),
    )
    .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
    .order_by(Policy.id, Edition.imported_at, Edition.id)
)
_OF_YEAR = (LifecycleKey.FOLLOW_UP, LifecycleKey.ACTION_PLANNING, LifecycleKey.PROJECT_FOLLOW_UP)
_BEGINS: Any = func.substr(Case.period, 1, 4)
_CASE = select(*(getattr(Case, name if name != "case_id" else "id") for name in CaseRow._fields))
_GOALS = or_(
    and_(Case.lifecycle == LifecycleKey.FOLLOW_UP, _BEGINS.between(bindparam("since"), bindparam("year"))),
    and_(Case.lifecycle == LifecycleKey.GOAL_SETTING, _BEGINS.between(bindparam("term"), bindparam("year"))),
)
_OF_POLICIES = Case.policy_id.in_(bindparam("policy_ids", expanding=True))
_GOALS_OF_YEARS = Reading(_CASE.where(_OF_POLICIES, _GOALS).order_by(Case.due_on, Case.id))
_EVERY_CASE = Reading(_CASE.where(_OF_POLICIES).order_by(Case.due_on, Case.id))
_CASES = Reading(
    _CASE.where(
        _OF_POLICIES,
        or_(
            _GOALS,
            and_(Case.lifecycle.in_(_OF_YEAR), _BEGINS.in_([bindparam("year")])),
            and_(Case.lifecycle == LifecycleKey.GOAL_SETTING, _BEGINS.in_([bindparam("next")])),
            and_(
                Case.lifecycle == LifecycleKey.REVISION,
                Case.opens_on <= bindparam("last"),
                or_(Case.closed_on.is_(None), Case.closed_on >= bindparam("first")),
            ),
            exists().where(
                Notice.municipality_id == Case.municipality_id,
                Notice.case_id == Case.id,
                Notice.status == NoticeStatus.DELIVERED,
                Notice.delivered_on.between(bindparam("first"), bindparam("last")),
            ),
        ),
    ).order_by(Case.due_on, Case.id)
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


def load_editions(session: Session) -> list[EditionRow]:
    """Return every text of every policy, a policy's own together."""
    return [EditionRow._make(row) for row in _EDITIONS.rows(session)]


def load_cases_of_year(session: Session, policy_ids: Collection[str], year: int, since: int) -> list[CaseRow]:
    """Return what is asked about a year, the goals of the next, and revisions that were open in it, by due day.

    What somebody was told of in the year is among them, whatever it is about. Of the years from `since` on there are
    the goals, and how they went.
    """
    rows = _CASES.rows(
        session,
        policy_ids=list(policy_ids),
        **_years(since, year),
        next=str(year + 1),
        first=date(year, 1, 1),
        last=date(year, 12, 31),
    )
    return [CaseRow._make(row) for row in rows]


def load_goals_of_years(session: Session, policy_ids: Collection[str], years: tuple[int, ...]) -> list[CaseRow]:
    """Return the goals of some years and how they went, by due day."""
    rows = _GOALS_OF_YEARS.rows(session, policy_ids=list(policy_ids), **_years(years[0], years[-1]))
    return [CaseRow._make(row) for row in rows]


def _years(since: int, year: int) -> dict[str, str]:
    """Return them as periods begin; goals of a term began up to three years before they hold."""
    return {"since": str(since), "year": str(year), "term": str(since - 3)}


def load_every_case(session: Session, policy_ids: Collection[str]) -> list[CaseRow]:
    """Return all that has ever been asked because of the policies, by due day."""
    return [CaseRow._make(row) for row in _EVERY_CASE.rows(session, policy_ids=list(policy_ids))]


def load_told(session: Session, case_ids: Collection[str]) -> list[NoticeRow]:
    """Return the notices that arrived, the first one first."""
    return [NoticeRow._make(row) for row in _NOTICES.rows(session, case_ids=list(case_ids))]


def load_register(session: Session) -> Register:
    """Return every body and office, those that are no more included; read once for each state of the register."""
    organisation = load_organisation(session)
    names = _told_apart(body_names(session, organisation), organisation.by_id)
    return Register(
        bodies=organisation.by_id,
        names=names,
        offices={post.post_id: office_name(post, names[post.body_id]) for post in organisation.posts},
    )


def _told_apart(names: Mapping[str, BodyName], bodies: Mapping[str, BodyFacts]) -> dict[str, str]:
    """Return what each body is called, and more where another has the same name: when it ended, or its short name."""
    borne = Counter(each.name for each in names.values())
    return {
        body_id: each.name if borne[each.name] == 1 else f"{each.name} ({_mark(each, bodies[body_id])})"
        for body_id, each in names.items()
    }


def _mark(name: BodyName, body: BodyFacts) -> str:
    return f"upphörd {body.dissolved_on}" if body.dissolved_on else name.slug
