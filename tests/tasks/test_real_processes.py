"""A real worker, a real beat, a real Redis and a real PostgreSQL, as processes of their own.

Redis may lose everything at any moment, beat may be doubled or missing: what is due leaves once.
Pulses come every second here instead of every thirty; nothing else differs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import redis
from sqlalchemy import func, select

from config.clock import at_nine
from config.settings import load_settings
from styrhjul.db.case_model import Case, Notice
from styrhjul.db.mail_model import Mail, MailStatus
from styrhjul.db.pulse_model import Pulse
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.mail.catch import Catcher
from styrhjul.services.foundation.installation import Installation
from styrhjul.services.operations.example import load_example
from styrhjul.services.operations.play import EXAMPLES, FIRST_DAY
from tasks.schedule import PULSES
from tasks.self_pulse import GAVE_UP
from workflows import LIFECYCLES

ROOT = Path(__file__).parents[2]
ROUNDS_OPEN = date(2027, 1, 7)
EVER = datetime.min.replace(tzinfo=UTC)
#: Nobody's: the discard port.
NO_BROKER = "redis://127.0.0.1:9/0"
QUICK = {"STYRHJUL_PULSE_SECONDS": "1", "STYRHJUL_SILENT_AFTER_SECONDS": "3", "STYRHJUL_GIVE_UP_AFTER_SECONDS": "60"}

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def home(tmp_path: Path, postgres_database_url: str, postgres_owner_url: str) -> Iterator[Installation]:
    """The three municipalities on the first day of the new council, in PostgreSQL, on a clock of their own."""
    installation = Installation.open(
        load_settings(
            data_dir=tmp_path / "var", database_url=postgres_database_url, migrate_database_url=postgres_owner_url
        )
    )
    installation.migrate()
    installation.clock.turn_to(at_nine(FIRST_DAY))
    for folder in sorted(EXAMPLES.iterdir()):
        load_example(installation.database, folder, at_nine(FIRST_DAY), LIFECYCLES)
    yield installation
    installation.close()


@pytest.fixture
def start(home: Installation, tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def run(name: str, broker: str, **other: str) -> subprocess.Popen[bytes]:
        env = {
            **os.environ,
            **QUICK,
            "PYTHONPATH": str(ROOT),
            "STYRHJUL_DATA_DIR": str(home.settings.data_dir),
            "STYRHJUL_DATABASE_URL": home.settings.database_url,
            "STYRHJUL_BROKER_URL": broker,
            **{f"STYRHJUL_{setting.upper()}": value for setting, value in other.items()},
        }
        with (tmp_path / f"{name}-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "styrhjul", name], env=env, cwd=tmp_path, stdout=log, stderr=log
            )
        started.append(process)
        return process

    yield run
    for process in started:
        process.terminate()
    for process in started:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Beat that is asked in the middle of a publish may miss it, as Celery does; a supervisor asks again too."""
    for _ in range(5):
        try:
            process.wait(12)
        except subprocess.TimeoutExpired:
            process.terminate()
        else:
            return
    process.wait(12)


def eventually(happens: Callable[[], bool], seconds: float = 90) -> bool:
    until = time.monotonic() + seconds
    while not (happened := happens()) and time.monotonic() < until:
        time.sleep(0.2)
    return happened


def mails(home: Installation, status: MailStatus = MailStatus.ACCEPTED) -> int:
    with home.database.system(read_only=True) as session:
        return session.scalar(select(func.count(Mail.id)).where(Mail.status == status)) or 0


def has_caught_up(home: Installation) -> bool:
    """Every case is there and every notice has left, but for those whose mailbox has had its mail of the day."""
    with home.database.system(read_only=True) as session:
        followed = session.scalar(select(func.count(Case.id)).where(Case.state != State.NOT_FOLLOWED)) or 0
        waiting = select(func.count(Notice.id)).where(
            Notice.status.in_((NoticeStatus.PLANNED, NoticeStatus.MAILED)), Notice.not_before_at <= home.clock.now()
        )
        return followed >= EXPECTED_CASES and not session.scalar(waiting) and mails(home) > 0


#: On the day the rounds open: Olofström's revision, seven goal rounds and seven follow-ups, Herrljunga's five goal
#: rounds and Grums's one follow-up.
EXPECTED_CASES = 1 + 7 + 7 + 5 + 1


def assert_each_left_once(home: Installation) -> None:
    caught = Catcher(home.settings.data_dir / "mail").messages()
    assert max(Counter(mail.message_id for mail in caught).values()) == 1
    assert len(caught) == mails(home)


def pulses(home: Installation, since: datetime = EVER) -> set[str]:
    with home.database.system(read_only=True) as session:
        return set(session.scalars(select(Pulse.name).where(Pulse.at > since)))


def test_redis_flushed_again_and_again_loses_nothing(home: Installation, start: Start, redis_url: str) -> None:
    home.clock.turn_to(at_nine(ROUNDS_OPEN))
    stopped = threading.Event()

    def flush() -> None:
        with redis.Redis.from_url(redis_url) as client:
            while not stopped.wait(0.5):
                client.flushall()

    flushing = threading.Thread(target=flush)
    flushing.start()
    start("worker", redis_url)
    start("beat", redis_url)
    try:
        assert eventually(lambda: has_caught_up(home))
    finally:
        stopped.set()
        flushing.join()
    assert_each_left_once(home)


def test_two_beats_and_two_workers_send_nothing_twice(home: Installation, start: Start, redis_url: str) -> None:
    home.clock.turn_to(at_nine(ROUNDS_OPEN))
    for name in ("worker", "beat", "worker", "beat"):
        start(name, redis_url)
    assert eventually(lambda: has_caught_up(home))
    assert_each_left_once(home)


def test_without_any_server_files_carry_the_wake_ups(home: Installation, start: Start) -> None:
    start("worker", "", silent_after_seconds="30")
    start("beat", "")
    assert eventually(lambda: pulses(home) - {"self"} != set())


def test_a_worker_without_beat_and_broker_pulses_itself(home: Installation, start: Start) -> None:
    start("worker", NO_BROKER)
    assert eventually(lambda: mails(home) > 0)
    assert eventually(lambda: pulses(home) == {"self"})
    assert_each_left_once(home)


def test_worker_and_beat_stop_when_they_are_asked_to(home: Installation, start: Start, redis_url: str) -> None:
    worker, beat = start("worker", redis_url), start("beat", redis_url)
    assert eventually(lambda: set(PULSES) <= pulses(home))
    worker.terminate()
    beat.terminate()
    assert (worker.wait(60), beat.wait(60)) == (0, 0)


def test_beat_stores_nothing_and_leaves_a_sign_of_life(home: Installation, start: Start, redis_url: str) -> None:
    sign = home.settings.data_dir / "beat-schedule"
    start("beat", redis_url)
    assert eventually(sign.exists)
    assert sign.stat().st_size == 0


def test_a_worker_that_cannot_reach_its_database_gives_up_to_be_started_anew(start: Start, redis_url: str) -> None:
    worker = start("worker", redis_url, database_url="postgresql://127.0.0.1:9/nothing", give_up_after_seconds="4")
    assert worker.wait(90) == GAVE_UP
