"""One step of a pulse: read the clock, refuse a wrong one, call a service, record and log what it did."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from styrhjul.services.around import after_work, before_work
from styrhjul.services.installation import Installation
from styrhjul.services.pulse import record_failure
from tasks.app import installation

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = structlog.get_logger()


def run_step(name: str, work: Callable[[Installation, datetime], DataclassInstance]) -> None:
    """Run one step at the present moment. Raises ClockBehind, and whatever the service raises; both are counted."""
    here, began = installation(), time.monotonic()
    try:
        now = here.clock.now()
        before_work(here, now)
        with here.tracing.span("pulse", is_kept=False, step=name):
            report = work(here, now)
    except Exception:
        _count_failure(here, name)
        raise
    after_work(here, name, report, seconds=time.monotonic() - began)
    did = asdict(report)
    (log.info if any(did.values()) else log.debug)("pulse", step=name, **did)


def _count_failure(here: Installation, name: str) -> None:
    """A database that cannot be told is what failed: the failure itself is raised and logged."""
    try:
        record_failure(here.database, name)
    except SQLAlchemyError:
        log.warning("failure_not_counted", step=name)
