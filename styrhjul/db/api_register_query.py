"""The register as other programs read it: organizations, posts, persons, memberships, meetings, in Popolo's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from styrhjul.db.api_page import Fact, Found, Place, found, same
from styrhjul.db.model import Appointment, Body, Meeting, Municipality, Person, Post
from styrhjul.db.session import municipality_of


@dataclass(frozen=True, slots=True, kw_only=True)
class InRegister:
    """What is asked for: None = all. `on` leaves out what does not hold that day."""

    id: str | None = None
    key: str | None = None
    organization_id: str | None = None
    post_id: str | None = None
    person_id: str | None = None
    on: date | None = None
    since: date | None = None
    until: date | None = None


#: Bodies with what they answer through: the committee, else the municipality.
ORGANIZATIONS = select(
    *(Body.id, Body.slug.label("key"), Body.name, Body.kind.label("classification"), Body.bound_by),
    func.coalesce(Body.answers_through_id, Body.municipality_id).label("parent_id"),
    Body.dissolved_on.label("dissolution_date"),
)
POSTS = select(
    *(Post.id, Post.title.label("label"), Post.role, Post.body_id.label("organization_id")),
    Post.ended_on.label("end_date"),
)
PERSONS = select(Person.id, Person.key, Person.name, Person.address.label("email"), Person.language)
MEMBERSHIPS = select(
    *(Appointment.id, Appointment.person_id, Appointment.post_id, Post.body_id.label("organization_id")),
    *(Post.role, Post.title.label("label")),
    *(Appointment.starts_on.label("start_date"), Appointment.ends_on.label("end_date")),
).join(Post, (Post.municipality_id == Appointment.municipality_id) & (Post.id == Appointment.post_id))


def the_municipality(session: Session) -> Fact:
    """Return the session's own municipality."""
    names = ("id", "slug", "name", "starts_on", "chief_executive_title", "released_at", "register_version")
    columns = [getattr(Municipality, name) for name in names]
    return session.execute(select(*columns).where(Municipality.id == municipality_of(session))).one()._asdict()


def organizations(session: Session, asked: InRegister, at: Place) -> Found:
    """Return bodies, those that are no more too."""
    where = same((Body.id, asked.id), (Body.slug, asked.key))
    return found(session, ORGANIZATIONS, Body.id, at=at, where=where)


def posts(session: Session, asked: InRegister, at: Place) -> Found:
    """Return posts, those that have ended too."""
    where = same((Post.id, asked.id), (Post.body_id, asked.organization_id))
    return found(session, POSTS, Post.id, at=at, where=where)


def persons(session: Session, asked: InRegister, at: Place) -> Found:
    """Return persons, whether they hold anything or not."""
    where = same((Person.id, asked.id), (Person.key, asked.key))
    return found(session, PERSONS, Person.id, at=at, where=where)


def memberships(session: Session, asked: InRegister, at: Place) -> Found:
    """Return who holds and has held posts."""
    where = same(
        *((Appointment.id, asked.id), (Post.body_id, asked.organization_id)),
        *((Appointment.post_id, asked.post_id), (Appointment.person_id, asked.person_id)),
    )
    if asked.on is not None:
        lasts = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= asked.on)
        where = [*where, Appointment.starts_on <= asked.on, lasts]
    return found(session, MEMBERSHIPS, Appointment.id, at=at, where=where)


def meetings(session: Session, asked: InRegister, at: Place) -> Found:
    """Return days on which bodies meet; `since` and `until` included."""
    query = select(Meeting.id, Meeting.body_id.label("organization_id"), Meeting.meets_on.label("start_date"))
    where = same((Meeting.id, asked.id), (Meeting.body_id, asked.organization_id))
    if asked.since is not None:
        where = [*where, Meeting.meets_on >= asked.since]
    if asked.until is not None:
        where = [*where, Meeting.meets_on <= asked.until]
    return found(session, query, Meeting.id, at=at, where=where)
