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
    period_before,
    periods_of,
)

#: How many parts of so many months a year has.
PARTS = {6: 2, 4: 3, 3: 4, 1: 12}
RECURRENCES = st.one_of(
    st.sampled_from(RecurrenceKind).filter(lambda kind: kind is not RecurrenceKind.EVERY_N_YEARS).map(Recurrence),
    st.builds(Recurrence, st.just(RecurrenceKind.EVERY_N_YEARS), st.integers(2, 99)),
)


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
    ("months", "keys"),
    [
        (6, ["2026-H1", "2026-H2"]),
        (4, ["2026-T1", "2026-T2", "2026-T3"]),
        (3, ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
        (1, [f"2026-{month:02}" for month in range(1, 13)]),
    ],
)
def test_periods_of_a_year_are_named_in_order(months: int, keys: list[str]) -> None:
    assert [period.key for period in periods_of(months, 2026)] == keys


def test_tertials_end_with_april_august_and_december() -> None:
    assert list(periods_of(4, 2026)) == [
        Period("2026-T1", date(2026, 1, 1), date(2026, 4, 30)),
        Period("2026-T2", date(2026, 5, 1), date(2026, 8, 31)),
        Period("2026-T3", date(2026, 9, 1), date(2026, 12, 31)),
    ]


@pytest.mark.parametrize(("year", "last"), [(2027, 28), (2028, 29)])
def test_february_ends_on_the_leap_day_when_there_is_one(year: int, last: int) -> None:
    february = list(periods_of(1, year))[1]
    assert february == Period(f"{year}-02", date(year, 2, 1), date(year, 2, last))


@given(st.sampled_from(sorted(PARTS)), st.integers(2010, 2050))
def test_periods_tile_their_year(months: int, year: int) -> None:
    periods = list(periods_of(months, year))
    assert len(periods) == len({period.key for period in periods}) == PARTS[months]
    assert (periods[0].starts_on, periods[-1].ends_on) == (date(year, 1, 1), date(year, 12, 31))
    for earlier, later in pairwise(periods):
        assert earlier.ends_on + timedelta(days=1) == later.starts_on


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2027", "2026"),
        ("2027-H2", "2027-H1"),
        ("2027-H1", "2026-H2"),
        ("2027-T1", "2026-T3"),
        ("2027-Q3", "2027-Q2"),
        ("2027-01", "2026-12"),
    ],
)
def test_the_period_before_is_as_long(key: str, before: str) -> None:
    assert period_before(key) == before
