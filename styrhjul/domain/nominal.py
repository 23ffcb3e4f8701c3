"""The rounds a rule names, before a body's own circumstances: period, opening, due day and that day's source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from styrhjul.domain.calendar import months_after
from styrhjul.domain.date_rule import DateRule, day_of, nominal_day_of
from styrhjul.domain.facts import BodyFacts, Deadline, DutyFacts, PolicyFacts
from styrhjul.domain.lifecycle import Holder
from styrhjul.domain.practice import FirstYearGoals
from styrhjul.domain.recurrence import Period, RecurrenceKind, periods_of
from styrhjul.domain.round_rule import (
    Clock,
    EventRound,
    IntervalRound,
    OnceRound,
    PeriodRound,
    Round,
    TermRound,
    YearRound,
)
from styrhjul.domain.term import FIRST_KNOWN, Term, begins_same_term, term_of, usual_start
from styrhjul.domain.vocabulary import DueBasis

#: A round opens this long before its due day at the latest, so that a whole ladder fits with room for an answer.
LEAD_WORKING_DAYS = 25
#: Nobody is asked for a day whose whole ladder would not fit.
FULL_LADDER_WORKING_DAYS = 20
#: A document whose day had passed before Styrhjul was in use here gets this long from then on.
OVERDUE_GRACE_MONTHS = 6
#: Rounds named by a day that is no term's first.
_DATED = frozenset({RecurrenceKind.EVERY_N_YEARS, RecurrenceKind.ONCE})
_ISO_LENGTH = len("2026-10-15")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominal:
    """A round as its rule names it. `opens` may be a free day; `due_on` is an ordinary one unless people chose it."""

    period: str
    opens: date
    due_on: date
    source: str
    basis: DueBasis = DueBasis.DEFAULT
    limit: date | None = None
    holder: Holder | None = None
    duty_ids: tuple[str, ...] = ()


def nominals(
    rule: Round,
    facts: PolicyFacts,
    body: BodyFacts,
    duties: tuple[DutyFacts, ...],
    *,
    first_year: YearRound | None = None,
) -> Iterator[Nominal]:
    """Yield the rounds of a rule, earliest first, without end where the rule has none.

    A day that the text states beats the rule's own; of several the earliest. Yearly rounds begin the year before the
    policy was followed here, the others with the first one that was ever promised.
    """
    every = max((duty.recurrence.every for duty in duties if duty.recurrence), default=1)
    match rule:
        case YearRound():
            yearly = _yearly(rule, first_year, facts, body, every)
            return (_as_the_text_says(nominal, duties, facts) for nominal in yearly)
        case PeriodRound():
            return _parts_of_the_year(rule, facts, duties)
        case TermRound():
            return _terms(rule, facts, body, duties)
        case IntervalRound():
            return _intervals(rule, facts, every)
        case OnceRound():
            return _once(rule, facts, duties)
        case EventRound():
            return _registered(facts, body)


def leaves_a_full_ladder(due_on: date, facts: PolicyFacts) -> bool:
    """Tell whether a whole ladder fits between the first ordinary day the policy is followed here and a due day."""
    first = facts.practice.next_ordinary(facts.followed_from)
    return facts.practice.add_working_days(first, FULL_LADDER_WORKING_DAYS) <= due_on


def _yearly(
    ordinary: YearRound, first_year: YearRound | None, facts: PolicyFacts, body: BodyFacts, every: int
) -> Iterator[Nominal]:
    counted_from = (facts.adopted_on or facts.followed_from).year
    for year in count(facts.followed_from.year - 1):
        if (year - counted_from) % every:
            continue
        is_new = facts.practice.first_year_goals is FirstYearGoals.NEW_COMMITTEE
        rule = first_year if first_year and is_new and _sits_first(body, ordinary, first_year, year) else ordinary
        yield _of_year(rule, year, facts)


def _sits_first(body: BodyFacts, ordinary: YearRound, first_year: YearRound, year: int) -> bool:
    """Whether those who sit when a new body's round is due had not begun when the ordinary one opens."""
    asked_on = nominal_day_of(ordinary.opens, year + ordinary.years_from_period)
    due_on = day_of(first_year.due, year + first_year.years_from_period)
    return asked_on < term_of(body.kind, due_on, body.term_starts).starts_on


def _of_year(rule: YearRound, year: int, facts: PolicyFacts) -> Nominal:
    calendar_year = year + rule.years_from_period
    return Nominal(
        period=str(year),
        opens=nominal_day_of(rule.opens, calendar_year),
        due_on=facts.practice.previous_ordinary(day_of(rule.due, calendar_year)),
        limit=day_of(rule.legal_limit, calendar_year) if rule.legal_limit else None,
        source=rule.source,
    )


