"""A day that a municipality has given free is no working day there, whatever counts."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.domain.ladder import counted, goes_up
from styrhjul.domain.meeting import aim_at, papers_for
from styrhjul.domain.nominal import leaves_a_full_ladder
from styrhjul.domain.practice import MOST_FREE_DAYS_A_YEAR, OWN_FREE_DAY, USUAL, FreeDay, NoSuchPractice, Practice
from styrhjul.domain.rung import Offset, after_due, before_due
from tests.domain.given import a_body, a_policy
from workflows import LIFECYCLES

#: The Friday after Kristi himmelsfärdsdag.
SQUEEZE = date(2027, 5, 7)
MONDAY, WEDNESDAY = date(2027, 4, 5), date(2027, 4, 14)
OWN = Practice(free_days=(FreeDay(WEDNESDAY, "Kommunens dag"), FreeDay(SQUEEZE, "Klämdag")))
HEAD = next(rung for rung in LIFECYCLES["follow_up"].ladder if rung.key == "head")


def test_nothing_opens_or_leaves_on_it_and_its_neighbours_are_not_squeezed_by_less_than_two() -> None:
    assert USUAL.is_ordinary(WEDNESDAY)
    assert not OWN.is_ordinary(WEDNESDAY)
    assert OWN.why_not_ordinary(WEDNESDAY) == OWN_FREE_DAY
    assert (OWN.next_ordinary(WEDNESDAY), OWN.previous_ordinary(WEDNESDAY)) == (date(2027, 4, 15), date(2027, 4, 13))
    assert OWN.ordinary_after(date(2027, 4, 13)) == date(2027, 4, 15)


def test_a_day_between_an_own_free_day_and_a_weekend_is_a_squeeze_day() -> None:
    thursday = Practice(free_days=(FreeDay(date(2027, 4, 15), "Marknad"),))
    assert thursday.why_not_ordinary(date(2027, 4, 16)) == "klämdag"


def test_working_days_are_counted_past_it_both_ways() -> None:
    assert (USUAL.add_working_days(date(2027, 4, 13), 1), OWN.add_working_days(date(2027, 4, 13), 1)) == (
        WEDNESDAY,
        date(2027, 4, 15),
    )
    assert OWN.add_working_days(date(2027, 4, 15), -1) == date(2027, 4, 13)
    assert OWN.add_working_days(WEDNESDAY, 0) == date(2027, 4, 15)


@pytest.mark.parametrize("offset", [before_due(3), after_due(3)])
def test_a_ladder_counts_without_it(offset: Offset) -> None:
    due = date(2027, 4, 16) if offset.days < 0 else date(2027, 4, 12)
    moved = -1 if offset.days < 0 else 1
    assert (counted(due, offset, OWN) - counted(due, offset, USUAL)).days == moved


def test_whoever_was_warned_gets_the_days_they_were_promised() -> None:
    due, warned = date(2027, 3, 31), date(2027, 4, 12)
    assert goes_up(HEAD, due, warned, USUAL).on == date(2027, 4, 15)
    assert goes_up(HEAD, due, warned, OWN).on == date(2027, 4, 16)


def test_papers_are_due_a_working_day_earlier() -> None:
    meeting = date(2027, 4, 20)
    assert papers_for(meeting, OWN) < papers_for(meeting, USUAL)
    passed = ((meeting,),)
    assert aim_at(passed, MONDAY, date(2027, 6, 1), practice=OWN).agenda_on != papers_for(meeting, USUAL)


def test_a_full_ladder_must_fit_without_it() -> None:
    follow, due = date(2027, 4, 5), USUAL.add_working_days(USUAL.next_ordinary(date(2027, 4, 5)), 20)
    assert leaves_a_full_ladder(due, a_policy(a_body(), followed_from=follow))
    assert not leaves_a_full_ladder(due, a_policy(a_body(), followed_from=follow, practice=OWN))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((FreeDay(date(2027, 5, 6), "Helg"),), "Kristi himmelsfärdsdag, alltså redan ledig"),
        ((FreeDay(date(2027, 5, 8), "Helg"),), "lördag, alltså redan ledig"),
        ((FreeDay(SQUEEZE, ""),), "vad 2027-05-07 är för dag"),
        ((FreeDay(SQUEEZE, "Kläm\u202edag"),), "tecken som inte syns"),
        ((FreeDay(SQUEEZE, "A"), FreeDay(SQUEEZE, "B")), "varje dag en gång"),
        ((FreeDay(SQUEEZE, "A"), FreeDay(WEDNESDAY, "B")), "varje dag en gång"),
    ],
)
def test_what_is_no_day_to_give_free_is_refused(days: tuple[FreeDay, ...], words: str) -> None:
    with pytest.raises(NoSuchPractice, match=words):
        Practice(free_days=days)


def test_a_rest_is_another_setting() -> None:
    found = [WEDNESDAY]
    while len(found) <= MOST_FREE_DAYS_A_YEAR:
        found.append(USUAL.add_working_days(found[-1], 1))
    Practice(free_days=tuple(FreeDay(day, "Ledigt") for day in found[:-1]))
    with pytest.raises(NoSuchPractice, match="högst 20 dagar för 2027"):
        Practice(free_days=tuple(FreeDay(day, "Ledigt") for day in found))
