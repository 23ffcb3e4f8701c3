"""The forecast of a municipality: every mail that would leave, line by line, from the code that sends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty
from styrhjul.db.compose_query import WAITING
from styrhjul.db.facts_query import load_case_facts
from styrhjul.db.model import Body, Duty, Municipality, Policy
from styrhjul.db.organisation_query import Organisation, load_organisation
from styrhjul.db.policy_facts_query import load_policy_facts
from styrhjul.db.session import Database, municipality_of
from styrhjul.domain.action import OpenCase
from styrhjul.domain.calendar import months_after
from styrhjul.domain.facts import CaseFacts, NoticeFacts, PolicyFacts
from styrhjul.domain.forecast import Assumption, CaseRef, Expected, Outlook, expected_notices
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.office import reader_of
from styrhjul.domain.period import period_in_words
from styrhjul.domain.rung import Audience
from styrhjul.services.municipality.ladder_file import LadderFile, read_ladders
from styrhjul.services.municipality.procedure import lifecycle_of
from workflows import LIFECYCLES

#: Elections, terms and red days are known by rule; how a municipality is organised so far ahead is not.
MOST_YEARS = 15
#: What makes two notices the same: the case, its rung, the post and the due day.
Identity = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastLine:
    """One notice that would leave: when, from what, to whom and why. Dates are Swedish business days."""

    on: date
    municipality: str
    policy: str
    lifecycle: str
    period: str
    period_words: str
    body: str
    rung: str
    role: str
    recipient: str
    due_on: date
    deferred_from: date | None
    reason: str
    basis: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What is looked at: one lifecycle, one policy, one case that has not ended; None = every one."""

    lifecycle: str | None = None
    policy_id: str | None = None
    case_id: str | None = None

    def has(self, lifecycle: str, subject_id: str | None) -> bool:
        """Whether a round of the lifecycle about a policy belongs to it."""
        return self.lifecycle in (None, lifecycle) and self.policy_id in (None, subject_id)


@dataclass(frozen=True, slots=True)
class Span:
    """The days asked for, both included, what is assumed of those who answer, and what is looked at."""

    start: date
    until: date
    assume: Assumption = Assumption.UNANSWERED
    concern: Concern = Concern()


class TooFarAhead(ValueError):
    """Beyond this the forecast would be guesswork."""

    def __init__(self, latest: date) -> None:
        super().__init__(
            f"Prognosen räcker {MOST_YEARS} år framåt. Välj {latest.isoformat()} eller en tidigare dag som den sista."
        )


