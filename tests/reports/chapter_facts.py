"""A policy's year as it is given to a chapter: one body that has answered, one that has not."""

from __future__ import annotations

from datetime import date

from styrhjul.domain.act import Act
from styrhjul.domain.answer import Attainment, Better, Trend
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import BodyKind, LifecycleKey
from styrhjul.reports.chapter import Chapter, Section
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

ON = date(2028, 3, 20)
SOCIAL, SCHOOL = "Socialnämnden", "Skolnämnden"
ADOPTED = KnownEdition(adopted_by="Kommunfullmäktige", adopted_on=date(2015, 9, 7), paragraph="82")
GOAL = KnownGoal(goal_id="g1", text="Fler ska få arbete", indicator="Andel i arbete", target="60 %")
GOALS = KnownAnswer(submitted_on=date(2027, 3, 20), decided_on=date(2027, 3, 18), paragraph="9", goals=(GOAL,))
JUDGED = KnownJudgement(
    goal_id="g1",
    goal=GOAL.text,
    attainment=Attainment.PARTLY_MET,
    result="54 %",
    trend=Trend.RISING,
    better=Better.HIGHER,
    analysis="Fler har fått praktik",
    next_step="Vi utökar praktiken.",
)
FOLLOWED = KnownAnswer(
    submitted_on=date(2028, 2, 20), decided_on=date(2028, 2, 17), paragraph="31", judgements=(JUDGED,)
)
ASKED = Told(on=date(2028, 1, 10), office=f"Ordförande, {SCHOOL}")
ABOVE = Told(on=date(2028, 3, 15), office="Kommunchef", is_above=True)
MORE_TIME = Decision(
    on=date(2028, 3, 16), act=Act.EXTEND, by="Kommunchef", reason="Nämnden är ny", until=date(2028, 3, 31)
)
EARLIER = Told(on=date(2027, 3, 17), office="Förvaltningschef", is_above=True)
NOTED = Decision(on=date(2027, 3, 18), act=Act.NOTE, by="Förvaltningschef")


def case(body: str, lifecycle: str = "follow_up", period: str = "2027", **changes: object) -> KnownCase:
    body_id = str(changes.pop("body_id", body))
    given = {"state": State.OPEN, "due_on": date(2028, 2, 29), "opens_on": date(2028, 1, 10)} | changes
    return KnownCase(
        case_id=f"{body} {lifecycle} {period}",
        lifecycle=LifecycleKey(lifecycle),
        period=period,
        name=f"{lifecycle} {period}",
        body_id=body_id,
        body=body,
        body_kind=BodyKind.COMMITTEE,
        **given,  # type: ignore[arg-type]
    )


def answered(
    body: str, answer: KnownAnswer, lifecycle: str = "follow_up", period: str = "2027", **changes: object
) -> KnownCase:
    return case(body, lifecycle, period, state=State.SUBMITTED, answer=answer, **changes)


def usual() -> tuple[KnownCase, ...]:
    return (
        answered(SOCIAL, GOALS, "goal_setting"),
        answered(SOCIAL, FOLLOWED),
        case(SCHOOL, told=(ASKED, ABOVE), decisions=(MORE_TIME,)),
        answered(SOCIAL, GOALS, "goal_setting", "2028"),
        case(SCHOOL, "annual_report", "2026", told=(EARLIER,), decisions=(NOTED,)),
    )


def known(*cases: KnownCase, editions: tuple[KnownEdition, ...] = (ADOPTED,)) -> Known:
    policy = KnownPolicy(slug="policy", title="Integrationspolicy", editions=editions, cases=cases)
    return Known(municipality="Lillby kommun", slug="lillby", year=2027, on=ON, policies=(policy,))


def chapter(*cases: KnownCase) -> Chapter:
    return make_chapter(known(*(cases or usual())))


def section(*cases: KnownCase) -> Section:
    return chapter(*cases).sections[0]
