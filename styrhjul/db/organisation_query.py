"""A municipality's bodies, posts and people, its ways and its ladders, as frozen facts: read anew when they change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.ladder_query import load_overrides
from styrhjul.db.model import (
    Appointment,
    Body,
    Meeting,
    Municipality,
    Person,
    Post,
    TermStart,
)
from styrhjul.db.prepared import Reading
from styrhjul.db.register_version import recall
from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.office import AppointmentFacts, PostFacts, PostRole, Stake, posts_by_audience
from styrhjul.domain.override import RungOverride
from styrhjul.domain.practice import FreeDay, Practice
from styrhjul.domain.rung import Audience
from styrhjul.domain.seat import Seats, seats_of
from styrhjul.domain.vocabulary import BodyKind


@dataclass(frozen=True)
class Organisation:
    """A municipality's bodies and posts: loaded once per batch, shared by every case in it."""

    bodies: tuple[BodyFacts, ...]
    posts: tuple[PostFacts, ...]
    practice: Practice
    #: The municipality's own ladders.
    overrides: tuple[RungOverride, ...] = ()
    #: Every appointment there is or was; a blocked address is no address, an ended post has nobody.
    appointments: tuple[AppointmentFacts, ...] = ()

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
    def memory(self) -> dict[Hashable, Any]:
        """What else was read of the same register: frozen values that depend on nothing but the register."""
        return {}

    @cached_property
    def appointments_by_post(self) -> Mapping[str, Sequence[AppointmentFacts]]:
        """Appointments by the id of their post."""
        found: dict[str, list[AppointmentFacts]] = defaultdict(list)
        for appointment in self.appointments:
            found[appointment.post_id].append(appointment)
        return dict(found)

    def heard_by(self, post_id: str, person_id: str | None, on: date) -> str | None:
        """Return whom a mail to a post went to, as its seats name them, where they had begun to hold it by then.

        None for a deputy, and for a mailbox that several share: nobody knows then but who sat in the post.
        """
        if person_id is None:
            return None
        held = self.appointments_by_post.get(post_id, ())
        known = any(each.person_id == person_id and each.starts_on <= on for each in held)
        return self.same_person.get(person_id, person_id) if known else None

    def is_deputy(self, post_id: str, person_id: str | None, on: date) -> bool:
        """Whether whom a mail to a post went to only stood in for it: a vice chair, at a mailbox that no holder has."""
        if person_id is None or self.heard_by(post_id, person_id, on) is not None:
            return False
        own = {(held.address or "").casefold() for held in self.appointments_by_post.get(post_id, ())}
        return any(
            held.person_id == person_id and held.starts_on <= on and (held.address or "").casefold() not in own
            for deputy in self._deputies.get(post_id, ())
            for held in self.appointments_by_post.get(deputy, ())
        )

    @cached_property
    def _deputies(self) -> Mapping[str, tuple[str, ...]]:
        """By the id of a chair's post: the posts of the body's vice chairs."""
        return {
            post.post_id: tuple(other.post_id for other in near if other.role is PostRole.VICE_CHAIR)
            for near in self.posts_by_body.values()
            for post in near
            if post.role is PostRole.CHAIR
        }

    @cached_property
    def seats(self) -> Seats:
        """Who has held each post, by its id; an ended one has no seats."""
        same = self.same_person
        known = (replace(held, person_id=same.get(held.person_id, held.person_id)) for held in self.appointments)
        by_post: dict[str, list[AppointmentFacts]] = defaultdict(list)
        for held in known:
            by_post[held.post_id].append(held)
        return {post_id: seats_of(post_id, every) for post_id, every in by_post.items()}

    @cached_property
    def same_person(self) -> Mapping[str, str]:
        """By the id of a person: the id that stands for every row of the same name and address.

        A list whose keys are renamed has new rows for the people it had: they have heard what they heard.
        """
        first: dict[tuple[str, str], str] = {}
        same = {}
        for person_id, name, address in sorted(
            {(one.person_id, one.name, one.address or "") for one in self.appointments}
        ):
            known = first.setdefault((name.casefold(), address.casefold()), person_id) if address else person_id
            if known != person_id:
                same[person_id] = known
        return same

    @cached_property
    def by_id(self) -> dict[str, BodyFacts]:
        """Bodies by their id."""
        return {body.body_id: body for body in self.bodies}

    @cached_property
    def post_by_id(self) -> Mapping[str, PostFacts]:
        """Posts by their id, ended ones included."""
        return {post.post_id: post for post in self.posts}

    @cached_property
    def languages(self) -> Mapping[str, str]:
        """What whoever holds or held a post that has not ended reads, by the id of their appointment."""
        return {each.appointment_id: each.language for each in self.appointments}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Titles of posts by the post's id."""
        return {post.post_id: post.title for post in self.posts}

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

    def stake(
        self, holder: Holder, body_id: str, owner_post_id: str | None, assigned_post_id: str | None = None
    ) -> Stake:
        """Return what decides which posts a case speaks to here."""
        return Stake(
            holder=holder,
            body_id=body_id,
            board_id=self.board_id,
            owner_post_id=owner_post_id,
            assigned_post_id=assigned_post_id,
        )

    def is_living(self, post_id: str | None) -> bool:
        """Whether there is such a post, and an import still lists it."""
        return post_id in self._living_posts

    @cached_property
    def _living_posts(self) -> frozenset[str]:
        return frozenset(post.post_id for post in self.posts if not post.ended)

    def posts_of(self, stake: Stake) -> Mapping[Audience, tuple[str, ...]]:
        """Return the posts that each audience stands for in a case; put together once for each stake."""
        if stake not in self._posts_of:
            self._posts_of[stake] = posts_by_audience(stake, self.posts_near(stake))
        return self._posts_of[stake]

    @cached_property
    def _posts_of(self) -> dict[Stake, Mapping[Audience, tuple[str, ...]]]:
        return {}

    def posts_near(self, stake: Stake) -> list[PostFacts]:
        """Return the posts that a case can speak to: a case must not look through every post there is."""
        bodies = {stake.body_id, stake.board_id}
        near = [post for body_id in sorted(bodies) for post in self.posts_by_body.get(body_id, ())]
        # The document's owner, or the one the case was given to, may sit in any body.
        named = {stake.owner_post_id, stake.assigned_post_id}
        return [*near, *self.ended_posts, *(post for post in self.posts if post.post_id in named and post not in near)]

    def lines(self) -> int:
        """Return how many lines of the register this is."""
        return len(self.bodies) + len(self.posts) + len(self.appointments)

    @cached_property
    def board_id(self) -> str:
        """The executive board's id, or an empty string in a municipality that has not entered it yet."""
        return next((body.body_id for body in self.bodies if body.kind is BodyKind.EXECUTIVE_BOARD), "")


