"""The planner's promises, over every day and every gap: nothing twice, rungs only climb, silence after an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from styrhjul.domain.action import NoteUnreachable, OpenCase, SendNotice, SupersedeNotice
from styrhjul.domain.calendar import add_working_days, is_working_day
from styrhjul.domain.facts import CaseFacts, NoticeFacts, NoticeStatus
from styrhjul.domain.ladder import ladder_days
from styrhjul.domain.lifecycle import Audience, State
from styrhjul.domain.planner import apply, plan, wake_on
from styrhjul.domain.recurrence import RecurrenceKind
from tests.domain.given import CHAIR, CHIEF, HEAD, POSTS, a_body, a_case, a_policy, days, lived
from workflows import LIFECYCLES

GOALS = LIFECYCLES["goal_setting"]
OPENED, DUE = date(2027, 1, 7), date(2027, 3, 31)
lengths = st.integers(1, 400)


@given(opens=days, length=lengths, today=days, lifecycle=st.sampled_from(sorted(LIFECYCLES)))
def test_planning_on_its_own_result_owes_nothing(opens: date, length: int, today: date, lifecycle: str) -> None:
    facts, _ = lived(LIFECYCLES[lifecycle], a_case(opens, opens + timedelta(length)), today)
    assert plan(LIFECYCLES[lifecycle], facts, today) == []


@given(opens=days, length=lengths, today=days)
@pytest.mark.parametrize("state", [State.SUBMITTED, State.DONE, State.WAIVED, State.NOT_FOLLOWED])
def test_an_answered_case_is_silent(state: State, opens: date, length: int, today: date) -> None:
    facts = replace(a_case(opens, opens + timedelta(length)), state=state)
    assert plan(GOALS, facts, today) == []
    assert wake_on(GOALS, facts, today) is None


@given(opens=days, length=lengths)
def test_a_case_nobody_answers_reaches_the_chief_executive_after_every_holder_was_warned(
    opens: date, length: int
) -> None:
    facts, sent = a_case(opens, opens + timedelta(length)), list[SendNotice]()
    day: date | None = opens
    while day is not None:
        facts, today = lived(GOALS, facts, day)
        sent += today
        day = wake_on(GOALS, facts, day)
    rungs = [notice.rung for notice in sent]
    assert rungs[-1] == "chief_executive"
    assert rungs.index("warning") < rungs.index("head") < rungs.index("chief_executive")


@given(opens=days, length=lengths)
def test_every_notice_but_the_first_leaves_on_a_working_day(opens: date, length: int) -> None:
    facts = a_case(opens, opens + timedelta(length))
    day: date | None = opens
    while day is not None:
        facts, today = lived(GOALS, facts, day)
        assert all(is_working_day(notice.on) for notice in today if notice.rung != "opened")
        day = wake_on(GOALS, facts, day)


@given(opens=days, length=lengths, gap=st.integers(0, 500))
def test_after_a_gap_each_post_hears_only_of_the_highest_rung_it_reached(opens: date, length: int, gap: int) -> None:
    facts = a_case(opens, opens + timedelta(length))
    actions = plan(GOALS, facts, opens + timedelta(gap))
    sent = [action for action in actions if isinstance(action, SendNotice)]
    assert len(sent) == len({action.post_id for action in sent})
    passed = {action.rung for action in actions if isinstance(action, SupersedeNotice)}
    order = [rung.key for rung in GOALS.ladder]
    assert all(order.index(rung) < order.index(notice.rung) for rung in passed for notice in sent)


def test_nothing_goes_up_before_a_warning_has_reached_somebody() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), DUE, status=NoticeStatus.MAILED)
    assert plan(GOALS, facts, date(2027, 6, 1)) == []


def test_whoever_was_warned_late_still_gets_three_working_days() -> None:
    late = date(2027, 5, 3)
    facts, _ = lived(GOALS, a_case(OPENED, DUE), late)
    assert plan(GOALS, facts, add_working_days(late, 2)) == []
    [up] = [action for action in plan(GOALS, facts, add_working_days(late, 3)) if isinstance(action, SendNotice)][:1]
    assert up.post_id == HEAD


def test_a_warning_that_reached_nobody_is_noted_once_and_goes_nowhere() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), DUE, status=NoticeStatus.FAILED)
    [noted] = plan(GOALS, facts, date(2027, 4, 20))
    assert isinstance(noted, NoteUnreachable)
    after = apply(facts, noted, date(2027, 4, 20))
    assert plan(GOALS, after, date(2027, 6, 1)) == []


def test_the_chief_executive_hears_of_it_on_a_digest_day() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), date(2027, 3, 30))
    [chief] = [day.on for day in ladder_days(GOALS.ladder, facts) if day.rung.to is Audience.CHIEF_EXECUTIVE]
    assert chief == date(2027, 4, 14)  # eight working days past Easter, and a Wednesday
    assert chief.weekday() == 2


def test_a_moved_deadline_arms_the_reminders_anew_but_does_not_open_the_case_again() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), OPENED)
    facts, _ = lived(GOALS, facts, date(2027, 3, 30))
    moved = replace(facts, due_on=date(2027, 6, 15))
    assert plan(GOALS, moved, date(2027, 4, 1)) == []
    warned = {notice.post_id for notice in lived(GOALS, moved, date(2027, 6, 14))[1]}
    assert warned == {CHAIR, "secretary"}


def test_reminders_aim_at_the_papers_when_the_meeting_is_known() -> None:
    by_papers = {
        day.rung.key: day.on for day in ladder_days(GOALS.ladder, a_case(OPENED, DUE, agenda_on=date(2027, 2, 17)))
    }
    assert by_papers["reminder"] == date(2027, 2, 3)
    assert by_papers["warning"] == date(2027, 3, 30)


@given(opens=days, length=lengths, today=days)
def test_wake_on_is_the_first_day_on_which_the_planner_speaks(opens: date, length: int, today: date) -> None:
    """Recomputed by brute force: asking the planner every single day finds the same next day."""
    facts, _ = lived(GOALS, a_case(opens, opens + timedelta(length)), today)
    wake = wake_on(GOALS, facts, today)
    speaks = (day for day in (today + timedelta(n) for n in range(1, 600)) if plan(GOALS, facts, day))
    assert wake == next(speaks, None) or (wake is not None and wake > today + timedelta(599))


@given(followed=st.dates(date(2026, 1, 1), date(2030, 12, 31)), today=st.integers(0, 1500))
@pytest.mark.parametrize("key", sorted(LIFECYCLES))
def test_a_policy_wakes_on_the_first_day_on_which_a_round_opens(key: str, followed: date, today: int) -> None:
    lifecycle = LIFECYCLES[key]
    recurrence = RecurrenceKind.MANDATE_PERIOD if key == "revision" else None
    facts = a_policy(a_body(), recurrence, adopted_on=date(2015, 9, 7), followed_from=followed)
    day = followed + timedelta(today)
    for action in plan(lifecycle, facts, day):
        facts = apply(facts, action, day)  # type: ignore[assignment]
    assert plan(lifecycle, facts, day) == []
    wake = wake_on(lifecycle, facts, day)
    assert wake is not None
    assert plan(lifecycle, facts, wake - timedelta(1)) == []
    assert any(isinstance(action, OpenCase) for action in plan(lifecycle, facts, wake))


class Clockwork(RuleBasedStateMachine):
    """Days pass, pulses stall and double, mails fail, deadlines move, somebody answers."""

    @initialize(opens=days, length=lengths)
    def open(self, opens: date, length: int) -> None:
        self.facts = a_case(opens, opens + timedelta(length))
        self.today = opens
        self.sent: list[SendNotice] = []
        self.silent_from: int | None = None

    @rule(n=st.integers(0, 60))
    def days_pass(self, n: int) -> None:
        self.today += timedelta(n)

    @rule(status=st.sampled_from([NoticeStatus.DELIVERED, NoticeStatus.FAILED, NoticeStatus.MAILED]))
    def pulse(self, status: NoticeStatus) -> None:
        self.facts, sent = lived(GOALS, self.facts, self.today, status=status)
        self.sent += sent

    @precondition(lambda self: self.silent_from is None)
    @rule(n=st.integers(1, 90))
    def more_time(self, n: int) -> None:
        self.facts = replace(self.facts, due_on=self.today + timedelta(n), unreachable_on=None)

    @precondition(lambda self: self.silent_from is None)
    @rule()
    def answer(self) -> None:
        self.facts = replace(self.facts, state=State.SUBMITTED)
        self.silent_from = len(self.sent)

    @invariant()
    def no_notice_twice(self) -> None:
        keys = [notice.key for notice in getattr(self, "sent", [])]
        assert len(keys) == len(set(keys))

    @invariant()
    def rungs_only_climb(self) -> None:
        order = [rung.key for rung in GOALS.ladder]
        climbed: dict[tuple[date, str], int] = {}
        for notice in getattr(self, "sent", []):
            height = order.index(notice.rung)
            assert height > climbed.get((notice.due_on, notice.post_id), -1)
            climbed[notice.due_on, notice.post_id] = height

    @invariant()
    def nobody_is_reported_unwarned(self) -> None:
        delivered = [n for n in self._ledger() if n.rung == "warning" and n.status is NoticeStatus.DELIVERED]
        went_up = [n for n in getattr(self, "sent", []) if n.post_id in (HEAD, CHIEF)]
        assert all(any(w.due_on == up.due_on for w in delivered) for up in went_up)

    @invariant()
    def silence_after_the_answer(self) -> None:
        if getattr(self, "silent_from", None) is not None:
            assert len(self.sent) == self.silent_from

    def _ledger(self) -> tuple[NoticeFacts, ...]:
        facts: CaseFacts | None = getattr(self, "facts", None)
        return facts.notices if facts else ()


TestClockwork = Clockwork.TestCase


def test_a_body_nobody_can_be_reached_in_is_noted_on_the_day_of_the_warning() -> None:
    """Without chair and secretary there is nobody to warn, so nothing goes up; silence would hide it for ever."""
    empty = replace(a_case(OPENED, DUE), posts={**POSTS, Audience.HOLDER: ()})
    assert wake_on(GOALS, empty, OPENED) == date(2027, 3, 30)
    [noted] = plan(GOALS, empty, date(2027, 3, 30))
    assert isinstance(noted, NoteUnreachable)
    after = apply(empty, noted, date(2027, 3, 30))
    assert isinstance(after, CaseFacts)
    assert plan(GOALS, after, date(2027, 6, 1)) == []
    assert wake_on(GOALS, after, date(2027, 6, 1)) is None
