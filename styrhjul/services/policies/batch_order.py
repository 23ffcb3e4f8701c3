"""Many documents that came in on a page: kept with an order, read by a worker, picked from, and then stored by one.

The order is made twice. First its files become a table, and then, when a person has picked, what they picked is stored.
What is stored once is known the second time: whoever dies between storing and saying so is begun anew, and nothing
comes in twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.order_model import OPEN_ORDER, Order, OrderKind, OrderStatus
from styrhjul.db.order_query import ClaimedOrder
from styrhjul.db.session import Database
from styrhjul.documents import UnreadableDocument
from styrhjul.services.foundation.order import NoSuchOrder, Wish, place_order
from styrhjul.services.foundation.sent_files import SentFile, pack, unpack
from styrhjul.services.policies.batch import BatchRow, RowState, look_through, store_batch
from styrhjul.services.policies.file import ReadFile, read_file
from styrhjul.services.policies.intake import RefusedDocument
from styrhjul.services.policies.store import Signed
from workflows import LIFECYCLES

#: Of all texts together: some fifteen seconds of work. A hundred policies are a fifth.
MOST_LETTERS = 2_500_000
CAN_BE_PICKED = frozenset({RowState.READY, RowState.SIMILAR})
CHANGED = "Något har ändrats sedan du såg tabellen. Gå igenom den igen och läs in sedan."
TOO_MUCH = "Filerna är för många eller för stora. Läs in färre åt gången."


class NothingPicked(ValueError):
    """Nobody has picked a row that can be."""

    def __init__(self) -> None:
        super().__init__("Kryssa för minst ett dokument.")


class TooMuchText(ValueError):
    """The files hold more text than is read at once."""

    def __init__(self) -> None:
        super().__init__(TOO_MUCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How many of those that were picked came in, how many were here already, and how many duties wait in all."""

    documents: int
    known: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What the files are: a table to pick from, those without a text last; or, once it is so, what was `stored`.

    `fault` tells in Swedish why what was picked is not stored.
    """

    rows: tuple[BatchRow, ...] = ()
    fault: str = ""
    stored: Stored | None = None


_KEPT = TypeAdapter(BatchResult)


def place_batch(database: Database, municipality_id: str, files: Sequence[SentFile], *, by: str, now: datetime) -> str:
    """Hold files to be read, and return the order's id; the same files again are the same order. Raises TooManyOrders.

    No file is read.
    """
    given = pack(files)
    wanted = {"files": str(len(files)), "sha256": hashlib.sha256(given).hexdigest()}
    wish = Wish(kind=OrderKind.POLICY_BATCH, title=f"Inläsning av {len(files)} filer", wanted=wanted, given=given)
    return place_order(database, municipality_id, wish, by=by, now=now)


def batch_of(database: Database, municipality_id: str, order_id: str) -> BatchResult:
    """Return what came of the files. Raises NoSuchOrder where there is none yet."""
    with database.reading(municipality_id) as session:
        return _result(_batch(session, order_id))


def pick(database: Database, municipality_id: str, order_id: str, picked: Collection[int], signed: Signed) -> None:
    """Have the rows with these numbers stored, as `signed` says. Safe to repeat: the first pick holds.

    Raises NothingPicked, and NoSuchOrder for a table that is not there.
    """
    with database.municipality(municipality_id) as session:
        order = _batch(session, order_id, for_update=True)
        if order.status in OPEN_ORDER and "pick" in order.wanted:
            return
        result = _result(order)
        if result.stored is not None:
            return
        numbers = [number for number, row in enumerate(result.rows) if number in picked and row.state in CAN_BE_PICKED]
        if not numbers:
            raise NothingPicked
        chosen = {"pick": " ".join(map(str, numbers)), "by": signed.by}
        order.wanted = {**order.wanted, **chosen}
        order.status, order.percent, order.attempts, order.placed_at = OrderStatus.QUEUED, 0, 0, signed.now
        order.finished_at = order.kept_until = order.fault = None


def read_or_store(
    database: Database, order: ClaimedOrder, progress: Callable[[int, int], None], now: datetime
) -> bytes:
    """Make the order's table or, when somebody has picked from it, store that; return a BatchResult's bytes.

    Stores all or nothing; where something has changed since the table was seen, a new table says so. Raises
    TooMuchText.
    """
    with database.reading(order.municipality_id) as session:
        row = _batch(session, order.order_id)
        given, seen = row.given, _result(row) if row.content is not None else None
    if "pick" in order.wanted and seen is not None:
        result = _store(database, order, seen, progress, now)
    else:
        files = [(file.name, _reading(file)) for file in unpack(given or pack(()))]
        result = BatchResult(rows=_table(database, order, files, progress, now))
    return _KEPT.dump_json(result, exclude={"rows": {"__all__": {"proposal"}}})


def _store(
    database: Database,
    order: ClaimedOrder,
    seen: BatchResult,
    progress: Callable[[int, int], None],
    now: datetime,
) -> BatchResult:
    rows = _table(database, order, [(row.name, _again(row)) for row in seen.rows], progress, now)
    numbers = list(map(int, order.wanted["pick"].split()))
    if any(rows[number].state not in (seen.rows[number].state, RowState.KNOWN) for number in numbers):
        return BatchResult(rows=rows, fault=CHANGED)
    signed = Signed(by=order.wanted["by"], now=now, confirm=False)
    try:
        reports = store_batch(database, [rows[number] for number in numbers], signed, LIFECYCLES)
    except RefusedDocument as refused:
        return BatchResult(rows=rows, fault=str(refused))
    known = sum(report.duplicate for report in reports)
    waiting = sum(report.proposed for report in reports)
    return BatchResult(stored=Stored(documents=len(reports) - known, known=known, waiting=waiting))


def _table(
    database: Database,
    order: ClaimedOrder,
    files: Sequence[tuple[str, Callable[[], ReadFile]]],
    progress: Callable[[int, int], None],
    now: datetime,
) -> tuple[BatchRow, ...]:
    rows, letters = list[BatchRow](), 0
    for row in look_through(database, files, order.municipality_id, now=now):
        rows.append(row)
        letters += len(row.file.text) if row.file else 0
        if letters > MOST_LETTERS:
            raise TooMuchText
        progress(len(rows), len(files))
    return tuple(sorted(rows, key=lambda row: row.file is None))


def _reading(file: SentFile) -> Callable[[], ReadFile]:
    def read() -> ReadFile:
        if file.refused:
            raise UnreadableDocument(file.name, file.refused)
        return read_file(file.content, file.name)

    return read


def _again(row: BatchRow) -> Callable[[], ReadFile]:
    def read() -> ReadFile:
        if row.file is None:
            raise UnreadableDocument(row.name, row.why)
        return row.file

    return read


def _batch(session: Session, order_id: str, *, for_update: bool = False) -> Order:
    query = select(Order).where(Order.id == order_id, Order.kind == OrderKind.POLICY_BATCH)
    order = session.scalars(query.with_for_update() if for_update else query).one_or_none()
    if order is None:
        raise NoSuchOrder(order_id)
    return order


def _result(order: Order) -> BatchResult:
    if order.content is None:
        raise NoSuchOrder(order.id)
    return _KEPT.validate_json(order.content)
