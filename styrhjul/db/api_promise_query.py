"""Policies, editions, duties, cases, notices and the journal as other programs read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from styrhjul.db.api_page import Found, Place, found, same
from styrhjul.db.case_model import Answer, Case, CaseDuty, JournalEntry, Notice
from styrhjul.db.model import Duty, DutyBody, DutyStatus, Edition, Policy
from styrhjul.domain.lifecycle import State
from styrhjul.domain.vocabulary import LifecycleKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What is asked for: None = all."""

    id: str | None = None
    key: str | None = None
    policy_id: str | None = None
    edition_id: str | None = None
    organization_id: str | None = None
    case_id: str | None = None
    lifecycle: LifecycleKey | None = None
    state: State | None = None
    status: DutyStatus | None = None
    due_until: date | None = None


def policies(session: Session, asked: Promised, at: Place) -> Found:
    """Return policies, repealed ones too."""
    present = (
        select(Edition.id)
        .where(
            Edition.municipality_id == Policy.municipality_id,
            Edition.policy_id == Policy.id,
            Edition.superseded_on.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    names = ("title", "document_type", "adopted_by_id", "owner_post_id", "starts_on", "released_at", "repealed_on")
    query = select(
        Policy.id, Policy.slug.label("key"), *(getattr(Policy, name) for name in names), present.label("edition_id")
    )
    return found(session, query, Policy.id, at=at, where=same((Policy.id, asked.id), (Policy.slug, asked.key)))


def editions(session: Session, asked: Promised, at: Place, *, with_text: bool = False) -> Found:
    """Return texts of policies, those that were superseded too."""
    query = _all_of(Edition, "pages", *(() if with_text else ("text",)))
    where = same((Edition.id, asked.id), (Edition.policy_id, asked.policy_id))
    return found(session, query, Edition.id, at=at, where=where)


def duties(session: Session, asked: Promised, at: Place) -> Found:
    """Return duties of every edition, proposed and rejected ones too."""
    query = _all_of(Duty)
    where = same(
        *((Duty.id, asked.id), (Duty.policy_id, asked.policy_id), (Duty.edition_id, asked.edition_id)),
        (Duty.status, asked.status),
    )
    page = found(session, query, Duty.id, at=at, where=where)
    bound: dict[str, list[str]] = defaultdict(list)
    ids = [duty["id"] for duty in page.items]
    pairs = select(DutyBody.duty_id, DutyBody.body_id).where(DutyBody.duty_id.in_(ids)).order_by(DutyBody.body_id)
    for duty_id, body_id in session.execute(pairs):
        bound[duty_id].append(body_id)
    return Found(tuple({**duty, "organization_ids": bound[duty["id"]]} for duty in page.items), page.last)


def cases(session: Session, asked: Promised, at: Place) -> Found:
    """Return cases in any state."""
    version = (
        select(func.coalesce(func.max(Answer.version), 0))
        .where(Answer.municipality_id == Case.municipality_id, Answer.case_id == Case.id)
        .scalar_subquery()
    )
    query = _all_of(Case).add_columns(Case.body_id.label("organization_id"), version.label("answer_version"))
    where = same(
        *((Case.id, asked.id), (Case.policy_id, asked.policy_id), (Case.body_id, asked.organization_id)),
        *((Case.lifecycle, asked.lifecycle), (Case.state, asked.state)),
    )
    if asked.due_until is not None:
        where = [*where, Case.due_on <= asked.due_until]
    return found(session, query, Case.id, at=at, where=where)


def notices(session: Session, asked: Promised, at: Place) -> Found:
    """Return the ledger, of one case where one is named."""
    where = same((Notice.case_id, asked.case_id))
    return found(session, _all_of(Notice), Notice.id, at=at, where=where)


def journal(session: Session, asked: Promised, at: Place) -> Found:
    """Return the journal in the order it was written, of one case where one is named."""
    query, where = _all_of(JournalEntry), same((JournalEntry.case_id, asked.case_id))
    return found(session, query, JournalEntry.number, at=at, where=where)


def duties_of_case(session: Session, case_id: str) -> list[str]:
    """Return the duties that a case rests on."""
    query = select(CaseDuty.duty_id).where(CaseDuty.case_id == case_id).order_by(CaseDuty.duty_id)
    return list(session.scalars(query))


def _all_of(table: type[Any], *without: str) -> Any:  # noqa: ANN401 - a select
    """Return a query for a table's columns, those that are heavy left out."""
    return select(*(getattr(table, column.key) for column in inspect(table).column_attrs if column.key not in without))
