"""Writing a roster: what is new is added, what differs is changed, what is no longer listed is ended, never erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from styrhjul.db.model import Appointment, Body, Meeting, Person, Post, TermStart, new_id
from styrhjul.db.prepared import Change, Reading
from styrhjul.services.organisation.officials_roster import (
    AppointmentRow,
    BodyDay,
    BodyRow,
    Known,
    PersonRow,
    PostRow,
    Roster,
)

Stored: TypeAlias = type[Body | Post | Person | Appointment | Meeting | TermStart]

_ONE_DAY = timedelta(days=1)

#: What is stored, as columns: of a list that is brought again nearly all stays as it is, and no object is made of it.
_BODIES = Reading(
    select(Body.id, Body.slug, Body.name, Body.kind, Body.answers_through_id, Body.bound_by, Body.dissolved_on)
)
_POSTS = Reading(
    select(Post.id, Post.body_id, Post.role, Post.title, Post.ended_on, Body.slug).join(
        Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id)
    )
)
_PERSONS = Reading(select(Person.id, Person.key, Person.name, Person.address, Person.language))
_APPOINTMENTS = Reading(
    select(Appointment.id, Appointment.post_id, Appointment.person_id, Appointment.starts_on, Appointment.ends_on)
)
_MEETINGS = Reading(select(Meeting.id, Meeting.body_id, Meeting.meets_on))
_TERMS = Reading(select(TermStart.id, TermStart.body_id, TermStart.starts_on))
_NO_MEETING = Change(delete(Meeting).where(Meeting.id == bindparam("row_id")))
_NO_TERM = Change(delete(TermStart).where(TermStart.id == bindparam("row_id")))


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
    return Known(
        bodies={body.slug: body.kind for body in _BODIES.rows(session)},
        posts=frozenset(
            PostRow(body=post.slug, role=post.role, title=post.title)
            for post in _POSTS.rows(session)
            if post.ended_on is None
        ),
        persons=frozenset(person.key for person in _PERSONS.rows(session)),
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
        #: The values that are other than they were, by the row's id.
        self._differing: dict[str, dict[str, object]] = {}

    def bodies(self, rows: Iterable[BodyRow]) -> None:
        stored = {body.slug: body for body in _BODIES.rows(self._session)}
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
                self._end(stored[key].id, dissolved_on=self._today - _ONE_DAY)
        self._write(Body)

    def posts(self, rows: Iterable[PostRow]) -> None:
        stored = self._stored_posts()
        bodies = self._body_ids()
        listed = frozenset(rows)
        for row in sorted(listed):
            self._put(Post, stored.get(row), body_id=bodies[row.body], role=row.role, title=row.title, ended_on=None)
        for row in stored.keys() - listed:
            if stored[row].ended_on is None:
                self._end(stored[row].id, ended_on=self._today)
        self._write(Post)

    def persons(self, rows: Iterable[PersonRow]) -> None:
        stored = {person.key: person for person in _PERSONS.rows(self._session)}
        for row in rows:
            person = stored.get(row.key)
            self._put(Person, person, key=row.key, name=row.name, address=row.address, language=row.language)
            if person is not None and person.address != row.address:
                self._differing[person.id]["address_blocked_at"] = None  # the new address has refused nothing
        self._write(Person)

    def appointments(self, rows: Iterable[AppointmentRow]) -> None:
        """Ended ones stay as a record of who held the post; one that had not begun ends before it begins."""
        stored = {(held.post_id, held.person_id, held.starts_on): held for held in _APPOINTMENTS.rows(self._session)}
        posts = self._stored_posts()
        persons = {person.key: person.id for person in _PERSONS.rows(self._session)}
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
            last = stored[key].ends_on
            if last is None or last >= self._today:
                self._end(stored[key].id, ends_on=self._today - _ONE_DAY)
        self._write(Appointment)

    def meetings(self, rows: Iterable[BodyDay]) -> None:
        """A meeting to come that is no longer listed is cancelled; one that has been held stays."""
        stored = {(meeting.body_id, meeting.meets_on): meeting.id for meeting in _MEETINGS.rows(self._session)}
        bodies = self._body_ids()
        listed = {(bodies[row.body], row.on) for row in rows}
        for body_id, meets_on in sorted(listed - stored.keys()):
            self._put(Meeting, None, body_id=body_id, meets_on=meets_on)
        self._drop(_NO_MEETING, [stored[key] for key in stored.keys() - listed if key[1] >= self._today])

    def terms(self, rows: Iterable[BodyDay]) -> None:
        """As meetings: a term that has begun stays."""
        stored = {(term.body_id, term.starts_on): term.id for term in _TERMS.rows(self._session)}
        bodies = self._body_ids()
        listed = {(bodies[row.body], row.on) for row in rows}
        for body_id, starts_on in sorted(listed - stored.keys()):
            self._put(TermStart, None, body_id=body_id, starts_on=starts_on)
        self._drop(_NO_TERM, [stored[key] for key in stored.keys() - listed if key[1] > self._today])

    def _put(self, model: Stored, stored: Any, **values: object) -> None:  # noqa: ANN401 - a row of that model
        if stored is None:
            self._session.add(model(**values))
            self.tally.added += 1
            return
        differing = {name: value for name, value in values.items() if getattr(stored, name) != value}
        if differing:
            self._differing[stored.id] = differing
            self.tally.changed += 1

    def _end(self, row_id: str, **values: object) -> None:
        self._differing[row_id] = values
        self.tally.ended += 1

    def _write(self, model: Stored) -> None:
        """Write what is new and what differs, all of one kind, in one go."""
        differing, self._differing = self._differing, {}
        if differing:
            with self._session.no_autoflush:
                found: Iterable[Any] = self._session.scalars(select(model).where(model.id.in_(differing)))
                for row in found:
                    for name, value in differing[row.id].items():
                        setattr(row, name, value)
        self._session.flush()

    def _drop(self, change: Change, row_ids: list[str]) -> None:
        self._session.flush()
        change.make(self._session, *({"row_id": row_id} for row_id in sorted(row_ids)))
        self.tally.ended += len(row_ids)

    def _body_ids(self) -> dict[str, str]:
        return {body.slug: body.id for body in _BODIES.rows(self._session)}

    def _stored_posts(self) -> dict[PostRow, Any]:
        return {PostRow(body=post.slug, role=post.role, title=post.title): post for post in _POSTS.rows(self._session)}
