"""What a lifecycle is made of: states, events, the round that opens a case, the ladder that climbs unanswered.

The declarations themselves live in `workflows/`; here are their parts and the checks they must pass when imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from styrhjul.domain.date_rule import DateRule
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.vocabulary import ActionKind


class State(StrEnum):
    """Where people have brought a case. What the calendar says (late, due soon) is never stored here."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    SUBMITTED = "submitted"
    DONE = "done"
    WAIVED = "waived"
    NOT_FOLLOWED = "not_followed"


class Event(StrEnum):
    """What a person does to a case."""

    SUBMIT = "submit"
    BEGIN = "begin"
    RETURN = "return"
    APPROVE = "approve"
    WAIVE = "waive"


FINAL_STATES = frozenset({State.DONE, State.WAIVED, State.NOT_FOLLOWED})


class Audience(StrEnum):
    """Whom a rung speaks to. The posts behind it are found when the mail is written."""

    HOLDER = "holder"
    HEAD_OF_ADMINISTRATION = "head_of_administration"
    CHIEF_EXECUTIVE = "chief_executive"


class Holder(StrEnum):
    """Who answers for a case: the body itself, the document's owner, or the chief executive."""

    BODY = "body"
    DOCUMENT_OWNER = "document_owner"
    CHIEF_EXECUTIVE = "chief_executive"


class Anchor(StrEnum):
    """The day from which a rung counts."""

    OPENING = "opening"
    PAPERS = "papers"  # the agenda stop of the body's meeting; the due day where no meeting is known
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Offset:
    """Working days from an anchor; `digest` moves the day on to the chief executive's weekly digest."""

    anchor: Anchor
    working_days: int = 0
    digest: bool = False


def opening() -> Offset:
    """The day the case opens."""
    return Offset(Anchor.OPENING)


def before_papers(working_days: int) -> Offset:
    """So many working days before the body's papers must be in."""
    return Offset(Anchor.PAPERS, -working_days)


def before_due(working_days: int) -> Offset:
    """So many working days before the due day."""
    return Offset(Anchor.DUE, -working_days)


def after_due(working_days: int) -> Offset:
    """So many working days after the due day."""
    return Offset(Anchor.DUE, working_days)


def digest_after_due(working_days: int) -> Offset:
    """The first digest day on or after so many working days past the due day."""
    return Offset(Anchor.DUE, working_days, digest=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder. `key` is permanent. `after` names a rung that must have reached somebody first."""

    key: str
    at: Offset
    to: Audience
    email: str
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRound:
    """When the case for a calendar year opens and is due.

    `years_from_period` is added to the year the case concerns: -1 for a plan made the autumn before, +1 for a
    follow-up made the winter after. `legal_limit` is the day in the same year that no move may pass. `source` is the
    Swedish sentence that people read about where the day comes from.
    """

    opens: DateRule
    due: DateRule
    source: str
    years_from_period: int = 0
    legal_limit: DateRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRound:
    """A case opens with each term of the adopting body and is due in that term's first full year."""

    due: DateRule
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """A procedure as it is declared. Frozen; refused with `InvalidLifecycle` when it could not work.

    `recurrences` are those of the duties it follows; None in it means that the text states none and that the
    municipality's default, once a year, is used and marked as such. `chased` are the states in which the ladder climbs.
    """

    key: str
    action_kinds: frozenset[ActionKind]
    recurrences: frozenset[RecurrenceKind | None]
    round: YearRound | TermRound
    first_year: YearRound | None = None
    transitions: Mapping[tuple[State, Event], State]
    chased: frozenset[State]
    ladder: tuple[Rung, ...]

    def __post_init__(self) -> None:
        """Refuse a declaration that could strand a case or send a rung out of order."""
        for fault in _faults(self):
            raise InvalidLifecycle(self.key, fault)

    def rung(self, key: str) -> Rung:
        """Return the rung with this key; KeyError if there is none."""
        return {rung.key: rung for rung in self.ladder}[key]


class InvalidLifecycle(ValueError):
    """A lifecycle cannot work as declared."""

    def __init__(self, key: str, fault: str) -> None:
        super().__init__(f"workflows/{key}.py: {fault}")


class NotAllowed(ValueError):
    """This cannot be done to the case in the state it is in."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"event {event} is not allowed in state {state}")
        self.state = state
        self.event = event


def step(lifecycle: Lifecycle, state: State, event: Event) -> State:
    """Return the state that follows. Raises NotAllowed."""
    try:
        return lifecycle.transitions[state, event]
    except KeyError:
        raise NotAllowed(state, event) from None


def _faults(lifecycle: Lifecycle) -> list[str]:
    return [*_transition_faults(lifecycle), *_ladder_faults(lifecycle.ladder)]


def _transition_faults(lifecycle: Lifecycle) -> list[str]:
    moves: dict[State, set[State]] = {}
    for (state, _), target in lifecycle.transitions.items():
        moves.setdefault(state, set()).add(target)
    faults = [f"state {state} is final but has a way out" for state in moves.keys() & FINAL_STATES]
    reachable = _closure(State.OPEN, moves)
    faults += [f"state {state} cannot be reached" for state in sorted(moves.keys() - reachable)]
    faults += [
        f"state {state} can never end" for state in sorted(reachable) if not _closure(state, moves) & FINAL_STATES
    ]
    faults += [f"chased state {state} is not among the states" for state in sorted(lifecycle.chased - reachable)]
    return faults


def _closure(start: State, moves: Mapping[State, set[State]]) -> set[State]:
    seen, waiting = {start}, [start]
    while waiting:
        for state in moves.get(waiting.pop(), set()) - seen:
            seen.add(state)
            waiting.append(state)
    return seen


def _ladder_faults(ladder: tuple[Rung, ...]) -> list[str]:
    keys = [rung.key for rung in ladder]
    faults = [f"rung key {key} stands twice" for key in sorted({key for key in keys if keys.count(key) > 1})]
    order = [(rung.at.anchor is not Anchor.OPENING, rung.at.working_days) for rung in ladder]
    if order != sorted(order):
        faults.append("the ladder does not ascend")
    if not any(rung.to is Audience.CHIEF_EXECUTIVE for rung in ladder):
        faults.append("the ladder does not reach the chief executive")
    for position, rung in enumerate(ladder):
        if rung.after is not None and rung.after not in keys[:position]:
            faults.append(f"rung {rung.key} comes after {rung.after}, which does not stand before it")
        if rung.to is not Audience.HOLDER and rung.after is None:
            faults.append(f"rung {rung.key} goes up without a warning (after=)")
    return faults
