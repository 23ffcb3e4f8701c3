"""Two at once: the answer that came second is kept whole beside the one that stands, and both are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from styrhjul.db.answer_query import GivenAnswer, GivenGoal, GivenJudgement, GivenPlan, GivenProject
from styrhjul.db.asked_query import LinkFacts
from styrhjul.db.competing_query import keep_competing
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import new_id
from styrhjul.domain import answer as domain
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.services.answering.attachment import handed_in
from styrhjul.services.answering.question import Question


def keep_beside(  # noqa: PLR0913 - whose, to what, what and when
    session: Session,
    link: LinkFacts,
    question: Question,
    answer: domain.Answer,
    *,
    form_id: str,
    files: Sequence[str] = (),
    now: datetime,
) -> None:
    """Keep an answer that came second, with its files, and write it down. The same press again is kept once."""
    given = as_given(answer, question, link, form_id=form_id, now=now)
    given = replace(given, attachments=handed_in(session, link, files, form_id, now=now))
    if not keep_competing(session, given):
        return
    by = f"{question.post_title}, {question.post_body}"
    data: dict[str, Value] = {"competing": given.answer_id, "version": given.version}
    write_down(session, [Line(kind=EntryKind.ANSWER_COMPETED, by=by, case_id=link.case_id, data=data)], now)


def as_given(answer: domain.Answer, question: Question, link: LinkFacts, *, form_id: str, now: datetime) -> GivenAnswer:
    """Return an answer as it would be read back, had it become the case's own."""
    chosen = answer if isinstance(answer, domain.Chosen) else None
    revision = answer if isinstance(answer, domain.RevisionAnswer) else None
    deciders = {decider.key: decider.name for decider in question.demand.deciders}
    return GivenAnswer(
        answer_id=new_id(),
        case_id=link.case_id,
        version=question.seen_version,
        form_id=form_id,
        post_id=link.post_id,
        submitted_at=now,
        signed_by=answer.signed_by,
        outcome=chosen.outcome if chosen else None,
        comment=(chosen.comment or None) if chosen else None,
        decided_on=answer.decided_on,
        paragraph=answer.paragraph,
        goals=_goals(answer),
        judgements=_judgements(answer, question),
        plans=_plans(answer, now),
        projects=_projects(answer),
        decided_by=deciders.get(revision.decided_by or "") if revision else None,
        diary_number=revision.diary_number if revision else None,
        replaces=revision.replaces if revision else None,
    )


def _goals(answer: domain.Answer) -> tuple[GivenGoal, ...]:
    if not isinstance(answer, domain.GoalsAnswer):
        return ()
    return tuple(
        GivenGoal(
            goal_id="",
            text=goal.text,
            indicator=goal.indicator,
            baseline=goal.baseline,
            target=goal.target,
            responsible=goal.responsible,
            better=goal.better,
        )
        for goal in answer.goals
        if not goal.is_blank
    )


def _judgements(answer: domain.Answer, question: Question) -> tuple[GivenJudgement, ...]:
    if not isinstance(answer, domain.FollowUpAnswer):
        return ()
    goals = {goal.goal_id: goal for goal in question.goals_from.goals} if question.goals_from else {}
    judged = [(each, goals.get(each.goal_id or "")) for each in answer.judgements]
    return tuple(
        GivenJudgement(
            goal_id=each.goal_id,
            goal=goal.text if goal else None,
            better=goal.better if goal else None,
            attainment=each.attainment or domain.Attainment.NOT_ASSESSED,
            analysis=each.analysis,
            next_step=each.next_step,
            result=each.result,
            trend=each.trend,
        )
        for each, goal in judged
    )


def _plans(answer: domain.Answer, now: datetime) -> tuple[GivenPlan, ...]:
    if not isinstance(answer, domain.PlansAnswer):
        return ()
    return tuple(
        GivenPlan(
            plan_id=plan.known_id or "",
            title=plan.title,
            decided_on=plan.decided_on,
            responsible=plan.responsible,
            registered_on=local_date(now),
        )
        for plan in answer.plans
        if plan.is_named
    )


def _projects(answer: domain.Answer) -> tuple[GivenProject, ...]:
    if not isinstance(answer, domain.ProjectsAnswer):
        return ()
    return tuple(
        GivenProject(
            title=each.title,
            responsible=each.responsible,
            attainment=each.attainment or domain.Attainment.NOT_ASSESSED,
            analysis=each.analysis,
        )
        for each in answer.projects
        if not each.is_blank
    )
