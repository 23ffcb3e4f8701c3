"""Writing and reading the journal: numbers and seals are given here, at the end of the writer's own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from styrhjul.db.case_model import JournalEntry, JournalHead
from styrhjul.db.model import new_id
from styrhjul.db.prepared import Addition, Change, Reading
from styrhjul.db.session import MunicipalitySession, municipality_of
from styrhjul.db.upsert import insert_new
from styrhjul.db.webhook_write import Happening, tell
from styrhjul.domain.journal import GENESIS, Entry, EntryKind, Value, seal
from styrhjul.domain.webhook import TOLD, HookEvent, told_of

#: Where a session keeps the lines that are not sealed yet, each with the savepoint or transaction it belongs to.
_WAITING = "journal_lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a service wants written down. `by` is an office, a signed name or a part of the system; never an address.

    `went_up_by` is for other systems and is not written: the step by which the case has now come to somebody above.
    """

    kind: EntryKind
    by: str
    case_id: str | None = None
    data: Mapping[str, Value]
    went_up_by: str | None = None


def write_down(session: Session, lines: Iterable[Line], at: datetime) -> None:
    """Append lines to the municipality's journal, in order, in the transaction of the session.

    They are numbered and sealed at its end: the head row, which every writer of a municipality must lock, is locked
    last and shortly, so that two transactions never wait for each other in a circle. What a savepoint undoes is not
    written.
    """
    waiting = session.info.setdefault(_WAITING, [])
    transaction = session.get_nested_transaction() or session.get_transaction()
    waiting += [(transaction, line, at) for line in lines]


@event.listens_for(MunicipalitySession, "before_commit")
def _seal_at_the_end(session: Session) -> None:
    if not session.in_nested_transaction():
        _seal_waiting(session)


@event.listens_for(MunicipalitySession, "after_soft_rollback")
def _forget_the_undone(session: Session, undone: SessionTransaction) -> None:
    """Forget the lines of a savepoint and of those within it. A flush that fails undoes the one that it stands in."""
    while undone.parent is not None and not undone.nested:
        undone = undone.parent
    waiting = session.info.get(_WAITING, [])
    is_all = undone.parent is None
    session.info[_WAITING] = [] if is_all else [entry for entry in waiting if not _is_within(entry[0], undone)]


def _is_within(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None and transaction is not outer:
        transaction = transaction.parent
    return transaction is outer


def _seal_waiting(session: Session) -> None:
    waiting = session.info.pop(_WAITING, [])
    if not waiting:
        return
    session.flush()  # every other row is locked before the head
    municipality_id = municipality_of(session)
    tell(session, _happenings(municipality_id, [(line, at) for _, line, at in waiting]))
    number, sealed = _lock_head(session)
    rows = []
    for _, line, at in waiting:
        number += 1
        written = {"number": number, "at": at, "kind": line.kind, "by": line.by, "case_id": line.case_id}
        entry = Entry(municipality_id=municipality_id, data=line.data, **written)
        sealed = seal(sealed, entry)
        own = {"municipality_id": municipality_id, "id": new_id(), "data": dict(line.data), "seal": sealed}
        rows.append(written | own)
    _ADDED.make(session, rows)
    _RAISED.make(session, {"last_number": number, "last_seal": sealed})


def _happenings(municipality_id: str, waiting: Sequence[tuple[Line, datetime]]) -> Iterator[Happening]:
    """Yield what other systems are told of a transaction's lines: written here, so that no service can forget it."""
    of_cases = [
        Entry(
            municipality_id=municipality_id,
            number=number,  # its place among the others: it gets its own when it is sealed
            at=at,
            kind=line.kind,
            by=line.by,
            case_id=line.case_id,
            data=line.data,
        )
        for number, (line, at) in enumerate(waiting)
        if line.case_id is not None and line.kind in TOLD
    ]
    for entry, event_, more in told_of(of_cases):
        yield Happening(event=event_, case_id=str(entry.case_id), at=entry.at, more=more)
    for line, at in waiting:
        if line.case_id is not None and line.went_up_by is not None:
            more = {"step": line.went_up_by}
            yield Happening(event=HookEvent.CASE_ESCALATED, case_id=line.case_id, at=at, more=more)


_HEAD = Reading(select(JournalHead.number, JournalHead.seal).with_for_update())
_ADDED = Addition(insert(JournalEntry))
_RAISED = Change(
    update(JournalHead.__table__).values(number=bindparam("last_number"), seal=bindparam("last_seal"))  # type: ignore[arg-type]
)


def _lock_head(session: Session) -> tuple[int, str]:
    """Return the last number and seal; nobody else moves them until the end."""
    head = _HEAD.rows(session)
    if not head:
        first = {"municipality_id": municipality_of(session), "number": 0, "seal": GENESIS}
        insert_new(session, JournalHead, [first], JournalHead.number)
        head = _HEAD.rows(session)
    return head[0].number, head[0].seal


def entries(session: Session, case_id: str | None = None) -> Iterator[tuple[Entry, str]]:
    """Yield entries with their seals in the order of their numbers; only one case's when `case_id` is given.

    Lines of the session's own unfinished transaction are not among them.
    """
    rows: Iterable[JournalEntry]
    if case_id is None:
        rows = session.scalars(select(JournalEntry).order_by(JournalEntry.number).execution_options(yield_per=1000))
    else:  # put in order here: asked for in order, SQLite goes through all of the journal to find a case's lines
        of_case = session.scalars(select(JournalEntry).where(JournalEntry.case_id == case_id))
        rows = sorted(of_case, key=lambda row: row.number)
    for row in rows:
        yield entry_of(row), row.seal


def is_written(session: Session, line: Line, *, since: datetime) -> bool:
    """Tell whether a line of this kind says the same, looking back from the end of the journal until `since`."""
    newest = select(JournalEntry).order_by(JournalEntry.number.desc()).execution_options(yield_per=100)
    with session.scalars(newest) as rows:
        recent = takewhile(lambda row: row.at >= since, rows)
        return any(row.kind is line.kind and row.data == line.data for row in recent)


def entry_of(row: JournalEntry) -> Entry:
    """Return a line as it was written, without its seal."""
    return Entry(
        municipality_id=row.municipality_id,
        number=row.number,
        at=row.at,
        kind=row.kind,
        by=row.by,
        case_id=row.case_id,
        data=row.data,
    )
