"""How a case stands today, in one word: computed from what people did and what day it is, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from styrhjul.domain.lifecycle import State
from styrhjul.domain.rung import Audience

#: A deadline this near is said so.
DUE_SOON_DAYS = 14


class Status(StrEnum):
    """What an onlooker wants to know about a case."""

    DONE = "done"
    SUBMITTED = "submitted"
    DECISION_MISSING = "decision_missing"  # answered, but no day of decision
    PARAGRAPH_MISSING = "paragraph_missing"  # decided on a day, the paragraph follows
    COMING = "coming"
    OPEN = "open"
    UNDER_WAY = "under_way"
    DUE_SOON = "due_soon"
    LATE = "late"
    WITH_HEAD = "with_head"
    WITH_CHIEF_EXECUTIVE = "with_chief_executive"
    WITH_EXECUTIVE_BOARD = "with_executive_board"
    UNREACHABLE = "unreachable"
    WAIVED = "waived"
    LAPSED = "lapsed"  # ended without an answer
    NOT_FOLLOWED = "not_followed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a status is computed from.

    `went_up_to` is the highest audience above the holder that a delivered notice for the present due day spoke to;
    `decided_on` and `paragraph` are those of the latest answer; `is_decided` tells whether such an answer has any.
    """

    state: State
    opens_on: date
    due_on: date
    unreachable_on: date | None = None
    went_up_to: Audience | None = None
    decided_on: date | None = None
    paragraph: str | None = None
    is_decided: bool = True


_CLOSED = {
    State.DONE: Status.DONE,
    State.WAIVED: Status.WAIVED,
    State.LAPSED: Status.LAPSED,
    State.NOT_FOLLOWED: Status.NOT_FOLLOWED,
}
_ABOVE = {
    Audience.HEAD_OF_ADMINISTRATION: Status.WITH_HEAD,
    Audience.CHIEF_EXECUTIVE: Status.WITH_CHIEF_EXECUTIVE,
    Audience.EXECUTIVE_BOARD: Status.WITH_EXECUTIVE_BOARD,
}
#: What somebody has to do something about, worst first.
TROUBLE = (
    Status.WITH_EXECUTIVE_BOARD,
    Status.WITH_CHIEF_EXECUTIVE,
    Status.UNREACHABLE,
    Status.WITH_HEAD,
    Status.LATE,
)
ANSWERED = frozenset({Status.DONE, Status.SUBMITTED, Status.DECISION_MISSING, Status.PARAGRAPH_MISSING})


def status_of(standing: Standing, today: date) -> Status:
    """Return the status on a day; the due day itself is in time, the day after is late."""
    if standing.state in _CLOSED:
        return _CLOSED[standing.state]
    if standing.state is State.SUBMITTED:
        return _submitted(standing)
    return _unanswered(standing, today)


def _submitted(standing: Standing) -> Status:
    if not standing.is_decided:
        return Status.SUBMITTED
    if standing.decided_on is None:
        return Status.DECISION_MISSING
    return Status.SUBMITTED if standing.paragraph else Status.PARAGRAPH_MISSING


def _unanswered(standing: Standing, today: date) -> Status:
    if standing.unreachable_on is not None:
        return Status.UNREACHABLE
    if today > standing.due_on:
        above = _ABOVE.get(standing.went_up_to) if standing.went_up_to else None
        return above or Status.LATE
    if today < standing.opens_on:
        return Status.COMING
    if today >= standing.due_on - timedelta(days=DUE_SOON_DAYS):
        return Status.DUE_SOON
    return Status.OPEN if standing.state is State.OPEN else Status.UNDER_WAY
