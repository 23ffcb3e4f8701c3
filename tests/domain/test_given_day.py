"""What people may give as a day."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.domain.given_day import day_fault


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(2200, 1, 1), date.max])
def test_a_day_out_of_bounds_is_told_with_the_bounds(day: date) -> None:
    assert day_fault(day) == "Skriv ett år mellan 1900 och 2199"


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2027, 3, 24), date(2199, 12, 31)])
def test_a_day_within_bounds_may_be_given(day: date) -> None:
    assert day_fault(day) is None
