"""When beat or broker is silent, the worker pulses itself: a thread of its main process, on a monotonic timer.

Beside it a watch ends the process when nothing comes to an end any more, so that whoever supervises it starts it anew.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import structlog
from celery import bootsteps

from config.settings import load_settings
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.around import after_work, before_work
from styrhjul.services.operations.pulse import WHOLE, pulse_all
from styrhjul.services.operations.pulse_record import stale
from tasks.patience import SHIPPED

log = structlog.get_logger()

#: EX_TEMPFAIL: try again.
GAVE_UP = 75
_WATCH_SECONDS = 5


class SelfPulse:
    """Looks whether somebody pulses and does it when nobody does. Every failure is logged and survived."""

    def __init__(self, here: Installation, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._here = here
        self._monotonic = monotonic
        self._last_good = monotonic()
        self._working_since: float | None = None

    def look(self) -> None:
        """Pulse if nobody has for too long."""
        self._working_since = self._monotonic()
        try:
            self._look()
        except Exception:
            log.exception("self_pulse_failed")
        else:
            self._last_good = self._monotonic()
        finally:
            self._working_since = None

    def has_failed(self) -> bool:
        """Tell whether no look has come to a good end for too long; one that waits for a mail server gets more time."""
        now, working_since = self._monotonic(), self._working_since
        if working_since is not None:
            return now - working_since > SHIPPED.hard_limit
        return now - self._last_good > self._here.settings.give_up_after_seconds

    def _look(self) -> None:
        here, settings = self._here, self._here.settings
        now = here.clock.now()
        if not stale(here.database, now, settings.silent_after_seconds):
            return
        before_work(here, now)
        began = self._monotonic()
        report = pulse_all(here, now)
        after_work(here, WHOLE, report, seconds=self._monotonic() - began)
        log.warning("self_pulse", reason=f"no pulse for {settings.silent_after_seconds} s")


class SelfPulseStep(bootsteps.StartStopStep):
    """Starts the two threads after the pool and before the consumer: they need no broker, not even at start."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: object, **options: object) -> None:
        super().__init__(parent, **options)
        self._stopped = threading.Event()

    def start(self, parent: object) -> None:
        """Begin to look, with connections that no forked child shares."""
        del parent
        settings = load_settings()
        pulse = SelfPulse(Installation.open(settings))
        for name, every, work in (
            ("self-pulse", settings.pulse_seconds, pulse.look),
            ("watch", min(_WATCH_SECONDS, settings.pulse_seconds), lambda: self._end_if_failed(pulse)),
        ):
            threading.Thread(target=self._repeat, args=(every, work), name=name, daemon=True).start()

    def stop(self, parent: object) -> None:
        """Look no more."""
        del parent
        self._stopped.set()

    def _repeat(self, every: float, work: Callable[[], None]) -> None:
        while not self._stopped.wait(every):
            work()

    @staticmethod
    def _end_if_failed(pulse: SelfPulse) -> None:
        if pulse.has_failed():
            log.critical("worker_gives_up", reason="no pulse came to an end")
            os._exit(GAVE_UP)
