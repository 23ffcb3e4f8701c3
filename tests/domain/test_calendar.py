"""Swedish working days: red days by rule, eves, squeeze days, and counting forwards and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.calendar import (
    add_working_days,
    epiphany,
    first_ordinary_day_after,
    first_working_day_after,
    is_ordinary_day,
    is_squeeze_day,
    is_working_day,
    months_after,
    next_ordinary_day,
    next_working_day,
    previous_ordinary_day,
    previous_working_day,
    why_free,
)

DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(1, 60)
ONE = timedelta(days=1)
EASTER = {
    2026: date(2026, 4, 5),
    2027: date(2027, 3, 28),
    2028: date(2028, 4, 16),
    2029: date(2029, 4, 1),
    2030: date(2030, 4, 21),
    2031: date(2031, 4, 13),
    2032: date(2032, 3, 28),
    2033: date(2033, 4, 17),
    2034: date(2034, 4, 9),
    2035: date(2035, 3, 25),
    2036: date(2036, 4, 13),
    2037: date(2037, 4, 5),
    2038: date(2038, 4, 25),
    2039: date(2039, 4, 10),
    2040: date(2040, 4, 1),
}


@pytest.mark.parametrize(
    ("days_from_easter", "name"),
    [
        (-2, "långfredagen"),
        (-1, "påskafton"),
        (0, "påskdagen"),
        (1, "annandag påsk"),
        (39, "Kristi himmelsfärdsdag"),
        (48, "pingstafton"),
        (49, "pingstdagen"),
    ],
)
@pytest.mark.parametrize("year", EASTER)
def test_days_that_follow_easter_are_free_and_named(year: int, days_from_easter: int, name: str) -> None:
    day = EASTER[year] + timedelta(days=days_from_easter)
    assert not is_working_day(day)
    assert name in (why_free(day) or "")


@pytest.mark.parametrize("year", EASTER)
def test_maundy_thursday_and_the_monday_after_pentecost_are_worked(year: int) -> None:
    """Skärtorsdag is a short day at most; annandag pingst has not been red since 2005."""
    assert is_working_day(EASTER[year] - timedelta(days=3))
    pentecost_monday = EASTER[year] + timedelta(days=50)
    assert is_working_day(pentecost_monday) == ((pentecost_monday.month, pentecost_monday.day) != (6, 6))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 1, 1), "nyårsdagen"),
        (date(2027, 1, 6), "trettondedag jul"),
        (date(2026, 5, 1), "första maj"),
        (date(2028, 6, 6), "nationaldagen"),
        (date(2026, 6, 19), "midsommarafton"),
        (date(2026, 6, 20), "midsommardagen"),
        (date(2027, 6, 25), "midsommarafton"),
        (date(2026, 10, 31), "alla helgons dag"),
        (date(2027, 11, 6), "alla helgons dag"),
        (date(2026, 12, 24), "julafton"),
        (date(2026, 12, 25), "juldagen"),
        (date(2027, 12, 26), "annandag jul"),
        (date(2026, 12, 31), "nyårsafton"),
        (date(2026, 11, 21), "lördag"),
        (date(2026, 11, 22), "söndag"),
    ],
)
def test_free_day_says_why_and_a_holiday_is_named_before_its_weekday(day: date, name: str) -> None:
    assert why_free(day) == name
    assert not is_working_day(day)


def test_two_holidays_on_one_day_are_both_named() -> None:
    assert why_free(date(2008, 5, 1)) == "första maj och Kristi himmelsfärdsdag"


@pytest.mark.parametrize(
    "day", [date(2026, 1, 5), date(2026, 4, 30), date(2026, 4, 2), date(2026, 10, 30), date(2028, 2, 29)]
)
def test_short_days_before_a_red_day_and_leap_days_are_worked(day: date) -> None:
    assert is_working_day(day)
    assert why_free(day) is None


@given(DAYS)
def test_a_day_is_worked_exactly_when_nothing_makes_it_free(day: date) -> None:
    assert is_working_day(day) == (why_free(day) is None)


@pytest.mark.parametrize(
    "day", [date(2026, 1, 5), date(2027, 5, 7), date(2028, 1, 7), date(2028, 5, 26), date(2028, 6, 5)]
)
def test_squeeze_day_is_a_worked_day_between_two_free_ones(day: date) -> None:
    assert is_working_day(day)
    assert is_squeeze_day(day)


@pytest.mark.parametrize("day", [date(2027, 5, 6), date(2027, 5, 10), date(2027, 1, 7), date(2027, 1, 8)])
def test_free_days_and_ordinary_days_are_no_squeeze_days(day: date) -> None:
    assert not is_squeeze_day(day)


def test_bodies_rest_in_july_unless_the_municipality_says_otherwise() -> None:
    assert not is_ordinary_day(date(2027, 7, 1))
    assert is_ordinary_day(date(2027, 6, 30))
    assert is_ordinary_day(date(2027, 8, 2))
    assert not is_ordinary_day(date(2027, 8, 2), frozenset({7, 8}))
    assert is_ordinary_day(date(2027, 7, 1), frozenset())


@given(DAYS, st.frozensets(st.integers(1, 12), max_size=3))
def test_an_ordinary_day_is_a_working_day_that_is_neither_squeezed_nor_in_a_month_of_rest(
    day: date, rest: frozenset[int]
) -> None:
    expected = is_working_day(day) and not is_squeeze_day(day) and day.month not in rest
    assert is_ordinary_day(day, rest) == expected


@given(DAYS, st.frozensets(st.integers(1, 12), max_size=3))
def test_nearest_ordinary_days_stand_on_each_side_with_none_between(day: date, rest: frozenset[int]) -> None:
    before, after = previous_ordinary_day(day, rest), next_ordinary_day(day, rest)
    assert before <= day <= after
    assert is_ordinary_day(before, rest)
    assert is_ordinary_day(after, rest)
    between = (before + timedelta(days=n) for n in range(1, (after - before).days))
    assert not any(is_ordinary_day(passed, rest) for passed in between)
    assert first_ordinary_day_after(before, rest) == (after if before != day else next_ordinary_day(day + ONE, rest))


@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", 36, "2027-02-28"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2027-03-31", -1, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2027-01-15", -1, "2026-12-15"),
        ("2027-06-30", -9, "2026-09-30"),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_one_the_month_has(day: str, months: int, there: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(there)


@given(DAYS)
def test_nearest_working_days_stand_on_each_side_with_only_free_days_between(day: date) -> None:
    before, after = previous_working_day(day), next_working_day(day)
    assert before <= day <= after
    assert is_working_day(before)
    assert is_working_day(after)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(is_working_day(free) for free in between)
    assert (before == after) == is_working_day(day)


@given(DAYS, COUNTS)
def test_counting_forwards_passes_exactly_that_many_working_days(day: date, n: int) -> None:
    end = add_working_days(day, n)
    passed = [day + timedelta(days=step) for step in range(1, (end - day).days + 1)]
    assert sum(map(is_working_day, passed)) == n
    assert is_working_day(end)


@given(DAYS, COUNTS)
def test_counting_back_undoes_counting_forwards(day: date, n: int) -> None:
    start = next_working_day(day)
    assert add_working_days(add_working_days(start, n), -n) == start
    assert add_working_days(add_working_days(start, -n), n) == start


@given(DAYS, st.integers(0, 40), st.integers(-60, 60).filter(bool))
def test_a_later_day_never_counts_to_an_earlier_one(day: date, days_later: int, n: int) -> None:
    assert add_working_days(day, n) <= add_working_days(day + timedelta(days=days_later), n)


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_one_working_day_more_is_always_later(day: date, n: int) -> None:
    assert add_working_days(day, n) < add_working_days(day, n + 1)


def test_counting_no_days_gives_the_day_itself_or_the_next_working_day() -> None:
    assert add_working_days(date(2026, 11, 23), 0) == date(2026, 11, 23)
    assert add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 23)


def test_counting_starts_strictly_beside_a_free_day() -> None:
    saturday = date(2026, 11, 21)
    assert add_working_days(saturday, 1) == date(2026, 11, 23)
    assert add_working_days(saturday, -1) == date(2026, 11, 20)


def test_first_working_day_after_epiphany_skips_the_weekend() -> None:
    assert first_working_day_after(epiphany(2027)) == date(2027, 1, 7)
    assert first_working_day_after(epiphany(2029)) == date(2029, 1, 8)


def test_counting_across_the_clock_changes_loses_no_day() -> None:
    """Dates have no hours: the last Sundays of March and October count like any other."""
    assert add_working_days(date(2027, 3, 24), 5) == date(2027, 4, 2)
    assert add_working_days(date(2027, 10, 29), 1) == date(2027, 11, 1)
