"""The forecast of a municipality: every mail that would leave, line by line, from the code that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case, CaseDuty
from styrhjul.db.facts_query import (
    Organisation,
    load_appointments,
    load_case_facts,
    load_organisation,
    load_policy_facts,
)
from styrhjul.db.model import Body, Duty, Municipality, Policy
from styrhjul.db.session import Database, municipality_of
from styrhjul.domain.action import OpenCase
from styrhjul.domain.facts import CaseFacts
from styrhjul.domain.forecast import Assumption, CaseRef, Expected, Outlook, expected_notices
from styrhjul.domain.lifecycle import Audience
from styrhjul.domain.office import AppointmentFacts, holder_of, posts_by_audience
from workflows import LIFECYCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastLine:
    """One notice that would leave: when, from what, to whom and why. Dates are Swedish business days."""

    on: date
    municipality: str
    policy: str
    lifecycle: str
    period: str
    body: str
    rung: str
    role: str
    recipient: str
    due_on: date
    deferred_from: date | None
    reason: str
    quote: str


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
    """
    with database.reading(municipality_id) as session:
        book = _Book.open(session)
        outlook = _outlook(session, book, start, assume)
        lines = [book.line(expected) for expected in expected_notices(outlook, start=start, until=until)]
    return sorted(
        lines, key=lambda line: (line.on, line.recipient, line.policy, line.lifecycle, line.body, line.period)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """Names behind the ids, for writing lines."""

    municipality: Municipality
    organisation: Organisation
    appointments: list[AppointmentFacts]
    policies: Mapping[str, Policy]
    bodies: Mapping[str, str]
    duties: Mapping[str, Duty]

    @classmethod
    def open(cls, session: Session) -> _Book:
        """Load one municipality's names."""
        return cls(
            municipality=session.scalars(select(Municipality).where(Municipality.id == municipality_of(session))).one(),
            organisation=load_organisation(session),
            appointments=load_appointments(session),
            policies={
                policy.id: policy for policy in session.scalars(select(Policy).order_by(Policy.title, Policy.id))
            },
            bodies=dict(session.execute(select(Body.id, Body.name)).all()),
            duties={duty.id: duty for duty in session.scalars(select(Duty))},
        )

    def sitting(self, post_id: str, on: date) -> bool:
        """Whether somebody with an address holds the post."""
        holder = holder_of(post_id, self.appointments, on)
        return holder is not None and bool(holder.address)

    def posts_of(self, action: OpenCase) -> Mapping[Audience, tuple[str, ...]]:
        """Return the posts of a case that does not exist yet."""
        return posts_by_audience(
            action.holder,
            body_id=action.body_id,
            board_id=self.organisation.board_id,
            owner_post_id=self.policies[action.policy_id].owner_post_id,
            posts=self.organisation.posts,
        )

    def line(self, expected: Expected) -> ForecastLine:
        """Return an expected notice in words."""
        case = expected.case
        post = next(post for post in self.organisation.posts if post.post_id == expected.post_id)
        quotes = [self.duties[duty_id].quote for duty_id in case.duty_ids]
        return ForecastLine(
            on=expected.on,
            municipality=self.municipality.slug,
            policy=self.policies[case.policy_id].title,
            lifecycle=case.lifecycle,
            period=case.period,
            body=self.bodies[case.body_id],
            rung=expected.rung,
            role=expected.audience,
            recipient=post.title,
            due_on=expected.due_on,
            deferred_from=expected.deferred_from,
            reason=case.due_source,
            quote=quotes[0] if quotes else "",
        )


def _outlook(session: Session, book: _Book, start: date, assume: Assumption) -> Outlook:
    policies = [
        (key, facts)
        for key, lifecycle in LIFECYCLES.items()
        for facts in load_policy_facts(session, book.organisation, lifecycle, book.policies, start)
    ]
    return Outlook(
        lifecycles=LIFECYCLES,
        policies=tuple(policies),
        cases=tuple(_open_cases(session, book)),
        posts_of=book.posts_of,
        sitting=book.sitting,
        assume=assume,
    )


def _open_cases(session: Session, book: _Book) -> list[tuple[CaseRef, CaseFacts]]:
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.closed_on.is_(None)))}
    duties: dict[str, list[str]] = {}
    for case_id, duty_id in session.execute(select(CaseDuty.case_id, CaseDuty.duty_id)):
        duties.setdefault(case_id, []).append(duty_id)
    found = []
    for facts in load_case_facts(session, book.organisation, cases):
        case = cases[facts.case_id]
        ref = CaseRef(
            policy_id=case.policy_id,
            lifecycle=case.lifecycle,
            body_id=case.body_id,
            period=case.period,
            duty_ids=tuple(sorted(duties.get(case.id, ()), key=lambda duty_id: book.duties[duty_id].start)),
            due_source=case.due_source,
        )
        found.append((ref, facts))
    return found
