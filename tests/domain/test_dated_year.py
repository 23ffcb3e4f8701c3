"""The planning and follow-up year of a municipality, 2027-2034, and the ladder's days around it (domain.md 3)."""

from __future__ import annotations

from datetime import date, timedelta

from styrhjul.domain.date_rule import (
    DateRule,
    FirstWorkingDayAfterEpiphany,
    FirstWorkingDayFrom,
    LastWorkingDayOf,
    On,
    day_of,
)
from styrhjul.domain.ladder import goes_up, ladder_days
from styrhjul.domain.practice import USUAL
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round import RoundDates, rounds
from styrhjul.domain.vocabulary import BodyKind
from tests.domain.dated import examples
from tests.domain.given import a_body, a_case, a_duty, a_policy
from workflows.follow_up import FOLLOW_UP
from workflows.revision import REVISION

#: The step, its rule and its day in each year from 2027.
STEPS: list[tuple[str, str, DateRule, str]] = [
    ("3 / rulings", "new committees begin", FirstWorkingDayAfterEpiphany(),
     "2027-01-07 2028-01-07 2029-01-08 2030-01-07 2031-01-07 2032-01-07 2033-01-07 2034-01-09"),
    ("3 / KL 11:18", "follow-up opens", FirstWorkingDayFrom(1, 7),
     "2027-01-07 2028-01-07 2029-01-08 2030-01-07 2031-01-07 2032-01-07 2033-01-07 2034-01-09"),
    ("3 / practice", "committees have decided the follow-up", LastWorkingDayOf(2),
     "2027-02-26 2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-27 2033-02-28 2034-02-28"),
    ("3 / practice", "compilation begins", FirstWorkingDayFrom(3, 1),
     "2027-03-01 2028-03-01 2029-03-01 2030-03-01 2031-03-03 2032-03-01 2033-03-01 2034-03-01"),
    ("3 / practice", "compilation ends", On(3, 25),
     "2027-03-25 2028-03-24 2029-03-23 2030-03-25 2031-03-25 2032-03-25 2033-03-25 2034-03-24"),
    ("3 / rulings", "goals of the first year", On(3, 31),
     "2027-03-31 2028-03-31 2029-03-29 2030-03-29 2031-03-31 2032-03-31 2033-03-31 2034-03-31"),
    ("3 / KL 11:20", "annual report handed over", On(4, 15),
     "2027-04-15 2028-04-13 2029-04-13 2030-04-15 2031-04-15 2032-04-15 2033-04-14 2034-04-14"),
    ("3 / tertial 1", "end of April", On(4, 30),
     "2027-04-30 2028-04-28 2029-04-30 2030-04-30 2031-04-30 2032-04-30 2033-04-29 2034-04-28"),
    ("3 / practice", "cut-off of the interim report", On(8, 31),
     "2027-08-31 2028-08-31 2029-08-31 2030-08-30 2031-08-29 2032-08-31 2033-08-31 2034-08-31"),
    ("3 / rulings", "goal round opens", FirstWorkingDayFrom(9, 1),
     "2027-09-01 2028-09-01 2029-09-03 2030-09-02 2031-09-01 2032-09-01 2033-09-01 2034-09-01"),
    ("3 / KL 11:8", "the board has proposed a budget", On(10, 31),
     "2027-10-29 2028-10-31 2029-10-31 2030-10-31 2031-10-31 2032-10-29 2033-10-31 2034-10-31"),
    ("3 / KL 11:10", "the council has fixed the budget", On(11, 30),
     "2027-11-30 2028-11-30 2029-11-30 2030-11-29 2031-11-28 2032-11-30 2033-11-30 2034-11-30"),
    ("3 / KL 11:11", "budget at the latest with special reasons", LastWorkingDayOf(12),
     "2027-12-30 2028-12-29 2029-12-28 2030-12-30 2031-12-30 2032-12-30 2033-12-30 2034-12-29"),
]  # fmt: skip
STEP_DAYS = [
    (f"domain.md {source}", f"{step} {day}", rule, day) for source, step, rule, days in STEPS for day in days.split()
]


@examples("rule day", STEP_DAYS)
def test_a_step_of_the_year_falls_on_a_working_day(rule: DateRule, day: str) -> None:
    expected = date.fromisoformat(day)
    assert day_of(rule, expected.year) == expected


def committees_asked(recurrence: RecurrenceKind) -> list[RoundDates]:
    """What a committee is asked to follow up from 2026 on."""
    facts = a_policy(a_body(), a_duty(recurrence), followed_from=date(2026, 1, 1))
    return rounds(FOLLOW_UP, facts, a_body(), until=date(2035, 1, 31))


