"""What may be decided about a case follows from where it stands, and nothing may once it has ended."""

from __future__ import annotations

import pytest

from styrhjul.domain.act import EVENTS, Act, allowed_acts
from styrhjul.domain.lifecycle import FINAL_STATES, Lifecycle, NotAllowed, State, step
from workflows import LIFECYCLES


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=lambda each: each.key)
def test_what_is_offered_is_exactly_what_the_lifecycle_lets_happen(lifecycle: Lifecycle) -> None:
    for state in State:
        offered = set(allowed_acts(lifecycle, state))
        for act, event in EVENTS.items():
            try:
                step(lifecycle, state, event)
            except NotAllowed:
                assert act not in offered
            else:
                assert act in offered
        assert (Act.EXTEND in offered) == (Act.REASSIGN in offered) == (state in lifecycle.chased)


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_nothing_is_decided_about_a_case_that_has_ended(state: State) -> None:
    assert all(allowed_acts(lifecycle, state) == () for lifecycle in LIFECYCLES.values())


def test_an_answer_is_approved_or_sent_back_and_a_draft_referred_or_prepared() -> None:
    assert allowed_acts(LIFECYCLES["goal_setting"], State.OPEN) == (Act.EXTEND, Act.REASSIGN, Act.NOTE, Act.WAIVE)
    assert allowed_acts(LIFECYCLES["goal_setting"], State.SUBMITTED) == (Act.APPROVE, Act.RETURN, Act.NOTE)
    assert {Act.REFER, Act.PREPARE} <= set(allowed_acts(LIFECYCLES["revision"], State.UNDER_WAY))
