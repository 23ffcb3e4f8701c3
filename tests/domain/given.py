"""Cases, bodies and policies to plan for, built from days alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from styrhjul.domain.action import SendNotice
from styrhjul.domain.facts import BodyFacts, CaseFacts, DutyFacts, NoticeStatus, PolicyFacts
from styrhjul.domain.lifecycle import Audience, Holder, Lifecycle, State
from styrhjul.domain.planner import apply, plan
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.vocabulary import BodyKind

CHAIR, SECRETARY, HEAD, CHIEF = "chair", "secretary", "head", "chief"
POSTS = {
    Audience.HOLDER: (CHAIR, SECRETARY),
    Audience.HEAD_OF_ADMINISTRATION: (HEAD,),
    Audience.CHIEF_EXECUTIVE: (CHIEF,),
}
days = st.dates(date(2026, 1, 1), date(2034, 12, 31))


def a_case(opens_on: date, due_on: date, *, agenda_on: date | None = None) -> CaseFacts:
    """An open case with two holders, a head and a chief executive."""
    return CaseFacts(
        case_id="case", state=State.OPEN, opens_on=opens_on, due_on=due_on, agenda_on=agenda_on, posts=POSTS
    )


def a_body(kind: BodyKind = BodyKind.COMMITTEE, *, body_id: str = "body", meetings: Iterable[date] = ()) -> BodyFacts:
    """A body on the usual clock of its kind."""
    return BodyFacts(body_id=body_id, kind=kind, meetings=tuple(meetings))


def a_policy(
    body: BodyFacts, recurrence: RecurrenceKind | None, *, adopted_on: date, followed_from: date
) -> PolicyFacts:
    """A policy adopted by the council, with one duty that binds one body."""
    duty = DutyFacts(duty_id="duty", body_ids=frozenset({body.body_id}), holder=Holder.BODY, recurrence=recurrence)
    return PolicyFacts(
        policy_id="policy",
        adopted_on=adopted_on,
        followed_from=followed_from,
        adopter=a_body(BodyKind.COUNCIL, body_id="council"),
        bodies=(body,),
        duties=(duty,),
    )


def lived(
    lifecycle: Lifecycle, facts: CaseFacts, day: date, *, status: NoticeStatus = NoticeStatus.DELIVERED
) -> tuple[CaseFacts, list[SendNotice]]:
    """One day of a case: what is planned is written, and what leaves gets the outcome given."""
    sent: list[SendNotice] = []
    for action in plan(lifecycle, facts, day):
        after = apply(facts, action, day)
        assert isinstance(after, CaseFacts)
        facts = after
        if isinstance(action, SendNotice):
            sent.append(action)
    settled = tuple(
        replace(notice, status=status, delivered_on=day if status is NoticeStatus.DELIVERED else None)
        if notice.status is NoticeStatus.PLANNED
        else notice
        for notice in facts.notices
    )
    return replace(facts, notices=settled), sent
