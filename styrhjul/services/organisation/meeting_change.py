"""One change of when a body meets, without a list: a day that is added, moved or cancelled. Cases follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import Body, Meeting
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.services.cases.meeting import Moved
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.organisation.office_seen import ChangeRefused, Hand, meetings_seen, refuse_stale
from styrhjul.services.organisation.officials_effect import Change, MovedCase, effect_of
from styrhjul.services.organisation.officials_follow import wake_all

_MOST_YEARS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAt:
    """Whose meetings are changed, and what `meetings_seen` said of them. `body` is the body's short name."""

    municipality_id: str
    body: str
    seen: str


def add_meeting(database: Database, at: MeetingAt, on: date, hand: Hand) -> tuple[MovedCase, ...]:
    """Enter a meeting to come; return the cases that got other days. When it is rehearsed nothing is kept.

    Raises NotHere, Stale and ChangeRefused.
    """
    with database.register(at.municipality_id) as session:
        body, days = _opened(session, at)
        _refuse_day(body, days, on, local_date(hand.now))
        before = load_organisation(session)
        session.add(Meeting(body_id=body.id, meets_on=on))
        data: dict[str, Value] = {"what": "added", "body": body.id, "on": on.isoformat()}
        return _settle(session, before, data, hand)


def move_meeting(database: Database, at: MeetingAt, on: date, to: date, hand: Hand) -> tuple[MovedCase, ...]:
    """Move a meeting to come to another day; as `add_meeting`."""
    with database.register(at.municipality_id) as session:
        body, days = _opened(session, at)
        stored = _to_come(session, body, on, local_date(hand.now))
        _refuse_day(body, days, to, local_date(hand.now))
        before = load_organisation(session)
        stored.meets_on = to
        data: dict[str, Value] = {"what": "moved", "body": body.id, "on": to.isoformat(), "was_on": on.isoformat()}
        return _settle(session, before, data, hand)


def cancel_meeting(database: Database, at: MeetingAt, on: date, hand: Hand) -> tuple[MovedCase, ...]:
    """Take away a meeting to come; as `add_meeting`."""
    with database.register(at.municipality_id) as session:
        body, _ = _opened(session, at)
        stored = _to_come(session, body, on, local_date(hand.now))
        before = load_organisation(session)
        session.delete(stored)
        data: dict[str, Value] = {"what": "cancelled", "body": body.id, "was_on": on.isoformat()}
        return _settle(session, before, data, hand)


def _opened(session: Session, at: MeetingAt) -> tuple[Body, Sequence[date]]:
    body = session.scalar(select(Body).where(Body.slug == at.body))
    if body is None:
        raise NotHere(at.body)
    days = session.scalars(select(Meeting.meets_on).where(Meeting.body_id == body.id)).all()
    refuse_stale(at.seen, meetings_seen(body.id, days))
    return body, days


def _to_come(session: Session, body: Body, on: date, today: date) -> Meeting:
    stored = session.scalar(select(Meeting).where(Meeting.body_id == body.id, Meeting.meets_on == on))
    if stored is None:
        raise NotHere(on.isoformat())
    if on < today:
        raise ChangeRefused("Sammanträdet har redan hållits och står kvar.")
    return stored


def _refuse_day(body: Body, days: Sequence[date], on: date, today: date) -> None:
    if on < today:
        raise ChangeRefused("Skriv dagens datum eller ett senare.", "on")
    if on.year > today.year + _MOST_YEARS:
        raise ChangeRefused("Skriv en dag som ligger högst fem år bort.", "on")
    if on in days:
        raise ChangeRefused("Då är det redan ett sammanträde. Skriv en annan dag.", "on")
    if body.dissolved_on is not None and on >= body.dissolved_on:
        raise ChangeRefused(f"Organet upphör {body.dissolved_on.isoformat()}. Skriv en dag före det.", "on")


def _settle(session: Session, before: Organisation, data: dict[str, Value], hand: Hand) -> tuple[MovedCase, ...]:
    session.flush()
    moved: list[Moved] = wake_all(session, before, hand.now)
    counts: dict[str, Value] = {"cases_moved": len(moved)}
    write_down(session, [Line(kind=EntryKind.MEETINGS_CHANGED, by=hand.by, data=data | counts)], hand.now)
    change = Change(before=before, after=load_organisation(session), today=local_date(hand.now))
    named = effect_of(session, change, (), moved).cases_moved
    if hand.rehearse:
        session.rollback()
    return named
