"""Writing an answer: the answer itself, the case's move, and silence for everything that had not left yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from styrhjul.db.asked_query import LinkFacts
from styrhjul.db.case_model import Answer, Assessment, Case, Goal, SubjectKind
from styrhjul.db.course_model import Project
from styrhjul.db.journal import Line, write_down
from styrhjul.db.ledger_write import PLANNER, cancel_open_notices
from styrhjul.db.model import new_id
from styrhjul.db.plan_write import set_wakes
from styrhjul.db.wake import touch_cases
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
    session.add(
        Answer(
            id=answer_id,
            case_id=link.case_id,
            version=stamp.version,
            form_id=stamp.form_id,
            post_id=link.post_id,
            submitted_at=stamp.at,
            signed_by=answer.signed_by,
            outcome=chosen.outcome if chosen else None,
            comment=(chosen.comment or None) if chosen else None,
            decided_on=answer.decided_on,
            paragraph=answer.paragraph,
            decided_by=revision.decided_by if revision else None,
            diary_number=revision.diary_number if revision else None,
            replaces=revision.replaces if revision else None,
        )
    )
    session.flush()  # its parts point at it
    session.add_all(_parts(answer_id, answer))
    return answer_id


def move_case(session: Session, case_id: str, *, to: State, line: Line, at: datetime) -> None:
    """Move the case and write it down. Raises StaleDataError when somebody moved it in between."""
    case = session.scalars(select(Case).where(Case.id == case_id)).one()
    case.state = to
    flag_modified(case, "state")  # a changed answer leaves the state as it is, yet must raise the version
    session.flush()
    write_down(session, [line], at)


def silence(session: Session, case_id: str, lifecycle: str, *, event: Event, at: datetime) -> None:
    """Stop the ladder: cancel what has not begun to leave, and let the case sleep until the next round takes over.

    One that is only begun is woken.
    """
    if event is Event.BEGIN:
        touch_cases(session, [(case_id, lifecycle)], local_date(at))
        return
    lapses_on = session.scalars(select(Case.lapses_on).where(Case.id == case_id)).one()
    set_wakes(session, lifecycle, [(SubjectKind.CASE, case_id, lapses_on)])
    cancel_open_notices(session, [case_id], ANSWERED, at, by=PLANNER)


def _parts(answer_id: str, answer: domain.Answer) -> Iterator[Goal | Assessment | Project]:
    match answer:
        case domain.GoalsAnswer(goals=goals):
            written = [goal for goal in goals if not goal.is_blank]
            yield from (_goal(answer_id, position, goal) for position, goal in enumerate(written, 1))
        case domain.FollowUpAnswer(judgements=judgements):
            yield from (_assessment(answer_id, position, each) for position, each in enumerate(judgements, 1))
        case domain.ProjectsAnswer(outcome=domain.Projects.PROJECTS, projects=projects):
            named = [project for project in projects if not project.is_blank]
            yield from (_project(answer_id, position, project) for position, project in enumerate(named, 1))


def _goal(answer_id: str, position: int, goal: domain.GoalText) -> Goal:
    return Goal(
        answer_id=answer_id,
        position=position,
        text=goal.text,
        indicator=goal.indicator or None,
        baseline=goal.baseline or None,
        target=goal.target or None,
        responsible=goal.responsible or None,
    )


def _project(answer_id: str, position: int, project: domain.ProjectText) -> Project:
    return Project(
        answer_id=answer_id,
        position=position,
        title=project.title,
        responsible=project.responsible or None,
        attainment=project.attainment,
        analysis=project.analysis,
    )


def _assessment(answer_id: str, position: int, judgement: domain.Judgement) -> Assessment:
    return Assessment(
        answer_id=answer_id,
        position=position,
        goal_id=judgement.goal_id,
        attainment=judgement.attainment,
        analysis=judgement.analysis,
        next_step=judgement.next_step or None,
    )
