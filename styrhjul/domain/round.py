"""When the case for a period opens and is due, per body: term years, meetings, papers, legal limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from styrhjul.domain.calendar import add_working_days, next_working_day, previous_working_day
from styrhjul.domain.date_rule import day_of, nominal_day_of
from styrhjul.domain.facts import BodyFacts, PolicyFacts
from styrhjul.domain.lifecycle import Lifecycle, TermRound, YearRound
from styrhjul.domain.term import Term, term_of

#: Minutes are adjusted within fourteen days (KL 5:69): a decision needs its meeting that long before the due day.
ADJUSTMENT_DAYS = 14
#: A body meets at least once a quarter: a next meeting further away means that its calendar is not entered yet.
NEXT_MEETING_DAYS = 92
#: Papers reach the secretary three working weeks before the meeting (practice).
PAPERS_WORKING_DAYS = 15
#: Papers due sooner after the opening leave no room for a reminder: it then aims at the due day.
PAPERS_LEAD_WORKING_DAYS = 10
#: Nobody is asked for a period whose whole ladder would not fit.
FULL_LADDER_WORKING_DAYS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDates:
    """The days of one round for one body. `opens_on` is a working day; `agenda_on` leaves room for a reminder."""

    period: str
    opens_on: date
    due_on: date
    meeting_on: date | None
    agenda_on: date | None
    source: str
    followed: bool
    opening_deferred_from: date | None


def rounds(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, *, until: date) -> Iterator[RoundDates]:
    """Yield the rounds of one body in the order of their periods, those that open after `until` left out.

    Rounds from before `followed_from` appear only for terms of office (what was promised for a whole term and missed
    is worth showing; ten years of missed yearly rounds are not), with `followed` false.
    """
    shows_missed = isinstance(lifecycle.round, TermRound)
    for dates in _candidates(lifecycle, facts, body):
        if dates.opens_on > until:
            return
        if dates.followed or shows_missed:
            yield dates


def next_opening(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts, *, after: date) -> date:
    """Return the first day after `after` on which a round of this body opens."""
    return next(
        dates.opens_on for dates in _candidates(lifecycle, facts, body) if dates.followed and dates.opens_on > after
    )


def _candidates(lifecycle: Lifecycle, facts: PolicyFacts, body: BodyFacts) -> Iterator[RoundDates]:
    if isinstance(lifecycle.round, TermRound):
        return _term_rounds(lifecycle.round, facts, body)
    return _year_rounds(lifecycle.round, lifecycle.first_year, facts, body)


def _year_rounds(
    ordinary: YearRound, first_year: YearRound | None, facts: PolicyFacts, body: BodyFacts
) -> Iterator[RoundDates]:
    for year in count(facts.followed_from.year - 1):
        term = term_of(body.kind, date(year, 12, 31), body.term_starts)
        chosen = first_year if first_year and _is_first_year(term, year) else ordinary
        calendar_year = year + chosen.years_from_period
        yield _dates(
            facts,
            body,
            _Nominal(
                period=str(year),
                opens=nominal_day_of(chosen.opens, calendar_year),
                opens_on=day_of(chosen.opens, calendar_year),
                due_on=day_of(chosen.due, calendar_year),
                limit=day_of(chosen.legal_limit, calendar_year) if chosen.legal_limit else None,
                source=chosen.source,
            ),
        )


def _is_first_year(term: Term, year: int) -> bool:
    """Whether the body that would answer in the ordinary autumn no longer sits in the year the round concerns."""
    return date(year - 1, 9, 1) < term.starts_on <= date(year, 12, 31)


def _term_rounds(declared: TermRound, facts: PolicyFacts, body: BodyFacts) -> Iterator[RoundDates]:
    adopter = facts.adopter
    # The term in which the document was adopted owns that adoption; the first revision belongs to the next one.
    term = term_of(adopter.kind, facts.adopted_on or facts.followed_from, adopter.term_starts)
    while True:
        term = term_of(adopter.kind, term.ends_on + timedelta(days=1), adopter.term_starts)
        start = term.starts_on
        full_year = start.year if (start.month, start.day) == (1, 1) else start.year + 1
        yield _dates(
            facts,
            body,
            _Nominal(
                period=term.key,
                opens=start,
                opens_on=next_working_day(start),
                due_on=day_of(declared.due, full_year),
                limit=None,
                source=declared.source,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nominal:
    """A round as declared, before the body's own circumstances."""

    period: str
    opens: date
    opens_on: date
    due_on: date
    limit: date | None
    source: str


def _dates(facts: PolicyFacts, body: BodyFacts, nominal: _Nominal) -> RoundDates:
    followed = add_working_days(facts.followed_from, FULL_LADDER_WORKING_DAYS) <= nominal.due_on
    opens, opens_on = nominal.opens, nominal.opens_on
    if followed and opens_on < facts.followed_from:
        opens, opens_on = facts.followed_from, next_working_day(facts.followed_from)
    meetings = body.meetings if followed else ()  # what was never asked is not moved by today's calendar
    meeting_on, due_on, moved = _meeting(meetings, opens_on, nominal.due_on, nominal.limit)
    return RoundDates(
        period=nominal.period,
        opens_on=opens_on,
        due_on=due_on,
        meeting_on=meeting_on,
        agenda_on=papers_for(meeting_on, opens_on),
        source=f"{nominal.source} {moved}" if moved else nominal.source,
        followed=followed,
        opening_deferred_from=opens if opens != opens_on else None,
    )


def last_usable_meeting(meetings: tuple[date, ...], since: date, due_on: date) -> date | None:
    """Return the last meeting from `since` on that leaves time to adjust the minutes before the due day."""
    latest = due_on - timedelta(days=ADJUSTMENT_DAYS)
    return max((meeting for meeting in meetings if since <= meeting <= latest), default=None)


def papers_for(meeting_on: date | None, since: date) -> date | None:
    """Return the day the papers must be in; None without a meeting, or when that day comes too soon after `since`."""
    if meeting_on is None:
        return None
    papers = add_working_days(meeting_on, -PAPERS_WORKING_DAYS)
    return papers if papers > add_working_days(since, PAPERS_LEAD_WORKING_DAYS) else None


def _meeting(
    meetings: tuple[date, ...], opens_on: date, due_on: date, limit: date | None
) -> tuple[date | None, date, str]:
    """Return the meeting to decide at, the due day it allows and, where that moved, the Swedish words for it."""
    usable = last_usable_meeting(meetings, opens_on, due_on)
    coming = min((meeting for meeting in meetings if meeting >= opens_on), default=None)
    if usable or not coming:
        return usable, due_on, ""
    moved = previous_working_day(coming + timedelta(days=ADJUSTMENT_DAYS))
    not_entered = coming > due_on + timedelta(days=NEXT_MEETING_DAYS)
    if not_entered or moved <= due_on or (limit and moved > limit):
        return None, due_on, ""
    return coming, moved, f"Inget sammanträde hinns med före {due_on.isoformat()}, därför gäller nämndens nästa."
