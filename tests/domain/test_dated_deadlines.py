"""Each deadline as a document writes it, and its day in five years (domain.md 5.3)."""

from __future__ import annotations

from datetime import date

from styrhjul.documents.language.recurrence import find_deadline
from styrhjul.domain.date_rule import day_of
from styrhjul.domain.deadline import deadline_rule, deadline_source, names_the_day
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round import rounds
from styrhjul.domain.vocabulary import DueBasis
from tests.domain.dated import examples
from tests.domain.given import a_body, a_duty, a_policy, stated
from workflows.follow_up import FOLLOW_UP

FEBRUARY = "2027-02-26 2028-02-29 2029-02-28 2030-02-28 2031-02-28"
APRIL = "2027-04-30 2028-04-28 2029-04-30 2030-04-30 2031-04-30"
SEPTEMBER = "2027-09-30 2028-09-29 2029-09-28 2030-09-30 2031-09-30"
OCTOBER = "2027-10-29 2028-10-31 2029-10-31 2030-10-31 2031-10-31"
NOVEMBER = "2027-11-30 2028-11-30 2029-11-30 2030-11-29 2031-11-28"
DECEMBER = "2027-12-30 2028-12-29 2029-12-28 2030-12-30 2031-12-30"
#: The day in each year from 2027; earlier when that day is free.
EVERY_YEAR = {
    ("5.3", "senast den 31 mars (varje år)"): "2027-03-31 2028-03-31 2029-03-29 2030-03-29 2031-03-31",
    ("5.3", "senast den 15 mars varje år"): "2027-03-15 2028-03-15 2029-03-15 2030-03-15 2031-03-14",
    ("5.3", "före den 31 mars"): "2027-03-30 2028-03-30 2029-03-29 2030-03-29 2031-03-28",
    ("5.3", "senast sista februari"): FEBRUARY,
    ("5.3", "senast den 29 februari"): FEBRUARY,
    ("5.3", "i februari"): FEBRUARY,
    ("5.3", "före april månads utgång"): APRIL,
    ("5.3", "före utgången av april"): APRIL,
    ("5.3", "före den 1 maj"): APRIL,
    ("5.3 and 6", "senast den 1 maj respektive år"): APRIL,
    ("5.3 and KL 11:20", "senast den 15 april"): "2027-04-15 2028-04-13 2029-04-13 2030-04-15 2031-04-15",
    ("5.3 and 6", "senast den 6 juni"): "2027-06-04 2028-06-05 2029-06-05 2030-06-05 2031-06-05",
    ("5.3", "senast den 30 juni"): "2027-06-30 2028-06-30 2029-06-29 2030-06-28 2031-06-30",
    ("5.3", "till nämndens sammanträde i september"): SEPTEMBER,
    ("5.3 and KL 11:16", "i samband med delårsrapport per den 31 augusti"): SEPTEMBER,
    ("5.3 and KL 11:16", "per den 31 augusti"): SEPTEMBER,
    ("5.3 and KL 11:18", "i samband med bokslut"): FEBRUARY,
    ("5.3 and KL 11:20", "i samband med årsredovisningen"): FEBRUARY,
    ("5.3 and KL 11:8", "inför budgeten"): OCTOBER,
    ("5.3 and KL 11:10", "i samband med budgeten"): NOVEMBER,
    ("5.3 and 3", "inför verksamhetsplanen"): NOVEMBER,
    ("5.3 and 6", "senast den 31 december"): DECEMBER,
    ("5.3 and 6", "vid årets slut"): DECEMBER,
}
YEARLY = [
    (f"domain.md {source}", f"{words} {day[:4]}", words, day)
    for (source, words), days in EVERY_YEAR.items()
    for day in days.split()
]


@examples("words day", YEARLY)
def test_a_deadline_for_every_year_falls_on_a_working_day(words: str, day: str) -> None:
    expected = date.fromisoformat(day)
    stored = find_deadline(f"Nämnden ska redovisa resultatet {words}.")
    assert stored is not None
    for deadline in (words, stored):
        rule = deadline_rule(deadline)
        assert rule is not None
        assert not isinstance(rule, date)
        assert day_of(rule, expected.year) == expected


#: Where that day is one on which many are away the program asks for an earlier one.
SQUEEZED = {"2028-06-05": "2028-06-02", "2029-04-30": "2029-04-27", "2030-12-30": "2030-12-20"}
ASKED_FOR = [
    (source, f"{title} asked for", words, SQUEEZED.get(day, day))
    for source, title, words, day in YEARLY
    if names_the_day(words)
]


@examples("words day", ASKED_FOR)
def test_the_day_a_text_names_is_the_day_a_committee_is_asked_for(words: str, day: str) -> None:
    rule = deadline_rule(words)
    assert rule is not None
    duty = a_duty(RecurrenceKind.ANNUAL, deadline=stated(rule, deadline_source(words)))
    facts = a_policy(a_body(), duty, followed_from=date(2025, 1, 1))
    asked = rounds(FOLLOW_UP, facts, a_body(), until=date(2033, 12, 31))
    assert [each.basis for each in asked if each.due_on == date.fromisoformat(day)] == [DueBasis.TEXT]


ONE_DAY = [
    ("senast i september 2026", "2026-09-30"),
    ("senast i september 2028", "2028-09-29"),
    ("senast i september 2029", "2029-09-28"),
    ("senast 2027-03-31", "2027-03-31"),
    ("senast 2029-03-31", "2029-03-29"),
    ("senast 2030-03-31", "2030-03-29"),
    ("senast den 30 juni 2027", "2027-06-30"),
    ("senast den 31 december 2027", "2027-12-30"),
    ("senast den 31 december 2028", "2028-12-29"),
    ("senast den 6 januari 2031", "2031-01-03"),
    ("senast den 7 maj 2027", "2027-05-07"),
    ("före den 1 maj 2027", "2027-04-30"),
    ("före den 1 maj 2028", "2028-04-28"),
    ("före den 1 januari 2030", "2029-12-28"),
    ("före april månads utgång 2028", "2028-04-28"),
    ("senast sista februari 2028", "2028-02-29"),
    ("senast 2028", "2028-12-29"),
]


@examples("words day", [("domain.md 5.3", words, words, day) for words, day in ONE_DAY])
def test_a_deadline_with_a_year_is_one_day(words: str, day: str) -> None:
    stored = find_deadline(f"Nämnden ska redovisa resultatet {words}.")
    assert stored is not None
    assert deadline_rule(words) == deadline_rule(stored) == date.fromisoformat(day)
