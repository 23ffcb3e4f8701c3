"""The virtual clock: it stands where it is put, and may be wrong for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Skew:
    """From `start` up to `end` the machine's clock is off by so much."""

    start: datetime
    end: datetime
    by: timedelta


class VirtualClock:
    """`moment` is the true time; `now` is what the machine believes."""

    def __init__(self, moment: datetime, skews: Sequence[Skew] = ()) -> None:
        self.moment = moment
        self._skews = tuple(skews)

    @property
    def misleads(self) -> bool:
        """Whether it is ever wrong."""
        return bool(self._skews)

    def now(self) -> datetime:
        """Return what the machine's clock shows."""
        return self.moment + self._skew(self.moment)

    def turn_to(self, moment: datetime) -> None:
        """Let time pass until a true moment; never backwards."""
        self.moment = max(self.moment, moment)

    def true_time_of(self, shown: datetime) -> datetime:
        """Return when the clock, as it goes now, will show a moment."""
        return shown - self._skew(self.moment)

    def next_turn(self) -> datetime | None:
        """Return when the clock is set wrong or right the next time."""
        turns = (turn for skew in self._skews for turn in (skew.start, skew.end))
        return min((turn for turn in turns if turn > self.moment), default=None)

    def _skew(self, moment: datetime) -> timedelta:
        for skew in self._skews:
            if skew.start <= moment < skew.end:
                return skew.by
        return timedelta()