class Change(StrEnum):
    """What another configuration does to a notice."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastChange:
    """A notice that two configurations do not agree on: `line` is the new one, or the present one where it goes away.

    `was_on` is the day it would leave now; None for one that is added.
    """

    change: Change
    was_on: date | None
    line: ForecastLine


def forecast(
    database: Database,
    municipality_id: str,
    *,
    start: date,
    until: date,
    assume: Assumption = Assumption.UNANSWERED,
) -> list[ForecastLine]:
    """Return every notice that would leave from `start` to `until`, both included, in the order they would leave.

    It starts from how things stand: what has left is not repeated, what is answered stays answered. Nothing is written.
    Raises TooFarAhead.
    """
    _refuse_too_far(start, until)
    with database.reading(municipality_id) as session:
        return forecast_in(session, Span(start, until, assume))


def forecast_in(session: Session, span: Span) -> list[ForecastLine]:
    """Return what `forecast` does, from what this session sees: also what it has written and may yet take back."""
    book = _Book.open(session)
    lines = [book.line(notice) for notice in _expected(session, book, span)]
    return sorted(
        lines, key=lambda line: (line.on, line.recipient, line.policy, line.lifecycle, line.body, line.period)
    )


def forecast_of_case(session: Session, case_id: str, span: Span) -> list[ForecastLine]:
    """Return what `forecast_in` does about one case that has not ended, in the order of the days."""
    about_it, book = replace(span, concern=Concern(case_id=case_id)), _Book.open(session)
    return [book.line(notice) for notice in _expected(session, book, about_it)]


def compare(database: Database, municipality_id: str, ladders: LadderFile, span: Span) -> list[ForecastChange]:
    """Return what a file of ladders would change, in the order of the days. Raises FaultyLadder and TooFarAhead.

    Nothing is written. A notice is the same in both where case, rung, recipient and due day are.
    """
    _refuse_too_far(span.start, span.until)
    with database.reading(municipality_id) as session:
        book = _Book.open(session)
        overrides = read_ladders(ladders, {policy.slug: policy.id for policy in book.policies.values()})
        return _compared(session, book, replace(book.organisation, overrides=overrides), span)


def compare_in(
    session: Session, other: Organisation, span: Span, concern: Concern | None = None
) -> list[ForecastChange]:
    """Return what another organisation, practice or ladder than the session's would change, as `compare` does.

    With a `concern` only that is looked at: nothing else may differ.
    """
    _refuse_too_far(span.start, span.until)
    return _compared(session, _Book.open(session), other, replace(span, concern=concern or Concern()))


def _compared(session: Session, book: _Book, other: Organisation, span: Span) -> list[ForecastChange]:
    now, then = (
        {_identity(notice): each.line(notice) for notice in _expected(session, each, span)}
        for each in (book, replace(book, organisation=other))
    )
    return _changes(now, then)


def _refuse_too_far(start: date, until: date) -> None:
    latest = months_after(start, 12 * MOST_YEARS)
    if until > latest:
        raise TooFarAhead(latest)


def _expected(session: Session, book: _Book, span: Span) -> Iterator[Expected]:
    return expected_notices(_outlook(session, book, span), start=span.start, until=span.until)


def _identity(notice: Expected) -> Identity:
    case = notice.case
    place = (case.policy_id or "", case.lifecycle, case.body_id, case.period)
    return (*place, notice.rung, notice.post_id, notice.due_on.isoformat())


def _changes(now: dict[Identity, ForecastLine], then: dict[Identity, ForecastLine]) -> list[ForecastChange]:
    changes = [
        ForecastChange(change=Change.REMOVED, was_on=line.on, line=line) for key, line in now.items() if key not in then
    ]
    for key, line in then.items():
        if key not in now:
            changes.append(ForecastChange(change=Change.ADDED, was_on=None, line=line))
        elif now[key].on != line.on:
            changes.append(ForecastChange(change=Change.MOVED, was_on=now[key].on, line=line))
    return sorted(changes, key=lambda each: (each.line.on, each.line.policy, each.line.body, each.line.recipient))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """Names behind the ids, for writing lines."""

    municipality: Municipality
    organisation: Organisation
    policies: Mapping[str, Policy]
    bodies: Mapping[str, str]
    duties: Mapping[str, Duty]

    @classmethod
    def open(cls, session: Session) -> _Book:
        """Load one municipality's names."""
        return cls(
            municipality=session.scalars(select(Municipality).where(Municipality.id == municipality_of(session))).one(),
            organisation=load_organisation(session),
            policies={
                policy.id: policy for policy in session.scalars(select(Policy).order_by(Policy.title, Policy.id))
            },
            bodies=dict(session.execute(select(Body.id, Body.name)).all()),
            duties={duty.id: duty for duty in session.scalars(select(Duty))},
        )

    def sitting(self, post_id: str, on: date) -> bool:
        """Whether somebody with an address reads what is written to the post."""
        return reader_of(post_id, self.organisation.posts, self.organisation.appointments, on) is not None

    def posts_of(self, action: OpenCase) -> Mapping[Audience, tuple[str, ...]]:
        """Return the posts of a case that does not exist yet."""
        policy = self.policies.get(action.policy_id or "")
        owner = policy.owner_post_id if policy else None
        return self.organisation.posts_of(self.organisation.stake(action.holder, action.body_id, owner))

    def line(self, expected: Expected) -> ForecastLine:
        """Return an expected notice in words."""
        case = expected.case
        return ForecastLine(
            on=expected.on,
            municipality=self.municipality.slug,
            policy=self.policies[case.policy_id].title if case.policy_id else "",
            lifecycle=case.lifecycle,
            period=case.period,
            period_words=self._in_words(case),
            body=self.bodies[case.body_id],
            rung=expected.rung,
            role=expected.audience,
            recipient=self.organisation.titles[expected.post_id],
            due_on=expected.due_on,
            deferred_from=expected.deferred_from,
            reason=case.due_source,
            basis=case.due_basis,
            quote=self.duties[case.duty_ids[0]].quote if case.duty_ids else "",
        )

    def _in_words(self, case: CaseRef) -> str:
        bodies, body = self.organisation.by_id, self.organisation.by_id[case.body_id]
        adopter = bodies[self.policies[case.policy_id].adopted_by_id] if case.policy_id else body
        return period_in_words(case.lifecycle, case.period, opens_on=case.opens_on, adopter=adopter, body=body)


