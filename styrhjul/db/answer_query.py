"""What was answered, whole and frozen, and the sentences a case rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from styrhjul.db.asked_query import AskedCase
from styrhjul.db.attachment_query import GivenAttachment, load_attached
from styrhjul.db.case_model import Answer, Assessment, Case, CaseDuty, Goal
from styrhjul.db.course_model import ActionPlan, Project
from styrhjul.db.model import Duty, Edition, Policy
from styrhjul.db.prepared import Reading
from styrhjul.domain.vocabulary import ActionKind, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedDuty:
    """A sentence somebody decided, with its source. None = the text does not state it."""

    quote: str
    modality: Modality
    action_kind: ActionKind
    recurrence: str | None
    deadline: str | None
    goal_min: int | None
    goal_max: int | None
    #: It binds those who have a registered action plan.
    of_plans: bool
    policy_title: str
    adopted_by: str | None
    adopted_on: date | None
    paragraph: str | None
    diary_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenGoal:
    """A goal of an answer; empty strings where nothing was written."""

    goal_id: str
    text: str
    indicator: str
    baseline: str
    target: str
    responsible: str
    better: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenJudgement:
    """A judgement of an answer; `goal` is the goal's text, None where the year was judged as a whole.

    `better` is the goal's own, so that the trend can be read as good or bad.
    """

    goal_id: str | None
    goal: str | None
    attainment: str
    analysis: str
    next_step: str
    result: str = ""
    trend: str | None = None
    better: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPlan:
    """An action plan of an answer."""

    plan_id: str
    title: str
    decided_on: date | None
    responsible: str
    registered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenProject:
    """A project of an answer."""

    title: str
    responsible: str
    attainment: str
    analysis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """One version of an answer, whole."""

    answer_id: str
    case_id: str
    version: int
    form_id: str
    post_id: str
    submitted_at: datetime
    signed_by: str
    outcome: str | None
    comment: str | None
    decided_on: date | None
    paragraph: str | None
    goals: tuple[GivenGoal, ...]
    judgements: tuple[GivenJudgement, ...]
    plans: tuple[GivenPlan, ...]
    projects: tuple[GivenProject, ...]
    #: Of a revision only.
    decided_by: str | None
    diary_number: str | None
    replaces: str | None
    attachments: tuple[GivenAttachment, ...] = ()


def load_quotes(session: Session, case_id: str) -> tuple[QuotedDuty, ...]:
    """Return the duties a case rests on, in the order of the text."""
    return tuple(
        QuotedDuty(
            quote=row.quote,
            modality=row.modality,
            action_kind=row.action_kind,
            recurrence=row.recurrence,
            deadline=row.deadline,
            goal_min=row.goal_min,
            goal_max=row.goal_max,
            of_plans=row.of_plans,
            policy_title=row.title,
            adopted_by=row.adopted_by,
            adopted_on=row.adopted_on,
            paragraph=row.paragraph,
            diary_number=row.diary_number,
        )
        for row in _QUOTES.rows(session, case_id=case_id)
    )


_QUOTES = Reading(
    select(
        *(Duty.quote, Duty.modality, Duty.action_kind, Duty.recurrence, Duty.deadline),
        *(Duty.goal_min, Duty.goal_max, Duty.of_plans, Policy.title),
        *(Edition.adopted_by, Edition.adopted_on, Edition.paragraph, Edition.diary_number),
    )
    .join(CaseDuty, (CaseDuty.municipality_id == Duty.municipality_id) & (CaseDuty.duty_id == Duty.id))
    .join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
    .join(Policy, (Policy.municipality_id == Duty.municipality_id) & (Policy.id == Duty.policy_id))
    .where(CaseDuty.case_id == bindparam("case_id"))
    .order_by(Duty.start, Duty.id)
)


def load_last_answer(session: Session, case_id: str) -> GivenAnswer | None:
    """Return the latest version of a case's answer."""
    return _given(session, _LAST.rows(session, case_id=case_id))


def load_versions(session: Session, case_id: str) -> list[GivenAnswer]:
    """Return every version of a case's answer, whole, the first one first."""
    found = (_given(session, [row]) for row in _VERSIONS.rows(session, case_id=case_id))
    return [answer for answer in found if answer is not None]


def load_answer_of_form(session: Session, form_id: str) -> GivenAnswer | None:
    """Return the answer this form has already become."""
    return _given(session, _OF_FORM.rows(session, form_id=form_id))


def load_answer_of_round(session: Session, case: AskedCase, *, lifecycle: str, period: str) -> GivenAnswer | None:
    """Return the latest answer of the same body and policy in another round."""
    found = _ROUND.rows(session, policy_id=case.policy_id, body_id=case.body_id, lifecycle=lifecycle, period=period)
    return load_last_answer(session, found[0].id) if found else None


