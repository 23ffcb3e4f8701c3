"""Changes of people in a test town: somebody is appointed, leaves, or has an address that refuses mail."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from styrhjul.db.model import Appointment, Person, Post, new_id
from styrhjul.domain.office import PostRole
from tests.town import Town, nine

EVER = date(2023, 1, 1)


def post_of(town: Town, body: str, role: PostRole) -> str:
    """The id of a post."""
    with town.database.reading(town.municipality_id) as session:
        return session.scalars(select(Post.id).where(Post.body_id == town.bodies[body], Post.role == role)).one()


def appoint(town: Town, body: str, role: PostRole, address: str, *, since: date = EVER) -> str:
    """Somebody with this address, known or new, in a post that is made if need be; return the post's id."""
    with town.database.municipality(town.municipality_id) as session:
        post = session.scalars(select(Post).where(Post.body_id == town.bodies[body], Post.role == role)).one_or_none()
        if post is None:
            post = Post(id=new_id(), body_id=town.bodies[body], role=role, title=f"{role}, {body}")
            session.add(post)
        person = session.scalars(select(Person).where(Person.address == address)).one_or_none()
        if person is None:
            person = Person(id=new_id(), key=address, name=address.partition("@")[0], address=address, language="sv")
            session.add(person)
        session.flush()
        session.add(Appointment(post_id=post.id, person_id=person.id, starts_on=since, ends_on=None))
        return post.id


def leave(town: Town, body: str, role: PostRole, last_day: date) -> None:
    """Whoever holds the post holds it to that day."""
    post_id = post_of(town, body, role)
    with town.database.municipality(town.municipality_id) as session:
        for held in session.scalars(select(Appointment).where(Appointment.post_id == post_id)):
            held.ends_on = last_day


def block(town: Town, address: str, on: date) -> None:
    """The address has refused mail for good."""
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Person).where(Person.address == address)).one().address_blocked_at = nine(on)
