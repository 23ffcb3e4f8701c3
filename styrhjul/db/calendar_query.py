"""What calendars have been told, the links that are subscribed to, and the cases that such a calendar shows.

Only `find_calendar` looks across municipalities, by the hash of a token nobody can guess.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from styrhjul.db.calendar_model import CalendarEntry, CalendarLink
from styrhjul.db.case_model import Case
from styrhjul.db.model import Policy, Utc
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.prepared import Addition, Change, Reading
from styrhjul.db.session import municipality_of
from styrhjul.db.upsert import insert_of
from styrhjul.domain.lifecycle import State
from styrhjul.domain.office import Stake

#: A case and a post.
Key = tuple[str, str]
_KEY = ("municipality_id", "case_id", "post_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a calendar has been told of a case. `papers_on` without `has_papers` was told of once, and is no more."""

    sequence: int
    due_on: date
    papers_on: date | None
    has_papers: bool
    meeting_on: date | None
    is_ended: bool = False


_SAID = tuple(part.name for part in fields(Told))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFacts:
    """A link that has not been revoked, and whose days it shows."""

    municipality_id: str
    post_id: str


_TOLD = Reading(
    select(
        CalendarEntry.case_id,
        CalendarEntry.post_id,
        CalendarEntry.sequence,
        CalendarEntry.due_on,
        CalendarEntry.papers_on,
        CalendarEntry.has_papers,
        CalendarEntry.meeting_on,
        CalendarEntry.is_ended,
    ).where(CalendarEntry.case_id.in_(bindparam("case_ids", expanding=True)))
)
_TOLD_TO = Reading(
    select(CalendarEntry.case_id).where(
        CalendarEntry.post_id == bindparam("of_post"),
        CalendarEntry.due_on >= bindparam("since", type_=CalendarEntry.due_on.type),
    )
)
_LINK = Reading(
    select(CalendarLink.municipality_id, CalendarLink.post_id).where(
        CalendarLink.token_sha256 == bindparam("token_sha256"), CalendarLink.revoked_at.is_(None)
    )
)
_STANDING = Reading(
    select(Case.id, Case.holder, Case.body_id, Policy.owner_post_id, Case.assigned_post_id)
    .outerjoin(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
    .where(Case.state.in_(bindparam("states", expanding=True)))
    .where(or_(Case.policy_id.is_(None), Policy.released_at <= bindparam("now", type_=Utc())))
    .order_by(Case.due_on, Case.id)
)
_REVOKED = Change(
    update(CalendarLink)
    .where(CalendarLink.post_id == bindparam("of_post"), CalendarLink.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)


def load_told(session: Session, case_ids: Collection[str]) -> dict[Key, Told]:
    """Return what calendars have been told of these cases, by case and post."""
    if not case_ids:
        return {}
    found = {}
    for row in _TOLD.rows(session, case_ids=list(case_ids)):
        case_id, post_id, sequence, due_on, papers_on, has_papers, meeting_on, is_ended = row
        found[case_id, post_id] = Told(
            sequence=sequence,
            due_on=due_on,
            papers_on=papers_on,
            has_papers=has_papers,
            meeting_on=meeting_on,
            is_ended=is_ended,
        )
    return found


def told_of(session: Session, post_id: str, since: date) -> list[str]:
    """Return the cases that a post's calendars have been told of, due on a day or after it; by id."""
    return sorted(case_id for (case_id,) in _TOLD_TO.rows(session, of_post=post_id, since=since))


def keep_told(session: Session, told: Mapping[Key, Told], now: datetime) -> None:
    """Write what calendars are told now, in the place of what they were told before."""
    own = {"municipality_id": municipality_of(session), "told_at": now}
    rows = [
        {**own, "case_id": case_id, "post_id": post_id, **{name: getattr(each, name) for name in _SAID}}
        for (case_id, post_id), each in told.items()
    ]
    _told_anew(session.get_bind().dialect.name).make(session, rows)


@cache
def _told_anew(dialect: str) -> Addition:
    insert = insert_of(dialect, CalendarEntry)
    new = {column.name: column for column in insert.excluded if column.name not in _KEY}
    return Addition(insert.on_conflict_do_update(index_elements=_KEY, set_=new))


def standing_cases(
    session: Session, organisation: Organisation, states: Collection[State], now: datetime
) -> list[tuple[str, Stake]]:
    """Return the released cases in these states, by due day, each with what decides who holds it."""
    rows = _STANDING.rows(session, states=sorted(states), now=now)
    return [
        (case_id, organisation.stake(holder, body_id, owner, assigned))
        for case_id, holder, body_id, owner, assigned in rows
    ]


def find_calendar(session: Session, token_sha256: str) -> CalendarFacts | None:
    """Return the link whose token has this hash, unless it is revoked; for a system session."""
    found = _LINK.everywhere(session, token_sha256=token_sha256)
    return CalendarFacts(**found[0]._asdict()) if found else None


def end_calendar_links(session: Session, post_id: str, now: datetime) -> int:
    """Revoke every link to a post's calendar; return how many there were."""
    return _REVOKED.counted(session, of_post=post_id, at=now)
