"""What lies before the chief executive beside the cases themselves: their sentences and who was told when, in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from styrhjul.db.answer_query import QuotedDuty
from styrhjul.db.case_model import CaseDuty, Notice
from styrhjul.db.model import Body, Duty, Edition, Policy, Post
from styrhjul.db.office_query import office_name
from styrhjul.domain.facts import NoticeStatus

#: The columns of a sentence and of where it was decided, by the names of `QuotedDuty`.
OF_DUTY = ("quote", "modality", "action_kind", "recurrence", "deadline", "goal_min", "goal_max", "of_plans")
OF_SOURCE = ("adopted_by", "adopted_on", "paragraph", "diary_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStep:
    """A step that reached an office, for the due day that it spoke of; `office` names the body where many have one."""

    rung: str
    due_on: date
    on: date
    office: str


def quotes_by_case(session: Session, case_ids: Collection[str]) -> Mapping[str, list[QuotedDuty]]:
    """Return the sentences each of some cases rests on, in the order of the text."""
    rows = session.execute(
        select(
            CaseDuty.case_id,
            Policy.title.label("policy_title"),
            *(getattr(Duty, name) for name in OF_DUTY),
            *(getattr(Edition, name) for name in OF_SOURCE),
        )
        .join(CaseDuty, (CaseDuty.municipality_id == Duty.municipality_id) & (CaseDuty.duty_id == Duty.id))
        .join(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
        .join(Policy, (Policy.municipality_id == Duty.municipality_id) & (Policy.id == Duty.policy_id))
        .where(CaseDuty.case_id.in_(case_ids))
        .order_by(Duty.start, Duty.id)
    )
    found: dict[str, list[QuotedDuty]] = defaultdict(list)
    for row in rows:
        values = row._asdict()
        found[values.pop("case_id")].append(QuotedDuty(**values))
    return found


def steps_by_case(session: Session, case_ids: Collection[str]) -> Mapping[str, list[ToldStep]]:
    """Return the steps that have reached somebody, oldest first."""
    rows = session.execute(
        select(Notice, Post, Body.name)
        .join(Post, (Post.municipality_id == Notice.municipality_id) & (Post.id == Notice.post_id))
        .join(Body, (Body.municipality_id == Post.municipality_id) & (Body.id == Post.body_id))
        .where(Notice.case_id.in_(case_ids), Notice.status == NoticeStatus.DELIVERED)
        .order_by(Notice.planned_on, Notice.rung, Post.title)
    )
    found: dict[str, list[ToldStep]] = defaultdict(list)
    for notice, post, body_name in rows:
        on = notice.delivered_on or notice.planned_on
        step = ToldStep(rung=notice.rung, due_on=notice.due_on, on=on, office=office_name(post, body_name))
        found[notice.case_id].append(step)
    return found


def went_up_first(session: Session, rungs: Collection[str]) -> dict[str, date]:
    """Return the first day on which a step of these rungs reached somebody, by case."""
    rows = session.execute(
        select(Notice.case_id, Notice.delivered_on, Notice.planned_on)
        .where(Notice.rung.in_(rungs), Notice.status == NoticeStatus.DELIVERED)
        .order_by(Notice.planned_on.desc())
    )
    return {case_id: delivered_on or planned_on for case_id, delivered_on, planned_on in rows}
