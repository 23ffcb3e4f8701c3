"""Meetings: the last usable one and its papers, none that fits, a calendar not entered yet, a limit in law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.meeting import aim_at
from styrhjul.domain.practice import USUAL
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round import RoundDates, rounds
from styrhjul.domain.vocabulary import BodyKind, DueBasis
from tests.domain.given import FOLLOWED, a_body, a_duty, a_policy, a_referral, usual_policy
from workflows import LIFECYCLES


def first_round(key: str, *meetings: str) -> RoundDates:
    """The first round that is followed, of a committee that meets on these days: goals due 31 March 2027."""
    facts = usual_policy(LIFECYCLES[key], a_body(meetings=map(date.fromisoformat, meetings)))
    return next(d for d in rounds(LIFECYCLES[key], facts, facts.bodies[0], until=date(2027, 12, 31)) if d.followed)


@pytest.mark.parametrize(
    ("key", "limit"), [("follow_up", date(2027, 4, 15)), ("annual_report", date(2027, 4, 15)), ("goal_setting", None)]
)
def test_a_round_carries_the_last_day_that_law_sets(key: str, limit: date | None) -> None:
    assert first_round(key).limit_on == limit


@pytest.mark.parametrize(("meeting", "rule_day"), [("2027-03-10", None), ("2027-04-13", date(2027, 3, 31))])
def test_the_rules_own_day_is_kept_only_where_a_meeting_moved_it(meeting: str, rule_day: date | None) -> None:
    dates = first_round("goal_setting", meeting)
    assert dates.rule_due_on == rule_day
    assert (dates.due_on == date(2027, 3, 31)) is (rule_day is None)


def day(text: str | None) -> date | None:
    """The day, or none."""
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("meetings", "meeting", "papers"),
    [
        (["2027-01-27", "2027-03-10", "2027-03-24"], "2027-03-10", "2027-02-17"),
        (["2027-03-17"], "2027-03-17", "2027-02-24"),  # fourteen days before: KL 5:69
        (["2027-02-04"], "2027-02-04", "2027-01-14"),  # papers due five working days after the opening
        (["2027-01-19", "2027-02-03", "2027-02-04"], "2027-02-04", "2027-01-14"),
    ],
)
def test_reminders_go_by_the_last_meeting_that_leaves_time_to_adjust_the_minutes(
    meetings: list[str], meeting: str, papers: str | None
) -> None:
    found = first_round("goal_setting", *meetings)
    assert (found.meeting_on, found.agenda_on, found.due_on) == (day(meeting), day(papers), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("meeting", "due"),
    [
        ("2027-03-18", "2027-04-01"),  # thirteen days before the due day: one too few
        ("2027-04-14", "2027-04-28"),
        ("2027-04-17", "2027-04-30"),  # a fortnight later is 1 May
        ("2027-05-12", "2027-05-26"),
    ],
)
def test_a_round_no_meeting_fits_is_due_after_the_next_meeting_and_says_so(meeting: str, due: str) -> None:
    found = first_round("goal_setting", "2027-01-05", meeting)
    assert (found.meeting_on, found.due_on) == (day(meeting), day(due))
    assert "Inget sammanträde hinns med före 2027-03-31, därför gäller nämndens nästa." in found.source


@pytest.mark.parametrize(
    ("meeting", "due", "because"),
    [
        ("2027-04-23", "2027-05-05", "2027-05-07 är klämdag."),  # the Friday after Kristi himmelsfärd
        ("2027-04-17", "2027-04-30", "2027-05-01 är första maj."),
        ("2027-06-23", "2027-06-30", "2027-07-07 är i juli, då kommunen har uppehåll."),
        ("2027-04-14", "2027-04-28", ""),
    ],
)
def test_a_due_day_that_a_meeting_set_moves_earlier_from_rest_and_squeeze_days_and_says_so(
    meeting: str, due: str, because: str
) -> None:
    """Domain.md 6: our own days move earlier, and none is set on a squeeze day or in July."""
    found = first_round("goal_setting", meeting)
    told = f"nämndens nästa. Dagen är {due}, eftersom {because}" if because else "nämndens nästa."
    assert (found.meeting_on, found.due_on) == (day(meeting), day(due))
    assert found.source.endswith(told)


def test_a_due_day_is_never_moved_to_before_the_meeting_it_follows() -> None:
    """On 1 July the minutes wait for August: the day before July is over when the meeting is held."""
    assert first_round("goal_setting", "2027-07-01").due_on == date(2027, 3, 31)


@pytest.mark.parametrize("meetings", [[], ["2027-01-05"], ["2027-07-02"], ["2028-01-19"]])
def test_a_calendar_that_is_not_entered_yet_moves_nothing(meetings: list[str]) -> None:
    found = first_round("goal_setting", *meetings)
    assert (found.meeting_on, found.agenda_on, found.due_on) == (None, None, date(2027, 3, 31))
    assert "sammanträde" not in found.source


@pytest.mark.parametrize(
    ("meeting", "due"),
    [("2027-04-01", "2027-04-15"), ("2027-04-02", "2027-02-26"), ("2027-04-07", "2027-02-26")],
)
def test_no_meeting_moves_the_follow_up_past_the_annual_report(meeting: str, due: str) -> None:
    """KL 11:20: 15 April."""
    assert first_round("follow_up", meeting).due_on == day(due)


def test_a_meeting_moves_no_answer_that_an_official_gives() -> None:
    found = first_round("project_follow_up", "2027-03-18")
    assert (found.meeting_on, found.due_on) == (None, date(2027, 2, 26))


def test_a_meeting_after_it_does_not_move_the_day_that_a_referral_asks_for() -> None:
    body = a_body(meetings=(date(2027, 3, 24),))
    facts = a_policy(body, registered=(a_referral(date(2027, 2, 1), date(2027, 3, 1)),))
    [found] = rounds(LIFECYCLES["referral"], facts, body, until=date(2027, 2, 1))
    assert (found.due_on, found.meeting_on) == (date(2027, 3, 1), None)


def test_what_was_never_asked_is_not_moved_by_any_meeting() -> None:
    board = a_body(BodyKind.EXECUTIVE_BOARD, meetings=map(date.fromisoformat, ("2020-01-14", "2024-01-16")))
    facts = a_policy(board, a_duty(RecurrenceKind.MANDATE_PERIOD))
    missed = rounds(LIFECYCLES["revision"], facts, board, until=FOLLOWED)[:2]
    assert [found.due_on for found in missed] == [date(2019, 12, 20), date(2023, 12, 29)]  # 2019: squeeze days
    assert [found.meeting_on for found in missed] == [None, None]


@pytest.mark.parametrize(
    ("meetings", "meeting", "papers", "due"),
    [
        (["2027-01-19", "2027-02-16"], "2027-02-16", "2027-01-26", "2027-03-02"),  # 19 January is twelve days away
        (["2027-02-03", "2027-03-03"], "2027-03-03", "2027-02-10", "2027-03-17"),  # papers due four working days away
        (["2027-02-04", "2027-03-03"], "2027-02-04", "2027-01-14", "2027-02-26"),  # five
        (["2027-02-12", "2027-03-03"], "2027-02-12", "2027-01-22", "2027-02-26"),  # fourteen days before the due day
        (["2027-01-19"], None, None, "2027-02-26"),
        (["2027-01-19", "2027-04-07"], None, None, "2027-02-26"),  # 21 April is past the law's day
    ],
)
def test_a_meeting_whose_papers_are_due_sooner_than_they_can_be_written_is_not_named(
    meetings: list[str], meeting: str | None, papers: str | None, due: str
) -> None:
    """Follow-up, opened 7 January: rulings, "Time of a case"; domain.md 3; KL 5:69, 11:20."""
    found = first_round("follow_up", *meetings)
    assert (found.meeting_on, found.agenda_on, found.due_on) == (day(meeting), day(papers), day(due))


def test_a_meeting_before_the_opening_is_of_no_use() -> None:
    passed = ((date(2027, 1, 6), date(2027, 2, 4)),)
    assert aim_at(passed, date(2027, 1, 7), date(2027, 3, 31), practice=USUAL).meeting_on == date(2027, 2, 4)
    assert aim_at(passed, date(2027, 1, 7), date(2027, 2, 16), practice=USUAL).meeting_on is None


def revision(*, asked: str, **meetings: list[str]) -> RoundDates:
    """The revision of a document that the council adopted: opens 15 October 2026, due by the end of 2027."""
    kinds = {"board": BodyKind.EXECUTIVE_BOARD, "committee": BodyKind.COMMITTEE, "council": BodyKind.COUNCIL}
    bodies = {
        name: a_body(kind, body_id=name, meetings=map(date.fromisoformat, meetings.get(name, [])))
        for name, kind in kinds.items()
    }
    duty = a_duty(RecurrenceKind.MANDATE_PERIOD, body_ids=frozenset({asked}))
    facts = a_policy(bodies[asked], duty, adopter=bodies["council"], adopted_on=date(2023, 3, 1))
    facts = replace(facts, bodies=tuple(bodies.values()))
    [found] = rounds(LIFECYCLES["revision"], facts, bodies[asked], until=date(2026, 10, 15))
    return found


BOARD = ["2027-10-19", "2027-11-16", "2027-12-07"]


@pytest.mark.parametrize(
    ("board", "council", "prepared", "decided"),
    [
        (BOARD, ["2027-11-22", "2027-12-13"], "2027-11-16", "2027-12-13"),  # 7 December is six days before
        (BOARD, ["2027-11-22", "2027-12-20"], "2027-10-19", "2027-11-22"),  # minutes of the 20th: 3 January, KL 5:69
        (["2027-11-29"], ["2027-12-13"], "2027-11-29", "2027-12-13"),  # fourteen days before
        (["2027-11-30"], ["2027-12-13"], None, None),  # thirteen
        (BOARD, [], None, None),
        ([], ["2027-12-13"], None, None),
    ],
)
def test_what_the_council_decides_is_planned_from_its_last_meeting_and_prepared_by_the_board_before_it(
    board: list[str], council: list[str], prepared: str | None, decided: str | None
) -> None:
    """KL 5:26, 6:13."""
    found = revision(asked="board", board=board, council=council)
    assert (found.meeting_on, found.decides_on) == (day(prepared), day(decided))
    assert (found.due_on, found.basis) == (date(2027, 12, 30), DueBasis.DEFAULT)
    assert (found.agenda_on is None) is (prepared is None)


def test_the_papers_of_a_revision_are_those_of_the_board_that_prepares_it() -> None:
    found = revision(asked="board", board=BOARD, council=["2027-12-13"])
    assert (found.meeting_on, found.agenda_on) == (date(2027, 11, 16), date(2027, 10, 26))


def test_a_committees_proposal_passes_the_board_on_its_way_to_the_council() -> None:
    found = revision(asked="committee", committee=["2027-10-05", "2027-11-02"], board=BOARD, council=["2027-12-13"])
    assert (found.meeting_on, found.decides_on) == (date(2027, 11, 2), date(2027, 12, 13))
    assert revision(asked="committee", committee=["2027-10-05"], council=["2027-12-13"]).decides_on is None


def test_a_revision_that_no_meeting_of_the_council_is_in_time_for_is_due_after_its_next() -> None:
    found = revision(asked="board", board=["2028-01-18"], council=["2027-12-20", "2028-01-24", "2028-02-21"])
    assert (found.meeting_on, found.decides_on) == (date(2028, 1, 18), date(2028, 2, 21))
    assert (found.due_on, found.rule_due_on) == (date(2028, 3, 6), date(2027, 12, 30))


def test_what_the_board_adopted_itself_it_also_decides() -> None:
    board = a_body(BodyKind.EXECUTIVE_BOARD, meetings=[date(2027, 12, 7)])
    facts = a_policy(board, a_duty(RecurrenceKind.MANDATE_PERIOD), adopter=board, adopted_on=date(2023, 3, 1))
    [found] = rounds(LIFECYCLES["revision"], facts, board, until=date(2027, 1, 4))
    assert (found.meeting_on, found.decides_on) == (date(2027, 12, 7), None)
