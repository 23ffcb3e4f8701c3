"""Between moments and Swedish days: business dates are days in Stockholm, everything stored is UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: When the day's mails may leave: people have come to work.
MORNING = time(8, 0)


def local_date(now: datetime) -> date:
    """Return the day it is in Stockholm. Raises ValueError for a naive moment."""
    if now.tzinfo is None:
        raise ValueError(f"{now!r} has no time zone")
    return now.astimezone(STOCKHOLM).date()


def local_moment(day: date, at: time = MORNING) -> datetime:
    """Return a time of day in Stockholm as a UTC moment; in the doubled autumn hour the first of the two."""
    return datetime.combine(day, at, tzinfo=STOCKHOLM).astimezone(UTC)


def swedish_time(moment: datetime) -> str:
    """Return a moment as people in Sweden read it, to the minute: 2027-01-07 09.00."""
    return f"{moment.astimezone(STOCKHOLM):%Y-%m-%d %H.%M}"
