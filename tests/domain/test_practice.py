"""What kind of day it is on which nothing is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from styrhjul.domain.practice import USUAL, Practice


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 3, 27), "påskafton"),
        (date(2027, 2, 6), "lördag"),
        (date(2027, 5, 7), "klämdag"),
        (date(2027, 7, 5), "i juli, då kommunen har uppehåll"),
        (date(2027, 3, 9), None),
    ],
)
def test_a_day_on_which_nothing_is_asked_has_a_name(day: date, name: str | None) -> None:
    assert USUAL.why_not_ordinary(day) == name


@pytest.mark.parametrize("day", [date(2027, 5, 1), date(2027, 5, 7), date(2027, 5, 9)])
def test_a_month_of_rest_is_named_before_the_free_days_in_it(day: date) -> None:
    """Nothing is asked the day after either: the month is what lasts."""
    assert Practice(rest_months=frozenset({5})).why_not_ordinary(day) == "i maj, då kommunen har uppehåll"


def test_exactly_the_days_that_are_not_ordinary_have_a_name() -> None:
    days = [date(2027, 1, 1) + timedelta(each) for each in range(365)]
    assert [USUAL.why_not_ordinary(day) is None for day in days] == [USUAL.is_ordinary(day) for day in days]
