"""What an officials import means, by name: bodies that cease, meetings lost, vacant posts, handovers, moved cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.model import Policy
from styrhjul.db.officials_query import body_names
from styrhjul.db.organisation_query import Organisation
from styrhjul.domain.facts import BodyFacts, depends_on_body
from styrhjul.domain.office import PostFacts, holder_of
from styrhjul.domain.period import period_in_words
from styrhjul.services.cases.meeting import Moved
from styrhjul.services.words import round_name
from workflows import LIFECYCLES


@dataclass(frozen=True, slots=True, kw_only=True)
class CeasedBody:
    """A body that is no more from a day on, and what becomes of its open cases: the coordinator's, or ended."""

    body: str
    ceases_on: date
    cases_to_coordinator: int = 0
    cases_ended: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LostMeetings:
    """A body that loses every meeting to come, ascending."""

    body: str
    meetings: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VacantPost:
    """A post that nobody holds on the day of the import, and that was held or did not exist before."""

    body: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCase:
    """A case with other days than before. `round` is "Uppföljning 2026"; `policy` None = the law asks."""

    case_id: str
    body: str
    round: str
    policy: str | None
    due_on: date
    due_on_before: date
    meeting_on: date | None
    meeting_on_before: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Everything by the bodies' names, and in their order."""

    bodies_ceased: tuple[CeasedBody, ...] = ()
    meetings_lost: tuple[LostMeetings, ...] = ()
    posts_vacant: tuple[VacantPost, ...] = ()
    handovers_confirmed: tuple[str, ...] = ()
    cases_moved: tuple[MovedCase, ...] = ()

    @property
    def is_drastic(self) -> bool:
        """Whether it takes away what a list may have left out by mistake."""
        return bool(self.bodies_ceased or self.meetings_lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The organisation before and after an import, and the day of it."""

    before: Organisation
    after: Organisation
    today: date


def effect_of(session: Session, change: Change, confirmed: Collection[str], moved: Sequence[Moved]) -> Effect:
    """Put names to a change; `confirmed` are the bodies whose handovers were answered. Reads only."""
    names = body_names(session)
    ceasing = _ceasing(change)
    return Effect(
        bodies_ceased=tuple(sorted(_ceased(session, ceasing, names), key=lambda each: each.body)),
        meetings_lost=tuple(sorted(_lost(change, names), key=lambda each: each.body)),
        posts_vacant=tuple(
            VacantPost(body=names[post.body_id], title=post.title)
            for post in sorted(_vacant(change), key=lambda post: (names[post.body_id], post.title))
        ),
        handovers_confirmed=tuple(sorted(names[body_id] for body_id in confirmed)),
        cases_moved=_moved(session, change, moved, names),
    )


def _ceasing(change: Change) -> dict[str, date]:
    """Return the bodies that had no last day and now have one; one that is new with it was never here."""
    return {
        body.body_id: body.dissolved_on
        for body in change.after.bodies
        if body.dissolved_on and (old := change.before.by_id.get(body.body_id)) and old.dissolved_on is None
    }


def _ceased(session: Session, ceasing: dict[str, date], names: dict[str, str]) -> Iterator[CeasedBody]:
    to_coordinator: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    query = select(Case).where(Case.body_id.in_(ceasing), Case.closed_on.is_(None), Case.assigned_post_id.is_(None))
    for case in session.scalars(query) if ceasing else ():
        if case.state in LIFECYCLES[case.lifecycle].chased and depends_on_body(case.holder, case.policy_id):
            (to_coordinator if case.policy_id else ended)[case.body_id] += 1
    for body_id, day in ceasing.items():
        yield CeasedBody(
            body=names[body_id],
            ceases_on=day,
            cases_to_coordinator=to_coordinator[body_id],
            cases_ended=ended[body_id],
        )


def _lost(change: Change, names: dict[str, str]) -> Iterator[LostMeetings]:
    """A body that ceases is told of as that."""
    for body in change.after.bodies:
        old = change.before.by_id.get(body.body_id)
        lost = _coming(old, change.today) if old else ()
        if lost and body.dissolved_on is None and not _coming(body, change.today):
            yield LostMeetings(body=names[body.body_id], meetings=lost)


def _coming(body: BodyFacts, today: date) -> tuple[date, ...]:
    return tuple(day for day in body.meetings if day >= today)


def _vacant(change: Change) -> Iterator[PostFacts]:
    known = {post.post_id for post in change.before.posts if not post.ended}
    for post in change.after.posts:
        if post.ended or change.after.by_id[post.body_id].dissolved_on or _is_held(change.after, post, change.today):
            continue
        if post.post_id not in known or _is_held(change.before, post, change.today):
            yield post


def _is_held(organisation: Organisation, post: PostFacts, today: date) -> bool:
    return holder_of(post.post_id, organisation.appointments_by_post.get(post.post_id, ()), today) is not None


def _moved(session: Session, change: Change, moved: Sequence[Moved], names: dict[str, str]) -> tuple[MovedCase, ...]:
    asked = {each.case.policy_id for each in moved if each.case.policy_id}
    query = select(Policy).where(Policy.id.in_(asked))
    policies = {policy.id: policy for policy in session.scalars(query)} if asked else {}
    found = []
    for case, before in ((each.case, each.before) for each in moved):
        policy = policies.get(case.policy_id or "")
        body = change.after.by_id[case.body_id]
        adopter = change.after.by_id[policy.adopted_by_id] if policy else body
        words = period_in_words(case.lifecycle, case.period, opens_on=case.opens_on, adopter=adopter, body=body)
        found.append(
            MovedCase(
                case_id=case.id,
                body=names[case.body_id],
                round=round_name(case.lifecycle, words),
                policy=policy.title if policy else None,
                due_on=case.due_on,
                due_on_before=before.due_on,
                meeting_on=case.meeting_on,
                meeting_on_before=before.meeting_on,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.body, each.due_on, each.round, each.case_id)))
