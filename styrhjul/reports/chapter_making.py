"""How a chapter is made of what is known: which cases belong to the year, who has answered, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from styrhjul.domain.answer import Attainment, stands
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.reports import chapter_words as words
from styrhjul.reports.chapter import (
    Chapter,
    Count,
    Decided,
    EditionChange,
    GoalRow,
    MissingAnswer,
    NextGoal,
    OtherAnswer,
    Section,
    WentUp,
)
from styrhjul.reports.chapter_facts import (
    Known,
    KnownCase,
    KnownEdition,
    KnownGoal,
    KnownJudgement,
    KnownPolicy,
    Standing,
)
from styrhjul.reports.wheel_layout import Wheel
from styrhjul.reports.years import span, tallies, years_of

#: A term is four years: goals decided for one hold in all of them.
_TERM_YEARS = 4
#: A goal, and the case in which it was decided.
_Decided: TypeAlias = tuple[KnownCase, KnownGoal]


def make_chapter(known: Known, wheels: tuple[Wheel, ...] = ()) -> Chapter:
    """Return the chapter of a year; a policy of which nothing is asked that year is there with its decision."""
    return Chapter(
        municipality=known.municipality,
        slug=known.slug,
        year=known.year,
        made_on=known.on,
        of_one=known.of_one,
        sections=tuple(_Section(policy, known.year, known.on).made() for policy in known.policies),
        wheels=wheels,
    )


def goal_rows(policy: KnownPolicy, year: int, on: date) -> list[GoalRow]:
    """Return what a year's chapter says of each body's goals."""
    return [*_Section(policy, year, on).rows()]


class YearInBrief(NamedTuple):
    """What a year's chapter says of one policy's goals, and of how many answered."""

    goals: tuple[GoalRow, ...]
    counts: tuple[Count, ...]


def year_in_brief(policy: KnownPolicy, year: int, on: date) -> YearInBrief:
    """Return the same as `make_chapter` has of them, and nothing of the years before."""
    section = _Section(policy, year, on)
    return YearInBrief(tuple(section.rows()), tuple(section.counts()))


class _Section:
    """One policy's cases, sorted by what they are to the year."""

    def __init__(self, policy: KnownPolicy, year: int, on: date) -> None:
        self._policy, self._year, self._on = policy, year, on
        asked = [case for case in policy.cases if case.state is not State.NOT_FOLLOWED]
        self._follow_ups = _of(asked, LifecycleKey.FOLLOW_UP, year)
        self._goals = [
            case for case in asked if case.lifecycle is LifecycleKey.GOAL_SETTING and _holds_in(case.period, year)
        ]
        self._next = _of(asked, LifecycleKey.GOAL_SETTING, year + 1)
        self._others = [case for key in _OTHERS for case in _of(asked, key, year)]
        self._revisions = [
            case for case in asked if case.lifecycle is LifecycleKey.REVISION and _is_revision_of(case, year)
        ]

    def made(self) -> Section:
        cases = [*self._goals, *self._follow_ups, *self._others, *self._revisions]
        rows = [*self.rows()]
        return Section(
            slug=self._policy.slug,
            title=self._policy.title,
            decided=self._decided(),
            repealed_on=self._policy.repealed_on,
            counts=tuple(self.counts()),
            goals=tuple(rows),
            tallies=tuple(tallies(rows)),
            missing=tuple(self._missing(case) for case in cases if not _is_answered(case)),
            went_up=tuple(each for each in risen(self._policy.cases) if each.told[0].on.year == self._year),
            others=tuple(filter(None, map(_other, [*self._others, *self._revisions]))),
            editions=tuple(_changes(self._policy.editions, self._year)),
            next_goals=tuple(_next_goals(self._next, self._on)),
            years=years_of({year: goal_rows(self._policy, year, self._on) for year in span(self._year)}),
        )

    def _decided(self) -> Decided:
        edition = _held_at(self._policy.editions, date(self._year, 12, 31))
        return Decided(
            adopted_by=edition.adopted_by,
            adopted_on=edition.adopted_on,
            paragraph=edition.paragraph,
            diary_number=edition.diary_number,
            owner=self._policy.owner or edition.document_owner,
        )

    def counts(self) -> Iterator[Count]:
        year = self._year
        yield from _count(self._goals, LifecycleKey.GOAL_SETTING, year)
        yield from _count(self._follow_ups, LifecycleKey.FOLLOW_UP, year)
        for key in _OTHERS:
            yield from _count([case for case in self._others if case.lifecycle is key], key, year)
        yield from _count(self._next, LifecycleKey.GOAL_SETTING, year + 1)

    def rows(self) -> Iterator[GoalRow]:
        """Yield what each body's follow-ups say, and for bodies without any, the goals they had decided."""
        decided = {goal.goal_id: (case, goal) for case in self._goals for goal in _goals_of(case)}
        for case in self._follow_ups:
            if case.answer and _is_answered(case):
                for judged in case.answer.judgements:
                    yield _judged(case, judged, decided.get(judged.goal_id or ""))
            else:
                own: list[_Decided | None] = [pair for pair in decided.values() if pair[0].body_id == case.body_id]
                yield from (_unjudged(case, _unanswered(case, self._on), pair) for pair in own or [None])
        followed = {case.body_id for case in self._follow_ups}
        for of, goal in decided.values():
            if of.body_id not in followed:
                yield _unjudged(of, Standing.NOT_ASKED, (of, goal))

    def _missing(self, case: KnownCase) -> MissingAnswer:
        return MissingAnswer(
            body=case.body,
            about=case.name,
            due_on=case.due_on,
            standing=_unanswered(case, self._on),
            is_binding=case.is_binding,
            told=case.told,
        )


