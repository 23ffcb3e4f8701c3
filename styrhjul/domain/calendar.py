"""The Swedish working calendar: which days are free, and counting in days on which people work.

Red days come by rule from the `holidays` library; weekends, squeeze days and the summer rest are added here.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType

import holidays

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
#: When political bodies usually rest.
JULY = frozenset({7})
#: A municipality that has given no days of its own free.
NO_DAYS: frozenset[date] = frozenset()
#: The eve that has a name of its own, by the red Sunday after it.
_EVES = {"påskdagen": "påskafton", "pingstdagen": "pingstafton"}


def is_working_day(day: date, free: frozenset[date] = NO_DAYS) -> bool:
    """Tell whether people work: not on weekends, red days (lag 1989:253), midsommarafton, julafton or nyårsafton.

    `free` are the days that a municipality has given free itself, here and below.
    """
    return day.weekday() < _SATURDAY and day not in _free_weekdays(day.year) and day not in free


def why_free(day: date) -> str | None:
    """Return the Swedish name of a free day, the holiday's before the weekday's; None on a working day."""
    weekend = ("lördag", "söndag")[day.weekday() - _SATURDAY] if day.weekday() >= _SATURDAY else None
    return _named_days(day.year).get(day, weekend)


def is_squeeze_day(day: date, free: frozenset[date] = NO_DAYS) -> bool:
    """Tell whether this is a single working day between two free ones: formally worked, but many are away."""
    return is_working_day(day, free) and not (
        is_working_day(day - _ONE_DAY, free) or is_working_day(day + _ONE_DAY, free)
    )


def is_ordinary_day(day: date, rest_months: frozenset[int] = JULY, free: frozenset[date] = NO_DAYS) -> bool:
    """Tell whether an official can be expected to act: a working day, no squeeze day, outside the rest months.

    `rest_months` are those in which political bodies usually do not meet; practice and not law, so a setting.
    """
    return is_working_day(day, free) and day.month not in rest_months and not is_squeeze_day(day, free)


@lru_cache(maxsize=8192)  # every rung and every round asks, about the same few days
def next_ordinary_day(day: date, rest_months: frozenset[int] = JULY, free: frozenset[date] = NO_DAYS) -> date:
    """Return the day itself if it is ordinary, otherwise the first such day after it."""
    while not is_ordinary_day(day, rest_months, free):
        day += _ONE_DAY
    return day


@lru_cache(maxsize=8192)  # as every due day does
def previous_ordinary_day(day: date, rest_months: frozenset[int] = JULY, free: frozenset[date] = NO_DAYS) -> date:
    """Return the day itself if it is ordinary, otherwise the last such day before it."""
    while not is_ordinary_day(day, rest_months, free):
        day -= _ONE_DAY
    return day


def first_ordinary_day_after(day: date, rest_months: frozenset[int] = JULY, free: frozenset[date] = NO_DAYS) -> date:
    """Return the first ordinary day strictly after `day`."""
    return next_ordinary_day(day + _ONE_DAY, rest_months, free)


def next_working_day(day: date, free: frozenset[date] = NO_DAYS) -> date:
    """Return the day itself if people work then, otherwise the first working day after it (as lag 1930:173 2 §)."""
    while not is_working_day(day, free):
        day += _ONE_DAY
    return day


def previous_working_day(day: date) -> date:
    """Return the day itself if people work then, otherwise the last working day before it."""
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


@lru_cache(maxsize=8192)  # deadlines cluster: many cases count from the same few days
def add_working_days(day: date, n: int, free: frozenset[date] = NO_DAYS) -> date:
    """Return the n:th working day strictly after `day`, or strictly before it for a negative n.

    Zero gives `next_working_day`.
    """
    if n == 0:
        return next_working_day(day, free)
    step = _ONE_DAY if n > 0 else -_ONE_DAY
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day, free):
            day += step
    return day


def first_working_day_after(day: date) -> date:
    """Return the first working day strictly after `day`."""
    return add_working_days(day, 1)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or earlier; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def epiphany(year: int) -> date:
    """Return trettondedag jul, 6 January (lag 1989:253 1 §)."""
    return date(year, 1, 6)


@cache
def _free_weekdays(year: int) -> frozenset[date]:
    return frozenset(day for day in _named_days(year) if day.weekday() < _SATURDAY)


@cache
def _named_days(year: int) -> Mapping[date, str]:
    """Return the free days that have a name of their own. A few years two holidays share a day: both are named."""
    red = holidays.country_holidays("SE", years=year, language="sv", categories=("public", "de_facto"))
    names = {day: " och ".join(_as_in_a_sentence(name) for name in red.get_list(day)) for day in sorted(red)}
    for day, name in list(names.items()):
        for sunday, eve in _EVES.items():
            if sunday in name:
                names.setdefault(day - _ONE_DAY, eve)
    return MappingProxyType(names)


def _as_in_a_sentence(name: str) -> str:
    return name if name.startswith("Kristi") else name[0].lower() + name[1:]
