"""Orders as whoever makes them sees them: claim, note how far it has come, finish, clear away.

Claims and clearing go across municipalities, in a system session; what becomes of an order is written within its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from styrhjul.db.model import Municipality, new_id
from styrhjul.db.order_model import OPEN_ORDER, Order, OrderKind, OrderStatus

#: How long nothing is heard of a maker before it is taken for dead: all others wait meanwhile. Twice what the slowest
#: file takes to open and read; whoever goes on renews it.
LEASE = timedelta(minutes=2)
#: An order that so many have begun and nobody has finished is given up.
MOST_TRIES = 3
_GIVEN_UP = (
    "Arbetet har avbrutits tre gånger, så filen är inte gjord. Säg till den som driver Styrhjul, "
    "och beställ den sedan igen."
)
_BATCH_GIVEN_UP = (
    "Arbetet har avbrutits tre gånger och görs inte om. Säg till den som driver Styrhjul, och välj sedan filerna igen. "
    "De dokument som redan är inlästa läses inte in en gång till."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedOrder:
    """An order leased to this maker, under a fence nobody else knows. `slug` is the municipality's short name."""

    municipality_id: str
    slug: str
    order_id: str
    fence: str
    kind: OrderKind
    wanted: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """What an order gives. `sha256` in hex."""

    name: str
    media_type: str
    sha256: str
    content: bytes


def claim_order(session: Session, now: datetime) -> ClaimedOrder | None:
    """Lease the order that has waited longest; raise its attempts before the work. None while another is being made.

    One at a time in the whole installation: a maker takes a worker's process, and mails are to have the others. One
    whose lease ran out is claimed again: whoever leased it died, or has said nothing for so long.
    """
    other = aliased(Order)
    is_busy = (
        select(other.id).where(other.status == OrderStatus.MAKING, other.lease_until > now).correlate(None).exists()
    )
    chosen = session.execute(
        select(Order.municipality_id, Order.id)
        .where(Order.status.in_(OPEN_ORDER), ~is_busy, or_(Order.lease_until.is_(None), Order.lease_until <= now))
        .order_by(Order.attempts, Order.placed_at, Order.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if chosen is None:
        return None
    fence = new_id()
    row = session.execute(
        update(Order)
        .where(Order.municipality_id == chosen.municipality_id, Order.id == chosen.id)
        .values(status=OrderStatus.MAKING, percent=0, lease_until=now + LEASE, fence=fence, attempts=Order.attempts + 1)
        .returning(Order.municipality_id, Order.id, Order.kind, Order.wanted)
        .execution_options(synchronize_session=False)
    ).one()
    slug = session.scalars(select(Municipality.slug).where(Municipality.id == row.municipality_id)).one()
    return ClaimedOrder(
        municipality_id=row.municipality_id, slug=slug, order_id=row.id, fence=fence, kind=row.kind, wanted=row.wanted
    )


def note_percent(session: Session, claimed: ClaimedOrder, percent: int, now: datetime) -> bool:
    """Note how far an order has come and renew its lease; False where it is no longer ours to make."""
    return _write(session, claimed, percent=percent, lease_until=now + LEASE)


def finish_order(session: Session, claimed: ClaimedOrder, made: MadeFile | str, now: datetime, until: date) -> bool:
    """Keep the file of an order, or in Swedish why there is none; False where it is no longer ours to finish."""
    ended = {"given": None, "lease_until": None, "fence": None, "finished_at": now, "kept_until": until}
    if isinstance(made, str):
        return _write(session, claimed, status=OrderStatus.FAILED, fault=made, **ended)
    file = {"name": made.name, "media_type": made.media_type, "sha256": made.sha256, "content": made.content}
    done = {"status": OrderStatus.DONE, "percent": 100, "size_bytes": len(made.content)}
    return _write(session, claimed, **file, **done, **ended)


def tidy_orders(session: Session, now: datetime, today: date, until: date) -> int:
    """Clear away what was to be kept until yesterday; give up what nobody lives to finish. Return how many of both."""
    cleared = session.scalars(
        delete(Order).where(Order.kept_until < today).returning(Order.id).execution_options(synchronize_session=False)
    ).all()
    given_up = session.scalars(
        update(Order)
        .where(Order.status == OrderStatus.MAKING, Order.lease_until <= now, Order.attempts >= MOST_TRIES)
        .values(
            status=OrderStatus.FAILED,
            fault=case((Order.kind == OrderKind.POLICY_BATCH, _BATCH_GIVEN_UP), else_=_GIVEN_UP),
            given=None,
            lease_until=None,
            fence=None,
            finished_at=now,
            kept_until=until,
        )
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(cleared) + len(given_up)


def _write(session: Session, claimed: ClaimedOrder, **values: object) -> bool:
    found = session.scalars(
        update(Order)
        .where(Order.id == claimed.order_id, Order.fence == claimed.fence)
        .values(**values)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(found)
