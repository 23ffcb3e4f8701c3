"""The only place where the clock is read. The demo has a stored clock, which goes on from where it was turned.

`now` is an aware UTC moment; `today` and `at_nine` speak of days in Stockholm.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

from styrhjul.domain.moment import local_date, local_moment

NINE = time(9, 0)
today = local_date


def at_nine(day: date) -> datetime:
    """Return 09:00 in Stockholm on a day: the moment a command's `--on` stands for."""
    return local_moment(day, NINE)


def wall_time() -> datetime:
    """Return the machine's own time."""
    return datetime.now(UTC)


class Clock:
    """Wall time; where the data folder holds `demo-clock.json`, the demo's time going on from there."""

    def __init__(self, data_dir: Path, wall: Callable[[], datetime] = wall_time) -> None:
        self._path = data_dir / "demo-clock.json"
        self._wall = wall

    @property
    def is_wall(self) -> bool:
        """Whether this is the machine's own time."""
        return not self._path.exists()

    def present(self) -> datetime:
        """Return the machine's own time, however the demo's is turned: for whoever outside compares it with theirs."""
        return self._wall()

    def now(self) -> datetime:
        """Return the moment it is, aware and in UTC."""
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return self._wall()
        on, set_at = datetime.fromisoformat(stored["on"]), datetime.fromisoformat(stored["set_at"])
        return on + (self._wall() - set_at)

    def turn_to(self, moment: datetime) -> None:
        """Turn the demo's clock, atomically; from now on this is a demo's clock."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        stored = {"on": moment.astimezone(UTC).isoformat(), "set_at": self._wall().isoformat()}
        with aside.open("w", encoding="utf-8") as file:
            json.dump(stored, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._path)


class StoppedClock(Clock):
    """A clock that stands at one moment: what `--on` gives a command."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(Path())
        self._moment = moment

    @property
    def is_wall(self) -> bool:
        return False

    def now(self) -> datetime:
        return self._moment

    def turn_to(self, moment: datetime) -> None:
        raise TypeError(f"a stopped clock cannot be turned to {moment.isoformat()}")
