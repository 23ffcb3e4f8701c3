"""The days on which nothing leaves are told in rows, with why, and are the very days of the planner."""

from __future__ import annotations

from datetime import date, timedelta

from styrhjul.domain.practice import USUAL, Practice
from styrhjul.services.municipality.quiet_days import QuietDays, quiet_days


def test_a_month_of_rest_is_one_row_and_a_red_day_another() -> None:
    found = quiet_days(USUAL, date(2027, 6, 1), date(2027, 8, 31))
    assert QuietDays(first=date(2027, 7, 1), last=date(2027, 7, 30), why="i juli, då kommunen har uppehåll") in found
    assert QuietDays(first=date(2027, 6, 25), last=date(2027, 6, 25), why="midsommarafton") in found


def test_two_days_of_one_kind_with_ordinary_days_between_are_two_rows() -> None:
    found = quiet_days(Practice(rest_months=frozenset({7, 9})), date(2027, 7, 1), date(2027, 9, 30))
    assert [(each.first.month, each.last.month) for each in found] == [(7, 7), (9, 9)]


def test_every_weekday_is_told_exactly_where_nothing_leaves() -> None:
    start = date(2026, 1, 1)
    told = {
        each.first + timedelta(offset)
        for each in quiet_days(USUAL, start, start + timedelta(1500))
        for offset in range((each.last - each.first).days + 1)
    }
    days = (start + timedelta(offset) for offset in range(1501))
    assert all((day in told) is not USUAL.is_ordinary(day) for day in days if day.weekday() < 5)
