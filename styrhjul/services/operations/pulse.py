"""The pulse: when each step last ran to its end, whether anybody still does, and doing all of it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from styrhjul.db.mail_model import Pulse, StepCount, StepRequest
from styrhjul.db.session import Database
from styrhjul.db.upsert import insert_into
from styrhjul.db.webhook_query import waiting_tests
from styrhjul.services.api.webhook_deliver import WebhookReport, deliver_webhooks
from styrhjul.services.cases.sweep import SweepReport, run_sweep
from styrhjul.services.delivery.compose import ComposeReport, compose_mails
from styrhjul.services.delivery.deliver import DeliverReport, deliver
from styrhjul.services.delivery.mailbox_reading import InboundReport, read_mailbox
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.order_making import OrderReport, make_orders
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

#: A clock further off than this is not believed.
LARGEST_DIFFERENCE = timedelta(minutes=5)
#: How long mails are sent where everything is done in one place, and nothing comes again at once.
LONGEST_ALONE = timedelta(minutes=1)
#: The step that reads the mailbox, as its pulse is recorded.
INBOUND_STEP = "mail.inbound"
#: A whole pulse of a worker's own, as it is recorded.
WHOLE = "self"
#: The step that each part of a whole pulse's report counts for.
STEP_OF = {
    "sweep": "sweep",
    "compose": "mail.compose",
    "deliver": "mail.deliver",
    "inbound": INBOUND_STEP,
    "webhooks": "webhook.deliver",
    "orders": "order.make",
}
#: Every step that is recorded by itself, with what it reports.
STEPS: Mapping[str, type[DataclassInstance]] = {
    **{f"lifecycle.{key}": SweepReport for key in LIFECYCLES},
    "sweep": SweepReport,
    "mail.compose": ComposeReport,
    "mail.deliver": DeliverReport,
    INBOUND_STEP: InboundReport,
    "webhook.deliver": WebhookReport,
    "order.make": OrderReport,
}
#: Where the spans that no collector took are counted, which are no step's.
TRACES, LOST = "traces", "lost"
#: What every step counts beside its report: how often it came to no good end.
FAILURES = "failures"


class ClockBehind(RuntimeError):
    """The clock cannot be right, so nothing is decided by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseReport:
    """What one whole pulse did."""

    sweep: SweepReport
    compose: ComposeReport
    deliver: DeliverReport
    inbound: InboundReport = field(default_factory=InboundReport)
    webhooks: WebhookReport = field(default_factory=WebhookReport)
    orders: OrderReport = field(default_factory=OrderReport)


def pulse_all(installation: Installation, now: datetime) -> PulseReport:
    """Do everything that is due: sweep each lifecycle, compose, deliver, take in, tell, make what is ordered.

    Safe to repeat, and to overlap.

    `now` holds for what is decided; delivery reads the installation's clock for each mail. Nothing is recorded.
    """
    database, mailroom = installation.database, installation.mailroom
    tracing, swept = installation.tracing, SweepReport()
    with tracing.span("pulse", is_kept=False, step=WHOLE):
        for lifecycle in LIFECYCLES.values():
            swept += run_sweep(database, lifecycle, now, tracing=tracing)
        composed = compose_mails(database, mailroom, now)
        delivered = deliver(database, mailroom, installation.clock.now, longest=LONGEST_ALONE)
    taken = read_mailbox(database, mailroom, installation.mailbox, installation.clock.now)
    told = tell_others(installation)
    made = make_orders(installation)
    return PulseReport(sweep=swept, compose=composed, deliver=delivered, inbound=taken, webhooks=told, orders=made)


def tell_others(installation: Installation) -> WebhookReport:
    """Send what other systems wait to be told; on a clock that is played nothing but the tests somebody asked for.

    A played year would reach a real system as if it had happened, within minutes and with days between its tries.
    """
    database, outlet, now = installation.database, installation.outlet, installation.clock.now
    if installation.clock.is_wall:
        return deliver_webhooks(database, outlet, now)
    with database.system(read_only=True) as session:
        tests = waiting_tests(session)
    return deliver_webhooks(database, outlet, now, only=tests) if tests else WebhookReport()


def record_pulse(
    database: Database, name: str, now: datetime, report: DataclassInstance, *, seconds: float = 0.0
) -> None:
    """Note that a step ran to its end at `now`, what it did and how long it took; both are added up.

    The pulse never goes back: hosts' clocks are some way apart, and one that is behind would make the database look
    older than what a host that is ahead remembers of its own work, as if it had been put back.
    """
    text = json.dumps(asdict(report), ensure_ascii=False)
    with database.system() as session:
        statement = insert_into(session, Pulse).values(name=name, at=now, report=text, runs=1, seconds=seconds)
        new = statement.excluded
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["name"],
                set_={
                    "at": case((new.at > Pulse.at, new.at), else_=Pulse.at),
                    "report": new.report,
                    "runs": Pulse.runs + new.runs,
                    "seconds": Pulse.seconds + new.seconds,
                },
            )
        )
        _add_up(session, _counted(name, report))


