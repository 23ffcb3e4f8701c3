"""Elections, terms of office and whose adoption is whose, 2010-2038, row by row (domain.md 1)."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.domain.term import election_day, term_of, term_starts
from styrhjul.domain.vocabulary import BodyKind
from tests.domain.dated import examples

COUNCIL, BOARD, COMMITTEE = BodyKind.COUNCIL, BodyKind.EXECUTIVE_BOARD, BodyKind.COMMITTEE
COMPANY, JOINT = BodyKind.COMPANY, BodyKind.JOINT_AUTHORITY


def days(text: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in text.split())


ELECTIONS = [
    ("domain.md 1.2 / vallagen 1:3", f"election on {day}", day)
    for day in ("2014-09-14", "2018-09-09", "2022-09-11", "2026-09-13", "2030-09-08", "2034-09-10", "2038-09-12")
]


@examples("day", ELECTIONS)
def test_ordinary_election_is_held_on_the_second_sunday_of_september(day: str) -> None:
    assert election_day(int(day[:4])) == date.fromisoformat(day)


#: The first and the last day of each term.
TERMS = [
    ("domain.md 1.2 / older rule", "council 2010", COUNCIL, "2010-11-01", "2014-10-14"),
    ("domain.md 1.2 / KL 5:9", "council 2014", COUNCIL, "2014-10-15", "2018-10-14"),
    ("domain.md 1.2 / KL 5:9", "council 2018", COUNCIL, "2018-10-15", "2022-10-14"),
    ("domain.md 1.2 / KL 5:9", "council 2022", COUNCIL, "2022-10-15", "2026-10-14"),
    ("domain.md 1.2 / KL 5:9", "council 2026", COUNCIL, "2026-10-15", "2030-10-14"),
    ("domain.md 1.2 / KL 5:9", "council 2030", COUNCIL, "2030-10-15", "2034-10-14"),
    ("domain.md 1.2 / KL 5:9", "council 2034", COUNCIL, "2034-10-15", "2038-10-14"),
    ("domain.md 1.2 / KL 6:19", "committee 2011", COMMITTEE, "2011-01-01", "2014-12-31"),
    ("domain.md 1.2 / KL 6:19", "committee 2015", COMMITTEE, "2015-01-01", "2018-12-31"),
    ("domain.md 1.2 / KL 6:19", "committee 2019", COMMITTEE, "2019-01-01", "2022-12-31"),
    ("domain.md 1.2 / KL 6:19", "committee 2023", COMMITTEE, "2023-01-01", "2026-12-31"),
    ("domain.md 1.2 / KL 6:19", "committee 2027", COMMITTEE, "2027-01-01", "2030-12-31"),
    ("domain.md 1.2 / KL 6:19", "committee 2031", COMMITTEE, "2031-01-01", "2034-12-31"),
    ("domain.md 1.2 / KL 6:19", "committee 2035", COMMITTEE, "2035-01-01", "2038-12-31"),
    ("domain.md 1.2 / KL 6:18", "executive board 2019", BOARD, "2019-01-01", "2022-12-31"),
    ("domain.md 1.2 / KL 6:18", "executive board 2023", BOARD, "2023-01-01", "2026-12-31"),
    ("domain.md 1.2 / KL 6:18", "executive board 2027", BOARD, "2027-01-01", "2030-12-31"),
    ("domain.md 1.2 / KL 6:18", "executive board 2031", BOARD, "2031-01-01", "2034-12-31"),
    ("domain.md 1.1 E6 / KL 9:4", "joint authority 2023", JOINT, "2023-01-01", "2026-12-31"),
    ("domain.md 1.1 E6 / KL 9:4", "joint authority 2027", JOINT, "2027-01-01", "2030-12-31"),
    ("domain.md 1.1 E6 / KL 9:4", "joint authority 2031", JOINT, "2031-01-01", "2034-12-31"),
]


@examples("kind first last", TERMS)
def test_a_body_sits_from_its_first_day_through_its_last(kind: BodyKind, first: str, last: str) -> None:
    starts_on, ends_on = date.fromisoformat(first), date.fromisoformat(last)
    for on in (starts_on, ends_on):
        term = term_of(kind, on)
        assert (term.starts_on, term.ends_on) == (starts_on, ends_on)


#: What the municipality has entered; a day; the term it lies in.
DECIDED = [
    ("KL 6:18", "board elected 2026-10-26 sits at once", BOARD, "2026-10-26", "2026-10-26", "2026-10-26 2030-12-31"),
    ("KL 6:18", "board before its successor is elected", BOARD, "2026-10-26", "2026-10-25", "2023-01-01 2026-10-25"),
    ("KL 6:18", "board of 2018", BOARD, "2018-11-05 2022-10-31", "2021-06-30", "2018-11-05 2022-10-30"),
    ("KL 6:18", "board elected each time", BOARD, "2026-10-26 2030-10-28", "2030-10-27", "2026-10-26 2030-10-27"),
    ("KL 6:18", "board elected in 2030", BOARD, "2026-10-26 2030-10-28", "2030-11-15", "2030-10-28 2034-12-31"),
    ("KL 6:18", "board elected in December", BOARD, "2026-12-14", "2026-12-14", "2026-12-14 2030-12-31"),
    ("KL 6:19", "committee with a late start", COMMITTEE, "2027-02-01", "2027-01-31", "2023-01-01 2027-01-31"),
    ("KL 6:19", "committee from its late start", COMMITTEE, "2027-02-01", "2027-02-01", "2027-02-01 2030-12-31"),
    ("KL 6:19", "committee with an early start", COMMITTEE, "2026-11-01", "2026-11-15", "2026-11-01 2030-12-31"),
    ("E6 / KL 9:4", "joint authority by its own rules", JOINT, "2027-04-01", "2027-03-31", "2023-01-01 2027-03-31"),
    ("E7", "company from its annual meeting", COMPANY, "2023-04-20 2027-04-22", "2027-04-22", "2027-04-22 2030-12-31"),
    ("E7", "company until the next meeting", COMPANY, "2023-04-20 2027-04-22", "2027-01-01", "2023-04-20 2027-04-21"),
    ("E2 / KL 5:9", "omval prolongs the old council", COUNCIL, "2027-05-20", "2027-05-19", "2022-10-15 2027-05-19"),
    ("E2 / KL 5:9", "omval gives a shorter term", COUNCIL, "2027-05-20", "2027-05-20", "2027-05-20 2030-10-14"),
    ("E2 / KL 5:9", "15 October itself, omval ahead", COUNCIL, "2027-05-20", "2026-10-15", "2022-10-15 2027-05-19"),
    ("E2 / KL 5:9", "omval leaves the next term alone", COUNCIL, "2027-05-20", "2030-10-15", "2030-10-15 2034-10-14"),
    ("E2 / KL 5:9", "omval of 2030", COUNCIL, "2031-03-10", "2030-12-01", "2026-10-15 2031-03-09"),
    (
        "E5 / KL 5:10",
        "extra election moves nothing",
        COUNCIL,
        "2026-10-15 2028-06-01",
        "2029-01-01",
        "2026-10-15 2030-10-14",
    ),
]


@examples("kind decided on term", [(f"domain.md 1.1 / {row[0]}", *row[1:]) for row in DECIDED])
def test_a_first_day_that_was_decided_moves_both_terms(kind: BodyKind, decided: str, on: str, term: str) -> None:
    found = term_of(kind, date.fromisoformat(on), days(decided))
    assert (found.starts_on, found.ends_on) == days(term)


#: Adopted by; on; the first day of the term that owns the adoption.
OWNED = [
    ("1.3 R2", "council 2022-11-28 is the new one", COUNCIL, "2022-11-28", "2022-10-15"),
    ("1.3 R2", "committee 2022-11-28 is still the old one", COMMITTEE, "2022-11-28", "2019-01-01"),
    ("1.3 R2", "executive board 2022-11-28 is still the old one", BOARD, "2022-11-28", "2019-01-01"),
    ("1.3 R2", "council 2022-10-14 is the old one", COUNCIL, "2022-10-14", "2018-10-15"),
    ("1.3 R2", "council 2022-10-15 is the new one", COUNCIL, "2022-10-15", "2022-10-15"),
    ("1.3 R2", "council 2018-11-26", COUNCIL, "2018-11-26", "2018-10-15"),
    ("1.3 R2", "committee 2018-11-26", COMMITTEE, "2018-11-26", "2015-01-01"),
    ("1.3 R2", "council 2026-11-23", COUNCIL, "2026-11-23", "2026-10-15"),
    ("1.3 R2", "committee 2026-12-31", COMMITTEE, "2026-12-31", "2023-01-01"),
    ("1.3 R2", "committee 2027-01-01", COMMITTEE, "2027-01-01", "2027-01-01"),
    ("1.3 R2", "council in the autumn of 2030, before", COUNCIL, "2030-10-14", "2026-10-15"),
    ("1.3 R2", "council in the autumn of 2030, after", COUNCIL, "2030-10-15", "2030-10-15"),
    ("1.3 R2", "executive board in the autumn of 2030", BOARD, "2030-12-31", "2027-01-01"),
    ("1.3 R2", "council on the election day of 2030", COUNCIL, "2030-09-08", "2026-10-15"),
    ("1.3 R2", "council in the term of 2030-2034", COUNCIL, "2034-10-14", "2030-10-15"),
    ("8.1 Herrljunga", "council 2017-11-14", COUNCIL, "2017-11-14", "2014-10-15"),
    ("8.2 Grums", "executive board 2021-06-30", BOARD, "2021-06-30", "2019-01-01"),
    ("8.3 Olofstrom", "council 2015-09-07", COUNCIL, "2015-09-07", "2014-10-15"),
    ("8.3 Olofstrom", "council 2007-04-23, older rule", COUNCIL, "2007-04-23", "2006-11-01"),
    ("1.2 older rule", "council 2010-10-31", COUNCIL, "2010-10-31", "2006-11-01"),
    ("1.1 E8 / KL 11:10", "the new council fixes the budget of 2027", COUNCIL, "2026-11-30", "2026-10-15"),
    ("1.1 E8 / KL 11:10", "the new council fixes the budget of 2031", COUNCIL, "2030-11-29", "2030-10-15"),
    ("1.1 E8 / KL 11:10", "in other years the sitting one does", COUNCIL, "2029-11-30", "2026-10-15"),
]


@examples("kind adopted_on owner", [(f"domain.md {row[0]}", *row[1:]) for row in OWNED])
def test_an_adoption_belongs_to_the_term_its_adopter_sat_in(kind: BodyKind, adopted_on: str, owner: str) -> None:
    assert term_of(kind, date.fromisoformat(adopted_on)).key == owner


#: Adopted by; on; the starts that call for a revision until the end of 2034.
TRIGGERED = [
    (
        "8.1 Herrljunga",
        "council 2017-11-14",
        COUNCIL,
        "2017-11-14",
        "2018-10-15 2022-10-15 2026-10-15 2030-10-15 2034-10-15",
    ),
    ("8.2 Grums", "executive board 2021-06-30", BOARD, "2021-06-30", "2023-01-01 2027-01-01 2031-01-01"),
    (
        "8.3 Olofstrom",
        "council 2015-09-07",
        COUNCIL,
        "2015-09-07",
        "2018-10-15 2022-10-15 2026-10-15 2030-10-15 2034-10-15",
    ),
    ("1.3 R1", "committee 2024-03-12", COMMITTEE, "2024-03-12", "2027-01-01 2031-01-01"),
    ("1.3 R1", "council in the autumn of 2030", COUNCIL, "2030-11-25", "2034-10-15"),
]


@examples("kind adopted_on starts", [(f"domain.md {row[0]}", *row[1:]) for row in TRIGGERED])
def test_each_new_term_of_the_adopter_after_the_adoption_calls_for_a_revision(
    kind: BodyKind, adopted_on: str, starts: str
) -> None:
    since = date.fromisoformat(adopted_on)
    assert term_starts(kind, since=since, until=date(2034, 12, 31)) == list(days(starts))


@pytest.mark.parametrize("decided", ["2026-10-26", "2026-11-09", "2026-12-14"])
def test_a_board_on_the_election_meeting_is_called_to_revise_on_that_day(decided: str) -> None:
    """domain.md 1.3 R1, KL 6:18."""
    starts = term_starts(BOARD, since=date(2024, 1, 1), until=date(2030, 12, 31), decided=days(decided))
    assert starts == [date.fromisoformat(decided)]
