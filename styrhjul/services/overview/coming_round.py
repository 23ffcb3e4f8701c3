"""The rounds of a year that have not opened yet, as the rules foretell them. Reads only; nothing is remembered."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from styrhjul.db.organisation_query import Organisation
from styrhjul.db.policy_facts_query import promised_facts
from styrhjul.domain.facts import BodyFacts, PolicyFacts
from styrhjul.domain.lifecycle import Lifecycle
from styrhjul.domain.recurrence import RecurrenceKind
from styrhjul.domain.round import RoundDates, rounds
from styrhjul.domain.vocabulary import LifecycleKey
from workflows import LIFECYCLES

#: Nobody asks for a referral or a handover by a document.
_ASKED_FOR = tuple(key for key in LIFECYCLES if key not in (LifecycleKey.REFERRAL, LifecycleKey.HANDOVER))
#: Rounds that count from no decision: every year, or its parts.
_BY_CALENDAR = frozenset(
    {
        None,
        RecurrenceKind.ANNUAL,
        RecurrenceKind.SEMIANNUAL,
        RecurrenceKind.TERTIAL,
        RecurrenceKind.QUARTERLY,
        RecurrenceKind.MONTHLY,
    }
)


@dataclass(frozen=True, slots=True)
class ComingRound:
    """A round of one body that will open."""

    policy_id: str
    lifecycle: str
    body_id: str
    dates: RoundDates


def coming_rounds(
    session: Session, organisation: Organisation, policy_ids: Iterable[str], *, year: int, today: date
) -> list[ComingRound]:
    """Return the rounds that open after today and are under way or due in a year, policy by policy.

    What two policies promise alike for one body is reckoned once.
    """
    reckoned: dict[Hashable, list[RoundDates]] = {}
    ids = list(policy_ids)
    found = []
    for key in _ASKED_FOR:
        for policy_id, facts in promised_facts(session, organisation, LIFECYCLES[key], ids, today).items():
            for body in _asked(facts):
                alike = (key, body.body_id, *_timing(facts, body))
                if alike not in reckoned:
                    reckoned[alike] = list(_in_year(LIFECYCLES[key], facts, body, year=year, today=today))
                found += [ComingRound(policy_id, key, body.body_id, dates) for dates in reckoned[alike]]
    return found


def _asked(facts: PolicyFacts) -> Iterator[BodyFacts]:
    asked = facts.asked_by_default.union(*(duty.body_ids for duty in facts.duties))
    return (body for body in facts.bodies if body.body_id in asked)


def _timing(facts: PolicyFacts, body: BodyFacts) -> tuple[Hashable, ...]:
    """Everything that a round's days depend on, beside the body and how the municipality works."""
    duties = tuple(
        (duty.recurrence, duty.deadline, duty.holder, duty.is_binding, duty.since.get(body.body_id))
        for duty in facts.duties
        if body.body_id in duty.body_ids
    )
    kinds = {recurrence.kind if recurrence else None for recurrence, *_ in duties}
    counted = () if kinds <= _BY_CALENDAR else (facts.adopted_on, facts.decided_on)
    return (duties, facts.followed_from, facts.adopter.body_id, body.body_id in facts.asked_by_default, counted)


def _in_year(
    lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, *, year: int, today: date
) -> Iterator[RoundDates]:
    for dates in rounds(lifecycle, facts, body, until=date(year, 12, 31)):
        if dates.followed and dates.opens_on > today and dates.due_on.year >= year:
            yield dates


def by_place(coming: Iterable[ComingRound]) -> Mapping[tuple[str, str, str], list[ComingRound]]:
    """Return the rounds by policy, lifecycle and period, several bodies together."""
    found: dict[tuple[str, str, str], list[ComingRound]] = {}
    for each in coming:
        found.setdefault((each.policy_id, each.lifecycle, each.dates.period), []).append(each)
    return found
