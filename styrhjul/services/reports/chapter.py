"""The annual report's chapter of a municipality and year, made of what the database holds. Reads only.

It asks the database so many times whatever the number of cases, and no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.answer_query import GivenAnswer, load_last_answers
from styrhjul.db.chapter_query import (
    CaseRow,
    EditionRow,
    NoticeRow,
    Register,
    load_cases_of_year,
    load_editions,
    load_every_case,
    load_goals_of_years,
    load_register,
    load_told,
)
from styrhjul.db.decision_query import changes_of
from styrhjul.db.model import Policy
from styrhjul.db.overview_query import MunicipalityLine, in_swedish_order
from styrhjul.db.session import Database
from styrhjul.domain.answer import Attainment, Better, Trend, is_sent_back
from styrhjul.domain.decision import decisions_in
from styrhjul.domain.journal import Entry
from styrhjul.domain.ladder import is_upward
from styrhjul.domain.moment import local_date
from styrhjul.domain.period import period_in_words
from styrhjul.domain.vocabulary import LifecycleKey
from styrhjul.reports.chapter import Chapter
from styrhjul.reports.chapter_facts import (
    Decision,
    Known,
    KnownAnswer,
    KnownCase,
    KnownEdition,
    KnownGoal,
    KnownJudgement,
    KnownPolicy,
    Told,
)
from styrhjul.reports.chapter_making import make_chapter
from styrhjul.reports.wheel_layout import Wheel
from styrhjul.reports.years import span
from styrhjul.services.answering.words import OUTCOME_WORDS, plan_line, project_line
from styrhjul.services.municipality.directory import NotHere, municipality_by
from styrhjul.services.overview.pages import coming_year
from styrhjul.services.overview.wheel import Asked, wheel_of
from styrhjul.services.words import round_name
from workflows import LIFECYCLES

#: More rings than these have room for are in the list of cases.
_MOST_WHEELS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterView:
    """A chapter with the municipality it is of; `is_example` and the like stand in `municipality`."""

    municipality: MunicipalityLine
    chapter: Chapter
    #: The first and the last year of which anything can be known.
    first: int
    last: int

    @property
    def beside(self) -> tuple[int, ...]:
        """The years before and after that can be asked for."""
        return tuple(year for year in (self.chapter.year - 1, self.chapter.year + 1) if self.first <= year <= self.last)


def chapter_of(database: Database, slug: str, year: int, now: datetime, policy_slug: str | None = None) -> ChapterView:
    """Return the chapter of a year as it stands on a day, of all policies or of one. Raises NotHere, YearUnknown."""
    municipality = municipality_by(database, slug)
    with database.reading(municipality.municipality_id) as session:
        first, last = _known_years(_texts(session, policy_slug), year, local_date(now))
        policies = tuple(_policies(session, year, policy_slug))
        wheels = tuple(_wheels(session, municipality, year + 1, now, policy_slug or "")) if policies else ()
    if policy_slug is not None and not policies:
        raise NotHere(policy_slug)
    known = Known(
        municipality=municipality.name,
        slug=municipality.slug,
        year=year,
        on=local_date(now),
        policies=policies,
        of_one=policy_slug is not None,
    )
    return ChapterView(municipality=municipality, chapter=make_chapter(known, wheels), first=first, last=last)


class YearUnknown(NotHere):
    """Nothing can be known of a year: the policies were not followed yet, or it has not come."""


def _known_years(texts: _Texts, year: int, today: date) -> tuple[int, int]:
    """Return the year that the first policy's first follow-up is about, and the next. Raises YearUnknown outside."""
    first = min((rows[0].starts_on.year - 1 for rows in texts.values()), default=year)
    last = max(today.year + 1, first)
    if texts and not first <= year <= last:
        raise YearUnknown(
            told=f"Om {year} finns ingenting att redovisa: styrdokumenten följs här sedan {first + 1}, och i dag är "
            f"det {today.year}. Välj ett år från {first} till {last}."
        )
    return first, last