_MEETINGS = Reading(select(Meeting.body_id, Meeting.meets_on).order_by(Meeting.meets_on))
_TERMS = Reading(select(TermStart.body_id, TermStart.starts_on).order_by(TermStart.starts_on))
_BODIES = Reading(select(Body.id, Body.kind, Body.dissolved_on).order_by(Body.name, Body.id))
_POSTS = Reading(select(Post.id, Post.body_id, Post.role, Post.title, Post.ended_on).order_by(Post.id))
_SETTINGS = tuple(setting.name for setting in fields(Practice) if setting.init)
_PRACTICE = Reading(
    select(*(getattr(Municipality, name) for name in _SETTINGS)).where(
        Municipality.id == bindparam("own_municipality_id")
    )
)


def load_organisation(session: Session) -> Organisation:
    """Return every body and post, dissolved and ended ones included: their old cases still need them.

    Read anew when the register has changed, and remembered between.
    """
    return recall(session, "organisation", _organisation, Organisation.lines)


def _organisation(session: Session) -> Organisation:
    meets, starts = _days_by_body(_MEETINGS.rows(session)), _days_by_body(_TERMS.rows(session))
    return Organisation(
        bodies=tuple(
            BodyFacts(
                body_id=body_id,
                kind=kind,
                meetings=tuple(meets[body_id]),
                term_starts=tuple(starts[body_id]),
                dissolved_on=dissolved_on,
            )
            for body_id, kind, dissolved_on in _BODIES.rows(session)
        ),
        posts=tuple(
            PostFacts(post_id=post_id, body_id=body_id, role=role, title=title, ended=ended_on is not None)
            for post_id, body_id, role, title, ended_on in _POSTS.rows(session)
        ),
        practice=_practice(session),
        overrides=load_overrides(session),
        appointments=_appointments(session),
    )


def _days_by_body(rows: Iterable[tuple[Any, ...]]) -> Mapping[str, list[date]]:
    found: dict[str, list[date]] = defaultdict(list)
    for body_id, day in rows:
        found[body_id].append(day)
    return found


def load_practice(session: Session) -> Practice:
    """Return how the municipality works. Raises NoSuchPractice for values that no setting could have let in."""
    return load_organisation(session).practice


def _practice(session: Session) -> Practice:
    [row] = _PRACTICE.rows(session)
    own = dict(zip(_SETTINGS, row, strict=True))
    free = tuple(sorted(FreeDay(date.fromisoformat(on), name) for on, name in own["free_days"].items()))
    return Practice(**own | {"rest_months": frozenset(own["rest_months"]), "free_days": free})


_APPOINTMENTS = Reading(
    select(
        Appointment.id,
        Appointment.post_id,
        Person.id,
        Person.name,
        Person.address,
        Person.address_blocked_at,
        Person.language,
        Appointment.starts_on,
        Appointment.ends_on,
    )
    .join(Person, (Person.municipality_id == Appointment.municipality_id) & (Person.id == Appointment.person_id))
    .join(Post, (Post.municipality_id == Appointment.municipality_id) & (Post.id == Appointment.post_id))
    .where(Post.ended_on.is_(None))
)


def _appointments(session: Session) -> tuple[AppointmentFacts, ...]:
    return tuple(
        AppointmentFacts(
            appointment_id=appointment_id,
            post_id=post_id,
            person_id=person_id,
            name=name,
            address=None if blocked_at else address,
            language=language,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        for (
            appointment_id,
            post_id,
            person_id,
            name,
            address,
            blocked_at,
            language,
            starts_on,
            ends_on,
        ) in _APPOINTMENTS.rows(session)
    )
