"""What the planner needs about cases and the organisation, loaded in bulk for one municipality as frozen facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.ladder_query import load_overrides
from styrhjul.db.model import (
    Appointment,
    Body,
    Meeting,
    Municipality,
    Person,
    Policy,
    Post,
    TermStart,
)
from styrhjul.db.session import municipality_of
from styrhjul.domain.facts import BodyFacts, CaseFacts, NoticeFacts
from styrhjul.domain.office import AppointmentFacts, PostFacts, Stake, posts_by_audience
from styrhjul.domain.override import RungOverride
from styrhjul.domain.practice import Practice
from styrhjul.domain.vocabulary import BodyKind


@dataclass(frozen=True)
class Organisation:
    """A municipality's bodies and posts: loaded once per batch, shared by every case in it."""

    bodies: tuple[BodyFacts, ...]
    posts: tuple[PostFacts, ...]
    practice: Practice
    #: The municipality's own ladders.
    overrides: tuple[RungOverride, ...] = ()

    def overrides_of(self, lifecycle: str, policy_id: str | None) -> tuple[RungOverride, ...]:
        """Return what is laid over one lifecycle in one policy: the municipality's rows, then the policy's."""
        own = self._overrides_by_place.get((lifecycle, policy_id), ()) if policy_id else ()
        return (*self._overrides_by_place.get((lifecycle, None), ()), *own)

    @cached_property
    def _overrides_by_place(self) -> Mapping[tuple[str, str | None], tuple[RungOverride, ...]]:
        found: dict[tuple[str, str | None], list[RungOverride]] = defaultdict(list)
        for row in self.overrides:
            found[row.lifecycle, row.policy_id].append(row)
        return {place: tuple(rows) for place, rows in found.items()}

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

    def posts_near(self, stake: Stake) -> list[PostFacts]:
        """Return the posts that a case can speak to: a case must not look through every post there is."""
        bodies = {stake.body_id, stake.board_id}
        near = [post for body_id in sorted(bodies) for post in self.posts_by_body.get(body_id, ())]
        # The document's owner, or the one the case was given to, may sit in any body.
        named = {stake.owner_post_id, stake.assigned_post_id}
        return [*near, *self.ended_posts, *(post for post in self.posts if post.post_id in named and post not in near)]

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
    return Organisation(bodies, posts, load_practice(session), load_overrides(session))


def load_practice(session: Session) -> Practice:
    """Return how the municipality works. Raises NoSuchPractice for values that no setting could have let in."""
    own = session.execute(
        select(
            Municipality.digest_weekday,
            Municipality.rest_months,
            Municipality.office_opens,
            Municipality.office_closes,
            Municipality.first_year_goals,
            Municipality.currency_review,
        ).where(Municipality.id == municipality_of(session))
    ).one()
    return Practice(
        digest_weekday=own.digest_weekday,
        rest_months=frozenset(own.rest_months),
        office_opens=own.office_opens,
        office_closes=own.office_closes,
        first_year_goals=own.first_year_goals,
        currency_review=own.currency_review,
    )


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


def load_case_facts(session: Session, organisation: Organisation, case_ids: Iterable[str]) -> list[CaseFacts]:
    """Return cases with their ledger and the posts each audience stands for; in no particular order."""
    ids = list(case_ids)
    notices: dict[str, list[NoticeFacts]] = defaultdict(list)
    for notice in session.scalars(select(Notice).where(Notice.case_id.in_(ids)).order_by(Notice.planned_on, Notice.id)):
        notices[notice.case_id].append(notice_facts(notice))
    rows = session.execute(
        select(Case, Policy.owner_post_id)
        .outerjoin(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
        .where(Case.id.in_(ids))
    )
    return [
        replace(case_facts(case, organisation, owner_post_id), notices=tuple(notices[case.id]))
        for case, owner_post_id in rows
    ]


def case_facts(case: Case, organisation: Organisation, owner_post_id: str | None) -> CaseFacts:
    """Return one case without its ledger."""
    stake = Stake(
        holder=case.holder,
        body_id=case.body_id,
        board_id=organisation.board_id,
        owner_post_id=owner_post_id,
        assigned_post_id=case.assigned_post_id,
    )
    return CaseFacts(
        case_id=case.id,
        policy_id=case.policy_id,
        state=case.state,
        opens_on=case.opens_on,
        due_on=case.due_on,
        agenda_on=case.agenda_on,
        lapses_on=case.lapses_on,
        posts=posts_by_audience(stake, organisation.posts_near(stake)),
        is_binding=case.is_binding,
        practice=organisation.practice,
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
