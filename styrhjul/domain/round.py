"""When the case for a period opens, is due and ends, per body: meetings, papers, legal limits, the text's own day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, pairwise

from styrhjul.domain.facts import BodyFacts, DutyFacts, PolicyFacts
from styrhjul.domain.lifecycle import Holder, Lifecycle
from styrhjul.domain.meeting import aim_for, stages
from styrhjul.domain.nominal import LEAD_WORKING_DAYS, Nominal, leaves_a_full_ladder, nominals
from styrhjul.domain.practice import Practice
from styrhjul.domain.round_rule import EventRound, Round, TermRound
from styrhjul.domain.vocabulary import BodyKind, DueBasis

#: Two questions about one period open within a year of each other.
OVERLAP_DAYS = 366
#: A late answer is taken at least this long, even where the next round has begun.
LATE_ANSWER_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDates:
    """The days of one round for one body. `opens_on` is an ordinary day; `agenda_on` leaves time to write the papers.

    `meeting_on` is the body's own meeting, `decides_on` the adopter's where that decides and another prepares.
    """

    period: str
    holder: Holder
    duty_ids: tuple[str, ...]
    is_binding: bool
    opens_on: date
    due_on: date
    meeting_on: date | None
    agenda_on: date | None
    decides_on: date | None
    lapses_on: date
    #: The rule's own due day where a meeting moved it; None where the rule's day stands.
    rule_due_on: date | None
    #: The day that law sets, or whoever asked: no meeting moves the due day past it.
    limit_on: date | None
    source: str
    basis: DueBasis
    followed: bool
    opening_deferred_from: date | None


@dataclass(frozen=True, slots=True)
class Question:
    """What one body is asked with one rule: the duties behind it, in the order of the text."""

    rule: Round
    duties: tuple[DutyFacts, ...]


def questions(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts) -> list[Question]:
    """Return what a lifecycle asks a body about a policy, one question for each rule and number of years.

    A rule that people start themselves is always there; it asks nothing until something is registered.
    """
    grouped: dict[tuple[Round, int], Question] = {}
    for duty in facts.duties:
        kind = duty.recurrence.kind if duty.recurrence else None
        if body.body_id in duty.body_ids and kind in lifecycle.rounds:
            rule = lifecycle.rounds[kind]
            key = (rule, duty.recurrence.every if duty.recurrence else 1)
            grouped[key] = Question(rule, (*(grouped[key].duties if key in grouped else ()), duty))
    if not grouped and body.body_id in facts.asked_by_default and None in lifecycle.rounds:
        return [Question(lifecycle.rounds[None], ())]
    started = [Question(rule, ()) for rule in lifecycle.rounds.values() if isinstance(rule, EventRound)]
    return [*grouped.values(), *started]


def rounds(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, *, until: date) -> list[RoundDates]:
    """Return the rounds of one body that open by `until`, each question's in the order of their periods.

    Two questions about the same period are one round, also when the other would open later. Rounds from before
    `followed_from` appear only for terms of office (what was promised for a whole term and missed is worth showing;
    ten years of missed yearly rounds are not), with `followed` false.
    """
    return _rounds(lifecycle, facts, body, frozenset(), until=until)


def unopened(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, *, until: date) -> list[RoundDates]:
    """Return those of `rounds` that have no case yet."""
    return _rounds(lifecycle, facts, body, _opened(facts, body), until=until)


def _opened(facts: PolicyFacts, body: BodyFacts) -> frozenset[str]:
    """The periods that this body already has a case for."""
    return frozenset(period for asked, period in facts.recorded if asked == body.body_id)


def _rounds(
    lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, opened: frozenset[str], *, until: date
) -> list[RoundDates]:
    all_questions = questions(lifecycle, facts, body)
    horizon = until + timedelta(days=OVERLAP_DAYS) if len(all_questions) > 1 else until
    found: dict[str, RoundDates] = {}
    for question in all_questions:
        for asked in _candidates(lifecycle, facts, body, question, opened):
            if asked.opens_on > horizon:
                break
            if asked.followed or isinstance(question.rule, TermRound):
                dates = _dates(lifecycle, facts, body, asked)
                found[dates.period] = _together(found[dates.period], dates) if dates.period in found else dates
    return [dates for dates in found.values() if dates.opens_on <= until]


def _together(one: RoundDates, other: RoundDates) -> RoundDates:
    """Two questions about the same period are one case: that of the earlier due day, which also opens first."""
    first, later = sorted((one, other), key=lambda dates: dates.due_on)
    return replace(
        first,
        duty_ids=tuple(dict.fromkeys((*one.duty_ids, *other.duty_ids))),
        is_binding=first.is_binding or later.is_binding,
        limit_on=min((limit for limit in (one.limit_on, other.limit_on) if limit), default=None),
        holder=Holder.BODY if Holder.BODY in {first.holder, later.holder} else first.holder,
    )


def next_opening(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, *, after: date) -> date | None:
    """Return the first day after `after` on which a round of this body opens; None when none is known."""
    openings, opened = [], _opened(facts, body)
    for question in questions(lifecycle, facts, body):
        coming = (
            asked.opens_on
            for asked in _candidates(lifecycle, facts, body, question, opened)
            if asked.followed and asked.opens_on > after
        )
        openings.append(next(coming, None))
    return min((day for day in openings if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A round as far as its opening: whether it is followed here, the day it would open, and the one it does."""

    question: Question
    nominal: Nominal
    following: Nominal | None
    holder: Holder
    followed: bool
    opens: date
    opens_on: date


