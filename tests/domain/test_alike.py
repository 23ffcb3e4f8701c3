"""What is decided about a case among others is what is decided about it by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.action import SendNotice
from styrhjul.domain.alike import Decisions
from styrhjul.domain.facts import CaseFacts, NoticeStatus
from styrhjul.domain.lifecycle import Lifecycle, State
from styrhjul.domain.planner import apply, plan, wake_on
from styrhjul.domain.rung import Audience
from tests.domain.given import FOLLOWED, POSTS, a_case, lived
from workflows import LIFECYCLES

GOALS = LIFECYCLES["goal_setting"]
SHORTER = replace(GOALS, ladder=tuple(rung for rung in GOALS.ladder if rung.key != "reminder"))
DUE = date(2027, 3, 1)
TODAY = date(2027, 2, 15)
Asked = tuple[Lifecycle, CaseFacts]


def asked() -> list[Asked]:
    """Cases of the same days that differ in one thing each."""
    usual = a_case(FOLLOWED, DUE, lifecycle=GOALS)
    told, _ = lived(GOALS, usual, FOLLOWED)
    lost, _ = lived(GOALS, usual, FOLLOWED, status=NoticeStatus.FAILED)
    cases = [
        usual,
        usual,
        told,
        lost,
        replace(usual, state=State.SUBMITTED),
        replace(usual, is_binding=False),
        replace(usual, lapses_on=TODAY),
        replace(usual, posts={**POSTS, Audience.HOLDER: ("owner",)}),
        replace(usual, body_ends_on=TODAY),
        replace(usual, body_ends_on=TODAY, policy_id=None),
        replace(usual, due_on=DUE + timedelta(days=1)),
    ]
    named = [replace(each, case_id=f"case {number}") for number, each in enumerate(cases)]
    return [*((GOALS, each) for each in named), (SHORTER, replace(usual, case_id="shorter"))]


@given(order=st.permutations(range(len(asked()))))
def test_what_is_decided_is_what_the_planner_says_of_that_case(order: list[int]) -> None:
    decisions, cases = Decisions(TODAY), asked()
    for lifecycle, facts in [cases[place] for place in (*order, *order)]:
        actions = plan(lifecycle, facts, TODAY)
        wake = wake_on(lifecycle, apply(facts, actions, TODAY), TODAY)
        assert decisions.about(lifecycle, facts) == (actions, wake)


@pytest.mark.parametrize("case_id", ["one", "other"])
def test_each_is_told_of_its_own_case(case_id: str) -> None:
    decisions, facts = Decisions(FOLLOWED), a_case(FOLLOWED, DUE, lifecycle=GOALS)
    decisions.about(GOALS, facts)
    actions, _ = decisions.about(GOALS, replace(facts, case_id=case_id))
    assert {each.case_id for each in actions if isinstance(each, SendNotice)} == {case_id}
