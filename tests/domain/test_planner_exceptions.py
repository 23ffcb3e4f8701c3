"""What goes otherwise than planned: nobody warned, warned late, more time, another post, a deadline already near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.action import Action, NoteUnreachable, SendNotice, SupersedeNotice
from styrhjul.domain.facts import CaseFacts, NoticeStatus
from styrhjul.domain.lifecycle import Lifecycle, State
from styrhjul.domain.planner import plan, wake_on
from styrhjul.domain.rung import Audience
from tests.domain.given import CHAIR, CHIEF, COORDINATOR, HEAD, POSTS, SECRETARY, a_case, life, lived, written
from workflows import LIFECYCLES

every_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
GOALS = LIFECYCLES["goal_setting"]
OPENED, DUE = date(2027, 1, 7), date(2027, 3, 31)
WARNED = date(2027, 3, 30)


def settled(facts: CaseFacts, rung: str, status: NoticeStatus, *, post: str | None = None) -> CaseFacts:
    """The facts once the notices of a rung, to one post or to all, have got an outcome."""
    notices = tuple(
        replace(notice, status=status) if notice.rung == rung and post in (None, notice.post_id) else notice
        for notice in facts.notices
    )
    return replace(facts, notices=notices)


def notices(actions: Iterable[Action]) -> list[tuple[str, str]]:
    """Rung and post of what is sent."""
    return [(action.rung, action.post_id) for action in actions if isinstance(action, SendNotice)]


@pytest.mark.parametrize("status", [NoticeStatus.MAILED, NoticeStatus.PLANNED])
def test_nothing_goes_up_before_a_warning_has_reached_somebody(status: NoticeStatus) -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), DUE)
    facts = settled(facts, "warning", status)
    assert plan(GOALS, facts, date(2027, 6, 1)) == []
    assert wake_on(GOALS, facts, date(2027, 6, 1)) == facts.lapses_on


def test_a_warning_that_was_withdrawn_is_owed_and_nothing_goes_up_before_it() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), DUE)
    facts = settled(facts, "warning", NoticeStatus.CANCELLED)
    assert notices(plan(GOALS, facts, date(2027, 6, 1))) == [("warning", CHAIR), ("warning", SECRETARY)]


def test_one_warning_that_arrived_is_enough_to_go_up() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), DUE)
    facts = settled(facts, "warning", NoticeStatus.FAILED, post=CHAIR)
    assert notices(plan(GOALS, facts, date(2027, 4, 5))) == [("head", HEAD)]


def test_a_warning_of_another_due_day_warns_of_nothing() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), DUE)
    moved = replace(facts, due_on=date(2027, 3, 15))  # an earlier day, of which nobody was ever told
    assert notices(plan(GOALS, moved, date(2027, 6, 1))) == [("warning", CHAIR), ("warning", SECRETARY)]


def test_a_case_that_stopped_binding_after_the_warning_goes_no_further_up() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), DUE)
    assert notices(plan(GOALS, facts, date(2027, 4, 5))) == [("head", HEAD)]
    assert plan(GOALS, replace(facts, is_binding=False), date(2027, 6, 1)) == []


def test_whoever_was_warned_late_still_gets_three_working_days() -> None:
    late = date(2027, 5, 3)
    facts, _ = lived(GOALS, a_case(OPENED, DUE), late)
    assert plan(GOALS, facts, date(2027, 5, 7)) == []  # the third working day, but squeezed behind Ascension Day
    [head] = plan(GOALS, facts, date(2027, 5, 10))
    assert isinstance(head, SendNotice)
    assert (head.post_id, head.deferred_from) == (HEAD, date(2027, 5, 7))
    assert notices(plan(GOALS, facts, date(2027, 5, 12)))[1:] == [("chief_executive", CHIEF)]


@every_lifecycle
@pytest.mark.parametrize("status", [NoticeStatus.FAILED, NoticeStatus.VACANT])
def test_a_warning_that_reached_nobody_is_noted_once_and_the_coordinator_is_told(
    lifecycle: Lifecycle, status: NoticeStatus
) -> None:
    facts, _ = lived(lifecycle, a_case(OPENED, DUE, lifecycle=lifecycle), WARNED, status=status)
    actions = plan(lifecycle, facts, DUE)
    [noted, told] = actions
    assert noted == NoteUnreachable(case_id="case", due_on=DUE, on=DUE)
    assert notices([told]) == [("unreachable", COORDINATOR)]
    after = written(facts, actions, DUE)
    assert plan(lifecycle, after, date(2027, 6, 1)) == []
    assert wake_on(lifecycle, after, DUE) == after.lapses_on


@every_lifecycle
def test_one_warning_whose_outcome_is_not_known_yet_is_waited_for(lifecycle: Lifecycle) -> None:
    facts, _ = lived(lifecycle, a_case(OPENED, DUE), WARNED, status=NoticeStatus.FAILED)
    facts = settled(facts, "warning", NoticeStatus.MAILED, post=CHAIR)
    assert plan(lifecycle, facts, DUE) == []


@every_lifecycle
def test_a_body_without_any_post_is_noted_on_the_day_of_the_warning(lifecycle: Lifecycle) -> None:
    """Without chair and secretary there is nobody to warn, so nothing goes up; silence would hide it for ever."""
    empty = a_case(OPENED, DUE, posts={**POSTS, Audience.HOLDER: (), Audience.BODY: ()})
    [(_, after, sent)] = [life_day for life_day in life(lifecycle, empty) if life_day[2]]
    assert notices(sent) == [("unreachable", COORDINATOR)]
    assert (after.unreachable_on, sent[0].on) == (WARNED, WARNED)


def test_a_municipality_without_a_coordinator_has_it_noted_all_the_same() -> None:
    empty = a_case(OPENED, DUE, posts=dict.fromkeys(Audience, ()))
    assert plan(GOALS, empty, WARNED) == [NoteUnreachable(case_id="case", due_on=DUE, on=WARNED)]


def test_a_post_that_is_filled_before_anybody_noticed_is_warned_and_nothing_is_noted() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), WARNED, status=NoticeStatus.FAILED)
    given = replace(facts, posts={**POSTS, Audience.HOLDER: ("another",)})
    assert notices(plan(GOALS, given, DUE)) == [("warning", "another")]
    assert not any(isinstance(action, NoteUnreachable) for action in plan(GOALS, given, DUE))


def test_a_post_that_takes_over_late_hears_only_of_where_the_case_stands() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), date(2027, 3, 24))
    given = replace(facts, posts={**POSTS, Audience.HOLDER: ("another",)})
    actions = plan(GOALS, given, date(2027, 3, 25))
    assert notices(actions) == [("last_reminder", "another")]
    assert [action.rung for action in actions if isinstance(action, SupersedeNotice)] == ["opened", "reminder"]


def test_an_extension_arms_the_reminders_anew_but_does_not_open_the_case_again() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), OPENED)
    facts, _ = lived(GOALS, facts, WARNED)
    moved = replace(facts, due_on=date(2027, 6, 15))
    assert plan(GOALS, moved, date(2027, 4, 1)) == []
    coming = [(day, notices(sent)) for day, _, sent in life(GOALS, replace(moved, opens_on=date(2027, 4, 1))) if sent]
    assert coming == [
        (date(2027, 6, 1), [("reminder", CHAIR), ("reminder", SECRETARY)]),
        (date(2027, 6, 10), [("last_reminder", CHAIR), ("last_reminder", SECRETARY)]),
        (date(2027, 6, 14), [("warning", CHAIR), ("warning", SECRETARY)]),
        (date(2027, 6, 18), [("head", HEAD)]),
        (date(2027, 6, 30), [("chief_executive", CHIEF)]),  # midsommarafton between, and a Wednesday
    ]


def test_an_extension_to_a_day_that_is_near_warns_at_once() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), DUE)
    moved = replace(facts, due_on=date(2027, 4, 6))
    actions = plan(GOALS, moved, date(2027, 4, 5))
    assert notices(actions) == [("warning", CHAIR), ("warning", SECRETARY)]
    assert {action.rung for action in actions if isinstance(action, SupersedeNotice)} == {"reminder", "last_reminder"}


def test_an_extension_forgets_that_nobody_could_be_reached_and_notices_it_anew() -> None:
    empty = a_case(OPENED, DUE, posts={**POSTS, Audience.HOLDER: ()})
    after = written(empty, plan(GOALS, empty, WARNED), WARNED)
    moved = replace(after, due_on=date(2027, 6, 15), unreachable_on=None)
    assert plan(GOALS, moved, date(2027, 4, 1)) == []
    assert notices(plan(GOALS, moved, date(2027, 6, 14))) == [("unreachable", COORDINATOR)]


def test_what_was_noted_reaches_somebody_also_when_the_post_that_was_missing_is_filled_meanwhile() -> None:
    empty = a_case(OPENED, DUE, posts={**POSTS, Audience.HOLDER: ()})
    noted = settled(written(empty, plan(GOALS, empty, WARNED), WARNED), "unreachable", NoticeStatus.VACANT)
    filled = replace(noted, posts=POSTS)
    assert notices(plan(GOALS, filled, WARNED)) == [("warning", CHAIR), ("warning", SECRETARY), ("unreachable", CHIEF)]


def test_the_coordinator_is_told_once_for_a_due_day_also_if_it_is_noted_again() -> None:
    empty = a_case(OPENED, DUE, posts={**POSTS, Audience.HOLDER: ()})
    after = replace(written(empty, plan(GOALS, empty, WARNED), WARNED), unreachable_on=None)
    assert plan(GOALS, after, DUE) == [NoteUnreachable(case_id="case", due_on=DUE, on=DUE)]


def test_what_was_sent_back_is_chased_again_from_where_it_stood() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), date(2027, 3, 24))
    answered = replace(facts, state=State.SUBMITTED)
    assert plan(GOALS, answered, WARNED) == []
    assert notices(plan(GOALS, replace(answered, state=State.OPEN), WARNED)) == [
        ("warning", CHAIR),
        ("warning", SECRETARY),
    ]


@pytest.mark.parametrize("key", ["revision", "annual_report"])
def test_what_was_begun_is_chased_until_it_is_handed_in(key: str) -> None:
    lifecycle = LIFECYCLES[key]
    for state in lifecycle.chased:
        begun = a_case(OPENED, DUE, state=state)
        assert [notice.rung for _, _, sent in life(lifecycle, begun) for notice in sent][-1] == "chief_executive"
