"""What is public of a municipality's promises: worked out, shown before it is switched on, switched on and off.

Decision 0057 says what may be public, and why. Whatever people have typed passes `domain.personal` on its way out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from styrhjul.db.answer_query import GivenAnswer, load_last_answers
from styrhjul.db.journal import Line, write_down
from styrhjul.db.overview_query import MunicipalityLine, in_swedish_order
from styrhjul.db.popolo_query import load_bodies, load_clocks, load_posts
from styrhjul.db.publication_model import Publication as PublicationRow
from styrhjul.db.publication_query import (
    SHOWN,
    PromiseRow,
    PublishedRow,
    RoundRow,
    load_bound,
    load_grounds,
    load_mark,
    load_names,
    load_promises,
    load_published,
    load_rounds,
)
from styrhjul.db.session import Database
from styrhjul.domain.answer import Attainment, Trend, stands
from styrhjul.domain.facts import BodyFacts
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import State
from styrhjul.domain.moment import local_date
from styrhjul.domain.period import period_in_words
from styrhjul.domain.personal import Mask
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.reports.promise import (
    Promise,
    PublicAssessment,
    Publication,
    PublicGoal,
    PublicPolicy,
    PublicRound,
    RoundStanding,
)
from styrhjul.reports.promise_file import promises_json
from styrhjul.services.api.popolo import without_persons
from styrhjul.services.foundation.seen_version import ChangedMeanwhile
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.words import round_name

#: So many municipalities' publications are remembered; those asked about longest ago are forgotten first.
_MOST = 64
_remembered: dict[str, tuple[tuple[object, ...], Publication]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationView:
    """What would be public today, and whether it is. `mark` is given back by whoever has seen it."""

    publication: Publication
    mark: str
    published: PublishedRow | None
    #: Nothing is anybody's promise before the municipality's mails are released.
    is_released: bool


def public_promises(database: Database, slug: str, now: datetime) -> Publication:
    """Return what anybody may read of a municipality. Raises NotHere where nobody may, whether it is there or not."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        if load_published(session) is None:
            raise NotHere(slug)
        return _remembering(session, municipality, now)


def publication_view(database: Database, municipality: MunicipalityLine, now: datetime) -> PublicationView:
    """Return exactly what would be public of a municipality, whether it is or not. Writes nothing."""
    with database.reading(municipality.municipality_id) as session:
        publication = _publication(session, municipality, now)
        return PublicationView(
            publication=publication,
            mark=mark_of(publication),
            published=load_published(session),
            is_released=_is_released(municipality, now),
        )


def publish_promises(database: Database, municipality: MunicipalityLine, seen: str, now: datetime, *, by: str) -> bool:
    """Let anybody read what `seen` is the mark of, and what follows; journalled. Return whether it was not so before.

    Raises ChangedMeanwhile where it is no longer what was seen: nothing becomes public unseen.
    """
    with database.municipality(municipality.municipality_id) as session:
        if mark_of(_publication(session, municipality, now)) != seen:
            raise ChangedMeanwhile
        if load_published(session) is not None:
            return False
        session.add(PublicationRow(municipality_id=municipality.municipality_id, published_by=by, published_at=now))
        session.flush()
        write_down(session, [Line(kind=EntryKind.PROMISES_PUBLISHED, by=by, data={"sha256": seen})], now)
    return True


def withdraw_promises(database: Database, municipality_id: str, now: datetime, *, by: str) -> bool:
    """Let nobody read them any more, journalled; return whether anybody could. Safe to repeat."""
    with database.municipality(municipality_id) as session:
        if load_published(session) is None:
            return False
        session.execute(delete(PublicationRow))
        write_down(session, [Line(kind=EntryKind.PROMISES_WITHDRAWN, by=by, data={})], now)
    return True


def becomes_public(database: Database, municipality_id: str, lifecycle: str) -> bool:
    """Whether accepting an answer of this kind lets anybody read it."""
    if lifecycle not in SHOWN or lifecycle == LifecycleKey.GOAL_SETTING:  # goals are public when they are decided
        return False
    with database.reading(municipality_id) as session:
        return load_published(session) is not None


def mark_of(publication: Publication) -> str:
    """Return the SHA-256 (hex) of everything that becomes public."""
    return hashlib.sha256(promises_json(publication)).hexdigest()


def _is_released(municipality: MunicipalityLine, now: datetime) -> bool:
    return municipality.released_at is not None and municipality.released_at <= now


def _remembering(session: Session, municipality: MunicipalityLine, now: datetime) -> Publication:
    """Return it as it was worked out last, for as long as nothing has been written since: all else is journalled."""
    key = (*load_mark(session, municipality.municipality_id), local_date(now))
    known = _remembered.pop(municipality.municipality_id, None)
    if known is None or known[0] != key:
        known = key, _publication(session, municipality, now)
    _remembered[municipality.municipality_id] = known
    while len(_remembered) > _MOST:
        _remembered.pop(next(iter(_remembered)), None)
    return known[1]


