"""A declaration that could strand a case or skip a warning is refused when it is imported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from styrhjul.domain.lifecycle import FINAL_STATES, Event, InvalidLifecycle, Lifecycle, NotAllowed, State, step
from styrhjul.domain.round_rule import TermRound
from styrhjul.domain.rung import ABOVE, UNREACHABLE, Anchor, Audience, Offset, Rung, Unit, after_due, before_due
from workflows import LIFECYCLES

GOALS = LIFECYCLES["goal_setting"]


def refused(**changes: object) -> str:
    """What is said when the goal round is declared with these changes."""
    with pytest.raises(InvalidLifecycle) as refusal:
        replace(GOALS, **changes)  # type: ignore[arg-type]
    return str(refusal.value)


def test_an_answer_moves_an_open_case() -> None:
    assert step(GOALS, State.OPEN, Event.SUBMIT) is State.SUBMITTED


def test_a_closed_case_takes_no_answer() -> None:
    with pytest.raises(NotAllowed):
        step(GOALS, State.DONE, Event.SUBMIT)


def test_a_revision_begun_is_still_chased() -> None:
    assert LIFECYCLES["revision"].transitions[State.OPEN, Event.BEGIN] in LIFECYCLES["revision"].chased


def test_a_state_without_a_way_to_an_end_is_refused() -> None:
    assert "can never end" in refused(transitions={(State.OPEN, Event.SUBMIT): State.SUBMITTED})


def test_a_state_nobody_reaches_is_refused() -> None:
    transitions = {**GOALS.transitions, (State.UNDER_WAY, Event.WAIVE): State.WAIVED}
    assert "under_way cannot be reached" in refused(transitions=transitions)


def test_a_final_state_with_a_way_out_is_refused() -> None:
    transitions = {**GOALS.transitions, (State.DONE, Event.RETURN): State.OPEN}
    assert "done is final but has a way out" in refused(transitions=transitions)


def test_a_ladder_that_does_not_ascend_is_refused() -> None:
    assert "does not ascend" in refused(ladder=tuple(reversed(GOALS.ladder)))


def test_two_rungs_with_one_key_are_refused() -> None:
    assert "stands twice" in refused(ladder=(GOALS.ladder[0], *GOALS.ladder))


def test_a_ladder_that_never_reaches_the_chief_executive_is_refused() -> None:
    assert "does not reach the chief executive" in refused(ladder=GOALS.ladder[:-1])


def test_going_up_without_a_warning_is_refused() -> None:
    bold = replace(GOALS.ladder[-1], after=None)
    assert "without a warning" in refused(ladder=(*GOALS.ladder[:-1], bold))


def test_a_warning_that_comes_too_late_is_refused() -> None:
    ladder = (
        Rung(key="head", at=before_due(1), to=Audience.HEAD_OF_ADMINISTRATION, email="goals_overdue", after="warning"),
        Rung(key="warning", at=after_due(1), to=Audience.HOLDER, email="goals_warning"),
        GOALS.ladder[-1],
    )
    assert "does not stand before it" in refused(ladder=ladder)


def test_a_state_that_does_not_end_with_the_next_round_is_refused() -> None:
    """Otherwise a case nobody answers would stay open for ever, and sleep."""
    transitions = {move: state for move, state in GOALS.transitions.items() if move != (State.OPEN, Event.CLOSE)}
    assert "open does not end when the next round begins" in refused(transitions=transitions)


def test_closing_to_a_state_that_goes_on_is_refused() -> None:
    transitions = {**GOALS.transitions, (State.SUBMITTED, Event.CLOSE): State.OPEN}
    assert "submitted does not end when the next round begins" in refused(transitions=transitions)


def test_chasing_in_a_state_that_does_not_exist_is_refused() -> None:
    assert "chased state under_way" in refused(chased=frozenset({State.OPEN, State.UNDER_WAY}))


def test_a_ladder_counted_in_calendar_days_is_compared_at_five_days_to_the_week() -> None:
    two_weeks = replace(GOALS.ladder[1], at=Offset(Anchor.PAPERS, -14, Unit.CALENDAR))
    assert replace(GOALS, ladder=(GOALS.ladder[0], two_weeks, *GOALS.ladder[2:])).ladder[1] is two_weeks
    late = replace(two_weeks, at=Offset(Anchor.PAPERS, -4, Unit.CALENDAR))
    assert "does not ascend" in refused(ladder=(GOALS.ladder[0], late, *GOALS.ladder[2:]))


def test_the_rung_of_the_unreachable_is_found_in_every_lifecycle_and_stands_above_its_ladder() -> None:
    assert GOALS.rung("unreachable") is UNREACHABLE
    assert GOALS.height("unreachable") == len(GOALS.ladder) == 1 + GOALS.height("chief_executive")
    with pytest.raises(KeyError):
        GOALS.rung("no such rung")


@pytest.mark.parametrize("days", [{}, {"due": "a day", "due_working_days": 20}])
def test_a_terms_round_needs_exactly_one_due_day(days: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="either a day of the year or a number of working days"):
        TermRound(source="", **days)  # type: ignore[arg-type]


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
def test_every_ladder_warns_before_it_goes_up_and_ends_with_the_chief_executive(lifecycle: Lifecycle) -> None:
    assert lifecycle.ladder[-1].to is Audience.CHIEF_EXECUTIVE
    assert all(rung.after == "warning" for rung in lifecycle.ladder if rung.to in ABOVE)
    assert lifecycle.rung("warning").to is Audience.HOLDER


@pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)
def test_every_state_before_the_end_can_be_waived_or_handed_in_and_ends_with_the_next_round(
    lifecycle: Lifecycle,
) -> None:
    for state in {state for state, _ in lifecycle.transitions}:
        assert step(lifecycle, state, Event.CLOSE) in FINAL_STATES
        assert step(lifecycle, state, Event.SUBMIT) is State.SUBMITTED
        assert (state, Event.WAIVE) in lifecycle.transitions or state is State.SUBMITTED
