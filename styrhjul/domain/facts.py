"""What the planner is told: frozen values, loaded once, with no way back to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from styrhjul.domain.lifecycle import Audience, Holder, State
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.vocabulary import BodyKind


class NoticeStatus(StrEnum):
    """What became of a notice in the ledger."""

    PLANNED = "planned"  # waits to be written into a mail
    MAILED = "mailed"  # stands in a mail that has no outcome yet
    DELIVERED = "delivered"  # accepted by the receiving mail server
    FAILED = "failed"  # refused for good, or given up
    SUPERSEDED = "superseded"  # a higher rung was reached before this one left
    CANCELLED = "cancelled"  # answered, moved or closed before it left
    VACANT = "vacant"  # nobody holds the post, or the holder has no address


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFacts:
    """A body as the planner sees it. `meetings` ascend; `term_starts` are first days the municipality has decided."""

    body_id: str
    kind: BodyKind
    meetings: tuple[date, ...] = ()
    term_starts: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFacts:
    """A confirmed duty: which bodies it binds, who answers there, and how often (None = the text does not say)."""

    duty_id: str
    body_ids: frozenset[str]
    holder: Holder
    recurrence: RecurrenceKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """One policy seen by one lifecycle.

    `followed_from` is the later of the municipality's and the policy's first day here; `recorded` holds
    (body id, period key) of every case there is.
    """

    policy_id: str
    adopted_on: date | None
    followed_from: date
    adopter: BodyFacts
    bodies: tuple[BodyFacts, ...]
    duties: tuple[DutyFacts, ...]
    recorded: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """One row of the ledger."""

    rung: str
    post_id: str
    due_on: date
    planned_on: date
    status: NoticeStatus
    delivered_on: date | None = None
    deferred_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """One case with its ledger. `posts` lists, per audience, the posts a rung would speak to."""

    case_id: str
    state: State
    opens_on: date
    due_on: date
    agenda_on: date | None
    posts: Mapping[Audience, tuple[str, ...]]
    notices: tuple[NoticeFacts, ...] = ()
    unreachable_on: date | None = None  # when it was noted that nobody could be warned of this due day
    opening_deferred_from: date | None = None


Facts = PolicyFacts | CaseFacts
