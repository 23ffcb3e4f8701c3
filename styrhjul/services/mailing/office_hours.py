"""When mails are written: on ordinary days, while the office is open. What waits says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from styrhjul.domain.ladder import digest_day
from styrhjul.domain.moment import STOCKHOLM, local_date, local_moment
from styrhjul.domain.practice import Practice
from styrhjul.mail.swedish import start

CLOSED = "Kontoret är stängt."
_ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when mail waits, and in Swedish why."""

    until: datetime
    reason: str


def wait_for_office(practice: Practice, now: datetime) -> Wait | None:
    """Return how long a mail must wait to be written; None while the office is open on an ordinary day."""
    today, time = local_date(now), now.astimezone(STOCKHOLM).time()
    if why_not := practice.why_not_ordinary(today):
        return Wait(next_opening(practice, today), f"{start(why_not)}.")
    if time < practice.office_opens:
        return Wait(local_moment(today, practice.office_opens), CLOSED)
    if time >= practice.office_closes:
        return Wait(next_opening(practice, today), CLOSED)
    return None


def next_opening(practice: Practice, today: date) -> datetime:
    """Return when the office opens on the first ordinary day after `today`."""
    return local_moment(practice.ordinary_after(today), practice.office_opens)


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def next_weeks_digest(practice: Practice, today: date) -> datetime:
    """Return when the office opens on the digest day of the coming week, deferred to an ordinary day."""
    day = week_of(today)[0] + _ONE_WEEK + timedelta(days=practice.digest_weekday)
    return local_moment(digest_day(day, practice), practice.office_opens)
