"""Orders as people see them: placed, followed, fetched, taken away; each act in the journal.

Nothing is made here. `order_making` does that, in a worker, from the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import new_id
from styrhjul.db.order_model import OPEN_ORDER, Order, OrderKind, OrderStatus
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.services.foundation.leaving_file import LeavingFile

#: A municipality's orders that are here at once, with their files.
MOST = 20


class NoSuchOrder(LookupError):
    """The municipality has no such order, or it has no file."""


class TooManyOrders(ValueError):
    """Kommunen har redan tjugo beställningar. Ta bort någon av dem, och beställ sedan."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """An order as it stands. `percent` is of the work, `kept_until` the last day on which the file is here."""

    order_id: str
    kind: OrderKind
    title: str
    wanted: Mapping[str, str]
    placed_by: str
    placed_at: datetime
    status: OrderStatus
    percent: int
    finished_at: datetime | None
    kept_until: date | None
    fault: str | None
    name: str | None
    size_bytes: int | None
    sha256: str | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made, or being made."""
        return self.status in OPEN_ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody orders; `title` is what people call it, `given` the files that came with it, packed."""

    kind: OrderKind
    title: str
    wanted: Mapping[str, str]
    given: bytes | None = None


def place_order(database: Database, municipality_id: str, wish: Wish, *, by: str, now: datetime) -> str:
    """Place an order and return its id; of one that is open already, that one's. Raises TooManyOrders."""
    with database.municipality(municipality_id) as session:
        same = select(Order).where(Order.kind == wish.kind, Order.status.in_(OPEN_ORDER))
        for order in session.scalars(same):
            if order.wanted == dict(wish.wanted):
                return order.id
        if (session.scalar(select(func.count(Order.id))) or 0) >= MOST:
            raise TooManyOrders
        order = Order(id=new_id(), kind=wish.kind, title=wish.title, wanted=dict(wish.wanted), placed_by=by)
        order.given = wish.given
        order.placed_at, order.status = now, OrderStatus.QUEUED
        session.add(order)
        session.flush()
        write_down(session, [_line(EntryKind.ORDER_PLACED, order.id, wish.kind, by, dict(wish.wanted))], now)
        return order.id


def orders_of(database: Database, municipality_id: str) -> list[OrderLine]:
    """Return the municipality's orders, the newest first, without their files."""
    with database.reading(municipality_id) as session:
        return [_told(order) for order in session.scalars(select(Order).order_by(Order.placed_at.desc(), Order.id))]


def order_of(database: Database, municipality_id: str, order_id: str) -> OrderLine:
    """Return one order without its file. Raises NoSuchOrder."""
    with database.reading(municipality_id) as session:
        return _told(_found(session, order_id))


def fetch_order(database: Database, municipality_id: str, order_id: str, *, by: str, now: datetime) -> LeavingFile:
    """Return the file of an order; the journal says who took it, and which bytes. Raises NoSuchOrder."""
    with database.municipality(municipality_id) as session:
        order = _found(session, order_id)
        if order.kind is OrderKind.POLICY_BATCH:  # what it gives is a page
            raise NoSuchOrder(order_id)
        if not (order.content is not None and order.name and order.media_type and order.sha256):
            raise NoSuchOrder(order_id)
        write_down(session, [_line(EntryKind.ORDER_FETCHED, order_id, order.kind, by, {"sha256": order.sha256})], now)
        return LeavingFile(order.name, order.media_type, order.content)


def remove_order(database: Database, municipality_id: str, order_id: str, *, by: str, now: datetime) -> OrderLine:
    """Take an order away with its file; one that is being made is given up. Return what it was. Raises NoSuchOrder."""
    with database.municipality(municipality_id) as session:
        was = _told(_found(session, order_id))
        session.execute(delete(Order).where(Order.id == order_id))
        write_down(session, [_line(EntryKind.ORDER_REMOVED, order_id, was.kind, by, {})], now)
        return was


def _found(session: Session, order_id: str) -> Order:
    order = session.scalars(select(Order).where(Order.id == order_id)).one_or_none()
    if order is None:
        raise NoSuchOrder(order_id)
    return order


def _told(order: Order) -> OrderLine:
    return OrderLine(
        order_id=order.id,
        kind=order.kind,
        title=order.title,
        wanted=order.wanted,
        placed_by=order.placed_by,
        placed_at=order.placed_at,
        status=order.status,
        percent=order.percent,
        finished_at=order.finished_at,
        kept_until=order.kept_until,
        fault=order.fault,
        name=order.name,
        size_bytes=order.size_bytes,
        sha256=order.sha256,
    )


def _line(kind: EntryKind, order_id: str, what: OrderKind, by: str, more: Mapping[str, Value]) -> Line:
    return Line(kind=kind, by=by, data={"order": order_id, "kind": what.value, **more})