_ANSWER = select(
    *(Answer.id, Answer.case_id, Answer.version, Answer.form_id, Answer.post_id, Answer.submitted_at),
    *(Answer.signed_by, Answer.outcome, Answer.comment, Answer.decided_on, Answer.paragraph),
    *(Answer.decided_by, Answer.diary_number, Answer.replaces),
)
_LAST = Reading(_ANSWER.where(Answer.case_id == bindparam("case_id")).order_by(Answer.version.desc()).limit(1))
_VERSIONS = Reading(_ANSWER.where(Answer.case_id == bindparam("case_id")).order_by(Answer.version))
_OF_FORM = Reading(_ANSWER.where(Answer.form_id == bindparam("form_id")))
_ROUND = Reading(
    select(Case.id).where(
        Case.policy_id == bindparam("policy_id"),
        Case.body_id == bindparam("body_id"),
        Case.lifecycle == bindparam("lifecycle"),
        Case.period == bindparam("period"),
    )
)


def _given(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> GivenAnswer | None:
    if not found:
        return None
    [answer] = found
    return GivenAnswer(
        answer_id=answer.id,
        case_id=answer.case_id,
        version=answer.version,
        form_id=answer.form_id,
        post_id=answer.post_id,
        submitted_at=answer.submitted_at,
        signed_by=answer.signed_by,
        outcome=answer.outcome,
        comment=answer.comment,
        decided_on=answer.decided_on,
        paragraph=answer.paragraph,
        goals=_goals(session, answer.id),
        judgements=_judgements(session, answer.id),
        plans=tuple(GivenPlan(**row._asdict()) for row in _PLANS.rows(session, answer_id=answer.id)),
        projects=_projects(session, answer.id),
        decided_by=answer.decided_by,
        diary_number=answer.diary_number,
        replaces=answer.replaces,
        attachments=load_attached(session, answer.id),
    )


def _goals(session: Session, answer_id: str) -> tuple[GivenGoal, ...]:
    return tuple(
        GivenGoal(
            goal_id=goal.id,
            text=goal.text,
            indicator=goal.indicator or "",
            baseline=goal.baseline or "",
            target=goal.target or "",
            responsible=goal.responsible or "",
            better=goal.better.value if goal.better else None,
        )
        for goal in _GOALS.rows(session, answer_id=answer_id)
    )


_GOALS = Reading(
    select(Goal.id, Goal.text, Goal.indicator, Goal.better, Goal.baseline, Goal.target, Goal.responsible)
    .where(Goal.answer_id == bindparam("answer_id"))
    .order_by(Goal.position)
)

#: The columns of a plan as it is shown, by the names of `GivenPlan`.
PLAN = select(
    ActionPlan.id.label("plan_id"),
    ActionPlan.title,
    ActionPlan.decided_on,
    func.coalesce(ActionPlan.responsible, "").label("responsible"),
    ActionPlan.registered_on,
)
_PLANS = Reading(PLAN.where(ActionPlan.answer_id == bindparam("answer_id")).order_by(ActionPlan.title, ActionPlan.id))


def _projects(session: Session, answer_id: str) -> tuple[GivenProject, ...]:
    return tuple(
        GivenProject(
            title=project.title,
            responsible=project.responsible or "",
            attainment=project.attainment.value,
            analysis=project.analysis,
        )
        for project in _PROJECTS.rows(session, answer_id=answer_id)
    )


_PROJECTS = Reading(
    select(Project.title, Project.responsible, Project.attainment, Project.analysis)
    .where(Project.answer_id == bindparam("answer_id"))
    .order_by(Project.position)
)


def _judgements(session: Session, answer_id: str) -> tuple[GivenJudgement, ...]:
    return tuple(
        GivenJudgement(
            goal_id=row.goal_id,
            goal=row.text,
            attainment=row.attainment.value,
            analysis=row.analysis,
            next_step=row.next_step or "",
            result=row.result or "",
            trend=row.trend.value if row.trend else None,
            better=row.better.value if row.better else None,
        )
        for row in _JUDGEMENTS.rows(session, answer_id=answer_id)
    )


_JUDGEMENTS = Reading(
    select(
        *(Assessment.goal_id, Assessment.attainment, Assessment.result, Assessment.trend, Assessment.analysis),
        *(Assessment.next_step, Goal.text, Goal.better),
    )
    .outerjoin(Goal, (Goal.municipality_id == Assessment.municipality_id) & (Goal.id == Assessment.goal_id))
    .where(Assessment.answer_id == bindparam("answer_id"))
    .order_by(Assessment.position)
)
