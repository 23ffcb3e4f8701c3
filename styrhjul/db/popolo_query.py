"""A municipality's organisation as it stands, with what has ended: bodies, posts, who holds them. By Popolo's names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.api_page import Fact
from styrhjul.db.api_register_query import MEMBERSHIPS, ORGANIZATIONS, PERSONS, POSTS
from styrhjul.db.model import Appointment, Body, Person, Post, TermStart
from styrhjul.db.prepared import Reading
from styrhjul.domain.facts import BodyFacts

_BODIES = Reading(ORGANIZATIONS.order_by(Body.slug))
_POSTS = Reading(POSTS.order_by(Post.title, Post.id))
_HELD = Reading(MEMBERSHIPS.order_by(Appointment.starts_on, Appointment.id))
_TERMS = Reading(select(TermStart.body_id, TermStart.starts_on).order_by(TermStart.starts_on))
_PERSONS = Reading(PERSONS.order_by(Person.name, Person.id))


def load_bodies(session: Session) -> list[Fact]:
    """Return every body, by short name."""
    return [row._asdict() for row in _BODIES.rows(session)]


def load_clocks(session: Session, bodies: Iterable[Fact]) -> dict[str, BodyFacts]:
    """Return the clock that each body's terms go by."""
    starts: dict[str, list[date]] = {}
    for body_id, on in _TERMS.rows(session):
        starts.setdefault(body_id, []).append(on)
    return {
        body["id"]: BodyFacts(
            body_id=body["id"], kind=body["classification"], term_starts=tuple(starts.get(body["id"], ()))
        )
        for body in bodies
    }


def load_posts(session: Session) -> list[Fact]:
    """Return every post, by title."""
    return [row._asdict() for row in _POSTS.rows(session)]


def load_held(session: Session) -> list[Fact]:
    """Return everybody who holds, has held or will hold a post, the earliest first."""
    return [row._asdict() for row in _HELD.rows(session)]


def load_persons(session: Session) -> list[Fact]:
    """Return everybody in the register, by name."""
    return [row._asdict() for row in _PERSONS.rows(session)]
