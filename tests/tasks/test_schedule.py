"""What beat really fires: Celery's own scheduler, run through whole days on a clock of ours."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.beat import ScheduleEntry

from config.settings import load_settings
from tasks.app import app, configuration
from tasks.beat import Metronome
from tasks.schedule import PULSES, beat_schedule
from workflows import LIFECYCLES

PULSES_A_DAY = 24 * 60 * 60 // 30


class CountingScheduler(Metronome):
    """Beat as it runs, except that it counts instead of sending."""

    producer: Any = None

    def __init__(self, celery: Celery) -> None:
        self.fired: Counter[str] = Counter()
        super().__init__(celery)

    def apply_entry(self, entry: ScheduleEntry, producer: object = None) -> None:
        self.fired[str(entry.name)] += 1


class VirtualBeat(Celery):
    """A Celery whose clock is turned by hand."""

    def __init__(self, start: datetime, data_dir: Path) -> None:
        super().__init__("virtual", set_as_current=False)
        self.conf.update(configuration(load_settings(data_dir=data_dir)) | {"broker_url": "memory://"})
        self.time = start

    def now(self) -> datetime:
        return self.time


def fired_in(start: datetime, span: timedelta, data_dir: Path) -> Counter[str]:
    celery = VirtualBeat(start, data_dir)
    scheduler = CountingScheduler(celery)
    while celery.time < start + span:
        celery.time += timedelta(seconds=10)
        while scheduler.tick() == 0:
            pass
    return scheduler.fired


@pytest.mark.parametrize(
    "day",
    [
        datetime(2026, 11, 23, tzinfo=UTC),
        datetime(2026, 10, 25, tzinfo=UTC),  # the clock goes back in Stockholm
        datetime(2027, 3, 28, tzinfo=UTC),  # and forth
    ],
)
def test_every_entry_fires_every_thirty_seconds_all_day(day: datetime, tmp_path: Path) -> None:
    assert fired_in(day, timedelta(days=1), tmp_path) == dict.fromkeys(PULSES, PULSES_A_DAY)


def test_every_name_in_the_schedule_is_a_task() -> None:
    app.loader.import_default_modules()
    assert set(PULSES) <= set(app.tasks)


def test_every_task_of_ours_is_in_the_schedule() -> None:
    app.loader.import_default_modules()
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(PULSES)


def test_every_lifecycle_has_a_pulse() -> None:
    assert {f"lifecycle.{key}" for key in LIFECYCLES} <= set(PULSES)


def test_a_pulse_expires_before_the_next_one_comes() -> None:
    entries: list[dict[str, Any]] = list(beat_schedule(30).values())
    assert {(entry["schedule"], entry["options"]["expires"]) for entry in entries} == {(30.0, 25.0)}
