"""Who has been asked to answer in a chair's place, as the journal tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from styrhjul.db.case_model import JournalEntry
from styrhjul.db.prepared import Reading
from styrhjul.domain.journal import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """Somebody was asked once."""

    at: datetime
    form_id: str
    signed_by: str


def load_delegations(session: Session, case_id: str) -> tuple[Delegation, ...]:
    """Return everybody who was asked in a case, the first one first."""
    found = _DELEGATIONS.rows(session, case_id=case_id, kind=EntryKind.CASE_DELEGATED)
    return tuple(
        Delegation(
            at=row.at,
            form_id=str(row.data["form"]),
            signed_by=str(row.data["signed_by"]),
        )
        for row in found
    )


_DELEGATIONS = Reading(
    select(JournalEntry.at, JournalEntry.data)
    .where(JournalEntry.case_id == bindparam("case_id"), JournalEntry.kind == bindparam("kind"))
    .order_by(JournalEntry.number)
)
