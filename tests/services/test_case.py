"""Decisions of officials on both databases: in the journal with their reason, and the ladder follows at once."""

from __future__ import annotations

from datetime import date

import pytest

from styrhjul.db.case_model import Case
from styrhjul.db.journal import entries
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind, fold
from styrhjul.domain.lifecycle import State
from styrhjul.services.cases.decision import (
    CaseAt,
    Decision,
    DecisionRefused,
    NoSuchCase,
    approve,
    case_starting_with,
    grant_extension,
    return_answer,
    waive,
)
from tests.filled import Filled
from tests.town import Town, build_town, nine
from workflows import LIFECYCLES

OPENING, LATE = date(2027, 1, 7), date(2027, 4, 14)
CHIEF = Decision(by="kommunchefen", reason="Nämnden har bytt sekreterare.")


@pytest.fixture
def town(database: Database, filled: Filled) -> Town:
    return filled(database, late)


def late(database: Database) -> Town:
    """A town whose goals are late, one committee only."""
    town = build_town(database, committees=("socialnämnden",))
    for day in (OPENING, date(2027, 3, 30)):
        town.live(day)
    return town


def the_case(town: Town) -> Case:
    """The only one."""
    [case] = town.cases()
    return case


def at(town: Town) -> CaseAt:
    """Where it is."""
    return CaseAt(town.municipality_id, the_case(town).id)


def test_more_time_arms_the_ladder_for_the_new_day(town: Town) -> None:
    grant_extension(town.database, at(town), date(2027, 5, 31), CHIEF, nine(LATE))
    assert town.sweep(LATE).notices == 0
    assert town.sweep(date(2027, 5, 28)).notices == 2
    assert {n.due_on for n in town.notices() if n.planned_on > LATE} == {date(2027, 5, 31)}


def test_more_time_stops_what_was_on_its_way(town: Town) -> None:
    town.sweep(LATE)
    grant_extension(town.database, at(town), date(2027, 5, 31), CHIEF, nine(LATE))
    assert town.compose(LATE).composed == 0
    assert NoticeStatus.PLANNED not in {notice.status for notice in town.notices()}


@pytest.mark.parametrize(("until", "why"), [(date(2027, 3, 31), "efter 2027-04-14"), (date(2027, 5, 30), "söndag")])
def test_a_day_that_has_passed_or_is_free_is_refused(town: Town, until: date, why: str) -> None:
    with pytest.raises(DecisionRefused, match=why):
        grant_extension(town.database, at(town), until, CHIEF, nine(LATE))


def test_a_case_closed_without_an_answer_is_silent(town: Town) -> None:
    waive(town.database, at(town), CHIEF, nine(LATE))
    assert the_case(town).state is State.WAIVED
    assert town.sweep(date(2027, 6, 1)).woken == 0


def test_nothing_can_be_decided_about_a_closed_case(town: Town) -> None:
    waive(town.database, at(town), CHIEF, nine(LATE))
    with pytest.raises(DecisionRefused, match="redan avslutat"):
        approve(town.database, at(town), CHIEF, nine(LATE))


def test_an_answer_sent_back_is_chased_again(town: Town) -> None:
    with town.database.municipality(town.municipality_id) as session:
        session.get_one(Case, (town.municipality_id, the_case(town).id)).state = State.SUBMITTED
    return_answer(town.database, at(town), date(2027, 5, 31), CHIEF, nine(LATE))
    assert the_case(town).state is State.OPEN
    assert town.sweep(date(2027, 5, 28)).notices == 2


def test_who_decided_and_why_stands_in_a_journal_that_still_folds(town: Town) -> None:
    grant_extension(town.database, at(town), date(2027, 5, 31), CHIEF, nine(LATE))
    with town.database.reading(town.municipality_id) as session:
        lines = [entry for entry, _ in entries(session, the_case(town).id)]
    [moved] = [line for line in lines if line.kind is EntryKind.DUE_MOVED]
    assert (moved.by, moved.data["reason"]) == (CHIEF.by, CHIEF.reason)
    standing = fold(LIFECYCLES["goal_setting"], lines)
    assert standing is not None
    assert standing.due_on == the_case(town).due_on


def test_a_decision_without_a_reason_is_refused(town: Town) -> None:
    with pytest.raises(DecisionRefused, match="varför"):
        waive(town.database, at(town), Decision(by="x", reason=" "), nine(LATE))


def test_another_municipalitys_case_does_not_exist_here(town: Town) -> None:
    other = build_town(town.database, "storby")
    with pytest.raises(NoSuchCase):
        waive(town.database, CaseAt(other.municipality_id, the_case(town).id), CHIEF, nine(LATE))


@pytest.mark.parametrize("start", ["", "%", "zz"])
def test_a_case_is_found_by_the_start_of_its_id_and_by_nothing_else(town: Town, start: str) -> None:
    case_id = the_case(town).id
    assert case_starting_with(town.database, case_id[:12]) == (town.municipality_id, case_id)
    with pytest.raises(NoSuchCase):
        case_starting_with(town.database, start)
    with pytest.raises(NoSuchCase):
        waive(town.database, CaseAt(town.municipality_id, start), CHIEF, nine(LATE))
