"""What a body answers for: its unanswered cases, and the rounds that open for it during the coming year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from styrhjul.db.compose_query import CaseText, Source, load_case_texts, load_sources
from styrhjul.db.facts_query import Organisation
from styrhjul.db.model import Duty
from styrhjul.db.owed_query import duties_by_id, policy_ids_in_force, unanswered_case_ids
from styrhjul.db.policy_facts_query import load_policy_facts
from styrhjul.domain.calendar import months_after
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.period import period_in_words
from styrhjul.domain.round import RoundDates, rounds
from styrhjul.mail.item import Owed
from styrhjul.services.mail_quote import quotes_of
from workflows import LIFECYCLES

#: How far ahead somebody who takes office is told.
MONTHS_AHEAD = 12


def owed_by(session: Session, organisation: Organisation, body_id: str, today: date) -> tuple[Owed, ...]:
    """Return all that the body answers for: open matters by due day, then rounds by the day they open.

    A round opens after `today` and within twelve months; what rests on the law and on no policy is left out.
    """
    texts = load_case_texts(session, unanswered_case_ids(session, body_id))
    still = sorted(map(_open, texts.values()), key=lambda owed: (owed.due_on, owed.policy_title))
    coming = sorted(_coming(session, organisation, body_id, today), key=lambda owed: (owed.opens_on, owed.due_on))
    return (*still, *coming)


def _open(text: CaseText) -> Owed:
    return Owed(
        lifecycle=text.case.lifecycle,
        period=period_in_words(text.case.period, text.source.clock, text.source.term_starts),
        policy_title=text.source.title,
        due_on=text.case.due_on,
        is_binding=text.case.is_binding,
        quotes=quotes_of(text.duties, text.source),
    )


@dataclass(frozen=True, slots=True)
class _Round:
    policy_id: str
    lifecycle: str
    dates: RoundDates


def _coming(session: Session, organisation: Organisation, body_id: str, today: date) -> list[Owed]:
    found = list(_rounds(session, organisation, body_id, today))
    sources = load_sources(session, {one.policy_id for one in found})
    duties = duties_by_id(session, {duty_id for one in found for duty_id in one.dates.duty_ids})
    return [_to_come(one, sources[one.policy_id], [duties[duty_id] for duty_id in one.dates.duty_ids]) for one in found]


def _to_come(one: _Round, source: Source, duties: list[Duty]) -> Owed:
    return Owed(
        lifecycle=one.lifecycle,
        period=period_in_words(one.dates.period, source.clock, source.term_starts),
        policy_title=source.title,
        due_on=one.dates.due_on,
        opens_on=one.dates.opens_on,
        is_binding=one.dates.is_binding,
        quotes=quotes_of(duties, source),
    )


def _rounds(session: Session, organisation: Organisation, body_id: str, today: date) -> Iterator[_Round]:
    body, until = organisation.by_id[body_id], months_after(today, MONTHS_AHEAD)
    policy_ids = policy_ids_in_force(session, today)
    for lifecycle in LIFECYCLES.values():
        for policy_id, facts in load_policy_facts(session, organisation, lifecycle, policy_ids, today).items():
            for dates in rounds(lifecycle, facts, body, until=until):
                is_new = dates.opens_on > today and (body_id, dates.period) not in facts.recorded
                if is_new and dates.followed and dates.holder is Holder.BODY:
                    yield _Round(policy_id, lifecycle.key, dates)
