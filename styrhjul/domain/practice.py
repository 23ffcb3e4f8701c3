"""What a municipality has decided of how it works: the settings that the planner reads, carried in its facts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from styrhjul.domain.calendar import (
    JULY,
    add_working_days,
    first_ordinary_day_after,
    is_ordinary_day,
    is_squeeze_day,
    is_working_day,
    next_ordinary_day,
    previous_ordinary_day,
    why_free,
)
from styrhjul.domain.months import MONTHS
from styrhjul.domain.written import SHORT, faults_in

#: More free weekdays than a year has red ones would be a rest, which is another setting.
MOST_FREE_DAYS_A_YEAR = 20
#: What such a day is, in words that follow "är".
OWN_FREE_DAY = "ledig dag i kommunen"


class FirstYearGoals(StrEnum):
    """Who sets the goals for the first year of a term: the committee that will reach for them, or the one before."""

    NEW_COMMITTEE = "new_committee"
    OUTGOING = "outgoing"


@dataclass(frozen=True, slots=True, order=True)
class FreeDay:
    """A weekday that the municipality has given free itself, and what it calls it."""

    on: date
    name: str


class NoSuchPractice(ValueError):
    """A setting has a value that cannot be used; the message names the setting and says what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A municipality's own ways. The defaults are those of a municipality that has said nothing.

    `digest_weekday` counts from 0 = Monday to 4 = Friday. `rest_months` holds month numbers. Mails are written from
    `office_opens` up to `office_closes`, Stockholm time. `currency_review` asks every document's owner once a year
    whether it is still current. `free_days` stand in their order, and count as no working days. Raises NoSuchPractice
    for anything that could never let a mail leave.
    """

    digest_weekday: int = 2
    rest_months: frozenset[int] = JULY
    office_opens: time = time(8)
    office_closes: time = time(17)
    first_year_goals: FirstYearGoals = FirstYearGoals.NEW_COMMITTEE
    currency_review: bool = False
    free_days: tuple[FreeDay, ...] = ()
    #: Their dates.
    free: frozenset[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what would keep every mail from leaving."""
        if self.digest_weekday not in range(5):
            raise NoSuchPractice("digest_weekday: välj en vardag, måndag till fredag.")
        if not self.rest_months <= frozenset(range(1, 13)) or len(self.rest_months) > 3:
            raise NoSuchPractice("rest_months: välj högst tre månader, 1 till 12.")
        if self.office_opens >= self.office_closes:
            raise NoSuchPractice("office_opens: kontoret måste öppna innan det stänger.")
        _refuse_wrong(self.free_days)
        object.__setattr__(self, "free", frozenset(day.on for day in self.free_days))

    def is_ordinary(self, day: date) -> bool:
        """Tell whether rounds open and mails leave on this day."""
        return is_ordinary_day(day, self.rest_months, self.free)

    def next_ordinary(self, day: date) -> date:
        """Return the day itself if it is ordinary, otherwise the first such day after it."""
        return next_ordinary_day(day, self.rest_months, self.free)

    def previous_ordinary(self, day: date) -> date:
        """Return the day itself if it is ordinary, otherwise the last such day before it."""
        return previous_ordinary_day(day, self.rest_months, self.free)

    def ordinary_after(self, day: date) -> date:
        """Return the first ordinary day strictly after `day`."""
        return first_ordinary_day_after(day, self.rest_months, self.free)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n:th day strictly after `day` on which people work here, or strictly before it."""
        return add_working_days(day, n, self.free)

    def why_not_ordinary(self, day: date) -> str | None:
        """Return what the day is, in Swedish words that follow "är": what lasts longest first. None: it is ordinary."""
        if day.month in self.rest_months:
            return f"i {MONTHS[day.month - 1]}, då kommunen har uppehåll"
        if day in self.free:
            return OWN_FREE_DAY
        return why_free(day) or ("klämdag" if is_squeeze_day(day, self.free) else None)


def _refuse_wrong(days: tuple[FreeDay, ...]) -> None:
    dates = [day.on for day in days]
    if dates != sorted(set(dates)):
        raise NoSuchPractice("free_days: skriv varje dag en gång.")
    for day in days:
        if not is_working_day(day.on):
            raise NoSuchPractice(f"free_days: {day.on.isoformat()} är {why_free(day.on)}, alltså redan ledig.")
        if not any(map(str.isalnum, day.name)):
            raise NoSuchPractice(f"free_days: skriv vad {day.on.isoformat()} är för dag.")
        for fault in faults_in(day.name, SHORT):
            raise NoSuchPractice(f"free_days: {day.on.isoformat()}: {fault}.")
    for year, count in Counter(day.year for day in dates).items():
        if count > MOST_FREE_DAYS_A_YEAR:
            raise NoSuchPractice(f"free_days: skriv högst {MOST_FREE_DAYS_A_YEAR} dagar för {year}.")


#: What a municipality that has said nothing does.
USUAL = Practice()
