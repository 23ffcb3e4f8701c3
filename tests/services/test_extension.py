"""How late more time may lie, on both databases: within the law, before the case ends, and never for years."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.db.session import Database
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import ActionKind
from styrhjul.services.cases.decision import DecisionRefused, grant_extension, return_answer
from tests.services.decision_town import CHIEF, LATER, OPENING, at, case_of, put, town_with_open_cases
from tests.town import Town, build_town, nine


@pytest.fixture
def town(database: Database) -> Town:
    return town_with_open_cases(database)


@pytest.mark.parametrize(
    ("lifecycle", "until", "words"),
    [
        ("goal_setting", date(2027, 9, 1), "Den senaste dagen är 2027-08-31, eftersom ärendet avslutas 2027-09-01"),
        ("goal_setting", date(2028, 3, 31), "2028-03-31 är för sent. Den senaste dagen är 2027-08-31"),
        ("goal_setting", date(9999, 12, 31), "Den senaste dagen är 2027-08-31"),
        ("revision", date(2029, 2, 2), "Den senaste dagen är 2029-02-01, eftersom mer tid ges högst två år i taget"),
        ("revision", date(9999, 12, 31), "Den senaste dagen är 2029-02-01"),
    ],
)
def test_more_time_ends_before_the_case_does_and_within_two_years(
    town: Town, lifecycle: str, until: date, words: str
) -> None:
    with pytest.raises(DecisionRefused, match=words):
        grant_extension(town.database, at(town, lifecycle), until, CHIEF, nine(LATER))


def test_more_time_given_again_never_passes_the_next_round(town: Town) -> None:
    """The sixty days that a late answer has after more time make no room for still more."""
    grant_extension(town.database, at(town), date(2027, 8, 31), CHIEF, nine(LATER))
    assert case_of(town, "goal_setting").lapses_on == date(2027, 11, 1)
    with pytest.raises(DecisionRefused, match="2027-08-31 var den senaste, eftersom ärendet avslutas 2027-09-01"):
        grant_extension(town.database, at(town), date(2027, 10, 15), CHIEF, nine(LATER))


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2027, 4, 16), "2027-04-16 är för sent. Den senaste dagen är 2027-04-15, eftersom lagens sista dag är"),
        (date(2027, 4, 15), None),
    ],
)
def test_more_time_for_a_follow_up_never_passes_the_annual_report(
    database: Database, until: date, words: str | None
) -> None:
    """KL 11:20."""
    town = build_town(database, kinds=(ActionKind.FOLLOW_UP,), committees=("socialnämnden",))
    town.sweep(OPENING)
    if words is None:
        grant_extension(town.database, at(town, "follow_up"), until, CHIEF, nine(LATER))
        assert case_of(town, "follow_up").due_on == until
    else:
        with pytest.raises(DecisionRefused, match=words):
            grant_extension(town.database, at(town, "follow_up"), until, CHIEF, nine(LATER))


def test_when_the_laws_day_has_passed_an_answer_is_approved_and_not_sent_back(database: Database) -> None:
    town = build_town(database, kinds=(ActionKind.FOLLOW_UP,), committees=("socialnämnden",))
    town.sweep(OPENING)
    put(town, "follow_up", State.SUBMITTED)
    with pytest.raises(DecisionRefused, match=r"2027-04-15 var den senaste.*Godkänn eller avsluta"):
        return_answer(town.database, at(town, "follow_up"), date(2027, 4, 30), CHIEF, nine(date(2027, 4, 16)))
    assert case_of(town, "follow_up").state is State.SUBMITTED
