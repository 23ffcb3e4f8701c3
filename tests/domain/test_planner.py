"""The planner's promises, over every day and every gap: nothing twice, rungs only climb, silence after an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.action import CloseCase, OpenCase, SendNotice, SupersedeNotice
from styrhjul.domain.facts import CaseFacts, NoticeStatus
from styrhjul.domain.lifecycle import FINAL_STATES, Event, Lifecycle, State, step
from styrhjul.domain.planner import apply, plan, wake_on
from styrhjul.domain.practice import Practice
from styrhjul.domain.rung import ABOVE, Audience
from tests.domain.given import a_body, a_case, a_policy, days, lengths, life, lived, practices, usual_policy, written
from workflows import LIFECYCLES

every_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
GOALS = LIFECYCLES["goal_setting"]
OPENED, DUE = date(2027, 1, 7), date(2027, 3, 31)


def states(lifecycle: Lifecycle) -> list[State]:
    """Every state a case of this lifecycle can be in before it ends."""
    return sorted({state for state, _ in lifecycle.transitions})


@every_lifecycle
@given(opens=days, length=lengths, today=days)
def test_planning_on_its_own_result_owes_nothing(lifecycle: Lifecycle, opens: date, length: int, today: date) -> None:
    facts, _ = lived(lifecycle, a_case(opens, opens + timedelta(length), lifecycle=lifecycle), today)
    assert plan(lifecycle, facts, today) == []


@every_lifecycle
@given(opens=days, length=lengths, practice=practices)
def test_nothing_is_sent_twice_and_each_post_only_hears_of_higher_rungs(
    lifecycle: Lifecycle, opens: date, length: int, practice: Practice
) -> None:
    case = a_case(opens, opens + timedelta(length), lifecycle=lifecycle, practice=practice)
    sent = [notice for _, _, notices in life(lifecycle, case) for notice in notices]
    assert len({notice.key for notice in sent}) == len(sent)
    for post in {notice.post_id for notice in sent}:
        heights = [lifecycle.height(notice.rung) for notice in sent if notice.post_id == post]
        assert heights == sorted(set(heights))


#: What a notice that left, or waits, may become; one that was withdrawn is owed still.
BECOMES = sorted(set(NoticeStatus) - {NoticeStatus.CANCELLED, NoticeStatus.SUPERSEDED})


@every_lifecycle
@given(opens=days, length=lengths, today=days, status=st.sampled_from(BECOMES))
def test_what_becomes_of_a_notice_that_nothing_waits_for_changes_nothing(
    lifecycle: Lifecycle, opens: date, length: int, today: date, status: NoticeStatus
) -> None:
    facts, _ = lived(lifecycle, a_case(opens, opens + timedelta(length), lifecycle=lifecycle), today)
    ended = tuple(
        each if each.rung in lifecycle.warnings else replace(each, status=status, delivered_on=today)
        for each in facts.notices
    )
    later = replace(facts, notices=ended)
    assert plan(lifecycle, later, today + timedelta(1)) == plan(lifecycle, facts, today + timedelta(1))
    assert wake_on(lifecycle, later, today) == wake_on(lifecycle, facts, today)


@every_lifecycle
@given(opens=days, length=lengths, practice=practices)
def test_a_case_nobody_answers_warns_every_holder_before_it_reaches_the_chief_executive(
    lifecycle: Lifecycle, opens: date, length: int, practice: Practice
) -> None:
    case = a_case(opens, opens + timedelta(length), lifecycle=lifecycle, practice=practice)
    sent = [notice for _, _, notices in life(lifecycle, case) for notice in notices]
    assert sent[-1].rung == "chief_executive"
    warned = {notice.post_id for notice in sent if notice.rung == "warning"}
    assert warned == set(case.posts[Audience.HOLDER])
    first_up = next(number for number, notice in enumerate(sent) if lifecycle.rung(notice.rung).to in ABOVE)
    assert all(notice.rung != "warning" for notice in sent[first_up:])


@every_lifecycle
@given(opens=days, length=lengths, practice=practices)
def test_everything_after_the_opening_leaves_on_an_ordinary_day_and_says_where_it_was_moved_from(
    lifecycle: Lifecycle, opens: date, length: int, practice: Practice
) -> None:
    case = a_case(opens, opens + timedelta(length), lifecycle=lifecycle, practice=practice)
    notices = [notice for _, _, sent in life(lifecycle, case) for notice in sent if notice.on != opens]
    assert all(practice.is_ordinary(notice.on) for notice in notices)
    for notice in notices:
        moved_from = notice.deferred_from
        if moved_from is None:
            continue
        assert not practice.is_ordinary(moved_from)
        if lifecycle.rung(notice.rung).at.digest:  # one digest a week, so it may wait for the next one
            assert notice.on >= practice.next_ordinary(moved_from)
        else:
            assert notice.on == practice.next_ordinary(moved_from)


@every_lifecycle
@given(opens=days, length=lengths, gap=st.integers(0, 900))
def test_after_an_outage_each_post_hears_only_of_the_highest_rung_it_reached_and_the_rest_is_recorded(
    lifecycle: Lifecycle, opens: date, length: int, gap: int
) -> None:
    case = a_case(opens, opens + timedelta(length), lifecycle=lifecycle)
    case = replace(case, lapses_on=date.max)
    actions = plan(lifecycle, case, opens + timedelta(gap))
    sent = {action.post_id: action.rung for action in actions if isinstance(action, SendNotice)}
    assert len(sent) == sum(isinstance(action, SendNotice) for action in actions)
    for action in actions:
        if isinstance(action, SupersedeNotice):
            assert lifecycle.height(action.rung) < lifecycle.height(sent[action.post_id])


@every_lifecycle
@given(opens=days, length=lengths, today=days)
def test_an_answered_case_is_silent_until_it_ends(lifecycle: Lifecycle, opens: date, length: int, today: date) -> None:
    facts = a_case(opens, opens + timedelta(length), lifecycle=lifecycle, state=State.SUBMITTED)
    facts = replace(facts, lapses_on=max(facts.lapses_on, today + timedelta(1)))
    assert plan(lifecycle, facts, today) == []
    assert wake_on(lifecycle, facts, today) == facts.lapses_on


@every_lifecycle
def test_a_case_ends_on_the_day_the_next_round_takes_over_from_whatever_state_it_is_in(lifecycle: Lifecycle) -> None:
    for state in states(lifecycle):
        case = a_case(OPENED, DUE, lifecycle=lifecycle, state=state, lapses_on=date(2027, 9, 1))
        assert not any(isinstance(action, CloseCase) for action in plan(lifecycle, case, date(2027, 8, 31)))
        for day in (date(2027, 9, 1), date(2029, 2, 1)):
            [closed] = plan(lifecycle, case, day)
            assert closed == CloseCase(case_id="case", state=step(lifecycle, state, Event.CLOSE), on=day)
            after = written(case, [closed], day)
            assert (plan(lifecycle, after, day), wake_on(lifecycle, after, day)) == ([], None)


@every_lifecycle
def test_a_case_nobody_was_asked_about_ends_without_a_missing_answer(lifecycle: Lifecycle) -> None:
    for state in states(lifecycle):
        case = a_case(OPENED, DUE, lifecycle=lifecycle, state=state, lapses_on=DUE, is_released=False)
        [closed] = plan(lifecycle, case, DUE)
        unasked = State.NOT_FOLLOWED if state is State.OPEN else step(lifecycle, state, Event.CLOSE)
        assert closed == CloseCase(case_id="case", state=unasked, on=DUE)


@every_lifecycle
def test_an_answer_nobody_sent_back_is_done_and_a_missing_one_is_recorded_as_missing(lifecycle: Lifecycle) -> None:
    ends = {state: step(lifecycle, state, Event.CLOSE) for state in states(lifecycle)}
    assert ends.pop(State.SUBMITTED) is State.DONE
    assert set(ends.values()) == {State.LAPSED}


@every_lifecycle
@pytest.mark.parametrize("state", sorted(FINAL_STATES))
@given(today=days)
def test_an_ended_case_neither_speaks_nor_wakes(state: State, lifecycle: Lifecycle, today: date) -> None:
    facts = a_case(OPENED, DUE, lifecycle=lifecycle, state=state)
    assert (plan(lifecycle, facts, today), wake_on(lifecycle, facts, today)) == ([], None)


def an_outcome(lifecycle: Lifecycle, data: st.DataObject) -> tuple[CaseFacts, date]:
    """Some case on some day, with everything planned and every mail of the day with the same outcome."""
    opens, practice = data.draw(days), data.draw(practices)
    case = a_case(opens, opens + timedelta(data.draw(st.integers(1, 120))), lifecycle=lifecycle, practice=practice)
    day = opens + timedelta(data.draw(st.integers(0, 250)))
    status = data.draw(st.sampled_from(sorted(set(NoticeStatus) - {NoticeStatus.PLANNED})))
    facts, _ = lived(lifecycle, replace(case, lapses_on=case.due_on + timedelta(60)), day, status=status)
    return written(facts, plan(lifecycle, facts, day), day), day


@every_lifecycle
@given(data=st.data())
def test_a_case_wakes_on_the_first_day_on_which_the_planner_speaks(lifecycle: Lifecycle, data: st.DataObject) -> None:
    """Recomputed by brute force: asking the planner every single day finds the same next day."""
    facts, day = an_outcome(lifecycle, data)
    coming = (day + timedelta(n) for n in range(1, 600))
    assert wake_on(lifecycle, facts, day) == next((later for later in coming if plan(lifecycle, facts, later)), None)
    assert (wake_on(lifecycle, facts, day) is None) == (facts.state in FINAL_STATES)


@every_lifecycle
@given(followed=st.dates(date(2026, 1, 1), date(2030, 12, 31)), later=st.integers(0, 1500), practice=practices)
def test_a_policy_wakes_on_the_first_day_on_which_a_round_opens(
    lifecycle: Lifecycle, followed: date, later: int, practice: Practice
) -> None:
    facts = replace(usual_policy(lifecycle, a_body(), followed_from=followed), practice=practice)
    day = followed + timedelta(later)
    facts = apply(facts, plan(lifecycle, facts, day), day)  # type: ignore[assignment]
    assert plan(lifecycle, facts, day) == []
    wake = wake_on(lifecycle, facts, day)
    if wake is None:
        assert lifecycle.key == "referral"
        assert not plan(lifecycle, facts, date(2040, 1, 1))
        return
    assert plan(lifecycle, facts, wake - timedelta(1)) == []
    assert any(isinstance(action, OpenCase) for action in plan(lifecycle, facts, wake))


@every_lifecycle
@given(opens=days, length=lengths)
def test_what_does_not_bind_is_asked_and_reminded_and_never_warned_nor_reported(
    lifecycle: Lifecycle, opens: date, length: int
) -> None:
    """*Bör* and *kan*: no answer is no breach."""
    case = a_case(opens, opens + timedelta(length), lifecycle=lifecycle, is_binding=False)
    lived_days = list(life(lifecycle, case, status=NoticeStatus.FAILED))
    sent = {notice.rung for _, _, notices in lived_days for notice in notices}
    assert "opened" in sent
    assert all(rung.key not in sent for rung in lifecycle.ladder if rung.after or rung.key == "warning")
    assert lived_days[-1][1].state is State.LAPSED
    assert lived_days[-1][1].unreachable_on is None


@every_lifecycle
def test_what_does_not_bind_gets_every_reminder_there_is(lifecycle: Lifecycle) -> None:
    case = a_case(OPENED, date(2028, 3, 31), lifecycle=lifecycle, is_binding=False)
    sent = {notice.rung for _, _, notices in life(lifecycle, case) for notice in notices}
    assert sent == {rung.key for rung in lifecycle.ladder if not rung.after} - {"warning"}


def test_an_action_about_something_else_is_refused() -> None:
    closing = CloseCase(case_id="case", state=State.LAPSED, on=DUE)
    with pytest.raises(TypeError, match="CloseCase does not concern PolicyFacts"):
        apply(a_policy(a_body()), [closing], DUE)


def test_every_round_names_the_day_it_opened_and_the_rest_of_what_a_case_keeps() -> None:
    facts = usual_policy(GOALS, a_body(meetings=(date(2027, 3, 10),)))
    [action] = plan(GOALS, facts, OPENED)
    assert isinstance(action, OpenCase)
    assert action.key == ("policy", "goal_setting", "body", "2027")
    assert (action.opens_on, action.due_on, action.meeting_on) == (OPENED, DUE, date(2027, 3, 10))
    assert (action.agenda_on, action.lapses_on, action.followed) == (date(2027, 2, 17), date(2027, 9, 1), True)
    assert plan(GOALS, apply(facts, [action], OPENED), OPENED) == []
