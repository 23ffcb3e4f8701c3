"""One step of a pulse: read the clock, refuse a wrong one, call a service, record and log what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from styrhjul.services.around import after_work, before_work
from styrhjul.services.installation import Installation
from tasks.app import installation

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = structlog.get_logger()


def run_step(name: str, work: Callable[[Installation, datetime], DataclassInstance]) -> None:
    """Run one step at the present moment. Raises ClockBehind, and whatever the service raises."""
    here = installation()
    now = here.clock.now()
    before_work(here, now)
    report = work(here, now)
    after_work(here, name, report)
    did = asdict(report)
    (log.info if any(did.values()) else log.debug)("pulse", step=name, **did)
