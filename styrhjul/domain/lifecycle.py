"""What a lifecycle is made of: states, events, the rounds that open a case, the ladder that climbs unanswered.

The declarations themselves live in `workflows/`; here are their parts and the checks they must pass when imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from styrhjul.domain.ladder_fault import ladder_faults
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round_rule import Round, YearRound
from styrhjul.domain.rung import UNREACHABLE, Rung
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey


class State(StrEnum):
    """Where people have brought a case. What the calendar says (late, due soon) is never stored here."""

    OPEN = "open"
    UNDER_WAY = "under_way"  # begun: a text is being drafted, a report compiled
    REFERRED = "referred"  # sent out for the committees' opinion
    PREPARED = "prepared"  # the executive board has prepared it for decision
    SUBMITTED = "submitted"
    DONE = "done"
    WAIVED = "waived"
    LAPSED = "lapsed"  # the next round took over before any answer came
    NOT_FOLLOWED = "not_followed"  # nobody was asked: from before the mails were released


class Event(StrEnum):
    """What is done to a case: by a person, except CLOSE, which is the next round's beginning."""

    SUBMIT = "submit"
    BEGIN = "begin"
    REFER = "refer"
    PREPARE = "prepare"
    RETURN = "return"
    APPROVE = "approve"
    WAIVE = "waive"
    CLOSE = "close"


FINAL_STATES = frozenset({State.DONE, State.WAIVED, State.LAPSED, State.NOT_FOLLOWED})
#: What was handed in holds: nobody has sent it back.
ANSWERED_STATES = frozenset({State.SUBMITTED, State.DONE})
#: Somebody still owes an answer.
AWAITED_STATES = frozenset(State) - FINAL_STATES - ANSWERED_STATES

#: What can be done to every case: answered, changed, sent back, approved, waived, and closed by the next round.
ORDINARY_TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (State.OPEN, Event.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Event.SUBMIT): State.SUBMITTED,  # an answer may be changed until the deadline
    (State.SUBMITTED, Event.RETURN): State.OPEN,
    (State.SUBMITTED, Event.APPROVE): State.DONE,
    (State.OPEN, Event.WAIVE): State.WAIVED,
    (State.OPEN, Event.CLOSE): State.LAPSED,
    (State.SUBMITTED, Event.CLOSE): State.DONE,  # nobody sent it back
}


class Holder(StrEnum):
    """Who answers for a case: the body itself, the document's owner, the chief executive or the coordinator."""

    BODY = "body"
    DOCUMENT_OWNER = "document_owner"
    CHIEF_EXECUTIVE = "chief_executive"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """A procedure as it is declared. Frozen; refused with `InvalidLifecycle` when it could not work.

    `rounds` says how a case comes back for each recurrence of a duty; None in it means that the text states none and
    that the municipality's default is used and marked as such. `chased` are the states in which the ladder climbs.
    `at_meeting` tells whether a body decides the answer, so that its meetings matter; `adopter_decides` that it is
    the body that adopted the document, after whoever is asked has prepared it. `default_holder` answers where the
    round rests on law or practice and not on a sentence of the text.
    """

    key: LifecycleKey
    action_kinds: frozenset[ActionKind]
    rounds: Mapping[RecurrenceKind | None, Round]
    first_year: YearRound | None = None
    transitions: Mapping[tuple[State, Event], State]
    chased: frozenset[State]
    ladder: tuple[Rung, ...]
    at_meeting: bool = True
    adopter_decides: bool = False
    default_holder: Holder = Holder.BODY
    #: The rungs that others wait for. What becomes of any other notice changes nothing that the planner says.
    warnings: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a declaration that could strand a case or send a rung out of order."""
        object.__setattr__(self, "warnings", frozenset(rung.after for rung in self.ladder if rung.after))
        for fault in _faults(self):
            raise InvalidLifecycle(self.key, fault)

    def rung(self, key: str) -> Rung:
        """Return the rung with this key, that of the unreachable included; KeyError if there is none."""
        return {rung.key: rung for rung in (*self.ladder, UNREACHABLE)}[key]

    def has_rung(self, key: str) -> bool:
        """Tell whether a notice of this rung can still be written: a municipality may have taken it from the ladder."""
        return key == UNREACHABLE.key or any(rung.key == key for rung in self.ladder)

    def height(self, key: str) -> int:
        """Return how far up a rung stands, from 0; what is no part of the ladder stands above it."""
        keys = [rung.key for rung in self.ladder]
        return keys.index(key) if key in keys else len(keys)


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
    return [*_transition_faults(lifecycle), *map(str, ladder_faults(lifecycle.ladder))]


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
    faults += [
        f"state {state} does not end when the next round begins"
        for state in sorted(reachable - FINAL_STATES)
        if lifecycle.transitions.get((state, Event.CLOSE)) not in FINAL_STATES
    ]
    return faults


def _closure(start: State, moves: Mapping[State, set[State]]) -> set[State]:
    seen, waiting = {start}, [start]
    while waiting:
        for state in moves.get(waiting.pop(), set()) - seen:
            seen.add(state)
            waiting.append(state)
    return seen
