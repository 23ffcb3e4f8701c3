"""Bodies, their posts, who has held them and when they meet, by name: what the pages about people show. Frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.model import Appointment, Body, Meeting, Municipality, Person, Post, TermStart
from styrhjul.db.register_version import recall
from styrhjul.db.session import municipality_of
from styrhjul.domain.office import PostRole
from styrhjul.domain.vocabulary import BodyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLine:
    """A body; `answers_through` is the name of the committee that answers for it."""

    body_id: str
    slug: str
    name: str
    kind: BodyKind
    answers_through: str | None
    bound_by: str | None
    dissolved_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post and its body's id; `ended_on` where nobody is written to there any more."""

    post_id: str
    body_id: str
    role: PostRole
    title: str
    ended_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """Somebody in a post, both days included. `blocked_at`: the address has refused mail for good."""

    appointment_id: str
    post_id: str
    person_id: str
    name: str
    address: str | None
    blocked_at: datetime | None
    starts_on: date
    ends_on: date | None

    def covers(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person, whether they hold anything or not."""

    person_id: str
    name: str
    address: str | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Bodies in the order of the register; posts in the order of their roles; who held them, the latest first."""

    bodies: tuple[BodyLine, ...]
    posts: tuple[PostLine, ...]
    held: tuple[HeldLine, ...]
    persons: tuple[PersonLine, ...] = ()
    #: Ascending, by the body's id.
    meetings: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    #: First days of a term that the municipality has decided, by the body's id.
    term_starts: Mapping[str, tuple[date, ...]] = field(default_factory=dict)

    def lines(self) -> int:
        """Return how many lines of the register this is."""
        return len(self.bodies) + len(self.posts) + len(self.held) + len(self.persons)


def load_register(session: Session) -> Register:
    """Return the municipality's register as it stands, with what has ended. Remembered until it changes."""
    return recall(session, "people", _register, Register.lines)


def load_phone(session: Session) -> str | None:
    """Return the number that mails give."""
    return session.scalar(select(Municipality.phone).where(Municipality.id == municipality_of(session)))


def _register(session: Session) -> Register:
    bodies = list(session.scalars(select(Body)))
    names = {body.id: body.name for body in bodies}
    roles = list(PostRole)
    posts = sorted(session.scalars(select(Post)), key=lambda post: (roles.index(post.role), post.title))
    meets = session.execute(select(Meeting.body_id, Meeting.meets_on).order_by(Meeting.meets_on)).all()
    terms = session.execute(select(TermStart.body_id, TermStart.starts_on).order_by(TermStart.starts_on)).all()
    return Register(
        bodies=tuple(_body(body, names) for body in sorted(bodies, key=_place)),
        posts=tuple(
            PostLine(post_id=post.id, body_id=post.body_id, role=post.role, title=post.title, ended_on=post.ended_on)
            for post in posts
        ),
        held=tuple(_held(session)),
        persons=tuple(
            PersonLine(person_id=person.id, name=person.name, address=person.address, language=person.language)
            for person in session.scalars(select(Person).order_by(Person.name, Person.id))
        ),
        meetings=_by_body((body_id, day) for body_id, day in meets),
        term_starts=_by_body((body_id, day) for body_id, day in terms),
    )


def _by_body(rows: Iterable[tuple[str, date]]) -> Mapping[str, tuple[date, ...]]:
    found: dict[str, list[date]] = defaultdict(list)
    for body_id, day in rows:
        found[body_id].append(day)
    return {body_id: tuple(days) for body_id, days in found.items()}


_KINDS = list(BodyKind)
_ALPHABET = str.maketrans("åäö", "{|}")


def _place(body: Body) -> tuple[int, str]:
    return _KINDS.index(body.kind), body.name.casefold().translate(_ALPHABET)


def _body(body: Body, names: Mapping[str, str]) -> BodyLine:
    return BodyLine(
        body_id=body.id,
        slug=body.slug,
        name=body.name,
        kind=body.kind,
        answers_through=names.get(body.answers_through_id or ""),
        bound_by=body.bound_by,
        dissolved_on=body.dissolved_on,
    )


def _held(session: Session) -> list[HeldLine]:
    query = (
        select(Appointment, Person)
        .join(Person, (Person.municipality_id == Appointment.municipality_id) & (Person.id == Appointment.person_id))
        .order_by(Appointment.starts_on.desc(), Appointment.id)
    )
    return [
        HeldLine(
            appointment_id=held.id,
            post_id=held.post_id,
            person_id=person.id,
            name=person.name,
            address=person.address,
            blocked_at=person.address_blocked_at,
            starts_on=held.starts_on,
            ends_on=held.ends_on,
        )
        for held, person in session.execute(query)
        if held.ends_on is None or held.ends_on >= held.starts_on
    ]