#: What is asked about a year beside its goals.
_OTHERS = (LifecycleKey.ACTION_PLANNING, LifecycleKey.PROJECT_FOLLOW_UP)


def _of(cases: Iterable[KnownCase], lifecycle: LifecycleKey, year: int) -> list[KnownCase]:
    """Return the cases about a year or a part of it: the period's own name begins with it."""
    return [case for case in cases if case.lifecycle is lifecycle and case.period[:4] == str(year)]


def _holds_in(period: str, year: int) -> bool:
    first = int(period[:4])
    return first == year or ("-" in period and first <= year < first + _TERM_YEARS)


def _is_revision_of(case: KnownCase, year: int) -> bool:
    """Whether it was to be decided that year, was answered that year, or still waits from before."""
    if case.answer and _is_answered(case):
        return year in {case.due_on.year, (case.answer.decided_on or case.answer.submitted_on).year}
    return case.due_on.year <= year


def _is_answered(case: KnownCase) -> bool:
    return stands(case.state, has_answer=case.answer is not None)


def _goals_of(case: KnownCase) -> tuple[KnownGoal, ...]:
    """Return the goals that hold: those of an answer that was sent back are no goals."""
    return case.answer.goals if case.answer and _is_answered(case) else ()


def _unanswered(case: KnownCase, on: date) -> Standing:
    if case.state is State.WAIVED:
        return Standing.WAIVED
    if case.due_on >= on and case.state is not State.LAPSED:
        return Standing.AWAITED
    return Standing.MISSING if case.is_binding else Standing.NO_ANSWER


def _count(cases: Sequence[KnownCase], lifecycle: LifecycleKey, year: int) -> Iterator[Count]:
    """Count bodies, not questions: one asked every third of the year has answered when it has answered them all."""
    if not cases:
        return
    bodies = {case.body_id: case.body_kind for case in cases}
    silent = {case.body_id for case in cases if not _is_answered(case)}
    yield Count(
        lifecycle=lifecycle,
        year=year,
        answered=len(bodies) - len(silent),
        asked=len(bodies),
        noun=words.noun(bodies.values(), len(bodies)),
    )


