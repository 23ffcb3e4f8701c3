"""On which days a chased case's steps were reached, counted without the planner."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.services.simulation.chase import Chase, chases, days_of
from workflows import LIFECYCLES

if TYPE_CHECKING:
    from styrhjul.domain.journal import Value

GOALS = LIFECYCLES["goal_setting"]
OPENED, DUE, LAST = date(2027, 9, 1), date(2027, 11, 30), date(2028, 2, 29)


def reached(rung: str, *papers: date | None, due_on: date = DUE) -> set[date | None]:
    return days_of(GOALS.rung(rung), GOALS.ladder, Chase(OPENED, LAST, due_on, papers), OPENED)


@pytest.mark.parametrize(
    ("rung", "papers", "day"),
    [
        ("opened", None, OPENED),
        ("reminder", None, date(2027, 11, 16)),
        ("reminder", date(2027, 10, 14), date(2027, 9, 30)),
        ("reminder", date(2027, 9, 16), date(2027, 9, 2)),
        ("reminder", date(2027, 9, 15), None),  # it would leave on the day of the opening
        ("last_reminder", date(2027, 9, 15), date(2027, 9, 10)),
        ("warning", date(2027, 9, 15), date(2027, 11, 29)),
    ],
)
def test_a_rung_is_reached_counted_from_its_papers_if_that_is_after_the_opening(
    rung: str, papers: date | None, day: date | None
) -> None:
    assert reached(rung, papers) == {day}


def test_a_warning_always_has_a_day() -> None:
    assert reached("warning", None, due_on=OPENED) == {date(2027, 9, 2)}


def test_a_moved_meeting_gives_a_rung_more_than_one_day() -> None:
    assert reached("reminder", date(2027, 10, 14), date(2027, 9, 15)) == {date(2027, 9, 30), None}


def entry(kind: EntryKind, on: date, **data: Value) -> Entry:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return Entry(municipality_id="m", number=1, at=at, kind=kind, by="b", case_id="c", data=data)


def test_a_chase_ends_with_its_due_day_and_knows_every_day_its_papers_had() -> None:
    opened = entry(EntryKind.CASE_OPENED, OPENED, due_on="2027-11-30")
    moved = entry(EntryKind.MEETING_MOVED, date(2027, 9, 20), agenda_on="2027-10-07")
    later = entry(EntryKind.DUE_MOVED, date(2027, 11, 1), due_on="2028-01-31", agenda_on=None)
    found = list(chases(GOALS, [opened, moved, later], date(2027, 10, 14), LAST))
    assert found == [
        Chase(OPENED, date(2027, 11, 1), DUE, (date(2027, 10, 14), date(2027, 10, 7))),
        Chase(date(2027, 11, 1), LAST, date(2028, 1, 31), (None,)),
    ]


def test_nothing_is_chased_after_the_answer_until_it_is_sent_back() -> None:
    opened = entry(EntryKind.CASE_OPENED, OPENED, due_on="2027-11-30")
    answered = entry(EntryKind.CASE_MOVED, date(2027, 10, 1), event="submit")
    returned = entry(EntryKind.CASE_MOVED, date(2027, 10, 20), event="return")
    found = [(chase.since, chase.until) for chase in chases(GOALS, [opened, answered, returned], None, LAST)]
    assert found == [(OPENED, date(2027, 10, 1)), (date(2027, 10, 20), LAST)]
