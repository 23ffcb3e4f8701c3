"""What stands behind an answer link: the case, its quotes, who may answer, and what was answered before.

Everything comes back frozen. Only `find_link` looks across municipalities, by the hash of a token nobody can guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import Answer, Assessment, Case, CaseDuty, Goal
from styrhjul.db.mail_model import AnswerLink
from styrhjul.db.model import Body, Duty, Edition, Municipality, Policy, Post, Row
from styrhjul.db.session import municipality_of
from styrhjul.domain.lifecycle import Holder, State
from styrhjul.domain.vocabulary import ActionKind, BodyKind, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """One link, as stored."""

    municipality_id: str
    link_id: str
    case_id: str
    post_id: str
    appointment_id: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCase:
    """The case behind a link, with the names people know it by."""

    case_id: str
    lifecycle: str
    period: str
    state: State
    opens_on: date
    due_on: date
    due_source: str
    meeting_on: date | None
    holder: Holder
    body_id: str
    body_name: str
    body_kind: BodyKind
    policy_id: str
    policy_title: str
    owner_post_id: str | None
    municipality_name: str
    municipality_slug: str
    registrar: str
    chief_executive_title: str


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


def find_link(session: Session, token_sha256: str) -> LinkFacts | None:
    """Return the link whose token has this hash; for a system session."""
    row = session.execute(
        select(
            AnswerLink.municipality_id,
            AnswerLink.id,
            AnswerLink.case_id,
            AnswerLink.post_id,
            AnswerLink.appointment_id,
            AnswerLink.revoked_at,
        ).where(AnswerLink.token_sha256 == token_sha256)
    ).one_or_none()
    if row is None:
        return None
    municipality_id, link_id, case_id, post_id, appointment_id, revoked_at = row
    return LinkFacts(
        municipality_id=municipality_id,
        link_id=link_id,
        case_id=case_id,
        post_id=post_id,
        appointment_id=appointment_id,
        revoked_at=revoked_at,
    )


def load_asked_case(session: Session, case_id: str) -> AskedCase:
    """Return the case; NoResultFound if it is not this municipality's."""
    case, body, policy = session.execute(
        select(Case, Body, Policy)
        .join(Body, _same(Body, Case.municipality_id, Case.body_id))
        .join(Policy, _same(Policy, Case.municipality_id, Case.policy_id))
        .where(Case.id == case_id)
    ).one()
    municipality = session.scalars(select(Municipality).where(Municipality.id == municipality_of(session))).one()
    return AskedCase(
        case_id=case.id,
        lifecycle=case.lifecycle,
        period=case.period,
        state=case.state,
        opens_on=case.opens_on,
        due_on=case.due_on,
        due_source=case.due_source,
        meeting_on=case.meeting_on,
        holder=case.holder,
        body_id=body.id,
        body_name=body.name,
        body_kind=body.kind,
        policy_id=policy.id,
        policy_title=policy.title,
        owner_post_id=policy.owner_post_id,
        municipality_name=municipality.name,
        municipality_slug=municipality.slug,
        registrar=municipality.reply_to,
        chief_executive_title=municipality.chief_executive_title,
    )


def load_post_title(session: Session, post_id: str) -> str:
    """Return what the post is called; NoResultFound if it is not this municipality's."""
    return session.scalars(select(Post.title).where(Post.id == post_id)).one()


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


def count_links_since(session: Session, case_id: str, since: datetime) -> int:
    """Return how many links to a case were made from a moment on. Locks the case, so that two counts never overlap."""
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    query = select(func.count()).select_from(AnswerLink)
    return session.scalar(query.where(AnswerLink.case_id == case_id, AnswerLink.made_at >= since)) or 0


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
