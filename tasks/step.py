"""One step of a pulse: read the clock, refuse a wrong one, call a service, record and log what it did."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from kombu.exceptions import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.around import after_work, before_work
from styrhjul.services.operations.pulse_record import record_failure
from styrhjul.services.operations.step_request import ask_for, begins
from tasks.app import app, installation

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = structlog.get_logger()

Report = TypeVar("Report", bound="DataclassInstance")


class OutOfTime(BaseException):
    """The soft limit was reached. No Exception: a service would take it for the fault of the one case it is at."""


def run_step(name: str, work: Callable[[Installation, datetime], Report]) -> Report:
    """Run one step at the present moment; return what it did.

    Raises ClockBehind, SoftTimeLimitExceeded, and whatever the service raises; these are counted.
    """
    here, began = installation(), time.monotonic()
    try:
        now = here.clock.now()
        before_work(here, now)
        begins(here.database, name)
        with _nothing_swallows_the_limit(), here.tracing.span("pulse", is_kept=False, step=name):
            report = work(here, now)
    except OutOfTime as out:
        _count_failure(here, name)
        raise SoftTimeLimitExceeded from out
    except Exception:
        _count_failure(here, name)
        raise
    after_work(here, name, report, seconds=time.monotonic() - began)
    did = asdict(report)
    (log.info if any(did.values()) else log.debug)("pulse", step=name, **did)
    return report


def wake(name: str) -> None:
    """Ask for a step that has something to do, so that it need not wait for its pulse, with which it comes anyway.

    One that has been asked for and has not begun is not asked for again: on a busy day every step asks for others, and
    a message more for each would grow into a queue that a small municipality's step stands at the end of.
    """
    here, expires = installation(), app.conf.beat_schedule[name]["options"]["expires"]
    if not ask_for(here.database, name, here.clock.now(), keeps=timedelta(seconds=expires)):
        return
    try:
        app.send_task(name, expires=expires)
    except OperationalError as lost:
        log.info("not_woken", step=name, reason=type(lost).__name__)


@contextmanager
def _nothing_swallows_the_limit() -> Iterator[None]:
    """Let the signal by which Celery tells of its soft limit raise OutOfTime. Signals come to the main thread alone."""
    if not hasattr(signal, "SIGUSR1") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGUSR1, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, before)


def _count_failure(here: Installation, name: str) -> None:
    """A database that cannot be told is what failed: the failure itself is raised and logged."""
    try:
        record_failure(here.database, name)
    except SQLAlchemyError:
        log.warning("failure_not_counted", step=name)
