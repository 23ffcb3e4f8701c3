"""A year of meetings, body by body and month by month, with what each one decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from styrhjul.db.overview_query import MunicipalityLine
from styrhjul.db.people_query import BodyLine, PostLine, load_register
from styrhjul.db.session import Database
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import BodyKind
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.organisation.people import MeetingLine, body_by, by_meeting, has_ceased, open_cells

#: Bodies that decide at meetings of their own.
MEETING = frozenset(BodyKind) - {BodyKind.ADMINISTRATION, BodyKind.UNIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyYear:
    """A body's meetings in a year; `months` holds twelve."""

    body: BodyLine
    months: tuple[tuple[MeetingLine, ...], ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """A year of meetings. `deciding` are those to come that cases aim at, ascending; `years` those that can be shown.

    `lacking` are bodies that meet, and have no meeting to come.
    """

    municipality: MunicipalityLine
    today: date
    year: int
    years: tuple[int, ...]
    bodies: tuple[BodyYear, ...]
    deciding: tuple[MeetingLine, ...]
    lacking: tuple[BodyLine, ...]
    posts: tuple[tuple[PostLine, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """One meeting; `is_last` when the body has none after today beside it."""

    municipality: MunicipalityLine
    today: date
    meeting: MeetingLine
    days: tuple[date, ...]

    @property
    def is_last(self) -> bool:
        """Whether cancelling it leaves the body without a meeting to come."""
        return [day for day in self.days if day >= self.today] == [self.meeting.on]


def year_view(database: Database, slug: str, year: int | None, now: datetime) -> YearView:
    """Return a year's meetings, this year's for None and for a year that holds none. Raises NotHere."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        register = load_register(session)
        decides = by_meeting(open_cells(session, today))
    living = [body for body in register.bodies if not has_ceased(body, today) and body.kind in MEETING]
    lines = [
        MeetingLine(on=day, body=body, decides=decides.get((body.body_id, day), ()))
        for body in living
        for day in register.meetings.get(body.body_id, ())
    ]
    years = tuple(sorted({line.on.year for line in lines} | {today.year, today.year + 1}))
    shown = year if year in years else today.year
    to_come = {line.body.body_id for line in lines if line.on >= today}
    names = {body.body_id: body.name for body in living}
    return YearView(
        municipality=municipality,
        today=today,
        year=shown,
        years=years,
        bodies=tuple(_body_year(body, [line for line in lines if line.body is body], shown) for body in living),
        deciding=tuple(sorted((line for line in lines if line.decides and line.on >= today), key=lambda line: line.on)),
        lacking=tuple(body for body in living if body.body_id not in to_come),
        posts=tuple(
            (post, names[post.body_id]) for post in register.posts if post.ended_on is None and post.body_id in names
        ),
    )


def meeting_view(database: Database, slug: str, body_slug: str, on: date, now: datetime) -> MeetingView:
    """Return one meeting. Raises NotHere."""
    municipality = municipality_by(database, slug)
    today = local_date(now)
    with database.reading(municipality.municipality_id) as session:
        register = load_register(session)
        body = body_by(register, body_slug)
        days = register.meetings.get(body.body_id, ())
        if on not in days:
            raise NotHere(on.isoformat())
        decides = by_meeting(open_cells(session, today, body.body_id)).get((body.body_id, on), ())
    line = MeetingLine(on=on, body=body, decides=decides)
    return MeetingView(municipality=municipality, today=today, meeting=line, days=days)


def _body_year(body: BodyLine, lines: list[MeetingLine], year: int) -> BodyYear:
    mine = [line for line in lines if line.on.year == year]
    months = tuple(tuple(line for line in mine if line.on.month == month) for month in range(1, 13))
    return BodyYear(body=body, months=months, count=len(mine))