def policy_names(database: Database, municipality_id: str) -> tuple[tuple[str, str], ...]:
    """Return every policy's short name and title, in the order of the Swedish alphabet."""
    with database.reading(municipality_id) as session:
        rows = session.execute(select(Policy.slug, Policy.title)).all()
    return tuple((slug, title) for slug, title in sorted(rows, key=lambda row: in_swedish_order(row.title)))


def _policies(session: Session, year: int, wanted: str | None) -> Iterator[KnownPolicy]:
    texts = _texts(session, wanted)
    rows = load_cases_of_year(session, list(texts), year, span(year)[0])
    yield from _known(session, texts, rows, with_told=True)


def policies_over(session: Session, years: tuple[int, ...], wanted: str | None) -> tuple[KnownPolicy, ...]:
    """Return the policies with the goals of some years and how they went, and nothing of who was told what."""
    texts = _texts(session, wanted)
    return tuple(_known(session, texts, load_goals_of_years(session, list(texts), years)))


def policy_in_full(session: Session, slug: str) -> KnownPolicy | None:
    """Return a policy with all that was ever asked, and who was told of each; None where there is none."""
    texts = _texts(session, slug)
    return next(_known(session, texts, load_every_case(session, list(texts)), with_told=True), None) if texts else None


_Texts: TypeAlias = Mapping[str, list[EditionRow]]


def _texts(session: Session, wanted: str | None) -> _Texts:
    """Return every policy's texts, or those of the one that is wanted."""
    together = groupby(load_editions(session), key=lambda row: row.policy_id)
    found = {policy_id: list(rows) for policy_id, rows in together}
    return {policy_id: rows for policy_id, rows in found.items() if wanted in (None, rows[0].slug)}


def _known(
    session: Session, texts: _Texts, rows: Sequence[CaseRow], *, with_told: bool = False
) -> Iterator[KnownPolicy]:
    """Yield the policies by name."""
    cases = _Cases(session, rows, {policy_id: own[0].adopted_by_id for policy_id, own in texts.items()})
    if with_told:
        cases.learn_who_was_told(session, rows)
    by_policy: dict[str, list[KnownCase]] = defaultdict(list)
    for row in rows:
        by_policy[row.policy_id].append(cases.known(row))
    for policy_id, own in sorted(texts.items(), key=lambda each: in_swedish_order(each[1][0].title)):
        in_order = sorted(by_policy[policy_id], key=lambda case: (in_swedish_order(case.body), case.opens_on))
        yield _policy(own, in_order, cases.register)


def _wheels(session: Session, line: MunicipalityLine, number: int, now: datetime, policy: str) -> Iterator[Wheel]:
    """Yield the wheels of a year: one after the other until every ring has been shown, or there are too many."""
    year = coming_year(session, line, number, local_date(now))
    first = 0
    for _ in range(_MOST_WHEELS):
        view = wheel_of(year, Asked(year=number, policy=policy, ring=first))
        if not view.wheel.rings:
            return
        yield view.wheel
        first = view.after
        if first >= view.rings:
            return


