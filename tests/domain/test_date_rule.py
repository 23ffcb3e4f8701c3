"""Date rules: the day they give, where it moves when it is free, and their words in Swedish."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.calendar import is_working_day
from styrhjul.domain.date_rule import (
    DateRule,
    FirstWorkingDayAfterEpiphany,
    FirstWorkingDayFrom,
    LastWorkingDayOf,
    On,
    WhenFree,
    day_of,
    nominal_day_of,
)

YEARS = st.integers(2010, 2080)
MONTHS = st.integers(1, 12)
A_DAY = st.dates(date(2024, 1, 1), date(2024, 12, 31))  # a leap year, so 29 February is among them
ON = st.builds(lambda day, when: On(day.month, day.day, when), A_DAY, st.sampled_from(WhenFree))
RULES = st.one_of(
    ON,
    st.builds(LastWorkingDayOf, MONTHS),
    st.builds(lambda day: FirstWorkingDayFrom(day.month, day.day), A_DAY),
    st.just(FirstWorkingDayAfterEpiphany()),
)


@pytest.mark.parametrize("day", [date(2027, 4, 15), date(2028, 4, 13), date(2029, 4, 13), date(2030, 4, 15)])
def test_annual_report_of_15_april_comes_earlier_when_the_day_is_free(day: date) -> None:
    """KL 11:20; in 2028 the 15th is påskafton, in 2029 a Sunday."""
    assert day_of(On(month=4, day=15), day.year) == day


@given(RULES, YEARS)
def test_every_rule_gives_a_working_day_unless_it_keeps_its_own(rule: DateRule, year: int) -> None:
    keeps = isinstance(rule, On) and rule.when_free is WhenFree.KEEP
    assert keeps or is_working_day(day_of(rule, year))


@given(ON, YEARS)
def test_a_fixed_day_moves_only_when_free_and_only_the_way_it_says(rule: On, year: int) -> None:
    nominal, day = nominal_day_of(rule, year), day_of(rule, year)
    if is_working_day(nominal) or rule.when_free is WhenFree.KEEP:
        assert day == nominal
    else:
        assert (day < nominal) == (rule.when_free is WhenFree.EARLIER)
        assert abs(day - nominal) <= timedelta(days=5)


@given(MONTHS, YEARS)
def test_last_working_day_has_only_free_days_after_it_in_its_month(month: int, year: int) -> None:
    day = day_of(LastWorkingDayOf(month), year)
    assert (day.year, day.month) == (year, month)
    rest = range(day.day + 1, monthrange(year, month)[1] + 1)
    assert not any(is_working_day(date(year, month, number)) for number in rest)


@pytest.mark.parametrize("day", [date(2026, 2, 27), date(2027, 2, 26), date(2028, 2, 29), date(2029, 2, 28)])
def test_last_working_day_of_february_follows_the_leap_years(day: date) -> None:
    assert day_of(LastWorkingDayOf(month=2), day.year) == day


@given(YEARS)
def test_29_february_is_the_28th_in_other_years(year: int) -> None:
    assert nominal_day_of(On(2, 29), year) == date(year, 2, 29 if isleap(year) else 28)


@pytest.mark.parametrize(
    "day", [date(2026, 1, 7), date(2027, 1, 7), date(2028, 1, 7), date(2029, 1, 8), date(2030, 1, 7)]
)
def test_rounds_of_a_new_term_open_on_the_first_working_day_after_epiphany(day: date) -> None:
    assert day_of(FirstWorkingDayAfterEpiphany(), day.year) == day


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2029, 9, 3), date(2030, 9, 2)])
def test_first_working_day_from_waits_for_the_weekend_to_end(day: date) -> None:
    assert day_of(FirstWorkingDayFrom(month=9, day=1), day.year) == day


def test_a_day_at_new_year_may_move_into_the_year_beside() -> None:
    assert day_of(On(1, 1), 2027) == date(2026, 12, 30)
    assert day_of(On(12, 31, WhenFree.LATER), 2026) == date(2027, 1, 4)


def test_nominal_day_is_the_one_a_deferral_is_told_against() -> None:
    assert nominal_day_of(On(4, 15), 2028) == date(2028, 4, 15)
    assert nominal_day_of(LastWorkingDayOf(2), 2027) == date(2027, 2, 28)
    assert nominal_day_of(FirstWorkingDayAfterEpiphany(), 2029) == date(2029, 1, 8)


@pytest.mark.parametrize("kind", [On, FirstWorkingDayFrom])
@pytest.mark.parametrize(
    ("month", "day", "words"),
    [
        (2, 31, "31 februari finns inte. Ange en dag från 1 till 29"),
        (4, 31, "31 april finns inte. Ange en dag från 1 till 30"),
        (1, 0, "0 januari finns inte"),
        (13, 1, "Månad 13 finns inte"),
        (0, 1, "Månad 0 finns inte"),
    ],
)
def test_day_that_no_year_has_is_refused_when_declared(
    kind: type[On | FirstWorkingDayFrom], month: int, day: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        kind(month, day)


def test_month_that_does_not_exist_is_refused_when_declared() -> None:
    with pytest.raises(ValueError, match="Månad 13 finns inte"):
        LastWorkingDayOf(13)
