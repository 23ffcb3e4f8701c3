"""A moved meeting moves the papers' day, and the due day that a meeting had set; never past law or into the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from styrhjul.db.case_model import Case, Notice
from styrhjul.db.journal import entries
from styrhjul.db.model import Meeting
from styrhjul.db.organisation_query import load_organisation
from styrhjul.db.session import Database
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import Entry, EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.meeting import aim_for, papers_for
from styrhjul.domain.practice import USUAL
from styrhjul.domain.vocabulary import ActionKind, DueBasis
from styrhjul.services.cases.decision import CaseAt, Decision, grant_extension
from styrhjul.services.cases.meeting import MOVED, Bounds, Timing, follow_meetings, retimed
from styrhjul.services.organisation.meeting_calendar import meeting_view
from tests.town import Town, build_town, nine

OPENING, RULE_DAY = date(2027, 1, 7), date(2027, 3, 31)
RULE = "Kommunens standard."


def timing(due_on: date, meeting_on: date | None, words: str = "") -> Timing:
    """A case that opened on 7 January and was due on 31 March by its rule."""
    return Timing(
        due_on=due_on,
        due_source=f"{RULE} {words}" if words else RULE,
        rule_due_on=RULE_DAY if words else None,
        meeting_on=meeting_on,
        agenda_on=papers_for(meeting_on, USUAL) if meeting_on else None,
    )


def set_by(meeting: date) -> Timing:
    """A case whose due day the meeting set, since none came before."""
    aim = aim_for(((meeting,),), OPENING, RULE_DAY, limit=None, practice=USUAL)
    assert aim.words
    return timing(aim.due_on, aim.meeting_on, aim.words)


def again(before: Timing, *meetings: date, today: date = date(2027, 2, 1), limit: date | None = None) -> Timing:
    return retimed(before, (meetings,), Bounds(aimed_from_on=OPENING, limit_on=limit, practice=USUAL), today=today)


def test_a_due_day_of_the_rule_stays_and_the_papers_follow_the_meeting() -> None:
    before = timing(RULE_DAY, date(2027, 3, 10))
    after = again(before, date(2027, 3, 16))
    assert (after.due_on, after.due_source) == (RULE_DAY, RULE)
    assert (after.meeting_on, after.agenda_on) == (date(2027, 3, 16), date(2027, 2, 23))


def test_a_cancelled_meeting_leaves_the_due_day_of_the_rule() -> None:
    assert again(timing(RULE_DAY, date(2027, 3, 10))) == timing(RULE_DAY, None)


def test_a_due_day_that_a_meeting_had_set_moves_with_it() -> None:
    before = set_by(date(2027, 4, 13))
    after = again(before, date(2027, 4, 20))
    assert after == set_by(date(2027, 4, 20))
    assert after.due_on > before.due_on > RULE_DAY


def test_an_earlier_meeting_that_is_in_time_gives_the_rules_day_back() -> None:
    assert again(set_by(date(2027, 4, 13)), date(2027, 3, 9)) == timing(RULE_DAY, date(2027, 3, 9))


def test_without_any_meeting_the_rules_day_comes_back() -> None:
    assert again(set_by(date(2027, 4, 13))) == timing(RULE_DAY, None)


def test_no_meeting_moves_a_case_past_the_law() -> None:
    after = again(set_by(date(2027, 4, 13)), date(2027, 5, 11), limit=date(2027, 5, 1))
    assert after == timing(RULE_DAY, None)


def test_a_due_day_never_moves_to_a_day_before_today() -> None:
    before = set_by(date(2027, 4, 13))
    after = again(before, date(2027, 3, 9), today=date(2027, 4, 1))
    assert (after.due_on, after.due_source) == (before.due_on, before.due_source)


def test_a_due_day_that_people_set_stays_whatever_they_wrote_about_it() -> None:
    words = aim_for(((date(2027, 4, 13),),), OPENING, RULE_DAY, limit=None, practice=USUAL).words
    before = replace(timing(date(2027, 5, 12), None, words), rule_due_on=None)
    after = again(before, date(2027, 3, 9))
    assert (after.due_on, after.due_source) == (before.due_on, before.due_source)


# -- in the database ---------------------------------------------------------------------------------------------------


@pytest.fixture
def town(database: Database) -> Town:
    """A committee whose only meeting is on 13 April, so that it set the due day."""
    town = build_town(database, committees=("socialnämnden",))
    with town.database.municipality(town.municipality_id) as session:
        session.add(Meeting(body_id=town.bodies["socialnämnden"], meets_on=date(2027, 4, 13)))
    town.live(OPENING)
    return town


def move_meeting(town: Town, to: date, today: date) -> int:
    with town.database.municipality(town.municipality_id) as session:
        session.execute(update(Meeting).values(meets_on=to))
        return len(follow_meetings(session, load_organisation(session), [town.bodies["socialnämnden"]], nine(today)))


def the_case(town: Town) -> Case:
    [case] = town.cases()
    return case


def moves(town: Town) -> list[Entry]:
    """What the journal says of moved days and meetings, oldest first."""
    with town.database.reading(town.municipality_id) as session:
        found = [entry for entry, _ in entries(session, the_case(town).id)]
    return [entry for entry in found if entry.kind in (EntryKind.DUE_MOVED, EntryKind.MEETING_MOVED)]


def give_more_time(town: Town, reason: str = "Nämnden behöver tid.") -> None:
    """On 30 March, until 12 May: a working week before the papers of the meeting on 27 April."""
    move_meeting(town, date(2027, 4, 27), date(2027, 2, 1))
    decision = Decision(by="kommunchefen", reason=reason)
    at = CaseAt(town.municipality_id, the_case(town).id)
    grant_extension(town.database, at, date(2027, 5, 12), decision, nine(date(2027, 3, 30)))


def test_a_case_knows_the_rules_own_day_as_long_as_a_meeting_sets_another(town: Town) -> None:
    opened = the_case(town)
    move_meeting(town, date(2027, 3, 9), date(2027, 2, 1))
    back = the_case(town)
    assert (opened.rule_due_on, opened.aimed_from_on, opened.limit_on) == (RULE_DAY, OPENING, None)
    assert (back.due_on, back.rule_due_on) == (RULE_DAY, None)
    assert "sammanträde" not in back.due_source


def test_after_more_time_the_same_meetings_move_nothing(town: Town) -> None:
    give_more_time(town)
    before, said = the_case(town), moves(town)
    assert (before.meeting_on, before.agenda_on) == (date(2027, 4, 27), date(2027, 4, 6))
    assert move_meeting(town, date(2027, 4, 27), date(2027, 3, 30)) == 0
    assert the_case(town).version == before.version
    assert (the_case(town).agenda_on, moves(town)) == (date(2027, 4, 6), said)


def test_a_day_people_decided_stays_when_meetings_move_even_if_the_reason_speaks_of_meetings(town: Town) -> None:
    give_more_time(town, "Inget sammanträde hinns med före 2027-03-31, därför gäller nämndens nästa.")
    move_meeting(town, date(2027, 4, 28), date(2027, 3, 30))
    case = the_case(town)
    assert (case.due_on, case.meeting_on, case.rule_due_on) == (date(2027, 5, 12), date(2027, 4, 28), None)
    assert case.due_source.startswith("Mer tid enligt beslut av kommunchefen")


def test_the_journal_of_a_moved_day_names_the_meeting_it_aims_at(town: Town) -> None:
    give_more_time(town)
    move_meeting(town, date(2027, 4, 28), date(2027, 3, 30))
    move_meeting(town, date(2027, 4, 20), date(2027, 3, 30))
    told = [(entry.kind.value, entry.data["meeting_on"], entry.data["agenda_on"]) for entry in moves(town)]
    assert told == [
        ("due_moved", "2027-04-27", "2027-04-06"),
        ("due_moved", "2027-04-27", "2027-04-06"),
        ("meeting_moved", "2027-04-28", "2027-04-07"),
        ("meeting_moved", None, None),
    ]


def test_a_moved_meeting_arms_the_ladder_for_the_new_day_and_says_so(town: Town) -> None:
    before = the_case(town)
    assert before.due_on > RULE_DAY
    town.sweep(date(2027, 4, 12))
    assert move_meeting(town, date(2027, 4, 27), date(2027, 4, 12)) == 1
    case = the_case(town)
    assert (case.due_on, case.meeting_on) == (date(2027, 5, 11), date(2027, 4, 27))
    assert case.lapses_on >= before.lapses_on
    assert {n.status for n in town.notices() if n.due_on == before.due_on} <= {
        NoticeStatus.CANCELLED,
        NoticeStatus.DELIVERED,
        NoticeStatus.SUPERSEDED,
    }
    with town.database.reading(town.municipality_id) as session:
        [moved] = [entry for entry, _ in entries(session, case.id) if entry.kind is EntryKind.DUE_MOVED]
    assert (moved.by, moved.data["reason"], moved.data["due_on"]) == ("styrhjul", MOVED, "2027-05-11")


def test_a_warning_withdrawn_by_a_meeting_that_is_moved_back_again_leaves_after_all(town: Town) -> None:
    warned = date(2027, 4, 26)
    town.sweep(warned)  # planned, and has not left
    for day in (date(2027, 4, 27), date(2027, 4, 13)):
        move_meeting(town, day, warned)
    town.live_through(warned, date(2027, 4, 30))
    assert [n.status for n in town.notices() if n.rung == "warning" and n.turn == 1] == [NoticeStatus.CANCELLED] * 2
    assert [n.delivered_on for n in town.notices() if n.rung == "warning" and n.turn == 2] == [warned] * 2


def test_the_same_meetings_again_change_nothing(town: Town) -> None:
    move_meeting(town, date(2027, 4, 27), date(2027, 2, 1))
    assert move_meeting(town, date(2027, 4, 27), date(2027, 2, 1)) == 0


def test_the_ladder_climbs_from_the_moved_day(town: Town) -> None:
    move_meeting(town, date(2027, 4, 27), date(2027, 2, 1))
    town.live_through(date(2027, 4, 1), date(2027, 5, 11))
    with town.database.reading(town.municipality_id) as session:
        warned = [notice.delivered_on for notice in session.query(Notice).filter_by(rung="warning")]
    assert warned == [date(2027, 5, 10)] * 2


def test_a_revision_follows_the_meetings_of_the_council_that_decides_it(database: Database) -> None:
    town = build_town(database, kinds=(ActionKind.REVISE,))
    board, council = town.bodies["kommunstyrelsen"], town.bodies["fullmäktige"]
    with town.database.municipality(town.municipality_id) as session:
        session.add(Meeting(body_id=board, meets_on=date(2027, 11, 16)))
        session.add(Meeting(body_id=board, meets_on=date(2027, 12, 7)))
    town.sweep(date(2026, 10, 15))
    case = [case for case in town.cases() if case.state is State.OPEN]
    assert [(each.meeting_on, each.decides_on, each.due_basis) for each in case] == [(None, None, DueBasis.DEFAULT)]
    with town.database.municipality(town.municipality_id) as session:
        session.add(Meeting(body_id=council, meets_on=date(2027, 12, 13)))
        session.flush()
        assert len(follow_meetings(session, load_organisation(session), [council], nine(date(2027, 1, 7)))) == 1
    [now] = [case for case in town.cases() if case.state is State.OPEN]
    assert (now.meeting_on, now.agenda_on, now.decides_on) == (
        date(2027, 11, 16),
        date(2027, 10, 26),
        date(2027, 12, 13),
    )
    view = meeting_view(town.database, town.slug, "fullmäktige", date(2027, 12, 13), nine(date(2027, 1, 7)))
    assert [cell.case.case_id for cell in view.meeting.decides] == [now.id]