def _parts_of_the_year(rule: PeriodRound, facts: PolicyFacts, duties: tuple[DutyFacts, ...]) -> Iterator[Nominal]:
    for year in count(facts.followed_from.year - 1):
        for part in periods_of(rule.months, year):
            is_last = part.ends_on.month == 12
            usual = (
                replace(_of_year(rule.last, year, facts), period=part.key) if is_last else _of_part(rule, part, facts)
            )
            # A stated day speaks of the part it follows, and of no other.
            yield _as_the_text_says(usual, duties, facts, until=months_after(usual.opens, rule.months))


def _of_part(rule: PeriodRound, part: Period, facts: PolicyFacts) -> Nominal:
    opens = part.ends_on + timedelta(days=1)
    month = opens
    while month.month in facts.practice.rest_months:
        month = months_after(month, 1)
    return Nominal(
        period=part.key,
        opens=opens,
        due_on=facts.practice.previous_ordinary(months_after(month, 1) - timedelta(days=1)),
        source=rule.source,
    )


def _terms(rule: TermRound, facts: PolicyFacts, body: BodyFacts, duties: tuple[DutyFacts, ...]) -> Iterator[Nominal]:
    clock = facts.adopter if rule.clock is Clock.ADOPTER else body
    # The term in which the document was adopted owns that adoption; the first round belongs to the next one.
    owned_on = max(facts.adopted_on or facts.followed_from - timedelta(days=1), FIRST_KNOWN)
    term = term_of(clock.kind, owned_on, clock.term_starts)
    while True:
        term = term_of(clock.kind, term.ends_on + timedelta(days=1), clock.term_starts)
        start = term.starts_on
        period = _carried(term, clock, facts, body) or term.key
        usual = Nominal(period=period, opens=start, due_on=_due_in_term(rule, start, facts), source=rule.source)
        # A day of the year that the text states is the first such day on which a term's work can be done.
        earliest = facts.practice.add_working_days(start, LEAD_WORKING_DAYS)
        stated = [(_first_from(each.day, earliest), each.source, each.basis) for each in _stated_rules(duties)]
        yield _moved_to(usual, min(stated), facts) if stated else usual


def _carried(term: Term, clock: BodyFacts, facts: PolicyFacts, body: BodyFacts) -> str | None:
    """The period of the round that a term already has, if its first day was moved after that had opened.

    A re-election gives no second round about a document; a handover follows the people, who are new. Where the text
    also states a day or a number of years, only a day that can be a term's first is taken for one.
    """
    if facts.policy_id is None:
        return None
    dated = {duty.recurrence.kind for duty in facts.duties if duty.recurrence and body.body_id in duty.body_ids}
    firsts = {usual_start(clock.kind, term.starts_on), *clock.term_starts}
    opened = (date.fromisoformat(key) for of, key in facts.recorded if of == body.body_id and len(key) == _ISO_LENGTH)
    same = [day for day in opened if begins_same_term(day, term.starts_on)]
    fitting = [day for day in same if day in firsts or not dated & _DATED]
    return min(fitting).isoformat() if fitting else None


def _due_in_term(rule: TermRound, start: date, facts: PolicyFacts) -> date:
    if rule.due is None:
        return facts.practice.next_ordinary(
            facts.practice.add_working_days(facts.practice.next_ordinary(start), rule.due_working_days or 0)
        )
    full_year = start.year if (start.month, start.day) == (1, 1) else start.year + 1
    return facts.practice.previous_ordinary(day_of(rule.due, full_year))


def _intervals(rule: IntervalRound, facts: PolicyFacts, every: int) -> Iterator[Nominal]:
    decided_on = facts.decided_on or facts.adopted_on or facts.followed_from
    yield from _dated(rule, facts, (months_after(decided_on, 12 * every * number) for number in count(1)))


def _once(rule: OnceRound, facts: PolicyFacts, duties: tuple[DutyFacts, ...]) -> Iterator[Nominal]:
    since = facts.adopted_on or facts.followed_from
    days = {duty.deadline.day for duty in duties if duty.deadline and isinstance(duty.deadline.day, date)}
    days |= {_first_from(each.day, since) for each in _stated_rules(duties)}
    for coming in _dated(rule, facts, iter(sorted(days))):
        yield _as_corrected(coming, duties, since)


