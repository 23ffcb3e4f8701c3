"""Writing and reading the journal: numbers and seals are given here, inside the writer's own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry, JournalHead
from styrhjul.db.session import municipality_of
from styrhjul.domain.journal import GENESIS, Entry, EntryKind, Value, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a service wants written down. `by` is an office, a signed name or a part of the system; never an address."""

    kind: EntryKind
    by: str
    case_id: str | None = None
    data: Mapping[str, Value]


def write_down(session: Session, lines: Iterable[Line], at: datetime) -> None:
    """Append lines to the municipality's journal, in order, in the transaction of the session.

    The head row is locked first, so that two writers never seal the same predecessor.
    """
    waiting = list(lines)
    if not waiting:
        return
    municipality_id = municipality_of(session)
    head = session.execute(
        update(JournalHead)
        .values(number=JournalHead.number + len(waiting))
        .returning(JournalHead.number, JournalHead.seal)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if head is None:
        session.execute(insert(JournalHead).values(municipality_id=municipality_id, number=0, seal=GENESIS))
        write_down(session, waiting, at)
        return
    number, sealed = head.number - len(waiting), head.seal
    rows = []
    for line in waiting:
        number += 1
        entry = Entry(
            municipality_id=municipality_id,
            number=number,
            at=at,
            kind=line.kind,
            by=line.by,
            case_id=line.case_id,
            data=line.data,
        )
        sealed = seal(sealed, entry)
        rows.append(
            JournalEntry(
                number=number,
                at=at,
                kind=line.kind,
                by=line.by,
                case_id=line.case_id,
                data=dict(line.data),
                seal=sealed,
            )
        )
    session.add_all(rows)
    session.execute(update(JournalHead).values(seal=sealed).execution_options(synchronize_session=False))


def entries(session: Session, case_id: str | None = None) -> Iterator[tuple[Entry, str]]:
    """Yield entries with their seals in the order of their numbers; only one case's when `case_id` is given."""
    query = select(JournalEntry).order_by(JournalEntry.number).execution_options(yield_per=1000)
    if case_id is not None:
        query = query.where(JournalEntry.case_id == case_id)
    for row in session.scalars(query):
        yield (
            Entry(
                municipality_id=row.municipality_id,
                number=row.number,
                at=row.at,
                kind=row.kind,
                by=row.by,
                case_id=row.case_id,
                data=row.data,
            ),
            row.seal,
        )
