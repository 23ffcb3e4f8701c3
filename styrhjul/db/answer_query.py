"""What was answered, whole and frozen, and the sentences a case rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from styrhjul.db.asked_query import AskedCase
from styrhjul.db.case_model import Answer, Assessment, Case, CaseDuty, Goal
from styrhjul.db.course_model import ActionPlan, Project
from styrhjul.db.model import Duty, Edition, Policy, Row
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


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenJudgement:
    """A judgement of an answer; `goal` is the goal's text, None where the year was judged as a whole."""

    goal_id: str | None
    goal: str | None
    attainment: str
    analysis: str
    next_step: str


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


def load_quotes(session: Session, case_id: str) -> tuple[QuotedDuty, ...]:
    """Return the duties a case rests on, in the order of the text."""
    rows = session.execute(
        select(Duty, Edition, Policy.title)
        .join(CaseDuty, (CaseDuty.municipality_id == Duty.municipality_id) & (CaseDuty.duty_id == Duty.id))
        .join(Edition, _same(Edition, Duty.municipality_id, Duty.edition_id))
        .join(Policy, _same(Policy, Duty.municipality_id, Duty.policy_id))
        .where(CaseDuty.case_id == case_id)
        .order_by(Duty.start, Duty.id)
    )
    return tuple(
        QuotedDuty(
            quote=duty.quote,
            modality=duty.modality,
            action_kind=duty.action_kind,
            recurrence=duty.recurrence,
            deadline=duty.deadline,
            goal_min=duty.goal_min,
            goal_max=duty.goal_max,
            of_plans=duty.of_plans,
            policy_title=title,
            adopted_by=edition.adopted_by,
            adopted_on=edition.adopted_on,
            paragraph=edition.paragraph,
            diary_number=edition.diary_number,
        )
        for duty, edition, title in rows
    )


def load_last_answer(session: Session, case_id: str) -> GivenAnswer | None:
    """Return the latest version of a case's answer."""
    return _given(session, select(Answer).where(Answer.case_id == case_id).order_by(Answer.version.desc()).limit(1))


def load_answer_of_form(session: Session, form_id: str) -> GivenAnswer | None:
    """Return the answer this form has already become."""
    return _given(session, select(Answer).where(Answer.form_id == form_id))


def load_answer_of_round(session: Session, case: AskedCase, *, lifecycle: str, period: str) -> GivenAnswer | None:
    """Return the latest answer of the same body and policy in another round."""
    case_id = session.scalar(
        select(Case.id).where(
            Case.policy_id == case.policy_id,
            Case.body_id == case.body_id,
            Case.lifecycle == lifecycle,
            Case.period == period,
        )
    )
    return load_last_answer(session, case_id) if case_id else None


def _given(session: Session, query: Select[Answer]) -> GivenAnswer | None:
    answer = session.scalars(query).one_or_none()
    if answer is None:
        return None
    goals = session.scalars(select(Goal).where(Goal.answer_id == answer.id).order_by(Goal.position)).all()
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
        goals=tuple(_given_goal(goal) for goal in goals),
        judgements=_judgements(session, answer.id),
        plans=given_plans(session.scalars(_plans_of(answer.id))),
        projects=tuple(_given_project(project) for project in session.scalars(_projects_of(answer.id))),
        decided_by=answer.decided_by,
        diary_number=answer.diary_number,
        replaces=answer.replaces,
    )


def _given_goal(goal: Goal) -> GivenGoal:
    return GivenGoal(
        goal_id=goal.id,
        text=goal.text,
        indicator=goal.indicator or "",
        baseline=goal.baseline or "",
        target=goal.target or "",
        responsible=goal.responsible or "",
    )


def given_plans(rows: Iterable[ActionPlan]) -> tuple[GivenPlan, ...]:
    """Return the plans as they are shown."""
    return tuple(
        GivenPlan(
            plan_id=plan.id,
            title=plan.title,
            decided_on=plan.decided_on,
            responsible=plan.responsible or "",
            registered_on=plan.registered_on,
        )
        for plan in rows
    )


def _plans_of(answer_id: str) -> Select[ActionPlan]:
    return select(ActionPlan).where(ActionPlan.answer_id == answer_id).order_by(ActionPlan.title, ActionPlan.id)


def _projects_of(answer_id: str) -> Select[Project]:
    return select(Project).where(Project.answer_id == answer_id).order_by(Project.position)


def _given_project(project: Project) -> GivenProject:
    return GivenProject(
        title=project.title,
        responsible=project.responsible or "",
        attainment=project.attainment.value,
        analysis=project.analysis,
    )


def _judgements(session: Session, answer_id: str) -> tuple[GivenJudgement, ...]:
    rows: Sequence[tuple[Assessment, str | None]] = session.execute(
        select(Assessment, Goal.text)
        .outerjoin(Goal, _same(Goal, Assessment.municipality_id, Assessment.goal_id))
        .where(Assessment.answer_id == answer_id)
        .order_by(Assessment.position)
    ).all()
    return tuple(
        GivenJudgement(
            goal_id=row.goal_id,
            goal=text,
            attainment=row.attainment.value,
            analysis=row.analysis,
            next_step=row.next_step or "",
        )
        for row, text in rows
    )


def _same(table: type[Row], municipality_id: object, row_id: object):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return (table.municipality_id == municipality_id) & (table.id == row_id)
