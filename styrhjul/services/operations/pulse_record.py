"""The record of the pulse: when each step last ran to its end, what the steps have done, and how old that is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from styrhjul.db.pulse_query import load_pulse, newest_pulse_at
from styrhjul.db.pulse_write import Counted, add_up, write_pulse
from styrhjul.db.session import Database
from styrhjul.services.api.webhook_deliver import WebhookReport
from styrhjul.services.cases.sweep import SweepReport
from styrhjul.services.delivery.compose import ComposeReport
from styrhjul.services.delivery.deliver import DeliverReport
from styrhjul.services.delivery.mailbox_reading import InboundReport
from styrhjul.services.operations.order_making import OrderReport
from styrhjul.services.operations.pulse import PulseReport
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

#: The step that reads the mailbox, as its pulse is recorded.
INBOUND_STEP = "mail.inbound"
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


def record_pulse(
    database: Database, name: str, now: datetime, report: DataclassInstance, *, seconds: float = 0.0
) -> None:
    """Note that a step ran to its end at `now`, what it did and how long it took; both are added up.

    The pulse never goes back: hosts' clocks are some way apart, and one that is behind would make the database look
    older than what a host that is ahead remembers of its own work, as if it had been put back.
    """
    text = json.dumps(asdict(report), ensure_ascii=False)
    with database.system() as session:
        write_pulse(session, name, now, report=text, seconds=seconds)
        add_up(session, _counted(name, report))


def record_failure(database: Database, name: str) -> None:
    """Count that a step came to no good end; its pulse stays as it was."""
    with database.system() as session:
        add_up(session, [Counted(name, FAILURES, 1)])


def record_lost_spans(database: Database, lost: int) -> None:
    """Count spans that no collector took."""
    with database.system() as session:
        add_up(session, [Counted(TRACES, LOST, lost)])


def _counted(name: str, report: DataclassInstance) -> list[Counted]:
    """What is worth adding: a whole pulse counts for each of the steps it took."""
    did = asdict(report)
    steps = {STEP_OF[part]: each for part, each in did.items()} if isinstance(report, PulseReport) else {name: did}
    return [Counted(step, what, count) for step, counts in steps.items() for what, count in counts.items() if count]


def newest_pulse(database: Database) -> datetime | None:
    """Return when anything last ran to its end: the clock's high-water mark. None before the first time."""
    with database.system(read_only=True) as session:
        return newest_pulse_at(session)


def last_pulse(database: Database, name: str) -> tuple[datetime, dict[str, Any]] | None:
    """Return when a step last ran to its end, and what it reported; None before the first time."""
    with database.system(read_only=True) as session:
        pulse = load_pulse(session, name)
        return (pulse.at, json.loads(pulse.report)) if pulse else None


def stale(database: Database, now: datetime, seconds: int) -> bool:
    """Tell whether no step has run to its end within so many seconds before `now`."""
    newest = newest_pulse(database)
    return newest is None or newest < now - timedelta(seconds=seconds)
