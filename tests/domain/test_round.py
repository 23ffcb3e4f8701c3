"""When rounds open and are due: the dates of the law, the new term, the meetings, the first day of use."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.calendar import is_working_day
from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round import RoundDates, rounds
from styrhjul.domain.vocabulary import BodyKind
from tests.domain.given import a_body, a_policy
from workflows import LIFECYCLES

ADOPTED, FOLLOWED = date(2015, 9, 7), date(2026, 10, 15)


def rounds_of(key: str, body: BodyFacts, *, until: date, followed_from: date = FOLLOWED) -> list[RoundDates]:
    """The rounds of a policy adopted by the council in 2015."""
    recurrence = RecurrenceKind.MANDATE_PERIOD if key == "revision" else None
    facts = a_policy(body, recurrence, adopted_on=ADOPTED, followed_from=followed_from)
    return list(rounds(LIFECYCLES[key], facts, body, until=until))


def test_in_an_election_year_the_new_committee_sets_the_goals() -> None:
    """The round for 2027 waits for the committees that take office on 1 January (KL 6:19)."""
    assert rounds_of("goal_setting", a_body(), until=date(2026, 12, 31)) == []
    [first] = rounds_of("goal_setting", a_body(), until=date(2027, 8, 31))
    assert (first.period, first.opens_on, first.due_on) == ("2027", date(2027, 1, 7), date(2027, 3, 31))


def test_in_other_years_the_goals_are_set_the_autumn_before() -> None:
    [_, second] = rounds_of("goal_setting", a_body(), until=date(2027, 9, 30))
    assert (second.period, second.opens_on, second.due_on) == ("2028", date(2027, 9, 1), date(2027, 11, 30))


def test_a_board_elected_at_the_first_meeting_after_the_election_is_new_as_well() -> None:
    """KL 6:18: the board's term may run from the meeting that elects it."""
    board = BodyFacts(body_id="board", kind=BodyKind.EXECUTIVE_BOARD, term_starts=(date(2026, 10, 26),))
    [first] = rounds_of("goal_setting", board, until=date(2027, 8, 31))
    assert first.opens_on == date(2027, 1, 7)


def test_the_follow_up_is_due_the_last_working_day_of_february() -> None:
    first = rounds_of("follow_up", a_body(), until=date(2027, 12, 31))[-1]
    assert (first.period, first.opens_on, first.due_on) == ("2026", date(2027, 1, 7), date(2027, 2, 26))


def test_revisions_missed_before_styrhjul_are_shown_and_not_followed() -> None:
    """Adopted in the term 2014–2018: the revisions of 2018 and 2022 never happened, that of 2026 begins."""
    found = rounds_of("revision", a_body(BodyKind.EXECUTIVE_BOARD), until=date(2026, 11, 23))
    assert [(r.period, r.followed) for r in found] == [
        ("2018-10-15", False),
        ("2022-10-15", False),
        ("2026-10-15", True),
    ]
    assert found[-1].due_on == date(2027, 12, 30)  # New Year's Eve is free


def test_a_policy_adopted_after_the_election_belongs_to_the_new_term() -> None:
    """domain.md R2: 2022-11-28 lies in the council's term that began in October."""
    body = a_body(BodyKind.EXECUTIVE_BOARD)
    facts = a_policy(body, RecurrenceKind.MANDATE_PERIOD, adopted_on=date(2022, 11, 28), followed_from=FOLLOWED)
    assert [r.period for r in rounds(LIFECYCLES["revision"], facts, body, until=FOLLOWED)] == ["2026-10-15"]


def test_reminders_go_by_the_last_meeting_that_leaves_time_to_adjust_the_minutes() -> None:
    body = a_body(meetings=(date(2027, 1, 27), date(2027, 3, 10), date(2027, 3, 24)))
    [first] = rounds_of("goal_setting", body, until=date(2027, 8, 31))
    assert (first.meeting_on, first.agenda_on) == (date(2027, 3, 10), date(2027, 2, 17))


def test_a_round_no_meeting_fits_is_due_after_the_next_meeting_and_says_so() -> None:
    body = a_body(meetings=(date(2027, 4, 14),))
    [first] = rounds_of("goal_setting", body, until=date(2027, 8, 31))
    assert (first.meeting_on, first.due_on) == (date(2027, 4, 14), date(2027, 4, 28))
    assert "Inget sammanträde" in first.source


def test_a_calendar_that_is_not_entered_yet_moves_nothing() -> None:
    body = a_body(meetings=(date(2028, 1, 19),))
    [first] = rounds_of("goal_setting", body, until=date(2027, 8, 31))
    assert (first.meeting_on, first.due_on) == (None, date(2027, 3, 31))


def test_a_revision_that_was_never_followed_keeps_the_day_it_was_due() -> None:
    board = a_body(BodyKind.EXECUTIVE_BOARD, meetings=(date(2026, 10, 20),))
    missed = rounds_of("revision", board, until=FOLLOWED)
    assert [found.due_on for found in missed[:2]] == [date(2019, 12, 30), date(2023, 12, 29)]


def test_no_meeting_moves_the_follow_up_past_the_annual_report() -> None:
    """KL 11:20: 15 April."""
    body = a_body(meetings=(date(2027, 4, 7),))
    assert rounds_of("follow_up", body, until=date(2027, 12, 31))[-1].due_on == date(2027, 2, 26)


def test_a_round_whose_ladder_no_longer_fits_is_left_alone() -> None:
    late = date(2027, 3, 8)
    assert [r.period for r in rounds_of("goal_setting", a_body(), until=late, followed_from=late)] == []


@given(followed=st.dates(date(2026, 1, 1), date(2031, 12, 31)), key=st.sampled_from(sorted(LIFECYCLES)))
def test_a_round_opens_and_is_due_on_working_days_and_opens_first(followed: date, key: str) -> None:
    for found in rounds_of(key, a_body(), until=date(2035, 12, 31), followed_from=followed):
        assert is_working_day(found.opens_on)
        assert is_working_day(found.due_on)
        assert found.opens_on < found.due_on
