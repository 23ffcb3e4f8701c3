"""Writing an answer: the answer itself, the case's move, and silence for everything that had not left yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from styrhjul.db.asked_query import AskedCase, LinkFacts
from styrhjul.db.case_model import Answer, Assessment, Case, Goal, SubjectKind
from styrhjul.db.course_model import Project
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER, cancel_open_notices
from styrhjul.db.model import new_id
from styrhjul.db.prepared import Addition, Change
from styrhjul.db.session import municipality_of
from styrhjul.db.wake import set_wakes, touch_cases
from styrhjul.domain import answer as domain
from styrhjul.domain.lifecycle import Event, State
from styrhjul.domain.moment import local_date

#: Why a notice that was on its way is not sent; Swedish.
ANSWERED = "Svaret har kommit in."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Which version of a case's answer this is, from which form, when it came, and from which office."""

    version: int
    form_id: str
    at: datetime
    by: str


def keep_answer(session: Session, link: LinkFacts, answer: domain.Answer, stamp: Stamp) -> str:
    """Insert the answer with its lists; return its id. The unique keys refuse a second same one.

    Action plans outlive their answer: `course_write.register` enters them.
    """
    answer_id = new_id()
    chosen = answer if isinstance(answer, domain.Chosen) else None
    revision = answer if isinstance(answer, domain.RevisionAnswer) else None
    row = {
        "id": answer_id,
        "case_id": link.case_id,
        "version": stamp.version,
        "form_id": stamp.form_id,
        "post_id": link.post_id,
        "submitted_at": stamp.at,
        "signed_by": answer.signed_by,
        "outcome": chosen.outcome if chosen else None,
        "comment": (chosen.comment or None) if chosen else None,
        "decided_on": answer.decided_on,
        "paragraph": answer.paragraph,
        "decided_by": revision.decided_by if revision else None,
        "diary_number": revision.diary_number if revision else None,
        "replaces": revision.replaces if revision else None,
    }
    _add(session, _ANSWERS, [row])
    _keep_parts(session, answer_id, answer)
    return answer_id


_ANSWERS, _GOALS, _ASSESSMENTS, _PROJECTS = (Addition(insert(table)) for table in (Answer, Goal, Assessment, Project))


def _add(session: Session, table: Addition, rows: Sequence[Mapping[str, object]]) -> None:
    table.make(session, [{"municipality_id": municipality_of(session), **row} for row in rows])


def move_case(session: Session, case: AskedCase, *, to: State, line: Line, at: datetime) -> None:
    """Move the case and write it down. Raises StaleDataError when somebody moved it since it was read."""
    # A changed answer leaves the state as it is, yet must raise the version.
    if not _MOVE.counted(session, asked_case=case.case_id, seen=case.version, new_state=to):
        raise StaleDataError(f"case {case.case_id} is no longer at version {case.version}")
    write_down(session, [line], at)


_MOVE = Change(
    update(Case)
    .where(Case.id == bindparam("asked_case"), Case.version == bindparam("seen"))
    .values({Case.state: bindparam("new_state", type_=Case.state.type), Case.version: Case.version + 1})
)


def silence(session: Session, case: AskedCase, *, event: Event, at: datetime) -> None:
    """Stop the ladder: cancel what has not begun to leave, and let the case sleep until the next round takes over.

    One that is only begun is woken.
    """
    if event is Event.BEGIN:
        touch_cases(session, [(case.case_id, case.lifecycle)], local_date(at))
        return
    set_wakes(session, case.lifecycle, [(SubjectKind.CASE, case.case_id, case.lapses_on)])
    cancel_open_notices(session, [case.case_id], ANSWERED, at, by=PLANNER)


def _keep_parts(session: Session, answer_id: str, answer: domain.Answer) -> None:
    match answer:
        case domain.GoalsAnswer(goals=goals):
            written = [goal for goal in goals if not goal.is_blank]
            _add(session, _GOALS, [_goal(answer_id, position, goal) for position, goal in enumerate(written, 1)])
        case domain.FollowUpAnswer(judgements=judged):
            rows = [_assessment(answer_id, position, each) for position, each in enumerate(judged, 1)]
            _add(session, _ASSESSMENTS, rows)
        case domain.ProjectsAnswer(outcome=domain.Projects.PROJECTS, projects=projects):
            named = [project for project in projects if not project.is_blank]
            _add(session, _PROJECTS, [_project(answer_id, position, each) for position, each in enumerate(named, 1)])


def _goal(answer_id: str, position: int, goal: domain.GoalText) -> dict[str, object]:
    return {
        "answer_id": answer_id,
        "position": position,
        "text": goal.text,
        "indicator": goal.indicator or None,
        "better": goal.better,
        "baseline": goal.baseline or None,
        "target": goal.target or None,
        "responsible": goal.responsible or None,
    }


def _project(answer_id: str, position: int, project: domain.ProjectText) -> dict[str, object]:
    return {
        "answer_id": answer_id,
        "position": position,
        "title": project.title,
        "responsible": project.responsible or None,
        "attainment": project.attainment,
        "analysis": project.analysis,
    }


def _assessment(answer_id: str, position: int, judgement: domain.Judgement) -> dict[str, object]:
    return {
        "answer_id": answer_id,
        "position": position,
        "goal_id": judgement.goal_id,
        "attainment": judgement.attainment,
        "result": judgement.result or None,
        "trend": judgement.trend,
        "analysis": judgement.analysis,
        "next_step": judgement.next_step or None,
    }
