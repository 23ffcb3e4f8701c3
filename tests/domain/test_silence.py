"""Why a rung did not leave on a day is said by the planner's own days, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from styrhjul.domain.facts import NoticeFacts, NoticeStatus
from styrhjul.domain.lifecycle import State
from styrhjul.domain.rung import Audience
from styrhjul.domain.silence import SilenceKind, silences
from tests.domain.given import HEAD, a_case, lived
from workflows import LIFECYCLES

FOLLOW_UP = LIFECYCLES["follow_up"]
OPENS, DUE = date(2027, 1, 7), date(2027, 2, 26)
CASE = a_case(OPENS, DUE)


def said(day: date, **changes: object) -> dict[str, tuple[SilenceKind, date | None]]:
    facts = replace(CASE, **changes)  # type: ignore[arg-type]
    return {each.rung.key: (each.kind, each.until) for each in silences(FOLLOW_UP, facts, day)}


def test_a_rung_that_july_moved_says_until_when() -> None:
    facts = {"opens_on": date(2027, 5, 3), "due_on": date(2027, 7, 30)}
    assert said(date(2027, 7, 16), **facts)["reminder"] == (SilenceKind.DEFERRED, date(2027, 8, 2))


def test_an_answered_case_says_so_on_the_day_of_the_rung_and_on_no_other() -> None:
    reminder = date(2027, 2, 12)
    assert said(reminder, state=State.SUBMITTED) == {"reminder": (SilenceKind.ANSWERED, None)}
    assert said(date(2027, 2, 11), state=State.SUBMITTED) == {}


def test_what_goes_up_waits_for_a_warning_that_has_arrived() -> None:
    after = date(2027, 3, 12)
    assert said(after)["chief_executive"] == (SilenceKind.WAITS_FOR_WARNING, None)
    warned, _ = lived(FOLLOW_UP, CASE, date(2027, 2, 25))
    assert "head" not in {each.rung.key for each in silences(FOLLOW_UP, warned, date(2027, 3, 1))}


def test_where_nothing_binds_nobody_is_warned() -> None:
    kinds = said(date(2027, 3, 12), is_binding=False)
    assert {key: kind for key, (kind, _) in kinds.items()} == dict.fromkeys(
        ("warning", "head", "chief_executive"), SilenceKind.NOT_BINDING
    )


def test_a_reminder_that_would_come_before_the_opening_is_named_the_day_it_opens() -> None:
    late = date(2027, 2, 22)
    assert said(late, opens_on=late)["reminder"] == (SilenceKind.NO_ROOM, None)


def test_a_body_without_a_head_of_administration_says_so() -> None:
    warned, _ = lived(FOLLOW_UP, CASE, date(2027, 2, 25))
    nobody = replace(warned, posts={**warned.posts, Audience.HEAD_OF_ADMINISTRATION: ()})
    assert [(each.rung.key, each.kind) for each in silences(FOLLOW_UP, nobody, date(2027, 3, 3))] == [
        ("head", SilenceKind.NO_POST)
    ]


def test_what_stands_in_the_ledger_speaks_for_itself() -> None:
    opened, _ = lived(FOLLOW_UP, CASE, OPENS)
    assert "opened" not in {each.rung.key for each in silences(FOLLOW_UP, opened, OPENS)}


def withdrawn(state: State) -> dict[str, SilenceKind]:
    """Why nothing leaves on the day the head would be told, that notice having been withdrawn."""
    notice = NoticeFacts(
        rung="head", post_id=HEAD, due_on=DUE, planned_on=date(2027, 3, 3), status=NoticeStatus.CANCELLED
    )
    warned, _ = lived(FOLLOW_UP, CASE, date(2027, 2, 25))
    case = replace(warned, state=state, notices=(*warned.notices, notice), assigned_on=date(2027, 3, 3))
    return {each.rung.key: each.kind for each in silences(FOLLOW_UP, case, date(2027, 3, 3))}


def test_what_was_withdrawn_on_its_way_up_waits_for_a_warning_again() -> None:
    assert withdrawn(State.OPEN)["head"] is SilenceKind.WAITS_FOR_WARNING


def test_what_was_withdrawn_by_an_answer_is_told_by_the_ledger_alone() -> None:
    assert "head" not in withdrawn(State.SUBMITTED)
