"""What has been decided about a case, by whom, why and to whom it went: for its page, its mails and `explain`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.journal import entries
from styrhjul.db.office_query import body_names, office_names
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.prepared import Reading
from styrhjul.domain.decision import DECIDING, MadeDecision, decisions_in, told_in
from styrhjul.domain.journal import Entry, EntryKind

_CHANGES = Reading(
    select(
        *(JournalEntry.municipality_id, JournalEntry.number, JournalEntry.at, JournalEntry.kind, JournalEntry.by),
        *(JournalEntry.case_id, JournalEntry.data),
    )
    .where(JournalEntry.case_id.in_(bindparam("case_ids", expanding=True)), JournalEntry.kind.in_(sorted(DECIDING)))
    .order_by(JournalEntry.number)
)


def decisions_of(session: Session, case_id: str) -> list[MadeDecision]:
    """Return what people have decided about a case, oldest first, with the names of those it went to."""
    return _named(session, decisions_in(changes_of(session, [case_id])[case_id]))


def changes_since(session: Session, case_id: str, seen: int) -> list[Entry]:
    """Return what has happened to a case after an entry that somebody had seen, oldest first; mails are no change."""
    return [entry for entry in changes_of(session, [case_id])[case_id] if entry.number > seen]


def changes_of(session: Session, case_ids: Collection[str]) -> dict[str, list[Entry]]:
    """Return what has happened to each of some cases, oldest first; mails are no change."""
    found: dict[str, list[Entry]] = {case_id: [] for case_id in case_ids}
    for row in _CHANGES.rows(session, case_ids=list(case_ids)) if found else ():
        found[str(row.case_id)].append(Entry(**row._asdict()))
    return found


def is_change(entry: Entry) -> bool:
    """Whether an entry changed what a decision about the case rests on, whoever wrote it."""
    return entry.kind in DECIDING


def told_by(session: Session, journal: Iterable[Entry]) -> list[MadeDecision]:
    """Return the decisions among the entries of cases, and to whom the calendar gave what a body left behind."""
    return _named(session, told_in(journal))


def given_over(session: Session, case_id: str) -> MadeDecision | None:
    """Return how a case last came to another post, by whomever: also the calendar, where its body is no more."""
    given = [entry for entry, _ in entries(session, case_id) if entry.kind is EntryKind.CASE_REASSIGNED]
    return next(iter(told_in(given[-1:])), None)


def _named(session: Session, decided: Sequence[MadeDecision]) -> list[MadeDecision]:
    """Give each the names of those it went to."""
    wanted = {key for each in decided for key in each.given_to}
    if not wanted:
        return list(decided)
    bodies = body_names(session, load_organisation(session))
    names = {body_id: body.name for body_id, body in bodies.items()} | office_names(session, wanted)
    return [each.named(names) for each in decided]
