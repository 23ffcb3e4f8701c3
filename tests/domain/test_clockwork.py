"""One case through anything: days pass, pulses stall and double, mails fail, posts change hands, somebody answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from styrhjul.domain.action import CloseCase, NoteUnreachable, SendNotice, SupersedeNotice
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.lifecycle import FINAL_STATES, State
from styrhjul.domain.planner import plan, wake_on
from styrhjul.domain.practice import Practice
from styrhjul.domain.rung import ABOVE, Audience
from tests.domain.given import CHAIR, SECRETARY, a_case, days, lengths, practices, written
from workflows import LIFECYCLES

OUTCOMES = [NoticeStatus.DELIVERED, NoticeStatus.FAILED, NoticeStatus.VACANT, NoticeStatus.MAILED]


def in_state(*states: State) -> Callable[[Clockwork], bool]:
    """Whether the case is in one of these states."""
    return lambda machine: machine.facts.state in states


class Clockwork(RuleBasedStateMachine):
    """The ledger is what `facts.notices` holds; `sent` remembers every notice in the order it was planned."""

    @initialize(key=st.sampled_from(sorted(LIFECYCLES)), opens=days, length=lengths, practice=practices)
    def open(self, key: str, opens: date, length: int, practice: Practice) -> None:
        self.lifecycle = LIFECYCLES[key]
        opens = practice.next_ordinary(opens)
        due_on = opens + timedelta(length)
        self.facts = a_case(opens, due_on, lifecycle=self.lifecycle, practice=practice)
        self.facts = replace(self.facts, lapses_on=practice.next_ordinary(due_on + timedelta(60)))
        self.today = opens
        self.sent: list[SendNotice] = []
        self.planned = False

    @rule(n=st.integers(0, 60))
    def days_pass(self, n: int) -> None:
        self.today += timedelta(n)
        self.planned = self.planned and n == 0

    @rule(doubled=st.booleans())
    def pulse(self, doubled: bool) -> None:
        for _ in range(1 + doubled):
            actions = plan(self.lifecycle, self.facts, self.today)
            assert not any(isinstance(action, NoteUnreachable) for action in actions) or not self._anybody_was_warned()
            self.facts = written(self.facts, actions, self.today)
            self.sent += [action for action in actions if isinstance(action, SendNotice)]
            passed = [action for action in actions if isinstance(action, SupersedeNotice)]
            assert all(action.post_id in {notice.post_id for notice in self.sent} for action in passed)
        assert plan(self.lifecycle, self.facts, self.today) == []
        self.planned = True

    @rule(status=st.sampled_from(OUTCOMES), post=st.sampled_from([None, CHAIR, SECRETARY]))
    def mails_leave(self, status: NoticeStatus, post: str | None) -> None:
        self._settle({NoticeStatus.PLANNED, NoticeStatus.MAILED}, status, post)

    @rule()
    def a_vacancy_is_filled(self) -> None:
        self._settle({NoticeStatus.VACANT}, NoticeStatus.DELIVERED, None)

    @rule(post=st.sampled_from([CHAIR, SECRETARY]))
    def a_mail_bounces_afterwards(self, post: str) -> None:
        self._settle({NoticeStatus.DELIVERED}, NoticeStatus.FAILED, post)

    @precondition(in_state(State.OPEN))
    @rule(n=st.integers(1, 90))
    def more_time(self, n: int) -> None:
        due_on = self.today + timedelta(n)
        lapses_on = max(self.facts.lapses_on, self.facts.practice.next_ordinary(due_on + timedelta(60)))
        self.facts = replace(self.facts, due_on=due_on, lapses_on=lapses_on, unreachable_on=None)
        self.planned = False

    @rule(posts=st.sampled_from([(CHAIR,), (SECRETARY,), ("another",), (), (CHAIR, SECRETARY)]))
    def given_to(self, posts: tuple[str, ...]) -> None:
        self.facts = replace(self.facts, posts={**self.facts.posts, Audience.HOLDER: posts})
        self.planned = False

    @rule(practice=practices)
    def the_municipality_changes_its_ways(self, practice: Practice) -> None:
        self.facts = replace(self.facts, practice=practice)
        self.planned = False

    @precondition(in_state(State.OPEN))
    @rule()
    def answered(self) -> None:
        self.facts = replace(self.facts, state=State.SUBMITTED)

    @precondition(in_state(State.SUBMITTED))
    @rule()
    def sent_back(self) -> None:
        self.facts = replace(self.facts, state=State.OPEN)
        self.planned = False

    @invariant()
    def nothing_stands_twice_in_the_ledger(self) -> None:
        keys = [(notice.due_on, notice.rung, notice.post_id) for notice in self.facts.notices]
        assert len(keys) == len(set(keys))

    @invariant()
    def for_one_due_day_and_post_rungs_only_climb(self) -> None:
        climbed: dict[tuple[date, str], int] = {}
        for notice in self.sent:
            height = self.lifecycle.height(notice.rung)
            assert height > climbed.get((notice.due_on, notice.post_id), -1)
            climbed[notice.due_on, notice.post_id] = height

    @invariant()
    def nobody_above_hears_of_what_nobody_was_warned_of(self) -> None:
        """Once delivered, for the same due day: that it bounced later is known later."""
        for notice in self.sent:
            if self.lifecycle.rung(notice.rung).to in ABOVE:
                assert notice.due_on in self.warned

    @invariant()
    def something_always_wakes_a_case_that_has_not_ended(self) -> None:
        wake = wake_on(self.lifecycle, self.facts, self.today)
        if self.planned:
            assert (wake is None) == (self.facts.state in FINAL_STATES)

    @invariant()
    def an_answer_is_followed_by_nothing_but_the_end(self) -> None:
        if self.facts.state is State.SUBMITTED:
            assert all(isinstance(action, CloseCase) for action in plan(self.lifecycle, self.facts, self.today))

    @property
    def warned(self) -> set[date]:
        """The due days of which somebody was told in a mail that was accepted."""
        return getattr(self, "_warned", set())

    def _anybody_was_warned(self) -> bool:
        warnings = [n for n in self.facts.notices if n.rung == "warning" and n.due_on == self.facts.due_on]
        return any(notice.status is NoticeStatus.DELIVERED for notice in warnings)

    def _settle(self, which: set[NoticeStatus], status: NoticeStatus, post: str | None) -> None:
        delivered_on = self.today if status is NoticeStatus.DELIVERED else None
        for notice in self.facts.notices:
            if notice.status in which and post in (None, notice.post_id):
                after = replace(notice, status=status, delivered_on=delivered_on)
                self.facts = replace(
                    self.facts, notices=tuple(after if each is notice else each for each in self.facts.notices)
                )
                if delivered_on and notice.rung == "warning":
                    self._warned = {*self.warned, notice.due_on}
        self.planned = False


TestClockwork = Clockwork.TestCase
