"""Whether a municipality's promises are public, and everything that may be, each kind of thing in one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty, JournalHead
from styrhjul.db.duty_in_force import in_force
from styrhjul.db.model import Body, Duty, DutyBody, Edition, Municipality, Person, Policy, User, Utc
from styrhjul.db.prepared import Reading
from styrhjul.db.publication_model import Publication
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey, Modality


class PublishedRow(NamedTuple):
    """Since when, and by whom."""

    published_by: str
    published_at: datetime


class PromiseRow(NamedTuple):
    """A confirmed duty of an edition in force, with the document it stands in."""

    duty_id: str
    quote: str
    modality: Modality
    action_kind: ActionKind
    recurrence: str | None
    deadline: str | None
    policy_id: str
    slug: str
    title: str
    adopted_by_id: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None


class RoundRow(NamedTuple):
    """A case of such a document."""

    case_id: str
    policy_id: str
    lifecycle: str
    period: str
    body_id: str
    state: State
    opens_on: date
    due_on: date
    is_binding: bool


_PUBLISHED = Reading(select(Publication.published_by, Publication.published_at))
_MARK = Reading(
    select(JournalHead.seal, Municipality.register_version).where(
        Municipality.id == bindparam("own"), JournalHead.municipality_id == Municipality.id
    )
)
_TODAY = bindparam("today", type_=Policy.starts_on.type)
#: What is adopted, has begun, and whose mails somebody has released: nothing before that is the municipality's word.
_PROMISES = Reading(
    in_force(
        select(
            *(Duty.id, Duty.quote, Duty.modality, Duty.action_kind, Duty.recurrence, Duty.deadline),
            *(Policy.id, Policy.slug, Policy.title, Policy.adopted_by_id),
            *(Edition.adopted_by, Edition.adopted_on, Edition.paragraph, Edition.diary_number),
        ),
        _TODAY,
    )
    .where(Policy.released_at <= bindparam("now", type_=Utc()), Policy.starts_on <= _TODAY)
    .where(Edition.adopted_on.is_(None) | (Edition.adopted_on <= _TODAY))
    .where(Edition.valid_from.is_(None) | (Edition.valid_from <= _TODAY))
    .order_by(Policy.id, Duty.start, Duty.id)
)
_BOUND = Reading(
    select(DutyBody.duty_id, Body.name)
    .join(Body, (Body.municipality_id == DutyBody.municipality_id) & (Body.id == DutyBody.body_id))
    .order_by(Body.name)
)
#: What a document asks of a body, and is answered to the public.
SHOWN = (
    *(LifecycleKey.GOAL_SETTING, LifecycleKey.FOLLOW_UP, LifecycleKey.ACTION_PLANNING),
    *(LifecycleKey.PROJECT_FOLLOW_UP, LifecycleKey.ANNUAL_REPORT, LifecycleKey.REVISION),
)
_ROUNDS = Reading(
    select(*(getattr(Case, name if name != "case_id" else "id") for name in RoundRow._fields))
    .where(
        Case.policy_id.in_(bindparam("policy_ids", expanding=True)),
        Case.lifecycle.in_(SHOWN),
        Case.state != State.NOT_FOLLOWED,
        Case.opens_on <= bindparam("today", type_=Case.opens_on.type),
    )
    .order_by(Case.due_on.desc(), Case.id)
)
_RESTS_ON = Reading(select(CaseDuty.case_id, CaseDuty.duty_id).order_by(CaseDuty.duty_id))
_PEOPLE = Reading(select(Person.name))
_USERS = Reading(select(User.name))


def load_published(session: Session) -> PublishedRow | None:
    """Return since when anybody may read; None where nobody may."""
    found = _PUBLISHED.rows(session)
    return PublishedRow._make(found[0]) if found else None


def load_mark(session: Session, municipality_id: str) -> tuple[str, str]:
    """Return what is another as soon as anything has been written down, or the register has changed."""
    found = _MARK.rows(session, own=municipality_id)
    return (found[0][0], found[0][1]) if found else ("", "")


def load_promises(session: Session, today: date, now: datetime) -> list[PromiseRow]:
    """Return what is promised, a document's own together and in the order of its text."""
    return [PromiseRow._make(row) for row in _PROMISES.rows(session, today=today, now=now)]


def load_bound(session: Session) -> Mapping[str, list[str]]:
    """Return the names of the bodies that each duty binds."""
    found: dict[str, list[str]] = defaultdict(list)
    for duty_id, name in _BOUND.rows(session):
        found[duty_id].append(name)
    return found


def load_rounds(session: Session, policy_ids: Collection[str], today: date) -> list[RoundRow]:
    """Return every case of these documents that has opened, the latest due first."""
    rows = _ROUNDS.rows(session, policy_ids=list(policy_ids), today=today) if policy_ids else ()
    return [RoundRow._make(row) for row in rows]


def load_grounds(session: Session) -> Mapping[str, list[str]]:
    """Return the duties that each case rests on."""
    found: dict[str, list[str]] = defaultdict(list)
    for case_id, duty_id in _RESTS_ON.rows(session):
        found[case_id].append(duty_id)
    return found


def load_names(session: Session) -> list[str]:
    """Return the names of everybody in the register and of everybody who may sign in."""
    return [name for reading in (_PEOPLE, _USERS) for (name,) in reading.rows(session)]
