"""Watching how long one mail takes, so that a slow server holds up that mail and no other."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

import structlog

log = structlog.get_logger()

#: Longer than any ordinary reply takes. A mail that takes longer is waited for all the same, by itself.
SLOW_SECONDS = 5.0


class Watch:
    """Calls `give_back` once, from a thread of its own, when one of a batch's mails has taken too long.

    One that is not `awake` never does: in a world whose time is not the machine's nothing is slow.
    """

    def __init__(self, give_back: Callable[[], None], *, awake: bool = True) -> None:
        self._give_back = give_back
        self._slow_seconds = SLOW_SECONDS if awake else math.inf
        self._began: float | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="slow-mail-watch", daemon=True)
        #: Held while a mail is begun, and while it is decided that none may be: what is given back is never begun.
        self.turn = threading.Lock()
        #: The batch is over: a mail took long, and the rest was given back or is to be.
        self.is_over = False
        #: How long the mail that ended the batch took.
        self.took = 0.0

    def __enter__(self) -> Self:
        if math.isfinite(self._slow_seconds):
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    @contextmanager
    def over_one(self) -> Iterator[None]:
        """Watch over one mail's way to the server and back."""
        self._began = began = time.monotonic()
        try:
            yield
        finally:
            self._began = None
            self.took = time.monotonic() - began
            self.is_over = self.is_over or self.took > self._slow_seconds

    def _look(self) -> None:
        while not self._ended.wait(self._slow_seconds / 5):
            began = self._began
            if began is not None and time.monotonic() - began > self._slow_seconds:
                with self.turn:
                    self.is_over = True
                try:
                    self._give_back()
                except Exception:
                    log.exception("not_given_back")
                return
