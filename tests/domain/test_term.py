"""Elections and terms of office, against the table of mandates and over the whole calendar."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.term import (
    NotAnElectionYear,
    Term,
    TermNotKnown,
    election_day,
    is_election_year,
    term_of,
    term_starts,
)
from styrhjul.domain.vocabulary import BodyKind

COUNCIL, BOARD, COMMITTEE = BodyKind.COUNCIL, BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE
KINDS = st.sampled_from(BodyKind)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
DECIDED = st.lists(st.dates(date(2010, 9, 20), date(2050, 12, 31)), max_size=6).map(tuple)


@pytest.mark.parametrize(
    "day",
    [date(2014, 9, 14), date(2018, 9, 9), date(2022, 9, 11), date(2026, 9, 13), date(2030, 9, 8), date(2034, 9, 10)],
)
def test_election_is_held_on_the_second_sunday_of_september(day: date) -> None:
    """Vallagen 1:3."""
    assert election_day(day.year) == day


@given(st.integers(2014, 2200).filter(is_election_year))
def test_every_election_day_is_a_sunday_from_the_8th_to_the_14th(year: int) -> None:
    day = election_day(year)
    assert (day.weekday(), day.month) == (6, 9)
    assert 8 <= day.day <= 14


@pytest.mark.parametrize("year", [2010, 2024, 2025, 2027, 2028, 2029])
def test_year_without_an_ordinary_election_is_refused(year: int) -> None:
    assert not is_election_year(year)
    with pytest.raises(NotAnElectionYear, match=f"{year} är inte ett valår"):
        election_day(year)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2010, 11, 1), date(2014, 10, 14)),
        (date(2014, 10, 15), date(2018, 10, 14)),
        (date(2018, 10, 15), date(2022, 10, 14)),
        (date(2022, 10, 15), date(2026, 10, 14)),
        (date(2026, 10, 15), date(2030, 10, 14)),
        (date(2030, 10, 15), date(2034, 10, 14)),
        (date(2034, 10, 15), date(2038, 10, 14)),
    ],
)
def test_council_sits_from_15_october_of_the_election_year(starts_on: date, ends_on: date) -> None:
    """KL 5:9; the term of 2010 began on 1 November under the older rule."""
    assert term_of(COUNCIL, starts_on) == term_of(COUNCIL, ends_on) == Term(starts_on, ends_on)


@pytest.mark.parametrize("kind", [kind for kind in BodyKind if kind is not COUNCIL])
@pytest.mark.parametrize("year", [2011, 2015, 2019, 2023, 2027, 2031, 2035])
def test_every_other_body_sits_from_1_january_the_year_after(kind: BodyKind, year: int) -> None:
    """KL 6:18-19 and 9:4."""
    term = Term(date(year, 1, 1), date(year + 3, 12, 31))
    assert term_of(kind, term.starts_on) == term_of(kind, term.ends_on) == term


def test_board_elected_at_the_election_meeting_sits_from_that_day() -> None:
    """KL 6:18: the council may let the board's term run from the meeting where it is elected."""
    decided = (date(2026, 10, 26),)
    assert term_of(BOARD, date(2026, 10, 26), decided) == Term(date(2026, 10, 26), date(2030, 12, 31))
    assert term_of(BOARD, date(2026, 10, 25), decided) == Term(date(2023, 1, 1), date(2026, 10, 25))


def test_re_election_prolongs_the_old_council() -> None:
    """KL 5:9: the old mandate runs until the new election is finished."""
    decided = (date(2027, 5, 20),)
    assert term_of(COUNCIL, date(2027, 5, 19), decided) == Term(date(2022, 10, 15), date(2027, 5, 19))
    assert term_of(COUNCIL, date(2027, 5, 20), decided) == Term(date(2027, 5, 20), date(2030, 10, 14))


