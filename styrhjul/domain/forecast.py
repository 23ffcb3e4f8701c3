"""The forecast: the planner asked day by day, in memory, with every notice delivered on the day it leaves.

It is the same `plan`, `wake_on` and `apply` that the sweep uses, so the preview cannot drift from what happens.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import count
from operator import itemgetter

from styrhjul.domain.action import OpenCase
from styrhjul.domain.alike import ANY, nameless, outline
from styrhjul.domain.facts import CaseFacts, Facts, NoticeFacts, NoticeStatus, PolicyFacts, depends_on_body
from styrhjul.domain.lifecycle import FINAL_STATES, Lifecycle, State
from styrhjul.domain.planner import apply, plan, wake_on
from styrhjul.domain.rung import Audience, Rung
from styrhjul.domain.seat import Seats
from styrhjul.domain.vocabulary import DueBasis


class Assumption(StrEnum):
    """What the bodies do: nobody answers, or everybody answers on the due day, after the morning's mail."""

    UNANSWERED = "unanswered"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """Which case a forecast speaks of, whether it exists yet or not."""

    policy_id: str | None
    lifecycle: str
    body_id: str
    period: str
    opens_on: date
    duty_ids: tuple[str, ...]
    due_source: str
    due_basis: DueBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A notice that would leave on `on`."""

    on: date
    case: CaseRef
    rung: str
    audience: Audience
    post_id: str
    due_on: date
    deferred_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a forecast starts from.

    `lifecycle_of` gives the lifecycle with the ladder that a policy has here; `sitting` tells whether somebody with an
    address reads what is written to a post on a day.
    """

    policies: tuple[tuple[str, PolicyFacts], ...]
    cases: tuple[tuple[CaseRef, CaseFacts], ...]
    lifecycle_of: Callable[[str, str | None], Lifecycle]
    posts_of: Callable[[OpenCase], Mapping[Audience, tuple[str, ...]]]
    sitting: Callable[[str, date], bool]
    seats: Seats = field(default_factory=dict)
    assume: Assumption = Assumption.UNANSWERED


def expected_notices(outlook: Outlook, *, start: date, until: date) -> Iterator[Expected]:
    """Yield every notice that would leave from `start` to `until`, both included, day by day.

    Those of a day come in the order in which their cases were given, or open. A notice to a vacant post leaves on the
    first working day on which somebody holds it, as in life.
    """
    run = _Run(outlook, until)
    for lifecycle_key, policy in outlook.policies:
        run.wake(start, _Subject(outlook.lifecycle_of(lifecycle_key, policy.policy_id), policy))
    for ref, case in outlook.cases:
        run.begin(start, ref, case)
    while run.waiting:
        day = run.waiting[0][0]
        found: list[tuple[int, Expected]] = []
        while run.waiting and run.waiting[0][0] == day:
            subject = heapq.heappop(run.waiting)[-1]
            sent = run.day(day, subject)
            for notice in sent:
                rung = subject.lifecycle.rung(notice.rung)
                found += [(place, _expected(day, rung, ref, notice)) for place, ref in subject.cases]
        run.begun.clear()
        yield from (expected for _, expected in sorted(found, key=itemgetter(0)))


@dataclass(slots=True)
class _Subject:
    """A policy, or cases that begin alike, whatever they are about: what happens to one of them happens to all."""

    lifecycle: Lifecycle
    facts: Facts
    #: Each with its place in the order of all cases; none where the subject is a policy.
    cases: list[tuple[int, CaseRef]] = field(default_factory=list)


