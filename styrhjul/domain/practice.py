"""What a municipality has decided of how it works: the settings that the planner reads, carried in its facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from styrhjul.domain.calendar import (
    JULY,
    first_ordinary_day_after,
    is_ordinary_day,
    is_squeeze_day,
    next_ordinary_day,
    previous_ordinary_day,
    why_free,
)
from styrhjul.domain.date_rule import MONTHS


class FirstYearGoals(StrEnum):
    """Who sets the goals for the first year of a term: the committee that will reach for them, or the one before."""

    NEW_COMMITTEE = "new_committee"
    OUTGOING = "outgoing"


class NoSuchPractice(ValueError):
    """A setting has a value that cannot be used; the message names the setting and says what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A municipality's own ways. The defaults are those of a municipality that has said nothing.

    `digest_weekday` counts from 0 = Monday to 4 = Friday. `rest_months` holds month numbers. Mails are written from
    `office_opens` up to `office_closes`, Stockholm time. `currency_review` asks every document's owner once a year
    whether it is still current. Raises NoSuchPractice for anything that could never let a mail leave.
    """

    digest_weekday: int = 2
    rest_months: frozenset[int] = JULY
    office_opens: time = time(8)
    office_closes: time = time(17)
    first_year_goals: FirstYearGoals = FirstYearGoals.NEW_COMMITTEE
    currency_review: bool = False

    def __post_init__(self) -> None:
        """Refuse what would keep every mail from leaving."""
        if self.digest_weekday not in range(5):
            raise NoSuchPractice("digest_weekday: välj en vardag, måndag till fredag.")
        if not self.rest_months <= frozenset(range(1, 13)) or len(self.rest_months) > 3:
            raise NoSuchPractice("rest_months: välj högst tre månader, 1 till 12.")
        if self.office_opens >= self.office_closes:
            raise NoSuchPractice("office_opens: kontoret måste öppna innan det stänger.")

    def is_ordinary(self, day: date) -> bool:
        """Tell whether rounds open and mails leave on this day."""
        return is_ordinary_day(day, self.rest_months)

    def next_ordinary(self, day: date) -> date:
        """Return the day itself if it is ordinary, otherwise the first such day after it."""
        return next_ordinary_day(day, self.rest_months)

    def previous_ordinary(self, day: date) -> date:
        """Return the day itself if it is ordinary, otherwise the last such day before it."""
        return previous_ordinary_day(day, self.rest_months)

    def ordinary_after(self, day: date) -> date:
        """Return the first ordinary day strictly after `day`."""
        return first_ordinary_day_after(day, self.rest_months)

    def why_not_ordinary(self, day: date) -> str | None:
        """Return what the day is, in Swedish words that follow "är": what lasts longest first. None: it is ordinary."""
        if day.month in self.rest_months:
            return f"i {MONTHS[day.month - 1]}, då kommunen har uppehåll"
        return why_free(day) or ("klämdag" if is_squeeze_day(day) else None)


#: What a municipality that has said nothing does.
USUAL = Practice()