class _Cases:
    """What is known of many cases, read together."""

    def __init__(self, session: Session, rows: Sequence[CaseRow], adopters: Mapping[str, str]) -> None:
        self.register = load_register(session)
        self._adopters = adopters
        self._answers = load_last_answers(session, [row.case_id for row in rows], with_files=False)
        self._told: Mapping[str, list[NoticeRow]] = {}
        self._changes: Mapping[str, list[Entry]] = {}

    def learn_who_was_told(self, session: Session, rows: Sequence[CaseRow]) -> None:
        """Read who was told of some of them, and what somebody decided."""
        ids = [row.case_id for row in rows]
        if ids:
            self._told = _by_case(load_told(session, ids))
            self._changes = changes_of(session, ids)

    def known(self, row: CaseRow) -> KnownCase:
        """Return one of them."""
        given = self._answers.get(row.case_id)
        holds = given is not None and not is_sent_back(row.state, given.outcome, given.decided_on)
        return KnownCase(
            case_id=row.case_id,
            lifecycle=LifecycleKey(row.lifecycle),
            period=row.period,
            name=round_name(row.lifecycle, self._period(row)),
            body_id=row.body_id,
            body=self.register.names[row.body_id],
            body_kind=self.register.bodies[row.body_id].kind,
            state=row.state,
            opens_on=row.opens_on,
            due_on=row.due_on,
            is_binding=row.is_binding,
            answer=_answer(given) if given and holds else None,
            told=tuple(self._told_of(row)),
            decisions=decided_in(self._changes.get(row.case_id, ()), self.register),
        )

    def _period(self, row: CaseRow) -> str:
        bodies = self.register.bodies
        adopter = bodies[self._adopters[row.policy_id]]
        return period_in_words(
            row.lifecycle, row.period, opens_on=row.opens_on, adopter=adopter, body=bodies[row.body_id]
        )

    def _told_of(self, row: CaseRow) -> Iterator[Told]:
        for notice in self._told.get(row.case_id, ()):
            is_above = is_upward(LIFECYCLES[row.lifecycle].ladder, notice.rung)
            yield Told(on=notice.delivered_on, office=self.register.offices[notice.post_id], is_above=is_above)


def _by_case(rows: Iterable[NoticeRow]) -> Mapping[str, list[NoticeRow]]:
    found: dict[str, list[NoticeRow]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _policy(editions: Sequence[EditionRow], cases: Iterable[KnownCase], register: Register) -> KnownPolicy:
    first = editions[0]
    return KnownPolicy(
        slug=first.slug,
        title=first.title,
        editions=tuple(
            KnownEdition(
                adopted_by=each.adopted_by,
                adopted_on=each.adopted_on,
                paragraph=each.paragraph,
                diary_number=each.diary_number,
                document_owner=each.document_owner,
                superseded_on=each.superseded_on,
            )
            for each in editions
        ),
        owner=register.offices.get(first.owner_post_id or ""),
        repealed_on=first.repealed_on,
        cases=tuple(cases),
    )


def _answer(given: GivenAnswer) -> KnownAnswer:
    return KnownAnswer(
        submitted_on=local_date(given.submitted_at),
        decided_on=given.decided_on,
        paragraph=given.paragraph,
        decided_by=given.decided_by,
        outcome=OUTCOME_WORDS.get(given.outcome, given.outcome) if given.outcome else None,
        comment=given.comment or "",
        goals=tuple(
            KnownGoal(
                goal_id=goal.goal_id,
                text=goal.text,
                indicator=goal.indicator,
                baseline=goal.baseline,
                target=goal.target,
                responsible=goal.responsible,
            )
            for goal in given.goals
        ),
        judgements=tuple(
            KnownJudgement(
                goal_id=judged.goal_id,
                goal=judged.goal,
                attainment=Attainment(judged.attainment),
                result=judged.result,
                trend=Trend(judged.trend) if judged.trend else None,
                better=Better(judged.better) if judged.better else None,
                analysis=judged.analysis,
                next_step=judged.next_step,
            )
            for judged in given.judgements
        ),
        items=(*map(plan_line, given.plans), *map(project_line, given.projects)),
    )


def decided_in(entries: Iterable[Entry], register: Register) -> tuple[Decision, ...]:
    """Return what people have decided about a case, oldest first, with the names of those it went to."""
    names = {**register.names, **register.offices}
    return tuple(
        Decision(
            on=local_date(made.at),
            act=made.act,
            by=made.by,
            reason=made.reason,
            until=made.until,
            paragraph=made.paragraph,
            to=made.named(names).to,
        )
        for made in decisions_in(entries)
    )
