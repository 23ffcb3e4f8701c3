"""The days on which nothing opens and nothing leaves in a municipality, with why, and the posts that have calendars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from styrhjul.db.model import Body, Post
from styrhjul.db.organisation_query import load_practice
from styrhjul.db.session import Database
from styrhjul.domain.calendar import months_after
from styrhjul.domain.practice import Practice

MONTHS = 12
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietDays:
    """Weekdays in a row that are quiet for one reason, both included; `why` follows "är".

    `name` is what the municipality calls a day that it has given free itself.
    """

    first: date
    last: date
    why: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostName:
    """A post that somebody can subscribe to, by its id."""

    post_id: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """The quiet days of the next twelve months in their order, and the living posts by body and title."""

    quiet: tuple[QuietDays, ...]
    posts: tuple[PostName, ...]


def calendar_view(database: Database, municipality_id: str, today: date) -> CalendarView:
    """Return what the page of the calendar shows. Writes nothing."""
    with database.reading(municipality_id) as session:
        rows = session.execute(
            select(Post.id, Post.title, Body.name)
            .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
            .where(Post.ended_on.is_(None), Body.dissolved_on.is_(None))
            .order_by(Body.name, Post.title, Post.id)
        ).all()
        practice = load_practice(session)
    return CalendarView(
        quiet=quiet_days(practice, today, months_after(today, MONTHS)),
        posts=tuple(PostName(post_id=post_id, title=title, body=body) for post_id, title, body in rows),
    )


def quiet_days(practice: Practice, start: date, until: date) -> tuple[QuietDays, ...]:
    """Return the weekdays from `start` to `until` on which nothing opens or leaves, those in a row together.

    Weekends stand in no list; a row of days of one kind goes on over them.
    """
    found: list[QuietDays] = []
    names = {day.on: day.name for day in practice.free_days}
    expected = None
    for offset in range((until - start).days + 1):
        day = start + timedelta(offset)
        if day.weekday() >= _SATURDAY:
            continue
        why, name = practice.why_not_ordinary(day), names.get(day, "")
        if why is not None and found and expected == day and (found[-1].why, found[-1].name) == (why, name):
            found[-1] = replace(found[-1], last=day)
        elif why is not None:
            found.append(QuietDays(first=day, last=day, why=why, name=name))
        expected = _next_weekday(day) if why is not None else None
    return tuple(found)


def _next_weekday(day: date) -> date:
    day += timedelta(1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(1)
    return day
