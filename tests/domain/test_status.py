"""One word for how a case stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.lifecycle import State
from styrhjul.domain.rung import Audience
from styrhjul.domain.status import Standing, Status, status_of

OPEN = Standing(state=State.OPEN, opens_on=date(2027, 1, 7), due_on=date(2027, 3, 31))
DAY_AFTER = date(2027, 4, 1)


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2027, 1, 6), Status.COMING),
        (date(2027, 1, 7), Status.OPEN),
        (date(2027, 3, 16), Status.OPEN),
        (date(2027, 3, 17), Status.DUE_SOON),
        (date(2027, 3, 31), Status.DUE_SOON),
        (DAY_AFTER, Status.LATE),
    ],
)
def test_an_open_case_follows_the_calendar(today: date, status: Status) -> None:
    assert status_of(OPEN, today) is status


@pytest.mark.parametrize(
    ("audience", "status"),
    [
        (None, Status.LATE),
        (Audience.HEAD_OF_ADMINISTRATION, Status.WITH_HEAD),
        (Audience.CHIEF_EXECUTIVE, Status.WITH_CHIEF_EXECUTIVE),
        (Audience.EXECUTIVE_BOARD, Status.WITH_EXECUTIVE_BOARD),
    ],
)
def test_a_late_case_is_where_it_went_up_to(audience: Audience | None, status: Status) -> None:
    assert status_of(replace(OPEN, went_up_to=audience), DAY_AFTER) is status


def test_a_case_nobody_could_be_warned_of_is_unreachable_before_it_is_late() -> None:
    assert status_of(replace(OPEN, unreachable_on=date(2027, 3, 30)), DAY_AFTER) is Status.UNREACHABLE


@pytest.mark.parametrize("state", [State.UNDER_WAY, State.REFERRED, State.PREPARED])
def test_what_was_begun_is_under_way_until_the_deadline_is_near(state: State) -> None:
    begun = replace(OPEN, state=state)
    assert status_of(begun, date(2027, 2, 1)) is Status.UNDER_WAY
    assert status_of(begun, DAY_AFTER) is Status.LATE


@pytest.mark.parametrize(
    ("decided_on", "paragraph", "status"),
    [
        (None, None, Status.DECISION_MISSING),
        (date(2027, 3, 24), None, Status.PARAGRAPH_MISSING),
        (date(2027, 3, 24), "82", Status.SUBMITTED),
    ],
)
def test_an_answer_shows_what_it_lacks_and_is_never_late(
    decided_on: date | None, paragraph: str | None, status: Status
) -> None:
    answered = replace(OPEN, state=State.SUBMITTED, decided_on=decided_on, paragraph=paragraph)
    assert status_of(answered, date(2028, 1, 1)) is status


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.DONE, Status.DONE),
        (State.WAIVED, Status.WAIVED),
        (State.LAPSED, Status.LAPSED),
        (State.NOT_FOLLOWED, Status.NOT_FOLLOWED),
    ],
)
def test_a_closed_case_stays_closed_whatever_the_day(state: State, status: Status) -> None:
    assert status_of(replace(OPEN, state=state, unreachable_on=DAY_AFTER), DAY_AFTER) is status


def test_an_answer_that_nobody_decides_at_a_meeting_lacks_no_decision() -> None:
    assert status_of(replace(OPEN, state=State.SUBMITTED, is_decided=False), DAY_AFTER) is Status.SUBMITTED
