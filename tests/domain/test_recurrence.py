"""Recurrences: their stored form both ways, and the periods they are reported for."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.recurrence import (
    Period,
    Recurrence,
    RecurrenceKind,
    UnknownRecurrence,
    parse_recurrence,
    report_periods,
)

CALENDAR_KINDS = {
    RecurrenceKind.ANNUAL: 1,
    RecurrenceKind.SEMIANNUAL: 2,
    RecurrenceKind.TERTIAL: 3,
    RecurrenceKind.QUARTERLY: 4,
    RecurrenceKind.MONTHLY: 12,
}
UNPLACED_KINDS = sorted(set(RecurrenceKind) - set(CALENDAR_KINDS))
RECURRENCES = st.one_of(
    st.sampled_from(RecurrenceKind).filter(lambda kind: kind is not RecurrenceKind.EVERY_N_YEARS).map(Recurrence),
    st.builds(Recurrence, st.just(RecurrenceKind.EVERY_N_YEARS), st.integers(2, 99)),
)
DAYS = st.dates(date(2010, 1, 1), date(2060, 12, 31))


@given(RECURRENCES)
def test_stored_form_reads_back_as_the_same_recurrence(recurrence: Recurrence) -> None:
    assert parse_recurrence(str(recurrence)) == recurrence


def test_every_third_year_carries_its_number() -> None:
    assert parse_recurrence("every_n_years:3") == Recurrence(RecurrenceKind.EVERY_N_YEARS, 3)
    assert str(Recurrence(RecurrenceKind.EVERY_N_YEARS, 3)) == "every_n_years:3"


def test_what_is_not_stated_stays_not_stated() -> None:
    assert parse_recurrence(None) is None


@pytest.mark.parametrize(
    "text",
    ["", "none", "varje vecka", "Annual", "annual:2", "every_n_years", "every_n_years:0", "every_n_years:1",
     "every_n_years:-2", "every_n_years:03", "every_n_years:100", "every_n_years:3 "],
)  # fmt: skip
def test_unknown_recurrence_says_what_where_and_what_to_do(text: str) -> None:
    with pytest.raises(UnknownRecurrence) as refused:
        parse_recurrence(text)
    assert f"Fältet recurrence har värdet ”{text}”" in str(refused.value)
    assert "Skriv annual, semiannual, tertial, quarterly, monthly, mandate_period, once, as_needed" in str(
        refused.value
    )
    assert "every_n_years:3" in str(refused.value)


def test_a_number_of_years_belongs_to_every_n_years_alone() -> None:
    with pytest.raises(UnknownRecurrence):
        Recurrence(RecurrenceKind.ANNUAL, 2)


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (RecurrenceKind.ANNUAL, ["2026"]),
        (RecurrenceKind.SEMIANNUAL, ["2026-H1", "2026-H2"]),
        (RecurrenceKind.TERTIAL, ["2026-T1", "2026-T2", "2026-T3"]),
        (RecurrenceKind.QUARTERLY, ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
        (RecurrenceKind.MONTHLY, [f"2026-{month:02}" for month in range(1, 13)]),
    ],
)
def test_periods_of_a_year_are_named_in_order(kind: RecurrenceKind, keys: list[str]) -> None:
    periods = report_periods(Recurrence(kind), since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert [period.key for period in periods] == keys


def test_tertials_end_with_april_august_and_december() -> None:
    periods = report_periods(Recurrence(RecurrenceKind.TERTIAL), since=date(2026, 4, 30), until=date(2026, 12, 30))
    assert periods == [
        Period("2026-T1", date(2026, 1, 1), date(2026, 4, 30)),
        Period("2026-T2", date(2026, 5, 1), date(2026, 8, 31)),
    ]


@pytest.mark.parametrize(("year", "last"), [(2027, 28), (2028, 29)])
def test_february_ends_on_the_leap_day_when_there_is_one(year: int, last: int) -> None:
    end = date(year, 2, last)
    assert report_periods(Recurrence(RecurrenceKind.MONTHLY), since=end, until=end) == [
        Period(f"{year}-02", date(year, 2, 1), end)
    ]


@given(st.sampled_from(sorted(CALENDAR_KINDS)), st.integers(2010, 2050), st.integers(1, 6))
def test_periods_tile_the_years_they_cover(kind: RecurrenceKind, year: int, years: int) -> None:
    first, last = date(year, 1, 1), date(year + years - 1, 12, 31)
    periods = report_periods(Recurrence(kind), since=first, until=last)
    assert len(periods) == len({period.key for period in periods}) == CALENDAR_KINDS[kind] * years
    assert (periods[0].starts_on, periods[-1].ends_on) == (first, last)
    for earlier, later in pairwise(periods):
        assert earlier.ends_on + timedelta(days=1) == later.starts_on


@given(st.sampled_from(sorted(CALENDAR_KINDS)), DAYS, st.integers(0, 1500), st.integers(0, 1500))
def test_a_span_cut_in_two_gives_the_same_periods(kind: RecurrenceKind, since: date, before: int, after: int) -> None:
    """A sweep that runs every day must see each period once."""
    cut, until = since + timedelta(days=before), since + timedelta(days=before + 1 + after)
    recurrence = Recurrence(kind)
    halves = [
        *report_periods(recurrence, since=since, until=cut),
        *report_periods(recurrence, since=cut + timedelta(days=1), until=until),
    ]
    assert halves == report_periods(recurrence, since=since, until=until)


@pytest.mark.parametrize("kind", UNPLACED_KINDS)
def test_what_the_calendar_cannot_place_has_no_periods(kind: RecurrenceKind) -> None:
    every = 3 if kind is RecurrenceKind.EVERY_N_YEARS else 1
    assert report_periods(Recurrence(kind, every), since=date(2026, 1, 1), until=date(2036, 12, 31)) == []


def test_span_that_ends_before_it_begins_has_no_periods() -> None:
    assert report_periods(Recurrence(RecurrenceKind.MONTHLY), since=date(2026, 3, 1), until=date(2026, 1, 1)) == []
