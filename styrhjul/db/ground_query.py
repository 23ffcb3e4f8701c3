"""What a case rests on: its document by name, and each sentence with the place where it stands in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from styrhjul.db.answer_query import QuotedDuty
from styrhjul.db.case_model import Case, CaseDuty
from styrhjul.db.desk_query import OF_DUTY, OF_SOURCE
from styrhjul.db.model import Duty, DutyStatus, Edition, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A sentence with the number it has on its document's page, and what made it a duty, in Swedish."""

    duty: QuotedDuty
    number: int
    read_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """A document by name, with the sentences in the order of the text."""

    slug: str
    title: str
    sentences: tuple[Ground, ...]


def load_grounds(session: Session, case_id: str) -> Grounds | None:
    """Return what a case rests on; None where the law asks and no document does."""
    earlier = aliased(Duty)
    number = (
        select(func.count(earlier.id))
        .where(
            earlier.municipality_id == Duty.municipality_id,
            earlier.edition_id == Duty.edition_id,
            earlier.status != DutyStatus.REJECTED,
            (earlier.start < Duty.start) | ((earlier.start == Duty.start) & (earlier.id <= Duty.id)),
        )
        .correlate(Duty)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            *(Policy.slug, Policy.title.label("policy_title"), Duty.reason, number.label("number")),
            *(getattr(Duty, name) for name in OF_DUTY),
            *(getattr(Edition, name) for name in OF_SOURCE),
        )
        .select_from(Case)
        .join(Policy, (Policy.municipality_id == Case.municipality_id) & (Policy.id == Case.policy_id))
        .outerjoin(CaseDuty, (CaseDuty.municipality_id == Case.municipality_id) & (CaseDuty.case_id == Case.id))
        .outerjoin(Duty, (Duty.municipality_id == CaseDuty.municipality_id) & (Duty.id == CaseDuty.duty_id))
        .outerjoin(Edition, (Edition.municipality_id == Duty.municipality_id) & (Edition.id == Duty.edition_id))
        .where(Case.id == case_id)
        .order_by(Duty.start, Duty.id)
    ).all()
    if not rows:
        return None
    sentences = tuple(_ground(**row._asdict()) for row in rows if row.quote is not None)
    return Grounds(slug=rows[0].slug, title=rows[0].policy_title, sentences=sentences)


def _ground(*, slug: str, reason: str, number: int, **of_duty: Any) -> Ground:  # noqa: ANN401 - a row's columns
    del slug
    return Ground(duty=QuotedDuty(**of_duty), number=number, read_as=reason)
