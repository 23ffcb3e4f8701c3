"""The database fails under load: all of PostgreSQL is stopped at once, another writer holds SQLite."""

from __future__ import annotations

import random
import signal
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from styrhjul.db.migrate import upgrade
from styrhjul.db.session import Database
from tests import servers
from tests.faults import worker
from tests.faults.checker import complaints
from tests.faults.scene import AFTER_A_CRASH, OPENING, Scene
from tests.faults.worker import carry_out
from tests.smtp_sink import spooled
from tests.town import build_town, nine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from tests.smtp_sink import Received, SmtpSink

SENDERS = 3


def spool(scene: Scene) -> list[Received]:
    assert scene.sink.spool is not None
    return spooled(scene.sink.spool)


@pytest.fixture
def mortal() -> Iterator[servers.Mortal]:
    with servers.mortal_postgres() as server:
        at = servers.PostgresServer(server.url)
        upgrade(server.url, program=at.program_url("postgres"))
        yield server


@pytest.mark.parametrize("crashes", [1, pytest.param(5, marks=pytest.mark.faults)])
def test_a_postgresql_that_is_stopped_at_once_under_load_loses_nothing(
    mortal: servers.Mortal, smtp_sink: SmtpSink, tmp_path: Path, crashes: int
) -> None:
    """F-23: three senders at work; each crash doubles no more than the one mail each of them has in flight."""
    chance, moment, ended = random.Random(23), nine(OPENING), set[int | None]()
    names = tuple(f"nämnd{number:03}" for number in range(20 * crashes))
    with opened(servers.PostgresServer(mortal.url).program_url("postgres")) as database:
        scene = Scene(build_town(database, committees=names), smtp_sink, tmp_path)
        carry_out(scene.order(moment, "sweep", "compose"))
        for crash in range(crashes):
            moment = nine(OPENING) + crash * AFTER_A_CRASH
            sending = send_together(scene, moment)
            wait_for_mail(smtp_sink, len(smtp_sink.messages) + chance.randint(1, 20))
            mortal.kill(signal.SIGQUIT)
            mortal.start()
            ended |= {ended_with(process) for process in sending}
        database.dispose()
        scene.recover(moment)
        assert complaints(scene.town, spool(scene), copies_allowed=crashes * SENDERS) == []
    assert ended != {0}


def send_together(scene: Scene, moment: datetime) -> list[ForkServerProcess]:
    order = replace(scene.order(moment, "deliver"), batch=4)
    return [worker.start(order, scene.folder / "worker.log") for _ in range(SENDERS)]


def ended_with(process: ForkServerProcess) -> int | None:
    process.join(worker.PATIENCE_SECONDS)
    return process.exitcode


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.dispose()


def wait_for_mail(sink: SmtpSink, mails: int) -> None:
    """Return once so many have arrived, or nothing moves any more."""
    until = time.monotonic() + 20
    while len(sink.messages) < mails and time.monotonic() < until:
        time.sleep(0.002)


@pytest.mark.parametrize("seconds", [0.5, pytest.param(5, marks=pytest.mark.faults)])
def test_another_writer_of_sqlite_is_waited_for(
    sqlite_database_url: str, smtp_sink: SmtpSink, tmp_path: Path, seconds: float
) -> None:
    """F-27: whatever comes while it writes takes longer, and nothing fails: `carry_out` asserts it step by step."""
    with opened(sqlite_database_url) as database:
        scene = Scene(build_town(database), smtp_sink, tmp_path)
        for step in worker.WHOLE_PULSE:
            holding = threading.Event()
            other = threading.Thread(target=hold, args=(sqlite_database_url, seconds, holding))
            other.start()
            assert holding.wait(10)
            carry_out(scene.order(None, step))
            other.join()
        scene.recover()
        assert complaints(scene.town, spool(scene)) == []


def hold(url: str, seconds: float, holding: threading.Event) -> None:
    """Hold the one write lock there is."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    holding.set()
    time.sleep(seconds)
    connection.execute("COMMIT")
    connection.close()
