"""Registering what an answer tells of, in its own transaction: action plans that are to be followed up, projects."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.answer_write import Stamp
from styrhjul.db.asked_query import AskedCase
from styrhjul.db.course_model import ActionPlan
from styrhjul.db.journal import Line, write_down
from styrhjul.db.model import new_id
from styrhjul.db.wake import touch_policies
from styrhjul.domain.answer import Answer, Planning, PlansAnswer, PlanText, Projects, ProjectsAnswer
from styrhjul.domain.journal import EntryKind, Value
from styrhjul.domain.moment import local_date
from styrhjul.domain.vocabulary import LifecycleKey


def register(session: Session, case: AskedCase, answer_id: str, answer: Answer, stamp: Stamp) -> None:
    """Enter what the answer names and journal what is new in it. Does nothing for an answer of another kind.

    The plans of an answer take the place of all that the body had in the policy: each version keeps rows of its own.
    """
    match answer:
        case PlansAnswer():
            _register_plans(session, case, answer_id, answer, stamp)
        case ProjectsAnswer(outcome=Projects.PROJECTS):
            titles = [project.title for project in answer.projects if not project.is_blank]
            lines = [_line(EntryKind.PROJECT_REGISTERED, case, answer_id, stamp, title=title) for title in titles]
            write_down(session, lines, stamp.at)
        case _:
            return


def _register_plans(session: Session, case: AskedCase, answer_id: str, answer: PlansAnswer, stamp: Stamp) -> None:
    """End the plans there were, enter those there are, and wake the policy: the plans that exist are followed up."""
    if case.policy_id is None:
        return
    today = local_date(stamp.at)
    known = _end_plans(session, case, today)
    named = [plan for plan in answer.plans if plan.is_named] if answer.outcome is Planning.PLANS else []
    for plan in named:
        since = known.get(plan.known_id or "", today)
        session.add(_plan(case, case.policy_id, answer_id, plan, since))
    session.flush()
    lines = [
        _line(
            EntryKind.PLAN_REGISTERED,
            case,
            answer_id,
            stamp,
            title=plan.title,
            responsible=plan.responsible or None,
            decided_on=plan.decided_on.isoformat() if plan.decided_on else None,
        )
        for plan in named
        if plan.known_id not in known
    ]
    write_down(session, lines, stamp.at)
    if named or known:
        touch_policies(session, [case.policy_id], [LifecycleKey.FOLLOW_UP], today)


def _end_plans(session: Session, case: AskedCase, today: date) -> dict[str, date]:
    """End the body's plans in the policy; return the day each was registered, by id."""
    found = session.scalars(
        select(ActionPlan)
        .where(
            ActionPlan.policy_id == case.policy_id, ActionPlan.body_id == case.body_id, ActionPlan.ended_on.is_(None)
        )
        .with_for_update()
    ).all()
    for plan in found:
        plan.ended_on = today
    return {plan.id: plan.registered_on for plan in found}


def _plan(case: AskedCase, policy_id: str, answer_id: str, plan: PlanText, since: date) -> ActionPlan:
    return ActionPlan(
        id=new_id(),
        policy_id=policy_id,
        body_id=case.body_id,
        answer_id=answer_id,
        title=plan.title,
        responsible=plan.responsible or None,
        decided_on=plan.decided_on,
        registered_on=since,
    )


def _line(kind: EntryKind, case: AskedCase, answer_id: str, stamp: Stamp, **data: Value) -> Line:
    return Line(kind=kind, by=stamp.by, case_id=case.case_id, data={"answer": answer_id, **data})
