"""What the calendar of a policy shows, and what tells that it has changed; the links to it.

Only `find_policy_calendar` looks across municipalities, by the hash of a token nobody can guess.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from styrhjul.db.calendar_model import PolicyCalendarLink
from styrhjul.db.case_model import Case, JournalEntry
from styrhjul.db.model import Policy
from styrhjul.db.prepared import Change, Reading
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State

#: What moves the day of a case, ends it, or opens it again.
MOVING = (EntryKind.CASE_OPENED, EntryKind.DUE_MOVED, EntryKind.MEETING_MOVED, EntryKind.CASE_MOVED)
#: What may move the days of rounds that have not opened.
_FORETOLD = (
    *(EntryKind.POLICY_IMPORTED, EntryKind.DUTY_CONFIRMED, EntryKind.DUTY_CORRECTED, EntryKind.DUTY_REJECTED),
    *(EntryKind.DUTY_ADDED, EntryKind.DUTY_CARRIED, EntryKind.OFFICIALS_IMPORTED, EntryKind.MEETINGS_CHANGED),
    *(EntryKind.PRACTICE_CHANGED, EntryKind.CASE_MOVED, EntryKind.PLAN_REGISTERED),
)


class PolicyLink(NamedTuple):
    """A link that has not been revoked, and whose days it shows."""

    municipality_id: str
    policy_id: str


class DayRow(NamedTuple):
    """A case of the policy, with its days."""

    case_id: str
    body_id: str
    lifecycle: str
    period: str
    state: State
    opens_on: date
    due_on: date
    agenda_on: date | None
    meeting_on: date | None


@dataclass(frozen=True, slots=True)
class Moved:
    """How many lines of the journal have moved something, and when the last one did."""

    count: int
    at: datetime


class PolicyRow(NamedTuple):
    """The policy itself."""

    slug: str
    title: str
    adopted_by_id: str
    released_at: datetime | None
    repealed_on: date | None


_LINK = Reading(
    select(PolicyCalendarLink.municipality_id, PolicyCalendarLink.policy_id).where(
        PolicyCalendarLink.token_sha256 == bindparam("token_sha256"), PolicyCalendarLink.revoked_at.is_(None)
    )
)
_REVOKED = Change(
    update(PolicyCalendarLink)
    .where(PolicyCalendarLink.policy_id == bindparam("of_policy"), PolicyCalendarLink.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_POLICY = Reading(
    select(Policy.slug, Policy.title, Policy.adopted_by_id, Policy.released_at, Policy.repealed_on).where(
        Policy.id == bindparam("policy_id")
    )
)
_DAYS = Reading(
    select(*(getattr(Case, name if name != "case_id" else "id") for name in DayRow._fields))
    .where(
        Case.policy_id == bindparam("policy_id"),
        Case.state != State.NOT_FOLLOWED,
        Case.due_on >= bindparam("since", type_=Case.due_on.type),
    )
    .order_by(Case.due_on, Case.id)
)
_MOVED = Reading(
    select(JournalEntry.case_id, func.count(), func.max(JournalEntry.at))
    .where(JournalEntry.case_id.in_(bindparam("case_ids", expanding=True)), JournalEntry.kind.in_(MOVING))
    .group_by(JournalEntry.case_id)
)
_OF_ALL = Reading(select(func.count()).select_from(JournalEntry).where(JournalEntry.kind.in_(_FORETOLD)))


def find_policy_calendar(session: Session, token_sha256: str) -> PolicyLink | None:
    """Return the link whose token has this hash, unless it is revoked; for a system session."""
    found = _LINK.everywhere(session, token_sha256=token_sha256)
    return PolicyLink._make(found[0]) if found else None


def end_policy_calendar_links(session: Session, policy_id: str, now: datetime) -> int:
    """Revoke every link to a policy's calendar; return how many there were."""
    return _REVOKED.counted(session, of_policy=policy_id, at=now)


def load_policy_row(session: Session, policy_id: str) -> PolicyRow:
    """Return the policy."""
    [row] = _POLICY.rows(session, policy_id=policy_id)
    return PolicyRow._make(row)


def load_policy_days(session: Session, policy_id: str, since: date) -> list[DayRow]:
    """Return the cases of a policy that were due on a day or after it, whatever has become of them, by due day."""
    return [DayRow._make(row) for row in _DAYS.rows(session, policy_id=policy_id, since=since)]


def load_moved(session: Session, case_ids: Collection[str]) -> Mapping[str, Moved]:
    """Return how often each case has moved; it only ever grows."""
    rows = _MOVED.rows(session, case_ids=list(case_ids)) if case_ids else ()
    return {str(case_id): Moved(count, at) for case_id, count, at in rows}


def count_foretelling(session: Session) -> int:
    """Return how often something has happened here that may move a round to come; it only ever grows."""
    return _OF_ALL.rows(session)[0][0]
