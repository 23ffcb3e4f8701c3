"""One meeting that is added, moved or cancelled takes its cases along, and what was not seen is not written over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from styrhjul.db.case_model import Case
from styrhjul.db.journal import entries
from styrhjul.db.model import Body, Meeting
from styrhjul.db.session import Database
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.meeting import papers_for
from styrhjul.domain.practice import USUAL
from styrhjul.services.municipality.directory import NotHere
from styrhjul.services.organisation.meeting_change import MeetingAt, add_meeting, cancel_meeting, move_meeting
from styrhjul.services.organisation.office_seen import ChangeRefused, Hand, Stale, meetings_seen
from tests.town import Town, build_town, nine

OPENED, MEETING, LATER = date(2027, 1, 7), date(2027, 3, 10), date(2027, 3, 16)
HAND = Hand(by="Samordnaren", now=nine(date(2027, 1, 12)))
SEEN_ONLY = Hand(by="Samordnaren", now=HAND.now, rehearse=True)
BODY = "socialnämnden"


@pytest.fixture
def town(database: Database) -> Town:
    """Socialnämnden meets once before its goals are due."""
    town = build_town(database, committees=(BODY,))
    with database.municipality(town.municipality_id) as session:
        session.add(Meeting(body_id=town.bodies[BODY], meets_on=MEETING))
    town.live(OPENED)
    return town


def at(town: Town, body: str = BODY) -> MeetingAt:
    with town.database.reading(town.municipality_id) as session:
        days = session.scalars(select(Meeting.meets_on).where(Meeting.body_id == town.bodies[body])).all()
    seen = meetings_seen(town.bodies[body], days)
    return MeetingAt(municipality_id=town.municipality_id, body=body, seen=seen)


def goals(town: Town) -> Case:
    return next(case for case in town.cases() if case.lifecycle == "goal_setting")


def written(town: Town) -> list[tuple[object, object, object]]:
    with town.database.reading(town.municipality_id) as session:
        found = [entry.data for entry, _ in entries(session) if entry.kind is EntryKind.MEETINGS_CHANGED]
    return [(data["what"], data.get("on"), data.get("was_on")) for data in found]


def test_a_moved_meeting_moves_the_papers_and_is_written_down(town: Town) -> None:
    assert goals(town).meeting_on == MEETING
    [moved] = move_meeting(town.database, at(town), MEETING, LATER, HAND)
    assert (moved.meeting_on_before, moved.meeting_on) == (MEETING, LATER)
    assert goals(town).agenda_on == papers_for(LATER, USUAL)
    assert written(town) == [("moved", "2027-03-16", "2027-03-10")]


def test_a_cancelled_meeting_leaves_its_cases_without_one(town: Town) -> None:
    assert len(cancel_meeting(town.database, at(town), MEETING, HAND)) == 1
    assert goals(town).meeting_on is None
    assert written(town) == [("cancelled", None, "2027-03-10")]


def test_a_later_meeting_is_the_one_that_decides(town: Town) -> None:
    assert len(add_meeting(town.database, at(town), LATER, HAND)) == 1
    assert goals(town).meeting_on == LATER
    assert written(town) == [("added", "2027-03-16", None)]


def test_what_is_rehearsed_is_told_and_not_kept(town: Town) -> None:
    [moved] = move_meeting(town.database, at(town), MEETING, LATER, SEEN_ONLY)
    assert moved.meeting_on == LATER
    assert goals(town).meeting_on == MEETING
    assert written(town) == []


def test_what_was_not_seen_is_not_written_over(town: Town) -> None:
    before = at(town)
    add_meeting(town.database, before, LATER, HAND)
    with pytest.raises(Stale):
        cancel_meeting(town.database, before, MEETING, HAND)
    assert len(written(town)) == 1


@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2099, 1, 1), MEETING])
def test_a_day_that_cannot_be_is_refused(town: Town, day: date) -> None:
    with pytest.raises(ChangeRefused) as refused:
        add_meeting(town.database, at(town), day, HAND)
    assert refused.value.field == "on"
    assert written(town) == []


def test_a_meeting_that_was_held_stays(town: Town) -> None:
    after = Hand(by="Samordnaren", now=nine(date(2027, 3, 11)))
    with pytest.raises(ChangeRefused, match="redan hållits"):
        cancel_meeting(town.database, at(town), MEETING, after)


def test_a_body_that_ceases_meets_no_more(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.scalars(select(Body).where(Body.slug == BODY)).one().dissolved_on = LATER
    with pytest.raises(ChangeRefused, match="upphör 2027-03-16"):
        add_meeting(town.database, at(town), LATER, HAND)


@pytest.mark.parametrize("change", [add_meeting, cancel_meeting])
def test_another_municipalitys_body_is_not_here(town: Town, change: Callable[..., object]) -> None:
    foreign = build_town(town.database, "storby", committees=("byggnämnden",))
    theirs = MeetingAt(municipality_id=town.municipality_id, body="byggnämnden", seen=at(foreign, "byggnämnden").seen)
    with pytest.raises(NotHere):
        change(town.database, theirs, LATER, HAND)
    assert written(foreign) == []