OPENED = "2027-01-07 2028-01-10 2029-01-08 2030-01-07 2031-01-07 2032-01-07 2033-01-10 2034-01-09"
OPENINGS = [
    ("domain.md 3 and 6", f"the follow-up of {int(day[:4]) - 1} opens {day}", str(int(day[:4]) - 1), day)
    for day in OPENED.split()
]


@examples("period day", OPENINGS)
def test_an_opening_passes_over_the_squeeze_day_after_epiphany(period: str, day: str) -> None:
    opened = {each.period: each.opens_on for each in committees_asked(RecurrenceKind.ANNUAL)}
    assert opened[period] == date.fromisoformat(day)


REVISIONS = [
    ("domain.md 1.3 R4", f"the decision of the term from {day[:4]} comes by {day}", term, day)
    for term, day in (
        ("2018-10-15", "2019-12-20"),  # the 30th, the 27th and the 23rd are squeezed between Christmas and weekends
        ("2022-10-15", "2023-12-29"),
        ("2026-10-15", "2027-12-30"),
        ("2030-10-15", "2031-12-30"),
    )
]


@examples("term day", REVISIONS)
def test_a_revision_is_decided_by_the_end_of_the_first_full_year(term: str, day: str) -> None:
    """31 December is nyårsafton, free by custom."""
    council = a_body(BodyKind.COUNCIL)
    facts = a_policy(council, a_duty(RecurrenceKind.MANDATE_PERIOD), adopter=council, followed_from=date(2018, 1, 1))
    due = {each.period: each.due_on for each in rounds(REVISION, facts, council, until=date(2031, 1, 31))}
    assert due[term] == date.fromisoformat(day)


INTERIM = "2027-09-30 2028-09-29 2029-09-28 2030-09-30 2031-09-30 2032-09-30 2033-09-30 2034-09-29"
HANDED_IN = [
    ("domain.md 3 / KL 11:16", f"for the interim report of 31 August, handed in {day}", day) for day in INTERIM.split()
]


@examples("day", HANDED_IN)
def test_the_second_tertial_is_answered_for_in_time_for_the_interim_report(day: str) -> None:
    due = {each.period: each.due_on for each in committees_asked(RecurrenceKind.TERTIAL)}
    assert due[f"{day[:4]}-T2"] == date.fromisoformat(day)


#: Due day; ten, three and one working days before it and three after; the kommunchef's digest. Ordinary days only.
LADDERS = [
    ("2026-11-30", "2026-11-16 2026-11-25 2026-11-27 2026-12-03", "2026-12-16"),
    ("2027-02-26", "2027-02-12 2027-02-23 2027-02-25 2027-03-03", "2027-03-10"),
    ("2027-03-31", "2027-03-15 2027-03-24 2027-03-30 2027-04-05", "2027-04-14"),
    ("2027-11-30", "2027-11-16 2027-11-25 2027-11-29 2027-12-03", "2027-12-15"),
    ("2028-02-29", "2028-02-15 2028-02-24 2028-02-28 2028-03-03", "2028-03-15"),
    ("2028-04-13", "2028-03-30 2028-04-10 2028-04-12 2028-04-20", "2028-05-03"),
    ("2029-02-28", "2029-02-14 2029-02-23 2029-02-27 2029-03-05", "2029-03-14"),
    ("2029-04-13", "2029-03-28 2029-04-10 2029-04-12 2029-04-18", "2029-04-25"),
    ("2030-11-29", "2030-11-15 2030-11-26 2030-11-28 2030-12-04", "2030-12-11"),
]


@examples("due rungs digest", [("domain.md 3 / rulings", f"due {row[0]}", *row) for row in LADDERS])
def test_the_ladder_counts_working_days_from_the_due_day(due: str, rungs: str, digest: str) -> None:
    due_on = date.fromisoformat(due)
    case = a_case(due_on - timedelta(days=60), due_on)
    below = {day.rung.key: day.on for day in ladder_days(FOLLOW_UP.ladder, case)}
    warned = below["warning"]
    above = {key: goes_up(FOLLOW_UP.rung(key), due_on, warned, USUAL).on for key in ("head", "chief_executive")}
    reached = [below["reminder"], below["last_reminder"], warned, above["head"]]
    assert [day.isoformat() for day in reached] == rungs.split()
    assert above["chief_executive"] == date.fromisoformat(digest)
