"""Date rules: frozen declarations such as `On(month=11, day=30)` that give one day in each year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from styrhjul.domain.calendar import epiphany, first_working_day_after, next_working_day, previous_working_day
from styrhjul.domain.months import MONTHS

_LEAP_YEAR = 2024


class WhenFree(StrEnum):
    """What becomes of a day on which nobody works."""

    EARLIER = "earlier"
    LATER = "later"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class On:
    """A day of the year; 29 February is the 28th in other years. Raises ValueError for a day no year has."""

    month: int
    day: int
    when_free: WhenFree = WhenFree.EARLIER

    def __post_init__(self) -> None:
        """Refuse a day that no year has."""
        _refuse_unless_a_day(self.month, self.day)


@dataclass(frozen=True, slots=True)
class LastWorkingDayOf:
    """The last working day of a month. Raises ValueError for a month that does not exist."""

    month: int

    def __post_init__(self) -> None:
        """Refuse a month that does not exist."""
        _refuse_unless_a_month(self.month)


@dataclass(frozen=True, slots=True)
class FirstWorkingDayFrom:
    """The first working day on or after a day of the year. Raises ValueError for a day no year has."""

    month: int
    day: int

    def __post_init__(self) -> None:
        """Refuse a day that no year has."""
        _refuse_unless_a_day(self.month, self.day)


@dataclass(frozen=True, slots=True)
class FirstWorkingDayAfterEpiphany:
    """The first working day after 6 January, when the new committees have taken office."""


DateRule: TypeAlias = On | LastWorkingDayOf | FirstWorkingDayFrom | FirstWorkingDayAfterEpiphany


@lru_cache(maxsize=1024)  # a few rules and a few years, for every policy and body
def day_of(rule: DateRule, year: int) -> date:
    """Return the rule's day for a year; a working day, except where a rule says KEEP.

    A day that moves may land in the month, or at New Year in the year, beside its own.
    """
    nominal = nominal_day_of(rule, year)
    match rule:
        case On(when_free=WhenFree.KEEP):
            return nominal
        case On(when_free=WhenFree.EARLIER) | LastWorkingDayOf():
            return previous_working_day(nominal)
        case _:
            return next_working_day(nominal)


@lru_cache(maxsize=1024)
def nominal_day_of(rule: DateRule, year: int) -> date:
    """Return the day a rule names before free days are looked at: what a deferral is told against."""
    match rule:
        case LastWorkingDayOf(month):
            return date(year, month, monthrange(year, month)[1])
        case FirstWorkingDayAfterEpiphany():
            return first_working_day_after(epiphany(year))  # names a working day itself, so nothing is deferred
        case _:
            return date(year, rule.month, min(rule.day, monthrange(year, rule.month)[1]))


def _refuse_unless_a_month(month: int) -> None:
    if month not in range(1, 13):
        raise ValueError(f"Månad {month} finns inte. Ange en månad från 1 till 12.")


def _refuse_unless_a_day(month: int, day: int) -> None:
    _refuse_unless_a_month(month)
    last = monthrange(_LEAP_YEAR, month)[1]
    if day not in range(1, last + 1):
        raise ValueError(f"{day} {MONTHS[month - 1]} finns inte. Ange en dag från 1 till {last}.")
