"""Writing a roster: what is new is added, what differs is changed, what is no longer listed is ended, never erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.model import Appointment, Base, Body, Meeting, Person, Post, TermStart, new_id
from styrhjul.services.organisation.officials_roster import (
    AppointmentRow,
    BodyDay,
    BodyRow,
    Known,
    PersonRow,
    PostRow,
    Roster,
)

_ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Tally:
    """How many rows an import added, changed and ended."""

    added: int = 0
    changed: int = 0
    ended: int = 0

    @property
    def total(self) -> int:
        """Everything that is no longer as it was."""
        return self.added + self.changed + self.ended


def known_officials(session: Session) -> Known:
    """Return what is stored and an import may refer to."""
    bodies = {body.id: body for body in session.scalars(select(Body))}
    return Known(
        bodies={body.slug: body.kind for body in bodies.values()},
        posts=frozenset(
            PostRow(body=bodies[post.body_id].slug, role=post.role, title=post.title)
            for post in session.scalars(select(Post).where(Post.ended_on.is_(None)))
        ),
        persons=frozenset(session.scalars(select(Person.key))),
    )


def store_roster(session: Session, roster: Roster, today: date) -> Tally:
    """Make the stored officials equal to the roster, for the kinds it holds. Safe to repeat: then nothing changes."""
    store = _Store(session, today)
    if roster.bodies is not None:
        store.bodies(roster.bodies)
    if roster.posts is not None:
        store.posts(roster.posts)
    if roster.persons is not None:
        store.persons(roster.persons)
    if roster.appointments is not None:
        store.appointments(roster.appointments)
    if roster.meetings is not None:
        store.meetings(roster.meetings)
    if roster.terms is not None:
        store.terms(roster.terms)
    return store.tally


class _Store:
    def __init__(self, session: Session, today: date) -> None:
        self.tally = Tally()
        self._session = session
        self._today = today

    def bodies(self, rows: Iterable[BodyRow]) -> None:
        stored = {body.slug: body for body in self._session.scalars(select(Body))}
        listed = {row.key: row for row in rows}
        ids = {key: stored[key].id if key in stored else new_id() for key in listed}
        for key, row in listed.items():
            self._put(
                Body,
                stored.get(key),
                id=ids[key],
                slug=key,
                name=row.name,
                kind=row.kind,
                answers_through_id=ids[row.answers_through] if row.answers_through else None,
                bound_by=row.bound_by,
                dissolved_on=row.dissolved_on,
            )
        for key in stored.keys() - listed.keys():
            if stored[key].dissolved_on is None:
                stored[key].dissolved_on = self._today - _ONE_DAY
                self.tally.ended += 1
        self._session.flush()

    def posts(self, rows: Iterable[PostRow]) -> None:
        stored = self._stored_posts()
        bodies = self._body_ids()
        listed = frozenset(rows)
        for row in sorted(listed):
            self._put(Post, stored.get(row), body_id=bodies[row.body], role=row.role, title=row.title, ended_on=None)
        for row in stored.keys() - listed:
            if stored[row].ended_on is None:
                stored[row].ended_on = self._today
                self.tally.ended += 1
        self._session.flush()

    def persons(self, rows: Iterable[PersonRow]) -> None:
        stored = {person.key: person for person in self._session.scalars(select(Person))}
        for row in rows:
            person = stored.get(row.key)
            if person is not None and person.address != row.address:
                person.address_blocked_at = None  # the new address has refused nothing
            self._put(Person, person, key=row.key, name=row.name, address=row.address, language=row.language)
        self._session.flush()

    def appointments(self, rows: Iterable[AppointmentRow]) -> None:
        """Ended ones stay as a record of who held the post; one that had not begun ends before it begins."""
        stored = {
            (held.post_id, held.person_id, held.starts_on): held for held in self._session.scalars(select(Appointment))
        }
        posts = self._stored_posts()
        persons = dict(self._session.execute(select(Person.key, Person.id)).all())
        listed = {(posts[row.post].id, persons[row.person], row.starts_on): row.ends_on for row in rows}
        for key, ends_on in listed.items():
            post_id, person_id, starts_on = key
            self._put(
                Appointment,
                stored.get(key),
                post_id=post_id,
                person_id=person_id,
                starts_on=starts_on,
                ends_on=ends_on,
            )
        for key in stored.keys() - listed.keys():
            ends_on = stored[key].ends_on
            if ends_on is None or ends_on >= self._today:
                stored[key].ends_on = self._today - _ONE_DAY
                self.tally.ended += 1
        self._session.flush()

    def meetings(self, rows: Iterable[BodyDay]) -> None:
        """A meeting to come that is no longer listed is cancelled; one that has been held stays."""
        stored = {(meeting.body_id, meeting.meets_on): meeting for meeting in self._session.scalars(select(Meeting))}
        bodies = self._body_ids()
        listed = {(bodies[row.body], row.on) for row in rows}
        for body_id, meets_on in sorted(listed - stored.keys()):
            self._put(Meeting, None, body_id=body_id, meets_on=meets_on)
        self._drop(stored[key] for key in stored.keys() - listed if key[1] >= self._today)

    def terms(self, rows: Iterable[BodyDay]) -> None:
        """As meetings: a term that has begun stays."""
        stored = {(term.body_id, term.starts_on): term for term in self._session.scalars(select(TermStart))}
        bodies = self._body_ids()
        listed = {(bodies[row.body], row.on) for row in rows}
        for body_id, starts_on in sorted(listed - stored.keys()):
            self._put(TermStart, None, body_id=body_id, starts_on=starts_on)
        self._drop(stored[key] for key in stored.keys() - listed if key[1] > self._today)

    def _put(self, model: type[Base], stored: Base | None, **values: object) -> None:
        if stored is None:
            self._session.add(model(**values))
            self.tally.added += 1
            return
        differing = {name: value for name, value in values.items() if getattr(stored, name) != value}
        for name, value in differing.items():
            setattr(stored, name, value)
        self.tally.changed += bool(differing)

    def _drop(self, rows: Iterable[Base]) -> None:
        for row in list(rows):
            self._session.delete(row)
            self.tally.ended += 1
        self._session.flush()

    def _body_ids(self) -> dict[str, str]:
        return dict(self._session.execute(select(Body.slug, Body.id)).all())

    def _stored_posts(self) -> dict[PostRow, Post]:
        slugs = {body_id: slug for slug, body_id in self._body_ids().items()}
        return {
            PostRow(body=slugs[post.body_id], role=post.role, title=post.title): post
            for post in self._session.scalars(select(Post))
        }
