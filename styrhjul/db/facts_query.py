"""What the planner needs, loaded in bulk for one municipality and handed over as frozen facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.model import (
    Appointment,
    Body,
    Duty,
    DutyBody,
    DutyStatus,
    Edition,
    Meeting,
    Municipality,
    Person,
    Policy,
    Post,
    TermStart,
)
from styrhjul.db.session import municipality_of
from styrhjul.domain.facts import BodyFacts, CaseFacts, DutyFacts, NoticeFacts, PolicyFacts
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.office import AppointmentFacts, PostFacts, posts_by_audience
from styrhjul.domain.recurrence import parse_recurrence
from styrhjul.domain.vocabulary import BodyKind


@dataclass(frozen=True)
class Organisation:
    """A municipality's bodies and posts: loaded once per batch, shared by every case in it."""

    bodies: tuple[BodyFacts, ...]
    posts: tuple[PostFacts, ...]

    @cached_property
    def by_id(self) -> dict[str, BodyFacts]:
        """Bodies by their id."""
        return {body.body_id: body for body in self.bodies}

    @cached_property
    def posts_by_body(self) -> Mapping[str, Sequence[PostFacts]]:
        """Posts by the id of their body, in their order."""
        found: dict[str, list[PostFacts]] = defaultdict(list)
        for post in self.posts:
            found[post.body_id].append(post)
        return found

    @cached_property
    def ended_posts(self) -> Sequence[PostFacts]:
        """Posts that an import no longer lists."""
        return [post for post in self.posts if post.ended]

    @cached_property
    def board_id(self) -> str:
        """The executive board's id, or an empty string in a municipality that has not entered it yet."""
        return next((body.body_id for body in self.bodies if body.kind is BodyKind.EXECUTIVE_BOARD), "")


def load_organisation(session: Session) -> Organisation:
    """Return every body and post, dissolved and ended ones included: their old cases still need them."""
    meetings: dict[str, list[date]] = defaultdict(list)
    for body_id, day in session.execute(select(Meeting.body_id, Meeting.meets_on).order_by(Meeting.meets_on)):
        meetings[body_id].append(day)
    terms: dict[str, list[date]] = defaultdict(list)
    for body_id, day in session.execute(select(TermStart.body_id, TermStart.starts_on).order_by(TermStart.starts_on)):
        terms[body_id].append(day)
    bodies = tuple(
        BodyFacts(body_id=body_id, kind=kind, meetings=tuple(meetings[body_id]), term_starts=tuple(terms[body_id]))
        for body_id, kind in session.execute(select(Body.id, Body.kind).order_by(Body.name, Body.id))
    )
    posts = tuple(
        PostFacts(post_id=post_id, body_id=body_id, role=role, title=title, ended=ended_on is not None)
        for post_id, body_id, role, title, ended_on in session.execute(
            select(Post.id, Post.body_id, Post.role, Post.title, Post.ended_on).order_by(Post.id)
        )
    )
    return Organisation(bodies, posts)


def load_appointments(session: Session, post_ids: Collection[str] | None = None) -> list[AppointmentFacts]:
    """Return every appointment, or those to some posts; a blocked address is no address, an ended post has nobody."""
    query = (
        select(Appointment, Person)
        .join(Person, (Person.municipality_id == Appointment.municipality_id) & (Person.id == Appointment.person_id))
        .join(Post, (Post.municipality_id == Appointment.municipality_id) & (Post.id == Appointment.post_id))
        .where(Post.ended_on.is_(None))
    )
    rows = session.execute(query if post_ids is None else query.where(Appointment.post_id.in_(post_ids)))
    return [
        AppointmentFacts(
            appointment_id=appointment.id,
            post_id=appointment.post_id,
            person_id=person.id,
            name=person.name,
            address=None if person.address_blocked_at else person.address,
            language=person.language,
            starts_on=appointment.starts_on,
            ends_on=appointment.ends_on,
        )
        for appointment, person in rows
    ]


