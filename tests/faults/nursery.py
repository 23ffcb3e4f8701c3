"""Senders forked from one that has worked already: a kill costs milliseconds instead of a new interpreter.

The parent has loaded everything and has built its statements; a child opens connections of its own.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

from config.logging import configure_logging
from styrhjul.db.session import Database
from styrhjul.services.delivery import deliver as deliver_service
from styrhjul.services.foundation.crashpoint import watched
from tests.faults.worker import PATIENCE_SECONDS, PROCESSES, Order, take_steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path


class _WarmEnough(BaseException):
    """One mail has left; the rest is for the children."""


class Nursery:
    """Runs orders one after the other, each in a child of its own."""

    def __init__(self, line: Connection[Order | None, int]) -> None:
        self._line = line

    def run(self, order: Order, *, kill_within: float | None = None, chance: random.Random | None = None) -> int:
        """Run an order to its end and return its exit code, -9 = killed.

        `kill_within`: the child is killed at a random moment of so many seconds, wherever it is by then.
        """
        self._line.send(order)
        child = self._answer()
        killing = None
        if kill_within is not None and chance is not None:
            killing = threading.Timer(chance.uniform(0, kill_within), os.kill, (child, signal.SIGKILL))
            killing.start()
        code = self._answer()
        if killing is not None:
            killing.cancel()
            killing.join()
        self._line.send(None)
        return code

    def _answer(self) -> int:
        assert self._line.poll(PATIENCE_SECONDS), "the nursery does not answer"
        return self._line.recv()


@contextmanager
def nursery(first: Order, log: Path) -> Iterator[Nursery]:
    """Start a nursery whose parent warms itself up with the first mail of `first`."""
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=_nurse, args=(theirs, first, log), daemon=True)
    process.start()
    theirs.close()
    try:
        assert ours.poll(PATIENCE_SECONDS), log.read_text()
        ours.recv()
        yield Nursery(ours)
    finally:
        ours.close()
        process.join(PATIENCE_SECONDS)
        process.close()


def _nurse(line: Connection[int, Order | None], first: Order, log: Path) -> None:
    """The parent: warm up, then fork a child per order and tell its number and its exit code.

    The dead child keeps its number until its killer has put the weapon away.
    """
    with log.open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    configure_logging()
    database = Database(first.database_url)
    _warm_up(first, database)
    database.dispose()
    line.send(0)
    while True:
        try:
            order = line.recv()
        except EOFError:
            return
        assert order is not None
        child = os.fork()
        if not child:
            _be_born(order, database)
        line.send(child)
        ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        line.send(ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status)
        line.recv()
        os.waitpid(child, 0)


def _warm_up(first: Order, database: Database) -> None:
    def enough(point: str) -> None:
        if point == "after_settle_commit":
            raise _WarmEnough

    everything, deliver_service.BATCH = deliver_service.BATCH, 1
    try:
        with watched(enough):
            take_steps(first, database)
    except _WarmEnough:
        pass
    deliver_service.BATCH = everything


def _be_born(order: Order, database: Database) -> None:
    """The child: do the order and end, without what a process tidies up at its end."""
    os.environ["STYRHJUL_CRASHPOINT"] = order.crashpoint
    deliver_service.BATCH = order.batch
    code = 0
    try:
        take_steps(order, database)
    except BaseException:  # noqa: BLE001 - nothing may go on in the parent's place
        traceback.print_exc()
        code = 1
    os._exit(code)