def ask_for(database: Database, step: str, now: datetime, *, keeps: timedelta) -> bool:
    """Note at `now` that a step is wanted before its pulse; return whether to send for it.

    Not while it was sent for and has not begun, unless that was so long ago (`keeps`) that the message is void.
    """
    with database.system() as session:
        statement = insert_into(session, StepRequest).values(step=step, at=now)
        asked = statement.on_conflict_do_update(
            index_elements=["step"], set_={"at": now}, where=StepRequest.at <= now - keeps
        )
        return bool(session.scalars(asked.returning(StepRequest.step)).all())


def begins(database: Database, step: str) -> None:
    """Note that a step begins: who wants it from now on may send for it."""
    with database.system() as session:
        session.execute(delete(StepRequest).where(StepRequest.step == step))


def record_failure(database: Database, name: str) -> None:
    """Count that a step came to no good end; its pulse stays as it was."""
    with database.system() as session:
        _add_up(session, [(name, FAILURES, 1)])


def record_lost_spans(database: Database, lost: int) -> None:
    """Count spans that no collector took."""
    with database.system() as session:
        _add_up(session, [(TRACES, LOST, lost)])


def _counted(name: str, report: DataclassInstance) -> list[tuple[str, str, int]]:
    """What is worth adding: a whole pulse counts for each of the steps it took."""
    did = asdict(report)
    steps = {STEP_OF[part]: each for part, each in did.items()} if isinstance(report, PulseReport) else {name: did}
    return [(step, what, count) for step, counts in steps.items() for what, count in counts.items() if count]


def _add_up(session: Session, counted: list[tuple[str, str, int]]) -> None:
    """Add to what the steps have done in all, in one order, so that two who add wait and never block each other."""
    rows = [{"step": step, "what": what, "total": count} for step, what, count in sorted(counted)]
    if rows:
        statement = insert_into(session, StepCount)
        total = StepCount.total + statement.excluded.total
        added = statement.on_conflict_do_update(index_elements=["step", "what"], set_={"total": total})
        session.execute(added, rows)


def newest_pulse(database: Database) -> datetime | None:
    """Return when anything last ran to its end: the clock's high-water mark. None before the first time."""
    with database.system(read_only=True) as session:
        return session.scalar(select(func.max(Pulse.at)))


def last_pulse(database: Database, name: str) -> tuple[datetime, dict[str, Any]] | None:
    """Return when a step last ran to its end, and what it reported; None before the first time."""
    with database.system(read_only=True) as session:
        pulse = session.get(Pulse, name)
        return (pulse.at, json.loads(pulse.report)) if pulse else None


def stale(database: Database, now: datetime, seconds: int) -> bool:
    """Tell whether no step has run to its end within so many seconds before `now`."""
    newest = newest_pulse(database)
    return newest is None or newest < now - timedelta(seconds=seconds)


def guard_clock(database: Database, now: datetime, *, is_wall: bool) -> None:
    """Raise ClockBehind when `now` cannot be right.

    It may not lie more than five minutes before the newest pulse nor, for a wall clock, more than five minutes from
    PostgreSQL's own time. A step too far ahead is refused by the latter, so that it never becomes the mark.
    """
    newest = newest_pulse(database)
    if newest is not None and now < newest - LARGEST_DIFFERENCE:
        raise ClockBehind(
            f"Klockan visar {_shown(now)}, men en puls slog {_shown(newest)}. Ställ datorns klocka rätt."
            " Går den rätt och pulsen var fel, kör: styrhjul doctor --accept-clock"
        )
    theirs = _database_time(database) if is_wall and not database.is_sqlite else None
    if theirs is not None and abs(now - theirs) > LARGEST_DIFFERENCE:
        raise ClockBehind(f"Klockan visar {_shown(now)}, databasens {_shown(theirs)}. Ställ den som går fel.")


def forget_later_pulses(database: Database, now: datetime) -> int:
    """Forget the pulses after `now`, when a clock ran ahead and has been set right. Returns how many."""
    with database.system() as session:
        later = list(session.scalars(select(Pulse).where(Pulse.at > now)))
        for pulse in later:
            session.delete(pulse)
        return len(later)


def _database_time(database: Database) -> Any:  # noqa: ANN401 - PostgreSQL gives an aware datetime
    with database.system(read_only=True) as session:
        return session.scalar(select(func.clock_timestamp()))


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