def _candidates(
    lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, question: Question, opened: frozenset[str]
) -> Iterator[_Asked]:
    """Yield the rounds that a question names but those of the periods `opened`."""
    first_year = lifecycle.first_year if question.rule is lifecycle.rounds.get(None) else None
    holder, practice = _holder(lifecycle, question), facts.practice
    facts = _as_bound(facts, body, question)
    coming = nominals(question.rule, facts, body, question.duties, first_year=first_year)
    for nominal, following in pairwise(chain(coming, [None])):
        if nominal is not None and nominal.period not in opened:
            followed = nominal.basis is DueBasis.DECISION or leaves_a_full_ladder(nominal.due_on, facts)
            opens = max(_opens(nominal, practice), facts.followed_from) if followed else nominal.opens
            asked_of = nominal.holder or holder
            yield _Asked(question, nominal, following, asked_of, followed, opens, practice.next_ordinary(opens))


def _as_bound(facts: PolicyFacts, body: BodyFacts, question: Question) -> PolicyFacts:
    """Nobody is asked about the time before the condition of any sentence was met."""
    bound = (duty.since.get(body.body_id, facts.followed_from) for duty in question.duties)
    since = min(bound, default=facts.followed_from)
    return replace(facts, followed_from=since) if since > facts.followed_from else facts


def _holder(lifecycle: Lifecycle, question: Question) -> Holder:
    """A body answers where any sentence binds the body itself."""
    holders = {duty.holder for duty in question.duties} or {lifecycle.default_holder}
    return Holder.BODY if Holder.BODY in holders else min(holders)


def _dates(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, asked: _Asked) -> RoundDates:
    nominal, practice = asked.nominal, facts.practice
    # What was never asked is not moved by today's calendar.
    passed = stages(lifecycle, body, adopter=facts.adopter, board=_board(facts)) if asked.followed else ()
    aim = aim_for(passed, asked.opens_on, nominal.due_on, limit=nominal.limit, practice=practice)
    next_opens = practice.next_ordinary(_opens(asked.following, practice)) if asked.following else aim.due_on
    duties = asked.question.duties
    return RoundDates(
        period=nominal.period,
        holder=asked.holder,
        duty_ids=tuple(duty.duty_id for duty in duties) or nominal.duty_ids,
        is_binding=not duties or any(duty.is_binding for duty in duties),
        opens_on=asked.opens_on,
        due_on=aim.due_on,
        meeting_on=aim.meeting_on,
        agenda_on=aim.agenda_on,
        decides_on=aim.decides_on,
        lapses_on=max(next_opens, practice.next_ordinary(aim.due_on + timedelta(days=LATE_ANSWER_DAYS))),
        rule_due_on=nominal.due_on if aim.words else None,
        limit_on=nominal.limit,
        source=f"{nominal.source} {aim.words}".rstrip(),
        basis=nominal.basis,
        followed=asked.followed,
        opening_deferred_from=asked.opens if asked.opens != asked.opens_on else None,
    )


def _board(facts: PolicyFacts) -> BodyFacts | None:
    return next((body for body in facts.bodies if body.kind is BodyKind.EXECUTIVE_BOARD), None)


def _opens(nominal: Nominal, practice: Practice) -> date:
    """The rule's own day, or one early enough where rest would move it past a due day that rest moved back."""
    if nominal.basis is not DueBasis.DECISION and practice.next_ordinary(nominal.opens) >= nominal.due_on:
        return practice.previous_ordinary(practice.add_working_days(nominal.due_on, -LEAD_WORKING_DAYS))
    return nominal.opens
