"""What people have decided about a case, read from its journal: for its page and for the annual report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.journal import entries
from styrhjul.db.ledger_write import PLANNER
from styrhjul.domain.journal import Entry, EntryKind, Value
from styrhjul.domain.lifecycle import Event

_KINDS = frozenset(
    {
        EntryKind.DUE_MOVED,
        EntryKind.CASE_REASSIGNED,
        EntryKind.CASE_NOTED,
        EntryKind.REFERRAL_SENT,
        EntryKind.CASE_MOVED,
    }
)
#: Handing in is an answer, and closing is the calendar's: the rest of the events somebody has decided.
_DECIDED = frozenset(event.value for event in (Event.RETURN, Event.APPROVE, Event.WAIVE, Event.REFER, Event.PREPARE))


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDecision:
    """One decision. `what` is an event of the lifecycle, or the kind of the journal's entry; `data` is the entry's."""

    number: int
    at: datetime
    by: str
    what: str
    reason: str
    data: Mapping[str, Value]


def decisions_of(session: Session, case_id: str) -> list[MadeDecision]:
    """Return what people have decided about a case, oldest first; what the calendar did is not among it."""
    return [_made(entry) for entry, _ in entries(session, case_id) if _is_decision(entry)]


def given_over(session: Session, case_id: str) -> MadeDecision | None:
    """Return how a case last came to another post, by whomever: also the calendar, where its body is no more."""
    made = [entry for entry, _ in entries(session, case_id) if entry.kind is EntryKind.CASE_REASSIGNED]
    return _made(made[-1]) if made else None


def _is_decision(entry: Entry) -> bool:
    if entry.by == PLANNER:
        return False
    return entry.data["event"] in _DECIDED if entry.kind is EntryKind.CASE_MOVED else entry.kind in _KINDS


def _made(entry: Entry) -> MadeDecision:
    return MadeDecision(
        number=entry.number,
        at=entry.at,
        by=entry.by,
        what=str(entry.data["event"]) if entry.kind is EntryKind.CASE_MOVED else entry.kind.value,
        reason=str(entry.data.get("reason") or entry.data.get("note") or ""),
        data=entry.data,
    )
