"""A municipality's organisation as it stands, with what has ended: bodies, posts, who holds them. Frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.model import Appointment, Body, Person, Post, TermStart
from styrhjul.db.prepared import Reading
from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind


class BodyRow(NamedTuple):
    """A body."""

    body_id: str
    slug: str
    name: str
    kind: BodyKind
    answers_through_id: str | None
    dissolved_on: date | None


class PostRow(NamedTuple):
    """A post."""

    post_id: str
    body_id: str
    role: PostRole
    title: str
    ended_on: date | None


class HeldRow(NamedTuple):
    """Somebody in a post."""

    appointment_id: str
    post_id: str
    body_id: str
    title: str
    person_id: str
    starts_on: date
    ends_on: date | None


class PersonRow(NamedTuple):
    """A person."""

    person_id: str
    name: str
    address: str | None


_BODIES = Reading(
    select(Body.id, Body.slug, Body.name, Body.kind, Body.answers_through_id, Body.dissolved_on).order_by(Body.slug)
)
_POSTS = Reading(select(Post.id, Post.body_id, Post.role, Post.title, Post.ended_on).order_by(Post.title, Post.id))
_HELD = Reading(
    select(
        *(Appointment.id, Appointment.post_id, Post.body_id, Post.title),
        *(Appointment.person_id, Appointment.starts_on, Appointment.ends_on),
    )
    .join(Post, (Post.municipality_id == Appointment.municipality_id) & (Post.id == Appointment.post_id))
    .order_by(Appointment.starts_on, Appointment.id)
)
_TERMS = Reading(select(TermStart.body_id, TermStart.starts_on).order_by(TermStart.starts_on))
_PERSONS = Reading(select(Person.id, Person.name, Person.address).order_by(Person.name, Person.id))


def load_bodies(session: Session) -> list[BodyRow]:
    """Return every body, by short name."""
    return [BodyRow._make(row) for row in _BODIES.rows(session)]


def load_clocks(session: Session, bodies: Iterable[BodyRow]) -> dict[str, BodyFacts]:
    """Return the clock that each body's terms go by."""
    starts: dict[str, list[date]] = {}
    for body_id, on in _TERMS.rows(session):
        starts.setdefault(body_id, []).append(on)
    return {
        row.body_id: BodyFacts(body_id=row.body_id, kind=row.kind, term_starts=tuple(starts.get(row.body_id, ())))
        for row in bodies
    }


def load_posts(session: Session) -> list[PostRow]:
    """Return every post, by title."""
    return [PostRow._make(row) for row in _POSTS.rows(session)]


def load_held(session: Session) -> list[HeldRow]:
    """Return everybody who holds, has held or will hold a post, the earliest first."""
    return [HeldRow._make(row) for row in _HELD.rows(session)]


def load_persons(session: Session) -> list[PersonRow]:
    """Return everybody in the register, by name."""
    return [PersonRow._make(row) for row in _PERSONS.rows(session)]
