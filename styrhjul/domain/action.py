"""What the planner decides: frozen actions, each with a key that says when two are the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.vocabulary import DueBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNotice:
    """A notice is owed to a post from `on`. `deferred_from` is the day it would have been, were that a working day.

    `turn` counts from 1: whoever follows a holder who was told of the same rung is told of it in their own turn.
    """

    case_id: str
    due_on: date
    rung: str
    post_id: str
    on: date
    deferred_from: date | None = None
    turn: int = 1

    @property
    def key(self) -> tuple[str, date, str, str, int]:
        """The ledger key: case, due day, rung, post and turn."""
        return (self.case_id, self.due_on, self.rung, self.post_id, self.turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupersedeNotice:
    """A rung that was passed while nobody looked: recorded, never sent."""

    case_id: str
    due_on: date
    rung: str
    post_id: str
    on: date
    turn: int = 1

    @property
    def key(self) -> tuple[str, date, str, str, int]:
        """The ledger key, the same as if it had been sent."""
        return (self.case_id, self.due_on, self.rung, self.post_id, self.turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnreachable:
    """Nobody could be warned, so nobody is reported: a person must find out why."""

    case_id: str
    due_on: date
    on: date

    @property
    def key(self) -> tuple[str, date, str]:
        """Once per case and due day."""
        return (self.case_id, self.due_on, "unreachable")


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveOver:
    """The body that answers is no more: somebody has to say who does, or that nobody does, so they get the case."""

    case_id: str
    post_id: str
    on: date

    @property
    def key(self) -> tuple[str, str]:
        """A body ends once."""
        return (self.case_id, "give_over")


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """The next round has begun: an answer stands, one that never came is missing, and where nobody asked none is.

    `body_ended`: it ends because there is no body left that it could concern.
    """

    case_id: str
    state: State
    on: date
    body_ended: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """A case ends once."""
        return (self.case_id, "close")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case begins. Every day in it is computed now and kept, so that a changed rule never moves it.

    `followed` is False for a period before Styrhjul was in use here: it is recorded and never chased.
    """

    policy_id: str | None
    lifecycle: str
    body_id: str
    period: str
    holder: Holder
    duty_ids: tuple[str, ...]
    opens_on: date
    due_on: date
    meeting_on: date | None
    agenda_on: date | None
    decides_on: date | None
    lapses_on: date
    rule_due_on: date | None
    limit_on: date | None
    due_source: str
    due_basis: DueBasis
    is_binding: bool
    followed: bool
    opening_deferred_from: date | None = None

    @property
    def key(self) -> tuple[str | None, str, str, str]:
        """One case per policy, lifecycle, body and period."""
        return (self.policy_id, self.lifecycle, self.body_id, self.period)


Action = SendNotice | SupersedeNotice | NoteUnreachable | GiveOver | CloseCase | OpenCase