def _publication(session: Session, municipality: MunicipalityLine, now: datetime) -> Publication:
    today = local_date(now)
    rows = load_promises(session, today, now) if _is_released(municipality, now) else []
    policies = {row.policy_id: row for row in rows}
    asked = load_rounds(session, list(policies), today)
    answers = load_last_answers(session, [row.case_id for row in asked])
    mask = Mask([*load_names(session), *(answer.signed_by for answer in answers.values())])
    bodies = load_bodies(session)
    made = _Making(policies, {row["id"]: row["name"] for row in bodies}, load_clocks(session, bodies), mask, today)
    bound, grounds = load_bound(session), load_grounds(session)
    shown = {row.duty_id for row in rows}
    in_order = sorted(policies.values(), key=lambda row: in_swedish_order(row.title))
    place = {row.policy_id: number for number, row in enumerate(in_order)}
    rounds = [(row, answers.get(row.case_id)) for row in asked]
    organisation = without_persons(municipality, bodies, load_posts(session), mask)
    return Publication(
        municipality=municipality.name,
        slug=municipality.slug,
        made_on=today,
        policies=tuple(map(made.policy, in_order)),
        promises=tuple(
            made.promise(row, bound.get(row.duty_id, ())) for row in sorted(rows, key=lambda row: place[row.policy_id])
        ),
        rounds=tuple(
            made.round(row, answer, [duty for duty in grounds.get(row.case_id, ()) if duty in shown])
            for row, answer in rounds
        ),
        goals=tuple(goal for row, answer in rounds if answer for goal in made.goals(row, answer)),
        assessments=tuple(each for row, answer in rounds if answer for each in made.assessments(row, answer)),
        organizations=organisation.organizations,
        posts=organisation.posts,
    )


class _Making:
    """Turns what is known into what may be read."""

    def __init__(
        self,
        policies: Mapping[str, PromiseRow],
        names: Mapping[str, str],
        clocks: Mapping[str, BodyFacts],
        mask: Mask,
        today: date,
    ) -> None:
        self._policies = policies
        self._names = names
        self._clocks = clocks
        self._mask = mask
        self._today = today

    def policy(self, row: PromiseRow) -> PublicPolicy:
        """Return a document."""
        return PublicPolicy(
            policy=row.slug,
            title=self._mask(row.title),
            adopted_by=self._mask(row.adopted_by) if row.adopted_by else None,
            adopted_on=row.adopted_on,
            paragraph=row.paragraph,
            diary_number=row.diary_number,
        )

    def promise(self, row: PromiseRow, bodies: Sequence[str]) -> Promise:
        """Return a sentence of it."""
        return Promise(
            promise_id=row.duty_id,
            policy=row.slug,
            quote=self._mask(row.quote),
            modality=row.modality,
            action_kind=row.action_kind,
            recurrence=row.recurrence,
            deadline=self._mask(row.deadline) if row.deadline else None,
            bodies=tuple(bodies),
        )

    def round(self, row: RoundRow, answer: GivenAnswer | None, promises: Sequence[str]) -> PublicRound:
        """Return who was asked, and how far it has come; of an answer that is not public yet, nothing more."""
        bodies, policy = self._clocks, self._policies[row.policy_id]
        standing = self._standing(row, answer)
        told = answer if standing is RoundStanding.ANSWERED else None
        adopter = bodies[policy.adopted_by_id]
        words = period_in_words(
            row.lifecycle, row.period, opens_on=row.opens_on, adopter=adopter, body=bodies[row.body_id]
        )
        return PublicRound(
            round_id=row.case_id,
            policy=policy.slug,
            promises=tuple(promises),
            body=self._names[row.body_id],
            lifecycle=LifecycleKey(row.lifecycle),
            name=round_name(row.lifecycle, words),
            period=row.period,
            due_on=row.due_on,
            standing=standing,
            decided_on=told.decided_on if told else None,
            paragraph=told.paragraph if told else None,
            outcome=told.outcome if told else None,
        )

    def goals(self, row: RoundRow, answer: GivenAnswer) -> Iterator[PublicGoal]:
        """Yield the goals of an answer that is public."""
        if self._standing(row, answer) is not RoundStanding.ANSWERED or answer.decided_on is None:
            return
        for goal in answer.goals:
            yield PublicGoal(
                goal_id=goal.goal_id,
                round_id=row.case_id,
                policy=self._policies[row.policy_id].slug,
                body=self._names[row.body_id],
                period=row.period,
                goal=self._mask(goal.text),
                indicator=self._mask(goal.indicator),
                baseline=self._mask(goal.baseline),
                target=self._mask(goal.target),
                decided_on=answer.decided_on,
                paragraph=answer.paragraph,
            )

    def assessments(self, row: RoundRow, answer: GivenAnswer) -> Iterator[PublicAssessment]:
        """Yield the judgements of an answer that is public."""
        if self._standing(row, answer) is not RoundStanding.ANSWERED:
            return
        for judged in answer.judgements:
            yield PublicAssessment(
                assessment_id=f"{row.case_id}-{judged.goal_id or 'period'}",
                round_id=row.case_id,
                goal_id=judged.goal_id,
                policy=self._policies[row.policy_id].slug,
                body=self._names[row.body_id],
                period=row.period,
                goal=self._mask(judged.goal or ""),
                attainment=Attainment(judged.attainment),
                result=self._mask(judged.result),
                trend=Trend(judged.trend) if judged.trend else None,
                analysis=self._mask(judged.analysis),
                next_step=self._mask(judged.next_step),
                decided_on=answer.decided_on,
                paragraph=answer.paragraph,
            )

    def _standing(self, row: RoundRow, answer: GivenAnswer | None) -> RoundStanding:
        if row.state is State.WAIVED:
            return RoundStanding.WAIVED
        if answer is not None and stands(row.state, has_answer=True):
            return RoundStanding.ANSWERED if self._is_public(row, answer) else RoundStanding.HANDED_IN
        if row.due_on >= self._today and row.state is not State.LAPSED:
            return RoundStanding.AWAITED
        return RoundStanding.MISSING if row.is_binding else RoundStanding.NO_ANSWER

    def _is_public(self, row: RoundRow, answer: GivenAnswer) -> bool:
        """Of what stands: goals when the body has decided them, all else when somebody has accepted it."""
        if row.lifecycle == LifecycleKey.GOAL_SETTING:
            return answer.decided_on is not None and answer.decided_on <= self._today
        return row.state is State.DONE
