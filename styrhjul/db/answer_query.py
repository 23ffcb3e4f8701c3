"""What was answered, whole and frozen, and the sentences a case rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Row, String, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from styrhjul.db.asked_query import AskedCase
from styrhjul.db.attachment_query import GivenAttachment, load_attached
from styrhjul.db.case_model import Answer, Assessment, Case, CaseDuty, Goal
from styrhjul.db.course_model import ActionPlan, Project
from styrhjul.db.model import Duty, Edition, Policy
from styrhjul.db.prepared import Reading
from styrhjul.domain.lifecycle import ANSWERED_STATES
from styrhjul.domain.vocabulary import ActionKind, LifecycleKey, Modality


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
    return load_last_answers(session, [case_id]).get(case_id)


def load_last_answers(session: Session, case_ids: Iterable[str], *, with_files: bool = True) -> dict[str, GivenAnswer]:
    """Return the latest version of each case's answer, by the case; all of them in as many questions as one."""
    found = _whole(session, _LAST.rows(session, case_ids=list(case_ids)), with_files=with_files)
    return {answer.case_id: answer for answer in found}


def load_versions(session: Session, case_id: str) -> list[GivenAnswer]:
    """Return every version of a case's answer, whole, the first one first."""
    return _whole(session, _VERSIONS.rows(session, case_id=case_id))


def load_answer_of_form(session: Session, form_id: str) -> GivenAnswer | None:
    """Return the answer this form has already become."""
    found = _whole(session, _OF_FORM.rows(session, form_id=form_id))
    return found[0] if found else None


def load_rounds(session: Session, case: AskedCase, rounds: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the answered cases of the same body and policy in other rounds, by their lifecycle and period."""
    own = {"policy_id": case.policy_id, "body_id": case.body_id}
    lifecycles, periods = {lifecycle for lifecycle, _ in rounds}, {period for _, period in rounds}
    rows = _ROUNDS.rows(session, **own, lifecycles=list(lifecycles), periods=list(periods)) if rounds else ()
    return {(lifecycle, period): case_id for lifecycle, period, case_id in rows if (lifecycle, period) in rounds}


_OF_GOAL = ("indicator", "baseline", "target", "responsible")
_COLUMNS = (
    *("case_id", "version", "form_id", "post_id", "submitted_at", "signed_by", "outcome", "comment", "decided_on"),
    *("paragraph", "decided_by", "diary_number", "replaces"),
)
_ANSWER = select(Answer.id, Case.lifecycle, *(getattr(Answer, name) for name in _COLUMNS)).join(
    Case, (Case.municipality_id == Answer.municipality_id) & (Case.id == Answer.case_id)
)
_LATER = aliased(Answer)
_IS_LAST = ~(
    select(_LATER.id)
    .where(
        _LATER.municipality_id == Answer.municipality_id,
        _LATER.case_id == Answer.case_id,
        _LATER.version > Answer.version,
    )
    .exists()
)
_LAST = Reading(_ANSWER.where(Answer.case_id.in_(bindparam("case_ids", expanding=True)), _IS_LAST))
_VERSIONS = Reading(_ANSWER.where(Answer.case_id == bindparam("case_id")).order_by(Answer.version))
_OF_FORM = Reading(_ANSWER.where(Answer.form_id == bindparam("form_id")))
_ROUNDS = Reading(
    select(Case.lifecycle, Case.period, Case.id).where(
        Case.policy_id == bindparam("policy_id"),
        Case.body_id == bindparam("body_id"),
        Case.lifecycle.in_(bindparam("lifecycles", expanding=True)),
        Case.period.in_(bindparam("periods", expanding=True)),
        Case.state.in_(sorted(ANSWERED_STATES)),
    )
)


#: The columns of a plan as it is shown, by the names of `GivenPlan`.
PLAN = select(
    ActionPlan.id.label("plan_id"),
    ActionPlan.title,
    ActionPlan.decided_on,
    func.coalesce(ActionPlan.responsible, "").label("responsible"),
    ActionPlan.registered_on,
)
_ANSWERS: BindParameter[list[str]] = bindparam("answer_ids", expanding=True)
_GOALS = Reading(
    select(
        *(Goal.answer_id, Goal.id.label("goal_id"), Goal.text),
        type_coerce(Goal.better, String()).label("better"),
        *(func.coalesce(getattr(Goal, name), "").label(name) for name in _OF_GOAL),
    )
    .where(Goal.answer_id.in_(_ANSWERS))
    .order_by(Goal.position)
)
_JUDGEMENTS = Reading(
    select(
        *(Assessment.answer_id, Assessment.goal_id, Goal.text.label("goal"), Assessment.analysis),
        *(func.coalesce(getattr(Assessment, name), "").label(name) for name in ("result", "next_step")),
        *(type_coerce(getattr(Assessment, name), String()).label(name) for name in ("attainment", "trend")),
        type_coerce(Goal.better, String()).label("better"),
    )
    .outerjoin(Goal, (Goal.municipality_id == Assessment.municipality_id) & (Goal.id == Assessment.goal_id))
    .where(Assessment.answer_id.in_(_ANSWERS))
    .order_by(Assessment.position)
)
_PLANS = Reading(
    PLAN.add_columns(ActionPlan.answer_id)
    .where(ActionPlan.answer_id.in_(_ANSWERS))
    .order_by(ActionPlan.title, ActionPlan.id)
)
_PROJECTS = Reading(
    select(
        *(Project.answer_id, Project.title, Project.analysis),
        func.coalesce(Project.responsible, "").label("responsible"),
        type_coerce(Project.attainment, String()).label("attainment"),
    )
    .where(Project.answer_id.in_(_ANSWERS))
    .order_by(Project.position)
)
#: What an answer consists of beside itself, by what was asked: no kind of answer has more than one such part.
_PARTS: Mapping[str, tuple[str, Reading[*tuple[Any, ...]], type]] = {
    LifecycleKey.GOAL_SETTING: ("goals", _GOALS, GivenGoal),
    LifecycleKey.FOLLOW_UP: ("judgements", _JUDGEMENTS, GivenJudgement),
    LifecycleKey.ACTION_PLANNING: ("plans", _PLANS, GivenPlan),
    LifecycleKey.PROJECT_FOLLOW_UP: ("projects", _PROJECTS, GivenProject),
}


def _whole(session: Session, rows: Sequence[Row[*tuple[Any, ...]]], *, with_files: bool = True) -> list[GivenAnswer]:
    """Return answers with their parts, in the order of the rows."""
    attached = load_attached(session, [row.id for row in rows]) if with_files else {}
    parts = _parts(session, rows)
    return [
        GivenAnswer(
            answer_id=row.id,
            **{name: getattr(row, name) for name in _COLUMNS},
            goals=tuple(parts["goals", row.id]),
            judgements=tuple(parts["judgements", row.id]),
            plans=tuple(parts["plans", row.id]),
            projects=tuple(parts["projects", row.id]),
            attachments=attached.get(row.id, ()),
        )
        for row in rows
    ]


def _parts(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> Mapping[tuple[str, str], list[Any]]:
    """Return the parts of answers by their name and the answer's id."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for lifecycle, (name, reading, kind) in _PARTS.items():
        asked = [row.id for row in rows if row.lifecycle == lifecycle]
        for part in reading.rows(session, answer_ids=asked) if asked else ():
            values = part._asdict()
            found[name, values.pop("answer_id")].append(kind(**values))
    return found
