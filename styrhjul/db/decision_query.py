"""What has been decided about a case, by whom, why and to whom it went: for its page, its mails and `explain`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.journal import entries, entry_of
from styrhjul.db.ledger_write import PLANNER
from styrhjul.db.office_query import body_names, office_names
from styrhjul.db.organisation_query import load_organisation
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
    """One decision. `what` is an event of the lifecycle, or the kind of the journal's entry; `data` is the entry's.

    `to` names, as they are called today, the office that was given the case, or the bodies a draft was referred to.
    """

    number: int
    at: datetime
    by: str
    what: str
    reason: str
    data: Mapping[str, Value]
    to: tuple[str, ...] = ()


def decisions_of(session: Session, case_id: str) -> list[MadeDecision]:
    """Return what people have decided about a case, oldest first.

    Of what the calendar did only one thing is among it: to whom it gave the case of a body that is no more. A list of
    officials that answered a handover is: nobody else did.
    """
    return told_by(session, (entry for entry, _ in entries(session, case_id)))


def changes_since(session: Session, case_id: str, seen: int) -> list[Entry]:
    """Return what has happened to a case after an entry that somebody had seen, oldest first; mails are no change."""
    return [entry for entry, _ in entries(session, case_id) if entry.number > seen and is_change(entry)]


def changes_of(session: Session, case_ids: Collection[str]) -> dict[str, list[Entry]]:
    """Return what has happened to each of some cases, oldest first; mails are no change."""
    query = select(JournalEntry).where(JournalEntry.case_id.in_(case_ids), JournalEntry.kind.in_(_KINDS))
    found: dict[str, list[Entry]] = {case_id: [] for case_id in case_ids}
    for row in session.scalars(query.order_by(JournalEntry.number)):
        found[str(row.case_id)].append(entry_of(row))
    return found


def is_change(entry: Entry) -> bool:
    """Whether an entry changed what a decision about the case rests on, whoever wrote it."""
    return entry.kind in _KINDS


def told_by(session: Session, journal: Iterable[Entry]) -> list[MadeDecision]:
    """Return the decisions among a case's entries, as `decisions_of` does, without reading them again."""
    return _named(session, [_made(entry) for entry in journal if _is_decision(entry)])


def given_over(session: Session, case_id: str) -> MadeDecision | None:
    """Return how a case last came to another post, by whomever: also the calendar, where its body is no more."""
    made = [entry for entry, _ in entries(session, case_id) if entry.kind is EntryKind.CASE_REASSIGNED]
    return _made(made[-1]) if made else None


def _is_decision(entry: Entry) -> bool:
    if entry.by == PLANNER:
        return entry.kind is EntryKind.CASE_REASSIGNED
    if entry.kind is not EntryKind.CASE_MOVED:
        return entry.kind in _KINDS
    return entry.data["event"] in _DECIDED or is_answered_by_list(entry)


def is_answered_by_list(entry: Entry) -> bool:
    """Whether the list of officials handed a handover in: no answer of anybody's came with it."""
    return (
        entry.kind is EntryKind.CASE_MOVED and entry.data["event"] == Event.SUBMIT.value and "answer" not in entry.data
    )


def _made(entry: Entry) -> MadeDecision:
    return MadeDecision(
        number=entry.number,
        at=entry.at,
        by=entry.by,
        what=str(entry.data["event"]) if entry.kind is EntryKind.CASE_MOVED else entry.kind.value,
        reason=str(entry.data.get("reason") or entry.data.get("note") or ""),
        data=entry.data,
    )


def _named(session: Session, decided: Sequence[MadeDecision]) -> list[MadeDecision]:
    """Give each the names of those it went to."""
    keys = {each.number: _keys(each.data) for each in decided}
    wanted = {key for found in keys.values() for key in found}
    if not wanted:
        return list(decided)
    bodies = body_names(session, load_organisation(session))
    names = {body_id: body.name for body_id, body in bodies.items()} | office_names(session, wanted)
    return [replace(each, to=tuple(names[key] for key in keys[each.number] if key in names)) for each in decided]


def _keys(data: Mapping[str, Value]) -> list[str]:
    bodies = data.get("bodies")
    return [str(data["post"])] if data.get("post") else list(bodies) if isinstance(bodies, list) else []