def load_policy_facts(
    session: Session, organisation: Organisation, lifecycle: Lifecycle, policy_ids: Iterable[str], today: date
) -> list[PolicyFacts]:
    """Return the policies as one lifecycle sees them; a repealed policy has no duties left."""
    ids = list(policy_ids)
    if not ids:
        return []
    followed = session.scalar(select(Municipality.starts_on).where(Municipality.id == municipality_of(session)))
    duties = _duties(session, lifecycle, ids)
    dissolved = set(session.scalars(select(Body.id).where(Body.dissolved_on <= today)))
    recorded: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for policy_id, body_id, period in session.execute(
        select(Case.policy_id, Case.body_id, Case.period).where(
            Case.lifecycle == lifecycle.key, Case.policy_id.in_(ids)
        )
    ):
        recorded[policy_id].add((body_id, period))
    return [
        PolicyFacts(
            policy_id=policy_id,
            adopted_on=adopted_on,
            followed_from=max(starts_on, followed or starts_on),
            adopter=organisation.by_id[adopted_by_id],
            bodies=tuple(body for body in organisation.bodies if body.body_id not in dissolved),
            duties=() if repealed_on and repealed_on <= today else tuple(duties[policy_id]),
            recorded=frozenset(recorded[policy_id]),
        )
        for policy_id, starts_on, adopted_by_id, repealed_on, adopted_on in session.execute(
            select(Policy.id, Policy.starts_on, Policy.adopted_by_id, Policy.repealed_on, Edition.adopted_on)
            .join(Edition, (Edition.municipality_id == Policy.municipality_id) & (Edition.policy_id == Policy.id))
            .where(Policy.id.in_(ids), Edition.superseded_on.is_(None))
        )
    ]


def _duties(session: Session, lifecycle: Lifecycle, policy_ids: Sequence[str]) -> dict[str, list[DutyFacts]]:
    bound: dict[str, set[str]] = defaultdict(set)
    for duty_id, body_id in session.execute(
        select(DutyBody.duty_id, DutyBody.body_id)
        .join(Duty, (Duty.municipality_id == DutyBody.municipality_id) & (Duty.id == DutyBody.duty_id))
        .where(Duty.policy_id.in_(policy_ids), Duty.action_kind.in_(sorted(lifecycle.action_kinds)))
    ):
        bound[duty_id].add(body_id)
    found: dict[str, list[DutyFacts]] = defaultdict(list)
    for duty in session.scalars(
        select(Duty)
        .join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
        .where(
            Duty.policy_id.in_(policy_ids),
            Duty.status == DutyStatus.CONFIRMED,
            Duty.action_kind.in_(sorted(lifecycle.action_kinds)),
            Edition.superseded_on.is_(None),
        )
        .order_by(Duty.start, Duty.id)
    ):
        recurrence = parse_recurrence(duty.recurrence)
        found[duty.policy_id].append(
            DutyFacts(
                duty_id=duty.id,
                body_ids=frozenset(bound[duty.id]),
                holder=duty.holder,
                recurrence=recurrence.kind if recurrence else None,
            )
        )
    return found


def load_case_facts(session: Session, organisation: Organisation, case_ids: Iterable[str]) -> list[CaseFacts]:
    """Return cases with their ledger and the posts each audience stands for; in no particular order."""
    ids = list(case_ids)
    notices: dict[str, list[NoticeFacts]] = defaultdict(list)
    for notice in session.scalars(select(Notice).where(Notice.case_id.in_(ids)).order_by(Notice.planned_on, Notice.id)):
        notices[notice.case_id].append(notice_facts(notice))
    rows = session.execute(
        select(Case, Policy.owner_post_id)
        .join(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
        .where(Case.id.in_(ids))
    )
    return [
        replace(case_facts(case, organisation, owner_post_id), notices=tuple(notices[case.id]))
        for case, owner_post_id in rows
    ]


def case_facts(case: Case, organisation: Organisation, owner_post_id: str | None) -> CaseFacts:
    """Return one case without its ledger."""
    # Only these can be spoken to: a case must not look through every post there is.
    bodies = {case.body_id, organisation.board_id}
    return CaseFacts(
        case_id=case.id,
        state=case.state,
        opens_on=case.opens_on,
        due_on=case.due_on,
        agenda_on=case.agenda_on,
        posts=posts_by_audience(
            case.holder,
            body_id=case.body_id,
            board_id=organisation.board_id,
            owner_post_id=owner_post_id,
            posts=[
                *(post for body_id in bodies for post in organisation.posts_by_body.get(body_id, ())),
                *organisation.ended_posts,  # the document's owner may have sat in any body
            ],
        ),
        unreachable_on=case.unreachable_on,
        opening_deferred_from=case.opening_deferred_from,
    )


def notice_facts(notice: Notice) -> NoticeFacts:
    """Return one row of the ledger."""
    return NoticeFacts(
        rung=notice.rung,
        post_id=notice.post_id,
        due_on=notice.due_on,
        planned_on=notice.planned_on,
        status=notice.status,
        delivered_on=notice.delivered_on,
        deferred_from=notice.deferred_from,
    )
