"""Who sat in a post on a day, and since when: appointments by others, by nobody, and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.office import AppointmentFacts
from styrhjul.domain.seat import Seat, seats_of, sitter


def held(person: str, starts_on: str, ends_on: str | None = None) -> AppointmentFacts:
    return AppointmentFacts(
        appointment_id=f"{person}{starts_on}",
        post_id="chair",
        person_id=person,
        name=person,
        address="somebody@example.org",
        language="sv",
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )


def test_one_follows_another_the_day_after() -> None:
    seats = seats_of("chair", [held("old", "2023-01-01", "2026-12-31"), held("new", "2027-01-01")])
    assert seats == (Seat(date(2023, 1, 1), "old"), Seat(date(2027, 1, 1), "new"))


def test_whoever_is_appointed_again_goes_on_sitting() -> None:
    seats = seats_of("chair", [held("same", "2023-01-01", "2026-12-31"), held("same", "2027-01-01")])
    assert seats == (Seat(date(2023, 1, 1), "same"),)


def test_of_two_the_one_appointed_last_sits_until_their_last_day() -> None:
    seats = seats_of("chair", [held("old", "2023-01-01"), held("deputy", "2027-03-01", "2027-03-31")])
    assert [(seat.since.isoformat(), seat.person_id) for seat in seats] == [
        ("2023-01-01", "old"),
        ("2027-03-01", "deputy"),
        ("2027-04-01", "old"),
    ]


def test_a_seat_until_the_end_of_the_calendar_is_held_until_further_notice() -> None:
    assert seats_of("chair", [held("old", "2023-01-01", "9999-12-31")]) == (Seat(date(2023, 1, 1), "old"),)


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_of_two_appointed_on_the_same_day_the_one_who_stays_longer_sits_whatever_the_rows_are_called(
    ids: tuple[str, str],
) -> None:
    gone = replace(held("old", "2023-01-01", "2027-02-13"), appointment_id=ids[0])
    stays = replace(held("new", "2023-01-01"), appointment_id=ids[1])
    assert seats_of("chair", [gone, stays]) == (Seat(date(2023, 1, 1), "new"),)


@pytest.mark.parametrize(
    ("on", "who"),
    [("2022-12-31", None), ("2023-01-01", "old"), ("2027-02-28", "old"), ("2027-03-01", None), ("2027-05-01", "new")],
)
def test_nobody_sits_before_the_first_and_in_a_vacancy(on: str, who: str | None) -> None:
    seats = seats_of("chair", [held("old", "2023-01-01", "2027-02-28"), held("new", "2027-05-01")])
    assert sitter(seats, date.fromisoformat(on)) == who


def test_a_seat_tells_whether_mail_reaches_whoever_sits_there_as_appointed_last() -> None:
    refused = replace(held("same", "2023-01-01", "2026-12-31"), address=None)
    assert [seat.reads for seat in seats_of("chair", [refused])] == [False, False]
    assert seats_of("chair", [refused, held("same", "2027-01-01")]) == (Seat(date(2023, 1, 1), "same"),)