def _as_corrected(coming: Nominal, duties: tuple[DutyFacts, ...], since: date) -> Nominal:
    """Say of a day that somebody wrote, and no sentence states, that it is theirs."""
    deadlines = [duty.deadline for duty in duties if duty.deadline]
    stating = [each for each in deadlines if _single_day(each, since).isoformat() == coming.period]
    if coming.basis is not DueBasis.TEXT or any(each.basis is DueBasis.TEXT for each in stating):
        return coming
    return replace(coming, source=stating[0].source, basis=stating[0].basis)


def _single_day(deadline: Deadline, since: date) -> date:
    return deadline.day if isinstance(deadline.day, date) else _first_from(deadline.day, since)


def _dated(rule: IntervalRound | OnceRound, facts: PolicyFacts, days: Iterator[date]) -> Iterator[Nominal]:
    """Rounds with a day of their own.

    The last of those that came too soon when we began is still owed, on a new day, unless the next one is already open.
    """
    missed: date | None = None
    for day in days:
        coming = _on(rule, day, facts)
        if not leaves_a_full_ladder(coming.due_on, facts):
            missed = day
            continue
        if missed and coming.opens > facts.followed_from:
            yield _overdue(missed, facts)
        yield coming
        missed = None
    if missed:
        yield _overdue(missed, facts)


def _on(rule: IntervalRound | OnceRound, day: date, facts: PolicyFacts) -> Nominal:
    due_on = facts.practice.previous_ordinary(day)
    return Nominal(
        period=day.isoformat(),
        opens=months_after(day, -rule.lead_months),
        due_on=due_on,
        source=rule.source,
        basis=DueBasis.TEXT,
    )


def _overdue(missed: date, facts: PolicyFacts) -> Nominal:
    passed = "hade passerat" if missed < facts.followed_from else "låg för nära"
    return Nominal(
        period=missed.isoformat(),
        opens=facts.followed_from,
        due_on=facts.practice.previous_ordinary(months_after(facts.followed_from, OVERDUE_GRACE_MONTHS)),
        source=f"Dagen i dokumentet, {missed.isoformat()}, {passed} när uppföljningen här började. Kommunens "
        f"standard: beslutet fattas inom {OVERDUE_GRACE_MONTHS} månader.",
    )


def _registered(facts: PolicyFacts, body: BodyFacts) -> Iterator[Nominal]:
    for round_ in facts.registered:
        if round_.body_id == body.body_id:
            yield Nominal(
                period=round_.period,
                opens=round_.opens_on,
                due_on=round_.due_on,
                limit=round_.due_on,  # whoever asked has set it: a meeting that comes later does not move it
                source=round_.source,
                basis=DueBasis.DECISION,
                holder=round_.holder,
                duty_ids=round_.duty_ids,
            )


def _as_the_text_says(
    usual: Nominal, duties: tuple[DutyFacts, ...], facts: PolicyFacts, *, until: date | None = None
) -> Nominal:
    """Let the earliest day that a sentence states decide; with `until`, only a day from the opening to it."""
    stated = [(_nearest(each.day, usual.due_on), each.source, each.basis) for each in _stated_rules(duties)]
    if until:
        stated = [each for each in stated if usual.opens <= each[0] < until]
    return _moved_to(usual, min(stated), facts) if stated else usual


def _moved_to(usual: Nominal, stated: tuple[date, str, DueBasis], facts: PolicyFacts) -> Nominal:
    """The round on the day a sentence states, opening early enough for it."""
    day, source, basis = stated
    due_on = facts.practice.previous_ordinary(day)
    return replace(
        usual,
        opens=min(usual.opens, facts.practice.add_working_days(due_on, -LEAD_WORKING_DAYS)),
        due_on=due_on,
        source=source,
        basis=basis,
    )


@dataclass(frozen=True, slots=True)
class _StatedRule:
    day: DateRule
    source: str
    basis: DueBasis


def _stated_rules(duties: tuple[DutyFacts, ...]) -> list[_StatedRule]:
    """The days of the year that sentences state, with their sources; what binds nobody sets no day for what does."""
    deciding = [duty for duty in duties if duty.is_binding] or duties
    deadlines = (duty.deadline for duty in deciding if duty.deadline)
    return [_StatedRule(each.day, each.source, each.basis) for each in deadlines if not isinstance(each.day, date)]


def _first_from(rule: DateRule, since: date) -> date:
    """Return the first day from `since` on that a rule names."""
    return next(day for year in count(since.year) if (day := day_of(rule, year)) >= since)


def _nearest(rule: DateRule, usual: date) -> date:
    """Return the stated day that lies nearest the usual one: 30 November belongs to the year it follows up."""
    return min((day_of(rule, usual.year + step) for step in (-1, 0, 1)), key=lambda day: abs(day - usual))