@pytest.mark.parametrize(
    ("kind", "decided"),
    [
        (COUNCIL, (date(2028, 5, 22),)),
        (COUNCIL, (date(2027, 7, 1),)),  # an extra election, six months after the new council's first meeting at least
        (COUNCIL, (date(2028, 5, 22), date(2026, 10, 15))),
        (COMMITTEE, (date(2028, 6, 12),)),
        (BOARD, (date(2029, 1, 1),)),
    ],
)
def test_an_extra_election_fills_the_rest_of_the_ordinary_term_and_moves_none(
    kind: BodyKind, decided: tuple[date, ...]
) -> None:
    """KL 5:10."""
    for on in (date(2026, 12, 31), date(2027, 6, 30), date(2028, 5, 22), date(2030, 10, 14), date(2030, 10, 15)):
        assert term_of(kind, on, decided) == term_of(kind, on)


@pytest.mark.parametrize(("day", "moves"), [(date(2027, 6, 30), True), (date(2027, 7, 1), False)])
def test_a_first_day_until_june_is_that_of_the_ordinary_election(day: date, moves: bool) -> None:
    assert (term_of(COUNCIL, day, (day,)).starts_on == day) is moves


def test_company_board_begins_at_its_annual_meeting_once_that_is_entered() -> None:
    decided = (date(2027, 4, 22), date(2023, 4, 20))
    assert term_of(BodyKind.COMPANY, date(2027, 1, 1), decided) == Term(date(2023, 4, 20), date(2027, 4, 21))


def test_adoption_belongs_to_the_term_of_the_adopting_body() -> None:
    """On 28 November 2022 the new council sat while the committees were still the old ones."""
    assert term_of(COUNCIL, date(2022, 11, 28)).key == "2022-10-15"
    assert term_of(COMMITTEE, date(2022, 11, 28)).key == "2019-01-01"


def test_term_is_labelled_by_its_years_and_keyed_by_its_first_day() -> None:
    assert term_of(COUNCIL, date(2026, 11, 23)).label == "2026–2030"
    assert term_of(COUNCIL, date(2026, 11, 23)).key == "2026-10-15"
    assert term_of(COMMITTEE, date(2027, 3, 10)).label == "2027–2030"


@given(KINDS, DAYS, DECIDED)
def test_terms_tile_the_calendar(kind: BodyKind, on: date, decided: tuple[date, ...]) -> None:
    term = term_of(kind, on, decided)
    assert term.starts_on <= on <= term.ends_on
    assert term_of(kind, term.starts_on, decided) == term_of(kind, term.ends_on, decided) == term
    assert term_of(kind, term.ends_on + timedelta(days=1), decided).starts_on == term.ends_on + timedelta(days=1)


@given(KINDS, DAYS, st.integers(0, 366 * 20), DECIDED)
def test_term_starts_are_the_days_on_which_the_term_changes(
    kind: BodyKind, since: date, length: int, decided: tuple[date, ...]
) -> None:
    until = since + timedelta(days=length)
    walked, term = [], term_of(kind, since, decided)
    while term.starts_on <= until:
        walked += [term.starts_on] if term.starts_on >= since else []
        term = term_of(kind, term.ends_on + timedelta(days=1), decided)
    assert term_starts(kind, since=since, until=until, decided=decided) == walked


@given(KINDS, DAYS, DECIDED, st.randoms(use_true_random=False))
def test_order_of_decided_days_does_not_matter(
    kind: BodyKind, on: date, decided: tuple[date, ...], random: Random
) -> None:
    shuffled = random.sample(decided, len(decided))
    assert term_of(kind, on, tuple(shuffled)) == term_of(kind, on, decided)


def test_both_bounds_of_term_starts_are_inclusive() -> None:
    first, last = date(2022, 10, 15), date(2026, 10, 15)
    assert term_starts(COUNCIL, since=first, until=last) == [first, last]
    assert term_starts(COUNCIL, since=first + timedelta(days=1), until=last - timedelta(days=1)) == []


@pytest.mark.parametrize(("kind", "first"), [(COUNCIL, date(1994, 11, 1)), (COMMITTEE, date(1995, 1, 1))])
def test_day_before_the_first_four_year_term_is_refused(kind: BodyKind, first: date) -> None:
    assert term_of(kind, first).starts_on == first
    with pytest.raises(TermNotKnown, match="Kontrollera datumet"):
        term_of(kind, first - timedelta(days=1))
