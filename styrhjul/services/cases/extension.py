"""How late a day that people choose for a case may lie: never past the law's day, or the day the case ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from styrhjul.db.case_model import Case
from styrhjul.db.organisation_query import Organisation
from styrhjul.db.policy_facts_query import load_policy_facts
from styrhjul.domain.calendar import months_after
from styrhjul.domain.practice import Practice
from styrhjul.domain.round import rounds
from styrhjul.domain.round_rule import EventRound
from workflows import LIFECYCLES

#: A day further off than this belongs to a decision of its own, or is a slip of the pen.
MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest day, an ordinary one, and in Swedish what sets it, to follow "eftersom"."""

    on: date
    why: str


def latest_day(session: Session, organisation: Organisation, case: Case, today: date) -> Latest:
    """Return the latest day that a case can wait for an answer by somebody's decision.

    Whoever asked for an opinion by a day may give more time; nobody gives more than the law does (KL 11:20).
    """
    registered = any(isinstance(rule, EventRound) for rule in LIFECYCLES[case.lifecycle].rounds.values())
    ends_on = _ends_on(session, organisation, case, today)
    return latest(organisation.practice, legal=None if registered else case.limit_on, ends_on=ends_on, today=today)


def latest(practice: Practice, *, legal: date | None, ends_on: date, today: date) -> Latest:
    """Return the earliest of the bounds, moved to the ordinary day before."""
    bounds = [
        (ends_on - timedelta(days=1), f"ärendet avslutas {ends_on.isoformat()}"),
        (months_after(today, MOST_MONTHS), "mer tid ges högst två år i taget"),
    ]
    if legal is not None:
        bounds.append((legal, f"lagens sista dag är {legal.isoformat()}"))
    day, why = min(bounds)
    return Latest(practice.previous_ordinary(day), why)


def _ends_on(session: Session, organisation: Organisation, case: Case, today: date) -> date:
    """The day the round itself ends: what more time has added for a late answer makes no room for still more."""
    lifecycle, subject = LIFECYCLES[case.lifecycle], case.policy_id or case.municipality_id
    facts = load_policy_facts(session, organisation, lifecycle, [subject], today).get(subject)
    if facts is None:
        return case.lapses_on
    same = rounds(lifecycle, facts, organisation.by_id[case.body_id], until=max(case.opens_on, today))
    return min([case.lapses_on, *(dates.lapses_on for dates in same if dates.period == case.period)])
