"""What a body answers for: its unanswered cases, and the rounds that open for it during the coming year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from styrhjul.db.compose_query import CaseText, DutyText, Source, load_case_texts, load_duty_texts, load_sources
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.owed_query import owners_in_force, unanswered_cases
from styrhjul.db.policy_facts_query import load_policy_facts
from styrhjul.domain.calendar import months_after
from styrhjul.domain.facts import BodyFacts, PolicyFacts
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.office import Stake
from styrhjul.domain.period import period_in_words
from styrhjul.domain.round import RoundDates, rounds
from styrhjul.domain.rung import Audience
from styrhjul.domain.vocabulary import DueBasis
from styrhjul.mail.item import Owed
from styrhjul.services.mailing.quote import quotes_of
from workflows import LIFECYCLES

#: How far ahead somebody who takes office is told.
MONTHS_AHEAD = 12


def owed_by(session: Session, organisation: Organisation, body_id: str, today: date) -> tuple[Owed, ...]:
    """Return what one body owes, as `Owing.by` tells it."""
    return Owing(session, organisation, today).by(body_id)


class Owing:
    """What a municipality's bodies owe on one day. What is read serves every body that is asked about."""

    def __init__(self, session: Session, organisation: Organisation, today: date) -> None:
        self._session, self._organisation, self._today = session, organisation, today
        self._known: dict[str, tuple[Owed, ...]] = {}

    def by(self, body_id: str) -> tuple[Owed, ...]:
        """Return all that the chair or the secretary answers for: open matters by due day, then rounds by opening.

        A revision held by the document's owner is among it: the secretary answers too. A round opens after today and
        within twelve months; what rests on the law and on no policy is left out.
        """
        if body_id not in self._known:
            texts = load_case_texts(self._session, self._unanswered(body_id))
            still = sorted(map(_open, texts.values()), key=lambda owed: (owed.due_on, owed.policy_title))
            coming = sorted(self._coming(body_id), key=lambda owed: (owed.opens_on, owed.due_on))
            self._known[body_id] = (*still, *coming)
        return self._known[body_id]

    def _coming(self, body_id: str) -> list[Owed]:
        found = list(self._rounds(self._organisation.by_id[body_id]))
        sources = load_sources(self._session, {one.policy_id for one in found})
        duties = load_duty_texts(self._session, {duty_id for one in found for duty_id in one.dates.duty_ids})
        return [
            _to_come(one, sources[one.policy_id], [duties[duty_id] for duty_id in one.dates.duty_ids]) for one in found
        ]

    def _rounds(self, body: BodyFacts) -> Iterator[_Round]:
        for lifecycle, policies in self._facts:
            for policy_id, facts in policies.items():
                for dates in rounds(lifecycle, facts, body, until=months_after(self._today, MONTHS_AHEAD)):
                    is_new = dates.opens_on > self._today and (body.body_id, dates.period) not in facts.recorded
                    if is_new and dates.followed and self._owes(self._stake(body, policy_id, dates)):
                        yield _Round(policy_id, lifecycle.key, dates, _in_words(lifecycle, facts.adopter, body, dates))

    def _unanswered(self, body_id: str) -> list[str]:
        return [case_id for case_id, stake in self._open if stake.body_id == body_id and self._owes(stake)]

    def _owes(self, stake: Stake) -> bool:
        """A body owes what its chair or its secretary is asked for, whoever the text names."""
        posts = self._organisation.posts_of(stake)
        return not set(posts[Audience.HOLDER]).isdisjoint(posts[Audience.BODY])

    def _stake(self, body: BodyFacts, policy_id: str, dates: RoundDates) -> Stake:
        return self._organisation.stake(dates.holder, body.body_id, self._owners[policy_id])

    @cached_property
    def _open(self) -> list[tuple[str, Stake]]:
        return unanswered_cases(self._session, self._organisation)

    @cached_property
    def _owners(self) -> dict[str, str | None]:
        return owners_in_force(self._session, self._today)

    @cached_property
    def _facts(self) -> list[tuple[Lifecycle, dict[str, PolicyFacts]]]:
        return [
            (each, load_policy_facts(self._session, self._organisation, each, self._owners, self._today))
            for each in LIFECYCLES.values()
        ]


def _open(text: CaseText) -> Owed:
    return Owed(
        lifecycle=text.case.lifecycle,
        period=text.period_words,
        policy_title=text.source.title,
        due_on=text.case.due_on,
        is_binding=text.case.is_binding,
        is_usual_day=text.case.due_basis is DueBasis.DEFAULT,
        quotes=quotes_of(text.duties, text.source),
    )


@dataclass(frozen=True, slots=True)
class _Round:
    policy_id: str
    lifecycle: str
    dates: RoundDates
    period_words: str


def _in_words(lifecycle: Lifecycle, adopter: BodyFacts, body: BodyFacts, dates: RoundDates) -> str:
    return period_in_words(lifecycle.key, dates.period, opens_on=dates.opens_on, adopter=adopter, body=body)


def _to_come(one: _Round, source: Source, duties: list[DutyText]) -> Owed:
    return Owed(
        lifecycle=one.lifecycle,
        period=one.period_words,
        policy_title=source.title,
        due_on=one.dates.due_on,
        opens_on=one.dates.opens_on,
        is_binding=one.dates.is_binding,
        is_usual_day=one.dates.basis is DueBasis.DEFAULT,
        quotes=quotes_of(duties, source),
    )
