"""What the planner is told: frozen values, loaded once, with no way back to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from styrhjul.domain.date_rule import DateRule
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.practice import USUAL, Practice
from styrhjul.domain.recurrence import Recurrence
from styrhjul.domain.rung import Audience
from styrhjul.domain.seat import Seats
from styrhjul.domain.vocabulary import BodyKind, DueBasis


class NoticeStatus(StrEnum):
    """What became of a notice in the ledger."""

    PLANNED = "planned"  # waits to be written into a mail
    MAILED = "mailed"  # stands in a mail that has no outcome yet
    DELIVERED = "delivered"  # accepted by the receiving mail server
    TRIAL = "trial"  # left in a trial run: the ladder goes on as if it had arrived, and it counts for nobody
    FAILED = "failed"  # refused for good, or given up
    SUPERSEDED = "superseded"  # a higher rung was reached before this one left
    CANCELLED = "cancelled"  # answered, moved or closed before it left
    VACANT = "vacant"  # nobody holds the post, or the holder has no address


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFacts:
    """A body as the planner sees it. `meetings` ascend; `term_starts` are first days the municipality has decided.

    `dissolved_on` is the first day on which it is no more.
    """

    body_id: str
    kind: BodyKind
    meetings: tuple[date, ...] = ()
    term_starts: tuple[date, ...] = ()
    dissolved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The day of a duty: a rule for every year or one single day, and the Swedish words for its source.

    `basis` tells a day that the text itself states from one that somebody corrected it to.
    """

    day: DateRule | date
    source: str
    basis: DueBasis = DueBasis.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFacts:
    """A confirmed duty: which bodies it binds, who answers there, how often and by when (None = the text is silent).

    `is_binding` tells *ska* from *bör* and *kan*. A conditional duty binds only the bodies whose condition is met:
    `since` tells from which day, by body id.
    """

    duty_id: str
    body_ids: frozenset[str]
    holder: Holder
    recurrence: Recurrence | None
    deadline: Deadline | None = None
    is_binding: bool = True
    since: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A round that people have started themselves, with the days they gave it."""

    period: str
    body_id: str
    holder: Holder
    opens_on: date
    due_on: date
    source: str
    duty_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """One policy seen by one lifecycle; `policy_id` is None for rounds that no policy but the law asks for.

    `decided_on` is the latest decision about the document, `adopted_on` that of the edition in force. `followed_from`
    is the later of the municipality's and the policy's first day here. `asked_by_default` are bodies that law or the
    municipality's practice asks without any sentence of the text. `recorded` holds (body id, period key) of every case.
    """

    policy_id: str | None
    adopted_on: date | None
    followed_from: date
    adopter: BodyFacts
    bodies: tuple[BodyFacts, ...]
    duties: tuple[DutyFacts, ...]
    decided_on: date | None = None
    asked_by_default: frozenset[str] = frozenset()
    registered: tuple[Registered, ...] = ()
    practice: Practice = USUAL
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
    heard_by: str | None = None  # the holder its mail went to, as `seat` names them; None = whoever sat then
    by_deputy: bool = False  # it went to whoever stood in, at a mailbox that is not the holder's


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """One case with its ledger. `posts` lists, for every audience, the posts a rung would speak to.

    `lapses_on` is the day the next round takes over: the case ends then at the latest. One that is not binding, *bör*
    and *kan*, is asked and reminded, never warned and never reported to anybody above. Mails about one that is not
    released wait for the coordinator: nobody has been asked yet.
    """

    case_id: str
    policy_id: str | None
    state: State
    opens_on: date
    due_on: date
    agenda_on: date | None
    lapses_on: date
    posts: Mapping[Audience, tuple[str, ...]]
    is_binding: bool = True
    is_released: bool = True
    practice: Practice = USUAL
    notices: tuple[NoticeFacts, ...] = ()
    unreachable_on: date | None = None  # when it was noted that nobody could be warned of this due day
    opening_deferred_from: date | None = None
    seats: Seats = field(default_factory=dict)  # of every post of the municipality
    body_ends_on: date | None = None  # from when the body that answers, or that the case is about, is no more
    assigned_on: date | None = None  # when a decision gave the case to the post that holds it
    anew: frozenset[str] = frozenset()  # posts whose holder follows somebody who was told: see `presence.as_told`


Facts = PolicyFacts | CaseFacts


def depends_on_body(holder: Holder, policy_id: str | None) -> bool:
    """Whether a case has nobody to answer, or nothing to be about, once its body is no more."""
    return holder is Holder.BODY or policy_id is None
