"""A process of its own that does a part of the work, and may be killed at it: `start` makes one, `work` runs in it.

The processes are forked from a server that has imported everything, so that each starts in milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import traceback
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.logging import configure_logging
from styrhjul.db.session import Database
from styrhjul.mail.transport import transport_from_url
from styrhjul.services.answering.answer import Submission, submit
from styrhjul.services.cases.sweep import run_sweep
from styrhjul.services.delivery import deliver as deliver_service
from styrhjul.services.delivery.compose import compose_mails
from styrhjul.services.delivery.deliver import deliver
from styrhjul.services.foundation.mailroom import Mailroom
from tests.town import SEALER
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import ForkServerProcess
    from multiprocessing.synchronize import Barrier

WHOLE_PULSE = ("sweep", "compose", "deliver")
#: What one may be doing at most, all waiting included; a process that hangs longer is a failure.
PATIENCE_SECONDS = 90

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "pytest"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a process is to do. `crashpoint` arms it as STYRHJUL_CRASHPOINT would from outside."""

    database_url: str
    smtp_url: str
    now: datetime
    steps: tuple[str, ...] = WHOLE_PULSE
    times: int = 1
    submission: Submission | None = None
    crashpoint: str = ""
    #: How many mails a sender leases at a time; heeded in a process of its own only.
    batch: int = deliver_service.BATCH


def start(order: Order, log: Path, together: Barrier | None = None) -> ForkServerProcess:
    """Start a process; it waits for the others at `together`. What goes wrong in it stands in `log`."""
    process = PROCESSES.Process(target=work, args=(order, log, together), daemon=True)
    process.start()
    return process


def run(order: Order, log: Path) -> int | None:
    """Run a process to its end and return its exit code; -9 = killed."""
    process = start(order, log)
    process.join(PATIENCE_SECONDS)
    return process.exitcode


def run_together(orders: Sequence[Order], logs: Path) -> list[str]:
    """Run processes that begin at the same moment; return what each has logged when all have ended well."""
    barrier = PROCESSES.Barrier(len(orders))
    files = [logs / f"worker-{number}.log" for number in range(len(orders))]
    running = [start(order, file, barrier) for order, file in zip(orders, files, strict=True)]
    for process in running:
        process.join(PATIENCE_SECONDS)
    logged = [file.read_text() if file.exists() else "" for file in files]
    assert [process.exitcode for process in running] == [0] * len(orders), logged
    return logged


def work(order: Order, log: Path, together: Barrier | None = None) -> None:
    """Do what is ordered; runs in the process."""
    os.environ["STYRHJUL_CRASHPOINT"] = order.crashpoint
    deliver_service.BATCH = order.batch
    with log.open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    configure_logging()
    try:
        if together:
            together.wait(PATIENCE_SECONDS)
        for _ in range(order.times):
            carry_out(order)
    except Exception as error:
        traceback.print_exc()
        raise SystemExit(1) from error


def carry_out(order: Order) -> None:
    """Do the steps once, in whichever process."""
    database = Database(order.database_url)
    try:
        take_steps(order, database)
    finally:
        database.dispose()


def take_steps(order: Order, database: Database) -> None:
    """Do the steps with a database that is open."""
    mailroom = mailroom_to(order.smtp_url)
    for step in order.steps:
        if step == "sweep":
            reports = [run_sweep(database, lifecycle, order.now) for lifecycle in LIFECYCLES.values()]
            assert sum(report.stuck + report.quarantined for report in reports) == 0, reports
        elif step == "compose":
            assert compose_mails(database, mailroom, order.now).stuck == 0
        elif step == "deliver":
            done = deliver(database, mailroom, lambda: order.now)
            assert done.failed == 0, asdict(done)
        elif order.submission:
            submit(database, mailroom, order.submission, now=order.now)


def armed(order: Order, point: str, passage: int = 1) -> Order:
    """The same order, to be killed when it passes a crash point for the n-th time."""
    return replace(order, crashpoint=f"{point}:{passage}")


def mailroom_to(smtp_url: str) -> Mailroom:
    """A mailroom whose way out is a real SMTP server."""
    return Mailroom(
        base_url="https://lillby.example.org",
        sealer=SEALER,
        open_transport=lambda: transport_from_url(smtp_url, Path("unused"), hostname="styrhjul.example.org"),
    )
