"""The clock: wall time, a demo's own time, and a time that stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import Clock, StoppedClock, at_nine, today

WALL = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DEMO = datetime(2027, 3, 10, 8, 0, tzinfo=UTC)


def test_without_a_stored_clock_it_is_wall_time(tmp_path: Path) -> None:
    clock = Clock(tmp_path, lambda: WALL)
    assert clock.is_wall
    assert clock.now() == WALL


def test_a_turned_clock_goes_on_from_there(tmp_path: Path) -> None:
    wall = [WALL]
    clock = Clock(tmp_path, lambda: wall[0])
    clock.turn_to(DEMO)
    wall[0] += timedelta(hours=3)
    assert not clock.is_wall
    assert clock.now() == DEMO + timedelta(hours=3)


def test_every_process_of_the_installation_sees_the_turned_clock(tmp_path: Path) -> None:
    Clock(tmp_path, lambda: WALL).turn_to(DEMO)
    assert Clock(tmp_path, lambda: WALL).now() == DEMO
    assert [path.name for path in tmp_path.iterdir()] == ["demo-clock.json"]


def test_a_stopped_clock_stands_and_is_not_turned() -> None:
    clock = StoppedClock(DEMO)
    assert clock.now() == clock.now() == DEMO
    with pytest.raises(TypeError):
        clock.turn_to(WALL)


def test_nine_in_stockholm_is_seven_or_eight_in_utc() -> None:
    assert at_nine(date(2026, 10, 15)) == datetime(2026, 10, 15, 7, 0, tzinfo=UTC)
    assert at_nine(date(2026, 11, 23)) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_today_is_the_day_in_stockholm() -> None:
    assert today(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)
