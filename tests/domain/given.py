"""Cases, bodies and policies to plan for, built from days alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from styrhjul.domain.action import Action, OpenCase, SendNotice
from styrhjul.domain.calendar import is_working_day
from styrhjul.domain.facts import (
    BodyFacts,
    CaseFacts,
    Deadline,
    DutyFacts,
    NoticeStatus,
    PolicyFacts,
    Registered,
)
from styrhjul.domain.lifecycle import Holder, Lifecycle, State
from styrhjul.domain.planner import apply, plan, wake_on
from styrhjul.domain.practice import FreeDay, Practice
from styrhjul.domain.recurrence import Recurrence, RecurrenceKind
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import BodyKind

CHAIR, SECRETARY, HEAD, CHIEF, COORDINATOR = "chair", "secretary", "head", "chief", "coordinator"
POSTS: dict[Audience, tuple[str, ...]] = {
    Audience.HOLDER: (CHAIR, SECRETARY),
    Audience.CHAIR: (CHAIR,),
    Audience.VICE_CHAIR: ("vice_chair",),
    Audience.SECRETARY: (SECRETARY,),
    Audience.BODY: (CHAIR, SECRETARY),
    Audience.DOCUMENT_OWNER: ("owner",),
    Audience.HEAD_OF_ADMINISTRATION: (HEAD,),
    Audience.CHIEF_EXECUTIVE: (CHIEF,),
    Audience.EXECUTIVE_BOARD: ("board",),
    Audience.COORDINATOR: (COORDINATOR,),
}
HOLDERS = {
    Holder.BODY: (CHAIR, SECRETARY),
    Holder.DOCUMENT_OWNER: ("owner",),
    Holder.CHIEF_EXECUTIVE: (CHIEF,),
    Holder.COORDINATOR: (COORDINATOR,),
}
ADOPTED, FOLLOWED = date(2015, 9, 7), date(2026, 10, 15)
days = st.dates(date(2026, 1, 1), date(2034, 12, 31))
lengths = st.integers(1, 400)
#: Weekdays that a municipality may give free: its practice refuses a day that is free already.
free_days = st.sets(days.filter(is_working_day), max_size=12).map(
    lambda found: tuple(FreeDay(on, "Klämdag") for on in sorted(found))
)
practices = st.builds(
    Practice,
    digest_weekday=st.integers(0, 4),
    rest_months=st.frozensets(st.integers(1, 12), max_size=2),
    free_days=free_days,
)


def a_case(opens_on: date, due_on: date, *, lifecycle: Lifecycle | None = None, **others: object) -> CaseFacts:
    """An open case, a year and more to answer it in, with a post for every audience; its opening is an ordinary day."""
    holder = lifecycle.default_holder if lifecycle else Holder.BODY
    case = CaseFacts(
        case_id="case",
        policy_id="policy",
        state=State.OPEN,
        opens_on=opens_on,
        due_on=due_on,
        agenda_on=None,
        lapses_on=due_on + timedelta(days=400),
        posts={**POSTS, Audience.HOLDER: HOLDERS[holder]},
    )
    return replace(case, **others)  # type: ignore[arg-type]


def a_body(kind: BodyKind = BodyKind.COMMITTEE, *, body_id: str = "body", meetings: Iterable[date] = ()) -> BodyFacts:
    """A body on the usual clock of its kind."""
    return BodyFacts(body_id=body_id, kind=kind, meetings=tuple(meetings))


def a_duty(recurrence: Recurrence | RecurrenceKind | None = None, **others: object) -> DutyFacts:
    """A binding duty of the one body."""
    if isinstance(recurrence, RecurrenceKind):
        recurrence = Recurrence(recurrence)
    duty = DutyFacts(duty_id="duty", body_ids=frozenset({"body"}), holder=Holder.BODY, recurrence=recurrence)
    return replace(duty, **others)  # type: ignore[arg-type]


def stated(day: object, source: str = "Dokumentets text.") -> Deadline:
    """A day that a sentence states."""
    return Deadline(day=day, source=source)  # type: ignore[arg-type]


def a_policy(body: BodyFacts, *duties: DutyFacts, **others: object) -> PolicyFacts:
    """A policy adopted by the council in 2015 and followed here since the new council sat down."""
    policy = PolicyFacts(
        policy_id="policy",
        adopted_on=ADOPTED,
        followed_from=FOLLOWED,
        adopter=a_body(BodyKind.COUNCIL, body_id="council"),
        bodies=(body,),
        duties=duties,
    )
    return replace(policy, **others)  # type: ignore[arg-type]


def usual_policy(lifecycle: Lifecycle, body: BodyFacts, *, followed_from: date = FOLLOWED) -> PolicyFacts:
    """A policy that this lifecycle asks the body about, in the way it most often is."""
    if lifecycle.key == "handover":
        facts = a_policy(body, policy_id=None, adopted_on=None, asked_by_default=frozenset({body.body_id}))
    elif lifecycle.key == "referral":
        facts = a_policy(body, registered=(a_referral(date(2027, 2, 1), date(2027, 4, 30)),))
    else:
        facts = a_policy(body, a_duty(RecurrenceKind.MANDATE_PERIOD if lifecycle.key == "revision" else None))
    return replace(facts, followed_from=followed_from)


def a_referral(opens_on: date, due_on: date, *, body_id: str = "body") -> Registered:
    """A draft sent to a body for its opinion."""
    return Registered(
        period=opens_on.isoformat(),
        body_id=body_id,
        holder=Holder.BODY,
        opens_on=opens_on,
        due_on=due_on,
        source=f"Svarsdag i remissen av {opens_on.isoformat()}.",
        duty_ids=(),
    )


def opened(lifecycle: Lifecycle, facts: PolicyFacts, *, until: date) -> list[OpenCase]:
    """Every case that opens until a day, asked for on that day alone."""
    return [action for action in plan(lifecycle, facts, until) if isinstance(action, OpenCase)]


def written(facts: CaseFacts, actions: Iterable[Action], day: date) -> CaseFacts:
    """The facts once the actions are written."""
    after = apply(facts, actions, day)
    assert isinstance(after, CaseFacts)
    return after


def lived(
    lifecycle: Lifecycle, facts: CaseFacts, day: date, *, status: NoticeStatus = NoticeStatus.DELIVERED
) -> tuple[CaseFacts, list[SendNotice]]:
    """One day of a case: what is planned is written, and what leaves gets the outcome given."""
    actions = plan(lifecycle, facts, day)
    facts = written(facts, actions, day)
    settled = tuple(
        replace(notice, status=status, delivered_on=day if status is NoticeStatus.DELIVERED else None)
        if notice.status is NoticeStatus.PLANNED
        else notice
        for notice in facts.notices
    )
    return replace(facts, notices=settled), [action for action in actions if isinstance(action, SendNotice)]


def life(
    lifecycle: Lifecycle, facts: CaseFacts, *, status: NoticeStatus = NoticeStatus.DELIVERED
) -> Iterator[tuple[date, CaseFacts, list[SendNotice]]]:
    """Every day on which a case that nobody answers wakes, from its opening to its end."""
    day: date | None = facts.opens_on
    while day is not None:
        facts, sent = lived(lifecycle, facts, day, status=status)
        yield day, facts, sent
        day = wake_on(lifecycle, facts, day)
