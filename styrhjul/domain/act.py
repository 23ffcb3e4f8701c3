"""What a person may decide about a case as it stands: more time, another post, sent back, approved, ended, noted."""

from __future__ import annotations

from enum import StrEnum

from styrhjul.domain.lifecycle import FINAL_STATES, Event, Lifecycle, State


class Act(StrEnum):
    """One thing that somebody may decide about a case."""

    EXTEND = "extend"  # more time for whoever answers
    REASSIGN = "reassign"  # another post answers
    APPROVE = "approve"  # the answer is complete: the case is done
    RETURN = "return"  # the answer is to be completed by another day
    REFER = "refer"  # the draft goes to the committees
    PREPARE = "prepare"  # the draft goes on for decision
    NOTE = "note"  # seen, and nothing else
    WAIVE = "waive"  # ended without an answer


#: What moves a case, and by which event; the rest needs only that somebody is waited for.
EVENTS = {
    Act.APPROVE: Event.APPROVE,
    Act.RETURN: Event.RETURN,
    Act.REFER: Event.REFER,
    Act.PREPARE: Event.PREPARE,
    Act.WAIVE: Event.WAIVE,
}


def allowed_acts(lifecycle: Lifecycle, state: State) -> tuple[Act, ...]:
    """Return what may be decided about a case in a state, in the order it is offered; nothing once it has ended."""
    return tuple(act for act in Act if _is_allowed(act, lifecycle, state))


def _is_allowed(act: Act, lifecycle: Lifecycle, state: State) -> bool:
    if act in EVENTS:
        return (state, EVENTS[act]) in lifecycle.transitions
    return state not in FINAL_STATES if act is Act.NOTE else state in lifecycle.chased
