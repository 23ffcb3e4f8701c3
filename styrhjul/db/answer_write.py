"""Writing an answer: the answer itself, the case's move, and silence for everything that had not left yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from styrhjul.db.answer_query import LinkFacts
from styrhjul.db.case_model import Answer, Assessment, Case, Goal, Notice, Wake
from styrhjul.db.journal import Line, write_down
from styrhjul.db.mail_model import Mail, MailItem, MailStatus
from styrhjul.db.model import new_id
from styrhjul.db.wake import touch_cases
from styrhjul.domain import answer as domain
from styrhjul.domain.facts import NoticeStatus
from styrhjul.domain.journal import EntryKind
from styrhjul.domain.lifecycle import Event, State
from styrhjul.domain.moment import local_date

#: Why a notice that was on its way is not sent; Swedish.
ANSWERED = "Svaret har kommit in."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Which version of a case's answer this is, from which form, and when it came."""

    version: int
    form_id: str
    at: datetime


def keep_answer(session: Session, link: LinkFacts, answer: domain.Answer, stamp: Stamp) -> str:
    """Insert the answer with its goals or judgements; return its id. The unique keys refuse a second same one."""
    answer_id = new_id()
    session.add(
        Answer(
            id=answer_id,
            case_id=link.case_id,
            version=stamp.version,
            form_id=stamp.form_id,
            post_id=link.post_id,
            submitted_at=stamp.at,
            signed_by=answer.signed_by,
            outcome=answer.outcome if isinstance(answer, domain.RevisionAnswer) else None,
            comment=answer.comment if isinstance(answer, domain.RevisionAnswer) else None,
            decided_on=answer.decided_on,
            paragraph=answer.paragraph,
        )
    )
    session.flush()  # goals and judgements point at it
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
    """Stop the ladder: cancel what has not begun to leave, and let the case sleep. One that is only begun is woken."""
    if event is Event.BEGIN:
        touch_cases(session, [(case_id, lifecycle)], local_date(at))
        return
    session.execute(delete(Wake).where(Wake.lifecycle == lifecycle, Wake.subject_id == case_id))
    _cancel_notices(session, case_id, at)


def _cancel_notices(session: Session, case_id: str, at: datetime) -> None:
    not_begun = (
        select(MailItem.notice_id)
        .join(Mail, (Mail.municipality_id == MailItem.municipality_id) & (Mail.id == MailItem.mail_id))
        .where(
            MailItem.case_id == case_id,
            MailItem.notice_id.is_not(None),
            Mail.status.in_([MailStatus.QUEUED, MailStatus.SENDING]),
            Mail.data_started_at.is_(None),
        )
    )
    cancelled = session.execute(
        update(Notice)
        .where(
            Notice.case_id == case_id,
            or_(
                Notice.status == NoticeStatus.PLANNED,
                (Notice.status == NoticeStatus.MAILED) & Notice.id.in_(not_begun),
            ),
        )
        .values(status=NoticeStatus.CANCELLED, reason=ANSWERED)
        .returning(Notice.rung, Notice.post_id, Notice.due_on)
        .execution_options(synchronize_session=False)
    ).all()
    lines = [
        Line(
            kind=EntryKind.NOTICE_CANCELLED,
            by="styrhjul",
            case_id=case_id,
            data={"rung": rung, "post": post_id, "due_on": due_on.isoformat(), "reason": ANSWERED},
        )
        for rung, post_id, due_on in sorted(cancelled)
    ]
    write_down(session, lines, at)


def _parts(answer_id: str, answer: domain.Answer) -> Iterator[Goal | Assessment]:
    match answer:
        case domain.GoalsAnswer(goals=goals):
            written = [goal for goal in goals if not goal.is_blank]
            yield from (_goal(answer_id, position, goal) for position, goal in enumerate(written, 1))
        case domain.FollowUpAnswer(judgements=judgements):
            yield from (_assessment(answer_id, position, each) for position, each in enumerate(judgements, 1))


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


def _assessment(answer_id: str, position: int, judgement: domain.Judgement) -> Assessment:
    return Assessment(
        answer_id=answer_id,
        position=position,
        goal_id=judgement.goal_id,
        attainment=judgement.attainment,
        analysis=judgement.analysis,
        next_step=judgement.next_step or None,
    )
