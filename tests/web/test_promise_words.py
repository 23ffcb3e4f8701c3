"""The open page says one thing: its first sentences are true of what stands below them."""

from __future__ import annotations

from datetime import date

from styrhjul.domain.answer import Attainment
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey, Modality
from styrhjul.reports.promise import (
    Promise,
    PublicAssessment,
    Publication,
    PublicGoal,
    PublicPolicy,
    PublicRound,
    RoundStanding,
)
from styrhjul.web.promise_words import lead, sections

POLICY = PublicPolicy(
    policy="p", title="Policy", adopted_by="Kommunfullmäktige", adopted_on=None, paragraph=None, diary_number=None
)


def promise(number: int, quote: str) -> Promise:
    return Promise(
        promise_id=str(number),
        policy="p",
        quote=quote,
        modality=Modality.MUST,
        action_kind=ActionKind.FOLLOW_UP,
        recurrence=None,
        deadline=None,
        bodies=("Socialnämnden",),
    )


def asked(name: str, due_on: date, standing: RoundStanding) -> PublicRound:
    return PublicRound(
        round_id=name,
        policy="p",
        promises=("1",),
        body="Socialnämnden",
        lifecycle=LifecycleKey.FOLLOW_UP,
        name=name,
        period=name[-4:],
        due_on=due_on,
        standing=standing,
        decided_on=None,
        paragraph=None,
        outcome=None,
    )


def judged(goal_id: str | None) -> PublicAssessment:
    return PublicAssessment(
        assessment_id=str(goal_id),
        round_id="Uppföljning 2026",
        goal_id=goal_id,
        policy="p",
        body="Socialnämnden",
        period="2026",
        goal="",
        attainment=Attainment.MET,
        result="",
        trend=None,
        analysis="",
        next_step="",
        decided_on=None,
        paragraph=None,
    )


GOAL = PublicGoal(
    goal_id="g",
    round_id="Mål 2027",
    policy="p",
    body="Socialnämnden",
    period="2027",
    goal="Fler i arbete",
    indicator="",
    baseline="",
    target="",
    decided_on=date(2027, 3, 1),
    paragraph=None,
)


def publication(
    *rounds: PublicRound, quotes: tuple[str, ...] = (), judgements: tuple[PublicAssessment, ...] = ()
) -> Publication:
    return Publication(
        municipality="Lillby kommun",
        slug="lillby",
        made_on=date(2027, 5, 3),
        policies=(POLICY,),
        promises=tuple(promise(number, quote) for number, quote in enumerate(quotes)),
        rounds=rounds,
        goals=(GOAL,),
        assessments=judgements,
    )


def test_a_period_that_was_judged_is_not_said_not_to_have_been() -> None:
    said = lead(publication(judgements=(judged(None), judged(None), judged(None))))
    assert "Ett mål är beslutat, och inget av målen har följts upp." in said
    assert "Tre uppföljningar bedömer en hel period, utan mål." in said
    assert "än" not in said.split()


def test_a_judged_goal_is_told_as_that() -> None:
    said = lead(publication(judgements=(judged("g"),)))
    assert "Av ett mål som har följts upp är ett uppfyllt." in said
    assert "hel period" not in said


def test_a_promise_that_is_a_point_of_a_list_ends_where_it_ends() -> None:
    (section,) = sections(
        publication(quotes=("följa upp målen,", "sätta mål, samt", "redovisa varje år; och", "Klart."))
    )
    assert [each.quote for each in section.promises] == ["följa upp målen", "sätta mål", "redovisa varje år", "Klart."]


def test_what_is_awaited_stands_after_what_has_come_the_nearest_day_first() -> None:
    later = asked("Avsnitt 2028", date(2028, 3, 24), RoundStanding.AWAITED)
    sooner = asked("Avsnitt 2027", date(2027, 9, 24), RoundStanding.AWAITED)
    past = asked("Avsnitt 2026", date(2027, 3, 24), RoundStanding.MISSING)
    (section,) = sections(publication(later, past, sooner))
    assert [each.name for each in section.now] == ["Avsnitt 2026", "Avsnitt 2027", "Avsnitt 2028"]