def _judged(case: KnownCase, judged: KnownJudgement, decided: _Decided | None) -> GoalRow:
    return replace(
        _unjudged(case, _STANDINGS[judged.attainment], decided),
        goal=judged.goal,
        result=judged.result,
        trend=words.trend(judged.trend, judged.better),
        analysis=judged.analysis,
        next_step=judged.next_step,
        decided_on=case.answer.decided_on if case.answer else None,
        paragraph=case.answer.paragraph if case.answer else None,
    )


_STANDINGS = {attainment: Standing(attainment.value) for attainment in Attainment}


def _unjudged(case: KnownCase, standing: Standing, decided: _Decided | None) -> GoalRow:
    of, goal = decided or (None, None)
    return GoalRow(
        body=case.body,
        period=_part(case),
        goal=goal.text if goal else None,
        indicator=goal.indicator if goal else "",
        baseline=goal.baseline if goal else "",
        target=goal.target if goal else "",
        responsible=goal.responsible if goal else "",
        goal_decided_on=of.answer.decided_on if of and of.answer else None,
        goal_paragraph=of.answer.paragraph if of and of.answer else None,
        standing=standing,
    )


def _part(case: KnownCase) -> str:
    """Return what a part of the year is called; the year itself, and a term, need no name of their own."""
    is_part = case.lifecycle is LifecycleKey.FOLLOW_UP and len(case.period) > len("2027")
    return case.name.partition(", ")[2] if is_part else ""


def risen(cases: Iterable[KnownCase]) -> Iterator[WentUp]:
    """Yield the cases that have gone up: a mail about them has arrived at somebody above whoever is to answer.

    In the order given. A case has gone up once, on the first of those days, whatever it is about.
    """
    yield from filter(None, map(_went_up, cases))


def _went_up(case: KnownCase) -> WentUp | None:
    above = tuple(each for each in case.told if each.is_above)
    if not above or case.state is State.NOT_FOLLOWED:
        return None
    first = above[0].on
    return WentUp(
        body=case.body,
        about=case.name,
        due_on=case.due_on,
        told=above,
        decisions=tuple(each for each in case.decisions if each.on >= first),
        answered_on=case.answer.submitted_on if case.answer and _is_answered(case) else None,
    )


def _other(case: KnownCase) -> OtherAnswer | None:
    if case.answer is None:
        return None
    answer = case.answer
    return OtherAnswer(
        body=answer.decided_by or case.body,
        about=case.name,
        said=words.sentence(answer.outcome or "", *answer.items, answer.comment),
        decided_on=answer.decided_on,
        paragraph=answer.paragraph,
    )


def _next_goals(cases: Iterable[KnownCase], on: date) -> Iterator[NextGoal]:
    for case in cases:
        if not _is_answered(case):
            yield NextGoal(body=case.body, goal="", standing=_unanswered(case, on))
        for goal in _goals_of(case):
            yield NextGoal(
                body=case.body,
                goal=goal.text,
                indicator=goal.indicator,
                baseline=goal.baseline,
                target=goal.target,
                responsible=goal.responsible,
                decided_on=case.answer.decided_on if case.answer else None,
                paragraph=case.answer.paragraph if case.answer else None,
            )


def _in_turn(editions: Iterable[KnownEdition]) -> list[KnownEdition]:
    """Return the texts in the order they held; the one that still does comes last."""
    return sorted(editions, key=lambda each: each.superseded_on or date.max)


def _held_at(editions: Sequence[KnownEdition], on: date) -> KnownEdition:
    turns = _in_turn(editions)
    return next((each for each in turns if each.superseded_on is None or each.superseded_on > on), turns[-1])


def _changes(editions: Sequence[KnownEdition], year: int) -> Iterator[EditionChange]:
    turns = _in_turn(editions)
    for before, after in pairwise(turns):
        if before.superseded_on and before.superseded_on.year == year:
            yield EditionChange(
                adopted_by=after.adopted_by,
                adopted_on=after.adopted_on,
                paragraph=after.paragraph,
                replaced_on=before.superseded_on,
                replaced_adopted_on=before.adopted_on,
            )
