"""What is foreseen of a case is foreseen of it alone, however many others are foreseen with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from styrhjul.domain.action import OpenCase
from styrhjul.domain.facts import CaseFacts, NoticeFacts, NoticeStatus, PolicyFacts
from styrhjul.domain.forecast import CaseRef, Expected, Outlook, expected_notices
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import DueBasis
from tests.domain.given import FOLLOWED, POSTS, a_body, a_case, usual_policy
from workflows import LIFECYCLES

FOLLOW_UP = LIFECYCLES["follow_up"]
UNTIL = date(2029, 6, 30)
#: One is followed by a ladder of its own, one owned by somebody else, one adopted later: the first two are alike.
POLICIES = ("one", "like it", "own ladder", "own owner", "later")
CASES = ("case", "like it", "own ladder", "told already", "due later", "not binding")
Found = list[Expected]


def lifecycle_of(_key: str, policy_id: str | None) -> Lifecycle:
    return (
        replace(FOLLOW_UP, ladder=(FOLLOW_UP.ladder[0], *FOLLOW_UP.ladder[2:]))
        if policy_id == "own ladder"
        else FOLLOW_UP
    )


def posts_of(action: OpenCase) -> Mapping[Audience, tuple[str, ...]]:
    return {**POSTS, Audience.HOLDER: ("owner",)} if action.policy_id == "own owner" else POSTS


def policy(policy_id: str) -> tuple[str, PolicyFacts]:
    followed_from = date(2027, 2, 1) if policy_id == "later" else FOLLOWED
    usual = usual_policy(FOLLOW_UP, a_body(), followed_from=followed_from)
    return FOLLOW_UP.key, replace(usual, policy_id=policy_id)


def case(policy_id: str) -> tuple[CaseRef, CaseFacts]:
    due_on = date(2027, 3, 2 if policy_id == "due later" else 1)
    told = NoticeFacts(
        rung=FOLLOW_UP.ladder[0].key,
        post_id=POSTS[Audience.CHAIR][0],
        due_on=due_on,
        planned_on=FOLLOWED,
        status=NoticeStatus.DELIVERED,
        delivered_on=FOLLOWED,
    )
    facts = replace(
        a_case(FOLLOWED, due_on, lifecycle=FOLLOW_UP),
        case_id=f"case of {policy_id}",
        policy_id=policy_id,
        notices=(told,) if policy_id == "told already" else (),
        is_binding=policy_id != "not binding",
    )
    ref = CaseRef(
        policy_id=policy_id,
        lifecycle=FOLLOW_UP.key,
        body_id="body",
        period="2026",
        opens_on=facts.opens_on,
        duty_ids=(),
        due_source="",
        due_basis=DueBasis.DEFAULT,
    )
    return ref, facts


def foreseen(*, policies: tuple[str, ...] = (), cases: tuple[str, ...] = ()) -> Found:
    outlook = Outlook(
        policies=tuple(map(policy, policies)),
        cases=tuple(map(case, cases)),
        lifecycle_of=lifecycle_of,
        posts_of=posts_of,
        sitting=lambda *_: True,
    )
    return list(expected_notices(outlook, start=FOLLOWED, until=UNTIL))


def about(found: Found, policy_id: str) -> Found:
    return [each for each in found if each.case.policy_id == policy_id]


@pytest.mark.parametrize("policy_id", POLICIES)
def test_a_policy_is_foreseen_among_others_as_by_itself(policy_id: str) -> None:
    alone = foreseen(policies=(policy_id,))
    assert alone
    assert about(foreseen(policies=POLICIES), policy_id) == alone


@pytest.mark.parametrize("policy_id", CASES)
def test_a_case_is_foreseen_among_others_as_by_itself(policy_id: str) -> None:
    alone = foreseen(cases=(policy_id,))
    assert alone
    assert about(foreseen(cases=CASES), policy_id) == alone


def test_the_mails_of_a_day_come_in_the_order_of_their_cases() -> None:
    found = [each for each in foreseen(cases=CASES) if each.on == FOLLOWED]
    order = [CASES.index(each.case.policy_id or "") for each in found]
    assert len(set(order)) > 2
    assert order == sorted(order)


def test_a_case_of_no_policy_that_loses_its_body_ends_beside_one_that_finds_another() -> None:
    """The one is about the body alone; the other is a promise, which the coordinator is asked about."""
    ended = {"body_ends_on": date(2026, 12, 1)}
    ref, facts = case("case")
    refs = (ref, replace(ref, policy_id=None))
    both = (replace(facts, **ended), replace(facts, **ended, policy_id=None))  # type: ignore[arg-type]
    outlook = Outlook(
        policies=(),
        cases=tuple(zip(refs, both, strict=True)),
        lifecycle_of=lifecycle_of,
        posts_of=posts_of,
        sitting=lambda *_: True,
    )
    after = [each for each in expected_notices(outlook, start=FOLLOWED, until=UNTIL) if each.on > date(2026, 12, 1)]
    assert {each.case.policy_id for each in after} == {"case"}
