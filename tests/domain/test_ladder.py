"""The day of each rung: counted from the opening, the papers or the due day, moved on past rest, and said so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.calendar import add_working_days
from styrhjul.domain.facts import CaseFacts
from styrhjul.domain.ladder import RungDay, counted, goes_up, is_overtaken, is_upward, ladder_days
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.override import RungOverride, effective
from styrhjul.domain.practice import USUAL, Practice
from styrhjul.domain.rung import ABOVE, UNREACHABLE, Anchor, Audience, Offset, Rung, Unit, after_due, digest_after_due
from tests.domain.given import a_case, days, lengths, life, lived, practices
from workflows import LIFECYCLES

every_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
GOALS = LIFECYCLES["goal_setting"]
OPENED, DUE = date(2027, 1, 7), date(2027, 3, 31)
UP = Rung(key="up", at=digest_after_due(8), to=Audience.CHIEF_EXECUTIVE, email="up", after="warning")


def by_key(facts: CaseFacts, lifecycle: Lifecycle = GOALS) -> dict[str, RungDay]:
    """The rungs that have a day."""
    return {day.rung.key: day for day in ladder_days(lifecycle.ladder, facts)}


def test_the_chief_executive_hears_of_it_on_a_digest_day() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), date(2027, 3, 30))
    up = by_key(facts)["chief_executive"]
    assert (up.on, up.deferred_from) == (date(2027, 4, 14), None)  # eight working days past Easter, and a Wednesday


@pytest.mark.parametrize(
    ("weekday", "on"),
    [(0, "2027-04-12"), (1, "2027-04-13"), (2, "2027-04-14"), (3, "2027-04-15"), (4, "2027-04-16")],
)
def test_the_digest_leaves_on_the_weekday_the_municipality_chose(weekday: int, on: str) -> None:
    day = goes_up(UP, DUE, date(2027, 3, 30), Practice(digest_weekday=weekday))
    assert day == RungDay(UP, date.fromisoformat(on))


@given(due=days, late=st.integers(-5, 90), practice=practices)
def test_a_digest_day_that_is_no_ordinary_day_is_moved_on_and_the_weekday_told(
    due: date, late: int, practice: Practice
) -> None:
    warned = due + timedelta(late)
    day = goes_up(UP, due, warned, practice)
    named = day.deferred_from or day.on
    assert named.weekday() == practice.digest_weekday
    earliest = max(add_working_days(due, 8), add_working_days(warned, 3))
    assert earliest <= named < earliest + timedelta(7)
    assert practice.is_ordinary(day.on)
    week = day.on - timedelta(days=(day.on.weekday() - practice.digest_weekday) % 7)
    assert day.on >= named
    assert day.on == week or not practice.is_ordinary(week)  # the week's own day, unless it is free


def test_what_does_not_wait_for_a_digest_goes_up_on_its_own_day() -> None:
    head = Rung(key="head", at=after_due(3), to=Audience.HEAD_OF_ADMINISTRATION, email="head", after="warning")
    assert goes_up(head, DUE, date(2027, 3, 30), USUAL) == RungDay(head, date(2027, 4, 5))


def test_a_digest_in_july_waits_for_august_and_says_so() -> None:
    day = goes_up(UP, date(2027, 6, 23), date(2027, 6, 22), USUAL)
    assert (day.on, day.deferred_from) == (date(2027, 8, 4), date(2027, 7, 7))


def test_a_digest_day_that_is_free_leaves_later_the_same_week() -> None:
    day = goes_up(UP, date(2029, 4, 17), date(2029, 4, 16), USUAL)
    assert (day.on, day.deferred_from) == (date(2029, 5, 2), None)
    tuesday = goes_up(UP, date(2029, 4, 17), date(2029, 4, 16), Practice(digest_weekday=1))
    assert (tuesday.on, tuesday.deferred_from) == (date(2029, 5, 2), date(2029, 5, 1))  # 1 May


@pytest.mark.parametrize(
    ("due", "on", "deferred_from"),
    [
        ("2027-08-03", "2027-08-02", None),  # the working day before, just after July
        ("2027-08-02", "2027-08-02", "2027-07-30"),  # in July: rest
        ("2027-05-10", "2027-05-10", "2027-05-07"),  # the Friday after Ascension Day: squeezed
        ("2027-06-28", "2027-06-24", None),  # midsommarafton and the weekend are passed in counting
        ("2026-12-28", "2026-12-23", None),  # julafton, juldagen and the weekend too
        ("2028-01-10", "2028-01-10", "2028-01-07"),  # squeezed between Epiphany and the weekend
    ],
)
def test_the_warning_waits_past_rest_and_squeeze_days_and_says_so(due: str, on: str, deferred_from: str | None) -> None:
    warning = by_key(a_case(date(2026, 9, 1), date.fromisoformat(due)))["warning"]
    assert warning.on.isoformat() == on
    assert warning.deferred_from == (date.fromisoformat(deferred_from) if deferred_from else None)


def test_a_municipality_that_works_in_july_and_rests_in_june_is_followed() -> None:
    facts = a_case(date(2027, 1, 7), date(2027, 7, 2), practice=Practice(rest_months=frozenset({6})))
    found = by_key(facts)
    assert (found["reminder"].on, found["reminder"].deferred_from) == (date(2027, 7, 1), date(2027, 6, 17))
    assert (found["warning"].on, found["warning"].deferred_from) == (date(2027, 7, 1), None)


def test_reminders_aim_at_the_papers_when_the_meeting_is_known_and_the_warning_at_the_due_day() -> None:
    found = by_key(a_case(OPENED, DUE, agenda_on=date(2027, 2, 17)))
    assert found["reminder"].on == date(2027, 2, 3)
    assert found["last_reminder"].on == date(2027, 2, 12)
    assert found["warning"].on == date(2027, 3, 30)


@every_lifecycle
@given(opens=days, length=st.integers(1, 15))
def test_a_reminder_without_room_is_left_out_but_the_warning_never_is(
    lifecycle: Lifecycle, opens: date, length: int
) -> None:
    found = by_key(a_case(opens, opens + timedelta(length)), lifecycle)
    assert found["opened"].on == opens
    assert found["warning"].on > opens
    assert all(day.on > opens for day in found.values() if day.rung.at.anchor is not Anchor.OPENING)


def test_a_case_that_opens_on_its_last_day_warns_on_the_next_ordinary_day() -> None:
    assert by_key(a_case(date(2027, 5, 5), date(2027, 5, 5)))["warning"].on == date(2027, 5, 10)


@every_lifecycle
@given(opens=days, length=lengths, practice=practices)
def test_every_rung_has_one_day_once_somebody_was_warned_and_they_only_ascend(
    lifecycle: Lifecycle, opens: date, length: int, practice: Practice
) -> None:
    case = a_case(opens, opens + timedelta(length + 300), practice=practice)
    for _, facts, _ in life(lifecycle, case):
        case = facts
    found = ladder_days(lifecycle.ladder, case)
    assert [day.rung for day in found] == list(lifecycle.ladder)
    assert [day.on for day in found] == sorted(day.on for day in found)


def test_an_opening_that_was_moved_tells_of_it_in_its_first_notice() -> None:
    case = a_case(date(2028, 1, 10), date(2028, 3, 31), opening_deferred_from=date(2028, 1, 7))
    assert by_key(case)["opened"] == RungDay(GOALS.ladder[0], date(2028, 1, 10), date(2028, 1, 7))


def test_a_rung_some_days_after_the_opening_is_counted_from_it() -> None:
    later = replace(GOALS.ladder[0], key="later", at=Offset(Anchor.OPENING, 4))
    [found] = ladder_days((later,), a_case(date(2027, 4, 30), date(2027, 9, 30)))
    assert (found.on, found.deferred_from) == (date(2027, 5, 10), date(2027, 5, 7))


@pytest.mark.parametrize(("due", "has_a_day"), [(date(2027, 2, 5), True), (date(2027, 2, 4), False)])
def test_a_rung_some_days_after_the_opening_has_none_where_a_higher_one_comes_first(due: date, has_a_day: bool) -> None:
    """The first reminder comes ten working days before the due day: Friday 22 January, or the day itself."""
    later = replace(GOALS.ladder[0], key="later", at=Offset(Anchor.OPENING, 10))
    found = [day.rung.key for day in ladder_days((later, *GOALS.ladder[1:]), a_case(OPENED, due))]
    assert found[:2] == (["later", "reminder"] if has_a_day else ["reminder", "last_reminder"])


@pytest.mark.parametrize(("days_before", "on"), [(-14, "2027-03-17"), (-3, "2027-03-28"), (7, "2027-04-07")])
def test_an_offset_in_calendar_days_counts_free_days_too(days_before: int, on: str) -> None:
    assert counted(DUE, Offset(Anchor.DUE, days_before, Unit.CALENDAR), USUAL) == date.fromisoformat(on)


def test_a_calendar_day_that_is_free_is_moved_on_and_said_so() -> None:
    easter_sunday = replace(GOALS.ladder[1], at=Offset(Anchor.DUE, -3, Unit.CALENDAR))
    [found] = ladder_days((easter_sunday,), a_case(OPENED, DUE))
    assert (found.on, found.deferred_from) == (date(2027, 3, 30), date(2027, 3, 28))


@pytest.mark.parametrize(
    ("rung", "left", "overtaken"),
    [
        ("reminder", "warning", True),
        ("warning", "reminder", False),
        ("warning", "warning", False),
        ("reminder", "reminder_2", True),
        ("last_reminder", "reminder_3", False),  # repeats stand where what they repeat does
        ("head", "unreachable", True),
        ("warning", "head", False),  # told as a superior, before the case was theirs
        ("warning", "unreachable", False),
        ("opened", "retired", False),
    ],
)
def test_nothing_leaves_below_a_rung_that_left_to_the_same_post(rung: str, left: str, *, overtaken: bool) -> None:
    assert is_overtaken(GOALS.ladder, rung, {left}) is overtaken


@every_lifecycle
def test_what_tells_somebody_above_is_upward_however_the_municipality_has_it(lifecycle: Lifecycle) -> None:
    up = next(rung.key for rung in lifecycle.ladder if rung.after)
    own = [RungOverride(lifecycle=lifecycle.key, rung=up, audience=Audience.EXECUTIVE_BOARD, cap=1)]
    top = RungOverride(lifecycle=lifecycle.key, rung="chief_executive")
    for ladder in (lifecycle.ladder, effective(lifecycle, own if up != top.rung else [top]).ladder):
        assert {rung.key for rung in ladder if is_upward(lifecycle.ladder, rung.key)} == {
            rung.key for rung in ladder if rung.to in ABOVE
        }
    assert is_upward(lifecycle.ladder, f"{up}_2")
    assert not is_upward(lifecycle.ladder, UNREACHABLE.key)