class _Run:
    """The queue of subjects by the day they wake; numbered, so that equal days keep their order."""

    def __init__(self, outlook: Outlook, until: date) -> None:
        self.outlook = outlook
        self.until = until
        self.waiting: list[tuple[date, int, _Subject]] = []
        #: The cases of the day, by what tells most of them apart.
        self.begun: dict[tuple[object, ...], list[_Subject]] = {}
        self._number = count()

    def wake(self, day: date | None, subject: _Subject) -> None:
        """Queue a subject for a day, unless that lies beyond the forecast."""
        if day is not None and day <= self.until:
            heapq.heappush(self.waiting, (day, next(self._number), subject))

    def begin(self, day: date, ref: CaseRef, facts: CaseFacts) -> None:
        """Queue a case for the day on which it is first looked at, together with those that it is like."""
        lifecycle = self.outlook.lifecycle_of(ref.lifecycle, ref.policy_id)
        facts = nameless(facts)
        similar = self.begun.setdefault((ref.lifecycle, *outline(facts)), [])
        alike = next((each for each in similar if each.facts == facts and each.lifecycle == lifecycle), None)
        if alike is None:
            alike = _Subject(lifecycle, facts)
            similar.append(alike)
            self.wake(day, alike)
        alike.cases.append((next(self._number), ref))

    def day(self, day: date, subject: _Subject) -> list[NoticeFacts]:
        """Live one day for one subject: plan, write, deliver; then queue its next day. Return what left."""
        lifecycle = subject.lifecycle
        actions = plan(lifecycle, subject.facts, day)
        planned = subject.facts = apply(subject.facts, actions, day)
        for action in actions:
            if isinstance(action, OpenCase) and action.followed:
                self._open(day, action, planned)
        if not isinstance(planned, CaseFacts):
            self.wake(wake_on(lifecycle, planned, day), subject)
            return []
        subject.facts, sent = self._deliver(day, lifecycle, planned)
        if not _all_arrived(planned, subject.facts):
            # What found a post vacant, or gave way, may let more be said the same day, as a second sweep would: also
            # what was entered on a free day, for whoever sat down then, and found nobody on the first ordinary one.
            return [*sent, *self.day(day, subject)]
        facts = subject.facts = self._answered(day, lifecycle, subject.facts)
        days = (wake_on(lifecycle, facts, day), self._looked_at_again(day, facts), self._answers_on(day, facts))
        self.wake(min(filter(None, days), default=None), subject)
        return sent

    def _answers_on(self, day: date, facts: CaseFacts) -> date | None:
        waits = self.outlook.assume is Assumption.ANSWERED and facts.state is State.OPEN and facts.due_on > day
        return facts.due_on if waits else None

    def _answered(self, day: date, lifecycle: Lifecycle, facts: CaseFacts) -> CaseFacts:
        due = self.outlook.assume is Assumption.ANSWERED and day >= facts.due_on and facts.state in lifecycle.chased
        return replace(facts, state=State.SUBMITTED) if due else facts

    def _open(self, day: date, action: OpenCase, policy: Facts) -> None:
        facts = CaseFacts(
            case_id=ANY,
            policy_id=action.policy_id,
            state=State.OPEN,
            opens_on=action.opens_on,
            due_on=action.due_on,
            agenda_on=action.agenda_on,
            lapses_on=action.lapses_on,
            is_binding=action.is_binding,
            practice=policy.practice,
            body_ends_on=_body_ends_on(action, policy),
            posts=self.outlook.posts_of(action),
            seats=self.outlook.seats,
            opening_deferred_from=action.opening_deferred_from,
        )
        ref = CaseRef(
            policy_id=action.policy_id,
            lifecycle=action.lifecycle,
            body_id=action.body_id,
            period=action.period,
            opens_on=action.opens_on,
            duty_ids=action.duty_ids,
            due_source=action.due_source,
            due_basis=action.due_basis,
        )
        self.begin(day, ref, facts)

    def _deliver(self, day: date, lifecycle: Lifecycle, facts: CaseFacts) -> tuple[CaseFacts, list[NoticeFacts]]:
        waiting = [notice for notice in facts.notices if notice.status in _WAITING]
        if not waiting or facts.state in FINAL_STATES or not facts.practice.is_ordinary(day):
            return facts, []
        leaving: dict[str, NoticeFacts] = {}
        for notice in sorted(waiting, key=lambda notice: lifecycle.height(notice.rung)):
            if self.outlook.sitting(notice.post_id, day):
                leaving[notice.post_id] = notice  # of several that waited, the highest
        notices = tuple(
            self._settled(notice, leaving, day) if notice.status in _WAITING else notice for notice in facts.notices
        )
        return replace(facts, notices=notices), list(leaving.values())

    def _settled(self, notice: NoticeFacts, leaving: Mapping[str, NoticeFacts], day: date) -> NoticeFacts:
        """What a waiting notice becomes on a working day: delivered, passed by a higher one, or vacant."""
        if leaving.get(notice.post_id) is notice:
            return replace(notice, status=NoticeStatus.DELIVERED, delivered_on=day)
        passed = notice.post_id in leaving
        return replace(notice, status=NoticeStatus.SUPERSEDED if passed else NoticeStatus.VACANT)

    def _looked_at_again(self, day: date, facts: CaseFacts) -> date | None:
        """The next ordinary day, when a notice waits for it or for somebody to hold its post."""
        ended = facts.state is State.SUBMITTED or facts.state in FINAL_STATES
        if ended or all(notice.status not in _WAITING for notice in facts.notices):
            return None
        return facts.practice.ordinary_after(day)


def _all_arrived(planned: CaseFacts, settled: CaseFacts) -> bool:
    """Whether whatever changed on a day arrived: that lets nothing more be said on the same day."""
    return planned is settled or all(
        after is before or after.status in (before.status, NoticeStatus.DELIVERED)
        for before, after in zip(planned.notices, settled.notices, strict=True)
    )


def _body_ends_on(action: OpenCase, policy: Facts) -> date | None:
    if not isinstance(policy, PolicyFacts) or not depends_on_body(action.holder, action.policy_id):
        return None
    return next((body.dissolved_on for body in policy.bodies if body.body_id == action.body_id), None)


_WAITING = (NoticeStatus.PLANNED, NoticeStatus.VACANT)


def _expected(day: date, rung: Rung, case: CaseRef, notice: NoticeFacts) -> Expected:
    return Expected(
        on=day,
        case=case,
        rung=rung.key,
        audience=rung.to,
        post_id=notice.post_id,
        due_on=notice.due_on,
        deferred_from=notice.deferred_from,
    )
