"""What stands around every piece of real work, whoever begins it: beat, a silent worker, or a person by command."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.clock_guard import guard_clock
from styrhjul.services.operations.hold import hold_if_put_back
from styrhjul.services.operations.pulse_record import record_lost_spans, record_pulse

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


log = structlog.get_logger()


def before_work(here: Installation, now: datetime) -> None:
    """Refuse a clock that cannot be right, and hold a database that was put back. Raises ClockBehind."""
    guard_clock(here.database, now, is_wall=here.clock.is_wall)
    hold_if_put_back(here.database, here.memory, now)


def after_work(here: Installation, name: str, report: DataclassInstance, *, seconds: float = 0.0) -> None:
    """Note that a step ran to its end, in the database first: what the machine remembers is never newer than that."""
    ended = here.clock.now()
    record_pulse(here.database, name, ended, report, seconds=seconds)
    if lost := here.tracing.take_lost():
        log.warning("spans_lost", count=lost)
        record_lost_spans(here.database, lost)
    here.memory.remember(ended)
