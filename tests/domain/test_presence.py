"""Whoever follows somebody who was told: what the planner owes them, whenever they sit down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from styrhjul.domain.action import GiveOver, SendNotice
from styrhjul.domain.facts import CaseFacts, NoticeFacts, NoticeStatus
from styrhjul.domain.lifecycle import Lifecycle, State
from styrhjul.domain.planner import plan, wake_on
from styrhjul.domain.presence import as_told
from styrhjul.domain.rung import ABOVE
from styrhjul.domain.seat import Seat
from tests.domain.given import (
    CHAIR,
    CHIEF,
    COORDINATOR,
    HEAD,
    POSTS,
    SECRETARY,
    a_case,
    days,
    lengths,
    life,
    lived,
    written,
)
from workflows import LIFECYCLES

GOALS = LIFECYCLES["goal_setting"]
OPENED, DUE, LATER = date(2027, 1, 7), date(2027, 3, 31), date(2027, 2, 15)
every_lifecycle = pytest.mark.parametrize("lifecycle", LIFECYCLES.values(), ids=LIFECYCLES)


def followed(case: CaseFacts, post: str, on: date) -> CaseFacts:
    """Somebody else sits in a post from a day on."""
    return replace(case, seats={post: (Seat(date(2023, 1, 1), "old"), Seat(on, "new"))})


@every_lifecycle
@given(opens=days, length=lengths, after=st.integers(1, 500), today=days)
def test_planning_on_its_own_result_owes_nothing_to_whoever_follows(
    lifecycle: Lifecycle, opens: date, length: int, after: int, today: date
) -> None:
    case = a_case(opens, opens + timedelta(length), lifecycle=lifecycle)
    for post in {post for posts in case.posts.values() for post in posts}:
        facts, _ = lived(lifecycle, followed(case, post, opens + timedelta(after)), today)
        assert plan(lifecycle, facts, today) == []


@given(length=lengths, after=st.integers(1, 500))
def test_whoever_follows_hears_once_of_the_rung_in_force_and_is_warned_before_it_goes_up(
    length: int, after: int
) -> None:
    due, begins = OPENED + timedelta(length), OPENED + timedelta(after)
    up: date | None = None
    warned: date | None = None
    heard: list[tuple[str, int]] = []
    for day, facts, sent in life(GOALS, followed(a_case(OPENED, due), CHAIR, begins)):
        heard += [(notice.rung, notice.turn) for notice in sent if notice.post_id == CHAIR and day >= begins]
        warned = warned or next(
            (day for n in sent if (n.post_id, n.rung) == (CHAIR, "warning") and day >= begins), None
        )
        if up is None and any(GOALS.rung(notice.rung).to in ABOVE for notice in sent):
            up = day
            assert day < begins or (warned is not None and warned < day)
        assert facts.lapses_on >= OPENED
    assert len(set(heard)) == len(heard)
    assert sum(turn == 2 for _, turn in heard) <= 1


@pytest.mark.parametrize(
    ("post", "rung", "status", "counts"),
    [
        (CHAIR, "opened", NoticeStatus.DELIVERED, False),
        (CHAIR, "opened", NoticeStatus.FAILED, False),
        (CHAIR, "opened", NoticeStatus.PLANNED, True),  # leaves to whoever reads the post then
        (SECRETARY, "opened", NoticeStatus.DELIVERED, True),  # has not changed
        (HEAD, "head", NoticeStatus.DELIVERED, True),  # went up: it is not told twice
        (HEAD, "head", NoticeStatus.CANCELLED, False),  # withdrawn on its way up
        (CHAIR, "reminder", NoticeStatus.CANCELLED, False),  # withdrawn before it left: nobody heard it
        (SECRETARY, "reminder", NoticeStatus.CANCELLED, False),
        (SECRETARY, "opened", NoticeStatus.SUPERSEDED, False),  # by something that was withdrawn
    ],
)
def test_what_counts_as_told(post: str, rung: str, status: NoticeStatus, *, counts: bool) -> None:
    on = OPENED if status is NoticeStatus.DELIVERED else None
    notice = NoticeFacts(rung=rung, post_id=post, due_on=DUE, planned_on=OPENED, status=status, delivered_on=on)
    case = followed(a_case(OPENED, DUE, notices=(notice,)), CHAIR, LATER)
    assert (as_told(GOALS.ladder, case, LATER).notices == (notice,)) is counts


@pytest.mark.parametrize(
    ("reads", "status"),
    [(True, NoticeStatus.PLANNED), (False, NoticeStatus.VACANT)],  # whoever took over has an address, or has none
)
def test_what_found_a_post_vacant_waits_again_once_somebody_reads_there(*, reads: bool, status: NoticeStatus) -> None:
    notice = NoticeFacts(
        rung="warning", post_id=SECRETARY, due_on=DUE, planned_on=OPENED, status=NoticeStatus.VACANT, delivered_on=None
    )
    seats = (Seat(OPENED, None, reads=False), Seat(LATER, "new", reads=reads))
    case = replace(a_case(OPENED, DUE, notices=(notice,)), seats={SECRETARY: seats})
    before, after = (as_told(GOALS.ladder, case, day).notices[0].status for day in (OPENED, LATER))
    assert (before, after) == (NoticeStatus.VACANT, status)


def found_vacant(facts: CaseFacts, rung: str, post: str) -> CaseFacts:
    """The case where nobody read a post on the day of a rung."""
    return replace(
        facts,
        notices=tuple(
            replace(each, status=NoticeStatus.VACANT, delivered_on=None)
            if (each.rung, each.post_id) == (rung, post)
            else each
            for each in facts.notices
        ),
    )


@pytest.mark.parametrize(("takes_over", "goes_up"), [((Seat(DUE, "new"),), False), ((), True)])
def test_nothing_goes_up_over_a_newcomer_whose_warning_still_waits(
    takes_over: tuple[Seat, ...], *, goes_up: bool
) -> None:
    """The post was vacant on the day of the warning: who takes over is waited for like any other."""
    seats = (Seat(date(2023, 1, 1), "old"), Seat(LATER, None, reads=False), *takes_over)
    facts, _ = lived(GOALS, replace(a_case(OPENED, DUE), seats={SECRETARY: seats}), OPENED)
    facts, sent = lived(GOALS, facts, DUE - timedelta(1))
    assert {notice.rung for notice in sent} == {"warning"}
    actions = plan(GOALS, found_vacant(facts, "warning", SECRETARY), DUE + timedelta(30))
    assert any(isinstance(each, SendNotice) and GOALS.rung(each.rung).to in ABOVE for each in actions) is goes_up


@pytest.mark.parametrize(("heard_by", "counts"), [("old", False), ("new", True)])
def test_whom_the_mail_went_to_counts_before_whoever_the_list_says_sat_then(heard_by: str, *, counts: bool) -> None:
    """On the day it arrived the new one sat there already, by a list that came in later."""
    told = {"status": NoticeStatus.DELIVERED, "planned_on": LATER, "delivered_on": LATER, "heard_by": heard_by}
    notice = NoticeFacts(rung="opened", post_id=CHAIR, due_on=DUE, **told)  # type: ignore[arg-type]
    case = followed(a_case(OPENED, DUE, notices=(notice,)), CHAIR, LATER)
    assert (as_told(GOALS.ladder, case, LATER).notices == (notice,)) is counts


def test_that_nobody_could_be_reached_is_told_anew_of_whoever_was_given_the_case_since() -> None:
    notice = NoticeFacts(
        rung="unreachable", post_id=COORDINATOR, due_on=DUE, planned_on=OPENED, status=NoticeStatus.DELIVERED
    )
    given = a_case(OPENED, DUE, notices=(notice,), assigned_on=LATER)
    assert as_told(GOALS.ladder, given, LATER).notices == ()


def withdrawn(facts: CaseFacts, rung: str) -> CaseFacts:
    """The case where what was to leave on a rung never did."""
    return replace(
        facts,
        notices=tuple(
            replace(notice, status=NoticeStatus.CANCELLED, delivered_on=None) if notice.rung == rung else notice
            for notice in facts.notices
        ),
    )


@every_lifecycle
def test_a_warning_that_was_withdrawn_while_it_waited_leaves_after_all(lifecycle: Lifecycle) -> None:
    for rung in sorted(lifecycle.warnings):
        [(day, facts)] = [
            (day, facts)
            for day, facts, sent in life(lifecycle, a_case(OPENED, DUE, lifecycle=lifecycle))
            if rung in {notice.rung for notice in sent}
        ]
        again = plan(lifecycle, withdrawn(facts, rung), day)
        assert {(notice.rung, notice.turn) for notice in again if isinstance(notice, SendNotice)} == {(rung, 2)}


def test_what_was_withdrawn_by_an_answer_is_not_sent_again_while_nobody_chases_the_case() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), OPENED)
    answered = replace(withdrawn(facts, "opened"), state=State.SUBMITTED)
    assert plan(GOALS, answered, LATER) == []
    assert wake_on(GOALS, answered, LATER) == answered.lapses_on


def test_a_case_whose_body_is_no_more_is_given_over_and_nothing_waits_for_the_body() -> None:
    facts, _ = lived(GOALS, a_case(OPENED, DUE), OPENED, status=NoticeStatus.VACANT)
    facts = replace(facts, body_ends_on=LATER)
    actions = plan(GOALS, facts, LATER)
    assert [type(action) for action in actions] == [GiveOver, SendNotice]
    after = written(facts, actions, LATER)
    assert {notice.post_id for notice in after.notices if notice.status is not NoticeStatus.CANCELLED} == {COORDINATOR}
    assert plan(GOALS, after, LATER) == []


def test_a_case_whose_body_is_no_more_waits_where_nobody_could_take_it() -> None:
    nobody = {audience: () if posts in ((COORDINATOR,), (CHIEF,)) else posts for audience, posts in POSTS.items()}
    facts = a_case(OPENED, DUE, body_ends_on=LATER, posts=nobody)
    assert GiveOver not in {type(action) for action in plan(GOALS, facts, LATER)}


@pytest.mark.parametrize("status", [NoticeStatus.FAILED, NoticeStatus.VACANT])
def test_whoever_stands_above_the_coordinator_is_told_once_when_no_word_reaches_either(status: NoticeStatus) -> None:
    facts, sent = a_case(OPENED, DUE), []
    for _ in range(5):  # every outcome lets the planner look again
        facts, more = lived(GOALS, facts, DUE, status=status)
        sent += more
    assert [notice.post_id for notice in sent if notice.rung == "unreachable"] == [COORDINATOR, CHIEF]