def _outlook(session: Session, book: _Book, span: Span) -> Outlook:
    return Outlook(
        lifecycle_of=lambda key, policy_id: lifecycle_of(book.organisation, key, policy_id),
        policies=() if span.concern.case_id else tuple(_rounds_to_come(session, book, span)),
        cases=tuple(_open_cases(session, book, span.concern)),
        posts_of=book.posts_of,
        sitting=cache(book.sitting),
        seats=book.organisation.seats,
        assume=span.assume,
    )


def _rounds_to_come(session: Session, book: _Book, span: Span) -> Iterator[tuple[str, PolicyFacts]]:
    every = [*book.policies, book.municipality.id]
    for key, lifecycle in LIFECYCLES.items():
        if subjects := [each for each in every if span.concern.has(key, each)]:
            for facts in load_policy_facts(session, book.organisation, lifecycle, subjects, span.start).values():
                yield key, facts


def _open_cases(session: Session, book: _Book, concern: Concern) -> list[tuple[CaseRef, CaseFacts]]:
    still_open = select(Case).where(Case.closed_on.is_(None))
    resting = select(CaseDuty.case_id, CaseDuty.duty_id)
    if concern.case_id:
        still_open, resting = (
            still_open.where(Case.id == concern.case_id),
            resting.where(CaseDuty.case_id == concern.case_id),
        )
    found_open = session.scalars(still_open)
    cases = {case.id: case for case in found_open if concern.has(case.lifecycle, case.policy_id)}
    duties: dict[str, list[str]] = {}
    for case_id, duty_id in session.execute(resting):
        duties.setdefault(case_id, []).append(duty_id)
    found = []
    for facts in load_case_facts(session, book.organisation, cases):
        case = cases[facts.case_id]
        lifecycle = lifecycle_of(book.organisation, case.lifecycle, case.policy_id)
        ref = CaseRef(
            policy_id=case.policy_id,
            lifecycle=case.lifecycle,
            body_id=case.body_id,
            period=case.period,
            opens_on=case.opens_on,
            duty_ids=tuple(sorted(duties.get(case.id, ()), key=lambda duty_id: book.duties[duty_id].start)),
            due_source=case.due_source,
            due_basis=case.due_basis,
        )
        found.append((ref, replace(facts, notices=tuple(_still_rungs(lifecycle, facts)))))
    return found


def _still_rungs(lifecycle: Lifecycle, facts: CaseFacts) -> Iterator[NoticeFacts]:
    """What waits for a rung that another ladder does not have would be cancelled with the change."""
    for notice in facts.notices:
        if notice.status not in WAITING or lifecycle.has_rung(notice.rung):
            yield notice
