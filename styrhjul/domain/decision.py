"""What people have decided about a case, folded from its journal: papers, programs and pages all tell it from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from styrhjul.domain.act import EVENTS, Act
from styrhjul.domain.journal import PLANNER, Entry, EntryKind
from styrhjul.domain.lifecycle import Event

#: The kinds of entries that a decision is told by; answers and the calendar's own moves are among the moves.
DECIDING = frozenset(
    {
        EntryKind.DUE_MOVED,
        EntryKind.CASE_REASSIGNED,
        EntryKind.CASE_NOTED,
        EntryKind.REFERRAL_SENT,
        EntryKind.CASE_MOVED,
    }
)
_ACTS = {
    EntryKind.DUE_MOVED: Act.EXTEND,
    EntryKind.CASE_REASSIGNED: Act.REASSIGN,
    EntryKind.CASE_NOTED: Act.NOTE,
    EntryKind.REFERRAL_SENT: Act.REFER,
}
#: Handing in is an answer, beginning too, and closing is the calendar's: the rest of the events somebody has decided.
_MOVES = {event.value: act for act, event in EVENTS.items()}
#: What is written after a decision at the same moment and belongs to it: the new day, and the bodies that are asked.
_PARTS = {(Act.RETURN, EntryKind.DUE_MOVED), (Act.REFER, EntryKind.REFERRAL_SENT)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDecision:
    """One decision. `numbers` are those of the entries it is told by, at least one; `until` is the day it sets.

    `given_to` is the id of the office that was given the case, or those of the bodies a draft was referred to; `to`
    names them, as they are called today, once somebody has looked them up.
    """

    numbers: tuple[int, ...]
    at: datetime
    by: str
    act: Act
    reason: str
    until: date | None = None
    paragraph: str | None = None
    given_to: tuple[str, ...] = ()
    to: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The number of the entry that it is known by."""
        return self.numbers[0]

    def named(self, names: Mapping[str, str]) -> MadeDecision:
        """Return it with the names of those it went to; whoever has none is left out."""
        return replace(self, to=tuple(names[each] for each in self.given_to if each in names))


def decisions_in(entries: Iterable[Entry]) -> list[MadeDecision]:
    """Return what people have decided, in the order it was written; entries are those of any cases, by number.

    The day that an answer is sent back with is a part of sending it back, and not more time.
    """
    return [each for each in told_in(entries) if each.by != PLANNER]


def told_in(entries: Iterable[Entry]) -> list[MadeDecision]:
    """Return the same, and among it to whom the calendar gave the case of a body that is no more."""
    made: dict[int, MadeDecision] = {}
    last: dict[str | None, MadeDecision] = {}
    for entry in entries:
        before = last.get(entry.case_id)
        if before is not None and _is_part(before, entry):
            whole = _whole(before, entry)
        elif act := _act(entry):
            whole = _made(entry, act)
        else:
            continue
        last[entry.case_id] = made[whole.number] = whole
    return list(made.values())


def is_answered_by_list(entry: Entry) -> bool:
    """Whether the list of officials handed a handover in: no answer of anybody's came with it."""
    return (
        entry.kind is EntryKind.CASE_MOVED and entry.data["event"] == Event.SUBMIT.value and "answer" not in entry.data
    )


def _act(entry: Entry) -> Act | None:
    if entry.by == PLANNER and entry.kind is not EntryKind.CASE_REASSIGNED:
        return None
    return _MOVES.get(str(entry.data["event"])) if entry.kind is EntryKind.CASE_MOVED else _ACTS.get(entry.kind)


def _is_part(before: MadeDecision, entry: Entry) -> bool:
    is_alone = len(before.numbers) == 1
    return is_alone and (before.at, before.by) == (entry.at, entry.by) and (before.act, entry.kind) in _PARTS


def _whole(before: MadeDecision, entry: Entry) -> MadeDecision:
    part = _made(entry, before.act)
    return replace(before, numbers=(*before.numbers, *part.numbers), until=part.until, given_to=part.given_to)


def _made(entry: Entry, act: Act) -> MadeDecision:
    data = entry.data
    bodies, until = data.get("bodies"), data.get("due_on")
    return MadeDecision(
        numbers=(entry.number,),
        at=entry.at,
        by=entry.by,
        act=act,
        reason=str(data.get("reason") or data.get("note") or ""),
        until=date.fromisoformat(str(until)) if until else None,
        paragraph=str(data["paragraph"]) if data.get("paragraph") else None,
        given_to=(str(data["post"]),) if data.get("post") else tuple(bodies) if isinstance(bodies, list) else (),
    )
